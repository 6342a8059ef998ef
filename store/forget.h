/* Forgetting: people's words and names go from the tables, the search's index and the file; what happened stays.
 *
 * A person is forgotten at once as far as anybody can see (their row has no name and no id of
 * the platform any more); what they said and who named them is erased a little at a time, entry
 * by entry of the log, so that the loop never stops for long. Where it is stands in a table,
 * and it goes on after a restart.
 * Thread: the loop's.
 */
#ifndef ASKWHY_STORE_FORGET_H
#define ASKWHY_STORE_FORGET_H

#include "store/store.h"

/* From here on this row is nobody's: whoever acts under that id of the platform again is a person anew. What waits to
 * be sent to them is dropped. */
void store_forget_person(struct store *store, int64_t person, int64_t now);

/* What a step of forgetting touched: to be drawn anew or rewritten in the chat. */
struct forgotten {
    GArray *asks;  /* int64_t, numbers */
    GArray *posts; /* int64_t, posts of askwhy's that quote them */
};
void forgotten_done(struct forgotten *forgotten);
/* A little of what is to be erased is: false when nothing is. */
bool store_forget_step(struct store *store, int64_t now, struct forgotten *forgotten);

/* This post of askwhy's names or quotes that person. */
void store_note_quoted(struct store *store, int64_t post, int64_t person);
/* What waits to be sent of this post says this instead; content is JSON. False when nothing of it waits. */
bool store_replace_content(struct store *store, int64_t post, const char *content);

#endif
