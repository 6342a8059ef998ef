/* What askwhy shall say beyond the private answer: rows of the outbox, made inside the transaction. */
#ifndef ASKWHY_SEND_H
#define ASKWHY_SEND_H

#include "commands/command.h"

/* Takes message. Returns the post's id. purpose: see table post. */
int64_t send_post(struct context *ctx, int64_t channel, int64_t thread, const char *purpose, int64_t ask,
                  struct message *message);
/* Into the thread of the ask's card. */
int64_t send_to_thread(struct context *ctx, const struct ask *ask, const char *purpose, struct message *message);
/* A post drawn when sent (command_draw): the card, once; and again after a change. */
void send_drawn(struct context *ctx, int64_t channel, int64_t post);
void send_redraw(struct context *ctx, int64_t post);
void send_card_redraw(struct context *ctx, int64_t ask);
/* Rewrites a post of ours with other content. Takes message. */
void send_edit(struct context *ctx, int64_t post, struct message *message);
/* To one person privately, in their direct channel, about an ask or with 0 about none. Takes message. The post's subject is
 * that person, as it has no channel. */
#define DIRECT_PURPOSE "direct"
void send_direct(struct context *ctx, int64_t person, int64_t ask, struct message *message);
/* Seen by one person in a channel (and thread). Takes message. */
void send_ephemeral(struct context *ctx, int64_t person, int64_t channel, const char *root, struct message *message);
void send_reaction(struct context *ctx, int64_t channel, const char *message, const char *emoji);
bool can_open_form(const struct context *ctx);
/* Takes form. Needs the event's trigger; without one the person is told to type what form->instead says. */
void send_form(struct context *ctx, struct form *form);
void send_home(struct context *ctx, int64_t person);
/* Before that post goes. */
void send_join(struct context *ctx, int64_t channel, int64_t post);

#endif
