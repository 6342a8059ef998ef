#include "bot/dispatch.h"

#include "bot/answers.h"
#include "bot/arrivals.h"
#include "bot/base/clock.h"
#include "bot/base/crash.h"
#include "bot/base/log.h"
#include "bot/marks.h"

#include <string.h>

enum {
    DUE_A_BATCH = 64,                            /* what time brings, at most, before sockets are looked at again */
    DUE_A_BATCH_US = 4000,                       /* and no more of it once that took so long */
    INBOX_TRIM_ROWS = 200,
    PROFILE_FRESH_MS = 24 * 3600 * 1000,
    TROUBLE_RETRY_MS = 10 * 1000,
    MARKS_WAIT_MS = 2, /* for something else to be committed with */
    MARKS_MAX = 64,
    DUE_FAILED_RETRY_MS = 60 * 1000,
    JOB_KEPT_MS = 25 * 60 * 1000, /* what it answers by (a response_url) lasts 30 minutes */
    RAISED_MAX = 16,
    INDEX_WAITS_MS = 300, /* texts, to be indexed for searching in one go */
    INDEX_WAITS_MAX = 256,
    READ_AFTER_US = 200 * 1000,
    POSITION_EVENTS = 64, /* a chat keeps that many and more for a process that comes back */
    DUE_CHECK_MAX_MS = 60 * 1000, /* timers know nothing of a wall clock that is set, or of a machine that slept */
};

struct dispatch {
    struct dispatch_parts parts;
    GPtrArray *platforms;
    struct arrivals *arrivals;
    GArray *marks;        /* struct outbox_mark */
    GPtrArray *jobs;      /* struct reader_job, done */
    GPtrArray *raised;    /* struct reader_job, to be done once the index for searching holds what they raised */
    int64_t began_us, ended_us; /* the last batch */
    struct loop_timer *due_timer, *marks_timer, *index_timer;
    bool marks_due, index_due; /* they have waited long enough */
    bool index_waits;
    int64_t next_due;     /* 0: nothing */
    bool due_known;
    bool due_failed;      /* what is due could not be done: not again at once */
    bool trouble;         /* the last commit failed */
    bool reload;
    bool trim_more;       /* old keys were left the last time */
    int unplaced_events;  /* since the positions were kept */
    int batches;
};

static void mark_clear(gpointer data)
{
    outbox_mark_done(data);
}

struct dispatch *dispatch_new(void)
{
    struct dispatch *dispatch = g_new0(struct dispatch, 1);
    dispatch->platforms = g_ptr_array_new();
    dispatch->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    g_array_set_clear_func(dispatch->marks, mark_clear);
    dispatch->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)reader_job_free);
    dispatch->raised = g_ptr_array_new_with_free_func((GDestroyNotify)reader_job_free);
    return dispatch;
}

static void wait_for_due(struct dispatch *dispatch, int64_t now)
{
    loop_timer_set_ms(dispatch->due_timer, CLAMP(dispatch->next_due - now, 0, DUE_CHECK_MAX_MS));
}

static void due_fired(void *data)
{
    struct dispatch *dispatch = data;
    int64_t now = clock_now_ms();
    if (dispatch->due_known && !dispatch->trouble && dispatch->next_due > now) {
        wait_for_due(dispatch, now);
        return;
    }
    dispatch->due_known = false;
    loop_wake(dispatch->parts.loop);
}

static void marks_fired(void *data)
{
    struct dispatch *dispatch = data;
    dispatch->marks_due = true;
    loop_wake(dispatch->parts.loop);
}

static void index_fired(void *data)
{
    struct dispatch *dispatch = data;
    dispatch->index_due = true;
    loop_wake(dispatch->parts.loop);
}

void dispatch_connect(struct dispatch *dispatch, const struct dispatch_parts *parts)
{
    dispatch->parts = *parts;
    dispatch->due_timer = loop_timer_new(parts->loop, due_fired, dispatch);
    dispatch->marks_timer = loop_timer_new(parts->loop, marks_fired, dispatch);
    dispatch->index_timer = loop_timer_new(parts->loop, index_fired, dispatch);
    dispatch->arrivals = arrivals_new(parts->loop, parts->store, parts->outbox);
}

void dispatch_free(struct dispatch *dispatch)
{
    if (dispatch == NULL)
        return;
    loop_timer_free(dispatch->due_timer);
    loop_timer_free(dispatch->marks_timer);
    loop_timer_free(dispatch->index_timer);
    arrivals_free(dispatch->arrivals);
    g_ptr_array_free(dispatch->platforms, TRUE);
    g_array_free(dispatch->marks, TRUE);
    g_ptr_array_free(dispatch->jobs, TRUE);
    g_ptr_array_free(dispatch->raised, TRUE);
    g_free(dispatch);
}

void dispatch_add_platform(struct dispatch *dispatch, struct platform *platform)
{
    g_ptr_array_add(dispatch->platforms, platform);
}

void dispatch_begin(struct dispatch *dispatch)
{
    for (guint i = 0; i < dispatch->platforms->len; i++) {
        struct platform *platform = g_ptr_array_index(dispatch->platforms, i);
        g_autoptr(GArray) users = store_awaited_profiles(dispatch->parts.store, platform->name);
        for (guint u = 0; u < users->len; u++)
            arrivals_look_up_person(dispatch->arrivals, platform, g_array_index(users, char *, u));
    }
    store_forget_error(dispatch->parts.store);
}

void dispatch_event(struct dispatch *dispatch, struct platform *platform, struct event *event)
{
    /* On a slow disk a batch takes seconds: what is read right after it may have come when it began. */
    int64_t now = clock_monotonic_us();
    event->nameless = command_is_nameless(dispatch->parts.settings, event);
    event->came_us = now - dispatch->ended_us < READ_AFTER_US ? dispatch->began_us : now;
    if (platform->position != NULL && ++dispatch->unplaced_events == POSITION_EVENTS)
        loop_wake(dispatch->parts.loop);
    arrivals_add(dispatch->arrivals, platform, event);
}

void dispatch_mark(struct dispatch *dispatch, struct outbox_mark *mark)
{
    /* What was sent is found again by its operation mark: that it was can be committed with what comes next. */
    if (dispatch->marks->len == 0)
        loop_timer_set_ms(dispatch->marks_timer, MARKS_WAIT_MS);
    g_array_append_val(dispatch->marks, *mark);
    if (dispatch->marks->len >= MARKS_MAX)
        marks_fired(dispatch);
}

void dispatch_job_done(struct dispatch *dispatch, struct reader_job *job)
{
    g_ptr_array_add(dispatch->jobs, job);
    loop_wake(dispatch->parts.loop);
}

/* ---- one event ---- */

static bool catching_up(const struct dispatch *dispatch)
{
    for (guint i = 0; i < dispatch->platforms->len; i++) {
        const struct platform *platform = g_ptr_array_index(dispatch->platforms, i);
        if (platform->catching_up != NULL && platform->catching_up(platform))
            return true;
    }
    return false;
}

/* The news of an invitation may be old: what was said since is read. */
static void read_since(struct platform *platform, const struct event *event)
{
    struct backfill_point point = {.channel = event->channel, .after = (char *)event_cursor(event)};
    if (point.after != NULL)
        platform->backfill(platform, &point, 1);
}

static void look_up_rights(struct dispatch *dispatch, struct platform *platform, const struct context *ctx)
{
    struct channel channel = {0};
    if (store_get_channel(dispatch->parts.store, ctx->rights, &channel))
        arrivals_look_up_member(dispatch->arrivals, platform, ctx->who.user, &channel);
    channel_done(&channel);
}

/* Runs inside a transaction. False when the store failed on it. */
static bool run_event(struct dispatch *dispatch, struct arrival *arrival, int64_t now)
{
    struct store *store = dispatch->parts.store;
    const struct event *event = arrival->event;
    struct context ctx = {0};
    /* Only forms are sent back. A part costs a copy of every page it changes: no other event has one. */
    bool is_part = event->kind == EVENT_FORM;
    if (is_part && !store_part_begin(store))
        return false;
    /* A platform's ids may tell whom they were made for. */
    bool fresh = event->nameless || store_inbox_add(store, event->keys[0], now);
    fresh = (event->nameless || store_inbox_add(store, event->keys[1], now)) && fresh;
    if (fresh && !event->nameless && event->view != NULL && event->kind == EVENT_FORM) {
        /* A form counts once it was accepted; one sent back with errors comes again under the same id. */
        g_autofree char *key = g_strconcat("view:", event->view, NULL);
        fresh = store_inbox_add(store, key, now);
    }
    if (fresh && context_init(&ctx, store, dispatch->parts.settings, event, now)) {
        command_run(&ctx);
        bool rejected = is_part && ctx.n_errors > 0;
        arrival->to_reader = ctx.to_reader;
        arrival->raised = ctx.raised;
        if (event->kind == EVENT_INVITED) {
            dispatch->reload = true;
            read_since(arrival->platform, event);
        }
        if (rejected) {
            /* Nothing of a rejected form may stay, its key least of all. */
            g_autofree char *told = g_steal_pointer(&ctx.told);
            answers_keep(store, arrival, &ctx);
            context_done(&ctx);
            store_part_undo(store);
            store_inbox_add(store, told, now);
            return store_failed(store) == NULL;
        }
        answers_keep(store, arrival, &ctx);
        if (ctx.group != NULL && arrival->platform->look_up_group != NULL)
            arrival->platform->look_up_group(arrival->platform, ctx.group);
        if (ctx.rights != 0)
            look_up_rights(dispatch, arrival->platform, &ctx);
        if (ctx.who.id != 0 && event->kind != EVENT_PERSON && now - ctx.who.refreshed_at > PROFILE_FRESH_MS)
            arrivals_look_up_person(dispatch->arrivals, arrival->platform, event->user);
        if (ctx.where.id != 0 && event->kind != EVENT_CHANNEL && !ctx.in_direct && !event->nameless &&
            (ctx.where.kind == CHANNEL_UNKNOWN || now - ctx.where.refreshed_at > PROFILE_FRESH_MS))
            arrivals_look_up_channel(dispatch->arrivals, arrival->platform, event->channel);
    }
    context_done(&ctx);
    return is_part ? store_part_end(store) : store_failed(store) == NULL;
}

/* ---- what time brings ---- */

/* Each in a part of its own: one that cannot be done undoes neither what came before it nor the events' work. */
static void run_due(struct dispatch *dispatch, int64_t now)
{
    struct store *store = dispatch->parts.store;
    bool more = true;
    int64_t until_us = clock_monotonic_us() + DUE_A_BATCH_US;
    dispatch->due_failed = false;
    for (int i = 0; more && i < DUE_A_BATCH && (i == 0 || clock_monotonic_us() < until_us) && store_part_begin(store); i++) {
        struct context ctx;
        context_init(&ctx, store, dispatch->parts.settings, NULL, now);
        more = command_run_due(&ctx);
        context_done(&ctx);
        if (!store_part_end(store) && store_in_transaction(store)) {
            log_error("due.failed", "%s", store_failed(store) != NULL ? store_failed(store)->message : "");
            store_forget_error(store);
            dispatch->due_failed = true;
            more = false;
        }
    }
}

static void set_due_timer(struct dispatch *dispatch, int64_t now)
{
    dispatch->next_due = store_next_due(dispatch->parts.store);
    dispatch->due_known = store_failed(dispatch->parts.store) == NULL;
    store_forget_error(dispatch->parts.store);
    if (!dispatch->due_known) {
        loop_timer_set_ms(dispatch->due_timer, TROUBLE_RETRY_MS);
        return;
    }
    if (dispatch->due_failed)
        dispatch->next_due = MAX(dispatch->next_due, now + DUE_FAILED_RETRY_MS);
    if (dispatch->next_due == 0)
        loop_timer_clear(dispatch->due_timer);
    else
        wait_for_due(dispatch, now);
}

static void set_index_timer(struct dispatch *dispatch)
{
    bool waits = store_unindexed(dispatch->parts.store) > 0;
    if (waits && (!dispatch->index_waits || dispatch->index_due))
        loop_timer_set_ms(dispatch->index_timer, dispatch->trouble ? TROUBLE_RETRY_MS : INDEX_WAITS_MS);
    dispatch->index_waits = waits;
    dispatch->index_due = false;
}

/* ---- after the commit ---- */

static void note_trouble(struct dispatch *dispatch, const GError *error)
{
    if (!dispatch->trouble)
        log_error("store.trouble", "%s", error != NULL ? error->message : "unknown");
    dispatch->trouble = true;
}

/* Answers of the reader's that could not be recorded wait for the next transaction. */
static void keep_jobs(struct dispatch *dispatch, GPtrArray *jobs, int64_t now)
{
    for (guint i = 0; i < jobs->len; i++) {
        struct reader_job *job = g_ptr_array_index(jobs, i);
        if (now - job->now < JOB_KEPT_MS)
            g_ptr_array_add(dispatch->jobs, g_steal_pointer(&g_ptr_array_index(jobs, i)));
    }
}

/* The transaction is gone: each event by itself, so that one that cannot be recorded harms no other. */
static void run_one_by_one(struct dispatch *dispatch, GPtrArray *batch, int64_t now)
{
    struct store *store = dispatch->parts.store;
    for (guint i = 0; i < batch->len; i++) {
        struct arrival *arrival = g_ptr_array_index(batch, i);
        answers_forget(arrival);
        bool done = store_begin(store) && run_event(dispatch, arrival, now) && store_commit(store);
        if (!done) {
            const GError *why = store_failed(store);
            log_error("event.failed", "kind=%d %s", (int)arrival->event->kind, why != NULL ? why->message : "");
            note_trouble(dispatch, why);
            answers_not_recorded(arrival, why);
            store_rollback(store);
        }
    }
}

/* All that the platforms gave has been run: a new process goes on behind it. */
static void store_positions(struct dispatch *dispatch)
{
    for (guint i = 0; i < dispatch->platforms->len; i++) {
        const struct platform *platform = g_ptr_array_index(dispatch->platforms, i);
        g_autofree char *position = platform->position != NULL ? platform->position(platform) : NULL;
        if (position != NULL)
            store_set_position(dispatch->parts.store, platform->name, position);
    }
    dispatch->unplaced_events = 0;
}

/* A hint, no promise: when more is raised than can be looked at, it is left out. */
static void keep_raised(struct dispatch *dispatch, struct arrival *arrival, int64_t now)
{
    if (dispatch->raised->len >= RAISED_MAX || arrival->event->replay || dispatch->parts.reader == NULL)
        return;
    struct reader_job *job = g_new0(struct reader_job, 1);
    job->event = g_steal_pointer(&arrival->event);
    job->raised = arrival->raised;
    job->now = now;
    g_ptr_array_add(dispatch->raised, job);
}

static void push_raised(struct dispatch *dispatch)
{
    if (store_unindexed(dispatch->parts.store) > 0)
        return;
    for (guint i = 0; i < dispatch->raised->len; i++) {
        struct reader_job *job = g_ptr_array_index(dispatch->raised, i);
        reader_push_raised(dispatch->parts.reader, g_steal_pointer(&job->event), job->raised, job->now);
    }
    g_ptr_array_set_size(dispatch->raised, 0);
}

static bool commit_batch(struct dispatch *dispatch, GPtrArray *batch, GArray *marks, GPtrArray *jobs, int64_t now,
                         bool due)
{
    struct store *store = dispatch->parts.store;
    if (!store_begin(store))
        return false;
    if (marks->len > 0)
        crash_point("before-mark");
    for (guint i = 0; i < marks->len; i++)
        marks_record(store, dispatch->parts.settings, &g_array_index(marks, struct outbox_mark, i), now);
    for (guint i = 0; i < jobs->len; i++)
        answers_keep_job(store, dispatch->parts.settings, g_ptr_array_index(jobs, i));
    for (guint i = 0; i < batch->len; i++) {
        if (!run_event(dispatch, g_ptr_array_index(batch, i), now))
            return false;
    }
    if (due)
        run_due(dispatch, now);
    if (arrivals_store_newest(dispatch->arrivals, catching_up(dispatch)))
        store_positions(dispatch);
    if (dispatch->index_due || store_unindexed(store) >= INDEX_WAITS_MAX)
        store_want_index(store);
    if (++dispatch->batches % 64 == 0 || dispatch->trim_more)
        dispatch->trim_more = store_inbox_trim(store, now - ARRIVALS_KEYS_KEPT_MS, INBOX_TRIM_ROWS);
    crash_point("before-commit");
    return store_commit(store);
}

/* What is read for it is locked for once. */
static void send_on(struct dispatch *dispatch, bool committed, int64_t now)
{
    struct store *store = dispatch->parts.store;
    struct outbox *outbox = dispatch->parts.outbox;
    bool reading = store_read_begin(store);
    if (committed)
        set_due_timer(dispatch, now);
    if (dispatch->reload)
        outbox_reload(outbox);
    dispatch->reload = false;
    outbox_load(outbox, false);
    if (store_failed(store) != NULL) {
        /* What waits to be sent could not be read. */
        note_trouble(dispatch, store_failed(store));
        store_forget_error(store);
        dispatch->due_known = false;
        loop_timer_set_ms(dispatch->due_timer, TROUBLE_RETRY_MS);
    }
    outbox_pump(outbox);
    if (reading)
        store_read_end(store);
    store_forget_error(store);
}

void dispatch_batch(struct dispatch *dispatch)
{
    int64_t now = clock_now_ms();
    bool due = !dispatch->due_known || (dispatch->next_due != 0 && dispatch->next_due <= now);
    /* Chatter that concerns nobody moves the chats' streams on, too. */
    bool place = dispatch->unplaced_events >= POSITION_EVENTS && !catching_up(dispatch);
    if (place)
        dispatch->unplaced_events = 0; /* whatever comes of it, not again at once */
    if (!place && !arrivals_ready(dispatch->arrivals) && !dispatch->marks_due && dispatch->jobs->len == 0 && !due &&
        !dispatch->index_due) {
        outbox_pump(dispatch->parts.outbox);
        return;
    }
    dispatch->began_us = clock_monotonic_us();
    dispatch->marks_due = false;
    loop_timer_clear(dispatch->marks_timer);
    g_autoptr(GPtrArray) batch = arrivals_take(dispatch->arrivals);
    g_autoptr(GPtrArray) jobs = g_steal_pointer(&dispatch->jobs);
    dispatch->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)reader_job_free);
    GArray *marks = dispatch->marks;
    dispatch->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    g_array_set_clear_func(dispatch->marks, mark_clear);

    bool committed = commit_batch(dispatch, batch, marks, jobs, now, due);
    if (committed) {
        crash_point("after-commit");
        if (dispatch->trouble) {
            log_info("store.recovered", "path=%s", store_path(dispatch->parts.store));
            dispatch->index_waits = false; /* no longer for as long as trouble made it wait */
        }
        dispatch->trouble = false;
        for (guint i = 0; i < marks->len; i++) {
            const struct outbox_mark *mark = &g_array_index(marks, struct outbox_mark, i);
            if (mark->what == MARK_ROOT_GONE)
                outbox_again(dispatch->parts.outbox, mark->row);
            else if (mark->what == MARK_UPLOADED)
                outbox_uploaded(dispatch->parts.outbox, mark->row, mark->message);
            else
                outbox_settled(dispatch->parts.outbox, mark->row);
        }
        g_array_free(marks, TRUE);
        arrivals_committed(dispatch->arrivals);
    } else {
        note_trouble(dispatch, store_failed(dispatch->parts.store));
        store_rollback(dispatch->parts.store);
        run_one_by_one(dispatch, batch, now);
        /* The marks stand until they are recorded; their rows stay where they are meanwhile. */
        g_array_append_vals(marks, dispatch->marks->data, dispatch->marks->len);
        g_array_set_clear_func(dispatch->marks, NULL);
        g_array_free(dispatch->marks, TRUE);
        dispatch->marks = marks;
        keep_jobs(dispatch, jobs, now);
        loop_timer_set_ms(dispatch->due_timer, TROUBLE_RETRY_MS);
    }
    dispatch->ended_us = clock_monotonic_us();
    for (guint i = 0; i < batch->len; i++) {
        struct arrival *arrival = g_ptr_array_index(batch, i);
        if (arrival->again) {
            arrivals_put_back(dispatch->arrivals, g_steal_pointer(&g_ptr_array_index(batch, i)));
            continue;
        }
        struct reader_job *undelivered = answers_acknowledge(arrival);
        if (arrival->form != NULL && !arrival->failed)
            outbox_open_form(dispatch->parts.outbox, arrival->event, arrival->form);
        if (undelivered != NULL)
            dispatch_job_done(dispatch, undelivered);
        if (arrival->to_reader && arrival->event != NULL)
            reader_push(dispatch->parts.reader, g_steal_pointer(&arrival->event), now);
        else if (arrival->raised != 0 && arrival->event != NULL)
            keep_raised(dispatch, arrival, now);
    }
    if (committed)
        push_raised(dispatch);
    if (committed && dispatch->parts.reader != NULL && store_wal_pages(dispatch->parts.store) > 1000)
        reader_checkpoint(dispatch->parts.reader);
    set_index_timer(dispatch);
    send_on(dispatch, committed, now);
}

void dispatch_clock_moved(struct dispatch *dispatch)
{
    dispatch->due_known = false;
    loop_wake(dispatch->parts.loop);
}

void dispatch_last_batch(struct dispatch *dispatch)
{
    if (dispatch->unplaced_events > 0)
        dispatch->unplaced_events = POSITION_EVENTS;
}

bool dispatch_idle(const struct dispatch *dispatch)
{
    return arrivals_idle(dispatch->arrivals) && dispatch->marks->len == 0 && dispatch->jobs->len == 0 &&
           dispatch->raised->len == 0 && dispatch->due_known && (dispatch->next_due == 0 || dispatch->next_due > clock_now_ms());
}
