/* The log and all it is about, for taking them to another database or to other tools: JSON, one object a line.
 *
 *   {"format": "askwhy", "version": 1, "schema": 3, "at": …, "since": …}          first; since only when it is a part
 *   {"type": "person", "id": 1, "platform": …, "workspace": …, "user": …, "name": …, "handle": …, "zone": …, …}
 *   {"type": "channel", "id": 1, "platform": …, "workspace": …, "channel": …, "name": …, "kind": …, "member": …}
 *   {"type": "presence", "channel": 1, "person": 1, "gone": false}
 *   {"type": "event", "id": 1, "at": …, "kind": "ask.raised", "actor": 1, "ask": 42, "channel": 1, "person": 1,
 *    "state": "waiting", "data": {…}, "words": {"id": 7, "author": 1, "text": "Add SSO"}}     kinds: store/log.h
 *
 * Times are UTC milliseconds, texts rich text (bot/chat/richtext.h) as they were said; the text of erased words is
 * absent. What stands in the chat (cards, questions) and what waits to be sent is of its place and is not taken along.
 * Thread: the handle's.
 */
#ifndef ASKWHY_EXPORT_H
#define ASKWHY_EXPORT_H

#include "store/store.h"

#include <cjson/cJSON.h>

/* Calls write for each line, its line end included. since: events at or after that moment only; 0: all of them.
 * False when the store has failed, or write returned false. */
bool store_export(struct store *store, int64_t since, int64_t now, bool (*write)(const char *line, gsize length, void *data),
                  void *data);

/* How much there is of each; a database that shall take an export holds none of them. */
bool store_is_fresh(struct store *store);
/* One line of an export, in the order they came, inside a transaction. False and *why (free with g_free) when it is
 * none, or cannot follow what came before; NULL *why: the store has failed. */
struct store_import {
    bool begun; /* the first line was read */
    int64_t people, channels, events, asks, newest;
};
bool store_import_line(struct store *store, struct store_import *import, const cJSON *line, char **why);

#endif
