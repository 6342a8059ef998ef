#include "bot/slack/probe.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/slack/api.h"
#include "bot/slack/errors.h"

#include <string.h>

enum { TIMEOUT_MS = 15000, PAGES_MAX = 20 };

struct call {
    struct loop *loop;
    const char *method;
    cJSON *answer; /* NULL when it failed */
    char *why;
    char *code;   /* Slack's error code, NULL when it gave none */
    char *scopes; /* as granted, NULL when not told */
    int64_t date_ms;
};

static void call_done(struct call *call)
{
    cJSON_Delete(call->answer);
    g_free(call->why);
    g_free(call->code);
    g_free(call->scopes);
}

static void answered(const struct rest_response *response, void *data)
{
    struct call *call = data;
    struct verdict verdict;
    call->answer = slack_answer(call->method, response, &verdict);
    call->scopes = g_strdup(response->scopes);
    call->date_ms = response->date_ms;
    if (call->answer == NULL) {
        g_autoptr(cJSON) refusal = json_parse(response->body, response->body_size, NULL);
        call->code = g_strdup(json_str(refusal, "error"));
        bool unreached = response->outcome != REST_ANSWERED;
        call->why = g_strconcat(verdict.why, unreached ? "; check the network, the proxy settings and SLACK_API_URL" : "",
                                NULL);
    }
    verdict_done(&verdict);
    loop_stop(call->loop);
}

static struct call ask(struct loop *loop, struct rest *rest, const struct slack_options *options, const char *token,
                       const char *method, GString *params)
{
    struct call call = {.loop = loop, .method = method};
    struct rest_request request;
    slack_request(options->api_url, token, method, params, true, &request);
    request.timeout_ms = TIMEOUT_MS;
    rest_send(rest, &request, answered, &call);
    rest_request_done(&request);
    loop_run(loop, NULL, NULL);
    return call;
}

static void probe_bot(struct loop *loop, struct rest *rest, const struct slack_options *options,
                      struct slack_probe *probe)
{
    struct call call = ask(loop, rest, options, options->bot_token, "auth.test", g_string_new(NULL));
    if (call.answer == NULL) {
        probe->bot_problem = g_steal_pointer(&call.why);
    } else if (json_str(call.answer, "bot_id") == NULL) {
        probe->bot_problem = g_strdup("auth.test: the token is not a bot's; use the Bot User OAuth Token (xoxb-)");
    } else {
        probe->user = g_strdup(json_str0(call.answer, "user"));
        probe->team = g_strdup(json_str0(call.answer, "team"));
        probe->scopes_told = call.scopes != NULL;
        probe->missing_scopes = call.scopes != NULL ? slack_scopes_missing(call.scopes) : NULL;
        probe->optional_scopes = call.scopes != NULL ? slack_scopes_optional_missing(call.scopes) : NULL;
    }
    if (call.date_ms != 0)
        probe->clock_ahead_s = (clock_now_ms() - call.date_ms) / 1000;
    call_done(&call);
}

static void probe_member(struct loop *loop, struct rest *rest, const struct slack_options *options,
                         struct slack_probe *probe)
{
    g_autofree char *cursor = NULL;
    for (int page = 0; page < PAGES_MAX; page++) {
        GString *params = g_string_new(NULL);
        slack_param(params, "types", "public_channel,private_channel");
        slack_param(params, "exclude_archived", "true");
        slack_param(params, "limit", "200");
        slack_param(params, "cursor", cursor);
        struct call call = ask(loop, rest, options, options->bot_token, "users.conversations", params);
        const cJSON *channel;
        cJSON_ArrayForEach(channel, json_get(call.answer, "channels"))
            g_ptr_array_add(probe->channels, g_strdup(json_str0(channel, "name")));
        if (call.answer == NULL)
            probe->member_problem = g_steal_pointer(&call.why);
        g_free(cursor);
        cursor = g_strdup(json_str(call.answer, "response_metadata.next_cursor"));
        call_done(&call);
        if (cursor == NULL || *cursor == '\0')
            return;
    }
}

static const char *app_advice(const char *code)
{
    if (code == NULL)
        return NULL;
    if (strcmp(code, "link_disabled") == 0)
        return "turn Socket Mode on in the app's settings, under Socket Mode";
    if (slack_error_kind(code) == VERDICT_STOPPED || strcmp(code, "forbidden_team") == 0)
        return "make a new app-level token with the scope connections:write (Basic Information, App-Level Tokens) "
               "and put it into SLACK_APP_TOKEN";
    return NULL;
}

static void probe_app(struct loop *loop, struct rest *rest, const struct slack_options *options,
                      struct slack_probe *probe)
{
    struct call call = ask(loop, rest, options, options->app_token, "apps.connections.open", g_string_new(NULL));
    const char *advice = app_advice(call.code);
    if (call.answer == NULL && advice != NULL)
        probe->app_problem = g_strdup_printf("apps.connections.open: %s; %s", call.code, advice);
    else if (call.answer == NULL)
        probe->app_problem = g_steal_pointer(&call.why);
    else if (json_str(call.answer, "url") == NULL)
        probe->app_problem = g_strdup("apps.connections.open: an answer without an address; check SLACK_API_URL");
    call_done(&call);
}

void slack_probe_run(struct loop *loop, struct rest *rest, const struct slack_options *options,
                     struct slack_probe *probe)
{
    *probe = (struct slack_probe){.channels = g_ptr_array_new_with_free_func(g_free)};
    probe_bot(loop, rest, options, probe);
    if (probe->bot_problem == NULL)
        probe_member(loop, rest, options, probe);
    probe_app(loop, rest, options, probe);
}

void slack_probe_done(struct slack_probe *probe)
{
    g_free(probe->bot_problem);
    g_free(probe->user);
    g_free(probe->team);
    g_free(probe->missing_scopes);
    g_free(probe->optional_scopes);
    g_free(probe->member_problem);
    g_ptr_array_unref(probe->channels);
    g_free(probe->app_problem);
    *probe = (struct slack_probe){0};
}
