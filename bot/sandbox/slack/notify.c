#include "bot/sandbox/slack/notify.h"

#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/slack/deliver.h"
#include "bot/sandbox/slack/message.h"
#include "bot/sandbox/slack/slack.h"

#include <string.h>

static const char *channel_event_type(const struct channel *channel)
{
    return channel->visibility == DIRECT ? "im" : channel->visibility == PRIVATE ? "group" : "channel";
}

static void put_moment(struct sandbox *sandbox, cJSON *event, const char *name)
{
    char ts[24];
    ts_write(workspace_moment(sandbox->workspace), ts);
    json_put_str(event, name, ts);
}

void notify_posted(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    if (!channel->bot)
        return;
    cJSON *event = post_json(channel, post, false);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel_event_type(channel));
    json_put_str(event, "event_ts", post->ts);
    deliver_event(sandbox->slack->deliver, event);
    bool mentioned = strstr(post->text, "<@" SANDBOX_BOT_USER ">") != NULL;
    if (!mentioned || post->bot || post->subtype != NULL || channel->visibility == DIRECT)
        return;
    event = post_json(channel, post, false);
    cJSON_ReplaceItemInObjectCaseSensitive(event, "type", cJSON_CreateString("app_mention"));
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "event_ts", post->ts);
    deliver_event(sandbox->slack->deliver, event);
}

void notify_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before)
{
    if (!channel->bot)
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
    deliver_event(sandbox->slack->deliver, event);
}

void notify_deleted(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    char ts[24];
    g_strlcpy(ts, post->ts, sizeof ts);
    cJSON *before = post_json(channel, post, false);
    channel_remove(channel, post);
    const struct post *tombstone = channel_find(channel, ts);
    if (tombstone != NULL)
        events_show(sandbox, channel, tombstone);
    if (!channel->bot) {
        cJSON_Delete(before);
        return;
    }
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
    deliver_event(sandbox->slack->deliver, event);
}

void notify_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                    const char *user, bool added)
{
    /* The manifest subscribes to no reactions: the bot is not told. */
    (void)sandbox, (void)channel, (void)post, (void)name, (void)user, (void)added;
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
    deliver_event(sandbox->slack->deliver, event);
}

void notify_joined(struct sandbox *sandbox, struct channel *channel, const struct person *inviter)
{
    struct post *post = channel_post(sandbox->workspace, channel, SANDBOX_BOT_USER, NULL,
                                     "<@" SANDBOX_BOT_USER "> has joined the channel", NULL);
    post->subtype = g_strdup(channel->visibility == PRIVATE ? "group_join" : "channel_join");
    post->inviter = inviter != NULL ? g_strdup(inviter->id) : NULL;
    events_posted(sandbox, channel, post);
    deliver_joined(sandbox, channel, inviter);
}

void notify_left(struct sandbox *sandbox, struct channel *channel, const struct person *remover)
{
    (void)remover; /* Slack does not tell */
    cJSON *event = json_object();
    json_put_str(event, "type", channel->visibility == PRIVATE ? "group_left" : "channel_left");
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "actor_id", SANDBOX_BOT_USER);
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->slack->deliver, event);
}

void notify_member(struct sandbox *sandbox, struct channel *channel, const struct person *person, bool in)
{
    if (!channel->bot)
        return;
    cJSON *event = json_object();
    json_put_str(event, "type", in ? "member_joined_channel" : "member_left_channel");
    json_put_str(event, "user", person->id);
    json_put_str(event, "channel", channel->id);
    json_put_str(event, "channel_type", channel->visibility == PRIVATE ? "G" : "C");
    json_put_str(event, "team", SANDBOX_TEAM);
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->slack->deliver, event);
}

void notify_person(struct sandbox *sandbox, const struct person *person)
{
    cJSON *event = json_object();
    json_put_str(event, "type", "user_change");
    json_put(event, "user", user_json(person, false));
    json_put_int(event, "cache_ts", 1750000000);
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->slack->deliver, event);
}

void notify_grouped(struct sandbox *sandbox, const struct group *group, const struct person *person, bool in)
{
    cJSON *event = json_object(), *users = json_array();
    json_push_str(users, person->id);
    json_put_str(event, "type", "subteam_members_changed");
    json_put_str(event, "subteam_id", group->id);
    json_put_str(event, "team_id", SANDBOX_TEAM);
    json_put_int(event, "date_previous_update", 1750000000);
    json_put_int(event, "date_update", 1750000000);
    json_put(event, in ? "added_users" : "removed_users", users);
    json_put_str(event, in ? "added_users_count" : "removed_users_count", "1");
    put_moment(sandbox, event, "event_ts");
    deliver_event(sandbox->slack->deliver, event);
}

void notify_first_invitation(struct sandbox *sandbox)
{
    deliver_joined(sandbox, channel_by_name(sandbox->workspace, "product-asks"), person_by_name("sam"));
}
