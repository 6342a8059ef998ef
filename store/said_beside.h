/* What others said where the asker's own words stand. */
#ifndef ASKWHY_STORE_SAID_BESIDE_H
#define ASKWHY_STORE_SAID_BESIDE_H

#include "store/store.h"

struct said_beside {
    char *kind; /* why, impact, evidence, deadline */
    int64_t person, whom; /* whom: said for them, 0 for nobody */
    char *words;
};
/* Of an ask that the viewer was found to see: oldest first, without what was erased; of struct said_beside. */
GArray *store_said_beside(struct store *store, int64_t ask);
/* This person's words of this kind; NULL when there are none. g_free(). */
char *store_beside_words(struct store *store, int64_t ask, const char *kind, int64_t person);

#endif
