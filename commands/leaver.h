/* Somebody left, the channel or the chat: what is theirs there is offered to those who stay. */
#ifndef ASKWHY_LEAVER_H
#define ASKWHY_LEAVER_H

#include "commands/command.h"

/* channel: the one that was left; 0: all of workspace, or with NULL the chat itself. */
void leaver_note(struct context *ctx, int64_t person, int64_t channel, const char *workspace);
bool leaver_due(struct context *ctx);
/* The person, who has a part in the ask; 0 when they left and it is known: nobody holds it then. */
int64_t unless_left(struct context *ctx, const struct ask *ask, int64_t person);

#endif
