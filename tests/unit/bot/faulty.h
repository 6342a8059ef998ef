/* A disk that fails when told to: an SQLite VFS in front of the usual one. It counts the calls of one kind that
 * this thread makes (or all others), and fails the chosen one, alone or with all that follow. Nothing is really
 * synced: whether a sync is believed is what counts here, and the stories run in no time.
 *
 * Told to remember, it also knows what would be left after a loss of power: what was written and then synced. Pages
 * whose sync failed are clean afterwards, though they never reached the disk, as Linux does it: the next sync succeeds
 * and they are still not there. */
#ifndef ASKWHY_TEST_FAULTY_H
#define ASKWHY_TEST_FAULTY_H

#include <glib.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

enum fault {
    FAULT_WRITE,
    FAULT_NO_ROOM,
    FAULT_SHORT_WRITE,
    FAULT_SYNC,
    FAULT_READ,
    FAULT_TRUNCATE,
    FAULT_OPEN,
    FAULTS,
};

static struct {
    sqlite3_vfs vfs, *usual;
    pthread_t thread;
    bool elsewhere; /* the calls of all other threads */
    _Atomic bool armed;
    bool lasting;
    enum fault kind;
    _Atomic int left;   /* calls that succeed yet */
    _Atomic int failed; /* calls that did not */
    _Atomic int all_failed; /* of all stories */
    void (*at_sync)(void);  /* a slow disk's time passes; NULL for none */
    bool torn;              /* of a sync that fails every second page arrives */
    /* What is remembered; under lock. */
    pthread_mutex_t lock;
    GHashTable *media; /* path → struct medium; NULL: nothing is */
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum { DISK_PAGE = 4096 };

struct medium {
    GByteArray *safe;  /* what is left after a loss of power */
    GHashTable *dirty; /* numbers of pages written since they were synced */
};

/* The usual file stands behind it. */
struct faulty_file {
    sqlite3_file base;
    struct medium *medium; /* the disk's; NULL: not remembered */
    sqlite3_file real[];
};

static inline void disk_will_fail(enum fault kind, int after, bool lasting)
{
    disk.thread = pthread_self();
    disk.kind = kind;
    disk.left = after;
    disk.lasting = lasting;
    disk.failed = 0;
    disk.elsewhere = false;
    disk.armed = true;
}

/* The same for all threads but this one. */
static inline void disk_will_fail_others(enum fault kind, int after, bool lasting)
{
    disk_will_fail(kind, after, lasting);
    disk.elsewhere = true;
}

static inline void disk_is_well(void)
{
    disk.armed = false;
}

static inline bool fails(enum fault kind)
{
    if (!disk.armed || disk.kind != kind || (pthread_equal(disk.thread, pthread_self()) != 0) == disk.elsewhere)
        return false;
    if (disk.left > 0) {
        disk.left--;
        return false;
    }
    if (disk.failed > 0 && !disk.lasting)
        return false;
    disk.failed++;
    disk.all_failed++;
    return true;
}

static inline sqlite3_file *behind(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

/* ---- what is remembered ---- */

static inline void medium_free(void *data)
{
    struct medium *medium = data;
    g_byte_array_unref(medium->safe);
    g_hash_table_destroy(medium->dirty);
    g_free(medium);
}

static inline struct medium *medium_of(const char *path)
{
    if (disk.media == NULL || path == NULL)
        return NULL;
    pthread_mutex_lock(&disk.lock);
    struct medium *medium = g_hash_table_lookup(disk.media, path);
    if (medium == NULL) {
        medium = g_new0(struct medium, 1);
        medium->safe = g_byte_array_new();
        medium->dirty = g_hash_table_new(NULL, NULL);
        g_autofree char *content = NULL;
        gsize size = 0;
        if (g_file_get_contents(path, &content, &size, NULL))
            g_byte_array_append(medium->safe, (const guint8 *)content, (guint)size);
        g_hash_table_insert(disk.media, g_strdup(path), medium);
    }
    pthread_mutex_unlock(&disk.lock);
    return medium;
}

static inline void medium_written(struct medium *medium, sqlite3_int64 at, int size)
{
    pthread_mutex_lock(&disk.lock);
    for (sqlite3_int64 page = at / DISK_PAGE; medium != NULL && size > 0 && page <= (at + size - 1) / DISK_PAGE; page++)
        g_hash_table_add(medium->dirty, GINT_TO_POINTER((int)page));
    pthread_mutex_unlock(&disk.lock);
}

/* One page as it is now reaches the disk. */
static inline void medium_keep(struct medium *medium, sqlite3_file *real, int page)
{
    sqlite3_int64 size = 0, at = (sqlite3_int64)page * DISK_PAGE;
    real->pMethods->xFileSize(real, &size);
    int part = (int)CLAMP(size - at, 0, DISK_PAGE);
    if (part == 0)
        return;
    if (medium->safe->len < at + part) {
        guint before = medium->safe->len;
        g_byte_array_set_size(medium->safe, (guint)(at + part));
        memset(medium->safe->data + before, 0, medium->safe->len - before);
    }
    real->pMethods->xRead(real, medium->safe->data + at, part, at);
}

/* keeps: whether the pages written since are on the disk; they count as clean either way. */
static inline void medium_synced(struct medium *medium, sqlite3_file *real, bool keeps)
{
    if (medium == NULL)
        return;
    pthread_mutex_lock(&disk.lock);
    GHashTableIter iter;
    gpointer page;
    g_hash_table_iter_init(&iter, medium->dirty);
    while (g_hash_table_iter_next(&iter, &page, NULL)) {
        if (keeps || (disk.torn && GPOINTER_TO_INT(page) % 2 == 0))
            medium_keep(medium, real, GPOINTER_TO_INT(page));
    }
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    if (keeps && size < medium->safe->len)
        g_byte_array_set_size(medium->safe, (guint)size);
    g_hash_table_remove_all(medium->dirty);
    pthread_mutex_unlock(&disk.lock);
}

static inline void disk_remembers(void)
{
    disk.media = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, medium_free);
}

static inline void disk_forgets(void)
{
    g_clear_pointer(&disk.media, g_hash_table_destroy);
}

/* Power is lost: what is left of the files beside path goes to the folder to. */
static inline void disk_loses_power(const char *path, const char *to)
{
    static const char *const beside[] = {"", "-wal", "-journal", ".before-2"};
    pthread_mutex_lock(&disk.lock);
    for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
        g_autofree char *from = g_strconcat(path, beside[i], NULL);
        g_autofree char *name = g_path_get_basename(from);
        g_autofree char *into = g_build_filename(to, name, NULL);
        const struct medium *medium = g_hash_table_lookup(disk.media, from);
        g_autofree char *untouched = NULL;
        gsize size = 0;
        if (medium != NULL)
            g_file_set_contents(into, (const char *)medium->safe->data, medium->safe->len, NULL);
        else if (g_file_get_contents(from, &untouched, &size, NULL))
            g_file_set_contents(into, untouched, (gssize)size, NULL);
    }
    pthread_mutex_unlock(&disk.lock);
}

/* ---- the file ---- */

static inline int faulty_close(sqlite3_file *file)
{
    return behind(file)->pMethods->xClose(behind(file));
}

static inline int faulty_read(sqlite3_file *file, void *into, int size, sqlite3_int64 at)
{
    return fails(FAULT_READ) ? SQLITE_IOERR_READ : behind(file)->pMethods->xRead(behind(file), into, size, at);
}

static inline struct medium *of(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->medium;
}

static inline int faulty_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    if (fails(FAULT_WRITE))
        return SQLITE_IOERR_WRITE;
    if (fails(FAULT_NO_ROOM))
        return SQLITE_FULL;
    bool halfway = fails(FAULT_SHORT_WRITE);
    int result = behind(file)->pMethods->xWrite(behind(file), from, halfway ? size / 2 : size, at);
    medium_written(of(file), at, halfway ? size / 2 : size);
    return halfway ? SQLITE_IOERR_WRITE : result;
}

static inline int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE : behind(file)->pMethods->xTruncate(behind(file), size);
}

static inline int faulty_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    if (disk.at_sync != NULL)
        disk.at_sync();
    bool failed = fails(FAULT_SYNC);
    medium_synced(of(file), behind(file), !failed);
    return failed ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static inline int faulty_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return behind(file)->pMethods->xFileSize(behind(file), size);
}

static inline int faulty_lock(sqlite3_file *file, int level)
{
    return behind(file)->pMethods->xLock(behind(file), level);
}

static inline int faulty_unlock(sqlite3_file *file, int level)
{
    return behind(file)->pMethods->xUnlock(behind(file), level);
}

static inline int faulty_is_locked(sqlite3_file *file, int *locked)
{
    return behind(file)->pMethods->xCheckReservedLock(behind(file), locked);
}

static inline int faulty_control(sqlite3_file *file, int what, void *data)
{
    return behind(file)->pMethods->xFileControl(behind(file), what, data);
}

static inline int faulty_sector(sqlite3_file *file)
{
    return behind(file)->pMethods->xSectorSize(behind(file));
}

static inline int faulty_device(sqlite3_file *file)
{
    return behind(file)->pMethods->xDeviceCharacteristics(behind(file));
}

static inline int faulty_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **into)
{
    return behind(file)->pMethods->xShmMap(behind(file), page, size, extend, into);
}

static inline int faulty_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return behind(file)->pMethods->xShmLock(behind(file), offset, n, flags);
}

static inline void faulty_shm_barrier(sqlite3_file *file)
{
    behind(file)->pMethods->xShmBarrier(behind(file));
}

static inline int faulty_shm_unmap(sqlite3_file *file, int remove)
{
    return behind(file)->pMethods->xShmUnmap(behind(file), remove);
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 2, /* without memory maps: every read is seen */
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_is_locked,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_device,
    .xShmMap = faulty_shm_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_shm_barrier,
    .xShmUnmap = faulty_shm_unmap,
};

static inline int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *got)
{
    (void)vfs;
    file->pMethods = NULL;
    if (fails(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    int result = disk.usual->xOpen(disk.usual, name, behind(file), flags, got);
    file->pMethods = behind(file)->pMethods != NULL ? &faulty_methods : NULL;
    ((struct faulty_file *)file)->medium = result == SQLITE_OK ? medium_of(name) : NULL;
    return result;
}

static inline int faulty_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    pthread_mutex_lock(&disk.lock);
    if (disk.media != NULL)
        g_hash_table_remove(disk.media, name);
    pthread_mutex_unlock(&disk.lock);
    return disk.usual->xDelete(disk.usual, name, sync);
}

/* From now on every database that is opened lies on it. */
static inline void disk_begins(void)
{
    disk.usual = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.usual;
    disk.vfs.zName = "faulty";
    disk.vfs.pNext = NULL;
    disk.vfs.szOsFile = (int)sizeof(struct faulty_file) + disk.usual->szOsFile;
    disk.vfs.xOpen = faulty_open;
    disk.vfs.xDelete = faulty_delete;
    sqlite3_vfs_register(&disk.vfs, 1);
}

static inline void disk_ends(void)
{
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.usual, 1);
}

#endif
