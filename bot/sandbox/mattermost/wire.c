#include "bot/sandbox/mattermost/wire.h"

#include "bot/sandbox/mattermost/attach.h"
#include "bot/sandbox/mattermost/mattermost.h"
#include "bot/sandbox/uploads.h"

#include <string.h>

struct post *wire_root(const struct channel *channel, const struct post *post)
{
    if (post->thread[0] == '\0')
        return NULL;
    struct post *root = channel_find(channel, post->thread);
    for (guint i = 0; root == NULL && i < channel->gone->len; i++) {
        struct post *gone = g_ptr_array_index(channel->gone, i);
        if (gone->original == NULL && strcmp(gone->ts, post->thread) == 0)
            root = gone;
    }
    return root;
}

static const char *post_type(const struct post *post)
{
    if (post->subtype != NULL)
        return strcmp(post->subtype, "tombstone") == 0 ? "" : post->subtype;
    return json_true(post->props, "from_webhook") && json_get(post->props, "attachments") != NULL ? "slack_attachment"
                                                                                                : "";
}

cJSON *wire_reaction(const struct post *post, const char *user, const char *name, int64_t created_ms, int64_t updated_ms)
{
    cJSON *json = json_object();
    json_put_str(json, "user_id", user);
    json_put_str(json, "post_id", post->id);
    json_put_str(json, "emoji_name", name);
    json_put_int(json, "create_at", created_ms);
    json_put_int(json, "update_at", updated_ms);
    json_put_int(json, "delete_at", 0);
    json_put_str(json, "remote_id", "");
    return json;
}

cJSON *wire_file(const struct upload *upload)
{
    const char *point = strrchr(upload->name, '.');
    cJSON *json = json_object();
    json_put_str(json, "id", upload->id);
    json_put_str(json, "user_id", bot_user());
    json_put_int(json, "create_at", WIRE_BEGAN_MS);
    json_put_int(json, "update_at", WIRE_BEGAN_MS);
    json_put_int(json, "delete_at", 0);
    json_put_str(json, "name", upload->name);
    json_put_str(json, "extension", point != NULL ? point + 1 : "");
    json_put_int(json, "size", (int64_t)g_bytes_get_size(upload->data));
    json_put_str(json, "mime_type", "application/octet-stream");
    return json;
}

static void put_file_infos(cJSON *json, const struct post *post)
{
    cJSON *files = json_array();
    for (guint i = 0; i < post->files->len; i++)
        json_push(files, wire_file(g_ptr_array_index(post->files, i)));
    json_put(json, "files", files);
}

static cJSON *metadata(const struct post *post)
{
    cJSON *json = json_object();
    if (json_get(post->props, "attachments") != NULL) {
        cJSON *embeds = json_array(), *embed = json_object();
        json_put_str(embed, "type", "message_attachment");
        json_push(embeds, embed);
        json_put(json, "embeds", embeds);
    }
    if (post->files != NULL)
        put_file_infos(json, post);
    if (post->reactions->len == 0)
        return json;
    cJSON *all = json_array();
    for (guint i = 0; i < post->reactions->len; i++) {
        const struct reaction *reaction = g_ptr_array_index(post->reactions, i);
        for (guint j = 0; j < reaction->users->len; j++)
            json_push(all, wire_reaction(post, g_ptr_array_index(reaction->users, j), reaction->name, post->updated_ms,
                                         post->updated_ms));
    }
    json_put(json, "reactions", all);
    return json;
}

cJSON *wire_post(const struct sandbox *sandbox, const struct channel *channel, const struct post *post, bool listed)
{
    const struct post *root = wire_root(channel, post);
    bool empty = listed && post->deleted_ms != 0; /* nothing is told of what is gone */
    cJSON *json = json_object();
    json_put_str(json, "id", post->id);
    json_put_int(json, "create_at", post->at / 1000);
    json_put_int(json, "update_at", post->updated_ms);
    json_put_int(json, "edit_at", post->edited_ms);
    json_put_int(json, "delete_at", post->deleted_ms);
    json_put_bool(json, "is_pinned", false);
    json_put_str(json, "user_id", post->user);
    json_put_str(json, "channel_id", channel->id);
    json_put_str(json, "root_id", root != NULL ? root->id : "");
    if (sandbox->mattermost->old)
        json_put_str(json, "parent_id", root != NULL ? root->id : "");
    json_put_str(json, "original_id", post->original != NULL ? post->original : "");
    json_put_str(json, "message", empty ? "" : post->text);
    json_put_str(json, "type", post_type(post));
    json_put(json, "props", attach_stripped(post->props));
    json_put_str(json, "hashtags", "");
    if (post->files != NULL) {
        cJSON *ids = json_array();
        for (guint i = 0; i < post->files->len; i++)
            json_push_str(ids, ((const struct upload *)g_ptr_array_index(post->files, i))->id);
        json_put(json, "file_ids", ids);
    }
    json_put_str(json, "pending_post_id", "");
    if (post->reactions->len > 0)
        json_put_bool(json, "has_reactions", true);
    int replies = root != NULL ? channel_replies(channel, root, NULL) : channel_replies(channel, post, NULL);
    json_put_int(json, "reply_count", replies);
    json_put_int(json, "last_reply_at", 0);
    json_put(json, "participants", cJSON_CreateNull());
    json_put(json, "metadata", metadata(post));
    return json;
}

const char *wire_channel_type(const struct channel *channel)
{
    return channel->visibility == DIRECT ? "D" : channel->visibility == PRIVATE ? "P" : "O";
}

char *wire_channel_name(const struct channel *channel)
{
    if (channel->visibility != DIRECT)
        return g_strdup(channel->name);
    const char *one = channel->with->id, *other = bot_user();
    bool first = strcmp(one, other) < 0;
    return g_strdup_printf("%s__%s", first ? one : other, first ? other : one);
}

bool wire_is_member(const struct channel *channel, const char *user)
{
    if (g_strcmp0(user, bot_user()) == 0)
        return channel->bot;
    const struct person *person = person_by_id(user);
    return person != NULL && channel_has(channel, person);
}

const char *wire_team_id(const struct channel *channel)
{
    return channel->visibility == DIRECT ? "" : channel->elsewhere ? MATTERMOST_OTHER_TEAM : MATTERMOST_TEAM;
}

const char *wire_team_name(const struct channel *channel)
{
    return channel->visibility == DIRECT ? "" : channel->elsewhere ? MATTERMOST_OTHER_TEAM_NAME : MATTERMOST_TEAM_NAME;
}

cJSON *wire_channel(const struct channel *channel)
{
    cJSON *json = json_object();
    int64_t last_ms = WIRE_BEGAN_MS;
    if (channel->posts->len > 0)
        last_ms = ((const struct post *)g_ptr_array_index(channel->posts, channel->posts->len - 1))->at / 1000;
    int64_t roots = 0;
    for (guint i = 0; i < channel->posts->len; i++)
        roots += ((const struct post *)g_ptr_array_index(channel->posts, i))->thread[0] == '\0' ? 1 : 0;
    g_autofree char *name = wire_channel_name(channel);
    json_put_str(json, "id", channel->id);
    json_put_int(json, "create_at", WIRE_BEGAN_MS);
    json_put_int(json, "update_at", WIRE_BEGAN_MS);
    json_put_int(json, "delete_at", 0);
    json_put_str(json, "team_id", wire_team_id(channel));
    json_put_str(json, "type", wire_channel_type(channel));
    json_put_str(json, "display_name", channel->visibility == DIRECT ? "" : channel->name);
    json_put_str(json, "name", name);
    json_put_str(json, "header", "");
    json_put_str(json, "purpose", "");
    json_put_int(json, "last_post_at", last_ms);
    json_put_int(json, "total_msg_count", channel->posts->len);
    json_put_int(json, "extra_update_at", 0);
    json_put_str(json, "creator_id", channel->visibility == DIRECT ? "" : MATTERMOST_ADMIN);
    static const char *const nothing[] = {"scheme_id", "props", "group_constrained", "shared", "policy_id"};
    for (guint i = 0; i < G_N_ELEMENTS(nothing); i++)
        json_put(json, nothing[i], cJSON_CreateNull());
    json_put_int(json, "total_msg_count_root", roots);
    return json;
}

static void put_zone(cJSON *json, const char *zone)
{
    cJSON *own = json_object();
    json_put_str(own, "automaticTimezone", zone);
    json_put_str(own, "manualTimezone", "");
    json_put_str(own, "useAutomaticTimezone", "true");
    json_put(json, "timezone", own);
}

static char *roles_of(const struct person *person, bool admin)
{
    int count = 0;
    const struct group *groups = workspace_groups(&count);
    GString *roles = g_string_new(admin || (person != NULL && person->admin) ? "system_admin system_user" : "system_user");
    for (int i = 0; i < count; i++) {
        if (person != NULL && g_ptr_array_find(groups[i].members, person, NULL))
            g_string_append_printf(roles, " %s", groups[i].handle);
    }
    return g_string_free(roles, FALSE);
}

cJSON *wire_user(const char *id)
{
    const struct person *person = person_by_id(id);
    bool bot = strcmp(id, bot_user()) == 0, admin = strcmp(id, MATTERMOST_ADMIN) == 0;
    if (person == NULL && !bot && !admin)
        return NULL;
    const char *username = person != NULL ? person->name : bot ? SANDBOX_BOT_NAME : "admin";
    g_auto(GStrv) names = g_strsplit(person != NULL ? person->real_name : "", " ", 2);
    g_autofree char *locale = g_strndup(person != NULL ? person->locale : "en", 2);
    cJSON *json = json_object();
    json_put_str(json, "id", id);
    json_put_int(json, "create_at", WIRE_BEGAN_MS);
    json_put_int(json, "update_at", WIRE_BEGAN_MS);
    json_put_int(json, "delete_at", person != NULL && person->deleted ? WIRE_BEGAN_MS : 0);
    json_put_str(json, "username", username);
    json_put_str(json, "auth_data", "");
    json_put_str(json, "auth_service", "");
    json_put_str(json, "email", "");
    json_put_str(json, "nickname", "");
    json_put_str(json, "first_name", names[0] != NULL ? names[0] : "");
    json_put_str(json, "last_name", names[0] != NULL && names[1] != NULL ? names[1] : "");
    json_put_str(json, "position", person != NULL ? person->title : "");
    g_autofree char *roles = roles_of(person, admin);
    json_put_str(json, "roles", roles);
    json_put_str(json, "locale", locale);
    put_zone(json, person != NULL ? person->zone : "");
    json_put_bool(json, "disable_welcome_email", false);
    if (bot)
        json_put_bool(json, "is_bot", true);
    return json;
}

cJSON *wire_team(bool other)
{
    cJSON *json = json_object();
    json_put_str(json, "id", other ? MATTERMOST_OTHER_TEAM : MATTERMOST_TEAM);
    json_put_int(json, "create_at", WIRE_BEGAN_MS);
    json_put_int(json, "update_at", WIRE_BEGAN_MS);
    json_put_int(json, "delete_at", 0);
    json_put_str(json, "display_name", other ? "Lab" : "Sandbox");
    json_put_str(json, "name", other ? MATTERMOST_OTHER_TEAM_NAME : MATTERMOST_TEAM_NAME);
    json_put_str(json, "description", "");
    json_put_str(json, "type", "O");
    json_put_bool(json, "allow_open_invite", true);
    static const char *const empty[] = {"email", "company_name", "allowed_domains", "invite_id"};
    for (guint i = 0; i < G_N_ELEMENTS(empty); i++)
        json_put_str(json, empty[i], "");
    static const char *const nothing[] = {"scheme_id", "group_constrained", "policy_id"};
    for (guint i = 0; i < G_N_ELEMENTS(nothing); i++)
        json_put(json, nothing[i], cJSON_CreateNull());
    return json;
}

void wire_write(struct post *post, const char *message, cJSON *props)
{
    post_write(post, message, attach_blocks(message, props));
    cJSON_Delete(post->props);
    post->props = props;
}
