#include "store/copies.h"

#include "store/sql.h"
#include "store/tokenizer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool set_errno(GError **error, const char *path, const char *what)
{
    int number = errno;
    g_set_error(error, STORE_ERROR, number == ENOSPC ? STORE_ERROR_FULL : STORE_ERROR_IO, "%s: %s: %s", path, what,
                g_strerror(number));
    return false;
}

static bool write_copy(sqlite3 *from, const char *to, GError **error)
{
    sqlite3 *copy = NULL;
    bool done = false;
    if (sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", from, "main");
        if (backup != NULL)
            sqlite3_backup_step(backup, -1);
        /* One file and nothing beside it: askwhy turns the write-ahead log on again when it opens it. */
        done = backup != NULL && sqlite3_backup_finish(backup) == SQLITE_OK &&
               sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;
    }
    if (!done)
        store_error_from_sqlite(copy, to, "writing the copy", error);
    sqlite3_close(copy);
    if (done)
        g_chmod(to, 0600);
    return done;
}

bool store_backup(struct store *store, const char *to, GError **error)
{
    return write_copy(store->db, to, error);
}

static bool has_beside(const char *path, const char *suffix)
{
    g_autofree char *whole = g_strconcat(path, suffix, NULL);
    return g_file_test(whole, G_FILE_TEST_EXISTS);
}

/* For reading alone. Where no write-ahead log stands beside it, the file is all there is, and nothing is made beside it. */
static struct store *open_unchanged(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_READONLY, "%s: cannot be read: %s", path, g_strerror(errno));
        return NULL;
    }
    close(fd);
    bool has_log = has_beside(path, "-wal") || has_beside(path, "-shm");
    if (has_log && !store_check_owner(path, error))
        return NULL;
    struct store *store = store_handle(path, STORE_READ);
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    g_autofree char *escaped = g_uri_escape_string(absolute, "/", FALSE);
    g_autofree char *uri = g_strconcat("file:", escaped, has_log ? "" : "?immutable=1", NULL);
    int flags = (has_log ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(uri, &store->db, flags, NULL) == SQLITE_OK) {
        sqlite3_extended_result_codes(store->db, 1);
        sqlite3_busy_timeout(store->db, 5000);
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        if (store_register_tokenizer(store->db) &&
            sqlite3_exec(store->db, "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON", NULL, NULL, NULL) == SQLITE_OK)
            return store;
    }
    store_error_from_sqlite(store->db, path, "opening", error);
    store_close(store);
    return NULL;
}

static bool read_contents(struct store *store, struct store_contents *contents, GError **error)
{
    int64_t version;
    if (!store_read_schema(store, &version, error))
        return false;
    if (version == 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: is empty, not a database of askwhy", store->path);
        return false;
    }
    g_autofree char *wrong = store_integrity(store);
    if (wrong != NULL) {
        g_strchomp(wrong);
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: is damaged: %s", store->path, wrong);
        return false;
    }
    *contents = (struct store_contents){
        .schema = (int)version,
        .entries = sql_number(store, "SELECT count(*) FROM log", ""),
        .asks = sql_number(store, "SELECT count(*) FROM ask", ""),
        .newest_at = sql_number(store, "SELECT max(at) FROM log", ""),
    };
    if (store->failure == NULL)
        return true;
    g_propagate_error(error, g_error_copy(store->failure));
    return false;
}

bool store_examine(const char *path, struct store_contents *contents, GError **error)
{
    struct store *store = open_unchanged(path, error);
    bool sound = store != NULL && read_contents(store, contents, error);
    store_close(store);
    return sound;
}

static bool sync_path(const char *path, int flags, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (!done)
        set_errno(error, path, "cannot be made durable");
    if (fd >= 0)
        close(fd);
    return done;
}

static bool sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return sync_path(folder, O_RDONLY | O_DIRECTORY, error);
}

/* A sound copy under a name nobody looks at yet; free with g_free(). */
static char *make_draft(sqlite3 *from, const char *to, GError **error)
{
    g_autofree char *draft = g_strconcat(to, ".part", NULL);
    g_autofree char *journal = g_strconcat(draft, "-journal", NULL);
    g_unlink(draft);
    g_unlink(journal);
    int fd = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        set_errno(error, draft, "cannot be made");
        return NULL;
    }
    close(fd);
    struct store_contents contents;
    if (write_copy(from, draft, error) && store_examine(draft, &contents, error) && sync_path(draft, O_RDONLY, error))
        return g_steal_pointer(&draft);
    g_unlink(draft);
    g_unlink(journal);
    return NULL;
}

bool store_copy(struct store *from, const char *to, GError **error)
{
    if (g_file_test(to, G_FILE_TEST_EXISTS) || g_file_test(to, G_FILE_TEST_IS_SYMLINK)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_IO, "%s: is there already; name another file, or move it away", to);
        return false;
    }
    g_autofree char *draft = make_draft(from->db, to, error);
    if (draft == NULL)
        return false;
    /* Unlike rename(), a link never takes the place of a file made meanwhile. */
    bool done = link(draft, to) == 0 || set_errno(error, to, "cannot be made");
    g_unlink(draft);
    return done && sync_folder_of(to, error);
}

/* Everything into the one file, so that it is whole under another name too. */
static void empty_log_of(const char *path)
{
    sqlite3 *db = NULL;
    /* A connection that has read nothing knows of no log yet. */
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(db);
}

static char *free_name(const char *path)
{
    char *name = g_strconcat(path, ".before-restore", NULL);
    for (int i = 2; g_file_test(name, G_FILE_TEST_EXISTS); i++) {
        g_free(name);
        name = g_strdup_printf("%s.before-restore-%d", path, i);
    }
    return name;
}

static bool set_aside(const char *path, const char *kept, GError **error)
{
    empty_log_of(path);
    /* What could not be emptied (of a damaged database) goes with the file it belongs to. */
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autofree char *kept_log = g_strconcat(kept, "-wal", NULL);
    g_autofree char *index = g_strconcat(path, "-shm", NULL);
    if (link(path, kept) != 0)
        return set_errno(error, kept, "cannot be made");
    if (rename(log, kept_log) != 0 && errno != ENOENT)
        return set_errno(error, log, "cannot be moved away");
    if (g_unlink(index) != 0 && errno != ENOENT)
        return set_errno(error, index, "cannot be removed");
    return sync_folder_of(path, error);
}

bool store_replace(const char *path, const char *from, char **kept, GError **error)
{
    *kept = NULL;
    struct store *source = open_unchanged(from, error);
    g_autofree char *draft = source != NULL ? make_draft(source->db, path, error) : NULL;
    store_close(source);
    if (draft == NULL)
        return false;
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *name = free_name(path);
        if (!set_aside(path, name, error)) {
            g_unlink(draft);
            return false;
        }
        *kept = g_steal_pointer(&name);
    }
    if (rename(draft, path) != 0) {
        set_errno(error, path, "cannot be replaced");
        g_unlink(draft);
        return false;
    }
    return sync_folder_of(path, error);
}
