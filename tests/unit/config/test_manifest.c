/* The Slack manifest: within Slack's limits, and asking for what askwhy uses, no more.
 * Limits: the manifest types of Slack's Node SDK; scopes: each method's and event's page at docs.slack.dev. */
#include "tests/unit/config/place.h"

static char *manifest;

static int open_manifest(void **state)
{
    int result = enter(state);
    manifest = config_slack_manifest(NULL);
    return result;
}

static int close_manifest(void **state)
{
    g_free(manifest);
    return leave(state);
}

/* The items of the list under the line "KEY:", until the indentation ends. */
static char **items(const char *key)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(manifest, "\n", -1);
    g_autofree char *head = g_strconcat(key, ":", NULL);
    bool inside = false;
    for (char **line = lines; *line != NULL; line++) {
        const char *text = *line + strspn(*line, " ");
        if (inside && !g_str_has_prefix(text, "- "))
            break;
        if (inside)
            g_ptr_array_add(found, g_strdup(text + 2));
        inside = inside || strcmp(text, head) == 0;
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
}

/* Every "KEY: value" of the text; a leading "- " does not matter. */
static char **values(const char *key)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(manifest, "\n", -1);
    g_autofree char *head = g_strconcat(key, ": ", NULL);
    for (char **line = lines; *line != NULL; line++) {
        const char *text = *line + strspn(*line, " -");
        if (g_str_has_prefix(text, head))
            g_ptr_array_add(found, g_strdup(text + strlen(head)));
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
}

static void assert_at_most(const char *key, glong most)
{
    g_auto(GStrv) all = values(key);
    assert_true(g_strv_length(all) > 0);
    for (char **one = all; *one != NULL; one++)
        assert_true(g_utf8_strlen(*one, -1) <= most);
}

static void it_keeps_slacks_limits(void **state)
{
    (void)state;
    assert_at_most("name", 24); /* shortcuts; the app's own may have 35 */
    assert_at_most("description", 140);
    assert_at_most("command", 32);
    assert_at_most("usage_hint", 1000);
    assert_at_most("callback_id", 255);
    assert_null(strchr(manifest, '\t'));
    g_auto(GStrv) urls = values("url");
    assert_int_equal(g_strv_length(urls), 0); /* Socket Mode has none */
}

static void it_asks_for_the_scopes_and_events_askwhy_lives_on(void **state)
{
    (void)state;
    g_auto(GStrv) scopes = items("bot");
    g_auto(GStrv) events = items("bot_events");
    static const struct {
        const char *event, *scope;
    } needs[] = {
        {"app_mention", "app_mentions:read"},   {"message.channels", "channels:history"},
        {"message.groups", "groups:history"},   {"message.im", "im:history"},
        {"message.mpim", "mpim:history"},       {"member_joined_channel", "channels:read"},
        {"user_change", "users:read"}, {"member_left_channel", "groups:read"}, {"channel_left", "channels:read"},
        {"group_left", "groups:read"},          {"app_home_opened", NULL},
        {"subteam_updated", "usergroups:read"}, {"subteam_members_changed", "usergroups:read"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(needs); i++) {
        assert_true(g_strv_contains((const char *const *)events, needs[i].event));
        if (needs[i].scope != NULL)
            assert_true(g_strv_contains((const char *const *)scopes, needs[i].scope));
    }
    assert_int_equal(g_strv_length(events), G_N_ELEMENTS(needs));
    static const char *const calls[] = {"chat:write", "reactions:write", "users:read", "im:write", "metadata.message:read",
                                        "im:read",    "mpim:read",       "commands",   "channels:join"};
    for (guint i = 0; i < G_N_ELEMENTS(calls); i++)
        assert_true(g_strv_contains((const char *const *)scopes, calls[i]));
    for (char **scope = scopes; *scope != NULL; scope++) {
        for (char **other = scope + 1; *other != NULL; other++)
            assert_string_not_equal(*scope, *other);
    }
}

static void it_offers_the_commands_and_shortcuts_askwhy_answers(void **state)
{
    (void)state;
    g_auto(GStrv) commands = values("command");
    assert_int_equal(g_strv_length(commands), 2);
    assert_string_equal(commands[0], options[CONFIG_ASKWHY_COMMAND].default_text);
    assert_string_equal(commands[1], options[CONFIG_ASKWHY_WHY_COMMAND].default_text);
    g_auto(GStrv) escapes = values("should_escape");
    assert_int_equal(g_strv_length(escapes), 2);
    assert_string_equal(escapes[0], "true");
    assert_string_equal(escapes[1], "true");
    g_auto(GStrv) ids = values("callback_id");
    assert_int_equal(g_strv_length(ids), 2);
    assert_true(g_strv_contains((const char *const *)ids, "raise_message"));
    assert_true(g_strv_contains((const char *const *)ids, "new_ask"));
    assert_non_null(strstr(manifest, "socket_mode_enabled: true"));
    assert_non_null(strstr(manifest, "token_rotation_enabled: false"));
    assert_non_null(strstr(manifest, "home_tab_enabled: true"));
}

static void renamed_commands_stand_in_it_under_their_names(void **state)
{
    (void)state;
    g_free(manifest);
    load_text("ASKWHY_COMMAND = /why\nASKWHY_WHY_COMMAND = /ask\n");
    assert_no_errors();
    manifest = config_slack_manifest(config);
    g_auto(GStrv) commands = values("command");
    assert_int_equal(g_strv_length(commands), 2);
    assert_string_equal(commands[0], "/why");
    assert_string_equal(commands[1], "/ask");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_keeps_slacks_limits, open_manifest, close_manifest),
        cmocka_unit_test_setup_teardown(it_asks_for_the_scopes_and_events_askwhy_lives_on, open_manifest,
                                        close_manifest),
        cmocka_unit_test_setup_teardown(it_offers_the_commands_and_shortcuts_askwhy_answers, open_manifest,
                                        close_manifest),
        cmocka_unit_test_setup_teardown(renamed_commands_stand_in_it_under_their_names, open_manifest, close_manifest),
    };
    return cmocka_run_group_tests_name("the Slack manifest", tests, NULL, NULL);
}
