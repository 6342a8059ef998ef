/* What gave way to what: the ledger, the time asks were worked on, and who waits behind whom. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"
#include "store/trades.h"

#include <string.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WEEK_MS (7 * DAY_MS)

/* Of Mondays to Fridays since a Monday before all time that is counted here. */
static int64_t weekday_ms(int64_t at)
{
    int64_t since_monday = at + 3 * DAY_MS;
    return since_monday / WEEK_MS * 5 * DAY_MS + MIN(since_monday % WEEK_MS, 5 * DAY_MS);
}

int64_t store_days_of_work(struct store *store, int64_t ask, int64_t now)
{
    int64_t ms = 0;
    sqlite3_stmt *row = sql_query(store, "SELECT began, coalesce(ended, ?2) FROM work WHERE ask = ?1", "ii", ask, now);
    while (sql_step(store, row))
        ms += weekday_ms(sqlite3_column_int64(row, 1)) - weekday_ms(sqlite3_column_int64(row, 0));
    return (ms + DAY_MS / 2) / DAY_MS;
}

/* Set aside once more while it is: only its date moves, and its cause, if one is given. */
static void ask_paused(struct entry *e)
{
    const struct log_entry *log = e->log;
    int64_t revisit = json_int(e->data, "revisit", 0);
    sql_run(e->store, "UPDATE trade_off SET revisit_at = ?2, words = coalesce(?3, words) WHERE ask = ?1 AND ended IS NULL",
            "iII", log->ask, revisit, log->words_id);
    sql_run(e->store,
            "INSERT INTO trade_off (id, ask, channel, instead, words, decided_by, at, days, revisit_at)"
            " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS"
            " (SELECT 1 FROM trade_off WHERE ask = ?2 AND ended IS NULL)",
            "iiiIIiiiI", e->id, log->ask, log->channel, json_int(e->data, "by", 0), log->words_id, log->actor, log->at,
            store_days_of_work(e->store, log->ask, log->at), revisit);
    sql_run(e->store, "UPDATE ask SET paused_at = coalesce(paused_at, ?2), revisit_at = ?3, revisit_asked = NULL WHERE number = ?1", "iiI",
            log->ask, log->at, revisit);
}

static void ask_queued(struct entry *e)
{
    const struct log_entry *log = e->log;
    sql_run(e->store, "INSERT OR REPLACE INTO queued (ask, behind, words, person, at, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            "iiIiii", log->ask, json_int(e->data, "after", 0), log->words_id, log->actor, log->at, e->id);
}

static void ask_freed(struct entry *e)
{
    sql_run(e->store, "UPDATE trade_off SET freed_at = ?3 WHERE ask = ?1 AND instead = ?2 AND ended IS NULL", "iii", e->log->ask,
            json_int(e->data, "by", 0), e->log->at);
}

static void channel_trades(struct entry *e)
{
    sql_run(e->store,
            "INSERT OR REPLACE INTO trade_setting (channel, shared, revisit_days, churn, by_function)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
            "idddd", e->log->channel, json_true(e->data, "shared"), (int)json_int(e->data, "revisit", 0),
            json_true(e->data, "churn"), json_true(e->data, "functions"));
}

static void begin_work(struct entry *e)
{
    bool jumps = cJSON_GetArraySize(json_get(e->data, "instead")) > 0;
    sql_run(e->store,
            "INSERT INTO work (id, ask, channel, began, jumped)"
            " SELECT ?1, number, channel, ?3, ?4 OR urgent_until IS NOT NULL FROM ask WHERE number = ?2",
            "iiid", e->id, e->log->ask, e->log->at, jumps);
}

void apply_trade_move(struct entry *e, const char *before)
{
    const char *after = e->log->state;
    bool was_started = g_strcmp0(before, "started") == 0, is_started = strcmp(after, "started") == 0;
    if (was_started && !is_started)
        sql_run(e->store, "UPDATE work SET ended = ?2, upto = ?3 WHERE ask = ?1 AND ended IS NULL", "iii", e->log->ask,
                e->log->at, e->id);
    if (is_started && !was_started)
        begin_work(e);
    if (g_strcmp0(before, "paused") == 0 && strcmp(after, "paused") != 0) {
        sql_run(e->store, "UPDATE trade_off SET ended = ?2, ended_at = ?3 WHERE ask = ?1 AND ended IS NULL", "iti",
                e->log->ask, after, e->log->at);
        sql_run(e->store, "UPDATE ask SET paused_at = NULL, revisit_at = NULL, revisit_asked = NULL WHERE number = ?1", "i", e->log->ask);
    }
    bool open = store_state_is_open(after);
    if (is_started || !open)
        sql_run(e->store, "DELETE FROM queued WHERE ask = ?1", "i", e->log->ask);
    if (!open)
        sql_run(e->store, "DELETE FROM queued WHERE behind = ?1", "i", e->log->ask);
}

const struct applier trade_appliers[] = {
    {"ask.paused", ask_paused, 0},
    {"ask.queued", ask_queued, 0},
    {"ask.freed", ask_freed, 0},
    {"channel.trades", channel_trades, 0},
    {NULL, NULL, 0},
};
