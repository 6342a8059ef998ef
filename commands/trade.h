/* What gives way when an ask is started: asked (trade_question.c), recorded and told (trade.c), shown (trade_show.c). */
#ifndef ASKWHY_TRADE_H
#define ASKWHY_TRADE_H

#include "commands/command.h"
#include "commands/understand/understand.h"
#include "store/trades.h"

enum { TRADE_OFFERED = 20 };

/* Starts the ask as start says, or asks what gives way when it does not say it and something is started. */
void start_run(struct context *ctx, int64_t number, const struct start *start); /* verb_start.c */

/* The started asks that may give way to this one: the actor's, or where the channel is set so all of its; of struct
 * ask_line, the newest first. Only such as may be seen from here. */
GArray *trade_offered(struct context *ctx, const struct ask *ask);
/* What gives way to ask? Privately, with buttons; reason is kept in them. */
void trade_question(struct context *ctx, const struct ask *ask, const char *reason);
void trade_open_form(struct context *ctx, const char *value); /* "42 because …" */
void trade_form(struct context *ctx);

/* True when this started ask may give way to ask by who acts; else says why not. */
bool trade_may_pause(struct context *ctx, const struct ask *ask, const struct ask *other);
/* other gives way to ask, which was started by entry: recorded, and told in its thread. */
void trade_pause(struct context *ctx, const struct ask *ask, struct ask *other, const struct log_entry *started,
                 int64_t revisit);
/* Who waited behind ask are told in their threads that it has gone on. waiting: of store_queued_behind(), before. */
void trade_wake(struct context *ctx, const struct ask *ask, GArray *waiting);

/* What was set aside for ask, which has gone on, is told so in its thread, once. */
void trade_free(struct context *ctx, const struct ask *ask);

/* "#42 Add SSO for Acme", or "a private ask" where that place may not see it. */
char *trade_name(struct context *ctx, int64_t number, const struct viewer *viewer, const char *language);
char *trade_short_name(struct context *ctx, int64_t number, const struct viewer *viewer); /* "#42", or the same */
char *trade_days(const char *language, int64_t days); /* "6 days of work" */
/* What it took the place of, what took its place and behind what it waits: notes of a card or a brief. all: the whole
 * history, not only what counts now. */
void trade_notes(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer,
                 bool all);

#endif
