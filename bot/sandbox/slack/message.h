/* A post as Slack writes a message object. */
#ifndef ASKWHY_SANDBOX_SLACK_MESSAGE_H
#define ASKWHY_SANDBOX_SLACK_MESSAGE_H

#include "bot/sandbox/workspace.h"

cJSON *post_json(const struct channel *channel, const struct post *post, bool with_metadata);

#endif
