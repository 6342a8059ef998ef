/* A small HTTP and WebSocket server on the loop, which can make requests of its own: as little work as a load
 * generator can do.
 *
 * HTTP/1.1 with Content-Length, kept connections; WebSocket text frames, unfragmented. Anything
 * else ends the process: in a benchmark it must not go unnoticed. What is sent leaves in wire_flush().
 */
#ifndef ASKWHY_BENCH_WIRE_H
#define ASKWHY_BENCH_WIRE_H

#include "bot/net/loop.h"

struct wire;
struct wire_conn;

struct wire_handler {
    /* Answer it with wire_answer() before returning. body is NUL-terminated. */
    void (*request)(struct wire_conn *conn, const char *target, const char *body, void *data);
    /* A WebSocket; target as it asked for it. */
    void (*opened)(struct wire_conn *conn, const char *target, void *data);
    /* text is not NUL-terminated. */
    void (*frame)(struct wire_conn *conn, const char *text, gsize size, void *data);
    void (*closed)(struct wire_conn *conn, void *data); /* of what was opened */
    /* The answer to a call, body NUL-terminated; or the connection ended without one. */
    void (*answered)(struct wire_conn *conn, guint call, int status, const char *body, void *data);
    void (*failed)(struct wire_conn *conn, guint call, void *data);
};

/* Listens on 127.0.0.1, on a port the system chooses. */
struct wire *wire_new(struct loop *loop, const struct wire_handler *handler, void *data);
int wire_port(const struct wire *wire);
void wire_free(struct wire *wire);

void wire_answer(struct wire_conn *conn, int status, const char *json);
void wire_send(struct wire_conn *conn, const char *text, gsize size);
/* Cut without a close frame; closed() is called at once. */
void wire_cut(struct wire_conn *conn);
/* A whole request on a new connection to 127.0.0.1, which is then left open and idle until the other side ends it. */
struct wire_conn *wire_call(struct wire *wire, int port, const char *request, gsize size, guint call);
/* Writes all that was answered and sent since. */
void wire_flush(struct wire *wire);

#endif
