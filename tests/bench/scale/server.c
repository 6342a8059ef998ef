#include "tests/bench/scale/server.h"

#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEERS_MAX = 256 };

struct server {
    int listener, port, stop[2];
    pthread_t thread;
    pthread_mutex_t lock; /* over heard */
    GString *heard;
    GString *in[PEERS_MAX + 2];
    struct pollfd fds[PEERS_MAX + 2]; /* the stop, the listener, the peers */
    nfds_t count;
    int posts;
};

void server_note(struct server *server, const char *text)
{
    pthread_mutex_lock(&server->lock);
    g_string_append_printf(server->heard, "%s\n", text != NULL ? text : "");
    pthread_mutex_unlock(&server->lock);
}

/* A form's body is percent-encoded, with plus signs for spaces; an answer to a response_url is JSON. */
static void note_request(struct server *server, const char *head, const char *body)
{
    g_autofree char *spaced = g_strdup(body);
    bool json = *body == '{';
    if (!json)
        g_strdelimit(spaced, "+", ' ');
    g_autofree char *decoded = json ? g_strdup(spaced) : g_uri_unescape_string(spaced, NULL);
    g_autofree char *line = g_strndup(head, strcspn(head, "\r"));
    g_autofree char *text = g_strdup_printf("%s %s", line, decoded != NULL ? decoded : spaced);
    server_note(server, text);
}

static void answer(struct server *server, int fd, const char *head)
{
    server->posts++;
    g_autofree char *body = strstr(head, "conversations.open") != NULL
                                ? g_strdup("{\"ok\":true,\"channel\":{\"id\":\"D0BENCH\"}}")
                                : g_strdup_printf("{\"ok\":true,\"ts\":\"1900000000.%06d\",\"channel\":\"C0BENCH\"}",
                                                  server->posts);
    g_autofree char *text = g_strdup_printf(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        g_warning("an answer could not be sent");
}

/* True when the peer is gone. */
static bool serve(struct server *server, nfds_t i)
{
    char buffer[65536];
    ssize_t got = read(server->fds[i].fd, buffer, sizeof buffer);
    if (got <= 0)
        return true;
    GString *in = server->in[i];
    g_string_append_len(in, buffer, got);
    for (;;) {
        char *end = strstr(in->str, "\r\n\r\n"), *announced = strcasestr(in->str, "\r\nContent-Length: ");
        if (end == NULL)
            return false;
        gsize head = (gsize)(end + 4 - in->str), size = announced != NULL && announced < end ? strtoul(announced + 18, NULL, 10) : 0;
        if (in->len < head + size)
            return false;
        g_autofree char *body = g_strndup(in->str + head, size);
        *end = '\0';
        note_request(server, in->str, body);
        answer(server, server->fds[i].fd, in->str);
        g_string_erase(in, 0, (gssize)(head + size));
    }
}

static void drop(struct server *server, nfds_t i)
{
    close(server->fds[i].fd);
    g_string_free(server->in[i], TRUE);
    server->count--;
    server->fds[i] = server->fds[server->count];
    server->in[i] = server->in[server->count];
}

static void *run(void *data)
{
    struct server *server = data;
    for (;;) {
        if (poll(server->fds, server->count, -1) < 0)
            continue;
        if (server->fds[0].revents != 0)
            return NULL;
        for (nfds_t i = server->count; i-- > 2;) {
            if (server->fds[i].revents != 0 && serve(server, i))
                drop(server, i);
        }
        if (server->fds[1].revents != 0 && server->count < PEERS_MAX + 2) {
            server->in[server->count] = g_string_new(NULL);
            server->fds[server->count++] =
                (struct pollfd){.fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC), .events = POLLIN};
        }
    }
}

struct server *server_new(void)
{
    struct server *server = g_new0(struct server, 1);
    server->heard = g_string_new(NULL);
    pthread_mutex_init(&server->lock, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(server->listener, (struct sockaddr *)&address, size) != 0 || listen(server->listener, PEERS_MAX) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 || pipe(server->stop) != 0)
        g_error("no server on loopback: %s", g_strerror(errno));
    server->port = ntohs(address.sin_port);
    server->fds[0] = (struct pollfd){.fd = server->stop[0], .events = POLLIN};
    server->fds[1] = (struct pollfd){.fd = server->listener, .events = POLLIN};
    server->count = 2;
    if (pthread_create(&server->thread, NULL, run, server) != 0)
        g_error("no thread for the server");
    return server;
}

void server_free(struct server *server)
{
    close(server->stop[1]);
    pthread_join(server->thread, NULL);
    while (server->count > 2)
        drop(server, 2);
    close(server->stop[0]);
    close(server->listener);
    pthread_mutex_destroy(&server->lock);
    g_string_free(server->heard, TRUE);
    g_free(server);
}

int server_port(const struct server *server)
{
    return server->port;
}

char *server_heard(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    char *heard = g_strdup(server->heard->str);
    pthread_mutex_unlock(&server->lock);
    return heard;
}

void server_forget(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    g_string_truncate(server->heard, 0);
    pthread_mutex_unlock(&server->lock);
}
