/* What is told of one thing in whatever order it comes: a post and its edits, who joined and left. Only the newest
 * counts.
 *
 * A subject names the thing ("post:1:17.1"), revisions are texts that sort. They are kept with the keys of what was
 * handled, and as long.
 */
#ifndef ASKWHY_STORE_REVISIONS_H
#define ASKWHY_STORE_REVISIONS_H

#include "store/store.h"

void store_note_revision(struct store *store, const char *subject, const char *revision, int64_t now);
/* Something newer than revision was noted; "" is older than all. */
bool store_has_newer(struct store *store, const char *subject, const char *revision);

#endif
