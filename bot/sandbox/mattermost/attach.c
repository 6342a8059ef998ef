#include "bot/sandbox/mattermost/attach.h"

#include "bot/sandbox/workspace.h"

#include <string.h>

static const char *const texts[] = {"fallback", "color", "pretext", "author_name", "author_link", "author_icon",
                                    "title", "title_link", "text"};
static const char *const end_texts[] = {"image_url", "thumb_url", "footer", "footer_icon"};

static void put_texts(cJSON *json, const cJSON *from, const char *const *names, gsize count)
{
    for (gsize i = 0; i < count; i++)
        cJSON_AddStringToObject(json, names[i], json_str0(from, names[i]));
}

static void put_copy(cJSON *json, const cJSON *from, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(from, name);
    if (value != NULL && !cJSON_IsNull(value))
        json_put(json, name, cJSON_Duplicate(value, true));
}

static cJSON *complete_action(const cJSON *action, bool integrations)
{
    cJSON *json = json_object();
    const char *id = json_str0(action, "id");
    g_autofree char *made = id[0] == '\0' ? random_id() : NULL;
    json_put_str(json, "id", made != NULL ? made : id);
    json_put_str(json, "type", json_str0(action, "type"));
    json_put_str(json, "name", json_str0(action, "name"));
    if (json_true(action, "disabled"))
        json_put_bool(json, "disabled", true);
    static const char *const some[] = {"style", "data_source", "options", "default_option"};
    for (guint i = 0; i < G_N_ELEMENTS(some); i++)
        put_copy(json, action, some[i]);
    if (integrations)
        put_copy(json, action, "integration");
    return json;
}

static cJSON *complete_one(const cJSON *attachment, bool integrations)
{
    cJSON *json = json_object(), *actions = NULL;
    json_put_int(json, "id", json_int(attachment, "id", 0));
    put_texts(json, attachment, texts, G_N_ELEMENTS(texts));
    const cJSON *fields = json_get(attachment, "fields");
    json_put(json, "fields", cJSON_IsArray(fields) ? cJSON_Duplicate(fields, true) : cJSON_CreateNull());
    put_texts(json, attachment, end_texts, G_N_ELEMENTS(end_texts));
    const cJSON *ts = json_get(attachment, "ts");
    json_put(json, "ts", ts != NULL ? cJSON_Duplicate(ts, true) : cJSON_CreateNull());
    const cJSON *action = json_get(attachment, "actions");
    for (action = action != NULL ? action->child : NULL; action != NULL; action = action->next) {
        if (actions == NULL)
            actions = json_array();
        json_push(actions, complete_action(action, integrations));
    }
    if (actions != NULL)
        json_put(json, "actions", actions);
    return json;
}

static cJSON *copy_props(const cJSON *props, bool integrations)
{
    cJSON *copy = json_object();
    for (const cJSON *prop = cJSON_IsObject(props) ? props->child : NULL; prop != NULL; prop = prop->next) {
        if (strcmp(prop->string, "attachments") != 0 || !cJSON_IsArray(prop)) {
            json_put(copy, prop->string, cJSON_Duplicate(prop, true));
            continue;
        }
        cJSON *attachments = json_array();
        for (const cJSON *one = prop->child; one != NULL; one = one->next) {
            if (cJSON_IsObject(one))
                json_push(attachments, complete_one(one, integrations));
        }
        json_put(copy, "attachments", attachments);
    }
    return copy;
}

cJSON *attach_complete(const cJSON *props)
{
    return copy_props(props, true);
}

cJSON *attach_stripped(const cJSON *props)
{
    return copy_props(props, false);
}

glong attach_length(const cJSON *props)
{
    g_autofree char *text = json_text(props);
    glong length = g_utf8_strlen(text, -1);
    for (const char *at = text; *at != '\0'; at++)
        length += strchr("<>&", *at) != NULL ? 5 : 0; /* \u003c and the like */
    return length;
}

const cJSON *attach_find(const cJSON *props, const char *id)
{
    const cJSON *attachment = json_get(props, "attachments");
    for (attachment = attachment != NULL ? attachment->child : NULL; attachment != NULL; attachment = attachment->next) {
        const cJSON *action = json_get(attachment, "actions");
        for (action = action != NULL ? action->child : NULL; action != NULL; action = action->next) {
            if (strcmp(json_str0(action, "id"), id) == 0)
                return action;
        }
    }
    return NULL;
}

cJSON *attach_text(const char *type, const char *text)
{
    cJSON *json = json_object();
    json_put_str(json, "type", type);
    json_put_str(json, "text", text);
    return json;
}

struct showing {
    cJSON *blocks;
    const cJSON *attachment; /* NULL: the message above them */
    int number;
};

static cJSON *show(struct showing *showing, const char *type)
{
    cJSON *block = json_object();
    json_put_str(block, "type", type);
    g_autofree char *id = g_strdup_printf("a%d-%d", showing->number, cJSON_GetArraySize(showing->blocks));
    json_put_str(block, "block_id", id);
    if (showing->attachment != NULL) {
        json_put_int(block, "attachment", showing->number);
        json_put_str(block, "color", json_str0(showing->attachment, "color"));
    }
    json_push(showing->blocks, block);
    return block;
}

static void show_text(struct showing *showing, const char *text)
{
    if (text[0] != '\0')
        json_put(show(showing, "section"), "text", attach_text("markdown", text));
}

static void show_small(struct showing *showing, const char *text)
{
    if (text[0] == '\0')
        return;
    cJSON *elements = json_array();
    json_push(elements, attach_text("markdown", text));
    json_put(show(showing, "context"), "elements", elements);
}

static void show_title(struct showing *showing)
{
    const char *title = json_str0(showing->attachment, "title"), *link = json_str0(showing->attachment, "title_link");
    if (title[0] == '\0')
        return;
    g_autofree char *text = link[0] != '\0' ? g_strdup_printf("[%s](%s)", title, link) : g_strdup(title);
    json_put(show(showing, "header"), "text", attach_text("markdown", text));
}

static void show_fields(struct showing *showing)
{
    cJSON *fields = json_array();
    const cJSON *field = json_get(showing->attachment, "fields");
    for (field = field != NULL ? field->child : NULL; field != NULL; field = field->next) {
        const cJSON *value = json_get(field, "value");
        g_autofree char *said =
            cJSON_IsNumber(value) ? json_text(value) : g_strdup(cJSON_IsString(value) ? value->valuestring : "");
        g_autofree char *text = g_strdup_printf("**%s**\n%s", json_str0(field, "title"), said);
        json_push(fields, attach_text("markdown", text));
    }
    if (fields->child != NULL)
        json_put(show(showing, "section"), "fields", fields);
    else
        cJSON_Delete(fields);
}

static cJSON *show_action(const cJSON *action)
{
    cJSON *element = json_object();
    json_put_str(element, "action_id", json_str0(action, "id"));
    bool select = strcmp(json_str0(action, "type"), "select") == 0;
    const char *source = json_str0(action, "data_source"), *style = json_str0(action, "style");
    json_put(element, select ? "placeholder" : "text", attach_text("literal", json_str0(action, "name")));
    if (!select) {
        json_put_str(element, "type", "button");
        if (strcmp(style, "primary") == 0 || strcmp(style, "good") == 0 || strcmp(style, "success") == 0)
            json_put_str(element, "style", "primary");
        else if (strcmp(style, "danger") == 0)
            json_put_str(element, "style", "danger");
        return element;
    }
    json_put_str(element, "type", strcmp(source, "users") == 0      ? "users_select"
                                  : strcmp(source, "channels") == 0 ? "channels_select"
                                                                    : "static_select");
    cJSON *options = json_array();
    const cJSON *option = json_get(action, "options");
    for (option = option != NULL ? option->child : NULL; option != NULL; option = option->next) {
        cJSON *one = json_object();
        json_put(one, "text", attach_text("literal", json_str0(option, "text")));
        json_put_str(one, "value", json_str0(option, "value"));
        json_push(options, one);
    }
    json_put(element, "options", options);
    return element;
}

static void show_attachment(struct showing *showing)
{
    const cJSON *attachment = showing->attachment, *action = json_get(attachment, "actions");
    show_text(showing, json_str0(attachment, "pretext"));
    show_small(showing, json_str0(attachment, "author_name"));
    show_title(showing);
    show_text(showing, json_str0(attachment, "text"));
    show_fields(showing);
    show_small(showing, json_str0(attachment, "footer"));
    cJSON *elements = json_array();
    for (action = action != NULL ? action->child : NULL; action != NULL; action = action->next)
        json_push(elements, show_action(action));
    if (elements->child != NULL)
        json_put(show(showing, "actions"), "elements", elements);
    else
        cJSON_Delete(elements);
}

cJSON *attach_blocks(const char *message, const cJSON *props)
{
    const cJSON *attachment = json_get(props, "attachments");
    if (!cJSON_IsArray(attachment) || attachment->child == NULL)
        return NULL;
    struct showing showing = {json_array(), NULL, 0};
    show_text(&showing, message);
    for (attachment = attachment->child; attachment != NULL; attachment = attachment->next) {
        showing.attachment = attachment;
        showing.number++;
        show_attachment(&showing);
    }
    return showing.blocks;
}
