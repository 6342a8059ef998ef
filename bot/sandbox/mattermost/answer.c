#include "bot/sandbox/mattermost/answer.h"

#include "bot/base/clock.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/mattermost/attach.h"
#include "bot/sandbox/mattermost/mattermost.h"
#include "bot/sandbox/mattermost/wire.h"

#include <string.h>

enum { MOST_USES = 5, LIFE_MS = 30 * 60 * 1000 };

struct response_use {
    const struct person *person;
    char *channel, *thread;
    int64_t made_ms;
    int uses;
};

void response_use_free(void *data)
{
    struct response_use *response = data;
    g_free(response->channel);
    g_free(response->thread);
    g_free(response);
}

char *answer_url(struct sandbox *sandbox, const struct person *person, const struct channel *channel, const char *thread)
{
    struct response_use *response = g_new0(struct response_use, 1);
    response->person = person;
    response->channel = g_strdup(channel->id);
    response->thread = g_strdup(thread);
    response->made_ms = clock_now_ms();
    char *id = random_id();
    g_hash_table_insert(sandbox->mattermost->responses, id, response);
    g_autofree char *site = mattermost_site_url(sandbox);
    return g_strdup_printf("%s/hooks/commands/%s", site, id);
}

/* <http://a|label> becomes [label](http://a), <http://a> http://a. */
static char *rewrite_links(const char *text)
{
    g_autoptr(GRegex) labelled = g_regex_new("<((?:https?|mailto):[^<>|]+)\\|([^<>]*)>", G_REGEX_DEFAULT, 0, NULL);
    g_autoptr(GRegex) bare = g_regex_new("<((?:https?|mailto):[^<>|]+)>", G_REGEX_DEFAULT, 0, NULL);
    g_autofree char *once = g_regex_replace(labelled, text, -1, 0, "[\\2](\\1)", 0, NULL);
    return g_regex_replace(bare, once, -1, 0, "\\1", 0, NULL);
}

void answer_say(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *thread,
                const cJSON *message)
{
    const char *given = json_str0(message, "text");
    const cJSON *attachments = json_get(message, "attachments");
    bool in_channel = strcmp(json_str0(message, "response_type"), "in_channel") == 0;
    bool some = cJSON_IsArray(attachments) && attachments->child != NULL;
    if (given[0] == '\0' && !some)
        return;
    g_autofree char *text = json_true(message, "skip_slack_parsing") ? g_strdup(given) : rewrite_links(given);
    g_autoptr(cJSON) props = cJSON_IsObject(json_get(message, "props")) ? cJSON_Duplicate(json_get(message, "props"), true)
                                                                        : json_object();
    cJSON_DeleteItemFromObjectCaseSensitive(props, "attachments");
    cJSON_DeleteItemFromObjectCaseSensitive(props, "from_webhook");
    json_put_str(props, "from_webhook", "true");
    if (some)
        json_put(props, "attachments", cJSON_Duplicate(attachments, true));
    struct post *post = channel_post(sandbox->workspace, channel, in_channel ? person->id : bot_user(), thread, NULL,
                                     in_channel ? NULL : person);
    wire_write(post, text, attach_complete(props));
    events_posted(sandbox, channel, post);
}

static void say_all(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *thread,
                    const cJSON *message)
{
    answer_say(sandbox, person, channel, thread, message);
    const cJSON *more = json_get(message, "extra_responses");
    for (more = more != NULL ? more->child : NULL; more != NULL; more = more->next)
        answer_say(sandbox, person, channel, thread, more);
}

const char *answer_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                           const char *thread, const char *content_type, const char *body, gsize size)
{
    if (content_type == NULL || !g_str_has_prefix(content_type, "application/json")) {
        g_autoptr(cJSON) plain = json_object();
        if (!g_utf8_validate_len(body, size, NULL))
            return "failed";
        json_put_str(plain, "text", body);
        answer_say(sandbox, person, channel, thread, plain);
        return NULL;
    }
    g_autoptr(cJSON) message = json_parse(body, size, NULL);
    if (!cJSON_IsObject(message))
        return "failed";
    say_all(sandbox, person, channel, thread, message);
    return NULL;
}

static void refuse(struct reply *reply, int status, const char *id)
{
    g_autoptr(cJSON) json = json_object();
    json_put_str(json, "id", id);
    json_put_str(json, "message", id);
    json_put_str(json, "detailed_error", "");
    json_put_int(json, "status_code", status);
    reply->status = status;
    reply->type = "application/json";
    reply->body = json_text(json);
}

void answer_late(struct sandbox *sandbox, const char *id, const struct request *request, struct reply *reply)
{
    struct response_use *response = g_hash_table_lookup(sandbox->mattermost->responses, id);
    bool is_json = request->content_type != NULL && g_str_has_prefix(request->content_type, "application/json");
    g_autoptr(cJSON) body = is_json ? json_parse(request->body, request->size, NULL) : json_object();
    if (response == NULL || clock_now_ms() - response->made_ms > LIFE_MS) {
        refuse(reply, 404, "app.command_webhook.get.missing");
        return;
    }
    if (!cJSON_IsObject(body)) {
        refuse(reply, 400, "web.command_webhook.parse.app_error");
        return;
    }
    if (response->uses >= MOST_USES) {
        refuse(reply, 400, "app.command_webhook.try_use.invalid");
        return;
    }
    response->uses++;
    if (!is_json && g_utf8_validate_len(request->body, request->size, NULL)) {
        g_autofree char *text = g_strndup(request->body, request->size);
        json_put_str(body, "text", text);
    }
    say_all(sandbox, response->person, channel_by_id(sandbox->workspace, response->channel), response->thread, body);
    reply->body = g_strdup("ok");
}
