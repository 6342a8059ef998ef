#include "store/permissions.h"

#include "store/sql.h"

char *store_permission(struct store *store, int64_t channel, const char *what)
{
    return sql_text(store, "SELECT allowed FROM permission WHERE channel = ?1 AND what = ?2", "it", channel, what);
}

void store_set_channel_admin(struct store *store, int64_t channel, int64_t person, bool admin, int64_t now)
{
    sql_run(store, "INSERT OR REPLACE INTO channel_admin (channel, person, admin, told_at) VALUES (?1, ?2, ?3, ?4)", "iidi",
            channel, person, admin, now);
}

bool store_is_channel_admin(struct store *store, int64_t channel, int64_t person, int64_t *told_at)
{
    *told_at = 0;
    sqlite3_stmt *row = sql_query(store, "SELECT admin, told_at FROM channel_admin WHERE channel = ?1 AND person = ?2", "ii",
                                  channel, person);
    if (!sql_step(store, row))
        return false;
    bool admin = sqlite3_column_int(row, 0) != 0;
    *told_at = sqlite3_column_int64(row, 1);
    sql_end(row);
    return admin;
}
