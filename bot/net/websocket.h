/* A WebSocket client connection: whole text messages in and out, liveness, one end.
 *
 * Fragments are assembled; a message over the size limit is told by its ends, or ends the connection.
 * Every way a connection can fail or end leads to exactly one closed() call.
 * Thread: the loop's.
 */
#ifndef ASKWHY_WEBSOCKET_H
#define ASKWHY_WEBSOCKET_H

#include "bot/net/loop.h"
#include "bot/net/rest.h"

struct websocket;

struct websocket_handler {
    void (*opened)(void *data);
    /* text is NUL-terminated; valid during the call. */
    void (*message)(const char *text, gsize size, void *data);
    /* A message over the size limit: its first and last kilobytes, to be recognised by. NULL: it ends the connection. */
    void (*too_large)(const char *ends, gsize size, void *data);
    /* The handle is gone after this call; reason is human. */
    void (*closed)(const char *reason, void *data);
};

struct websocket_options {
    const char *url;          /* ws:// or wss:// */
    const char *const *headers; /* NULL-terminated name, value, name, value…; NULL for none */
    int handshake_ms;         /* opened() by then, or closed(); 0: 20 s */
    int ping_ms;              /* a ping this often; 0: none */
    int silence_ms;           /* closed() when nothing at all came for so long; 0: never */
    gsize max_message;        /* 0: 4 MiB */
};

/* Never NULL; failures come as closed() later, from the loop, never from inside this call.
 * Names are resolved off the loop through rest. */
struct websocket *websocket_open(struct loop *loop, struct rest *rest, const struct websocket_options *options,
                                 const struct websocket_handler *handler, void *data);
/* One text frame, unfragmented, in order. False when not open. */
bool websocket_send(struct websocket *websocket, const char *text, gsize size);
/* A close frame, then closed(). Idempotent. */
void websocket_close(struct websocket *websocket, int code);
/* Ends it now without calling back. Accepts NULL. */
void websocket_free(struct websocket *websocket);

#endif
