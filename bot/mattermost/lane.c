#include "bot/mattermost/adapter.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/errors.h"

enum { OPERATOR_MS = 60 * 1000 }; /* to wait for somebody to act */

static void answer_read(const char *method, const struct rest_response *response, struct lane_result *result, bool patient,
                        struct mattermost *mattermost)
{
    struct verdict verdict;
    result->answer = mattermost_rest_answer(method, response, &verdict);
    /* Of a refusal nobody knows whether the server itself wrote it. */
    if (result->answer != NULL || response->limited)
        mattermost_codec_set_limited(mattermost->codec, response->limited);
    if (result->answer == NULL) {
        bool stopped = verdict.kind == VERDICT_STOPPED;
        result->again = !response->too_large &&
                        (verdict.kind == VERDICT_RETRY || verdict.kind == VERDICT_UNKNOWN || (stopped && patient));
        result->wait_ms = stopped ? OPERATOR_MS : verdict.retry_after_ms;
        result->why = g_steal_pointer(&verdict.why);
        if (stopped && patient && response->status == 401)
            mattermost_doubt(mattermost);
    }
    verdict_done(&verdict);
}

static void read_patiently(const char *method, const struct rest_response *response, struct lane_result *result,
                           void *data)
{
    answer_read(method, response, result, true, data);
}

static void read_once(const char *method, const struct rest_response *response, struct lane_result *result, void *data)
{
    answer_read(method, response, result, false, data);
}

struct lane *mattermost_lane_new(struct mattermost *mattermost, bool patient)
{
    static const struct lane_kind kinds[] = {
        {read_once, mattermost_advice, "mattermost.wait", "mattermost.problem"},
        {read_patiently, mattermost_advice, "mattermost.wait", "mattermost.problem"},
    };
    return lane_new(mattermost->loop, mattermost->rest, &kinds[patient], mattermost);
}

void mattermost_lane_add(struct mattermost *mattermost, struct lane *lane, struct lane_call *call, const char *http,
                         const char *path, cJSON *body)
{
    mattermost_request(&mattermost->options, http, path, body, true, &call->request);
    lane_add(lane, call);
}
