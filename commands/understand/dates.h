/* Dates within a cut text; understand.h has what others need.
 * Thread: any; no state.
 */
#ifndef ASKWHY_DATES_H
#define ASKWHY_DATES_H

#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

struct date_match {
    struct when when;
    gsize first, count; /* tokens, with the preposition */
    bool past;          /* "since March", "last week", "3 days ago": first and last are not set */
    bool from;          /* "from September": a beginning */
    bool end;           /* "the end of June" */
    bool introduced;    /* behind a preposition */
};

/* The next date at or behind token i, before token limit. */
bool date_next(const struct tokens *tokens, gsize i, gsize limit, const GDate *today,
               struct date_match *match);
/* The tokens from i to limit as one date, as date_next() where only a date may stand. */
bool date_whole(const struct tokens *tokens, gsize i, gsize limit, const GDate *today,
                struct date_match *match);

#endif
