/* Forms → modals (docs.slack.dev, "Reference: views" and "block elements"). */
#include "bot/slack/encode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"

#include <string.h>

enum {
    TITLE_MAX = 24,
    INPUT_LABEL_MAX = 2000,
    INPUT_TEXT_MAX = 3000,
    OPTION_MAX = 75,
    OPTIONS_MAX = 100,
    RADIO_MAX = 5, /* Slack's 10 would fill a phone's screen */
    STATE_MAX = 3000,
};

static bool is_date(const char *text)
{
    return strlen(text) == 10 && strspn(text, "0123456789-") == 10 && text[4] == '-' && text[7] == '-';
}

static cJSON *element_of(const char *type, const char *name)
{
    cJSON *element = json_object();
    json_put_str(element, "type", type);
    json_put_str(element, "action_id", name);
    return element;
}

static cJSON *text_input(const struct field *field)
{
    cJSON *element = element_of("plain_text_input", field->name);
    gsize max = field->max > 0 && field->max < INPUT_TEXT_MAX ? (gsize)field->max : INPUT_TEXT_MAX;
    json_put_bool(element, "multiline", field->kind == FIELD_TEXT);
    json_put_int(element, "max_length", (int64_t)max);
    if (field->initial != NULL && *field->initial != '\0') {
        g_autofree char *plain = slack_rich_to_plain(field->initial);
        g_autofree char *cut = slack_pair_bidi(slack_cut(plain, max, field->kind == FIELD_LINE));
        json_put_str(element, "initial_value", cut);
    }
    return element;
}

static cJSON *option_object(const char *value, const char *label)
{
    cJSON *option = json_object();
    json_put(option, "text", slack_plain_object(label, OPTION_MAX));
    json_put_str(option, "value", value);
    return option;
}

/* NULL when there is nothing to choose from: Slack refuses an empty menu. */
static cJSON *choice(const struct field *field)
{
    bool radio = field->n_options <= RADIO_MAX && !field->optional;
    cJSON *options = json_array(), *initial = NULL;
    for (int i = 0; i < field->n_options && cJSON_GetArraySize(options) < OPTIONS_MAX; i++) {
        const char *value = field->options[i].value, *label = field->options[i].label;
        if (value == NULL || *value == '\0' || slack_length(value) > OPTION_MAX)
            continue;
        json_push(options, option_object(value, label != NULL ? label : value));
        if (initial == NULL && g_strcmp0(field->initial, value) == 0)
            initial = option_object(value, label != NULL ? label : value);
    }
    if (cJSON_GetArraySize(options) == 0) {
        cJSON_Delete(options);
        return NULL;
    }
    cJSON *element = element_of(radio ? "radio_buttons" : "static_select", field->name);
    json_put(element, "options", options);
    if (initial != NULL)
        json_put(element, "initial_option", initial);
    return element;
}

static cJSON *channel_select(const struct field *field)
{
    cJSON *element = element_of("conversations_select", field->name);
    cJSON *filter = json_object(), *include = json_array();
    json_push_str(include, "public");
    json_push_str(include, "private");
    json_put(filter, "include", include);
    json_put_bool(filter, "exclude_bot_users", true);
    json_put(element, "filter", filter);
    if (field->initial != NULL && slack_is_id(field->initial))
        json_put_str(element, "initial_conversation", field->initial);
    else
        json_put_bool(element, "default_to_current_conversation", true);
    return element;
}

static cJSON *element_for(const struct field *field)
{
    const char *initial = field->initial != NULL ? field->initial : "";
    cJSON *element = NULL;
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_TEXT:
        return text_input(field);
    case FIELD_CHOICE:
        return choice(field);
    case FIELD_CHANNEL:
        return channel_select(field);
    case FIELD_PERSON:
        element = element_of("users_select", field->name);
        if (slack_is_id(initial))
            json_put_str(element, "initial_user", initial);
        return element;
    case FIELD_DATE:
        element = element_of("datepicker", field->name);
        if (is_date(initial))
            json_put_str(element, "initial_date", initial);
        return element;
    }
    return NULL;
}

cJSON *slack_modal(const struct form *form, const char *external_id)
{
    cJSON *view = json_object(), *blocks = json_array();
    json_put_str(view, "type", "modal");
    json_put_str(view, "callback_id", form->id);
    json_put_str(view, "external_id", external_id);
    /* State is never cut: half a state would be another one. */
    if (form->state != NULL && slack_length(form->state) <= STATE_MAX)
        json_put_str(view, "private_metadata", form->state);
    json_put(view, "title", slack_plain_object(form->title != NULL ? form->title : "", TITLE_MAX));
    if (form->intro != NULL)
        slack_push_text(blocks, form->intro);
    for (int i = 0; i < form->n_fields && cJSON_GetArraySize(blocks) < 100; i++) {
        const struct field *field = &form->fields[i];
        cJSON *element = element_for(field);
        if (element == NULL)
            continue;
        cJSON *block = json_object();
        json_put_str(block, "type", "input");
        json_put_str(block, "block_id", field->name);
        json_put(block, "label",
                 slack_plain_object(field->label != NULL ? field->label : "", INPUT_LABEL_MAX));
        if (field->hint != NULL && *field->hint != '\0')
            json_put(block, "hint", slack_plain_object(field->hint, INPUT_LABEL_MAX));
        json_put_bool(block, "optional", field->optional);
        json_put(block, "element", element);
        json_push(blocks, block);
    }
    if (form->submit != NULL)
        json_put(view, "submit", slack_plain_object(form->submit, TITLE_MAX));
    if (form->cancel != NULL)
        json_put(view, "close", slack_plain_object(form->cancel, TITLE_MAX));
    json_put_bool(view, "notify_on_close", true);
    json_put(view, "blocks", blocks);
    return view;
}
