/* The table behind options.def and what is a good value of each type. Only for config/ and its tests. */
#ifndef ASKWHY_OPTIONS_H
#define ASKWHY_OPTIONS_H

#include "config/config.h"

enum option_type {
    OPTION_SECRET,
    OPTION_URL,
    OPTION_NUMBER,
    OPTION_PATH,
    OPTION_FILE, /* a path that must be readable now */
    OPTION_LEVEL,
    OPTION_BOOL,
    OPTION_COMMAND,
    OPTION_LIST,
    OPTION_HOURS,
    OPTION_LISTEN, /* an address to listen at */
};

enum option_reload { OPTION_LIVE, OPTION_ANEW };

struct option {
    const char *name;
    enum option_type type;
    const char *default_text; /* NULL: not set */
    int least, most;
    const char *unit;
    enum option_reload reload;
    const char *help;
};

extern const struct option options[CONFIG_OPTIONS];

/* The option of this exact name, -1 when there is none. *secret_file: the name was a secret's NAME_FILE. */
int option_find(const char *name, bool *secret_file);
/* The known name that was probably meant, NULL when none is near. */
const char *option_nearest(const char *name);

/* The value as askwhy keeps it (free with g_free()), NULL and *why (free with g_free(), never quoting a
 * secret) when it is not good. */
char *option_accept(enum config_option which, const char *text, char **why);

/* Keeps a secret, and each part of one with commas, out of what is logged and printed. */
void option_hide(const char *secret);

bool option_parse_hours(const char *text, struct config_hours *hours);
/* "address:port" → its parts, *host "" for every address, without the brackets of an IPv6 address (free with g_free());
 * "unix:/path" → *host NULL and *port 0. False when it is none of them; nothing is to be freed then. */
bool option_parse_listen(const char *text, char **host, int *port);
/* The host of this URL is this machine itself, by name or by number. */
bool option_is_loopback(const char *host);

#endif
