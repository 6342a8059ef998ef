/* askwhy backup and askwhy restore, as an operator types them. */
#include "terminal.h"

#include "store/copies.h"

static char *backup;

static int begin_here(void **state)
{
    begin(state);
    backup = g_build_filename(((struct story *)*state)->dir, "backup.db", NULL);
    return 0;
}

static int end_here(void **state)
{
    g_clear_pointer(&backup, g_free);
    return end(state);
}

static struct store *bot(struct story *s)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static void raise_one(struct story *s, struct store *running)
{
    struct store *store = running != NULL ? running : bot(s);
    store_begin(store);
    struct log_entry entry = {.at = 1795348800000,
                              .kind = "ask.raised",
                              .actor = 1,
                              .person = 1,
                              .channel = 1,
                              .ask = store_next_number(store),
                              .words = "Add SSO for Acme",
                              .state = "waiting"};
    store_append(store, &entry);
    assert_true(store_commit(store));
    if (running == NULL)
        store_close(store);
}

static int asks_in(const char *path)
{
    struct store_contents contents;
    g_autoptr(GError) error = NULL;
    if (!store_examine(path, &contents, &error))
        fail_msg("%s", error->message);
    return (int)contents.asks;
}

static void a_backup_is_made_while_the_bot_runs_and_overwrites_nothing(void **state)
{
    struct story *s = *state;
    struct store *running = bot(s);
    raise_one(s, running);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_DONE);
    assert_said(s, "sound");
    assert_int_equal(asks_in(backup), 1);
    raise_one(s, running);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_FAILED);
    assert_said(s, backup);
    assert_said(s, "is there already");
    assert_int_equal(asks_in(backup), 1);
    store_close(running);
}

static void without_a_database_there_is_nothing_to_back_up(void **state)
{
    struct story *s = *state;
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_FAILED);
    assert_said(s, s->path);
    assert_false(g_file_test(backup, G_FILE_TEST_EXISTS));
    assert_int_equal(type(s, cli_backup, NULL), EXIT_USAGE);
}

static void a_backup_is_restored_where_nothing_is(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_DONE);
    g_unlink(s->path);
    assert_int_equal(type(s, cli_restore, backup, NULL), EXIT_DONE);
    assert_said(s, "restored");
    assert_int_equal(asks_in(s->path), 1);
}

static void nothing_is_restored_under_a_running_bot(void **state)
{
    struct story *s = *state;
    struct store *running = bot(s);
    raise_one(s, running);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_DONE);
    assert_int_equal(type(s, cli_restore, backup, NULL), EXIT_FAILED);
    assert_said(s, "another askwhy is running");
    raise_one(s, running);
    store_close(running);
    assert_int_equal(asks_in(s->path), 2);
}

static void what_would_be_lost_is_said_first_and_kept_after(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_DONE);
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_restore, backup, NULL), EXIT_FAILED);
    assert_said(s, "would lose");
    assert_said(s, "--force");
    assert_int_equal(asks_in(s->path), 2);

    assert_int_equal(type(s, cli_restore, "--force", backup, NULL), EXIT_DONE);
    assert_int_equal(asks_in(s->path), 1);
    g_autofree char *kept = g_strconcat(s->path, ".before-restore", NULL);
    assert_said(s, kept);
    assert_int_equal(asks_in(kept), 2);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, backup, NULL), EXIT_DONE);
    g_unlink(s->path);
    assert_int_equal(type(s, cli_restore, "--dry-run", backup, NULL), EXIT_DONE);
    assert_said(s, "nothing was changed");
    assert_false(g_file_test(s->path, G_FILE_TEST_EXISTS));
}

static void what_is_no_backup_is_refused(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_true(g_file_set_contents(backup, "rubbish, and not a little of it", -1, NULL));
    assert_int_equal(type(s, cli_restore, backup, NULL), EXIT_FAILED);
    assert_said(s, "not a database");
    g_unlink(backup);
    assert_int_equal(type(s, cli_restore, backup, NULL), EXIT_FAILED);
    assert_said(s, "cannot be read");
    assert_int_equal(type(s, cli_restore, s->path, NULL), EXIT_FAILED);
    assert_said(s, "is the database itself");
    assert_int_equal(asks_in(s->path), 1);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin_here, end_here)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_backup_is_made_while_the_bot_runs_and_overwrites_nothing),
        STORY(without_a_database_there_is_nothing_to_back_up),
        STORY(a_backup_is_restored_where_nothing_is),
        STORY(nothing_is_restored_under_a_running_bot),
        STORY(what_is_no_backup_is_refused),
        STORY(what_would_be_lost_is_said_first_and_kept_after),
        STORY(a_dry_run_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
