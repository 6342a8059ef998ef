/* Questions without a name, between being asked and the hour they are posted.
 *
 * Who asked is not in here, and cannot be: no call takes a person. Thread: the loop's.
 */
#ifndef ASKWHY_STORE_NAMELESS_H
#define ASKWHY_STORE_NAMELESS_H

#include "store/store.h"

struct nameless {
    int64_t channel, ask, digest; /* ask or digest: what it is about; the other one is 0 */
    char *words;
    int64_t due_at;
};
void nameless_done(struct nameless *nameless);
/* False when these very words wait already, or stand as an open question without a name there. */
bool store_add_nameless(struct store *store, const struct nameless *nameless);
/* Takes one out whose hour has come, any of them; false when there is none. */
bool store_take_nameless(struct store *store, int64_t now, struct nameless *nameless);

#endif
