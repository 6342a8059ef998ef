/* The ways in which what is between the bot and its chat breaks: tables, and what they are made with. */
#ifndef FAULT_RECONNECT_H
#define FAULT_RECONNECT_H

#include "tests/fault/reconnect/stage.h"

struct run {
    const struct scenario *scenario;
    const struct talk *talk;
    struct stage *stage;
    struct front *front; /* the stage's */
    char *failing;       /* file of the names that do not resolve */
    gsize broke;         /* where the log stood then */
};

struct scenario {
    const char *name;
    bool tls, named, from_start;
    bool short_lived;       /* nothing has to be mended */
    bool stays_live;        /* the socket is not what is broken */
    bool monday;            /* the digest is due meanwhile */
    void (*breaks)(struct run *run);
    void (*then)(struct run *run); /* when it is back; may be NULL */
    int away_s;             /* how long it stays broken */
    int attempts[2];        /* to open a socket meanwhile: at least, at most */
    const char *says[4];    /* in the log then */
};

/* What a chat's sockets say in the log, and its people of a command that failed. */
struct talk {
    const char *opens;
    const char *lives[2]; /* either; the second may be NULL */
    const char *ends[3];  /* an opening's end, when it was none of those */
    const char *trouble;  /* mia was told */
    const char *heard;    /* of what was said to askwhy, on its card */
    const char *typed;    /* of the command, on its card */
    const struct scenario *scenarios; /* the last without a name */
};
extern const struct talk slack_talk, mattermost_talk;

/* breaks.c: alike for both chats */
void breaks_drop(struct run *run);
void breaks_resets(struct run *run);
void breaks_half_open(struct run *run);
void breaks_silent(struct run *run);
void breaks_forbidden(struct run *run);
void breaks_gateway(struct run *run);
void breaks_name(struct run *run);
void breaks_stranger(struct run *run);
void breaks_other_name(struct run *run);
void breaks_expired(struct run *run);

/* Nobody waits for anything any more; ends the process when that does not come. */
void run_settle(struct run *run);
/* What takes its own time, not the clock's. */
void run_wait_for(struct run *run, const char *in_log);
void run_fail_name(struct run *run, const char *name);

#endif
