#include "bot/base/log.h"
#include "bot/cli.h"
#include "bot/service.h"

static char *file;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
    G_OPTION_ENTRY_NULL,
};

/* One life of the bot, until it is stopped or begins anew. */
static int run_once(bool *anew)
{
    *anew = false;
    struct config *config = cli_config(file);
    if (config == NULL)
        return EXIT_USAGE;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    config_require_chat(config, errors);
    for (guint i = 0; i < errors->len; i++)
        cli_complain("%s", (const char *)g_ptr_array_index(errors, i));
    if (errors->len > 0) {
        config_free(config);
        return EXIT_USAGE;
    }
    g_autoptr(GError) error = NULL;
    struct service *service = service_new(config, file, &error);
    int status = EXIT_FAILED;
    if (service == NULL) {
        cli_complain("%s", error->message);
    } else {
        status = service_run(service);
        *anew = service_begins_anew(service);
    }
    service_free(service);
    config_free(config);
    return status;
}

int cli_run(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- run the bot", entries, NULL))
        return EXIT_USAGE;
    bool anew;
    int status;
    do
        status = run_once(&anew);
    while (anew);
    return status;
}
