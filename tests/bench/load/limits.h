/* What the machine itself can do, without a bot. */
#ifndef ASKWHY_BENCH_LIMITS_H
#define ASKWHY_BENCH_LIMITS_H

#include <glib.h>
#include <stdbool.h>

struct sqlite_limit {
    double asks_per_s, cpu_s_per_10000;
};

/* The rows askwhy writes for an ask, their deletion from the outbox included, 32 asks a commit, WAL and
 * synchronous FULL, into a database of askwhy's own. */
struct sqlite_limit limit_sqlite(const char *database, double seconds);

/* A WebSocket client that acknowledges whatever comes and does nothing else; runs until killed. */
int limit_echo(const char *url);

/* An HTTP listener at address that answers whatever comes below /mattermost/ and does nothing else; runs until killed. */
int limit_answer(const char *address);

/* libcurl that makes 32 requests at a time, as large as a post is, and does nothing else; runs until killed. */
G_GNUC_NORETURN int limit_posts(const char *url);

#endif
