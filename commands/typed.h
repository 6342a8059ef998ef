/* What is typed to askwhy, done (typed.c); what it means is in meant.h. */
#ifndef ASKWHY_TYPED_H
#define ASKWHY_TYPED_H

#include "commands/command.h"

/* typed: without the command's own name. */
void typed_run(struct context *ctx, const char *typed);
/* The button of who was asked whether it is a command: it is. */
void typed_do_button(struct context *ctx, const char *text);

#endif
