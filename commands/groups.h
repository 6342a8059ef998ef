/* Groups of the chat (user groups, roles) that stand for a function: whoever is in one works as that, unless they, or an
 * administrator for them, said otherwise. */
#ifndef ASKWHY_GROUPS_H
#define ASKWHY_GROUPS_H

#include "commands/command.h"

/* EVENT_GROUP: what the chat told of a group it was asked for. */
void groups_learn(struct context *ctx);
/* All groups this person is in. */
void groups_learn_of(struct context *ctx, int64_t person, char **groups);
/* What people call a group, without the "@" it may begin with; NULL for what cannot be a group's name. */
char *groups_read_name(const char *text);

#endif
