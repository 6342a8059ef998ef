/* What the listener's files tell each other; nobody else includes this.
 *
 * listener.c          the door: who comes in, routes, answers     listener_address.c  where it stands
 * listener_conn.c     one request: libwebsockets' callbacks       listener_tls.c      its certificate
 */
#ifndef ASKWHY_LISTENER_INTERNAL_H
#define ASKWHY_LISTENER_INTERNAL_H

#include "bot/net/listener.h"

#include <openssl/ssl.h>

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

/* Whether both files are there, can be read and fit. */
struct secrets;
struct secrets *secrets_new(const char *certificate, const char *key, GError **error);
void secrets_free(struct secrets *secrets); /* accepts NULL */
/* Puts them into libwebsockets' context, which must stay as long as secrets_renew() is called. */
bool secrets_give(struct secrets *secrets, SSL_CTX *tls);
/* Before a new connection: a certificate that was renewed meanwhile is read again. */
void secrets_renew(struct secrets *secrets);

/* ---- listener_conn.c ---- */

struct conn;

struct listener {
    struct loop *loop;
    struct lws_vhost *vhost;
    struct place place;
    struct loop_fd *watch;
    struct loop_timer *rest; /* the door stays shut until then */
    struct secrets *tls;     /* NULL: plain */
    guint max_connections;
    gsize max_body;
    int receive_ms, answer_ms;
    GPtrArray *routes; /* struct route */
    GHashTable *asked; /* id → struct conn whose owner has not answered yet */
    uint64_t last_id;
    /* Every struct conn is in one, longest there first. idle: without a whole request; ending: answered, and not yet
     * let go by the other side. */
    GQueue idle, busy, ending, dying;
    int64_t complained_us;
};

extern const struct lws_protocols listener_protocols[];

/* wsi is new on the listener's vhost. */
void conn_begin(struct listener *listener, struct lws *wsi);
/* Ends it as soon as libwebsockets lets us; until then it is one of the dying. */
void conn_cut(struct conn *conn);
/* Ends it without waiting to hear that it ended. */
void conn_forget(struct conn *conn);
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
