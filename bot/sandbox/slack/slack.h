/* Slack's face: what its parts keep.
 *
 * api*.c     the Web API's methods          deliver.c   Socket Mode
 * notify.c   the Events API                 interact.c  commands, buttons, forms
 * trigger.c  what may open a form           response.c  response_url
 * content.c  what an app wants to say       limits.c    Block Kit's limits (pure)
 * text.c     Slack's text notation (pure)   message.c   a post as Slack writes it (pure)
 */
#ifndef ASKWHY_SANDBOX_SLACK_SLACK_H
#define ASKWHY_SANDBOX_SLACK_SLACK_H

#include "bot/sandbox/sandbox.h"

struct deliver;

struct slack {
    struct deliver *deliver;
    GPtrArray *triggers;   /* trigger.c */
    GHashTable *responses; /* response.c: token → where it answers; NULL at first */
};

#endif
