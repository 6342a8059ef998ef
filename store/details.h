/* What is known around an ask beyond its row: shown on its card and brief, on no list.
 *
 * All of these take the ask itself: whoever holds one was allowed to see it.
 * Texts are NULL when never said and "" once erased.
 */
#ifndef ASKWHY_STORE_DETAILS_H
#define ASKWHY_STORE_DETAILS_H

#include "store/store.h"

struct ask_details {
    char *options;   /* considered when it was decided */
    char *reopen_if; /* what would reopen the decision */
    int64_t need_by, need_for, need_entry; /* need_entry: the wording that is to be confirmed */
    char *not_quite; /* what the asker says the need is instead */
    char *fixed, *open, *smallest;
    char *cost;
    int64_t cost_by, cost_for;
    int64_t cost_low, cost_high; /* working hours; both 0 when the words tell none */
    char *talk; /* whom we could talk to */
    int64_t talk_by;
    bool why_confirmed; /* said by another, and the asker says that it is so */
    int64_t why_for, impact_for, evidence_by, evidence_for, deadline_by; /* for whom somebody said it; who said it */
    int64_t urgent_due;
    bool urgent_late;
};
void ask_details_done(struct ask_details *details);
void store_get_details(struct store *store, const struct ask *ask, struct ask_details *details);

struct dissent {
    int64_t person, at;
    char *words;
    bool commits; /* disagrees and commits */
};
GArray *store_dissents(struct store *store, const struct ask *ask); /* oldest first; of struct dissent */
int store_count_dissents(struct store *store, const struct ask *ask);

/* Who is told of each change of its state; of int64_t, in the order of their ids. */
GArray *store_informed(struct store *store, int64_t ask);

/* The ask whose urgency is to be looked at, 0 for none. */
int64_t store_due_urgent(struct store *store, int64_t now);

#endif
