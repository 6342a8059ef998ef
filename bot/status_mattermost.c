/* Mattermost, for `askwhy check`: the server, the token, membership, the commands, and the listener. */
#include "bot/status.h"

#include "bot/mattermost/probe.h"
#include "bot/net/listener.h"

#include <errno.h>
#include <string.h>

enum { METHOD_NOT_ALLOWED = 405 }; /* what askwhy's listener says to a GET */

static bool tell_of_token(struct status *status, const struct config *config, const struct mattermost_probe *probe)
{
    const char *url = config_string(config, CONFIG_MATTERMOST_URL);
    if (probe->problem != NULL) {
        if (probe->unreached)
            status_wrong(status, "MATTERMOST_URL %s: %s", url, probe->problem);
        else
            status_wrong(status, "MATTERMOST_TOKEN: %s", probe->problem);
        return false;
    }
    if (probe->is_bot)
        status_ok(status, "MATTERMOST_TOKEN: @%s at %s, Mattermost %s, posts of %" G_GINT64_FORMAT " characters", probe->user,
                  url, probe->version, probe->max_post);
    else
        status_wrong(status, "MATTERMOST_TOKEN: is that of @%s, a person; askwhy needs a bot account: run `askwhy setup "
                             "mattermost`", probe->user);
    return true;
}

static void tell_of_server(struct status *status, const struct mattermost_probe *probe)
{
    if (*probe->site_url == '\0')
        status_wrong(status, "SiteURL: the server has none, so links lead nowhere and newer servers refuse slash-commands; "
                             "an administrator sets it under System Console → Environment → Web Server");
    if (ABS(probe->clock_ahead_s) > STATUS_CLOCK_WRONG_S)
        status_wrong(status, "clock: %" G_GINT64_FORMAT " seconds %s the Mattermost server's; set the one that is wrong, and "
                             "keep it right with an NTP service",
                     ABS(probe->clock_ahead_s), probe->clock_ahead_s > 0 ? "ahead of" : "behind");
}

static void tell_of_channels(struct status *status, const struct probe_team *team, const char *user)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < team->channels->len; i++)
        g_string_append_printf(names, "%s~%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(team->channels, i));
    if (team->channels->len == 0)
        status_wrong(status, "team %s: askwhy is in no channel; in the one where asks shall live type /invite @%s",
                     team->name, user);
    else
        status_ok(status, "team %s: askwhy is in %s", team->name, names->str);
    g_string_free(names, TRUE);
}

static void tell_of_command(struct status *status, const struct probe_team *team, const char *name,
                            struct probe_command command, bool tokens)
{
    if (command.there && !command.ours)
        status_wrong(status, "team %s: %s belongs to something else; name askwhy's otherwise (ASKWHY_COMMAND, "
                             "ASKWHY_WHY_COMMAND) and run `askwhy setup mattermost`", team->name, name);
    else if (!command.there && tokens)
        status_wrong(status, "team %s: has no %s; make it with `askwhy setup mattermost --team %s`", team->name, name,
                     team->name);
}

static void tell_of_teams(struct status *status, const struct config *config, const struct mattermost_probe *probe)
{
    const char *ask = config_string(config, CONFIG_ASKWHY_COMMAND), *why = config_string(config, CONFIG_ASKWHY_WHY_COMMAND);
    g_auto(GStrv) tokens = config_list(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    guint commands = 0, known = g_strv_length(tokens);
    bool unseen = false;
    if (probe->teams_problem != NULL)
        status_wrong(status, "teams: the server %s", probe->teams_problem);
    else if (probe->teams->len == 0)
        status_wrong(status, "teams: askwhy is in none; add it with `askwhy setup mattermost --team NAME`");
    for (guint i = 0; i < probe->teams->len; i++) {
        const struct probe_team *team = g_ptr_array_index(probe->teams, i);
        if (team->problem != NULL)
            status_wrong(status, "team %s: the server %s", team->name, team->problem);
        else
            tell_of_channels(status, team, probe->user);
        if (team->commands_problem != NULL) {
            status_tell("note", "team %s: its commands could not be looked at, the server %s", team->name,
                       team->commands_problem);
            unseen = true;
            continue;
        }
        tell_of_command(status, team, ask, team->ask, known > 0);
        tell_of_command(status, team, why, team->why, known > 0);
        commands += team->ask.ours + team->why.ours;
    }
    if (commands > known)
        status_wrong(status, "MATTERMOST_COMMAND_TOKENS: the teams have %u commands of askwhy's, but %u tokens are known; "
                             "run `askwhy setup mattermost`, which writes those that are missing", commands, known);
    else if (commands > 0 && !unseen)
        status_ok(status, "commands: %s and %s are there; whether they call this askwhy only an administrator can see: "
                          "`askwhy setup mattermost --dry-run`", ask, why);
    else if (known == 0)
        status_ok(status, "commands: none (MATTERMOST_COMMAND_TOKENS); people write @%s", probe->user);
}

/* ---- Where the server's calls arrive ---- */

/* True when somebody else listens there. */
static bool tell_of_listener(struct status *status, const struct config *config, struct loop *loop)
{
    const struct listener_options options = {
        .address = config_string(config, CONFIG_ASKWHY_LISTEN),
        .certificate = config_string(config, CONFIG_ASKWHY_LISTEN_CERTIFICATE),
        .key = config_string(config, CONFIG_ASKWHY_LISTEN_KEY),
    };
    g_autoptr(GError) error = NULL;
    struct listener *listener = listener_new(loop, &options, &error);
    if (listener != NULL)
        status_ok(status, "ASKWHY_LISTEN %s: can be had; no askwhy listens there now", options.address);
    else if (strstr(error->message, g_strerror(EADDRINUSE)) == NULL)
        status_wrong(status, "ASKWHY_LISTEN: %s", error->message);
    bool taken = listener == NULL && strstr(error->message, g_strerror(EADDRINUSE)) != NULL;
    listener_free(listener);
    return taken;
}

static void tell_of_way(struct status *status, const struct config *config, struct loop *loop, struct rest *rest)
{
    const char *listen = config_string(config, CONFIG_ASKWHY_LISTEN);
    bool told = config_string(config, CONFIG_ASKWHY_PUBLIC_URL) != NULL;
    g_autofree char *base = config_public_url(config, 0);
    if (base == NULL) {
        status_ok(status, "ASKWHY_LISTEN %s: somebody listens there already; askwhy, if it runs", listen);
        return;
    }
    g_autofree char *url = g_strconcat(base, "/mattermost/command", NULL), *why = NULL;
    int answer = mattermost_probe_address(loop, rest, url, &why);
    if (answer == METHOD_NOT_ALLOWED)
        status_ok(status, "listener: askwhy answers at %s", base);
    else if (answer == 0 && told)
        status_tell("note", "ASKWHY_PUBLIC_URL %s: cannot be reached from here: %s; that is fine where only the Mattermost "
                           "server can", base, why);
    else if (answer == 0)
        status_wrong(status, "ASKWHY_LISTEN %s: is taken by something that does not answer: %s", listen, why);
    else if (told)
        status_wrong(status, "ASKWHY_PUBLIC_URL %s: does not lead to askwhy (HTTP %d); the proxy passes %s/mattermost/ on to "
                             "/mattermost/ of %s", base, answer, base, listen);
    else
        status_wrong(status, "ASKWHY_LISTEN %s: is taken by another program (HTTP %d); choose another port and run `askwhy "
                             "setup mattermost`, which tells the server", listen, answer);
}

void status_mattermost(struct status *status, const struct config *config)
{
    const char *ca_file = config_string(config, CONFIG_ASKWHY_CA_FILE);
    g_autoptr(GError) error = NULL;
    struct rest *rest = NULL;
    struct loop *loop = loop_new(ca_file, &error);
    if (loop == NULL || (rest = rest_new(loop, ca_file, &error)) == NULL) {
        status_wrong(status, "network: %s", error->message);
    } else {
        struct mattermost_probe probe;
        mattermost_probe_run(loop, rest, config_string(config, CONFIG_MATTERMOST_URL),
                             config_string(config, CONFIG_MATTERMOST_TOKEN), config_string(config, CONFIG_ASKWHY_COMMAND),
                             config_string(config, CONFIG_ASKWHY_WHY_COMMAND), &probe);
        if (tell_of_token(status, config, &probe)) {
            tell_of_server(status, &probe);
            tell_of_teams(status, config, &probe);
        }
        mattermost_probe_done(&probe);
        if (tell_of_listener(status, config, loop))
            tell_of_way(status, config, loop, rest);
    }
    rest_free(rest);
    loop_free(loop);
}
