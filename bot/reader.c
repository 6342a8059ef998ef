#include "bot/reader.h"

#include "bot/base/log.h"
#include "commands/say.h"
#include "commands/views.h"

#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct reader {
    struct store *store;
    const struct settings *settings;
    pthread_t thread;
    pthread_mutex_t lock; /* over todo and finished */
    pthread_cond_t more;
    GQueue todo, finished;
    int wakeup;
    struct loop_fd *watch;
    void (*done)(struct reader_job *job, void *data);
    void *data;
    int under_way;                 /* loop thread's count */
    _Atomic bool checkpoint_asked; /* until it is done: one at a time is enough */
    _Atomic bool checkpoint_fresh; /* one was done, and nobody has asked since */
    _Atomic bool stopping;
};

/* Two things that are no jobs. */
static struct reader_job checkpoint_mark, stop_mark;

void reader_job_free(struct reader_job *job)
{
    if (job == NULL)
        return;
    event_free(job->event);
    message_free(job->reply);
    g_free(job->order);
    chat_file_free(job->file);
    g_free(job);
}

static void run_file(struct reader *reader, struct reader_job *job)
{
    struct context ctx;
    context_init(&ctx, reader->store, reader->settings, NULL, job->now);
    ctx.on_reader = true;
    job->file = command_make_file(&ctx, job->person, job->order);
    context_done(&ctx);
    if (store_failed(reader->store) == NULL)
        return;
    log_error("reader.failed", "%s", store_failed(reader->store)->message);
    store_forget_error(reader->store);
    g_clear_pointer(&job->file, chat_file_free);
    job->later = true;
}

static void run_job(struct reader *reader, struct reader_job *job)
{
    struct context ctx;
    if (context_init(&ctx, reader->store, reader->settings, job->event, job->now)) {
        ctx.on_reader = true;
        if (job->raised != 0)
            ctx.reply = similar_hint(&ctx, job->raised);
        else
            command_run(&ctx);
        job->reply = g_steal_pointer(&ctx.reply);
        job->order = g_steal_pointer(&ctx.file_order);
        job->reply_channel = ctx.reply_channel;
    }
    if (store_failed(reader->store) != NULL) {
        /* What is made of half the rows would be wrong; nothing at all leaves a person waiting. */
        log_error("reader.failed", "%s", store_failed(reader->store)->message);
        store_forget_error(reader->store);
        g_clear_pointer(&job->reply, message_free);
        g_clear_pointer(&job->order, g_free);
        g_autofree char *text = job->raised == 0 ? say("en", "not.read", NULL) : NULL;
        if (text != NULL)
            job->reply = message_text(text);
    }
    context_done(&ctx);
}

static void put(struct reader *reader, GQueue *queue, struct reader_job *job)
{
    pthread_mutex_lock(&reader->lock);
    g_queue_push_tail(queue, job);
    pthread_cond_signal(&reader->more);
    pthread_mutex_unlock(&reader->lock);
}

static struct reader_job *take(struct reader *reader, GQueue *queue, bool wait)
{
    pthread_mutex_lock(&reader->lock);
    while (wait && g_queue_is_empty(queue))
        pthread_cond_wait(&reader->more, &reader->lock);
    struct reader_job *job = g_queue_pop_head(queue);
    pthread_mutex_unlock(&reader->lock);
    return job;
}

static void *reader_thread(void *data)
{
    struct reader *reader = data;
    for (;;) {
        struct reader_job *job = take(reader, &reader->todo, true);
        if (job == &stop_mark)
            return NULL;
        if (job == &checkpoint_mark) {
            store_checkpoint(reader->store);
            reader->checkpoint_fresh = true;
            reader->checkpoint_asked = false;
            continue;
        }
        if (!reader->stopping && job->row != 0)
            run_file(reader, job);
        else if (!reader->stopping)
            run_job(reader, job);
        put(reader, &reader->finished, job);
        uint64_t one = 1;
        while (write(reader->wakeup, &one, sizeof one) < 0 && errno == EINTR)
            continue;
    }
}

static void take_finished(uint32_t events, void *data)
{
    (void)events;
    struct reader *reader = data;
    uint64_t count;
    while (read(reader->wakeup, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    struct reader_job *job;
    while ((job = take(reader, &reader->finished, false)) != NULL) {
        reader->under_way--;
        reader->done(job, reader->data);
    }
}

struct reader *reader_new(struct loop *loop, const char *database, const struct settings *settings,
                          void (*done)(struct reader_job *job, void *data), void *data, GError **error)
{
    struct store *store = store_open(database, STORE_READ, error);
    if (store == NULL)
        return NULL;
    struct reader *reader = g_new0(struct reader, 1);
    reader->store = store;
    reader->settings = settings;
    reader->done = done;
    reader->data = data;
    pthread_mutex_init(&reader->lock, NULL);
    pthread_cond_init(&reader->more, NULL);
    reader->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    reader->watch = loop_fd_add(loop, reader->wakeup, EPOLLIN, take_finished, reader);
    int failed = pthread_create(&reader->thread, NULL, reader_thread, reader);
    if (failed != 0)
        g_error("cannot start the reader thread: %s", g_strerror(failed));
    return reader;
}

void reader_free(struct reader *reader)
{
    if (reader == NULL)
        return;
    reader->stopping = true;
    put(reader, &reader->todo, &stop_mark);
    pthread_join(reader->thread, NULL);
    loop_fd_remove(reader->watch);
    close(reader->wakeup);
    GQueue *const queues[] = {&reader->todo, &reader->finished};
    for (gsize i = 0; i < G_N_ELEMENTS(queues); i++) {
        struct reader_job *job;
        while ((job = g_queue_pop_head(queues[i])) != NULL) {
            if (job != &checkpoint_mark)
                reader_job_free(job);
        }
    }
    pthread_mutex_destroy(&reader->lock);
    pthread_cond_destroy(&reader->more);
    store_close(reader->store);
    g_free(reader);
}

static void push(struct reader *reader, struct reader_job *job)
{
    reader->under_way++;
    put(reader, &reader->todo, job);
}

void reader_push_raised(struct reader *reader, struct event *event, int64_t raised, int64_t now)
{
    struct reader_job *job = g_new0(struct reader_job, 1);
    job->event = event;
    job->raised = raised;
    job->now = now;
    push(reader, job);
}

void reader_push_file(struct reader *reader, const struct outbox_row *row, int64_t now)
{
    struct reader_job *job = g_new0(struct reader_job, 1);
    job->row = row->id;
    job->person = row->person;
    job->order = g_strdup(row->content);
    job->now = now;
    push(reader, job);
}

void reader_push(struct reader *reader, struct event *event, int64_t now)
{
    reader_push_raised(reader, event, 0, now);
}

/* SQLite before 3.51.3 can lose pages when a checkpoint begins after one that moved everything, just as a commit
 * starts the write-ahead log over (sqlite.org/wal.html#walresetbug). So one begins only after a commit that itself
 * began when the one before had ended: the commit that asks first may be older than that, the next is not. */
void reader_checkpoint(struct reader *reader)
{
    if (reader->checkpoint_asked)
        return;
    if (reader->checkpoint_fresh) {
        reader->checkpoint_fresh = false;
        return;
    }
    reader->checkpoint_asked = true;
    put(reader, &reader->todo, &checkpoint_mark);
}

bool reader_checkpoints(const struct reader *reader)
{
    return reader->checkpoint_asked;
}

bool reader_idle(const struct reader *reader)
{
    return reader->under_way == 0;
}
