/* The configuration: one flat file of NAME = value lines, environment variables, secrets in files.
 *
 * Where an option comes from, the first that has it:
 *   1. the environment variable NAME, or for a secret NAME_FILE, the path of a file that holds it
 *   2. for a secret, a file of that name (also in small letters) in $CREDENTIALS_DIRECTORY
 *   3. the configuration file, as NAME or, for a secret, NAME_FILE
 *   4. the default
 * An empty value counts as not set. NAME and NAME_FILE in the same place is an error.
 * The file is the one named by the caller, else ./askwhy.conf, else /etc/askwhy/askwhy.conf, else none.
 *
 * Secrets are registered with log_secret() as they are read, stand in no message of this
 * module, and are overwritten by config_free().
 * Thread: loading belongs to one thread (it reads the environment); a loaded config is read-only.
 */
#ifndef ASKWHY_CONFIG_H
#define ASKWHY_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* CONFIG_SLACK_APP_TOKEN and so on, one for each line of options.def. */
enum config_option {
#define OPTION(name, type, default_text, least, most, unit, reload, help) CONFIG_##name,
#include "config/options.def"
#undef OPTION
    CONFIG_OPTIONS
};

struct config;

/* Never NULL. Each thing that is wrong is appended to errors (char *, owned by it): where, what, and what
 * to do. When that gained any, the config is good for config_print_effective() and config_free() only. */
struct config *config_load(const char *file, GPtrArray *errors);
/* Overwrites the secrets. Accepts NULL. */
void config_free(struct config *config);

/* As text, NULL when not set; owned by config. Any option has one. */
const char *config_string(const struct config *config, enum config_option option);
int config_int(const struct config *config, enum config_option option);   /* NUMBER */
bool config_bool(const struct config *config, enum config_option option); /* BOOL */
/* LIST, and secrets of which there may be several: its parts, trimmed; free with g_strfreev(). */
char **config_list(const struct config *config, enum config_option option);

struct config_hours {
    int from, to;      /* minutes since midnight, from < to <= 1440 */
    unsigned weekdays; /* bit 1 << G_DATE_MONDAY … 1 << G_DATE_SUNDAY */
};
struct config_hours config_hours(const struct config *config, enum config_option option); /* HOURS */

/* For people: the path of the file that was read, NULL when there was none. */
const char *config_file(const struct config *config);
/* "environment", "askwhy.conf:4", "default"; owned by config. */
const char *config_source(const struct config *config, enum config_option option);
/* The file a secret was read from; NULL when it came from elsewhere. */
const char *config_secret_file(const struct config *config, enum config_option option);
/* Not wrong, yet worth a look (char *); owned by config. */
const GPtrArray *config_warnings(const struct config *config);

/* All that is needed to connect to it is set. */
bool config_has_slack(const struct config *config);
bool config_has_mattermost(const struct config *config);
/* What `run` needs beyond what every command needs, a chat to connect to: appends what is missing to errors. */
void config_require_chat(const struct config *config, GPtrArray *errors);
/* Where the Mattermost server's calls go: ASKWHY_PUBLIC_URL, else made of ASKWHY_LISTEN and port (what the listener
 * got; 0: as configured), without a slash at the end; free with g_free(). NULL when only ASKWHY_PUBLIC_URL could say
 * it (every address, a unix socket, port 0 not yet known). */
char *config_public_url(const struct config *config, int port);
/* A value given elsewhere than in the configuration, as askwhy would keep it (free with g_free()); NULL and *why (free
 * with g_free()) when it is not good, with this configuration's ASKWHY_ALLOW_PLAIN. */
char *config_accept(const struct config *config, enum config_option option, const char *text, char **why);
/* What only shows when options are looked at together; called by config_load(). */
void config_check_together(const struct config *config, GPtrArray *errors, GPtrArray *warnings);

/* One line an option: name, value, source. Secrets are shown as set or not, nothing more. */
void config_print_effective(const struct config *config, FILE *out);

/* What a reload brings, one line an option that differs (char *), secrets unnamed in value; free the
 * array with g_ptr_array_unref(). *anew: true when one of them needs the bot set up anew. */
GPtrArray *config_changes(const struct config *before, const struct config *after, bool *anew);

/* The Slack app manifest (YAML) with the slash-commands named as configured; config may be NULL for the
 * defaults. Free with g_free(). */
char *config_slack_manifest(const struct config *config);

#endif
