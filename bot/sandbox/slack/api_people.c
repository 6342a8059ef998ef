/* People and user groups. */
#include "bot/sandbox/slack/api.h"

#include "bot/base/clock.h"

#include <string.h>

static void put_zone(cJSON *user, const struct person *person)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(person->zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(clock_now_ms() / 1000);
    g_autoptr(GDateTime) local = zone != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
    json_put_str(user, "tz", person->zone);
    if (local == NULL)
        return;
    json_put_str(user, "tz_label", g_date_time_get_timezone_abbreviation(local));
    json_put_int(user, "tz_offset", g_date_time_get_utc_offset(local) / G_TIME_SPAN_SECOND);
}

cJSON *user_json(const struct person *person, bool with_locale)
{
    cJSON *user = json_object(), *profile = json_object();
    json_put_str(user, "id", person != NULL ? person->id : SANDBOX_BOT_USER);
    json_put_str(user, "team_id", SANDBOX_TEAM);
    json_put_str(user, "name", person != NULL ? person->name : SANDBOX_BOT_NAME);
    json_put_str(user, "real_name", person != NULL ? person->real_name : SANDBOX_BOT_NAME);
    json_put_bool(user, "deleted", person != NULL && person->deleted);
    json_put_bool(user, "is_bot", person == NULL);
    json_put_bool(user, "is_app_user", false);
    json_put_bool(user, "is_admin", person != NULL && person->admin);
    json_put_bool(user, "is_owner", false);
    json_put_bool(user, "is_restricted", false);
    json_put_bool(user, "is_ultra_restricted", false);
    json_put_int(user, "updated", 1750000000);
    if (person != NULL)
        put_zone(user, person);
    if (with_locale)
        json_put_str(user, "locale", person != NULL ? person->locale : "en-US");
    json_put_str(profile, "title", person != NULL ? person->title : "");
    json_put_str(profile, "real_name", json_str(user, "real_name"));
    json_put_str(profile, "real_name_normalized", json_str(user, "real_name"));
    json_put_str(profile, "display_name", person != NULL ? person->real_name : "");
    json_put_str(profile, "display_name_normalized", person != NULL ? person->real_name : "");
    if (person == NULL) {
        json_put_str(profile, "bot_id", SANDBOX_BOT);
        json_put_str(profile, "api_app_id", SANDBOX_APP);
    }
    json_put(user, "profile", profile);
    return user;
}

static const char *users_info(struct api_call *call)
{
    const char *id = api_text(call, "user");
    const struct person *person = person_by_id(id);
    if (person == NULL && strcmp(id, SANDBOX_BOT_USER) != 0)
        return id[0] == '\0' ? "invalid_arguments" : "user_not_found";
    json_put(call->answer, "user", user_json(person, api_true(call, "include_locale")));
    return NULL;
}

static const char *users_list(struct api_call *call)
{
    int count = 0;
    const struct person *people = workspace_people(&count);
    cJSON *all = json_array();
    for (int i = 0; i < count; i++)
        json_push(all, user_json(&people[i], api_true(call, "include_locale")));
    json_push(all, user_json(NULL, api_true(call, "include_locale")));
    json_put(call->answer, "members", all);
    cJSON *metadata = json_object();
    json_put_str(metadata, "next_cursor", "");
    json_put(call->answer, "response_metadata", metadata);
    return NULL;
}

/* ---- user groups ---- */

static const char *usergroups_list(struct api_call *call)
{
    int count = 0;
    const struct group *groups = workspace_groups(&count);
    cJSON *all = json_array();
    for (int i = 0; i < count; i++) {
        cJSON *group = json_object();
        json_put_str(group, "id", groups[i].id);
        json_put_str(group, "team_id", SANDBOX_TEAM);
        json_put_bool(group, "is_usergroup", true);
        json_put_str(group, "name", groups[i].handle);
        json_put_str(group, "description", "");
        json_put_str(group, "handle", groups[i].handle);
        json_put_bool(group, "is_external", false);
        json_put_int(group, "date_create", 1750000000);
        json_put_int(group, "date_update", 1750000000);
        json_put_int(group, "date_delete", 0);
        json_push(all, group);
    }
    json_put(call->answer, "usergroups", all);
    return NULL;
}

static const char *usergroups_users_list(struct api_call *call)
{
    const struct group *group = group_called(api_text(call, "usergroup"));
    if (group == NULL || strcmp(group->id, api_text(call, "usergroup")) != 0)
        return "no_such_subteam";
    cJSON *users = json_array();
    for (guint i = 0; i < group->members->len; i++)
        json_push_str(users, ((const struct person *)g_ptr_array_index(group->members, i))->id);
    json_put(call->answer, "users", users);
    return NULL;
}

const struct api_entry api_people_methods[] = {
    {"users.info", users_info, true},
    {"users.list", users_list, true},
    {"usergroups.list", usergroups_list, true},
    {"usergroups.users.list", usergroups_users_list, true},
    {NULL, NULL, false},
};
