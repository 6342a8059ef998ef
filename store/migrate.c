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

/* Schema files are numbered from 001 without gaps; the database's user_version is the last one applied. */
bool store_migrate(struct store *store, GError **error)
{
    int64_t version = pragma_number(store, "PRAGMA user_version");
    if (version < 0)
        return store_error_from_sqlite(store->db, store->path, "reading its version", error);
    int64_t tables = pragma_number(store, "SELECT count(*) FROM sqlite_schema");
    if (version == 0 && tables > 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT,
                    "%s: is a database of another program; give askwhy a file of its own", store->path);
        return false;
    }
    int64_t newest = 0;
    for (const struct embedded_file *file = schema_files; file->name != NULL; file++)
        newest = atoi(file->name);
    if (version > newest) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
                    "%s: was written by a newer askwhy (schema %d; this one knows %d); install that version, or restore an older backup",
                    store->path, (int)version, (int)newest);
        return false;
    }
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
