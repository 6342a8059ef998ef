/* One connection: a request is read, its owner asked, the answer written; then the next. */
#include "bot/net/listener_internal.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IDLE_MS = 5 * 1000,
    ENDING_MS = 2 * 1000,
    ENDING_BYTES = 1024 * 1024, /* still read from who was refused; a reset would take the refusal from them */
    READS_MAX = 8,              /* in a row, before others have a turn */
};

struct conn {
    struct listener *listener;
    GQueue *queue; /* of the listener's */
    GList link;
    int fd;
    SSL *ssl; /* NULL: plain */
    struct loop_fd *watch;
    struct loop_timer *deadline;
    enum { HANDSHAKE, READING, ASKING, WRITING, ENDING } state;
    struct incoming incoming;
    GByteArray *behind; /* came with the request that is being answered: the next one's; NULL for none */
    uint64_t id;        /* of the request being answered */
    bool in_call;       /* the owner is being told of it */
    bool begun;         /* the request being read has begun: its time is counted */
    GString *out;
    gsize sent, drained;
    guint answered; /* requests */
    uint32_t wants; /* what the socket must become before the last read or write can go on */
};

enum { LATER = 0, GONE = -1 };

static void conn_queue(struct conn *conn, GQueue *queue)
{
    if (conn->queue != NULL)
        g_queue_unlink(conn->queue, &conn->link);
    conn->queue = queue;
    g_queue_push_tail_link(queue, &conn->link);
}

void conn_free(struct conn *conn)
{
    if (conn->state == ASKING)
        g_hash_table_remove(conn->listener->asked, &conn->id);
    g_queue_unlink(conn->queue, &conn->link);
    loop_fd_remove(conn->watch);
    loop_timer_free(conn->deadline);
    SSL_free(conn->ssl);
    close(conn->fd);
    incoming_done(&conn->incoming);
    if (conn->behind != NULL)
        g_byte_array_unref(conn->behind);
    g_string_free(conn->out, TRUE);
    g_free(conn);
}

/* The functions below answer false when the connection is gone, freed. */
static bool conn_cut(struct conn *conn)
{
    conn_free(conn);
    return false;
}

/* ---- The socket ---- */

static gssize ssl_result(struct conn *conn, int result)
{
    switch (SSL_get_error(conn->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        conn->wants = EPOLLIN;
        return LATER;
    case SSL_ERROR_WANT_WRITE:
        conn->wants = EPOLLOUT;
        return LATER;
    default:
        ERR_clear_error();
        return GONE;
    }
}

static gssize plain_result(struct conn *conn, gssize result, uint32_t wants)
{
    if (result > 0)
        return result;
    conn->wants = wants;
    return result < 0 && (errno == EAGAIN || errno == EINTR) ? LATER : GONE;
}

static gssize conn_recv(struct conn *conn, char *buffer, gsize size)
{
    if (conn->ssl == NULL || conn->state == ENDING)
        return plain_result(conn, recv(conn->fd, buffer, size, 0), EPOLLIN);
    ERR_clear_error();
    int got = SSL_read(conn->ssl, buffer, (int)size);
    return got > 0 ? got : ssl_result(conn, got);
}

static gssize conn_send(struct conn *conn, const char *data, gsize size)
{
    if (conn->ssl == NULL)
        return plain_result(conn, send(conn->fd, data, size, MSG_NOSIGNAL), EPOLLOUT);
    ERR_clear_error();
    int put = SSL_write(conn->ssl, data, (int)MIN(size, G_MAXINT));
    return put > 0 ? put : ssl_result(conn, put);
}

/* ---- Answering ---- */

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
        {405, "Method Not Allowed"}, {413, "Content Too Large"}, {415, "Unsupported Media Type"},
        {417, "Expectation Failed"}, {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"}, {501, "Not Implemented"}, {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "";
}

static void put_date(GString *out)
{
    static const char days[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now_ms() / 1000);
    if (now != NULL)
        g_string_append_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[g_date_time_get_day_of_week(now) - 1],
                               g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1],
                               g_date_time_get_year(now), g_date_time_get_hour(now), g_date_time_get_minute(now),
                               g_date_time_get_second(now));
}

static void conn_reply(struct conn *conn, int status, const char *type, const char *allow, const char *body)
{
    if (conn->state == ASKING)
        g_hash_table_remove(conn->listener->asked, &conn->id);
    g_string_append_printf(conn->out, "HTTP/1.1 %d %s\r\n", status, reason_of(status));
    put_date(conn->out);
    g_string_append_printf(conn->out, "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n", type, strlen(body));
    if (allow != NULL)
        g_string_append_printf(conn->out, "Allow: %s\r\n", allow);
    g_string_append(conn->out, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
    if (!conn->incoming.keep)
        g_string_append(conn->out, "Connection: close\r\n");
    g_string_append(conn->out, "\r\n");
    if (g_strcmp0(conn->incoming.method, "HEAD") != 0)
        g_string_append(conn->out, body);
    conn->state = WRITING;
    conn_queue(conn, &conn->listener->busy);
    loop_timer_set_ms(conn->deadline, conn->listener->receive_ms);
}

static void conn_refuse(struct conn *conn, int status)
{
    g_autofree char *body = g_strdup_printf("%d %s\n", status, reason_of(status));
    conn_reply(conn, status, "text/plain; charset=utf-8", NULL, body);
}

static void conn_end(struct conn *conn)
{
    if (conn->ssl != NULL) {
        ERR_clear_error();
        SSL_shutdown(conn->ssl);
        ERR_clear_error();
    }
    shutdown(conn->fd, SHUT_WR);
    conn->state = ENDING;
    conn_queue(conn, &conn->listener->idle);
    loop_timer_set_ms(conn->deadline, ENDING_MS);
    loop_fd_change(conn->watch, EPOLLIN);
}

static void conn_await_request(struct conn *conn)
{
    incoming_reset(&conn->incoming);
    conn->answered++;
    conn->state = READING;
    conn->begun = false;
    conn_queue(conn, &conn->listener->idle);
    loop_timer_set_ms(conn->deadline, MIN(IDLE_MS, conn->listener->receive_ms));
    loop_fd_change(conn->watch, EPOLLIN);
}

/* Writes what there is of an answer, or of the word to go on. */
static bool conn_write(struct conn *conn)
{
    while (conn->sent < conn->out->len) {
        gssize put = conn_send(conn, conn->out->str + conn->sent, conn->out->len - conn->sent);
        if (put == GONE)
            return conn_cut(conn);
        if (put == LATER) {
            loop_fd_change(conn->watch, conn->wants);
            return true;
        }
        conn->sent += (gsize)put;
    }
    g_string_truncate(conn->out, 0);
    conn->sent = 0;
    if (conn->state != WRITING)
        return true;
    if (!conn->incoming.keep)
        conn_end(conn);
    else
        conn_await_request(conn);
    return true;
}

bool conn_answer(struct conn *conn, int status, const char *type, const char *allow, const char *body)
{
    conn_reply(conn, status, type, allow, body);
    if (conn->in_call)
        return true; /* written when the call is over */
    if (!conn_write(conn))
        return false;
    if (conn->state == READING && conn->behind != NULL)
        loop_timer_set_ms(conn->deadline, 0); /* the owner, who answers just now, is not to be called from here */
    return true;
}

/* ---- Reading ---- */

static void conn_ask(struct conn *conn)
{
    struct listener *listener = conn->listener;
    const char *rest = NULL;
    const struct route *route = listener_find(listener, conn->incoming.path, &rest);
    if (route == NULL) { /* it had one when its head came */
        conn_refuse(conn, 404);
        return;
    }
    conn->state = ASKING;
    conn->id = ++listener->last_id;
    g_hash_table_insert(listener->asked, &conn->id, conn);
    conn_queue(conn, &listener->busy);
    loop_timer_set_ms(conn->deadline, listener->answer_ms);
    loop_fd_change(conn->watch, EPOLLRDHUP); /* who hangs up waits no longer */
    struct listener_request request = {
        .id = conn->id,
        .method = conn->incoming.method,
        .path = rest,
        .content_type = conn->incoming.content_type != NULL ? conn->incoming.content_type : "",
        .authorization = conn->incoming.authorization != NULL ? conn->incoming.authorization : "",
        .body = conn->incoming.body->str,
        .size = conn->incoming.body->len,
    };
    listener_fn *fn = route->fn;
    void *data = route->data;
    conn->in_call = true;
    fn(&request, data);
    conn->in_call = false;
}

/* A look at the head: nothing is read that nobody wants. */
static bool conn_look(struct conn *conn)
{
    struct incoming *incoming = &conn->incoming;
    const char *rest;
    if (listener_find(conn->listener, incoming->path, &rest) == NULL) {
        incoming->keep = incoming->keep && !incoming->has_body;
        conn_refuse(conn, 404);
        return true;
    }
    if (!incoming->waits)
        return true;
    g_string_append(conn->out, "HTTP/1.1 100 Continue\r\n\r\n");
    return conn_write(conn);
}

static bool conn_take(struct conn *conn, const char *data, gsize size)
{
    struct incoming *incoming = &conn->incoming;
    gsize used = 0;
    /* Once more when a head ends the data: its request may have no body. */
    while (conn->state == READING && (used < size || incoming->state == INCOMING_HEAD)) {
        if (!conn->begun) {
            conn->begun = true;
            conn_queue(conn, &conn->listener->receiving);
            loop_timer_set_ms(conn->deadline, conn->listener->receive_ms);
        }
        used += incoming_feed(incoming, data + used, size - used);
        if (incoming->state == INCOMING_HEAD) {
            if (!conn_look(conn))
                return false;
        } else if (incoming->state == INCOMING_WHOLE) {
            conn_ask(conn);
        } else if (incoming->state == INCOMING_REFUSED) {
            conn_refuse(conn, incoming->status);
        }
        if (conn->state == WRITING && !conn_write(conn))
            return false;
    }
    if (used < size && (conn->state == ASKING || (conn->state == WRITING && incoming->keep))) {
        conn->behind = g_byte_array_new();
        g_byte_array_append(conn->behind, (const guint8 *)data + used, (guint)(size - used));
    }
    return true;
}

/* What came with the request before. */
static bool conn_take_behind(struct conn *conn)
{
    if (conn->state != READING || conn->behind == NULL)
        return true;
    g_autoptr(GByteArray) behind = g_steal_pointer(&conn->behind);
    return conn_take(conn, (const char *)behind->data, behind->len);
}

static bool conn_read(struct conn *conn)
{
    struct listener *listener = conn->listener;
    for (int i = 0; i < READS_MAX && conn->state == READING; i++) {
        gssize got = conn_recv(conn, listener->buffer, sizeof listener->buffer);
        if (got == GONE)
            return conn_cut(conn);
        if (got == LATER) {
            loop_fd_change(conn->watch, conn->wants);
            return true;
        }
        if (!conn_take(conn, listener->buffer, (gsize)got))
            return false;
    }
    return true; /* the buffer holds a whole TLS record: nothing decrypted waits where no socket tells of it */
}

static bool conn_shake_hands(struct conn *conn)
{
    ERR_clear_error();
    int done = SSL_accept(conn->ssl);
    if (done != 1) {
        if (ssl_result(conn, done) == GONE)
            return conn_cut(conn);
        loop_fd_change(conn->watch, conn->wants);
        return true;
    }
    conn->state = READING;
    loop_fd_change(conn->watch, EPOLLIN);
    return conn_read(conn);
}

static bool conn_drain(struct conn *conn)
{
    for (int i = 0; i < READS_MAX; i++) {
        gssize got = conn_recv(conn, conn->listener->buffer, sizeof conn->listener->buffer);
        if (got == LATER)
            return true;
        if (got == GONE || (conn->drained += (gsize)got) > ENDING_BYTES)
            return conn_cut(conn);
    }
    return true;
}

static bool conn_go_on(struct conn *conn)
{
    switch (conn->state) {
    case HANDSHAKE:
        return conn_shake_hands(conn);
    case READING:
        if ((conn->out->len > 0 && !conn_write(conn)) || !conn_take_behind(conn))
            return false;
        return conn_read(conn);
    case WRITING:
        return conn_write(conn) && conn_take_behind(conn);
    case ENDING:
        return conn_drain(conn);
    default: /* the other side hung up */
        return conn_cut(conn);
    }
}

static void conn_ready(uint32_t events, void *data)
{
    (void)events;
    conn_go_on(data);
}

static void conn_late(void *data)
{
    struct conn *conn = data;
    if (conn->state == ASKING) {
        log_warning("listener.unanswered", "%s", "");
        conn_answer(conn, 503, "text/plain; charset=utf-8", NULL, "503 Service Unavailable\n");
        return;
    }
    if (conn->state == WRITING || conn->state == ENDING) {
        conn_free(conn);
        return;
    }
    if (conn->behind != NULL) {
        conn_take_behind(conn);
        return;
    }
    /* It may be us who were late: what has come already counts. */
    bool begun = conn->begun;
    guint answered = conn->answered;
    if (conn_go_on(conn) && (conn->state == READING || conn->state == HANDSHAKE) && conn->begun == begun &&
        conn->answered == answered)
        conn_free(conn);
}

void conn_begin(struct listener *listener, int fd)
{
    struct conn *conn = g_new0(struct conn, 1);
    conn->listener = listener;
    conn->fd = fd;
    conn->link.data = conn;
    conn->out = g_string_new(NULL);
    conn->state = READING;
    incoming_init(&conn->incoming, listener->max_body);
    conn->watch = loop_fd_add(listener->loop, fd, EPOLLIN, conn_ready, conn);
    conn->deadline = loop_timer_new(listener->loop, conn_late, conn);
    loop_timer_set_ms(conn->deadline, listener->receive_ms);
    conn_queue(conn, &listener->idle);
    if (listener->tls != NULL) {
        conn->state = HANDSHAKE;
        conn->ssl = secrets_begin(listener->tls, fd);
        if (conn->ssl == NULL) {
            conn_free(conn);
            return;
        }
    }
    conn_go_on(conn);
}
