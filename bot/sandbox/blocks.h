/* What the page shows, whichever chat it imitates, is made of blocks in Block Kit's notation: Slack's as they came, another
 * chat's messages and forms brought into it. Here they are walked through. Pure.
 *
 * Texts are "mrkdwn" and "plain_text" as in Slack, or "markdown" (Mattermost's notation) and "literal" (as it stands).
 */
#ifndef ASKWHY_SANDBOX_BLOCKS_H
#define ASKWHY_SANDBOX_BLOCKS_H

#include "bot/base/json.h"

/* Gives every block without a block_id one, and elements without an action_id. */
void blocks_complete(cJSON *blocks);
/* The element with these ids; *block is the block it stands in. NULL when there is none. */
const cJSON *blocks_find(const cJSON *blocks, const char *block_id, const char *action_id, const cJSON **block);
/* Calls visit for every interactive element, in reading order. */
void blocks_each(const cJSON *blocks, void (*visit)(const cJSON *block, const cJSON *element, void *data), void *data);

#endif
