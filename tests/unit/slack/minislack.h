/* A mini Slack on the test's loop: apps.connections.open and WebSockets on one port. */
#ifndef ASKWHY_TEST_MINISLACK_H
#define ASKWHY_TEST_MINISLACK_H

#include "tests/unit/net/story.h"
#include "tests/unit/net/upgrade.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
    int fd;
    struct loop_fd *watch;
    GString *in, *out;
    bool upgraded;
};

static int listener, port;
static struct loop_fd *listener_watch;
static GPtrArray *peers;    /* every TCP connection that is open */
static GPtrArray *upgraded; /* WebSockets in the order they came; NULL once closed */
static GHashTable *tickets; /* not yet used */
static int opens_seen, tickets_refused;
static GString *last_open;
static GQueue answers; /* what to answer to apps.connections.open instead of an address */
static bool says_hello;
static const char *hello;
static GString *acks; /* "socket number:text " */

static void peer_free(void *data)
{
    struct peer *peer = data;
    for (guint i = 0; i < upgraded->len; i++) {
        if (upgraded->pdata[i] == peer)
            upgraded->pdata[i] = NULL;
    }
    loop_fd_remove(peer->watch);
    close(peer->fd);
    g_string_free(peer->in, TRUE);
    g_string_free(peer->out, TRUE);
    g_free(peer);
}

static void flush(struct peer *peer)
{
    ssize_t sent = send(peer->fd, peer->out->str, peer->out->len, MSG_NOSIGNAL);
    assert_int_equal(sent, peer->out->len); /* all of it is small */
    g_string_truncate(peer->out, 0);
}

static void frame(struct peer *peer, const char *text)
{
    gsize size = strlen(text);
    assert_true(size < 65536);
    g_string_append_c(peer->out, (char)0x81);
    if (size < 126) {
        g_string_append_c(peer->out, (char)size);
    } else {
        g_string_append_c(peer->out, 126);
        g_string_append_c(peer->out, (char)(size >> 8));
        g_string_append_c(peer->out, (char)(size & 255));
    }
    g_string_append(peer->out, text);
    flush(peer);
}

static struct peer *nth(guint number)
{
    assert_true(number < upgraded->len);
    assert_non_null(upgraded->pdata[number]);
    return upgraded->pdata[number];
}

static void drop(guint number)
{
    g_ptr_array_remove(peers, nth(number));
}

static void serve_open(struct peer *peer, const char *request)
{
    opens_seen++;
    g_string_assign(last_open, request);
    g_autofree char *scripted = g_queue_pop_head(&answers);
    if (scripted != NULL) {
        g_string_append(peer->out, scripted);
        flush(peer);
        return;
    }
    char *ticket = g_strdup_printf("T%d", opens_seen);
    g_hash_table_add(tickets, ticket);
    g_autofree char *body = g_strdup_printf("{\"ok\":true,\"url\":\"ws:\\/\\/127.0.0.1:%d\\/link\\/?ticket=%s&app_id=A1\"}",
                                            port, ticket);
    g_string_append_printf(peer->out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                           strlen(body), body);
    flush(peer);
}

static bool serve_upgrade(struct peer *peer, char *request)
{
    char *ticket = strstr(request, "ticket=") + 7;
    g_autofree char *given = g_strndup(ticket, strcspn(ticket, "& "));
    if (!g_hash_table_remove(tickets, given)) {
        tickets_refused++;
        return false;
    }
    g_autofree char *reply = upgrade_answer(request);
    assert_non_null(reply);
    g_string_append(peer->out, reply);
    flush(peer);
    peer->upgraded = true;
    g_ptr_array_add(upgraded, peer);
    if (says_hello)
        frame(peer, hello);
    return true;
}

/* The client's short masked frames; a close is answered by hanging up: false, pings not at all. */
static bool take_frames(struct peer *peer)
{
    while (peer->in->len >= 6) {
        guint8 *bytes = (guint8 *)peer->in->str;
        gsize size = bytes[1] & 127;
        assert_true(size < 126);
        if (peer->in->len < 6 + size)
            return true;
        if ((bytes[0] & 15) == 8)
            return false;
        if ((bytes[0] & 15) == 1) {
            guint number = 0;
            assert_true(g_ptr_array_find(upgraded, peer, &number));
            g_string_append_printf(acks, "%u:", number);
            for (gsize i = 0; i < size; i++)
                g_string_append_c(acks, (char)(bytes[6 + i] ^ bytes[2 + i % 4]));
            g_string_append_c(acks, ' ');
        }
        g_string_erase(peer->in, 0, (gssize)(6 + size));
    }
    return true;
}

static void peer_ready(uint32_t events, void *data)
{
    (void)events;
    struct peer *peer = data;
    char buffer[8192];
    ssize_t got = read(peer->fd, buffer, sizeof buffer);
    if (got <= 0) {
        g_ptr_array_remove(peers, peer);
        return;
    }
    g_string_append_len(peer->in, buffer, got);
    if (peer->upgraded) {
        if (!take_frames(peer))
            g_ptr_array_remove(peers, peer);
        return;
    }
    if (strstr(peer->in->str, "\r\n\r\n") == NULL)
        return;
    g_autofree char *request = g_strdup(peer->in->str);
    g_string_truncate(peer->in, 0);
    if (g_str_has_prefix(request, "POST "))
        serve_open(peer, request);
    else if (!serve_upgrade(peer, request))
        g_ptr_array_remove(peers, peer);
}

static void listener_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct peer *peer = g_new0(struct peer, 1);
    peer->fd = fd;
    peer->in = g_string_new(NULL);
    peer->out = g_string_new(NULL);
    peer->watch = loop_fd_add(loop, fd, EPOLLIN, peer_ready, peer);
    g_ptr_array_add(peers, peer);
}

static void next_answer(const char *status_and_headers, const char *body)
{
    g_queue_push_tail(&answers, g_strdup_printf("HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status_and_headers,
                                                strlen(body), body));
}

static void slack_comes(void)
{
    peers = g_ptr_array_new_with_free_func(peer_free);
    upgraded = g_ptr_array_new();
    tickets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    last_open = g_string_new(NULL);
    acks = g_string_new(NULL);
    g_queue_init(&answers);
    opens_seen = tickets_refused = 0;
    says_hello = true;
    hello = "hello 0";
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 64), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    listener_watch = loop_fd_add(loop, listener, EPOLLIN, listener_ready, NULL);
}

static void slack_goes_away(void)
{
    loop_fd_remove(listener_watch);
    listener_watch = NULL;
    close(listener);
    g_ptr_array_set_size(peers, 0);
}

static void slack_ends(void)
{
    if (listener_watch != NULL)
        slack_goes_away();
    g_ptr_array_unref(peers);
    g_ptr_array_unref(upgraded);
    g_hash_table_unref(tickets);
    g_queue_clear_full(&answers, g_free);
    g_string_free(last_open, TRUE);
    g_string_free(acks, TRUE);
}

#endif
