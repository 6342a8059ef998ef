#include "bot/mattermost/probe.h"

#include "bot/base/clock.h"
#include "bot/mattermost/setup_call.h"

#include <string.h>

enum { LOOK_MS = 10000 };

static void team_free(void *data)
{
    struct probe_team *team = data;
    g_free(team->name);
    g_free(team->problem);
    g_free(team->commands_problem);
    g_ptr_array_unref(team->channels);
    g_free(team);
}

static void probe_self(const struct caller *bot, struct mattermost_probe *probe)
{
    g_auto(reply) me = setup_call(bot, "GET", NULL, "users/me");
    if (me.date_ms != 0)
        probe->clock_ahead_s = (clock_now_ms() - me.date_ms) / 1000;
    if (me.status == 401) {
        probe->problem = g_strdup("is not accepted (HTTP 401): was it revoked, or the bot account disabled? `askwhy setup "
                                  "mattermost` enables it and makes a new one");
    } else if (!me.good) {
        probe->problem = g_strconcat("the server ", me.why, NULL);
        probe->unreached = true;
    } else {
        probe->user = g_strdup(json_str0(me.body, "username"));
        probe->is_bot = json_true(me.body, "is_bot");
    }
}

static void probe_server(const struct caller *bot, struct mattermost_probe *probe)
{
    g_auto(reply) config = setup_call(bot, "GET", NULL, "config/client?format=old");
    probe->version = g_strdup(json_str0(config.body, "Version"));
    probe->site_url = g_strdup(json_str0(config.body, "SiteURL"));
    probe->max_post = g_ascii_strtoll(json_str0(config.body, "MaxPostSize"), NULL, 10);
}

static struct probe_command find_command(const cJSON *commands, const char *name)
{
    struct probe_command found = {0};
    const cJSON *command;
    cJSON_ArrayForEach(command, commands)
    {
        if (strcmp(json_str0(command, "trigger"), name + 1) == 0) {
            found.there = true;
            found.ours = found.ours || strcmp(json_str0(command, "display_name"), "askwhy") == 0;
        }
    }
    return found;
}

static void probe_team(const struct caller *bot, const char *id, const char *command, const char *why_command,
                       struct probe_team *team)
{
    g_auto(reply) channels = setup_call(bot, "GET", NULL, "users/me/teams/%s/channels", id);
    g_auto(reply) commands = setup_call(bot, "GET", NULL, "teams/%s/commands/autocomplete", id);
    team->problem = g_strdup(channels.why);
    team->commands_problem = g_strdup(commands.why);
    const cJSON *channel;
    cJSON_ArrayForEach(channel, channels.body)
    {
        const char *type = json_str0(channel, "type");
        if ((strcmp(type, "O") == 0 || strcmp(type, "P") == 0) && json_int(channel, "delete_at", 0) == 0)
            g_ptr_array_add(team->channels, g_strdup(json_str0(channel, "name")));
    }
    team->ask = find_command(commands.body, command);
    team->why = find_command(commands.body, why_command);
}

static void probe_teams(const struct caller *bot, const char *command, const char *why_command,
                        struct mattermost_probe *probe)
{
    g_auto(reply) teams = setup_call(bot, "GET", NULL, "users/me/teams");
    if (!teams.good)
        probe->teams_problem = g_strdup(teams.why);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, teams.body)
    {
        if (setup_id(entry, "id") == NULL || json_int(entry, "delete_at", 0) != 0)
            continue;
        struct probe_team *team = g_new0(struct probe_team, 1);
        team->name = g_strdup(json_str0(entry, "name"));
        team->channels = g_ptr_array_new_with_free_func(g_free);
        probe_team(bot, setup_id(entry, "id"), command, why_command, team);
        g_ptr_array_add(probe->teams, team);
    }
}

void mattermost_probe_run(struct loop *loop, struct rest *rest, const char *url, const char *token,
                          const char *command, const char *why_command, struct mattermost_probe *probe)
{
    const struct caller bot = {.loop = loop, .rest = rest, .url = url, .token = token};
    *probe = (struct mattermost_probe){.teams = g_ptr_array_new_with_free_func(team_free)};
    probe_self(&bot, probe);
    if (probe->problem != NULL)
        return;
    probe_server(&bot, probe);
    probe_teams(&bot, command, why_command, probe);
}

void mattermost_probe_done(struct mattermost_probe *probe)
{
    g_free(probe->problem);
    g_free(probe->user);
    g_free(probe->version);
    g_free(probe->site_url);
    g_free(probe->teams_problem);
    g_ptr_array_unref(probe->teams);
    *probe = (struct mattermost_probe){0};
}

/* ---- The listener ---- */

struct look {
    struct loop *loop;
    int status;
    char *why;
};

static void looked(const struct rest_response *response, void *data)
{
    struct look *look = data;
    look->status = response->outcome == REST_ANSWERED ? response->status : 0;
    look->why = g_strdup(response->error);
    loop_stop(look->loop);
}

int mattermost_probe_address(struct loop *loop, struct rest *rest, const char *url, char **why)
{
    struct look look = {.loop = loop};
    struct rest_request request = {
        .method = "GET", .url = g_strdup(url), .timeout_ms = LOOK_MS, .idempotent = true,
    };
    rest_send(rest, &request, looked, &look);
    rest_request_done(&request);
    loop_run(loop, NULL, NULL);
    *why = look.why;
    return look.status;
}
