/* An HTTP server that answers, or misbehaves, by the path it is asked for. */
#ifndef ASKWHY_TEST_BADSERVER_H
#define ASKWHY_TEST_BADSERVER_H

#include "story.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
    int fd;
    struct loop_fd *watch;
    GString *in, *out;
    bool close_when_sent;
};

static int listener;
static struct loop_fd *listener_watch;
static int port;
static GPtrArray *peers;
static int connections_seen, begun_seen, requests_seen;
static GString *last_request;

static void peer_free(void *data)
{
    struct peer *peer = data;
    loop_fd_remove(peer->watch);
    close(peer->fd);
    g_string_free(peer->in, TRUE);
    g_string_free(peer->out, TRUE);
    g_free(peer);
}

static void answer(struct peer *peer, const char *status_and_headers, const char *body, gsize size)
{
    g_string_append_printf(peer->out, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", status_and_headers, size);
    g_string_append_len(peer->out, body, (gssize)size);
}

/* False: the connection is closed at once. */
static bool serve(struct peer *peer, const char *path, const char *body, gsize size)
{
    if (g_str_equal(path, "/close"))
        return false;
    if (g_str_equal(path, "/silence"))
        return true;
    if (g_str_equal(path, "/cut")) {
        g_string_append(peer->out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        peer->close_when_sent = true;
    } else if (g_str_equal(path, "/limited")) {
        answer(peer, "429 Too Many Requests\r\nRetry-After: 7", "slow down", 9);
    } else if (g_str_has_prefix(path, "/reset?")) {
        g_autofree char *reset = g_strconcat("429 Too Many Requests\r\nX-RateLimit-Reset: ", path + strlen("/reset?"), NULL);
        answer(peer, reset, "", 0);
    } else if (g_str_equal(path, "/limited-until")) {
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autoptr(GDateTime) then = g_date_time_add_minutes(now, 30);
        g_autofree char *date = g_date_time_format(then, "503 Later\r\nRetry-After: %a, %d %b %Y %H:%M:%S GMT");
        answer(peer, date, "", 0);
    } else if (g_str_equal(path, "/limited-forever")) {
        answer(peer, "429 Never\r\nRetry-After: 99999999999", "", 0);
    } else if (g_str_equal(path, "/elsewhere")) {
        answer(peer, "302 Found\r\nLocation: /echo", "", 0);
    } else if (g_str_equal(path, "/scopes")) {
        answer(peer, "200 OK\r\nX-OAuth-Scopes: chat:write,commands", "{}", 2);
    } else if (g_str_equal(path, "/huge")) {
        gsize huge = 17 * 1024 * 1024;
        g_autofree char *zeros = g_malloc0(huge);
        answer(peer, "200 OK", zeros, huge);
    } else {
        answer(peer, "200 OK", body, size);
    }
    return true;
}

/* One whole request out of what came; false: the peer is gone. */
static bool take_request(struct peer *peer)
{
    char *head_end = strstr(peer->in->str, "\r\n\r\n");
    if (head_end == NULL)
        return true;
    char *announced = strcasestr(peer->in->str, "\r\nContent-Length: ");
    gsize size = announced != NULL && announced < head_end ? strtoul(announced + 18, NULL, 10) : 0;
    gsize head = (gsize)(head_end - peer->in->str) + 4;
    if (peer->in->len < head + size)
        return true;
    requests_seen++;
    g_string_assign(last_request, peer->in->str);
    g_auto(GStrv) words = g_strsplit(peer->in->str, " ", 3);
    g_autofree char *body = g_strndup(peer->in->str + head, size);
    g_string_erase(peer->in, 0, (gssize)(head + size));
    return serve(peer, words[1], body, size);
}

static void peer_ready(uint32_t events, void *data)
{
    struct peer *peer = data;
    char buffer[16384];
    bool alive = true;
    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
        ssize_t got = read(peer->fd, buffer, sizeof buffer);
        if (got > 0) {
            if (peer->in->len == 0)
                begun_seen++;
            g_string_append_len(peer->in, buffer, got);
            alive = take_request(peer);
        } else if (got == 0 || errno != EAGAIN) {
            alive = false;
        }
    }
    if (alive && peer->out->len > 0) {
        ssize_t sent = send(peer->fd, peer->out->str, peer->out->len, MSG_NOSIGNAL);
        if (sent > 0)
            g_string_erase(peer->out, 0, sent);
        alive = (sent > 0 || errno == EAGAIN) && !(peer->close_when_sent && peer->out->len == 0);
    }
    if (alive)
        loop_fd_change(peer->watch, peer->out->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
    else
        g_ptr_array_remove(peers, peer);
}

static void listener_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    connections_seen++;
    struct peer *peer = g_new0(struct peer, 1);
    peer->fd = fd;
    peer->in = g_string_new(NULL);
    peer->out = g_string_new(NULL);
    peer->watch = loop_fd_add(loop, fd, EPOLLIN, peer_ready, peer);
    g_ptr_array_add(peers, peer);
}

static void server_starts(void)
{
    connections_seen = begun_seen = requests_seen = 0;
    last_request = g_string_new(NULL);
    peers = g_ptr_array_new_with_free_func(peer_free);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 64), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    listener_watch = loop_fd_add(loop, listener, EPOLLIN, listener_ready, NULL);
}

static void server_stops(void)
{
    loop_fd_remove(listener_watch);
    listener_watch = NULL;
    close(listener);
    g_ptr_array_set_size(peers, 0);
}

static void server_ends(void)
{
    if (listener_watch != NULL)
        server_stops();
    g_ptr_array_unref(peers);
    g_string_free(last_request, TRUE);
}

#endif
