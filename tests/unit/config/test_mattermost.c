/* A Mattermost server, its tokens, and where its calls arrive. */
#include "tests/unit/config/place.h"

#include "bot/base/log.h"
#include "config/environment.h"

#define TOKEN "storytokenstorytoken123456"
#define COMMAND_1 "askinacmestorytoken1234567"
#define COMMAND_2 "whyinacmestorytoken1234567"
#define SERVER "MATTERMOST_URL = https://chat.example.com/team/\nMATTERMOST_TOKEN = " TOKEN "\n"

static void a_server_alone_is_a_chat_to_connect_to(void **state)
{
    (void)state;
    load_text(SERVER);
    config_require_chat(config, errors);
    assert_no_errors();
    assert_true(config_has_mattermost(config));
    assert_false(config_has_slack(config));
    assert_string_equal(config_string(config, CONFIG_MATTERMOST_URL), "https://chat.example.com/team");
}

static void both_chats_are_one_more(void **state)
{
    (void)state;
    load_text(SERVER "SLACK_APP_TOKEN = " APP_TOKEN "\nSLACK_BOT_TOKEN = " BOT_TOKEN "\n");
    config_require_chat(config, errors);
    assert_no_errors();
    assert_true(config_has_mattermost(config));
    assert_true(config_has_slack(config));
}

static void half_of_one_names_the_other_half(void **state)
{
    (void)state;
    load_text("MATTERMOST_URL = https://chat.example.com\n");
    config_require_chat(config, errors);
    assert_int_equal(errors->len, 1);
    assert_said("MATTERMOST_URL is set, MATTERMOST_TOKEN is not: `askwhy setup mattermost`");
    load_text("MATTERMOST_TOKEN = " TOKEN "\n");
    config_require_chat(config, errors);
    assert_said("MATTERMOST_TOKEN is set, MATTERMOST_URL is not");
    load_text("MATTERMOST_COMMAND_TOKENS = " COMMAND_1 "\n");
    config_require_chat(config, errors);
    assert_said("MATTERMOST_URL and MATTERMOST_TOKEN are not");
    load_text(SERVER "SLACK_BOT_TOKEN = " BOT_TOKEN "\n");
    config_require_chat(config, errors);
    assert_int_equal(errors->len, 1);
    assert_said("SLACK_BOT_TOKEN is set, SLACK_APP_TOKEN is not");
}

static void nothing_at_all_names_both_ways(void **state)
{
    (void)state;
    load_text("");
    config_require_chat(config, errors);
    assert_int_equal(errors->len, 1);
    assert_said("`askwhy setup slack`");
    assert_said("`askwhy setup mattermost`");
}

static void the_commands_tokens_may_be_several(void **state)
{
    (void)state;
    load_text(SERVER "MATTERMOST_COMMAND_TOKENS = " COMMAND_1 "," COMMAND_2 "\n");
    assert_no_errors();
    g_auto(GStrv) tokens = config_list(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    assert_int_equal(g_strv_length(tokens), 2);
    assert_string_equal(tokens[0], COMMAND_1);
    assert_string_equal(tokens[1], COMMAND_2);
    load_text(SERVER);
    g_auto(GStrv) none = config_list(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    assert_int_equal(g_strv_length(none), 0);
}

static void their_file_may_have_a_line_for_each(void **state)
{
    (void)state;
    write_mode("commands", COMMAND_1 "\n" COMMAND_2 "\n", 0600);
    write_mode("mattermost_token", TOKEN "\n", 0400);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    load_text("MATTERMOST_URL = https://chat.example.com\nMATTERMOST_COMMAND_TOKENS_FILE = commands\n");
    assert_no_errors();
    g_auto(GStrv) tokens = config_list(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    assert_int_equal(g_strv_length(tokens), 2);
    assert_string_equal(tokens[1], COMMAND_2);
    assert_string_equal(config_string(config, CONFIG_MATTERMOST_TOKEN), TOKEN);
}

static void each_of_them_is_kept_out_of_the_log(void **state)
{
    (void)state;
    setenv("MATTERMOST_COMMAND_TOKENS", "firsttokenofthisstory12345, secondtokenofthisstory1234", 1);
    environment_take();
    load_text(SERVER);
    assert_no_errors();
    g_autofree char *line = log_redact("tried secondtokenofthisstory1234 and " TOKEN);
    assert_string_equal(line, "tried [redacted] and [redacted]");
    g_autofree char *shown = effective();
    assert_null(strstr(shown, TOKEN));
    assert_null(strstr(shown, "tokenofthisstory"));
}

static void tokens_that_cannot_be_one_are_refused(void **state)
{
    (void)state;
    load_text("MATTERMOST_TOKEN = " BOT_TOKEN "\n");
    assert_said("MATTERMOST_TOKEN is a token of Slack's");
    load_text("MATTERMOST_TOKEN = half\n");
    assert_said("MATTERMOST_TOKEN must be 26 letters and digits");
    load_text("MATTERMOST_TOKEN = " TOKEN " " TOKEN "\n");
    assert_said("MATTERMOST_TOKEN holds a space");
    load_text("MATTERMOST_COMMAND_TOKENS = " COMMAND_1 ", half\n");
    assert_said("MATTERMOST_COMMAND_TOKENS must be 26");
    assert_false(list_has(errors, "half"));
}

static void the_servers_address_is_not_that_of_its_api(void **state)
{
    (void)state;
    load_text("MATTERMOST_URL = https://chat.example.com/api/v4/\n");
    assert_said("without /api/v4");
    load_text("MATTERMOST_URL = chat.example.com\n");
    assert_said("is not an address like https://chat.example.com");
}

static void plain_http_to_another_machine_needs_a_yes(void **state)
{
    (void)state;
    load_text("MATTERMOST_URL = http://chat.example.com\n");
    assert_said("MATTERMOST_URL is plain http to chat.example.com");
    load_text("MATTERMOST_URL = http://chat.example.com\nASKWHY_ALLOW_PLAIN = yes\n");
    assert_no_errors();
    load_text("MATTERMOST_URL = http://127.0.0.1:8065\n");
    assert_no_errors();
    load_text("ASKWHY_PUBLIC_URL = http://bot.example.com/askwhy\n");
    assert_no_errors();
    assert_true(list_has(config_warnings(config), "ASKWHY_PUBLIC_URL is plain http to bot.example.com"));
}

static void an_address_to_listen_at_is_numeric_or_a_path(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1:8600", ":8600",     "0.0.0.0:80", "[::1]:8600",
                                       "127.0.0.1:0",    "[::]:8600", "localhost:8600", "unix:/run/askwhy/askwhy.sock"};
    static const char *const bad[] = {"8600",     "bot.example:8600", "127.0.0.1", "127.0.0.1:70000", "::1:8600",
                                      "[::1]",    "[]:8600",        "unix:here", "127.0.0.1:-1",    "[127.0.0.1]:80",
                                      "[::1:8600"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *text = g_strdup_printf("ASKWHY_LISTEN = %s\n", good[i]);
        load_text(text);
        assert_no_errors();
        assert_string_equal(config_string(config, CONFIG_ASKWHY_LISTEN), good[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text = g_strdup_printf("ASKWHY_LISTEN = %s\n", bad[i]);
        load_text(text);
        assert_said("ASKWHY_LISTEN must be a numeric address and a port");
    }
    load_text("");
    assert_string_equal(config_string(config, CONFIG_ASKWHY_LISTEN), "127.0.0.1:8600");
}

static void assert_public_url(const char *text, int port, const char *expected)
{
    load_text(text);
    g_autofree char *url = config_public_url(config, port);
    if (expected == NULL)
        assert_null(url);
    else
        assert_string_equal(url, expected);
}

static void where_calls_go_follows_from_where_askwhy_listens_unless_said(void **state)
{
    (void)state;
    assert_public_url("", 0, "http://127.0.0.1:8600");
    assert_public_url("ASKWHY_LISTEN = [::1]:9000\n", 0, "http://[::1]:9000");
    assert_public_url("ASKWHY_LISTEN = 127.0.0.1:0\n", 0, NULL);
    assert_public_url("ASKWHY_LISTEN = 127.0.0.1:0\n", 41234, "http://127.0.0.1:41234");
    assert_public_url("ASKWHY_LISTEN = :8600\n", 0, NULL);
    assert_public_url("ASKWHY_LISTEN = unix:/run/askwhy.sock\n", 0, NULL);
    assert_public_url("ASKWHY_LISTEN = :8600\nASKWHY_PUBLIC_URL = https://bot.example.com/askwhy/\n", 8600,
                      "https://bot.example.com/askwhy");
}

static void a_key_in_place_of_its_files_name_is_never_shown(void **state)
{
    (void)state;
    setenv("ASKWHY_LISTEN_KEY", "-----BEGIN " "PRIVATE KEY-----\nhiddenpartofakey\n-----END PRIVATE KEY-----\n", 1);
    load_text("ASKWHY_LISTEN_KEY =\n");
    unsetenv("ASKWHY_LISTEN_KEY");
    assert_said("ASKWHY_LISTEN_KEY is what should stand in a file");
    for (guint i = 0; i < errors->len; i++)
        assert_null(strstr(g_ptr_array_index(errors, i), "hiddenpartofakey"));
}

static void a_certificate_comes_with_its_key(void **state)
{
    (void)state;
    write_mode("cert.pem", "certificate", 0644);
    write_mode("key.pem", "key", 0600);
    load_text("ASKWHY_LISTEN_CERTIFICATE = cert.pem\n");
    assert_said("ASKWHY_LISTEN_CERTIFICATE is set without ASKWHY_LISTEN_KEY: TLS needs both");
    load_text("ASKWHY_LISTEN_KEY = key.pem\n");
    assert_said("ASKWHY_LISTEN_KEY is set without ASKWHY_LISTEN_CERTIFICATE");
    load_text("ASKWHY_LISTEN_CERTIFICATE = cert.pem\nASKWHY_LISTEN_KEY = key.pem\n");
    assert_no_errors();
    assert_int_equal(config_warnings(config)->len, 0);
    g_autofree char *url = config_public_url(config, 0);
    assert_string_equal(url, "https://127.0.0.1:8600");
    assert_int_equal(chmod("key.pem", 0644), 0);
    load(NULL);
    assert_true(list_has(config_warnings(config), "run chmod 600 key.pem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_alone_is_a_chat_to_connect_to, enter, leave),
        cmocka_unit_test_setup_teardown(both_chats_are_one_more, enter, leave),
        cmocka_unit_test_setup_teardown(half_of_one_names_the_other_half, enter, leave),
        cmocka_unit_test_setup_teardown(nothing_at_all_names_both_ways, enter, leave),
        cmocka_unit_test_setup_teardown(the_commands_tokens_may_be_several, enter, leave),
        cmocka_unit_test_setup_teardown(their_file_may_have_a_line_for_each, enter, leave),
        cmocka_unit_test_setup_teardown(each_of_them_is_kept_out_of_the_log, enter, leave),
        cmocka_unit_test_setup_teardown(tokens_that_cannot_be_one_are_refused, enter, leave),
        cmocka_unit_test_setup_teardown(the_servers_address_is_not_that_of_its_api, enter, leave),
        cmocka_unit_test_setup_teardown(plain_http_to_another_machine_needs_a_yes, enter, leave),
        cmocka_unit_test_setup_teardown(an_address_to_listen_at_is_numeric_or_a_path, enter, leave),
        cmocka_unit_test_setup_teardown(where_calls_go_follows_from_where_askwhy_listens_unless_said, enter, leave),
        cmocka_unit_test_setup_teardown(a_key_in_place_of_its_files_name_is_never_shown, enter, leave),
        cmocka_unit_test_setup_teardown(a_certificate_comes_with_its_key, enter, leave),
    };
    return cmocka_run_group_tests_name("Mattermost's options", tests, NULL, NULL);
}
