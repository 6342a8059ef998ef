#include "store/departures.h"

#include "store/sql.h"

GArray *store_left_asks(struct store *store, int64_t person, int64_t channel, const char *workspace, int limit)
{
    GArray *asks = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT number FROM (SELECT number, channel FROM ask WHERE asker = ?1 AND open = 1"
                                  " UNION SELECT number, channel FROM ask WHERE owner = ?1 AND open = 1"
                                  " UNION SELECT number, channel FROM ask WHERE decider = ?1 AND open = 1"
                                  " AND state IN ('waiting', 'clear', 'later')) a"
                                  " JOIN channel c ON c.id = a.channel WHERE (?2 IS NULL OR a.channel = ?2)"
                                  " AND (?3 IS NULL OR c.workspace = ?3)"
                                  " AND NOT EXISTS (SELECT 1 FROM departure d WHERE d.ask = a.number AND d.person = ?1)"
                                  " ORDER BY number DESC LIMIT ?4",
                                  "iItd", person, channel, workspace, limit);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(asks, number);
    }
    return asks;
}

bool store_due_departure(struct store *store, int64_t now, int64_t *ask, int64_t *person)
{
    sqlite3_stmt *row = sql_query(store, "SELECT ask, person FROM departure WHERE due_at <= ?1 ORDER BY due_at, ask LIMIT 1",
                                  "i", now);
    if (!sql_step(store, row))
        return false;
    *ask = sqlite3_column_int64(row, 0);
    *person = sqlite3_column_int64(row, 1);
    sql_end(row);
    return true;
}

bool store_has_left(struct store *store, int64_t ask, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM departure WHERE ask = ?1 AND person = ?2", "ii", ask, person) > 0;
}
