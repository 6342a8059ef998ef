#include "bot/sandbox/mattermost/api.h"

#include "bot/base/log.h"
#include "bot/sandbox/mattermost/answer.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/misbehave.h"

#include <string.h>

void mm_fail(struct mm_call *call, int status, const char *id)
{
    call->status = status;
    call->error = id;
}

static const char unknown_call[] = "api.context.404.app_error";

void mm_fail_unknown(struct mm_call *call)
{
    mm_fail(call, 404, unknown_call);
}

void mm_forbid(struct mm_call *call)
{
    mm_fail(call, 403, "api.context.permissions.app_error");
}

char *mm_query(const struct mm_call *call, const char *name)
{
    const char *query = call->request->query;
    g_auto(GStrv) pairs = g_strsplit(query != NULL ? query : "", "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        size_t length = strlen(name);
        if (strncmp(*pair, name, length) == 0 && (*pair)[length] == '=') {
            char *value = g_uri_unescape_string(*pair + length + 1, NULL);
            return value != NULL ? value : g_strdup("");
        }
    }
    return g_strdup("");
}

int64_t mm_query_int(const struct mm_call *call, const char *name, int64_t fallback)
{
    g_autofree char *text = mm_query(call, name);
    gint64 number = 0;
    return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &number, NULL) ? number : fallback;
}

const char *mm_user_part(const struct mm_call *call, int part)
{
    return strcmp(call->parts[part], "me") == 0 ? call->user : call->parts[part];
}

struct channel *mm_channel(struct mm_call *call, const char *id, enum mm_right right)
{
    struct channel *channel = channel_by_id(call->sandbox->workspace, id);
    bool member = channel != NULL && wire_is_member(channel, call->user);
    bool sees = member || (channel != NULL && right == MM_SEES && channel->visibility == PUBLIC) ||
                (channel != NULL && call->admin);
    if (sees)
        return channel;
    mm_forbid(call);
    return NULL;
}

struct post *mm_post(const struct sandbox *sandbox, const char *id, struct channel **channel)
{
    const GPtrArray *channels = workspace_channels(sandbox->workspace);
    for (guint i = 0; i < channels->len; i++) {
        *channel = g_ptr_array_index(channels, i);
        struct post *post = channel_find_id(*channel, id, false);
        if (post != NULL)
            return post;
    }
    return NULL;
}

/* ---- which ---- */

static const struct mm_route *const tables[] = {mm_post_routes, mm_reading_routes, mm_people_routes, mm_admin_routes,
                                                mm_file_routes};

static void clear_parts(struct mm_call *call)
{
    for (guint i = 0; i < G_N_ELEMENTS(call->parts); i++)
        g_clear_pointer(&call->parts[i], g_free);
}

static bool matches(struct mm_call *call, const struct mm_route *route, const char *path)
{
    g_auto(GStrv) wanted = g_strsplit(route->path, "/", -1);
    g_auto(GStrv) given = g_strsplit(path, "/", -1);
    guint parts = 0;
    if (strcmp(route->method, call->request->method) != 0 || g_strv_length(wanted) != g_strv_length(given))
        return false;
    clear_parts(call);
    for (int i = 0; wanted[i] != NULL; i++) {
        bool star = strcmp(wanted[i], "*") == 0 && given[i][0] != '\0';
        if (star && parts < G_N_ELEMENTS(call->parts))
            call->parts[parts++] = g_strdup(given[i]);
        else if (strcmp(wanted[i], given[i]) != 0)
            return false;
    }
    return true;
}

static const struct mm_route *find_route(struct mm_call *call, const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const struct mm_route *route = tables[i]; route->path != NULL; route++) {
            if (matches(call, route, path))
                return route;
        }
    }
    return NULL;
}

/* method: "POST posts" */
const char *mattermost_word(const char *method)
{
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const struct mm_route *route = tables[i]; route->path != NULL; route++) {
            size_t length = strlen(route->method);
            if (strncmp(method, route->method, length) == 0 && method[length] == ' ' &&
                strcmp(method + length + 1, route->path) == 0)
                return route->word;
        }
    }
    return NULL;
}

/* ---- the answer ---- */

static void write_error(struct mm_call *call, const char *request_id, struct reply *reply)
{
    g_autoptr(cJSON) json = json_object();
    json_put_str(json, "id", call->error);
    json_put_str(json, "message", call->status == 403 ? "You do not have the appropriate permissions." : call->error);
    json_put_str(json, "detailed_error", "");
    json_put_str(json, "request_id", request_id);
    json_put_int(json, "status_code", call->status);
    reply->body = json_text(json);
}

/* No handler saw the request: the body is JSON all the same, but is not said to be. */
static void write_unknown(const struct mm_call *call, struct reply *reply)
{
    g_autoptr(cJSON) json = json_object();
    g_autofree char *detail =
        g_strdup_printf("There doesn't appear to be an api call for the url='%s'.", call->request->path);
    json_put_str(json, "id", unknown_call);
    json_put_str(json, "message", "Sorry, we could not find the page.");
    json_put_str(json, "detailed_error", detail);
    json_put_int(json, "status_code", 404);
    reply->status = 404;
    reply->type = "text/plain; charset=utf-8";
    reply->body = json_text(json);
}

static void finish(struct mm_call *call, struct reply *reply)
{
    if (g_strcmp0(call->error, unknown_call) == 0) {
        write_unknown(call, reply);
        return;
    }
    g_autofree char *request_id = random_id();
    reply->status = call->status;
    reply->type = "application/json";
    if (call->error != NULL)
        write_error(call, request_id, reply);
    else
        reply->body = call->answer != NULL ? json_text(call->answer) : g_strdup("{\"status\":\"OK\"}");
    reply_header(reply, "x-request-id:", g_steal_pointer(&request_id));
    reply_header(reply, "x-version-id:", g_strdup_printf("%s..sandbox.false", mattermost_version(call->sandbox)));
    if (strcmp(call->request->method, "GET") == 0)
        reply_header(reply, "expires:", g_strdup("0"));
    if (call->status == 401 && call->request->token != NULL)
        reply_header(reply, "set-cookie:", g_strdup("MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly"));
}

/* In place of the answer. */
static void suffer(enum fault fault, int retry_after, const char *error, struct mm_call *call, struct reply *reply)
{
    if (fault == FAULT_NO_ANSWER) {
        reply->cut = true;
        return;
    }
    if (fault == FAULT_RATELIMITED) {
        reply->status = 429;
        reply->type = "text/plain; charset=utf-8";
        reply->body = g_strdup("limit exceeded\n");
        reply_header(reply, "retry-after:", g_strdup_printf("%d", retry_after));
        reply_header(reply, "x-ratelimit-limit:", g_strdup("101"));
        reply_header(reply, "x-ratelimit-reset:", g_strdup_printf("%d", retry_after));
        return;
    }
    if (fault == FAULT_ERROR && g_strcmp0(error, "not_json") == 0) {
        /* Some proxies show the whole request to whoever looks for what went wrong. */
        reply->status = 502;
        reply->type = "text/html; charset=utf-8";
        reply->body = g_strdup_printf("<html><pre>%s %s\nAuthorization: Bearer %s</pre></html>\n", call->request->method,
                                      call->request->path, call->request->token != NULL ? call->request->token : "");
        return;
    }
    mm_fail(call, fault == FAULT_HTTP_500 ? 500 : 400, fault == FAULT_HTTP_500 ? "api.context.internal.app_error" : error);
    finish(call, reply);
}

static void obey(struct mm_call *call, const struct mm_route *route, struct reply *reply)
{
    bool effect = true;
    int retry_after = 0;
    const char *error = NULL;
    g_autofree char *method = g_strdup_printf("%s %s", route->method, route->path);
    enum fault fault = misbehave_call(call->sandbox, method, &effect, &retry_after, &error);
    g_autoptr(cJSON) body =
        call->request->size > 0 ? json_parse(call->request->body, call->request->size, NULL) : NULL;
    call->body = body;
    if (fault == FAULT_NONE || effect)
        route->handle(call);
    if (call->error != NULL)
        log_info("sandbox.refused", "call=\"%s\" error=%s", method, call->error);
    if (fault == FAULT_NONE)
        finish(call, reply);
    else
        suffer(fault, retry_after, error, call, reply);
}

bool mattermost_request(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    static const char hooks[] = "/hooks/commands/", base[] = "/api/v4/";
    if (strcmp(request->method, "POST") == 0 && g_str_has_prefix(request->path, hooks)) {
        sandbox->api_calls++;
        answer_late(sandbox, request->path + strlen(hooks), request, reply);
        return true;
    }
    if (!g_str_has_prefix(request->path, base))
        return false;
    sandbox->api_calls++;
    const char *user = request->token != NULL ? mattermost_token_user(request->token) : NULL;
    struct mm_call call = {.sandbox = sandbox, .mattermost = sandbox->mattermost, .request = request, .status = 200};
    call.user = user != NULL ? user : "";
    call.admin = g_strcmp0(user, MATTERMOST_ADMIN) == 0;
    const struct mm_route *route = find_route(&call, request->path + strlen(base));
    if (route == NULL)
        mm_fail_unknown(&call);
    else if (user == NULL && !route->open)
        mm_fail(&call, 401, "api.context.session_expired.app_error");
    if (call.error != NULL)
        finish(&call, reply);
    else
        obey(&call, route, reply);
    clear_parts(&call);
    cJSON_Delete(call.answer);
    return true;
}
