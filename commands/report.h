/* A report: the digest's parts over a longer time, as a text for one person. */
#ifndef ASKWHY_REPORT_H
#define ASKWHY_REPORT_H

#include "commands/file.h"

/* What it covers: one channel, or with 0 all that ctx->who may see privately and may have reports of; of int64_t.
 * *refused: one that may be seen, but of which they may have none; 0 when there is no such. */
GArray *report_covers(struct context *ctx, const char *platform, int64_t channel, int64_t *refused);
/* Rich text as Markdown that nobody's words can break out of; names of channels and people are those of platform. Free
 * with g_free(). */
char *report_markdown(struct context *ctx, const char *platform, const char *rich);

#endif
