/* askwhy and another bot under the same load, in turn, and what the machine can do. What differs from one chat to
 * another is in struct chat. See docs/benchmark.md. */
#ifndef ASKWHY_BENCH_BENCH_H
#define ASKWHY_BENCH_BENCH_H

#include "tests/bench/load/process.h"
#include "tests/bench/load/report.h"
#include "tests/bench/load/traffic.h"

struct bench {
    const struct chat *chat;
    void *server;
    struct loop *loop;
    struct traffic *traffic; /* the server's */
    struct report *report;
    char *askwhy, *app, *folder, *self, *only;
    int rounds, in_flight; /* in_flight: measure this load only; 0: all */
    double seconds;
    bool failed;
};

struct contender {
    enum column column;
    pid_t pid;
    struct memory peak;
    int64_t started_us;
};

struct chat {
    const char *names[COLUMNS]; /* "askwhy", "Bolt", "limit" */
    const char *option;         /* where the other bot is, installed: "bolt" */
    const char *heading;        /* above the table */
    void *(*serve)(struct loop *loop, struct traffic **traffic);
    void (*end)(void *server);
    /* database: to be used by askwhy and the other bot; the limit has none. */
    pid_t (*start)(struct bench *bench, enum column column, const char *database);
    /* askwhy has been started with an empty database: it joins every channel. */
    void (*settle)(struct bench *bench);
    /* Whatever else is measured of a bot, when the loads are over. */
    void (*measure_more)(struct bench *bench, struct contender *contender);
    bool (*connected)(void *server), (*left)(void *server);
    int (*requests)(void *server); /* since it was made */
    char *(*post_url)(void *server); /* answers whatever is posted there */
    int (*limit)(const char *where); /* a bot that answers and does nothing else; runs until killed */
};

int bench_main(const struct chat *chat, int argc, char **argv);

char *bench_path(const struct bench *bench, const char *name);
void bench_fail(struct bench *bench, const char *what);
/* Node with app.js of the other bot. */
pid_t bench_start_node(struct bench *bench, char *const *environment);
/* This program as what measures the machine. */
pid_t bench_start_self(struct bench *bench, const char *option, const char *value);
/* Until nothing more is asked of the server. */
void bench_wait_for_quiet(struct bench *bench);
/* No more commands; what is under way comes to its end, and nothing may be missing. */
void bench_finish(struct bench *bench, const struct contender *contender, const char *phase);

#endif
