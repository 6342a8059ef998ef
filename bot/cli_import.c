/* askwhy import: an export read back into a database that holds nothing yet, or asks from a CSV file. */
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/cli.h"
#include "bot/settings.h"
#include "commands/csv.h"
#include "commands/views.h"
#include "store/export.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 40, COMPLAINTS_MOST = 20 };

static char *file, *wanted, *by_name;
static gboolean dry_run;

struct source {
    char *text;
    gsize length;
    int shown; /* of the bar, per cent; -1: nobody looks */
};

static void show_progress(struct source *source, gsize read)
{
    int done = source->length > 0 ? (int)(100 * read / source->length) : 100;
    if (source->shown < 0 || done == source->shown)
        return;
    source->shown = done;
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < done * BAR_WIDTH / 100 ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3d %%%s", bar, done, done == 100 ? "\n" : "");
}

static void end_progress(struct source *source)
{
    if (source->shown > 0 && source->shown < 100)
        fputs("\n", stderr);
    source->shown = -1;
}

/* ---- an export of askwhy's ---- */

static bool read_line(struct store *store, struct store_import *import, const char *line, gsize length, int number)
{
    const char *broken = NULL;
    g_autofree char *why = NULL;
    g_autoptr(cJSON) value = json_parse(line, length, &broken);
    if (value != NULL && store_import_line(store, import, value, &why))
        return true;
    cli_complain("import: line %d: %s", number,
                 value == NULL ? broken : why != NULL ? why : store_failed(store)->message);
    return false;
}

static bool import_json(struct store *store, struct source *source, struct store_import *import)
{
    if (!store_is_fresh(store)) {
        cli_complain("import: %s holds something already; an export is read back into a database of its own: name a new file in ASKWHY_DATABASE",
                     store_path(store));
        return false;
    }
    int number = 0;
    for (gsize at = 0; at < source->length;) {
        const char *end = memchr(source->text + at, '\n', source->length - at);
        gsize length = end != NULL ? (gsize)(end - (source->text + at)) : source->length - at;
        number++;
        if (length > 0 && !read_line(store, import, source->text + at, length, number))
            return false;
        at += length + 1;
        show_progress(source, MIN(at, source->length));
    }
    if (!import->begun)
        cli_complain("import: %s", "the file is empty");
    return import->begun;
}

/* ---- a table ---- */

/* Where the asks go, and who raises those that name nobody. */
static bool find_place(struct context *ctx, int64_t *by)
{
    if (wanted == NULL) {
        cli_complain("import: name the channel the asks belong to: --channel product");
        return false;
    }
    int64_t channel = cli_find_channel(ctx->store, wanted);
    if (channel <= 0) {
        cli_complain_of_channel(ctx->store, "import", wanted, channel < 0);
        return false;
    }
    store_get_channel(ctx->store, channel, &ctx->where);
    const char *name = by_name != NULL && *by_name == '@' ? by_name + 1 : by_name;
    *by = name != NULL ? store_find_person_called(ctx->store, ctx->where.platform, name) : 0;
    if (name == NULL || *by > 0)
        return true;
    cli_complain("import: --by %s: %s", by_name, *by < 0 ? "several people are called that; use the chat's id" : "askwhy knows nobody called that");
    return false;
}

static int read_records(struct context *ctx, struct source *source, struct csv *csv, const GPtrArray *names, int64_t by,
                        int64_t *asks)
{
    int wrong = 0;
    const char *broken = NULL;
    for (GPtrArray *cells; (cells = csv_next(csv, &broken)) != NULL; g_ptr_array_free(cells, TRUE)) {
        g_autofree char *why = NULL;
        if (import_csv_ask(ctx, names, cells, by, &why)) {
            (*asks)++;
        } else if (wrong++ < COMPLAINTS_MOST) {
            end_progress(source);
            cli_complain("import: line %d: %s", csv->line, why);
        }
        show_progress(source, (gsize)(csv->at - source->text));
    }
    if (broken != NULL) {
        wrong++;
        cli_complain("import: line %d: %s", csv->line, broken);
    }
    if (wrong > COMPLAINTS_MOST)
        cli_complain("import: and %d lines more", wrong - COMPLAINTS_MOST);
    return wrong;
}

static bool import_csv(struct store *store, const struct settings *settings, struct source *source, int64_t *asks)
{
    struct context ctx;
    struct csv csv;
    const char *broken = NULL;
    g_autofree char *why = NULL;
    int64_t by = 0;
    context_init(&ctx, store, settings, NULL, clock_now_ms());
    csv_begin(&csv, source->text);
    g_autoptr(GPtrArray) names = csv_next(&csv, &broken);
    int wrong = 1;
    if (names == NULL || !import_csv_names(names, &why))
        cli_complain("import: %s", why != NULL ? why : broken != NULL ? broken : "the file is empty");
    else if (find_place(&ctx, &by))
        wrong = read_records(&ctx, source, &csv, names, by, asks);
    context_done(&ctx);
    if (store_failed(store) != NULL)
        cli_complain("import: %s", store_failed(store)->message);
    return wrong == 0 && store_failed(store) == NULL;
}

/* ---- all or nothing ---- */

static int import(struct store *store, const struct settings *settings, struct source *source)
{
    struct store_import counts = {0};
    bool json = source->text[strspn(source->text, " \t\r\n")] == '{';
    store_begin(store);
    bool done = json ? import_json(store, source, &counts) : import_csv(store, settings, source, &counts.asks);
    end_progress(source);
    if (!done || dry_run)
        store_rollback(store);
    if (!done) {
        cli_complain("import: nothing was changed");
        return EXIT_FAILED;
    }
    if (!dry_run && !store_commit(store)) {
        cli_complain("import: %s", store_failed(store)->message);
        return EXIT_FAILED;
    }
    if (json)
        printf("%" G_GINT64_FORMAT " people, %" G_GINT64_FORMAT " channels, %" G_GINT64_FORMAT " events, ", counts.people,
               counts.channels, counts.events);
    printf("%" G_GINT64_FORMAT " asks %s\n", counts.asks,
           dry_run ? "would be read; nothing was changed" : "read");
    return EXIT_DONE;
}

static bool read_source(const char *path, struct source *source)
{
    g_autoptr(GError) error = NULL;
    *source = (struct source){.shown = isatty(STDERR_FILENO) ? 0 : -1};
    if (!g_file_get_contents(path, &source->text, &source->length, &error)) {
        cli_complain("import: %s", error->message);
        return false;
    }
    if (g_utf8_validate_len(source->text, source->length, NULL))
        return true;
    cli_complain("import: %s: is not UTF-8 text; save it as \"CSV UTF-8\"", path);
    g_free(source->text);
    return false;
}

/* A dry run of an export must not leave a database behind. */
static const char *database_of(const struct config *config)
{
    const char *database = config_string(config, CONFIG_ASKWHY_DATABASE);
    return dry_run && !g_file_test(database, G_FILE_TEST_EXISTS) ? ":memory:" : database;
}

int cli_import(int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "say what would be read, and what is wrong; change nothing", NULL},
        {"channel", 0, 0, G_OPTION_ARG_STRING, &wanted, "CSV: the channel the asks belong to, by its name or the chat product's id", "C"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &by_name, "CSV: the asker of lines that name none", "PERSON"},
        G_OPTION_ENTRY_NULL,
    };
    g_auto(GStrv) arguments = NULL;
    dry_run = FALSE;
    if (!cli_options(argc, argv, "FILE - read back what `askwhy export --format json` wrote, or asks from a CSV file with the columns title, asker, why, impact, evidence, raised; askwhy must not be running", entries, &arguments))
        return EXIT_USAGE;
    g_autofree char *named = g_steal_pointer(&file);
    if (g_strv_length(arguments) != 1 || *arguments[0] == '\0') {
        cli_complain("import: name the file to read\nTry `askwhy import --help`.");
        return EXIT_USAGE;
    }
    struct config *config = cli_config(named);
    if (config == NULL)
        return EXIT_USAGE;
    struct source source;
    g_autoptr(GError) error = NULL;
    int status = EXIT_FAILED;
    if (read_source(arguments[0], &source)) {
        struct settings settings;
        settings_read(&settings, config);
        struct store *store = store_open(database_of(config), STORE_WRITE, &error);
        if (store == NULL)
            cli_complain("import: %s", error->message);
        else
            status = import(store, &settings, &source);
        store_close(store);
        settings_done(&settings);
        g_free(source.text);
    }
    config_free(config);
    g_clear_pointer(&wanted, g_free);
    g_clear_pointer(&by_name, g_free);
    return status;
}
