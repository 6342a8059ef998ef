/* Block Kit's documented limits, checked as Slack does before it accepts a message or a view. Pure.
 *
 * docs.slack.dev, "Block Kit": blocks, block elements and composition objects.
 */
#ifndef ASKWHY_SANDBOX_SLACK_LIMITS_H
#define ASKWHY_SANDBOX_SLACK_LIMITS_H

#include "bot/base/json.h"

enum surface { SURFACE_MESSAGE, SURFACE_MODAL, SURFACE_HOME };

/* Appends what is wrong, as Slack words it, to errors (char *); true when nothing is. */
bool blocks_check(const cJSON *blocks, enum surface surface, GPtrArray *errors);
bool view_check(const cJSON *view, GPtrArray *errors);

#endif
