/* The bot put together as bot/service.c does, with Slack's codec, a server that takes whatever is said, and no
 * socket: events are given by hand, one at a time, and the CPU time of what follows is told. */
#ifndef ASKWHY_BENCH_WORLD_H
#define ASKWHY_BENCH_WORLD_H

#include "bot/dispatch.h"
#include "store/sql.h"

#include <stdbool.h>

struct world;

/* Microseconds of CPU. */
struct effort {
    int64_t batch;  /* the loop thread, from the event to its acknowledgement: batch, commit, what is sent at once */
    int64_t after;  /* the loop thread, until all that follows is sent and recorded */
    int64_t longest; /* of that: one batch */
    int64_t reader; /* the reader thread */
};

struct world_start {
    int64_t open, load, gap, due; /* the database; the outbox; where reading begins after a gap; what is due */
    int points;                   /* places to read again */
};

/* The clock stands an hour after the newest entry of the log. */
struct world *world_new(const char *database, struct world_start *start, GError **error);
void world_free(struct world *world);
struct store *world_store(struct world *world); /* a reading one, for looking */
struct platform *world_platform(struct world *world);
int64_t world_now(struct world *world);

/* Takes event. All it brings is done when this returns; false when it was never acknowledged. */
bool world_do(struct world *world, struct event *event, struct effort *effort);
/* What time brings at this moment, in as many batches as it takes. longest: of one batch. */
int world_wait_until(struct world *world, int64_t at, struct effort *effort, int64_t *longest);
/* What was answered and said since the last world_do() began. */
char *world_heard(struct world *world);
/* The store of the loop thread, between events. */
struct store *world_writer(struct world *world);
/* CPU time of the calling thread, microseconds. */
int64_t world_cpu(void);

#endif
