/* Searching asks' texts. The full-text index follows the log a little behind: written ask by ask it would be the
 * dearest part of every command, in batches it costs little. */
#include "store/sql.h"

#include "store/log.h"

void search_note(struct store *store, int64_t ask, bool fresh)
{
    if (g_hash_table_contains(store->unindexed, &ask))
        return;
    g_hash_table_insert(store->unindexed, g_memdup2(&ask, sizeof ask), GINT_TO_POINTER(fresh));
}

void search_resume(struct store *store)
{
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT DISTINCT ask FROM log WHERE id > (SELECT upto FROM indexed) AND ask IS NOT NULL", "");
    while (sql_step(store, row))
        search_note(store, sqlite3_column_int64(row, 0), false);
}

void search_write(struct store *store)
{
    if (g_hash_table_size(store->unindexed) == 0)
        return;
    GHashTableIter iter;
    gpointer key, fresh;
    g_hash_table_iter_init(&iter, store->unindexed);
    while (g_hash_table_iter_next(&iter, &key, &fresh)) {
        int64_t ask = *(const int64_t *)key;
        if (fresh == NULL)
            sql_run(store, "DELETE FROM ask_text WHERE rowid = ?1", "i", ask);
        sql_run(store,
                "INSERT INTO ask_text (rowid, title, why, impact, evidence)"
                " SELECT number, t.text, w.text, i.text, e.text FROM ask"
                " LEFT JOIN words t ON t.id = ask.title LEFT JOIN words w ON w.id = ask.why"
                " LEFT JOIN words i ON i.id = ask.impact LEFT JOIN words e ON e.id = ask.evidence WHERE number = ?1",
                "i", ask);
        g_hash_table_iter_replace(&iter, GINT_TO_POINTER(false));
    }
    sql_run(store, "UPDATE indexed SET upto = coalesce((SELECT max(id) FROM log), 0)", "");
    /* In a transaction it counts once that is committed. */
    if (!store_in_transaction(store) && store->failure == NULL)
        search_written(store);
}

void search_written(struct store *store)
{
    g_hash_table_remove_all(store->unindexed);
    store->index_wanted = false;
}

int store_unindexed(const struct store *store)
{
    return (int)g_hash_table_size(store->unindexed);
}

void store_want_index(struct store *store)
{
    store->index_wanted = true;
}

/* A person's words as an FTS5 query: every word must begin some word of the ask. */
static char *match_of(const char *words)
{
    GString *match = g_string_new(NULL);
    int count = 0;
    for (const char *at = words; *at != '\0' && count < 8;) {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isalnum(c)) {
            at = g_utf8_next_char(at);
            continue;
        }
        const char *start = at;
        while (*at != '\0' && g_unichar_isalnum(g_utf8_get_char(at)))
            at = g_utf8_next_char(at);
        g_string_append_printf(match, "%s\"%.*s\"*", count++ > 0 ? " " : "", (int)(at - start), start);
    }
    return g_string_free(match, FALSE);
}

#define SEARCH_MATCHES                                                                                        \
    " FROM ask_text f JOIN ask a ON a.number = f.rowid JOIN channel c ON c.id = a.channel"                    \
    " LEFT JOIN words t ON t.id = a.title WHERE ask_text MATCH ?4 AND" MAY_SEE

GArray *store_search(struct store *store, const struct viewer *viewer, const char *words, int offset, int limit,
                     int64_t *total)
{
    g_autofree char *match = match_of(words);
    *total = 0;
    if (store->mode == STORE_WRITE)
        search_write(store);
    if (*match == '\0')
        return ask_lines_read(store, NULL);
    *total = sql_number(store, "SELECT count(*)" SEARCH_MATCHES, "iidt", viewer->person, viewer->place,
                        viewer->guest, match);
    return ask_lines_read(
        store, sql_query(store, "SELECT " LINE_COLUMNS SEARCH_MATCHES " ORDER BY rank, a.number DESC LIMIT ?6 OFFSET ?5",
                         "iidtdd", viewer->person, viewer->place, viewer->guest, match, offset, limit));
}

