/* A file for one person: a place reserved, the bytes put there, and then shown in the direct channel
 * (docs.slack.dev: files.getUploadURLExternal, files.completeUploadExternal, "Working with files").
 *
 * Until it is completed nobody sees it, and it can be completed but once; what became of it is then seen in the
 * channel by the file's id.
 */
#include "bot/slack/api.h"
#include "bot/slack/encode.h"
#include "bot/slack/errors.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/base/json_write.h"

#include <string.h>

enum { UPLOAD_TIMEOUT_MS = 120 * 1000 };

static const char RESERVE[] = "files.getUploadURLExternal", UPLOAD[] = "upload_url", COMPLETE[] = "files.completeUploadExternal";

static const struct {
    const char *code;
    enum refusal refusal;
} refusals[] = {
    {"missing_scope", REFUSED_SCOPE},
    {"not_allowed_token_type", REFUSED_SCOPE},
    {"file_uploads_disabled", REFUSED_FILES},
    {"file_uploads_except_images_disabled", REFUSED_FILES},
    {"file_type_not_allowed", REFUSED_FILES},
    {"storage_limit_reached", REFUSED_FILES},
    {"restricted_action", REFUSED_FILES},
    {"file_upload_size_restricted", REFUSED_SIZE},
};

/* The bytes go to Slack's own hosts or to the server we talk to, nowhere else: the address came with an answer. */
static bool is_upload_url(const struct slack_codec *codec, const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    g_autoptr(GUri) api = g_uri_parse(codec->api_url, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || api == NULL || g_uri_get_userinfo(uri) != NULL || g_uri_get_host(uri) == NULL ||
        g_uri_get_host(api) == NULL)
        return false;
    for (const char *c = url; *c != '\0'; c++) {
        if ((guchar)*c <= ' ' || (guchar)*c >= 0x7f || *c == '\\')
            return false;
    }
    g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1), *own = g_ascii_strdown(g_uri_get_host(api), -1);
    g_autofree char *below = g_strconcat(".", own, NULL);
    bool same = strcmp(g_uri_get_scheme(uri), g_uri_get_scheme(api)) == 0 && g_uri_get_port(uri) == g_uri_get_port(api);
    if (same && (strcmp(host, own) == 0 || g_str_has_suffix(host, below)))
        return true;
    return strcmp(g_uri_get_scheme(uri), "https") == 0 && g_uri_get_port(uri) == -1 && g_str_has_suffix(host, ".slack.com");
}

bool slack_encode_file(const struct slack_codec *codec, const struct outgoing *out, struct rest_request *request)
{
    if (out->kind == OUT_UPLOAD) {
        if (out->url == NULL || !is_upload_url(codec, out->url))
            return false;
        *request = (struct rest_request){.method = "POST", .url = g_strdup(out->url), .timeout_ms = UPLOAD_TIMEOUT_MS};
        request->headers = g_new0(char *, 2);
        request->headers[0] = g_strdup("Content-Type: application/octet-stream");
        request->body = g_memdup2(out->file->data, out->file->size);
        request->body_size = out->file->size;
        return true;
    }
    GString *body = g_string_new(NULL);
    if (out->kind == OUT_RESERVE) {
        g_autofree char *length = g_strdup_printf("%" G_GSIZE_FORMAT, out->file->size);
        slack_param(body, "filename", out->file->name);
        slack_param(body, "length", length);
        slack_request(codec->api_url, codec->token, RESERVE, body, true, request);
        return true;
    }
    g_autoptr(GString) files = g_string_new(NULL);
    g_autofree char *text = slack_fallback(out->content);
    json_write_open(files, NULL, '[');
    json_write_open(files, NULL, '{');
    json_write_str(files, "id", out->message);
    json_write_close(files, '}');
    json_write_close(files, ']');
    slack_param(body, "files", files->str);
    slack_param(body, "channel_id", out->channel);
    slack_param(body, "initial_comment", text);
    slack_request(codec->api_url, codec->token, COMPLETE, body, false, request);
    return true;
}

/* Nothing came of it, for good: what to tell its person. */
static void sort_refusal(const struct rest_response *response, struct verdict *verdict)
{
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, NULL);
    const char *code = response->outcome == REST_ANSWERED ? json_str0(answer, "error") : "";
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (strcmp(code, refusals[i].code) != 0)
            continue;
        /* The operator must act, but this file does not wait for that: its person orders another one then. */
        verdict->kind = VERDICT_FAILED;
        verdict->refusal = refusals[i].refusal;
    }
}

static void decode_upload(const struct rest_response *response, struct verdict *verdict)
{
    int status = response->status;
    bool answered = response->outcome == REST_ANSWERED;
    *verdict = (struct verdict){.kind = VERDICT_RETRY};
    if (answered && status == 200) {
        verdict->kind = VERDICT_SENT;
        return;
    }
    if (answered && status == 413) {
        verdict->kind = VERDICT_FAILED;
        verdict->refusal = REFUSED_SIZE;
    }
    if (response->retry_after_s >= 0)
        verdict->retry_after_ms = MIN(response->retry_after_s, 86400) * 1000;
    verdict->why = answered ? g_strdup_printf("%s: HTTP status %d", UPLOAD, status)
                            : g_strdup_printf("%s: %s", UPLOAD, response->error != NULL ? response->error : "no answer");
}

void slack_decode_file(const struct slack_codec *codec, const struct outgoing *out, const struct rest_response *response,
                       struct verdict *verdict)
{
    if (out->kind == OUT_UPLOAD) {
        decode_upload(response, verdict);
        return;
    }
    g_autoptr(cJSON) answer = slack_answer(out->kind == OUT_RESERVE ? RESERVE : COMPLETE, response, verdict);
    if (answer == NULL) {
        sort_refusal(response, verdict);
        return;
    }
    *verdict = (struct verdict){.kind = VERDICT_SENT};
    if (out->kind == OUT_FILE) {
        verdict->channel = g_strdup(out->channel);
        return;
    }
    const char *id = json_str0(answer, "file_id"), *url = json_str0(answer, "upload_url");
    if (slack_is_id(id) && is_upload_url(codec, url)) {
        verdict->message = g_strdup(id);
        verdict->url = g_strdup(url);
    } else {
        verdict->kind = VERDICT_FAILED;
        verdict->why = g_strdup_printf("%s: the answer does not say where on Slack's own hosts; check SLACK_API_URL", RESERVE);
    }
}
