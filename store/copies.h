/* Copies of a database: making one, looking into one, putting one in the place of another.
 *
 * A copy is one file: nothing of it stands in a write-ahead log. It is written under another
 * name, checked, made durable, and only then gets its own.
 * Thread: any.
 */
#ifndef ASKWHY_STORE_COPIES_H
#define ASKWHY_STORE_COPIES_H

#include "store/store.h"

/* The descriptor of the lock that says "an askwhy works on this database"; close() gives it up. -1 and *error when
 * another one has it. */
int store_lock(const char *database, GError **error);
/* False when the file is there and is another user's, or cannot be written. */
bool store_check_owner(const char *path, GError **error);

struct store_contents {
    int schema;
    int64_t entries, asks;
    int64_t newest_at; /* of the log, 0 when it is empty */
};
/* What a database file holds; false when it is missing, damaged, newer, or none of askwhy's. Changes nothing and
 * leaves no file beside it. */
bool store_examine(const char *path, struct store_contents *contents, GError **error);

/* A sound copy for its owner alone; false when there is something at to already. */
bool store_copy(struct store *from, const char *to, GError **error);
/* A copy of from becomes the database at path, and what was there stands at *kept (free with g_free(); NULL when
 * there was none). The caller holds the lock. */
bool store_replace(const char *path, const char *from, char **kept, GError **error);

#endif
