#include "bot/sandbox/misbehave.h"

#include "bot/sandbox/face.h"

#include <string.h>

struct call_fault {
    char *method; /* "*": any */
    enum fault fault;
    char *error;
    bool effect;
    int retry_after, left;
};

struct misbehaviour {
    GPtrArray *calls; /* struct call_fault * */
    int acks_to_lose, tickets_to_refuse, hellos_to_withhold, redeliver;
    bool lose_events, hold;
};

static void call_fault_free(void *data)
{
    struct call_fault *fault = data;
    g_free(fault->method);
    g_free(fault->error);
    g_free(fault);
}

struct misbehaviour *misbehave_new(void)
{
    struct misbehaviour *misbehaviour = g_new0(struct misbehaviour, 1);
    misbehaviour->calls = g_ptr_array_new_with_free_func(call_fault_free);
    return misbehaviour;
}

void misbehave_free(struct misbehaviour *misbehaviour)
{
    if (misbehaviour == NULL)
        return;
    g_ptr_array_unref(misbehaviour->calls);
    g_free(misbehaviour);
}

static const char *order_calls(struct misbehaviour *misbehaviour, const cJSON *order)
{
    const char *answer = json_str0(order, "answer");
    enum fault kind = FAULT_ERROR;
    if (answer[0] == '\0')
        return "answer is missing";
    if (strcmp(answer, "ratelimited") == 0)
        kind = FAULT_RATELIMITED;
    else if (strcmp(answer, "http_500") == 0)
        kind = FAULT_HTTP_500;
    else if (strcmp(answer, "none") == 0)
        kind = FAULT_NO_ANSWER;
    struct call_fault *fault = g_new0(struct call_fault, 1);
    fault->method = g_strdup(json_str(order, "method") != NULL ? json_str(order, "method") : "*");
    fault->fault = kind;
    fault->error = g_strdup(answer);
    fault->effect = json_true(order, "effect");
    fault->retry_after = (int)CLAMP(json_int(order, "retry_after", 1), 0, 3600);
    fault->left = (int)CLAMP(json_int(order, "count", 1), 1, 1000000);
    g_ptr_array_add(misbehaviour->calls, fault);
    return NULL;
}

const char *misbehave_order(struct sandbox *sandbox, const cJSON *order)
{
    struct misbehaviour *misbehaviour = sandbox->misbehaviour;
    const char *how = json_str0(order, "how");
    if (strcmp(how, "redeliver") == 0) {
        misbehaviour->redeliver = (int)CLAMP(json_int(order, "times", 1), 0, 20);
    } else if (strcmp(how, "lose_acks") == 0) {
        misbehaviour->acks_to_lose = (int)CLAMP(json_int(order, "count", 1), 0, 1000000);
    } else if (strcmp(how, "refuse_tickets") == 0) {
        misbehaviour->tickets_to_refuse = (int)CLAMP(json_int(order, "count", 1), 0, 1000000);
    } else if (strcmp(how, "no_hello") == 0) {
        misbehaviour->hellos_to_withhold = (int)CLAMP(json_int(order, "count", 1), 0, 1000000);
    } else if (strcmp(how, "behind_tls") == 0) {
        sandbox->behind_tls = !cJSON_IsFalse(json_get(order, "on"));
    } else if (strcmp(how, "lose_events") == 0) {
        misbehaviour->lose_events = !cJSON_IsFalse(json_get(order, "on"));
    } else if (strcmp(how, "hold") == 0) {
        misbehaviour->hold = true;
    } else if (strcmp(how, "let_go") == 0) {
        misbehaviour->hold = false;
        return sandbox->face->misbehave(sandbox, order);
    } else if (strcmp(how, "api") == 0) {
        return order_calls(misbehaviour, order);
    } else if (strcmp(how, "behave") == 0) {
        g_ptr_array_set_size(misbehaviour->calls, 0);
        misbehaviour->acks_to_lose = misbehaviour->redeliver = 0;
        misbehaviour->tickets_to_refuse = misbehaviour->hellos_to_withhold = 0;
        misbehaviour->lose_events = misbehaviour->hold = false;
        return sandbox->face->misbehave(sandbox, order);
    } else {
        return sandbox->face->misbehave(sandbox, order);
    }
    return NULL;
}

enum fault misbehave_call(struct sandbox *sandbox, const char *method, bool *effect, int *retry_after,
                          const char **error)
{
    struct misbehaviour *misbehaviour = sandbox->misbehaviour;
    for (guint i = 0; i < misbehaviour->calls->len; i++) {
        struct call_fault *fault = g_ptr_array_index(misbehaviour->calls, i);
        if (strcmp(fault->method, "*") != 0 && strcmp(fault->method, method) != 0 &&
            g_strcmp0(fault->method, sandbox->face->word(method)) != 0)
            continue;
        enum fault kind = fault->fault;
        *effect = fault->effect;
        *retry_after = fault->retry_after;
        *error = g_intern_string(fault->error);
        if (--fault->left == 0)
            g_ptr_array_remove_index(misbehaviour->calls, i);
        return kind;
    }
    return FAULT_NONE;
}

static bool use_up(int *left)
{
    if (*left == 0)
        return false;
    (*left)--;
    return true;
}

bool misbehave_lose_ack(struct misbehaviour *misbehaviour)
{
    return use_up(&misbehaviour->acks_to_lose);
}

bool misbehave_refuse_ticket(struct misbehaviour *misbehaviour)
{
    return use_up(&misbehaviour->tickets_to_refuse);
}

bool misbehave_withhold_hello(struct misbehaviour *misbehaviour)
{
    return use_up(&misbehaviour->hellos_to_withhold);
}

int misbehave_redeliver(const struct misbehaviour *misbehaviour)
{
    return misbehaviour->redeliver;
}

bool misbehave_hold(const struct misbehaviour *misbehaviour)
{
    return misbehaviour->hold;
}

bool misbehave_lose_events(const struct misbehaviour *misbehaviour)
{
    return misbehaviour->lose_events;
}
