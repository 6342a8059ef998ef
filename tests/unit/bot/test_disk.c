/* A disk that fails at any one call, or from it on: what was acknowledged is there, what was refused is not, and
 * once the disk is well so is the bot. */
#include "disk.h"

/* True while there was a call to fail. */
static bool a_run(enum fault kind, int after, bool lasting)
{
    g_autofree char *where = g_strdup_printf("%s %d fails%s", fault_names[kind], after, lasting ? " and all later" : "");
    struct story *s = story_begins(where);
    command(s, "A", "Add SSO for Acme");
    settle(s);
    store_checkpoint(s->store);
    store_rest(s->store);

    disk_will_fail(kind, after, lasting);
    say_it(s, "C1");
    say_it(s, "C2");
    say_it(s, "R1");
    say_it(s, "F1");
    batch(s);
    batch(s);
    store_checkpoint(s->store);
    say_it(s, "C3");
    say_it(s, "M1");
    batch(s);
    batch(s);
    store_checkpoint(s->store);
    bool failed = disk.failed > 0;
    disk_is_well();

    command(s, "Z", "Works again");
    settle(s);
    if (s->waited_ms > 2000)
        fail_msg("%s: afterwards what was raised waited %d ms to be found", s->where, s->waited_ms);
    /* What nobody acknowledged is brought again; platforms do that more than once. */
    for (int times = 0; times < 2; times++) {
        for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
            if (g_hash_table_lookup(s->told, said[i].envelope) == NULL)
                say_it(s, said[i].envelope);
        settle(s);
    }
    const char *told = g_hash_table_lookup(s->told, "Z");
    if (told == NULL || !g_str_has_prefix(told, "Raised as #"))
        fail_msg("%s: afterwards \"%s\"", s->where, told);
    assert_shown(s);
    stop(s);
    assert_sound(s);
    story_ends(s);
    return failed;
}

/* One call of each run fails: the first, then later ones, until a run has no such call. To go through every single
 * one takes a minute; ASKWHY_TEST_EVERY_CALL does. */
static void until_nothing_fails(enum fault kind, int from, int step, int lasting_step)
{
    if (every_call())
        from = 0, step = lasting_step = 1;
    int runs = 0;
    for (int after = from; a_run(kind, after, false); after += step)
        runs++;
    for (int after = from; a_run(kind, after, true); after += lasting_step)
        runs++;
    assert_true(runs > 2);
}

/* ---- Stories ---- */

static void a_write_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_WRITE, 0, 9, 30);
}

static void the_disk_is_full(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_NO_ROOM, 4, 9, 30);
}

static void a_write_ends_halfway(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_SHORT_WRITE, 7, 9, 30);
}

static void a_sync_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_SYNC, 0, 1, 1);
}

static void a_read_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_READ, 0, 6, 8);
}

static void a_truncation_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_TRUNCATE, 0, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_fails),        cmocka_unit_test(the_disk_is_full), cmocka_unit_test(a_write_ends_halfway),
        cmocka_unit_test(a_sync_fails),         cmocka_unit_test(a_read_fails),     cmocka_unit_test(a_truncation_fails),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
