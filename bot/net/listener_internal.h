/* What the listener's files tell each other; nobody else includes this.
 *
 * listener.c          the door: who comes in, routes, answers      listener_address.c  where it stands
 * listener_conn.c     one connection: reading, writing, deadlines  listener_tls.c      its certificate
 * listener_request.c  bytes → request, pure
 */
#ifndef ASKWHY_LISTENER_INTERNAL_H
#define ASKWHY_LISTENER_INTERNAL_H

#include "bot/net/listener.h"

#include <openssl/ssl.h>

/* ---- listener_request.c ---- */

/* One request as it comes in, in pieces of any size. What it holds is bounded whatever is sent. */
struct incoming {
    enum {
        INCOMING_START,   /* nothing of it has come */
        INCOMING_HEADERS,
        INCOMING_HEAD,    /* the head is whole: a look at it before the body is read */
        INCOMING_BODY,
        INCOMING_CHUNK_LINE,
        INCOMING_CHUNK,
        INCOMING_CHUNK_END,
        INCOMING_TRAILERS,
        INCOMING_WHOLE,
        INCOMING_REFUSED, /* status says why */
    } state;
    int status;
    char *method, *path, *content_type, *authorization; /* NULL when absent */
    GString *body;
    bool keep;     /* the connection may carry another request */
    bool has_body;
    bool waits;    /* for a word (100) before it sends its body */

    gsize max_body;
    GString *line; /* the begun one */
    gsize head;    /* bytes of the head and the trailers */
    gsize left;    /* of the body or the chunk */
    int headers, empty_lines;
    bool minor_0, has_host, has_length, chunked, expects;
};
void incoming_init(struct incoming *incoming, gsize max_body);
/* For the next request of the same connection. */
void incoming_reset(struct incoming *incoming);
void incoming_done(struct incoming *incoming);
/* How many bytes it took: all, or up to where it became HEAD, WHOLE or REFUSED. In HEAD it goes on when called again. */
gsize incoming_feed(struct incoming *incoming, const char *data, gsize size);

/* ---- listener_address.c ---- */

struct place {
    int fd; /* listening; -1 when closed */
    int port;
    char *path; /* of a unix socket, and which file it is */
    uint64_t device, inode;
};
bool place_open(struct place *place, const char *address, GError **error);
/* Removes the socket's file when it is still this one. */
void place_close(struct place *place);

/* ---- listener_tls.c ---- */

struct secrets;
struct secrets *secrets_new(const char *certificate, const char *key, GError **error);
void secrets_free(struct secrets *secrets); /* accepts NULL */
/* For a new connection: a certificate that was renewed meanwhile is read again. NULL when memory is gone. */
SSL *secrets_begin(struct secrets *secrets, int fd);

/* ---- listener_conn.c ---- */

struct conn;

struct listener {
    struct loop *loop;
    struct place place;
    struct loop_fd *watch;
    struct loop_timer *rest; /* accepting again after the machine had no descriptor left */
    struct secrets *tls;     /* NULL: plain */
    guint max_connections;
    gsize max_body;
    int receive_ms, answer_ms;
    GPtrArray *routes;  /* struct route */
    GHashTable *asked;  /* id → struct conn whose owner has not answered yet */
    uint64_t last_id;
    GQueue idle, receiving, busy; /* every struct conn is in one; longest there first */
    int64_t complained_us;
    char buffer[16 * 1024]; /* what one read brings; nothing stays in it */
};

/* Takes fd. It may be gone again when this returns. */
void conn_begin(struct listener *listener, int fd);
void conn_free(struct conn *conn);
/* See listener_answer(); allow: the methods there are, with a 405. */
bool conn_answer(struct conn *conn, int status, const char *type, const char *allow, const char *body);

/* Who answers a path; NULL for none. *rest: the path behind the prefix. */
struct route {
    char *prefix;
    listener_fn *fn;
    void *data;
};
const struct route *listener_find(const struct listener *listener, const char *path, const char **rest);

#endif
