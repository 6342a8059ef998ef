/* Between the files of the digest: digest_parts.c draws it, digest.c posts it and hears the replies. */
#ifndef ASKWHY_DIGEST_H
#define ASKWHY_DIGEST_H

#include "commands/views.h"

enum {
    DIGEST_MAX = 3000,       /* characters of the main post */
    DIGEST_REST_MAX = 12000, /* and of what stands in its thread */
};

/* Posts what there is to say; next: the moment of the one after, 0 to leave it as it is.
 * False: there was nothing to say, and only next was recorded. */
bool digest_post(struct context *ctx, const struct channel *channel, int64_t due_at, bool late, int64_t next);
/* "each Monday at 9:00 (Europe/Tallinn)" */
char *digest_rhythm(const struct channel *channel, const char *language);
/* The channels it covers, of int64_t: those set, else its own. */
GArray *digest_covers(const struct channel *channel);

#endif
