/* Several answers in one reply. Thread: any; no state. */
#ifndef ASKWHY_PARTS_H
#define ASKWHY_PARTS_H

#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

/* Sets parts from the tokens of a reply, from token first on; parts[asked] is always set. */
void parts_split(const struct tokens *tokens, gsize first, enum question_kind asked, const GDate *today,
                 char *parts[QUESTION_KINDS]);

/* The tokens from first to end as they stand in the text, with the markers around them; NULL when nothing is there. */
char *parts_cut(const struct tokens *tokens, gsize first, gsize end);
/* A part of a rich text, trimmed, its markers balanced again. NULL when nothing is in it. */
char *rich_part(const char *start, const char *end);

#endif
