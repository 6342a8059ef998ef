#include "bot/net/lane.h"

#include "bot/base/log.h"

enum {
    PAUSE_MIN_MS = 1000,
    PAUSE_MAX_MS = 60000,
    PERSISTENT = 4, /* failures in a row: the operator is told */
};

struct lane {
    struct rest *rest;
    const struct lane_kind *kind;
    void *data;
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
    rest_request_done(&call->request);
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
static bool try_again(struct lane *lane, const struct lane_call *call, const struct lane_result *result)
{
    if (!result->again)
        return false;
    bool told_to_wait = result->wait_ms > 0;
    lane->failures += told_to_wait ? 0 : 1;
    if (call->tries > 0 && lane->failures >= call->tries)
        return false;
    int64_t pause = result->wait_ms;
    if (!told_to_wait) {
        pause = MIN((int64_t)PAUSE_MIN_MS << MIN(lane->failures - 1, 6), PAUSE_MAX_MS);
        pause += g_random_int_range(0, (gint32)(pause / 4));
    }
    if (lane->failures == PERSISTENT && !told_to_wait)
        log_error(lane->kind->problem_entry, "method=%s why=\"%s\" note=\"%s\"", call->method, result->why,
                  lane->kind->advice(result->why));
    log_info(lane->kind->wait_entry, "method=%s pause_ms=%" G_GINT64_FORMAT " why=\"%s\"", call->method, pause,
             result->why);
    lane->pausing = true;
    loop_timer_set_ms(lane->pause, pause);
    return true;
}

static void came_back(const struct rest_response *response, void *data)
{
    struct lane *lane = data;
    lane->sent = false;
    struct lane_call *call = g_queue_peek_head(&lane->waiting);
    struct lane_result result = {0};
    lane->kind->read(call->method, response, &result, lane->data);
    if (result.answer != NULL || !try_again(lane, call, &result)) {
        lane->failures = 0;
        g_queue_pop_head(&lane->waiting);
        call->answered(result.answer, result.why, response, call->data);
        call_free(call);
    }
    cJSON_Delete(result.answer);
    g_free(result.why);
    send_next(lane);
}

static void send_next(struct lane *lane)
{
    const struct lane_call *call = g_queue_peek_head(&lane->waiting);
    if (call == NULL || lane->sent || lane->pausing)
        return;
    lane->sent = true;
    rest_send(lane->rest, &call->request, came_back, lane);
}

struct lane *lane_new(struct loop *loop, struct rest *rest, const struct lane_kind *kind, void *data)
{
    struct lane *lane = g_new0(struct lane, 1);
    lane->rest = rest;
    lane->kind = kind;
    lane->data = data;
    g_queue_init(&lane->waiting);
    lane->pause = loop_timer_new(loop, pause_over, lane);
    return lane;
}

void lane_add(struct lane *lane, const struct lane_call *call)
{
    bool under_way = lane->sent || lane->pausing;
    g_queue_push_nth(&lane->waiting, g_memdup2(call, sizeof *call), !call->next ? -1 : under_way ? 1 : 0);
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
    g_free(lane);
}
