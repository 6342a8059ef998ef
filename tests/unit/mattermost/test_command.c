/* A slash-command is believed when it shows a token that only the server can know; of one that is not, nothing is
 * done. */
#include "desk.h"

#define WHO_AND_WHERE                                                                                                \
    "channel_id=" CHANNEL "&channel_name=product-asks&team_domain=acme&team_id=" TEAM "&user_id=" DANA               \
    "&user_name=dana"
#define A_COMMAND WHO_AND_WHERE "&command=%2Fask&trigger_id=bnUzM2ppbg%3D%3D&token=" TOKEN

static void test_a_command(void **state)
{
    const struct event *event =
        believe(*state, CALLBACK_COMMAND,
                A_COMMAND "&text=+Add+SSO+%E2%80%94+%22quoted%22+%26+%3Cb%3E+%25+%ED%95%9C%0A+"
                          "&response_url=https%3A%2F%2Fchat.example.com%2Fmm%2Fhooks%2Fcommands%2F" POST);
    assert_int_equal(event->kind, EVENT_COMMAND);
    assert_text(event->command, "/ask");
    assert_text(event->text, "Add SSO — \"quoted\" & <b> % 한");
    assert_text(event->workspace, TEAM);
    assert_text(event->user, DANA);
    assert_text(event->user_name, "dana");
    assert_text(event->channel, CHANNEL);
    assert_text(event->channel_name, "product-asks");
    assert_int_equal(event->channel_kind, CHANNEL_UNKNOWN);
    assert_text(event->thread, NULL);
    assert_text(event->trigger, "bnUzM2ppbg==");
    assert_text(event->response_url, "https://chat.example.com/mm/hooks/commands/" POST);
    assert_true(g_str_has_prefix(event->keys[0], "trigger:"));
    assert_false(event->ephemeral || event->replay);
}

static void test_a_command_of_newer_servers_tells_its_thread(void **state)
{
    assert_text(believe(*state, CALLBACK_COMMAND, A_COMMAND "&root_id=" ROOT)->thread, ROOT);
    assert_text(believe(*state, CALLBACK_COMMAND, A_COMMAND "&root_id=")->thread, NULL);
    assert_text(believe(*state, CALLBACK_COMMAND, A_COMMAND)->text, "");
}

static void test_one_trigger_is_one_request_and_another_is_another(void **state)
{
    g_autofree char *first = g_strdup(believe(*state, CALLBACK_COMMAND, A_COMMAND)->keys[0]);
    assert_text(believe(*state, CALLBACK_COMMAND, A_COMMAND "&text=other")->keys[0], first);
    const struct event *event =
        believe(*state, CALLBACK_COMMAND, WHO_AND_WHERE "&command=%2Fask&trigger_id=b&token=" TOKEN);
    assert_string_not_equal(event->keys[0], first);
}

static void test_who_is_mentioned_in_a_command_is_learnt(void **state)
{
    struct desk *desk = *state;
    const struct event *event = believe(desk, CALLBACK_COMMAND,
                                        A_COMMAND "&text=%40eli+decides+%40mina&user_mentions=eli&user_mentions=mina"
                                                  "&user_mentions_ids=" ELI "&user_mentions_ids=" ROOT);
    assert_text(event->text, PERSON ELI END " decides " PERSON ROOT END);
    assert_text(names_find(desk->names, "dana"), DANA);
    believe(desk, CALLBACK_COMMAND, A_COMMAND "&user_mentions=rain&user_mentions=joe&user_mentions_ids=" POST);
    believe(desk, CALLBACK_COMMAND, A_COMMAND "&user_mentions=rain&user_mentions_ids=x");
    believe(desk, CALLBACK_COMMAND, A_COMMAND "&user_mentions=r+a&user_mentions_ids=" POST);
    assert_null(names_find(desk->names, "rain"));
    assert_null(names_handle(desk->names, POST));
}

static void test_of_a_crowd_that_is_mentioned_the_first_hundred_are_learnt(void **state)
{
    struct desk *desk = *state;
    g_autoptr(GString) body = g_string_new(A_COMMAND);
    for (int i = 0; i < 150; i++)
        g_string_append_printf(body, "&user_mentions=p%d&user_mentions_ids=%026d", i, i);
    believe(desk, CALLBACK_COMMAND, body->str);
    assert_text(names_find(desk->names, "p99"), "00000000000000000000000099");
    assert_null(names_find(desk->names, "p100"));
}

static void test_where_a_command_was_typed(void **state)
{
    static const struct {
        const char *name;
        enum channel_kind kind;
        const char *kept;
    } cases[] = {
        {DANA "__" ASKWHY, CHANNEL_DIRECT, NULL},
        {"832fd1fa39fca1363988989455b96b109e989f41", CHANNEL_PRIVATE, NULL},
        {"832fd1fa39fca1363988989455b96b109e989f4", CHANNEL_UNKNOWN, "832fd1fa39fca1363988989455b96b109e989f4"},
        {"832fd1fa39fca1363988989455b96b109e989f41a", CHANNEL_UNKNOWN, "832fd1fa39fca1363988989455b96b109e989f41a"},
        {"a__b", CHANNEL_UNKNOWN, "a__b"},
        {"", CHANNEL_UNKNOWN, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = g_strdup_printf("channel_id=" CHANNEL "&channel_name=%s&user_id=" DANA
                                                "&command=%%2Fask&trigger_id=b&token=" TOKEN,
                                                cases[i].name);
        const struct event *event = believe(*state, CALLBACK_COMMAND, body);
        assert_int_equal(event->channel_kind, cases[i].kind);
        assert_text(event->channel_name, cases[i].kept);
        assert_text(event->workspace, NULL);
        assert_text(event->user_name, NULL);
    }
}

/* An answer given there is somebody's private words. */
static void test_private_answers_go_to_the_server_and_nowhere_else(void **state)
{
    static const char *const urls[] = {
        "https%3A%2F%2Fevil.example.com%2Fmm%2Fhooks%2Fcommands%2F" POST,
        "https%3A%2F%2Fchat.example.com%2Fmm%2Fhooks%2Fcommands%2F..%2F..%2Fapi",
        "https%3A%2F%2Fchat.example.com%2Fmm%2Fhooks%2Fcommands%2F" POST "%40evil",
        "https%3A%2F%2Fchat.example.com%2Fmm.evil.example%2Fhooks%2Fcommands%2F" POST,
        "http%3A%2F%2Fchat.example.com%2Fmm%2Fhooks%2Fcommands%2F" POST,
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
        g_autofree char *body = g_strconcat(A_COMMAND "&response_url=", urls[i], NULL);
        assert_text(believe(*state, CALLBACK_COMMAND, body)->response_url, NULL);
    }
}

static void test_a_command_without_the_token_is_refused(void **state)
{
    struct desk *desk = *state;
    static const char *const tokens_tried[] = {"wrongtoken0000000000000000", "commandtoken0000000000000",
                                               "commandtoken00000000000000x", "", "COMMANDTOKEN00000000000000"};
    for (gsize i = 0; i < G_N_ELEMENTS(tokens_tried); i++) {
        g_autofree char *body = g_strdup_printf(WHO_AND_WHERE "&user_mentions=eli&user_mentions_ids=" ELI
                                                              "&command=%%2Fask&trigger_id=b&token=%s",
                                                tokens_tried[i]);
        refuse(desk, CALLBACK_COMMAND, body, 401, "not a command's token");
    }
    assert_null(names_find(desk->names, "dana"));
    assert_null(names_find(desk->names, "eli"));
}

static void test_the_token_may_come_in_the_header_alone(void **state)
{
    struct desk *desk = *state;
    static const char body[] = WHO_AND_WHERE "&command=%2Fask&trigger_id=b";
    call(desk, CALLBACK_COMMAND, body, strlen(body), "Token " TOKEN, &options);
    assert_non_null(desk->verdict.event);
    call(desk, CALLBACK_COMMAND, body, strlen(body), "token " TOKEN, &options);
    assert_non_null(desk->verdict.event);
    static const char *const wrong[] = {("Bearer " TOKEN), "Token", "Token ", TOKEN, "Token x"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        call(desk, CALLBACK_COMMAND, body, strlen(body), wrong[i], &options);
        assert_refused(desk, 401, "not a command's token");
    }
    static const char both[] = WHO_AND_WHERE "&command=%2Fask&trigger_id=b&token=wrong";
    call(desk, CALLBACK_COMMAND, both, strlen(both), "Token " TOKEN, &options);
    assert_refused(desk, 401, "not a command's token");
}

static void test_each_teams_token_is_good_and_without_any_none_is(void **state)
{
    struct desk *desk = *state;
    believe(desk, CALLBACK_COMMAND, WHO_AND_WHERE "&command=%2Fask&trigger_id=b&token=anotherteamstoken000000000");
    static const char *const none[] = {NULL}, *const empty[] = {"", NULL};
    const struct mattermost_options unset = {.url = "https://x", .command_tokens = NULL, .signing_key = KEY},
                                    no_tokens = {.url = "https://x", .command_tokens = none, .signing_key = KEY},
                                    empty_token = {.url = "https://x", .command_tokens = empty, .signing_key = KEY};
    call(desk, CALLBACK_COMMAND, A_COMMAND, strlen(A_COMMAND), "", &unset);
    assert_refused(desk, 401, "no token of a command is configured");
    call(desk, CALLBACK_COMMAND, A_COMMAND, strlen(A_COMMAND), "", &no_tokens);
    assert_refused(desk, 401, "no token of a command is configured");
    static const char without[] = WHO_AND_WHERE "&command=%2Fask&trigger_id=b";
    call(desk, CALLBACK_COMMAND, without, strlen(without), "", &empty_token);
    assert_refused(desk, 401, "not a command's token");
}

static void test_a_form_that_is_none_is_refused(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *more, *why;
    } cases[] = {
        {"&text=%", "not a form of UTF-8"},
        {"&text=%4", "not a form of UTF-8"},
        {"&text=%zz", "not a form of UTF-8"},
        {"&text=%00", "not a form of UTF-8"},
        {"&te%00xt=a", "not a form of UTF-8"},
        {"&text=%ff", "not a form of UTF-8"},
        {"&text=%ed%a0%80", "not a form of UTF-8"},
        {"&text=\xc3", "not a form of UTF-8"},
        {"&token=" TOKEN, "a field is there twice"},
        {"&user_id=" ELI, "a field is there twice"},
        {"&te%78t=a&text=b", "a field is there twice"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = g_strconcat(A_COMMAND, cases[i].more, NULL);
        refuse(desk, CALLBACK_COMMAND, body, 400, cases[i].why);
    }
    static const char nul[] = A_COMMAND "&text=a\0b";
    call(desk, CALLBACK_COMMAND, nul, sizeof nul - 1, "", &options);
    assert_refused(desk, 400, "not a form of UTF-8");
    g_autoptr(GString) many = g_string_new(A_COMMAND);
    for (int i = 0; i < 5000; i++)
        g_string_append(many, "&a=b");
    refuse(desk, CALLBACK_COMMAND, many->str, 400, "too many fields");
    g_autofree char *huge = g_strnfill(1024 * 1024 + 1, 'a');
    refuse(desk, CALLBACK_COMMAND, huge, 413, "larger than 1 MiB");
    refuse(desk, CALLBACK_COMMAND, "", 401, "not a command's token");
    refuse(desk, CALLBACK_COMMAND, "&&==&", 401, "not a command's token");
}

static void test_a_command_that_lacks_something_is_refused_by_its_name(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *name, *value;
    } cases[] = {
        {"channel_id", ""}, {"channel_id", "..%2Fx"}, {"user_id", ""},          {"user_id", "dana"},
        {"team_id", "a"},   {"root_id", "x"},         {"command", ""},          {"command", "ask"},
        {"command", "%2F"}, {"trigger_id", ""},       {"trigger_id", "a+b%0A"}, {"trigger_id", "%22"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const char *const whole[][2] = {{"channel_id", CHANNEL}, {"user_id", DANA},     {"team_id", TEAM},
                                               {"root_id", ROOT},       {"command", "%2Fask"}, {"trigger_id", "b"},
                                               {"token", TOKEN}};
        g_autoptr(GString) body = g_string_new("text=x");
        for (gsize f = 0; f < G_N_ELEMENTS(whole); f++) {
            bool changed = strcmp(whole[f][0], cases[i].name) == 0;
            g_string_append_printf(body, "&%s=%s", whole[f][0], changed ? cases[i].value : whole[f][1]);
        }
        g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].name);
        refuse(desk, CALLBACK_COMMAND, body->str, 400, why);
    }
    g_autofree char *long_trigger = g_strnfill(1001, 'a');
    g_autofree char *body =
        g_strdup_printf(WHO_AND_WHERE "&command=%%2Fask&token=" TOKEN "&trigger_id=%s", long_trigger);
    refuse(desk, CALLBACK_COMMAND, body, 400, "\"trigger_id\" is missing or of a wrong type");
}

static void test_a_command_of_any_length_is_cut(void **state)
{
    g_autofree char *words = g_strnfill(60000, 'a');
    g_autofree char *body = g_strconcat(A_COMMAND "&text=", words, NULL);
    assert_int_equal(strlen(believe(*state, CALLBACK_COMMAND, body)->text), 16383);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_a_command),
        story(test_a_command_of_newer_servers_tells_its_thread),
        story(test_one_trigger_is_one_request_and_another_is_another),
        story(test_who_is_mentioned_in_a_command_is_learnt),
        story(test_of_a_crowd_that_is_mentioned_the_first_hundred_are_learnt),
        story(test_where_a_command_was_typed),
        story(test_private_answers_go_to_the_server_and_nowhere_else),
        story(test_a_command_without_the_token_is_refused),
        story(test_the_token_may_come_in_the_header_alone),
        story(test_each_teams_token_is_good_and_without_any_none_is),
        story(test_a_form_that_is_none_is_refused),
        story(test_a_command_that_lacks_something_is_refused_by_its_name),
        story(test_a_command_of_any_length_is_cut),
    };
    return cmocka_run_group_tests_name("mattermost_command", tests, NULL, NULL);
}
