#include "store/log.h"

#include "bot/base/json.h"
#include "store/sql.h"

static const char *const derived[] = {
    "ask",  "question", "voice", "open_question", "person_setting", "channel_setting",
    "digest", "digest_reply", "tally", "ask_text", "reopened", "merged", "work", "trade_off", "queued", "trade_setting", "permission", "departure", "group_function",
    "ask_detail", "said_beside", "dissent", "informed",
    "retention", "erasable", "outcome", "aim", "metric_value", "ask_aim", "origin",
};

static void replay(struct store *store)
{
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(store->db,
                           "SELECT id, at, kind, actor, ask, channel, person, words, state, data FROM old.log ORDER BY id",
                           -1, &row, NULL) != SQLITE_OK) {
        sql_fail(store, "reading the log");
        return;
    }
    while (store->failure == NULL && sqlite3_step(row) == SQLITE_ROW) {
        struct log_entry entry = {
            .at = sqlite3_column_int64(row, 1),
            .kind = (const char *)sqlite3_column_text(row, 2),
            .actor = sqlite3_column_int64(row, 3),
            .ask = sqlite3_column_int64(row, 4),
            .channel = sqlite3_column_int64(row, 5),
            .person = sqlite3_column_int64(row, 6),
            .words_id = sqlite3_column_int64(row, 7),
            .state = (const char *)sqlite3_column_text(row, 8),
        };
        const char *text = (const char *)sqlite3_column_text(row, 9);
        g_autoptr(cJSON) data = text != NULL ? cJSON_Parse(text) : NULL;
        store_apply(store, sqlite3_column_int64(row, 0), &entry, data);
    }
    sqlite3_finalize(row);
}

static void compare(struct store *store, const char *table, GString *differences)
{
    /* The index is compared as far as it follows the log; a virtual table's rowid is none of its columns. */
    bool index = g_str_equal(table, "ask_text");
    const char *columns = index ? "rowid, *" : "*";
    const char *where = index ? "WHERE rowid NOT IN (SELECT ask FROM old.log WHERE id > (SELECT upto FROM old.indexed)"
                                " AND ask IS NOT NULL)"
                              : "";
    g_autofree char *text = g_strdup_printf(
        "SELECT (SELECT count(*) FROM (SELECT %1$s FROM old.%2$s %3$s EXCEPT SELECT %1$s FROM main.%2$s)),"
        " (SELECT count(*) FROM (SELECT %1$s FROM main.%2$s %3$s EXCEPT SELECT %1$s FROM old.%2$s))",
        columns, table, where);
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(store->db, text, -1, &row, NULL) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW)
        sql_fail(store, "comparing");
    else if (sqlite3_column_int64(row, 0) + sqlite3_column_int64(row, 1) > 0)
        g_string_append_printf(differences, "%s: %lld rows differ from what the log says (%lld rebuilt)\n", table,
                               (long long)sqlite3_column_int64(row, 0), (long long)sqlite3_column_int64(row, 1));
    sqlite3_finalize(row);
}

char *store_check_rebuild(struct store *store, GError **error)
{
    struct store *fresh = store_open(":memory:", STORE_WRITE, error);
    if (fresh == NULL)
        return NULL;
    GString *differences = g_string_new(NULL);
    sqlite3_stmt *attach = NULL;
    if (sqlite3_prepare_v2(fresh->db, "ATTACH ?1 AS old", -1, &attach, NULL) != SQLITE_OK ||
        sqlite3_bind_text(attach, 1, store->path, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(attach) != SQLITE_DONE)
        sql_fail(fresh, "opening the database beside the copy");
    sqlite3_finalize(attach);
    if (fresh->failure == NULL &&
        (sqlite3_exec(fresh->db, "BEGIN; INSERT INTO main.words SELECT * FROM old.words;"
                                 " INSERT INTO main.log SELECT * FROM old.log;", NULL, NULL, NULL) != SQLITE_OK))
        sql_fail(fresh, "copying the log");
    if (fresh->failure == NULL)
        replay(fresh);
    search_write(fresh);
    for (gsize i = 0; i < G_N_ELEMENTS(derived) && fresh->failure == NULL; i++)
        compare(fresh, derived[i], differences);
    if (fresh->failure != NULL)
        g_propagate_error(error, g_error_copy(fresh->failure));
    store_close(fresh);
    return g_string_free(differences, differences->len == 0);
}
