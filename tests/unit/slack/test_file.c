/* A file for one person, step by step: where it goes, and what each answer means. */
#include "story.h"

static struct chat_file file = {.name = "askwhy-asks-2026-11-22-größe.csv", .data = "number,title\r\n1,\"&\"\r\n", .size = 22};

struct scene {
    struct codec *codec;
    struct message *content;
    struct outgoing out;
    struct rest_request request;
    struct verdict verdict;
};

static int set_up(void **state)
{
    static const struct slack_options options = {.api_url = "https://slack.com/api/", .bot_token = "xoxb-token"};
    struct scene *scene = g_new0(struct scene, 1);
    scene->codec = slack_codec_new(&options, &self);
    scene->content = message_text("Your export & more");
    scene->out = (struct outgoing){.op = "0123456789abcdef",
                                   .channel = "D0DANA",
                                   .message = "F0FILE001",
                                   .user = "U0DANA",
                                   .url = "https://files.slack.com/upload/v1/ABC",
                                   .content = scene->content,
                                   .file = &file,
                                   .since_ms = 1763700000123};
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    rest_request_done(&scene->request);
    verdict_done(&scene->verdict);
    message_free(scene->content);
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

static enum verdict_kind decode(struct scene *scene, const struct rest_response *response)
{
    verdict_done(&scene->verdict);
    scene->codec->decode(scene->codec, &scene->out, response, &scene->verdict);
    return scene->verdict.kind;
}

static enum verdict_kind answered(struct scene *scene, int status, const char *body)
{
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = status, .body = body, .body_size = strlen(body), .retry_after_s = -1};
    return decode(scene, &response);
}

static void test_a_place_is_reserved_first(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_RESERVE));
    assert_string_equal(scene->request.url, "https://slack.com/api/files.getUploadURLExternal");
    assert_string_equal(scene->request.body, "filename=askwhy-asks-2026-11-22-gr%C3%B6%C3%9Fe.csv&length=22");
    assert_string_equal(scene->request.headers[0], "Authorization: Bearer xoxb-token");
    assert_int_equal(answered(scene, 200,
                              "{\"ok\":true,\"upload_url\":\"https://files.slack.com/upload/v1/ABC\",\"file_id\":\"F0FILE001\"}"),
                     VERDICT_SENT);
    assert_string_equal(scene->verdict.message, "F0FILE001");
    assert_string_equal(scene->verdict.url, "https://files.slack.com/upload/v1/ABC");
}

static void test_the_bytes_go_to_slack_alone(void **state)
{
    struct scene *scene = *state;
    static const char *const elsewhere[] = {"https://files.slack.com.evil.example/upload", "http://files.slack.com/upload",
                                            "https://evil.example/files.slack.com", "https://me@files.slack.com/upload",
                                            "https://notslack.com/upload", "https://files.slack.com:444/upload",
                                            "https://files.slack.com/a b", "file:///etc/passwd", "", "ftp://slack.com/x"};
    assert_true(encode(scene, OUT_UPLOAD));
    assert_string_equal(scene->request.method, "POST");
    assert_string_equal(scene->request.url, "https://files.slack.com/upload/v1/ABC");
    assert_string_equal(scene->request.headers[0], "Content-Type: application/octet-stream");
    assert_null(scene->request.headers[1]); /* no token */
    assert_int_equal(scene->request.body_size, file.size);
    assert_memory_equal(scene->request.body, file.data, file.size);
    for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
        g_autofree char *body = g_strdup_printf("{\"ok\":true,\"upload_url\":\"%s\",\"file_id\":\"F0FILE001\"}", elsewhere[i]);
        scene->out.kind = OUT_RESERVE;
        assert_int_equal(answered(scene, 200, body), VERDICT_FAILED);
        scene->out.url = elsewhere[i];
        assert_false(encode(scene, OUT_UPLOAD));
    }
}

static void test_an_upload_that_failed_is_made_again(void **state)
{
    struct scene *scene = *state;
    struct rest_response lost = {.outcome = REST_UNKNOWN, .body = "", .retry_after_s = -1, .error = "reset"};
    struct rest_response limited = {.outcome = REST_ANSWERED, .status = 429, .body = "", .retry_after_s = 7};
    scene->out.kind = OUT_UPLOAD;
    assert_int_equal(answered(scene, 200, "OK - 22"), VERDICT_SENT);
    assert_int_equal(answered(scene, 500, "no"), VERDICT_RETRY);
    assert_int_equal(decode(scene, &lost), VERDICT_RETRY); /* nobody has seen it */
    assert_int_equal(decode(scene, &limited), VERDICT_RETRY);
    assert_int_equal(scene->verdict.retry_after_ms, 7000);
    assert_int_equal(answered(scene, 413, "no"), VERDICT_FAILED);
    assert_int_equal(scene->verdict.refusal, REFUSED_SIZE);
}

static void test_it_is_shown_in_the_direct_channel(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_FILE));
    assert_string_equal(scene->request.url, "https://slack.com/api/files.completeUploadExternal");
    assert_false(scene->request.idempotent);
    assert_string_equal(scene->request.body, "files=%5B%7B%22id%22%3A%22F0FILE001%22%7D%5D&channel_id=D0DANA"
                                             "&initial_comment=Your%20export%20%26amp%3B%20more");
    assert_int_equal(answered(scene, 200, "{\"ok\":true,\"files\":[{\"id\":\"F0FILE001\"}]}"), VERDICT_SENT);
    assert_string_equal(scene->verdict.channel, "D0DANA");
    struct rest_response lost = {.outcome = REST_UNKNOWN, .body = "", .retry_after_s = -1, .error = "reset"};
    assert_int_equal(decode(scene, &lost), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"internal_error\"}"), VERDICT_UNKNOWN);
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"file_not_found\"}"), VERDICT_GONE);
    scene->out.message = "F0/../x";
    assert_false(encode(scene, OUT_FILE));
}

static void test_what_is_refused_is_told(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *error;
        enum refusal refusal;
    } cases[] = {{"missing_scope\",\"needed\":\"files:write", REFUSED_SCOPE},
                 {"file_uploads_disabled", REFUSED_FILES},
                 {"file_type_not_allowed", REFUSED_FILES},
                 {"storage_limit_reached", REFUSED_FILES},
                 {"file_upload_size_restricted", REFUSED_SIZE},
                 {"invalid_arguments", REFUSED_OTHERWISE}};
    static const enum outgoing_kind kinds[] = {OUT_RESERVE, OUT_FILE};
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        scene->out.kind = kinds[i % 2];
        g_autofree char *body = g_strdup_printf("{\"ok\":false,\"error\":\"%s\"}", cases[i / 2].error);
        assert_int_equal(answered(scene, 200, body), VERDICT_FAILED);
        assert_int_equal(scene->verdict.refusal, cases[i / 2].refusal);
        assert_non_null(scene->verdict.why);
    }
    assert_int_equal(answered(scene, 200, "{\"ok\":false,\"error\":\"token_revoked\"}"), VERDICT_STOPPED);
}

static enum verdict_kind found(struct scene *scene, const char *messages)
{
    g_autofree char *body = g_strdup_printf("{\"ok\":true,\"messages\":[%s]}", messages);
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = 200, .body = body, .body_size = strlen(body), .retry_after_s = -1};
    verdict_done(&scene->verdict);
    scene->codec->decode_search(scene->codec, &scene->out, &response, &scene->verdict);
    return scene->verdict.kind;
}

static void test_it_is_found_again_by_its_id(void **state)
{
    struct scene *scene = *state;
    scene->out.kind = OUT_FILE;
    assert_true(scene->codec->encode_search(scene->codec, &scene->out, NULL, &scene->request));
    assert_string_equal(scene->request.url, "https://slack.com/api/conversations.history");
    assert_int_equal(found(scene, "{\"user\":\"U0ASKWHY\",\"ts\":\"1763700200.000300\",\"subtype\":\"file_share\","
                                  "\"files\":[{\"id\":\"F0OTHER\"},{\"id\":\"F0FILE001\"}]}"),
                     VERDICT_SENT);
    assert_int_equal(found(scene, "{\"user\":\"U0DANA\",\"ts\":\"1763700200.000300\",\"files\":[{\"id\":\"F0FILE001\"}]}"),
                     VERDICT_ABSENT); /* she shared it with others */
    assert_int_equal(found(scene, "{\"user\":\"U0ASKWHY\",\"ts\":\"1763700200.000300\",\"files\":[{\"id\":\"F0OTHER\"}]}"),
                     VERDICT_ABSENT);
    scene->out.message = NULL; /* nothing was uploaded, so nothing is to be looked for */
    rest_request_done(&scene->request);
    assert_false(scene->codec->encode_search(scene->codec, &scene->out, NULL, &scene->request));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_a_place_is_reserved_first),    STORY(test_the_bytes_go_to_slack_alone),
        STORY(test_an_upload_that_failed_is_made_again), STORY(test_it_is_shown_in_the_direct_channel),
        STORY(test_what_is_refused_is_told),      STORY(test_it_is_found_again_by_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
