/* askwhy export and askwhy import, as an operator types them. */
#include "terminal.h"

static char *file_with(struct story *s, const char *name, const char *text)
{
    char *path = g_build_filename(s->dir, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* A workspace that askwhy has seen: Dana and two of one name in #product. */
static void be_there(struct story *s)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, STORE_WRITE, &error);
    assert_non_null(store);
    assert_true(store_begin(store));
    store_person(store, "slack", "T1", "UDANA", "Dana Reyes");
    store_person(store, "slack", "T1", "USAM1", "Sam");
    store_person(store, "slack", "T1", "USAM2", "Sam");
    int64_t product = store_channel(store, "slack", "T1", "C1", "product", CHANNEL_PUBLIC);
    store_set_member(store, product, true);
    assert_true(store_commit(store));
    store_close(store);
}

static const char table[] = "Title,Asker,Why,Impact,Raised\r\n"
                            "\"Add SSO, for Acme\",dana reyes,\"They leave\nelse\",Churn falls from 5% to 3% by March,2026-03-01\r\n"
                            "\"'=1+1 on the invoice\",@UDANA,,,\r\n";

static void a_table_becomes_asks_and_asks_a_table(void **state)
{
    struct story *s = *state;
    be_there(s);
    g_autofree char *path = file_with(s, "asks.csv", table);
    assert_int_equal(type(s, cli_import, "--dry-run", "--channel", "product", path, NULL), EXIT_DONE);
    assert_said(s, "2 asks would be read; nothing was changed");
    assert_int_equal(type(s, cli_import, "--channel", "#product", path, NULL), EXIT_DONE);
    assert_said(s, "2 asks read");
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE);
    assert_said(s, "1,\"Add SSO, for Acme\",clear,product,Dana Reyes,");
    assert_said(s, "2026-03-01T12:00:00Z,\"They leave\nelse\",Churn falls from 5% to 3% by March,");
    assert_said(s, "2,\"'=1+1 on the invoice\",waiting,product,Dana Reyes,");
    assert_int_equal(type(s, cli_export, "--since", "2030-01-01T00:00:00Z", NULL), EXIT_DONE);
    assert_null(strstr(s->said, "Acme"));
}

static void a_table_with_mistakes_is_not_read_at_all(void **state)
{
    struct story *s = *state;
    be_there(s);
    g_autofree char *path = file_with(s, "asks.csv",
                                      "title,asker,raised\nFine,Dana Reyes,\n,Dana Reyes,\nOne,Nobody,\nTwo,sam,\n"
                                      "Three,,\nFour,Dana Reyes,tomorrow\n");
    assert_int_equal(type(s, cli_import, "--channel", "product", path, NULL), EXIT_FAILED);
    assert_said(s, "line 3: no title");
    assert_said(s, "line 4: askwhy knows nobody called Nobody");
    assert_said(s, "line 5: several people are called sam");
    assert_said(s, "line 6: no asker");
    assert_said(s, "line 7: raised: tomorrow is no day");
    assert_said(s, "nothing was changed");
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE);
    assert_null(strstr(s->said, "Fine"));
    g_autofree char *by = file_with(s, "by.csv", "title\nThree\n");
    assert_int_equal(type(s, cli_import, "--channel", "product", "--by", "USAM1", by, NULL), EXIT_DONE);
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE);
    assert_said(s, "1,Three,waiting,product,Sam,");
}

static void what_is_no_table_of_asks_is_refused_with_the_reason(void **state)
{
    struct story *s = *state;
    be_there(s);
    g_autofree char *no_title = file_with(s, "a.csv", "what,who\nSSO,Dana\n");
    g_autofree char *latin = file_with(s, "b.csv", "title\nS\xf5na\n"), *empty = file_with(s, "c.csv", "");
    g_autofree char *good = file_with(s, "d.csv", "title,asker\nSSO,Dana Reyes\n");
    assert_int_equal(type(s, cli_import, "--channel", "product", no_title, NULL), EXIT_FAILED);
    assert_said(s, "the first line must name the columns");
    assert_int_equal(type(s, cli_import, "--channel", "product", latin, NULL), EXIT_FAILED);
    assert_said(s, "is not UTF-8 text");
    assert_int_equal(type(s, cli_import, "--channel", "product", empty, NULL), EXIT_FAILED);
    assert_said(s, "the file is empty");
    assert_int_equal(type(s, cli_import, good, NULL), EXIT_FAILED);
    assert_said(s, "--channel product");
    assert_int_equal(type(s, cli_import, "--channel", "moon", good, NULL), EXIT_FAILED);
    assert_said(s, "askwhy knows no such channel; askwhy is in slack:product");
    assert_int_equal(type(s, cli_import, NULL), EXIT_USAGE);
    assert_int_equal(type(s, cli_export, "--format", "xml", NULL), EXIT_USAGE);
    assert_int_equal(type(s, cli_export, "--since", "lately", NULL), EXIT_USAGE);
}

static void the_whole_log_moves_to_a_database_of_its_own(void **state)
{
    struct story *s = *state;
    be_there(s);
    g_autofree char *path = file_with(s, "asks.csv", table);
    assert_int_equal(type(s, cli_import, "--channel", "product", path, NULL), EXIT_DONE);
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE);
    g_autofree char *before = g_strdup(s->said);
    assert_int_equal(type(s, cli_export, "--format", "json", NULL), EXIT_DONE);
    g_autofree char *lines = file_with(s, "all.json", s->said);
    assert_int_equal(type(s, cli_import, lines, NULL), EXIT_FAILED);
    assert_said(s, "holds something already");
    g_autofree char *other = g_build_filename(s->dir, "other.db", NULL);
    g_setenv("ASKWHY_DATABASE", other, TRUE);
    assert_int_equal(type(s, cli_import, "--dry-run", lines, NULL), EXIT_DONE);
    assert_said(s, "3 people, 1 channels, ");
    assert_said(s, "2 asks would be read");
    assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
    assert_int_equal(type(s, cli_import, lines, NULL), EXIT_DONE);
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE);
    assert_string_equal(s->said, before);
}

static void while_askwhy_runs_nothing_is_read_in(void **state)
{
    struct story *s = *state;
    be_there(s);
    g_autofree char *path = file_with(s, "asks.csv", table);
    g_autoptr(GError) error = NULL;
    struct store *running = store_open(s->path, STORE_WRITE, &error);
    assert_int_equal(type(s, cli_import, "--channel", "product", path, NULL), EXIT_FAILED);
    assert_said(s, "import: ");
    assert_int_equal(type(s, cli_export, NULL), EXIT_DONE); /* that goes */
    store_close(running);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_table_becomes_asks_and_asks_a_table),
        STORY(a_table_with_mistakes_is_not_read_at_all),
        STORY(what_is_no_table_of_asks_is_refused_with_the_reason),
        STORY(the_whole_log_moves_to_a_database_of_its_own),
        STORY(while_askwhy_runs_nothing_is_read_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
