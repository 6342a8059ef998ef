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

void search_erased(struct store *store)
{
    sql_run(store, "UPDATE indexed SET untidy = 1 WHERE untidy = 0", "");
    store->untidy = store->index_wanted = true;
}

void search_resume(struct store *store)
{
    store->untidy = sql_number(store, "SELECT untidy FROM indexed", "") != 0;
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT DISTINCT ask FROM log WHERE id > (SELECT upto FROM indexed) AND ask IS NOT NULL", "");
    while (sql_step(store, row))
        search_note(store, sqlite3_column_int64(row, 0), false);
}

static void add_number(GString *array, int64_t number)
{
    g_string_append_printf(array, "%c%" G_GINT64_FORMAT, array->len == 0 ? '[' : ',', number);
}

/* One statement for all of them: the index writes out what it holds in memory before each statement after the first. */
void search_write(struct store *store)
{
    if (g_hash_table_size(store->unindexed) == 0)
        return;
    GString *all = g_string_new(NULL), *stale = g_string_new(NULL);
    GHashTableIter iter;
    gpointer key, fresh;
    g_hash_table_iter_init(&iter, store->unindexed);
    while (g_hash_table_iter_next(&iter, &key, &fresh)) {
        int64_t ask = *(const int64_t *)key;
        add_number(all, ask);
        if (fresh == NULL)
            add_number(stale, ask);
        g_hash_table_iter_replace(&iter, GINT_TO_POINTER(false));
    }
    if (stale->len > 0)
        sql_run(store, "DELETE FROM ask_text WHERE rowid IN (SELECT value FROM json_each(?1))", "t",
                g_string_append_c(stale, ']')->str);
    sql_run(store,
            "INSERT INTO ask_text (rowid, title, why, impact, evidence, need)"
            " SELECT number, t.text, w.text, i.text, e.text, n.text FROM ask"
            " LEFT JOIN words t ON t.id = ask.title LEFT JOIN words w ON w.id = ask.why"
            " LEFT JOIN words i ON i.id = ask.impact LEFT JOIN words e ON e.id = ask.evidence"
            " LEFT JOIN words n ON n.id = ask.need"
            " WHERE number IN (SELECT value FROM json_each(?1))",
            "t", g_string_append_c(all, ']')->str);
    sql_run(store, "UPDATE indexed SET upto = coalesce((SELECT max(id) FROM log), 0)", "");
    /* In a transaction it counts once that is committed. */
    if (!store_in_transaction(store) && store->failure == NULL)
        search_written(store);
    g_string_free(all, TRUE);
    g_string_free(stale, TRUE);
}

void search_written(struct store *store)
{
    g_hash_table_remove_all(store->unindexed);
    store->index_wanted = false;
}

/* False while somebody reads from it: nobody waits for them here. Of SQLite's trouble with a checkpoint that begins just as
 * a commit starts the log over (see reader_checkpoint()) it keeps clear: whoever calls is the only one to commit, and no
 * other checkpoint is under way. */
static bool empty_log(struct store *store)
{
    sqlite3_busy_timeout(store->db, 0);
    int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
    return result != SQLITE_BUSY && result != SQLITE_LOCKED;
}

bool search_tidy(struct store *store)
{
    if (!store->untidy || store_in_transaction(store) || store->failure != NULL)
        return false;
    if (g_hash_table_size(store->unindexed) > 0)
        return true; /* first it must be told what was erased */
    int before = sqlite3_total_changes(store->db);
    bool done = sql_run(store, "INSERT INTO ask_text (ask_text, rank) VALUES ('merge', -32)", "");
    /* FTS5 counts one change for the asking itself. */
    bool more = done && sqlite3_total_changes(store->db) - before > 1;
    /* Last, the write-ahead log: pages of before stand in it until it is emptied. */
    if (done && !more && !empty_log(store))
        return true;
    if (done && !more)
        done = sql_run(store, "UPDATE indexed SET untidy = 0", "");
    store_forget_error(store); /* tried again when there is rest again */
    store->untidy = !done || more;
    return more;
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

enum {
    RANKED_MOST = 4000, /* matches that are put in order of how well they match; of more, the newest come first */
};

struct wanted {
    const char *match, *states;
    const struct ask_filter *filter;
};

#define MATCHES(columns)                                                                                      \
    "SELECT " columns " FROM ask_text f CROSS JOIN ask a ON a.number = f.rowid"                               \
    " CROSS JOIN channel c ON c.id = a.channel WHERE ask_text MATCH ?12"

/* The newest that may be seen, until there are enough; true when so many match that this must do for an order. */
static bool find_newest(struct store *store, const struct viewer *viewer, const struct wanted *wanted, GArray *numbers)
{
    int64_t matches = 0;
    /* A CASE's condition is left as soon as it is decided, which one among the columns is not; nor is anything looked up
     * for a guest who is elsewhere and has no part in the ask. */
    sqlite3_stmt *row = sql_query(store,
                                  MATCHES("a.number, CASE WHEN (?3 = 0 OR a.channel = ?2 OR ?1 IN (a.asker, a.raiser, a.owner, a.decider))"
                                          " AND" MAY_SEE " AND" FITS " THEN 1 ELSE 0 END") " ORDER BY f.rowid DESC", FITS_TYPES "t",
                                  viewer->person, viewer->place, viewer->guest, FITS_VALUES(wanted->filter, wanted->states),
                                  wanted->match);
    while (sql_step(store, row)) {
        matches++;
        int64_t number = sqlite3_column_int64(row, 0);
        if (sqlite3_column_int(row, 1) != 0)
            g_array_append_val(numbers, number);
        if (numbers->len > STORE_SEARCH_MOST && matches > RANKED_MOST) {
            sql_end(row);
            break;
        }
    }
    return matches > RANKED_MOST;
}

static void find_best(struct store *store, const struct viewer *viewer, const struct wanted *wanted, int offset, int limit,
                      GArray *numbers)
{
    g_array_set_size(numbers, 0);
    sqlite3_stmt *row = sql_query(store,
                                  MATCHES("a.number") " AND" MAY_SEE "AND" FITS
                                                      "ORDER BY f.rank, a.number DESC LIMIT ?14 OFFSET ?13",
                                  FITS_TYPES "tdd", viewer->person, viewer->place, viewer->guest,
                                  FITS_VALUES(wanted->filter, wanted->states), wanted->match, offset, limit);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
}

GArray *store_search(struct store *store, const struct viewer *viewer, const char *words,
                     const struct ask_filter *filter, int offset, int limit, int64_t *total)
{
    static const struct ask_filter anything;
    filter = filter != NULL ? filter : &anything;
    g_autofree char *match = match_of(words);
    g_autofree char *states = filter_states(filter, false);
    struct wanted wanted = {match, states, filter};
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    *total = 0;
    if (store->mode == STORE_WRITE)
        search_write(store);
    if (*match == '\0')
        return ask_lines_of(store, numbers);
    bool newest = find_newest(store, viewer, &wanted, numbers);
    *total = MIN(numbers->len, STORE_SEARCH_MOST + 1);
    if (newest) {
        g_array_set_size(numbers, MIN(numbers->len, (guint)(offset + limit)));
        g_array_remove_range(numbers, 0, MIN(numbers->len, (guint)offset));
    } else if (*total > 0) {
        find_best(store, viewer, &wanted, offset, limit, numbers);
    }
    return ask_lines_of(store, numbers);
}
