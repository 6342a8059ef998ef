/* Reading calls of the Web API on a lane (bot/net/lane.h). Thread: the loop's. */
#ifndef ASKWHY_SLACK_LANE_H
#define ASKWHY_SLACK_LANE_H

#include "bot/net/lane.h"
#include "bot/slack/slack.h"

struct lane *slack_lane_new(struct loop *loop, struct rest *rest);
/* call->request is made of its method and params, form-encoded, which it takes. */
void slack_lane_add(struct lane *lane, const struct slack_options *options, struct lane_call *call, GString *params);

#endif
