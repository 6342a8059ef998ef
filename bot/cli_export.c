/* askwhy export: asks as CSV, or all that the log holds as JSON lines. */
#include "bot/base/clock.h"
#include "bot/cli.h"
#include "bot/settings.h"
#include "commands/views.h"
#include "store/export.h"

#include <stdio.h>
#include <string.h>

static char *file, *format, *since_text;

static bool write_out(const char *line, gsize length, void *data)
{
    (void)data;
    return fwrite(line, 1, length, stdout) == length;
}

static bool export_asks(struct store *store, const struct settings *settings, int64_t since)
{
    g_autoptr(GArray) numbers = store_asks_since(store, NULL, since);
    struct context ctx;
    context_init(&ctx, store, settings, NULL, clock_now_ms());
    GString *out = g_string_new(NULL);
    export_csv_head(out);
    bool written = true;
    for (guint i = 0; i < numbers->len && written; i++) {
        struct ask ask;
        if (store_load_ask(store, g_array_index(numbers, int64_t, i), &ask)) {
            export_csv_ask(&ctx, &ask, out);
            ask_done(&ask);
        }
        written = write_out(out->str, out->len, NULL);
        g_string_truncate(out, 0);
    }
    written = written && write_out(out->str, out->len, NULL);
    g_string_free(out, TRUE);
    context_done(&ctx);
    return written && store_failed(store) == NULL;
}

static int export(struct store *store, const struct settings *settings, bool table, int64_t since)
{
    bool done = table ? export_asks(store, settings, since)
                      : store_export(store, since, clock_now_ms(), write_out, NULL);
    if (done && fflush(stdout) == 0)
        return EXIT_DONE;
    cli_complain("export: %s", store_failed(store) != NULL ? store_failed(store)->message : "the output could not be written");
    return EXIT_FAILED;
}

int cli_export(int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "csv: the asks, a line each (default); json: people, channels and the whole log, a line each, which `askwhy import` reads back", "csv|json"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &since_text, "only asks that something happened to since then, or events since then: 2026-11-01T00:00:00Z", "RFC3339"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_options(argc, argv, "- write asks, or the whole log, to standard output; askwhy may be running", entries, NULL))
        return EXIT_USAGE;
    int64_t since = 0;
    g_autofree char *named = g_steal_pointer(&file), *from = g_steal_pointer(&since_text);
    g_autofree char *wanted = format != NULL ? g_steal_pointer(&format) : g_strdup("csv");
    bool table = strcmp(wanted, "csv") == 0;
    if (!table && strcmp(wanted, "json") != 0) {
        cli_complain("export: --format %s: csv or json", wanted);
        return EXIT_USAGE;
    }
    if (from != NULL && !calendar_parse_rfc3339(from, &since)) {
        cli_complain("export: --since %s: is no moment like 2026-11-01T00:00:00Z", from);
        return EXIT_USAGE;
    }
    struct config *config = cli_config(named);
    if (config == NULL)
        return EXIT_USAGE;
    g_autoptr(GError) error = NULL;
    struct settings settings;
    settings_read(&settings, config);
    struct store *store = store_open(config_string(config, CONFIG_ASKWHY_DATABASE), STORE_READ, &error);
    int status = EXIT_FAILED;
    if (store == NULL)
        cli_complain("export: %s", error->message);
    else
        status = export(store, &settings, table, since);
    store_close(store);
    settings_done(&settings);
    config_free(config);
    return status;
}
