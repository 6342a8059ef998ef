/* An ask goes into another one: typed (verb_merge.c) or by a form (form_merge.c). */
#ifndef ASKWHY_MERGE_H
#define ASKWHY_MERGE_H

#include "commands/clarify.h"

/* False after saying why it cannot. reason: "" for none. */
bool merge_into(struct context *ctx, struct ask *ask, int64_t other, const char *reason);
/* "into 12 because …", "12", "with #12: …"; 0: no number. */
int64_t merge_number(const char **rest);
/* One's own ask, just raised, goes into another it is like. value: both numbers. */
void merge_similar(struct context *ctx, const char *value);
/* Words meant for an ask that was merged become a voice of the one it went into, and who said them is told; whom: whose
 * voice, 0 for whoever it would be. Of the asker of both it is an answer, of this kind. False: it was not merged, or into
 * one that may not be seen or has ended, too. */
bool merged_answer(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words, int64_t whom);

/* What becomes of an ask is told where those live that are part of it and did not go along: they hear of it nowhere else.
 * Nothing while it is only clarified; before: its state until now. */
void merged_tell(struct context *ctx, const struct ask *into, const char *before);

void merge_open_form(struct context *ctx, int64_t ask);
void merge_form(struct context *ctx);
void merge_form_button(struct context *ctx, const char *value);

#endif
