#include "bot/slack/lane.h"
#include "bot/slack/api.h"
#include "bot/slack/errors.h"

#include "bot/base/json.h"
#include "bot/base/log.h"

enum {
    PAUSE_MIN_MS = 1000,
    PAUSE_MAX_MS = 60000,
    PERSISTENT = 4, /* failures in a row: the operator is told */
};

struct lane {
    struct rest *rest;
    char *api_url, *token;
    GQueue waiting; /* struct lane_call *, the head is the one under way */
    struct loop_timer *pause;
    bool sent, pausing;
    int failures;
};

static void call_free(void *data)
{
    struct lane_call *call = data;
    if (call->ended != NULL)
        call->ended(call->data);
    g_string_free(call->params, TRUE);
    g_free(call);
}

static void send_next(struct lane *lane);

static void pause_over(void *data)
{
    struct lane *lane = data;
    lane->pausing = false;
    send_next(lane);
}

/* True when the call is to be sent again. */
static bool try_again(struct lane *lane, const struct lane_call *call, const struct verdict *verdict)
{
    if (verdict->kind != VERDICT_RETRY && verdict->kind != VERDICT_UNKNOWN)
        return false;
    bool told_to_wait = verdict->retry_after_ms > 0;
    lane->failures += told_to_wait ? 0 : 1;
    if (call->tries > 0 && lane->failures >= call->tries)
        return false;
    int64_t pause = verdict->retry_after_ms;
    if (!told_to_wait) {
        pause = MIN((int64_t)PAUSE_MIN_MS << MIN(lane->failures - 1, 6), PAUSE_MAX_MS);
        pause += g_random_int_range(0, (gint32)(pause / 4));
    }
    if (lane->failures == PERSISTENT && !told_to_wait)
        log_error("slack.problem", "method=%s why=\"%s\" note=\"%s\"", call->method, verdict->why,
                  slack_advice(verdict->why));
    log_info("slack.wait", "method=%s pause_ms=%" G_GINT64_FORMAT " why=\"%s\"", call->method, pause,
             verdict->why);
    lane->pausing = true;
    loop_timer_set_ms(lane->pause, pause);
    return true;
}

static void came_back(const struct rest_response *response, void *data)
{
    struct lane *lane = data;
    lane->sent = false;
    struct lane_call *call = g_queue_peek_head(&lane->waiting);
    struct verdict verdict;
    g_autoptr(cJSON) answer = slack_answer(call->method, response, &verdict);
    if (answer != NULL || !try_again(lane, call, &verdict)) {
        lane->failures = 0;
        g_queue_pop_head(&lane->waiting);
        call->answered(answer, &verdict, response->scopes, call->data);
        call_free(call);
    }
    verdict_done(&verdict);
    send_next(lane);
}

static void send_next(struct lane *lane)
{
    struct lane_call *call = g_queue_peek_head(&lane->waiting);
    if (call == NULL || lane->sent || lane->pausing)
        return;
    struct rest_request request;
    slack_request(lane->api_url, lane->token, call->method, g_string_new(call->params->str), true, &request);
    lane->sent = true;
    rest_send(lane->rest, &request, came_back, lane);
    rest_request_done(&request);
}

struct lane *lane_new(struct loop *loop, struct rest *rest, const char *api_url, const char *token)
{
    struct lane *lane = g_new0(struct lane, 1);
    lane->rest = rest;
    lane->api_url = g_strdup(api_url);
    lane->token = g_strdup(token);
    g_queue_init(&lane->waiting);
    lane->pause = loop_timer_new(loop, pause_over, lane);
    return lane;
}

void lane_add(struct lane *lane, const struct lane_call *call)
{
    g_queue_push_tail(&lane->waiting, g_memdup2(call, sizeof *call));
    send_next(lane);
}

bool lane_busy(const struct lane *lane)
{
    return !g_queue_is_empty((GQueue *)&lane->waiting);
}

void lane_clear(struct lane *lane)
{
    if (lane->sent)
        rest_forget(lane->rest, lane);
    lane->sent = false;
    lane->pausing = false;
    lane->failures = 0;
    loop_timer_clear(lane->pause);
    struct lane_call *call;
    while ((call = g_queue_pop_head(&lane->waiting)) != NULL)
        call_free(call);
}

void lane_free(struct lane *lane)
{
    if (lane == NULL)
        return;
    lane_clear(lane);
    loop_timer_free(lane->pause);
    g_free(lane->api_url);
    g_free(lane->token);
    g_free(lane);
}
