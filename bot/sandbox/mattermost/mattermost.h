/* Mattermost's face: what its parts keep.
 *
 * api*.c      REST v4                            hub.c       the WebSocket: sequence numbers, resuming
 * notify.c    the events                         call.c      commands, buttons, dialogs: HTTP calls to the bot
 * wire.c      posts, channels, people as JSON    answer.c    what the bot answers to them
 * attach.c    attachments and buttons (pure)     dialog.c    dialogs as the page's forms (pure)
 * markdown.c  the text notation (pure)           face.c      ties them together
 *
 * As in a server 5.37, or (old false) as in 11: protocol facts are from the server's sources and from a real 5.37.0.
 */
#ifndef ASKWHY_SANDBOX_MATTERMOST_MATTERMOST_H
#define ASKWHY_SANDBOX_MATTERMOST_MATTERMOST_H

#include "bot/net/rest.h"
#include "bot/sandbox/sandbox.h"

#define MATTERMOST_TEAM "sandbox7team4mattermost1te"
#define MATTERMOST_TEAM_NAME "sandbox"
/* Of #lab; askwhy is in that team as long as it is in the channel. */
#define MATTERMOST_OTHER_TEAM "lab9other2team4mattermost1"
#define MATTERMOST_OTHER_TEAM_NAME "lab"
#define MATTERMOST_ADMIN "admin6sandbox7person1accou"

enum {
    MATTERMOST_POST_MAX = 16383,  /* characters of a message */
    MATTERMOST_PENDING_MS = 30000 /* so long a pending_post_id is remembered */
};

struct slash_command {
    char *id, *token, *trigger, *url, *display_name, *description, *hint, *hint_text, *creator;
    int64_t at_ms;
    bool auto_complete;
};

struct mattermost {
    bool old;                   /* like 5.37 */
    struct rest *rest;          /* calls to the bot */
    struct hub *hub;
    GPtrArray *commands;        /* struct slash_command * */
    GHashTable *pending;        /* pending_post_id → struct pending_post (api_posts.c) */
    GHashTable *triggers;       /* trigger_id → struct trigger_use (call.c) */
    GHashTable *responses;      /* id in /hooks/commands/ → struct response_use (answer.c) */
    GPtrArray *calls;           /* to the bot, under way (call.c) */
    GHashTable *sockets;        /* struct conn → struct mm_socket (face.c) */
    struct loop_timer *tick;
    guint64 made;               /* events and calls so far */
    bool invited;               /* askwhy came for the first time, and sam has invited it */
    /* misbehaviour */
    bool forbidden;             /* AllowedUntrustedInternalConnections does not list the bot */
    int twice;                  /* so many calls are made twice */
    int pending_busy;           /* so many repeated posts are told that the first is still under way */
};

/* The person, the bot or the administrator of a token; NULL when it is nobody's. */
const char *mattermost_token_user(const char *token);
/* Free with g_free(). */
char *mattermost_site_url(const struct sandbox *sandbox);
/* "5.37.0" */
const char *mattermost_version(const struct sandbox *sandbox);
struct slash_command *mattermost_command(const struct mattermost *mattermost, const char *trigger);
void mattermost_add_command(struct mattermost *mattermost, const char *trigger, const char *token, const char *url,
                            const char *hint);

#endif
