/* The fault proxy: all that the bot and the sandbox tell each other passes through one, or through two where the
 * sandbox calls the bot.
 *
 * Most of it passes unharmed. Of the rest a request may never arrive, its answer may be lost after it was acted on,
 * be cut in the middle, come in crumbs, or be another one: 429, 5xx, an error; and a socket may break, also within
 * a frame, or with acknowledgements in it.
 * Thread: the loop's.
 */
#ifndef FAULT_PROXY_H
#define FAULT_PROXY_H

#include "bot/net/loop.h"

enum proxy_fault {
    PROXY_RESET,       /* the request never arrives: connection reset */
    PROXY_LOST,        /* acted on, then the connection is reset in place of an answer */
    PROXY_CUT,         /* acted on, and half of the answer comes before the reset */
    PROXY_429,         /* not acted on */
    PROXY_5XX,         /* not acted on */
    PROXY_5XX_ACTED,   /* acted on, and then said to have failed */
    PROXY_ERROR,       /* internal_error, not acted on */
    PROXY_ERROR_ACTED, /* internal_error, though acted on */
    PROXY_CRUMBS,      /* the answer comes a few bytes at a time */
    PROXY_SOCKET,      /* the socket is reset in the middle of what comes to the bot */
    PROXY_ACKS,        /* the socket is reset, and what the bot has just said there is lost */
    PROXY_SILENT,      /* the socket stays open, and nothing comes through it any more */
    PROXY_FAULTS,
};

enum proxy_kind {
    PROXY_OF_SLACK,
    PROXY_OF_MATTERMOST,
    PROXY_OF_CALLS, /* what stands between Mattermost and the bot's listener: it asks, the bot answers */
};

struct proxy;
/* Between a port of its own and whom it is asked for. Who does not listen there is answered for by a closed connection. */
struct proxy *proxy_new(struct loop *loop, enum proxy_kind kind, int port, guint32 seed, GError **error);
void proxy_free(struct proxy *proxy);
int proxy_port(const struct proxy *proxy);
/* One request in so many goes wrong; 0: none does. */
void proxy_harm_one_in(struct proxy *proxy, int requests);
/* How often it happened; -1: it cannot, of this kind. */
int proxy_count(const struct proxy *proxy, enum proxy_fault fault);
const char *proxy_fault_name(const struct proxy *proxy, enum proxy_fault fault);

#endif
