/* HTTP and WebSocket on loopback: the page, its socket, and what the face offers to the bot.
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
/* Stays open, but nothing is read or written any more. */
void conn_stick(struct conn *conn);
/* All that was sent is written. */
bool conn_is_empty(const struct conn *conn);

#endif
