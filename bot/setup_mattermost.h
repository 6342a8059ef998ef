/* askwhy setup mattermost, behind its command line. */
#ifndef ASKWHY_SETUP_MATTERMOST_H
#define ASKWHY_SETUP_MATTERMOST_H

#include <stdbool.h>

struct setup_wishes {
    const char *url, *public_url; /* NULL: as configured */
    char **teams, **channels;     /* NULL: none said */
    const char *bot;              /* NULL: as configured, else askwhy */
    const char *secrets;          /* a folder for the tokens; NULL: in the configuration file */
    bool no_commands, dry_run;
};

/* file: the configuration to read and write, NULL for the usual one. The exit status. */
int setup_mattermost(const char *file, const struct setup_wishes *wishes);

#endif
