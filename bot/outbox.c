#include "bot/outbox.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/pace.h"

#include <string.h>

enum {
    IN_FLIGHT_MAX = 64,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 60 * 1000,
    STOPPED_RETRY_MS = 60 * 1000,
    /* A message just written may not be readable yet: look twice, so far apart. */
    SEARCH_AGAIN_MS = 5000,
    FRESH_MS = 30 * 1000,
};

enum step { STEP_OPEN_DM, STEP_SEARCH, STEP_SEND };

struct item {
    struct outbox_row row;
    enum step step;
    int searches;  /* still to be made before it may be sent again */
    int64_t ready; /* monotonic milliseconds */
    char *cursor;
    char *dm; /* the direct channel just opened */
    bool settling; /* told to the dispatcher, not committed yet */
};

/* The rows of one thread. */
struct lane {
    struct outbox *outbox;
    char *key;
    GQueue items;
    bool in_flight, stalled, listed;
};

/* One request under way, and what it was made of. */
struct flight {
    struct outbox *outbox;
    struct lane *lane;
    struct item *item;
    enum step step;
    char *channel, *thread, *message, *user;
    struct message *content;
    struct form *form;
    struct outgoing out;
};

struct outbox {
    struct loop *loop;
    struct rest *rest;
    struct store *store;
    struct outbox_host host;
    GPtrArray *platforms;
    GHashTable *lanes;  /* key → lane */
    GHashTable *rows;   /* row id → lane */
    GQueue ready;       /* lanes whose head may go */
    GHashTable *roots;   /* channel → how many posts that begin a thread are not placed */
    GHashTable *flights; /* requests under way */
    struct pace *pace;
    struct loop_timer *timer;
    int64_t last_loaded;
};

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

void outbox_mark_done(struct outbox_mark *mark)
{
    g_free(mark->message);
    g_free(mark->channel);
    g_free(mark->why);
}

static void item_free(struct item *item)
{
    outbox_row_done(&item->row);
    g_free(item->cursor);
    g_free(item->dm);
    g_free(item);
}

static void lane_free(gpointer data)
{
    struct lane *lane = data;
    struct item *item;
    while ((item = g_queue_pop_head(&lane->items)) != NULL)
        item_free(item);
    g_free(lane->key);
    g_free(lane);
}

static void timer_fired(void *data)
{
    outbox_pump(data);
}

struct outbox *outbox_new(struct loop *loop, struct rest *rest, struct store *store, const struct outbox_host *host)
{
    struct outbox *outbox = g_new0(struct outbox, 1);
    outbox->loop = loop;
    outbox->rest = rest;
    outbox->store = store;
    outbox->host = *host;
    outbox->platforms = g_ptr_array_new();
    outbox->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, lane_free);
    outbox->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    outbox->roots = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    outbox->flights = g_hash_table_new(g_direct_hash, g_direct_equal);
    outbox->pace = pace_new();
    outbox->timer = loop_timer_new(loop, timer_fired, outbox);
    return outbox;
}

static void flight_free(struct flight *flight);

void outbox_free(struct outbox *outbox)
{
    if (outbox == NULL)
        return;
    GHashTableIter iter;
    gpointer flight;
    g_hash_table_iter_init(&iter, outbox->flights);
    while (g_hash_table_iter_next(&iter, &flight, NULL)) {
        rest_forget(outbox->rest, flight);
        flight_free(flight);
    }
    g_hash_table_destroy(outbox->flights);
    g_hash_table_destroy(outbox->roots);
    loop_timer_free(outbox->timer);
    g_queue_clear(&outbox->ready);
    g_hash_table_destroy(outbox->rows);
    g_hash_table_destroy(outbox->lanes);
    g_ptr_array_free(outbox->platforms, TRUE);
    pace_free(outbox->pace);
    g_free(outbox);
}

void outbox_add_platform(struct outbox *outbox, struct platform *platform)
{
    g_ptr_array_add(outbox->platforms, platform);
}

static struct platform *platform_of(struct outbox *outbox, const struct outbox_row *row)
{
    for (guint i = 0; i < outbox->platforms->len; i++) {
        struct platform *platform = g_ptr_array_index(outbox->platforms, i);
        if (strcmp(platform->name, row->platform) == 0)
            return platform;
    }
    return NULL;
}

static char *lane_key(const struct outbox_row *row)
{
    if (row->kind == OUT_POST && row->person != 0)
        return g_strdup_printf("dm:%" G_GINT64_FORMAT, row->person);
    if (row->thread != 0)
        return g_strdup_printf("thread:%" G_GINT64_FORMAT, row->thread);
    if (row->post != 0)
        return g_strdup_printf("thread:%" G_GINT64_FORMAT, row->post);
    return g_strdup_printf("row:%" G_GINT64_FORMAT, row->id);
}

static bool sends_twice_harmlessly(int kind)
{
    return kind == OUT_UPDATE || kind == OUT_REACTION || kind == OUT_HOME || kind == OUT_OPEN_DM || kind == OUT_JOIN;
}

static void list_lane(struct lane *lane)
{
    if (lane->listed || lane->in_flight || lane->stalled || g_queue_is_empty(&lane->items))
        return;
    lane->listed = true;
    g_queue_push_tail(&lane->outbox->ready, lane);
}

static void tell(struct outbox *outbox, struct item *item, struct outbox_mark mark)
{
    item->settling = true;
    mark.row = item->row.id;
    mark.about = &item->row;
    outbox->host.mark(&mark, outbox->host.data);
}

/* A post drawn when it is sent shows the newest state: one that has not left yet makes another needless. */
static bool is_redundant(const struct lane *lane, const struct outbox_row *row)
{
    if (row->content != NULL || row->kind != OUT_UPDATE)
        return false;
    for (const GList *at = lane->items.head; at != NULL; at = at->next) {
        const struct item *item = at->data;
        bool left = (at == lane->items.head && lane->in_flight) || item->settling;
        if (!left && item->row.post == row->post && item->row.content == NULL && item->step == STEP_SEND)
            return true;
    }
    return false;
}

static void count_root(struct outbox *outbox, const struct outbox_row *row, int by)
{
    if (row->kind != OUT_POST || row->post == 0 || row->thread != 0)
        return;
    int count = GPOINTER_TO_INT(g_hash_table_lookup(outbox->roots, &row->channel)) + by;
    if (count > 0)
        g_hash_table_replace(outbox->roots, g_memdup2(&row->channel, sizeof row->channel), GINT_TO_POINTER(count));
    else
        g_hash_table_remove(outbox->roots, &row->channel);
}

static gint by_row(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    int64_t left = ((const struct item *)a)->row.id, right = ((const struct item *)b)->row.id;
    return left < right ? -1 : left > right;
}

static void take_row(struct outbox *outbox, struct outbox_row *row, bool first)
{
    if (g_hash_table_contains(outbox->rows, &row->id)) {
        outbox_row_done(row);
        return;
    }
    g_autofree char *key = lane_key(row);
    struct lane *lane = g_hash_table_lookup(outbox->lanes, key);
    if (lane == NULL) {
        lane = g_new0(struct lane, 1);
        lane->outbox = outbox;
        lane->key = g_steal_pointer(&key);
        g_hash_table_insert(outbox->lanes, lane->key, lane);
    }
    bool redundant = is_redundant(lane, row);
    struct item *item = g_new0(struct item, 1);
    item->row = *row;
    item->step = STEP_SEND;
    g_queue_insert_sorted(&lane->items, item, by_row, NULL);
    count_root(outbox, &item->row, 1);
    g_hash_table_insert(outbox->rows, g_memdup2(&item->row.id, sizeof item->row.id), lane);
    if (redundant) {
        tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
        return;
    }
    if (first && !sends_twice_harmlessly(row->kind)) {
        if (row->kind == OUT_POST) {
            item->step = STEP_SEARCH;
            item->searches = clock_now_ms() - row->made_at < FRESH_MS ? 2 : 1;
        } else {
            /* Private and fleeting: sent at most once, and perhaps it was. */
            tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
            return;
        }
    }
    list_lane(lane);
}

void outbox_load(struct outbox *outbox, bool first)
{
    g_autoptr(GArray) rows = store_outbox(outbox->store, outbox->last_loaded);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        outbox->last_loaded = row->id;
        take_row(outbox, row, first);
    }
}

void outbox_reload(struct outbox *outbox)
{
    GHashTableIter iter;
    gpointer lane;
    g_hash_table_iter_init(&iter, outbox->lanes);
    while (g_hash_table_iter_next(&iter, NULL, &lane))
        ((struct lane *)lane)->stalled = false;
    g_autoptr(GArray) rows = store_outbox(outbox->store, 0);
    for (guint i = 0; i < rows->len; i++)
        take_row(outbox, &g_array_index(rows, struct outbox_row, i), false);
    g_hash_table_iter_init(&iter, outbox->lanes);
    while (g_hash_table_iter_next(&iter, NULL, &lane))
        list_lane(lane);
}

void outbox_settled(struct outbox *outbox, int64_t row)
{
    struct lane *lane = g_hash_table_lookup(outbox->rows, &row);
    if (lane == NULL)
        return;
    g_hash_table_remove(outbox->rows, &row);
    for (GList *at = lane->items.head; at != NULL; at = at->next) {
        struct item *item = at->data;
        if (item->row.id == row) {
            if (at == lane->items.head)
                lane->in_flight = false;
            g_queue_delete_link(&lane->items, at);
            count_root(outbox, &item->row, -1);
            item_free(item);
            break;
        }
    }
    if (g_queue_is_empty(&lane->items) && !lane->listed)
        g_hash_table_remove(outbox->lanes, lane->key);
    else
        list_lane(lane);
}

/* ---- one request ---- */

static void flight_free(struct flight *flight)
{
    g_free(flight->channel);
    g_free(flight->thread);
    g_free(flight->message);
    g_free(flight->user);
    message_free(flight->content);
    form_free(flight->form);
    g_free(flight);
}

static int64_t backoff(struct item *item)
{
    int64_t wait = (int64_t)BACKOFF_FIRST_MS << MIN(item->row.attempts, 6);
    item->row.attempts++;
    wait = MIN(wait, BACKOFF_MAX_MS);
    return wait / 2 + g_random_int_range(0, (gint32)(wait / 2) + 1);
}

static void again_in(struct lane *lane, struct item *item, int64_t ms)
{
    item->ready = now_ms() + ms;
    lane->in_flight = false;
    list_lane(lane);
}

static void give_up(struct outbox *outbox, struct lane *lane, struct item *item, const char *why)
{
    bool keeps = item->row.kind == OUT_POST || item->row.kind == OUT_UPDATE;
    log_warning("outbox.failed", "row=%" G_GINT64_FORMAT " kind=%d kept=%d why=%s", item->row.id, item->row.kind, keeps,
                why != NULL ? why : "");
    /* Its thread has no root then: what belongs behind it waits for it. */
    if (item->row.kind == OUT_POST && item->row.post != 0 && item->row.thread == 0)
        lane->stalled = true;
    tell(outbox, item, (struct outbox_mark){.what = keeps ? MARK_PARKED : MARK_DROPPED, .why = g_strdup(why)});
}

static void after_search(struct flight *flight, struct verdict *verdict)
{
    struct item *item = flight->item;
    if (verdict->kind == VERDICT_SENT) {
        tell(flight->outbox, item,
             (struct outbox_mark){.what = MARK_SENT, .message = g_steal_pointer(&verdict->message)});
        return;
    }
    if (verdict->kind == VERDICT_MORE) {
        g_free(item->cursor);
        item->cursor = g_steal_pointer(&verdict->cursor);
        again_in(flight->lane, item, 0);
        return;
    }
    g_clear_pointer(&item->cursor, g_free);
    if (verdict->kind == VERDICT_ABSENT) {
        if (--item->searches <= 0)
            item->step = STEP_SEND;
        again_in(flight->lane, item, item->searches > 0 ? SEARCH_AGAIN_MS : 0);
    } else if (verdict->kind == VERDICT_FAILED) {
        give_up(flight->outbox, flight->lane, item, verdict->why);
    } else {
        again_in(flight->lane, item, verdict->retry_after_ms > 0 ? verdict->retry_after_ms : backoff(item));
    }
}

static void after_send(struct flight *flight, struct verdict *verdict)
{
    struct item *item = flight->item;
    switch (verdict->kind) {
    case VERDICT_SENT:
        if (flight->step == STEP_OPEN_DM) {
            g_free(item->dm);
            item->dm = g_steal_pointer(&verdict->channel);
            item->step = STEP_SEND;
            again_in(flight->lane, item, 0);
        } else {
            tell(flight->outbox, item,
                 (struct outbox_mark){.what = MARK_SENT,
                                      .message = g_steal_pointer(&verdict->message),
                                      .channel = g_steal_pointer(&verdict->channel)});
        }
        break;
    case VERDICT_UNKNOWN:
        if (flight->step == STEP_SEND && item->row.kind == OUT_POST) {
            item->step = STEP_SEARCH;
            item->searches = 2;
        }
        if (flight->step == STEP_SEND && !sends_twice_harmlessly(item->row.kind) && item->row.kind != OUT_POST)
            give_up(flight->outbox, flight->lane, item, verdict->why);
        else
            again_in(flight->lane, item, backoff(item));
        break;
    case VERDICT_STOPPED:
        log_error("outbox.stopped", "why=%s", verdict->why != NULL ? verdict->why : "");
        again_in(flight->lane, item, STOPPED_RETRY_MS);
        break;
    case VERDICT_FAILED:
        give_up(flight->outbox, flight->lane, item, verdict->why);
        break;
    case VERDICT_RETRY:
    case VERDICT_ABSENT:
    case VERDICT_MORE:
        again_in(flight->lane, item, verdict->retry_after_ms > 0 ? verdict->retry_after_ms : backoff(item));
        break;
    }
}

static void answered(const struct rest_response *response, void *data)
{
    struct flight *flight = data;
    struct outbox *outbox = flight->outbox;
    const struct codec *codec = platform_of(outbox, &flight->item->row)->codec;
    struct verdict verdict = {0};
    g_hash_table_remove(outbox->flights, flight);
    if (flight->step == STEP_SEARCH)
        codec->decode_search(codec, &flight->out, response, &verdict);
    else
        codec->decode(codec, &flight->out, response, &verdict);
    if (response->outcome == REST_ANSWERED && response->status == 429)
        pace_hold(outbox->pace, codec, &flight->out, verdict.retry_after_ms, now_ms());
    if (flight->step == STEP_SEARCH)
        after_search(flight, &verdict);
    else
        after_send(flight, &verdict);
    verdict_done(&verdict);
    flight_free(flight);
    outbox_pump(outbox);
}

/* The concrete outgoing of a row; false when it cannot be made now. */
static bool make_concrete(struct flight *flight)
{
    struct outbox *outbox = flight->outbox;
    const struct outbox_row *row = &flight->item->row;
    struct channel channel;
    if (row->channel != 0 && store_get_channel(outbox->store, row->channel, &channel)) {
        flight->channel = g_strdup(channel.channel);
        channel_done(&channel);
    }
    struct person person;
    if (row->person != 0 && store_get_person(outbox->store, row->person, &person)) {
        flight->user = g_strdup(person.user);
        if (row->kind == OUT_POST && flight->channel == NULL) {
            flight->channel = g_strdup(flight->item->dm != NULL ? flight->item->dm : person.dm);
            if (flight->channel == NULL)
                flight->step = flight->item->step = STEP_OPEN_DM;
        }
        person_done(&person);
    }
    flight->thread = g_strdup(row->root);
    flight->message = g_strdup(row->message);
    struct post post;
    if (row->thread != 0 && store_get_post(outbox->store, row->thread, &post)) {
        g_free(flight->thread);
        flight->thread = g_strdup(post.message);
        post_done(&post);
        if (flight->thread == NULL)
            return false;
    }
    if (row->post != 0 && store_get_post(outbox->store, row->post, &post)) {
        if (row->kind == OUT_UPDATE)
            flight->message = g_strdup(post.message);
        if (row->content == NULL)
            flight->content = outbox->host.draw(&post, outbox->host.data);
        bool lacks = row->kind == OUT_UPDATE && flight->message == NULL;
        post_done(&post);
        if (lacks)
            return false;
    }
    if (row->content != NULL) {
        g_autoptr(cJSON) content = json_parse(row->content, strlen(row->content), NULL);
        if (row->kind == OUT_FORM)
            flight->form = form_from_json(content);
        else
            flight->content = message_from_json(content);
    }
    flight->out = (struct outgoing){
        .kind = flight->step == STEP_OPEN_DM ? OUT_OPEN_DM : (enum outgoing_kind)row->kind,
        .op = row->op,
        .channel = flight->channel,
        .thread = flight->thread,
        .message = flight->message,
        .user = flight->user,
        .url = row->url,
        .trigger = row->trigger,
        .emoji = row->emoji,
        .content = flight->content,
        .form = flight->form,
        .since_ms = row->made_at,
    };
    return true;
}

/* Sends the head of a lane, or says in how many milliseconds it may go; -1: gone or stalled. */
static int64_t try_lane(struct outbox *outbox, struct lane *lane)
{
    struct item *item = g_queue_peek_head(&lane->items);
    if (item == NULL || item->settling || lane->in_flight || lane->stalled)
        return -1;
    int64_t now = now_ms();
    if (item->ready > now)
        return item->ready - now;
    struct platform *platform = platform_of(outbox, &item->row);
    if (platform == NULL) {
        lane->stalled = true;
        return -1;
    }
    struct flight *flight = g_new0(struct flight, 1);
    flight->outbox = outbox;
    flight->lane = lane;
    flight->item = item;
    flight->step = item->step;
    if (!make_concrete(flight)) {
        /* Its thread's root is parked: it waits until that one goes. */
        lane->stalled = true;
        flight_free(flight);
        return -1;
    }
    const struct codec *codec = platform->codec;
    int64_t wait = flight->step == STEP_SEARCH ? 0 : pace_take(outbox->pace, codec, &flight->out, now);
    if (wait > 0) {
        flight_free(flight);
        return wait;
    }
    struct rest_request request = {0};
    bool made = flight->step == STEP_SEARCH
                    ? codec->encode_search(codec, &flight->out, item->cursor, &request)
                    : codec->encode(codec, &flight->out, &request);
    lane->in_flight = true;
    if (!made) {
        if (flight->step == STEP_SEARCH) {
            item->step = STEP_SEND;
            again_in(lane, item, 0);
        } else {
            give_up(outbox, lane, item, "there is nothing to send for it on this platform");
        }
        flight_free(flight);
        rest_request_done(&request);
        return -1;
    }
    g_hash_table_add(outbox->flights, flight);
    log_debug("outbox.send", "row=%" G_GINT64_FORMAT " kind=%d step=%d", item->row.id, item->row.kind, (int)flight->step);
    rest_send(outbox->rest, &request, answered, flight);
    rest_request_done(&request);
    return -1;
}

void outbox_pump(struct outbox *outbox)
{
    int64_t soonest = -1;
    guint lanes = g_queue_get_length(&outbox->ready);
    while (lanes-- > 0 && g_hash_table_size(outbox->flights) < IN_FLIGHT_MAX) {
        struct lane *lane = g_queue_pop_head(&outbox->ready);
        lane->listed = false;
        if (g_queue_is_empty(&lane->items)) {
            g_hash_table_remove(outbox->lanes, lane->key);
            continue;
        }
        int64_t wait = try_lane(outbox, lane);
        if (wait >= 0) {
            list_lane(lane);
            if (soonest < 0 || wait < soonest)
                soonest = wait;
        }
    }
    if (soonest >= 0)
        loop_timer_set_ms(outbox->timer, soonest);
}

bool outbox_expects_root(const struct outbox *outbox, const char *platform, const char *channel)
{
    if (g_hash_table_size(outbox->roots) == 0)
        return false;
    int64_t id = store_find_channel(outbox->store, platform, channel);
    return g_hash_table_contains(outbox->roots, &id);
}

bool outbox_idle(const struct outbox *outbox)
{
    return g_hash_table_size(outbox->flights) == 0 && g_queue_is_empty((GQueue *)&outbox->ready);
}

int outbox_waiting(const struct outbox *outbox)
{
    return (int)g_hash_table_size(outbox->rows);
}
