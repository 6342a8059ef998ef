/* Random lives of a whole company (world.h): everything that can be typed, pressed and sent, by anybody, anywhere, while
 * days pass and people come and go. Nothing is foretold; what must hold always (holds.h, looking.h) is looked at after
 * each step, and at the end all is derived anew from the log.
 *
 * MODEL_LIVES: how many; MODEL_SEED: the first. A life that fails is shortened and told as what people did.
 */
#include "moves.h"
#include "shorten.h"

#include "store/apply.h"

#include <stdio.h>

enum { MOVES_MAX = 140 };

static GHashTable *kinds_seen;

static char *play(const void *moves, int n)
{
    const guint32 *seeds = moves;
    struct world w;
    world_begin(&w);
    w.kinds = kinds_seen;
    for (int i = 0; i < n && w.wrong == NULL; i++)
        play_move(&w, seeds[i]);
    if (w.wrong == NULL)
        time_passes(&w, HOUR_MS);
    if (w.wrong == NULL)
        check_forgotten(&w);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = w.wrong == NULL ? store_check_rebuild(w.s->store, &error) : NULL;
    if (differences != NULL || error != NULL)
        wrong(&w, "derived anew from the log: %s", differences != NULL ? differences : error->message);
    char *what = w.wrong != NULL ? g_strconcat(w.told->str, w.wrong, NULL) : NULL;
    world_end(&w);
    return what;
}

/* So many lives leave no kind of entry out. */
static void check_kinds(void)
{
    static const struct applier *const rooms[] = {ask_appliers,     life_appliers,    detail_appliers,  question_appliers,
                                                  aim_appliers,     outcome_appliers, setting_appliers, trade_appliers};
    static const char *const elsewhere[] = {"ask.renamed", "channel.language", "group.function", "group.known", NULL};
    for (gsize room = 0; room < G_N_ELEMENTS(rooms); room++) {
        for (const struct applier *applier = rooms[room]; applier->kind != NULL; applier++) {
            if (!g_hash_table_contains(kinds_seen, applier->kind) && !g_strv_contains(elsewhere, applier->kind))
                fail_msg("no life led to an entry %s: a move is missing", applier->kind);
        }
    }
}

static void nothing_that_must_hold_breaks(void **state)
{
    (void)state;
    guint32 first = number_from("MODEL_SEED", 1), lives = number_from("MODEL_LIVES", 8);
    kinds_seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
    if (lives >= 500)
        check_kinds();
    g_hash_table_unref(kinds_seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_must_hold_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
