/* What is to be sent becomes one request, and each answer one verdict. */
#include "story.h"

#include <string.h>

#define PING "\x11"
#define PERSON "\x12"
#define END "\x1e"

static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, "U0SAM") == 0 ? "Sam <Okafor>" : NULL;
}

struct scene {
    struct codec *codec;
    struct message *content;
    struct form *form;
    struct outgoing out;
    struct rest_request request;
    struct verdict verdict;
};

static int set_up(void **state)
{
    static const struct slack_options options = {
        .api_url = "https://slack.com/api/", .bot_token = "xoxb-token", .name = name_of};
    struct scene *scene = g_new0(struct scene, 1);
    scene->codec = slack_codec_new(&options, &self);
    scene->content = message_text("Raised by " PERSON "U0SAM" END " for " PING "U0DANA" END " & <!all>");
    scene->form = form_new("edit", "42", "Edit", "Save", "Cancel");
    form_add(scene->form, FIELD_LINE, "title", "Title", false)->initial = g_strdup("ask " PERSON "U0SAM" END);
    scene->out = (struct outgoing){
        .op = "0123456789abcdef",
        .channel = "C0ASKS",
        .thread = "1763700000.000100",
        .message = "1763700100.000200",
        .user = "U0DANA",
        .trigger = "111.222.3fac",
        .emoji = "white_check_mark",
        .url = "https://hooks.slack.com/commands/T0ACME/111/abc",
        .content = scene->content,
        .form = scene->form,
        .since_ms = 1763700000123,
    };
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    rest_request_done(&scene->request);
    verdict_done(&scene->verdict);
    message_free(scene->content);
    form_free(scene->form);
    slack_codec_free(scene->codec);
    g_free(scene);
    return 0;
}

static bool encode(struct scene *scene, enum outgoing_kind kind)
{
    rest_request_done(&scene->request);
    scene->request = (struct rest_request){0};
    scene->out.kind = kind;
    return scene->codec->encode(scene->codec, &scene->out, &scene->request);
}

/* The value of a form-encoded parameter; NULL when absent. */
static char *param(const struct scene *scene, const char *name)
{
    g_auto(GStrv) pairs = g_strsplit(scene->request.body, "&", -1);
    gsize size = strlen(name);
    for (char **pair = pairs; *pair != NULL; pair++) {
        if (strncmp(*pair, name, size) == 0 && (*pair)[size] == '=')
            return g_uri_unescape_string(*pair + size + 1, NULL);
    }
    return NULL;
}

static void assert_param(const struct scene *scene, const char *name, const char *expected)
{
    g_autofree char *value = param(scene, name);
    assert_text(value, expected);
}

static cJSON *json_param(const struct scene *scene, const char *name)
{
    g_autofree char *value = param(scene, name);
    assert_non_null(value);
    cJSON *json = json_parse(value, strlen(value), NULL);
    assert_non_null(json);
    return json;
}

static enum verdict_kind decode_response(struct scene *scene, const struct rest_response *response,
                                         bool search)
{
    verdict_done(&scene->verdict);
    (search ? scene->codec->decode_search : scene->codec->decode)(scene->codec, &scene->out, response,
                                                                  &scene->verdict);
    if (scene->verdict.kind != VERDICT_SENT && scene->verdict.kind != VERDICT_ABSENT &&
        scene->verdict.kind != VERDICT_MORE)
        assert_non_null(scene->verdict.why);
    return scene->verdict.kind;
}

static enum verdict_kind answered(struct scene *scene, int status, const char *body)
{
    struct rest_response response = {.outcome = REST_ANSWERED,
                                     .status = status,
                                     .body = body,
                                     .body_size = strlen(body),
                                     .retry_after_s = -1};
    return decode_response(scene, &response, false);
}

static enum verdict_kind found(struct scene *scene, const char *body)
{
    struct rest_response response = {.outcome = REST_ANSWERED,
                                     .status = 200,
                                     .body = body,
                                     .body_size = strlen(body),
                                     .retry_after_s = -1};
    return decode_response(scene, &response, true);
}

static enum verdict_kind unanswered(struct scene *scene, enum rest_outcome outcome)
{
    struct rest_response response = {
        .outcome = outcome, .body = "", .retry_after_s = -1, .error = "the connection was reset"};
    return decode_response(scene, &response, false);
}

/* ---- Requests ---- */

static void test_a_post(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_POST));
    assert_string_equal(scene->request.method, "POST");
    assert_string_equal(scene->request.url, "https://slack.com/api/chat.postMessage");
    assert_string_equal(scene->request.headers[0], "Authorization: Bearer xoxb-token");
    assert_null(scene->request.headers[1]);
    assert_int_equal(scene->request.body_size, strlen(scene->request.body));
    assert_false(scene->request.idempotent);
    assert_param(scene, "channel", "C0ASKS");
    assert_param(scene, "thread_ts", "1763700000.000100");
    assert_param(scene, "unfurl_links", "false");
    assert_param(scene, "unfurl_media", "false");
    assert_param(scene, "link_names", "false");
    assert_param(scene, "parse", "none");
    assert_param(scene, "metadata",
                 "{\"event_type\":\"askwhy\",\"event_payload\":{\"op\":\"0123456789abcdef\"}}");
    assert_null(strstr(scene->request.body, "xoxb"));
}

static void test_a_post_notifies_whom_it_pings_and_nobody_else(void **state)
{
    struct scene *scene = *state;
    static const char expected[] = "Raised by @Sam &lt;Okafor&gt; for <@U0DANA> &amp; &lt;!all&gt;";
    encode(scene, OUT_POST);
    assert_param(scene, "text", expected);
    g_autoptr(cJSON) blocks = json_param(scene, "blocks");
    assert_string_equal(json_str(blocks, "0.text.text"), expected);
    /* A change or a private message notifies nobody: there Slack's own mention may stand. */
    encode(scene, OUT_UPDATE);
    assert_param(scene, "text", "Raised by <@U0SAM> for <@U0DANA> &amp; &lt;!all&gt;");
}

static void test_every_sign_but_the_plain_ones_is_escaped(void **state)
{
    struct scene *scene = *state;
    scene->out.user = "aZ09-._~ +&=%/?\x01\x7fä😀";
    assert_true(encode(scene, OUT_OPEN_DM));
    assert_string_equal(scene->request.body,
                        "users=aZ09-._~%20%2B%26%3D%25%2F%3F%01%7F%C3%A4%F0%9F%98%80");
    assert_int_equal(scene->request.body_size, strlen(scene->request.body));
    scene->out.user = "";
    assert_true(encode(scene, OUT_OPEN_DM));
    assert_string_equal(scene->request.body, "users=");
}

static void test_what_is_posted_stays_as_it_was(void **state)
{
    struct scene *scene = *state;
    message_add(scene->content, PART_HEADING, "For " PING "U0SAM" END);
    message_add_button(scene->content, "voice", "7", "+1", BUTTON_PRIMARY);
    g_autofree char *before = message_to_json(scene->content);
    encode(scene, OUT_POST);
    g_autoptr(cJSON) blocks = json_param(scene, "blocks");
    assert_string_equal(json_str(blocks, "1.text.text"), "For @Sam <Okafor>");
    assert_string_equal(json_str(blocks, "2.elements.0.action_id"), "voice");
    assert_string_equal(json_str(blocks, "2.elements.0.value"), "7");
    g_autofree char *after = message_to_json(scene->content);
    assert_string_equal(before, after);

    struct field *field = form_add(scene->form, FIELD_CHOICE, "owner", "Owner, not " PERSON "U0SAM" END, false);
    field_add_option(field, "1", "ask " PING "U0SAM" END);
    g_autofree char *form_before = form_to_json(scene->form);
    encode(scene, OUT_FORM);
    g_autofree char *view = param(scene, "view");
    assert_non_null(strstr(view, "Owner, not @Sam <Okafor>"));
    assert_non_null(strstr(view, "ask @Sam <Okafor>"));
    g_autofree char *form_after = form_to_json(scene->form);
    assert_string_equal(form_before, form_after);
}

static void test_a_post_may_have_previews(void **state)
{
    struct scene *scene = *state;
    scene->content->quiet_links = false;
    encode(scene, OUT_POST);
    assert_param(scene, "unfurl_links", NULL);
}

static void test_an_update_keeps_the_mark_and_sends_the_blocks(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_UPDATE));
    assert_string_equal(scene->request.url, "https://slack.com/api/chat.update");
    assert_param(scene, "ts", "1763700100.000200");
    assert_param(scene, "metadata", NULL);
    g_autoptr(cJSON) blocks = json_param(scene, "blocks");
    assert_int_equal(cJSON_GetArraySize(blocks), 1);
    assert_true(scene->request.idempotent);
}

static void test_the_other_requests(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_EPHEMERAL));
    assert_string_equal(scene->request.url, "https://slack.com/api/chat.postEphemeral");
    assert_param(scene, "user", "U0DANA");
    assert_false(scene->request.idempotent);
    assert_true(encode(scene, OUT_REACTION));
    assert_string_equal(scene->request.body,
                        "channel=C0ASKS&timestamp=1763700100.000200&name=white_check_mark");
    assert_true(encode(scene, OUT_OPEN_DM));
    assert_string_equal(scene->request.url, "https://slack.com/api/conversations.open");
    assert_string_equal(scene->request.body, "users=U0DANA");
    assert_true(encode(scene, OUT_JOIN));
    assert_string_equal(scene->request.url, "https://slack.com/api/conversations.join");
    assert_string_equal(scene->request.body, "channel=C0ASKS");
    assert_true(encode(scene, OUT_HOME));
    assert_string_equal(scene->request.url, "https://slack.com/api/views.publish");
    g_autoptr(cJSON) home = json_param(scene, "view");
    assert_string_equal(json_str(home, "type"), "home");
    assert_true(encode(scene, OUT_FORM));
    assert_string_equal(scene->request.url, "https://slack.com/api/views.open");
    assert_param(scene, "trigger_id", "111.222.3fac");
    g_autoptr(cJSON) view = json_param(scene, "view");
    assert_string_equal(json_str(view, "external_id"), "0123456789abcdef");
    assert_string_equal(json_str(view, "blocks.0.element.initial_value"), "ask @Sam <Okafor>");
}

static void test_no_value_can_add_a_parameter(void **state)
{
    struct scene *scene = *state;
    scene->out.channel = "C1&token=x#%00\r\nX: y";
    encode(scene, OUT_POST);
    assert_param(scene, "token", NULL);
    assert_param(scene, "channel", "C1&token=x#%00\r\nX: y");
    assert_null(strchr(scene->request.body, '\n'));
}

static void test_what_lacks_its_target_is_not_sent(void **state)
{
    struct scene *scene = *state;
    scene->out = (struct outgoing){.op = "0123456789abcdef"};
    for (int kind = 0; kind < OUT_KINDS; kind++)
        assert_false(encode(scene, (enum outgoing_kind)kind));
}

static void test_private_answers_go_to_slack_alone(void **state)
{
    struct scene *scene = *state;
    scene->out.message = NULL;
    assert_true(encode(scene, OUT_RESPONSE));
    assert_string_equal(scene->request.url, "https://hooks.slack.com/commands/T0ACME/111/abc");
    assert_string_equal(scene->request.headers[0], "Content-Type: application/json; charset=utf-8");
    assert_null(scene->request.headers[1]); /* no token */
    g_autoptr(cJSON) body = json_parse(scene->request.body, scene->request.body_size, NULL);
    assert_string_equal(json_str(body, "response_type"), "ephemeral");
    assert_true(cJSON_IsFalse(json_get(body, "replace_original")));
    assert_int_equal(cJSON_GetArraySize(json_get(body, "blocks")), 1);
    scene->out.message = "1763700000.000100"; /* what was pressed gives way to its answer */
    assert_true(encode(scene, OUT_RESPONSE));
    assert_non_null(strstr(scene->request.body, "\"replace_original\":true"));
    scene->out.url = "https://slack.com/api/response/1"; /* the server we talk to anyway */
    assert_true(encode(scene, OUT_RESPONSE));
    static const char *const refused[] = {
        "http://hooks.slack.com/commands/T/1/a",
        "https://hooks.slack.com.evil.example/commands",
        "https://hooks.slack.com@evil.example/commands",
        "https://user:pw@hooks.slack.com/commands",
        "https://hooks.slack.com:8443/commands",
        "https://evil.example/hooks.slack.com",
        "https://evil.example\\@hooks.slack.com/",
        "https://hooks.slack.com/a b",
        "https://hooks.slack.com/a\r\nX: y",
        "http://slack.com/api/response/1",
        "https://slack.com:444/api/response/1",
        "http://127.0.0.1:22/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//hooks.slack.com/x",
        "hooks.slack.com",
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        scene->out.url = refused[i];
        if (encode(scene, OUT_RESPONSE))
            fail_msg("would post to %s", refused[i]);
    }
}

/* ---- Verdicts ---- */

static void test_success_says_where(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(
        answered(scene, 200, "{\"ok\":true,\"channel\":\"C0ASKS\",\"ts\":\"1763700200.000300\"}"),
        VERDICT_SENT);
    assert_text(scene->verdict.channel, "C0ASKS");
    assert_text(scene->verdict.message, "1763700200.000300");
    assert_int_equal(answered(scene, 200, "{\"ok\":true}"), VERDICT_UNKNOWN);
    scene->out.kind = OUT_OPEN_DM;
    assert_int_equal(answered(scene, 200, "{\"ok\":true,\"channel\":{\"id\":\"D0DANA\"}}"), VERDICT_SENT);
    assert_text(scene->verdict.channel, "D0DANA");
    assert_int_equal(answered(scene, 200, "{\"ok\":true,\"channel\":7}"), VERDICT_UNKNOWN);
    scene->out.kind = OUT_FORM;
    assert_int_equal(answered(scene, 200, "{\"ok\":true,\"view\":{\"id\":\"V1\"}}"), VERDICT_SENT);
    assert_text(scene->verdict.message, "V1");
}

static void test_done_before_is_done(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_REACTION;
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"already_reacted\"}"), VERDICT_SENT);
    scene->out.kind = OUT_FORM;
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"duplicate_external_id\"}"),
                     VERDICT_SENT);
}

static void test_each_error_code_has_its_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum verdict_kind kind;
    } cases[] = {
        {"invalid_auth", VERDICT_STOPPED},
        {"token_revoked", VERDICT_STOPPED},
        {"missing_scope", VERDICT_STOPPED},
        {"account_inactive", VERDICT_STOPPED},
        {"no_permission", VERDICT_STOPPED},
        {"ekm_access_denied", VERDICT_STOPPED},
        {"channel_not_found", VERDICT_FAILED},
        {"not_in_channel", VERDICT_FAILED},
        {"is_archived", VERDICT_FAILED},
        {"msg_too_long", VERDICT_FAILED},
        {"invalid_blocks", VERDICT_FAILED},
        {"cant_update_message", VERDICT_FAILED},
        {"message_not_found", VERDICT_GONE},
        {"thread_not_found", VERDICT_ROOT_GONE},
        {"expired_trigger_id", VERDICT_FAILED},
        {"user_not_in_channel", VERDICT_FAILED},
        {"restricted_action", VERDICT_FAILED},
        {"restricted_action_thread_locked", VERDICT_FAILED},
        {"of_days_to_come", VERDICT_FAILED},
        {"", VERDICT_FAILED},
        {"ratelimited", VERDICT_RETRY},
        {"rate_limited", VERDICT_RETRY},
        {"message_limit_exceeded", VERDICT_RETRY},
        {"hash_conflict", VERDICT_RETRY},
        {"invalid_cursor", VERDICT_RETRY},
        {"request_timeout", VERDICT_RETRY},
        {"internal_error", VERDICT_UNKNOWN},
        {"fatal_error", VERDICT_UNKNOWN},
        {"service_unavailable", VERDICT_UNKNOWN},
        {"already_reacted", VERDICT_SENT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (slack_error_kind(cases[i].code) != cases[i].kind)
            fail_msg("%s is sorted as %d", cases[i].code, slack_error_kind(cases[i].code));
    }
    assert_int_equal(slack_error_kind(NULL), VERDICT_FAILED);
}

static void test_the_reason_names_the_code_and_what_to_do(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    answered(
        scene, 200,
        "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\",\"provided\":\"commands\"}");
    assert_int_equal(scene->verdict.kind, VERDICT_STOPPED);
    assert_text(scene->verdict.why,
                "chat.postMessage: missing_scope (needs chat:write); add it to the app's bot token "
                "scopes and reinstall the app");
    answered(scene, 200, "{\"ok\":false,\"error\":\"not_in_channel\"}");
    assert_text(scene->verdict.why,
                "chat.postMessage: not_in_channel; invite askwhy to the channel: /invite @askwhy");
    answered(scene, 200, "{\"ok\":false,\"error\":\"a \\\"b\\nc\",\"needed\":\"x\\ny\"}");
    assert_text(scene->verdict.why, "chat.postMessage: unknown_error");
    assert_int_equal(scene->verdict.kind, VERDICT_FAILED);
}

static void test_statuses_and_broken_answers(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(answered(scene, 500, ""), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 503, "{\"ok\":false,\"error\":\"service_unavailable\"}"),
                     VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "<html>"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "{\"ok\":\"true\"}"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "{\"ok\":true"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 407, "proxy"), VERDICT_STOPPED);
    assert_int_equal(answered(scene, 404, "not here"), VERDICT_STOPPED);
    assert_int_equal(answered(scene, 302, ""), VERDICT_STOPPED);
    assert_int_equal(answered(scene, 413, ""), VERDICT_FAILED);
    assert_int_equal(unanswered(scene, REST_NOT_SENT), VERDICT_RETRY);
    assert_int_equal(unanswered(scene, REST_UNKNOWN), VERDICT_UNKNOWN);
    assert_text(scene->verdict.why, "chat.postMessage: the connection was reset");
}

static void test_too_many_requests_wait_as_told(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    struct rest_response response = {.outcome = REST_ANSWERED,
                                     .status = 429,
                                     .body = "{\"ok\":false,\"error\":\"ratelimited\"}",
                                     .retry_after_s = 7};
    response.body_size = strlen(response.body);
    assert_int_equal(decode_response(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 7000);
    response.retry_after_s = -1;
    assert_int_equal(decode_response(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 30000);
    response.retry_after_s = G_MAXINT64;
    assert_int_equal(decode_response(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 86400000);
}

static void test_private_messages_are_never_sent_twice(void **state)
{
    struct scene *scene = *state;
    static const enum outgoing_kind kinds[] = {OUT_EPHEMERAL, OUT_RESPONSE};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        scene->out.kind = kinds[i];
        assert_int_equal(unanswered(scene, REST_UNKNOWN), VERDICT_FAILED);
        assert_non_null(strstr(scene->verdict.why, "may have arrived"));
        assert_int_equal(answered(scene, 500, ""), VERDICT_FAILED);
        assert_int_equal(unanswered(scene, REST_NOT_SENT), VERDICT_RETRY);
    }
    assert_int_equal(answered(scene, 200, "ok"), VERDICT_SENT);
    assert_int_equal(answered(scene, 200, "{\"ok\":true}"), VERDICT_SENT);
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"invalid_blocks\"}"), VERDICT_FAILED);
    assert_int_equal(answered(scene, 404, "expired_url"), VERDICT_FAILED);
    assert_int_equal(answered(scene, 429, ""), VERDICT_RETRY);
}

/* ---- Searching ---- */

static bool encode_search(struct scene *scene, const char *cursor)
{
    rest_request_done(&scene->request);
    scene->request = (struct rest_request){0};
    return scene->codec->encode_search(scene->codec, &scene->out, cursor, &scene->request);
}

static void test_where_a_lost_post_is_looked_for(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_true(encode_search(scene, NULL));
    assert_string_equal(scene->request.url, "https://slack.com/api/conversations.replies");
    assert_param(scene, "channel", "C0ASKS");
    assert_param(scene, "ts", "1763700000.000100");
    assert_param(scene, "oldest", "1763699700.123000"); /* clocks differ: five minutes before */
    assert_param(scene, "include_all_metadata", "true");
    assert_param(scene, "cursor", NULL);
    assert_true(scene->request.idempotent);
    scene->out.thread = NULL;
    scene->out.since_ms = 0;
    assert_true(encode_search(scene, "dXNlcg=="));
    assert_string_equal(scene->request.url, "https://slack.com/api/conversations.history");
    assert_param(scene, "ts", NULL);
    assert_param(scene, "oldest", "0.000000");
    assert_param(scene, "cursor", "dXNlcg==");
    for (int kind = OUT_UPDATE; kind < OUT_KINDS; kind++) {
        scene->out.kind = (enum outgoing_kind)kind;
        if (kind != OUT_FILE) /* test_file.c */
            assert_false(encode_search(scene, NULL));
    }
}

#define POST_BY(author, op)                                                                                  \
    "{\"type\":\"message\"," author ",\"ts\":\"1763700200.000300\",\"metadata\":{\"event_type\":\"askwhy\"," \
    "\"event_payload\":{\"op\":\"" op "\"}}}"

static void test_the_mark_is_found_page_by_page(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(found(scene, "{\"ok\":true,\"messages\":[{\"text\":\"x\",\"ts\":\"1.2\"}," POST_BY(
                                      "\"user\":\"U0ASKWHY\"", "0123456789abcdef") "]}"),
                     VERDICT_SENT);
    assert_text(scene->verdict.message, "1763700200.000300");
    assert_text(scene->verdict.channel, "C0ASKS");
    assert_int_equal(found(scene, "{\"ok\":true,\"messages\":[],\"has_more\":true,"
                                  "\"response_metadata\":{\"next_cursor\":\"dXNlcg==\"}}"),
                     VERDICT_MORE);
    assert_text(scene->verdict.cursor, "dXNlcg==");
    assert_int_equal(found(scene, "{\"ok\":true,\"messages\":[" POST_BY(
                                      "\"bot_id\":\"B0ASKWHY\"",
                                      "fedcba9876543210") "],\"response_metadata\":{\"next_cursor\":\"\"}}"),
                     VERDICT_ABSENT);
    /* Somebody else's app that copied the mark. */
    assert_int_equal(found(scene, "{\"ok\":true,\"messages\":[" POST_BY(
                                      "\"user\":\"U0EVIL\",\"bot_id\":\"B0EVIL\"", "0123456789abcdef") "]}"),
                     VERDICT_ABSENT);
}

static void test_a_search_that_fails_is_only_repeated(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(found(scene, "{\"ok\":false,\"error\":\"internal_error\"}"), VERDICT_RETRY);
    assert_int_equal(found(scene, "{\"ok\":true,\"messages\":7}"), VERDICT_RETRY);
    assert_int_equal(found(scene, "{\"ok\":false,\"error\":\"thread_not_found\"}"), VERDICT_ABSENT);
    assert_int_equal(found(scene, "{\"ok\":false,\"error\":\"missing_scope\"}"), VERDICT_STOPPED);
    assert_int_equal(found(scene, "{\"ok\":false,\"error\":\"channel_not_found\"}"), VERDICT_FAILED);
}

/* ---- Pace and scopes ---- */

static void test_posts_keep_slacks_pace_in_each_channel(void **state)
{
    struct scene *scene = *state;
    int burst, interval;
    bool per_channel;
    assert_string_equal(scene->codec->method(scene->codec, OUT_POST, &burst, &interval, &per_channel),
                        "chat.postMessage");
    assert_true(per_channel);
    assert_int_equal(interval, 1000);
    assert_true(burst >= 1 && burst <= 5);
    assert_string_equal(scene->codec->method(scene->codec, OUT_UPDATE, &burst, &interval, &per_channel),
                        "chat.update");
    assert_false(per_channel);
    assert_int_equal(interval, 1200);
    static const struct slack_options slow = {
        .api_url = "https://slack.com/api", .bot_token = "xoxb-token", .requests_per_minute_posts = 30};
    struct codec *codec = slack_codec_new(&slow, &self);
    codec->method(codec, OUT_POST, &burst, &interval, &per_channel);
    assert_int_equal(interval, 2000);
    slack_codec_free(codec);
}

static void test_missing_scopes_are_named(void **state)
{
    (void)state;
    g_autofree char *all = g_strjoinv(", ", (char **)slack_scopes());
    g_autofree char *none = slack_scopes_missing(all);
    assert_null(none);
    GString *fewer = g_string_new(all);
    g_string_replace(fewer, "chat:write", "chat:write.public", 0);
    g_string_replace(fewer, "users:read", "users:read.email", 0);
    g_autofree char *missing = slack_scopes_missing(fewer->str);
    assert_text(missing, "chat:write, users:read");
    g_string_free(fewer, TRUE);
}

static void test_the_manifest_asks_for_exactly_these_scopes(void **state)
{
    (void)state;
    g_autofree char *manifest = NULL;
    assert_true(g_file_get_contents(TESTS_DIR "/../config/slack-manifest.yaml", &manifest, NULL, NULL));
    char *list = strstr(manifest, "    bot:\n");
    assert_non_null(list);
    list += strlen("    bot:\n");
    for (const char *const *scope = slack_scopes(); *scope != NULL; scope++) {
        g_autofree char *line = g_strdup_printf("      - %s\n", *scope);
        if (!g_str_has_prefix(list, line))
            fail_msg("the manifest differs at %s", *scope);
        list += strlen(line);
    }
    assert_false(g_str_has_prefix(list, "      - "));
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(test_a_post),
        STORY(test_a_post_notifies_whom_it_pings_and_nobody_else),
        STORY(test_every_sign_but_the_plain_ones_is_escaped),
        STORY(test_what_is_posted_stays_as_it_was),
        STORY(test_a_post_may_have_previews),
        STORY(test_an_update_keeps_the_mark_and_sends_the_blocks),
        STORY(test_the_other_requests),
        STORY(test_no_value_can_add_a_parameter),
        STORY(test_what_lacks_its_target_is_not_sent),
        STORY(test_private_answers_go_to_slack_alone),
        STORY(test_success_says_where),
        STORY(test_done_before_is_done),
        cmocka_unit_test(test_each_error_code_has_its_verdict),
        STORY(test_the_reason_names_the_code_and_what_to_do),
        STORY(test_statuses_and_broken_answers),
        STORY(test_too_many_requests_wait_as_told),
        STORY(test_private_messages_are_never_sent_twice),
        STORY(test_where_a_lost_post_is_looked_for),
        STORY(test_the_mark_is_found_page_by_page),
        STORY(test_a_search_that_fails_is_only_repeated),
        STORY(test_posts_keep_slacks_pace_in_each_channel),
        cmocka_unit_test(test_missing_scopes_are_named),
        cmocka_unit_test(test_the_manifest_asks_for_exactly_these_scopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
