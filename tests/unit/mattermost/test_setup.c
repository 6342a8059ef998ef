/* An administrator sets askwhy up on a Mattermost server, once, again, and where something is in the way. */
#include "tests/unit/mattermost/setup_world.h"

#include "bot/mattermost/setup.h"

static GString *told;                 /* "made bot account @askwhy\n…" */
static GHashTable *kept;              /* option → value */
static bool cannot_keep;
static struct setup_options options;
static char *listen_at, *callback;

static void tell(enum setup_finding finding, const char *text, void *data)
{
    (void)data;
    static const char *const names[] = {"ok", "made", "would", "note", "wrong"};
    g_string_append_printf(told, "%s %s\n", names[finding], text);
}

static bool keep(const char *option, const char *value, void *data)
{
    (void)data;
    if (!cannot_keep)
        g_hash_table_replace(kept, g_strdup(option), g_strdup(value));
    return !cannot_keep;
}

static int enter(void **state)
{
    (void)state;
    static const char *const teams[] = {"acme", NULL}, *const channels[] = {"acme/product", NULL};
    world_begin();
    int port;
    close(listen_anywhere(&port));
    listen_at = g_strdup_printf("127.0.0.1:%d", port);
    callback = g_strdup_printf("http://%s/mattermost", listen_at);
    told = g_string_new(NULL);
    kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    cannot_keep = false;
    options = (struct setup_options){
        .url = g_strdup_printf("http://127.0.0.1:%d", world.port),
        .admin_token = ADMIN_TOKEN,
        .teams = teams,
        .channels = channels,
        .commands = true,
        .command = "/ask",
        .why_command = "/why",
        .callback_url = callback,
        .listen = listen_at,
    };
    return 0;
}

static int leave(void **state)
{
    (void)state;
    world_end();
    g_string_free(told, TRUE);
    g_hash_table_unref(kept);
    g_free((char *)options.url);
    g_free(listen_at);
    g_free(callback);
    return 0;
}

static bool set_up(void)
{
    static const struct setup_host host = {tell, keep, NULL};
    struct loop *loop = loop_new(NULL, NULL);
    struct rest *rest = rest_new(loop, NULL, NULL);
    g_string_truncate(told, 0);
    g_string_truncate(world.asked, 0);
    bool good = mattermost_setup(loop, rest, &options, &host);
    rest_free(rest);
    loop_free(loop);
    assert_null(strstr(told->str, "token" "ofthisstory"));
    return good;
}

#define assert_told(line)                                            \
    do {                                                             \
        if (strstr(told->str, line) == NULL)                         \
            fail_msg("\"%s\" was not told in\n%s", line, told->str); \
    } while (0)

/* As if the configuration were read again. */
static void read_again(void)
{
    static char *tokens[8];
    static char **split;
    g_strfreev(split);
    const char *all = g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS");
    split = g_strsplit(all != NULL ? all : "", ", ", 7);
    memset(tokens, 0, sizeof tokens);
    for (int i = 0; split[i] != NULL; i++)
        tokens[i] = split[i];
    options.command_tokens = (const char *const *)tokens;
    options.bot_token = g_hash_table_lookup(kept, "MATTERMOST_TOKEN");
}

static void the_first_time_everything_is_made(void **state)
{
    (void)state;
    assert_true(set_up());
    assert_told("ok server http://127.0.0.1:");
    assert_told(": Mattermost 5.37.0\n");
    assert_told("ok administrator: @rain\n");
    assert_told("made bot account @askwhy\n");
    assert_told("made token of @askwhy\n");
    assert_told("made team acme: @askwhy added\n");
    assert_told("made channel acme/product: @askwhy added\n");
    assert_told("made command /ask in team acme\n");
    assert_told("made command /why in team acme\n");
    assert_told("ok listener: the server reaches http://127.0.0.1:");
    assert_string_equal(g_hash_table_lookup(kept, "MATTERMOST_TOKEN"), world.bot_token);
    const cJSON *ask = world_command("ask"), *why = world_command("why");
    g_autofree char *tokens = g_strdup_printf("%s, %s", json_str0(ask, "token"), json_str0(why, "token"));
    assert_string_equal(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"), tokens);
    g_autofree char *url = g_strconcat(callback, "/command", NULL);
    assert_string_equal(json_str0(ask, "url"), url);
    assert_string_equal(json_str0(ask, "method"), "P");
    assert_true(json_true(ask, "auto_complete"));
    assert_true(*json_str0(why, "auto_complete_hint") != '\0');
}

static void the_second_time_nothing_is_made(void **state)
{
    (void)state;
    assert_true(set_up());
    read_again();
    assert_true(set_up());
    assert_string_equal(world.asked->str, "");
    assert_null(strstr(told->str, "made "));
    assert_told("ok MATTERMOST_TOKEN: works, and is that of @askwhy\n");
    assert_told("ok command /why in team acme\n");
    assert_told("ok MATTERMOST_COMMAND_TOKENS");
    assert_int_equal(cJSON_GetArraySize(world.commands), 2);
}

static void a_dry_run_says_what_it_would_do_and_does_nothing(void **state)
{
    (void)state;
    options.dry_run = true;
    assert_true(set_up());
    assert_string_equal(world.asked->str, "");
    assert_int_equal(g_hash_table_size(kept), 0);
    assert_told("would make the bot account @askwhy and a token for it\n");
    assert_told("would add @askwhy to the team acme\n");
    assert_told("would add @askwhy to the channel acme/product\n");
    assert_told("would make the command /ask in team acme, calling http://127.0.0.1:");
}

static void commands_that_call_an_older_address_are_mended_and_keep_their_tokens(void **state)
{
    (void)state;
    world_add_command("ask", "askwhy", OLD_COMMAND, "http://10.0.0.1/elsewhere");
    assert_true(set_up());
    assert_told("made command /ask in team acme: mended, calls http://127.0.0.1:");
    assert_told("made command /why in team acme\n");
    assert_true(g_str_has_prefix(json_str0(world_command("ask"), "url"), callback));
    assert_string_equal(json_str0(world_command("ask"), "token"), OLD_COMMAND);
    assert_true(g_str_has_prefix(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"), OLD_COMMAND ", "));
}

static void another_ones_command_is_left_alone_and_another_name_proposed(void **state)
{
    (void)state;
    world_add_command("ask", "Ask HR", OLD_COMMAND, "http://10.0.0.1/hr");
    assert_false(set_up());
    assert_told("wrong command /ask in team acme: another one has that name already; choose your own with ASKWHY_COMMAND = "
                "/name");
    assert_told("made command /why in team acme\n");
    assert_string_equal(json_str0(world_command("ask"), "url"), "http://10.0.0.1/hr");
    assert_null(strstr(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"), OLD_COMMAND));
}

static void a_plugins_command_is_in_the_way_as_well(void **state)
{
    (void)state;
    world.of_plugin = true;
    assert_false(set_up());
    assert_told("wrong command /why in team acme: another one has that name already; choose your own with "
                "ASKWHY_WHY_COMMAND");
    assert_null(world_command("why"));
}

static void a_token_that_does_not_work_any_more_is_made_anew(void **state)
{
    (void)state;
    world.account = BOT;
    options.bot_token = "revokedtokenofanotherdays1";
    assert_true(set_up());
    assert_told("note MATTERMOST_TOKEN: is not accepted any more\n");
    assert_told("made token of @askwhy\n");
    assert_string_equal(g_hash_table_lookup(kept, "MATTERMOST_TOKEN"), world.bot_token);
}

static void a_token_that_cannot_be_kept_is_revoked(void **state)
{
    (void)state;
    cannot_keep = true;
    assert_false(set_up());
    assert_true(world.token_revoked);
    assert_told("note the new token of @askwhy was revoked again\n");
    assert_int_equal(cJSON_GetArraySize(world.commands), 0);
}

static void a_disabled_bot_is_enabled_again(void **state)
{
    (void)state;
    world.account = DISABLED_BOT;
    assert_true(set_up());
    assert_told("made bot account @askwhy: enabled again\n");
}

static void a_bot_of_another_name_is_found_again_without_naming_it(void **state)
{
    (void)state;
    options.bot_name = "whybot";
    assert_true(set_up());
    assert_told("made bot account @whybot\n");
    read_again();
    options.bot_name = NULL;
    assert_true(set_up());
    assert_told("ok bot account @whybot\n");
    assert_string_equal(world.asked->str, "");
}

static void a_person_of_that_name_is_no_bot(void **state)
{
    (void)state;
    world.account = PERSON;
    assert_false(set_up());
    assert_told("wrong bot account: @askwhy is a person's account; choose another name for the bot with --bot NAME\n");
    assert_string_equal(world.asked->str, "");
}

static void only_a_system_administrator_can(void **state)
{
    (void)state;
    world.roles = "system_user";
    assert_false(set_up());
    assert_told("wrong administrator's token: @rain is not a system administrator\n");
    options.admin_token = "sometokenofnobodyatall1234";
    assert_false(set_up());
    assert_told("wrong administrator's token: not accepted");
    assert_string_equal(world.asked->str, "");
}

static void settings_in_the_way_are_named_with_where_they_stand(void **state)
{
    (void)state;
    world.bots_allowed = world.commands_allowed = false;
    world.site_url = world.allowed = "";
    assert_false(set_up());
    assert_told("wrong setting SiteURL: is empty");
    assert_told("Environment → Web Server → Site URL");
    assert_told("wrong setting EnableCommands: is off; set System Console → Integrations → Integration Management → Enable "
                "Custom Slash Commands to true, or use --no-commands\n");
    assert_told("wrong setting AllowedUntrustedInternalConnections: the server will not call 127.0.0.1, an internal address");
    assert_told("wrong setting EnableBotAccountCreation: is off; set System Console → Integrations → Bot Accounts");
}

static void without_a_team_named_the_only_one_is_taken(void **state)
{
    (void)state;
    options.teams = options.channels = NULL;
    assert_true(set_up());
    assert_told("made team acme: @askwhy added\n");
}

static void of_several_teams_one_must_be_named(void **state)
{
    (void)state;
    options.teams = options.channels = NULL;
    world.two_teams = true;
    assert_false(set_up());
    assert_told("wrong teams: say which askwhy shall be in with --team NAME, once for each; there are acme, globex\n");
}

static void names_that_are_not_there_are_told(void **state)
{
    (void)state;
    static const char *const channels[] = {"acme/nowhere", NULL}, *const teams[] = {"../users", NULL};
    options.channels = channels;
    assert_false(set_up());
    assert_told("wrong channel acme/nowhere: there is none of that name");
    options.teams = teams;
    options.channels = NULL;
    assert_false(set_up());
    assert_told("wrong team ../users: there is none of that name");
}

static void tokens_of_teams_that_were_not_seen_are_kept(void **state)
{
    (void)state;
    static const char *const channels[] = {"acme/product", NULL}, *const teams[] = {"acmee", NULL};
    static const char *const tokens[] = {"tokenofacommandinanother01", NULL};
    options.teams = teams;
    options.channels = channels;
    options.command_tokens = tokens;
    assert_false(set_up());
    assert_told("wrong team acmee: there is none of that name");
    assert_non_null(strstr(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"), tokens[0]));
    options.teams = NULL;
    assert_true(set_up());
    assert_null(strstr(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"), tokens[0])); /* nowhere any more */
}

static void what_is_archived_is_not_joined(void **state)
{
    (void)state;
    static const char *const channels[] = {"acme/done", NULL}, *const teams[] = {"closed", NULL};
    options.channels = channels;
    assert_false(set_up());
    assert_told("wrong channel acme/done: is archived; name another one, or bring it back\n");
    options.teams = teams;
    options.channels = NULL;
    assert_false(set_up());
    assert_told("wrong team closed: is archived; name another one, or bring it back\n");
    assert_null(strstr(world.asked->str, "members"));
}

static void without_commands_mentions_do_everything(void **state)
{
    (void)state;
    options.commands = false;
    world.commands_allowed = false;
    assert_true(set_up());
    assert_int_equal(cJSON_GetArraySize(world.commands), 0);
    assert_told("note no slash-commands wanted: people write @askwhy");
    assert_null(g_hash_table_lookup(kept, "MATTERMOST_COMMAND_TOKENS"));
}

static void a_server_that_cannot_reach_the_listener_is_told(void **state)
{
    (void)state;
    world.reach = CANNOT_CALL;
    assert_false(set_up());
    assert_told("wrong listener: the server cannot call http://127.0.0.1:");
    read_again();
    world.reach = CALLS_ANOTHER;
    assert_false(set_up());
    assert_told("wrong listener: something else than askwhy answers at http://127.0.0.1:");
    world.reach = CALLS_NAKED;
    assert_false(set_up());
    assert_told("does a proxy take the Authorization header away?\n");
}

static void with_askwhy_running_it_is_that_which_answers(void **state)
{
    (void)state;
    int port, running = listen_anywhere(&port);
    g_free(listen_at);
    options.listen = listen_at = g_strdup_printf("127.0.0.1:%d", port);
    world.reach = CALLS_ANOTHER;
    assert_true(set_up());
    assert_told("ok listener: the server reaches the askwhy that runs, at http://127.0.0.1:");
    close(running);
}

static void a_server_that_is_asked_too_often_is_given_its_time(void **state)
{
    (void)state;
    world.refusals = 3;
    assert_true(set_up());
    assert_told("made bot account @askwhy\n");
    world.refusals = 100;
    assert_false(set_up());
    assert_told("is asked too often (HTTP 429): wait a minute and run this again");
    world.refusals = 0;
}

static void what_is_no_mattermost_is_told(void **state)
{
    (void)state;
    g_free((char *)options.url);
    options.url = g_strdup_printf("http://127.0.0.1:%d/wrong", world.port);
    assert_false(set_up());
    assert_told("wrong server http://127.0.0.1:");
    int port;
    close(listen_anywhere(&port));
    g_free((char *)options.url);
    options.url = g_strdup_printf("http://127.0.0.1:%d", port);
    assert_false(set_up());
    assert_told("cannot be reached: ");
}

static void an_internal_address_must_be_allowed_to_be_called(void **state)
{
    (void)state;
    assert_false(setup_host_allowed("", "127.0.0.1", "127.0.0.1"));
    assert_false(setup_host_allowed("localhost", "127.0.0.1", "127.0.0.1"));
    assert_true(setup_host_allowed("localhost", "localhost", "127.0.0.1"));
    assert_true(setup_host_allowed("10.0.0.1/32, 127.0.0.0/8", "127.0.0.1", "127.0.0.1"));
    assert_true(setup_host_allowed("192.168.0.0/16 bot", "bot", "10.1.2.3"));
    assert_false(setup_host_allowed("192.168.0.0/16", "bot", "10.1.2.3"));
    assert_false(setup_host_allowed("127.0.0.1/32", "[::1]", "::1"));
    assert_true(setup_host_allowed("::1/128", "[::1]", "::1"));
    assert_false(setup_host_allowed("::1/x 127.0.0.1/99 /8", "bot", "fd00::1"));
    assert_true(setup_host_allowed("", "bot.example.com", "203.0.113.7"));
    assert_true(setup_host_allowed("", "bot.example.com", NULL));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_first_time_everything_is_made),
        STORY(the_second_time_nothing_is_made),
        STORY(a_dry_run_says_what_it_would_do_and_does_nothing),
        STORY(commands_that_call_an_older_address_are_mended_and_keep_their_tokens),
        STORY(another_ones_command_is_left_alone_and_another_name_proposed),
        STORY(a_plugins_command_is_in_the_way_as_well),
        STORY(a_token_that_does_not_work_any_more_is_made_anew),
        STORY(a_token_that_cannot_be_kept_is_revoked),
        STORY(a_disabled_bot_is_enabled_again),
        STORY(a_bot_of_another_name_is_found_again_without_naming_it),
        STORY(a_person_of_that_name_is_no_bot),
        STORY(only_a_system_administrator_can),
        STORY(settings_in_the_way_are_named_with_where_they_stand),
        STORY(without_a_team_named_the_only_one_is_taken),
        STORY(of_several_teams_one_must_be_named),
        STORY(names_that_are_not_there_are_told),
        STORY(tokens_of_teams_that_were_not_seen_are_kept),
        STORY(what_is_archived_is_not_joined),
        STORY(without_commands_mentions_do_everything),
        STORY(a_server_that_cannot_reach_the_listener_is_told),
        STORY(with_askwhy_running_it_is_that_which_answers),
        STORY(a_server_that_is_asked_too_often_is_given_its_time),
        STORY(what_is_no_mattermost_is_told),
        STORY(an_internal_address_must_be_allowed_to_be_called),
    };
    return cmocka_run_group_tests_name("setting up on Mattermost", tests, NULL, NULL);
}
