/* Files for one person: ordered by a command, made on the reader when they are sent, delivered in the direct channel.
 *
 * What waits to be sent is the order alone: whose it is, what, and from where they looked. Nothing anybody said rests
 * there, and what somebody may not see any more by then is not in the file.
 */
#ifndef ASKWHY_FILE_H
#define ASKWHY_FILE_H

#include "commands/command.h"

#include <cjson/cJSON.h>

enum { FILE_MAX_BYTES = 8 * 1024 * 1024, FILE_MAX_ASKS = 50000 };

enum file_state { FILE_MADE, FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_ALLOWED };
struct file_text {
    enum file_state state;
    GString *text;
    char *name;
    int64_t count; /* asks in it */
};
void file_text_done(struct file_text *file);

/* ctx->who looks from the order's place: false when that is a private channel they are not in. */
bool file_look(struct context *ctx, const cJSON *order);
/* Orders it; message stands above the file. Takes both. */
void file_order(struct context *ctx, cJSON *order, struct message *message);
/* "askwhy-asks-2026-11-22-product-asks.csv"; the day is that of who acts. scope: letters and digits of it stay. */
char *file_name(struct context *ctx, const char *what, const char *scope, const char *suffix);

/* {"what": "export", …}: verb_export.c; {"what": "report", …}: report.c. For ctx->who, after file_look(). */
void export_make(struct context *ctx, const cJSON *order, struct file_text *file);
void report_make(struct context *ctx, const cJSON *order, struct file_text *file);

#endif
