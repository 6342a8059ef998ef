/* Retention: when a channel keeps words only for some days, those of asks that ended longer ago are erased, and of
 * digests as old. What happened stays.
 *
 * An ask's days begin with the last that happened to it; while it is open, or somebody is still asked what came of it,
 * they do not. A digest's are the fewest of all channels it tells of. Words go one ask or digest at a time; askwhy's
 * own posts of them are rewritten afterwards, a few at a time, so that neither the loop stops nor the chat's rate
 * limits are used up. Where it is stands in a table, and it goes on after a restart.
 * Thread: the loop's.
 */
#ifndef ASKWHY_STORE_RETENTION_H
#define ASKWHY_STORE_RETENTION_H

#include "store/store.h"

enum { RETENTION_DAYS_MIN = 30, RETENTION_DAYS_MAX = 3650 };

/* Days for which this channel keeps words; 0: until somebody erases them. */
int store_retention(struct store *store, int64_t channel);
/* Asks of this channel that ended more than these days ago. */
int64_t store_count_erasable(struct store *store, int64_t channel, int days, int64_t now);

struct erased {
    int64_t ask, digest; /* its words are gone now, which is still to be recorded ("ask.erased", "digest.erased") */
    int64_t channel;
    GArray *posts; /* int64_t: askwhy's, to be rewritten */
};
void erased_done(struct erased *erased);
/* A little of what is due; false when nothing is. */
bool store_erase_step(struct store *store, int64_t now, struct erased *erased);

#endif
