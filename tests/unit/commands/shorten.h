/* Random lives that fail: what is not needed to fail is left out. */
#ifndef ASKWHY_TEST_SHORTEN_H
#define ASKWHY_TEST_SHORTEN_H

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* NULL when all was well, else what was wrong; free with g_free(). */
typedef char *play_fn(const void *moves, int n);

/* Shortens n moves of that size, which end in what (taken), in place; what is still wrong then. */
static inline char *shorten(void *moves, gsize size, int *n, char *what, play_fn *play)
{
    char *all = moves, *fewer = g_malloc(size * (gsize)*n);
    int before_all = *n;
    for (int part = MAX(*n / 2, 1); part > 0; part = part > 1 ? part / 2 : *n < before_all) {
        before_all = *n;
        for (int from = 0; from + part <= *n;) {
            gsize before = size * (gsize)from, behind = size * (gsize)(*n - from - part);
            memcpy(fewer, all, before);
            memcpy(fewer + before, all + before + size * (gsize)part, behind);
            char *still = play(fewer, *n - part);
            if (still == NULL) {
                from += part;
                continue;
            }
            g_free(what);
            what = still;
            *n -= part;
            memcpy(all, fewer, size * (gsize)*n);
        }
    }
    g_free(fewer);
    return what;
}

static inline guint32 number_from(const char *name, guint32 otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL && *text != '\0' ? (guint32)strtoul(text, NULL, 10) : otherwise;
}

#endif
