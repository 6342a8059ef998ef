/* Buttons, forms and shortcuts → events (docs.slack.dev: "Interaction payloads"). */
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"

#include <string.h>

enum { FIELDS_MAX = 100 };

static void take_person(struct reader *reader, struct event *event)
{
    event->user = reader_need_id(reader, "user.id");
    event->user_name = reader_want_line(reader, "user.username", SLACK_NAME_MAX);
    if (event->user_name == NULL)
        event->user_name = reader_want_line(reader, "user.name", SLACK_NAME_MAX);
    /* An organisation's installation has no team of its own; the person's is the next best. */
    event->workspace = reader_want_id(reader, "team.id");
    if (event->workspace == NULL)
        event->workspace = reader_want_id(reader, "user.team_id");
}

static void take_trigger(struct reader *reader, struct event *event)
{
    event->trigger = reader_need_id(reader, "trigger_id");
    if (event->trigger != NULL)
        event->keys[0] = g_strconcat("trig:", event->trigger, NULL);
}

/* What was chosen in an input or a menu: text, option, person, channel or date; NULL when left empty. */
static char *chosen(const cJSON *element)
{
    static const char *const ids[] = {"selected_option.value", "selected_user", "selected_conversation",
                                      "selected_channel",      "selected_date", "selected_time"};
    const char *typed = json_str(element, "value");
    for (gsize i = 0; typed == NULL && i < G_N_ELEMENTS(ids); i++)
        typed = json_str(element, ids[i]);
    if (typed == NULL)
        return NULL;
    char *value = rich_clean(typed);
    if (g_utf8_strlen(value, -1) > SLACK_VALUE_MAX)
        *g_utf8_offset_to_pointer(value, SLACK_VALUE_MAX) = '\0';
    if (*value == '\0')
        g_clear_pointer(&value, g_free);
    return value;
}

/* Our fields' names stand before a ":" that keeps ids apart where Slack wants them unique. */
static char *before_colon(char *id)
{
    if (id != NULL)
        id[strcspn(id, ":")] = '\0';
    return id;
}

static void take_view(struct reader *reader, struct event *event)
{
    event->view = reader_need_id(reader, "view.id");
    event->form = reader_want_line(reader, "view.callback_id", SLACK_NAME_MAX);
    event->state = reader_want_raw(reader, "view.private_metadata", 12000);
    if (event->state != NULL) {
        /* It comes back as we sent it; what is not so is nothing of ours. */
        for (const char *c = event->state; *c != '\0'; c++) {
            if ((guchar)*c < ' ' && *c != '\n' && *c != '\t' && reader->bad == NULL)
                reader->bad = "view.private_metadata";
        }
    }
}

/* {block: {action: {type, …}}} */
static void take_fields(struct reader *reader, struct event *event)
{
    const cJSON *values = json_get(reader->json, "view.state.values"), *block;
    if (values != NULL && !cJSON_IsObject(values)) {
        reader->bad = "view.state.values";
        return;
    }
    cJSON_ArrayForEach(block, values)
    {
        const cJSON *element = cJSON_IsObject(block) ? block->child : NULL;
        if (!cJSON_IsObject(element) || !slack_is_id(block->string) || event->n_fields >= FIELDS_MAX) {
            reader->bad = "view.state.values";
            return;
        }
        g_autofree char *name = before_colon(g_strdup(block->string));
        g_autofree char *value = chosen(element);
        event_add_field(event, name, value);
    }
}

static struct event *decode_actions(struct reader *reader)
{
    struct event *event = event_new(EVENT_BUTTON, "slack");
    take_person(reader, event);
    take_trigger(reader, event);
    struct reader action = {.json = json_get(reader->json, "actions.0")};
    if (!cJSON_IsObject(action.json)) {
        reader->bad = "actions";
        return event;
    }
    event->action = before_colon(reader_need_id(&action, "action_id"));
    g_autofree char *value = chosen(action.json);
    event->value = value != NULL ? slack_value_to_rich(value) : NULL;
    event->at_ms = slack_ts_ms(json_str(action.json, "action_ts"));
    slack_take_channel(reader, event, "channel.id", "channel.name");
    if (event->channel == NULL)
        event->channel = reader_want_id(reader, "container.channel_id");
    event->message = reader_want_id(reader, "container.message_ts");
    if (event->message == NULL)
        event->message = reader_want_id(reader, "message.ts");
    event->thread = reader_want_id(reader, "message.thread_ts");
    if (event->thread == NULL)
        event->thread = reader_want_id(reader, "container.thread_ts");
    if (g_strcmp0(event->thread, event->message) == 0)
        g_clear_pointer(&event->thread, g_free);
    event->response_url = reader_want_raw(reader, "response_url", 2000);
    event->ephemeral = json_true(reader->json, "container.is_ephemeral");
    if (json_get(reader->json, "view.id") != NULL)
        take_view(reader, event);
    if (reader->bad == NULL)
        reader->bad = action.bad;
    if (reader->bad == NULL && event->view == NULL && (event->channel == NULL || event->message == NULL))
        reader->bad = "container";
    return event;
}

static struct event *decode_form(struct reader *reader, enum event_kind kind)
{
    struct event *event = event_new(kind, "slack");
    take_person(reader, event);
    take_view(reader, event);
    if (kind == EVENT_FORM) {
        take_fields(reader, event);
        event->trigger = reader_want_id(reader, "trigger_id");
        if (event->trigger != NULL)
            event->keys[0] = g_strconcat("trig:", event->trigger, NULL);
    } else if (event->view != NULL) {
        event->keys[0] = g_strconcat("closed:", event->view, NULL);
    }
    return event;
}

static struct event *decode_shortcut(struct reader *reader)
{
    struct event *event = event_new(EVENT_SHORTCUT, "slack");
    take_person(reader, event);
    take_trigger(reader, event);
    event->action = reader_need_id(reader, "callback_id");
    event->at_ms = slack_ts_ms(json_str(reader->json, "action_ts"));
    return event;
}

static struct event *decode_message_shortcut(struct reader *reader)
{
    struct event *event = decode_shortcut(reader);
    event->kind = EVENT_MESSAGE_SHORTCUT;
    slack_take_channel(reader, event, "channel.id", "channel.name");
    event->response_url = reader_want_raw(reader, "response_url", 2000);
    event->message = reader_want_id(reader, "message.ts");
    if (event->message == NULL)
        event->message = reader_need_id(reader, "message_ts");
    event->thread = reader_want_id(reader, "message.thread_ts");
    if (g_strcmp0(event->thread, event->message) == 0)
        g_clear_pointer(&event->thread, g_free);
    bool by_bot = *json_str0(reader->json, "message.bot_id") != '\0';
    event->author = by_bot ? NULL : reader_want_id(reader, "message.user");
    event->text = reader_want_text(reader, "message.text");
    if (reader->bad == NULL && event->channel == NULL)
        reader->bad = "channel.id";
    return event;
}

struct event *slack_decode_interactive(struct reader *reader)
{
    const char *type = json_str(reader->json, "type");
    if (type == NULL)
        reader->bad = "payload.type";
    else if (strcmp(type, "block_actions") == 0)
        return decode_actions(reader);
    else if (strcmp(type, "view_submission") == 0)
        return decode_form(reader, EVENT_FORM);
    else if (strcmp(type, "view_closed") == 0)
        return decode_form(reader, EVENT_FORM_CLOSED);
    else if (strcmp(type, "shortcut") == 0)
        return decode_shortcut(reader);
    else if (strcmp(type, "message_action") == 0)
        return decode_message_shortcut(reader);
    return event_new(EVENT_NONE, "slack");
}
