#include "bot/cli.h"
#include "bot/guard.h"
#include "bot/libraries.h"
#include "commands/say.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage, *what;
} subcommands[] = {
    {"run", cli_run, "run [-c FILE]", "the bot"},
    {"demo", cli_demo, "demo [--port N] [--script FILE] [--no-browser]", "the bot and a workspace to try it in"},
    {"check", cli_check, "check [-c FILE] [--rebuild]", "what is wrong, and what to do about it"},
    {"setup", cli_setup, "setup slack [-c FILE]", "the manifest of the Slack app"},
    {"setup", cli_setup, "setup mattermost [-c FILE] --url URL [--dry-run] ...", "the bot account and the slash-commands there"},
    {"digest", cli_digest, "digest [-c FILE] --channel C [--now RFC3339] [--json]", "print a digest, post nothing"},
    {"export", cli_export, "export [-c FILE] [--format csv|json] [--since T]", "asks as CSV, or the whole log as JSON lines"},
    {"import", cli_import, "import [-c FILE] [--dry-run] [--channel C] FILE", "read an export back, or asks from a CSV file"},
    {"backup", cli_backup, "backup [-c FILE] TO", "copy the database while the bot runs"},
    {"restore", cli_restore, "restore [-c FILE] [--dry-run] [--force] FROM", "put a backup in its place"},
};

static void print_usage(FILE *out)
{
    fputs("askwhy asks for the why behind every ask, in Slack and Mattermost.\n\n", out);
    for (gsize i = 0; i < G_N_ELEMENTS(subcommands); i++)
        fprintf(out, "  askwhy %-60s %s\n", subcommands[i].usage, subcommands[i].what);
    fputs("  askwhy --version\n  askwhy help [COMMAND]\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or configuration.\n",
          out);
}

static int run_subcommand(const char *name, int argc, char **argv)
{
    for (gsize i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        if (strcmp(subcommands[i].name, name) == 0)
            return subcommands[i].run(argc, argv);
    }
    cli_complain("there is no command %s\n", name);
    print_usage(stderr);
    return EXIT_USAGE;
}

static int help(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    char *arguments[] = {argv[1], "--help", NULL};
    return run_subcommand(argv[1], 2, arguments);
}

int main(int argc, char **argv)
{
    guard_begin();
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        g_autofree char *libraries = libraries_text();
        printf("askwhy %s\n%s\n", ASKWHY_VERSION, libraries);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(1, NULL);
    if (strcmp(argv[1], "help") == 0)
        return help(argc - 1, argv + 1);
    g_autofree char *too_old = NULL, *why = NULL;
    if (!libraries_check(&too_old)) {
        cli_complain("%s", too_old);
        return EXIT_FAILED;
    }
    if (!say_init(&why)) {
        cli_complain("%s", why);
        return EXIT_FAILED;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int status = run_subcommand(argv[1], argc - 1, argv + 1);
    curl_global_cleanup();
    say_done();
    return status;
}
