/* A file for one person: uploaded, and then shown in a post of the direct channel. */
#include "heard.h"

#define KEY "00112233445566778899aabbccddeeff"
#define OP "0123456789abcdef"
#define FILE_ID "bcdefgh3htdpbwzxxtrzfm7ubf"

static struct chat_file file = {.name = "askwhy asks&größe.csv", .data = "number,title\r\n1,\"&\"\r\n", .size = 22};

struct scene {
    struct codec *codec;
    struct message *content;
    struct outgoing out;
    struct rest_request request;
    struct verdict verdict;
};

static int set_up(void **state)
{
    static const struct mattermost_options options = {.url = "https://chat.example/sub/",
                                                      .token = "bot-token",
                                                      .callback_url = "http://bot:8600/mattermost",
                                                      .signing_key = KEY};
    struct scene *scene = g_new0(struct scene, 1);
    scene->codec = mattermost_codec_new(&options, &self);
    scene->content = message_text("Your export");
    scene->out = (struct outgoing){.op = OP,
                                   .channel = CHANNEL,
                                   .message = FILE_ID,
                                   .user = DANA,
                                   .content = scene->content,
                                   .file = &file,
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

static enum verdict_kind answered(struct scene *scene, int status, const char *body)
{
    struct rest_response response = {
        .outcome = REST_ANSWERED, .status = status, .body = body, .body_size = strlen(body), .retry_after_s = -1};
    verdict_done(&scene->verdict);
    scene->codec->decode(scene->codec, &scene->out, &response, &scene->verdict);
    return scene->verdict.kind;
}

static void test_its_bytes_are_uploaded_for_the_channel(void **state)
{
    struct scene *scene = *state;
    assert_false(encode(scene, OUT_RESERVE)); /* nothing needs to be */
    assert_true(encode(scene, OUT_UPLOAD));
    assert_string_equal(scene->request.method, "POST");
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/files?channel_id=" CHANNEL
                                            "&filename=askwhy%20asks%26gr%C3%B6%C3%9Fe.csv");
    assert_string_equal(scene->request.headers[1], "Content-Type: application/octet-stream");
    assert_int_equal(scene->request.body_size, file.size);
    assert_memory_equal(scene->request.body, file.data, file.size);
    assert_int_equal(answered(scene, 201, "{\"file_infos\":[{\"id\":\"" FILE_ID "\",\"name\":\"x\"}],\"client_ids\":[]}"),
                     VERDICT_SENT);
    assert_string_equal(scene->verdict.message, FILE_ID);
    assert_int_equal(answered(scene, 201, "{\"file_infos\":[{\"id\":\"../posts\"}]}"), VERDICT_FAILED);
    scene->out.channel = "../x";
    assert_false(encode(scene, OUT_UPLOAD));
}

static void test_a_post_shows_it(void **state)
{
    struct scene *scene = *state;
    assert_true(encode(scene, OUT_FILE));
    assert_string_equal(scene->request.url, "https://chat.example/sub/api/v4/posts?set_online=false");
    g_autoptr(cJSON) body = json_of(scene->request.body);
    assert_text(json_str(body, "channel_id"), CHANNEL);
    assert_text(json_str(body, "file_ids.0"), FILE_ID);
    assert_text(json_str(body, "message"), "Your export");
    assert_text(json_str(body, "pending_post_id"), OP);
    assert_text(json_str(body, "props." MATTERMOST_MARK), OP);
    assert_int_equal(answered(scene, 201, "{\"id\":\"" POST "\",\"channel_id\":\"" CHANNEL "\",\"user_id\":\"" ASKWHY "\"}"),
                     VERDICT_SENT);
    assert_int_equal(answered(scene, 502, "<html>"), VERDICT_UNKNOWN);
    rest_request_done(&scene->request);
    assert_true(scene->codec->encode_search(scene->codec, &scene->out, NULL, &scene->request)); /* by its mark, as any post */
}

static void test_what_is_refused_is_told(void **state)
{
    struct scene *scene = *state;
    static const struct {
        int status;
        const char *id;
        enum verdict_kind kind;
        enum refusal refusal;
    } cases[] = {{501, "api.file.attachments.disabled.app_error", VERDICT_FAILED, REFUSED_FILES},
                 {403, "api.file.attachments.disabled.app_error", VERDICT_FAILED, REFUSED_FILES},
                 {403, "api.context.permissions.app_error", VERDICT_FAILED, REFUSED_FILES},
                 {413, "api.file.upload_file.too_large_detailed.app_error", VERDICT_FAILED, REFUSED_SIZE},
                 {400, "api.file.upload_file.too_large.app_error", VERDICT_FAILED, REFUSED_SIZE},
                 {400, "api.context.invalid_url_param.app_error", VERDICT_FAILED, REFUSED_OTHERWISE},
                 {500, "api.context.internal.app_error", VERDICT_UNKNOWN, REFUSED_OTHERWISE},
                 {401, "api.context.session_expired.app_error", VERDICT_STOPPED, REFUSED_OTHERWISE}};
    scene->out.kind = OUT_UPLOAD;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = g_strdup_printf("{\"id\":\"%s\",\"status_code\":%d}", cases[i].id, cases[i].status);
        assert_int_equal(answered(scene, cases[i].status, body), cases[i].kind);
        assert_int_equal(scene->verdict.refusal, cases[i].refusal);
    }
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_its_bytes_are_uploaded_for_the_channel),
        STORY(test_a_post_shows_it),
        STORY(test_what_is_refused_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
