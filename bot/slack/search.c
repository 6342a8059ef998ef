/* Looking for a post of ours by its operation mark (docs.slack.dev: conversations.history, .replies). */
#include "bot/slack/api.h"
#include "bot/slack/errors.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"

#include <string.h>

/* Our clock may run ahead of Slack's by so much. */
#define SKEW_MS (5 * 60 * 1000)

char *slack_ts_of(int64_t ms)
{
    ms = MAX(ms, 0);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%06d", ms / 1000, (int)(ms % 1000) * 1000);
}

static const char *search_method(const struct outgoing *out)
{
    return out->thread != NULL ? "conversations.replies" : "conversations.history";
}

bool slack_encode_search(const struct codec *base, const struct outgoing *out, const char *cursor,
                         struct rest_request *request)
{
    const struct slack_codec *codec = slack_codec_of(base);
    bool file = out->kind == OUT_FILE && out->message != NULL;
    if ((out->kind != OUT_POST && !file) || out->channel == NULL || out->op == NULL)
        return false;
    g_autofree char *oldest = slack_ts_of(out->since_ms - SKEW_MS);
    GString *body = g_string_new(NULL);
    slack_param(body, "channel", out->channel);
    slack_param(body, "ts", out->thread);
    slack_param(body, "oldest", oldest);
    slack_param(body, "limit", "200");
    slack_param(body, "include_all_metadata", "true");
    slack_param(body, "cursor", cursor != NULL && *cursor != '\0' ? cursor : NULL);
    slack_request(codec->api_url, codec->token, search_method(out), body, true, request);
    return true;
}

static bool shows_file(const cJSON *message, const char *id)
{
    const cJSON *file;
    cJSON_ArrayForEach(file, json_get(message, "files"))
    {
        if (strcmp(json_str0(file, "id"), id) == 0)
            return true;
    }
    return false;
}

/* A message with a file carries no mark of ours: it is known by the file. */
static bool is_ours(const cJSON *message, const struct slack_self *self, const struct outgoing *out)
{
    if (out->kind == OUT_FILE ? !shows_file(message, out->message)
                              : strcmp(json_str0(message, "metadata.event_type"), SLACK_MARK) != 0 ||
                                    strcmp(json_str0(message, "metadata.event_payload.op"), out->op) != 0)
        return false;
    /* Another app could copy the mark; it cannot copy the author. */
    if (self == NULL || self->user == NULL || *self->user == '\0')
        return true;
    return strcmp(json_str0(message, "user"), self->user) == 0 ||
           (self->bot != NULL && *self->bot != '\0' && strcmp(json_str0(message, "bot_id"), self->bot) == 0);
}

void slack_decode_search(const struct codec *base, const struct outgoing *out,
                         const struct rest_response *response, struct verdict *verdict)
{
    const struct slack_codec *codec = slack_codec_of(base);
    g_autoptr(cJSON) answer = slack_answer(search_method(out), response, verdict);
    if (answer == NULL) {
        /* Reading again does no harm. */
        if (verdict->kind == VERDICT_UNKNOWN)
            verdict->kind = VERDICT_RETRY;
        /* The whole thread is gone, and our post with it. */
        if (verdict->kind == VERDICT_ROOT_GONE)
            verdict->kind = VERDICT_ABSENT;
        return;
    }
    const cJSON *messages = json_get(answer, "messages"), *message;
    if (!cJSON_IsArray(messages)) {
        verdict->kind = VERDICT_RETRY;
        verdict->why = g_strdup_printf("%s: an answer without messages", search_method(out));
        return;
    }
    cJSON_ArrayForEach(message, messages)
    {
        const char *ts = json_str0(message, "ts");
        if (is_ours(message, codec->self, out) && slack_is_id(ts)) {
            verdict->kind = VERDICT_SENT;
            verdict->message = g_strdup(ts);
            verdict->channel = g_strdup(out->channel);
            return;
        }
    }
    const char *cursor = json_str0(answer, "response_metadata.next_cursor");
    verdict->kind = *cursor != '\0' ? VERDICT_MORE : VERDICT_ABSENT;
    if (*cursor != '\0')
        verdict->cursor = g_strdup(cursor);
}
