/* askwhy backup and askwhy restore. */
#include "bot/cli.h"
#include "store/copies.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *file;
static gboolean dry_run, force;

/* The one path left on the command line; free with g_free(), NULL after complaining. */
static char *only_path(char **arguments, const char *subcommand, const char *what)
{
    if (g_strv_length(arguments) == 1 && *arguments[0] != '\0')
        return g_strdup(arguments[0]);
    cli_complain("%s: name %s\nTry `askwhy %s --help`.", subcommand, what, subcommand);
    return NULL;
}

/* When the newest log entry was made; free with g_free(). */
static char *newest_of(const struct store_contents *contents)
{
    g_autoptr(GDateTime) newest = g_date_time_new_from_unix_utc(contents->newest_at / 1000);
    return newest != NULL && contents->entries > 0 ? g_date_time_format(newest, "%Y-%m-%dT%H:%M:%SZ")
                                                   : g_strdup("never");
}

static void print_contents(const char *path, const struct store_contents *contents)
{
    g_autofree char *newest = newest_of(contents);
    printf("%s: sound, schema %d, %" G_GINT64_FORMAT " asks, %" G_GINT64_FORMAT " log entries, the newest of %s\n", path,
           contents->schema, contents->asks, contents->entries, newest);
}

static int back_up(const char *database, const char *to)
{
    g_autoptr(GError) error = NULL;
    struct store_contents contents;
    struct store *store = store_open(database, STORE_READ, &error);
    bool done = store != NULL && store_copy(store, to, &error) && store_examine(to, &contents, &error);
    store_close(store);
    if (!done) {
        cli_complain("backup: %s", error->message);
        return EXIT_FAILED;
    }
    print_contents(to, &contents);
    return EXIT_DONE;
}

int cli_backup(int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    g_auto(GStrv) arguments = NULL;
    if (!cli_options(argc, argv, "TO - copy the database to the file TO while askwhy runs", entries, &arguments))
        return EXIT_USAGE;
    g_autofree char *named = g_steal_pointer(&file);
    g_autofree char *to = only_path(arguments, "backup", "the file to write, which must not be there yet");
    if (to == NULL)
        return EXIT_USAGE;
    struct config *config = cli_config(named);
    if (config == NULL)
        return EXIT_USAGE;
    int status = back_up(config_string(config, CONFIG_ASKWHY_DATABASE), to);
    config_free(config);
    return status;
}

static bool is_same_file(const char *one, const char *other)
{
    struct stat left, right;
    return stat(one, &left) == 0 && stat(other, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

/* False after saying why not: what is there has more to lose than the copy brings. */
static bool may_replace(const char *database, const char *from, const struct store_contents *copy)
{
    if (!g_file_test(database, G_FILE_TEST_EXISTS)) {
        printf("%s: not there yet\n", database);
        return true;
    }
    g_autoptr(GError) error = NULL;
    struct store_contents now;
    if (!store_examine(database, &now, &error)) {
        printf("%s; it will be kept beside the restored one\n", error->message);
        return true;
    }
    print_contents(database, &now);
    bool loses = now.newest_at > copy->newest_at || now.entries > copy->entries;
    if (loses && !force) {
        g_autofree char *newest = newest_of(&now), *newest_in_copy = newest_of(copy);
        cli_complain("restore: %s would lose what %s has not: %" G_GINT64_FORMAT " log entries until %s, against %"
                     G_GINT64_FORMAT " until %s; --force restores all the same and keeps them beside it",
                     database, from, now.entries, newest, copy->entries, newest_in_copy);
        return false;
    }
    return true;
}

static int restore_locked(const char *database, const char *from)
{
    g_autoptr(GError) error = NULL;
    struct store_contents copy;
    if (!store_examine(from, &copy, &error)) {
        cli_complain("restore: %s", error->message);
        return EXIT_FAILED;
    }
    print_contents(from, &copy);
    if (!may_replace(database, from, &copy))
        return EXIT_FAILED;
    if (dry_run) {
        printf("nothing was changed; without --dry-run a copy of %s would become %s\n", from, database);
        return EXIT_DONE;
    }
    g_autofree char *kept = NULL;
    if (!store_replace(database, from, &kept, &error)) {
        cli_complain("restore: %s", error->message);
        return EXIT_FAILED;
    }
    printf("restored %s", database);
    if (kept != NULL)
        printf("; what was there is now %s", kept);
    printf("\n");
    return EXIT_DONE;
}

static int restore(const char *database, const char *from)
{
    g_autoptr(GError) error = NULL;
    if (is_same_file(database, from)) {
        cli_complain("restore: %s is the database itself", from);
        return EXIT_FAILED;
    }
    int lock = store_check_owner(database, &error) ? store_lock(database, &error) : -1;
    if (lock < 0) {
        cli_complain("restore: %s", error->message);
        return EXIT_FAILED;
    }
    int status = restore_locked(database, from);
    close(lock);
    return status;
}

int cli_restore(int argc, char **argv)
{
    static const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "configuration file", "FILE"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "say what would be done, and change nothing", NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "also when the database has log entries that FROM has not", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_auto(GStrv) arguments = NULL;
    dry_run = force = FALSE;
    if (!cli_options(argc, argv, "FROM - put a backup in the place of the database, which is kept beside it", entries,
                     &arguments))
        return EXIT_USAGE;
    g_autofree char *named = g_steal_pointer(&file);
    g_autofree char *from = only_path(arguments, "restore", "the backup to restore from");
    if (from == NULL)
        return EXIT_USAGE;
    struct config *config = cli_config(named);
    if (config == NULL)
        return EXIT_USAGE;
    int status = restore(config_string(config, CONFIG_ASKWHY_DATABASE), from);
    config_free(config);
    return status;
}
