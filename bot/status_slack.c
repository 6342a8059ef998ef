/* Slack, for `askwhy check`: tokens, scopes, membership. */
#include "bot/status.h"

#include "bot/slack/probe.h"

static void tell_of_bot(struct status *status, const struct slack_probe *probe)
{
    if (probe->bot_problem != NULL) {
        status_wrong(status, "SLACK_BOT_TOKEN: %s", probe->bot_problem);
        return;
    }
    status_ok(status, "SLACK_BOT_TOKEN: @%s in %s", probe->user, probe->team);
    if (!probe->scopes_told)
        status_wrong(status, "scopes: the answer names none (X-OAuth-Scopes); check SLACK_API_URL and the proxy");
    else if (probe->missing_scopes != NULL)
        status_wrong(status, "scopes: missing %s; add them under OAuth & Permissions (or paste the manifest of `askwhy "
                             "setup slack`), then install the app again", probe->missing_scopes);
    else if (probe->optional_scopes != NULL)
        status_ok(status, "scopes: all there but %s, for functions by user groups alone", probe->optional_scopes);
    else
        status_ok(status, "scopes: all there");
    if (ABS(probe->clock_ahead_s) > STATUS_CLOCK_WRONG_S)
        status_wrong(status, "clock: %" G_GINT64_FORMAT " seconds %s Slack's; set it, and keep it right with an NTP service",
                     ABS(probe->clock_ahead_s), probe->clock_ahead_s > 0 ? "ahead of" : "behind");
}

static void tell_of_membership(struct status *status, const struct slack_probe *probe)
{
    if (probe->bot_problem != NULL)
        return;
    if (probe->member_problem != NULL) {
        status_wrong(status, "channels: %s", probe->member_problem);
        return;
    }
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < probe->channels->len; i++)
        g_string_append_printf(names, "%s#%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(probe->channels, i));
    if (probe->channels->len == 0)
        status_wrong(status, "channels: askwhy is in none; in the channel where asks shall live type /invite @askwhy");
    else
        status_ok(status, "channels: askwhy is in %s", names->str);
    g_string_free(names, TRUE);
}

void status_slack(struct status *status, const struct config *config)
{
    const char *ca_file = config_string(config, CONFIG_ASKWHY_CA_FILE);
    struct slack_options options = {
        .api_url = config_string(config, CONFIG_SLACK_API_URL),
        .app_token = config_string(config, CONFIG_SLACK_APP_TOKEN),
        .bot_token = config_string(config, CONFIG_SLACK_BOT_TOKEN),
    };
    g_autoptr(GError) error = NULL;
    struct rest *rest = NULL;
    struct loop *loop = loop_new(ca_file, &error);
    if (loop == NULL || (rest = rest_new(loop, ca_file, &error)) == NULL) {
        status_wrong(status, "network: %s", error->message);
    } else {
        struct slack_probe probe;
        slack_probe_run(loop, rest, &options, &probe);
        tell_of_bot(status, &probe);
        if (probe.app_problem != NULL)
            status_wrong(status, "SLACK_APP_TOKEN: %s", probe.app_problem);
        else
            status_ok(status, "SLACK_APP_TOKEN: Socket Mode may be opened");
        tell_of_membership(status, &probe);
        slack_probe_done(&probe);
    }
    rest_free(rest);
    loop_free(loop);
}
