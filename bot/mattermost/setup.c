#include "bot/mattermost/setup_internal.h"

static void team_free(void *data)
{
    struct setup_team *team = data;
    g_free(team->id);
    g_free(team->name);
    g_free(team);
}

void setup_tell(struct setup *setup, enum setup_finding finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (finding == SETUP_WRONG)
        setup->wrong++;
    setup->host->tell(finding, text, setup->host->data);
}

bool setup_would(struct setup *setup, const char *format, ...)
{
    if (!setup->options->dry_run)
        return false;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    setup->host->tell(SETUP_WOULD, text, setup->host->data);
    return true;
}

bool mattermost_setup(struct loop *loop, struct rest *rest, const struct setup_options *options,
                      const struct setup_host *host)
{
    struct setup setup = {
        .options = options,
        .host = host,
        .admin = {.loop = loop, .rest = rest, .url = options->url, .token = options->admin_token},
        .teams = g_ptr_array_new_with_free_func(team_free),
        .tokens = g_ptr_array_new_with_free_func(g_free),
    };
    if (setup_look_at_server(&setup) && setup_bot(&setup) && setup_join(&setup) && options->commands) {
        if (setup_commands(&setup))
            setup_reach(&setup);
    }
    if (setup.wrong == 0 && !options->commands)
        setup_tell(&setup, SETUP_NOTE, "no slash-commands wanted: people write @%s or a direct message to it",
                   setup.bot_name);
    g_free(setup.admin_id);
    g_free(setup.site_url);
    g_free(setup.bot_name);
    g_free(setup.bot_id);
    g_ptr_array_unref(setup.teams);
    g_ptr_array_unref(setup.tokens);
    return setup.wrong == 0;
}
