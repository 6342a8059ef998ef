#include "bot/sandbox/slack/api.h"

#include "bot/base/log.h"
#include "bot/sandbox/slack/deliver.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/slack/slack.h"

#include <string.h>

/* Those of config/slack-manifest.yaml. chat:write.public is not among them: askwhy joins before it posts. */
const char api_scopes[] = "app_mentions:read,channels:history,channels:join,channels:read,chat:write,commands,"
                          "files:write,groups:history,groups:read,im:history,im:read,im:write,metadata.message:read,"
                          "mpim:history,mpim:read,reactions:write,usergroups:read,users:read";

const char *api_text(const struct api_call *call, const char *name)
{
    return json_str0(call->args, name);
}

bool api_true(const struct api_call *call, const char *name)
{
    const char *text = api_text(call, name);
    return json_true(call->args, name) || strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

int64_t api_int(const struct api_call *call, const char *name, int64_t fallback)
{
    const char *text = json_str(call->args, name);
    gint64 number = 0;
    if (text == NULL)
        return json_int(call->args, name, fallback);
    return g_ascii_string_to_signed(text, 10, G_MININT32, G_MAXINT32, &number, NULL) ? number : fallback;
}

struct channel *api_channel(const struct api_call *call, const char *name, const char **error)
{
    const char *id = api_text(call, name);
    const struct workspace *workspace = call->sandbox->workspace;
    const struct person *person = person_by_id(id);
    struct channel *channel = person != NULL ? channel_direct(workspace, person) : channel_by_id(workspace, id);
    if (channel == NULL && id[0] == '#')
        channel = channel_by_name(workspace, id + 1);
    *error = channel != NULL ? NULL : id[0] == '\0' ? "invalid_arguments" : "channel_not_found";
    return channel;
}

static const char *auth_test(struct api_call *call)
{
    g_autofree char *url = g_strdup_printf("http://%s/", call->sandbox->host);
    json_put_str(call->answer, "url", url);
    json_put_str(call->answer, "team", "Sandbox");
    json_put_str(call->answer, "user", SANDBOX_BOT_NAME);
    json_put_str(call->answer, "team_id", SANDBOX_TEAM);
    json_put_str(call->answer, "user_id", SANDBOX_BOT_USER);
    json_put_str(call->answer, "bot_id", SANDBOX_BOT);
    json_put_bool(call->answer, "is_enterprise_install", false);
    return NULL;
}

static const char *api_test(struct api_call *call)
{
    json_put(call->answer, "args", cJSON_Duplicate(call->args, true));
    return api_text(call, "error")[0] != '\0' ? g_intern_string(api_text(call, "error")) : NULL;
}

static const char *connections_open(struct api_call *call)
{
    g_autofree char *ticket = deliver_ticket(call->sandbox->slack->deliver);
    g_autofree char *url = g_strdup_printf("%s://%s/link/?ticket=%s&app_id=%s", call->sandbox->behind_tls ? "wss" : "ws",
                                            call->sandbox->host, ticket, SANDBOX_APP);
    json_put_str(call->answer, "url", url);
    return NULL;
}

static const struct api_entry own_methods[] = {
    {"auth.test", auth_test, true},
    {"api.test", api_test, false},
    {"apps.connections.open", connections_open, false},
    {NULL, NULL, false},
};

static const struct api_entry *find_method(const char *name)
{
    const struct api_entry *const tables[] = {own_methods, api_chat_methods, api_conversation_methods,
                                              api_people_methods, api_view_methods, api_file_methods};
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const struct api_entry *entry = tables[i]; entry->name != NULL; entry++) {
            if (strcmp(entry->name, name) == 0)
                return entry;
        }
    }
    return NULL;
}

static void add_form(cJSON *args, const char *form)
{
    g_auto(GStrv) pairs = g_strsplit(form, "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        char *equals = strchr(*pair, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        g_autofree char *spaced = g_strdelimit(g_strdup(equals + 1), "+", ' ');
        g_autofree char *name = g_uri_unescape_string(*pair, NULL);
        g_autofree char *value = g_uri_unescape_string(spaced, NULL);
        if (name == NULL || value == NULL || !g_utf8_validate(value, -1, NULL) || !g_utf8_validate(name, -1, NULL))
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(args, name);
        json_put_str(args, name, value);
    }
}

static const char *read_args(const struct api_entry *entry, const char *content_type, const char *query,
                             const char *body, gsize size, cJSON **args)
{
    if (query != NULL)
        add_form(*args, query);
    if (size == 0)
        return NULL;
    if (content_type == NULL)
        return "missing_post_type";
    if (g_str_has_prefix(content_type, "application/json")) {
        if (entry->form_only)
            return NULL;
        cJSON *json = json_parse(body, size, NULL);
        if (!cJSON_IsObject(json)) {
            cJSON_Delete(json);
            return json == NULL ? "invalid_json" : "json_not_object";
        }
        cJSON_Delete(*args);
        *args = json;
        return NULL;
    }
    if (!g_str_has_prefix(content_type, "application/x-www-form-urlencoded"))
        return "invalid_post_type";
    if (!g_utf8_validate_len(body, size, NULL))
        return "invalid_form_data";
    g_autofree char *form = g_strndup(body, size);
    add_form(*args, form);
    return NULL;
}

static const char *check_token(const char *token, const char *method)
{
    bool opens = strcmp(method, "apps.connections.open") == 0;
    if (token == NULL || token[0] == '\0')
        return "not_authed";
    bool app = strcmp(token, SANDBOX_APP_TOKEN) == 0;
    if (!app && strcmp(token, SANDBOX_BOT_TOKEN) != 0)
        return "invalid_auth";
    return app != opens ? "not_allowed_token_type" : NULL;
}

static void finish(cJSON *answer, const char *error, const GPtrArray *errors)
{
    cJSON *ok = cJSON_CreateBool(error == NULL);
    cJSON_AddItemToObject(answer, "ok", ok);
    json_put_str(answer, "error", error);
    if (errors->len == 0)
        return;
    cJSON *metadata = json_object(), *messages = json_array();
    for (guint i = 0; i < errors->len; i++)
        json_push_str(messages, g_ptr_array_index(errors, i));
    json_put(metadata, "messages", messages);
    json_put(answer, "response_metadata", metadata);
}

cJSON *api_handle(struct sandbox *sandbox, const char *method, const char *token, const char *content_type,
                  const char *query, const char *body, gsize size, int *http_status, int *retry_after)
{
    sandbox->api_calls++;
    *http_status = 200;
    *retry_after = -1;
    bool effect = true;
    const char *fault_error = NULL;
    int wait_s = 0;
    enum fault fault = misbehave_call(sandbox, method, &effect, &wait_s, &fault_error);
    cJSON *args = json_object();
    cJSON *answer = json_object();
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    const struct api_entry *entry = find_method(method);
    const char *error = entry == NULL ? "unknown_method" : check_token(token, method);
    if (error == NULL)
        error = read_args(entry, content_type, query, body, size, &args);
    struct api_call call = {sandbox, args, answer, errors};
    if (error == NULL && (fault == FAULT_NONE || effect))
        error = entry->method(&call);
    if (error != NULL)
        log_info("sandbox.refused", "method=%s error=%s %s", method, error,
                 errors->len > 0 ? (const char *)g_ptr_array_index(errors, 0) : "");
    cJSON_Delete(args);
    if (fault != FAULT_NONE) {
        cJSON_Delete(answer);
        if (fault == FAULT_NO_ANSWER)
            return NULL;
        answer = json_object();
        error = fault_error;
        g_ptr_array_set_size(errors, 0);
        if (fault == FAULT_RATELIMITED) {
            *http_status = 429;
            *retry_after = wait_s;
        } else if (fault == FAULT_HTTP_500) {
            *http_status = 500;
            error = "internal_error";
        }
    }
    finish(answer, error, errors);
    return answer;
}
