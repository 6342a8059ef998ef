/* The sender: rows of the outbox to the chat, in order, at the platform's pace, once.
 *
 * Rows of one thread go in order; threads are independent. A row whose fate is not
 * known (a lost answer, a crash) is looked for in the chat by its operation mark before
 * it is sent again. What happened to a row is told to the dispatcher, whose next
 * transaction records it; only then does the next row of that thread go.
 * Thread: the loop's.
 */
#ifndef ASKWHY_OUTBOX_H
#define ASKWHY_OUTBOX_H

#include "bot/chat/platform.h"
#include "commands/command.h"

struct outbox;

/* What became of a row; recorded by the dispatcher in its next transaction. */
struct outbox_mark {
    int64_t row;
    struct outbox_row *about; /* the row itself, valid until outbox_settled() */
    enum {
        MARK_SENT,
        MARK_DROPPED,
        MARK_PARKED,
        MARK_ROOT_GONE, /* the thread's first post is to be sent anew; then the row may go again, see outbox_again() */
        MARK_UPLOADED,  /* its file is in the chat as message, and nobody sees it yet; then see outbox_uploaded() */
    } what;
    enum refusal refusal; /* MARK_DROPPED of a file that was not taken */
    char *message; /* MARK_SENT: where it stands; MARK_UPLOADED: the file's id */
    char *channel; /* MARK_SENT of a direct channel: its id */
    char *why;     /* MARK_PARKED, MARK_DROPPED */
};
void outbox_mark_done(struct outbox_mark *mark);

struct outbox_host {
    void (*mark)(struct outbox_mark *mark, void *data); /* takes the mark's strings */
    struct message *(*draw)(const struct post *post, void *data);
    /* The row's file is wanted, from the reader: outbox_file_made() follows. NULL: there are no files here. */
    void (*make_file)(const struct outbox_row *row, void *data);
    void *data;
};

struct outbox *outbox_new(struct loop *loop, struct rest *rest, struct store *store, const struct outbox_host *host);
void outbox_free(struct outbox *outbox);
void outbox_add_platform(struct outbox *outbox, struct platform *platform);
/* Takes in rows committed since the last call. first: rows of an earlier process, whose fate is not known. */
void outbox_load(struct outbox *outbox, bool first);
/* Rows that were parked may go again. */
void outbox_reload(struct outbox *outbox);
/* The mark about this row is committed: the thread goes on. */
void outbox_settled(struct outbox *outbox, int64_t row);
/* The mark MARK_ROOT_GONE about this row is committed. */
void outbox_again(struct outbox *outbox, int64_t row);
/* The mark MARK_UPLOADED about this row is committed. */
void outbox_uploaded(struct outbox *outbox, int64_t row, const char *file);
/* What make_file() asked for; takes file. NULL: there is nothing to be sent any more, or, later, it could not be read. */
void outbox_file_made(struct outbox *outbox, int64_t row, struct chat_file *file, bool later);
/* Sends what can be sent now; at the end of every round of the loop. Costs nothing when nothing became possible. */
void outbox_pump(struct outbox *outbox);
/* A post that begins a thread in this channel (platform's id) has not been placed yet: replies to it may come first. */
bool outbox_expects_root(const struct outbox *outbox, const char *platform, const char *channel);
/* For who sent event: at once, and once. No row says that they did (unlisted.c). */
void outbox_open_form(struct outbox *outbox, const struct event *event, const struct form *form);
/* Nothing is under way and nothing will go by itself soon. */
bool outbox_idle(const struct outbox *outbox);
int outbox_waiting(const struct outbox *outbox);

#endif
