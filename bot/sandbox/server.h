/* HTTP and WebSocket on loopback: the Web API, response addresses, the page, both kinds of sockets.
 *
 * Refuses other Host names and foreign origins (DNS rebinding, cross-site requests).
 */
#ifndef ASKWHY_SANDBOX_SERVER_H
#define ASKWHY_SANDBOX_SERVER_H

#include "bot/sandbox/sandbox.h"

/* One WebSocket. */
struct conn;

/* False and *error when the port cannot be had. Sets sandbox->port. */
bool server_start(struct sandbox *sandbox, int port, GError **error);

/* A text frame, in order. */
void conn_send(struct conn *conn, const char *text);
void conn_ping(struct conn *conn);
/* Ends it soon: with a close frame, or cut. Its closed call follows from the loop. */
void conn_close(struct conn *conn, bool cut);

#endif
