#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

void apply_tally(struct store *store, int64_t channel, const char *name, int64_t by)
{
    if (by == 0)
        return;
    sql_run(store,
            "INSERT INTO tally (channel, name, value) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (channel, name) DO UPDATE SET value = value + ?3",
            "iti", channel, name, by);
}

/* What an ask counts for, seen before and after each entry about it. */
struct standing {
    int64_t channel;
    char *state;
    bool started;
    bool why_from_asker; /* started, and its asker said why, or confirmed what another said */
    bool working;        /* being worked on now, and for what: */
    int64_t goal, metric;
};

static struct standing standing_of(struct store *store, int64_t ask)
{
    struct standing standing = {0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT channel, state, started_at IS NOT NULL,"
                                  " started_at IS NOT NULL AND why_known = 1 AND (why_by = asker OR why_confirmed = 1), state = 'started', goal, metric"
                                  " FROM ask LEFT JOIN ask_aim ON ask_aim.ask = number"
                                  " LEFT JOIN ask_detail ON ask_detail.ask = number WHERE number = ?1",
                                  "i", ask);
    if (sql_step(store, row)) {
        standing.channel = sqlite3_column_int64(row, 0);
        standing.state = sql_column(row, 1);
        standing.started = sqlite3_column_int(row, 2) != 0;
        standing.why_from_asker = sqlite3_column_int(row, 3) != 0;
        standing.working = sqlite3_column_int(row, 4) != 0;
        standing.goal = sqlite3_column_int64(row, 5);
        standing.metric = sqlite3_column_int64(row, 6);
        sql_end(row);
    }
    return standing;
}

/* What work in progress serves: counters by goal, by metric, and of what serves none. */
static void count_serving(struct store *store, int64_t channel, const struct standing *standing, int64_t by)
{
    if (!standing->working)
        return;
    g_autofree char *goal = g_strdup_printf("serves.goal.%" G_GINT64_FORMAT, standing->goal);
    g_autofree char *metric = g_strdup_printf("serves.metric.%" G_GINT64_FORMAT, standing->metric);
    apply_tally(store, channel, "serves.all", by);
    if (standing->goal != 0)
        apply_tally(store, channel, goal, by);
    if (standing->metric != 0)
        apply_tally(store, channel, metric, by);
    if (standing->goal == 0 && standing->metric == 0)
        apply_tally(store, channel, "serves.none", by);
}

static void count_change(struct store *store, const struct standing *before, const struct standing *after)
{
    if (after->state == NULL)
        return;
    if (g_strcmp0(before->state, after->state) != 0) {
        g_autofree char *now = g_strconcat("in.", after->state, NULL);
        g_autofree char *ever = g_strconcat("to.", after->state, NULL);
        apply_tally(store, after->channel, now, 1);
        apply_tally(store, after->channel, ever, 1);
        if (g_strcmp0(before->state, "paused") == 0 && strcmp(after->state, "started") == 0)
            apply_tally(store, after->channel, "resumed", 1);
        if (before->state != NULL) {
            g_autofree char *was = g_strconcat("in.", before->state, NULL);
            apply_tally(store, after->channel, was, -1);
        }
    }
    if (before->working != after->working || before->goal != after->goal || before->metric != after->metric) {
        count_serving(store, after->channel, before, -1);
        count_serving(store, after->channel, after, 1);
    }
    apply_tally(store, after->channel, "started", (int64_t)after->started - before->started);
    apply_tally(store, after->channel, "started_with_why", (int64_t)after->why_from_asker - before->why_from_asker);
}

/* Indexes hold whether an ask is open: they are touched only when that changes. */
static void move_ask(struct store *store, const struct log_entry *entry, const char *before)
{
    sql_run(store, "UPDATE ask SET state = ?2, state_at = ?3 WHERE number = ?1 AND state <> ?2", "iti", entry->ask,
            entry->state, entry->at);
    if (store_state_is_open(entry->state) != store_state_is_open(before))
        sql_run(store, "UPDATE ask SET open = ?2 WHERE number = ?1", "id", entry->ask, store_state_is_open(entry->state));
}

static const struct applier *find_applier(const char *kind)
{
    static const struct applier *const tables[] = {ask_appliers,     detail_appliers,  life_appliers,
                                                   question_appliers, setting_appliers, trade_appliers,
                                                   outcome_appliers,  aim_appliers,     retention_appliers};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const struct applier *applier = tables[i]; applier->kind != NULL; applier++) {
            if (strcmp(applier->kind, kind) == 0)
                return applier;
        }
    }
    return NULL;
}

bool store_knows_kind(const char *kind)
{
    return find_applier(kind) != NULL;
}

void store_apply(struct store *store, int64_t id, const struct log_entry *entry, const void *data)
{
    struct entry e = {.store = store, .id = id, .log = entry, .data = data};
    const struct applier *applier = find_applier(entry->kind);
    if (applier == NULL)
        g_error("log entry of unknown kind %s", entry->kind);
    bool raises = applier->flags & APPLY_RAISES;
    bool moves = entry->ask != 0 && entry->state != NULL && !raises;
    bool counts = moves || (entry->ask != 0 && applier->flags & APPLY_COUNTS);
    struct standing before = {0}, after = {0};
    if (counts)
        before = standing_of(store, entry->ask);
    applier->apply(&e);
    if (moves) {
        move_ask(store, entry, before.state);
        apply_trade_move(&e, before.state);
        if (g_strcmp0(before.state, entry->state) != 0)
            apply_turn(&e, true);
    }
    if (entry->ask != 0 && !raises)
        apply_erasable(&e);
    if (counts)
        after = standing_of(store, entry->ask);
    else if (raises)
        after = (struct standing){.channel = entry->channel, .state = g_strdup(entry->state)};
    count_change(store, &before, &after);
    g_free(before.state);
    g_free(after.state);
}
