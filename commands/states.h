/* The life of an ask: its states, the verbs that move it, who may, and whom it tells. One table. */
#ifndef ASKWHY_STATES_H
#define ASKWHY_STATES_H

#include "commands/command.h"

enum { BY_ANYONE = 0, BY_ASKER = 1, BY_OWNER = 2, BY_DECIDER = 4, BY_ASKWHY = 8, BY_RAISER = 16,
       BY_METRIC_OWNER = 32 /* of the number the ask moves */ };
/* Who is mentioned where it is told; TELLS_OTHER: the thread of the other ask it is about, too. */
enum { TELLS_NOBODY = 0, TELLS_ASKER = 1, TELLS_OWNER = 2, TELLS_DECIDER = 4, TELLS_VOICES = 8, TELLS_OTHER = 16 };

struct transition {
    const char *verb; /* what is done: "decide yes", "start", … */
    const char *from; /* states it may start from, space-separated; "" for what is not there yet */
    const char *to;
    unsigned who;   /* any of these; BY_ANYONE: everybody */
    unsigned tells; /* mentioned, unless they did it themselves */
};
extern const struct transition transitions[]; /* closed by a NULL verb; a verb's rows differ in from or to */
extern const char *const all_states[];        /* in the order of a life; NULL-terminated */

/* The transition, or NULL after answering why not (wrong state, or not theirs to do and whom to ask). */
const struct transition *may_move(struct context *ctx, const struct ask *ask, const char *verb);
/* The verb's row for asks in that state, whoever acts; its first row when there is none. */
const struct transition *transition_of(const char *verb, const char *state);
bool transition_starts_from(const struct transition *transition, const char *state);
/* True when the actor is one of these for the ask; nobody being named for a role means anyone but a guest may take it. */
bool has_role(struct context *ctx, const struct ask *ask, unsigned who);
/* The verbs that lead on from a state, for showing; ask: only what who acts may do with it, NULL: all. g_free(). */
char *state_verbs(struct context *ctx, const char *state, const struct ask *ask);
/* Says that this cannot be done in the ask's state, and what can. */
void answer_wrong_state(struct context *ctx, const struct ask *ask);

/* tell.c: mentions of those it tells, with a space behind; "" when there is nobody but who acts. Free with g_free(). */
char *tell_whom(struct context *ctx, const struct ask *ask, unsigned tells);
/* states_help.c: each state, what it means and where it leads. */
struct message *states_help(struct context *ctx);
/* states_help.c: what a verb does, a line each: from which states to which, who may, whom it tells; "" for a verb that
 * moves nothing. Free with g_free(). */
char *states_help_of(struct context *ctx, const char *verb);

#endif
