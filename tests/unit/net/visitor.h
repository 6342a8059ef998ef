/* Somebody who speaks HTTP, well or badly, with a listener on the test's own loop. */
#ifndef ASKWHY_TEST_VISITOR_H
#define ASKWHY_TEST_VISITOR_H

#include "story.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    int fd;
    struct loop_fd *watch;
    GString *got;
    bool gone;
    const char *awaits; /* NULL: the end */
};

static GPtrArray *clients;

static inline void client_ready(uint32_t events, void *data)
{
    (void)events;
    struct client *client = data;
    static char buffer[1024 * 1024];
    ssize_t got = recv(client->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0)
        g_string_append_len(client->got, buffer, got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        client->gone = true;
        loop_fd_remove(g_steal_pointer(&client->watch));
    }
    if (client->gone || (client->awaits != NULL && strstr(client->got->str, client->awaits) != NULL))
        loop_stop(loop);
}

static inline struct client *client_on(int fd)
{
    struct client *client = g_new0(struct client, 1);
    client->fd = fd;
    client->got = g_string_new(NULL);
    client->watch = loop_fd_add(loop, fd, EPOLLIN, client_ready, client);
    if (clients == NULL)
        clients = g_ptr_array_new();
    g_ptr_array_add(clients, client);
    return client;
}

static inline int dial(int port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    return fd;
}

static inline void say(struct client *client, const char *text)
{
    assert_int_equal(send(client->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Runs until it was said, or the connection ended. */
static inline void await(struct client *client, const char *text)
{
    client->awaits = text;
    while (!client->gone && (text == NULL || strstr(client->got->str, text) == NULL))
        story_run(); /* another one's end stops it, too */
    client->awaits = NULL;
    if (text == NULL)
        assert_true(client->gone);
    else if (strstr(client->got->str, text) == NULL)
        fail_msg("no \"%s\" but \"%s\"", text, client->got->str);
}

static inline void await_end(struct client *client)
{
    await(client, NULL);
}

static inline void hang_up(struct client *client)
{
    loop_fd_remove(g_steal_pointer(&client->watch));
    close(client->fd);
    client->fd = -1;
    client->gone = true;
}

static inline void clients_leave(void)
{
    for (guint i = 0; clients != NULL && i < clients->len; i++) {
        struct client *client = g_ptr_array_index(clients, i);
        loop_fd_remove(client->watch);
        if (client->fd >= 0)
            close(client->fd);
        g_string_free(client->got, TRUE);
        g_free(client);
    }
    g_clear_pointer(&clients, g_ptr_array_unref);
}

#endif
