/* Events that come late or again: of a post, its edits and its end, and of who came and went, the newest counts. */
#ifndef ASKWHY_ORDER_H
#define ASKWHY_ORDER_H

#include "commands/command.h"

/* Something newer is known of what this event tells, so it means nothing any more. Else it is remembered. */
bool order_is_outdated(struct context *ctx);
/* Whether the person has left the channel since the event happened. */
bool order_has_left_since(struct context *ctx);

#endif
