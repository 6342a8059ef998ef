#include "bot/sandbox/events.h"

#include "bot/sandbox/deliver.h"
#include "bot/sandbox/views.h"

#include <string.h>

const char *channel_event_type(const struct channel *channel)
{
    return channel->visibility == DIRECT ? "im" : channel->visibility == PRIVATE ? "group" : "channel";
}

static void tell_post(struct sandbox *sandbox, struct channel *channel, const struct post *post)
{
    cJSON *see = json_object();
    json_put_str(see, "see", post->only != NULL ? "ephemeral" : "message");
    json_put_str(see, "channel", channel->id);
    json_put(see, "message", post_page_json(post));
    sandbox_tell(sandbox, post->only, channel, see);
}

static void put_moment(struct sandbox *sandbox, cJSON *event, const char *name)
{
    char ts[24];
    ts_write(workspace_moment(sandbox->workspace), ts);
    json_put_str(event, name, ts);
}

void events_posted(struct sandbox *sandbox, struct channel *channel, const struct post *post)
{
    tell_post(sandbox, channel, post);
    if (post->only != NULL || !channel->bot)
        return;
    cJSON *event = post_json(channel, post, false);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel_event_type(channel));
    json_put_str(event, "event_ts", post->ts);
    deliver_event(sandbox->deliver, event);
    bool mentioned = strstr(post->text, "<@" SANDBOX_BOT_USER ">") != NULL;
    if (!mentioned || post->bot || post->subtype != NULL || channel->visibility == DIRECT)
        return;
    event = post_json(channel, post, false);
    cJSON_ReplaceItemInObjectCaseSensitive(event, "type", cJSON_CreateString("app_mention"));
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "event_ts", post->ts);
    deliver_event(sandbox->deliver, event);
}

void events_changed(struct sandbox *sandbox, struct channel *channel, const struct post *post, const cJSON *before)
{
    tell_post(sandbox, channel, post);
    if (post->only != NULL || !channel->bot)
        return;
    cJSON *event = json_object();
    json_put_str(event, "type", "message");
    json_put_str(event, "subtype", "message_changed");
    json_put_bool(event, "hidden", true);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel_event_type(channel));
    put_moment(sandbox, event, "ts");
    json_put_str(event, "event_ts", json_str(event, "ts"));
    json_put(event, "message", post_json(channel, post, false));
    json_put(event, "previous_message", cJSON_Duplicate(before, true));
    deliver_event(sandbox->deliver, event);
}

void events_delete(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    bool ephemeral = post->only != NULL;
    char ts[24];
    g_strlcpy(ts, post->ts, sizeof ts);
    cJSON *before = post_json(channel, post, false);
    cJSON *see = json_object();
    json_put_str(see, "see", "deleted");
    json_put_str(see, "channel", channel->id);
    json_put_str(see, "ts", ts);
    sandbox_tell(sandbox, post->only, channel, see);
    channel_remove(channel, post);
    if (ephemeral || !channel->bot) {
        cJSON_Delete(before);
        return;
    }
    struct post *tombstone = channel_find(channel, ts);
    if (tombstone != NULL)
        tell_post(sandbox, channel, tombstone);
    cJSON *event = json_object();
    json_put_str(event, "type", "message");
    json_put_str(event, "subtype", "message_deleted");
    json_put_bool(event, "hidden", true);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel_event_type(channel));
    put_moment(sandbox, event, "ts");
    json_put_str(event, "event_ts", json_str(event, "ts"));
    json_put_str(event, "deleted_ts", ts);
    json_put(event, "previous_message", before);
    deliver_event(sandbox->deliver, event);
}

void events_reacted(struct sandbox *sandbox, struct channel *channel, const struct post *post)
{
    tell_post(sandbox, channel, post); /* the manifest subscribes to no reactions: the bot is not told */
}

static void deliver_joined(struct sandbox *sandbox, const struct channel *channel, const struct person *inviter)
{
    cJSON *event = json_object();
    json_put_str(event, "type", "member_joined_channel");
    json_put_str(event, "user", SANDBOX_BOT_USER);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel->visibility == PRIVATE ? "G" : "C");
    json_put_str(event, "team", SANDBOX_TEAM);
    if (inviter != NULL)
        json_put_str(event, "inviter", inviter->id);
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->deliver, event);
}

/* Everybody's list of channels shows whether askwhy is a member: send the list anew. */
static void tell_membership(struct sandbox *sandbox, const struct channel *channel)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "membership");
    json_put_str(see, "channel", channel->id);
    json_put_bool(see, "bot_member", channel->bot);
    sandbox_tell(sandbox, NULL, channel, see);
}

void events_bot_joins(struct sandbox *sandbox, struct channel *channel, const struct person *inviter)
{
    if (channel->bot)
        return;
    channel->bot = true;
    tell_membership(sandbox, channel);
    struct post *post = channel_post(sandbox->workspace, channel, SANDBOX_BOT_USER, NULL,
                                     "<@" SANDBOX_BOT_USER "> has joined the channel", NULL);
    post->subtype = g_strdup(channel->visibility == PRIVATE ? "group_join" : "channel_join");
    post->inviter = inviter != NULL ? g_strdup(inviter->id) : NULL;
    events_posted(sandbox, channel, post);
    deliver_joined(sandbox, channel, inviter);
}

void events_bot_leaves(struct sandbox *sandbox, struct channel *channel)
{
    if (!channel->bot || channel->visibility == DIRECT)
        return;
    channel->bot = false;
    tell_membership(sandbox, channel);
    cJSON *event = json_object();
    json_put_str(event, "type", channel->visibility == PRIVATE ? "group_left" : "channel_left");
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "actor_id", SANDBOX_BOT_USER);
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->deliver, event);
}

void events_first_invitation(struct sandbox *sandbox)
{
    deliver_joined(sandbox, channel_by_name(sandbox->workspace, "product-asks"), person_by_name("sam"));
}

cJSON *events_interaction(struct sandbox *sandbox, const char *type, const struct person *person, struct view *view)
{
    cJSON *payload = json_object(), *user = json_object(), *team = json_object();
    json_put_str(payload, "type", type);
    json_put_str(payload, "token", "sandbox");
    json_put_str(payload, "api_app_id", SANDBOX_APP);
    json_put_str(user, "id", person->id);
    json_put_str(user, "username", person->name);
    json_put_str(user, "name", person->name);
    json_put_str(user, "team_id", SANDBOX_TEAM);
    json_put(payload, "user", user);
    json_put_str(team, "id", SANDBOX_TEAM);
    json_put_str(team, "domain", SANDBOX_DOMAIN);
    json_put(payload, "team", team);
    json_put(payload, "enterprise", cJSON_CreateNull());
    json_put_bool(payload, "is_enterprise_install", false);
    if (strcmp(type, "view_closed") != 0) {
        g_autofree char *trigger = views_trigger(sandbox->views, person, view);
        json_put_str(payload, "trigger_id", trigger);
    }
    return payload;
}

cJSON *events_channel_json(const struct channel *channel)
{
    cJSON *json = json_object();
    json_put_str(json, "id", channel->id);
    json_put_str(json, "name",
                 channel->visibility == DIRECT    ? "directmessage"
                 : channel->visibility == PRIVATE ? "privategroup"
                                                  : channel->name);
    return json;
}
