/* Forms → modals (docs.slack.dev, "Reference: views" and "block elements"). */
#include "bot/slack/encode.h"
#include "bot/slack/text.h"

#include "bot/base/json_write.h"

#include <string.h>

enum {
    TITLE_MAX = 24,
    INPUT_LABEL_MAX = 2000,
    INPUT_TEXT_MAX = 3000,
    OPTION_MAX = 75,
    OPTIONS_MAX = 100,
    RADIO_MAX = 5, /* Slack's 10 would fill a phone's screen */
    STATE_MAX = 3000,
    BLOCKS_MAX = 100,
};

static bool is_date(const char *text)
{
    return strlen(text) == 10 && strspn(text, "0123456789-") == 10 && text[4] == '-' && text[7] == '-';
}

static void open_element(GString *json, const char *type, const char *name)
{
    json_write_open(json, "element", '{');
    json_write_str(json, "type", type);
    json_write_str(json, "action_id", name);
}

static void write_text_input(GString *json, const struct field *field)
{
    gsize max = field->max > 0 && field->max < INPUT_TEXT_MAX ? (gsize)field->max : INPUT_TEXT_MAX;
    open_element(json, "plain_text_input", field->name);
    json_write_bool(json, "multiline", field->kind == FIELD_TEXT);
    json_write_int(json, "max_length", (int64_t)max);
    if (field->initial != NULL && *field->initial != '\0') {
        g_autofree char *plain = slack_rich_to_plain(field->initial);
        g_autofree char *cut = slack_pair_bidi(slack_cut(plain, max, field->kind == FIELD_LINE));
        json_write_str(json, "initial_value", cut);
    }
}

static bool can_be_chosen(const struct choice *option)
{
    return option->value != NULL && *option->value != '\0' && slack_length(option->value) <= OPTION_MAX;
}

static void write_option(GString *json, const char *name, const struct choice *option)
{
    json_write_open(json, name, '{');
    slack_write_plain(json, "text", option->label != NULL ? option->label : option->value, OPTION_MAX);
    json_write_str(json, "value", option->value);
    json_write_close(json, '}');
}

static void write_choice(GString *json, const struct field *field)
{
    bool radio = field->n_options <= RADIO_MAX && !field->optional;
    const struct choice *initial = NULL;
    open_element(json, radio ? "radio_buttons" : "static_select", field->name);
    json_write_open(json, "options", '[');
    for (int i = 0, count = 0; i < field->n_options && count < OPTIONS_MAX; i++) {
        const struct choice *option = &field->options[i];
        if (!can_be_chosen(option))
            continue;
        write_option(json, NULL, option);
        count++;
        if (initial == NULL && g_strcmp0(field->initial, option->value) == 0)
            initial = option;
    }
    json_write_close(json, ']');
    if (initial != NULL)
        write_option(json, "initial_option", initial);
}

static void write_channel_select(GString *json, const struct field *field)
{
    open_element(json, "conversations_select", field->name);
    json_write_open(json, "filter", '{');
    json_write_open(json, "include", '[');
    json_write_str(json, NULL, "public");
    json_write_str(json, NULL, "private");
    json_write_close(json, ']');
    json_write_bool(json, "exclude_bot_users", true);
    json_write_close(json, '}');
    if (field->initial != NULL && slack_is_id(field->initial))
        json_write_str(json, "initial_conversation", field->initial);
    else
        json_write_bool(json, "default_to_current_conversation", true);
}

static void write_element(GString *json, const struct field *field)
{
    const char *initial = field->initial != NULL ? field->initial : "";
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_TEXT:
        write_text_input(json, field);
        break;
    case FIELD_CHOICE:
        write_choice(json, field);
        break;
    case FIELD_CHANNEL:
        write_channel_select(json, field);
        break;
    case FIELD_PERSON:
        open_element(json, "users_select", field->name);
        if (slack_is_id(initial))
            json_write_str(json, "initial_user", initial);
        break;
    case FIELD_DATE:
        open_element(json, "datepicker", field->name);
        if (is_date(initial))
            json_write_str(json, "initial_date", initial);
        break;
    }
    json_write_close(json, '}');
}

/* Slack refuses an empty menu. */
static bool can_be_asked(const struct field *field)
{
    bool can = field->kind != FIELD_CHOICE;
    for (int i = 0; i < field->n_options && !can; i++)
        can = can_be_chosen(&field->options[i]);
    return can;
}

static void write_field(GString *json, const struct field *field)
{
    json_write_open(json, NULL, '{');
    json_write_str(json, "type", "input");
    json_write_str(json, "block_id", field->name);
    slack_write_plain(json, "label", field->label != NULL ? field->label : "", INPUT_LABEL_MAX);
    if (field->hint != NULL && *field->hint != '\0')
        slack_write_plain(json, "hint", field->hint, INPUT_LABEL_MAX);
    json_write_bool(json, "optional", field->optional);
    write_element(json, field);
    json_write_close(json, '}');
}

char *slack_modal(const struct form *form, const char *external_id)
{
    GString *json = g_string_new(NULL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "type", "modal");
    json_write_str(json, "callback_id", form->id);
    json_write_str(json, "external_id", external_id);
    /* State is never cut: half a state would be another one. */
    if (form->state != NULL && slack_length(form->state) <= STATE_MAX)
        json_write_str(json, "private_metadata", form->state);
    slack_write_plain(json, "title", form->title != NULL ? form->title : "", TITLE_MAX);
    if (form->submit != NULL)
        slack_write_plain(json, "submit", form->submit, TITLE_MAX);
    if (form->cancel != NULL)
        slack_write_plain(json, "close", form->cancel, TITLE_MAX);
    json_write_bool(json, "notify_on_close", true);
    json_write_open(json, "blocks", '[');
    guint count = form->intro != NULL ? slack_write_text(json, form->intro) : 0;
    for (int i = 0; i < form->n_fields && count < BLOCKS_MAX; i++) {
        if (!can_be_asked(&form->fields[i]))
            continue;
        write_field(json, &form->fields[i]);
        count++;
    }
    json_write_close(json, ']');
    json_write_close(json, '}');
    return g_string_free(json, FALSE);
}
