/* A sandbox, a bot behind a front, and two people at their pages. */
#ifndef FAULT_RECONNECT_STAGE_H
#define FAULT_RECONNECT_STAGE_H

#include "tests/fault/children.h"
#include "tests/fault/reconnect/front.h"

#include "bot/base/json.h"
#include "bot/net/loop.h"
#include "bot/net/rest.h"
#include "bot/net/websocket.h"

#include <sys/types.h>

enum { DANA, MIA, PAGES };

struct stage;

struct page {
    struct stage *stage;
    int number;
    struct websocket *websocket;
    bool entered;
};

struct stage {
    struct loop *loop;
    struct rest *rest;
    struct loop_timer *deadline;
    struct children *children;
    struct front *front;
    struct front *calls; /* Mattermost: between the sandbox and where the bot listens; NULL for Slack */
    bool tls;
    pid_t bot; /* 0: not running */
    int log_fd, bot_status;
    struct loop_fd *log_watch;
    GString *log;       /* all of the bot's */
    struct page pages[PAGES];
    char *channel;      /* #product-asks */
    char *card;         /* ts of the first card there */
    cJSON *history;
    bool settled, passed, late;
    int64_t settle_id; /* of the newest wish to be told of rest */
    GString *troubles;  /* what people were told when no answer came, a line each */
};

/* programs: the folder of askwhy and askwhy-sandbox. tls: of the front. */
struct stage *stage_new(const char *programs, enum like like, bool tls);
void stage_free(struct stage *stage);
/* host: by which name the bot is to find the front. environment: NAME, value, …, NULL, beside the usual. */
void stage_start_bot(struct stage *stage, const char *host, const char *const *environment);
void stage_end_bot(struct stage *stage);

/* Runs the loop until until(data), or so long at most; false when it took too long. */
bool stage_run(struct stage *stage, bool (*until)(struct stage *stage, const void *data), const void *data, int limit_ms);
/* So many seconds pass, for timers too. False when the bot is gone. */
bool stage_pass(struct stage *stage, int seconds);
bool stage_settle(struct stage *stage);
/* The same, in a moment. */
bool stage_rests(struct stage *stage);
/* Moves the clock alone. */
void stage_clock(struct stage *stage, int64_t to_ms);
void stage_post(struct stage *stage, int page, const char *thread, const char *text);
void stage_misbehave(struct stage *stage, const char *json);
/* All messages of #product-asks as JSON; free with g_free(). */
char *stage_history(struct stage *stage);
_Noreturn void stage_die(struct stage *stage, const char *what);

#endif
