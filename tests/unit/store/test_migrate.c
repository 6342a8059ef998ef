/* An older database is brought up to date, after a copy of it was set aside. The schemas here are the story's own. */
#include "story.h"

#include "bot/base/embed.h"
#include "store/copies.h"

#include <sqlite3.h>

#define FIRST                                                                                                 \
    "CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER, ask INTEGER); CREATE TABLE words (id INTEGER PRIMARY KEY);" \
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY); CREATE TABLE ask (number INTEGER PRIMARY KEY);"            \
    "CREATE TABLE indexed (upto INTEGER NOT NULL, untidy INTEGER NOT NULL); INSERT INTO indexed VALUES (0, 0);"
#define SECOND "CREATE TABLE goal (id INTEGER PRIMARY KEY); ALTER TABLE ask ADD COLUMN goal INTEGER;"

const struct embedded_file schema_files[] = {
    {"001.sql", FIRST, sizeof FIRST - 1},
    {"002.sql", SECOND, sizeof SECOND - 1},
    {NULL, NULL, 0},
};

static void run_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int64_t number_in(const char *path, const char *query)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
    return number;
}

static void an_older_database_is_copied_then_brought_up_to_date(void **state)
{
    struct story *s = *state;
    run_sql(s->path, FIRST "PRAGMA user_version = 1; INSERT INTO ask (number) VALUES (7)");
    s->store = open_now(s, STORE_WRITE);
    assert_int_equal(store_schema(s->store), 2);
    store_close(g_steal_pointer(&s->store));
    assert_int_equal(number_in(s->path, "SELECT number FROM ask WHERE goal IS NULL"), 7);

    g_autofree char *copy = beside(s, "askwhy.db.before-2");
    assert_int_equal(number_in(copy, "PRAGMA user_version"), 1);
    assert_int_equal(number_in(copy, "SELECT number FROM ask"), 7);
}

static void a_new_database_gets_all_schemas_and_needs_no_copy(void **state)
{
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    assert_int_equal(store_schema(s->store), 2);
    g_autofree char *copy = beside(s, "askwhy.db.before-2");
    assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
}

static void a_step_that_fails_leaves_the_database_as_it_was(void **state)
{
    struct story *s = *state;
    /* The second statement of the step cannot work: the first must not stay. */
    run_sql(s->path, FIRST "PRAGMA user_version = 1; ALTER TABLE ask ADD COLUMN goal TEXT");
    g_autoptr(GError) error = NULL;
    assert_null(store_open(s->path, STORE_WRITE, &error));
    assert_non_null(strstr(error->message, "002.sql"));
    assert_int_equal(number_in(s->path, "PRAGMA user_version"), 1);
    assert_int_equal(number_in(s->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'goal'"), 0);
}

static void a_reader_says_that_it_is_older(void **state)
{
    struct story *s = *state;
    run_sql(s->path, FIRST "PRAGMA user_version = 1");
    g_autoptr(GError) error = NULL;
    assert_null(store_open(s->path, STORE_READ, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_OLDER));
    assert_int_equal(number_in(s->path, "PRAGMA user_version"), 1);
}

static void a_backup_of_an_older_schema_can_be_restored(void **state)
{
    struct story *s = *state;
    g_autofree char *backup = beside(s, "backup.db"), *kept = NULL;
    run_sql(backup, FIRST "PRAGMA user_version = 1; INSERT INTO ask (number) VALUES (7)");
    g_autoptr(GError) error = NULL;
    assert_true(store_replace(s->path, backup, &kept, &error));
    assert_null(kept);
    s->store = open_now(s, STORE_WRITE);
    assert_int_equal(store_schema(s->store), 2);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_older_database_is_copied_then_brought_up_to_date),
        STORY(a_new_database_gets_all_schemas_and_needs_no_copy),
        STORY(a_step_that_fails_leaves_the_database_as_it_was),
        STORY(a_reader_says_that_it_is_older),
        STORY(a_backup_of_an_older_schema_can_be_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
