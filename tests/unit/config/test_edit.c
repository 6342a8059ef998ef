/* `askwhy setup` writes into the configuration file as a careful person would. */
#include "tests/unit/config/place.h"

#include "config/edit.h"

static char *text;

static void edit(const char *before, const struct config_edit *edits, gsize n_edits)
{
    g_free(text);
    text = config_edit_text(before, edits, n_edits);
}

static int leave_text(void **state)
{
    g_clear_pointer(&text, g_free);
    return leave(state);
}

static void the_line_that_is_there_is_changed_and_nothing_else(void **state)
{
    (void)state;
    edit("# ours\n\nMATTERMOST_URL=http://old  \n# MATTERMOST_URL = not this\nASKWHY_LOG = debug\n",
         &(struct config_edit){"MATTERMOST_URL", "https://new"}, 1);
    assert_string_equal(text, "# ours\n\nMATTERMOST_URL = https://new\n# MATTERMOST_URL = not this\nASKWHY_LOG = debug\n");
}

static void the_commented_line_of_the_example_is_taken(void **state)
{
    (void)state;
    edit("# the server\n#MATTERMOST_URL =\n\n# its token\n#MATTERMOST_TOKEN =\n",
         (struct config_edit[]){{"MATTERMOST_TOKEN", "t"}, {"MATTERMOST_URL", "u"}}, 2);
    assert_string_equal(text, "# the server\nMATTERMOST_URL = u\n\n# its token\nMATTERMOST_TOKEN = t\n");
}

static void what_has_no_line_yet_comes_last(void **state)
{
    (void)state;
    edit("ASKWHY_LOG = debug", (struct config_edit[]){{"MATTERMOST_URL", "u"}, {"MATTERMOST_TOKEN", "t"}}, 2);
    assert_string_equal(text, "ASKWHY_LOG = debug\nMATTERMOST_URL = u\nMATTERMOST_TOKEN = t\n");
    edit("", &(struct config_edit){"MATTERMOST_URL", "u"}, 1);
    assert_string_equal(text, "MATTERMOST_URL = u\n");
}

static void a_name_that_begins_alike_is_another(void **state)
{
    (void)state;
    edit("MATTERMOST_TOKEN_FILE = f\n", &(struct config_edit){"MATTERMOST_TOKEN", "t"}, 1);
    assert_string_equal(text, "MATTERMOST_TOKEN_FILE = f\nMATTERMOST_TOKEN = t\n");
}

static void taking_a_setting_away_leaves_its_name_as_a_comment(void **state)
{
    (void)state;
    edit("MATTERMOST_TOKEN = t\nASKWHY_LOG = debug\n",
         (struct config_edit[]){{"MATTERMOST_TOKEN", NULL}, {"MATTERMOST_URL", NULL}}, 2);
    assert_string_equal(text, "#MATTERMOST_TOKEN =\nASKWHY_LOG = debug\n");
}

static void windows_lines_and_backslashes_are_read_back_as_they_were_meant(void **state)
{
    (void)state;
    edit("# ours\r\nASKWHY_DATABASE = x\r\n", &(struct config_edit){"ASKWHY_DATABASE", "a\\b.db"}, 1);
    assert_string_equal(text, "# ours\r\nASKWHY_DATABASE = a\\\\b.db\r\n");
    load_text(text);
    assert_no_errors();
    assert_string_equal(config_string(config, CONFIG_ASKWHY_DATABASE), "a\\b.db");
}

/* ---- Files ---- */

static mode_t mode_of(const char *path)
{
    struct stat stat_of;
    assert_int_equal(stat(path, &stat_of), 0);
    return stat_of.st_mode & 0777;
}

static void assert_holds(const char *path, const char *expected)
{
    g_autofree char *held = NULL;
    assert_true(g_file_get_contents(path, &held, NULL, NULL));
    assert_string_equal(held, expected);
}

static void a_new_file_is_for_its_owner_alone(void **state)
{
    (void)state;
    bool kept = false;
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_TOKEN", "t"}, 1, true, &kept, NULL));
    assert_holds("askwhy.conf", "MATTERMOST_TOKEN = t\n");
    assert_int_equal(mode_of("askwhy.conf"), 0600);
    assert_false(g_file_test("askwhy.conf.old", G_FILE_TEST_EXISTS));
}

static void the_file_as_it_was_before_the_first_change_is_kept(void **state)
{
    (void)state;
    bool kept = false;
    write_mode("askwhy.conf", "# mine\n", 0644);
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_TOKEN", "t"}, 1, true, &kept, NULL));
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_URL", "u"}, 1, true, &kept, NULL));
    assert_holds("askwhy.conf", "# mine\nMATTERMOST_TOKEN = t\nMATTERMOST_URL = u\n");
    assert_holds("askwhy.conf.old", "# mine\n");
    assert_int_equal(mode_of("askwhy.conf"), 0600);
    assert_int_equal(mode_of("askwhy.conf.old"), 0600);
}

static void a_group_that_was_let_in_stays_and_so_do_files_without_secrets(void **state)
{
    (void)state;
    bool kept = false;
    write_mode("askwhy.conf", "", 0640);
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_TOKEN", "t"}, 1, true, &kept, NULL));
    assert_int_equal(mode_of("askwhy.conf"), 0640);
    write_mode("askwhy.conf", "", 0644);
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_URL", "u"}, 1, false, &kept, NULL));
    assert_int_equal(mode_of("askwhy.conf"), 0644);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    bool kept = false;
    write_mode("real.conf", "# mine\n", 0600);
    assert_int_equal(symlink("real.conf", "askwhy.conf"), 0);
    assert_true(config_edit_file("askwhy.conf", &(struct config_edit){"MATTERMOST_URL", "u"}, 1, false, &kept, NULL));
    assert_true(g_file_test("askwhy.conf", G_FILE_TEST_IS_SYMLINK));
    assert_holds("real.conf", "# mine\nMATTERMOST_URL = u\n");
}

static void a_secret_of_its_own_is_replaced_whole(void **state)
{
    (void)state;
    write_mode("token", "something longer than the new one\n", 0644);
    assert_true(config_write_secret("token", "t", NULL));
    assert_holds("token", "t\n");
    assert_int_equal(mode_of("token"), 0600);
    g_autoptr(GError) error = NULL;
    assert_false(config_write_secret("nowhere/token", "t", &error));
    assert_non_null(strstr(error->message, "cannot write nowhere/token: No such file"));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, enter, leave_text)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_line_that_is_there_is_changed_and_nothing_else),
        STORY(the_commented_line_of_the_example_is_taken),
        STORY(what_has_no_line_yet_comes_last),
        STORY(a_name_that_begins_alike_is_another),
        STORY(taking_a_setting_away_leaves_its_name_as_a_comment),
        STORY(windows_lines_and_backslashes_are_read_back_as_they_were_meant),
        STORY(a_new_file_is_for_its_owner_alone),
        STORY(the_file_as_it_was_before_the_first_change_is_kept),
        STORY(a_group_that_was_let_in_stays_and_so_do_files_without_secrets),
        STORY(a_link_stays_a_link),
        STORY(a_secret_of_its_own_is_replaced_whole),
    };
    return cmocka_run_group_tests_name("writing the configuration", tests, NULL, NULL);
}
