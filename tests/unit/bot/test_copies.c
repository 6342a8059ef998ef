/* askwhy backup and askwhy restore, as an operator types them. */
#include "bot/cli.h"
#include "store/copies.h"
#include "store/log.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct story {
    char *dir, *path, *backup, *said;
};

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    s->dir = g_dir_make_tmp("askwhy-copies-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->backup = g_build_filename(s->dir, "backup.db", NULL);
    g_setenv("ASKWHY_DATABASE", s->path, TRUE);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct story *s = *state;
    g_autoptr(GDir) dir = g_dir_open(s->dir, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(s->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s->backup);
    g_free(s->said);
    g_free(s);
    return 0;
}

/* Types one of the two commands; what it says on both outputs is kept. */
static int type(struct story *s, int (*run)(int argc, char **argv), const char *first, const char *second)
{
    g_autofree char *out = g_build_filename(s->dir, "out", NULL);
    fflush(stdout);
    int outputs[] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
    int file = open(out, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    char *argv[] = {(char *)"copies", (char *)"-c", (char *)"/dev/null", (char *)first, (char *)second, NULL};
    int status = run(second != NULL ? 5 : first != NULL ? 4 : 3, argv);
    fflush(stdout);
    dup2(outputs[0], STDOUT_FILENO);
    dup2(outputs[1], STDERR_FILENO);
    close(outputs[0]);
    close(outputs[1]);
    close(file);
    g_clear_pointer(&s->said, g_free);
    assert_true(g_file_get_contents(out, &s->said, NULL, NULL));
    return status;
}

static void assert_said(struct story *s, const char *text)
{
    if (strstr(s->said, text) == NULL)
        fail_msg("\"%s\" was not said in\n%s", text, s->said);
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
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_DONE);
    assert_said(s, "sound");
    assert_int_equal(asks_in(s->backup), 1);
    raise_one(s, running);
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_FAILED);
    assert_said(s, s->backup);
    assert_said(s, "is there already");
    assert_int_equal(asks_in(s->backup), 1);
    store_close(running);
}

static void without_a_database_there_is_nothing_to_back_up(void **state)
{
    struct story *s = *state;
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_FAILED);
    assert_said(s, s->path);
    assert_false(g_file_test(s->backup, G_FILE_TEST_EXISTS));
    assert_int_equal(type(s, cli_backup, NULL, NULL), EXIT_USAGE);
}

static void a_backup_is_restored_where_nothing_is(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_DONE);
    g_unlink(s->path);
    assert_int_equal(type(s, cli_restore, s->backup, NULL), EXIT_DONE);
    assert_said(s, "restored");
    assert_int_equal(asks_in(s->path), 1);
}

static void nothing_is_restored_under_a_running_bot(void **state)
{
    struct story *s = *state;
    struct store *running = bot(s);
    raise_one(s, running);
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_DONE);
    assert_int_equal(type(s, cli_restore, s->backup, NULL), EXIT_FAILED);
    assert_said(s, "another askwhy is running");
    raise_one(s, running);
    store_close(running);
    assert_int_equal(asks_in(s->path), 2);
}

static void what_would_be_lost_is_said_first_and_kept_after(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_DONE);
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_restore, s->backup, NULL), EXIT_FAILED);
    assert_said(s, "would lose");
    assert_said(s, "--force");
    assert_int_equal(asks_in(s->path), 2);

    assert_int_equal(type(s, cli_restore, "--force", s->backup), EXIT_DONE);
    assert_int_equal(asks_in(s->path), 1);
    g_autofree char *kept = g_strconcat(s->path, ".before-restore", NULL);
    assert_said(s, kept);
    assert_int_equal(asks_in(kept), 2);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_int_equal(type(s, cli_backup, s->backup, NULL), EXIT_DONE);
    g_unlink(s->path);
    assert_int_equal(type(s, cli_restore, "--dry-run", s->backup), EXIT_DONE);
    assert_said(s, "nothing was changed");
    assert_false(g_file_test(s->path, G_FILE_TEST_EXISTS));
}

static void what_is_no_backup_is_refused(void **state)
{
    struct story *s = *state;
    raise_one(s, NULL);
    assert_true(g_file_set_contents(s->backup, "rubbish, and not a little of it", -1, NULL));
    assert_int_equal(type(s, cli_restore, s->backup, NULL), EXIT_FAILED);
    assert_said(s, "not a database");
    g_unlink(s->backup);
    assert_int_equal(type(s, cli_restore, s->backup, NULL), EXIT_FAILED);
    assert_said(s, "cannot be read");
    assert_int_equal(type(s, cli_restore, s->path, NULL), EXIT_FAILED);
    assert_said(s, "is the database itself");
    assert_int_equal(asks_in(s->path), 1);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

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
