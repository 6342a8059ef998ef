#include "bot/cli.h"

#include <stdio.h>
#include <string.h>

static char *file;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
    G_OPTION_ENTRY_NULL,
};

int cli_setup(int argc, char **argv)
{
    g_auto(GStrv) arguments = NULL;
    if (!cli_options(argc, argv, "slack - print the manifest of the Slack app", entries, &arguments))
        return EXIT_USAGE;
    if (g_strv_length(arguments) != 1 || strcmp(arguments[0], "slack") != 0) {
        cli_complain("setup: name the chat product: `askwhy setup slack` prints the manifest to create the Slack app from");
        return EXIT_USAGE;
    }
    struct config *config = cli_config(file);
    if (config == NULL)
        return EXIT_USAGE;
    g_autofree char *manifest = config_slack_manifest(config);
    fputs(manifest, stdout);
    config_free(config);
    return EXIT_DONE;
}
