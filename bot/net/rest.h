/* HTTP requests through libcurl's multi interface on the loop.
 *
 * Keep-alive, HTTP/2 where offered, TLS verified always, proxy settings of the
 * environment honoured. A request that is not idempotent is sent so that libcurl
 * can never repeat it by itself.
 * Thread: the loop's.
 */
#ifndef ASKWHY_REST_H
#define ASKWHY_REST_H

#include "bot/net/loop.h"

#include <stdbool.h>

struct rest;

struct rest_request {
    const char *method; /* constant: "GET", "POST", "PUT", "DELETE" */
    char *url;
    char **headers; /* "Name: value", NULL-terminated; NULL for none */
    char *body;     /* NULL for none */
    gsize body_size;
    int timeout_ms;  /* whole transfer; 0: 30 s */
    bool idempotent; /* may be repeated on a fresh connection */
};
void rest_request_done(struct rest_request *request); /* frees the members */

enum rest_outcome {
    REST_ANSWERED, /* status, headers and body are whole */
    REST_NOT_SENT, /* certainly not received: name, connection or TLS failed */
    REST_UNKNOWN,  /* may or may not have been acted on: timeout, reset, cut answer */
};

struct rest_response {
    enum rest_outcome outcome;
    int status;
    const char *body; /* NUL-terminated, "" when none; at most 16 MiB */
    gsize body_size;
    int64_t retry_after_s; /* -1 when absent; a date form is made seconds */
    int64_t reset_after_s; /* X-RateLimit-Reset, where it counts seconds; 0 when absent */
    const char *scopes;    /* X-OAuth-Scopes, NULL when absent */
    bool limited;          /* the server says that it limits how often it may be asked (X-RateLimit-Limit) */
    const char *content_type; /* NULL when absent */
    int64_t date_ms;       /* the server's clock by its Date header; 0 when absent */
    bool too_large;        /* its body was, and so it is no answer */
    const char *error;     /* human, NULL when answered */
};

/* Called once, on the loop, never from inside rest_send(). response is valid during the call. */
typedef void rest_done_fn(const struct rest_response *response, void *data);

/* ca_file: PEM bundle added as trusted authorities, or NULL. */
struct rest *rest_new(struct loop *loop, const char *ca_file, GError **error);
/* Ends what is under way without calling back. Accepts NULL. */
void rest_free(struct rest *rest);
/* Copies what it needs of request. */
void rest_send(struct rest *rest, const struct rest_request *request, rest_done_fn *done, void *data);
/* Ends every request and lookup that was given this data, without calling back: for an owner
 * that goes away. What has left this machine stays sent. */
void rest_forget(struct rest *rest, const void *data);
/* Requests under way. */
int rest_active(const struct rest *rest);

/* Resolves host off the loop; address is numeric, or NULL with error. Called once, on the loop. */
typedef void rest_resolved_fn(const char *address, const char *error, void *data);
void rest_resolve(struct rest *rest, const char *host, int port, rest_resolved_fn *done, void *data);

#endif
