#include "bot/base/log.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Atomic(enum log_level) threshold = LOG_INFO;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GPtrArray *secrets; /* longest first: one may be the beginning of another */

static const char *const level_names[] = {"debug", "info", "warning", "error"};

bool log_level_parse(const char *name, enum log_level *level)
{
    for (guint i = 0; i < G_N_ELEMENTS(level_names); i++) {
        if (g_strcmp0(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_set_level(enum log_level level)
{
    threshold = level;
}

void log_secret(const char *value)
{
    if (value == NULL || strlen(value) < 8)
        return;
    pthread_mutex_lock(&lock);
    if (secrets == NULL)
        secrets = g_ptr_array_new_with_free_func(g_free);
    if (!g_ptr_array_find_with_equal_func(secrets, value, g_str_equal, NULL)) {
        guint at = 0;
        while (at < secrets->len && strlen(g_ptr_array_index(secrets, at)) >= strlen(value))
            at++;
        g_ptr_array_insert(secrets, (gint)at, g_strdup(value));
    }
    pthread_mutex_unlock(&lock);
}

char *log_redact(const char *text)
{
    GString *out = g_string_new(text);
    pthread_mutex_lock(&lock);
    for (guint i = 0; secrets != NULL && i < secrets->len; i++)
        g_string_replace(out, g_ptr_array_index(secrets, i), "[redacted]", 0);
    pthread_mutex_unlock(&lock);
    return g_string_free(out, FALSE);
}

/* An entry is one line whatever it carries, and moves no terminal. */
static void blank_controls(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)c[0], next = (unsigned char)c[1];
        if (byte < ' ' || byte == 0x7f)
            *c = ' ';
        else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) /* U+0080 to U+009F */
            c[0] = c[1] = ' ';
    }
}

void log_write(enum log_level level, const char *what, const char *format, ...)
{
    if (level < threshold)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *clean = log_redact(detail);
    blank_controls(clean);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *line = g_strdup_printf("%s.%03dZ %s %s%s%s\n", stamp, g_date_time_get_microsecond(now) / 1000,
                                            level_names[level], what, *clean ? " " : "", clean);
    size_t length = strlen(line);
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, line, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        length -= (size_t)written;
        memmove(line, line + written, length);
    }
}
