/* What Slack would make of what askwhy sends, read by rules of its own (docs.slack.dev: "Formatting message text",
 * "Reference: blocks", "Reference: views"). It shares nothing with the encoder. What is wrong is collected, each
 * thing once, so that one run of a campaign tells of all. */
#ifndef ASKWHY_TEST_EYES_H
#define ASKWHY_TEST_EYES_H

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum what_is_sent { NEW_POST, EDIT, PRIVATE, FORM, HOME };

struct eyes {
    enum what_is_sent what;
    const char *about;        /* for complaints: what was being tried */
    bool typed;               /* the words were escaped by Slack on their way in */
    bool (*may_mention)(const char *id, enum what_is_sent what);
    bool (*may_link)(const char *url, const char *label); /* label NULL: none */
    GHashTable *complaints;   /* text → where it was first seen */
    gint64 texts, messages;
};

static inline void complain_of(struct eyes *eyes, const char *text, const char *format, ...) G_GNUC_PRINTF(3, 4);
static inline void complain_of(struct eyes *eyes, const char *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *shown = g_strescape(text != NULL ? text : "", "\"");
    if (strlen(shown) > 300)
        shown[300] = '\0';
    g_autofree char *place = g_strdup_printf("%s: \"%s\"", eyes->about, shown);
    if (!g_hash_table_contains(eyes->complaints, what))
        g_hash_table_insert(eyes->complaints, g_steal_pointer(&what), g_steal_pointer(&place));
}

static inline glong utf16_units(const char *text)
{
    glong units = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        units += g_utf8_get_char(text) > 0xffff ? 2 : 1;
    return units;
}

/* ---- Any text ---- */

/* An override of the writing direction reaches no further than its line. */
static inline bool bidi_is_closed(const char *text)
{
    int embedded = 0, isolated = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if ((c >= 0x202a && c <= 0x202e && c != 0x202c))
            embedded++;
        else if (c == 0x202c)
            embedded--;
        else if (c >= 0x2066 && c <= 0x2068)
            isolated++;
        else if (c == 0x2069)
            isolated--;
        else if (c == '\n' && (embedded != 0 || isolated != 0))
            return false;
        if (embedded < 0 || isolated < 0)
            return false;
    }
    return embedded == 0 && isolated == 0;
}

static inline bool see_string(struct eyes *eyes, const char *name, const char *text, glong max)
{
    eyes->texts++;
    if (text == NULL) {
        complain_of(eyes, "", "%s is no text", name);
        return false;
    }
    if (!g_utf8_validate(text, -1, NULL)) {
        complain_of(eyes, text, "%s is not UTF-8", name);
        return false;
    }
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if ((c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0)) {
            complain_of(eyes, text, "%s holds the control character U+%04X", name, c);
            break;
        }
    }
    if (utf16_units(text) > max)
        complain_of(eyes, text, "%s is longer than %ld", name, max);
    if (!bidi_is_closed(text))
        complain_of(eyes, text, "%s leaves an override of the writing direction open", name);
    return true;
}

/* ---- mrkdwn ---- */

/* What stands between < and >, by the order Slack documents: #, @, !, else an address. */
static inline void see_token(struct eyes *eyes, const char *name, const char *text, const char *token)
{
    const char *bar = strchr(token, '|');
    g_autofree char *body = bar != NULL ? g_strndup(token, (gsize)(bar - token)) : g_strdup(token);
    if (token[0] == '!')
        complain_of(eyes, text, "%s calls <%s>", name, body);
    else if (token[0] == '@' || token[0] == '#') {
        if (bar != NULL)
            complain_of(eyes, text, "%s gives a mention a label", name);
        if (!eyes->may_mention(body, eyes->what))
            complain_of(eyes, text, "%s mentions %s", name, body);
    } else if (!eyes->may_link(body, bar != NULL ? bar + 1 : NULL)) {
        complain_of(eyes, text, "%s links <%s>", name, token);
    }
}

static inline bool is_call(const char *at)
{
    static const char *const words[] = {"@channel", "@here", "@everyone"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strncasecmp(at, words[i], strlen(words[i])) == 0)
            return true;
    }
    return false;
}

static inline void see_mrkdwn(struct eyes *eyes, const char *name, const char *text, glong max)
{
    if (!see_string(eyes, name, text, max))
        return;
    bool line_start = true;
    for (const char *at = text; *at != '\0'; at++) {
        bool begins = line_start;
        line_start = *at == '\n' || (line_start && (*at == ' ' || *at == '\t'));
        if (*at == '<') {
            gsize size = strcspn(at + 1, "<>");
            g_autofree char *token = g_strndup(at + 1, size);
            if (at[1 + size] != '>' || strchr(token, '\n') != NULL) {
                complain_of(eyes, text, "%s opens < and does not close it", name);
                return;
            }
            see_token(eyes, name, text, token);
            at += size + 1;
        } else if (*at == '>' && !(begins && at[1] == ' ')) {
            complain_of(eyes, text, "%s holds a bare >", name); /* "> " at a line's start is askwhy's own quotation */
        } else if (*at == '&') {
            if (!g_str_has_prefix(at, "&amp;") && !g_str_has_prefix(at, "&lt;") && !g_str_has_prefix(at, "&gt;"))
                complain_of(eyes, text, "%s holds a bare &", name);
            if (begins && g_str_has_prefix(at, "&gt;"))
                complain_of(eyes, text, "%s makes a quotation of somebody's words", name);
        } else if (*at == '@' && is_call(at)) {
            complain_of(eyes, text, "%s calls everybody by name", name);
        } else if (g_str_has_prefix(at, "```")) {
            complain_of(eyes, text, "%s opens a code block", name);
        }
    }
    /* Words that people set between formatting signs stay words. */
    static const char *const formatted[] = {"*hxbold*", "_hxital_", "~hxstrike~", "`hxcode`"};
    for (gsize i = 0; i < G_N_ELEMENTS(formatted); i++) {
        if (strstr(text, formatted[i]) != NULL)
            complain_of(eyes, text, "%s formats %s", name, formatted[i]);
    }
    /* What was typed as &lt; is no < when it is shown. */
    for (const char *at = text; eyes->typed && (at = strstr(at, "hxtwice")) != NULL; at++) {
        if (at - text >= 4 && memcmp(at - 4, "&lt;", 4) == 0)
            if (at - text < 8 || memcmp(at - 8, "&amp;lt;", 8) != 0)
                complain_of(eyes, text, "%s unescapes twice", name);
    }
}

/* ---- Blocks ---- */

static inline const char *member(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* Nothing stands in an object but what it may have: words cannot become structure. */
static inline void see_members(struct eyes *eyes, const cJSON *object, const char *const *names)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        bool known = false;
        for (gsize i = 0; names[i] != NULL && !known; i++)
            known = strcmp(names[i], item->string) == 0;
        if (!known)
            complain_of(eyes, item->string, "an object has an unknown member");
        for (const cJSON *other = item->next; other != NULL; other = other->next) {
            if (strcmp(other->string, item->string) == 0)
                complain_of(eyes, item->string, "an object has a member twice");
        }
    }
}
#define MEMBERS(eyes, object, ...) see_members(eyes, object, (const char *const[]){__VA_ARGS__, NULL})

static inline void see_text_object(struct eyes *eyes, const char *name, const cJSON *object, bool plain, glong max)
{
    const char *type = member(object, "type");
    MEMBERS(eyes, object, "type", "text", "verbatim", "emoji");
    if (g_strcmp0(type, plain ? "plain_text" : "mrkdwn") != 0)
        complain_of(eyes, type, "%s is of another type", name);
    if (plain) {
        const char *text = member(object, "text");
        if (see_string(eyes, name, text, max) && *text == '\0')
            complain_of(eyes, "", "%s is empty", name);
    } else {
        if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "verbatim")))
            complain_of(eyes, "", "%s is not verbatim", name);
        see_mrkdwn(eyes, name, member(object, "text"), max);
    }
}

static inline void see_id(struct eyes *eyes, const char *name, const char *id, glong max)
{
    if (!see_string(eyes, name, id, max))
        return;
    if (*id == '\0' || strspn(id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-:.") != strlen(id))
        complain_of(eyes, id, "%s is no id", name);
}

static inline void see_button(struct eyes *eyes, const cJSON *button, GHashTable *ids)
{
    MEMBERS(eyes, button, "type", "action_id", "text", "value", "style");
    see_id(eyes, "an action_id", member(button, "action_id"), 255);
    if (member(button, "action_id") != NULL && !g_hash_table_add(ids, g_strdup(member(button, "action_id"))))
        complain_of(eyes, member(button, "action_id"), "two buttons share an id");
    see_text_object(eyes, "a button", cJSON_GetObjectItemCaseSensitive(button, "text"), true, 75);
    if (member(button, "value") != NULL)
        see_string(eyes, "a button's value", member(button, "value"), 2000);
    const char *style = member(button, "style");
    if (style != NULL && strcmp(style, "primary") != 0 && strcmp(style, "danger") != 0)
        complain_of(eyes, style, "a button's style");
}

static inline void see_options(struct eyes *eyes, const cJSON *element)
{
    const cJSON *option;
    cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(element, "options"))
    {
        MEMBERS(eyes, option, "text", "value");
        see_text_object(eyes, "an option", cJSON_GetObjectItemCaseSensitive(option, "text"), true, 75);
        see_string(eyes, "an option's value", member(option, "value"), 75);
    }
}

static inline void see_input(struct eyes *eyes, const cJSON *block)
{
    MEMBERS(eyes, block, "type", "block_id", "label", "hint", "optional", "element");
    see_id(eyes, "a block_id", member(block, "block_id"), 255);
    see_text_object(eyes, "a field's label", cJSON_GetObjectItemCaseSensitive(block, "label"), true, 2000);
    const cJSON *hint = cJSON_GetObjectItemCaseSensitive(block, "hint");
    if (hint != NULL)
        see_text_object(eyes, "a field's hint", hint, true, 2000);
    const cJSON *element = cJSON_GetObjectItemCaseSensitive(block, "element");
    MEMBERS(eyes, element, "type", "action_id", "multiline", "max_length", "initial_value", "options", "initial_option",
            "filter", "initial_conversation", "default_to_current_conversation", "initial_user", "initial_date");
    see_id(eyes, "a field's action_id", member(element, "action_id"), 255);
    if (member(element, "initial_value") != NULL) {
        const cJSON *most = cJSON_GetObjectItemCaseSensitive(element, "max_length");
        see_string(eyes, "a field's initial value", member(element, "initial_value"),
                   cJSON_IsNumber(most) ? (glong)most->valuedouble : 3000);
    }
    see_options(eyes, element);
    static const char *const ids[] = {"initial_conversation", "initial_user", "initial_date"};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        if (member(element, ids[i]) != NULL)
            see_id(eyes, ids[i], member(element, ids[i]), 255);
    }
}

static inline void see_blocks(struct eyes *eyes, const cJSON *blocks, int max)
{
    if (!cJSON_IsArray(blocks) || cJSON_GetArraySize(blocks) > max)
        complain_of(eyes, "", "%d blocks", cJSON_GetArraySize(blocks));
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const cJSON *block, *element;
    cJSON_ArrayForEach(block, blocks)
    {
        const char *type = member(block, "type");
        if (g_strcmp0(type, "input") == 0 && eyes->what == FORM) {
            see_input(eyes, block);
            continue;
        }
        MEMBERS(eyes, block, "type", "text", "elements");
        const cJSON *text = cJSON_GetObjectItemCaseSensitive(block, "text");
        const cJSON *elements = cJSON_GetObjectItemCaseSensitive(block, "elements");
        if (g_strcmp0(type, "section") == 0) {
            see_text_object(eyes, "a section", text, false, 3000);
        } else if (g_strcmp0(type, "header") == 0) {
            see_text_object(eyes, "a header", text, true, 150);
        } else if (g_strcmp0(type, "context") == 0) {
            cJSON_ArrayForEach(element, elements) see_text_object(eyes, "a note", element, false, 3000);
        } else if (g_strcmp0(type, "actions") == 0) {
            if (cJSON_GetArraySize(elements) > 25)
                complain_of(eyes, "", "more than 25 buttons in a row");
            cJSON_ArrayForEach(element, elements) see_button(eyes, element, ids);
        } else if (g_strcmp0(type, "divider") != 0) {
            complain_of(eyes, type, "a block of an unknown type");
        }
    }
}

static inline void see_modal(struct eyes *eyes, const cJSON *view)
{
    MEMBERS(eyes, view, "type", "callback_id", "external_id", "private_metadata", "title", "submit", "close",
            "notify_on_close", "blocks");
    see_id(eyes, "a callback_id", member(view, "callback_id"), 255);
    see_id(eyes, "an external_id", member(view, "external_id"), 255);
    if (member(view, "private_metadata") != NULL)
        see_string(eyes, "private_metadata", member(view, "private_metadata"), 3000);
    static const char *const parts[] = {"title", "submit", "close"};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        see_text_object(eyes, parts[i], cJSON_GetObjectItemCaseSensitive(view, parts[i]), true, 24);
    see_blocks(eyes, cJSON_GetObjectItemCaseSensitive(view, "blocks"), 100);
}

#endif
