/* For stories of the dispatcher: a store, the real sender and reader, and a chat of the tests' own (chat.h). */
#ifndef ASKWHY_TEST_DISPATCHING_H
#define ASKWHY_TEST_DISPATCHING_H

#include "chat.h"

#include "bot/arrivals.h"
#include "bot/dispatch.h"
#include "commands/say.h"

#include <signal.h>
#include <sys/resource.h>

static char *functions[] = {"sales", "product", NULL};

struct story {
    char *dir, *path;
    struct store *store, *eye; /* another connection: sees what is committed */
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct reader *reader;
    struct dispatch *dispatch;
    struct platform platform;
    struct settings settings;
    GString *told;     /* a line an acknowledgement */
    GString *looked_up; /* people and channels */
    bool socket_is_gone;
    struct rlimit room;
};

static struct story *story; /* the adapter has no data of its own */

/* ---- The adapter ---- */

static inline bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform;
    assert_false(store_in_transaction(story->store));
    if (story->socket_is_gone)
        return false;
    int64_t asks = sql_number(story->eye, "SELECT count(*) FROM ask", "");
    g_autofree char *words = answer != NULL && answer->message != NULL
                                 ? rich_plain(answer->message->fallback, NULL, NULL)
                                 : g_strdup(answer != NULL && answer->n_errors > 0 ? answer->errors[0].value : "-");
    g_string_append_printf(story->told, "%s (%d on disk) %s\n", event->envelope, (int)asks, words);
    return true;
}

static inline void look_up(struct platform *platform, const char *id)
{
    (void)platform;
    g_string_append_printf(story->looked_up, "%s ", id);
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

static inline int begin(void **state)
{
    struct story *s = story = g_new0(struct story, 1);
    story_ms = 0;
    pace_burst = 1, pace_interval = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    s->dir = g_dir_make_tmp("askwhy-dispatch-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->told = g_string_new(NULL);
    s->looked_up = g_string_new(NULL);
    s->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours};
    s->loop = loop_new(NULL, &error);
    s->rest = rest_new(s->loop, NULL, &error);
    s->store = store_open(s->path, STORE_WRITE, &error);
    s->eye = store_open(s->path, STORE_READ, &error);
    s->reader = reader_new(s->loop, s->path, &s->settings, take_job, s, &error);
    assert_null(error);
    chat_begins(s->loop);
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = s};
    s->outbox = outbox_new(s->loop, s->rest, s->store, &host);
    s->dispatch = dispatch_new();
    struct dispatch_parts parts = {.store = s->store,
                                   .settings = &s->settings,
                                   .outbox = s->outbox,
                                   .reader = s->reader,
                                   .loop = s->loop};
    dispatch_connect(s->dispatch, &parts);
    s->platform = (struct platform){.name = "slack",
                                    .codec = &chat_codec,
                                    .acknowledge = acknowledge,
                                    .look_up_person = look_up,
                                    .look_up_channel = look_up,
                                    .backfill = backfill};
    outbox_add_platform(s->outbox, &s->platform);
    dispatch_add_platform(s->dispatch, &s->platform);
    store_begin(s->store);
    know(s, "UDANA", "Dana");
    know(s, "USAM", "Sam");
    int64_t channel = store_channel(s->store, "slack", "T1", "CPRODUCT", "product", CHANNEL_PUBLIC);
    store_set_channel(s->store, channel, "product", CHANNEL_PUBLIC, clock_now_ms());
    store_set_member(s->store, channel, true);
    assert_true(store_commit(s->store));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &s->room);
    *state = s;
    return 0;
}

static inline int end(void **state)
{
    struct story *s = *state;
    setrlimit(RLIMIT_FSIZE, &s->room);
    reader_free(s->reader);
    outbox_free(s->outbox);
    rest_free(s->rest);
    dispatch_free(s->dispatch);
    chat_ends();
    loop_free(s->loop);
    store_close(s->eye);
    store_close(s->store);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_string_free(s->told, TRUE);
    g_string_free(s->looked_up, TRUE);
    g_free(s);
    say_done();
    return 0;
}

/* ---- What happens ---- */

static inline void between(void *data)
{
    struct story *s = data;
    dispatch_batch(s->dispatch);
    if (!reader_idle(s->reader) || rest_active(s->rest) != chat.waiting)
        return;
    if (dispatch_idle(s->dispatch)) {
        loop_stop(s->loop);
        return;
    }
    /* What was raised waits for the index: only timers bring it on, and nobody need wait for those. */
    loop_pass_ms(s->loop, 100);
    loop_wake(s->loop);
}

static inline void settle(struct story *s)
{
    outbox_pump(s->outbox);
    loop_wake(s->loop);
    loop_run(s->loop, between, s);
}

static inline struct event *new_event(enum event_kind kind, const char *envelope, const char *key)
{
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup("UDANA");
    event->channel = g_strdup("CPRODUCT");
    event->channel_kind = CHANNEL_PUBLIC;
    event->envelope = g_strdup(envelope);
    event->keys[0] = g_strdup(key);
    return event;
}

static inline void command(struct story *s, const char *envelope, const char *key, const char *text)
{
    struct event *event = new_event(EVENT_COMMAND, envelope, key);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    event->response_url = g_strdup("http://127.0.0.1/respond");
    event->accepts_reply = true;
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void form(struct story *s, const char *envelope, const char *view, const char *title)
{
    struct event *event = new_event(EVENT_FORM, envelope, envelope);
    g_clear_pointer(&event->channel, g_free);
    event->form = g_strdup("new");
    event->state = g_strdup("");
    event->view = g_strdup(view);
    event->accepts_reply = true;
    event_add_field(event, "title", title);
    event_add_field(event, "channel", "CPRODUCT");
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void mention(struct story *s, const char *envelope, const char *key, const char *text)
{
    struct event *event = new_event(EVENT_MENTION, envelope, key);
    event->message = g_strdup(envelope);
    event->text = g_strdup(text);
    dispatch_event(s->dispatch, &s->platform, event);
}

static inline void nothing_under_way(void *data)
{
    struct story *s = data;
    if (rest_active(s->rest) == chat.waiting && reader_idle(s->reader))
        loop_stop(s->loop);
}

/* What is under way comes to its end, and nothing is recorded meanwhile. */
static inline void wait_without_a_batch(struct story *s)
{
    loop_wake(s->loop);
    loop_run(s->loop, nothing_under_way, s);
}

/* From now on nothing can be written; and again it can. */
static inline void disk_gets_full(struct story *s)
{
    struct rlimit none = s->room;
    none.rlim_cur = 1;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
}

static inline void disk_has_room_again(struct story *s)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &s->room), 0);
}

/* One batch, answered or not. */
static inline void batch(struct story *s)
{
    dispatch_batch(s->dispatch);
}

static inline int asks(struct story *s)
{
    return (int)sql_number(s->eye, "SELECT count(*) FROM ask", "");
}

static inline bool told(struct story *s, const char *text)
{
    return strstr(s->told->str, text) != NULL;
}

static inline void assert_told(struct story *s, const char *text)
{
    if (!told(s, text))
        fail_msg("nobody was told \"%s\" but\n%s", text, s->told->str);
}

static inline void assert_shown_once(const char *text)
{
    const char *first = strstr(chat.shown->str, text);
    if (first == NULL || strstr(first + 1, text) != NULL)
        fail_msg("\"%s\" should stand once in\n%s", text, chat.shown->str);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
