/* askwhy check: is everything in place, and what to do where it is not. */
#include "bot/base/log.h"
#include "bot/cli.h"
#include "bot/status.h"

#include <stdio.h>

static char *file;
static gboolean rebuild;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
    {"rebuild", 0, 0, G_OPTION_ARG_NONE, &rebuild, "also derive all state anew from the log, and compare", NULL},
    G_OPTION_ENTRY_NULL,
};

static void tell_all(struct status *status, const GPtrArray *problems)
{
    for (guint i = 0; problems != NULL && i < problems->len; i++)
        status_wrong(status, "%s", (const char *)g_ptr_array_index(problems, i));
}

int cli_check(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- say what is wrong and what to do: configuration, tokens, database, clock", entries, NULL))
        return EXIT_USAGE;
    log_set_level(LOG_ERROR);
    struct status status = {0};
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    struct config *config = config_load(file, errors);
    g_clear_pointer(&file, g_free);
    const char *path = config_file(config);
    printf("Configuration (%s):\n", path != NULL ? path : "no file; environment and defaults");
    config_print_effective(config, stdout);
    printf("\n");
    tell_all(&status, errors);
    guint misread = errors->len;
    if (misread > 0)
        status_tell("note", "an askwhy that runs already keeps the settings it has, until this is mended and it reloads");
    if (misread == 0) {
        tell_all(&status, config_warnings(config));
        config_require_chat(config, errors);
        tell_all(&status, errors);
        if (status.wrong == 0)
            status_ok(&status, "configuration");
        status_libraries(&status);
        status_clock(&status);
        status_database(&status, config_string(config, CONFIG_ASKWHY_DATABASE), rebuild);
        if (config_has_slack(config))
            status_slack(&status, config);
        if (config_has_mattermost(config))
            status_mattermost(&status, config);
    }
    bool misconfigured = errors->len > 0;
    config_free(config);
    if (status.wrong > 0)
        printf("\n%d wrong\n", status.wrong);
    return misconfigured ? EXIT_USAGE : status.wrong > 0 ? EXIT_FAILED : EXIT_DONE;
}
