#include "bot/slack/lane.h"
#include "bot/slack/api.h"
#include "bot/slack/errors.h"

static void answer_read(const char *method, const struct rest_response *response, struct lane_result *result, void *data)
{
    (void)data;
    struct verdict verdict;
    result->answer = slack_answer(method, response, &verdict);
    if (result->answer == NULL) {
        result->again = verdict.kind == VERDICT_RETRY || verdict.kind == VERDICT_UNKNOWN;
        result->wait_ms = verdict.retry_after_ms;
        result->why = g_steal_pointer(&verdict.why);
    }
    verdict_done(&verdict);
}

struct lane *slack_lane_new(struct loop *loop, struct rest *rest)
{
    static const struct lane_kind kind = {
        .read = answer_read, .advice = slack_advice, .wait_entry = "slack.wait", .problem_entry = "slack.problem"};
    return lane_new(loop, rest, &kind, NULL);
}

void slack_lane_add(struct lane *lane, const struct slack_options *options, struct lane_call *call, GString *params)
{
    slack_request(options->api_url, options->bot_token, call->method, params, true, &call->request);
    lane_add(lane, call);
}
