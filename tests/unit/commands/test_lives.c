/* Random lives of a whole company (world.h): everything that can be typed, pressed and sent, by anybody, anywhere, while
 * days pass and people come and go. Nothing is foretold; what must hold always (holds.h, looking.h) is looked at after
 * each step, and at the end all is derived anew from the log.
 *
 * MODEL_LIVES: how many; MODEL_SEED: the first. A life that fails is shortened and told as what people did.
 */
#include "moves.h"
#include "shorten.h"

#include <stdio.h>

enum { MOVES_MAX = 140 };

static char *play(const void *moves, int n)
{
    const guint32 *seeds = moves;
    struct world w;
    world_begin(&w);
    for (int i = 0; i < n && w.wrong == NULL; i++)
        play_move(&w, seeds[i]);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = w.wrong == NULL ? store_check_rebuild(w.s->store, &error) : NULL;
    if (differences != NULL || error != NULL)
        wrong(&w, "derived anew from the log: %s", differences != NULL ? differences : error->message);
    char *what = w.wrong != NULL ? g_strconcat(w.told->str, w.wrong, NULL) : NULL;
    world_end(&w);
    return what;
}

static void nothing_that_must_hold_breaks(void **state)
{
    (void)state;
    guint32 first = number_from("MODEL_SEED", 1), lives = number_from("MODEL_LIVES", 8);
    for (guint32 seed = first; seed < first + lives; seed++) {
        GRand *rand = g_rand_new_with_seed(seed);
        guint32 moves[MOVES_MAX];
        int n = g_rand_int_range(rand, 30, MOVES_MAX + 1);
        for (int i = 0; i < n; i++)
            moves[i] = g_rand_int(rand);
        g_rand_free(rand);
        char *what = play(moves, n);
        if (what == NULL)
            continue;
        what = shorten(moves, sizeof *moves, &n, what, play);
        fprintf(stderr, "MODEL_SEED=%u, shortened:\n%s\n", seed, what); /* longer than print_error() takes */
        g_free(what);
        fail();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_must_hold_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
