/* seen, question, disagree, answer: what the digest's buttons do, typed, about the channel's last digest. */
#include "commands/views.h"

void verb_seen(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "seen", rest);
}

void verb_question(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "question", rest);
}

void verb_disagree(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "disagree", rest);
}

void verb_answer(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    digest_typed(ctx, "answer", rest);
}
