/* User groups (docs.slack.dev, "usergroups.list", "usergroups.users.list"): who is in those that were asked for. Kept
 * in memory alone: a profile tells nothing of them, so that somebody met later is found here. */
#include "bot/slack/adapter.h"
#include "bot/slack/api.h"
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    TRIES = 5,
    GROUPS_MOST = 100,
    HANDLE_MAX = 80,
};

struct group_look_up {
    struct slack *slack;
    char *sought, *id, *handle;
};

static void look_up_free(void *data)
{
    struct group_look_up *look_up = data;
    g_hash_table_remove(look_up->slack->groups_sought, look_up->sought);
    g_free(look_up->sought);
    g_free(look_up->id);
    g_free(look_up->handle);
    g_free(look_up);
}

/* id: NULL, and why; or "" for none. Takes members. */
static void give(const struct group_look_up *look_up, const char *id, char **members, const char *why)
{
    struct event *event = event_new(EVENT_GROUP, "slack");
    event->sought = g_strdup(look_up->sought);
    event->group = g_strdup(id);
    event->group_name = g_strdup(look_up->handle);
    event->members = members;
    event->text = why != NULL ? rich_clean(why) : NULL;
    slack_give(look_up->slack, event);
}

static char **read_members(const cJSON *users)
{
    GPtrArray *members = g_ptr_array_new();
    const cJSON *user;
    cJSON_ArrayForEach(user, users)
    {
        if (cJSON_IsString(user) && slack_is_id(user->valuestring))
            g_ptr_array_add(members, g_strdup(user->valuestring));
    }
    g_ptr_array_add(members, NULL);
    return (char **)g_ptr_array_free(members, FALSE);
}

static void members_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    const struct group_look_up *look_up = data;
    struct slack *slack = look_up->slack;
    if (!cJSON_IsArray(json_get(answer, "users"))) {
        log_warning("slack.group", "id=%s why=\"%s\"", look_up->id, why != NULL ? why : "an answer without users");
        g_hash_table_add(slack->groups_unread, g_strdup(look_up->sought));
        give(look_up, NULL, NULL, why != NULL ? why : "usergroups.users.list: an answer without users");
        return;
    }
    char **members = read_members(json_get(answer, "users"));
    GHashTable *kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **member = members; *member != NULL; member++)
        g_hash_table_add(kept, g_strdup(*member));
    if (g_hash_table_size(slack->groups) < GROUPS_MOST || g_hash_table_contains(slack->groups, look_up->id))
        g_hash_table_replace(slack->groups, g_strdup(look_up->id), kept);
    else
        g_hash_table_destroy(kept);
    give(look_up, look_up->id, members, NULL);
}

static const cJSON *find_group(const cJSON *answer, const char *sought)
{
    const cJSON *group, *found = NULL;
    cJSON_ArrayForEach(group, json_get(answer, "usergroups"))
    {
        const char *id = json_str0(group, "id");
        if (!slack_is_id(id) || json_int(group, "date_delete", 0) != 0)
            continue;
        if (strcmp(id, sought) == 0)
            return group;
        if (g_ascii_strcasecmp(json_str0(group, "handle"), sought) == 0)
            found = group;
    }
    return found;
}

static void groups_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct group_look_up *look_up = data;
    struct slack *slack = look_up->slack;
    if (!cJSON_IsArray(json_get(answer, "usergroups"))) {
        log_warning("slack.group", "sought=%s why=\"%s\"", look_up->sought, why != NULL ? why : "an answer without usergroups");
        g_hash_table_add(slack->groups_unread, g_strdup(look_up->sought));
        give(look_up, NULL, NULL, why != NULL ? why : "usergroups.list: an answer without usergroups");
        return;
    }
    struct reader group = {.json = find_group(answer, look_up->sought)};
    if (group.json == NULL) {
        g_hash_table_remove(slack->groups, look_up->sought);
        give(look_up, "", NULL, NULL);
        return;
    }
    look_up->id = reader_need_id(&group, "id");
    look_up->handle = reader_want_line(&group, "handle", HANDLE_MAX);
}

static void groups_ended(void *data)
{
    struct group_look_up *look_up = data;
    struct slack *slack = look_up->slack;
    if (look_up->id == NULL || slack->stopping) {
        look_up_free(look_up);
        return;
    }
    struct lane_call call = {.method = "usergroups.users.list", .tries = TRIES, .answered = members_came,
                             .ended = look_up_free, .data = look_up};
    GString *params = g_string_new(NULL);
    slack_param(params, "usergroup", look_up->id);
    slack_lane_add(slack->lookups, &slack->options, &call, params);
}

void slack_look_up_group(struct platform *platform, const char *sought)
{
    struct slack *slack = (struct slack *)platform;
    if (slack->stopping || sought == NULL || !g_hash_table_add(slack->groups_sought, g_strdup(sought)))
        return;
    g_hash_table_remove(slack->groups_unread, sought);
    struct group_look_up *look_up = g_new0(struct group_look_up, 1);
    look_up->slack = slack;
    look_up->sought = g_strdup(sought);
    struct lane_call call = {.method = "usergroups.list", .tries = TRIES, .answered = groups_came, .ended = groups_ended,
                             .data = look_up};
    slack_lane_add(slack->lookups, &slack->options, &call, g_string_new(NULL));
}

void slack_group_changed(struct slack *slack, const char *id)
{
    if (g_hash_table_contains(slack->groups, id))
        slack_look_up_group(&slack->base, id);
}

char **slack_groups_of(const struct slack *slack, const char *user)
{
    /* Half of them would take away the others. */
    bool all = g_hash_table_size(slack->groups_sought) == 0 && g_hash_table_size(slack->groups_unread) == 0;
    if (!all || g_hash_table_size(slack->groups) == 0)
        return NULL;
    GPtrArray *found = g_ptr_array_new();
    GHashTableIter at;
    void *id = NULL, *members = NULL;
    g_hash_table_iter_init(&at, slack->groups);
    while (g_hash_table_iter_next(&at, &id, &members)) {
        if (g_hash_table_contains(members, user))
            g_ptr_array_add(found, g_strdup(id));
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}
