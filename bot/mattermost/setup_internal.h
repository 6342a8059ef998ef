/* Between the files of setup. */
#ifndef ASKWHY_MATTERMOST_SETUP_INTERNAL_H
#define ASKWHY_MATTERMOST_SETUP_INTERNAL_H

#include "bot/mattermost/setup.h"
#include "bot/mattermost/setup_call.h"

struct setup_team {
    char *id, *name;
};

struct setup {
    const struct setup_options *options;
    const struct setup_host *host;
    struct caller admin;
    int wrong;
    char *admin_id;
    char *site_url;    /* "" when not set */
    char *bot_name;
    char *bot_id;      /* NULL: not there yet, in a dry run */
    GPtrArray *teams;  /* struct setup_team */
    bool all_teams;    /* there is none more that the bot is in */
    GPtrArray *tokens; /* of the commands (char *) */
};

void setup_tell(struct setup *setup, enum setup_finding finding, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* True: say SETUP_WOULD of it and leave it. */
bool setup_would(struct setup *setup, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* setup_server.c. False: there is no use in going on. */
bool setup_look_at_server(struct setup *setup);
/* setup_bot.c */
bool setup_bot(struct setup *setup);
bool setup_join(struct setup *setup);
/* setup_commands.c */
bool setup_commands(struct setup *setup);
/* setup_reach.c */
void setup_reach(struct setup *setup);

#endif
