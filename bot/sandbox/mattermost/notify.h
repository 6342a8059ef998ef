/* The WebSocket's events. See face.h. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_NOTIFY_H
#define ASKWHY_SANDBOX_MATTERMOST_NOTIFY_H

#include "bot/sandbox/sandbox.h"

void tell_posted(struct sandbox *sandbox, struct channel *channel, struct post *post);
void tell_changed(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before);
void tell_deleted(struct sandbox *sandbox, struct channel *channel, struct post *post);
void tell_reacted(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                  const char *user, bool added);
void tell_joined(struct sandbox *sandbox, struct channel *channel, const struct person *inviter);
void tell_left(struct sandbox *sandbox, struct channel *channel, const struct person *remover);
void tell_member(struct sandbox *sandbox, struct channel *channel, const struct person *person, bool in);
void tell_person(struct sandbox *sandbox, const struct person *person);
void tell_grouped(struct sandbox *sandbox, const struct group *group, const struct person *person, bool in);

#endif
