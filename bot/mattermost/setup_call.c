#include "bot/mattermost/setup_call.h"

#include "bot/mattermost/mattermost.h"

#include <string.h>

enum {
    TIMEOUT_MS = 40000, /* the server itself waits 30 s for the listener */
    TRIES = 5,          /* while the server says that it is asked too often */
    REST_MAX_S = 10,
    TOO_MANY_REQUESTS = 429,
};

struct waiting {
    struct loop *loop;
    int64_t retry_after_s;
    struct reply reply;
};

static char *explain(const struct rest_response *response, const cJSON *body)
{
    const char *message = json_str0(body, "message");
    if (response->outcome == REST_NOT_SENT)
        return g_strdup_printf("cannot be reached: %s; check the address, the network and the proxy settings",
                               response->error);
    if (response->outcome == REST_UNKNOWN)
        return g_strdup_printf("did not answer: %s", response->error);
    if (response->status >= 300 && response->status < 400)
        return g_strdup_printf("sends elsewhere (HTTP %d): use the address that a browser ends at, https:// and sub-path "
                               "included", response->status);
    if (response->status == 429)
        return g_strdup("is asked too often (HTTP 429): wait a minute and run this again");
    if (*message != '\0')
        return g_strdup_printf("says: %s (HTTP %d, %s)", message, response->status, json_str0(body, "id"));
    return g_strdup_printf("answers HTTP %d, and not as Mattermost does: is this its address?", response->status);
}

static void answered(const struct rest_response *response, void *data)
{
    struct waiting *waiting = data;
    struct reply *into = &waiting->reply;
    bool reached = response->outcome == REST_ANSWERED;
    cJSON *body = reached ? json_parse(response->body, response->body_size, NULL) : NULL;
    waiting->retry_after_s = MAX(response->retry_after_s, response->reset_after_s);
    into->status = reached ? response->status : 0;
    into->date_ms = response->date_ms;
    into->good = body != NULL && response->status >= 200 && response->status < 300;
    into->error = g_strdup(json_str0(body, "id"));
    into->why = into->good ? NULL : explain(response, body);
    into->body = into->good ? g_steal_pointer(&body) : NULL;
    cJSON_Delete(body);
    loop_stop(waiting->loop);
}

reply setup_call(const struct caller *caller, const char *method, cJSON *body, const char *path, ...)
{
    va_list args;
    va_start(args, path);
    g_autofree char *rest = g_strdup_vprintf(path, args);
    va_end(args);
    struct waiting waiting = {.loop = caller->loop};
    struct rest_request request = {
        .method = method,
        .url = g_strdup_printf("%s/api/v4/%s", caller->url, rest),
        .body = body != NULL ? json_text(body) : NULL,
        .timeout_ms = TIMEOUT_MS,
        .idempotent = strcmp(method, "POST") != 0,
    };
    request.body_size = request.body != NULL ? strlen(request.body) : 0;
    GPtrArray *headers = g_ptr_array_new();
    g_ptr_array_add(headers, g_strdup("Accept: application/json"));
    if (caller->token != NULL)
        g_ptr_array_add(headers, g_strconcat("Authorization: Bearer ", caller->token, NULL));
    if (body != NULL)
        g_ptr_array_add(headers, g_strdup("Content-Type: application/json"));
    g_ptr_array_add(headers, NULL);
    request.headers = (char **)g_ptr_array_free(headers, FALSE);
    cJSON_Delete(body);
    for (int tries = 1;; tries++) {
        rest_send(caller->rest, &request, answered, &waiting);
        loop_run(caller->loop, NULL, NULL);
        if (waiting.reply.status != TOO_MANY_REQUESTS || tries == TRIES)
            break;
        call_reply_done(&waiting.reply);
        g_usleep((gulong)CLAMP(waiting.retry_after_s, 0, REST_MAX_S) * G_USEC_PER_SEC);
    }
    rest_request_done(&request);
    return waiting.reply;
}

void call_reply_done(struct reply *done)
{
    cJSON_Delete(done->body);
    g_free(done->error);
    g_free(done->why);
    *done = (struct reply){0};
}

const char *setup_id(const cJSON *value, const char *path)
{
    const char *id = json_str(value, path);
    return id != NULL && mattermost_is_id(id) ? id : NULL;
}

char *setup_escape(const char *text)
{
    return g_uri_escape_string(text, NULL, FALSE);
}
