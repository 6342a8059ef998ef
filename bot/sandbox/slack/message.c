#include "bot/sandbox/slack/message.h"

#include "bot/sandbox/uploads.h"

static cJSON *files_json(const struct post *post)
{
    cJSON *files = json_array();
    for (guint i = 0; i < post->files->len; i++) {
        const struct upload *upload = g_ptr_array_index(post->files, i);
        cJSON *file = json_object();
        json_put_str(file, "id", upload->id);
        json_put_str(file, "name", upload->name);
        json_put_str(file, "title", upload->name);
        json_put_int(file, "size", (int64_t)g_bytes_get_size(upload->data));
        json_put_str(file, "mode", "hosted");
        json_put_str(file, "user", post->user);
        json_push(files, file);
    }
    return files;
}

static void put_thread(cJSON *json, const struct channel *channel, const struct post *post)
{
    if (post->thread[0] != '\0') {
        json_put_str(json, "thread_ts", post->thread);
        const struct post *parent = channel_find(channel, post->thread);
        if (parent != NULL)
            json_put_str(json, "parent_user_id", parent->user);
        return;
    }
    const struct post *last = NULL;
    int replies = post->only == NULL ? channel_replies(channel, post, &last) : 0;
    if (replies > 0) {
        json_put_str(json, "thread_ts", post->ts);
        json_put_int(json, "reply_count", replies);
        json_put_str(json, "latest_reply", last->ts);
    }
}

cJSON *post_json(const struct channel *channel, const struct post *post, bool with_metadata)
{
    cJSON *json = json_object();
    json_put_str(json, "type", "message");
    json_put_str(json, "subtype", post->files != NULL ? "file_share" : post->subtype);
    json_put_str(json, "user", post->user);
    json_put_str(json, "inviter", post->inviter);
    json_put_str(json, "team", SANDBOX_TEAM);
    if (post->bot && post->subtype == NULL) {
        json_put_str(json, "bot_id", SANDBOX_BOT);
        json_put_str(json, "app_id", SANDBOX_APP);
        cJSON *profile = json_object();
        json_put_str(profile, "id", SANDBOX_BOT);
        json_put_str(profile, "app_id", SANDBOX_APP);
        json_put_str(profile, "name", SANDBOX_BOT_NAME);
        json_put_bool(profile, "deleted", false);
        json_put_str(profile, "team_id", SANDBOX_TEAM);
        json_put(json, "bot_profile", profile);
    }
    json_put_str(json, "text", post->text);
    json_put_str(json, "ts", post->ts);
    json_put_str(json, "client_msg_id", post->client_id);
    put_thread(json, channel, post);
    if (post->blocks != NULL)
        json_put(json, "blocks", cJSON_Duplicate(post->blocks, true));
    if (post->files != NULL)
        json_put(json, "files", files_json(post));
    if (post->edited[0] != '\0') {
        cJSON *edited = json_object();
        json_put_str(edited, "user", post->user);
        json_put_str(edited, "ts", post->edited);
        json_put(json, "edited", edited);
    }
    if (post->reactions->len > 0) {
        cJSON *all = json_array();
        for (guint i = 0; i < post->reactions->len; i++) {
            const struct reaction *reaction = g_ptr_array_index(post->reactions, i);
            cJSON *one = json_object(), *users = json_array();
            json_put_str(one, "name", reaction->name);
            for (guint j = 0; j < reaction->users->len; j++)
                json_push_str(users, g_ptr_array_index(reaction->users, j));
            json_put(one, "users", users);
            json_put_int(one, "count", reaction->users->len);
            json_push(all, one);
        }
        json_put(json, "reactions", all);
    }
    if (with_metadata && post->metadata != NULL)
        json_put(json, "metadata", cJSON_Duplicate(post->metadata, true));
    return json;
}
