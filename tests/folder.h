/* A folder of a test's own: what lies in it, a database with all that SQLite and the bot put beside it, goes with it. */
#ifndef ASKWHY_TEST_FOLDER_H
#define ASKWHY_TEST_FOLDER_H

#include <glib.h>
#include <glib/gstdio.h>

static inline void empty_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
}

/* 0, or -1 when something in it is no file and not empty. */
static inline int remove_folder(const char *folder)
{
    empty_folder(folder);
    return g_rmdir(folder);
}

#endif
