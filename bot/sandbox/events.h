/* What happened, told to those who may know: the people who see the channel, and the bot by its face. */
#ifndef ASKWHY_SANDBOX_EVENTS_H
#define ASKWHY_SANDBOX_EVENTS_H

#include "bot/sandbox/sandbox.h"

void events_posted(struct sandbox *sandbox, struct channel *channel, struct post *post);
/* before: what face->remember() said before the change; the caller's. */
void events_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before);
/* Removes post; it is gone or a tombstone afterwards. */
void events_delete(struct sandbox *sandbox, struct channel *channel, struct post *post);
void events_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                    const char *user, bool added);
/* Askwhy becomes a member; inviter NULL: it joined by itself. Nothing when it is one already. */
void events_bot_joins(struct sandbox *sandbox, struct channel *channel, const struct person *inviter);
void events_bot_leaves(struct sandbox *sandbox, struct channel *channel, const struct person *remover);

/* To the people alone. */
void events_show(struct sandbox *sandbox, struct channel *channel, const struct post *post);
void events_show_deleted(struct sandbox *sandbox, struct channel *channel, const char *ts, const struct person *only);
void events_show_errors(struct sandbox *sandbox, const struct person *person, const char *view, const cJSON *errors);

#endif
