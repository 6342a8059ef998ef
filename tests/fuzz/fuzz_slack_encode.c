/* Any content a row of the outbox may hold, as every request it can become: within Slack's limits, whole, and
 * calling nobody who was not meant. The first letter says which kind of outgoing; the rest is the row's JSON. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/slack/api.h"
#include "bot/slack/encode.h"

static const struct slack_self self = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"};

/* One name that would do harm if it were taken as it is. */
static const char *name_of(const char *id, void *data)
{
    (void)data;
    return id[0] == 'U' ? "Eve <!channel> @here\x11U9\x1e *x*" : NULL;
}

static void need_length(const cJSON *block, const char *path, gsize max)
{
    const char *text = json_str(block, path);
    need(text == NULL || (*text != '\0' && slack_length(text) <= max && g_utf8_validate(text, -1, NULL)));
}

static void check_elements(const cJSON *elements, GHashTable *ids)
{
    const cJSON *element;
    need(cJSON_GetArraySize(elements) <= 25);
    cJSON_ArrayForEach(element, elements)
    {
        need_length(element, "text.text", 75);
        need_length(element, "value", 2000);
        const char *id = json_str(element, "action_id");
        need(id == NULL || g_hash_table_add(ids, (void *)id));
    }
}

/* docs.slack.dev, "Reference: blocks". at_people: mentions are left as they are, for they notify nobody twice. */
static void check_blocks(const cJSON *blocks, int max, bool at_people)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    const cJSON *block;
    need(cJSON_GetArraySize(blocks) <= max);
    cJSON_ArrayForEach(block, blocks)
    {
        const char *type = json_str0(block, "type");
        need_length(block, "text.text", strcmp(type, "header") == 0 ? 150 : 3000);
        if (strcmp(type, "section") == 0)
            need_harmless(json_str0(block, "text.text"), at_people);
        if (strcmp(type, "actions") == 0)
            check_elements(json_get(block, "elements"), ids);
        need_length(block, "elements.0.text", 3000);
        need_length(block, "label.text", 2000);
        need_length(block, "hint.text", 2000);
        need_length(block, "element.initial_value", 3000);
        const cJSON *option, *options = json_get(block, "element.options");
        need(options == NULL || (cJSON_GetArraySize(options) > 0 && cJSON_GetArraySize(options) <= 100));
        cJSON_ArrayForEach(option, options)
        {
            need_length(option, "text.text", 75);
            need_length(option, "value", 75);
        }
    }
}

/* name=value of a form-encoded body, decoded; NULL when it is not there. */
static char *param_of(const char *body, const char *name)
{
    g_auto(GStrv) pairs = g_strsplit(body, "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        gsize length = strlen(name);
        if (strncmp(*pair, name, length) != 0 || (*pair)[length] != '=')
            continue;
        char *value = g_uri_unescape_string(*pair + length + 1, NULL);
        need(value != NULL);
        return value;
    }
    return NULL;
}

static cJSON *parsed(const char *text)
{
    cJSON *json = text != NULL ? json_parse(text, strlen(text), NULL) : NULL;
    need(json != NULL);
    return json;
}

static void check_request(const struct outgoing *out, const struct rest_request *request)
{
    for (char **header = request->headers; *header != NULL; header++)
        need(strpbrk(*header, "\r\n") == NULL);
    if (out->kind == OUT_UPLOAD) { /* bytes, and not a text */
        need(strcmp(request->url, out->url) == 0 && request->body_size == out->file->size);
        return;
    }
    need(request->body_size == strlen(request->body));
    if (out->kind == OUT_RESPONSE) {
        g_autoptr(cJSON) body = parsed(request->body);
        check_blocks(json_get(body, "blocks"), 50, true);
        return;
    }
    need(g_str_has_prefix(request->url, "https://slack.com/api/"));
    for (const char *c = request->body; *c != '\0'; c++)
        need((guchar)*c > ' ' && (guchar)*c < 0x7f);
    bool meant = out->kind != OUT_POST || strchr(out->content->fallback, RICH_PING) != NULL;
    for (int i = 0; !meant && i < out->content->n_parts; i++)
        meant = out->content->parts[i].text != NULL && strchr(out->content->parts[i].text, RICH_PING) != NULL;
    if (out->kind == OUT_POST || out->kind == OUT_UPDATE || out->kind == OUT_EPHEMERAL) {
        g_autofree char *text = param_of(request->body, "text"), *list = param_of(request->body, "blocks");
        need(text != NULL && *text != '\0' && slack_length(text) <= SLACK_FALLBACK_MAX);
        need_harmless(text, meant);
        g_autoptr(cJSON) blocks = parsed(list);
        check_blocks(blocks, 50, meant);
    }
    if (out->kind == OUT_FORM || out->kind == OUT_HOME) {
        g_autofree char *text = param_of(request->body, "view");
        g_autoptr(cJSON) view = parsed(text);
        need_length(view, "title.text", 24);
        need_length(view, "submit.text", 24);
        need_length(view, "close.text", 24);
        check_blocks(json_get(view, "blocks"), 100, true);
    }
}

static void encode_as(enum outgoing_kind kind, const struct message *content, const struct form *form)
{
    static const struct slack_options options = {.api_url = "https://slack.com/api/", .bot_token = "xoxb-1", .name = name_of};
    struct codec *codec = slack_codec_new(&options, &self);
    struct chat_file file = {.name = (char[]){"asks.csv"}, .data = (char[]){"number"}, .size = 6};
    struct outgoing out = {.kind = kind, .op = "00ff00ff00ff00ff", .channel = "C1", .thread = "1.1",
                           .message = kind == OUT_FILE ? "F1" : "1.2", .user = "U1", .emoji = "eyes", .trigger = "1.2.3",
                           .content = content, .form = form, .file = &file,
                           .url = kind == OUT_UPLOAD ? "https://files.slack.com/upload/1" : "https://hooks.slack.com/commands/1"};
    struct rest_request request = {0};
    need(codec->encode(codec, &out, &request));
    check_request(&out, &request);
    rest_request_done(&request);
    slack_codec_free(codec);
}

/* What is read from a row and written again is the same. */
static struct message *read_message(const cJSON *json)
{
    struct message *message = message_from_json(json);
    if (message == NULL)
        return NULL;
    g_autofree char *again = message_to_json(message);
    g_autoptr(cJSON) read = json_parse(again, strlen(again), NULL);
    struct message *same = message_from_json(read);
    need(same != NULL);
    g_autofree char *last = message_to_json(same);
    need(strcmp(again, last) == 0);
    message_free(same);
    return message;
}

static struct form *read_form(const cJSON *json)
{
    struct form *form = form_from_json(json);
    if (form == NULL)
        return NULL;
    g_autofree char *again = form_to_json(form);
    g_autoptr(cJSON) read = json_parse(again, strlen(again), NULL);
    struct form *same = form_from_json(read);
    need(same != NULL);
    g_autofree char *last = form_to_json(same);
    need(strcmp(again, last) == 0);
    form_free(same);
    return form;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    g_autoptr(cJSON) json = json_parse((const char *)data + 1, size - 1, NULL);
    enum outgoing_kind kind = (enum outgoing_kind)(data[0] % OUT_KINDS);
    struct message *message = read_message(json);
    struct form *form = read_form(json);
    if (message != NULL && form != NULL)
        encode_as(kind, message, form);
    message_free(message);
    form_free(form);
    return 0;
}
