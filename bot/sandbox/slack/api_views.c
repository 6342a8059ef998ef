#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/slack/content.h"
#include "bot/sandbox/slack/trigger.h"

#include <string.h>

static const char *read_view(struct api_call *call, bool home, const struct view *replacing, cJSON **definition)
{
    bool bad = false;
    *definition = content_json(call->args, "view", &bad);
    if (bad)
        return "invalid_arguments";
    return views_check(call->sandbox, *definition, home, replacing, call->errors);
}

static const char *open_or_push(struct api_call *call, bool push)
{
    cJSON *definition = NULL;
    const struct person *person = NULL;
    struct view *from = NULL, *view = NULL;
    const char *error = read_view(call, false, NULL, &definition);
    const char *trigger = api_text(call, "trigger_id");
    if (error == NULL)
        error = trigger[0] == '\0' ? "invalid_arguments"
                                   : trigger_use(call->sandbox, trigger, &person, &from);
    if (error == NULL && push && from == NULL)
        error = "not_found";
    if (error == NULL) {
        view = push ? views_push(call->sandbox->views, from, definition)
                    : views_open(call->sandbox->views, person, definition);
        if (view == NULL)
            error = "push_limit_reached";
        else
            json_put(call->answer, "view", view_json(view));
    }
    cJSON_Delete(definition);
    return error;
}

static const char *open_view(struct api_call *call)
{
    return open_or_push(call, false);
}

static const char *push(struct api_call *call)
{
    return open_or_push(call, true);
}

static const char *check_hash(const struct api_call *call, const struct view *view)
{
    const char *hash = api_text(call, "hash");
    return hash[0] != '\0' && strcmp(hash, view->hash) != 0 ? "hash_conflict" : NULL;
}

static const char *update(struct api_call *call)
{
    struct view *view = views_find(call->sandbox->views, api_text(call, "view_id"));
    if (view == NULL && api_text(call, "external_id")[0] != '\0')
        view = views_find_external(call->sandbox->views, api_text(call, "external_id"));
    if (view == NULL)
        return "not_found";
    cJSON *definition = NULL;
    const char *error = read_view(call, view->home, view, &definition);
    if (error == NULL)
        error = check_hash(call, view);
    if (error == NULL) {
        views_update(call->sandbox->views, view, definition);
        json_put(call->answer, "view", view_json(view));
    }
    cJSON_Delete(definition);
    return error;
}

static const char *publish(struct api_call *call)
{
    const struct person *person = person_by_id(api_text(call, "user_id"));
    if (person == NULL)
        return "user_not_found";
    struct view *view = views_home(call->sandbox->views, person);
    cJSON *definition = NULL;
    const char *error = read_view(call, true, view, &definition);
    if (error == NULL && view != NULL)
        error = check_hash(call, view);
    if (error == NULL) {
        view = views_publish(call->sandbox->views, person, definition);
        json_put(call->answer, "view", view_json(view));
    }
    cJSON_Delete(definition);
    return error;
}

const struct api_entry api_view_methods[] = {
    {"views.open", open_view, false},
    {"views.push", push, false},
    {"views.update", update, false},
    {"views.publish", publish, false},
    {NULL, NULL, false},
};
