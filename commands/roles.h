/* Who has a part in an ask besides asker and owner, and in whose name things are said. */
#ifndef ASKWHY_ROLES_H
#define ASKWHY_ROLES_H

#include "commands/command.h"

/* inform.c: those informed are mentioned where a change of the ask's state is told in its thread. The record calls
 * inform_note() before such an entry, what is said next in that thread carries the mention (inform_add), and whoever
 * runs a command says it at the end if nothing else was said (inform_rest). */
void inform_note(struct context *ctx, int64_t ask, const char *state);
void inform_add(struct context *ctx, int64_t ask, struct message *message);
void inform_rest(struct context *ctx);

/* "informed: @jun, @mia and 2 more"; NULL when nobody is. g_free(). */
char *roles_informed(struct context *ctx, const struct ask *ask, const char *language);

/* said_for.c: the words without their "for @someone", and who that is; 0 when nobody is, or it is who speaks. g_free(). */
char *said_for(struct context *ctx, const char *text, int64_t *whom);
/* The same where "for @someone" says enough: the words may be "". */
char *said_for_or_bare(struct context *ctx, const char *text, int64_t *whom);
/* " (said by … for …)" for what by said, of an ask of asker: whom 0: for its asker; "" when they said it themselves. g_free(). */
char *said_by(struct context *ctx, int64_t by, int64_t whom, int64_t asker, bool confirmed);
/* Who was spoken for is told, and the asker with them. verb: what says it in other words. */
void said_for_tell(struct context *ctx, const struct ask *ask, int64_t whom, const char *verb);

/* beside.c: "impact 42 cost two weeks", "evidence 42 talk to …". False: it is not that. */
bool beside_cost(struct context *ctx, int64_t ask, const char *rest, char **impact);
bool beside_talk(struct context *ctx, int64_t ask, const char *rest);
/* A rough cost said by whoever acts; whom: for whom, 0 for nobody. */
void cost_record(struct context *ctx, const struct ask *ask, const char *words, int64_t whom);

#endif
