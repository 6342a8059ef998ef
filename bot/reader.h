/* The reader thread: what may take long, on a read-only connection, and WAL checkpoints.
 *
 * A job runs an event's command once more with a store that can only read, looks for asks
 * like the one it raised, or makes a file; its private answer or the file comes back to the loop. Ownership of the event
 * moves with the job.
 * Thread: start, push and take belong to the loop's.
 */
#ifndef ASKWHY_READER_H
#define ASKWHY_READER_H

#include "bot/net/loop.h"
#include "commands/command.h"

struct reader;

struct reader_job {
    struct event *event;
    int64_t now;
    int64_t raised; /* only look for asks like this one; 0: run the event's command */
    struct message *reply; /* set by the thread; NULL when there is nothing to say */
    int64_t reply_channel;
    char *order; /* a file's: what the command ordered, for the outbox; or, of row, what is to be made */
    int64_t row; /* of the outbox: its file is to be made for person; 0: none */
    int64_t person;
    struct chat_file *file; /* set by the thread; NULL when there is nothing to send, or later */
    bool later;             /* it could not be read just now */
};

struct reader *reader_new(struct loop *loop, const char *database, const struct settings *settings,
                          void (*done)(struct reader_job *job, void *data), void *data, GError **error);
/* Waits for the job under way; the rest is dropped. Accepts NULL. */
void reader_free(struct reader *reader);
void reader_push(struct reader *reader, struct event *event, int64_t now); /* takes event */
/* The event raised this ask: its person is told of open asks much like it. Takes event. */
void reader_push_raised(struct reader *reader, struct event *event, int64_t raised, int64_t now);
/* The file that this row of the outbox stands for. */
void reader_push_file(struct reader *reader, const struct outbox_row *row, int64_t now);
/* Called after a commit: what was committed goes from the write-ahead log into the database, soon, or when asked again. */
void reader_checkpoint(struct reader *reader);
bool reader_idle(const struct reader *reader);
/* A checkpoint was asked for and has not ended: none other may begin. False stays so until the loop asks again. */
bool reader_checkpoints(const struct reader *reader);
void reader_job_free(struct reader_job *job);

#endif
