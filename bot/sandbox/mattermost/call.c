#include "bot/sandbox/mattermost/call.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/mattermost/answer.h"
#include "bot/sandbox/mattermost/api_posts.h"
#include "bot/sandbox/mattermost/attach.h"
#include "bot/sandbox/mattermost/dialog.h"
#include "bot/sandbox/mattermost/mattermost.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/misbehave.h"

#include <string.h>

enum { TIMEOUT_MS = 30000, TRIGGER_OLD_MS = 3000, TRIGGER_NEW_MS = 30000, ANSWER_MAX = 1024 * 1024 };

static const char action_error[] = "Action integration error.";

/* One call under way, and what it was for. */
struct outcall {
    struct sandbox *sandbox;
    const struct person *person;
    char *channel, *thread, *post, *view, *command;
    bool cancels;
    void (*answered)(struct outcall *call, const struct rest_response *response);
};

static void outcall_free(void *data)
{
    struct outcall *call = data;
    g_free(call->channel);
    g_free(call->thread);
    g_free(call->post);
    g_free(call->view);
    g_free(call->command);
    g_free(call);
}

GPtrArray *calls_new(void)
{
    return g_ptr_array_new_with_free_func(outcall_free);
}

static void on_answer(const struct rest_response *response, void *data)
{
    struct outcall *call = data;
    struct mattermost *mattermost = call->sandbox->mattermost;
    struct rest_response lost = {.outcome = REST_UNKNOWN, .body = "", .error = "lost"};
    bool loses = misbehave_lose_ack(call->sandbox->misbehaviour);
    guint at = 0;
    if (g_ptr_array_find(mattermost->calls, call, &at))
        g_ptr_array_steal_index(mattermost->calls, at);
    call->answered(call, loses ? &lost : response);
    outcall_free(call);
}

/* Takes call and body. */
static void call_out(struct outcall *call, const char *url, const char *token, const char *type, char *body)
{
    struct mattermost *mattermost = call->sandbox->mattermost;
    mattermost->made++;
    if (mattermost->forbidden) {
        struct rest_response refused = {.outcome = REST_NOT_SENT, .body = "", .error = "address forbidden"};
        g_free(body);
        log_warning("sandbox.call", "url=%s error=\"address forbidden\"", url);
        call->answered(call, &refused);
        outcall_free(call);
        return;
    }
    struct rest_request request = {.method = "POST", .url = g_strdup(url), .timeout_ms = TIMEOUT_MS};
    GStrvBuilder *headers = g_strv_builder_new();
    g_autofree char *content = g_strdup_printf("Content-Type: %s", type);
    g_strv_builder_add_many(headers, "Accept: application/json", "User-Agent: Mattermost-Bot/1.1", content, NULL);
    if (token != NULL) {
        g_autofree char *authorization = g_strdup_printf("Authorization: Token %s", token);
        g_strv_builder_add(headers, authorization);
    }
    request.headers = g_strv_builder_end(headers);
    g_strv_builder_unref(headers);
    request.body = body;
    request.body_size = strlen(body);
    g_ptr_array_add(mattermost->calls, call);
    rest_send(mattermost->rest, &request, on_answer, call);
    rest_request_done(&request);
}

static struct outcall *outcall_new(struct sandbox *sandbox, const struct person *person, const char *channel,
                                   void (*answered)(struct outcall *call, const struct rest_response *response))
{
    struct outcall *call = g_new0(struct outcall, 1);
    call->sandbox = sandbox;
    call->person = person;
    call->channel = g_strdup(channel);
    call->answered = answered;
    return call;
}

static bool good(const struct rest_response *response)
{
    return response->outcome == REST_ANSWERED && response->status == 200 && response->body_size <= ANSWER_MAX;
}

/* ---- triggers ---- */

struct trigger_use {
    const struct person *person;
    char *channel;
    int64_t made_us;
};

void trigger_use_free(void *data)
{
    struct trigger_use *trigger = data;
    g_free(trigger->channel);
    g_free(trigger);
}

static char *trigger_new_id(struct sandbox *sandbox, const struct person *person, const char *channel)
{
    struct trigger_use *trigger = g_new0(struct trigger_use, 1);
    g_autofree char *client = random_id();
    g_autofree char *signature = random_id();
    g_autofree char *text = g_strdup_printf("%s:%s:%" G_GINT64_FORMAT ":%s", client, person->id, clock_now_ms(), signature);
    trigger->person = person;
    trigger->channel = g_strdup(channel);
    trigger->made_us = clock_monotonic_us();
    char *id = g_base64_encode((const guchar *)text, strlen(text));
    g_hash_table_insert(sandbox->mattermost->triggers, g_strdup(id), trigger);
    return id;
}

/* ---- commands ---- */

static void command_answered(struct outcall *call, const struct rest_response *response)
{
    struct channel *channel = channel_by_id(call->sandbox->workspace, call->channel);
    g_autofree char *trouble = NULL;
    if (response->outcome == REST_ANSWERED && response->status != 200)
        trouble = g_strdup_printf("Command with a trigger of '%s' returned response %d.", call->command,
                                  response->status);
    else if (!good(response) || answer_command(call->sandbox, call->person, channel, call->thread,
                                               response->content_type, response->body, response->body_size) != NULL)
        trouble = g_strdup_printf("Command with a trigger of '%s' failed.", call->command);
    if (trouble != NULL)
        sandbox_trouble(call->sandbox, call->person, trouble);
}

static void add_field(GString *form, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_auto(GStrv) words = g_strsplit(escaped, "%20", -1);
    g_autofree char *plus = g_strjoinv("+", words);
    g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, plus);
}

static void add_mentions(GString *form, const char *text, bool ids)
{
    int count = 0;
    const struct person *people = workspace_people(&count);
    for (int i = 0; i < count; i++) {
        g_autofree char *pattern = g_strdup_printf("(?<![\\w@.-])@%s\\b", people[i].name);
        if (g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0))
            add_field(form, ids ? "user_mentions_ids" : "user_mentions", ids ? people[i].id : people[i].name);
    }
}

static char *command_form(struct sandbox *sandbox, const struct slash_command *command, const struct person *person,
                          const struct channel *channel, const char *thread, const char *text)
{
    GString *form = g_string_new(NULL);
    g_autofree char *name = wire_channel_name(channel);
    g_autofree char *typed = g_strconcat("/", command->trigger, NULL);
    g_autofree char *url = answer_url(sandbox, person, channel, thread);
    g_autofree char *trigger = trigger_new_id(sandbox, person, channel->id);
    add_field(form, "channel_id", channel->id);
    add_field(form, "channel_name", name);
    add_field(form, "command", typed);
    add_field(form, "response_url", url);
    if (!sandbox->mattermost->old) {
        const struct post *root = thread[0] != '\0' ? channel_find(channel, thread) : NULL;
        add_field(form, "root_id", root != NULL ? root->id : "");
    }
    /* In a direct channel: the team the person has open. */
    add_field(form, "team_domain", channel->visibility == DIRECT ? MATTERMOST_TEAM_NAME : wire_team_name(channel));
    add_field(form, "team_id", channel->visibility == DIRECT ? MATTERMOST_TEAM : wire_team_id(channel));
    add_field(form, "text", text);
    add_field(form, "token", command->token);
    add_field(form, "trigger_id", trigger);
    add_field(form, "user_id", person->id);
    add_mentions(form, text, false);
    add_mentions(form, text, true);
    add_field(form, "user_name", person->name);
    return g_string_free(form, FALSE);
}

/* Once, and once more when somebody's finger is nervous. */
static int times(struct mattermost *mattermost)
{
    if (mattermost->twice <= 0)
        return 1;
    mattermost->twice--;
    return 2;
}

const char *call_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                         const char *thread, const char *typed)
{
    size_t length = strcspn(typed, " \t\n");
    g_autofree char *trigger = g_ascii_strdown(typed + 1, (gssize)length - 1);
    const struct slash_command *command = mattermost_command(sandbox->mattermost, trigger);
    if (command == NULL)
        return "That is not a command. Mattermost would say so too.";
    const char *text = typed[length] != '\0' ? typed + length + 1 : "";
    for (int left = times(sandbox->mattermost); left > 0; left--) {
        struct outcall *call = outcall_new(sandbox, person, channel->id, command_answered);
        call->thread = g_strdup(thread != NULL ? thread : "");
        call->command = g_strdup(command->trigger);
        call_out(call, command->url, command->token, "application/x-www-form-urlencoded",
             command_form(sandbox, command, person, channel, call->thread, text));
    }
    return NULL;
}

/* ---- buttons ---- */

static void say_privately(struct outcall *call, struct channel *channel, const struct post *post, const cJSON *answer)
{
    g_autoptr(cJSON) message = json_object();
    const char *text = json_str0(answer, "ephemeral_text");
    if (text[0] == '\0')
        return;
    json_put_str(message, "text", text);
    json_put_bool(message, "skip_slack_parsing", json_true(answer, "skip_slack_parsing"));
    answer_say(call->sandbox, call->person, channel,
               post == NULL ? "" : post->thread[0] != '\0' ? post->thread : post->ts, message);
}

static void press_answered(struct outcall *call, const struct rest_response *response)
{
    struct channel *channel = channel_by_id(call->sandbox->workspace, call->channel);
    struct post *post = channel_find_id(channel, call->post, false);
    const char *why = NULL;
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, &why);
    bool empty = response->body_size == 0 && !call->sandbox->mattermost->old;
    if (!good(response) || (!empty && !cJSON_IsObject(answer) && !cJSON_IsNull(answer))) {
        sandbox_trouble(call->sandbox, call->person, action_error);
        return;
    }
    const cJSON *update = json_get(answer, "update");
    if (cJSON_IsObject(update) && post == NULL) {
        sandbox_trouble(call->sandbox, call->person, "Unable to get the post.");
        return;
    }
    if (cJSON_IsObject(update)) {
        const cJSON *props = json_get(update, "props");
        posts_rewrite(call->sandbox, channel, post, json_str0(update, "message"),
                      cJSON_IsObject(props) ? props : NULL);
    }
    say_privately(call, channel, post, answer);
}

static cJSON *action_json(struct sandbox *sandbox, const struct person *person, const struct channel *channel,
                          const struct post *post, const cJSON *action, const char *choice)
{
    cJSON *json = json_object();
    g_autofree char *name = wire_channel_name(channel);
    g_autofree char *trigger = trigger_new_id(sandbox, person, channel->id);
    json_put_str(json, "user_id", person->id);
    json_put_str(json, "user_name", person->name);
    json_put_str(json, "channel_id", channel->id);
    json_put_str(json, "channel_name", name);
    json_put_str(json, "team_id", wire_team_id(channel));
    json_put_str(json, "team_domain", wire_team_name(channel));
    json_put_str(json, "post_id", post->id);
    json_put_str(json, "trigger_id", trigger);
    json_put_str(json, "type", json_str0(action, "type"));
    json_put_str(json, "data_source", json_str0(action, "data_source"));
    const cJSON *given = json_get(action, "integration.context");
    cJSON *context = cJSON_IsObject(given) ? cJSON_Duplicate(given, true) : json_object();
    if (choice != NULL)
        json_put_str(context, "selected_option", choice);
    if (context->child != NULL)
        json_put(json, "context", context);
    else
        cJSON_Delete(context);
    return json;
}

const char *call_press(struct sandbox *sandbox, const struct person *person, struct channel *channel, struct post *post,
                       const cJSON *block, const cJSON *element, const char *choice)
{
    (void)block;
    const char *id = json_str0(element, "action_id");
    const cJSON *action = attach_find(post->props, id);
    const char *url = json_str0(action, "integration.url");
    for (const char *c = id; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c))
            return "The server does not find a button whose id is not of letters and digits.";
    }
    if (action == NULL || url[0] == '\0')
        return "That button leads nowhere.";
    for (int left = times(sandbox->mattermost); left > 0; left--) {
        struct outcall *call = outcall_new(sandbox, person, channel->id, press_answered);
        call->post = g_strdup(post->id);
        g_autoptr(cJSON) json = action_json(sandbox, person, channel, post, action, choice);
        call_out(call, url, NULL, "application/json", json_text(json));
    }
    return NULL;
}

const char *call_press_view(struct sandbox *sandbox, struct view *view, const cJSON *block, const cJSON *element,
                            const char *choice)
{
    (void)sandbox, (void)view, (void)block, (void)element, (void)choice;
    return "Dialogs have no buttons of their own.";
}

/* ---- dialogs ---- */

const char *call_open_dialog(struct sandbox *sandbox, const cJSON *body)
{
    const struct trigger_use *trigger =
        g_hash_table_lookup(sandbox->mattermost->triggers, json_str0(body, "trigger_id"));
    int64_t life_ms = sandbox->mattermost->old ? TRIGGER_OLD_MS : TRIGGER_NEW_MS;
    if (trigger == NULL)
        return "interactive_message.decode_trigger_id.missing_data";
    if (clock_monotonic_us() - trigger->made_us > life_ms * 1000)
        return "interactive_message.decode_trigger_id.expired";
    if (json_str0(body, "url")[0] == '\0')
        return "api.context.invalid_body_param.app_error";
    const char *why = NULL;
    g_autoptr(cJSON) definition = dialog_view(body, &why);
    if (definition == NULL) { /* the server takes anything; it is clients who cannot show it */
        g_autofree char *text = g_strdup_printf("A dialog could not be shown: %s.", why);
        sandbox_trouble(sandbox, trigger->person, text);
        return NULL;
    }
    json_put_str((cJSON *)json_get(definition, "dialog"), "channel", trigger->channel);
    views_open(sandbox->views, trigger->person, definition);
    return NULL;
}

static void submit_answered(struct outcall *call, const struct rest_response *response)
{
    struct sandbox *sandbox = call->sandbox;
    struct view *view = views_find(sandbox->views, call->view);
    if (call->cancels || view == NULL)
        return;
    view->sending--;
    if (!good(response)) {
        sandbox_trouble(sandbox, call->person, action_error);
        return;
    }
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, NULL);
    const cJSON *errors = json_get(answer, "errors");
    const char *error = json_str0(answer, "error");
    if (cJSON_IsObject(errors) && errors->child != NULL)
        events_show_errors(sandbox, call->person, view->id, errors);
    else if (error[0] != '\0')
        sandbox_trouble(sandbox, call->person, error);
    else
        views_close(sandbox->views, view);
}

static void submit(struct sandbox *sandbox, struct view *view, bool cancels)
{
    const cJSON *dialog = json_get(view->definition, "dialog");
    struct outcall *call = outcall_new(sandbox, view->person, json_str0(dialog, "channel"), submit_answered);
    g_autoptr(cJSON) json = json_object();
    json_put_str(json, "type", "dialog_submission");
    json_put_str(json, "callback_id", json_str0(dialog, "callback_id"));
    json_put_str(json, "state", json_str0(dialog, "state"));
    json_put_str(json, "user_id", view->person->id);
    json_put_str(json, "channel_id", json_str0(dialog, "channel"));
    const struct channel *channel = channel_by_id(sandbox->workspace, json_str0(dialog, "channel"));
    bool elsewhere = channel != NULL && channel->elsewhere;
    json_put_str(json, "team_id", elsewhere ? MATTERMOST_OTHER_TEAM : MATTERMOST_TEAM);
    json_put(json, "submission", cancels ? json_object() : dialog_submission(view->definition, view->values));
    json_put_bool(json, "cancelled", cancels);
    call->view = g_strdup(view->id);
    call->cancels = cancels;
    view->sending += !cancels;
    call_out(call, json_str0(dialog, "url"), NULL, "application/json", json_text(json));
}

const char *call_submit(struct sandbox *sandbox, struct view *view)
{
    g_autofree char *id = g_strdup(view->id);
    for (int left = times(sandbox->mattermost); left > 0; left--) {
        struct view *still = views_find(sandbox->views, id);
        if (still != NULL)
            submit(sandbox, still, false);
    }
    return NULL;
}

const char *call_close(struct sandbox *sandbox, struct view *view)
{
    if (json_true(view->definition, "dialog.notify_on_cancel"))
        submit(sandbox, view, true);
    views_close(sandbox->views, view);
    return NULL;
}
