#include "bot/sandbox/mattermost/notify.h"

#include "bot/base/clock.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/mattermost/hub.h"
#include "bot/sandbox/mattermost/mattermost.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/misbehave.h"

#include <string.h>

static void tell(struct sandbox *sandbox, const char *event, cJSON *data, const char *channel, const char *user)
{
    struct mattermost *mattermost = sandbox->mattermost;
    if (misbehave_lose_events(sandbox->misbehaviour) && hub_sockets(mattermost->hub, bot_user()) == 0) {
        cJSON_Delete(data);
        return;
    }
    if (misbehave_hold(sandbox->misbehaviour))
        hub_hold(mattermost->hub, true);
    for (int copy = 0; copy < misbehave_redeliver(sandbox->misbehaviour); copy++)
        hub_event(mattermost->hub, event, cJSON_Duplicate(data, true), channel, user);
    hub_event(mattermost->hub, event, data, channel, user);
}

/* JSON within a string, as the server writes posts and reactions into events. Takes value. */
static void put_text_of(cJSON *data, const char *name, cJSON *value)
{
    g_autofree char *text = json_text(value);
    cJSON_Delete(value);
    json_put_str(data, name, text);
}

static bool is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

/* @name stands in text, outside `code`; what ends a sentence may follow. */
static bool names(const char *text, const char *name)
{
    size_t length = strlen(name);
    bool code = false;
    for (const char *at = text; *at != '\0'; at++) {
        code = *at == '`' ? !code : code;
        if (*at != '@' || code || (at > text && is_name_char(at[-1])) || g_ascii_strncasecmp(at + 1, name, length) != 0)
            continue;
        const char *end = at + 1 + length;
        while (*end == '.' || *end == '-' || *end == '_')
            end++;
        if (!is_name_char(*end))
            return true;
    }
    return false;
}

/* Those the post notifies: askwhy named, spoken to directly, or everybody called. */
static void put_mentions(cJSON *data, const struct channel *channel, const struct post *post)
{
    static const char added[] = "system_add_to_channel"; /* names whom it is about, to that one alone */
    cJSON *mentions = json_array();
    bool all = names(post->text, "channel") || names(post->text, "all") || names(post->text, "here");
    for (guint i = 0; i < channel->members->len; i++) {
        const struct person *person = g_ptr_array_index(channel->members, i);
        bool direct = channel->visibility == DIRECT && strcmp(post->user, person->id) != 0;
        if (all || direct || names(post->text, person->name))
            json_push_str(mentions, person->id);
    }
    bool direct = channel->visibility == DIRECT && !post->bot;
    if (channel->bot && (all || direct || names(post->text, SANDBOX_BOT_NAME) || g_strcmp0(post->subtype, added) == 0))
        json_push_str(mentions, bot_user());
    if (mentions->child != NULL)
        put_text_of(data, "mentions", mentions);
    else
        cJSON_Delete(mentions);
}

/* The root of a thread changes with each reply. */
static void touch_root(const struct channel *channel, const struct post *post)
{
    struct post *root = wire_root(channel, post);
    if (root != NULL)
        root->updated_ms = MAX(root->updated_ms, post->updated_ms);
}

void tell_posted(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    touch_root(channel, post);
    cJSON *data = json_object(), *json = wire_post(sandbox, channel, post, false);
    g_autofree char *name = wire_channel_name(channel);
    g_autofree char *sender = g_strconcat("@", user_name(post->user), NULL);
    if (post->client_id != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(json, "pending_post_id", cJSON_CreateString(post->client_id));
    json_put_str(data, "channel_display_name", channel->visibility == DIRECT ? sender : channel->name);
    json_put_str(data, "channel_name", name);
    json_put_str(data, "channel_type", wire_channel_type(channel));
    put_mentions(data, channel, post);
    put_text_of(data, "post", json);
    json_put_str(data, "sender_name", post->subtype != NULL ? "System" : sender);
    json_put_bool(data, "set_online", true);
    json_put_str(data, "team_id", wire_team_id(channel));
    tell(sandbox, "posted", data, channel->id, NULL);
    if (!post->bot)
        return;
    cJSON *viewed = json_object();
    json_put_str(viewed, "channel_id", channel->id);
    tell(sandbox, "channel_viewed", viewed, NULL, bot_user());
}

/* The old version stays as a deleted post of its own, as 5.37 keeps it. */
static void keep_version(struct sandbox *sandbox, struct channel *channel, const struct post *post, const cJSON *props)
{
    struct post *old = channel_post(sandbox->workspace, channel, post->user, post->thread, post->text, NULL);
    old->original = g_strdup(post->id);
    old->props = cJSON_Duplicate(props, true);
    old->updated_ms = old->deleted_ms = clock_now_ms();
    channel_bury(channel, old);
}

void tell_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before)
{
    cJSON *data = json_object();
    keep_version(sandbox, channel, post, before);
    post->updated_ms = MAX(post->updated_ms, clock_now_ms());
    post->edited_ms = MAX(post->edited_ms, ts_read(post->edited) / 1000);
    put_text_of(data, "post", wire_post(sandbox, channel, post, false));
    tell(sandbox, "post_edited", data, channel->id, NULL);
}

static void bury(struct channel *channel, struct post *post, const char *by, int64_t now_ms)
{
    cJSON_Delete(post->props);
    post->props = json_object();
    json_put_str(post->props, "deleteBy", by);
    post->deleted_ms = post->updated_ms = now_ms;
    channel_bury(channel, post);
}

void tell_deleted(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    cJSON *data = json_object();
    int64_t now = clock_now_ms();
    put_text_of(data, "post", wire_post(sandbox, channel, post, false)); /* as it was before */
    for (guint i = channel->posts->len; i > 0; i--) {
        struct post *reply = g_ptr_array_index(channel->posts, i - 1);
        if (strcmp(reply->thread, post->ts) != 0)
            continue;
        events_show_deleted(sandbox, channel, reply->ts, NULL);
        bury(channel, reply, post->user, now);
    }
    bury(channel, post, post->user, now);
    tell(sandbox, "post_deleted", data, channel->id, NULL);
}

void tell_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                  const char *user, bool added)
{
    cJSON *data = json_object();
    int64_t now = clock_now_ms();
    post->updated_ms = MAX(post->updated_ms, now);
    put_text_of(data, "reaction", wire_reaction(post, user, name, added ? now : 0, now));
    tell(sandbox, added ? "reaction_added" : "reaction_removed", data, channel->id, NULL);
}

void tell_joined(struct sandbox *sandbox, struct channel *channel, const struct person *inviter)
{
    cJSON *data = json_object();
    json_put_str(data, "team_id", wire_team_id(channel));
    json_put_str(data, "user_id", bot_user());
    tell(sandbox, "user_added", data, channel->id, NULL);
    g_autofree char *text = inviter != NULL ? g_strdup_printf("askwhy added to the channel by %s.", inviter->name)
                                            : g_strdup("askwhy joined the channel.");
    struct post *post = channel_post(sandbox->workspace, channel, inviter != NULL ? inviter->id : bot_user(), NULL, text,
                                     NULL);
    post->subtype = g_strdup(inviter != NULL ? "system_add_to_channel" : "system_join_channel");
    post->props = json_object();
    if (inviter != NULL) {
        json_put_str(post->props, "addedUserId", bot_user());
        json_put_str(post->props, "addedUsername", SANDBOX_BOT_NAME);
        json_put_str(post->props, "userId", inviter->id);
    } else {
        json_put_str(post->props, "from_bot", "true");
    }
    json_put_str(post->props, "username", user_name(post->user));
    events_posted(sandbox, channel, post);
}

void tell_left(struct sandbox *sandbox, struct channel *channel, const struct person *remover)
{
    cJSON *own = json_object(), *others = json_object();
    const char *by = remover != NULL ? remover->id : bot_user();
    json_put_str(own, "channel_id", channel->id);
    json_put_str(own, "remover_id", by);
    tell(sandbox, "user_removed", own, NULL, bot_user());
    json_put_str(others, "user_id", bot_user());
    json_put_str(others, "remover_id", by);
    tell(sandbox, "user_removed", others, channel->id, NULL);
}

void tell_member(struct sandbox *sandbox, struct channel *channel, const struct person *person, bool in)
{
    cJSON *data = json_object();
    json_put_str(data, "user_id", person->id);
    json_put_str(data, in ? "team_id" : "remover_id", in ? wire_team_id(channel) : person->id);
    tell(sandbox, in ? "user_added" : "user_removed", data, channel->id, NULL);
    g_autofree char *text = g_strdup_printf("%s %s the channel.", person->name, in ? "joined" : "left");
    struct post *post = channel_post(sandbox->workspace, channel, person->id, NULL, text, NULL);
    post->subtype = g_strdup(in ? "system_join_channel" : "system_leave_channel");
    post->props = json_object();
    json_put_str(post->props, "username", person->name);
    events_posted(sandbox, channel, post);
}

void tell_person(struct sandbox *sandbox, const struct person *person)
{
    cJSON *data = json_object();
    json_put(data, "user", wire_user(person->id));
    tell(sandbox, "user_updated", data, NULL, NULL);
}

/* Of roles only who has them is told. */
void tell_grouped(struct sandbox *sandbox, const struct group *group, const struct person *person, bool in)
{
    (void)group, (void)in;
    g_autoptr(cJSON) user = wire_user(person->id);
    cJSON *data = json_object();
    json_put_str(data, "user_id", person->id);
    json_put_str(data, "roles", json_str0(user, "roles"));
    tell(sandbox, "user_role_updated", data, NULL, person->id);
}
