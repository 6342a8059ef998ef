/* Reading requests to one server, one at a time a lane, repeated until answered.
 *
 * What runs here only reads, so that an unknown outcome is tried again, with growing pauses; a server that says how
 * long to wait is obeyed.
 * Thread: the loop's.
 */
#ifndef ASKWHY_LANE_H
#define ASKWHY_LANE_H

#include "bot/net/rest.h"

#include <cjson/cJSON.h>

struct lane;

/* What one try came to. */
struct lane_result {
    cJSON *answer;   /* NULL: none of use, and why; the lane takes both */
    char *why;
    bool again;      /* trying again may help, … */
    int64_t wait_ms; /* … not before that time, which the server named: no failure of ours; 0: none named */
};

/* What is the same for all calls of a lane; outlives it. */
struct lane_kind {
    void (*read)(const char *method, const struct rest_response *response, struct lane_result *result, void *data);
    /* What an operator can do about it; never NULL. */
    const char *(*advice)(const char *why);
    const char *wait_entry, *problem_entry; /* names in the log: "slack.wait" */
};

struct lane_call {
    const char *method;          /* for the log; constant */
    struct rest_request request; /* the lane takes it */
    bool next;                   /* before those that wait */
    int tries;                   /* give up after so many unanswered ones; 0: never */
    /* Once: with the answer, or NULL and why. All are valid during the call. Data stays the caller's. */
    void (*answered)(const cJSON *answer, const char *why, const struct rest_response *response, void *data);
    /* The call ended, answered or not: the place to free data. NULL for nothing. */
    GDestroyNotify ended;
    void *data;
};

/* data is given to kind->read. */
struct lane *lane_new(struct loop *loop, struct rest *rest, const struct lane_kind *kind, void *data);
/* Calls still waiting end unanswered. Accepts NULL. */
void lane_free(struct lane *lane);
void lane_add(struct lane *lane, const struct lane_call *call);
bool lane_busy(const struct lane *lane);
/* Drops what waits and forgets what is under way. */
void lane_clear(struct lane *lane);

#endif
