/* The chats the configuration names: Slack, Mattermost or both, and the listener where Mattermost calls back.
 * Thread: the loop's.
 */
#ifndef ASKWHY_CHATS_H
#define ASKWHY_CHATS_H

#include "bot/chat/platform.h"
#include "config/config.h"
#include "store/store.h"

struct chats;

/* Copies host; config, loop, rest and store stay the caller's and outlive it. NULL and *error when the listener's
 * address cannot be had. */
struct chats *chats_new(const struct config *config, struct loop *loop, struct rest *rest, struct store *store,
                        const struct platform_host *host, GError **error);
void chats_free(struct chats *chats); /* accepts NULL */
/* Of struct platform; owned by chats. */
const GPtrArray *chats_platforms(const struct chats *chats);

#endif
