#include "store/export.h"

#include "bot/base/json_write.h"
#include "store/sql.h"

enum { FORMAT_VERSION = 1 };

struct out {
    struct store *store;
    GString *line;
    bool (*write)(const char *line, gsize length, void *data);
    void *data;
};

static bool end_line(struct out *out)
{
    json_write_close(out->line, '}');
    g_string_append_c(out->line, '\n');
    bool written = out->write(out->line->str, out->line->len, out->data);
    g_string_truncate(out->line, 0);
    return written;
}

static void put_int(struct out *out, sqlite3_stmt *row, int column, const char *name)
{
    if (sqlite3_column_type(row, column) != SQLITE_NULL)
        json_write_int(out->line, name, sqlite3_column_int64(row, column));
}

static void put_str(struct out *out, sqlite3_stmt *row, int column, const char *name)
{
    json_write_str(out->line, name, (const char *)sqlite3_column_text(row, column));
}

/* Each column by the name the query gives it. */
static bool write_rows(struct out *out, const char *type, sqlite3_stmt *row)
{
    while (sql_step(out->store, row)) {
        json_write_open(out->line, NULL, '{');
        json_write_str(out->line, "type", type);
        for (int i = 0; i < sqlite3_column_count(row); i++) {
            const char *name = sqlite3_column_name(row, i);
            if (sqlite3_column_type(row, i) == SQLITE_TEXT)
                put_str(out, row, i, name);
            else
                put_int(out, row, i, name);
        }
        if (!end_line(out)) {
            sql_end(row);
            return false;
        }
    }
    return store_failed(out->store) == NULL;
}

static bool write_events(struct out *out, int64_t since)
{
    sqlite3_stmt *row = sql_query(out->store,
                                  "SELECT l.id, l.at, l.kind, l.actor, l.ask, l.channel, l.person, l.state, l.data,"
                                  " w.id, w.author, w.text FROM log l LEFT JOIN words w ON w.id = l.words"
                                  " WHERE l.at >= ?1 ORDER BY l.id",
                                  "i", since);
    static const char *const numbers[] = {"actor", "ask", "channel", "person"};
    while (sql_step(out->store, row)) {
        json_write_open(out->line, NULL, '{');
        json_write_str(out->line, "type", "event");
        put_int(out, row, 0, "id");
        put_int(out, row, 1, "at");
        put_str(out, row, 2, "kind");
        for (int i = 0; i < 4; i++)
            put_int(out, row, 3 + i, numbers[i]);
        put_str(out, row, 7, "state");
        if (sqlite3_column_type(row, 8) == SQLITE_TEXT)
            json_write_raw(out->line, "data", (const char *)sqlite3_column_text(row, 8));
        if (sqlite3_column_type(row, 9) != SQLITE_NULL) {
            json_write_open(out->line, "words", '{');
            put_int(out, row, 9, "id");
            put_int(out, row, 10, "author");
            put_str(out, row, 11, "text");
            json_write_close(out->line, '}');
        }
        if (!end_line(out)) {
            sql_end(row);
            return false;
        }
    }
    return store_failed(out->store) == NULL;
}

bool store_export(struct store *store, int64_t since, int64_t now, bool (*write)(const char *line, gsize length, void *data),
                  void *data)
{
    struct out out = {store, g_string_new(NULL), write, data};
    json_write_open(out.line, NULL, '{');
    json_write_str(out.line, "format", "askwhy");
    json_write_int(out.line, "version", FORMAT_VERSION);
    json_write_int(out.line, "schema", store_schema(store));
    json_write_int(out.line, "at", now);
    if (since > 0)
        json_write_int(out.line, "since", since);
    bool done = store_read_begin(store) && end_line(&out) &&
                write_rows(&out, "person",
                           sql_query(store,
                                     "SELECT id, platform, workspace, user, name, handle, zone, locale, bot, guest,"
                                     " deleted FROM person ORDER BY id",
                                     "")) &&
                write_rows(&out, "channel",
                           sql_query(store,
                                     "SELECT id, platform, workspace, channel, name, kind, member FROM channel ORDER BY id",
                                     "")) &&
                write_rows(&out, "presence",
                           sql_query(store, "SELECT channel, person, gone FROM presence ORDER BY channel, person", "")) &&
                write_events(&out, since);
    store_read_end(store);
    g_string_free(out.line, TRUE);
    return done;
}
