/* Forms → interactive dialogs (developers.mattermost.com, "Interactive dialogs"; model/integration_action.go). */
#include "bot/mattermost/text.h"

#include "bot/base/json.h"

#include <string.h>

enum {
    TITLE_MAX = 24,
    LABEL_MAX = 24,
    HELP_MAX = 150,
    INPUT_MAX = 150,
    AREA_MAX = 3000,
    INTRO_MAX = 3000,
    OPTION_MAX = 75,
    OPTIONS_MAX = 100,
    RADIO_MAX = 5,
    ELEMENTS_MAX = 50,
    OPEN_MS = 24 * 60 * 60 * 1000, /* a form may lie open for a day */
};

/* Servers before 11.1 have no element for dates: one is typed, and in every language so. */
static const char DATE_SHAPE[] = "2026-03-14";

static cJSON *element_of(const struct field *field, const char *type)
{
    cJSON *element = json_object();
    json_put_str(element, "name", field->name);
    json_put_str(element, "type", type);
    json_put_bool(element, "optional", field->optional);
    return element;
}

static bool is_one_line(const char *text)
{
    return strchr(text, '\n') == NULL;
}

static cJSON *text_element(const struct field *field, const struct mattermost_options *options)
{
    g_autofree char *initial = mattermost_rich_to_plain(field->initial != NULL ? field->initial : "", options);
    bool line = field->kind != FIELD_TEXT && field->max <= INPUT_MAX && g_utf8_strlen(initial, -1) <= INPUT_MAX &&
                is_one_line(initial);
    glong limit = line ? INPUT_MAX : AREA_MAX;
    glong max = field->max > 0 && field->max < limit ? field->max : limit;
    cJSON *element = element_of(field, line ? "text" : "textarea");
    json_put_int(element, "max_length", max);
    if (*initial != '\0') {
        g_autofree char *cut = rich_shorten(initial, max, false);
        json_put_str(element, "default", cut);
    }
    return element;
}

/* NULL when there is nothing to choose from. */
static cJSON *choice_element(const struct field *field, const struct mattermost_options *options)
{
    cJSON *list = json_array();
    const char *initial = NULL;
    for (int i = 0; i < field->n_options && cJSON_GetArraySize(list) < OPTIONS_MAX; i++) {
        const char *value = field->options[i].value, *label = field->options[i].label;
        if (value == NULL || *value == '\0')
            continue;
        g_autofree char *text = mattermost_line_within(label != NULL ? label : value, OPTION_MAX, options);
        cJSON *option = json_object();
        json_put_str(option, "text", *text != '\0' ? text : "…");
        json_put_str(option, "value", value);
        json_push(list, option);
        if (g_strcmp0(field->initial, value) == 0)
            initial = value;
    }
    int n = cJSON_GetArraySize(list);
    if (n == 0) {
        cJSON_Delete(list);
        return NULL;
    }
    /* A radio button once chosen cannot be taken back. */
    cJSON *element = element_of(field, n <= RADIO_MAX && !field->optional ? "radio" : "select");
    json_put(element, "options", list);
    json_put_str(element, "default", initial);
    return element;
}

static cJSON *source_element(const struct field *field, const char *source)
{
    cJSON *element = element_of(field, "select");
    json_put_str(element, "data_source", source);
    if (field->initial != NULL && mattermost_is_id(field->initial))
        json_put_str(element, "default", field->initial);
    return element;
}

static cJSON *element_for(const struct field *field, const struct mattermost_options *options)
{
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_TEXT:
    case FIELD_DATE:
        return text_element(field, options);
    case FIELD_CHOICE:
        return choice_element(field, options);
    case FIELD_PERSON:
        return source_element(field, "users");
    case FIELD_CHANNEL:
        return source_element(field, "channels");
    }
    return NULL;
}

/* "Why: what does it make possible …" has its short name before the colon; NULL when it is none. */
static char *short_name(const char *label)
{
    const char *colon = strstr(label, ": ");
    glong length = colon != NULL ? g_utf8_pointer_to_offset(label, colon) : 0;
    return length > 0 && length <= LABEL_MAX ? g_strndup(label, (gsize)(colon - label)) : NULL;
}

static char *capitalised(const char *text)
{
    if (*text == '\0')
        return g_strdup("");
    char first[7] = "";
    g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(text)), first);
    return g_strconcat(first, g_utf8_next_char(text), NULL);
}

/* What does not fit into the name of a field stands in the text below it, before the hint. */
static void put_words(cJSON *element, const struct field *field, const struct mattermost_options *options)
{
    const char *label = field->label != NULL && *field->label != '\0' ? field->label : field->name;
    const char *hint = field->hint != NULL ? field->hint : "";
    const char *shape = field->kind == FIELD_DATE ? DATE_SHAPE : "";
    g_autofree char *name = mattermost_line_within(label, LABEL_MAX, options);
    g_autofree char *whole = mattermost_line_within(label, G_MAXINT, options);
    bool cut = strcmp(name, whole) != 0;
    g_autofree char *rest = NULL;
    g_autofree char *before = cut ? short_name(whole) : NULL;
    if (before != NULL) {
        g_free(name);
        name = g_steal_pointer(&before);
        rest = capitalised(whole + strlen(name) + strlen(": "));
        label = rest;
    }
    const char *pieces[4] = {NULL};
    int n = 0;
    if (*shape != '\0')
        pieces[n++] = shape;
    if (cut)
        pieces[n++] = label;
    if (*hint != '\0')
        pieces[n++] = hint;
    g_autofree char *words = g_strjoinv(" – ", (char **)pieces);
    g_autofree char *help = mattermost_line_within(words, HELP_MAX, options);
    json_put_str(element, "display_name", *name != '\0' ? name : "…");
    if (*help != '\0')
        json_put_str(element, "help_text", help);
}

cJSON *mattermost_dialog(const struct form *form, const char *trigger, const char *user, const char *op, int64_t now_ms,
                         const struct mattermost_options *options)
{
    g_autofree char *url = g_strconcat(options->callback_url != NULL ? options->callback_url : "", "/dialog", NULL);
    g_autofree char *state =
        sign_form(options->signing_key != NULL ? options->signing_key : "", user, form, op, now_ms + OPEN_MS);
    g_autofree char *title = mattermost_line_within(form->title != NULL ? form->title : "", TITLE_MAX, options);
    g_autofree char *submit = mattermost_line_within(form->submit != NULL ? form->submit : "", TITLE_MAX, options);
    cJSON *body = json_object(), *dialog = json_object(), *elements = json_array();
    json_put_str(body, "trigger_id", trigger);
    json_put_str(body, "url", url);
    json_put_str(dialog, "callback_id", form->id);
    json_put_str(dialog, "title", *title != '\0' ? title : "…");
    if (form->intro != NULL && *form->intro != '\0') {
        g_autofree char *intro = mattermost_markdown_within(form->intro, INTRO_MAX, options);
        json_put_str(dialog, "introduction_text", intro);
    }
    for (int i = 0; i < form->n_fields && cJSON_GetArraySize(elements) < ELEMENTS_MAX; i++) {
        cJSON *element = element_for(&form->fields[i], options);
        if (element == NULL)
            continue;
        put_words(element, &form->fields[i], options);
        json_push(elements, element);
    }
    json_put(dialog, "elements", elements);
    if (*submit != '\0')
        json_put_str(dialog, "submit_label", submit);
    json_put_bool(dialog, "notify_on_cancel", true);
    json_put_str(dialog, "state", state);
    json_put(body, "dialog", dialog);
    return body;
}
