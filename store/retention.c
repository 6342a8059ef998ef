#include "store/retention.h"

#include "store/sql.h"

#include <string.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

enum { POSTS_A_STEP = 5, STEP_MS = 10000 };

int store_retention(struct store *store, int64_t channel)
{
    return (int)sql_number(store, "SELECT days FROM retention WHERE channel = ?1", "i", channel);
}

int64_t store_count_erasable(struct store *store, int64_t channel, int days, int64_t now)
{
    return sql_number(store, "SELECT count(*) FROM erasable WHERE channel = ?1 AND at <= ?2 AND kind = 'ask'", "ii", channel,
                      now - days * DAY_MS);
}

void erased_done(struct erased *erased)
{
    g_clear_pointer(&erased->posts, g_array_unref);
}

/* ---- words ---- */

/* What was moved along into another ask is that one's, too. */
#define MOVED_ALONG                                                                                           \
    " (WITH RECURSIVE into_ask (number) AS (SELECT target FROM merged WHERE ask = ?1"                         \
    " UNION SELECT target FROM merged JOIN into_ask ON merged.ask = into_ask.number)"                         \
    " SELECT words FROM voice WHERE ask IN (SELECT number FROM into_ask) AND words IS NOT NULL"               \
    " UNION SELECT why FROM ask WHERE number IN (SELECT number FROM into_ask) AND why IS NOT NULL"            \
    " UNION SELECT evidence FROM ask WHERE number IN (SELECT number FROM into_ask) AND evidence IS NOT NULL) "

static void erase_ask(struct store *store, int64_t ask, int64_t now)
{
    sql_run(store,
            "UPDATE words SET text = NULL, erased_at = ?2 WHERE text IS NOT NULL AND id IN"
            " (SELECT words FROM log WHERE ask = ?1 AND words IS NOT NULL) AND id NOT IN" MOVED_ALONG,
            "ii", ask, now);
    /* What was understood of the words is words, too; and links lead to them. */
    sql_run(store,
            "UPDATE log SET data = json_remove(data, '$.metric', '$.unit', '$.per', '$.permalink')"
            " WHERE ask = ?1 AND words IS NOT NULL AND kind IN ('ask.raised', 'ask.impact', 'ask.outcome')",
            "i", ask);
    sql_run(store,
            "UPDATE ask SET permalink = NULL, impact_data = json_remove(impact_data, '$.metric', '$.unit', '$.per')"
            " WHERE number = ?1",
            "i", ask);
    /* An edit of what was said does not bring it back. */
    sql_run(store, "DELETE FROM heard WHERE ask = ?1", "i", ask);
    search_note(store, ask, false);
}

/* Asks that went into this one: words of theirs were kept as long as it was. */
static GArray *gone_into(struct store *store, int64_t ask)
{
    GArray *asks = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "WITH RECURSIVE came (number) AS (SELECT ask FROM merged WHERE target = ?1"
                                  " UNION SELECT ask FROM merged JOIN came ON merged.target = came.number)"
                                  " SELECT number FROM came WHERE number <> ?1",
                                  "i", ask);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(asks, number);
    }
    return asks;
}

/* Questions and disagreements in its thread, and the answers there. */
static void erase_digest(struct store *store, int64_t digest, int64_t channel, int64_t now)
{
    sql_run(store,
            "UPDATE words SET text = NULL, erased_at = ?3 WHERE text IS NOT NULL AND id IN"
            " (SELECT words FROM open_question WHERE digest = ?1 UNION"
            " SELECT words FROM log WHERE kind = 'put.answered' AND channel = ?2 AND id > ?1 AND words IS NOT NULL"
            " AND data ->> 'question' IN (SELECT id FROM open_question WHERE digest = ?1))",
            "iii", digest, channel, now);
}

/* ---- posts ---- */

/* One after the other: each waits until those before it had their time. */
static void rewrite_later(struct store *store, int64_t ask, int64_t root, int64_t now)
{
    sql_run(store,
            "INSERT INTO erasing (ask, root, upto, due_at) SELECT ?1, ?2, coalesce((SELECT max(id) FROM post), 0),"
            " max(?3, coalesce((SELECT max(due_at) FROM erasing) + ?4, 0))",
            "IIii", ask, root, now, (int64_t)STEP_MS);
}

static bool rewrite_step(struct store *store, int64_t now, struct erased *erased)
{
    sqlite3_stmt *row =
        sql_query(store, "SELECT id, coalesce(ask, 0), coalesce(root, 0), handled, upto FROM erasing WHERE due_at <= ?1 ORDER BY due_at LIMIT 1",
                  "i", now);
    if (!sql_step(store, row))
        return false;
    int64_t id = sqlite3_column_int64(row, 0), ask = sqlite3_column_int64(row, 1), root = sqlite3_column_int64(row, 2),
            handled = sqlite3_column_int64(row, 3), upto = sqlite3_column_int64(row, 4);
    sql_end(row);
    row = ask != 0 ? sql_query(store, "SELECT id FROM post WHERE ask = ?1 AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4", "iiid", ask,
                               handled, upto, (int)POSTS_A_STEP)
                   : sql_query(store,
                               "SELECT id FROM post WHERE (id = ?1 OR (thread = ?1 AND ask IS NULL)) AND id > ?2 AND id <= ?3"
                               " ORDER BY id LIMIT ?4",
                               "iiid", root, handled, upto, (int)POSTS_A_STEP);
    while (sql_step(store, row)) {
        int64_t post = sqlite3_column_int64(row, 0);
        g_array_append_val(erased->posts, post);
    }
    if (erased->posts->len < POSTS_A_STEP)
        sql_run(store, "DELETE FROM erasing WHERE id = ?1", "i", id);
    else
        sql_run(store, "UPDATE erasing SET handled = ?2, due_at = ?3 WHERE id = ?1", "iii", id,
                g_array_index(erased->posts, int64_t, erased->posts->len - 1), now + STEP_MS);
    return true;
}

bool store_erase_step(struct store *store, int64_t now, struct erased *erased)
{
    *erased = (struct erased){.posts = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT e.kind, e.id, coalesce(d.channel, e.channel) FROM retention r CROSS JOIN erasable e"
                                  " ON e.channel = r.channel AND e.at <= ?1 - r.days * ?2"
                                  " LEFT JOIN digest d ON e.kind = 'digest' AND d.id = e.id LIMIT 1",
                                  "ii", now, DAY_MS);
    if (!sql_step(store, row))
        return rewrite_step(store, now, erased);
    bool is_ask = strcmp((const char *)sqlite3_column_text(row, 0), "ask") == 0;
    int64_t id = sqlite3_column_int64(row, 1);
    erased->channel = sqlite3_column_int64(row, 2);
    sql_end(row);
    if (is_ask) {
        erased->ask = id;
        erase_ask(store, id, now);
        rewrite_later(store, id, 0, now);
        g_autoptr(GArray) others = gone_into(store, id);
        for (guint i = 0; i < others->len; i++) {
            search_note(store, g_array_index(others, int64_t, i), false);
            rewrite_later(store, g_array_index(others, int64_t, i), 0, now);
        }
    } else {
        erased->digest = id;
        erase_digest(store, id, erased->channel, now);
        int64_t root = sql_number(store, "SELECT id FROM post WHERE purpose = 'digest' AND subject = ?1", "i", id);
        if (root != 0)
            rewrite_later(store, 0, root, now);
    }
    search_erased(store);
    return true;
}
