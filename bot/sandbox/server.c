#include "bot/sandbox/server.h"

#include "bot/base/embed.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/page_socket.h"
#include "bot/sandbox/uploads.h"

#include <string.h>

enum { BODY_MAX = 16 * 1024 * 1024, FRAME_MAX = 4 * 1024 * 1024, HEADERS_MAX = 4096, CHUNK = 64 * 1024 };

enum conn_kind { CONN_HTTP, CONN_BOT, CONN_PAGE };

struct conn {
    enum conn_kind kind;
    struct lws *wsi;
    /* HTTP: one request at a time */
    const char *method;
    char *path, *query, *content_type, *token, *host;
    bool answered;
    GByteArray *in;
    GBytes *reply;
    gsize sent;
    /* WebSocket */
    GQueue out; /* GBytes * */
    bool ping, close, stuck; /* stuck: nothing is read or written any more */
};

struct per_session {
    struct conn *conn;
};

static struct sandbox *sandbox_of(struct lws *wsi)
{
    return lws_vhost_user(lws_get_vhost(wsi));
}

static void conn_reset(struct conn *conn)
{
    g_clear_pointer(&conn->path, g_free);
    g_clear_pointer(&conn->query, g_free);
    g_clear_pointer(&conn->content_type, g_free);
    g_clear_pointer(&conn->token, g_free);
    g_clear_pointer(&conn->host, g_free);
    g_clear_pointer(&conn->reply, g_bytes_unref);
    g_byte_array_set_size(conn->in, 0);
    conn->sent = 0;
    conn->answered = false;
}

static struct conn *conn_new(struct lws *wsi)
{
    struct conn *conn = g_new0(struct conn, 1);
    conn->wsi = wsi;
    conn->in = g_byte_array_sized_new(256); /* never a NULL, also when empty */
    g_queue_init(&conn->out);
    return conn;
}

static void conn_free(struct conn *conn)
{
    if (conn == NULL)
        return;
    conn_reset(conn);
    g_byte_array_unref(conn->in);
    g_queue_clear_full(&conn->out, (GDestroyNotify)g_bytes_unref);
    g_free(conn);
}

void conn_send(struct conn *conn, const char *text)
{
    g_queue_push_tail(&conn->out, g_bytes_new(text, strlen(text)));
    lws_callback_on_writable(conn->wsi);
}

void conn_ping(struct conn *conn)
{
    conn->ping = true;
    lws_callback_on_writable(conn->wsi);
}

void conn_close(struct conn *conn, bool cut)
{
    if (cut) {
        lws_set_timeout(conn->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
        return;
    }
    conn->close = true;
    lws_callback_on_writable(conn->wsi);
}

void conn_stick(struct conn *conn)
{
    conn->stuck = true;
    lws_rx_flow_control(conn->wsi, 0);
}

bool conn_is_empty(const struct conn *conn)
{
    return g_queue_is_empty((GQueue *)&conn->out);
}

/* A header's value; NULL when absent or unreasonably long. */
static char *header(struct lws *wsi, enum lws_token_indexes token)
{
    char value[2048];
    return lws_hdr_copy(wsi, value, sizeof value, token) > 0 ? g_strdup(value) : NULL;
}

static bool is_local(const char *host)
{
    if (host == NULL)
        return false;
    g_autofree char *name = g_strndup(host, strcspn(host, ":"));
    return strcmp(name, "127.0.0.1") == 0 || strcmp(name, "localhost") == 0;
}

/* Requests of browsers come from our own page only. */
static bool is_own_origin(struct lws *wsi, const char *host)
{
    g_autofree char *origin = header(wsi, WSI_TOKEN_ORIGIN);
    g_autofree char *own = g_strdup_printf("http://%s", host != NULL ? host : "");
    return origin == NULL || strcmp(origin, own) == 0;
}

static char *read_query(struct lws *wsi)
{
    GString *query = g_string_new(NULL);
    char part[2048];
    for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++)
        g_string_append_printf(query, "%s%s", i > 0 ? "&" : "", part);
    return g_string_free(query, FALSE);
}

void reply_header(struct reply *reply, const char *name, char *value)
{
    for (guint i = 0; i + 1 < G_N_ELEMENTS(reply->headers); i += 2) {
        if (reply->headers[i] == NULL) {
            reply->headers[i] = (char *)name;
            reply->headers[i + 1] = value;
            return;
        }
    }
    g_free(value);
}

static bool add_header(struct lws *wsi, const char *name, const char *value, unsigned char **at, unsigned char *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)value, (int)strlen(value),
                                       at, end) == 0;
}

static int reply_with(struct conn *conn, int status, const char *type, const char *body, gsize size,
                      char *const *headers)
{
    unsigned char buffer[LWS_PRE + HEADERS_MAX], *start = buffer + LWS_PRE, *at = start;
    unsigned char *end = buffer + sizeof buffer - 1;
    static const char *const always[][2] = {
        {"x-content-type-options:", "nosniff"},
        {"content-security-policy:",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"referrer-policy:", "no-referrer"},
    };
    if (lws_add_http_common_headers(conn->wsi, (unsigned)status, type, size, &at, end))
        return -1;
    for (guint i = 0; i < G_N_ELEMENTS(always); i++) {
        if (!add_header(conn->wsi, always[i][0], always[i][1], &at, end))
            return -1;
    }
    /* Clients read from it whether an answer is the chat's own or a cache's: only what is ours has it. */
    if (headers == NULL && !add_header(conn->wsi, "cache-control:", "no-store", &at, end))
        return -1;
    for (; headers != NULL && headers[0] != NULL; headers += 2) {
        if (!add_header(conn->wsi, headers[0], headers[1], &at, end))
            return -1;
    }
    if (lws_finalize_write_http_header(conn->wsi, start, &at, end))
        return -1;
    conn->reply = g_bytes_new(body, size);
    conn->sent = 0;
    conn->answered = true;
    lws_callback_on_writable(conn->wsi);
    return 0;
}

static int reply_text(struct conn *conn, int status, const char *text)
{
    return reply_with(conn, status, "text/plain; charset=utf-8", text, strlen(text), NULL);
}

static int reply_page(struct conn *conn)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},  {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"},
        {".png", "image/png"},                  {".ico", "image/x-icon"},
    };
    const char *name = strcmp(conn->path, "/") == 0 ? "index.html" : conn->path + 1;
    for (const struct embedded_file *file = page_files; file->name != NULL; file++) {
        if (strcmp(file->name, name) != 0)
            continue;
        const char *type = "application/octet-stream";
        for (guint i = 0; i < G_N_ELEMENTS(types); i++)
            type = g_str_has_suffix(name, types[i][0]) ? types[i][1] : type;
        return reply_with(conn, 200, type, file->data, file->size, NULL);
    }
    return reply_text(conn, 404, "There is nothing here.\n");
}

/* As long as conn lives and its request is at hand. */
static struct request request_of(const struct conn *conn)
{
    return (struct request){conn->method, conn->path, conn->query, conn->content_type, conn->token, conn->host,
                            (const char *)conn->in->data, conn->in->len};
}

static bool is_post(const struct conn *conn)
{
    return strcmp(conn->method, "GET") != 0;
}

static int answer_misbehave(struct sandbox *sandbox, struct conn *conn)
{
    g_autoptr(cJSON) body = json_parse((const char *)conn->in->data, conn->in->len, NULL);
    const char *wrong = cJSON_IsObject(body) ? misbehave_order(sandbox, body) : "not a JSON object";
    return reply_text(conn, wrong != NULL ? 400 : 200, wrong != NULL ? wrong : "ok");
}

/* A file that a post shows, to be kept by who presses its link. */
static int answer_file(const struct sandbox *sandbox, struct conn *conn, const char *id)
{
    const struct upload *upload = upload_find(sandbox->workspace, id);
    if (upload == NULL || upload->data == NULL)
        return reply_text(conn, 404, "There is no such file.\n");
    g_autofree char *name = g_uri_escape_string(upload->name, NULL, false);
    g_autofree char *how = g_strdup_printf("attachment; filename*=UTF-8''%s", name);
    char *headers[] = {"content-disposition:", how, NULL};
    gsize size = 0;
    const char *data = g_bytes_get_data(upload->data, &size);
    return reply_with(conn, 200, "application/octet-stream", data, size, headers);
}

static int answer_request(struct conn *conn)
{
    struct sandbox *sandbox = sandbox_of(conn->wsi);
    conn->answered = true;
    if (sandbox->ending)
        return -1;
    if (is_post(conn) && strcmp(conn->path, "/sandbox/misbehave") == 0)
        return answer_misbehave(sandbox, conn);
    if (!is_post(conn) && g_str_has_prefix(conn->path, "/sandbox/file/"))
        return answer_file(sandbox, conn, conn->path + strlen("/sandbox/file/"));
    struct request request = request_of(conn);
    struct reply reply = {.status = 200, .type = "text/plain; charset=utf-8"};
    if (!sandbox->face->request(sandbox, &request, &reply))
        return is_post(conn) ? reply_text(conn, 404, "There is nothing here.\n") : reply_page(conn);
    const char *body = reply.body != NULL ? reply.body : "";
    char *headers[G_N_ELEMENTS(reply.headers) + 1] = {0};
    memcpy(headers, reply.headers, sizeof reply.headers);
    int result = reply.cut ? -1 : reply_with(conn, reply.status, reply.type, body, strlen(body), headers);
    g_free(reply.body);
    for (guint i = 1; i < G_N_ELEMENTS(reply.headers); i += 2)
        g_free(reply.headers[i]);
    return result;
}

static const char *method_of(struct lws *wsi)
{
    static const struct {
        enum lws_token_indexes token;
        const char *name;
    } methods[] = {{WSI_TOKEN_POST_URI, "POST"}, {WSI_TOKEN_PUT_URI, "PUT"}, {WSI_TOKEN_DELETE_URI, "DELETE"}};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            return methods[i].name;
    }
    return "GET";
}

static void read_head(struct conn *conn, const char *path)
{
    struct lws *wsi = conn->wsi;
    conn->method = method_of(wsi);
    conn->path = g_strdup(path);
    conn->query = read_query(wsi);
    conn->content_type = header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE);
    conn->host = header(wsi, WSI_TOKEN_HOST);
    g_autofree char *authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
    if (authorization != NULL && g_ascii_strncasecmp(authorization, "Bearer ", 7) == 0)
        conn->token = g_strdup(authorization + 7);
}

static int on_request(struct conn *conn, const char *path)
{
    struct lws *wsi = conn->wsi;
    conn_reset(conn);
    read_head(conn, path);
    if (!is_local(conn->host) || (is_post(conn) && !is_own_origin(wsi, conn->host)))
        return reply_text(conn, 403, "This sandbox answers its own machine only.\n");
    g_autofree char *length = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (is_post(conn) && length != NULL && strcmp(length, "0") != 0)
        return 0; /* its body comes */
    return answer_request(conn);
}

static int write_reply(struct conn *conn)
{
    if (conn->reply == NULL)
        return 0;
    gsize size = 0;
    const unsigned char *data = g_bytes_get_data(conn->reply, &size);
    gsize part = MIN(size - conn->sent, CHUNK);
    bool last = conn->sent + part == size;
    g_autofree unsigned char *buffer = g_malloc(LWS_PRE + part + 1);
    if (part > 0)
        memcpy(buffer + LWS_PRE, data + conn->sent, part);
    if (lws_write(conn->wsi, buffer + LWS_PRE, part, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    conn->sent += part;
    if (!last) {
        lws_callback_on_writable(conn->wsi);
        return 0;
    }
    g_clear_pointer(&conn->reply, g_bytes_unref);
    return lws_http_transaction_completed(conn->wsi) ? -1 : 0;
}

static int write_frame(struct conn *conn)
{
    unsigned char ping[LWS_PRE + 1];
    const struct sandbox *sandbox = sandbox_of(conn->wsi);
    if (conn->stuck)
        return 0;
    if (conn->ping) {
        conn->ping = false;
        ping[LWS_PRE] = '1'; /* libwebsockets answers no empty one */
        if (lws_write(conn->wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0)
            return -1;
        lws_callback_on_writable(conn->wsi);
        return 0;
    }
    GBytes *frame = g_queue_pop_head(&conn->out);
    if (frame != NULL) {
        gsize size = 0;
        const void *data = g_bytes_get_data(frame, &size);
        g_autofree unsigned char *buffer = g_malloc(LWS_PRE + size + 1);
        memcpy(buffer + LWS_PRE, data, size);
        g_bytes_unref(frame);
        if (lws_write(conn->wsi, buffer + LWS_PRE, size, LWS_WRITE_TEXT) < 0)
            return -1;
        lws_callback_on_writable(conn->wsi);
        return 0;
    }
    if (conn->kind == CONN_BOT && !conn->close && sandbox->face->drained != NULL)
        sandbox->face->drained(sandbox_of(conn->wsi), conn);
    if (conn->close) {
        lws_close_reason(conn->wsi, LWS_CLOSE_STATUS_GOINGAWAY, NULL, 0);
        return -1;
    }
    return 0;
}

/* Before the upgrade: may this one come in? Where it wants to go stands in its path. */
static int admit(struct lws *wsi)
{
    struct sandbox *sandbox = sandbox_of(wsi);
    g_autofree char *path = header(wsi, WSI_TOKEN_GET_URI);
    g_autofree char *host = header(wsi, WSI_TOKEN_HOST);
    if (path == NULL || !is_local(host) || sandbox->ending)
        return -1;
    if (strcmp(path, "/sandbox/socket") == 0)
        return is_own_origin(wsi, host) ? 0 : -1;
    struct conn *conn = conn_new(wsi);
    read_head(conn, path);
    struct request request = request_of(conn);
    bool welcome = sandbox->face->admit(sandbox, &request);
    conn_free(conn);
    return welcome ? 0 : -1;
}

static void on_established(struct conn *conn)
{
    struct sandbox *sandbox = sandbox_of(conn->wsi);
    g_autofree char *path = header(conn->wsi, WSI_TOKEN_GET_URI);
    conn->kind = g_strcmp0(path, "/sandbox/socket") == 0 ? CONN_PAGE : CONN_BOT;
    if (conn->kind == CONN_PAGE) {
        pages_opened(sandbox->pages, conn);
        return;
    }
    read_head(conn, path != NULL ? path : "");
    struct request request = request_of(conn);
    sandbox->face->opened(sandbox, conn, &request);
}

static int on_frame(struct conn *conn, const void *data, size_t size)
{
    struct sandbox *sandbox = sandbox_of(conn->wsi);
    if (conn->in->len + size > FRAME_MAX || sandbox->ending)
        return -1;
    g_byte_array_append(conn->in, data, (guint)size);
    if (!lws_is_final_fragment(conn->wsi) || lws_remaining_packet_payload(conn->wsi) > 0)
        return 0;
    GByteArray *whole = conn->in;
    conn->in = g_byte_array_sized_new(256); /* never a NULL, also when empty */
    if (conn->kind == CONN_PAGE)
        pages_message(sandbox->pages, conn, (const char *)whole->data, whole->len);
    else
        sandbox->face->message(sandbox, conn, (const char *)whole->data, whole->len);
    g_byte_array_unref(whole);
    return 0;
}

static void on_closed(struct conn *conn)
{
    struct sandbox *sandbox = sandbox_of(conn->wsi);
    if (sandbox->ending)
        return;
    if (conn->kind == CONN_PAGE)
        pages_closed(sandbox->pages, conn);
    else if (conn->kind == CONN_BOT)
        sandbox->face->closed(sandbox, conn);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct per_session *session = user;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        if (session->conn == NULL)
            session->conn = conn_new(wsi);
        return on_request(session->conn, in);
    case LWS_CALLBACK_HTTP_BODY:
        if (session->conn == NULL || session->conn->in->len + size > BODY_MAX)
            return -1;
        g_byte_array_append(session->conn->in, in, (guint)size);
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (session->conn == NULL || session->conn->answered)
            return 0;
        return answer_request(session->conn);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return session != NULL && session->conn != NULL ? write_reply(session->conn) : 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return admit(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        session->conn = conn_new(wsi);
        on_established(session->conn);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return on_frame(session->conn, in, size);
    case LWS_CALLBACK_RECEIVE_PONG:
        if (session->conn->kind == CONN_BOT && sandbox_of(wsi)->face->ponged != NULL)
            sandbox_of(wsi)->face->ponged(sandbox_of(wsi), session->conn);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return write_frame(session->conn);
    case LWS_CALLBACK_CLOSED:
        if (session->conn == NULL)
            return 0; /* it was not admitted */
        on_closed(session->conn);
        conn_free(session->conn);
        session->conn = NULL;
        return 0;
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (session != NULL && session->conn != NULL && session->conn->kind == CONN_HTTP) {
            conn_free(session->conn);
            session->conn = NULL;
        }
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "askwhy-sandbox", .callback = callback, .per_session_data_size = sizeof(struct per_session),
     .rx_buffer_size = 64 * 1024},
    {0},
};

bool server_start(struct sandbox *sandbox, int port, GError **error)
{
    sandbox->port = loop_listen(sandbox->loop, NULL, port, protocols, sandbox, error);
    g_snprintf(sandbox->host, sizeof sandbox->host, "127.0.0.1:%d", sandbox->port);
    return sandbox->port > 0;
}
