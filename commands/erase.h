/* What was erased goes from askwhy's own posts, too. */
#ifndef ASKWHY_ERASE_H
#define ASKWHY_ERASE_H

#include "commands/command.h"

/* This post of askwhy's says the catalogue's entry instead from now on, wherever it is on its way; a card is drawn anew. */
void erase_post(struct context *ctx, int64_t post, const char *entry);

/* retention.c: a little of what a channel does not keep any longer is erased; false when nothing is. */
bool retention_due(struct context *ctx);
void retention_button(struct context *ctx, const char *value);

#endif
