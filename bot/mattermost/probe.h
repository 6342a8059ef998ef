/* A look at the Mattermost side for `askwhy check`, with the bot's own rights: what the token is worth, where askwhy is
 * a member, and whether the slash-commands are there.
 *
 * Runs the loop until the server has answered. Opens no WebSocket: the running bot's position stays its own.
 * Thread: the loop's, before anything else runs on it.
 */
#ifndef ASKWHY_MATTERMOST_PROBE_H
#define ASKWHY_MATTERMOST_PROBE_H

#include "bot/net/rest.h"

struct probe_command {
    bool there; /* and shown to people who type / */
    bool ours;  /* shown as askwhy's */
};

struct probe_team {
    char *name;
    char *problem;       /* why the channels could not be looked at; NULL when they could */
    GPtrArray *channels; /* names of those askwhy is in (char *) */
    char *commands_problem; /* why the commands could not be looked at; NULL when they could */
    struct probe_command ask, why;
};

struct mattermost_probe {
    char *problem;  /* what is wrong and what to do; NULL when the token works */
    bool unreached; /* it is the server's, not the token's */
    char *user;     /* whose token it is */
    bool is_bot;
    char *version;
    char *site_url;   /* "" when it is not set */
    int64_t max_post; /* characters; 0 when not told */
    int64_t clock_ahead_s; /* this machine's clock against the server's; 0 when not told */
    char *teams_problem;
    GPtrArray *teams; /* struct probe_team * */
};

/* command, why_command: "/ask", "/why". Fills probe, to be ended with mattermost_probe_done(). */
void mattermost_probe_run(struct loop *loop, struct rest *rest, const char *url, const char *token,
                          const char *command, const char *why_command, struct mattermost_probe *probe);
void mattermost_probe_done(struct mattermost_probe *probe);

/* HTTP status of a GET of this address; 0 when nothing answered, and then *why (free with g_free()). */
int mattermost_probe_address(struct loop *loop, struct rest *rest, const char *url, char **why);

#endif
