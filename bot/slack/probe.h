/* A look at the Slack side for `askwhy check`: what the tokens are worth and where askwhy is a member.
 *
 * Runs the loop until Slack has answered. Opens no socket: Slack would deliver live commands to it.
 * Thread: the loop's, before anything else runs on it.
 */
#ifndef ASKWHY_SLACK_PROBE_H
#define ASKWHY_SLACK_PROBE_H

#include "bot/slack/slack.h"

struct slack_probe {
    char *bot_problem; /* SLACK_BOT_TOKEN: what is wrong and what to do; NULL when it works */
    char *user, *team; /* who it is, and where */
    bool scopes_told;
    char *missing_scopes;  /* joined by ", "; NULL for none */
    char *optional_scopes; /* missing ones that it works without; NULL: none */
    char *member_problem;  /* why the channels could not be listed */
    GPtrArray *channels;   /* names of those askwhy is in (char *) */
    char *app_problem;     /* SLACK_APP_TOKEN; NULL when it works */
    int64_t clock_ahead_s; /* this machine's clock against Slack's; 0 when not told */
};

/* Fills probe, to be ended with slack_probe_done(). */
void slack_probe_run(struct loop *loop, struct rest *rest, const struct slack_options *options,
                     struct slack_probe *probe);
void slack_probe_done(struct slack_probe *probe);

#endif
