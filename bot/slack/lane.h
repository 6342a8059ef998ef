/* Reading calls of the Web API, one at a time a lane, repeated until answered.
 *
 * 429 is obeyed, an unknown outcome is tried again with growing pauses: what runs here only reads.
 * Thread: the loop's.
 */
#ifndef ASKWHY_SLACK_LANE_H
#define ASKWHY_SLACK_LANE_H

#include "bot/slack/slack.h"

struct lane;

struct lane_call {
    const char *method; /* constant */
    GString *params;    /* form-encoded; the lane takes it */
    int tries;          /* give up after so many unanswered ones; 0: never */
    /* Once: with the answer, or NULL and why. verdict and scopes are valid during the call. Data stays the caller's. */
    void (*answered)(const cJSON *answer, const struct verdict *verdict, const char *scopes, void *data);
    /* The call ended, answered or not: the place to free data. NULL for nothing. */
    GDestroyNotify ended;
    void *data;
};

/* api_url and token are copied. */
struct lane *lane_new(struct loop *loop, struct rest *rest, const char *api_url, const char *token);
/* Calls still waiting end unanswered. */
void lane_free(struct lane *lane);
void lane_add(struct lane *lane, const struct lane_call *call);
bool lane_busy(const struct lane *lane);
/* Drops what waits and forgets what is under way. */
void lane_clear(struct lane *lane);

#endif
