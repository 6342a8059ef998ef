/* What became of shipped asks, and when it is asked for. */
#ifndef ASKWHY_STORE_OUTCOMES_H
#define ASKWHY_STORE_OUTCOMES_H

#include "store/store.h"

struct outcome {
    int64_t ask;
    int64_t remind_at; /* when it is asked for, or reminded of; 0: not any more */
    int asked;         /* how often it was asked for */
    int64_t person;    /* who was asked last */
    char *words;       /* what was told beside the outcome; NULL when nothing, "" when erased */
    bool measured;
    double ratio;      /* actual figure / expected one, when measured */
    int64_t told_by, told_at;
};
void outcome_done(struct outcome *outcome);
/* False when the ask was never shipped. Who may see the ask may see it. */
bool store_get_outcome(struct store *store, int64_t ask, struct outcome *outcome);
/* The ask whose outcome is to be asked for now; 0 for none. */
int64_t store_due_outcome(struct store *store, int64_t now);
/* How many of a channel's asks were asked for their outcome and have none yet. */
int64_t store_missing_outcomes(struct store *store, int64_t channel);

/* Whether this channel's digest compares expectations with what came, by function. */
bool store_calibrates(struct store *store, int64_t channel);
struct measured {
    char *function; /* of the asker */
    int64_t asker;
    double ratio;
};
void measured_done(struct measured *measured);
/* Appends a channel's newest outcomes with both figures, whose askers told their function; at most so many. */
void store_measured_outcomes(struct store *store, int64_t channel, int most, GArray *measured);

#endif
