#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/slack/content.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/message.h"

#include <string.h>

enum { EPHEMERAL_TEXT = 4000 };

/* The thread a post belongs to: a parent that is there and is no reply itself. */
static const char *check_thread(const struct channel *channel, const char *thread)
{
    if (thread[0] == '\0')
        return NULL;
    const struct post *parent = channel_find(channel, thread);
    if (parent == NULL)
        return "thread_not_found";
    return parent->thread[0] != '\0' ? "cannot_reply_to_message" : NULL;
}

static const char *post_message(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = api_channel(call, "channel", &error);
    if (channel == NULL)
        return error;
    if (!channel->bot)
        return "not_in_channel";
    const cJSON *thread_ts = json_get(call->args, "thread_ts");
    if (thread_ts != NULL && !cJSON_IsString(thread_ts) && !cJSON_IsNull(thread_ts))
        return "invalid_arguments"; /* a number has lost digits already */
    const char *thread = api_text(call, "thread_ts");
    error = check_thread(channel, thread);
    if (error != NULL)
        return error;
    struct content content;
    error = content_read(call->args, TEXT_TRUNCATED, &content, call->errors);
    if (error == NULL) {
        struct post *post =
            channel_post(call->sandbox->workspace, channel, SANDBOX_BOT_USER, thread[0] != '\0' ? thread : NULL, NULL,
                         NULL);
        content_write(post, &content);
        json_put_str(call->answer, "channel", channel->id);
        json_put_str(call->answer, "ts", post->ts);
        json_put(call->answer, "message", post_json(channel, post, false));
        events_posted(call->sandbox, channel, post);
    }
    content_done(&content);
    return error;
}

static const char *find_own(struct api_call *call, const char *ts_name, const char *refusal, struct channel **channel,
                            struct post **post)
{
    const char *error = NULL;
    if (api_text(call, "channel")[0] == 'U')
        return "channel_not_found"; /* these take a D… id, never a person's */
    *channel = api_channel(call, "channel", &error);
    if (*channel == NULL)
        return error;
    if (!(*channel)->bot)
        return "not_in_channel";
    *post = channel_find(*channel, api_text(call, ts_name));
    if (*post == NULL)
        return "message_not_found";
    return (*post)->bot && (*post)->subtype == NULL ? NULL : refusal;
}

static const char *update(struct api_call *call)
{
    struct channel *channel = NULL;
    struct post *post = NULL;
    const char *error = find_own(call, "ts", "cant_update_message", &channel, &post);
    if (error != NULL)
        return error;
    struct content content;
    error = content_read(call->args, TEXT_UPDATE, &content, call->errors);
    if (error == NULL) {
        g_autoptr(cJSON) before = post_json(channel, post, false);
        bool blocks_stay = !content.has_blocks && json_get(call->args, "text") == NULL;
        if (blocks_stay && post->blocks != NULL)
            content.blocks = cJSON_Duplicate(post->blocks, true);
        bool marks = content.blocks == NULL;
        content_write(post, &content);
        if (marks)
            post_mark_edited(call->sandbox->workspace, post);
        json_put_str(call->answer, "channel", channel->id);
        json_put_str(call->answer, "ts", post->ts);
        json_put_str(call->answer, "text", post->text);
        json_put(call->answer, "message", post_json(channel, post, false));
        events_changed(call->sandbox, channel, post, before);
    }
    content_done(&content);
    return error;
}

static const char *delete(struct api_call *call)
{
    struct channel *channel = NULL;
    struct post *post = NULL;
    const char *error = find_own(call, "ts", "cant_delete_message", &channel, &post);
    if (error != NULL)
        return error;
    json_put_str(call->answer, "channel", channel->id);
    json_put_str(call->answer, "ts", post->ts);
    events_delete(call->sandbox, channel, post);
    return NULL;
}

static const char *post_ephemeral(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = api_channel(call, "channel", &error);
    if (channel == NULL)
        return error;
    if (!channel->bot)
        return "not_in_channel";
    const struct person *person = person_by_id(api_text(call, "user"));
    if (person == NULL)
        return api_text(call, "user")[0] == '\0' ? "invalid_arguments" : "user_not_found";
    if (!channel_has(channel, person))
        return "user_not_in_channel";
    const char *thread = api_text(call, "thread_ts");
    error = check_thread(channel, thread);
    if (error != NULL)
        return error;
    struct content content;
    error = content_read(call->args, EPHEMERAL_TEXT, &content, call->errors);
    if (error == NULL) {
        struct post *post = channel_post(call->sandbox->workspace, channel, SANDBOX_BOT_USER,
                                         thread[0] != '\0' ? thread : NULL, NULL, person);
        content_write(post, &content);
        json_put_str(call->answer, "message_ts", post->ts);
        events_posted(call->sandbox, channel, post);
    }
    content_done(&content);
    return error;
}

static const char *permalink(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = api_channel(call, "channel", &error);
    if (channel == NULL)
        return error;
    const struct post *post = channel_find(channel, api_text(call, "message_ts"));
    if (post == NULL)
        return "message_not_found";
    GString *link = g_string_new(NULL);
    g_string_printf(link, "http://%s/archives/%s/p%" G_GINT64_FORMAT, call->sandbox->host, channel->id, post->at);
    if (post->thread[0] != '\0')
        g_string_append_printf(link, "?thread_ts=%s&cid=%s", post->thread, channel->id);
    json_put_str(call->answer, "channel", channel->id);
    json_put_str(call->answer, "permalink", link->str);
    g_string_free(link, TRUE);
    return NULL;
}

static const char *reaction_target(struct api_call *call, struct channel **channel, struct post **post)
{
    const char *error = NULL;
    *channel = api_channel(call, "channel", &error);
    if (*channel == NULL)
        return error;
    if (!(*channel)->bot)
        return "not_in_channel";
    if (ts_read(api_text(call, "timestamp")) < 0)
        return "bad_timestamp";
    *post = channel_find(*channel, api_text(call, "timestamp"));
    return *post == NULL ? "message_not_found" : NULL;
}

static bool is_emoji_name(const char *name)
{
    return name[0] != '\0' && strlen(name) <= 100 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-:'") == strlen(name) && name[0] != ':';
}

static const char *reactions_add(struct api_call *call)
{
    struct channel *channel = NULL;
    struct post *post = NULL;
    const char *error = reaction_target(call, &channel, &post);
    if (error != NULL)
        return error;
    if (!is_emoji_name(api_text(call, "name")))
        return "invalid_name";
    if (!post_react(post, api_text(call, "name"), SANDBOX_BOT_USER))
        return "already_reacted";
    events_reacted(call->sandbox, channel, post, api_text(call, "name"), SANDBOX_BOT_USER, true);
    return NULL;
}

static const char *reactions_remove(struct api_call *call)
{
    struct channel *channel = NULL;
    struct post *post = NULL;
    const char *error = reaction_target(call, &channel, &post);
    if (error != NULL)
        return error;
    if (!post_unreact(post, api_text(call, "name"), SANDBOX_BOT_USER))
        return "no_reaction";
    events_reacted(call->sandbox, channel, post, api_text(call, "name"), SANDBOX_BOT_USER, false);
    return NULL;
}

static const char *reactions_get(struct api_call *call)
{
    struct channel *channel = NULL;
    struct post *post = NULL;
    const char *error = reaction_target(call, &channel, &post);
    if (error != NULL)
        return error;
    json_put_str(call->answer, "type", "message");
    json_put_str(call->answer, "channel", channel->id);
    json_put(call->answer, "message", post_json(channel, post, false));
    return NULL;
}

const struct api_entry api_chat_methods[] = {
    {"chat.postMessage", post_message, false},
    {"chat.update", update, false},
    {"chat.delete", delete, false},
    {"chat.postEphemeral", post_ephemeral, false},
    {"chat.getPermalink", permalink, true},
    {"reactions.add", reactions_add, false},
    {"reactions.remove", reactions_remove, false},
    {"reactions.get", reactions_get, true},
    {NULL, NULL, false},
};
