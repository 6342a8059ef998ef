/* Outgoing → REST request → verdict (developers.mattermost.com/api-documentation). Searching: search.c. */
#include "bot/mattermost/api.h"
#include "bot/mattermost/errors.h"
#include "bot/mattermost/text.h"

#include "bot/base/json.h"
#include "bot/base/json_skim.h"
#include "bot/base/json_write.h"

#include <string.h>

enum {
    MAX_POST_UNTOLD = 4000,
    POST_USUAL = 2048,
    UPLOAD_TIMEOUT_MS = 120 * 1000,
    SELF_MS = 1000, /* the adapter asks for askwhy's own account at the same time */
};

const struct mattermost_codec *mattermost_codec_of(const struct codec *codec)
{
    return (const struct mattermost_codec *)codec;
}

/* ---- Requests ---- */

/* Takes body; NULL: none. */
static void make_request(const struct mattermost_options *options, const char *method, const char *path, char *body,
                         bool idempotent, struct rest_request *request)
{
    *request = (struct rest_request){.method = method, .idempotent = idempotent};
    request->url = g_strconcat(options->url, "/api/v4/", path, NULL);
    request->headers = g_new0(char *, 3);
    request->headers[0] = g_strconcat("Authorization: Bearer ", options->token, NULL);
    if (body == NULL)
        return;
    request->headers[1] = g_strdup("Content-Type: application/json");
    request->body = body;
    request->body_size = strlen(body);
}

void mattermost_request(const struct mattermost_options *options, const char *method, const char *path, cJSON *body,
                        bool idempotent, struct rest_request *request)
{
    make_request(options, method, path, json_text(body), idempotent, request);
    cJSON_Delete(body);
}

static int port_of(GUri *uri)
{
    int port = g_uri_get_port(uri);
    return port > 0 ? port : strcmp(g_uri_get_scheme(uri), "https") == 0 ? 443 : 80;
}

/* Private answers go to the server we talk to, nowhere else: the address came with a request. */
static bool is_response_url(const struct mattermost_options *options, const char *url)
{
    for (const char *c = url; *c != '\0'; c++) {
        if ((guchar)*c <= ' ' || (guchar)*c >= 0x7f || *c == '\\')
            return false;
    }
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    g_autoptr(GUri) own = g_uri_parse(options->url, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || own == NULL || g_uri_get_userinfo(uri) != NULL || g_uri_get_host(uri) == NULL ||
        g_uri_get_host(own) == NULL)
        return false;
    return strcmp(g_uri_get_scheme(uri), g_uri_get_scheme(own)) == 0 &&
           g_ascii_strcasecmp(g_uri_get_host(uri), g_uri_get_host(own)) == 0 && port_of(uri) == port_of(own);
}

static bool encode_response(const struct mattermost_codec *codec, const struct outgoing *out,
                            struct rest_request *request)
{
    if (!is_response_url(&codec->options, out->url))
        return false;
    GString *body = g_string_new(NULL);
    json_write_open(body, NULL, '{');
    json_write_str(body, "response_type", "ephemeral");
    mattermost_write_private(body, "text", "attachments", out->content, out->channel, codec->max_post, &codec->options);
    json_write_close(body, '}');
    *request = (struct rest_request){.method = "POST", .url = g_strdup(out->url)};
    request->headers = g_new0(char *, 2);
    request->headers[0] = g_strdup("Content-Type: application/json");
    request->body_size = body->len;
    request->body = g_string_free(body, FALSE);
    return true;
}

static bool is_id(const char *text)
{
    return text != NULL && mattermost_is_id(text);
}

static bool is_emoji(const char *name)
{
    return name != NULL && *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-") == strlen(name);
}

/* Ids stand in paths: nothing else may. */
static bool needs_met(const struct outgoing *out)
{
    switch (out->kind) {
    case OUT_POST:
        return is_id(out->channel) && out->content != NULL && out->op != NULL &&
               (out->thread == NULL || is_id(out->thread));
    case OUT_UPDATE:
        return is_id(out->message) && out->content != NULL;
    case OUT_RESPONSE:
        return out->url != NULL && out->content != NULL;
    case OUT_REACTION:
        return is_id(out->message) && is_emoji(out->emoji);
    case OUT_FORM:
        return out->trigger != NULL && out->form != NULL && out->op != NULL && out->user != NULL;
    case OUT_OPEN_DM:
        return is_id(out->user);
    case OUT_JOIN:
        return is_id(out->channel);
    case OUT_FILE:
        return is_id(out->channel) && is_id(out->message) && out->content != NULL && out->op != NULL;
    case OUT_UPLOAD:
        return is_id(out->channel) && out->file != NULL;
    case OUT_EPHEMERAL: /* for administrators alone: directly in its place */
    case OUT_HOME:
    case OUT_RESERVE:   /* nothing needs to be */
    case OUT_KINDS:
        break;
    }
    return false;
}

/* What can be said only once askwhy's own id is known. Until then it asks for that, and decode() has it tried again. */
static bool names_self(enum outgoing_kind kind)
{
    return kind == OUT_REACTION || kind == OUT_OPEN_DM || kind == OUT_JOIN;
}

static const char *method_of(enum outgoing_kind kind)
{
    static const char *const methods[OUT_KINDS] = {
        [OUT_POST] = "posts.create",     [OUT_UPDATE] = "posts.patch",    [OUT_EPHEMERAL] = "posts.ephemeral",
        [OUT_RESPONSE] = "response_url", [OUT_REACTION] = "reactions.create", [OUT_FORM] = "dialogs.open",
        [OUT_HOME] = "home",             [OUT_OPEN_DM] = "channels.direct", [OUT_JOIN] = "channels.join",
        [OUT_FILE] = "posts.create",     [OUT_UPLOAD] = "files.upload",
    };
    return (gsize)kind < OUT_KINDS ? methods[kind] : "";
}

static void encode_post(const struct mattermost_codec *codec, const struct outgoing *out, struct rest_request *request)
{
    GString *body = g_string_sized_new(POST_USUAL);
    json_write_open(body, NULL, '{');
    json_write_str(body, "channel_id", out->channel);
    json_write_str(body, "root_id", out->thread != NULL ? out->thread : "");
    mattermost_write_post(body, out->content, out->channel, out->op, codec->max_post, &codec->options);
    if (out->kind == OUT_FILE) {
        json_write_open(body, "file_ids", '[');
        json_write_str(body, NULL, out->message);
        json_write_close(body, ']');
    }
    /* For half a minute the server itself keeps from posting twice. */
    json_write_str(body, "pending_post_id", out->op);
    json_write_close(body, '}');
    make_request(&codec->options, "POST", "posts?set_online=false", g_string_free(body, FALSE), false, request);
}

/* Raw bytes: the server takes them with name and channel in the query as well as in a form. */
static void encode_upload(const struct mattermost_codec *codec, const struct outgoing *out, struct rest_request *request)
{
    g_autofree char *name = g_uri_escape_string(out->file->name, NULL, false);
    g_autofree char *path = g_strdup_printf("files?channel_id=%s&filename=%s", out->channel, name);
    make_request(&codec->options, "POST", path, NULL, false, request);
    request->headers[1] = g_strdup("Content-Type: application/octet-stream");
    request->body = g_memdup2(out->file->data, out->file->size);
    request->body_size = out->file->size;
    request->timeout_ms = UPLOAD_TIMEOUT_MS;
}

static void encode_patch(const struct mattermost_codec *codec, const struct outgoing *out, struct rest_request *request)
{
    GString *body = g_string_sized_new(POST_USUAL);
    g_autofree char *path = g_strconcat("posts/", out->message, "/patch", NULL);
    json_write_open(body, NULL, '{');
    mattermost_write_post(body, out->content, out->channel, out->op, codec->max_post, &codec->options);
    json_write_close(body, '}');
    make_request(&codec->options, "PUT", path, g_string_free(body, FALSE), true, request);
}

static void encode_reaction(const struct mattermost_codec *codec, const struct outgoing *out, struct rest_request *request)
{
    cJSON *body = json_object();
    json_put_str(body, "user_id", codec->self->user);
    json_put_str(body, "post_id", out->message);
    json_put_str(body, "emoji_name", out->emoji);
    mattermost_request(&codec->options, "POST", "reactions", body, true, request);
}

static bool encode(const struct codec *base, const struct outgoing *out, struct rest_request *request)
{
    const struct mattermost_codec *codec = mattermost_codec_of(base);
    if (!needs_met(out))
        return false;
    if (names_self(out->kind) && !is_id(codec->self->user)) {
        mattermost_request(&codec->options, "GET", "users/me", NULL, true, request);
        return true;
    }
    cJSON *body = NULL;
    g_autofree char *path = NULL;
    switch (out->kind) {
    case OUT_POST:
    case OUT_FILE:
        encode_post(codec, out, request);
        return true;
    case OUT_UPLOAD:
        encode_upload(codec, out, request);
        return true;
    case OUT_UPDATE:
        encode_patch(codec, out, request);
        return true;
    case OUT_RESPONSE:
        return encode_response(codec, out, request);
    case OUT_REACTION:
        encode_reaction(codec, out, request);
        return true;
    case OUT_FORM:
        body = mattermost_dialog(out->form, out->trigger, out->user, out->op, out->since_ms, &codec->options);
        mattermost_request(&codec->options, "POST", "actions/dialogs/open", body, false, request);
        return true;
    case OUT_OPEN_DM:
        body = json_array();
        json_push_str(body, codec->self->user);
        json_push_str(body, out->user);
        mattermost_request(&codec->options, "POST", "channels/direct", body, true, request);
        return true;
    case OUT_JOIN:
        body = json_object();
        json_put_str(body, "user_id", codec->self->user);
        path = g_strdup_printf("channels/%s/members", out->channel);
        mattermost_request(&codec->options, "POST", path, body, true, request);
        return true;
    case OUT_EPHEMERAL:
    case OUT_HOME:
    case OUT_RESERVE:
    case OUT_KINDS:
        break;
    }
    return false;
}

/* ---- Verdicts ---- */

static void decode_response(const struct rest_response *response, struct verdict *verdict)
{
    *verdict = (struct verdict){.kind = VERDICT_SENT};
    /* The server answers "ok", in plain text. */
    if (response->outcome == REST_ANSWERED && response->status == 200)
        return;
    cJSON_Delete(mattermost_rest_answer(method_of(OUT_RESPONSE), response, verdict));
    /* Nothing about it stops anything else. */
    if (verdict->kind == VERDICT_STOPPED)
        verdict->kind = VERDICT_FAILED;
    verdict_never_twice(verdict);
}

/* Kept in the store and asked for again by: nothing else may come in as one. */
static char *id_at(const cJSON *answer, const char *path)
{
    const char *id = json_str(answer, path);
    return id != NULL && mattermost_is_id(id) ? g_strdup(id) : NULL;
}

static char *id_of(const struct json_want *want)
{
    g_autofree char *id = json_want_text(want);
    return id != NULL && mattermost_is_id(id) ? g_steal_pointer(&id) : NULL;
}

/* The post that was made or changed. Somebody else's comes back to whoever uses a pending id a second time. All that is
 * of use stands at its beginning, before what askwhy sent. */
static bool decode_post(const struct mattermost_codec *codec, const struct outgoing *out,
                        const struct rest_response *response, struct verdict *verdict)
{
    struct json_want wants[] = {{.path = "id"}, {.path = "user_id"}, {.path = "channel_id"}};
    bool good = response->outcome == REST_ANSWERED && (response->status == 200 || response->status == 201);
    if (!good || !json_skim(response->body, response->body_size, wants, G_N_ELEMENTS(wants)))
        return false;
    g_autofree char *message = id_of(&wants[0]), *user = json_want_text(&wants[1]), *channel = id_of(&wants[2]);
    const char *self = codec->self->user;
    bool own = self == NULL || *self == '\0' || g_strcmp0(user, self) == 0;
    if (message == NULL || channel == NULL || !own || (out->channel != NULL && strcmp(channel, out->channel) != 0))
        return false;
    *verdict = (struct verdict){
        .kind = VERDICT_SENT, .message = g_steal_pointer(&message), .channel = g_steal_pointer(&channel)};
    return true;
}

/* Of a file that is not taken: what to tell its person. */
static void sort_refusal(const struct outgoing *out, const struct rest_response *response, struct verdict *verdict)
{
    if (response->outcome != REST_ANSWERED || verdict->kind != VERDICT_FAILED)
        return;
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, NULL);
    const char *id = json_str0(answer, "id");
    if (response->status == 413 || g_str_has_prefix(id, "api.file.upload_file.too_large"))
        verdict->refusal = REFUSED_SIZE;
    else if (response->status == 501 || strcmp(id, "api.file.attachments.disabled.app_error") == 0 || (response->status == 403 && out->kind == OUT_UPLOAD))
        verdict->refusal = REFUSED_FILES;
}

static void decode_upload(const cJSON *answer, struct verdict *verdict)
{
    verdict->kind = VERDICT_SENT;
    verdict->message = id_at(answer, "file_infos.0.id");
    if (verdict->message == NULL) {
        verdict->kind = VERDICT_FAILED;
        verdict->why = g_strdup("files.upload: an answer that does not name the file");
    }
}

static void decode(const struct codec *base, const struct outgoing *out, const struct rest_response *response,
                   struct verdict *verdict)
{
    if (out->kind == OUT_RESPONSE) {
        decode_response(response, verdict);
        return;
    }
    bool posted = out->kind == OUT_POST || out->kind == OUT_UPDATE || out->kind == OUT_FILE;
    if (posted && decode_post(mattermost_codec_of(base), out, response, verdict))
        return;
    g_autoptr(cJSON) answer = mattermost_rest_answer(method_of(out->kind), response, verdict);
    if (answer == NULL) {
        if (out->kind == OUT_FORM)
            verdict_never_twice(verdict);
        if (out->kind == OUT_FILE || out->kind == OUT_UPLOAD)
            sort_refusal(out, response, verdict);
        return;
    }
    if (names_self(out->kind) && json_str(answer, "username") != NULL) {
        verdict->kind = VERDICT_RETRY;
        verdict->retry_after_ms = SELF_MS;
        verdict->why = g_strdup_printf("%s: askwhy does not know its own account yet", method_of(out->kind));
        return;
    }
    verdict->kind = VERDICT_SENT;
    switch (out->kind) {
    case OUT_POST:
    case OUT_UPDATE:
    case OUT_FILE:
        break;
    case OUT_UPLOAD:
        decode_upload(answer, verdict);
        return;
    case OUT_OPEN_DM:
        verdict->channel = id_at(answer, "id");
        break;
    case OUT_REACTION:
        verdict->message = g_strdup(out->message);
        verdict->channel = g_strdup(out->channel);
        return;
    case OUT_JOIN:
        verdict->channel = g_strdup(out->channel);
        return;
    default:
        return;
    }
    if (verdict->channel == NULL) {
        verdict->kind = VERDICT_UNKNOWN;
        verdict->why = g_strdup_printf("%s: an answer that does not say where", method_of(out->kind));
    }
}

/* ---- The codec ---- */

static const char *method(const struct codec *base, enum outgoing_kind kind, int *burst, int *interval_ms,
                          bool *per_channel)
{
    (void)kind;
    /* RateLimitSettings, off unless somebody turned them on: 10 a second and 100 at once over all that comes from here.
     * Half of these is left to reading. One name, for it is one limit. */
    *burst = 50;
    *interval_ms = mattermost_codec_of(base)->limited ? 100 : 0;
    *per_channel = false;
    return "api/v4";
}

struct codec *mattermost_codec_new(const struct mattermost_options *options, const struct mattermost_self *self)
{
    struct mattermost_codec *codec = g_new0(struct mattermost_codec, 1);
    codec->base = (struct codec){
        .encode = encode,
        .decode = decode,
        .encode_search = mattermost_encode_search,
        .decode_search = mattermost_decode_search,
        .method = method,
    };
    gsize length = strlen(options->url);
    while (length > 0 && options->url[length - 1] == '/')
        length--;
    codec->options = *options;
    codec->options.url = g_strndup(options->url, length);
    codec->options.token = g_strdup(options->token);
    codec->options.callback_url = g_strdup(options->callback_url);
    codec->options.signing_key = g_strdup(options->signing_key);
    codec->options.command_tokens = NULL; /* nothing that is sent needs them */
    codec->self = self;
    codec->max_post = MAX_POST_UNTOLD;
    codec->limited = true;
    return &codec->base;
}

void mattermost_codec_free(struct codec *codec)
{
    struct mattermost_codec *own = (struct mattermost_codec *)codec;
    if (own == NULL)
        return;
    g_free((char *)own->options.url);
    g_free((char *)own->options.token);
    g_free((char *)own->options.callback_url);
    g_free((char *)own->options.signing_key);
    g_free(own);
}

void mattermost_codec_set_limited(struct codec *codec, bool limited)
{
    ((struct mattermost_codec *)codec)->limited = limited;
}

void mattermost_codec_set_max_post(struct codec *codec, int max)
{
    if (max > 0)
        ((struct mattermost_codec *)codec)->max_post = MIN(max, 65535);
}
