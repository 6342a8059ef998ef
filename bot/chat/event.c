#include "bot/chat/event.h"

struct event *event_new(enum event_kind kind, const char *platform)
{
    struct event *event = g_new0(struct event, 1);
    event->kind = kind;
    event->platform = platform;
    return event;
}

void event_free(struct event *event)
{
    if (event == NULL)
        return;
    char *const owned[] = {
        event->keys[0], event->keys[1],      event->workspace, event->user,     event->user_name,
        event->channel, event->channel_name, event->message,   event->thread,   event->author,
        event->permalink, event->revision,   event->text,      event->command,   event->cursor, event->profile.handle,  event->action,
        event->value,   event->form,         event->state,     event->view,     event->profile.name,
        event->profile.zone, event->profile.locale, event->trigger, event->response_url, event->envelope,
        event->sought,  event->group,        event->group_name,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    for (int i = 0; i < event->n_fields; i++) {
        g_free(event->fields[i].name);
        g_free(event->fields[i].value);
    }
    g_free(event->fields);
    g_strfreev(event->profile.groups);
    g_strfreev(event->members);
    g_free(event);
}

const char *event_cursor(const struct event *event)
{
    bool is_post = event->kind == EVENT_MESSAGE || event->kind == EVENT_MENTION || event->kind == EVENT_INVITED;
    if (event->cursor != NULL)
        return event->cursor;
    return is_post && event->thread == NULL ? event->message : NULL;
}

const char *event_field(const struct event *event, const char *name)
{
    for (int i = 0; i < event->n_fields; i++) {
        const char *value = event->fields[i].value;
        if (g_strcmp0(event->fields[i].name, name) == 0)
            return value != NULL && *value != '\0' ? value : NULL;
    }
    return NULL;
}

void event_add_field(struct event *event, const char *name, const char *value)
{
    event->fields = g_renew(struct form_value, event->fields, event->n_fields + 1);
    event->fields[event->n_fields++] = (struct form_value){.name = g_strdup(name), .value = g_strdup(value)};
}
