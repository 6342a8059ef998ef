/* What became of a shipped ask: asked for on its day, told, and told anew. */
#ifndef ASKWHY_OUTCOME_H
#define ASKWHY_OUTCOME_H

#include "commands/command.h"
#include "commands/understand/understand.h"
#include "store/outcomes.h"

extern const char *const outcome_names[OUTCOME_UNKNOWN + 1]; /* "as_expected", …; NULL for unsaid */
enum outcome_kind outcome_kind_of(const char *name);         /* OUTCOME_UNSAID for any other */

/* When the outcome of an ask shipped now is asked for. */
int64_t outcome_day(struct context *ctx, const struct ask *ask);
/* An outcome is to be asked for, or reminded of. False: none is. */
bool outcome_due(struct context *ctx);
/* Whoever acts tells it. words: what they say beside it, "" for nothing. */
void outcome_tell(struct context *ctx, struct ask *ask, enum outcome_kind kind, const char *words);
/* False after saying why not: not shipped, or for somebody else to tell. */
bool outcome_may_tell(struct context *ctx, const struct ask *ask);
/* Asks for it days later; false when it is not asked for, or of somebody else. */
bool outcome_snooze(struct context *ctx, const struct ask *ask, int days);

/* "*Outcome*  partly as expected: 3% instead of 5%"; NULL while there is none. */
char *outcome_line(struct context *ctx, const struct ask *ask, glong max);
/* actual figure / expected one as far as both are known, else NAN. baseline: where the number stood; NAN: not known. */
double outcome_ratio(const char *impact_data, const struct actual *actual, double baseline);

/* outcome_form.c: buttons ("42:partly", "42") and the form. */
void outcome_button(struct context *ctx, const char *value);
void outcome_later_button(struct context *ctx, const char *value);
void outcome_open_form(struct context *ctx, const struct ask *ask, enum outcome_kind kind);
void outcome_form(struct context *ctx);

#endif
