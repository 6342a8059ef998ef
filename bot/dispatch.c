#include "bot/dispatch.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "commands/say.h"
#include "commands/send.h"

#include <string.h>

enum {
    DUE_A_BATCH = 64,                            /* what time brings, at most, before sockets are looked at again */
    INBOX_KEEP_MS = 48 * 3600 * 1000,
    INBOX_TRIM_ROWS = 200,
    LOOK_UP_AGAIN_US = 600 * 1000 * 1000,
    PROFILE_FRESH_MS = 24 * 3600 * 1000,
    TROUBLE_RETRY_MS = 10 * 1000,
    DUE_CHECK_MAX_MS = 3600 * 1000,
    UNPLACED_MAX = 1000,
    HOLD_MS = 1500, /* well within the 3 s in which a platform wants its acknowledgement */
};

struct pending {
    struct platform *platform;
    struct event *event;
    struct message *answer;      /* travels in the acknowledgement */
    struct form_value *errors;
    int n_errors;
    bool failed;                 /* not recorded: an event of the platform's own is not acknowledged */
    bool to_reader;
};

struct dispatch {
    struct dispatch_parts parts;
    GPtrArray *platforms;
    GPtrArray *pending;   /* struct pending */
    GArray *marks;        /* struct outbox_mark */
    GPtrArray *jobs;      /* struct reader_job, done */
    GPtrArray *held;      /* struct pending: of people not known yet, until their profile comes */
    GPtrArray *unplaced;  /* struct pending: replies in threads whose first post may be ours, not placed yet */
    GHashTable *newest;   /* platform and channel → newest post seen, kept with the next commit */
    GHashTable *known;    /* platform ids of people whose profile is known, or does not come */
    struct loop_timer *hold_timer;
    GHashTable *looked_up; /* "person" or "channel" id → when, monotonic */
    struct loop_timer *due_timer;
    int64_t next_due;     /* 0: nothing */
    bool due_known;
    bool trouble;         /* the last commit failed */
    bool reload;
    int batches;
};

static void pending_free(gpointer data)
{
    struct pending *pending = data;
    event_free(pending->event);
    message_free(pending->answer);
    for (int i = 0; i < pending->n_errors; i++) {
        g_free(pending->errors[i].name);
        g_free(pending->errors[i].value);
    }
    g_free(pending->errors);
    g_free(pending);
}

static void mark_clear(gpointer data)
{
    outbox_mark_done(data);
}

struct dispatch *dispatch_new(void)
{
    struct dispatch *dispatch = g_new0(struct dispatch, 1);
    dispatch->platforms = g_ptr_array_new();
    dispatch->pending = g_ptr_array_new_with_free_func(pending_free);
    dispatch->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    g_array_set_clear_func(dispatch->marks, mark_clear);
    dispatch->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)reader_job_free);
    dispatch->held = g_ptr_array_new_with_free_func(pending_free);
    dispatch->unplaced = g_ptr_array_new_with_free_func(pending_free);
    dispatch->newest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    dispatch->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    dispatch->looked_up = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return dispatch;
}

static void look_up(struct dispatch *dispatch, struct platform *platform, const char *what, const char *id)
{
    g_autofree char *key = g_strconcat(what, id, NULL);
    int64_t now = clock_monotonic_us();
    const int64_t *last = g_hash_table_lookup(dispatch->looked_up, key);
    if (last != NULL && now - *last < LOOK_UP_AGAIN_US)
        return;
    g_hash_table_replace(dispatch->looked_up, g_steal_pointer(&key), g_memdup2(&now, sizeof now));
    if (*what == 'p')
        platform->look_up_person(platform, id);
    else
        platform->look_up_channel(platform, id);
}

/* Somebody's first event waits a moment for their name, zone and language, so that nobody is called U0123. */
static bool is_stranger(struct dispatch *dispatch, const struct event *event)
{
    if (event->user == NULL || event->kind == EVENT_PERSON || g_hash_table_contains(dispatch->known, event->user))
        return false;
    struct person person = {0};
    store_get_person(dispatch->parts.store, store_find_person(dispatch->parts.store, event->platform, event->user),
                     &person);
    bool known = person.refreshed_at != 0;
    person_done(&person);
    store_forget_error(dispatch->parts.store);
    if (known)
        g_hash_table_add(dispatch->known, g_strdup(event->user));
    return !known;
}

static void release(struct dispatch *dispatch, const char *user)
{
    GPtrArray *held = dispatch->held;
    dispatch->held = g_ptr_array_new_with_free_func(pending_free);
    for (guint i = 0; i < held->len; i++) {
        struct pending *pending = g_ptr_array_index(held, i);
        bool goes = user == NULL || strcmp(pending->event->user, user) == 0;
        if (goes)
            g_hash_table_add(dispatch->known, g_strdup(pending->event->user));
        g_ptr_array_add(goes ? dispatch->pending : dispatch->held, pending);
    }
    g_ptr_array_set_free_func(held, NULL);
    g_ptr_array_free(held, TRUE);
    loop_wake(dispatch->parts.loop);
}

static void hold_fired(void *data)
{
    release(data, NULL);
}

/* Where reading begins after a gap: kept in memory, and stored with the next transaction that matters. */
static void note_newest(struct dispatch *dispatch, const struct event *event)
{
    bool top_level = event->kind == EVENT_MESSAGE || event->kind == EVENT_MENTION;
    if (!top_level || event->thread != NULL || event->channel == NULL || event->message == NULL)
        return;
    g_autofree char *key = g_strconcat(event->platform, " ", event->channel, NULL);
    const char *last = g_hash_table_lookup(dispatch->newest, key);
    if (last == NULL || strcmp(last, event->message) < 0)
        g_hash_table_replace(dispatch->newest, g_steal_pointer(&key), g_strdup(event->message));
}

static void store_newest(struct dispatch *dispatch)
{
    GHashTableIter iter;
    gpointer key, message;
    g_hash_table_iter_init(&iter, dispatch->newest);
    while (g_hash_table_iter_next(&iter, &key, &message)) {
        g_auto(GStrv) parts = g_strsplit(key, " ", 2);
        int64_t channel = store_find_channel(dispatch->parts.store, parts[0], parts[1]);
        if (channel != 0)
            store_set_newest(dispatch->parts.store, channel, message);
    }
}

/* Threads that were waited for may have been placed: what people wrote there is looked at again. */
static void place(struct dispatch *dispatch)
{
    GPtrArray *unplaced = dispatch->unplaced;
    if (unplaced->len == 0)
        return;
    dispatch->unplaced = g_ptr_array_new_with_free_func(pending_free);
    g_ptr_array_set_free_func(unplaced, NULL);
    for (guint i = 0; i < unplaced->len; i++) {
        struct pending *pending = g_ptr_array_index(unplaced, i);
        dispatch_event(dispatch, pending->platform, g_steal_pointer(&pending->event));
        pending_free(pending);
    }
    g_ptr_array_free(unplaced, TRUE);
}

void dispatch_event(struct dispatch *dispatch, struct platform *platform, struct event *event)
{
    struct pending *pending = g_new0(struct pending, 1);
    pending->platform = platform;
    pending->event = event;
    note_newest(dispatch, event);
    bool concerns = command_concerns(dispatch->parts.store, event);
    store_forget_error(dispatch->parts.store);
    if (!concerns && event->kind == EVENT_MESSAGE && event->thread != NULL && dispatch->unplaced->len < UNPLACED_MAX &&
        outbox_expects_root(dispatch->parts.outbox, event->platform, event->channel)) {
        g_ptr_array_add(dispatch->unplaced, pending);
        return;
    }
    if (!concerns) {
        if (!event->replay)
            platform->acknowledge(platform, event, NULL);
        pending_free(pending);
        return;
    }
    if (is_stranger(dispatch, event)) {
        if (dispatch->held->len == 0)
            loop_timer_set_ms(dispatch->hold_timer, HOLD_MS);
        g_ptr_array_add(dispatch->held, pending);
        look_up(dispatch, platform, "person ", event->user);
        return;
    }
    g_ptr_array_add(dispatch->pending, pending);
    if (event->kind == EVENT_PERSON)
        release(dispatch, event->user);
    loop_wake(dispatch->parts.loop);
}

static void due_fired(void *data)
{
    struct dispatch *dispatch = data;
    dispatch->due_known = false;
    loop_wake(dispatch->parts.loop);
}

void dispatch_connect(struct dispatch *dispatch, const struct dispatch_parts *parts)
{
    dispatch->parts = *parts;
    dispatch->due_timer = loop_timer_new(parts->loop, due_fired, dispatch);
    dispatch->hold_timer = loop_timer_new(parts->loop, hold_fired, dispatch);
}

void dispatch_free(struct dispatch *dispatch)
{
    if (dispatch == NULL)
        return;
    loop_timer_free(dispatch->due_timer);
    loop_timer_free(dispatch->hold_timer);
    g_ptr_array_free(dispatch->held, TRUE);
    g_ptr_array_free(dispatch->unplaced, TRUE);
    g_hash_table_destroy(dispatch->newest);
    g_hash_table_destroy(dispatch->known);
    g_ptr_array_free(dispatch->platforms, TRUE);
    g_ptr_array_free(dispatch->pending, TRUE);
    g_array_free(dispatch->marks, TRUE);
    g_ptr_array_free(dispatch->jobs, TRUE);
    g_hash_table_destroy(dispatch->looked_up);
    g_free(dispatch);
}

void dispatch_add_platform(struct dispatch *dispatch, struct platform *platform)
{
    g_ptr_array_add(dispatch->platforms, platform);
}

void dispatch_mark(struct dispatch *dispatch, struct outbox_mark *mark)
{
    g_array_append_val(dispatch->marks, *mark);
    loop_wake(dispatch->parts.loop);
}

void dispatch_job_done(struct dispatch *dispatch, struct reader_job *job)
{
    g_ptr_array_add(dispatch->jobs, job);
    loop_wake(dispatch->parts.loop);
}

/* ---- answers ---- */

static cJSON *content_of(const struct message *message)
{
    return message_to_json(message);
}

/* The private answer as a row: by response_url, to the eyes of one person in a channel, or directly. */
static void enqueue_answer(struct dispatch *dispatch, const struct event *event, const struct context *ctx,
                           const struct message *message, int64_t reply_channel)
{
    g_autoptr(cJSON) content = content_of(message);
    g_autofree char *text = json_text(content);
    int64_t person = event->user != NULL ? store_find_person(dispatch->parts.store, event->platform, event->user) : 0;
    int64_t place = ctx->where.id != 0 ? ctx->where.id : reply_channel;
    struct outbox_row row = {.platform = (char *)event->platform,
                             .content = text,
                             .person = person,
                             .made_at = ctx->now,
                             .due_at = ctx->now};
    if (event->kind == EVENT_COMMAND && event->response_url != NULL) {
        row.kind = OUT_RESPONSE;
        row.url = event->response_url;
    } else if (place != 0 && !ctx->in_direct) {
        row.kind = OUT_EPHEMERAL;
        row.channel = place;
        row.root = event->thread;
    } else {
        row.kind = OUT_POST;
    }
    if (row.kind == OUT_RESPONSE || person != 0)
        store_enqueue(dispatch->parts.store, &row);
}

static bool travels_in_acknowledgement(const struct event *event)
{
    return event->accepts_reply && event->kind == EVENT_COMMAND && !event->replay;
}

/* ---- one event ---- */

static void keep_answer(struct dispatch *dispatch, struct pending *pending, struct context *ctx)
{
    if (ctx->n_errors > 0) {
        pending->errors = g_steal_pointer(&ctx->errors);
        pending->n_errors = ctx->n_errors;
        ctx->n_errors = 0;
    } else if (ctx->reply != NULL && travels_in_acknowledgement(pending->event)) {
        pending->answer = g_steal_pointer(&ctx->reply);
    } else if (ctx->reply != NULL) {
        enqueue_answer(dispatch, pending->event, ctx, ctx->reply, ctx->reply_channel);
    }
}

/* Runs inside a transaction. False when the store failed on it. */
static bool run_event(struct dispatch *dispatch, struct pending *pending, int64_t now)
{
    struct store *store = dispatch->parts.store;
    const struct event *event = pending->event;
    struct context ctx = {0};
    if (!store_part_begin(store))
        return false;
    bool fresh = store_inbox_add(store, event->keys[0], now);
    fresh = store_inbox_add(store, event->keys[1], now) && fresh;
    if (fresh && event->view != NULL && event->kind == EVENT_FORM) {
        /* A form counts once it was accepted; one sent back with errors comes again under the same id. */
        g_autofree char *key = g_strconcat("view:", event->view, NULL);
        fresh = store_inbox_add(store, key, now);
    }
    if (fresh && context_init(&ctx, store, dispatch->parts.settings, event, now)) {
        command_run(&ctx);
        bool rejected = ctx.n_errors > 0;
        pending->to_reader = ctx.to_reader;
        if (event->kind == EVENT_INVITED)
            dispatch->reload = true;
        if (rejected) {
            /* Nothing of a rejected form may stay, its key least of all. */
            keep_answer(dispatch, pending, &ctx);
            context_done(&ctx);
            store_part_undo(store);
            return store_failed(store) == NULL;
        }
        keep_answer(dispatch, pending, &ctx);
        if (ctx.who.id != 0 && event->kind != EVENT_PERSON && now - ctx.who.refreshed_at > PROFILE_FRESH_MS)
            look_up(dispatch, pending->platform, "person ", event->user);
        if (ctx.where.id != 0 && event->kind != EVENT_CHANNEL && !ctx.in_direct &&
            (ctx.where.kind == CHANNEL_UNKNOWN || now - ctx.where.refreshed_at > PROFILE_FRESH_MS))
            look_up(dispatch, pending->platform, "channel ", event->channel);
    }
    context_done(&ctx);
    return store_part_end(store);
}

static void undelivered(struct dispatch *dispatch, const struct outbox_mark *mark, int64_t now)
{
    struct post post;
    if (mark->about->post == 0 || !store_get_post(dispatch->parts.store, mark->about->post, &post))
        return;
    struct context ctx;
    context_init(&ctx, dispatch->parts.store, dispatch->parts.settings, NULL, now);
    command_undelivered(&ctx, mark->about, &post);
    context_done(&ctx);
    post_done(&post);
}

static void record_mark(struct dispatch *dispatch, const struct outbox_mark *mark, int64_t now)
{
    struct store *store = dispatch->parts.store;
    switch (mark->what) {
    case MARK_SENT:
        store_sent(store, mark->row, mark->about->post, mark->message);
        if (mark->about->kind == OUT_POST && mark->about->person != 0 && mark->channel != NULL)
            store_set_dm(store, mark->about->person, mark->channel);
        if (mark->about->kind == OUT_JOIN)
            store_set_member(store, mark->about->channel, true);
        break;
    case MARK_DROPPED:
        store_sent(store, mark->row, 0, NULL);
        break;
    case MARK_PARKED:
        store_park(store, mark->row, mark->why != NULL ? mark->why : "unknown");
        undelivered(dispatch, mark, now);
        break;
    }
}

static void answer_job(struct dispatch *dispatch, const struct reader_job *job)
{
    struct context ctx;
    if (job->reply != NULL && context_init(&ctx, dispatch->parts.store, dispatch->parts.settings, job->event, job->now)) {
        enqueue_answer(dispatch, job->event, &ctx, job->reply, job->reply_channel);
        context_done(&ctx);
    }
}

/* ---- what time brings ---- */

static void run_due(struct dispatch *dispatch, int64_t now)
{
    for (int i = 0; i < DUE_A_BATCH && store_failed(dispatch->parts.store) == NULL; i++) {
        struct context ctx;
        context_init(&ctx, dispatch->parts.store, dispatch->parts.settings, NULL, now);
        bool more = command_run_due(&ctx);
        context_done(&ctx);
        if (!more)
            break;
    }
}

static void set_due_timer(struct dispatch *dispatch, int64_t now)
{
    dispatch->next_due = store_next_due(dispatch->parts.store);
    dispatch->due_known = store_failed(dispatch->parts.store) == NULL;
    store_forget_error(dispatch->parts.store);
    if (dispatch->next_due == 0)
        loop_timer_clear(dispatch->due_timer);
    else
        loop_timer_set_ms(dispatch->due_timer, CLAMP(dispatch->next_due - now, 0, DUE_CHECK_MAX_MS));
}

/* ---- after the commit ---- */

static void acknowledge(struct dispatch *dispatch, struct pending *pending)
{
    const struct event *event = pending->event;
    if (event->replay || pending->failed)
        return;
    struct answer answer = {.message = pending->answer, .errors = pending->errors, .n_errors = pending->n_errors};
    bool told = pending->platform->acknowledge(pending->platform, event, &answer);
    if (told || pending->answer == NULL)
        return;
    /* The socket is gone, or the answer was too large for it: response_url reaches the person all the same. */
    struct reader_job *job = g_new0(struct reader_job, 1);
    job->event = g_steal_pointer(&pending->event);
    job->reply = g_steal_pointer(&pending->answer);
    job->now = clock_now_ms();
    dispatch_job_done(dispatch, job);
}

static void answer_not_recorded(struct dispatch *dispatch, struct pending *pending)
{
    (void)dispatch;
    enum event_kind kind = pending->event->kind;
    pending->to_reader = false;
    g_clear_pointer(&pending->answer, message_free);
    if (kind == EVENT_COMMAND) {
        g_autofree char *text = say("en", "not.recorded", NULL);
        pending->answer = message_text(text);
    } else if (kind == EVENT_FORM && pending->event->n_fields > 0) {
        pending->errors = g_new0(struct form_value, 1);
        pending->errors[0].name = g_strdup(pending->event->fields[0].name);
        pending->errors[0].value = say("en", "not.recorded", NULL);
        pending->n_errors = 1;
    } else {
        /* Not acknowledged: the platform brings it again when there may be room. */
        pending->failed = true;
    }
}

static void note_trouble(struct dispatch *dispatch, const GError *error)
{
    if (!dispatch->trouble)
        log_error("store.trouble", "%s", error != NULL ? error->message : "unknown");
    dispatch->trouble = true;
}

/* The transaction is gone: each event by itself, so that one that cannot be recorded harms no other. */
static void run_one_by_one(struct dispatch *dispatch, GPtrArray *batch, int64_t now)
{
    struct store *store = dispatch->parts.store;
    for (guint i = 0; i < batch->len; i++) {
        struct pending *pending = g_ptr_array_index(batch, i);
        g_clear_pointer(&pending->answer, message_free);
        bool done = store_begin(store) && run_event(dispatch, pending, now) && store_commit(store);
        if (!done) {
            note_trouble(dispatch, store_failed(store));
            store_rollback(store);
            answer_not_recorded(dispatch, pending);
        }
    }
}

static bool commit_batch(struct dispatch *dispatch, GPtrArray *batch, GArray *marks, GPtrArray *jobs, int64_t now,
                         bool due)
{
    struct store *store = dispatch->parts.store;
    if (!store_begin(store))
        return false;
    for (guint i = 0; i < marks->len; i++)
        record_mark(dispatch, &g_array_index(marks, struct outbox_mark, i), now);
    for (guint i = 0; i < jobs->len; i++)
        answer_job(dispatch, g_ptr_array_index(jobs, i));
    for (guint i = 0; i < batch->len && store_failed(store) == NULL; i++) {
        struct pending *pending = g_ptr_array_index(batch, i);
        if (!run_event(dispatch, pending, now)) {
            if (!store_in_transaction(store))
                return false;
            /* Only this event was undone. */
            log_error("event.failed", "kind=%d %s", (int)pending->event->kind,
                      store_failed(store) != NULL ? store_failed(store)->message : "");
            store_forget_error(store);
            answer_not_recorded(dispatch, pending);
        }
    }
    if (due)
        run_due(dispatch, now);
    store_newest(dispatch);
    if (++dispatch->batches % 64 == 0)
        store_inbox_trim(store, now - INBOX_KEEP_MS, INBOX_TRIM_ROWS);
    return store_commit(store);
}

void dispatch_batch(struct dispatch *dispatch)
{
    int64_t now = clock_now_ms();
    bool due = !dispatch->due_known || (dispatch->next_due != 0 && dispatch->next_due <= now);
    if (dispatch->pending->len == 0 && dispatch->marks->len == 0 && dispatch->jobs->len == 0 && !due)
        return;
    g_autoptr(GPtrArray) batch = g_steal_pointer(&dispatch->pending);
    dispatch->pending = g_ptr_array_new_with_free_func(pending_free);
    g_autoptr(GPtrArray) jobs = g_steal_pointer(&dispatch->jobs);
    dispatch->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)reader_job_free);
    GArray *marks = dispatch->marks;
    dispatch->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    g_array_set_clear_func(dispatch->marks, mark_clear);

    bool committed = commit_batch(dispatch, batch, marks, jobs, now, due);
    if (committed) {
        if (dispatch->trouble)
            log_info("store.recovered", "path=%s", store_path(dispatch->parts.store));
        dispatch->trouble = false;
        for (guint i = 0; i < marks->len; i++)
            outbox_settled(dispatch->parts.outbox, g_array_index(marks, struct outbox_mark, i).row);
        g_array_free(marks, TRUE);
        g_hash_table_remove_all(dispatch->newest);
        place(dispatch);
    } else {
        note_trouble(dispatch, store_failed(dispatch->parts.store));
        store_rollback(dispatch->parts.store);
        run_one_by_one(dispatch, batch, now);
        /* The marks stand until they are recorded; their rows stay where they are meanwhile. */
        g_array_append_vals(marks, dispatch->marks->data, dispatch->marks->len);
        g_array_set_clear_func(dispatch->marks, NULL);
        g_array_free(dispatch->marks, TRUE);
        dispatch->marks = marks;
        loop_timer_set_ms(dispatch->due_timer, TROUBLE_RETRY_MS);
    }
    for (guint i = 0; i < batch->len; i++) {
        struct pending *pending = g_ptr_array_index(batch, i);
        acknowledge(dispatch, pending);
        if (pending->to_reader && pending->event != NULL)
            reader_push(dispatch->parts.reader, g_steal_pointer(&pending->event), now);
    }
    if (committed) {
        set_due_timer(dispatch, now);
        if (store_wal_pages(dispatch->parts.store) > 1000)
            reader_checkpoint(dispatch->parts.reader);
    }
    if (dispatch->reload)
        outbox_reload(dispatch->parts.outbox);
    dispatch->reload = false;
    outbox_load(dispatch->parts.outbox, false);
    outbox_pump(dispatch->parts.outbox);
}

void dispatch_clock_moved(struct dispatch *dispatch)
{
    dispatch->due_known = false;
    loop_wake(dispatch->parts.loop);
}

bool dispatch_idle(const struct dispatch *dispatch)
{
    return dispatch->pending->len == 0 && dispatch->held->len == 0 && dispatch->marks->len == 0 && dispatch->jobs->len == 0 &&
           dispatch->due_known && (dispatch->next_due == 0 || dispatch->next_due > clock_now_ms());
}
