#include "bot/base/embed.h"
#include "bot/base/log.h"
#include "store/sql.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

static int64_t pragma_number(struct store *store, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(store->db, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

int64_t store_newest_schema(void)
{
    int64_t newest = 0;
    for (const struct embedded_file *file = schema_files; file->name != NULL; file++)
        newest = atoi(file->name);
    return newest;
}

bool store_read_schema(struct store *store, int64_t *version, GError **error)
{
    *version = pragma_number(store, "PRAGMA user_version");
    int64_t tables = *version >= 0 ? pragma_number(store, "SELECT count(*) FROM sqlite_schema") : -1;
    if (tables < 0)
        return store_error_from_sqlite(store->db, store->path, "reading its version", error);
    bool ours = pragma_number(store, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                                     " AND name IN ('log', 'words', 'outbox')") == 3;
    if (tables > 0 && (*version == 0 || !ours)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT,
                    "%s: is a database of another program; give askwhy a file of its own", store->path);
        return false;
    }
    if (*version > store_newest_schema()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
                    "%s: was written by a newer askwhy (schema %d; this one knows %d); install that version, or restore an older backup",
                    store->path, (int)*version, (int)store_newest_schema());
        return false;
    }
    return true;
}

bool store_check_schema(struct store *store, GError **error)
{
    int64_t version;
    if (!store_read_schema(store, &version, error))
        return false;
    if (version < store_newest_schema()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_OLDER,
                    "%s: %s; `askwhy run` brings it up to date", store->path,
                    version == 0 ? "is empty" : "was written by an older askwhy");
        return false;
    }
    return true;
}

/* Schema files are numbered from 001 without gaps; the database's user_version is the last one applied. */
bool store_migrate(struct store *store, GError **error)
{
    int64_t version, newest = store_newest_schema();
    if (!store_read_schema(store, &version, error))
        return false;
    if (version == newest)
        return true;
    if (version > 0) {
        g_autofree char *copy = g_strdup_printf("%s.before-%d", store->path, (int)newest);
        if (!store_backup(store, copy, error))
            return false;
        log_info("store.migrate", "from=%d to=%d copy=%s", (int)version, (int)newest, copy);
    }
    for (const struct embedded_file *file = schema_files; file->name != NULL; file++) {
        if (atoi(file->name) <= version)
            continue;
        g_autofree char *text = g_strdup_printf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", file->data,
                                                atoi(file->name));
        if (sqlite3_exec(store->db, text, NULL, NULL, NULL) != SQLITE_OK) {
            store_error_from_sqlite(store->db, store->path, file->name, error);
            store_rollback(store);
            return false;
        }
    }
    g_chmod(store->path, 0600);
    return true;
}
