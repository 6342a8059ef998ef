/* What `askwhy check` looks at: each finding is one line on standard output, "ok" or "wrong" and what to do.
 *
 * Everything here only looks: the database is opened for reading beside a running bot, and no socket to the chat
 * product is opened.
 */
#ifndef ASKWHY_STATUS_H
#define ASKWHY_STATUS_H

#include "config/config.h"

enum { STATUS_CLOCK_WRONG_S = 60 };

struct status {
    int wrong; /* findings of that kind so far */
};

void status_ok(struct status *status, const char *format, ...) G_GNUC_PRINTF(2, 3);
void status_wrong(struct status *status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A line of another kind; counts as nothing. */
void status_tell(const char *kind, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The file and what waits in it; rebuild: also whether all state follows from the log. */
void status_database(struct status *status, const char *path, bool rebuild);
/* The libraries' versions, and flaws of theirs that matter. */
void status_libraries(struct status *status);
void status_clock(struct status *status);
/* status_slack.c: tokens, scopes, membership. Needs both tokens. */
void status_slack(struct status *status, const struct config *config);
/* status_mattermost.c: the server, token, membership, commands, and the listener. Needs address and token. */
void status_mattermost(struct status *status, const struct config *config);

#endif
