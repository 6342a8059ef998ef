/* Commands, buttons and dialogs are believed when they show what only askwhy or the server can know; what is wrong with
 * the others is said by name, and nothing of them is done. */
#include "heard.h"

#include "bot/chat/message.h"

#define TOKEN "commandtoken00000000000000"
#define TRIGGER "Y29tenVpaXlxN3IzNWpubXJjamI4ZXRjNWM6d2dqdWJkYTZhdG4zOjE3OTUyODA5NzU3MTA6TUVVQ0lR="
#define NOW INT64_C(1795280976000)
#define KEY "5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d"

static const char *const tokens[] = {"anotherteamstoken000000000", TOKEN, NULL};

static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "Dana Reyes" : NULL;
}

static const struct mattermost_options options = {
    .url = "https://chat.example.com/mm",
    .token = "x",
    .command_tokens = tokens,
    .callback_url = "http://bot:8600/mattermost",
    .signing_key = KEY,
    .name = name_of,
};

struct desk {
    struct names *names;
    struct callback_verdict verdict;
};

static int begin(void **state)
{
    struct desk *desk = g_new0(struct desk, 1);
    desk->names = names_new();
    *state = desk;
    return 0;
}

static int end(void **state)
{
    struct desk *desk = *state;
    callback_verdict_done(&desk->verdict);
    names_free(desk->names);
    g_free(desk);
    return 0;
}

static void call(struct desk *desk, enum callback_kind kind, const char *body, gsize size, const char *authorization,
                 const struct mattermost_options *by)
{
    callback_verdict_done(&desk->verdict);
    mattermost_decode_callback(kind, body, size, authorization, by, desk->names, NOW, &desk->verdict);
}

static const struct event *believe(struct desk *desk, enum callback_kind kind, const char *body)
{
    call(desk, kind, body, strlen(body), "", &options);
    if (desk->verdict.event == NULL)
        fail_msg("refused (%s): %s", desk->verdict.why, body);
    assert_null(desk->verdict.answer);
    assert_string_equal(desk->verdict.event->platform, "mattermost");
    assert_true(desk->verdict.event->accepts_reply);
    return desk->verdict.event;
}

static void assert_refused(struct desk *desk, int status, const char *why)
{
    if (desk->verdict.event != NULL)
        fail_msg("believed, though: %s", why);
    assert_int_equal(desk->verdict.status, status);
    assert_text(desk->verdict.why, why);
    g_autoptr(cJSON) answer = json_of(desk->verdict.answer);
    assert_true(json_str(answer, "error") != NULL || json_str(answer, "error.message") != NULL);
}

static void refuse(struct desk *desk, enum callback_kind kind, const char *body, int status, const char *why)
{
    call(desk, kind, body, strlen(body), "", &options);
    assert_refused(desk, status, why);
}

/* ---- Commands ---- */

#define WHO_AND_WHERE \
    "channel_id=" CHANNEL "&channel_name=product-asks&team_domain=acme&team_id=" TEAM "&user_id=" DANA "&user_name=dana"
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
    const struct event *event = believe(*state, CALLBACK_COMMAND, WHO_AND_WHERE "&command=%2Fask&trigger_id=b&token=" TOKEN);
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
    static const char *const wrong[] = {"Bearer " TOKEN, "Token", "Token ", TOKEN, "Token x"};
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
        {"channel_id", ""},    {"channel_id", "..%2Fx"}, {"user_id", ""},          {"user_id", "dana"},
        {"team_id", "a"},      {"root_id", "x"},         {"command", ""},          {"command", "ask"},
        {"command", "%2F"},    {"trigger_id", ""},       {"trigger_id", "a+b%0A"}, {"trigger_id", "%22"},
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
    g_autofree char *body = g_strdup_printf(WHO_AND_WHERE "&command=%%2Fask&token=" TOKEN "&trigger_id=%s", long_trigger);
    refuse(desk, CALLBACK_COMMAND, body, 400, "\"trigger_id\" is missing or of a wrong type");
}

static void test_a_command_of_any_length_is_cut(void **state)
{
    g_autofree char *words = g_strnfill(60000, 'a');
    g_autofree char *body = g_strconcat(A_COMMAND "&text=", words, NULL);
    assert_int_equal(strlen(believe(*state, CALLBACK_COMMAND, body)->text), 16383);
}

/* ---- Buttons ---- */

static char *a_press(const char *action, const char *value, const char *changes)
{
    g_autoptr(cJSON) press = json_of("{\"user_id\":\"" DANA "\",\"user_name\":\"dana\",\"channel_id\":\"" CHANNEL "\","
                                     "\"channel_name\":\"product-asks\",\"team_id\":\"" TEAM "\",\"team_domain\":\"acme\","
                                     "\"post_id\":\"" POST "\",\"trigger_id\":\"" TRIGGER "\",\"type\":\"button\","
                                     "\"data_source\":\"\"}");
    json_put(press, "context", sign_button(KEY, CHANNEL, action, value));
    change(press, changes);
    return json_text(press);
}

static void test_a_pressed_button(void **state)
{
    struct desk *desk = *state;
    g_autofree char *body = a_press("why", "12", "{}");
    const struct event *event = believe(desk, CALLBACK_ACTION, body);
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_text(event->action, "why");
    assert_text(event->value, "12");
    assert_text(event->message, POST);
    assert_text(event->channel, CHANNEL);
    assert_text(event->channel_name, "product-asks");
    assert_text(event->user, DANA);
    assert_text(event->user_name, "dana");
    assert_text(event->workspace, TEAM);
    assert_text(event->trigger, TRIGGER);
    assert_true(g_str_has_prefix(event->keys[0], "trigger:"));
    assert_text(event->response_url, NULL);
    assert_false(event->ephemeral);
    assert_text(names_find(desk->names, "dana"), DANA);
}

static void test_a_button_in_a_direct_channel_and_one_without_a_value(void **state)
{
    g_autofree char *body = a_press("help", NULL,
                                    "{\"team_id\":\"\",\"team_domain\":\"\",\"channel_name\":\"" DANA "__" ASKWHY "\"}");
    const struct event *event = believe(*state, CALLBACK_ACTION, body);
    assert_text(event->value, NULL);
    assert_text(event->workspace, NULL);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
}

static void test_a_choice_in_a_menu_is_the_value(void **state)
{
    g_autoptr(cJSON) context = sign_button(KEY, CHANNEL, "sort", "12");
    json_put_str(context, "selected_option", "by \x12" "age ");
    g_autoptr(cJSON) changes = json_object();
    json_put_str(changes, "type", "select");
    json_put(changes, "context", cJSON_Duplicate(context, true));
    g_autofree char *text = json_text(changes);
    g_autofree char *menu = a_press("sort", "12", text);
    assert_text(believe(*state, CALLBACK_ACTION, menu)->value, "by age");
    json_put_str(changes, "x", "y");
    cJSON_ReplaceItemInObjectCaseSensitive(changes, "type", cJSON_CreateString("button"));
    g_autofree char *as_button = json_text(changes);
    g_autofree char *button = a_press("sort", "12", as_button);
    assert_text(believe(*state, CALLBACK_ACTION, button)->value, "12");
}

static void test_a_button_that_is_not_ours_is_refused(void **state)
{
    struct desk *desk = *state;
    static const char why[] = "a button that is not askwhy's, altered, or of another channel";
    static const char *const changes[] = {
        "{\"context\":true}", "{\"context\":{}}", "{\"context\":7}", "{\"context\":{\"item\":1,\"sig\":\"abc\"}}",
        "{\"context\":{\"a\":\"why\",\"v\":\"12\",\"s\":\"\"}}", "{\"channel_id\":\"" ROOT "\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *body = a_press("why", "12", changes[i]);
        refuse(desk, CALLBACK_ACTION, body, 403, why);
    }
    g_autofree char *text = a_press("why", "12", "{}");
    g_autoptr(cJSON) other = json_of(text);
    cJSON *context = cJSON_GetObjectItemCaseSensitive(other, "context");
    cJSON_ReplaceItemInObjectCaseSensitive(context, "v", cJSON_CreateString("13"));
    g_autofree char *altered = json_text(other);
    refuse(desk, CALLBACK_ACTION, altered, 403, why);
    assert_null(names_find(desk->names, "dana"));
}

static void test_a_press_that_lacks_something_is_refused_by_its_name(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"user_id\":true}", "user_id"},       {"{\"user_id\":7}", "user_id"},
        {"{\"user_name\":{}}", "user_name"},     {"{\"channel_id\":\"\"}", "channel_id"},
        {"{\"channel_name\":1}", "channel_name"}, {"{\"team_id\":\"x\"}", "team_id"},
        {"{\"post_id\":true}", "post_id"},       {"{\"post_id\":\"../x\"}", "post_id"},
        {"{\"trigger_id\":true}", "trigger_id"}, {"{\"trigger_id\":\"a b\"}", "trigger_id"},
        {"{\"type\":[]}", "type"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = a_press("why", "12", cases[i].change);
        g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        refuse(desk, CALLBACK_ACTION, body, 400, why);
    }
    refuse(desk, CALLBACK_ACTION, "", 400, "not JSON, or nested too deep");
    refuse(desk, CALLBACK_ACTION, "[]", 400, "not a JSON object");
    refuse(desk, CALLBACK_ACTION, "{} x", 400, "bytes behind the JSON value");
    refuse(desk, CALLBACK_ACTION, "{\"user_id\":\"\xff\"}", 400, "not valid UTF-8");
}

/* ---- Dialogs ---- */

static char *signed_state(const char *user, int64_t expires_ms)
{
    struct form *form = form_new("reason", "12 card", "Why", "Save", "Cancel");
    form_add(form, FIELD_TEXT, "body", "Why", false);
    form_add(form, FIELD_CHANNEL, "place", "Where", true);
    form_add(form, FIELD_PERSON, "asker", "Who", true);
    char *state = sign_form(KEY, user, form, "00000000000000ab", expires_ms);
    form_free(form);
    return state;
}

static char *a_submission(const char *state, const char *changes)
{
    g_autoptr(cJSON) body = json_of("{\"type\":\"dialog_submission\",\"callback_id\":\"reason\",\"user_id\":\"" DANA "\","
                                    "\"channel_id\":\"" CHANNEL "\",\"team_id\":\"" TEAM "\",\"cancelled\":false,"
                                    "\"submission\":{\"body\":\" Acme\\u0011 churns \",\"empty\":\"\",\"kind\":null,\"num\":7,"
                                    "\"big\":12.5,\"asker\":\"" ELI "\",\"urgent\":true,\"late\":false}}");
    json_put(body, "state", cJSON_CreateString(state));
    change(body, changes);
    return json_text(body);
}

static void test_a_submitted_form(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *body = a_submission(ours, "{}");
    const struct event *event = believe(*state, CALLBACK_DIALOG, body);
    assert_int_equal(event->kind, EVENT_FORM);
    assert_text(event->form, "reason");
    assert_text(event->state, "12 card");
    assert_text(event->view, "00000000000000ab");
    assert_text(event->user, DANA);
    assert_text(event->workspace, TEAM);
    assert_text(event->channel, NULL);
    assert_text(event->keys[0], NULL);
    assert_text(event_field(event, "body"), "Acme churns");
    assert_text(event_field(event, "empty"), NULL);
    assert_text(event_field(event, "kind"), NULL);
    assert_text(event_field(event, "num"), "7");
    assert_text(event_field(event, "big"), "12.5");
    assert_text(event_field(event, "asker"), ELI);
    assert_text(event_field(event, "urgent"), "true");
    assert_text(event_field(event, "late"), "false");
    assert_int_equal(event->n_fields, 8);
}

static void test_a_form_that_was_closed(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const char *const shapes[] = {"{\"submission\":null}", "{\"submission\":{}}", "{\"submission\":true}", "{}"};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *submitted = a_submission(ours, shapes[i]);
        g_autoptr(cJSON) json = json_of(submitted);
        cJSON_ReplaceItemInObjectCaseSensitive(json, "cancelled", cJSON_CreateTrue());
        g_autofree char *body = json_text(json);
        const struct event *event = believe(*state, CALLBACK_DIALOG, body);
        assert_int_equal(event->kind, EVENT_FORM_CLOSED);
        assert_text(event->form, "reason");
        assert_text(event->keys[0], "closed:00000000000000ab");
        assert_int_equal(event->n_fields, 0);
    }
}

static void test_a_form_with_nothing_in_it(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *body = a_submission(ours, "{\"submission\":null}");
    assert_int_equal(believe(*state, CALLBACK_DIALOG, body)->n_fields, 0);
}

static void test_who_sees_a_form_too_late_or_by_anothers_hand_is_told(void **state)
{
    struct desk *desk = *state;
    g_autofree char *old = signed_state(DANA, NOW), *late = a_submission(old, "{}");
    refuse(desk, CALLBACK_DIALOG, late, 200, "a form that was open for too long");
    g_autoptr(cJSON) answer = json_of(desk->verdict.answer);
    assert_text(json_str(answer, "error"), "This form was open for too long. Please open it again.");
    g_autofree char *elis = signed_state(ELI, NOW + 1), *taken = a_submission(elis, "{}");
    refuse(desk, CALLBACK_DIALOG, taken, 200, "a form that was opened for somebody else");
}

static void test_a_form_that_is_not_ours_is_refused(void **state)
{
    struct desk *desk = *state;
    static const char why[] = "a form that is not askwhy's, or altered";
    g_autofree char *ours = signed_state(DANA, NOW + 1), *altered = g_strdup(ours);
    altered[strlen(altered) - 3] ^= 1;
    const char *const states[] = {"", "op=1", altered, "........................"};
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autofree char *body = a_submission(states[i], "{}");
        refuse(desk, CALLBACK_DIALOG, body, 403, why);
    }
    g_autofree char *none = a_submission(ours, "{\"state\":null}");
    refuse(desk, CALLBACK_DIALOG, none, 403, why);
}

static void test_a_submission_that_is_none_is_refused(void **state)
{
    struct desk *desk = *state;
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"user_id\":true}", "user_id"},
        {"{\"team_id\":7}", "team_id"},
        {"{\"state\":7}", "state"},
        {"{\"submission\":[]}", "submission"},
        {"{\"submission\":\"x\"}", "submission"},
        {"{\"submission\":{\"a\":{\"b\":[1,2]}}}", "submission"},
        {"{\"submission\":{\"a\":[\"b\"]}}", "submission"},
        {"{\"submission\":{\"a b\":\"c\"}}", "submission"},
        {"{\"submission\":{\"\":\"c\"}}", "submission"},
        {"{\"submission\":{\"a.b\":\"c\"}}", "submission"},
        {"{\"submission\":{\"a\":\"c\",\"a\":\"d\"}}", "submission"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = a_submission(ours, cases[i].change);
        g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        refuse(desk, CALLBACK_DIALOG, body, 400, why);
    }
    g_autoptr(GString) many = g_string_new("{\"submission\":{\"f\":1");
    for (int i = 0; i < 100; i++)
        g_string_append_printf(many, ",\"f%d\":1", i);
    g_string_append(many, "}}");
    g_autofree char *body = a_submission(ours, many->str);
    refuse(desk, CALLBACK_DIALOG, body, 400, "\"submission\" is missing or of a wrong type");
}

/* Clients send what they like; the server passes it on. */
static void test_people_and_channels_chosen_in_a_form_are_ids(void **state)
{
    struct desk *desk = *state;
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const char *const good[] = {"{\"submission\":{\"asker\":\"" ELI "\",\"place\":\"" CHANNEL "\"}}",
                                       "{\"submission\":{\"asker\":null,\"place\":\"\"}}",
                                       "{\"submission\":{\"body\":\"../users/me\"}}"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *body = a_submission(ours, good[i]);
        believe(desk, CALLBACK_DIALOG, body);
    }
    static const char *const bad[] = {"{\"submission\":{\"asker\":\"../users/me\"}}", "{\"submission\":{\"place\":\"asks\"}}",
                                      "{\"submission\":{\"place\":7}}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *body = a_submission(ours, bad[i]);
        refuse(desk, CALLBACK_DIALOG, body, 400, "\"submission\" is missing or of a wrong type");
    }
}

static void test_what_is_typed_into_a_form_is_bounded(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *words = g_strnfill(10000, 'a');
    g_autofree char *submission = g_strdup_printf("{\"submission\":{\"body\":\"%s\"}}", words);
    g_autofree char *body = a_submission(ours, submission);
    assert_int_equal(strlen(event_field(believe(*state, CALLBACK_DIALOG, body), "body")), 3000);
}

/* ---- Answers ---- */

static cJSON *answer_of(enum event_kind kind, const struct answer *answer)
{
    struct event *event = event_new(kind, "mattermost");
    event->channel = g_strdup(CHANNEL);
    g_autofree char *body = mattermost_answer(event, answer, &options);
    event_free(event);
    return json_of(body);
}

static struct message *a_message(bool buttons)
{
    struct message *message = message_new("saved");
    message_add(message, PART_TEXT, "Saved by \x12" DANA "\x1e.");
    message_add(message, PART_NOTE, "small *print*");
    if (buttons)
        message_add_button(message, "why", "12", "Why?", BUTTON_PRIMARY);
    return message;
}

static void test_nothing_to_say_is_an_answer_too(void **state)
{
    (void)state;
    static const enum event_kind kinds[] = {EVENT_COMMAND, EVENT_BUTTON, EVENT_FORM, EVENT_FORM_CLOSED};
    static const struct answer nothing = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(cJSON) none = answer_of(kinds[i], NULL);
        g_autoptr(cJSON) empty = answer_of(kinds[i], &nothing);
        assert_true(cJSON_Compare(none, empty, true));
        assert_int_equal(cJSON_GetArraySize(none), kinds[i] == EVENT_COMMAND ? 1 : 0);
        assert_text(json_str(none, "response_type"), kinds[i] == EVENT_COMMAND ? "ephemeral" : NULL);
    }
}

static void test_a_command_is_answered_privately_with_buttons_that_come_back(void **state)
{
    struct message *message = a_message(true);
    struct answer answer = {.message = message};
    g_autoptr(cJSON) body = answer_of(EVENT_COMMAND, &answer);
    assert_text(json_str(body, "response_type"), "ephemeral");
    assert_non_null(strstr(json_str0(body, "text"), "Dana Reyes"));
    assert_true(json_true(body, "skip_slack_parsing"));
    assert_null(json_get(body, "props"));
    const cJSON *action = json_get(body, "attachments.0.actions.0");
    assert_text(json_str(action, "name"), "Why?");
    g_autofree char *context = json_text(json_get(action, "integration.context"));
    g_autofree char *changes = g_strdup_printf("{\"context\":%s}", context);
    g_autofree char *press = a_press("other", "1", changes);
    const struct event *event = believe(*state, CALLBACK_ACTION, press);
    assert_text(event->action, "why");
    assert_text(event->value, "12");
    message_free(message);
}

static void test_a_pressed_button_is_answered_beside_it(void **state)
{
    (void)state;
    struct message *message = a_message(false);
    struct answer answer = {.message = message};
    g_autoptr(cJSON) body = answer_of(EVENT_BUTTON, &answer);
    assert_non_null(strstr(json_str0(body, "ephemeral_text"), "Dana Reyes"));
    assert_non_null(strstr(json_str0(body, "ephemeral_text"), "\n\n"));
    assert_true(json_true(body, "skip_slack_parsing"));
    assert_null(json_get(body, "update"));
    assert_null(json_get(body, "attachments"));
    message_free(message);
}

static void test_what_is_wrong_with_a_form_stands_below_its_fields(void **state)
{
    (void)state;
    struct form_value errors[] = {{.name = (char *)"title", .value = (char *)"Say it in \x0e" "words\x1e"},
                                  {.name = (char *)"title", .value = (char *)"again"},
                                  {.name = (char *)"when", .value = NULL}};
    struct answer answer = {.errors = errors, .n_errors = 3};
    g_autoptr(cJSON) body = answer_of(EVENT_FORM, &answer);
    assert_text(json_str(body, "errors.title"), "Say it in words");
    assert_text(json_str(body, "errors.when"), "?");
    assert_int_equal(cJSON_GetArraySize(json_get(body, "errors")), 2);
    assert_int_equal(cJSON_GetArraySize(body), 1);
}

static void test_what_an_answer_carries(void **state)
{
    (void)state;
    struct event *command = event_new(EVENT_COMMAND, "mattermost"), *button = event_new(EVENT_BUTTON, "mattermost"),
                 *form = event_new(EVENT_FORM, "mattermost"), *mention = event_new(EVENT_MENTION, "mattermost");
    g_autofree char *words = g_strnfill(50000, 'a');
    struct message *plain = a_message(false), *pressable = a_message(true), *huge = message_text(words);
    assert_true(mattermost_carries(command, plain) && mattermost_carries(command, pressable));
    assert_true(mattermost_carries(button, plain));
    assert_false(mattermost_carries(button, pressable));
    assert_false(mattermost_carries(command, huge) || mattermost_carries(button, huge));
    assert_false(mattermost_carries(form, plain) || mattermost_carries(mention, plain));
    event_free(command);
    event_free(button);
    event_free(form);
    event_free(mention);
    message_free(plain);
    message_free(pressable);
    message_free(huge);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_a_command),
        story(test_a_command_of_newer_servers_tells_its_thread),
        story(test_one_trigger_is_one_request_and_another_is_another),
        story(test_who_is_mentioned_in_a_command_is_learnt),
        story(test_where_a_command_was_typed),
        story(test_private_answers_go_to_the_server_and_nowhere_else),
        story(test_a_command_without_the_token_is_refused),
        story(test_the_token_may_come_in_the_header_alone),
        story(test_each_teams_token_is_good_and_without_any_none_is),
        story(test_a_form_that_is_none_is_refused),
        story(test_a_command_that_lacks_something_is_refused_by_its_name),
        story(test_a_command_of_any_length_is_cut),
        story(test_a_pressed_button),
        story(test_a_button_in_a_direct_channel_and_one_without_a_value),
        story(test_a_choice_in_a_menu_is_the_value),
        story(test_a_button_that_is_not_ours_is_refused),
        story(test_a_press_that_lacks_something_is_refused_by_its_name),
        story(test_a_submitted_form),
        story(test_a_form_that_was_closed),
        story(test_a_form_with_nothing_in_it),
        story(test_who_sees_a_form_too_late_or_by_anothers_hand_is_told),
        story(test_a_form_that_is_not_ours_is_refused),
        story(test_a_submission_that_is_none_is_refused),
        story(test_people_and_channels_chosen_in_a_form_are_ids),
        story(test_what_is_typed_into_a_form_is_bounded),
        story(test_nothing_to_say_is_an_answer_too),
        story(test_a_command_is_answered_privately_with_buttons_that_come_back),
        story(test_a_pressed_button_is_answered_beside_it),
        story(test_what_is_wrong_with_a_form_stands_below_its_fields),
        story(test_what_an_answer_carries),
    };
    return cmocka_run_group_tests_name("mattermost_callback", tests, NULL, NULL);
}
