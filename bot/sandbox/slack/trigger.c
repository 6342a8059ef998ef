#include "bot/sandbox/slack/trigger.h"

#include "bot/base/clock.h"
#include "bot/sandbox/slack/limits.h"
#include "bot/sandbox/slack/slack.h"

#include <string.h>

enum { TRIGGER_MS = 3000, VIEW_BYTES = 250 * 1000 };

struct trigger {
    char *id, *view;
    const struct person *person;
    int64_t made_us;
    bool used;
};

void trigger_free(void *data)
{
    struct trigger *trigger = data;
    g_free(trigger->id);
    g_free(trigger->view);
    g_free(trigger);
}

char *trigger_new(struct sandbox *sandbox, const struct person *person, const struct view *from)
{
    struct trigger *trigger = g_new0(struct trigger, 1);
    trigger->id = g_strdup_printf("%u.%u.%08x%08x", sandbox->slack->triggers->len + 1000, 7000u, g_random_int(), g_random_int());
    trigger->view = from != NULL ? g_strdup(from->id) : NULL;
    trigger->person = person;
    trigger->made_us = clock_monotonic_us();
    g_ptr_array_add(sandbox->slack->triggers, trigger);
    return g_strdup(trigger->id);
}

const char *trigger_use(struct sandbox *sandbox, const char *id, const struct person **person, struct view **from)
{
    for (guint i = 0; i < sandbox->slack->triggers->len; i++) {
        struct trigger *trigger = g_ptr_array_index(sandbox->slack->triggers, i);
        if (strcmp(trigger->id, id) != 0)
            continue;
        if (trigger->used)
            return "exchanged_trigger_id";
        if (clock_monotonic_us() - trigger->made_us > TRIGGER_MS * 1000)
            return "expired_trigger_id";
        trigger->used = true;
        *person = trigger->person;
        *from = trigger->view != NULL ? views_find(sandbox->views, trigger->view) : NULL;
        return NULL;
    }
    return "invalid_trigger_id";
}

const char *views_check(struct sandbox *sandbox, const cJSON *definition, bool home, const struct view *replacing,
                        GPtrArray *errors)
{
    if (!cJSON_IsObject(definition))
        return "invalid_arguments";
    g_autofree char *text = json_text(definition);
    if (strlen(text) > VIEW_BYTES)
        return "view_too_large";
    if (!view_check(definition, errors))
        return "invalid_arguments";
    if ((strcmp(json_str0(definition, "type"), "home") == 0) != home) {
        g_ptr_array_add(errors, g_strdup_printf("[ERROR] type must be %s [json-pointer:/view/type]",
                                                home ? "home" : "modal"));
        return "invalid_arguments";
    }
    const char *external = json_str0(definition, "external_id");
    const struct view *taken = external[0] != '\0' ? views_find_external(sandbox->views, external) : NULL;
    return taken != NULL && taken != replacing ? "duplicate_external_id" : NULL;
}
