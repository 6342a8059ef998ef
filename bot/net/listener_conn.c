/* One connection, one request: libwebsockets reads it, its owner is asked, the answer written, the connection ended.
 *
 * A second request is never read: the chat server makes a new connection for each call anyway and would leave this one
 * open, and libwebsockets 4.1.6 turns in circles over requests that come close together. */
#include "bot/net/listener_internal.h"

#include "bot/base/log.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    LATE_MS = 1000, /* what came while the loop stood still has this to be read */
    ENDING_MS = 2 * 1000,
    ENDING_BYTES = 1024 * 1024, /* still read from who was refused; a reset would take the refusal from them */
    DYING_MS = 10,
    CHUNK = 16 * 1024,
    HEAD_MAX = 1024,
};

struct conn {
    struct listener *listener;
    GQueue *queue; /* of the listener's */
    GList link;
    struct lws *wsi;
    struct loop_timer *deadline;
    struct loop_fd *watch; /* of its socket, while lws does not look at it */
    enum { READING, BODY, ASKING, WRITING, ENDING, DYING } state;
    bool late, deaf; /* deaf: lws reads no more of it */
    const char *method;
    char *path, *content_type, *authorization;
    GString *body;
    gsize length; /* the body's when it is whole */
    uint64_t id;
    GByteArray *out; /* LWS_PRE bytes, then the answer */
    gsize sent, drained;
};

static void conn_queue(struct conn *conn, GQueue *queue)
{
    if (conn->queue != NULL)
        g_queue_unlink(conn->queue, &conn->link);
    conn->queue = queue;
    g_queue_push_tail_link(queue, &conn->link);
}

static void kill_later(struct lws *wsi)
{
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

static void conn_stop_asking(struct conn *conn)
{
    if (conn->state == ASKING)
        g_hash_table_remove(conn->listener->asked, &conn->id);
}

static void conn_free(struct conn *conn)
{
    conn_stop_asking(conn);
    lws_set_opaque_user_data(conn->wsi, NULL);
    g_queue_unlink(conn->queue, &conn->link);
    loop_fd_remove(conn->watch);
    loop_timer_free(conn->deadline);
    g_free(conn->path);
    g_free(conn->content_type);
    g_free(conn->authorization);
    g_string_free(conn->body, TRUE);
    if (conn->out != NULL)
        g_byte_array_unref(conn->out);
    g_free(conn);
}

void conn_forget(struct conn *conn)
{
    struct lws *wsi = conn->wsi;
    conn_free(conn);
    kill_later(wsi);
}

/* lws may set its own timeout over this one, for example in the callback we are in: it is done again until it helped. */
void conn_cut(struct conn *conn)
{
    conn_stop_asking(conn);
    conn->state = DYING;
    conn_queue(conn, &conn->listener->dying);
    loop_fd_remove(g_steal_pointer(&conn->watch));
    loop_timer_set_ms(conn->deadline, DYING_MS);
    kill_later(conn->wsi);
}

/* ---- Answering ---- */

/* What the other side still sends is of no interest, but must be read, or the answer may not reach it. */
static void conn_drain(struct conn *conn)
{
    char buffer[CHUNK];
    for (int i = 0; i < 8; i++) {
        ssize_t got = recv(lws_get_socket_fd(conn->wsi), buffer, sizeof buffer, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0 || (conn->drained += (gsize)got) > ENDING_BYTES) {
            conn_cut(conn);
            return;
        }
    }
}

static void conn_ready(uint32_t events, void *data)
{
    (void)events;
    struct conn *conn = data;
    if (conn->state == ENDING)
        conn_drain(conn);
    else
        conn_cut(conn); /* who hangs up waits no longer */
}

static void conn_watch(struct conn *conn, uint32_t events)
{
    if (conn->watch == NULL)
        conn->watch = loop_fd_add(conn->listener->loop, lws_get_socket_fd(conn->wsi), events, conn_ready, conn);
    else
        loop_fd_change(conn->watch, events);
}

static void conn_hear(struct conn *conn, bool hear)
{
    /* Twice the same would make lws ask for a writable socket, and then not look at it. */
    if (conn->deaf == hear)
        lws_rx_flow_control(conn->wsi, hear);
    conn->deaf = !hear;
}

static void conn_end(struct conn *conn)
{
    if (!conn->deaf) { /* a large answer is out; what lws may have read meanwhile does not matter */
        conn_cut(conn);
        return;
    }
    SSL *ssl = lws_get_ssl(conn->wsi);
    if (ssl != NULL) {
        ERR_clear_error();
        SSL_shutdown(ssl);
        ERR_clear_error();
    }
    shutdown(lws_get_socket_fd(conn->wsi), SHUT_WR);
    conn->state = ENDING;
    conn_queue(conn, &conn->listener->ending);
    loop_timer_set_ms(conn->deadline, ENDING_MS);
    conn_watch(conn, EPOLLIN);
}

static void conn_write(struct conn *conn)
{
    while (conn->sent < conn->out->len && !lws_partial_buffered(conn->wsi)) {
        gsize part = MIN(conn->out->len - conn->sent, CHUNK);
        if (lws_write(conn->wsi, conn->out->data + conn->sent, part, LWS_WRITE_HTTP) < 0) {
            conn_cut(conn);
            return;
        }
        conn->sent += part;
    }
    if (!lws_partial_buffered(conn->wsi)) {
        conn_end(conn);
        return;
    }
    loop_fd_remove(g_steal_pointer(&conn->watch));
    conn_hear(conn, true); /* lws writes on only while it reads */
    lws_callback_on_writable(conn->wsi);
}

static bool put_header(struct lws *wsi, const char *name, const char *value, unsigned char **at, unsigned char *end)
{
    return value == NULL || lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)value,
                                                        (int)strlen(value), at, end) == 0;
}

bool conn_answer(struct conn *conn, int status, const char *type, const char *allow, const char *body)
{
    unsigned char head[HEAD_MAX], *at = head, *end = head + sizeof head;
    gsize size = strlen(body);
    conn_stop_asking(conn);
    if (lws_add_http_common_headers(conn->wsi, (unsigned)status, type, size, &at, end) != 0 ||
        !put_header(conn->wsi, "allow:", allow, &at, end) ||
        !put_header(conn->wsi, "cache-control:", "no-store", &at, end) ||
        !put_header(conn->wsi, "x-content-type-options:", "nosniff", &at, end) ||
        !put_header(conn->wsi, "connection:", "close", &at, end) || lws_finalize_http_header(conn->wsi, &at, end) != 0) {
        conn_cut(conn);
        return false;
    }
    static const guint8 room[LWS_PRE]; /* lws writes there */
    conn->out = g_byte_array_new();
    g_byte_array_append(conn->out, room, sizeof room);
    g_byte_array_append(conn->out, head, (guint)(at - head));
    if (strcmp(conn->method, "HEAD") != 0)
        g_byte_array_append(conn->out, (const guint8 *)body, (guint)size);
    conn->sent = sizeof room;
    conn->state = WRITING;
    conn_queue(conn, &conn->listener->busy);
    loop_timer_set_ms(conn->deadline, conn->listener->receive_ms);
    conn_hear(conn, false);
    conn_write(conn);
    return conn->state != DYING;
}

static void conn_refuse(struct conn *conn, int status, const char *why)
{
    conn_answer(conn, status, "text/plain; charset=utf-8", NULL, why);
}

/* ---- Reading ---- */

static const char *method_of(struct lws *wsi)
{
    static const struct {
        enum lws_token_indexes token;
        const char *name;
    } methods[] = {{WSI_TOKEN_POST_URI, "POST"},       {WSI_TOKEN_GET_URI, "GET"},     {WSI_TOKEN_HEAD_URI, "HEAD"},
                   {WSI_TOKEN_OPTIONS_URI, "OPTIONS"}, {WSI_TOKEN_PUT_URI, "PUT"},     {WSI_TOKEN_PATCH_URI, "PATCH"},
                   {WSI_TOKEN_DELETE_URI, "DELETE"}};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            return methods[i].name;
    }
    return "";
}

static bool is_visible(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((guchar)*c < ' ' || (guchar)*c >= 0x7f)
            return false;
    }
    return true;
}

/* *value: NULL when absent. False: there are two, or it is no text. */
static bool read_header(struct lws *wsi, enum lws_token_indexes token, char **value)
{
    int size = lws_hdr_total_length(wsi, token);
    if (size <= 0)
        return true;
    *value = g_malloc0((gsize)size + 1);
    return lws_hdr_fragment_length(wsi, token, 1) == 0 && lws_hdr_copy(wsi, *value, size + 1, token) == size &&
           is_visible(*value);
}

/* 0, or how the request is refused. */
static int read_length(struct conn *conn)
{
    g_autofree char *length = NULL;
    if (lws_hdr_total_length(conn->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
        return 411; /* lws does not decode it */
    if (!read_header(conn->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, &length))
        return 400;
    bool needed = conn->method[0] == 'P'; /* lws would wait for a body without end */
    if (length == NULL)
        return needed ? 411 : 0;
    if (length[strspn(length, "0123456789")] != '\0')
        return 400;
    guint64 size = g_ascii_strtoull(length, NULL, 10); /* the greatest there is when it is too long */
    if (size > conn->listener->max_body)
        return 413;
    conn->length = (gsize)size;
    return 0;
}

static int read_head(struct conn *conn)
{
    if (!read_header(conn->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, &conn->content_type) ||
        !read_header(conn->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, &conn->authorization) || !is_visible(conn->path))
        return 400;
    const char *rest;
    if (listener_find(conn->listener, conn->path, &rest) == NULL)
        return 404;
    int status = read_length(conn);
    if (status != 0)
        return status;
    g_autofree char *expected = NULL;
    if (!read_header(conn->wsi, WSI_TOKEN_HTTP_EXPECT, &expected))
        return 400;
    if (expected == NULL)
        return 0;
    if (g_ascii_strcasecmp(expected, "100-continue") != 0)
        return 417;
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    unsigned char buffer[LWS_PRE + sizeof go_on];
    memcpy(buffer + LWS_PRE, go_on, sizeof go_on);
    /* When that fails the body will not come. */
    lws_write(conn->wsi, buffer + LWS_PRE, strlen(go_on), LWS_WRITE_HTTP_HEADERS);
    return 0;
}

static const char *why_refused(int status)
{
    switch (status) {
    case 404:
        return "404 Not Found\n";
    case 411:
        return "411 Length Required: send a Content-Length, not chunks\n";
    case 413:
        return "413 Content Too Large\n";
    case 417:
        return "417 Expectation Failed\n";
    default:
        return "400 Bad Request\n";
    }
}

static void conn_ask(struct conn *conn)
{
    struct listener *listener = conn->listener;
    const char *rest = NULL;
    const struct route *route = listener_find(listener, conn->path, &rest);
    lws_set_timeout(conn->wsi, NO_PENDING_TIMEOUT, 0); /* ours from here on */
    conn_hear(conn, false);
    if (route == NULL) { /* it had one when its head came */
        conn_refuse(conn, 404, why_refused(404));
        return;
    }
    conn->state = ASKING;
    conn->id = ++listener->last_id;
    g_hash_table_insert(listener->asked, &conn->id, conn);
    conn_queue(conn, &listener->busy);
    loop_timer_set_ms(conn->deadline, listener->answer_ms);
    conn_watch(conn, EPOLLRDHUP);
    struct listener_request request = {
        .id = conn->id,
        .method = conn->method,
        .path = rest,
        .content_type = conn->content_type != NULL ? conn->content_type : "",
        .authorization = conn->authorization != NULL ? conn->authorization : "",
        .body = conn->body->str,
        .size = conn->body->len,
    };
    route->fn(&request, route->data);
}

static void conn_head(struct conn *conn, const char *path, gsize size)
{
    if (conn->state != READING)
        return;
    conn->method = method_of(conn->wsi);
    conn->path = g_strdup(path);
    int status = strlen(path) != size ? 400 : read_head(conn);
    if (status != 0)
        conn_refuse(conn, status, why_refused(status));
    else if (conn->length > 0)
        conn->state = BODY;
    else
        conn_ask(conn);
}

static void conn_body(struct conn *conn, const char *data, gsize size)
{
    if (conn->state == BODY)
        g_string_append_len(conn->body, data, (gssize)MIN(size, conn->length - conn->body->len));
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct conn *conn;
    switch ((int)reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: {
        const struct listener *listener = lws_vhost_user(in);
        return secrets_give(listener->tls, user) ? 0 : -1;
    }
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: /* HTTP/1.1 and nothing else */
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    case LWS_CALLBACK_RAW_ADOPT:
    case LWS_CALLBACK_RAW_RX:
        return -1;
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_HTTP_BODY:
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    case LWS_CALLBACK_HTTP_WRITEABLE:
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_WSI_DESTROY:
        conn = lws_get_opaque_user_data(wsi);
        break;
    default:
        return 0;
    }
    if (conn == NULL) /* not yet, or no more */
        return 0;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        conn_head(conn, in, size);
        break;
    case LWS_CALLBACK_HTTP_BODY:
        conn_body(conn, in, size);
        break;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (conn->state == BODY)
            conn_ask(conn);
        break;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        if (conn->state == WRITING)
            conn_write(conn);
        break;
    default:
        conn_free(conn);
    }
    return 0;
}

const struct lws_protocols listener_protocols[] = {
    {.name = "askwhy-listener", .callback = callback},
    {.name = NULL},
};

static void conn_late(void *data)
{
    struct conn *conn = data;
    bool reading = conn->state == READING || conn->state == BODY;
    if (conn->state == ASKING) {
        log_warning("listener.unanswered", "%s", "");
        conn_refuse(conn, 503, "503 Service Unavailable\n");
    } else if (reading && !conn->late) {
        conn->late = true;
        loop_timer_set_ms(conn->deadline, MIN(LATE_MS, conn->listener->receive_ms));
    } else {
        conn_cut(conn);
    }
}

void conn_begin(struct listener *listener, struct lws *wsi)
{
    struct conn *conn = g_new0(struct conn, 1);
    conn->listener = listener;
    conn->wsi = wsi;
    conn->link.data = conn;
    conn->body = g_string_new(NULL);
    conn->deadline = loop_timer_new(listener->loop, conn_late, conn);
    loop_timer_set_ms(conn->deadline, listener->receive_ms);
    conn_queue(conn, &listener->idle);
    lws_set_opaque_user_data(wsi, conn);
}
