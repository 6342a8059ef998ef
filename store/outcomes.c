#include "store/outcomes.h"

#include "store/sql.h"

void outcome_done(struct outcome *outcome)
{
    g_free(outcome->words);
    *outcome = (struct outcome){0};
}

bool store_get_outcome(struct store *store, int64_t ask, struct outcome *outcome)
{
    *outcome = (struct outcome){0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT o.ask, o.remind_at, o.asked, o.person,"
                                  " CASE WHEN o.words IS NOT NULL THEN coalesce(w.text, '') END,"
                                  " o.ratio IS NOT NULL, o.ratio, o.told_by, o.told_at"
                                  " FROM outcome o LEFT JOIN words w ON w.id = o.words WHERE o.ask = ?1",
                                  "i", ask);
    if (!sql_step(store, row))
        return false;
    *outcome = (struct outcome){
        .ask = sqlite3_column_int64(row, 0),
        .remind_at = sqlite3_column_int64(row, 1),
        .asked = sqlite3_column_int(row, 2),
        .person = sqlite3_column_int64(row, 3),
        .words = sql_column(row, 4),
        .measured = sqlite3_column_int(row, 5) != 0,
        .ratio = sqlite3_column_double(row, 6),
        .told_by = sqlite3_column_int64(row, 7),
        .told_at = sqlite3_column_int64(row, 8),
    };
    sql_end(row);
    return true;
}

int64_t store_due_outcome(struct store *store, int64_t now)
{
    return sql_number(store, "SELECT ask FROM outcome WHERE remind_at <= ?1 ORDER BY remind_at LIMIT 1", "i", now);
}

int64_t store_missing_outcomes(struct store *store, int64_t channel)
{
    return sql_number(store, "SELECT count(*) FROM outcome WHERE channel = ?1 AND asked > 0 AND told_at IS NULL", "i",
                      channel);
}

bool store_calibrates(struct store *store, int64_t channel)
{
    return sql_number(store, "SELECT calibration FROM channel_setting WHERE channel = ?1", "i", channel) != 0;
}

void measured_done(struct measured *measured)
{
    g_free(measured->function);
}

void store_measured_outcomes(struct store *store, int64_t channel, int most, GArray *measured)
{
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT (SELECT function FROM person_function WHERE person = a.asker) AS works_as, a.asker,"
                                  " o.ratio FROM outcome o CROSS JOIN ask a ON a.number = o.ask WHERE o.channel = ?1"
                                  " AND o.ratio IS NOT NULL AND works_as IS NOT NULL ORDER BY o.told_at DESC LIMIT ?2",
                                  "id", channel, most);
    while (sql_step(store, row)) {
        struct measured one = {sql_column(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_double(row, 2)};
        g_array_append_val(measured, one);
    }
}
