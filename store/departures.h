/* Open asks whose asker or owner left: each is offered to its channel once. */
#ifndef ASKWHY_STORE_DEPARTURES_H
#define ASKWHY_STORE_DEPARTURES_H

#include "store/store.h"

/* Open asks of this asker or owner, or that wait for their decision, that were not offered for them before, the newest first, at most limit; of int64_t.
 * channel: only those of it, 0: of all; workspace: only those of its channels, NULL: of all. */
GArray *store_left_asks(struct store *store, int64_t person, int64_t channel, const char *workspace, int limit);
/* One whose moment came; false: none. */
bool store_due_departure(struct store *store, int64_t now, int64_t *ask, int64_t *person);
/* The person left where the ask is, and it was noted. */
bool store_has_left(struct store *store, int64_t ask, int64_t person);

#endif
