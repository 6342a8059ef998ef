#include "store/copies.h"
#include "store/sql.h"
#include "store/tokenizer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(askwhy-store-error-quark, store_error)

bool store_error_from_sqlite(sqlite3 *db, const char *path, const char *doing, GError **error)
{
    int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    const char *text = db != NULL ? sqlite3_errmsg(db) : "out of memory";
    enum store_error kind;
    const char *advice;
    switch (code & 0xff) {
    case SQLITE_FULL:
        kind = STORE_ERROR_FULL;
        advice = "free some space on its disk";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        kind = STORE_ERROR_READONLY;
        advice = "the folder and the file must exist and be writable by the user askwhy runs as";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        kind = STORE_ERROR_CORRUPT;
        advice = "restore a backup with `askwhy restore`; the damaged file was left as it is";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        kind = STORE_ERROR_BUSY;
        advice = "another program holds it open";
        break;
    case SQLITE_IOERR:
        kind = STORE_ERROR_IO;
        advice = "check its disk";
        break;
    default:
        kind = STORE_ERROR_BUG;
        advice = "please report this";
        break;
    }
    g_set_error(error, STORE_ERROR, kind, "%s: %s: %s (%d); %s", path, doing, text, code, advice);
    return false;
}

void sql_fail(struct store *store, const char *doing)
{
    store->shaken = true;
    if (store->failure == NULL)
        store_error_from_sqlite(store->db, store->path, doing, &store->failure);
}

static void finalize(void *statement)
{
    sqlite3_finalize(statement);
}

static bool exec(struct store *store, const char *text, GError **error)
{
    if (sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return store_error_from_sqlite(store->db, store->path, "opening", error);
}

/* One askwhy a database: the lock is held by the open descriptor, so it cannot outlive the process. */
int store_lock(const char *database, GError **error)
{
    g_autofree char *path = g_strconcat(database, ".lock", NULL);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY,
                    "%s: cannot be opened: %s; the folder must exist and be writable by the user askwhy runs as (now user id %d)",
                    path, g_strerror(errno), (int)geteuid());
        return -1;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
                    "%s: another askwhy is running on this database; stop it first, or give this one its own ASKWHY_DATABASE",
                    database);
        return -1;
    }
    return lock;
}

/* SQLite gives the files beside a database its permissions: they must be right from the first moment. */
static bool make_private(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY,
                    "%s: cannot be opened: %s; the folder and the file must be writable by the user askwhy runs as", path,
                    g_strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

/* A file of another user would be opened, and would leave files behind the service cannot open. */
bool store_check_owner(const char *path, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return true;
    if (status.st_uid != geteuid()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY,
                    "%s: belongs to user id %d, but askwhy runs as user id %d; run it as that user (for example with sudo -u)",
                    path, (int)status.st_uid, (int)geteuid());
        return false;
    }
    if (access(path, R_OK | W_OK) != 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY, "%s: cannot be written: %s", path, g_strerror(errno));
        return false;
    }
    return true;
}

static int note_wal(void *data, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct store *)data)->wal_pages = pages;
    return SQLITE_OK;
}

struct store *store_handle(const char *path, enum store_mode mode)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        /* That SQLite counts its memory costs each allocation two locks. */
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&once, 1);
    }
    struct store *store = g_new0(struct store, 1);
    store->path = g_strdup(path);
    store->mode = mode;
    store->lock = -1;
    store->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, finalize);
    store->unindexed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return store;
}

struct store *store_open(const char *path, enum store_mode mode, GError **error)
{
    struct store *store = store_handle(path, mode);
    bool memory = strcmp(path, ":memory:") == 0;
    if (!memory && !store_check_owner(path, error))
        goto failed;
    if (mode == STORE_WRITE && !memory &&
        ((store->lock = store_lock(path, error)) < 0 || !make_private(path, error)))
        goto failed;
    int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        store_error_from_sqlite(store->db, path, "opening", error);
        goto failed;
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
    /* Plans do not depend on bound values: else statements near a partial index are planned anew each time. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    if (!store_register_visibility(store->db) || !store_register_tokenizer(store->db)) {
        store_error_from_sqlite(store->db, path, "opening", error);
        goto failed;
    }
    if (!exec(store, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -2048;"
                     " PRAGMA temp_store = MEMORY;", error))
        goto failed;
    /* A reader changes nothing, but may move the write-ahead log into the database. */
    if (mode == STORE_READ && (!exec(store, "PRAGMA query_only = ON", error) || !store_check_schema(store, error)))
        goto failed;
    if (mode == STORE_WRITE &&
        (!exec(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;", error) ||
         !store_migrate(store, error)))
        goto failed;
    if (mode == STORE_WRITE) {
        sqlite3_wal_hook(store->db, note_wal, store);
        known_begin(store);
        search_resume(store);
        if (store->failure != NULL) {
            g_propagate_error(error, g_steal_pointer(&store->failure));
            goto failed;
        }
    }
    return store;
failed:
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    g_hash_table_destroy(store->statements);
    g_hash_table_destroy(store->unindexed);
    sqlite3_close(store->db);
    known_end(store);
    if (store->lock >= 0)
        close(store->lock);
    g_clear_error(&store->failure);
    g_free(store->path);
    g_free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

const GError *store_failed(const struct store *store)
{
    return store->failure;
}

void store_forget_error(struct store *store)
{
    g_clear_error(&store->failure);
}

bool store_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->db) == 0;
}

/* lives: texts outlive the statement's run. */
static bool bind(sqlite3_stmt *statement, bool lives, const char *types, va_list args)
{
    int result = SQLITE_OK;
    for (int i = 1; *types != '\0' && result == SQLITE_OK; types++, i++) {
        int64_t number = 0;
        const char *text = NULL;
        switch (*types) {
        case 'd':
            result = sqlite3_bind_int(statement, i, va_arg(args, int));
            break;
        case 'i':
            result = sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
            break;
        case 'I':
            number = va_arg(args, int64_t);
            result = number != 0 ? sqlite3_bind_int64(statement, i, number) : sqlite3_bind_null(statement, i);
            break;
        case 'r':
            result = sqlite3_bind_double(statement, i, va_arg(args, double));
            break;
        case 't':
            text = va_arg(args, const char *);
            result = text != NULL ? sqlite3_bind_text(statement, i, text, -1, lives ? SQLITE_STATIC : SQLITE_TRANSIENT)
                                  : sqlite3_bind_null(statement, i);
            break;
        default:
            g_error("unknown parameter type %c", *types);
        }
    }
    return result == SQLITE_OK;
}

static sqlite3_stmt *query_va(struct store *store, bool lives, const char *literal, const char *types, va_list args)
{
    if (store->failure != NULL)
        return NULL;
    sqlite3_stmt *statement = g_hash_table_lookup(store->statements, literal);
    if (statement == NULL) {
        if (sqlite3_prepare_v3(store->db, literal, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
            sql_fail(store, literal);
            return NULL;
        }
        g_hash_table_insert(store->statements, (void *)literal, statement);
    }
    g_assert(!sqlite3_stmt_busy(statement));
    if (!bind(statement, lives, types, args)) {
        sql_fail(store, literal);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *sql_query(struct store *store, const char *literal, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = query_va(store, false, literal, types, args);
    va_end(args);
    return statement;
}

void sql_end(sqlite3_stmt *statement)
{
    if (statement == NULL)
        return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

bool sql_step(struct store *store, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return false;
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        sql_fail(store, sqlite3_sql(statement));
    sql_end(statement);
    return false;
}

bool sql_run(struct store *store, const char *literal, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = query_va(store, true, literal, types, args);
    va_end(args);
    while (sql_step(store, statement))
        continue;
    return store->failure == NULL;
}

int64_t sql_number(struct store *store, const char *literal, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = query_va(store, true, literal, types, args);
    va_end(args);
    int64_t number = 0;
    if (sql_step(store, statement)) {
        number = sqlite3_column_int64(statement, 0);
        sql_end(statement);
    }
    return number;
}

char *sql_column(sqlite3_stmt *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

char *sql_shared(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? g_ref_string_new(text) : NULL;
}

char *sql_text(struct store *store, const char *literal, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = query_va(store, true, literal, types, args);
    va_end(args);
    char *text = NULL;
    if (sql_step(store, statement)) {
        text = sql_column(statement, 0);
        sql_end(statement);
    }
    return text;
}

/* An error can end the transaction in the midst of what the full-text index does; what it counts after that, it keeps
 * in memory, wrong, and would write with the next ask. Rolled back once more it forgets: no row need be touched. */
static void steady(struct store *store)
{
    if (sqlite3_exec(store->db, "BEGIN IMMEDIATE; DELETE FROM ask_text WHERE 0", NULL, NULL, NULL) == SQLITE_OK)
        store->shaken = false;
    if (store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_begin(struct store *store)
{
    if (store->shaken && !store_in_transaction(store))
        steady(store);
    return sql_run(store, "BEGIN IMMEDIATE", "");
}

bool store_commit(struct store *store)
{
    bool index = store->index_wanted;
    if (index)
        search_write(store);
    if (sql_run(store, "COMMIT", "")) {
        if (index)
            search_written(store);
        return true;
    }
    if (store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

void store_rollback(struct store *store)
{
    if (store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    g_clear_error(&store->failure);
}

bool store_read_begin(struct store *store)
{
    return !store_in_transaction(store) && sql_run(store, "BEGIN", "");
}

void store_read_end(struct store *store)
{
    if (!sql_run(store, "COMMIT", "") && store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_part_begin(struct store *store)
{
    return sql_run(store, "SAVEPOINT part", "");
}

void store_part_undo(struct store *store)
{
    if (store_in_transaction(store))
        sqlite3_exec(store->db, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
    if (store->people != NULL)
        known_forget_all(store);
}

bool store_part_end(struct store *store)
{
    if (sql_run(store, "RELEASE part", ""))
        return true;
    /* A full disk or an I/O error has rolled back everything, the savepoint with it. */
    store_part_undo(store);
    return false;
}

void store_checkpoint(struct store *store)
{
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

bool store_rest(struct store *store)
{
    bool more = search_tidy(store);
    if (store->people != NULL)
        known_forget_all(store);
    sqlite3_db_release_memory(store->db);
    return more;
}

int store_wal_pages(const struct store *store)
{
    return store->wal_pages;
}

int store_schema(struct store *store)
{
    return (int)sql_number(store, "PRAGMA user_version", "");
}

int64_t store_newest_entry(struct store *store)
{
    return sql_number(store, "SELECT at FROM log ORDER BY id DESC LIMIT 1", "");
}

char *store_integrity(struct store *store)
{
    GString *wrong = g_string_new(NULL);
    sqlite3_stmt *statement = sql_query(store, "PRAGMA integrity_check(20)", "");
    while (sql_step(store, statement)) {
        const char *line = (const char *)sqlite3_column_text(statement, 0);
        if (g_strcmp0(line, "ok") != 0)
            g_string_append_printf(wrong, "%s\n", line);
    }
    if (store->failure != NULL)
        g_string_append(wrong, store->failure->message);
    return g_string_free(wrong, wrong->len == 0);
}
