/* Outgoing → Web API request → verdict (docs.slack.dev, "Web API methods"). Searching: search.c. */
#include "bot/slack/api.h"
#include "bot/slack/encode.h"
#include "bot/slack/errors.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/base/json_write.h"

#include <string.h>

enum {
    BODY_USUAL = 4096,
};

const struct slack_codec *slack_codec_of(const struct codec *codec)
{
    return (const struct slack_codec *)codec;
}

/* ---- Requests ---- */

/* Everything but RFC 3986's unreserved characters as %XX. */
static void append_escaped(GString *body, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    static const bool unreserved[256] = {['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
                                         ['-'] = true,         ['.'] = true,         ['_'] = true,
                                         ['~'] = true};
    gsize from = body->len, length = strlen(value);
    g_string_set_size(body, from + 3 * length);
    char *to = body->str + from;
    for (const char *end = value + length; value < end; value++) {
        guchar c = (guchar)*value;
        if (unreserved[c]) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        }
    }
    g_string_truncate(body, (gsize)(to - body->str));
}

void slack_param(GString *body, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (body->len > 0)
        g_string_append_c(body, '&');
    g_string_append(body, name);
    g_string_append_c(body, '=');
    append_escaped(body, value);
}

void slack_request(const char *api_url, const char *token, const char *method, GString *body, bool idempotent,
                   struct rest_request *request)
{
    gsize length = strlen(api_url);
    while (length > 0 && api_url[length - 1] == '/')
        length--;
    *request = (struct rest_request){.method = "POST", .idempotent = idempotent};
    request->url = g_strdup_printf("%.*s/%s", (int)length, api_url, method);
    /* That it is a form, libcurl says by itself; a charset Slack calls superfluous. */
    request->headers = g_new0(char *, 2);
    request->headers[0] = g_strconcat("Authorization: Bearer ", token, NULL);
    request->body_size = body->len;
    request->body = g_string_free(body, FALSE);
}

/* Private answers go to Slack's own hosts or back to the server we talk to, nowhere else:
 * the address came with a frame. */
static bool is_response_url(const struct slack_codec *codec, const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    g_autoptr(GUri) api = g_uri_parse(codec->api_url, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || g_uri_get_userinfo(uri) != NULL || g_uri_get_host(uri) == NULL)
        return false;
    for (const char *c = url; *c != '\0'; c++) {
        if ((guchar)*c <= ' ' || (guchar)*c >= 0x7f || *c == '\\')
            return false;
    }
    if (strcmp(g_uri_get_scheme(uri), "https") == 0 &&
        g_ascii_strcasecmp(g_uri_get_host(uri), "hooks.slack.com") == 0 && g_uri_get_port(uri) == -1)
        return true;
    return api != NULL && strcmp(g_uri_get_scheme(uri), g_uri_get_scheme(api)) == 0 &&
           g_strcmp0(g_uri_get_host(uri), g_uri_get_host(api)) == 0 &&
           g_uri_get_port(uri) == g_uri_get_port(api);
}

/* rich with people's markers as names, since <@U1> in a new post would notify; also pings where all. */
static char *with_names(const struct slack_codec *codec, const char *rich, bool all)
{
    GString *out = g_string_sized_new(strlen(rich) + 64);
    struct rich_span span;
    for (const char *at = rich, *before = rich; rich_next(&at, &span); before = at) {
        if (span.marker != RICH_PERSON && !(all && span.marker == RICH_PING)) {
            g_string_append_len(out, before, at - before);
            continue;
        }
        g_autofree char *id = g_strndup(span.text, span.length);
        const char *name = codec->name != NULL ? codec->name(id, codec->name_data) : NULL;
        g_autofree char *clean = rich_clean(name != NULL ? name : id);
        g_string_append_printf(out, "@%s", clean);
    }
    return g_string_free(out, FALSE);
}

/* rich itself where no marker in it needs a name; else a copy that lives as long as texts. */
static char *named(const struct slack_codec *codec, char *rich, bool all, GPtrArray *texts)
{
    if (rich == NULL || (strchr(rich, RICH_PERSON) == NULL && !(all && strchr(rich, RICH_PING) != NULL)))
        return rich;
    char *text = with_names(codec, rich, all);
    g_ptr_array_add(texts, text);
    return text;
}

static void param_content(GString *body, const struct message *message)
{
    g_autofree char *text = slack_fallback(message);
    slack_param(body, "text", text);
    g_autofree char *blocks = slack_blocks(message);
    slack_param(body, "blocks", blocks);
    slack_param(body, "parse", "none");
    slack_param(body, "link_names", "false");
    if (message->quiet_links) {
        slack_param(body, "unfurl_links", "false");
        slack_param(body, "unfurl_media", "false");
    }
}

/* The message as a new post says it: shared with the given one but for the texts that hold names. */
static void param_named_content(const struct slack_codec *codec, GString *body, const struct message *message)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree struct part *parts = g_memdup2(message->parts, sizeof *parts * (gsize)message->n_parts);
    struct message copy = *message;
    copy.parts = parts;
    copy.fallback = named(codec, message->fallback, false, texts);
    for (int i = 0; i < copy.n_parts; i++)
        parts[i].text = named(codec, parts[i].text, parts[i].kind == PART_HEADING, texts);
    param_content(body, &copy);
}

static char *modal_with_names(const struct slack_codec *codec, const struct form *form, const char *op)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree struct field *fields = g_memdup2(form->fields, sizeof *fields * (gsize)form->n_fields);
    struct form copy = *form;
    copy.fields = fields;
    for (int i = 0; i < copy.n_fields; i++) {
        struct field *field = &fields[i];
        field->label = named(codec, field->label, true, texts);
        field->hint = named(codec, field->hint, true, texts);
        if (field->kind == FIELD_LINE || field->kind == FIELD_TEXT)
            field->initial = named(codec, field->initial, true, texts);
        if (field->n_options == 0)
            continue;
        field->options = g_memdup2(field->options, sizeof *field->options * (gsize)field->n_options);
        g_ptr_array_add(texts, field->options);
        for (int o = 0; o < field->n_options; o++)
            field->options[o].label = named(codec, field->options[o].label, true, texts);
    }
    return slack_modal(&copy, op);
}

static void param_mark(GString *body, const char *op)
{
    g_autoptr(GString) json = g_string_new(NULL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "event_type", SLACK_MARK);
    json_write_open(json, "event_payload", '{');
    json_write_str(json, "op", op);
    json_write_close(json, '}');
    json_write_close(json, '}');
    slack_param(body, "metadata", json->str);
}

static bool encode_response(const struct slack_codec *codec, const struct outgoing *out,
                            struct rest_request *request)
{
    if (!is_response_url(codec, out->url))
        return false;
    GString *body = g_string_sized_new(BODY_USUAL);
    json_write_open(body, NULL, '{');
    slack_write_private_answer(body, out->content);
    json_write_bool(body, "replace_original", out->message != NULL);
    json_write_close(body, '}');
    *request = (struct rest_request){.method = "POST", .url = g_strdup(out->url)};
    request->headers = g_new0(char *, 2);
    request->headers[0] = g_strdup("Content-Type: application/json; charset=utf-8");
    request->body_size = body->len;
    request->body = g_string_free(body, FALSE);
    return true;
}

static bool needs_met(const struct outgoing *out)
{
    switch (out->kind) {
    case OUT_POST:
        return out->channel != NULL && out->content != NULL && out->op != NULL;
    case OUT_UPDATE:
        return out->channel != NULL && out->message != NULL && out->content != NULL;
    case OUT_EPHEMERAL:
        return out->channel != NULL && out->user != NULL && out->content != NULL;
    case OUT_RESPONSE:
        return out->url != NULL && out->content != NULL;
    case OUT_REACTION:
        return out->channel != NULL && out->message != NULL && out->emoji != NULL;
    case OUT_FORM:
        return out->trigger != NULL && out->form != NULL && out->op != NULL;
    case OUT_HOME:
        return out->user != NULL && out->content != NULL;
    case OUT_OPEN_DM:
        return out->user != NULL;
    case OUT_JOIN:
        return out->channel != NULL;
    case OUT_FILE:
        return out->channel != NULL && out->message != NULL && slack_is_id(out->message) && out->content != NULL;
    case OUT_RESERVE:
        return out->file != NULL && out->file->size > 0;
    case OUT_UPLOAD:
        return out->file != NULL && out->url != NULL;
    case OUT_KINDS:
        break;
    }
    return false;
}

static bool is_of_file(enum outgoing_kind kind)
{
    return kind == OUT_FILE || kind == OUT_RESERVE || kind == OUT_UPLOAD;
}

static const char *method_of(enum outgoing_kind kind)
{
    static const char *const methods[OUT_KINDS] = {
        [OUT_POST] = "chat.postMessage",        [OUT_UPDATE] = "chat.update",
        [OUT_EPHEMERAL] = "chat.postEphemeral", [OUT_RESPONSE] = "response_url",
        [OUT_REACTION] = "reactions.add",       [OUT_FORM] = "views.open",
        [OUT_HOME] = "views.publish",           [OUT_OPEN_DM] = "conversations.open",
        [OUT_JOIN] = "conversations.join",      [OUT_FILE] = "files.completeUploadExternal",
        [OUT_RESERVE] = "files.getUploadURLExternal", [OUT_UPLOAD] = "upload_url",
    };
    return (gsize)kind < OUT_KINDS ? methods[kind] : "";
}

static bool encode(const struct codec *base, const struct outgoing *out, struct rest_request *request)
{
    const struct slack_codec *codec = slack_codec_of(base);
    if (!needs_met(out))
        return false;
    if (out->kind == OUT_RESPONSE)
        return encode_response(codec, out, request);
    if (is_of_file(out->kind))
        return slack_encode_file(codec, out, request);
    GString *body = g_string_sized_new(BODY_USUAL);
    g_autofree char *view = NULL;
    bool idempotent = true;
    switch (out->kind) {
    case OUT_POST:
        slack_param(body, "channel", out->channel);
        slack_param(body, "thread_ts", out->thread);
        param_named_content(codec, body, out->content);
        param_mark(body, out->op);
        idempotent = false;
        break;
    case OUT_UPDATE:
        /* Without blocks Slack would take the old ones away; without metadata the mark stays. */
        slack_param(body, "channel", out->channel);
        slack_param(body, "ts", out->message);
        param_content(body, out->content);
        break;
    case OUT_EPHEMERAL:
        slack_param(body, "channel", out->channel);
        slack_param(body, "user", out->user);
        slack_param(body, "thread_ts", out->thread);
        param_content(body, out->content);
        idempotent = false;
        break;
    case OUT_REACTION:
        slack_param(body, "channel", out->channel);
        slack_param(body, "timestamp", out->message);
        slack_param(body, "name", out->emoji);
        break;
    case OUT_FORM:
        slack_param(body, "trigger_id", out->trigger);
        view = modal_with_names(codec, out->form, out->op);
        slack_param(body, "view", view);
        idempotent = false;
        break;
    case OUT_HOME:
        slack_param(body, "user_id", out->user);
        view = slack_home(out->content);
        slack_param(body, "view", view);
        break;
    case OUT_OPEN_DM:
        slack_param(body, "users", out->user);
        break;
    default:
        slack_param(body, "channel", out->channel);
        break;
    }
    slack_request(codec->api_url, codec->token, method_of(out->kind), body, idempotent, request);
    return true;
}

/* ---- Verdicts ---- */

static void decode_response(const struct rest_response *response, struct verdict *verdict)
{
    *verdict = (struct verdict){.kind = VERDICT_SENT};
    if (response->outcome == REST_ANSWERED && response->status == 200 &&
        !g_str_has_prefix(response->body, "{"))
        return;
    g_autoptr(cJSON) answer = slack_answer("response_url", response, verdict);
    if (answer != NULL) {
        verdict->kind = VERDICT_SENT;
    } else if (response->outcome == REST_ANSWERED && response->status >= 400 && response->status < 500 &&
               response->status != 429) {
        g_free(verdict->why);
        verdict->kind = VERDICT_FAILED;
        verdict->why = g_strdup_printf(
            "response_url: HTTP status %d; such an address works five times within 30 minutes",
            response->status);
    }
    verdict_never_twice(verdict);
}

/* Kept in the store and asked for again by: nothing else may come in as one. */
static char *id_at(const cJSON *answer, const char *path)
{
    const char *id = json_str(answer, path);
    return id != NULL && slack_is_id(id) ? g_strdup(id) : NULL;
}

static void decode(const struct codec *base, const struct outgoing *out, const struct rest_response *response,
                   struct verdict *verdict)
{
    if (out->kind == OUT_RESPONSE) {
        decode_response(response, verdict);
        return;
    }
    if (is_of_file(out->kind)) {
        slack_decode_file(slack_codec_of(base), out, response, verdict);
        return;
    }
    g_autoptr(cJSON) answer = slack_answer(method_of(out->kind), response, verdict);
    if (answer == NULL) {
        if (out->kind == OUT_EPHEMERAL)
            verdict_never_twice(verdict);
        if (verdict->kind == VERDICT_SENT) { /* it was done before */
            verdict->message = g_strdup(out->message);
            verdict->channel = g_strdup(out->channel);
        }
        return;
    }
    verdict->kind = VERDICT_SENT;
    switch (out->kind) {
    case OUT_POST:
    case OUT_UPDATE:
        verdict->channel = id_at(answer, "channel");
        verdict->message = id_at(answer, "ts");
        break;
    case OUT_EPHEMERAL:
        verdict->message = id_at(answer, "message_ts");
        break;
    case OUT_FORM:
    case OUT_HOME:
        verdict->message = id_at(answer, "view.id");
        break;
    case OUT_OPEN_DM:
    case OUT_JOIN:
        verdict->channel = id_at(answer, "channel.id");
        break;
    default:
        verdict->channel = g_strdup(out->channel);
        verdict->message = g_strdup(out->message);
        break;
    }
    bool told = out->kind == OUT_POST ? verdict->message != NULL
                                      : out->kind != OUT_OPEN_DM || verdict->channel != NULL;
    if (!told) {
        verdict->kind = VERDICT_UNKNOWN;
        verdict->why = g_strdup_printf("%s: the answer does not say where", method_of(out->kind));
    }
}

/* ---- Pace (docs.slack.dev, "Rate limits") ---- */

static const char *method(const struct codec *base, enum outgoing_kind kind, int *burst, int *interval_ms,
                          bool *per_channel)
{
    const struct slack_codec *codec = slack_codec_of(base);
    bool tier4 = kind == OUT_EPHEMERAL || kind == OUT_FORM || kind == OUT_HOME || is_of_file(kind);
    *per_channel = kind == OUT_POST;
    *burst = tier4 ? 20 : 10;
    *interval_ms = tier4 ? 600 : 1200;
    if (kind == OUT_POST) {
        *burst = 3;
        *interval_ms = 60000 / codec->posts_per_minute;
    } else if (kind == OUT_RESPONSE) {
        *burst = 20;
        *interval_ms = 100; /* each address has its own limit of five */
    }
    return method_of(kind);
}

struct codec *slack_codec_new(const struct slack_options *options, const struct slack_self *self)
{
    struct slack_codec *codec = g_new0(struct slack_codec, 1);
    codec->base = (struct codec){
        .encode = encode,
        .decode = decode,
        .encode_search = slack_encode_search,
        .decode_search = slack_decode_search,
        .method = method,
    };
    codec->api_url = g_strdup(options->api_url);
    codec->token = g_strdup(options->bot_token);
    codec->posts_per_minute =
        options->requests_per_minute_posts > 0 ? options->requests_per_minute_posts : 60;
    codec->name = options->name;
    codec->name_data = options->name_data;
    codec->self = self;
    return &codec->base;
}

void slack_codec_free(struct codec *codec)
{
    struct slack_codec *slack = (struct slack_codec *)codec;
    if (slack == NULL)
        return;
    g_free(slack->api_url);
    g_free(slack->token);
    g_free(slack);
}
