/* The sandbox's parts, tied together, and how news reaches those who may see it.
 *
 * workspace.c  people, channels, posts        text.c     Slack's text notation
 * blocks.c     Block Kit limits (pure)        views.c    forms and home pages
 * web_api.c    the methods                    deliver.c  Socket Mode
 * act.c        what people do                 events.c   what the bot is told
 * page_socket.c, script.c  the two faces      server.c   HTTP and WebSocket
 * Thread: the loop's, everywhere in this folder.
 */
#ifndef ASKWHY_SANDBOX_H
#define ASKWHY_SANDBOX_H

#include "bot/base/json.h"
#include "bot/net/loop.h"
#include "bot/sandbox/workspace.h"

struct deliver;
struct bot_link;
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
    int exit_status;
    struct workspace *workspace;
    struct views *views;
    GHashTable *responses; /* response.c: token → where it answers */
    struct deliver *deliver;
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
