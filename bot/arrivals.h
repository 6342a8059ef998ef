/* What has come in and not run yet, and which of it may run now.
 *
 * Most of what people write to each other is none of askwhy's business: it is acknowledged
 * here and leaves no trace but, in memory, how far a channel was read. Four kinds of events
 * wait a moment: a stranger's first one, for their profile; one about settings, for whether its person administers the
 * channel; a reply in a thread whose first
 * post may be ours but is not placed yet; and what could not be recorded and nobody brings again.
 * Thread: the loop's.
 */
#ifndef ASKWHY_ARRIVALS_H
#define ASKWHY_ARRIVALS_H

#include "bot/outbox.h"

/* What was read back is dropped when it is older than this: keys of what was handled are kept longer, so
 * nothing that is read again has a second effect. */
enum {
    ARRIVALS_REPLAY_MAX_MS = 13 * 24 * 3600 * 1000,
    ARRIVALS_KEYS_KEPT_MS = 14 * 24 * 3600 * 1000,
};

/* An event, and what became of it. */
struct arrival {
    struct platform *platform;
    struct event *event;
    struct message *answer; /* travels in the acknowledgement */
    struct form_value *errors;
    int n_errors;
    struct form *form; /* opened at once, by no row of the outbox */
    bool failed; /* not recorded: an event of the platform's own is not acknowledged */
    bool again;  /* nor brought again by anybody: arrivals_put_back() */
    bool to_reader;
    int64_t raised; /* the ask it raised */
};
void arrival_free(struct arrival *arrival);

struct arrivals;
struct arrivals *arrivals_new(struct loop *loop, struct store *store, const struct outbox *outbox);
void arrivals_free(struct arrivals *arrivals); /* accepts NULL */
/* Takes event. */
void arrivals_add(struct arrivals *arrivals, struct platform *platform, struct event *event);
/* All that may run now, in order; of struct arrival, owned by the array. */
GPtrArray *arrivals_take(struct arrivals *arrivals);
/* It is taken again with the next batch, before all that came later. Takes arrival. */
void arrivals_put_back(struct arrivals *arrivals, struct arrival *arrival);
/* Inside a transaction: keeps how far channels were read. Not while something of the past is still to come:
 * catching_up, or what waits here; false then. */
bool arrivals_store_newest(struct arrivals *arrivals, bool catching_up);
/* That transaction is committed, and posts may have been placed with it. */
void arrivals_committed(struct arrivals *arrivals);
/* A person's or channel's news, asked for once in a while at most. */
void arrivals_look_up_person(struct arrivals *arrivals, struct platform *platform, const char *user);
void arrivals_look_up_member(struct arrivals *arrivals, struct platform *platform, const char *user,
                             const struct channel *channel);
void arrivals_look_up_channel(struct arrivals *arrivals, struct platform *platform, const char *channel);
bool arrivals_ready(const struct arrivals *arrivals); /* something may run now */
bool arrivals_idle(const struct arrivals *arrivals);  /* nothing waits, for whatever */

#endif
