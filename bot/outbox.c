#include "bot/outbox_internal.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    IN_FLIGHT_MAX = 32, /* as many as there are connections */
    FRESH_MS = 30 * 1000,
    LOADED_MAX = 512, /* rows in memory, unless all of them wait for something */
    LOADED_MORE = 64,
    READ_AGAIN_MS = 1000, /* what could not be read */
};

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
    g_free(item->file_id);
    g_free(item->upload_url);
    chat_file_free(item->file);
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
    ((struct outbox *)data)->wanted = true;
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

void outbox_free(struct outbox *outbox)
{
    if (outbox == NULL)
        return;
    GHashTableIter iter;
    gpointer flight;
    g_hash_table_iter_init(&iter, outbox->flights);
    while (g_hash_table_iter_next(&iter, &flight, NULL)) {
        flight_forget(flight);
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

struct platform *outbox_platform(struct outbox *outbox, const struct outbox_row *row)
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
    if (row->kind == OUT_FILE)
        return g_strdup_printf("file:%" G_GINT64_FORMAT, row->person);
    if (row->kind == OUT_POST && row->person != 0)
        return g_strdup_printf("dm:%" G_GINT64_FORMAT, row->person);
    if (row->thread != 0)
        return g_strdup_printf("thread:%" G_GINT64_FORMAT, row->thread);
    if (row->post != 0)
        return g_strdup_printf("thread:%" G_GINT64_FORMAT, row->post);
    return g_strdup_printf("row:%" G_GINT64_FORMAT, row->id);
}

bool sends_twice_harmlessly(int kind)
{
    return kind == OUT_UPDATE || kind == OUT_REACTION || kind == OUT_HOME || kind == OUT_OPEN_DM || kind == OUT_JOIN;
}

void lane_list(struct lane *lane)
{
    if (lane->listed || lane->in_flight || lane->stalled || g_queue_is_empty(&lane->items))
        return;
    lane->listed = true;
    lane->outbox->wanted = true;
    g_queue_push_tail(&lane->outbox->ready, lane);
}

void outbox_tell(struct outbox *outbox, struct item *item, struct outbox_mark mark)
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
        if (!item->under_way && !item->settling && item->row.post == row->post && item->row.content == NULL &&
            item->step == STEP_SEND)
            return true;
    }
    return false;
}

static bool is_root(const struct outbox_row *row)
{
    return row->kind == OUT_POST && row->post != 0 && row->thread == 0 && row->person == 0;
}

static void count_root(struct outbox *outbox, const struct outbox_row *row, int by)
{
    if (!is_root(row))
        return;
    int count = GPOINTER_TO_INT(g_hash_table_lookup(outbox->roots, &row->channel)) + by;
    if (count > 0)
        g_hash_table_replace(outbox->roots, g_memdup2(&row->channel, sizeof row->channel), GINT_TO_POINTER(count));
    else
        g_hash_table_remove(outbox->roots, &row->channel);
}

/* Joining the channel goes before all that is said there, and a thread's first post, which may be a second one in its
 * place, before what is said in the thread. */
static int turn(const struct outbox_row *row)
{
    return row->kind == OUT_JOIN ? 0 : is_root(row) ? 1 : 2;
}

static gint by_turn(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    const struct outbox_row *left = &((const struct item *)a)->row, *right = &((const struct item *)b)->row;
    if (turn(left) != turn(right))
        return turn(left) - turn(right);
    return left->id < right->id ? -1 : left->id > right->id;
}

enum origin {
    ROW_NEW,
    ROW_EARLIER,  /* of an earlier process, which may have sent it */
    ROW_UNPARKED, /* may have been sent too: perhaps it was parked because it could not be looked for */
};

static void take_row(struct outbox *outbox, struct outbox_row *row, enum origin origin)
{
    if (g_hash_table_contains(outbox->rows, &row->id)) {
        outbox_row_done(row);
        return;
    }
    const struct platform *platform = row->kind == OUT_EPHEMERAL ? outbox_platform(outbox, row) : NULL;
    if (platform != NULL && platform->private_by_dm) {
        row->kind = OUT_POST;
        row->channel = 0;
        g_clear_pointer(&row->root, g_free);
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
    g_queue_insert_sorted(&lane->items, item, by_turn, NULL);
    count_root(outbox, &item->row, 1);
    if (is_root(&item->row))
        lane->stalled = false; /* what waits in its thread may have been loaded long before it */
    g_hash_table_insert(outbox->rows, g_memdup2(&item->row.id, sizeof item->row.id), lane);
    if (redundant) {
        outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
        return;
    }
    if (origin != ROW_NEW && !sends_twice_harmlessly(row->kind)) {
        bool uploaded = row->kind == OUT_FILE && row->message != NULL;
        if (row->kind == OUT_POST || uploaded) {
            item->step = STEP_SEARCH;
            item->searches = uploaded || (origin == ROW_EARLIER && clock_now_ms() - row->made_at < FRESH_MS) ? 2 : 1;
        } else if (row->kind != OUT_FILE) {
            /* Private and fleeting: sent at most once, and perhaps it was. */
            outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
            return;
        }
    }
    lane_list(lane);
}

static void load(struct outbox *outbox, int most)
{
    g_autoptr(GArray) rows = store_outbox_next(outbox->store, outbox->last_loaded, most);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        outbox->last_loaded = row->id;
        take_row(outbox, row, row->id <= outbox->earlier ? ROW_EARLIER : ROW_NEW);
    }
    outbox->more = (int)rows->len == most || store_failed(outbox->store) != NULL;
}

/* Rows are loaded in their order: those an earlier process had under way, which were among its oldest, come first. */
void outbox_load(struct outbox *outbox, bool first)
{
    if (first || outbox->earlier_unknown) {
        outbox->earlier = store_outbox_newest(outbox->store);
        outbox->earlier_unknown = store_failed(outbox->store) != NULL;
        if (outbox->earlier_unknown)
            return;
    }
    int room = LOADED_MAX - (int)g_hash_table_size(outbox->rows);
    if (room > 0)
        load(outbox, room);
    else
        outbox->more = outbox->wanted = true; /* perhaps all that are loaded are held */
    if (outbox->reload_again)
        outbox_reload(outbox);
}

void outbox_reload(struct outbox *outbox)
{
    outbox->reload_again = false;
    GHashTableIter iter;
    gpointer lane;
    g_hash_table_iter_init(&iter, outbox->lanes);
    while (g_hash_table_iter_next(&iter, NULL, &lane))
        ((struct lane *)lane)->stalled = false;
    outbox_load(outbox, false);
    g_autoptr(GArray) rows = store_outbox(outbox->store, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        if (row->id <= outbox->last_loaded)
            take_row(outbox, row, ROW_UNPARKED);
        else
            outbox_row_done(row); /* its turn comes */
    }
    outbox->reload_again = store_failed(outbox->store) != NULL;
    g_hash_table_iter_init(&iter, outbox->lanes);
    while (g_hash_table_iter_next(&iter, NULL, &lane))
        lane_list(lane);
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
            if (item->under_way)
                lane->in_flight = false;
            g_queue_delete_link(&lane->items, at);
            count_root(outbox, &item->row, -1);
            file_let_go(outbox, item);
            item_free(item);
            break;
        }
    }
    if (g_queue_is_empty(&lane->items) && !lane->listed)
        g_hash_table_remove(outbox->lanes, lane->key);
    else
        lane_list(lane);
}

void outbox_again(struct outbox *outbox, int64_t row)
{
    struct lane *lane = g_hash_table_lookup(outbox->rows, &row);
    for (GList *at = lane != NULL ? lane->items.head : NULL; at != NULL; at = at->next) {
        struct item *item = at->data;
        if (item->row.id != row)
            continue;
        item->settling = item->under_way = lane->in_flight = false;
        item->reopened = true;
        lane_list(lane);
    }
}

/* Every lane that is ready, once. In how many milliseconds the first of those that wait may go; -1: none waits. */
static int64_t try_lanes(struct outbox *outbox)
{
    int64_t soonest = -1;
    guint lanes = g_queue_get_length(&outbox->ready);
    while (lanes-- > 0 && g_hash_table_size(outbox->flights) < IN_FLIGHT_MAX && store_failed(outbox->store) == NULL) {
        struct lane *lane = g_queue_pop_head(&outbox->ready);
        lane->listed = false;
        if (g_queue_is_empty(&lane->items)) {
            g_hash_table_remove(outbox->lanes, lane->key);
            continue;
        }
        int64_t wait = flight_try(outbox, lane);
        if (wait >= 0) { /* not now: that alone makes nobody look again */
            lane->listed = true;
            g_queue_push_tail(&outbox->ready, lane);
            if (soonest < 0 || wait < soonest)
                soonest = wait;
        }
    }
    return soonest;
}

void outbox_pump(struct outbox *outbox)
{
    if (!outbox->wanted)
        return;
    outbox->wanted = false;
    bool reading = store_read_begin(outbox->store);
    int64_t soonest = try_lanes(outbox);
    /* All that are loaded wait, for their channel's pace or for their thread: others need not wait with them. */
    while (outbox->more && g_hash_table_size(outbox->flights) < IN_FLIGHT_MAX && store_failed(outbox->store) == NULL) {
        load(outbox, MAX(LOADED_MORE, (int)g_hash_table_size(outbox->rows) / 4));
        soonest = try_lanes(outbox);
    }
    if (reading)
        store_read_end(outbox->store);
    if (store_failed(outbox->store) != NULL) {
        log_warning("outbox.unread", "again_ms=%d why=%s", (int)READ_AGAIN_MS, store_failed(outbox->store)->message);
        soonest = READ_AGAIN_MS;
    }
    store_forget_error(outbox->store);
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
