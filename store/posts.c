#include "store/sql.h"

#include "bot/chat/platform.h"

void post_done(struct post *post)
{
    g_free(post->purpose);
    g_free(post->message);
    *post = (struct post){0};
}

int64_t store_add_post(struct store *store, const char *purpose, int64_t ask, int64_t subject, int64_t channel,
                       int64_t thread)
{
    sql_run(store, "INSERT INTO post (purpose, ask, subject, channel, thread) VALUES (?1, ?2, ?3, ?4, ?5)", "tIIII",
            purpose, ask, subject, channel, thread);
    return store->failure == NULL ? sqlite3_last_insert_rowid(store->db) : 0;
}

static bool read_post(struct store *store, sqlite3_stmt *row, struct post *post)
{
    *post = (struct post){0};
    if (!sql_step(store, row))
        return false;
    *post = (struct post){
        .id = sqlite3_column_int64(row, 0),
        .purpose = sql_column(row, 1),
        .ask = sqlite3_column_int64(row, 2),
        .subject = sqlite3_column_int64(row, 3),
        .channel = sqlite3_column_int64(row, 4),
        .thread = sqlite3_column_int64(row, 5),
        .message = sql_column(row, 6),
    };
    sql_end(row);
    return true;
}

#define POST "SELECT id, purpose, ask, subject, channel, thread, message FROM post "

bool store_get_post(struct store *store, int64_t id, struct post *post)
{
    return read_post(store, sql_query(store, POST "WHERE id = ?1", "i", id), post);
}

bool store_find_post(struct store *store, int64_t channel, const char *message, struct post *post)
{
    return read_post(store, sql_query(store, POST "WHERE channel = ?1 AND message = ?2", "it", channel, message), post);
}

int64_t store_post_of_ask(struct store *store, int64_t ask, const char *purpose)
{
    return sql_number(store, "SELECT max(id) FROM post WHERE ask = ?1 AND purpose = ?2", "it", ask, purpose);
}

void outbox_row_done(struct outbox_row *row)
{
    char *const owned[] = {row->op,  row->platform, row->root,  row->message,
                           row->url, row->trigger,  row->emoji, row->content};
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    *row = (struct outbox_row){0};
}

int64_t store_enqueue(struct store *store, const struct outbox_row *row)
{
    g_autofree char *op = NULL;
    if (row->op == NULL)
        op = g_strdup_printf("%08x%08x", g_random_int(), g_random_int());
    sql_run(store,
            "INSERT INTO outbox (op, kind, platform, channel, post, thread, root, message, person, url, trigger, emoji,"
            " content, due_at, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            "tdtIIIttIttttii", row->op != NULL ? row->op : op, row->kind, row->platform, row->channel, row->post,
            row->thread, row->root, row->message, row->person, row->url, row->trigger, row->emoji, row->content,
            row->due_at, row->made_at);
    return store->failure == NULL ? sqlite3_last_insert_rowid(store->db) : 0;
}

GArray *store_outbox(struct store *store, int64_t after)
{
    return store_outbox_next(store, after, -1);
}

GArray *store_outbox_next(struct store *store, int64_t after, int most)
{
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct outbox_row));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT id, op, kind, platform, channel, post, thread, root, message, person, url,"
                                  " trigger, emoji, content, due_at, made_at, attempts FROM outbox"
                                  " WHERE id > ?1 AND parked IS NULL ORDER BY id LIMIT ?2",
                                  "id", after, most);
    while (sql_step(store, row)) {
        struct outbox_row out = {
            .id = sqlite3_column_int64(row, 0),
            .op = sql_column(row, 1),
            .kind = sqlite3_column_int(row, 2),
            .platform = sql_column(row, 3),
            .channel = sqlite3_column_int64(row, 4),
            .post = sqlite3_column_int64(row, 5),
            .thread = sqlite3_column_int64(row, 6),
            .root = sql_column(row, 7),
            .message = sql_column(row, 8),
            .person = sqlite3_column_int64(row, 9),
            .url = sql_column(row, 10),
            .trigger = sql_column(row, 11),
            .emoji = sql_column(row, 12),
            .content = sql_column(row, 13),
            .due_at = sqlite3_column_int64(row, 14),
            .made_at = sqlite3_column_int64(row, 15),
            .attempts = sqlite3_column_int(row, 16),
        };
        g_array_append_val(rows, out);
    }
    return rows;
}

void store_sent(struct store *store, int64_t row, int64_t post, const char *message)
{
    if (post != 0 && message != NULL)
        sql_run(store, "UPDATE OR IGNORE post SET message = ?2 WHERE id = ?1", "it", post, message);
    sql_run(store, "DELETE FROM outbox WHERE id = ?1", "i", row);
}

void store_uploaded(struct store *store, int64_t row, const char *file)
{
    sql_run(store, "UPDATE outbox SET message = ?2 WHERE id = ?1", "it", row, file);
}

/* Of a digest's replies none is edited later: those of an ask's are found by their ask. */
#define WITH_REPLIES "id = ?1 OR (thread = ?1 AND ask = (SELECT ask FROM post WHERE id = ?1))"

void store_unplace(struct store *store, int64_t post)
{
    sql_run(store, "UPDATE post SET message = NULL WHERE " WITH_REPLIES, "i", post);
    sql_run(store,
            "DELETE FROM outbox WHERE kind = ?2 AND parked IS NOT NULL AND post IN (SELECT id FROM post WHERE " WITH_REPLIES ")",
            "id", post, (int)OUT_UPDATE);
}

bool store_will_place(struct store *store, int64_t post)
{
    return sql_number(store, "SELECT count(*) FROM outbox WHERE post = ?1 AND kind = ?2", "id", post, (int)OUT_POST) > 0;
}

void store_park(struct store *store, int64_t row, const char *why)
{
    sql_run(store, "UPDATE outbox SET parked = ?2 WHERE id = ?1", "it", row, why);
}

int store_unpark(struct store *store, int64_t channel)
{
    sql_run(store, "UPDATE outbox SET parked = NULL, attempts = 0 WHERE channel = ?1 AND parked IS NOT NULL", "i",
            channel);
    return sqlite3_changes(store->db);
}

int64_t store_outbox_newest(struct store *store)
{
    return sql_number(store, "SELECT max(id) FROM outbox", "");
}

GArray *store_parked(struct store *store)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct parked));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT o.id, o.parked, coalesce(c.name, c.channel, ''), o.kind, o.made_at FROM outbox o"
                                  " LEFT JOIN channel c ON c.id = o.channel WHERE o.parked IS NOT NULL ORDER BY o.id",
                                  "");
    while (sql_step(store, row)) {
        struct parked parked = {.id = sqlite3_column_int64(row, 0),
                                .why = sql_column(row, 1),
                                .channel = sql_column(row, 2),
                                .kind = sqlite3_column_int(row, 3),
                                .made_at = sqlite3_column_int64(row, 4)};
        g_array_append_val(all, parked);
    }
    return all;
}

bool store_inbox_add(struct store *store, const char *key, int64_t now)
{
    if (key == NULL)
        return true;
    sql_run(store, "INSERT OR IGNORE INTO inbox (key, at) VALUES (?1, ?2)", "ti", key, now);
    return store->failure == NULL && sqlite3_changes(store->db) > 0;
}

bool store_inbox_trim(struct store *store, int64_t before, int limit)
{
    /* Rows stand in order of time, so only the front is looked at. */
    sql_run(store,
            "DELETE FROM inbox WHERE id IN (SELECT id FROM (SELECT id, at FROM inbox ORDER BY id LIMIT ?2) WHERE at < ?1)",
            "id", before, limit);
    return sqlite3_changes(store->db) >= limit;
}
