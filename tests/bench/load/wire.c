#include "tests/bench/load/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, PIECE_OF_ANSWER = 4096 };
enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct wire {
    struct loop *loop;
    struct wire_handler handler;
    void *data;
    int listener, port;
    struct loop_fd *watch;
    GHashTable *conns;
    GPtrArray *dirty; /* conns with something to write */
};

struct wire_conn {
    struct wire *wire;
    int fd;
    struct loop_fd *watch;
    GByteArray *in, *out;
    gsize taken;
    bool websocket, dirty, gone;
    bool outward, asking; /* we called; the answer is not there yet */
    guint call;
};

static void conn_end(struct wire_conn *conn)
{
    if (conn->gone)
        return;
    conn->gone = true;
    loop_fd_remove(conn->watch);
    close(conn->fd);
    if (conn->websocket)
        conn->wire->handler.closed(conn, conn->wire->data);
    if (conn->asking)
        conn->wire->handler.failed(conn, conn->call, conn->wire->data);
    /* Freed in wire_flush(): callers up the stack may still look at it. */
    if (!conn->dirty)
        g_ptr_array_add(conn->wire->dirty, conn);
    conn->dirty = true;
}

static void conn_free(void *data)
{
    struct wire_conn *conn = data;
    if (!conn->gone) {
        loop_fd_remove(conn->watch);
        close(conn->fd);
    }
    g_byte_array_unref(conn->in);
    g_byte_array_unref(conn->out);
    g_free(conn);
}

static void put(struct wire_conn *conn, const void *bytes, gsize size)
{
    if (conn->gone)
        return;
    g_byte_array_append(conn->out, bytes, (guint)size);
    if (!conn->dirty)
        g_ptr_array_add(conn->wire->dirty, conn);
    conn->dirty = true;
}

static void put_frame(struct wire_conn *conn, int opcode, const void *bytes, gsize size)
{
    guint8 head[4] = {(guint8)(0x80 | opcode)};
    gsize length = 2;
    if (size < 126) {
        head[1] = (guint8)size;
    } else if (size <= G_MAXUINT16) {
        head[1] = 126;
        head[2] = (guint8)(size >> 8);
        head[3] = (guint8)size;
        length = 4;
    } else {
        g_error("a frame of %zu bytes", size);
    }
    put(conn, head, length);
    put(conn, bytes, size);
}

void wire_send(struct wire_conn *conn, const char *text, gsize size)
{
    put_frame(conn, OP_TEXT, text, size);
}

void wire_answer(struct wire_conn *conn, int status, const char *json)
{
    gsize size = strlen(json);
    char head[160];
    int length = g_snprintf(head, sizeof head,
                            "HTTP/1.1 %d %s\r\ncontent-type: application/json\r\n"
                            "content-length: %zu\r\n\r\n",
                            status, status == 201 ? "Created" : "OK", size);
    put(conn, head, (gsize)length);
    put(conn, json, size);
}

void wire_cut(struct wire_conn *conn)
{
    conn_end(conn);
}

/* ---- what comes in ---- */

/* A header's value in a block of them; NULL when it is not there. */
static char *header(const char *head, const char *name)
{
    gsize length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (g_ascii_strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;
            return g_strstrip(g_strndup(value, strcspn(value, "\r")));
        }
    }
    return NULL;
}

static void upgrade(struct wire_conn *conn, const char *target, const char *key)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, (const guchar *)key, -1);
    g_checksum_update(sum, (const guchar *)"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1); /* RFC 6455, 1.3 */
    guint8 digest[20];
    gsize size = sizeof digest;
    g_checksum_get_digest(sum, digest, &size);
    g_autofree char *accept = g_base64_encode(digest, size);
    g_autofree char *answer = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                              "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                                              accept);
    put(conn, answer, strlen(answer));
    conn->websocket = true;
    conn->wire->handler.opened(conn, target, conn->wire->data);
}

/* A request or an answer; false: not all of it is there yet. first: the first line's words. */
static bool take_message(struct wire_conn *conn, char **head, char ***first, char **body)
{
    char *start = (char *)conn->in->data + conn->taken;
    gsize there = conn->in->len - conn->taken;
    char *end = g_strstr_len(start, (gssize)there, "\r\n\r\n");
    if (end == NULL)
        return false;
    g_autofree char *lines = g_strndup(start, (gsize)(end - start) + 2);
    g_autofree char *length = header(lines, "content-length");
    g_autofree char *encoding = header(lines, "transfer-encoding");
    if (encoding != NULL)
        g_error("chunks: %.200s", lines);
    gsize size = length != NULL ? (gsize)g_ascii_strtoull(length, NULL, 10) : 0;
    gsize before = (gsize)(end - start) + 4;
    if (there < before + size)
        return false;
    conn->taken += before + size;
    *body = g_strndup(start + before, size);
    *first = g_strsplit(lines, " ", 3);
    if (g_strv_length(*first) < 3)
        g_error("not HTTP: %.80s", lines);
    *head = g_steal_pointer(&lines);
    return true;
}

static bool take_request(struct wire_conn *conn)
{
    g_autofree char *head = NULL, *body = NULL;
    g_auto(GStrv) words = NULL;
    if (!take_message(conn, &head, &words, &body))
        return false;
    g_autofree char *key = header(head, "sec-websocket-key");
    if (key != NULL)
        upgrade(conn, words[1], key);
    else
        conn->wire->handler.request(conn, words[1], body, conn->wire->data);
    return true;
}

static bool take_answer(struct wire_conn *conn)
{
    g_autofree char *head = NULL, *body = NULL;
    g_auto(GStrv) words = NULL;
    if (!take_message(conn, &head, &words, &body))
        return false;
    if (!conn->asking)
        g_error("an answer nobody asked for: %.200s", head);
    conn->asking = false;
    conn->wire->handler.answered(conn, conn->call, (int)g_ascii_strtoll(words[1], NULL, 10), body, conn->wire->data);
    return true;
}

static bool take_frame(struct wire_conn *conn)
{
    guint8 *at = conn->in->data + conn->taken;
    gsize there = conn->in->len - conn->taken;
    if (there < 6)
        return false;
    gsize size = at[1] & 0x7f, head = 2;
    if (size == 126) {
        size = (gsize)at[2] << 8 | at[3];
        head = 4;
    }
    if ((at[0] & 0xf0) != 0x80 || (at[1] & 0x80) == 0 || (at[1] & 0x7f) == 127)
        g_error("a frame that is fragmented, compressed, unmasked or huge");
    if (there < head + 4 + size)
        return false;
    const guint8 *mask = at + head;
    guint8 *text = at + head + 4;
    for (gsize i = 0; i < size; i++)
        text[i] ^= mask[i % 4];
    conn->taken += head + 4 + size;
    switch (at[0] & 0x0f) {
    case OP_TEXT:
        conn->wire->handler.frame(conn, (const char *)text, size, conn->wire->data);
        break;
    case OP_PING:
        put_frame(conn, OP_PONG, text, size);
        break;
    case OP_CLOSE:
        conn_end(conn);
        break;
    default:
        break;
    }
    return true;
}

static bool take_one(struct wire_conn *conn)
{
    return conn->websocket ? take_frame(conn) : conn->outward ? take_answer(conn) : take_request(conn);
}

static void take_all(struct wire_conn *conn)
{
    while (!conn->gone && take_one(conn))
        continue;
    if (conn->taken > 0)
        g_byte_array_remove_range(conn->in, 0, (guint)conn->taken);
    conn->taken = 0;
}

static void write_some(struct wire_conn *conn)
{
    ssize_t written = conn->out->len > 0 ? send(conn->fd, conn->out->data, conn->out->len, MSG_NOSIGNAL) : 0;
    if (written > 0)
        g_byte_array_remove_range(conn->out, 0, (guint)written);
    else if (written < 0 && errno != EAGAIN)
        conn_end(conn);
    if (!conn->gone)
        loop_fd_change(conn->watch, conn->out->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void ready(uint32_t events, void *data)
{
    struct wire_conn *conn = data;
    if ((events & EPOLLOUT) != 0)
        write_some(conn);
    if (conn->gone || (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
        return;
    guint before = conn->in->len, piece = conn->outward ? PIECE_OF_ANSWER : PIECE;
    g_byte_array_set_size(conn->in, before + piece);
    ssize_t count = recv(conn->fd, conn->in->data + before, piece, 0);
    g_byte_array_set_size(conn->in, before + (guint)MAX(count, 0));
    if (count == 0 || (count < 0 && errno != EAGAIN))
        conn_end(conn);
    else
        take_all(conn);
}

static struct wire_conn *conn_new(struct wire *wire, int fd)
{
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct wire_conn *conn = g_new0(struct wire_conn, 1);
    *conn = (struct wire_conn){.wire = wire, .fd = fd, .in = g_byte_array_new(), .out = g_byte_array_new()};
    conn->watch = loop_fd_add(wire->loop, fd, EPOLLIN, ready, conn);
    g_hash_table_add(wire->conns, conn);
    return conn;
}

static void accept_ready(uint32_t events, void *data)
{
    (void)events;
    struct wire *wire = data;
    int fd;
    while ((fd = accept4(wire->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
        conn_new(wire, fd);
}

struct wire_conn *wire_call(struct wire *wire, int port, const char *request, gsize size, guint call)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS))
        g_error("calling: %s", g_strerror(errno));
    struct wire_conn *conn = conn_new(wire, fd);
    conn->outward = conn->asking = true;
    conn->call = call;
    put(conn, request, size);
    return conn;
}

void wire_flush(struct wire *wire)
{
    for (guint i = 0; i < wire->dirty->len; i++) {
        struct wire_conn *conn = g_ptr_array_index(wire->dirty, i);
        if (!conn->gone)
            write_some(conn);
        if (conn->gone)
            g_hash_table_remove(wire->conns, conn);
        else
            conn->dirty = false;
    }
    g_ptr_array_set_size(wire->dirty, 0);
}

struct wire *wire_new(struct loop *loop, const struct wire_handler *handler, void *data)
{
    struct wire *wire = g_new0(struct wire, 1);
    *wire = (struct wire){.loop = loop, .handler = *handler, .data = data, .dirty = g_ptr_array_new()};
    wire->conns = g_hash_table_new_full(NULL, NULL, conn_free, NULL);
    wire->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(wire->listener, (struct sockaddr *)&address, size) != 0 || listen(wire->listener, 64) != 0 ||
        getsockname(wire->listener, (struct sockaddr *)&address, &size) != 0)
        g_error("listening: %s", g_strerror(errno));
    wire->port = ntohs(address.sin_port);
    wire->watch = loop_fd_add(loop, wire->listener, EPOLLIN, accept_ready, wire);
    return wire;
}

int wire_port(const struct wire *wire)
{
    return wire->port;
}

void wire_free(struct wire *wire)
{
    loop_fd_remove(wire->watch);
    close(wire->listener);
    g_hash_table_destroy(wire->conns);
    g_ptr_array_unref(wire->dirty);
    g_free(wire);
}
