#include "tests/bench/scale/world.h"

#include "bot/base/clock.h"
#include "bot/chat/richtext.h"
#include "bot/slack/slack.h"
#include "commands/say.h"
#include "store/digests.h"
#include "tests/bench/scale/server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HOUR_MS = 3600 * 1000, TIMERS_PASS_MS = 100 };

static char *functions[] = {"exec", "sales", "marketing", "support", "engineering", "product", NULL};

struct world {
    struct loop *loop;
    struct rest *rest;
    struct store *store, *eye;
    struct outbox *outbox;
    struct reader *reader;
    struct dispatch *dispatch;
    struct codec *codec;
    const char *(*method)(const struct codec *codec, enum outgoing_kind kind, int *burst, int *interval_ms, bool *per_channel);
    struct platform platform;
    struct settings settings;
    struct server *server;
    char *url;
    int reader_tid;
    int acknowledged;
    int64_t slowest_batch;
};

static struct world *the_world; /* an adapter's functions get no data of their own */

/* ---- CPU time ---- */

int64_t world_cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Linux names a thread's clock by its id (see clock_getcpuclockid(3) and the kernel's posix-timers.h). */
static int64_t cpu_of_thread(int tid)
{
    struct timespec time = {0};
    clock_gettime((clockid_t)((~(unsigned)tid << 3) | 6u), &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static GHashTable *threads(void)
{
    GHashTable *all = g_hash_table_new(g_direct_hash, g_direct_equal);
    GDir *dir = g_dir_open("/proc/self/task", 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_hash_table_add(all, GINT_TO_POINTER(atoi(name)));
    if (dir != NULL)
        g_dir_close(dir);
    return all;
}

static int new_thread(GHashTable *before)
{
    g_autoptr(GHashTable) after = threads();
    GHashTableIter iter;
    gpointer tid;
    g_hash_table_iter_init(&iter, after);
    while (g_hash_table_iter_next(&iter, &tid, NULL)) {
        if (!g_hash_table_contains(before, tid))
            return GPOINTER_TO_INT(tid);
    }
    return 0;
}

/* ---- The adapter ---- */

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform, (void)event;
    the_world->acknowledged++;
    for (int i = 0; answer != NULL && answer->message != NULL && i < answer->message->n_parts; i++)
        server_note(the_world->server, answer->message->parts[i].text);
    for (int i = 0; answer != NULL && i < answer->n_errors; i++)
        server_note(the_world->server, answer->errors[i].value);
    return true;
}

static void look_up(struct platform *platform, const char *id)
{
    (void)platform, (void)id;
}

static void backfill(struct platform *platform, const struct backfill_point *points, int n_points)
{
    (void)platform, (void)points, (void)n_points;
}

static void take_mark(struct outbox_mark *mark, void *data)
{
    dispatch_mark(((struct world *)data)->dispatch, mark);
}

static void take_job(struct reader_job *job, void *data)
{
    dispatch_job_done(((struct world *)data)->dispatch, job);
}

static struct message *draw(const struct post *post, void *data)
{
    struct world *world = data;
    struct context ctx;
    context_init(&ctx, world->store, &world->settings, NULL, clock_now_ms());
    struct message *message = command_draw(&ctx, post);
    context_done(&ctx);
    return message;
}

/* Nothing here shall wait for a chat's pace. */
static const char *unpaced(const struct codec *codec, enum outgoing_kind kind, int *burst, int *interval_ms, bool *per_channel)
{
    const char *method = the_world->method(codec, kind, burst, interval_ms, per_channel);
    *interval_ms = 0;
    return method;
}

/* ---- Beginning and end ---- */

static void set_clock(struct store *store)
{
    clock_set_offset_ms(0);
    clock_set_offset_ms(store_newest_entry(store) + HOUR_MS - clock_now_ms());
}

static void between(void *data)
{
    struct world *world = data;
    int64_t began = world_cpu();
    dispatch_batch(world->dispatch);
    world->slowest_batch = MAX(world->slowest_batch, world_cpu() - began);
    if (!reader_idle(world->reader) || rest_active(world->rest) != 0)
        return;
    if (dispatch_idle(world->dispatch) && outbox_idle(world->outbox)) {
        loop_stop(world->loop);
        return;
    }
    /* What is left waits for timers, and nobody need wait for those. */
    loop_pass_ms(world->loop, TIMERS_PASS_MS);
    loop_wake(world->loop);
}

static void settle(struct world *world)
{
    outbox_pump(world->outbox);
    loop_wake(world->loop);
    loop_run(world->loop, between, world);
}

static void first_steps(struct world *world, struct world_start *start)
{
    int64_t began = world_cpu();
    outbox_load(world->outbox, true);
    start->load = world_cpu() - began;
    began = world_cpu();
    g_autoptr(GArray) points = store_backfill_points(world->store, "slack");
    start->gap = world_cpu() - began;
    start->points = (int)points->len;
    for (guint i = 0; i < points->len; i++) {
        struct backfill_point *point = &g_array_index(points, struct backfill_point, i);
        g_free(point->channel);
        g_free(point->thread);
        g_free(point->after);
    }
    began = world_cpu();
    dispatch_batch(world->dispatch);
    start->due = world_cpu() - began;
    settle(world); /* what was overdue */
}

struct world *world_new(const char *database, struct world_start *start, GError **error)
{
    struct world *world = the_world = g_new0(struct world, 1);
    char *why = NULL;
    if (!say_init(&why))
        g_error("%s", why);
    world->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours};
    world->server = server_new();
    world->url = g_strdup_printf("http://127.0.0.1:%d/api", server_port(world->server));
    static const struct slack_self self = {.user = "UASKWHY", .bot = "BASKWHY", .app = "AASKWHY"};
    struct slack_options options = {.api_url = world->url,
                                    .app_token = "xapp-1",
                                    .bot_token = "xoxb-1",
                                    .sockets = 1};
    world->codec = slack_codec_new(&options, &self);
    world->method = world->codec->method;
    world->codec->method = unpaced;
    if ((world->loop = loop_new(NULL, error)) == NULL || (world->rest = rest_new(world->loop, NULL, error)) == NULL)
        return NULL;
    int64_t began = world_cpu();
    world->store = store_open(database, STORE_WRITE, error);
    g_autoptr(GHashTable) before = threads();
    if (world->store != NULL)
        world->reader = reader_new(world->loop, database, &world->settings, take_job, world, error);
    if (world->reader == NULL || (world->eye = store_open(database, STORE_READ, error)) == NULL)
        return NULL;
    start->open = world_cpu() - began;
    world->reader_tid = new_thread(before);
    set_clock(world->eye);
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = world};
    world->outbox = outbox_new(world->loop, world->rest, world->store, &host);
    world->dispatch = dispatch_new();
    struct dispatch_parts parts = {.store = world->store,
                                   .settings = &world->settings,
                                   .outbox = world->outbox,
                                   .reader = world->reader,
                                   .loop = world->loop};
    dispatch_connect(world->dispatch, &parts);
    world->platform = (struct platform){.name = "slack",
                                        .codec = world->codec,
                                        .acknowledge = acknowledge,
                                        .look_up_person = look_up,
                                        .look_up_channel = look_up,
                                        .backfill = backfill};
    outbox_add_platform(world->outbox, &world->platform);
    dispatch_add_platform(world->dispatch, &world->platform);
    first_steps(world, start);
    return world;
}

void world_free(struct world *world)
{
    reader_free(world->reader);
    outbox_free(world->outbox);
    rest_free(world->rest);
    dispatch_free(world->dispatch);
    loop_free(world->loop);
    store_close(world->eye);
    store_close(world->store);
    slack_codec_free(world->codec);
    server_free(world->server);
    g_free(world->url);
    g_free(world);
    say_done();
}

struct store *world_store(struct world *world)
{
    return world->eye;
}

struct store *world_writer(struct world *world)
{
    return world->store;
}

struct platform *world_platform(struct world *world)
{
    return &world->platform;
}

int64_t world_now(struct world *world)
{
    (void)world;
    return clock_now_ms();
}

/* ---- Doing ---- */

bool world_do(struct world *world, struct event *event, struct effort *effort)
{
    server_forget(world->server);
    world->acknowledged = 0;
    int64_t reader = cpu_of_thread(world->reader_tid), began = world_cpu();
    if (event->kind == EVENT_COMMAND || event->kind == EVENT_BUTTON)
        event->response_url = g_strconcat(world->url, "/respond", NULL);
    dispatch_event(world->dispatch, &world->platform, event);
    dispatch_batch(world->dispatch);
    int64_t committed = world_cpu();
    world->slowest_batch = 0;
    settle(world);
    *effort = (struct effort){.batch = committed - began,
                              .after = world_cpu() - committed,
                              .longest = world->slowest_batch,
                              .reader = cpu_of_thread(world->reader_tid) - reader};
    return world->acknowledged == 1;
}

int world_wait_until(struct world *world, int64_t at, struct effort *effort, int64_t *longest)
{
    server_forget(world->server);
    int64_t entries = store_log_end(world->eye);
    clock_set_offset_ms(clock_offset_ms() + at - clock_now_ms());
    int64_t began = world_cpu();
    world->slowest_batch = 0;
    dispatch_clock_moved(world->dispatch);
    settle(world);
    *effort = (struct effort){.batch = world_cpu() - began};
    *longest = world->slowest_batch;
    return (int)(store_log_end(world->eye) - entries);
}

char *world_heard(struct world *world)
{
    return server_heard(world->server);
}
