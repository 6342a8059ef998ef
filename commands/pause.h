/* An ask is set aside until a date, and on that date its owner says whether to go on (verb_pause.c); the form for it
 * (form_pause.c). */
#ifndef ASKWHY_PAUSE_H
#define ASKWHY_PAUSE_H

#include "commands/command.h"

/* until 0: the channel's usual time. reason: "" for none. Who acts may. */
void pause_run(struct context *ctx, struct ask *ask, int64_t until, const char *reason);
/* Whether to go on was asked, and need not be any more: the question loses its buttons. */
void pause_settle(struct context *ctx, const struct ask *ask);
/* A date to look again has come; false: none has. */
bool pause_due(struct context *ctx);
void resume_button(struct context *ctx, const char *value);
void pause_more_button(struct context *ctx, const char *value);
void shelve_button(struct context *ctx, const char *value);

void pause_open_form(struct context *ctx, int64_t ask);
void pause_form(struct context *ctx);
void pause_form_button(struct context *ctx, const char *value);

#endif
