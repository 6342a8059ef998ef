#include "bot/sandbox/slack/interact.h"

#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/deliver.h"
#include "bot/sandbox/slack/message.h"
#include "bot/sandbox/slack/response.h"
#include "bot/sandbox/slack/slack.h"
#include "bot/sandbox/slack/text.h"
#include "bot/sandbox/slack/trigger.h"

#include <string.h>

/* As in config/slack-manifest.yaml. */
static const char *const commands[] = {"/ask", "/why"};

static const char no_answer[] = "askwhy did not answer in time. Try again.";

static cJSON *interaction(struct sandbox *sandbox, const char *type, const struct person *person, struct view *view)
{
    cJSON *payload = json_object(), *user = json_object(), *team = json_object();
    json_put_str(payload, "type", type);
    json_put_str(payload, "token", "sandbox");
    json_put_str(payload, "api_app_id", SANDBOX_APP);
    json_put_str(user, "id", person->id);
    json_put_str(user, "username", person->name);
    json_put_str(user, "name", person->name);
    json_put_str(user, "team_id", SANDBOX_TEAM);
    json_put(payload, "user", user);
    json_put_str(team, "id", SANDBOX_TEAM);
    json_put_str(team, "domain", SANDBOX_DOMAIN);
    json_put(payload, "team", team);
    json_put(payload, "enterprise", cJSON_CreateNull());
    json_put_bool(payload, "is_enterprise_install", false);
    if (strcmp(type, "view_closed") != 0) {
        g_autofree char *trigger = trigger_new(sandbox, person, view);
        json_put_str(payload, "trigger_id", trigger);
    }
    return payload;
}

static cJSON *interaction_channel(const struct channel *channel)
{
    cJSON *json = json_object();
    json_put_str(json, "id", channel->id);
    json_put_str(json, "name",
                 channel->visibility == DIRECT    ? "directmessage"
                 : channel->visibility == PRIVATE ? "privategroup"
                                                  : channel->name);
    return json;
}

/* Who waits for an acknowledgement, and for what. */
struct waiting {
    const struct person *person;
    char *channel, *command, *view;
};

static struct waiting *waiting_new(const struct person *person)
{
    struct waiting *waiting = g_new0(struct waiting, 1);
    waiting->person = person;
    return waiting;
}

static void waiting_free(void *data)
{
    struct waiting *waiting = data;
    g_free(waiting->channel);
    g_free(waiting->command);
    g_free(waiting->view);
    g_free(waiting);
}

static void command_done(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data)
{
    struct waiting *waiting = data;
    if (!acked) {
        g_autofree char *text = g_strdup_printf("%s failed with the error \"operation_timeout\"", waiting->command);
        sandbox_trouble(sandbox, waiting->person, text);
    } else if (ack != NULL) {
        struct channel *channel = channel_by_id(sandbox->workspace, waiting->channel);
        const char *error = response_say(sandbox, waiting->person, channel, ack);
        g_autofree char *text = g_strdup_printf("%s failed with the error \"%s\"", waiting->command, error);
        if (error != NULL)
            sandbox_trouble(sandbox, waiting->person, text);
    }
}

const char *interact_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                             const char *thread, const char *typed)
{
    if (thread != NULL)
        return "Slash-commands do not work in threads; Slack refuses them too. Write @askwhy and the command.";
    size_t length = strcspn(typed, " \t\n");
    g_autofree char *command = g_strndup(typed, length);
    bool known = false;
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        known = known || strcmp(commands[i], command) == 0;
    if (!known)
        return "That is not a command. Slack would say so too.";
    g_autofree char *rest = g_strstrip(g_strdup(typed + length));
    g_autofree char *text = text_from_typed(sandbox->workspace, rest, true);
    g_autofree char *url = response_url_new(sandbox, person, channel, NULL);
    g_autofree char *trigger = trigger_new(sandbox, person, NULL);
    cJSON *payload = json_object();
    json_put_str(payload, "token", "sandbox");
    json_put_str(payload, "team_id", SANDBOX_TEAM);
    json_put_str(payload, "team_domain", SANDBOX_DOMAIN);
    json_put_str(payload, "channel_id", channel->id);
    json_put_str(payload, "channel_name",
                 channel->visibility == DIRECT    ? "directmessage"
                 : channel->visibility == PRIVATE ? "privategroup"
                                                  : channel->name);
    json_put_str(payload, "user_id", person->id);
    json_put_str(payload, "user_name", person->name);
    json_put_str(payload, "command", command);
    json_put_str(payload, "text", text);
    json_put_str(payload, "api_app_id", SANDBOX_APP);
    json_put_str(payload, "is_enterprise_install", "false");
    json_put_str(payload, "response_url", url);
    json_put_str(payload, "trigger_id", trigger);
    struct waiting *waiting = waiting_new(person);
    waiting->channel = g_strdup(channel->id);
    waiting->command = g_steal_pointer(&command);
    deliver_request(sandbox->slack->deliver, "slash_commands", payload, true, command_done, waiting, waiting_free);
    return NULL;
}

static void press_done(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data)
{
    (void)ack;
    const struct waiting *waiting = data;
    if (!acked)
        sandbox_trouble(sandbox, waiting->person, no_answer);
}

/* The option of a select with this value. */
static const cJSON *find_option(const cJSON *element, const char *choice)
{
    const cJSON *option = json_get(element, "options");
    for (option = option != NULL ? option->child : NULL; option != NULL; option = option->next) {
        if (strcmp(json_str0(option, "value"), choice) == 0)
            return option;
    }
    return NULL;
}

static cJSON *action_json(struct sandbox *sandbox, const cJSON *block, const cJSON *element, const char *choice)
{
    cJSON *action = json_object();
    char ts[24];
    ts_write(workspace_moment(sandbox->workspace), ts);
    json_put_str(action, "type", json_str0(element, "type"));
    json_put_str(action, "action_id", json_str0(element, "action_id"));
    json_put_str(action, "block_id", json_str0(block, "block_id"));
    if (json_get(element, "text") != NULL)
        json_put(action, "text", cJSON_Duplicate(json_get(element, "text"), true));
    json_put_str(action, "value", json_str(element, "value"));
    json_put_str(action, "style", json_str(element, "style"));
    const cJSON *option = choice != NULL ? find_option(element, choice) : NULL;
    const char *type = json_str0(element, "type");
    if (option != NULL)
        json_put(action, "selected_option", cJSON_Duplicate(option, true));
    else if (choice != NULL && strcmp(type, "users_select") == 0)
        json_put_str(action, "selected_user", choice);
    else if (choice != NULL && strcmp(type, "datepicker") == 0)
        json_put_str(action, "selected_date", choice);
    json_put_str(action, "action_ts", ts);
    cJSON *actions = json_array();
    json_push(actions, action);
    return actions;
}

const char *interact_press(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                           struct post *post, const cJSON *block, const cJSON *element, const char *choice)
{
    cJSON *payload = interaction(sandbox, "block_actions", person, NULL), *container = json_object();
    json_put_str(container, "type", "message");
    json_put_str(container, "message_ts", post->ts);
    json_put_str(container, "channel_id", channel->id);
    json_put_bool(container, "is_ephemeral", post->only != NULL);
    if (post->thread[0] != '\0')
        json_put_str(container, "thread_ts", post->thread);
    json_put(payload, "container", container);
    json_put(payload, "channel", interaction_channel(channel));
    if (post->only == NULL)
        json_put(payload, "message", post_json(channel, post, false));
    cJSON *state = json_object();
    json_put(state, "values", json_object());
    json_put(payload, "state", state);
    g_autofree char *url = response_url_new(sandbox, person, channel, post);
    json_put_str(payload, "response_url", url);
    json_put(payload, "actions", action_json(sandbox, block, element, choice));
    deliver_request(sandbox->slack->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

const char *interact_press_view(struct sandbox *sandbox, struct view *view, const cJSON *block, const cJSON *element,
                                const char *choice)
{
    const struct person *person = view->person;
    cJSON *payload = interaction(sandbox, "block_actions", person, view), *container = json_object();
    json_put_str(container, "type", "view");
    json_put_str(container, "view_id", view->id);
    json_put(payload, "container", container);
    json_put(payload, "view", view_json(view));
    json_put(payload, "actions", action_json(sandbox, block, element, choice));
    deliver_request(sandbox->slack->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

/* Errors name input blocks of the view, each with a text. */
static bool are_errors(const struct view *view, const cJSON *errors)
{
    for (const cJSON *error = errors != NULL ? errors->child : NULL; error != NULL; error = error->next) {
        const cJSON *block = json_get(view->definition, "blocks");
        bool input = false;
        for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next)
            input = input || (strcmp(json_str0(block, "type"), "input") == 0 &&
                              strcmp(json_str0(block, "block_id"), error->string) == 0);
        if (!input || !cJSON_IsString(error))
            return false;
    }
    return errors != NULL && errors->child != NULL;
}

static void submit_done(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data)
{
    const struct waiting *waiting = data;
    struct view *view = views_find(sandbox->views, waiting->view);
    if (!acked) {
        sandbox_trouble(sandbox, waiting->person, "We had some trouble connecting. Try again?");
        return;
    }
    if (view == NULL)
        return;
    const char *action = json_str0(ack, "response_action");
    const cJSON *next = json_get(ack, "view");
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    if (action[0] == '\0') {
        views_close(sandbox->views, view);
    } else if (strcmp(action, "clear") == 0) {
        views_clear(sandbox->views, waiting->person);
    } else if (strcmp(action, "errors") == 0 && are_errors(view, json_get(ack, "errors"))) {
        events_show_errors(sandbox, view->person, view->id, json_get(ack, "errors"));
    } else if (strcmp(action, "update") == 0 && views_check(sandbox, next, false, view, errors) == NULL) {
        views_update(sandbox->views, view, next);
    } else if (strcmp(action, "push") == 0 && views_check(sandbox, next, false, NULL, errors) == NULL &&
               views_push(sandbox->views, view, next) != NULL) {
        return;
    } else {
        sandbox_trouble(sandbox, waiting->person, "We had some trouble connecting. Try again?");
    }
}

const char *interact_submit(struct sandbox *sandbox, struct view *view)
{
    cJSON *payload = interaction(sandbox, "view_submission", view->person, view);
    json_put(payload, "view", view_json(view));
    json_put(payload, "response_urls", json_array());
    struct waiting *waiting = waiting_new(view->person);
    waiting->view = g_strdup(view->id);
    deliver_request(sandbox->slack->deliver, "interactive", payload, true, submit_done, waiting, waiting_free);
    return NULL;
}

static void closed_done(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data)
{
    (void)sandbox, (void)acked, (void)ack, (void)data;
}

const char *interact_close(struct sandbox *sandbox, struct view *view)
{
    const struct person *person = view->person;
    cJSON *payload = NULL;
    bool whole = json_true(view->definition, "clear_on_close");
    if (json_true(view->definition, "notify_on_close")) {
        payload = interaction(sandbox, "view_closed", person, NULL);
        json_put(payload, "view", view_json(view));
        json_put_bool(payload, "is_cleared", whole);
    }
    if (whole)
        views_clear(sandbox->views, person);
    else
        views_close(sandbox->views, view);
    if (payload != NULL)
        deliver_request(sandbox->slack->deliver, "interactive", payload, false, closed_done, NULL, NULL);
    return NULL;
}

const char *interact_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                              struct channel *channel, struct post *post)
{
    cJSON *payload = interaction(sandbox, post != NULL ? "message_action" : "shortcut", person, NULL);
    char action_ts[24];
    ts_write(workspace_moment(sandbox->workspace), action_ts);
    json_put_str(payload, "action_ts", action_ts);
    json_put_str(payload, "callback_id", callback_id);
    if (post != NULL) {
        json_put(payload, "channel", interaction_channel(channel));
        json_put_str(payload, "message_ts", post->ts);
        json_put(payload, "message", post_json(channel, post, false));
        g_autofree char *url = response_url_new(sandbox, person, channel, post);
        json_put_str(payload, "response_url", url);
    }
    deliver_request(sandbox->slack->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

const char *interact_home(struct sandbox *sandbox, const struct person *person)
{
    cJSON *event = json_object();
    char ts[24];
    ts_write(workspace_moment(sandbox->workspace), ts);
    json_put_str(event, "type", "app_home_opened");
    json_put_str(event, "user", person->id);
    json_put_str(event, "channel", channel_direct(sandbox->workspace, person)->id);
    json_put_str(event, "tab", "home");
    json_put_str(event, "event_ts", ts);
    const struct view *view = views_home(sandbox->views, person);
    if (view != NULL) {
        json_put(event, "view", view_json(view));
        cJSON *see = json_object();
        json_put_str(see, "see", "home");
        json_put(see, "view", view_json(view));
        sandbox_tell(sandbox, person, NULL, see);
    }
    deliver_event(sandbox->slack->deliver, event);
    return NULL;
}
