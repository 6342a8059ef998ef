/* A bot without a network: what Slack delivers is decoded and dispatched for real, what the sender would post stands in
 * the chat at once, and the clock is the test's. */
#ifndef ASKWHY_TEST_WORKDAY_H
#define ASKWHY_TEST_WORKDAY_H

#include "chat.h"
#include "envelopes.h"

#include "bot/dispatch.h"
#include "bot/slack/slack.h"
#include "commands/say.h"
#include "store/log.h"

#include <stdlib.h>

enum { TIMES = 4, SPREAD_MS = 10 * 60 * 1000, SOCKETS = 3, PEOPLE = 5, LIVES_MAX = 7, STEPS_MAX = 7, EDITS_MAX = 2 };

static char *functions[] = {"sales", "product", NULL};
/* Those behind the first five come and go, each in a life of their own. */
static const char *const people[PEOPLE + LIVES_MAX] = {"UDANA", "USAM", "UMIA", "UCEO", "UJUN",
                                                       "UGO0",  "UGO1", "UGO2", "UGO3", "UGO4", "UGO5", "UGO6"};
/* The last but one takes asks with an answer that was deleted, into the last one askwhy is invited. */
static const char *const channels[] = {"CPRODUCT", "GDEALS", "CDELETED", "CINVITED"};
enum { OPEN, CLOSED, DELETED_ONES, INVITED };

struct world {
    char *dir, *path;
    struct store *store;
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct dispatch *dispatch;
    struct platform platform;
    struct settings settings;
    GRand *rand; /* NULL: everything once, in order */
    GPtrArray *kept; /* everything that was sent */
    GHashTable *shown; /* row → its copy: told of once, gone when it is settled */
    GHashTable *reactions; /* message → how many */
    GHashTable *waiting; /* envelope ids not acknowledged yet → the socket */
    int made, envelopes, placed, late;
};

static struct world *world;

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform, (void)answer;
    assert_false(store_in_transaction(world->store));
    int socket = GPOINTER_TO_INT(g_hash_table_lookup(world->waiting, event->envelope));
    if (!g_hash_table_remove(world->waiting, event->envelope))
        fail_msg("%s was acknowledged twice, or never sent", event->envelope);
    assert_int_equal(event->connection, socket);
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

static struct message *draw(const struct post *post, void *data)
{
    (void)post, (void)data;
    return NULL;
}

static void know(struct world *w)
{
    store_begin(w->store);
    for (gsize i = 0; i <= G_N_ELEMENTS(people); i++) {
        const char *user = i < G_N_ELEMENTS(people) ? people[i] : "UINVITER";
        struct profile profile = {.name = (char *)user, .zone = (char *)"Europe/Tallinn"};
        store_set_profile(w->store, store_person(w->store, "slack", "T0", user, NULL), &profile, clock_now_ms());
    }
    for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
        enum channel_kind kind = i == CLOSED ? CHANNEL_PRIVATE : CHANNEL_PUBLIC;
        int64_t channel = store_channel(w->store, "slack", "T0", channels[i], channels[i], kind);
        store_set_channel(w->store, channel, channels[i], kind, clock_now_ms());
        store_set_member(w->store, channel, i != INVITED);
    }
    assert_true(store_commit(w->store));
}

static void row_free(void *data)
{
    outbox_row_done(data);
    g_free(data);
}

static struct world *world_new(guint32 seed, bool shuffled)
{
    struct world *w = world = g_new0(struct world, 1);
    g_autoptr(GError) error = NULL;
    story_ms = 0;
    w->dir = g_dir_make_tmp("askwhy-redelivery-XXXXXX", NULL);
    w->path = g_build_filename(w->dir, "askwhy.db", NULL);
    w->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours, .outcome_days = 90};
    w->store = store_open(w->path, STORE_WRITE, &error);
    w->loop = loop_new(NULL, &error);
    w->rest = rest_new(w->loop, NULL, &error);
    assert_null(error);
    sqlite3_exec(w->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = w};
    w->outbox = outbox_new(w->loop, w->rest, w->store, &host);
    w->dispatch = dispatch_new();
    struct dispatch_parts parts = {.store = w->store, .settings = &w->settings, .outbox = w->outbox, .loop = w->loop};
    dispatch_connect(w->dispatch, &parts);
    w->platform = (struct platform){.name = "slack",
                                    .acknowledge = acknowledge,
                                    .look_up_person = look_up,
                                    .look_up_channel = look_up,
                                    .backfill = backfill};
    dispatch_add_platform(w->dispatch, &w->platform);
    w->rand = shuffled ? g_rand_new_with_seed(seed) : NULL;
    w->kept = g_ptr_array_new_with_free_func(envelope_free);
    w->shown = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, row_free);
    w->reactions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    w->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    know(w);
    return w;
}

static void world_free(struct world *w)
{
    outbox_free(w->outbox);
    rest_free(w->rest);
    dispatch_free(w->dispatch);
    loop_free(w->loop);
    store_close(w->store);
    remove_folder(w->dir);
    g_free(w->dir);
    g_free(w->path);
    if (w->rand != NULL)
        g_rand_free(w->rand);
    g_ptr_array_free(w->kept, TRUE);
    g_hash_table_destroy(w->shown);
    g_hash_table_destroy(w->reactions);
    g_hash_table_destroy(w->waiting);
    g_free(w);
}

static char *new_ts(struct world *w)
{
    return g_strdup_printf("%010d.%06d", (int)(clock_now_ms() / 1000), ++w->made);
}

/* What the sender would have sent stands in the chat; now and then it is told of a little later. False: nothing new. */
static bool show(struct world *w)
{
    dispatch_batch(w->dispatch);
    g_autoptr(GArray) rows = store_outbox(w->store, 0);
    g_array_set_clear_func(rows, (GDestroyNotify)outbox_row_done);
    bool late = w->rand != NULL && w->late++ % 8 < 2;
    bool any = false;
    for (guint i = 0; i < rows->len && !late; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        if (g_hash_table_contains(w->shown, &row->id))
            continue;
        any = true;
        if (row->kind == OUT_REACTION) {
            int count = GPOINTER_TO_INT(g_hash_table_lookup(w->reactions, row->message));
            g_hash_table_replace(w->reactions, g_strdup(row->message), GINT_TO_POINTER(count + 1));
        }
        struct outbox_row *about = g_memdup2(row, sizeof *row);
        *row = (struct outbox_row){0};
        g_hash_table_insert(w->shown, g_memdup2(&about->id, sizeof about->id), about);
        struct outbox_mark mark = {.row = about->id, .about = about, .what = MARK_SENT};
        if (about->kind == OUT_POST)
            mark.message = new_ts(w);
        dispatch_mark(w->dispatch, &mark);
    }
    if (!any)
        return late && rows->len > 0;
    /* In the loop a timer would say that the marks have waited long enough. */
    dispatch_clock_moved(w->dispatch);
    dispatch_batch(w->dispatch);
    return true;
}

static void settle(struct world *w)
{
    while (show(w))
        ;
}

static void deliver(struct world *w, const struct envelope *envelope, int attempt)
{
    static const struct slack_self self = {.user = OUR_USER, .bot = "B0ASKWHY", .app = "A0"};
    int socket = w->rand != NULL ? g_rand_int_range(w->rand, 1, SOCKETS + 1) : 1;
    g_autofree char *id = g_strdup_printf("envelope-%d", ++w->envelopes);
    g_autofree char *retry = !envelope->event ? g_strdup("")
                                              : g_strdup_printf("\"retry_attempt\":%d,\"retry_reason\":\"%s\",", attempt,
                                                                attempt > 0 ? "timeout" : "");
    g_autofree char *text = g_strdup_printf("{\"envelope_id\":\"%s\",\"type\":\"%s\",\"accepts_response_payload\":%s,%s"
                                            "\"payload\":%s}",
                                            id, envelope->type, envelope->accepts_reply ? "true" : "false", retry,
                                            envelope->payload);
    struct slack_frame frame;
    slack_decode(text, strlen(text), &self, &frame);
    if (frame.kind != SLACK_ENVELOPE)
        fail_msg("%s: %s", frame.reason, text);
    frame.event->connection = (uint64_t)socket;
    g_hash_table_insert(w->waiting, g_strdup(id), GINT_TO_POINTER(socket));
    dispatch_event(w->dispatch, &w->platform, g_steal_pointer(&frame.event));
    slack_frame_done(&frame);
}

#endif
