#include "bot/sandbox/mattermost/dialog.h"

#include "bot/sandbox/mattermost/attach.h"

#include <string.h>

enum { LABEL_MAX = 24, HELP_MAX = 150, FIELD_NAME_MAX = 300, TEXT_MAX = 150, TEXTAREA_MAX = 3000 };

static cJSON *option_json(const char *text, const char *value)
{
    cJSON *json = json_object();
    json_put(json, "text", attach_text("literal", text));
    json_put_str(json, "value", value);
    return json;
}

static void put_options(cJSON *element, const cJSON *given)
{
    cJSON *options = json_array();
    const cJSON *option = json_get(given, "options");
    const char *initial = json_str0(given, "default");
    for (option = option != NULL ? option->child : NULL; option != NULL; option = option->next) {
        const char *text = json_str0(option, "text"), *value = json_str0(option, "value");
        json_push(options, option_json(text, value));
        if (initial[0] != '\0' && strcmp(initial, value) == 0)
            json_put(element, "initial_option", option_json(text, value));
    }
    json_put(element, "options", options);
}

static void put_text(cJSON *element, const cJSON *given, bool area)
{
    int64_t limit = area ? TEXTAREA_MAX : TEXT_MAX, max = json_int(given, "max_length", 0);
    json_put_str(element, "type",
                 strcmp(json_str0(given, "subtype"), "number") == 0 ? "number_input" : "plain_text_input");
    json_put_bool(element, "multiline", area);
    json_put_int(element, "max_length", max > 0 ? MIN(max, limit) : limit);
    json_put_int(element, "min_length", json_int(given, "min_length", 0));
    json_put_str(element, "initial_value", json_str(given, "default"));
}

static bool put_select(cJSON *element, const cJSON *given)
{
    const char *source = json_str0(given, "data_source"), *initial = json_str0(given, "default");
    if (strcmp(source, "users") == 0) {
        json_put_str(element, "type", "users_select");
        json_put_str(element, "initial_user", initial[0] != '\0' ? initial : NULL);
    } else if (strcmp(source, "channels") == 0) {
        json_put_str(element, "type", "channels_select");
        json_put_str(element, "initial_channel", initial[0] != '\0' ? initial : NULL);
    } else if (source[0] == '\0') {
        json_put_str(element, "type", "static_select");
        put_options(element, given);
    } else {
        return false;
    }
    return true;
}

static void put_bool(cJSON *element, const cJSON *given)
{
    const char *text = json_str0(given, "placeholder");
    cJSON *options = json_array(), *initial = json_array();
    json_put_str(element, "type", "checkboxes");
    json_push(options, option_json(text[0] != '\0' ? text : json_str0(given, "display_name"), "true"));
    if (strcmp(json_str0(given, "default"), "true") == 0)
        json_push(initial, option_json(text[0] != '\0' ? text : json_str0(given, "display_name"), "true"));
    json_put(element, "options", options);
    if (initial->child != NULL)
        json_put(element, "initial_options", initial);
    else
        cJSON_Delete(initial);
}

/* NULL: no client shows such an element. */
static cJSON *element_json(const cJSON *given)
{
    const char *type = json_str0(given, "type"), *placeholder = json_str0(given, "placeholder");
    cJSON *element = json_object();
    bool known = true;
    json_put_str(element, "action_id", "value");
    if (strcmp(type, "text") == 0 || strcmp(type, "textarea") == 0) {
        put_text(element, given, strcmp(type, "textarea") == 0);
    } else if (strcmp(type, "select") == 0) {
        known = put_select(element, given);
    } else if (strcmp(type, "radio") == 0) {
        json_put_str(element, "type", "radio_buttons");
        put_options(element, given);
    } else if (strcmp(type, "bool") == 0) {
        put_bool(element, given);
    } else {
        known = false;
    }
    if (!known) {
        cJSON_Delete(element);
        return NULL;
    }
    if (placeholder[0] != '\0' && strcmp(type, "bool") != 0)
        json_put(element, "placeholder", attach_text("literal", placeholder));
    return element;
}

static const char *check_limits(const cJSON *element)
{
    if (g_utf8_strlen(json_str0(element, "display_name"), -1) > LABEL_MAX)
        return "an element's display_name is longer than 24 characters";
    if (g_utf8_strlen(json_str0(element, "help_text"), -1) > HELP_MAX)
        return "an element's help_text is longer than 150 characters";
    const char *name = json_str0(element, "name");
    return name[0] == '\0' || g_utf8_strlen(name, -1) > FIELD_NAME_MAX ? "an element's name is missing or too long" : NULL;
}

static cJSON *input_json(const cJSON *given, const char **why)
{
    *why = check_limits(given);
    cJSON *element = *why == NULL ? element_json(given) : NULL;
    if (element == NULL) {
        *why = *why != NULL ? *why : "an element is of an unknown type";
        return NULL;
    }
    cJSON *block = json_object();
    const char *help = json_str0(given, "help_text");
    json_put_str(block, "type", "input");
    json_put_str(block, "block_id", json_str0(given, "name"));
    json_put(block, "label", attach_text("literal", json_str0(given, "display_name")));
    json_put(block, "element", element);
    if (help[0] != '\0')
        json_put(block, "hint", attach_text("literal", help));
    json_put_bool(block, "optional", json_true(given, "optional") || strcmp(json_str0(given, "type"), "bool") == 0);
    return block;
}

cJSON *dialog_view(const cJSON *body, const char **why)
{
    const cJSON *dialog = json_get(body, "dialog");
    const char *title = json_str0(dialog, "title"), *intro = json_str0(dialog, "introduction_text");
    const char *submit = json_str0(dialog, "submit_label");
    if (title[0] == '\0' || g_utf8_strlen(title, -1) > LABEL_MAX) {
        *why = "the title is missing or longer than 24 characters";
        return NULL;
    }
    cJSON *view = json_object(), *blocks = json_array(), *own = json_object();
    json_put_str(view, "type", "modal");
    json_put(view, "title", attach_text("literal", title));
    json_put(view, "submit", attach_text("literal", submit[0] != '\0' ? submit : "Submit"));
    json_put(view, "close", attach_text("literal", "Cancel"));
    json_put(view, "blocks", blocks);
    json_put_str(own, "url", json_str0(body, "url"));
    json_put_str(own, "callback_id", json_str0(dialog, "callback_id"));
    json_put_str(own, "state", json_str0(dialog, "state"));
    json_put_bool(own, "notify_on_cancel", json_true(dialog, "notify_on_cancel"));
    json_put(view, "dialog", own);
    if (intro[0] != '\0') {
        cJSON *block = json_object();
        json_put_str(block, "type", "section");
        json_put(block, "text", attach_text("markdown", intro));
        json_push(blocks, block);
    }
    const cJSON *element = json_get(dialog, "elements");
    for (element = element != NULL ? element->child : NULL; element != NULL; element = element->next) {
        cJSON *block = input_json(element, why);
        if (block == NULL) {
            cJSON_Delete(view);
            return NULL;
        }
        json_push(blocks, block);
    }
    return view;
}

/* A number that was typed is sent as one. */
static cJSON *number_of(const char *text)
{
    char *end = NULL;
    double number = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' ? cJSON_CreateNumber(number) : cJSON_CreateString(text);
}

static cJSON *value_of(const cJSON *entry)
{
    const char *type = json_str0(entry, "type");
    if (strcmp(type, "checkboxes") == 0) {
        const cJSON *chosen = json_get(entry, "selected_options");
        return cJSON_CreateBool(chosen != NULL && chosen->child != NULL);
    }
    static const char *const keys[] = {"value", "selected_user", "selected_channel", "selected_option.value"};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *text = json_str(entry, keys[i]);
        if (text != NULL)
            return strcmp(type, "number_input") == 0 ? number_of(text) : cJSON_CreateString(text);
    }
    return cJSON_CreateNull();
}

cJSON *dialog_submission(const cJSON *definition, const cJSON *values)
{
    cJSON *submission = json_object();
    const cJSON *block = json_get(definition, "blocks");
    for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next) {
        if (strcmp(json_str0(block, "type"), "input") != 0)
            continue;
        const char *name = json_str0(block, "block_id");
        const cJSON *entry = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(values, name), "value");
        json_put(submission, name, value_of(entry));
    }
    return submission;
}
