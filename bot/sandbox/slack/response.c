#include "bot/sandbox/slack/response.h"

#include "bot/base/clock.h"
#include "bot/sandbox/slack/content.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/slack.h"
#include "bot/sandbox/slack/message.h"

#include <string.h>

enum { MOST_USES = 5, LIFE_MS = 30 * 60 * 1000 };

struct response {
    const struct person *person;
    char *channel, *ts; /* ts: NULL without a message */
    int64_t made_ms;
    int uses;
};

static void response_free(void *data)
{
    struct response *response = data;
    g_free(response->channel);
    g_free(response->ts);
    g_free(response);
}

char *response_url_new(struct sandbox *sandbox, const struct person *person, const struct channel *channel,
                       const struct post *post)
{
    if (sandbox->slack->responses == NULL)
        sandbox->slack->responses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, response_free);
    struct response *response = g_new0(struct response, 1);
    response->person = person;
    response->channel = g_strdup(channel->id);
    response->ts = post != NULL ? g_strdup(post->ts) : NULL;
    response->made_ms = clock_now_ms();
    char *token = g_uuid_string_random();
    g_hash_table_insert(sandbox->slack->responses, token, response);
    return g_strdup_printf("%s://%s/response/%s", sandbox->behind_tls ? "https" : "http", sandbox->host, token);
}

const char *response_say(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                         const cJSON *message)
{
    struct content content;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    const char *error = content_read(message, TEXT_TRUNCATED, &content, errors);
    if (error == NULL) {
        bool in_channel = strcmp(json_str0(message, "response_type"), "in_channel") == 0;
        const char *thread = json_str0(message, "thread_ts");
        struct post *post = channel_post(sandbox->workspace, channel, SANDBOX_BOT_USER,
                                         channel_find(channel, thread) != NULL ? thread : NULL, NULL,
                                         in_channel ? NULL : person);
        content_write(post, &content);
        events_posted(sandbox, channel, post);
    }
    content_done(&content);
    return error;
}

static const char *replace(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *body)
{
    struct content content;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    const char *error = content_read(body, TEXT_TRUNCATED, &content, errors);
    if (error == NULL) {
        g_autoptr(cJSON) before = post_json(channel, post, false);
        content_write(post, &content);
        if (post->only == NULL)
            post_mark_edited(sandbox->workspace, post);
        events_changed(sandbox, channel, post, before);
    }
    content_done(&content);
    return error;
}

int response_use(struct sandbox *sandbox, const char *token, const cJSON *body, const char **answer)
{
    struct response *response = sandbox->slack->responses != NULL ? g_hash_table_lookup(sandbox->slack->responses, token) : NULL;
    if (response == NULL || response->uses >= MOST_USES || clock_now_ms() - response->made_ms > LIFE_MS) {
        *answer = response == NULL ? "no_service" : response->uses >= MOST_USES ? "used_url" : "expired_url";
        return 404;
    }
    if (!cJSON_IsObject(body)) {
        *answer = "invalid_payload";
        return 400;
    }
    response->uses++;
    struct channel *channel = channel_by_id(sandbox->workspace, response->channel);
    struct post *post = channel_find(channel, response->ts);
    if (post == NULL)
        post = channel_find_ephemeral(channel, response->ts, response->person);
    const char *error = NULL;
    if (json_true(body, "delete_original")) {
        if (post != NULL)
            events_delete(sandbox, channel, post);
    } else if (json_true(body, "replace_original") && post != NULL) {
        error = replace(sandbox, channel, post, body);
    } else {
        error = response_say(sandbox, response->person, channel, body);
    }
    *answer = error != NULL ? error : "ok";
    return error != NULL ? 400 : 200;
}
