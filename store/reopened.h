/* Asks that had ended and were taken up again, and what was new. */
#ifndef ASKWHY_STORE_REOPENED_H
#define ASKWHY_STORE_REOPENED_H

#include "store/store.h"

struct reopened {
    int64_t person, at;
    char *words; /* what is new; "" once erased */
};
void reopened_done(struct reopened *reopened);
/* The last time, for an ask that the viewer was found to see; false: never. */
bool store_reopened(struct store *store, int64_t ask, struct reopened *reopened);

#endif
