/* The disk fails while a database is made, taken over after a crash, or brought up to date: it opens or says why not,
 * and nothing is lost; once the disk is well it opens. The schemas here are the story's own. */
#include "faulty.h"

#include "bot/base/embed.h"
#include "bot/base/log.h"
#include "store/sql.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FIRST                                                                                                         \
    "CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER, ask INTEGER); CREATE TABLE words (id INTEGER PRIMARY KEY);" \
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY); CREATE TABLE ask (number INTEGER PRIMARY KEY);"                    \
    "CREATE TABLE indexed (upto INTEGER NOT NULL, untidy INTEGER NOT NULL); INSERT INTO indexed VALUES (0, 0);"
#define SECOND "CREATE TABLE goal (id INTEGER PRIMARY KEY); ALTER TABLE ask ADD COLUMN goal INTEGER;"

const struct embedded_file schema_files[] = {
    {"001.sql", FIRST, sizeof FIRST - 1},
    {"002.sql", SECOND, sizeof SECOND - 1},
    {NULL, NULL, 0},
};

static const char *const fault_names[FAULTS] = {"write", "no room", "short write", "sync", "read", "truncate", "open"};

/* What is there before. */
enum before { NOTHING, OLDER, CRASHED };
static const char *const before_names[] = {"a new database", "an older one", "one after a crash"};

static char *dir, *path;
static int disk_runs;

static int begin(void **state)
{
    (void)state;
    log_set_level(LOG_WARNING);
    disk_begins();
    dir = g_dir_make_tmp("askwhy-disk-XXXXXX", NULL);
    path = g_build_filename(dir, "askwhy.db", NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    disk_ends();
    log_set_level(LOG_INFO);
    print_message("disk: %d runs, %d calls failed\n", disk_runs, (int)disk.all_failed);
    remove_folder(dir);
    g_free(dir);
    g_free(path);
    return 0;
}

/* A database in use when the power went: seven asks are in it, some only in its write-ahead log. */
static void set_out(enum before before)
{
    disk_remembers();
    if (before == NOTHING)
        return;
    g_autofree char *elsewhere = g_dir_make_tmp("askwhy-was-XXXXXX", NULL);
    g_autofree char *was = g_build_filename(elsewhere, "askwhy.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(was, &db), SQLITE_OK);
    const char *texts[] = {"PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;", FIRST "PRAGMA user_version = 1;",
                           "INSERT INTO ask (number) VALUES (1), (2), (3), (4); PRAGMA wal_checkpoint;",
                           before == CRASHED ? SECOND "PRAGMA user_version = 2;" : "",
                           "INSERT INTO ask (number) VALUES (5), (6), (7)"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_int_equal(sqlite3_exec(db, texts[i], NULL, NULL, NULL), SQLITE_OK);
    disk_loses_power(was, dir);
    sqlite3_close(db);
    remove_folder(elsewhere);
    g_chmod(path, 0600);
}

static void assert_well(const char *which, enum before before, const char *what)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(which, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s: does not open any more: %s", what, error->message);
    g_autofree char *damage = store_integrity(store);
    int asks = (int)sql_number(store, "SELECT count(*) FROM ask", "");
    if (damage != NULL || asks != (before == NOTHING ? 0 : 7) || store_schema(store) != 2)
        fail_msg("%s: %d asks, schema %d, %s", what, asks, store_schema(store), damage != NULL ? damage : "undamaged");
    store_close(store);
}

/* What was set aside, whole, before the database was changed. */
static void assert_copied(const char *folder, const char *what)
{
    g_autofree char *copy = g_build_filename(folder, "askwhy.db.before-2", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, "SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM ask", -1, &row, NULL) !=
            SQLITE_OK || sqlite3_step(row) != SQLITE_ROW || sqlite3_column_int(row, 0) != 7 || sqlite3_column_int(row, 1) != 1)
        fail_msg("%s: the copy is none: %s", what, sqlite3_errmsg(db));
    sqlite3_finalize(row);
    sqlite3_close(db);
}

static void assert_power_can_go(enum before before, bool opened, const char *what)
{
    g_autofree char *left = g_dir_make_tmp("askwhy-left-XXXXXX", NULL);
    g_autofree char *into = g_build_filename(left, "askwhy.db", NULL);
    disk_loses_power(path, left);
    if (opened && before == OLDER)
        assert_copied(left, what);
    assert_well(into, before, what);
    remove_folder(left);
}

static bool a_run(enum before before, enum fault kind, int after, bool lasting)
{
    g_autofree char *what = g_strdup_printf("%s: %s %d fails%s", before_names[before], fault_names[kind], after,
                                            lasting ? " and all later" : "");
    disk_runs++;
    set_out(before);
    disk_will_fail(kind, after, lasting);
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    if ((store == NULL) != (error != NULL))
        fail_msg("%s: opened without a store, or failed without a word", what);
    if (error != NULL && strstr(error->message, dir) == NULL)
        fail_msg("%s: which file it is does not stand in \"%s\"", what, error->message);
    bool opened = store != NULL, failed = disk.failed > 0;
    disk_is_well();
    assert_power_can_go(before, opened, what);
    store_close(store);
    assert_well(path, before, what);
    if (before == OLDER)
        assert_copied(dir, what);
    disk_forgets();
    empty_folder(dir);
    return failed;
}

static void until_nothing_fails(enum before before)
{
    for (enum fault kind = 0; kind < FAULTS; kind++) {
        for (int lasting = 0; lasting < 2; lasting++) {
            for (int after = 0; a_run(before, kind, after, lasting == 1); after++)
                continue;
        }
    }
}

static void a_new_database_opens_or_says_why_not(void **state)
{
    (void)state;
    until_nothing_fails(NOTHING);
}

static void one_left_by_a_crash_opens_or_says_why_not(void **state)
{
    (void)state;
    until_nothing_fails(CRASHED);
}

static void an_older_one_is_brought_up_to_date_or_stays_as_it_was(void **state)
{
    (void)state;
    until_nothing_fails(OLDER);
}

static void a_reader_opens_or_says_why_not(void **state)
{
    (void)state;
    static const enum fault kinds[] = {FAULT_OPEN, FAULT_READ};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        bool failed = true;
        for (int after = 0; failed; after++) {
            disk_runs++;
            set_out(CRASHED);
            disk_will_fail(kinds[i], after, false);
            g_autoptr(GError) error = NULL;
            struct store *store = store_open(path, STORE_READ, &error);
            failed = disk.failed > 0;
            disk_is_well();
            assert_true((store == NULL) == (error != NULL));
            store_close(store);
            assert_well(path, CRASHED, "after a reader");
            disk_forgets();
            empty_folder(dir);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_database_opens_or_says_why_not),
        cmocka_unit_test(one_left_by_a_crash_opens_or_says_why_not),
        cmocka_unit_test(an_older_one_is_brought_up_to_date_or_stays_as_it_was),
        cmocka_unit_test(a_reader_opens_or_says_why_not),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
