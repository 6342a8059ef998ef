/* What loop.c and websocket.c tell each other; nobody else includes this. */
#ifndef ASKWHY_LOOP_INTERNAL_H
#define ASKWHY_LOOP_INTERNAL_H

#include "bot/net/loop.h"

#define WEBSOCKET_PROTOCOL "askwhy-websocket"

/* websocket.c's place in the client vhost's protocols. */
int websocket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size);

/* More may wait behind what was just read. */
void loop_heard(struct loop *loop);

/* The client vhost that goes through this proxy, "[user:password@]address:port"; NULL when lws refuses it. */
struct lws_vhost *loop_proxy_vhost(struct loop *loop, const char *proxy);

/* The text of ca_file after a look whether it holds certificates. */
char *ca_file_read(const char *ca_file, GError **error);

#endif
