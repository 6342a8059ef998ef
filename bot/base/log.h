/* The log of the service: one line an entry, key=value, on standard error.
 *
 * Thread: any. Secrets: values registered with log_secret() are replaced by
 * "[redacted]" wherever they would appear, in any entry.
 */
#ifndef ASKWHY_LOG_H
#define ASKWHY_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* "debug", "info", "warning" or "error"; false when name is none of them. */
bool log_level_parse(const char *name, enum log_level *level);
void log_set_level(enum log_level level);

/* Never let this value be printed. Copied; empty or shorter than 8 bytes is ignored. */
void log_secret(const char *value);
/* A copy of text with every registered secret replaced; free with g_free(). */
char *log_redact(const char *text);

/* what: a short constant name of the event ("socket.lost"); format: key=value pairs, may be "". */
void log_write(enum log_level level, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(what, ...) log_write(LOG_DEBUG, what, __VA_ARGS__)
#define log_info(what, ...) log_write(LOG_INFO, what, __VA_ARGS__)
#define log_warning(what, ...) log_write(LOG_WARNING, what, __VA_ARGS__)
#define log_error(what, ...) log_write(LOG_ERROR, what, __VA_ARGS__)

#endif
