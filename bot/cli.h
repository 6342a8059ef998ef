/* The command line: one function a subcommand. Exit status: 0 done, 1 failed, 2 wrong usage or config. */
#ifndef ASKWHY_CLI_H
#define ASKWHY_CLI_H

#include "config/config.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int cli_run(int argc, char **argv);
int cli_demo(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_setup(int argc, char **argv);
int cli_digest(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_import(int argc, char **argv);

/* Options of one subcommand, argv[0] its name; false after printing what is wrong. arguments: what is left, NULL-able
 * when none may be. */
bool cli_options(int argc, char **argv, const char *usage, const GOptionEntry *entries, char ***arguments);
/* The configuration, all its errors printed; NULL then. file may be NULL. */
struct config *cli_config(const char *file);
/* Logs its warnings and logs as much as it says. */
void cli_heed(const struct config *config);
/* cli_channel.c: "product", "#product", "~product", an id, or with the chat before it where two have that name:
 * "slack:product". 0: none; -1: more than one. */
struct store;
int64_t cli_find_channel(struct store *store, const char *wanted);
void cli_complain_of_channel(struct store *store, const char *subcommand, const char *wanted, bool several);
/* "askwhy: …" on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
