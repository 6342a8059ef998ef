/* A few values of a large JSON object, found without making a tree of it.
 *
 * Only what leads to them is looked at: what is returned may come from JSON that is broken further on. Who must know
 * parses (json.h). Thread: any; no state.
 */
#ifndef ASKWHY_JSON_SKIM_H
#define ASKWHY_JSON_SKIM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct json_want {
    const char *path; /* "data.post": objects within objects, no arrays */
    const char *at;   /* the value as it is written, of a string what stands between its quotation marks; NULL: not there */
    gsize size;
    bool string;
};

/* Reads until all are found; of a name that is there twice the first counts. False: not all are there, or this is no
 * such object. */
bool json_skim(const char *text, gsize size, struct json_want *wants, int n);
/* A string in which nothing is escaped, freed with g_free(); NULL: something else. */
char *json_want_text(const struct json_want *want);
/* A whole number of at most 15 digits; -1: something else. */
int64_t json_want_int(const struct json_want *want);

#endif
