/* The fault proxy: all that the bot and the sandbox tell each other passes through it.
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
    PROXY_FAULTS,
};

struct proxy;
/* Between a port of its own and the sandbox's. */
struct proxy *proxy_new(struct loop *loop, int sandbox_port, guint32 seed, GError **error);
void proxy_free(struct proxy *proxy);
int proxy_port(const struct proxy *proxy);
/* One request in so many goes wrong; 0: none does. */
void proxy_harm_one_in(struct proxy *proxy, int requests);
/* How often it happened. */
int proxy_count(const struct proxy *proxy, enum proxy_fault fault);
const char *proxy_fault_name(enum proxy_fault fault);

#endif
