#include "store/trades.h"

#include "store/sql.h"

void trade_done(struct trade *trade)
{
    g_free(trade->words);
    g_free(trade->ended);
    *trade = (struct trade){0};
}

static GArray *read_trades(struct store *store, sqlite3_stmt *row)
{
    GArray *trades = g_array_new(FALSE, TRUE, sizeof(struct trade));
    g_array_set_clear_func(trades, (GDestroyNotify)trade_done);
    while (sql_step(store, row)) {
        struct trade trade = {
            .id = sqlite3_column_int64(row, 0),
            .ask = sqlite3_column_int64(row, 1),
            .channel = sqlite3_column_int64(row, 2),
            .instead = sqlite3_column_int64(row, 3),
            .words = sql_column(row, 4),
            .decided_by = sqlite3_column_int64(row, 5),
            .at = sqlite3_column_int64(row, 6),
            .days = sqlite3_column_int64(row, 7),
            .revisit_at = sqlite3_column_int64(row, 8),
            .ended = sql_column(row, 9),
            .ended_at = sqlite3_column_int64(row, 10),
        };
        g_array_append_val(trades, trade);
    }
    return trades;
}

#define TRADE                                                                                                 \
    "SELECT t.id, t.ask, t.channel, t.instead, CASE WHEN t.words IS NOT NULL THEN coalesce("                  \
    "(SELECT text FROM words WHERE id = t.words), '') END, t.decided_by, t.at, t.days, t.revisit_at, t.ended,"  \
    " t.ended_at FROM trade_off t "

GArray *store_trades_of(struct store *store, int64_t ask)
{
    return read_trades(store, sql_query(store, TRADE "WHERE t.ask = ?1 ORDER BY t.id", "i", ask));
}

GArray *store_trades_for(struct store *store, int64_t instead)
{
    return read_trades(store, sql_query(store, TRADE "WHERE t.instead = ?1 ORDER BY t.id", "i", instead));
}

GArray *store_trades_in_span(struct store *store, const struct log_span *span, int limit)
{
    return read_trades(store, sql_query(store, TRADE "WHERE t.channel = ?1 AND t.id > ?2 AND t.id <= ?3 ORDER BY t.id LIMIT ?4",
                                        "iiid", span->channel, span->after, span->upto, limit));
}

int64_t store_trades_days(struct store *store, const struct log_span *span, int64_t *trades)
{
    int64_t days = 0;
    *trades = 0;
    sqlite3_stmt *row = sql_query(
        store, "SELECT count(*), coalesce(sum(days), 0) FROM trade_off WHERE channel = ?1 AND id > ?2 AND id <= ?3", "iii",
        span->channel, span->after, span->upto);
    if (sql_step(store, row)) {
        *trades = sqlite3_column_int64(row, 0);
        days = sqlite3_column_int64(row, 1);
        sql_end(row);
    }
    return days;
}

/* Only what is started now, or was at some time within the span, is read. */
void store_churn(struct store *store, const struct log_span *span, struct churn *churn)
{
    *churn = (struct churn){0};
    sqlite3_stmt *row = sql_query(
        store,
        "WITH worked AS (SELECT id, ask, jumped FROM work WHERE channel = ?1 AND upto IS NULL AND id <= ?3"
        " UNION ALL SELECT id, ask, jumped FROM work WHERE channel = ?1 AND upto > ?2 AND id <= ?3),"
        " before AS (SELECT DISTINCT ask FROM worked WHERE id <= ?2)"
        " SELECT (SELECT count(*) FROM before), (SELECT count(*) FROM before b CROSS JOIN ask a ON a.number = b.ask"
        " WHERE a.state NOT IN ('started', 'shipped', 'checked')), (SELECT count(DISTINCT ask) FROM worked"
        " WHERE id > ?2 AND jumped = 1 AND ask NOT IN (SELECT ask FROM before))",
        "iii", span->channel, span->after, span->upto);
    if (!sql_step(store, row))
        return;
    *churn = (struct churn){.list = sqlite3_column_int64(row, 0),
                            .left = sqlite3_column_int64(row, 1),
                            .jumped = sqlite3_column_int64(row, 2)};
    sql_end(row);
}

void cause_done(struct cause *cause)
{
    g_free(cause->function);
    *cause = (struct cause){0};
}

GArray *store_trade_causes(struct store *store, const struct viewer *viewer, const struct log_span *span)
{
    GArray *causes = g_array_new(FALSE, TRUE, sizeof(struct cause));
    g_array_set_clear_func(causes, (GDestroyNotify)cause_done);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT a.asker, (SELECT function FROM person_function WHERE person = a.asker), count(*)"
                                  " FROM trade_off t CROSS JOIN ask a ON a.number = t.instead CROSS JOIN channel c"
                                  " ON c.id = a.channel WHERE t.channel = ?4 AND t.id > ?5 AND t.id <= ?6 AND" MAY_SEE
                                  " GROUP BY a.asker ORDER BY a.asker",
                                  "iidiii", viewer->person, viewer->place, viewer->guest, span->channel, span->after,
                                  span->upto);
    while (sql_step(store, row)) {
        struct cause cause = {.asker = sqlite3_column_int64(row, 0),
                              .function = sql_column(row, 1),
                              .trades = sqlite3_column_int64(row, 2)};
        g_array_append_val(causes, cause);
    }
    return causes;
}

int64_t store_behind(struct store *store, int64_t ask)
{
    return sql_number(store, "SELECT behind FROM queued WHERE ask = ?1", "i", ask);
}

static GArray *read_numbers(struct store *store, sqlite3_stmt *row)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
    return numbers;
}

GArray *store_queued_behind(struct store *store, int64_t ask)
{
    return read_numbers(store, sql_query(store, "SELECT ask FROM queued WHERE behind = ?1 ORDER BY at, ask", "i", ask));
}

GArray *store_displaced_by(struct store *store, int64_t instead)
{
    return read_numbers(store, sql_query(store,
                                         "SELECT ask FROM trade_off WHERE instead = ?1 AND ended IS NULL AND freed_at IS NULL"
                                         " ORDER BY id",
                                         "i", instead));
}

void queued_done(struct queued *queued)
{
    g_free(queued->words);
}

GArray *store_queued_in_span(struct store *store, const struct log_span *span, int limit)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct queued));
    g_array_set_clear_func(all, (GDestroyNotify)queued_done);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT q.ask, q.behind, CASE WHEN q.words IS NOT NULL THEN coalesce(w.text, '') END"
                                  " FROM queued q CROSS JOIN ask a ON a.number = q.ask LEFT JOIN words w ON w.id = q.words"
                                  " WHERE q.entry > ?2 AND q.entry <= ?3 AND a.channel = ?1 ORDER BY q.entry LIMIT ?4",
                                  "iiid", span->channel, span->after, span->upto, limit);
    while (sql_step(store, row)) {
        struct queued queued = {sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sql_column(row, 2)};
        g_array_append_val(all, queued);
    }
    return all;
}

GArray *store_started_in(struct store *store, const struct viewer *viewer, int64_t channel, int limit)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT a.number FROM work w CROSS JOIN ask a ON a.number = w.ask CROSS JOIN channel c"
                                  " ON c.id = a.channel WHERE w.channel = ?4 AND w.upto IS NULL AND" MAY_SEE
                                  " ORDER BY w.id DESC LIMIT ?5",
                                  "iidid", viewer->person, viewer->place, viewer->guest, channel, limit);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
    return ask_lines_of(store, numbers);
}

void store_trade_setting(struct store *store, int64_t channel, struct trade_setting *setting)
{
    *setting = (struct trade_setting){.revisit_days = 14, .churn = true, .by_function = true};
    sqlite3_stmt *row = sql_query(
        store, "SELECT shared, revisit_days, churn, by_function FROM trade_setting WHERE channel = ?1", "i", channel);
    if (!sql_step(store, row))
        return;
    *setting = (struct trade_setting){
        .shared = sqlite3_column_int(row, 0) != 0,
        .revisit_days = sqlite3_column_int(row, 1),
        .churn = sqlite3_column_int(row, 2) != 0,
        .by_function = sqlite3_column_int(row, 3) != 0,
    };
    sql_end(row);
}
