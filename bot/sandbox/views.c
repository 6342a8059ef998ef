#include "bot/sandbox/views.h"

#include "bot/base/clock.h"
#include "bot/sandbox/blocks.h"

#include <string.h>

enum { MOST_DEEP = 3 };

struct views {
    struct sandbox *sandbox;
    GPtrArray *views; /* struct view *; a person's forms in stack order, and home pages */
};

static void view_free(void *data)
{
    struct view *view = data;
    g_free(view->id);
    g_free(view->hash);
    g_free(view->root);
    g_free(view->previous);
    cJSON_Delete(view->definition);
    cJSON_Delete(view->values);
    g_free(view);
}

struct views *views_new(struct sandbox *sandbox)
{
    struct views *views = g_new0(struct views, 1);
    views->sandbox = sandbox;
    views->views = g_ptr_array_new_with_free_func(view_free);
    return views;
}

void views_free(struct views *views)
{
    if (views == NULL)
        return;
    g_ptr_array_unref(views->views);
    g_free(views);
}

static void show(struct views *views, const struct view *view)
{
    cJSON *see = json_object();
    json_put_str(see, "see", view->home ? "home" : "view");
    json_put(see, "view", view_json(view));
    sandbox_tell(views->sandbox, view->person, NULL, see);
}

static void define(struct view *view, const cJSON *definition)
{
    cJSON_Delete(view->definition);
    view->definition = cJSON_Duplicate(definition, true);
    blocks_complete((cJSON *)json_get(view->definition, "blocks"));
    g_free(view->hash);
    view->hash = g_strdup_printf("%" G_GINT64_FORMAT ".%08x", clock_now_ms() / 1000, g_random_int());
    cJSON *old = view->values;
    view->values = NULL;
    view_fill(view, old);
    cJSON_Delete(old);
}

static struct view *add(struct views *views, const struct person *person, const cJSON *definition, bool home)
{
    struct view *view = g_new0(struct view, 1);
    view->id = workspace_id(views->sandbox->workspace, "V");
    view->person = person;
    view->home = home;
    view->root = g_strdup(view->id);
    define(view, definition);
    g_ptr_array_add(views->views, view);
    return view;
}

/* A person's forms end. replaced: another takes their place, but not that of one that is being sent. */
static void end_all(struct views *views, const struct person *person, bool replaced)
{
    for (guint i = views->views->len; i > 0; i--) {
        struct view *view = g_ptr_array_index(views->views, i - 1);
        if (view->person != person || view->home || (replaced && view->sending > 0))
            continue;
        cJSON *see = json_object();
        json_put_str(see, "see", "closed");
        json_put_str(see, "view", view->id);
        if (replaced)
            json_put_bool(see, "replaced", true);
        g_ptr_array_remove_index(views->views, i - 1);
        sandbox_tell(views->sandbox, person, NULL, see);
    }
}

struct view *views_open(struct views *views, const struct person *person, const cJSON *definition)
{
    end_all(views, person, true);
    struct view *view = add(views, person, definition, false);
    show(views, view);
    return view;
}

struct view *views_push(struct views *views, struct view *top, const cJSON *definition)
{
    int deep = 1;
    for (const struct view *view = top; view->previous != NULL && deep < MOST_DEEP; deep++)
        view = views_find(views, view->previous);
    if (deep >= MOST_DEEP)
        return NULL;
    struct view *view = add(views, top->person, definition, false);
    g_free(view->root);
    view->root = g_strdup(top->root);
    view->previous = g_strdup(top->id);
    show(views, view);
    return view;
}

void views_update(struct views *views, struct view *view, const cJSON *definition)
{
    define(view, definition);
    show(views, view);
}

struct view *views_publish(struct views *views, const struct person *person, const cJSON *definition)
{
    struct view *view = views_home(views, person);
    if (view == NULL)
        view = add(views, person, definition, true);
    else
        define(view, definition);
    show(views, view);
    return view;
}

void views_close(struct views *views, struct view *view)
{
    const struct person *person = view->person;
    cJSON *see = json_object();
    json_put_str(see, "see", "closed");
    json_put_str(see, "view", view->id);
    g_ptr_array_remove(views->views, view);
    sandbox_tell(views->sandbox, person, NULL, see);
    const struct view *below = views_top(views, person);
    if (below != NULL)
        show(views, below);
}

void views_clear(struct views *views, const struct person *person)
{
    end_all(views, person, false);
}

struct view *views_find(const struct views *views, const char *id)
{
    for (guint i = 0; i < views->views->len; i++) {
        struct view *view = g_ptr_array_index(views->views, i);
        if (g_strcmp0(view->id, id) == 0)
            return view;
    }
    return NULL;
}

struct view *views_find_external(const struct views *views, const char *external_id)
{
    for (guint i = 0; i < views->views->len; i++) {
        struct view *view = g_ptr_array_index(views->views, i);
        if (strcmp(json_str0(view->definition, "external_id"), external_id) == 0)
            return view;
    }
    return NULL;
}

struct view *views_top(const struct views *views, const struct person *person)
{
    for (guint i = views->views->len; i > 0; i--) {
        struct view *view = g_ptr_array_index(views->views, i - 1);
        if (view->person == person && !view->home)
            return view;
    }
    return NULL;
}

struct view *views_home(const struct views *views, const struct person *person)
{
    for (guint i = 0; i < views->views->len; i++) {
        struct view *view = g_ptr_array_index(views->views, i);
        if (view->person == person && view->home)
            return view;
    }
    return NULL;
}

static void put_or_null(cJSON *json, const cJSON *definition, const char *name)
{
    const cJSON *value = json_get(definition, name);
    json_put(json, name, value != NULL ? cJSON_Duplicate(value, true) : cJSON_CreateNull());
}

cJSON *view_json(const struct view *view)
{
    const cJSON *definition = view->definition;
    cJSON *json = json_object(), *state = json_object();
    json_put_str(json, "id", view->id);
    json_put_str(json, "team_id", SANDBOX_TEAM);
    json_put_str(json, "type", view->home ? "home" : "modal");
    json_put(json, "blocks", cJSON_Duplicate(json_get(definition, "blocks"), true));
    json_put_str(json, "private_metadata", json_str0(definition, "private_metadata"));
    json_put_str(json, "callback_id", json_str0(definition, "callback_id"));
    json_put(state, "values", cJSON_Duplicate(view->values, true));
    json_put(json, "state", state);
    json_put_str(json, "hash", view->hash);
    put_or_null(json, definition, "title");
    put_or_null(json, definition, "close");
    put_or_null(json, definition, "submit");
    json_put_bool(json, "clear_on_close", json_true(definition, "clear_on_close"));
    json_put_bool(json, "notify_on_close", json_true(definition, "notify_on_close"));
    json_put(json, "previous_view_id",
             view->previous != NULL ? cJSON_CreateString(view->previous) : cJSON_CreateNull());
    json_put_str(json, "root_view_id", view->root);
    json_put_str(json, "app_id", SANDBOX_APP);
    json_put_str(json, "external_id", json_str0(definition, "external_id"));
    json_put_str(json, "app_installed_team_id", SANDBOX_TEAM);
    json_put_str(json, "bot_id", SANDBOX_BOT);
    return json;
}

/* Where an input keeps its value in state.values, and its initial_… member; docs.slack.dev, "View state". */
static const struct {
    const char *type, *key, *initial;
} states[] = {
    {"plain_text_input", "value", "initial_value"},
    {"email_text_input", "value", "initial_value"},
    {"url_text_input", "value", "initial_value"},
    {"number_input", "value", "initial_value"},
    {"datepicker", "selected_date", "initial_date"},
    {"timepicker", "selected_time", "initial_time"},
    {"datetimepicker", "selected_date_time", "initial_date_time"},
    {"static_select", "selected_option", "initial_option"},
    {"external_select", "selected_option", "initial_option"},
    {"radio_buttons", "selected_option", "initial_option"},
    {"users_select", "selected_user", "initial_user"},
    {"channels_select", "selected_channel", "initial_channel"},
    {"conversations_select", "selected_conversation", "initial_conversation"},
    {"checkboxes", "selected_options", "initial_options"},
    {"multi_static_select", "selected_options", "initial_options"},
    {"multi_users_select", "selected_users", "initial_users"},
    {"multi_channels_select", "selected_channels", "initial_channels"},
    {"multi_conversations_select", "selected_conversations", "initial_conversations"},
};

static int state_of(const cJSON *element)
{
    const char *type = json_str0(element, "type");
    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        if (strcmp(states[i].type, type) == 0)
            return (int)i;
    }
    return -1;
}

static const cJSON *value_in(const cJSON *values, const cJSON *block, const cJSON *element)
{
    const cJSON *of_block = cJSON_GetObjectItemCaseSensitive(values, json_str0(block, "block_id"));
    return cJSON_GetObjectItemCaseSensitive(of_block, json_str0(element, "action_id"));
}

struct filling {
    const cJSON *given, *held;
    cJSON *values;
};

static void fill_visit(const cJSON *block, const cJSON *element, void *data)
{
    struct filling *filling = data;
    int state = state_of(element);
    if (state < 0)
        return;
    const char *block_id = json_str0(block, "block_id");
    cJSON *of_block = cJSON_GetObjectItemCaseSensitive(filling->values, block_id);
    if (of_block == NULL) {
        of_block = json_object();
        json_put(filling->values, block_id, of_block);
    }
    const cJSON *given = value_in(filling->given, block, element);
    if (given == NULL)
        given = value_in(filling->held, block, element);
    const cJSON *value = json_get(given, states[state].key);
    if (given == NULL)
        value = json_get(element, states[state].initial);
    bool empty = value == NULL || (cJSON_IsString(value) && value->valuestring[0] == '\0');
    cJSON *entry = json_object();
    json_put_str(entry, "type", states[state].type);
    json_put(entry, states[state].key, empty ? cJSON_CreateNull() : cJSON_Duplicate(value, true));
    json_put(of_block, json_str0(element, "action_id"), entry);
}

void view_fill(struct view *view, const cJSON *values)
{
    struct filling filling = {values, view->values, json_object()};
    blocks_each(json_get(view->definition, "blocks"), fill_visit, &filling);
    cJSON_Delete(view->values);
    view->values = filling.values;
}

static bool is_empty(const cJSON *value)
{
    return value == NULL || cJSON_IsNull(value) || (cJSON_IsArray(value) && value->child == NULL);
}

cJSON *view_missing(const struct view *view)
{
    cJSON *errors = json_object();
    const cJSON *block = json_get(view->definition, "blocks");
    for (block = block != NULL ? block->child : NULL; block != NULL; block = block->next) {
        const cJSON *element = json_get(block, "element");
        int state = strcmp(json_str0(block, "type"), "input") == 0 ? state_of(element) : -1;
        if (state < 0)
            continue;
        const cJSON *entry = value_in(view->values, block, element);
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, states[state].key);
        const char *block_id = json_str0(block, "block_id");
        if (is_empty(value)) {
            if (!json_true(block, "optional"))
                json_put_str(errors, block_id, "Please complete this required field.");
        } else if (cJSON_IsString(value) && strcmp(states[state].key, "value") == 0) {
            glong length = g_utf8_strlen(value->valuestring, -1);
            if (length > json_int(element, "max_length", 3000))
                json_put_str(errors, block_id, "This entry is too long.");
            else if (length < json_int(element, "min_length", 0))
                json_put_str(errors, block_id, "This entry is too short.");
        }
    }
    if (errors->child != NULL)
        return errors;
    cJSON_Delete(errors);
    return NULL;
}
