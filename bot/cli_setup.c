#include "bot/cli.h"
#include "bot/setup_mattermost.h"

#include <stdio.h>
#include <string.h>

static char *file;
static char *url, *public_url, *bot, *secrets;
static char **teams, **channels;
static gboolean no_commands, dry_run;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file, for mattermost also to be written", "FILE"},
    {"url", 0, 0, G_OPTION_ARG_STRING, &url, "mattermost: the server's address", "URL"},
    {"team", 0, 0, G_OPTION_ARG_STRING_ARRAY, &teams, "mattermost: a team to be in; may be given several times", "NAME"},
    {"channel", 0, 0, G_OPTION_ARG_STRING_ARRAY, &channels, "mattermost: a channel to be in; several times", "TEAM/NAME"},
    {"public-url", 0, 0, G_OPTION_ARG_STRING, &public_url, "mattermost: how the server reaches askwhy's listener", "URL"},
    {"bot", 0, 0, G_OPTION_ARG_STRING, &bot, "mattermost: user name of the bot account, askwhy at first", "NAME"},
    {"secrets", 0, 0, G_OPTION_ARG_FILENAME, &secrets, "mattermost: put the tokens into files of this folder", "FOLDER"},
    {"no-commands", 0, 0, G_OPTION_ARG_NONE, &no_commands, "mattermost: make no slash-commands", NULL},
    {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "mattermost: say what would be done, change nothing", NULL},
    G_OPTION_ENTRY_NULL,
};

static int setup_slack(void)
{
    struct config *config = cli_config(file);
    if (config == NULL)
        return EXIT_USAGE;
    g_autofree char *manifest = config_slack_manifest(config);
    fputs(manifest, stdout);
    config_free(config);
    return EXIT_DONE;
}

int cli_setup(int argc, char **argv)
{
    g_auto(GStrv) arguments = NULL;
    if (!cli_options(argc, argv,
                     "slack|mattermost - print the manifest of the Slack app; make the bot account and the slash-commands "
                     "on a Mattermost server",
                     entries, &arguments))
        return EXIT_USAGE;
    const char *product = arguments[0] != NULL && arguments[1] == NULL ? arguments[0] : "";
    if (strcmp(product, "slack") == 0)
        return setup_slack();
    if (strcmp(product, "mattermost") == 0) {
        const struct setup_wishes wishes = {
            .url = url, .public_url = public_url, .teams = teams, .channels = channels,
            .bot = bot, .secrets = secrets, .no_commands = no_commands, .dry_run = dry_run,
        };
        return setup_mattermost(file, &wishes);
    }
    cli_complain("setup: name the chat product: `askwhy setup slack` prints the manifest to create the Slack app from, "
                 "`askwhy setup mattermost --url URL` makes the bot account and the slash-commands");
    return EXIT_USAGE;
}
