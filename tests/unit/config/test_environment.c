/* Tokens in the environment: read from there, and then there no longer. */
#include "tests/unit/config/place.h"

#include "bot/base/log.h"
#include "config/environment.h"

static void a_token_is_taken_out_of_the_environment_and_still_counts(void **state)
{
    (void)state;
    setenv("SLACK_BOT_TOKEN", BOT_TOKEN, 1);
    const char *where = getenv("SLACK_BOT_TOKEN");
    environment_take();
    for (gsize i = 0; i < strlen(BOT_TOKEN); i++)
        assert_int_equal(where[i], '\0');
    for (int i = 0; i < 2; i++) { /* and again, when the configuration is read anew */
        load(NULL);
        assert_no_errors();
        assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), BOT_TOKEN);
        assert_string_equal(config_source(config, CONFIG_SLACK_BOT_TOKEN), "environment");
    }
}

static void one_that_is_set_later_wins(void **state)
{
    (void)state;
    setenv("SLACK_BOT_TOKEN", BOT_TOKEN, 1);
    environment_take();
    setenv("SLACK_BOT_TOKEN", BOT_TOKEN "2", 1);
    load(NULL);
    assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), BOT_TOKEN "2");
}

static void the_administrators_token_is_taken_out_whatever_the_command_and_given_once(void **state)
{
    (void)state;
    setenv("MATTERMOST_ADMIN_TOKEN", "administratorstokenforone1", 1);
    const char *where = getenv("MATTERMOST_ADMIN_TOKEN");
    environment_take();
    for (gsize i = 0; i < strlen("administratorstokenforone1"); i++)
        assert_int_equal(where[i], '\0');
    g_autofree char *said = log_redact("as administratorstokenforone1"), *token = environment_admin_token();
    assert_string_equal(said, "as [redacted]");
    assert_string_equal(token, "administratorstokenforone1");
    assert_null(environment_admin_token());
    unsetenv("MATTERMOST_ADMIN_TOKEN");
}

static void names_of_files_and_all_that_is_no_secret_stay(void **state)
{
    (void)state;
    setenv("SLACK_APP_TOKEN_FILE", "app-token", 1);
    setenv("ASKWHY_COMMAND", "/wish", 1);
    environment_take();
    assert_string_equal(getenv("SLACK_APP_TOKEN_FILE"), "app-token");
    assert_string_equal(getenv("ASKWHY_COMMAND"), "/wish");
}

static void a_proxys_password_is_never_printed(void **state)
{
    (void)state;
    setenv("https_proxy", "http://askwhy:hidden%40secret@proxy.example:3128", 1);
    environment_take();
    unsetenv("https_proxy");
    g_autofree char *said = log_redact("via askwhy:hidden%40secret@proxy.example, hidden@secret");
    assert_string_equal(said, "via [redacted]@proxy.example, [redacted]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_is_taken_out_of_the_environment_and_still_counts, enter, leave),
        cmocka_unit_test_setup_teardown(one_that_is_set_later_wins, enter, leave),
        cmocka_unit_test_setup_teardown(the_administrators_token_is_taken_out_whatever_the_command_and_given_once, enter, leave),
        cmocka_unit_test_setup_teardown(names_of_files_and_all_that_is_no_secret_stay, enter, leave),
        cmocka_unit_test_setup_teardown(a_proxys_password_is_never_printed, enter, leave),
    };
    return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
