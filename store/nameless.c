#include "store/nameless.h"

#include "store/sql.h"

void nameless_done(struct nameless *nameless)
{
    g_free(nameless->words);
    *nameless = (struct nameless){0};
}

static int64_t lot(void)
{
    return ((int64_t)g_random_int_range(1, G_MAXINT32) << 32) | g_random_int();
}

bool store_add_nameless(struct store *store, const struct nameless *nameless)
{
    bool there = sql_number(store,
                            "SELECT 1 FROM nameless WHERE channel = ?1 AND coalesce(ask, 0) = ?2"
                            " AND coalesce(digest, 0) = ?3 AND words = ?4"
                            " UNION ALL SELECT 1 FROM open_question q JOIN words w ON w.id = q.words WHERE q.channel = ?1"
                            " AND q.answered_at IS NULL AND coalesce(q.ask, 0) = ?2 AND coalesce(q.digest, 0) = ?3"
                            " AND q.person IS NULL AND w.text = ?4 LIMIT 1",
                            "iiit", nameless->channel, nameless->ask, nameless->digest, nameless->words) != 0;
    if (there || store->failure != NULL)
        return false;
    return sql_run(store, "INSERT INTO nameless (key, channel, ask, digest, words, due_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "iiIIti", lot(), nameless->channel, nameless->ask, nameless->digest, nameless->words,
                   nameless->due_at);
}

bool store_take_nameless(struct store *store, int64_t now, struct nameless *nameless)
{
    *nameless = (struct nameless){0};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT key, channel, ask, digest, words, due_at FROM nameless WHERE due_at <= ?1"
                                  " ORDER BY key LIMIT 1",
                                  "i", now);
    if (!sql_step(store, row))
        return false;
    int64_t key = sqlite3_column_int64(row, 0);
    *nameless = (struct nameless){.channel = sqlite3_column_int64(row, 1),
                                  .ask = sqlite3_column_int64(row, 2),
                                  .digest = sqlite3_column_int64(row, 3),
                                  .words = sql_column(row, 4),
                                  .due_at = sqlite3_column_int64(row, 5)};
    sql_end(row);
    return sql_run(store, "DELETE FROM nameless WHERE key = ?1", "i", key);
}
