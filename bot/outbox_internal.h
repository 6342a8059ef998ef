/* Inside the sender: lanes of rows (outbox.c) and one request at a time of each (flight.c). */
#ifndef ASKWHY_OUTBOX_INTERNAL_H
#define ASKWHY_OUTBOX_INTERNAL_H

#include "bot/outbox.h"
#include "bot/pace.h"

enum step { STEP_OPEN_DM, STEP_SEARCH, STEP_SEND, STEP_RESERVE, STEP_UPLOAD };

struct item {
    struct outbox_row row;
    enum step step;
    int searches;  /* still to be made before it may be sent again */
    int64_t ready; /* monotonic milliseconds */
    char *cursor;
    char *dm; /* the direct channel just opened */
    bool under_way; /* the one its lane is in flight with; not always the head, once earlier ones may go again */
    bool settling;  /* told to the dispatcher, not committed yet */
    bool reopened;  /* its thread was begun anew for it */
    /* Of a file (flight_file.c); row.message is its id once it is uploaded. */
    struct chat_file *file;
    char *file_id, *upload_url; /* as the chat reserved them */
    bool holds_file;  /* it is being made, or is there */
    bool reserved;
    bool lost;        /* the chat knows that id no more: when it is not seen either, it is uploaded once more */
    bool anew;        /* it was */
};

/* The rows of one thread. */
struct lane {
    struct outbox *outbox;
    char *key;
    GQueue items;
    bool in_flight, stalled, listed;
};

struct outbox {
    struct loop *loop;
    struct rest *rest;
    struct store *store;
    struct outbox_host host;
    GPtrArray *platforms;
    GHashTable *lanes;  /* key → lane */
    GHashTable *rows;   /* row id → lane */
    GQueue ready;       /* lanes whose head may go */
    GHashTable *roots;   /* channel → how many posts that begin a thread are not placed */
    GHashTable *flights; /* requests under way */
    int files;          /* held in memory, or being made for it */
    struct pace *pace;
    struct loop_timer *timer;
    bool wanted;        /* a lane may go on, or there is room for one more */
    int64_t last_loaded;
    int64_t earlier; /* rows up to this one are of an earlier process */
    bool earlier_unknown; /* it could not be read: nothing is loaded before it is */
    bool reload_again; /* what may go again could not be read */
    bool more;       /* rows after last_loaded were left in the database */
    int64_t stopped_at; /* when the operator was last told, monotonic milliseconds */
};
/* outbox.c */
void lane_list(struct lane *lane); /* its head may go, as far as the lane is concerned */
void outbox_tell(struct outbox *outbox, struct item *item, struct outbox_mark mark);
struct platform *outbox_platform(struct outbox *outbox, const struct outbox_row *row);
bool sends_twice_harmlessly(int kind);

/* flight_file.c: the steps of a file */
struct verdict;
/* What is next for it: a step to be taken, or STEP_OPEN_DM when it must wait: for the reader, which was asked, or for
 * room, and then *wait_ms says how long. */
bool file_is_ready(struct outbox *outbox, struct lane *lane, struct item *item, enum step *step, int64_t *wait_ms);
/* A reservation or an upload was answered; in how many milliseconds the item goes on, -1: not by itself. */
int64_t file_after(struct outbox *outbox, struct item *item, enum step step, struct verdict *verdict);
/* The bytes and what was reserved for them are let go; they are made anew when they are wanted again. */
void file_let_go(struct outbox *outbox, struct item *item);

/* flight.c */
void flight_again_in(struct lane *lane, struct item *item, int64_t ms);
int64_t flight_backoff(struct item *item);
struct flight;
/* Sends the head of a lane, or says in how many milliseconds it may go; -1: sent, gone or stalled. */
int64_t flight_try(struct outbox *outbox, struct lane *lane);
void flight_forget(struct flight *flight); /* ends it without consequences */

#endif
