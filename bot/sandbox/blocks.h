/* Block Kit's documented limits, checked as Slack does before it accepts a message or a view. Pure.
 *
 * docs.slack.dev, "Block Kit": blocks, block elements and composition objects.
 */
#ifndef ASKWHY_SANDBOX_BLOCKS_H
#define ASKWHY_SANDBOX_BLOCKS_H

#include "bot/base/json.h"

enum surface { SURFACE_MESSAGE, SURFACE_MODAL, SURFACE_HOME };

/* Appends what is wrong, as Slack words it, to errors (char *); true when nothing is. */
bool blocks_check(const cJSON *blocks, enum surface surface, GPtrArray *errors);
bool view_check(const cJSON *view, GPtrArray *errors);
/* Gives every block without a block_id one, and elements without an action_id. */
void blocks_complete(cJSON *blocks);
/* The element with these ids; *block is the block it stands in. NULL when there is none. */
const cJSON *blocks_find(const cJSON *blocks, const char *block_id, const char *action_id, const cJSON **block);
/* Calls visit for every interactive element, in reading order. */
void blocks_each(const cJSON *blocks, void (*visit)(const cJSON *block, const cJSON *element, void *data), void *data);

#endif
