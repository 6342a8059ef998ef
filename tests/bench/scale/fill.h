/* A database as years of use leave it, made through the store's own append and apply.
 *
 * Asks are raised day by day and live on: answered, reminded of, owned, decided, started, shipped, edited, given
 * voices; their posts go through the outbox; channels get their digests. One channel and one person have a tenth of
 * it all. The same options make the same asks.
 */
#ifndef ASKWHY_BENCH_FILL_H
#define ASKWHY_BENCH_FILL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct fill_options {
    int asks, years, channels, people;
    void (*tell)(int asks, int of); /* how far it is; NULL-able */
};

enum {
    FILL_BUSY_PERSON = 1, /* ids of those with a tenth */
    FILL_BUSY_CHANNEL = 1,
    FILL_PRIVATE_CHANNEL = 2, /* has a twentieth */
    FILL_LEADERSHIP = 3,      /* its digest covers twenty channels */
    FILL_SILENT_CHANNEL = 4,  /* has a twentieth, and never had a digest */
};

char *fill_user(int64_t person);     /* the platform's ids; g_free() */
char *fill_channel(int64_t channel);
bool fill_is_private(int64_t channel);

/* Makes the database at path, which is not there yet. */
bool fill_database(const char *path, const struct fill_options *options, GError **error);
/* The same years so many times one after the other, as far as a digest reads: the log, its words, asks and digests. */
bool fill_stretch(const char *path, int times, GError **error);

#endif
