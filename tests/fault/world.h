/* A sandbox, a bot that can be killed and started again, and people at their pages. */
#ifndef FAULT_WORLD_H
#define FAULT_WORLD_H

#include "bot/base/json.h"
#include "bot/net/loop.h"
#include "bot/net/rest.h"
#include "bot/net/websocket.h"
#include "tests/fault/children.h"
#include "tests/fault/proxy.h"

#include <sys/types.h>

enum { SEATS = 5, CONTROL = SEATS /* nobody's page: time and misbehaviour are ordered there */ };

struct world;

struct seat {
    struct world *world;
    int number;
    const char *user, *name;
    struct websocket *websocket;
    bool entered;
    char *direct; /* channel with askwhy */
};

/* What was seen on a page; see stays the world's. */
typedef void world_see_fn(const struct seat *seat, const char *what, const cJSON *see, void *data);

struct world {
    struct loop *loop;
    struct rest *rest;
    struct children *children;
    struct proxy *proxy;
    struct proxy *calls; /* Mattermost: between the sandbox and where the bot listens; NULL for Slack */
    struct loop_timer *deadline, *pass;
    int hurry_ms;       /* so far time may still be hurried */
    int64_t worked_ns;  /* by bot and sandbox, when that was looked at last */
    int stride_ms;      /* in steps of so much */
    int silences;       /* sockets that fell silent so far: it takes a minute and more to notice one */
    int silenced;       /* of them those the sandbox was told to */
    pid_t bot;          /* 0: not running */
    int log;            /* the bot's standard error */
    struct loop_fd *log_watch;
    GString *tail;      /* the end of the bot's log */
    int bot_status;     /* of the bot that ended last, as of waitpid() */
    struct seat seats[SEATS + 1];
    char *channel, *other;   /* #product-asks, #general */
    char *far, *deals;       /* #leadership, where askwhy comes and goes; #deals, private */
    int64_t now;           /* of the sandbox's clock when it was moved last */
    int64_t now_at_us;
    bool settled, late;
    int removals;          /* an administrator's, under way */
    int64_t settle_id;     /* of the newest wish to be told of rest */
    cJSON *history;        /* the newest answer to "history" */
    /* A kill that waits for something to be seen: 0 for none. */
    guint64 kill_after_news, kill_after_bytes;
    guint64 news, bytes;
    world_see_fn *see;
    void *data;
};

/* folder: of askwhy and askwhy-sandbox. Dies with a message when the workspace cannot be had. */
struct world *world_new(const char *folder, enum like like, guint32 seed, world_see_fn *see, void *data);
void world_free(struct world *world);
bool world_is_mattermost(const struct world *world);

/* One request in so many goes wrong, and one call of the bot; 0: none does. */
void world_harm_one_in(struct world *world, int requests);

/* crash_at: as ASKWHY_CRASH_AT, NULL for none. */
void world_start_bot(struct world *world, const char *crash_at);
/* Ends it, waits until it is gone. */
void world_end_bot(struct world *world, int signal);

/* Runs the loop until until(data), or so long at most; false when it took too long. */
bool world_run(struct world *world, bool (*until)(struct world *world, void *data), void *data, int limit_ms);
/* Until everything has come to rest, or the bot is gone: true when at rest. Meanwhile time is hurried a little,
 * so that nobody waits for what only time brings. */
bool world_settle(struct world *world, int limit_ms);
void world_pass(struct world *world, int ms); /* so much time */
/* Takes order. */
void world_do(struct world *world, int seat, cJSON *order);
cJSON *order_new(const char *what);
/* Mattermost: an administrator deletes what anybody posted, with all replies. */
void world_remove(struct world *world, const char *id);
/* A settling that is not waited for. */
void world_ask_to_settle(struct world *world);
void world_misbehave(struct world *world, const char *json);
void world_move_clock(struct world *world, int64_t to);
int64_t world_now(const struct world *world);
/* All messages of a channel, as one person sees them; NULL when none came. */
cJSON *world_history(struct world *world, int seat, const char *channel);
_Noreturn void world_die(struct world *world, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
