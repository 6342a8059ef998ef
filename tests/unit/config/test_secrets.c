/* Tokens: told apart, kept out of every text, and read from files that only askwhy can read. */
#include "tests/unit/config/place.h"

#include "bot/base/log.h"

static void swapped_tokens_are_called_swapped(void **state)
{
    (void)state;
    load_text("SLACK_APP_TOKEN = " BOT_TOKEN "\nSLACK_BOT_TOKEN = " APP_TOKEN "\n");
    assert_int_equal(errors->len, 2);
    assert_said("askwhy.conf:1: SLACK_APP_TOKEN is a bot token (xoxb-…), but must begin with xapp-. It belongs in "
                "SLACK_BOT_TOKEN: are the two swapped?");
    assert_said("askwhy.conf:2: SLACK_BOT_TOKEN is an app-level token (xapp-…), but must begin with xoxb-. It belongs "
                "in SLACK_APP_TOKEN: are the two swapped?");
}

static void other_kinds_of_token_are_named(void **state)
{
    (void)state;
    setenv("SLACK_BOT_TOKEN", "xoxp-17-42-aaaaaaaaaaaaaa", 1);
    load(NULL);
    assert_said("SLACK_BOT_TOKEN is a user token (xoxp-…), but must begin with xoxb-");
    setenv("SLACK_BOT_TOKEN", "hunter2hunter2", 1);
    load(NULL);
    assert_said("SLACK_BOT_TOKEN must begin with xoxb-");
    setenv("SLACK_BOT_TOKEN", BOT_TOKEN " " BOT_TOKEN, 1);
    load(NULL);
    assert_said("SLACK_BOT_TOKEN holds a space");
    setenv("SLACK_BOT_TOKEN", "xoxb-", 1);
    load(NULL);
    assert_said("must begin with xoxb- and be whole");
}

static void a_secret_stands_in_a_file_of_its_own(void **state)
{
    (void)state;
    write_mode("bot-token", BOT_TOKEN "\n", 0600);
    write_mode("app-token", APP_TOKEN "\r\n", 0640);
    setenv("SLACK_APP_TOKEN_FILE", "app-token", 1);
    load_text("SLACK_BOT_TOKEN_FILE = bot-token\n");
    assert_no_errors();
    assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), BOT_TOKEN);
    assert_string_equal(config_string(config, CONFIG_SLACK_APP_TOKEN), APP_TOKEN);
    assert_string_equal(config_source(config, CONFIG_SLACK_BOT_TOKEN), "askwhy.conf:1, from bot-token");
    assert_string_equal(config_source(config, CONFIG_SLACK_APP_TOKEN), "environment, from app-token");
}

static void a_secret_file_that_cannot_serve_is_refused_with_what_to_do(void **state)
{
    (void)state;
    write_mode("open", BOT_TOKEN, 0644);
    setenv("SLACK_BOT_TOKEN_FILE", "open", 1);
    load(NULL);
    assert_said("everybody on this machine can read open: run chmod 600 open");
    assert_null(config_string(config, CONFIG_SLACK_BOT_TOKEN));
    setenv("SLACK_BOT_TOKEN_FILE", "absent", 1);
    load(NULL);
    assert_said("SLACK_BOT_TOKEN: cannot read absent: No such file");
    write_mode("empty", "\n", 0600);
    setenv("SLACK_BOT_TOKEN_FILE", "empty", 1);
    load(NULL);
    assert_said("SLACK_BOT_TOKEN: empty is empty");
    write_mode("wrong", APP_TOKEN, 0600);
    setenv("SLACK_BOT_TOKEN_FILE", "wrong", 1);
    load(NULL);
    assert_said("are the two swapped?");
}

static void a_value_and_a_file_for_it_are_one_too_many(void **state)
{
    (void)state;
    write_mode("bot-token", BOT_TOKEN, 0600);
    load_text("SLACK_BOT_TOKEN = " BOT_TOKEN "\nSLACK_BOT_TOKEN_FILE = bot-token\n");
    assert_said("askwhy.conf:2: both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set");
    setenv("SLACK_BOT_TOKEN", BOT_TOKEN, 1);
    setenv("SLACK_BOT_TOKEN_FILE", "bot-token", 1);
    load_text("");
    assert_said("environment: both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set");
}

static void systemd_credentials_are_read(void **state)
{
    (void)state;
    write_mode("slack_bot_token", BOT_TOKEN "\n", 0444);
    write_mode("SLACK_APP_TOKEN", APP_TOKEN, 0400);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    load_text("SLACK_BOT_TOKEN = xoxb-17-42-from-the-file\n");
    assert_no_errors();
    assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), BOT_TOKEN);
    assert_string_equal(config_string(config, CONFIG_SLACK_APP_TOKEN), APP_TOKEN);
    assert_true(g_str_has_prefix(config_source(config, CONFIG_SLACK_BOT_TOKEN), "credentials, from "));
    setenv("SLACK_BOT_TOKEN", "xoxb-17-42-from-the-environment", 1);
    load(NULL);
    assert_string_equal(config_string(config, CONFIG_SLACK_BOT_TOKEN), "xoxb-17-42-from-the-environment");
}

static void a_file_with_tokens_that_others_can_read_is_pointed_out(void **state)
{
    (void)state;
    write_mode("askwhy.conf", "SLACK_BOT_TOKEN = " BOT_TOKEN "\n", 0644);
    load(NULL);
    assert_no_errors();
    assert_true(list_has(config_warnings(config), "run chmod 600 askwhy.conf"));
    load_text("SLACK_BOT_TOKEN = " BOT_TOKEN "\n");
    assert_int_equal(config_warnings(config)->len, 0);
}

static void nothing_printed_holds_a_secret(void **state)
{
    (void)state;
    setenv("SLACK_APP_TOKEN", APP_TOKEN, 1);
    load_text("SLACK_SOCKETS = 4\n");
    g_autofree char *shown = effective();
    assert_null(strstr(shown, APP_TOKEN));
    assert_non_null(strstr(shown, "SLACK_APP_TOKEN            [redacted]                       environment\n"));
    assert_non_null(strstr(shown, "SLACK_BOT_TOKEN            (not set)                        default\n"));
    assert_non_null(strstr(shown, "SLACK_SOCKETS              4                                askwhy.conf:1\n"));
    g_autofree char *line = log_redact("token=" APP_TOKEN);
    assert_string_equal(line, "token=[redacted]");
}

static void even_a_refused_secret_is_kept_from_the_log(void **state)
{
    (void)state;
    load_text("SLACK_BOT_TOKEN = xoxp-99-88-in-the-wrong-place\n");
    assert_int_equal(errors->len, 1);
    assert_false(list_has(errors, "in-the-wrong-place"));
    g_autofree char *line = log_redact("xoxp-99-88-in-the-wrong-place");
    assert_string_equal(line, "[redacted]");
}

static void running_needs_both_tokens(void **state)
{
    (void)state;
    load_text("");
    config_require_chat(config, errors);
    assert_said("set SLACK_APP_TOKEN and SLACK_BOT_TOKEN");
    load_text("SLACK_BOT_TOKEN = " BOT_TOKEN "\n");
    config_require_chat(config, errors);
    assert_said("SLACK_BOT_TOKEN is set, SLACK_APP_TOKEN is not");
    load_text("SLACK_APP_TOKEN = " APP_TOKEN "\n");
    config_require_chat(config, errors);
    assert_said("SLACK_APP_TOKEN is set, SLACK_BOT_TOKEN is not");
    load_text("SLACK_APP_TOKEN = " APP_TOKEN "\nSLACK_BOT_TOKEN = " BOT_TOKEN "\n");
    config_require_chat(config, errors);
    assert_no_errors();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(swapped_tokens_are_called_swapped, enter, leave),
        cmocka_unit_test_setup_teardown(other_kinds_of_token_are_named, enter, leave),
        cmocka_unit_test_setup_teardown(a_secret_stands_in_a_file_of_its_own, enter, leave),
        cmocka_unit_test_setup_teardown(a_secret_file_that_cannot_serve_is_refused_with_what_to_do, enter, leave),
        cmocka_unit_test_setup_teardown(a_value_and_a_file_for_it_are_one_too_many, enter, leave),
        cmocka_unit_test_setup_teardown(systemd_credentials_are_read, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_with_tokens_that_others_can_read_is_pointed_out, enter, leave),
        cmocka_unit_test_setup_teardown(nothing_printed_holds_a_secret, enter, leave),
        cmocka_unit_test_setup_teardown(even_a_refused_secret_is_kept_from_the_log, enter, leave),
        cmocka_unit_test_setup_teardown(running_needs_both_tokens, enter, leave),
    };
    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
