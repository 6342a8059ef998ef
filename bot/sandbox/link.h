/* The line to the bot beside the chat's own protocol: the clock, and whether it is idle.
 *
 * A unix stream socket; lines of text, see docs/sandbox.md. One bot at a time; a new one takes the old one's place.
 */
#ifndef ASKWHY_SANDBOX_LINK_H
#define ASKWHY_SANDBOX_LINK_H

#include "bot/sandbox/sandbox.h"

#include <sys/types.h>

struct bot_link *link_new(struct sandbox *sandbox, const char *path, GError **error);
void link_free(struct bot_link *link);
bool link_connected(const struct bot_link *link);
/* The bot's process; 0 when none is connected. */
pid_t link_peer(const struct bot_link *link);
void link_tell_clock(struct bot_link *link);
/* So much time has passed for the bot's timers, too. */
void link_tell_pass(struct bot_link *link, int64_t ms);
/* The answer reaches script_idle(). */
void link_ask_idle(struct bot_link *link, guint64 number);

#endif
