/* Log entries in the words of commands. */
#ifndef ASKWHY_RECORD_H
#define ASKWHY_RECORD_H

#include "commands/command.h"

/* An entry by who acts, now, about ask (its channel too). data is taken. Returns its id. */
int64_t record(struct context *ctx, const char *kind, const struct ask *ask, cJSON *data);
int64_t record_entry(struct context *ctx, struct log_entry *entry); /* at and actor filled in when 0 */
/* The same for an entry that moves the ask, whose state is updated; who waited behind it, or was set aside for it, is
 * told. */
void record_move(struct context *ctx, struct log_entry *entry, struct ask *ask);
/* {"name": …} for data. */
cJSON *data_of(const char *name, const char *value);
void record_state(struct context *ctx, const char *kind, struct ask *ask, const char *words, const char *state,
                  cJSON *data); /* also updates ask->state */

#endif
