#include "config/edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Lines ---- */

/* Whether this line (without its end) is "NAME = …", or with commented "#NAME = …". */
static bool line_sets(const char *line, const char *name, bool commented)
{
    while (*line == ' ' || *line == '\t')
        line++;
    if (commented && *line++ != '#')
        return false;
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0)
        return false;
    line += length;
    while (*line == ' ' || *line == '\t')
        line++;
    return *line == '=';
}

static int find_line(char **lines, const char *name, bool commented)
{
    for (int i = 0; lines[i] != NULL; i++) {
        if (line_sets(lines[i], name, commented))
            return i;
    }
    return -1;
}

static void replace_line(char **lines, int at, const struct config_edit *edit)
{
    bool windows = g_str_has_suffix(lines[at], "\r");
    g_auto(GStrv) parts = g_strsplit(edit->value != NULL ? edit->value : "", "\\", -1);
    g_autofree char *value = g_strjoinv("\\\\", parts);
    char *line = edit->value != NULL ? g_strdup_printf("%s = %s%s", edit->name, value, windows ? "\r" : "")
                                     : g_strdup_printf("#%s =%s", edit->name, windows ? "\r" : "");
    explicit_bzero(lines[at], strlen(lines[at]));
    g_free(lines[at]);
    lines[at] = line;
}

/* An empty last line, where a new one goes. */
static char **add_line(char **lines, int *at)
{
    guint count = g_strv_length(lines);
    bool ended = count > 0 && *lines[count - 1] == '\0';
    lines = g_renew(char *, lines, count + 3);
    if (ended)
        count--;
    *at = (int)count;
    lines[count] = ended ? lines[count] : g_strdup("");
    lines[count + 1] = g_strdup("");
    lines[count + 2] = NULL;
    return lines;
}

char *config_edit_text(const char *text, const struct config_edit *edits, gsize n_edits)
{
    char **lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; i < n_edits; i++) {
        int at = find_line(lines, edits[i].name, false);
        if (at < 0 && edits[i].value == NULL)
            continue;
        if (at < 0)
            at = find_line(lines, edits[i].name, true);
        if (at < 0)
            lines = add_line(lines, &at);
        replace_line(lines, at, &edits[i]);
    }
    char *whole = g_strjoinv("\n", lines);
    for (char **line = lines; *line != NULL; line++)
        explicit_bzero(*line, strlen(*line));
    g_strfreev(lines);
    return whole;
}

/* ---- Files ---- */

static bool fail(GError **error, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot write %s: %s", path, g_strerror(code));
    return false;
}

static bool write_all(int fd, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return fsync(fd) == 0;
}

/* Makes path hold text by renaming; like: whose owner and group it gets, NULL for ours. */
static bool put_file(const char *path, const char *text, mode_t mode, const struct stat *like, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(fresh, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, path, errno);
    bool same = like == NULL || (like->st_uid == geteuid() && like->st_gid == getegid());
    bool good = (same || fchown(fd, like->st_uid, like->st_gid) == 0) && fchmod(fd, mode) == 0 && write_all(fd, text);
    int code = errno;
    if (close(fd) != 0 && good) {
        good = false;
        code = errno;
    }
    if (good && rename(fresh, path) != 0) {
        good = false;
        code = errno;
    }
    if (!good) {
        unlink(fresh);
        return fail(error, path, code);
    }
    g_autofree char *folder = g_path_get_dirname(path);
    int where = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (where >= 0) {
        fsync(where);
        close(where);
    }
    return true;
}

static mode_t mode_for(const struct stat *old, bool secret)
{
    if (old == NULL)
        return 0600;
    mode_t mode = old->st_mode & 0777;
    if (!secret)
        return mode;
    return (mode & 0007) != 0 ? 0600 : mode; /* open to everybody was nobody's choice of a group */
}

bool config_edit_file(const char *path, const struct config_edit *edits, gsize n_edits, bool secret, bool *kept,
                      GError **error)
{
    struct stat old;
    g_autofree char *text = NULL;
    char *resolved = realpath(path, NULL); /* a link stays one */
    g_autofree char *target = g_strdup(resolved != NULL ? resolved : path);
    free(resolved);
    bool there = stat(target, &old) == 0;
    if (there && !g_file_get_contents(target, &text, NULL, error))
        return false;
    g_autofree char *changed = config_edit_text(text != NULL ? text : "", edits, n_edits);
    bool good = true;
    if (there && !*kept) {
        g_autofree char *copy = g_strconcat(target, ".old", NULL);
        good = put_file(copy, text, mode_for(&old, secret), &old, error);
    }
    good = good && put_file(target, changed, mode_for(there ? &old : NULL, secret), there ? &old : NULL, error);
    *kept = *kept || good;
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    explicit_bzero(changed, strlen(changed));
    return good;
}

bool config_write_secret(const char *path, const char *secret, GError **error)
{
    struct stat old;
    g_autofree char *text = g_strconcat(secret, "\n", NULL);
    bool there = stat(path, &old) == 0;
    bool good = put_file(path, text, 0600, there ? &old : NULL, error);
    explicit_bzero(text, strlen(text));
    return good;
}
