/* Plays a written conversation and checks what the chat shows (docs/sandbox.md, "Scripts"). */
#ifndef ASKWHY_SANDBOX_SCRIPT_H
#define ASKWHY_SANDBOX_SCRIPT_H

#include "bot/sandbox/sandbox.h"

/* NULL and *error when the file cannot be read or understood; every bad line is named. Clock steps
 * at its beginning take effect at once: the workspace begins at that time. */
struct script *script_new(struct sandbox *sandbox, const char *path, GError **error);
void script_free(struct script *script);
/* Plays once a bot is connected; ends the loop and sets the exit status. */
void script_start(struct script *script);
/* These accept NULL: no script is played. As sandbox_tell(); see stays the caller's. */
void script_tell(struct script *script, const struct person *only, const struct channel *channel, const cJSON *see);
void script_idle(struct script *script, guint64 number);
/* A bot connected to the link. */
void script_bot_came(struct script *script);

#endif
