#include "store/merged.h"

#include "store/sql.h"

void merged_done(struct merged *merged)
{
    g_free(merged->words);
    *merged = (struct merged){0};
}

bool store_merged(struct store *store, int64_t ask, struct merged *merged)
{
    *merged = (struct merged){0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT m.target, m.person, m.at, CASE WHEN m.words IS NOT NULL THEN coalesce(w.text, '') END"
                                  " FROM merged m LEFT JOIN words w ON w.id = m.words WHERE m.ask = ?1",
                                  "i", ask);
    if (!sql_step(store, row))
        return false;
    *merged = (struct merged){.into = sqlite3_column_int64(row, 0),
                              .person = sqlite3_column_int64(row, 1),
                              .at = sqlite3_column_int64(row, 2),
                              .words = sql_column(row, 3)};
    sql_end(row);
    return true;
}

int64_t store_merged_target(struct store *store, int64_t ask)
{
    int64_t target = 0, next = ask;
    while ((next = sql_number(store, "SELECT target FROM merged WHERE ask = ?1", "i", next)) != 0 && next != ask)
        target = next;
    return target;
}

GArray *store_merged_from(struct store *store, int64_t into)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store, "SELECT ask FROM merged WHERE target = ?1 ORDER BY at, ask", "i", into);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
    return numbers;
}

void store_said_ids(struct store *store, int64_t ask, struct said_ids *said)
{
    *said = (struct said_ids){0};
    sqlite3_stmt *row = sql_query(store, "SELECT why, evidence FROM ask WHERE number = ?1", "i", ask);
    if (!sql_step(store, row))
        return;
    said->why = sqlite3_column_int64(row, 0);
    said->evidence = sqlite3_column_int64(row, 1);
    sql_end(row);
}
