/* Asks that went into others. */
#ifndef ASKWHY_STORE_MERGED_H
#define ASKWHY_STORE_MERGED_H

#include "store/store.h"

struct merged {
    int64_t into, person, at;
    char *words; /* why; NULL: not said; "" once erased */
};
void merged_done(struct merged *merged);
/* How this ask, which the viewer was found to see, went into another; false: it did not, or was taken out again. */
bool store_merged(struct store *store, int64_t ask, struct merged *merged);
/* The ask it has become part of at last: the other one may have gone into a third. 0: none. */
int64_t store_merged_target(struct store *store, int64_t ask);
/* The asks that went into this one; of int64_t. Whoever shows them looks with the viewer of the place. */
GArray *store_merged_from(struct store *store, int64_t into);

/* Which words an ask's answers are; 0: none. */
struct said_ids {
    int64_t why, evidence;
};
void store_said_ids(struct store *store, int64_t ask, struct said_ids *said);

#endif
