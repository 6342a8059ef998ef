#include "store/reopened.h"

#include "store/sql.h"

void reopened_done(struct reopened *reopened)
{
    g_free(reopened->words);
    *reopened = (struct reopened){0};
}

bool store_reopened(struct store *store, int64_t ask, struct reopened *reopened)
{
    *reopened = (struct reopened){0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT r.person, r.at, coalesce(w.text, '') FROM reopened r"
                                  " LEFT JOIN words w ON w.id = r.words WHERE r.ask = ?1",
                                  "i", ask);
    if (!sql_step(store, row))
        return false;
    *reopened = (struct reopened){.person = sqlite3_column_int64(row, 0),
                                  .at = sqlite3_column_int64(row, 1),
                                  .words = sql_column(row, 2)};
    sql_end(row);
    return true;
}
