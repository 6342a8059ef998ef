/* A disk that fails when told to: an SQLite VFS in front of the usual one. It counts the calls of one kind that
 * this thread makes, and fails the chosen one, alone or with all that follow. Nothing is really synced: whether a
 * sync is believed is what counts here, and the stories run in no time. */
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
    bool armed, lasting;
    enum fault kind;
    int left;   /* calls that succeed yet */
    int failed; /* calls that did not */
} disk;

/* The usual file stands behind it. */
struct faulty_file {
    sqlite3_file base;
    sqlite3_file real[];
};

static inline void disk_will_fail(enum fault kind, int after, bool lasting)
{
    disk.thread = pthread_self();
    disk.kind = kind;
    disk.left = after;
    disk.lasting = lasting;
    disk.failed = 0;
    disk.armed = true;
}

static inline void disk_is_well(void)
{
    disk.armed = false;
}

static inline bool fails(enum fault kind)
{
    if (!disk.armed || disk.kind != kind || !pthread_equal(disk.thread, pthread_self()))
        return false;
    if (disk.left > 0) {
        disk.left--;
        return false;
    }
    if (disk.failed > 0 && !disk.lasting)
        return false;
    disk.failed++;
    return true;
}

static inline sqlite3_file *behind(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

static inline int faulty_close(sqlite3_file *file)
{
    return behind(file)->pMethods->xClose(behind(file));
}

static inline int faulty_read(sqlite3_file *file, void *into, int size, sqlite3_int64 at)
{
    return fails(FAULT_READ) ? SQLITE_IOERR_READ : behind(file)->pMethods->xRead(behind(file), into, size, at);
}

static inline int faulty_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    if (fails(FAULT_WRITE))
        return SQLITE_IOERR_WRITE;
    if (fails(FAULT_NO_ROOM))
        return SQLITE_FULL;
    if (fails(FAULT_SHORT_WRITE)) {
        behind(file)->pMethods->xWrite(behind(file), from, size / 2, at);
        return SQLITE_IOERR_WRITE;
    }
    return behind(file)->pMethods->xWrite(behind(file), from, size, at);
}

static inline int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE : behind(file)->pMethods->xTruncate(behind(file), size);
}

static inline int faulty_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
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
    return result;
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
    sqlite3_vfs_register(&disk.vfs, 1);
}

static inline void disk_ends(void)
{
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.usual, 1);
}

#endif
