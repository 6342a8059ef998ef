#include "bot/chat/message.h"

#include "bot/base/json.h"
#include "bot/base/json_write.h"

enum { JSON_USUAL = 512 };

struct message *message_new(const char *fallback)
{
    struct message *message = g_new0(struct message, 1);
    message->fallback = g_strdup(fallback);
    message->quiet_links = true;
    return message;
}

struct message *message_text(const char *text)
{
    struct message *message = message_new(text);
    message_add(message, PART_TEXT, text);
    return message;
}

void message_free(struct message *message)
{
    if (message == NULL)
        return;
    for (int i = 0; i < message->n_parts; i++) {
        struct part *part = &message->parts[i];
        for (int b = 0; b < part->n_buttons; b++) {
            g_free(part->buttons[b].action);
            g_free(part->buttons[b].value);
            g_free(part->buttons[b].label);
        }
        g_free(part->buttons);
        g_free(part->text);
    }
    g_free(message->parts);
    g_free(message->fallback);
    g_free(message);
}

void message_add(struct message *message, enum part_kind kind, const char *text)
{
    message->parts = g_renew(struct part, message->parts, message->n_parts + 1);
    message->parts[message->n_parts++] = (struct part){.kind = kind, .text = g_strdup(text)};
}

void message_add_button(struct message *message, const char *action, const char *value, const char *label,
                        enum button_style style)
{
    if (message->n_parts == 0 || message->parts[message->n_parts - 1].kind != PART_BUTTONS)
        message_add(message, PART_BUTTONS, NULL);
    struct part *part = &message->parts[message->n_parts - 1];
    part->buttons = g_renew(struct button, part->buttons, part->n_buttons + 1);
    part->buttons[part->n_buttons++] = (struct button){
        .action = g_strdup(action), .value = g_strdup(value), .label = g_strdup(label), .style = style};
}

void message_join(struct message *message, struct message *more)
{
    for (int i = 0; i < more->n_parts; i++) {
        const struct part *part = &more->parts[i];
        if (part->kind != PART_BUTTONS)
            message_add(message, part->kind, part->text);
        for (int b = 0; b < part->n_buttons; b++) {
            const struct button *button = &part->buttons[b];
            message_add_button(message, button->action, button->value, button->label, button->style);
        }
    }
    message_free(more);
}

static void write_buttons(GString *json, const struct part *part)
{
    json_write_open(json, "buttons", '[');
    for (int b = 0; b < part->n_buttons; b++) {
        const struct button *button = &part->buttons[b];
        json_write_open(json, NULL, '{');
        json_write_str(json, "action", button->action);
        json_write_str(json, "value", button->value);
        json_write_str(json, "label", button->label);
        json_write_int(json, "style", button->style);
        json_write_close(json, '}');
    }
    json_write_close(json, ']');
}

char *message_to_json(const struct message *message)
{
    GString *json = g_string_sized_new(JSON_USUAL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "fallback", message->fallback);
    json_write_open(json, "parts", '[');
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        json_write_open(json, NULL, '{');
        json_write_int(json, "kind", part->kind);
        json_write_str(json, "text", part->text);
        if (part->n_buttons > 0)
            write_buttons(json, part);
        json_write_close(json, '}');
    }
    json_write_close(json, ']');
    json_write_bool(json, "quiet_links", message->quiet_links);
    json_write_close(json, '}');
    return g_string_free(json, FALSE);
}

/* A member of an enum that ends with last; its first member when the JSON has another. */
static int known(const cJSON *value, const char *name, int last)
{
    int64_t number = json_int(value, name, 0);
    return number >= 0 && number <= last ? (int)number : 0;
}

struct message *message_from_json(const cJSON *json)
{
    if (!cJSON_IsObject(json))
        return NULL;
    struct message *message = message_new(json_str0(json, "fallback"));
    message->quiet_links = !cJSON_IsFalse(json_get(json, "quiet_links"));
    const cJSON *part;
    cJSON_ArrayForEach(part, json_get(json, "parts"))
    {
        message_add(message, (enum part_kind)known(part, "kind", PART_DIVIDER), json_str(part, "text"));
        const cJSON *button;
        cJSON_ArrayForEach(button, json_get(part, "buttons"))
        {
            message_add_button(message, json_str0(button, "action"), json_str(button, "value"),
                               json_str0(button, "label"), (enum button_style)known(button, "style", BUTTON_DANGER));
        }
    }
    return message;
}

struct form *form_new(const char *id, const char *state, const char *title, const char *submit, const char *cancel)
{
    struct form *form = g_new0(struct form, 1);
    form->id = g_strdup(id);
    form->state = g_strdup(state);
    form->title = g_strdup(title);
    form->submit = g_strdup(submit);
    form->cancel = g_strdup(cancel);
    return form;
}

void form_free(struct form *form)
{
    if (form == NULL)
        return;
    for (int i = 0; i < form->n_fields; i++) {
        struct field *field = &form->fields[i];
        for (int o = 0; o < field->n_options; o++) {
            g_free(field->options[o].value);
            g_free(field->options[o].label);
        }
        g_free(field->options);
        g_free(field->name);
        g_free(field->label);
        g_free(field->hint);
        g_free(field->initial);
    }
    g_free(form->fields);
    g_free(form->id);
    g_free(form->state);
    g_free(form->title);
    g_free(form->submit);
    g_free(form->cancel);
    g_free(form->intro);
    g_free(form->instead);
    g_free(form);
}

struct field *form_add(struct form *form, enum field_kind kind, const char *name, const char *label, bool optional)
{
    form->fields = g_renew(struct field, form->fields, form->n_fields + 1);
    struct field *field = &form->fields[form->n_fields++];
    *field = (struct field){.kind = kind, .name = g_strdup(name), .label = g_strdup(label), .optional = optional};
    return field;
}

void field_add_option(struct field *field, const char *value, const char *label)
{
    field->options = g_realloc_n(field->options, (gsize)field->n_options + 1, sizeof *field->options);
    field->options[field->n_options].value = g_strdup(value);
    field->options[field->n_options++].label = g_strdup(label);
}

static void write_field(GString *json, const struct field *field)
{
    json_write_open(json, NULL, '{');
    json_write_int(json, "kind", field->kind);
    json_write_str(json, "name", field->name);
    json_write_str(json, "label", field->label);
    json_write_str(json, "hint", field->hint);
    json_write_str(json, "initial", field->initial);
    json_write_bool(json, "optional", field->optional);
    json_write_int(json, "max", field->max);
    json_write_open(json, "options", '[');
    for (int o = 0; o < field->n_options; o++) {
        json_write_open(json, NULL, '{');
        json_write_str(json, "value", field->options[o].value);
        json_write_str(json, "label", field->options[o].label);
        json_write_close(json, '}');
    }
    json_write_close(json, ']');
    json_write_close(json, '}');
}

char *form_to_json(const struct form *form)
{
    GString *json = g_string_sized_new(JSON_USUAL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "id", form->id);
    json_write_str(json, "state", form->state);
    json_write_str(json, "title", form->title);
    json_write_str(json, "submit", form->submit);
    json_write_str(json, "cancel", form->cancel);
    json_write_str(json, "intro", form->intro);
    json_write_str(json, "instead", form->instead);
    json_write_open(json, "fields", '[');
    for (int i = 0; i < form->n_fields; i++)
        write_field(json, &form->fields[i]);
    json_write_close(json, ']');
    json_write_close(json, '}');
    return g_string_free(json, FALSE);
}

struct form *form_from_json(const cJSON *json)
{
    if (!cJSON_IsObject(json))
        return NULL;
    struct form *form = form_new(json_str(json, "id"), json_str(json, "state"), json_str(json, "title"),
                                 json_str(json, "submit"), json_str(json, "cancel"));
    form->intro = g_strdup(json_str(json, "intro"));
    form->instead = g_strdup(json_str(json, "instead"));
    const cJSON *object;
    cJSON_ArrayForEach(object, json_get(json, "fields"))
    {
        struct field *field = form_add(form, (enum field_kind)known(object, "kind", FIELD_DATE),
                                       json_str0(object, "name"), json_str0(object, "label"),
                                       json_true(object, "optional"));
        field->hint = g_strdup(json_str(object, "hint"));
        field->initial = g_strdup(json_str(object, "initial"));
        field->max = (int)CLAMP(json_int(object, "max", 0), 0, G_MAXINT);
        const cJSON *option;
        cJSON_ArrayForEach(option, json_get(object, "options"))
        {
            field_add_option(field, json_str0(option, "value"), json_str0(option, "label"));
        }
    }
    return form;
}
