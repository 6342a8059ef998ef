/* seen, disagree: what the digest's buttons do, typed, about the channel's last digest. */
#include "commands/views.h"

void verb_seen(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "seen", rest);
}

void verb_disagree(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "disagree", rest);
}
