/* Which files askwhy opens, which it refuses, and that what it refuses stays as it was. */
#include "story.h"

#include "store/copies.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static void run_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", text, why);
    sqlite3_close(db);
}

static void make_database(struct story *s)
{
    s->store = open_now(s, STORE_WRITE);
    store_close(g_steal_pointer(&s->store));
}

/* Refused in both modes, with this kind of error and words that help. */
static void assert_refused(struct story *s, enum store_error kind, const char *word)
{
    for (int mode = STORE_WRITE; mode <= STORE_READ; mode++) {
        g_autoptr(GError) error = NULL;
        assert_null(store_open(s->path, (enum store_mode)mode, &error));
        assert_non_null(error);
        if (!g_error_matches(error, STORE_ERROR, kind) || strstr(error->message, word) == NULL ||
            strstr(error->message, s->path) == NULL)
            fail_msg("mode %d: error %d: %s", mode, error->code, error->message);
    }
}

static char *contents_of(const char *path, gsize *size)
{
    char *data = NULL;
    assert_true(g_file_get_contents(path, &data, size, NULL));
    return data;
}

static void a_new_database_is_its_owners_alone(void **state)
{
    struct story *s = *state;
    mode_t mask = umask(022);
    s->store = open_now(s, STORE_WRITE);
    umask(mask);
    static const char *const files[] = {"", "-wal", "-shm", ".lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strconcat(s->path, files[i], NULL);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    assert_int_equal(store_schema(s->store) > 0, true);
    assert_null(store_integrity(s->store));
}

static void there_is_nothing_to_read_before_the_first_run(void **state)
{
    struct story *s = *state;
    g_autoptr(GError) error = NULL;
    assert_null(store_open(s->path, STORE_READ, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_READONLY));
    assert_false(g_file_test(s->path, G_FILE_TEST_EXISTS));

    assert_true(g_file_set_contents(s->path, "", 0, NULL));
    g_clear_error(&error);
    assert_null(store_open(s->path, STORE_READ, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_OLDER));
}

static void a_newer_database_is_refused_and_left_alone(void **state)
{
    struct story *s = *state;
    make_database(s);
    run_sql(s->path, "PRAGMA user_version = 9000");
    gsize before, after;
    g_autofree char *was = contents_of(s->path, &before);
    assert_refused(s, STORE_ERROR_NEWER, "newer askwhy");
    g_autofree char *is = contents_of(s->path, &after);
    assert_int_equal(before, after);
    assert_memory_equal(was, is, before);
}

static void another_programs_database_is_refused(void **state)
{
    struct story *s = *state;
    run_sql(s->path, "CREATE TABLE bookmark (id INTEGER)");
    assert_refused(s, STORE_ERROR_CORRUPT, "another program");
    /* One that numbers its schema as askwhy does, too. */
    run_sql(s->path, "PRAGMA user_version = 1");
    assert_refused(s, STORE_ERROR_CORRUPT, "another program");
}

static void a_file_that_is_no_database_is_refused_and_left_alone(void **state)
{
    struct story *s = *state;
    g_autofree char *letter = g_strnfill(4096, 'x');
    assert_true(g_file_set_contents(s->path, letter, 4096, NULL));
    assert_refused(s, STORE_ERROR_CORRUPT, "not a database");
    gsize size;
    g_autofree char *is = contents_of(s->path, &size);
    assert_int_equal(size, 4096);
    assert_memory_equal(is, letter, size);
}

static void damage_inside_is_found(void **state)
{
    struct story *s = *state;
    make_database(s);
    run_sql(s->path, "PRAGMA journal_mode = DELETE");
    gsize size;
    g_autofree char *data = contents_of(s->path, &size);
    assert_true(size > 20 * 4096);
    memset(data + 6 * 4096, 0xff, 4 * 4096);
    assert_true(g_file_set_contents(s->path, data, (gssize)size, NULL));

    struct store_contents contents;
    g_autoptr(GError) error = NULL;
    assert_false(store_examine(s->path, &contents, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_CORRUPT));
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
    struct story *s = *state;
    if (geteuid() == 0) {
        /* Root may write everywhere: a folder that is not there does as well. */
        g_free(s->path);
        s->path = beside(s, "missing/askwhy.db");
    } else {
        g_chmod(s->dir, 0500);
    }
    g_autoptr(GError) error = NULL;
    assert_null(store_open(s->path, STORE_WRITE, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_READONLY));
    assert_non_null(strstr(error->message, "writable by the user askwhy runs as"));
}

static void another_users_file_is_refused(void **state)
{
    struct story *s = *state;
    if (geteuid() != 0)
        skip();
    make_database(s);
    assert_int_equal(chown(s->path, 65534, 65534), 0);
    assert_refused(s, STORE_ERROR_READONLY, "belongs to user id 65534");
    g_autofree char *log = g_strconcat(s->path, "-wal", NULL);
    assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
}

static void one_askwhy_a_database(void **state)
{
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    g_autoptr(GError) error = NULL;
    assert_null(store_open(s->path, STORE_WRITE, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY));
    assert_non_null(strstr(error->message, "another askwhy is running"));
    /* Reading beside it is fine, and once it is gone the next may run. */
    store_close(open_now(s, STORE_READ));
    store_close(g_steal_pointer(&s->store));
    s->store = open_now(s, STORE_WRITE);
}

static void a_reader_changes_nothing(void **state)
{
    struct story *s = *state;
    make_database(s);
    s->store = open_now(s, STORE_READ);
    assert_int_equal(store_person(s->store, "slack", "T1", "U1", NULL), 0);
    assert_true(g_error_matches(store_failed(s->store), STORE_ERROR, STORE_ERROR_READONLY));
}

/* ---- copies ---- */

static void raise_one(struct story *s, const char *title)
{
    assert_true(store_begin(s->store));
    raise_ask(s, place(s, "product", CHANNEL_PUBLIC), person(s, "U1"), person(s, "U1"), 0, 0, title);
    assert_true(store_commit(s->store));
}

static struct store_contents examined(const char *path)
{
    g_autoptr(GError) error = NULL;
    struct store_contents contents;
    if (!store_examine(path, &contents, &error))
        fail_msg("%s", error->message);
    return contents;
}

static void a_copy_is_made_while_askwhy_writes(void **state)
{
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    raise_one(s, "SSO");
    struct store *reader = open_now(s, STORE_READ);
    g_autofree char *to = beside(s, "copy.db");
    g_autoptr(GError) error = NULL;
    assert_true(store_begin(s->store));
    assert_true(store_copy(reader, to, &error));
    assert_int_equal(examined(to).asks, 1);
    struct stat status;
    assert_int_equal(stat(to, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    /* All of it is in the one file. */
    g_autofree char *log = g_strconcat(to, "-wal", NULL);
    assert_false(g_file_test(log, G_FILE_TEST_EXISTS));

    assert_false(store_copy(reader, to, &error));
    assert_non_null(strstr(error->message, "is there already"));
    store_close(reader);
}

static void a_replaced_database_stands_beside_the_new_one_whole(void **state)
{
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    raise_one(s, "SSO");
    g_autofree char *backup = beside(s, "backup.db");
    g_autoptr(GError) error = NULL;
    struct store *reader = open_now(s, STORE_READ);
    assert_true(store_copy(reader, backup, &error));
    store_close(reader);
    raise_one(s, "Dark mode"); /* stands in the write-ahead log alone */
    store_close(g_steal_pointer(&s->store));

    g_autofree char *kept = NULL;
    assert_true(store_replace(s->path, backup, &kept, &error));
    assert_int_equal(examined(s->path).asks, 1);
    assert_int_equal(examined(kept).asks, 2);
    assert_int_equal(examined(backup).asks, 1);

    g_autofree char *kept_too = NULL;
    assert_true(store_replace(s->path, kept, &kept_too, &error));
    assert_string_not_equal(kept, kept_too);
    s->store = open_now(s, STORE_WRITE);
    assert_int_equal(store_next_number(s->store), 3);
}

static void what_a_killed_askwhy_left_in_its_log_is_kept_too(void **state)
{
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    raise_one(s, "SSO");
    /* As it stands when the process is killed: the file, and the write-ahead log beside it. */
    g_autofree char *killed = beside(s, "killed.db"), *killed_log = beside(s, "killed.db-wal");
    g_autofree char *log = g_strconcat(s->path, "-wal", NULL);
    gsize size, log_size;
    g_autofree char *data = contents_of(s->path, &size), *log_data = contents_of(log, &log_size);
    assert_true(g_file_set_contents(killed, data, (gssize)size, NULL));
    assert_true(g_file_set_contents(killed_log, log_data, (gssize)log_size, NULL));
    g_autofree char *backup = beside(s, "backup.db"), *kept = NULL;
    g_autoptr(GError) error = NULL;
    assert_true(store_copy(s->store, backup, &error));

    assert_true(store_replace(killed, backup, &kept, &error));
    assert_false(g_file_test(killed_log, G_FILE_TEST_EXISTS));
    g_autofree char *kept_log = g_strconcat(kept, "-wal", NULL);
    assert_false(g_file_test(kept_log, G_FILE_TEST_EXISTS)); /* all is in the one file */
    assert_int_equal(examined(kept).asks, 1);
    assert_int_equal(examined(killed).asks, 1);
}

static void a_damaged_database_can_be_replaced_and_is_kept(void **state)
{
    struct story *s = *state;
    make_database(s);
    g_autofree char *backup = beside(s, "backup.db"), *kept = NULL;
    assert_int_equal(g_rename(s->path, backup), 0);
    assert_true(g_file_set_contents(s->path, "rubbish", -1, NULL));
    g_autoptr(GError) error = NULL;
    assert_true(store_replace(s->path, backup, &kept, &error));
    gsize size;
    g_autofree char *was = contents_of(kept, &size);
    assert_string_equal(was, "rubbish");
    assert_int_equal(examined(s->path).asks, 0);
}

static void what_is_no_backup_replaces_nothing(void **state)
{
    struct story *s = *state;
    make_database(s);
    g_autofree char *letter = beside(s, "letter"), *kept = NULL;
    assert_true(g_file_set_contents(letter, "rubbish, and not a little of it", -1, NULL));
    g_autoptr(GError) error = NULL;
    assert_false(store_replace(s->path, letter, &kept, &error));
    assert_null(kept);
    assert_int_equal(examined(s->path).asks, 0);
    g_autofree char *draft = g_strconcat(s->path, ".part", NULL);
    assert_false(g_file_test(draft, G_FILE_TEST_EXISTS));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_new_database_is_its_owners_alone),
        STORY(there_is_nothing_to_read_before_the_first_run),
        STORY(a_newer_database_is_refused_and_left_alone),
        STORY(another_programs_database_is_refused),
        STORY(a_file_that_is_no_database_is_refused_and_left_alone),
        STORY(damage_inside_is_found),
        STORY(a_folder_that_cannot_be_written_is_said),
        STORY(another_users_file_is_refused),
        STORY(one_askwhy_a_database),
        STORY(a_reader_changes_nothing),
        STORY(a_copy_is_made_while_askwhy_writes),
        STORY(a_replaced_database_stands_beside_the_new_one_whole),
        STORY(what_a_killed_askwhy_left_in_its_log_is_kept_too),
        STORY(a_damaged_database_can_be_replaced_and_is_kept),
        STORY(what_is_no_backup_replaces_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
