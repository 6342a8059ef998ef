/* A call to the disk fails, and later power is lost: what was acknowledged is there. What a sync that failed should have
 * written is gone for good, also when the next sync succeeds. */
#include "disk.h"

/* Integrity of what is left, and what of it people were told. */
static void assert_left(struct story *s, const char *when)
{
    g_autofree char *left = g_dir_make_tmp("askwhy-left-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(left, "askwhy.db", NULL);
    g_autoptr(GError) error = NULL;
    disk_loses_power(s->path, left);
    bool armed = disk.armed;
    disk.armed = false;
    struct store *store = store_open(path, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s, power lost %s: does not open: %s", s->where, when, error->message);
    g_autofree char *damage = store_integrity(store);
    g_autofree char *differences = store_check_rebuild(store, &error);
    if (damage != NULL || differences != NULL || error != NULL)
        fail_msg("%s, power lost %s: %s %s %s", s->where, when, damage, differences, error != NULL ? error->message : "");
    sqlite3_exec(store->db, "INSERT INTO ask_text (ask_text) VALUES ('integrity-check')", NULL, NULL, NULL);
    if (sqlite3_errcode(store->db) != SQLITE_OK)
        fail_msg("%s, power lost %s: the index for searching: %s", s->where, when, sqlite3_errmsg(store->db));
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        const char *told = g_hash_table_lookup(s->told, said[i].envelope);
        int stands = kept(store, said[i].words);
        bool promised = told != NULL && !refused(s, said[i].envelope);
        if (stands > 1 || (promised && stands != 1))
            fail_msg("%s, power lost %s: \"%s\" was answered \"%s\" and stands %d times", s->where, when, said[i].words, told,
                     stands);
    }
    store_close(store);
    remove_folder(left);
    disk.armed = armed;
}

/* True while there was a call to fail. */
static bool a_run(enum fault kind, int after, bool lasting)
{
    g_autofree char *where = g_strdup_printf("%s %d fails%s%s", fault_names[kind], after, lasting ? " and all later" : "",
                                             disk.torn ? ", half of it done" : "");
    disk_remembers();
    struct story *s = story_begins(where);
    command(s, "A", "Add SSO for Acme");
    settle(s);
    store_checkpoint(s->store);
    store_rest(s->store);

    disk_will_fail(kind, after, lasting);
    say_it(s, "C1");
    say_it(s, "C2");
    say_it(s, "R1");
    batch(s);
    assert_left(s, "after the first batch");
    say_it(s, "F1");
    batch(s);
    assert_left(s, "after the second batch");
    store_checkpoint(s->store);
    assert_left(s, "after the checkpoint");
    say_it(s, "C3");
    say_it(s, "M1");
    batch(s);
    assert_left(s, "after the third batch");
    store_checkpoint(s->store);
    bool failed = disk.failed > 0;
    disk_is_well();
    command(s, "Z", "Works again");
    settle(s);
    assert_left(s, "when all was well again");
    store_checkpoint(s->store);
    assert_left(s, "after the last checkpoint");
    stop(s);
    story_ends(s);
    disk_forgets();
    return failed;
}

static void until_nothing_fails(enum fault kind, int step)
{
    int runs = 0;
    for (int after = 0; a_run(kind, after, false); after += every_call() ? 1 : step)
        runs++;
    for (int after = 0; a_run(kind, after, true); after += every_call() ? 1 : 2 * step)
        runs++;
    assert_true(runs > 1);
}

static void a_sync_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_SYNC, 1);
}

static void a_sync_fails_halfway(void **state)
{
    (void)state;
    disk.torn = true;
    until_nothing_fails(FAULT_SYNC, 1);
    disk.torn = false;
}

static void a_write_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_WRITE, 60);
}

static void the_disk_is_full(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_NO_ROOM, 60);
}

static void a_write_ends_halfway(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_SHORT_WRITE, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sync_fails),     cmocka_unit_test(a_sync_fails_halfway), cmocka_unit_test(a_write_fails),
        cmocka_unit_test(the_disk_is_full), cmocka_unit_test(a_write_ends_halfway),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
