#include "bot/cli.h"

#include "bot/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void cli_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *clean = log_redact(text);
    fprintf(stderr, "askwhy: %s\n", clean);
}

bool cli_options(int argc, char **argv, const char *usage, const GOptionEntry *entries, char ***arguments)
{
    g_autoptr(GOptionContext) options = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;
    g_autofree char *summary = g_strdup_printf("askwhy %s", argv[0]);
    g_set_prgname(summary);
    if (entries != NULL)
        g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error)) {
        cli_complain("%s\nTry `%s --help`.", error->message, summary);
        return false;
    }
    if (arguments != NULL) {
        *arguments = g_strdupv(argv + 1);
    } else if (argc > 1) {
        cli_complain("%s: takes no %s\nTry `%s --help`.", summary, argv[1], summary);
        return false;
    }
    return true;
}

void cli_heed(const struct config *config)
{
    const GPtrArray *warnings = config_warnings(config);
    for (guint i = 0; warnings != NULL && i < warnings->len; i++)
        log_warning("config.warning", "%s", (const char *)g_ptr_array_index(warnings, i));
    enum log_level level;
    if (log_level_parse(config_string(config, CONFIG_ASKWHY_LOG), &level))
        log_set_level(level);
}

struct config *cli_config(const char *file)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    struct config *config = config_load(file, errors);
    for (guint i = 0; i < errors->len; i++)
        cli_complain("%s", (const char *)g_ptr_array_index(errors, i));
    if (errors->len > 0) {
        config_free(config);
        return NULL;
    }
    cli_heed(config);
    return config;
}
