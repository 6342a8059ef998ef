/* Who may do what in a channel: askwhy's defaults, and what the channel settled instead (settings permission). */
#ifndef ASKWHY_PERMISSION_H
#define ASKWHY_PERMISSION_H

#include "commands/command.h"

enum permission {
    MAY_RAISE,
    MAY_ANSWER, /* for others: words for an ask that is not one's own, unasked */
    MAY_DECIDE,
    MAY_START,
    MAY_DIGEST, /* set it, stop it, post it */
    MAY_SETTINGS,
    MAY_REPORT, /* see what a channel came to over a longer time (report) */
    PERMISSIONS
};
extern const char *const permission_names[PERMISSIONS]; /* as typed, and in the log */

/* To whom something is allowed; any of them. The owner and decider are the ask's, and without an ask the channel's. */
enum { TO_ADMINS = 1, TO_OWNER = 2, TO_DECIDER = 4, TO_MEMBERS = 8 /* all but guests */, TO_ANYONE = 16 };

/* Of the whole chat, or whom the operator named (ASKWHY_ADMINISTRATORS). */
bool is_administrator(const struct context *ctx);
/* The same, or of that channel. */
bool administers(struct context *ctx, int64_t channel);
/* For how long the chat's word on who administers a channel is taken. */
enum { RIGHTS_KNOWN_MS = 3600 * 1000 };
/* A change of settings, or a look at them: whether who types it administers the channel is worth a moment's wait. */
bool command_wants_rights(const struct event *event);

/* ask: what it is about, NULL for none. Where only roles may and nobody holds one, every member may. */
bool may(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask);
/* The same; answers why not and whom to ask. */
bool may_or_say(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask);
/* Words for the ask, by somebody who may or may not be asked for them: MAY_ANSWER when it is not theirs to say. */
bool may_answer_or_say(struct context *ctx, const struct ask *ask);
/* If the channel allowed it to these. */
bool may_if(struct context *ctx, int64_t channel, enum permission what, const struct ask *ask, unsigned to);
/* What the channel settled, 0: nothing; and the default. */
unsigned permission_settled(struct context *ctx, int64_t channel, enum permission what);
unsigned permission_default(enum permission what);
/* "@Mia Tamm (owner), administrators"; ask and channel: whose owner and decider. Free with g_free(). */
char *permission_show(struct context *ctx, int64_t channel, const struct ask *ask, unsigned to);
/* "owner, decider"; 0 when a word is none of ours or there is none. */
unsigned permission_read(const char *words);
/* The other way. Free with g_free(). */
char *permission_write(unsigned to);

#endif
