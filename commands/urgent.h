/* Urgent asks skip the queue and owe their why within a set number of hours. */
#ifndef ASKWHY_URGENT_H
#define ASKWHY_URGENT_H

#include "commands/command.h"

/* The ask was just raised as urgent by who acts. why: it came with it. */
void urgent_begin(struct context *ctx, int64_t ask);
/* The time of an urgent ask is over, or its one reminder is due. */
bool urgent_due(struct context *ctx);

#endif
