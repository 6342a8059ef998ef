/* The sandbox's parts, tied together, and how news reaches those who may see it.
 *
 * workspace.c  people, channels, posts        views.c    forms and home pages
 * act.c        what people do                 events.c   who is told of what happened
 * blocks.c     what is shown, taken apart     show.c     and as plain text
 * page_socket.c  people in the browser        script.c   people in a written conversation
 * server.c     HTTP and WebSocket             settle.c   has everything come to rest?
 * face.h       the chat that is imitated: slack/, mattermost/
 * Thread: the loop's, everywhere in this folder.
 */
#ifndef ASKWHY_SANDBOX_H
#define ASKWHY_SANDBOX_H

#include "bot/base/json.h"
#include "bot/net/loop.h"
#include "bot/sandbox/workspace.h"

struct bot_link;
struct face;
struct slack;
struct mattermost;
struct pages;
struct script;
struct views;
struct misbehaviour;

struct sandbox {
    struct loop *loop;
    int port;
    char host[64];     /* as the bot reached us, "127.0.0.1:PORT": addresses handed out lead the same way */
    bool behind_tls;   /* somebody in front of us speaks TLS: addresses handed out are wss:// and https:// */
    bool ending;
    bool quiet;
    bool old;          /* Mattermost: like 5.37 */
    char *callback;    /* Mattermost: where the bot is called, "http://127.0.0.1:8600/mattermost"; NULL: nowhere */
    int exit_status;
    struct workspace *workspace;
    struct views *views;
    const struct face *face;
    struct slack *slack;           /* the face's own things; NULL for the other one's */
    struct mattermost *mattermost;
    struct misbehaviour *misbehaviour;
    struct bot_link *link; /* NULL without --link */
    struct pages *pages;
    struct script *script; /* NULL without --script */
    guint64 api_calls;     /* so far: tells that the bot is still busy */
    guint64 idle_questions; /* so far, settle.c */
};

/* Something became visible: to one person, else to a channel's members, else (both NULL) to all.
 * Takes see, a message of the page's socket (docs/sandbox.md). */
void sandbox_tell(struct sandbox *sandbox, const struct person *only, const struct channel *channel, cJSON *see);
/* A person's app did not answer, or a command does not exist. */
void sandbox_trouble(struct sandbox *sandbox, const struct person *person, const char *text);
/* Moves the clock for the sandbox, the bot and the pages. */
void sandbox_move_clock(struct sandbox *sandbox, int64_t to_ms);

#endif
