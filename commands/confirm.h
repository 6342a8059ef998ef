/* A why that somebody else said for the asker, who may confirm it. */
#ifndef ASKWHY_CONFIRM_H
#define ASKWHY_CONFIRM_H

#include "commands/command.h"

/* The why was said by another and not confirmed yet. */
bool why_waits_for_asker(struct context *ctx, const struct ask *ask);
/* The button for the asker, where there is something to confirm. */
void why_add_confirm(struct context *ctx, struct message *message, const struct ask *ask, const char *language);
void why_confirm_button(struct context *ctx, const char *value);
/* `/why 42 yes` */
void why_confirm(struct context *ctx, int64_t number);

#endif
