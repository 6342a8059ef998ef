#include "bot/base/log.h"
#include "bot/cli.h"
#include "bot/service.h"

static char *file;

static const GOptionEntry entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
    G_OPTION_ENTRY_NULL,
};

static struct config *first_config(void)
{
    struct config *config = cli_config(file);
    if (config == NULL)
        return NULL;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    config_require_chat(config, errors);
    for (guint i = 0; i < errors->len; i++)
        cli_complain("%s", (const char *)g_ptr_array_index(errors, i));
    if (errors->len > 0)
        g_clear_pointer(&config, config_free);
    return config;
}

/* One life of the bot, until it is stopped or begins anew with *next; false: it could not begin. */
static bool live(const struct config *config, int *status, struct config **next, GError **error)
{
    *next = NULL;
    struct service *service = service_new(config, file, error);
    if (service == NULL)
        return false;
    *status = service_run(service);
    *next = service_next_config(service);
    service_free(service);
    return true;
}

/* Life after life, each with what a reload brought. Takes config; returns the exit status. */
static int live_on(struct config *config)
{
    int status = EXIT_FAILED;
    struct config *former = NULL; /* with which it did begin */
    while (config != NULL) {
        g_autoptr(GError) error = NULL;
        struct config *next;
        if (live(config, &status, &next, &error)) {
            config_free(former);
            former = config;
            config = next;
            if (config != NULL)
                cli_heed(config);
        } else if (former != NULL) {
            log_error("config.kept", "problem=\"%s\" note=\"askwhy goes on with the settings it had\"", error->message);
            config_free(config);
            config = g_steal_pointer(&former);
            cli_heed(config);
        } else {
            cli_complain("%s", error->message);
            g_clear_pointer(&config, config_free);
            status = EXIT_FAILED;
        }
    }
    config_free(former);
    return status;
}

int cli_run(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- run the bot", entries, NULL))
        return EXIT_USAGE;
    struct config *config = first_config();
    return config != NULL ? live_on(config) : EXIT_USAGE;
}
