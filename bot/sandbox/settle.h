/* Has the workspace come to rest? All is acknowledged, and the bot says that it has nothing left to do.
 *
 * Without a link to the bot: half a second brought nothing new.
 */
#ifndef ASKWHY_SANDBOX_SETTLE_H
#define ASKWHY_SANDBOX_SETTLE_H

#include "bot/sandbox/sandbox.h"

/* One that waits. */
struct settling {
    guint64 question, asked_at, changed_to;
    bool asked, answered;
    int64_t began_us, changed_us;
};

void settling_start(struct settling *settling, struct sandbox *sandbox);
/* Look every few milliseconds; it asks the bot by itself. */
bool settling_over(struct settling *settling, struct sandbox *sandbox);
/* The bot answered the question of this number, and with it all before. */
void settling_idle(struct settling *settling, guint64 number);
/* Another bot is on the link: who was asked is gone. */
void settling_forget(struct settling *settling);

#endif
