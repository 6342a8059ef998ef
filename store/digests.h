/* What a weekly digest reads, and the replies people gave to it.
 *
 * A digest is a difference: of the counters now and those the last one saw, and of the
 * log's end now and where the last one stopped. Every query here walks one channel's
 * entries between two ids, or a few rows by index, so it costs the same however long
 * the log is.
 */
#ifndef ASKWHY_STORE_DIGESTS_H
#define ASKWHY_STORE_DIGESTS_H

#include "store/store.h"

#include <cjson/cJSON.h>

struct digest_row {
    int64_t id, channel, at;
    int64_t upto; /* last log entry it covers */
    cJSON *tally; /* channel's id as text → its counters by name */
    int seen, questions, disagreements;
};
void digest_row_done(struct digest_row *row);
bool store_get_digest(struct store *store, int64_t id, struct digest_row *row);
/* The newest of a channel; false when there is none yet. */
bool store_last_digest(struct store *store, int64_t channel, struct digest_row *row);

/* Part of the log: entries of one channel with after < id <= upto. */
struct log_span {
    int64_t channel, after, upto;
};
int64_t store_log_end(struct store *store);
/* The last entry before that moment, 0 when there is none. */
int64_t store_log_before(struct store *store, int64_t at);

/* True when this viewer may see what is said in a channel as such. */
bool store_may_see_channel(struct store *store, const struct viewer *viewer, int64_t channel);
/* The channel's counters now: an object of name → number, to be freed. */
cJSON *store_tally(struct store *store, int64_t channel);
/* The same kinds of counters ("raised", "to.<state>") counted in a span of the log. */
cJSON *store_tally_of_span(struct store *store, const struct log_span *span);
/* The asks that entries of this kind in the span moved ("ask.started"), each once, by number: of int64_t. Who may
 * not see the channel may not see them. Only so many entries are read; *more: there may be others. */
GArray *store_asks_in_span(struct store *store, const struct log_span *span, const char *kind, int most, bool *more);

/* Where asks raised in a span come from: the asker's function, and for how many customers speak. Of struct origin,
 * appended or added to what is there; only so many entries are read. A span from the log's beginning is all there is now,
 * by counters. */
struct origin {
    char *function; /* NULL: not told */
    int64_t asks, evident, people; /* people: how many asked, in the channel where most did */
};
void origin_done(struct origin *origin);
void store_origins_in_span(struct store *store, const struct log_span *span, int most, GArray *origins);

struct open_question {
    int64_t id, channel, ask, digest, person, at;
    char *kind;
    char *words;  /* "" once erased */
    char *answer; /* of store_answers_in_span() only */
    int64_t answered_by;
    bool answered;
};
void open_question_done(struct open_question *question);
bool store_get_open_question(struct store *store, int64_t id, struct open_question *question);
/* Unanswered ones of a channel, oldest first, at most limit; of struct open_question. One whose words were erased waits
 * for nothing any more. */
GArray *store_waiting_questions(struct store *store, const struct viewer *viewer, int64_t channel, int limit);
/* Unanswered ones put to asks that this viewer may see, oldest first; of one ask unless it is 0. *total: all of them. */
GArray *store_open_questions(struct store *store, const struct viewer *viewer, int64_t ask, int limit, int *total);
/* Whether a question to this ask waits, and it is this person's to answer. */
bool store_is_questioned(struct store *store, int64_t ask, int64_t person);
/* Those answered within the span, at most limit; of struct open_question. */
GArray *store_answers_in_span(struct store *store, const struct viewer *viewer, const struct log_span *span, int limit);

/* Has this person replied so ("seen", "question", "disagreement")? */
bool store_digest_replied(struct store *store, int64_t digest, int64_t person, const char *kind);
/* The digest's post, 0 when it has none. */
int64_t store_digest_post(struct store *store, int64_t digest);
/* The post of an open question, 0 when it has none. */
int64_t store_post_of_question(struct store *store, int64_t ask, int64_t question);
/* What that post is about: a digest, an open question. */
void store_set_subject(struct store *store, int64_t post, int64_t subject);

#endif
