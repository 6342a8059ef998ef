/* What happened, told to those who may know: the people who see the channel, and the bot by its events. */
#ifndef ASKWHY_SANDBOX_EVENTS_H
#define ASKWHY_SANDBOX_EVENTS_H

#include "bot/sandbox/sandbox.h"

void events_posted(struct sandbox *sandbox, struct channel *channel, const struct post *post);
/* before: post_json() of the time before the change; the caller's. */
void events_changed(struct sandbox *sandbox, struct channel *channel, const struct post *post, const cJSON *before);
/* Removes post; it is gone or a tombstone afterwards. */
void events_delete(struct sandbox *sandbox, struct channel *channel, struct post *post);
void events_reacted(struct sandbox *sandbox, struct channel *channel, const struct post *post);
/* Askwhy becomes a member; inviter NULL: it joined by itself. Nothing when it is one already. */
void events_bot_joins(struct sandbox *sandbox, struct channel *channel, const struct person *inviter);
void events_bot_leaves(struct sandbox *sandbox, struct channel *channel);
/* What askwhy was told on its installation: sam had invited it. */
void events_first_invitation(struct sandbox *sandbox);

/* The members all interactions have, trigger_id among them. view: the form it comes from, or NULL. */
struct view;
cJSON *events_interaction(struct sandbox *sandbox, const char *type, const struct person *person, struct view *view);
cJSON *events_channel_json(const struct channel *channel);
const char *channel_event_type(const struct channel *channel);

#endif
