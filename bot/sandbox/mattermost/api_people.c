/* People, teams, channels and who is in them. */
#include "bot/sandbox/events.h"
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/wire.h"

#include <string.h>

static void answer_user(struct mm_call *call, const char *id)
{
    call->answer = wire_user(id);
    if (call->answer == NULL)
        mm_fail(call, 404, "app.user.missing_account.const");
}

static void get_user(struct mm_call *call)
{
    answer_user(call, mm_user_part(call, 0));
}

static const char *id_of(const char *username)
{
    const struct person *person = person_by_name(username);
    if (person != NULL)
        return person->id;
    return strcmp(username, SANDBOX_BOT_NAME) == 0 ? bot_user()
           : strcmp(username, "admin") == 0        ? MATTERMOST_ADMIN
                                                   : "";
}

static void get_user_by_name(struct mm_call *call)
{
    answer_user(call, id_of(call->parts[0]));
}

static void get_users(struct mm_call *call, bool by_name)
{
    call->answer = json_array();
    for (const cJSON *one = cJSON_IsArray(call->body) ? call->body->child : NULL; one != NULL; one = one->next) {
        const char *text = cJSON_IsString(one) ? one->valuestring : "";
        cJSON *user = wire_user(by_name ? id_of(text) : text);
        if (user != NULL)
            json_push(call->answer, user);
    }
}

static void get_users_by_ids(struct mm_call *call)
{
    get_users(call, false);
}

static void get_users_by_names(struct mm_call *call)
{
    get_users(call, true);
}

/* system_user, system_admin, and those an administrator made. */
static void get_role(struct mm_call *call)
{
    const char *name = call->parts[0];
    const struct group *group = group_called(name);
    bool known = (group != NULL && strcmp(group->handle, name) == 0) || strcmp(name, "system_admin") == 0 ||
                 strcmp(name, "system_user") == 0;
    if (!known) {
        mm_fail(call, 404, "app.role.get_by_name.app_error");
        return;
    }
    call->answer = json_object();
    json_put_str(call->answer, "id", call->parts[0]);
    json_put_str(call->answer, "name", name);
    json_put_str(call->answer, "display_name", name);
    json_put_int(call->answer, "delete_at", 0);
    json_put(call->answer, "permissions", json_array());
    json_put_bool(call->answer, "built_in", group == NULL);
}

/* ---- teams ---- */

static bool is_in_other_team(struct mm_call *call, const char *user)
{
    const GPtrArray *channels = workspace_channels(call->sandbox->workspace);
    for (guint i = 0; i < channels->len; i++) {
        const struct channel *channel = g_ptr_array_index(channels, i);
        if (channel->elsewhere && wire_is_member(channel, user))
            return true;
    }
    return false;
}

static bool is_team(struct mm_call *call, const char *id)
{
    if (strcmp(id, MATTERMOST_TEAM) == 0 ||
        (strcmp(id, MATTERMOST_OTHER_TEAM) == 0 && is_in_other_team(call, call->user)))
        return true;
    mm_forbid(call);
    return false;
}

static cJSON *team_of(const char *id)
{
    return wire_team(strcmp(id, MATTERMOST_OTHER_TEAM) == 0);
}

static void get_teams(struct mm_call *call)
{
    call->answer = json_array();
    json_push(call->answer, wire_team(false));
    if (is_in_other_team(call, call->user))
        json_push(call->answer, wire_team(true));
}

static void get_team(struct mm_call *call)
{
    if (is_team(call, call->parts[0]))
        call->answer = team_of(call->parts[0]);
}

static void get_team_by_name(struct mm_call *call)
{
    bool other = strcmp(call->parts[0], MATTERMOST_OTHER_TEAM_NAME) == 0 && is_in_other_team(call, call->user);
    if (other || strcmp(call->parts[0], MATTERMOST_TEAM_NAME) == 0)
        call->answer = wire_team(other);
    else
        mm_fail(call, 404, "app.team.get_by_name.missing.app_error");
}

static void put_scheme(cJSON *json, bool admin)
{
    json_put_bool(json, "scheme_guest", false);
    json_put_bool(json, "scheme_user", true);
    json_put_bool(json, "scheme_admin", admin);
    json_put_str(json, "explicit_roles", "");
}

static cJSON *team_member(const char *team, const char *user)
{
    cJSON *json = json_object();
    json_put_str(json, "team_id", team);
    json_put_str(json, "user_id", user);
    const struct person *person = person_by_id(user);
    bool admin = person != NULL && person->leads && strcmp(team, MATTERMOST_TEAM) == 0;
    json_put_str(json, "roles", admin ? "team_user team_admin" : "team_user");
    json_put_int(json, "delete_at", 0);
    put_scheme(json, admin);
    return json;
}

static void get_team_member(struct mm_call *call)
{
    if (is_team(call, call->parts[0]))
        call->answer = team_member(call->parts[0], mm_user_part(call, 1));
}

static void add_team_member(struct mm_call *call)
{
    if (!is_team(call, call->parts[0]))
        return;
    call->answer = team_member(call->parts[0], json_str0(call->body, "user_id"));
    call->status = 201;
}

/* ---- channels ---- */

static void get_my_channels(struct mm_call *call)
{
    const char *user = mm_user_part(call, 0);
    const GPtrArray *channels = workspace_channels(call->sandbox->workspace);
    if (strcmp(user, call->user) != 0 && !call->admin) {
        mm_forbid(call);
        return;
    }
    call->answer = json_array();
    for (guint i = 0; i < channels->len; i++) {
        const struct channel *channel = g_ptr_array_index(channels, i);
        bool of_team = call->parts[1] == NULL || channel->visibility == DIRECT ||
                       strcmp(call->parts[1], wire_team_id(channel)) == 0;
        if (of_team && wire_is_member(channel, user))
            json_push(call->answer, wire_channel(channel));
    }
}

/* Without a team: newer servers. */
static void get_all_my_channels(struct mm_call *call)
{
    if (call->mattermost->old)
        mm_fail_unknown(call);
    else
        get_my_channels(call);
}

static void get_channel(struct mm_call *call)
{
    if (channel_by_id(call->sandbox->workspace, call->parts[0]) == NULL)
        mm_fail(call, 404, "app.channel.get.existing.app_error");
    else if (mm_channel(call, call->parts[0], MM_SEES) != NULL)
        call->answer = wire_channel(channel_by_id(call->sandbox->workspace, call->parts[0]));
}

static void get_channel_by_name(struct mm_call *call)
{
    const struct channel *channel = channel_by_name(call->sandbox->workspace, call->parts[1]);
    /* Every team has a town square; this workspace's is its #general. */
    if (strcmp(call->parts[1], "town-square") == 0)
        channel = channel_by_name(call->sandbox->workspace, "general");
    if (channel == NULL)
        mm_fail(call, 404, "app.channel.get_by_name.missing.app_error");
    else if (mm_channel(call, channel->id, MM_SEES) != NULL)
        call->answer = wire_channel(channel);
}

static void open_direct(struct mm_call *call)
{
    const char *one = json_str0(call->body, "0"), *other = json_str0(call->body, "1");
    if (strcmp(one, call->user) != 0 && strcmp(other, call->user) != 0) {
        mm_forbid(call);
        return;
    }
    const char *whom = strcmp(one, bot_user()) == 0 ? other : one;
    const struct channel *channel = channel_direct(call->sandbox->workspace, person_by_id(whom));
    if (channel == NULL) {
        mm_fail(call, 400, "api.channel.create_direct_channel.invalid_user.app_error");
        return;
    }
    call->answer = wire_channel(channel);
    call->status = 201;
}

static cJSON *channel_member(const struct channel *channel, const char *user)
{
    cJSON *json = json_object();
    json_put_str(json, "channel_id", channel->id);
    json_put_str(json, "user_id", user);
    bool admin = channel->leader != NULL && strcmp(channel->leader->id, user) == 0;
    json_put_str(json, "roles", admin ? "channel_user channel_admin" : "channel_user");
    json_put_int(json, "last_viewed_at", 0);
    json_put_int(json, "msg_count", 0);
    json_put_int(json, "mention_count", 0);
    json_put_int(json, "mention_count_root", 0);
    json_put_int(json, "msg_count_root", 0);
    json_put_int(json, "last_update_at", WIRE_BEGAN_MS);
    put_scheme(json, admin);
    return json;
}

static void get_members(struct mm_call *call)
{
    const struct channel *channel = mm_channel(call, call->parts[0], MM_MEMBER);
    if (channel == NULL)
        return;
    int64_t per_page = CLAMP(mm_query_int(call, "per_page", 60), 1, 200), skip = mm_query_int(call, "page", 0) * per_page;
    call->answer = json_array();
    for (guint i = 0; i < channel->members->len + (channel->bot ? 1 : 0); i++) {
        const struct person *person = i < channel->members->len ? g_ptr_array_index(channel->members, i) : NULL;
        if (skip-- <= 0 && cJSON_GetArraySize(call->answer) < per_page)
            json_push(call->answer, channel_member(channel, person != NULL ? person->id : bot_user()));
    }
}

static void get_member(struct mm_call *call)
{
    const struct channel *channel = mm_channel(call, call->parts[0], MM_SEES);
    if (channel == NULL)
        return;
    if (wire_is_member(channel, mm_user_part(call, 1)))
        call->answer = channel_member(channel, mm_user_part(call, 1));
    else
        mm_fail(call, 404, "app.channel.get_member.missing.app_error");
}

/* The bot joins a public channel by itself; into a private one somebody must let it. */
static void add_member(struct mm_call *call)
{
    struct channel *channel = mm_channel(call, call->parts[0], MM_SEES);
    const char *user = json_str0(call->body, "user_id");
    if (channel == NULL)
        return;
    if (strcmp(user, bot_user()) == 0)
        events_bot_joins(call->sandbox, channel, person_by_id(call->user));
    call->answer = channel_member(channel, user);
    call->status = 201;
}

static void remove_member(struct mm_call *call)
{
    struct channel *channel = mm_channel(call, call->parts[0], MM_MEMBER);
    if (channel != NULL && strcmp(mm_user_part(call, 1), bot_user()) == 0)
        events_bot_leaves(call->sandbox, channel, person_by_id(call->user));
}

const struct mm_route mm_people_routes[] = {
    {"GET", "users/*", get_user, NULL, false},
    {"GET", "users/username/*", get_user_by_name, NULL, false},
    {"POST", "users/ids", get_users_by_ids, NULL, false},
    {"POST", "users/usernames", get_users_by_names, NULL, false},
    {"GET", "roles/name/*", get_role, NULL, false},
    {"GET", "users/*/teams", get_teams, NULL, false},
    {"GET", "users/*/teams/*/channels", get_my_channels, NULL, false},
    {"GET", "users/*/channels", get_all_my_channels, NULL, false},
    {"GET", "teams", get_teams, NULL, false},
    {"GET", "teams/*", get_team, NULL, false},
    {"GET", "teams/name/*", get_team_by_name, NULL, false},
    {"GET", "teams/*/members/*", get_team_member, NULL, false},
    {"POST", "teams/*/members", add_team_member, NULL, false},
    {"GET", "teams/*/channels/name/*", get_channel_by_name, NULL, false},
    {"GET", "teams/name/*/channels/name/*", get_channel_by_name, NULL, false},
    {"GET", "channels/*", get_channel, NULL, false},
    {"POST", "channels/direct", open_direct, NULL, false},
    {"GET", "channels/*/members", get_members, NULL, false},
    {"GET", "channels/*/members/*", get_member, NULL, false},
    {"POST", "channels/*/members", add_member, NULL, false},
    {"DELETE", "channels/*/members/*", remove_member, NULL, false},
    {NULL, NULL, NULL, NULL, false},
};
