#include "bot/sandbox/show.h"

#include "bot/sandbox/mattermost/markdown.h"
#include "bot/sandbox/slack/text.h"

#include <string.h>

/* Scripts name channels #so, whatever the chat writes, and do not see the blank without width by which a name notifies nobody. */
static char *show_markdown(const struct workspace *workspace, const char *text)
{
    g_autofree char *plain = markdown_to_plain(text);
    GString *out = g_string_new(NULL);
    for (const char *at = plain; *at != '\0'; at++) {
        bool blank = g_str_has_prefix(at, "\u200b") && (at == plain || at[-1] != '@');
        if (blank)
            at += strlen("\u200b") - 1;
        else
            g_string_append_c(out, *at);
    }
    const GPtrArray *channels = workspace_channels(workspace);
    for (guint i = 0; i < channels->len; i++) {
        const struct channel *channel = g_ptr_array_index(channels, i);
        g_autofree char *written = g_strconcat("~", channel->name, NULL);
        g_autofree char *said = g_strconcat("#", channel->name, NULL);
        if (channel->visibility != DIRECT)
            g_string_replace(out, written, said, 0);
    }
    int count = 0;
    const struct person *people = workspace_people(&count);
    for (int i = 0; i < count; i++) {
        g_autofree char *written = g_strconcat("@\u200b", people[i].real_name, NULL);
        g_autofree char *said = g_strconcat("@", people[i].real_name, NULL);
        g_string_replace(out, written, said, 0);
    }
    return g_string_free(out, FALSE);
}

char *show_text(const struct workspace *workspace, const char *text)
{
    return workspace_chat(workspace) == CHAT_SLACK ? text_to_plain(workspace, text) : show_markdown(workspace, text);
}

char *show_object(const struct workspace *workspace, const cJSON *object)
{
    const char *type = json_str0(object, "type");
    if (strcmp(type, "markdown") == 0)
        return show_markdown(workspace, json_str0(object, "text"));
    if (strcmp(type, "literal") == 0)
        return g_strdup(json_str0(object, "text"));
    return text_object_plain(workspace, object);
}

static void add_line(GString *out, const char *line)
{
    if (line[0] == '\0')
        return;
    if (out->len > 0)
        g_string_append_c(out, '\n');
    g_string_append(out, line);
}

static void add_text(const struct workspace *workspace, GString *out, const cJSON *object)
{
    g_autofree char *text = show_object(workspace, object);
    add_line(out, text);
}

/* [Label] of a button, [Placeholder ▾] of anything to choose from. */
static void add_element(const struct workspace *workspace, GString *line, const cJSON *element)
{
    bool button = strcmp(json_str0(element, "type"), "button") == 0;
    g_autofree char *label = show_object(workspace, json_get(element, button ? "text" : "placeholder"));
    g_string_append_printf(line, "%s[%s%s]", line->len > 0 ? " " : "", label, button ? "" : " ▾");
}

static void add_context(const struct workspace *workspace, GString *out, const cJSON *block)
{
    GString *line = g_string_new(NULL);
    const cJSON *element = json_get(block, "elements");
    for (element = element != NULL ? element->child : NULL; element != NULL; element = element->next) {
        bool image = strcmp(json_str0(element, "type"), "image") == 0;
        g_autofree char *text =
            image ? g_strdup(json_str0(element, "alt_text")) : show_object(workspace, element);
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", text);
    }
    add_line(out, line->str);
    g_string_free(line, TRUE);
}

/* The texts of a rich_text block, wherever they stand in it. */
static void add_rich(const struct workspace *workspace, GString *line, const cJSON *element)
{
    const char *type = json_str0(element, "type");
    if (strcmp(type, "user") == 0)
        g_string_append_printf(line, "@%s", user_name(json_str0(element, "user_id")));
    else if (strcmp(type, "broadcast") == 0)
        g_string_append_printf(line, "@%s", json_str0(element, "range"));
    else if (strcmp(type, "emoji") == 0)
        g_string_append_printf(line, ":%s:", json_str0(element, "name"));
    else if (json_str(element, "text") != NULL)
        g_string_append(line, json_str(element, "text"));
    else if (strcmp(type, "link") == 0)
        g_string_append(line, json_str0(element, "url"));
    const cJSON *child = json_get(element, "elements");
    for (child = child != NULL ? child->child : NULL; child != NULL; child = child->next)
        add_rich(workspace, line, child);
}

/* What stands in an input of a view; "" when empty. */
static char *input_value(const struct workspace *workspace, const cJSON *values, const cJSON *block)
{
    const cJSON *of_block = cJSON_GetObjectItemCaseSensitive(values, json_str0(block, "block_id"));
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(of_block, json_str0(json_get(block, "element"), "action_id"));
    for (const cJSON *value = entry != NULL ? entry->child : NULL; value != NULL; value = value->next) {
        if (strcmp(value->string, "type") == 0)
            continue;
        if (cJSON_IsObject(value))
            return show_object(workspace, json_get(value, "text"));
        if (cJSON_IsString(value))
            return g_strdup(person_by_id(value->valuestring) != NULL ? user_name(value->valuestring)
                                                                     : value->valuestring);
    }
    return g_strdup("");
}

static void add_input(const struct workspace *workspace, GString *out, const cJSON *block, const cJSON *values)
{
    g_autofree char *label = show_object(workspace, json_get(block, "label"));
    g_autofree char *value = input_value(workspace, values, block);
    g_autofree char *hint = show_object(workspace, json_get(block, "hint"));
    g_autofree char *line = g_strdup_printf("%s%s: %s", label, json_true(block, "optional") ? " (optional)" : "",
                                            value[0] != '\0' ? value : "____");
    add_line(out, line);
    add_line(out, hint);
    const cJSON *option = json_get(block, "element.options");
    GString *options = g_string_new(NULL);
    for (option = option != NULL ? option->child : NULL; option != NULL; option = option->next) {
        g_autofree char *text = show_object(workspace, json_get(option, "text"));
        g_string_append_printf(options, "%s%s", options->len > 0 ? " / " : "", text);
    }
    add_line(out, options->str);
    g_string_free(options, TRUE);
}

static void add_block(const struct workspace *workspace, GString *out, const cJSON *block, const cJSON *values)
{
    const char *type = json_str0(block, "type");
    const cJSON *child = NULL;
    GString *line = g_string_new(NULL);
    if (strcmp(type, "section") == 0) {
        add_text(workspace, out, json_get(block, "text"));
        child = json_get(block, "fields");
        for (child = child != NULL ? child->child : NULL; child != NULL; child = child->next)
            add_text(workspace, out, child);
        if (json_str(json_get(block, "accessory"), "action_id") != NULL)
            add_element(workspace, line, json_get(block, "accessory"));
    } else if (strcmp(type, "header") == 0) {
        add_text(workspace, out, json_get(block, "text"));
    } else if (strcmp(type, "context") == 0) {
        add_context(workspace, out, block);
    } else if (strcmp(type, "actions") == 0) {
        child = json_get(block, "elements");
        for (child = child != NULL ? child->child : NULL; child != NULL; child = child->next)
            add_element(workspace, line, child);
    } else if (strcmp(type, "input") == 0) {
        add_input(workspace, out, block, values);
    } else if (strcmp(type, "rich_text") == 0) {
        add_rich(workspace, line, block);
    } else if (strcmp(type, "image") == 0) {
        add_line(out, json_str0(block, "alt_text"));
    } else if (strcmp(type, "markdown") == 0) {
        add_line(out, json_str0(block, "text"));
    }
    add_line(out, line->str);
    g_string_free(line, TRUE);
}

char *show_message(const struct workspace *workspace, const char *text, const cJSON *blocks)
{
    if (blocks == NULL || blocks->child == NULL)
        return show_text(workspace, text);
    GString *out = g_string_new(NULL);
    for (const cJSON *block = blocks->child; block != NULL; block = block->next)
        add_block(workspace, out, block, NULL);
    return g_string_free(out, FALSE);
}

char *show_view(const struct workspace *workspace, const cJSON *view)
{
    GString *out = g_string_new(NULL);
    add_text(workspace, out, json_get(view, "title"));
    const cJSON *block = json_get(view, "blocks");
    for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next)
        add_block(workspace, out, block, json_get(view, "state.values"));
    if (strcmp(json_str0(view, "type"), "modal") == 0) {
        g_autofree char *submit = show_object(workspace, json_get(view, "submit"));
        g_autofree char *end = show_object(workspace, json_get(view, "close"));
        g_autofree char *line = submit[0] != '\0'
                                    ? g_strdup_printf("[%s] [%s]", submit, end[0] != '\0' ? end : "Cancel")
                                    : g_strdup_printf("[%s]", end[0] != '\0' ? end : "Close");
        add_line(out, line);
    }
    return g_string_free(out, FALSE);
}

char *show_flat(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isspace(*at))
            g_string_append_c(out, *at);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return g_strchomp(g_string_free(out, FALSE));
}

bool show_names(const char *text, const char *number)
{
    for (const char *at = text; (at = strstr(at, number)) != NULL; at++) {
        if (!g_ascii_isdigit(at[strlen(number)]))
            return true;
    }
    return false;
}
