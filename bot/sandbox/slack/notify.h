/* The Events API: what the bot is told of what happened. */
#ifndef ASKWHY_SANDBOX_SLACK_NOTIFY_H
#define ASKWHY_SANDBOX_SLACK_NOTIFY_H

#include "bot/sandbox/sandbox.h"
#include "bot/sandbox/slack/message.h"

void notify_posted(struct sandbox *sandbox, struct channel *channel, struct post *post);
/* before: post_json() of the time before the change; the caller's. */
void notify_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before);
void notify_deleted(struct sandbox *sandbox, struct channel *channel, struct post *post);
void notify_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                    const char *user, bool added);
void notify_joined(struct sandbox *sandbox, struct channel *channel, const struct person *inviter);
void notify_left(struct sandbox *sandbox, struct channel *channel, const struct person *remover);
void notify_member(struct sandbox *sandbox, struct channel *channel, const struct person *person, bool in);
void notify_person(struct sandbox *sandbox, const struct person *person);
void notify_grouped(struct sandbox *sandbox, const struct group *group, const struct person *person, bool in);
/* What askwhy was told on its installation: sam had invited it. */
void notify_first_invitation(struct sandbox *sandbox);

#endif
