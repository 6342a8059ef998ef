#include "bot/sandbox/slack/limits.h"

#include <stdarg.h>
#include <string.h>

struct check {
    enum surface surface;
    GPtrArray *errors;
    GHashTable *block_ids;
    GHashTable *action_ids; /* of the block at hand */
};

static void fail(struct check *check, const char *path, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void fail(struct check *check, const char *path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(check->errors, g_strdup_printf("[ERROR] %s [json-pointer:%s]", what, path));
}

/* A string member of at most max characters. */
static void check_string(struct check *check, const char *path, const cJSON *object, const char *name, bool needed,
                         glong min, glong max)
{
    g_autofree char *at = g_strdup_printf("%s/%s", path, name);
    const cJSON *value = json_get(object, name);
    if (value == NULL) {
        if (needed)
            fail(check, at, "missing required field: %s", name);
        return;
    }
    if (!cJSON_IsString(value)) {
        fail(check, at, "must provide a string");
        return;
    }
    glong length = g_utf8_strlen(value->valuestring, -1);
    if (length > max)
        fail(check, at, "must be less than %ld characters", max + 1);
    else if (length < min)
        fail(check, at, "must be more than %ld characters", min - 1);
}

enum text_kind { PLAIN_ONLY, ANY_TEXT };

static void check_text(struct check *check, const char *path, const cJSON *object, const char *name, bool needed,
                       enum text_kind kind, glong max)
{
    g_autofree char *at = g_strdup_printf("%s/%s", path, name);
    const cJSON *text = json_get(object, name);
    if (text == NULL) {
        if (needed)
            fail(check, at, "missing required field: %s", name);
        return;
    }
    const char *type = json_str0(text, "type");
    bool mrkdwn = strcmp(type, "mrkdwn") == 0;
    if (!mrkdwn && strcmp(type, "plain_text") != 0)
        fail(check, at, "unsupported type: %s", type);
    else if (mrkdwn && kind == PLAIN_ONLY)
        fail(check, at, "must be a plain_text object");
    if (mrkdwn && json_get(text, "emoji") != NULL)
        fail(check, at, "invalid additional property: emoji");
    check_string(check, at, text, "text", true, 1, max);
}

static void check_options(struct check *check, const char *path, const cJSON *element, const char *name, int max)
{
    g_autofree char *at = g_strdup_printf("%s/%s", path, name);
    const cJSON *options = json_get(element, name);
    int count = cJSON_GetArraySize(options);
    if (!cJSON_IsArray(options) || count < 1 || count > max) {
        fail(check, at, "must have between 1 and %d items", max);
        return;
    }
    int i = 0;
    for (const cJSON *option = options->child; option != NULL; option = option->next, i++) {
        g_autofree char *one = g_strdup_printf("%s/%d", at, i);
        check_text(check, one, option, "text", true, ANY_TEXT, 75);
        check_text(check, one, option, "description", false, ANY_TEXT, 75);
        check_string(check, one, option, "value", true, 1, 150);
    }
}

static void check_confirm(struct check *check, const char *path, const cJSON *element)
{
    const cJSON *confirm = json_get(element, "confirm");
    if (confirm == NULL)
        return;
    g_autofree char *at = g_strdup_printf("%s/confirm", path);
    check_text(check, at, confirm, "title", true, PLAIN_ONLY, 100);
    check_text(check, at, confirm, "text", true, ANY_TEXT, 300);
    check_text(check, at, confirm, "confirm", true, PLAIN_ONLY, 30);
    check_text(check, at, confirm, "deny", true, PLAIN_ONLY, 30);
}

static bool is_one_of(const char *type, const char *list)
{
    g_autofree char *padded = g_strdup_printf(" %s ", type);
    return type[0] != '\0' && strchr(type, ' ') == NULL && strstr(list, padded) != NULL;
}

#define SELECTS                                                                                                \
    " static_select external_select users_select conversations_select channels_select multi_static_select "    \
    " multi_external_select multi_users_select multi_conversations_select multi_channels_select "
#define ANYWHERE SELECTS " datepicker timepicker datetimepicker checkboxes radio_buttons "
#define IN_ACTIONS ANYWHERE " button overflow workflow_button "
#define IN_SECTION IN_ACTIONS " image "
#define IN_INPUT ANYWHERE " plain_text_input email_text_input url_text_input number_input rich_text_input file_input "

static void check_input_limits(struct check *check, const char *path, const cJSON *element)
{
    check_text(check, path, element, "placeholder", false, PLAIN_ONLY, 150);
    check_string(check, path, element, "initial_value", false, 0, 3000);
    int64_t min = json_int(element, "min_length", 0), max = json_int(element, "max_length", 1);
    if (min < 0 || min > 3000)
        fail(check, path, "min_length must be between 0 and 3000");
    if (max < 1 || max > 3000)
        fail(check, path, "max_length must be between 1 and 3000");
    const char *date = json_str(element, "initial_date");
    if (date != NULL && (strlen(date) != 10 || date[4] != '-' || date[7] != '-'))
        fail(check, path, "initial_date must be YYYY-MM-DD");
}

static void check_element(struct check *check, const char *path, const cJSON *element, const char *allowed)
{
    const char *type = json_str0(element, "type");
    if (!is_one_of(type, allowed)) {
        fail(check, path, "unsupported type: %s", type);
        return;
    }
    if (strcmp(type, "image") == 0) {
        check_string(check, path, element, "image_url", true, 1, 3000);
        check_string(check, path, element, "alt_text", true, 1, 2000);
        return;
    }
    check_string(check, path, element, "action_id", false, 1, 255);
    const char *action = json_str(element, "action_id");
    if (action != NULL && !g_hash_table_add(check->action_ids, (void *)action))
        fail(check, path, "`action_id` \"%s\" already exists in this block", action);
    check_confirm(check, path, element);
    if (strcmp(type, "button") == 0) {
        check_text(check, path, element, "text", true, PLAIN_ONLY, 75);
        check_string(check, path, element, "value", false, 1, 2000);
        check_string(check, path, element, "url", false, 1, 3000);
        const char *style = json_str(element, "style");
        if (style != NULL && strcmp(style, "primary") != 0 && strcmp(style, "danger") != 0)
            fail(check, path, "invalid style: %s", style);
    } else if (strcmp(type, "overflow") == 0) {
        check_options(check, path, element, "options", 5);
    } else if (strcmp(type, "checkboxes") == 0 || strcmp(type, "radio_buttons") == 0) {
        check_options(check, path, element, "options", 10);
    } else if (is_one_of(type, " static_select multi_static_select ") && json_get(element, "option_groups") == NULL) {
        check_options(check, path, element, "options", 100);
    }
    check_input_limits(check, path, element);
}

static void check_elements(struct check *check, const char *path, const cJSON *block, int max, const char *allowed)
{
    g_autofree char *at = g_strdup_printf("%s/elements", path);
    const cJSON *elements = json_get(block, "elements");
    int count = cJSON_GetArraySize(elements);
    if (!cJSON_IsArray(elements) || count < 1 || count > max) {
        fail(check, at, "must have between 1 and %d items", max);
        return;
    }
    int i = 0;
    for (const cJSON *element = elements->child; element != NULL; element = element->next, i++) {
        g_autofree char *one = g_strdup_printf("%s/%d", at, i);
        check_element(check, one, element, allowed);
    }
}

static void check_section(struct check *check, const char *path, const cJSON *block)
{
    const cJSON *fields = json_get(block, "fields");
    check_text(check, path, block, "text", fields == NULL, ANY_TEXT, 3000);
    if (fields != NULL) {
        int count = cJSON_GetArraySize(fields);
        if (!cJSON_IsArray(fields) || count < 1 || count > 10)
            fail(check, path, "fields must have between 1 and 10 items");
        for (int i = 0; i < MIN(count, 10); i++) {
            g_autofree char *name = g_strdup_printf("fields.%d", i);
            check_text(check, path, block, name, true, ANY_TEXT, 2000);
        }
    }
    const cJSON *accessory = json_get(block, "accessory");
    if (accessory != NULL)
        check_element(check, path, accessory, IN_SECTION);
}

static void check_context(struct check *check, const char *path, const cJSON *block)
{
    const cJSON *elements = json_get(block, "elements");
    int count = cJSON_GetArraySize(elements);
    if (!cJSON_IsArray(elements) || count < 1 || count > 10)
        fail(check, path, "elements must have between 1 and 10 items");
    for (int i = 0; i < MIN(count, 10); i++) {
        g_autofree char *name = g_strdup_printf("elements.%d", i);
        if (strcmp(json_str0(json_get(block, name), "type"), "image") != 0)
            check_text(check, path, block, name, true, ANY_TEXT, 3000);
    }
}

static void check_block(struct check *check, const char *path, const cJSON *block)
{
    const char *type = json_str0(block, "type");
    check_string(check, path, block, "block_id", false, 1, 255);
    const char *id = json_str(block, "block_id");
    if (id != NULL && !g_hash_table_add(check->block_ids, (void *)id))
        fail(check, path, "`block_id` \"%s\" already exists", id);
    g_hash_table_remove_all(check->action_ids);
    if (strcmp(type, "section") == 0) {
        check_section(check, path, block);
    } else if (strcmp(type, "header") == 0) {
        check_text(check, path, block, "text", true, PLAIN_ONLY, 150);
    } else if (strcmp(type, "context") == 0) {
        check_context(check, path, block);
    } else if (strcmp(type, "actions") == 0) {
        check_elements(check, path, block, 25, IN_ACTIONS);
    } else if (strcmp(type, "image") == 0) {
        check_string(check, path, block, "image_url", json_get(block, "slack_file") == NULL, 1, 3000);
        check_string(check, path, block, "alt_text", true, 1, 2000);
    } else if (strcmp(type, "input") == 0) {
        check_text(check, path, block, "label", true, PLAIN_ONLY, 2000);
        check_text(check, path, block, "hint", false, PLAIN_ONLY, 2000);
        check_element(check, path, json_get(block, "element"), IN_INPUT);
    } else if (strcmp(type, "markdown") == 0 && check->surface == SURFACE_MESSAGE) {
        check_string(check, path, block, "text", true, 1, 12000);
    } else if (strcmp(type, "rich_text") == 0) {
        if (!cJSON_IsArray(json_get(block, "elements")))
            fail(check, path, "missing required field: elements");
    } else if (strcmp(type, "divider") != 0) {
        fail(check, path, "unsupported type: %s", type);
    }
}

bool blocks_check(const cJSON *blocks, enum surface surface, GPtrArray *errors)
{
    guint before = errors->len;
    struct check check = {.surface = surface, .errors = errors};
    int max = surface == SURFACE_MESSAGE ? 50 : 100;
    if (!cJSON_IsArray(blocks)) {
        fail(&check, "/blocks", "must be an array");
        return false;
    }
    if (cJSON_GetArraySize(blocks) > max)
        fail(&check, "/blocks", "no more than %d items allowed", max);
    check.block_ids = g_hash_table_new(g_str_hash, g_str_equal);
    check.action_ids = g_hash_table_new(g_str_hash, g_str_equal);
    int i = 0;
    for (const cJSON *block = blocks->child; block != NULL; block = block->next, i++) {
        g_autofree char *path = g_strdup_printf("/blocks/%d", i);
        check_block(&check, path, block);
    }
    g_hash_table_unref(check.block_ids);
    g_hash_table_unref(check.action_ids);
    return errors->len == before;
}

bool view_check(const cJSON *view, GPtrArray *errors)
{
    guint before = errors->len;
    struct check check = {.errors = errors};
    const char *type = json_str0(view, "type");
    bool modal = strcmp(type, "modal") == 0;
    if (!modal && strcmp(type, "home") != 0) {
        fail(&check, "/view", "unsupported type: %s", type);
        return false;
    }
    check_string(&check, "/view", view, "callback_id", false, 0, 255);
    check_string(&check, "/view", view, "external_id", false, 0, 255);
    check_string(&check, "/view", view, "private_metadata", false, 0, 3000);
    check_text(&check, "/view", view, "title", modal, PLAIN_ONLY, 24);
    check_text(&check, "/view", view, "close", false, PLAIN_ONLY, 24);
    check_text(&check, "/view", view, "submit", false, PLAIN_ONLY, 24);
    bool inputs = false;
    const cJSON *block = json_get(view, "blocks");
    for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next)
        inputs = inputs || strcmp(json_str0(block, "type"), "input") == 0;
    if (modal && inputs && json_get(view, "submit") == NULL)
        fail(&check, "/view/submit", "missing required field: submit");
    blocks_check(json_get(view, "blocks"), modal ? SURFACE_MODAL : SURFACE_HOME, errors);
    return errors->len == before;
}
