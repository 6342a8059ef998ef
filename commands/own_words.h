/* An asker's own words stand: what others say of the same goes beside them. */
#ifndef ASKWHY_OWN_WORDS_H
#define ASKWHY_OWN_WORDS_H

#include "commands/clarify.h"

/* The asker said this themselves, or confirmed it; and who acts is somebody else. */
bool own_words_stand(struct context *ctx, const struct ask *ask, enum question_kind kind);
/* Who acts said this beside them: kept, and another asker is told in the thread. message: the post it stands in, NULL for none;
 * whom: for whom it was said, 0 for nobody. */
void own_words_beside(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words,
                      const char *message, int64_t whom);
/* "don't know", as an answer to this. */
bool says_unknown(struct context *ctx, enum question_kind kind, const char *words);
/* That it is not known is for the asker and who is asked this to say; others hear so: false. */
bool may_say_unknown(struct context *ctx, const struct ask *ask, enum question_kind kind);
/* What others said beside them, for a brief in ctx->language. */
void own_words_add_beside(struct context *ctx, struct message *brief, const struct ask *ask, enum question_kind kind,
                          const GArray *beside);

#endif
