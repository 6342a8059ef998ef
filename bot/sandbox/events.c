#include "bot/sandbox/events.h"

#include "bot/sandbox/face.h"

void events_show(struct sandbox *sandbox, struct channel *channel, const struct post *post)
{
    cJSON *see = json_object();
    json_put_str(see, "see", post->only != NULL ? "ephemeral" : "message");
    json_put_str(see, "channel", channel->id);
    json_put(see, "message", post_page_json(post));
    sandbox_tell(sandbox, post->only, channel, see);
}

void events_show_deleted(struct sandbox *sandbox, struct channel *channel, const char *ts, const struct person *only)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "deleted");
    json_put_str(see, "channel", channel->id);
    json_put_str(see, "ts", ts);
    sandbox_tell(sandbox, only, channel, see);
}

void events_show_errors(struct sandbox *sandbox, const struct person *person, const char *view, const cJSON *errors)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "errors");
    json_put_str(see, "view", view);
    json_put(see, "errors", cJSON_Duplicate(errors, true));
    sandbox_tell(sandbox, person, NULL, see);
}

void events_posted(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    events_show(sandbox, channel, post);
    if (post->only == NULL)
        sandbox->face->posted(sandbox, channel, post);
}

void events_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before)
{
    events_show(sandbox, channel, post);
    if (post->only == NULL)
        sandbox->face->changed(sandbox, channel, post, before);
}

void events_delete(struct sandbox *sandbox, struct channel *channel, struct post *post)
{
    events_show_deleted(sandbox, channel, post->ts, post->only);
    if (post->only != NULL)
        channel_remove(channel, post);
    else
        sandbox->face->deleted(sandbox, channel, post);
}

void events_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                    const char *user, bool added)
{
    events_show(sandbox, channel, post);
    sandbox->face->reacted(sandbox, channel, post, name, user, added);
}

/* Everybody's list of channels shows whether askwhy is a member: send the list anew. */
static void show_membership(struct sandbox *sandbox, const struct channel *channel)
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
    show_membership(sandbox, channel);
    sandbox->face->joined(sandbox, channel, inviter);
}

void events_bot_leaves(struct sandbox *sandbox, struct channel *channel, const struct person *remover)
{
    if (!channel->bot || channel->visibility == DIRECT)
        return;
    channel->bot = false;
    show_membership(sandbox, channel);
    sandbox->face->left(sandbox, channel, remover);
}
