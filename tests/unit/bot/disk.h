/* For stories of a bot on a bad disk: a dispatcher with all it needs, a chat behind it, and what people say in it. */
#ifndef ASKWHY_TEST_DISK_H
#define ASKWHY_TEST_DISK_H

#include "chat.h"
#include "faulty.h"

#include "bot/dispatch.h"
#include "commands/say.h"
#include "store/log.h"

static char *functions[] = {"sales", "product", NULL};

static const char *const fault_names[FAULTS] = {"write", "no room", "short write", "sync", "read", "truncate", "open"};

struct story {
    char *dir, *path;
    struct store *store;
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct reader *reader;
    struct dispatch *dispatch;
    struct platform platform;
    struct settings settings;
    GHashTable *told; /* envelope → what its acknowledgement said */
    GHashTable *told_at; /* envelope → when, by the story's clock */
    char *where;      /* for a failed assertion: which call failed */
    int waited_ms;    /* in the last settle(), by the loop's timers */
};

enum { STEP_MS = 100 };

static int disk_runs; /* of all stories */

static struct story *story; /* the adapter has no data of its own */
static struct loop *loop;   /* the same in all runs: beginning one takes longer than a run */
static struct rest *rest;

/* ---- The adapter ---- */

static inline bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform;
    const char *words = "-";
    if (answer != NULL && answer->message != NULL)
        words = answer->message->fallback;
    else if (answer != NULL && answer->n_errors > 0)
        words = answer->errors[0].value;
    int64_t now = story_ms;
    g_hash_table_replace(story->told_at, g_strdup(event->envelope), g_memdup2(&now, sizeof now));
    g_hash_table_replace(story->told, g_strdup(event->envelope), rich_plain(words, NULL, NULL));
    return true;
}

static inline void look_up(struct platform *platform, const char *id)
{
    (void)platform, (void)id;
}

static inline void backfill(struct platform *platform, const struct backfill_point *points, int n_points)
{
    (void)platform, (void)points, (void)n_points;
}

static inline void take_mark(struct outbox_mark *mark, void *data)
{
    dispatch_mark(((struct story *)data)->dispatch, mark);
}

static inline void take_job(struct reader_job *job, void *data)
{
    dispatch_job_done(((struct story *)data)->dispatch, job);
}

static inline struct message *draw(const struct post *post, void *data)
{
    struct story *s = data;
    struct context ctx;
    context_init(&ctx, s->store, &s->settings, NULL, clock_now_ms());
    struct message *message = command_draw(&ctx, post);
    context_done(&ctx);
    return message;
}

/* ---- Beginning and end ---- */

static inline void know(struct story *s, const char *user, const char *name)
{
    int64_t id = store_person(s->store, "slack", "T1", user, NULL);
    struct profile profile = {.name = (char *)name, .zone = (char *)"Europe/Tallinn"};
    store_set_profile(s->store, id, &profile, clock_now_ms());
}

/* False when the disk does not let it. */
static inline bool story_starts(struct story *s)
{
    g_autoptr(GError) error = NULL;
    s->store = store_open(s->path, STORE_WRITE, &error);
    s->reader = s->store != NULL ? reader_new(s->loop, s->path, &s->settings, take_job, s, &error) : NULL;
    if (s->reader == NULL) {
        assert_non_null(error);
        store_close(g_steal_pointer(&s->store));
        return false;
    }
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = s};
    s->outbox = outbox_new(s->loop, s->rest, s->store, &host);
    s->dispatch = dispatch_new();
    struct dispatch_parts parts = {.store = s->store,
                                   .settings = &s->settings,
                                   .outbox = s->outbox,
                                   .reader = s->reader,
                                   .loop = s->loop};
    dispatch_connect(s->dispatch, &parts);
    outbox_add_platform(s->outbox, &s->platform);
    dispatch_add_platform(s->dispatch, &s->platform);
    return true;
}

static inline void story_stops(struct story *s)
{
    reader_free(g_steal_pointer(&s->reader));
    outbox_free(g_steal_pointer(&s->outbox));
    dispatch_free(g_steal_pointer(&s->dispatch));
    store_close(g_steal_pointer(&s->store));
}

static inline struct story *story_begins(const char *where)
{
    struct story *s = story = g_new0(struct story, 1);
    disk_runs++;
    story_ms = 0;
    s->where = g_strdup(where);
    s->dir = g_dir_make_tmp("askwhy-disk-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->told_at = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours, .outcome_days = 90};
    s->loop = loop;
    s->rest = rest;
    s->platform = (struct platform){.name = "slack",
                                    .codec = &chat_codec,
                                    .acknowledge = acknowledge,
                                    .look_up_person = look_up,
                                    .look_up_channel = look_up,
                                    .backfill = backfill};
    chat_begins(s->loop);
    assert_true(story_starts(s));
    store_begin(s->store);
    know(s, "UDANA", "Dana");
    int64_t channel = store_channel(s->store, "slack", "T1", "CPRODUCT", "product", CHANNEL_PUBLIC);
    store_set_channel(s->store, channel, "product", CHANNEL_PUBLIC, clock_now_ms());
    store_set_member(s->store, channel, true);
    assert_true(store_commit(s->store));
    return s;
}

static inline void stop(struct story *s)
{
    story_stops(s);
    chat_ends();
}

static inline void story_ends(struct story *s)
{
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s->where);
    g_hash_table_destroy(s->told);
    g_hash_table_destroy(s->told_at);
    g_free(s);
}

static inline int begin(void **state)
{
    (void)state;
    g_autofree char *why = NULL;
    pace_burst = 1, pace_interval = 0;
    disk_begins();
    loop = loop_new(NULL, NULL);
    rest = rest_new(loop, NULL, NULL);
    return say_init(&why) && rest != NULL ? 0 : -1;
}

static inline int end(void **state)
{
    (void)state;
    disk_is_well();
    disk_ends();
    print_message("disk: %d runs, %d calls failed\n", disk_runs, (int)disk.all_failed);
    rest_free(rest);
    loop_free(loop);
    say_done();
    return 0;
}

/* ---- What happens ---- */

static inline void between(void *data)
{
    struct story *s = data;
    dispatch_batch(s->dispatch);
    if (!reader_idle(s->reader) || rest_active(s->rest) != 0)
        return;
    if (dispatch_idle(s->dispatch)) {
        loop_stop(s->loop);
        return;
    }
    /* What was raised waits for the index: only timers bring it on, and nobody need wait for those. */
    s->waited_ms += STEP_MS;
    loop_pass_ms(s->loop, STEP_MS);
    loop_wake(s->loop);
}

static inline void settle(struct story *s)
{
    s->waited_ms = 0;
    outbox_pump(s->outbox);
    loop_wake(s->loop);
    loop_run(s->loop, between, s);
}

static inline void nothing_under_way(void *data)
{
    struct story *s = data;
    if (rest_active(s->rest) == 0 && reader_idle(s->reader))
        loop_stop(s->loop);
}

/* What was sent arrives; then one batch, with everything read from the disk anew. */
static inline void batch(struct story *s)
{
    loop_wake(s->loop);
    loop_run(s->loop, nothing_under_way, s);
    store_rest(s->store);
    dispatch_batch(s->dispatch);
}

static inline struct event *new_event(enum event_kind kind, const char *envelope)
{
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup("UDANA");
    event->channel = g_strdup("CPRODUCT");
    event->channel_kind = CHANNEL_PUBLIC;
    event->envelope = g_strdup(envelope);
    event->keys[0] = g_strdup_printf("key of %s", envelope);
    return event;
}

static inline void command(struct story *s, const char *envelope, const char *text)
{
    struct event *event = new_event(EVENT_COMMAND, envelope);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    event->response_url = g_strdup("http://127.0.0.1/respond");
    event->accepts_reply = true;
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void form(struct story *s, const char *envelope, const char *title)
{
    struct event *event = new_event(EVENT_FORM, envelope);
    g_clear_pointer(&event->channel, g_free);
    event->form = g_strdup("new");
    event->state = g_strdup("");
    event->view = g_strdup(envelope);
    event->accepts_reply = true;
    event_add_field(event, "title", title);
    event_add_field(event, "channel", "CPRODUCT");
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void mention(struct story *s, const char *envelope, const char *text)
{
    struct event *event = new_event(EVENT_MENTION, envelope);
    event->message = g_strdup(envelope);
    event->text = g_strdup(text);
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void reply(struct story *s, const char *envelope, const char *thread, const char *text)
{
    struct event *event = new_event(EVENT_MESSAGE, envelope);
    event->thread = g_strdup(thread);
    event->message = g_strdup(envelope);
    event->text = g_strdup(text);
    dispatch_event(s->dispatch, &s->platform, event);
}

/* ---- What must hold ---- */

static const struct {
    const char *envelope, *words;
} said[] = {
    {"C1", "Dark mode"},       {"C2", "Invoices in PDF"},    {"R1", "Acme leaves without it"}, {"F1", "Offline maps"},
    {"C3", "Shared calendar"}, {"M1", "Export to a sheet"},
};

static inline void say_it(struct story *s, const char *envelope)
{
    const char *words = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
        words = g_str_equal(said[i].envelope, envelope) ? said[i].words : words;
    switch (*envelope) {
    case 'C':
        command(s, envelope, words);
        break;
    case 'F':
        form(s, envelope, words);
        break;
    case 'M':
        mention(s, envelope, words);
        break;
    default:
        reply(s, envelope, "m1", words);
    }
}

static inline int kept(struct store *store, const char *words)
{
    return (int)sql_number(store, "SELECT count(*) FROM log JOIN words ON words.id = log.words"
                                  " WHERE kind IN ('ask.raised', 'ask.why') AND text = ?1", "t", words);
}

static inline bool refused(struct story *s, const char *envelope)
{
    const char *told = g_hash_table_lookup(s->told, envelope);
    return told != NULL && g_str_has_prefix(told, "Nothing was recorded");
}

static inline void assert_sound(struct story *s)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s: does not open again: %s", s->where, error->message);
    g_autofree char *damage = store_integrity(store);
    g_autofree char *differences = store_check_rebuild(store, &error);
    if (damage != NULL || differences != NULL || error != NULL)
        fail_msg("%s: %s %s %s", s->where, damage, differences, error != NULL ? error->message : "");
    sqlite3_exec(store->db, "INSERT INTO ask_text (ask_text) VALUES ('integrity-check')", NULL, NULL, NULL);
    if (sqlite3_errcode(store->db) != SQLITE_OK)
        fail_msg("%s: the index for searching: %s", s->where, sqlite3_errmsg(store->db));
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        int expected = refused(s, said[i].envelope) ? 0 : 1;
        if (kept(store, said[i].words) != expected)
            fail_msg("%s: \"%s\" was answered \"%s\" and stands %d times", s->where, said[i].words,
                     (const char *)g_hash_table_lookup(s->told, said[i].envelope), kept(store, said[i].words));
    }
    int64_t waiting = sql_number(store, "SELECT count(*) FROM outbox WHERE due_at <= ?1", "i", clock_now_ms());
    if (waiting != 0)
        fail_msg("%s: %d messages were never sent", s->where, (int)waiting);
    assert_null(store_failed(store));
    store_close(store);
}

/* Every call when asked to: takes minutes. */
static inline bool every_call(void)
{
    return g_getenv("ASKWHY_TEST_EVERY_CALL") != NULL;
}

/* Every ask that is kept has its card, once. */
static inline void assert_shown(struct story *s)
{
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        int cards = 0;
        g_auto(GStrv) lines = g_strsplit(chat.shown->str, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            cards += g_str_has_prefix(*line, "CPRODUCT: #") && strstr(*line, said[i].words) != NULL;
        bool expected = *said[i].envelope == 'C' || *said[i].envelope == 'F';
        if (expected && cards != (refused(s, said[i].envelope) ? 0 : 1))
            fail_msg("%s: \"%s\" has %d cards in\n%s", s->where, said[i].words, cards, chat.shown->str);
    }
}

#endif
