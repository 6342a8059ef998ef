/* The batch: everything that is readable, then one commit, then the acknowledgements.
 *
 * Events and the sender's marks collect while the loop reads; dispatch_batch() runs them
 * all in one transaction, each event in a part of its own, commits, and only then
 * acknowledges. It knows no sockets.
 * If the disk is full or failing, the whole transaction is gone: each event is then run
 * by itself, and one that cannot be recorded is answered with just that.
 * Thread: the loop's.
 */
#ifndef ASKWHY_DISPATCH_H
#define ASKWHY_DISPATCH_H

#include "bot/outbox.h"
#include "bot/reader.h"

struct dispatch;

struct dispatch_parts {
    struct store *store;
    const struct settings *settings;
    struct outbox *outbox;
    struct reader *reader; /* NULL: nobody moves the write-ahead log, or answers what takes long */
    struct loop *loop;
};

struct dispatch *dispatch_new(void);
void dispatch_connect(struct dispatch *dispatch, const struct dispatch_parts *parts);
void dispatch_free(struct dispatch *dispatch);
/* Once all platforms are added and began: asks again for the profiles that an earlier process waited for. */
void dispatch_begin(struct dispatch *dispatch);
/* Takes event. */
void dispatch_event(struct dispatch *dispatch, struct platform *platform, struct event *event);
void dispatch_mark(struct dispatch *dispatch, struct outbox_mark *mark);
void dispatch_job_done(struct dispatch *dispatch, struct reader_job *job);
void dispatch_add_platform(struct dispatch *dispatch, struct platform *platform);
void dispatch_batch(struct dispatch *dispatch);
/* askwhy is about to end: where the chats' streams are is kept with the next batch, whatever else is in it. */
void dispatch_last_batch(struct dispatch *dispatch);
/* The clock has moved: look anew at what is due. */
void dispatch_clock_moved(struct dispatch *dispatch);
/* Nothing waits to be run or recorded, and nothing is due. */
bool dispatch_idle(const struct dispatch *dispatch);

#endif
