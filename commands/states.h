/* The life of an ask: states, the verbs that move it, and who may. One table. */
#ifndef ASKWHY_STATES_H
#define ASKWHY_STATES_H

#include "commands/command.h"

enum { BY_ANYONE = 0, BY_ASKER = 1, BY_OWNER = 2, BY_DECIDER = 4, BY_ASKWHY = 8, BY_RAISER = 16 };

struct transition {
    const char *verb; /* what is done: "decide yes", "start", … */
    const char *from; /* states it may start from, space-separated */
    const char *to;
    unsigned who; /* any of these; BY_ANYONE: everybody */
};
extern const struct transition transitions[]; /* closed by a NULL verb */

/* The transition, or NULL after answering why not (wrong state, or not theirs to do and whom to ask). */
const struct transition *may_move(struct context *ctx, const struct ask *ask, const char *verb);
/* True when the actor is one of these for the ask; nobody being named for a role means anyone may take it. */
bool has_role(const struct context *ctx, const struct ask *ask, unsigned who);

#endif
