#include "bot/net/websocket.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/net/loop_internal.h"
#include "bot/net/proxy.h"

#include <openssl/ssl.h>
#include <string.h>

enum {
    HANDSHAKE_MS = 20 * 1000,
    STOOD_STILL_MS = 1000, /* so late is no timer of a loop that turns */
    SPARED_MS = 5 * 1000,
    CLOSE_MS = 5 * 1000, /* to send what is queued and hear the other side's close */
    MESSAGE_LIMIT = 4 * 1024 * 1024,
    ENDS = 4096, /* kept of each end of a message over the limit */
    QUEUE_LIMIT = 16 * 1024 * 1024,
    /* lws cuts what is longer: the name before it checks the certificate, the path as it sends it. */
    NAME_LIMIT = 118,
    PROXIED_NAME_LIMIT = 80,
    PATH_LIMIT = 2000,
    HEADERS_LIMIT = 4096,
};

enum state { RESOLVING, CONNECTING, OPEN, CLOSING };

struct websocket {
    struct loop *loop;
    struct rest *rest;
    struct websocket_handler handler;
    void *data;
    enum state state;
    char *host, *authority, *path;
    int port;
    bool tls;
    bool proxied;
    struct proxy proxy;
    char **headers;
    int handshake_ms, ping_ms, silence_ms;
    gsize max_message;
    struct lws *wsi; /* NULL before the connection and once lws has ended it */
    bool in_connect; /* lws_client_connect_via_info() is on the stack */
    char *ended;     /* why, from the first thing that ended it */
    struct loop_timer *deadline; /* of the handshake, then of silence, then of the close */
    struct loop_timer *ping;
    struct loop_timer *end; /* calls closed() from the loop */
    bool ping_due;
    int64_t heard_us;
    bool spared; /* silent too long, but it may be our own fault */
    GString *partial;
    GString *tail; /* of a message over the limit, whose head partial keeps */
    GQueue queue; /* GByteArray, LWS_PRE bytes before the text */
    gsize queued;
    int close_code;
};

static void packet_free(void *packet)
{
    g_byte_array_unref(packet);
}

/* lws goes on alone: the next round closes it and its callbacks find nobody. */
static void wsi_let_go(struct websocket *websocket)
{
    if (websocket->wsi == NULL)
        return;
    lws_set_opaque_user_data(websocket->wsi, NULL);
    lws_set_timeout(websocket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    websocket->wsi = NULL;
}

void websocket_free(struct websocket *websocket)
{
    if (websocket == NULL)
        return;
    if (websocket->state == RESOLVING)
        rest_forget(websocket->rest, websocket);
    wsi_let_go(websocket);
    loop_timer_free(websocket->deadline);
    loop_timer_free(websocket->ping);
    loop_timer_free(websocket->end);
    g_queue_clear_full(&websocket->queue, packet_free);
    if (websocket->partial != NULL)
        g_string_free(websocket->partial, TRUE);
    if (websocket->tail != NULL)
        g_string_free(websocket->tail, TRUE);
    g_strfreev(websocket->headers);
    proxy_done(&websocket->proxy);
    g_free(websocket->host);
    g_free(websocket->authority);
    g_free(websocket->path);
    g_free(websocket->ended);
    g_free(websocket);
}

/* Every way to fail or end comes here; the first one gives the reason. closed() follows from the
 * loop, never from within lws or the owner's call. */
static void conn_lost(struct websocket *websocket, const char *reason)
{
    if (websocket->ended == NULL) {
        websocket->ended = g_strdup(reason);
        loop_timer_set_ms(websocket->end, 0);
    }
    loop_timer_clear(websocket->deadline);
    loop_timer_clear(websocket->ping);
    if (!websocket->in_connect)
        wsi_let_go(websocket);
}

static void end_fired(void *data)
{
    struct websocket *websocket = data;
    g_autofree char *reason = g_steal_pointer(&websocket->ended);
    struct websocket_handler handler = websocket->handler;
    void *owner = websocket->data;
    websocket_free(websocket);
    handler.closed(reason, owner);
}

static void deadline_fired(void *data)
{
    struct websocket *websocket = data;
    if (websocket->state == RESOLVING || websocket->state == CONNECTING) {
        conn_lost(websocket, "the handshake took too long");
        return;
    }
    if (websocket->state == CLOSING) {
        conn_lost(websocket, "closed without an answer");
        return;
    }
    int64_t quiet_ms = (clock_monotonic_us() - websocket->heard_us) / 1000;
    if (quiet_ms >= websocket->silence_ms + STOOD_STILL_MS && !websocket->spared) {
        /* It was we who stood still, behind a slow disk or asleep: first what came meanwhile is read. */
        websocket->spared = true;
        loop_timer_set_ms(websocket->deadline, SPARED_MS);
    } else if (quiet_ms >= websocket->silence_ms)
        conn_lost(websocket, "silence");
    else
        loop_timer_set_ms(websocket->deadline, websocket->silence_ms - quiet_ms);
}

static void ping_fired(void *data)
{
    struct websocket *websocket = data;
    websocket->ping_due = true;
    lws_callback_on_writable(websocket->wsi);
    loop_timer_set_ms(websocket->ping, websocket->ping_ms);
}

/* ---- opening ---- */

/* The proxy at this address, which resolves the host itself. */
static struct lws_vhost *vhost_through(const struct websocket *websocket, const char *address)
{
    const struct proxy *proxy = &websocket->proxy;
    bool ipv6 = strchr(address, ':') != NULL;
    g_autofree char *text = g_strdup_printf("%s%s%s%s%s:%d", proxy->user != NULL ? proxy->user : "",
                                            proxy->user != NULL ? "@" : "", ipv6 ? "[" : "", address, ipv6 ? "]" : "",
                                            proxy->port);
    return loop_proxy_vhost(websocket->loop, text);
}

static void connect_to(struct websocket *websocket, const char *address)
{
    struct lws_vhost *vhost = websocket->proxied ? vhost_through(websocket, address)
                                                 : loop_client_vhost(websocket->loop);
    if (vhost == NULL) {
        conn_lost(websocket, "libwebsockets does not take this proxy");
        return;
    }
    struct lws_client_connect_info info = {
        .context = loop_context(websocket->loop),
        .vhost = vhost,
        .address = websocket->proxied ? websocket->host : address,
        .port = websocket->port,
        .path = websocket->path,
        .host = websocket->authority, /* lws checks the certificate for this name */
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (websocket->tls ? LCCSCF_USE_SSL : 0),
        .alpn = "http/1.1",
        .ietf_version_or_minus_one = -1,
        .local_protocol_name = WEBSOCKET_PROTOCOL,
        .opaque_user_data = websocket,
    };
    websocket->in_connect = true;
    struct lws *wsi = lws_client_connect_via_info(&info);
    websocket->in_connect = false;
    if (wsi == NULL)
        conn_lost(websocket, "cannot connect");
    else if (websocket->ended == NULL)
        websocket->wsi = wsi;
}

static void resolved(const char *address, const char *error, void *data)
{
    struct websocket *websocket = data;
    websocket->state = CONNECTING; /* no lookup to forget any more */
    if (websocket->ended != NULL)
        return;
    if (address != NULL)
        connect_to(websocket, address);
    else
        conn_lost(websocket, error);
}

/* As a name or number of the network; what was written as %0a is a line's end by now. */
static bool is_host(const char *host)
{
    return *host != '\0' && strspn(host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-._:") == strlen(host);
}

/* Why it cannot be used, or NULL. */
static const char *url_take(struct websocket *websocket, const char *url)
{
    for (const char *c = url; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 127)
            return "the address holds characters that do not belong there";
    }
    g_autofree char *scheme = NULL, *user = NULL, *path = NULL, *query = NULL;
    int port = -1;
    if (!g_uri_split(url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, &scheme, &user, &websocket->host, &port,
                     &path, &query, NULL, NULL) ||
        scheme == NULL || websocket->host == NULL || !is_host(websocket->host) || user != NULL ||
        (*path != '\0' && *path != '/'))
        return "not a WebSocket address";
    websocket->tls = g_ascii_strcasecmp(scheme, "wss") == 0;
    if (!websocket->tls && g_ascii_strcasecmp(scheme, "ws") != 0)
        return "not a WebSocket address";
    int usual = websocket->tls ? 443 : 80;
    websocket->port = port > 0 ? port : usual;
    bool ipv6 = strchr(websocket->host, ':') != NULL;
    g_autofree char *name = ipv6 ? g_strdup_printf("[%s]", websocket->host) : g_strdup(websocket->host);
    websocket->authority = websocket->port == usual ? g_strdup(name)
                                                    : g_strdup_printf("%s:%d", name, websocket->port);
    websocket->path = g_strconcat(*path != '\0' ? path : "/", query != NULL ? "?" : "", query, NULL);
    if (strlen(websocket->authority) > NAME_LIMIT || strlen(websocket->path) > PATH_LIMIT)
        return "the address is too long";
    websocket->proxied = proxy_for(websocket->tls, websocket->host, &websocket->proxy);
    if (websocket->proxied && strlen(websocket->host) > PROXIED_NAME_LIMIT)
        return "the host name is too long for a proxy";
    return NULL;
}

static const char *headers_take(struct websocket *websocket, const char *const *headers)
{
    gsize size = 0;
    websocket->headers = g_strdupv((char **)headers);
    for (char **each = websocket->headers; each != NULL && *each != NULL; each++) {
        if (strpbrk(*each, "\r\n") != NULL)
            return "a header holds a line end";
        size += strlen(*each);
    }
    return size > HEADERS_LIMIT ? "the headers are too long" : NULL;
}

struct websocket *websocket_open(struct loop *loop, struct rest *rest, const struct websocket_options *options,
                                 const struct websocket_handler *handler, void *data)
{
    struct websocket *websocket = g_new0(struct websocket, 1);
    websocket->loop = loop;
    websocket->rest = rest;
    websocket->handler = *handler;
    websocket->data = data;
    websocket->state = RESOLVING;
    websocket->handshake_ms = options->handshake_ms > 0 ? options->handshake_ms : HANDSHAKE_MS;
    websocket->silence_ms = options->silence_ms;
    websocket->ping_ms = options->ping_ms > 0 ? options->ping_ms : options->silence_ms / 3;
    websocket->max_message = options->max_message > 0 ? options->max_message : MESSAGE_LIMIT;
    websocket->deadline = loop_timer_new(loop, deadline_fired, websocket);
    websocket->ping = loop_timer_new(loop, ping_fired, websocket);
    websocket->end = loop_timer_new(loop, end_fired, websocket);
    g_queue_init(&websocket->queue);
    const char *wrong = url_take(websocket, options->url);
    if (wrong == NULL)
        wrong = headers_take(websocket, options->headers);
    if (wrong != NULL) {
        conn_lost(websocket, wrong);
        return websocket;
    }
    loop_timer_set_ms(websocket->deadline, websocket->handshake_ms);
    if (websocket->proxied)
        rest_resolve(rest, websocket->proxy.host, websocket->proxy.port, resolved, websocket);
    else
        rest_resolve(rest, websocket->host, websocket->port, resolved, websocket);
    return websocket;
}

/* ---- sending and closing ---- */

bool websocket_send(struct websocket *websocket, const char *text, gsize size)
{
    if (websocket->state != OPEN || websocket->ended != NULL || websocket->queued + size > QUEUE_LIMIT)
        return false;
    static const guint8 room[LWS_PRE];
    GByteArray *packet = g_byte_array_sized_new((guint)(LWS_PRE + size));
    g_byte_array_append(packet, room, LWS_PRE);
    g_byte_array_append(packet, (const guint8 *)text, (guint)size);
    g_queue_push_tail(&websocket->queue, packet);
    websocket->queued += size;
    lws_callback_on_writable(websocket->wsi);
    return true;
}

void websocket_close(struct websocket *websocket, int code)
{
    if (websocket->ended != NULL || websocket->state == CLOSING)
        return;
    if (websocket->state != OPEN) {
        if (websocket->state == RESOLVING)
            rest_forget(websocket->rest, websocket);
        conn_lost(websocket, "closed before it was open");
        return;
    }
    websocket->state = CLOSING;
    websocket->close_code = code;
    loop_timer_clear(websocket->ping);
    loop_timer_set_ms(websocket->deadline, CLOSE_MS);
    lws_callback_on_writable(websocket->wsi);
}

static bool write_frame(struct websocket *websocket)
{
    GByteArray *packet = g_queue_pop_head(&websocket->queue);
    gsize size = packet->len - LWS_PRE;
    websocket->queued -= size;
    int written = lws_write(websocket->wsi, packet->data + LWS_PRE, size, LWS_WRITE_TEXT);
    g_byte_array_unref(packet);
    return written >= (int)size;
}

/* What the connection takes, in order; the close frame after all of it. Nonzero ends the connection. */
static int writeable(struct websocket *websocket)
{
    if (websocket->ping_due) {
        guint8 ping[LWS_PRE + 1];
        websocket->ping_due = false;
        if (lws_write(websocket->wsi, ping + LWS_PRE, 0, LWS_WRITE_PING) < 0)
            return -1;
    } else if (websocket->queue.length > 0) {
        /* One a round would be one a commit when much is under way. */
        do {
            if (!write_frame(websocket))
                return -1;
        } while (websocket->queue.length > 0 && !lws_send_pipe_choked(websocket->wsi));
    } else if (websocket->state == CLOSING) {
        lws_close_reason(websocket->wsi, (enum lws_close_status)websocket->close_code, NULL, 0);
        return -1;
    }
    if (websocket->queue.length > 0 || websocket->state == CLOSING)
        lws_callback_on_writable(websocket->wsi);
    return 0;
}

/* ---- what lws tells ---- */

static void note_heard(struct websocket *websocket)
{
    websocket->heard_us = clock_monotonic_us();
    websocket->spared = false;
}

static void opened(struct websocket *websocket)
{
    websocket->state = OPEN;
    note_heard(websocket);
    loop_timer_clear(websocket->deadline);
    if (websocket->silence_ms > 0)
        loop_timer_set_ms(websocket->deadline, websocket->silence_ms);
    if (websocket->ping_ms > 0)
        loop_timer_set_ms(websocket->ping, websocket->ping_ms);
    if (websocket->handler.opened != NULL)
        websocket->handler.opened(websocket->data);
}

/* Only the ends of a message over the limit are kept, however long it goes on. */
static void keep_ends(struct websocket *websocket, const char *piece, gsize size)
{
    if (websocket->tail == NULL) {
        websocket->tail = g_string_new(NULL);
        gsize head = MIN(websocket->partial->len, ENDS);
        g_string_append_len(websocket->tail, websocket->partial->str + head,
                            (gssize)(websocket->partial->len - head));
        GString *kept = g_string_new_len(websocket->partial->str, (gssize)head);
        g_string_free(websocket->partial, TRUE);
        websocket->partial = kept;
    }
    gsize head = MIN(size, ENDS - websocket->partial->len);
    g_string_append_len(websocket->partial, piece, (gssize)head);
    g_string_append_len(websocket->tail, piece + head, (gssize)(size - head));
    if (websocket->tail->len > ENDS)
        g_string_erase(websocket->tail, 0, (gssize)(websocket->tail->len - ENDS));
}

static void received(struct websocket *websocket, const char *piece, gsize size)
{
    note_heard(websocket);
    if (lws_frame_is_binary(websocket->wsi)) {
        conn_lost(websocket, "a binary message");
        return;
    }
    if (websocket->partial == NULL)
        websocket->partial = g_string_sized_new(size);
    bool over = websocket->tail != NULL || websocket->partial->len + size > websocket->max_message;
    if (over && websocket->handler.too_large == NULL) {
        conn_lost(websocket, "a message over the size limit");
        return;
    }
    if (over)
        keep_ends(websocket, piece, size);
    else
        g_string_append_len(websocket->partial, piece, (gssize)size);
    if (!lws_is_final_fragment(websocket->wsi) || lws_remaining_packet_payload(websocket->wsi) > 0)
        return;
    GString *whole = g_steal_pointer(&websocket->partial);
    if (over) {
        g_string_append_len(whole, websocket->tail->str, (gssize)websocket->tail->len);
        g_string_free(g_steal_pointer(&websocket->tail), TRUE);
    }
    /* Either may free websocket. */
    void (*tell)(const char *text, gsize size, void *data) =
        over ? websocket->handler.too_large : websocket->handler.message;
    tell(whole->str, whole->len, websocket->data);
    g_string_free(whole, TRUE);
}

static void connect_failed(struct websocket *websocket, struct lws *wsi, const char *why)
{
    unsigned status = lws_http_client_http_response(wsi);
    if (g_strcmp0(why, "read failed") == 0) /* all that lws says of a server that takes us and then ends */
        why = "the handshake was cut";
    SSL *ssl = websocket->tls ? lws_get_ssl(wsi) : NULL;
    long verdict = ssl != NULL ? SSL_get_verify_result(ssl) : X509_V_OK;
    g_autofree char *reason =
        verdict != X509_V_OK ? g_strdup_printf("its certificate is refused: %s", X509_verify_cert_error_string(verdict))
        : status > 0         ? g_strdup_printf("refused with HTTP status %u", status)
                             : g_strdup(why != NULL ? why : "cannot connect");
    conn_lost(websocket, reason);
}

static void ended(struct websocket *websocket, const char *reason)
{
    websocket->wsi = NULL;
    if (websocket->state == CLOSING)
        conn_lost(websocket, "closed");
    else
        conn_lost(websocket, reason);
}

int websocket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    (void)user;
    struct websocket *websocket = lws_get_opaque_user_data(wsi);
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
        unsigned char **at = in, *end = *at + size;
        if (websocket == NULL)
            return -1;
        for (char **each = websocket->headers; each != NULL && each[0] != NULL && each[1] != NULL; each += 2) {
            g_autofree char *name = g_strconcat(each[0], ":", NULL);
            if (lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)each[1],
                                            (int)strlen(each[1]), at, end) != 0)
                return -1;
        }
        return 0;
    }
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        if (websocket == NULL)
            return -1;
        websocket->wsi = wsi;
        opened(websocket);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (websocket == NULL)
            return -1;
        loop_heard(websocket->loop);
        received(websocket, in, size);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        if (websocket != NULL)
            note_heard(websocket);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return websocket != NULL ? writeable(websocket) : 0;
    /* After any of these three wsi is lws' own to end; a handshake the server drops brings only the last. */
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        if (websocket != NULL) {
            lws_set_opaque_user_data(wsi, NULL);
            websocket->wsi = NULL;
            connect_failed(websocket, wsi, in);
        }
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
        if (websocket != NULL) {
            lws_set_opaque_user_data(wsi, NULL);
            ended(websocket, reason == LWS_CALLBACK_CLIENT_CLOSED ? "the server closed" : "the handshake was cut");
        }
        return 0;
    default:
        return 0;
    }
}
