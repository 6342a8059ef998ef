/* What is to be sent becomes one request, and each answer one verdict. */
#include "heard.h"

#define KEY "00112233445566778899aabbccddeeff"
#define OP "0123456789abcdef"
#define OTHER_POST "bcdefgh3htdpbwzxxtrzfm7ubf"

static const struct mattermost_options options = {.url = "https://chat.example/sub/",
                                                  .token = "bot-token",
                                                  .callback_url = "http://bot:8600/mattermost",
                                                  .signing_key = KEY};

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
    struct scene *scene = g_new0(struct scene, 1);
    scene->codec = mattermost_codec_new(&options, &self);
    scene->content = message_text("Raised");
    message_add_button(scene->content, "voice", "7", "+1", BUTTON_PRIMARY);
    scene->form = form_new("edit", "42", "Edit", "Save", "Cancel");
    form_add(scene->form, FIELD_LINE, "title", "Title", false);
    scene->out = (struct outgoing){.op = OP,
                                   .channel = CHANNEL,
                                   .thread = ROOT,
                                   .message = POST,
                                   .user = DANA,
                                   .trigger = "dHJpZ2dlcg==",
                                   .emoji = "white_check_mark",
                                   .url = "https://chat.example/sub/hooks/commands/abc",
                                   .content = scene->content,
                                   .form = scene->form,
                                   .since_ms = 1795280974622};
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
    mattermost_codec_free(scene->codec);
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

/* The JSON of the request of this kind, which goes to that path. */
static cJSON *encoded(struct scene *scene, enum outgoing_kind kind, const char *method, const char *path, bool idempotent)
{
    assert_true(encode(scene, kind));
    g_autofree char *url = g_strconcat("https://chat.example/sub/api/v4/", path, NULL);
    assert_string_equal(scene->request.method, method);
    assert_string_equal(scene->request.url, url);
    assert_int_equal(scene->request.idempotent, idempotent);
    assert_string_equal(scene->request.headers[0], "Authorization: Bearer bot-token");
    assert_string_equal(scene->request.headers[1], "Content-Type: application/json");
    assert_null(scene->request.headers[2]);
    assert_int_equal(scene->request.body_size, strlen(scene->request.body));
    assert_null(strstr(scene->request.body, "bot-token"));
    return json_of(scene->request.body);
}

static enum verdict_kind decoded(struct scene *scene, const struct rest_response *response, bool search)
{
    verdict_done(&scene->verdict);
    (search ? scene->codec->decode_search : scene->codec->decode)(scene->codec, &scene->out, response, &scene->verdict);
    bool fine = scene->verdict.kind == VERDICT_SENT || scene->verdict.kind == VERDICT_ABSENT || scene->verdict.kind == VERDICT_MORE;
    if (!fine)
        assert_non_null(scene->verdict.why);
    return scene->verdict.kind;
}

static enum verdict_kind answered(struct scene *scene, int status, const char *body)
{
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = status, .body = body, .body_size = strlen(body), .retry_after_s = -1};
    return decoded(scene, &response, false);
}

static enum verdict_kind refused(struct scene *scene, int status, const char *id)
{
    g_autofree char *body = g_strdup_printf("{\"id\":\"%s\",\"message\":\"geheime Worte\",\"detailed_error\":\"token x\","
                                            "\"request_id\":\"ajs26charid000000000000000\",\"status_code\":%d}",
                                            id, status);
    enum verdict_kind kind = answered(scene, status, body);
    assert_null(strstr(scene->verdict.why, "geheim")); /* translated, and may hold anything */
    assert_null(strstr(scene->verdict.why, "token x"));
    return kind;
}

static enum verdict_kind found(struct scene *scene, const char *body)
{
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = 200, .body = body, .body_size = strlen(body), .retry_after_s = -1};
    return decoded(scene, &response, true);
}

/* ---- Requests ---- */

static void test_a_post(void **state)
{
    struct scene *scene = *state;
    g_autoptr(cJSON) body = encoded(scene, OUT_POST, "POST", "posts?set_online=false", false);
    assert_text(json_str(body, "channel_id"), CHANNEL);
    assert_text(json_str(body, "root_id"), ROOT);
    assert_text(json_str(body, "message"), "Raised");
    assert_text(json_str(body, "pending_post_id"), OP);
    assert_text(json_str(body, "props." MATTERMOST_MARK), OP);
    assert_text(json_str(body, "props.attachments.0.actions.0.name"), "+1");
    scene->out.thread = NULL;
    g_autoptr(cJSON) top = encoded(scene, OUT_POST, "POST", "posts?set_online=false", false);
    assert_text(json_str(top, "root_id"), "");
}

static void test_an_update_says_all_of_it_again(void **state)
{
    struct scene *scene = *state;
    g_autoptr(cJSON) body = encoded(scene, OUT_UPDATE, "PUT", "posts/" POST "/patch", true);
    assert_text(json_str(body, "message"), "Raised");
    assert_text(json_str(body, "props." MATTERMOST_MARK), OP);
    assert_text(json_str(body, "props.from_bot"), "true");
    assert_int_equal(cJSON_GetArraySize(json_get(body, "props.attachments")), 1);
    assert_null(json_get(body, "channel_id"));
}

static void test_posts_are_as_long_as_the_server_says(void **state)
{
    struct scene *scene = *state;
    g_autofree char *words = g_strnfill(9000, 'x');
    g_free(scene->content->parts[0].text);
    scene->content->parts[0].text = g_strdup(words);
    g_autoptr(cJSON) untold = encoded(scene, OUT_POST, "POST", "posts?set_online=false", false);
    assert_int_equal(g_utf8_strlen(json_str0(untold, "message"), -1), 4000);
    mattermost_codec_set_max_post(scene->codec, 16383);
    mattermost_codec_set_max_post(scene->codec, 0);
    g_autoptr(cJSON) told = encoded(scene, OUT_POST, "POST", "posts?set_online=false", false);
    assert_int_equal(g_utf8_strlen(json_str0(told, "message"), -1), 9000);
}

static void test_the_other_requests(void **state)
{
    struct scene *scene = *state;
    g_autoptr(cJSON) reaction = encoded(scene, OUT_REACTION, "POST", "reactions", true);
    assert_text(json_str(reaction, "user_id"), ASKWHY);
    assert_text(json_str(reaction, "post_id"), POST);
    assert_text(json_str(reaction, "emoji_name"), "white_check_mark");
    g_autoptr(cJSON) direct = encoded(scene, OUT_OPEN_DM, "POST", "channels/direct", true);
    assert_text(json_str(direct, "0"), ASKWHY);
    assert_text(json_str(direct, "1"), DANA);
    g_autoptr(cJSON) join = encoded(scene, OUT_JOIN, "POST", "channels/" CHANNEL "/members", true);
    assert_text(json_str(join, "user_id"), ASKWHY);
    g_autoptr(cJSON) dialog = encoded(scene, OUT_FORM, "POST", "actions/dialogs/open", false);
    assert_text(json_str(dialog, "trigger_id"), "dHJpZ2dlcg==");
    struct signed_form form;
    assert_int_equal(sign_check_form(KEY, DANA, json_str(dialog, "dialog.state"), scene->out.since_ms, &form), SIGN_GOOD);
    signed_form_done(&form);
    /* What Mattermost has not, or only for administrators. */
    assert_false(encode(scene, OUT_EPHEMERAL));
    assert_false(encode(scene, OUT_HOME));
}

static void test_who_askwhy_is_may_not_be_known_yet(void **state)
{
    struct scene *scene = *state;
    struct mattermost_self unknown = {.user = "", .handle = ""};
    mattermost_codec_free(scene->codec);
    scene->codec = mattermost_codec_new(&options, &unknown);
    static const enum outgoing_kind kinds[] = {OUT_REACTION, OUT_OPEN_DM, OUT_JOIN};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        assert_true(encode(scene, kinds[i]));
        assert_string_equal(scene->request.method, "GET");
        assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/users/me");
        assert_null(scene->request.body);
        /* Nothing was sent, whatever account it is. */
        assert_int_equal(answered(scene, 200, "{\"id\":\"" ASKWHY "\",\"username\":\"askwhy\"}"), VERDICT_RETRY);
        assert_int_equal(refused(scene, 401, "api.context.session_expired.app_error"), VERDICT_STOPPED);
    }
    unknown.user = ASKWHY;
    g_autoptr(cJSON) direct = encoded(scene, OUT_OPEN_DM, "POST", "channels/direct", true);
    assert_text(json_str(direct, "0"), ASKWHY);
}

static void test_nothing_but_ids_gets_into_a_path(void **state)
{
    struct scene *scene = *state;
    static const char *const strange[] = {"", "../users/me", "x/../../aaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaa?",
                                          "aaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const enum outgoing_kind kinds[] = {OUT_POST, OUT_UPDATE, OUT_REACTION, OUT_OPEN_DM, OUT_JOIN};
    for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
        scene->out.channel = scene->out.message = scene->out.user = strange[i];
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
            assert_false(encode(scene, kinds[k]));
    }
    scene->out = (struct outgoing){.op = OP, .channel = CHANNEL, .message = POST, .content = scene->content,
                                   .thread = "x", .emoji = "a/b"};
    assert_false(encode(scene, OUT_POST));
    assert_false(encode(scene, OUT_REACTION));
}

static void test_what_lacks_its_target_is_not_sent(void **state)
{
    struct scene *scene = *state;
    scene->out = (struct outgoing){.op = OP};
    for (int kind = 0; kind < OUT_KINDS; kind++)
        assert_false(encode(scene, (enum outgoing_kind)kind));
}

static void test_private_answers_go_to_the_server_alone(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_RESPONSE));
    assert_string_equal(scene->request.url, "https://chat.example/sub/hooks/commands/abc");
    assert_string_equal(scene->request.headers[0], "Content-Type: application/json");
    assert_null(scene->request.headers[1]); /* no token */
    g_autoptr(cJSON) body = json_of(scene->request.body);
    assert_text(json_str(body, "response_type"), "ephemeral");
    assert_text(json_str(body, "text"), "Raised");
    assert_true(json_true(body, "skip_slack_parsing"));
    assert_text(json_str(body, "attachments.0.actions.0.name"), "+1");
    assert_null(json_get(body, "props"));
    scene->out.url = "https://CHAT.example:443/hooks/commands/x";
    assert_true(encode(scene, OUT_RESPONSE));
    static const char *const strange[] = {
        "http://chat.example/hooks/commands/x",  "https://chat.example.evil.example/x", "https://chat.example@evil.example/x",
        "https://user:pw@chat.example/x",        "https://chat.example:8443/x",         "https://evil.example/chat.example",
        "https://evil.example\\@chat.example/x", "https://chat.example/a b",            "https://chat.example/a\r\nX: y",
        "http://127.0.0.1:22/",                  "http://169.254.169.254/latest",       "file:///etc/passwd",
        "//chat.example/x",                      "chat.example",                        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
        scene->out.url = strange[i];
        if (encode(scene, OUT_RESPONSE))
            fail_msg("would post to %s", strange[i]);
    }
}

static void test_one_pace_for_all(void **state)
{
    struct scene *scene = *state;
    int burst, interval;
    bool per_channel;
    const char *name = scene->codec->method(scene->codec, OUT_POST, &burst, &interval, &per_channel);
    assert_int_equal(interval, 100);
    assert_true(burst >= 10 && burst <= 100);
    assert_false(per_channel);
    for (int kind = 0; kind < OUT_KINDS; kind++)
        assert_string_equal(scene->codec->method(scene->codec, (enum outgoing_kind)kind, &burst, &interval, &per_channel), name);
}

/* ---- Verdicts ---- */

#define CREATED "{\"id\":\"" POST "\",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" ASKWHY "\"}"

static void test_success_says_where(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(answered(scene, 201, CREATED), VERDICT_SENT);
    assert_text(scene->verdict.message, POST);
    assert_text(scene->verdict.channel, CHANNEL);
    scene->out.kind = OUT_UPDATE;
    assert_int_equal(answered(scene, 200, CREATED), VERDICT_SENT);
    assert_text(scene->verdict.message, POST);
    scene->out.kind = OUT_OPEN_DM;
    assert_int_equal(answered(scene, 201, "{\"id\":\"" CHANNEL "\",\"type\":\"D\"}"), VERDICT_SENT);
    assert_text(scene->verdict.channel, CHANNEL);
    scene->out.kind = OUT_REACTION;
    assert_int_equal(answered(scene, 200, "{\"user_id\":\"x\"}"), VERDICT_SENT);
    assert_text(scene->verdict.message, POST);
    scene->out.kind = OUT_JOIN;
    assert_int_equal(answered(scene, 201, "{\"channel_id\":\"" CHANNEL "\"}"), VERDICT_SENT);
    assert_text(scene->verdict.channel, CHANNEL);
    scene->out.kind = OUT_FORM;
    assert_int_equal(answered(scene, 200, "{\"status\":\"OK\"}"), VERDICT_SENT);
}

static void test_success_that_does_not_say_where_is_looked_for(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    assert_int_equal(answered(scene, 201, "{}"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 201, ""), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "<html>welcome</html>"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 201, "{\"id\":\"../../x\",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" ASKWHY "\"}"),
                     VERDICT_UNKNOWN);
    /* Who uses a pending id that was used gets that post back, whosever it is. */
    assert_int_equal(answered(scene, 201, "{\"id\":\"" POST "\",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" DANA "\"}"),
                     VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 201, "{\"id\":\"" POST "\",\"channel_id\":\"" TEAM "\",\"user_id\":\"" ASKWHY "\"}"),
                     VERDICT_UNKNOWN);
    assert_null(scene->verdict.message);
    scene->out.kind = OUT_OPEN_DM;
    assert_int_equal(answered(scene, 201, "{\"id\":7}"), VERDICT_UNKNOWN);
}

static void test_errors_become_what_can_be_done(void **state)
{
    struct scene *scene = *state;
    static const struct {
        int status;
        const char *id;
        enum verdict_kind kind;
        const char *words;
    } cases[] = {
        {500, "api.post.deduplicate_create_post.pending", VERDICT_RETRY, "pending"},
        {500, "api.post.deduplicate_create_post.failed_to_get", VERDICT_GONE, "no longer there"},
        {401, "api.context.session_expired.app_error", VERDICT_STOPPED, "new token"},
        {403, "api.context.permissions.app_error", VERDICT_FAILED, "/invite"},
        {400, "api.post.create_post.root_id.app_error", VERDICT_ROOT_GONE, "first post was deleted"},
        {400, "api.post.create_post.can_not_post_to_deleted.error", VERDICT_FAILED, "archived"},
        {400, "api.channel.add_user_to_channel.type.app_error", VERDICT_FAILED, "begin one with askwhy in it"},
        {400, "model.post.is_valid.msg.app_error", VERDICT_FAILED, "report"},
        {404, "app.post.get.app_error", VERDICT_GONE, "no longer there"},
        {400, "some.error.of.a.later.server", VERDICT_FAILED, "some.error.of.a.later.server"},
        {501, "api.some.feature.disabled", VERDICT_FAILED, "turned off"},
        {500, "app.post.save.app_error", VERDICT_UNKNOWN, "app.post.save"},
        /* A server in trouble is not believed that a thing can never be. */
        {500, "api.context.permissions.app_error", VERDICT_UNKNOWN, ""},
        {503, "x", VERDICT_UNKNOWN, ""},
    };
    scene->out.kind = OUT_POST;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        enum verdict_kind kind = refused(scene, cases[i].status, cases[i].id);
        if (kind != cases[i].kind || strstr(scene->verdict.why, cases[i].words) == NULL)
            fail_msg("%d %s: %d %s", cases[i].status, cases[i].id, kind, scene->verdict.why);
        assert_true(g_str_has_prefix(scene->verdict.why, "posts.create: "));
    }
    refused(scene, 500, "api.post.deduplicate_create_post.pending");
    assert_int_equal(scene->verdict.retry_after_ms, 1000);
    refused(scene, 400, "not an id\\u001b[31m");
    assert_non_null(strstr(scene->verdict.why, "HTTP status 400"));
    scene->out.kind = OUT_UPDATE;
    refused(scene, 403, "api.context.permissions.app_error");
    assert_non_null(strstr(scene->verdict.why, "the post was deleted"));
}

static void test_another_server_on_the_way_is_the_operators(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    static const int statuses[] = {301, 403, 404, 407, 418};
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        assert_int_equal(answered(scene, statuses[i], "<html>proxy</html>"), VERDICT_STOPPED);
        assert_non_null(strstr(scene->verdict.why, "MATTERMOST_URL"));
    }
    assert_int_equal(answered(scene, 502, "<html>bad gateway</html>"), VERDICT_UNKNOWN);
}

static void test_a_server_that_asks_for_time_gets_it(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_POST;
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = 429, .body = "limit exceeded\n", .body_size = 15, .retry_after_s = 7};
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 7000);
    response.retry_after_s = 0;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 1000);
    response.retry_after_s = -1;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_true(scene->verdict.retry_after_ms > 0);
    /* It says so by another header, too, or by that alone. */
    response.reset_after_s = 9;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 9000);
    response.retry_after_s = 2;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 9000);
    response.retry_after_s = 11;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 11000);
    response.retry_after_s = G_MAXINT64;
    assert_int_equal(decoded(scene, &response, false), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 86400000);
}

static void test_silence_is_not_failure(void **state)
{
    struct scene *scene = *state;
    struct rest_response lost = {.outcome = REST_UNKNOWN, .body = "", .retry_after_s = -1, .error = "the connection was reset"};
    struct rest_response unsent = {.outcome = REST_NOT_SENT, .body = "", .retry_after_s = -1, .error = "no such host"};
    scene->out.kind = OUT_POST;
    assert_int_equal(decoded(scene, &lost, false), VERDICT_UNKNOWN);
    assert_int_equal(decoded(scene, &unsent, false), VERDICT_RETRY);
    /* Private words and forms cannot be looked for: never twice. */
    static const enum outgoing_kind kinds[] = {OUT_RESPONSE, OUT_FORM};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        scene->out.kind = kinds[i];
        assert_int_equal(decoded(scene, &lost, false), VERDICT_FAILED);
        assert_non_null(strstr(scene->verdict.why, "not repeated"));
        assert_int_equal(decoded(scene, &unsent, false), VERDICT_RETRY);
    }
}

static void test_private_answers(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_RESPONSE;
    assert_int_equal(answered(scene, 200, "ok"), VERDICT_SENT);
    assert_int_equal(refused(scene, 400, "app.command_webhook.try_use.invalid"), VERDICT_FAILED);
    assert_non_null(strstr(scene->verdict.why, "five times"));
    assert_int_equal(answered(scene, 404, "<html>"), VERDICT_FAILED);
    assert_int_equal(refused(scene, 401, "api.context.session_expired.app_error"), VERDICT_FAILED);
}

static void test_a_late_form(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_FORM;
    assert_int_equal(refused(scene, 400, "interactive_message.decode_trigger_id.expired"), VERDICT_FAILED);
    assert_non_null(strstr(scene->verdict.why, "press again"));
}

/* ---- Searching ---- */

static bool search(struct scene *scene, const char *cursor)
{
    rest_request_done(&scene->request);
    scene->request = (struct rest_request){0};
    scene->out.kind = OUT_POST;
    return scene->codec->encode_search(scene->codec, &scene->out, cursor, &scene->request);
}

/* So many posts, each a millisecond older than the one before, the newest at newest. */
static char *page(int count, int64_t newest, const char *extra)
{
    GString *order = g_string_new(NULL), *posts = g_string_new(extra != NULL ? extra : NULL);
    for (int i = 0; i < count; i++) {
        g_string_append_printf(order, "%s\"p%025d\"", i > 0 ? "," : "", i);
        g_string_append_printf(posts, "%s\"p%025d\":{\"id\":\"p%025d\",\"create_at\":%" G_GINT64_FORMAT
                                      ",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" ASKWHY "\",\"props\":{}}",
                               posts->len > 0 ? "," : "", i, i, newest - i);
    }
    char *text = g_strdup_printf("{\"order\":[%s],\"posts\":{%s}}", order->str, posts->str);
    g_string_free(order, TRUE);
    g_string_free(posts, TRUE);
    return text;
}

static char *marked(const char *changes)
{
    g_autoptr(cJSON) post = json_of("{\"id\":\"" POST "\",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" ASKWHY
                                    "\",\"create_at\":1795280974622,\"delete_at\":0,\"props\":{\"" MATTERMOST_MARK "\":\"" OP "\"}}");
    change(post, changes);
    g_autofree char *text = json_text(post);
    return g_strdup_printf("{\"order\":[\"" POST "\"],\"posts\":{\"" POST "\":%s}}", text);
}

static void test_a_post_is_looked_for_where_it_would_be(void **state)
{
    struct scene *scene = *state;
    assert_true(search(scene, NULL));
    assert_string_equal(scene->request.method, "GET");
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/posts/" ROOT "/thread");
    assert_true(scene->request.idempotent);
    assert_null(scene->request.body);
    scene->out.thread = NULL;
    assert_true(search(scene, ""));
    g_autofree char *since = g_strdup_printf("https://chat.example/sub/api/v4/channels/" CHANNEL "/posts?since=%" G_GINT64_FORMAT,
                                             scene->out.since_ms - 5 * 60 * 1000);
    assert_string_equal(scene->request.url, since);
    scene->out.since_ms = 1; /* a since of 0 would be no since */
    assert_true(search(scene, NULL));
    assert_non_null(strstr(scene->request.url, "?since=1"));
    scene->out.channel = "x";
    assert_false(search(scene, NULL));
    scene->out.channel = NULL;
    assert_false(search(scene, NULL));
    scene->out.channel = CHANNEL;
    scene->out.kind = OUT_REACTION;
    assert_false(scene->codec->encode_search(scene->codec, &scene->out, NULL, &scene->request));
}

static void test_it_is_found_by_its_mark(void **state)
{
    struct scene *scene = *state;
    g_autofree char *body = marked("{}");
    assert_int_equal(found(scene, body), VERDICT_SENT);
    assert_text(scene->verdict.message, POST);
    assert_text(scene->verdict.channel, CHANNEL);
    static const char *const others[] = {
        "{\"user_id\":\"" DANA "\"}",            /* who copied the mark */
        "{\"delete_at\":5}",                     /* deleted since */
        "{\"channel_id\":\"" TEAM "\"}",         /* elsewhere */
        "{\"props\":{}}",
        "{\"props\":{\"" MATTERMOST_MARK "\":7}}",
        "{\"props\":{\"" MATTERMOST_MARK "\":\"fedcba9876543210\"}}",
        "{\"id\":\"not an id\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *other = marked(others[i]);
        if (found(scene, other) != VERDICT_ABSENT)
            fail_msg("found in %s", others[i]);
    }
}

static void test_a_busy_channel_is_read_back_page_by_page(void **state)
{
    struct scene *scene = *state;
    scene->out.thread = NULL;
    int64_t since = scene->out.since_ms - 5 * 60 * 1000;
    /* More than the server picks: it may not have picked the newest. */
    g_autofree char *thousand = page(1000, since + 5000, NULL);
    assert_int_equal(found(scene, thousand), VERDICT_MORE);
    assert_true(search(scene, scene->verdict.cursor));
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/channels/" CHANNEL "/posts?page=0&per_page=200");
    g_autofree char *full = page(200, since + 5000, NULL);
    assert_int_equal(found(scene, full), VERDICT_MORE);
    assert_text(scene->verdict.cursor, "p0000000000000000000000199");
    assert_true(search(scene, scene->verdict.cursor));
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/channels/" CHANNEL
                                            "/posts?per_page=200&before=p0000000000000000000000199");
    g_autofree char *older = page(200, since + 100, NULL); /* its end lies before askwhy wanted to post */
    assert_int_equal(found(scene, older), VERDICT_ABSENT);
    g_autofree char *last = page(30, since + 5000, NULL);
    assert_int_equal(found(scene, last), VERDICT_ABSENT);
}

static void test_a_long_thread_is_read_on(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(found(scene, "{\"order\":[\"" ROOT "\",\"" OTHER_POST "\"],\"has_next\":true,\"posts\":{\"" OTHER_POST
                                  "\":{\"id\":\"" OTHER_POST "\",\"create_at\":9},\"" ROOT "\":{\"id\":\"" ROOT
                                  "\",\"create_at\":5}}}"),
                     VERDICT_MORE);
    assert_true(search(scene, scene->verdict.cursor));
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/posts/" ROOT
                                            "/thread?perPage=200&direction=down&fromCreateAt=9&fromPost=" OTHER_POST);
    assert_true(search(scene, "9&x=1 " OTHER_POST)); /* no cursor of ours: from the beginning */
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/posts/" ROOT "/thread");
}

static void test_a_search_without_an_answer_is_made_again(void **state)
{
    struct scene *scene = *state;
    struct rest_response lost = {.outcome = REST_UNKNOWN, .body = "", .retry_after_s = -1, .error = "timeout"};
    assert_int_equal(decoded(scene, &lost, true), VERDICT_RETRY);
    assert_int_equal(found(scene, "{}"), VERDICT_RETRY);
    assert_int_equal(found(scene, "{\"order\":[],\"posts\":null}"), VERDICT_ABSENT);
    assert_int_equal(found(scene, "[]"), VERDICT_RETRY);
    /* The whole thread is gone. */
    static const char gone[] = "{\"id\":\"app.post.get.app_error\",\"status_code\":404}";
    struct rest_response missing = {
        .outcome = REST_ANSWERED, .status = 404, .body = gone, .body_size = strlen(gone), .retry_after_s = -1};
    assert_int_equal(decoded(scene, &missing, true), VERDICT_ABSENT);
    scene->out.thread = NULL;
    assert_int_equal(decoded(scene, &missing, true), VERDICT_GONE);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(test_a_post),
        STORY(test_an_update_says_all_of_it_again),
        STORY(test_posts_are_as_long_as_the_server_says),
        STORY(test_the_other_requests),
        STORY(test_who_askwhy_is_may_not_be_known_yet),
        STORY(test_nothing_but_ids_gets_into_a_path),
        STORY(test_what_lacks_its_target_is_not_sent),
        STORY(test_private_answers_go_to_the_server_alone),
        STORY(test_one_pace_for_all),
        STORY(test_success_says_where),
        STORY(test_success_that_does_not_say_where_is_looked_for),
        STORY(test_errors_become_what_can_be_done),
        STORY(test_another_server_on_the_way_is_the_operators),
        STORY(test_a_server_that_asks_for_time_gets_it),
        STORY(test_silence_is_not_failure),
        STORY(test_private_answers),
        STORY(test_a_late_form),
        STORY(test_a_post_is_looked_for_where_it_would_be),
        STORY(test_it_is_found_by_its_mark),
        STORY(test_a_busy_channel_is_read_back_page_by_page),
        STORY(test_a_long_thread_is_read_on),
        STORY(test_a_search_without_an_answer_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
