/* An HTTP server for callbacks from a chat server: one request in, one answer out, at any time later.
 *
 * libwebsockets' HTTP/1.1 server, made for hostile networks: heads and bodies are bounded, slow connections are cut
 * off, there are at most so many at once, and nothing is read that no route wants. A connection carries one request
 * and is closed after its answer. A body needs a Content-Length; chunks are answered 411 (a proxy that buffers
 * requests, as nginx does, sends lengths). TLS where a certificate is given; a renewed one is read within a minute.
 * Thread: the loop's.
 */
#ifndef ASKWHY_LISTENER_H
#define ASKWHY_LISTENER_H

#include "bot/net/loop.h"

struct listener;

struct listener_options {
    const char *address;     /* "127.0.0.1:8600", "[::1]:8600", ":8600" for every interface, "unix:/run/askwhy.sock";
                              * port 0: any free one */
    const char *certificate; /* PEM files; NULL: plain HTTP */
    const char *key;
    int max_connections; /* 0: 256; at most 600 */
    gsize max_body;      /* 0: 256 KiB; larger is answered 413 */
    int receive_ms;      /* a request must be whole by then; 0: 10 s */
    int answer_ms;       /* a request nobody answered by then is answered 503; 0: 30 s */
};

struct listener_request {
    uint64_t id;               /* listener_answer() names it; never used again */
    const char *method;        /* "POST" */
    const char *path;          /* behind the route's prefix, without query */
    const char *content_type;  /* "" when absent */
    const char *authorization; /* "" when absent */
    const char *body;          /* NUL-terminated */
    gsize size;
};

/* A whole request; valid during the call. Answer now or later, exactly once. */
typedef void listener_fn(const struct listener_request *request, void *data);

/* NULL and *error when the address cannot be had or the certificate not be read. */
struct listener *listener_new(struct loop *loop, const struct listener_options *options, GError **error);
/* Cuts what is open. Accepts NULL. */
void listener_free(struct listener *listener);
int listener_port(const struct listener *listener); /* 0 for a unix socket */
/* Requests whose path begins with prefix ("/mattermost/"); all other paths are answered 404. */
void listener_route(struct listener *listener, const char *prefix, listener_fn *fn, void *data);
void listener_unroute(struct listener *listener, const char *prefix);
/* type: the Content-Type. False: nobody waits for that answer any more. */
bool listener_answer(struct listener *listener, uint64_t id, int status, const char *type, const char *body);
/* Answers 405, naming the methods there are: "POST". */
bool listener_refuse_method(struct listener *listener, uint64_t id, const char *allow);

#endif
