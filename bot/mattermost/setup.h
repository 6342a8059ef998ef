/* `askwhy setup mattermost`: the bot account, its memberships and the slash-commands, made or repaired on a server with
 * an administrator's token.
 *
 * Runs the loop until it is through. Run again it finds what is there and makes only what is missing. The server's own
 * settings are looked at, never changed.
 * Thread: the loop's, before anything else runs on it.
 */
#ifndef ASKWHY_MATTERMOST_SETUP_H
#define ASKWHY_MATTERMOST_SETUP_H

#include "bot/net/rest.h"

enum setup_finding {
    SETUP_OK,    /* there already */
    SETUP_MADE,  /* made or repaired just now */
    SETUP_WOULD, /* would be, were this no dry run */
    SETUP_NOTE,  /* worth knowing, nothing to do now */
    SETUP_WRONG, /* and what to do */
};

struct setup_host {
    /* text: one line, with words from the server in it: to be cleaned before it is shown. */
    void (*tell)(enum setup_finding finding, const char *text, void *data);
    /* A secret of the configuration, MATTERMOST_TOKEN or MATTERMOST_COMMAND_TOKENS, is to be kept now. False when it
     * could not be, after telling why: setup takes back what it can and ends. */
    bool (*keep)(const char *option, const char *value, void *data);
    void *data;
};

struct setup_options {
    const char *url;         /* of the server, without a slash at the end */
    const char *admin_token; /* of a system administrator */
    const char *bot_token;   /* as configured so far; NULL for none */
    const char *bot_name;    /* NULL: that of bot_token, else "askwhy" */
    const char *const *teams;    /* their names; NULL-terminated, NULL for none said */
    const char *const *channels; /* "team/name" */
    bool commands;               /* false: none are made, mentions do everything */
    const char *command, *why_command;  /* "/ask", "/why" */
    const char *const *command_tokens;  /* as configured so far; NULL for none */
    const char *callback_url; /* "http://127.0.0.1:8600/mattermost"; NULL when it cannot be known */
    const char *listen;       /* ASKWHY_LISTEN, and its TLS: to see whether the server reaches it */
    const char *certificate, *key; /* NULL: none */
    bool dry_run;
};

/* False when something is wrong, which was told. */
bool mattermost_setup(struct loop *loop, struct rest *rest, const struct setup_options *options,
                      const struct setup_host *host);

/* Whether a server with this AllowedUntrustedInternalConnections calls this host, of this numeric address (NULL when
 * not known). False only when it surely does not. */
bool setup_host_allowed(const char *allowed, const char *host, const char *address);

#endif
