#include "bot/sandbox/act.h"

#include "bot/sandbox/blocks.h"
#include "bot/sandbox/deliver.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/response.h"
#include "bot/sandbox/text.h"
#include "bot/sandbox/views.h"

#include <string.h>

/* As in config/slack-manifest.yaml. */
static const char *const commands[] = {"/ask", "/why"};
static const struct shortcut shortcuts[] = {
    {"new_ask", "New ask", "global"},
    {"raise_message", "Raise as an ask", "message"},
};

static const char no_answer[] = "askwhy did not answer in time. Try again.";

const struct shortcut *act_shortcuts(int *count)
{
    *count = G_N_ELEMENTS(shortcuts);
    return shortcuts;
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

static const char *act_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                               const char *typed)
{
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
    g_autofree char *trigger = views_trigger(sandbox->views, person, NULL);
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
    deliver_request(sandbox->deliver, "slash_commands", payload, true, command_done, waiting, waiting_free);
    return NULL;
}

const char *act_post(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                     const char *thread, const char *text)
{
    if (!channel_has(channel, person))
        return "You are not in that channel.";
    g_autofree char *typed = g_strstrip(g_strdup(text));
    if (typed[0] == '\0')
        return "There is nothing to send.";
    if (g_utf8_strlen(typed, -1) > 12000)
        return "That is too long for one message.";
    bool in_thread = thread != NULL && thread[0] != '\0';
    if (typed[0] == '/' && g_ascii_isalpha(typed[1]))
        return in_thread ? "Slash-commands do not work in threads; Slack refuses them too. Write @askwhy and the command."
                         : act_command(sandbox, person, channel, typed);
    const struct post *parent = in_thread ? channel_find(channel, thread) : NULL;
    if (in_thread && parent == NULL)
        return "That thread is gone.";
    if (parent != NULL)
        thread = parent->thread[0] != '\0' ? parent->thread : parent->ts;
    g_autofree char *told = text_from_typed(sandbox->workspace, typed, false);
    struct post *post = channel_post(sandbox->workspace, channel, person->id, thread, told, NULL);
    post->client_id = g_uuid_string_random();
    events_posted(sandbox, channel, post);
    return NULL;
}

static struct post *own_post(const struct person *person, struct channel *channel, const char *ts)
{
    struct post *post = channel_has(channel, person) ? channel_find(channel, ts) : NULL;
    return post != NULL && strcmp(post->user, person->id) == 0 && post->subtype == NULL ? post : NULL;
}

const char *act_edit(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                     const char *text)
{
    struct post *post = own_post(person, channel, ts);
    if (post == NULL)
        return "Only your own messages can be edited.";
    g_autofree char *typed = g_strstrip(g_strdup(text));
    if (typed[0] == '\0')
        return "There is nothing to send.";
    g_autoptr(cJSON) before = post_json(channel, post, false);
    g_autofree char *told = text_from_typed(sandbox->workspace, typed, false);
    post_write(post, told, NULL);
    post_mark_edited(sandbox->workspace, post);
    events_changed(sandbox, channel, post, before);
    return NULL;
}

const char *act_delete(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts)
{
    struct post *post = own_post(person, channel, ts);
    if (post == NULL)
        return "Only your own messages can be deleted.";
    events_delete(sandbox, channel, post);
    return NULL;
}

const char *act_react(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *name)
{
    struct post *post = channel_has(channel, person) ? channel_find(channel, ts) : NULL;
    if (post == NULL || name[0] == '\0' || strlen(name) > 100)
        return "That message is gone.";
    if (!post_react(post, name, person->id))
        post_unreact(post, name, person->id);
    events_reacted(sandbox, channel, post);
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

const char *act_press(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *ts,
                      const char *block_id, const char *action_id, const char *choice)
{
    if (!channel_has(channel, person))
        return "You are not in that channel.";
    struct post *post = channel_find(channel, ts);
    if (post == NULL)
        post = channel_find_ephemeral(channel, ts, person);
    const cJSON *block = NULL;
    const cJSON *element = post != NULL ? blocks_find(post->blocks, block_id, action_id, &block) : NULL;
    if (element == NULL)
        return "That button is gone.";
    cJSON *payload = events_interaction(sandbox, "block_actions", person, NULL), *container = json_object();
    json_put_str(container, "type", "message");
    json_put_str(container, "message_ts", post->ts);
    json_put_str(container, "channel_id", channel->id);
    json_put_bool(container, "is_ephemeral", post->only != NULL);
    if (post->thread[0] != '\0')
        json_put_str(container, "thread_ts", post->thread);
    json_put(payload, "container", container);
    json_put(payload, "channel", events_channel_json(channel));
    if (post->only == NULL)
        json_put(payload, "message", post_json(channel, post, false));
    cJSON *state = json_object();
    json_put(state, "values", json_object());
    json_put(payload, "state", state);
    g_autofree char *url = response_url_new(sandbox, person, channel, post);
    json_put_str(payload, "response_url", url);
    json_put(payload, "actions", action_json(sandbox, block, element, choice));
    deliver_request(sandbox->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

static struct view *own_view(struct sandbox *sandbox, const struct person *person, const char *id)
{
    struct view *view = views_find(sandbox->views, id);
    return view != NULL && view->person == person ? view : NULL;
}

const char *act_press_view(struct sandbox *sandbox, const struct person *person, const char *id,
                           const char *block_id, const char *action_id, const char *choice)
{
    struct view *view = own_view(sandbox, person, id);
    const cJSON *block = NULL, *element = NULL;
    if (view != NULL)
        element = blocks_find(json_get(view->definition, "blocks"), block_id, action_id, &block);
    if (element == NULL)
        return "That button is gone.";
    cJSON *payload = events_interaction(sandbox, "block_actions", person, view), *container = json_object();
    json_put_str(container, "type", "view");
    json_put_str(container, "view_id", view->id);
    json_put(payload, "container", container);
    json_put(payload, "view", view_json(view));
    json_put(payload, "actions", action_json(sandbox, block, element, choice));
    deliver_request(sandbox->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

static void tell_errors(struct sandbox *sandbox, const struct view *view, const cJSON *errors)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "errors");
    json_put_str(see, "view", view->id);
    json_put(see, "errors", cJSON_Duplicate(errors, true));
    sandbox_tell(sandbox, view->person, NULL, see);
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
    struct view *view = own_view(sandbox, waiting->person, waiting->view);
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
        tell_errors(sandbox, view, json_get(ack, "errors"));
    } else if (strcmp(action, "update") == 0 && views_check(sandbox->views, next, false, view, errors) == NULL) {
        views_update(sandbox->views, view, next);
    } else if (strcmp(action, "push") == 0 && views_check(sandbox->views, next, false, NULL, errors) == NULL &&
               views_push(sandbox->views, view, next) != NULL) {
        return;
    } else {
        sandbox_trouble(sandbox, waiting->person, "We had some trouble connecting. Try again?");
    }
}

const char *act_submit(struct sandbox *sandbox, const struct person *person, const char *id, const cJSON *values)
{
    struct view *view = own_view(sandbox, person, id);
    if (view == NULL || view->home || views_top(sandbox->views, person) != view)
        return "That form is closed.";
    view_fill(view, values);
    g_autoptr(cJSON) missing = view_missing(view);
    if (missing != NULL) {
        tell_errors(sandbox, view, missing);
        return NULL;
    }
    cJSON *payload = events_interaction(sandbox, "view_submission", person, view);
    json_put(payload, "view", view_json(view));
    json_put(payload, "response_urls", json_array());
    struct waiting *waiting = waiting_new(person);
    waiting->view = g_strdup(view->id);
    deliver_request(sandbox->deliver, "interactive", payload, true, submit_done, waiting, waiting_free);
    return NULL;
}

static void closed_done(struct sandbox *sandbox, bool acked, const cJSON *ack, void *data)
{
    (void)sandbox, (void)acked, (void)ack, (void)data;
}

const char *act_close(struct sandbox *sandbox, const struct person *person, const char *id)
{
    struct view *view = own_view(sandbox, person, id);
    if (view == NULL || view->home)
        return "That form is closed.";
    cJSON *payload = NULL;
    bool whole = json_true(view->definition, "clear_on_close");
    if (json_true(view->definition, "notify_on_close")) {
        payload = events_interaction(sandbox, "view_closed", person, NULL);
        json_put(payload, "view", view_json(view));
        json_put_bool(payload, "is_cleared", whole);
    }
    if (whole)
        views_clear(sandbox->views, person);
    else
        views_close(sandbox->views, view);
    if (payload != NULL)
        deliver_request(sandbox->deliver, "interactive", payload, false, closed_done, NULL, NULL);
    return NULL;
}

const char *act_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                         struct channel *channel, const char *ts)
{
    const char *type = channel != NULL ? "message" : "global";
    bool known = false;
    for (guint i = 0; i < G_N_ELEMENTS(shortcuts); i++)
        known = known || (strcmp(shortcuts[i].callback_id, callback_id) == 0 && strcmp(shortcuts[i].type, type) == 0);
    if (!known)
        return "There is no such shortcut.";
    const struct post *post = NULL;
    if (channel != NULL && (!channel_has(channel, person) || (post = channel_find(channel, ts)) == NULL))
        return "That message is gone.";
    cJSON *payload = events_interaction(sandbox, post != NULL ? "message_action" : "shortcut", person, NULL);
    char action_ts[24];
    ts_write(workspace_moment(sandbox->workspace), action_ts);
    json_put_str(payload, "action_ts", action_ts);
    json_put_str(payload, "callback_id", callback_id);
    if (post != NULL) {
        json_put(payload, "channel", events_channel_json(channel));
        json_put_str(payload, "message_ts", post->ts);
        json_put(payload, "message", post_json(channel, post, false));
        g_autofree char *url = response_url_new(sandbox, person, channel, post);
        json_put_str(payload, "response_url", url);
    }
    deliver_request(sandbox->deliver, "interactive", payload, false, press_done, waiting_new(person), waiting_free);
    return NULL;
}

const char *act_home(struct sandbox *sandbox, const struct person *person)
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
    deliver_event(sandbox->deliver, event);
    return NULL;
}

const char *act_invite(struct sandbox *sandbox, const struct person *person, struct channel *channel)
{
    if (!channel_has(channel, person) || channel->visibility == DIRECT)
        return "You are not in that channel.";
    if (channel->bot)
        return "askwhy is here already.";
    events_bot_joins(sandbox, channel, person);
    return NULL;
}

const char *act_remove(struct sandbox *sandbox, const struct person *person, struct channel *channel)
{
    if (!channel_has(channel, person) || !channel->bot || channel->visibility == DIRECT)
        return "askwhy is not here.";
    events_bot_leaves(sandbox, channel);
    return NULL;
}
