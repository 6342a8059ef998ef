/* The HTTP server is libwebsockets'; the listening socket is ours, what it accepts is handed over. lws 4.1.6 cannot be
 * told to stop accepting: out of descriptors it turns in circles, and a crowd would fill the table of them that it
 * shares with the bot's own connections. It does not say either why it cannot listen, and removes a unix socket whoever
 * made it. */
#include "bot/net/listener_internal.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 256,
    MOST_CONNECTIONS = 600, /* of the 1024 that loop.c gives to all */
    MOST_DYING = 64,
    MAX_BODY = 256 * 1024,
    RECEIVE_MS = 10 * 1000,
    ANSWER_MS = 30 * 1000,
    ACCEPTS_MAX = 64,  /* in a row, before others have a turn */
    REST_MS = 1000,
    COMPLAIN_US = 60 * 1000 * 1000,
};

static void route_free(void *data)
{
    struct route *route = data;
    g_free(route->prefix);
    g_free(route);
}

const struct route *listener_find(const struct listener *listener, const char *path, const char **rest)
{
    const struct route *found = NULL;
    for (guint i = 0; i < listener->routes->len; i++) {
        const struct route *route = g_ptr_array_index(listener->routes, i);
        if (g_str_has_prefix(path, route->prefix) && (found == NULL || strlen(route->prefix) > strlen(found->prefix)))
            found = route;
    }
    *rest = found != NULL ? path + strlen(found->prefix) : NULL;
    return found;
}

/* A flood must not fill the log. */
static void complain(struct listener *listener, const char *why)
{
    int64_t now = clock_monotonic_us();
    if (listener->complained_us != 0 && now - listener->complained_us < COMPLAIN_US)
        return;
    listener->complained_us = now;
    log_warning("listener.full", "why=\"%s\"", why);
}

/* Who has an answer goes, then who has no whole request in, the longest there first: a request that is on its way is
 * not lost to one that is over. */
static bool make_room(struct listener *listener)
{
    struct conn *oldest = g_queue_peek_head(&listener->ending);
    if (oldest == NULL)
        oldest = g_queue_peek_head(&listener->idle);
    if (oldest != NULL)
        conn_cut(oldest);
    return oldest != NULL;
}

static void take_in(struct listener *listener, int fd)
{
    if (listener->idle.length + listener->busy.length + listener->ending.length >= listener->max_connections) {
        if (listener->ending.length == 0)
            complain(listener, "as many connections as there may be");
        if (!make_room(listener)) {
            close(fd);
            return;
        }
    }
    int on = 1;
    if (listener->place.path == NULL)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (listener->tls != NULL)
        secrets_renew(listener->tls);
    struct lws *wsi = lws_adopt_socket_vhost(listener->vhost, fd); /* closes it when it cannot */
    if (wsi != NULL)
        conn_begin(listener, wsi);
}

static void shut_for(struct listener *listener, int ms)
{
    loop_fd_change(listener->watch, 0);
    loop_timer_set_ms(listener->rest, ms);
}

static void door_ready(uint32_t events, void *data)
{
    (void)events;
    struct listener *listener = data;
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        if (listener->dying.length >= MOST_DYING) {
            shut_for(listener, 1);
            return;
        }
        int fd = accept4(listener->place.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            take_in(listener, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            complain(listener, g_strerror(errno));
            shut_for(listener, make_room(listener) ? 1 : REST_MS);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

static void rest_over(void *data)
{
    struct listener *listener = data;
    loop_fd_change(listener->watch, EPOLLIN);
}

struct listener *listener_new(struct loop *loop, const struct listener_options *options, GError **error)
{
    struct listener *listener = g_new0(struct listener, 1);
    listener->loop = loop;
    listener->place.fd = -1;
    int most = options->max_connections > 0 ? options->max_connections : MAX_CONNECTIONS;
    listener->max_connections = (guint)MIN(most, MOST_CONNECTIONS);
    listener->max_body = options->max_body > 0 ? options->max_body : MAX_BODY;
    listener->receive_ms = options->receive_ms > 0 ? options->receive_ms : RECEIVE_MS;
    listener->answer_ms = options->answer_ms > 0 ? options->answer_ms : ANSWER_MS;
    listener->routes = g_ptr_array_new_with_free_func(route_free);
    listener->asked = g_hash_table_new(g_int64_hash, g_int64_equal);
    bool secured = options->certificate != NULL || options->key != NULL;
    if (secured)
        listener->tls = secrets_new(options->certificate, options->key, error);
    if ((secured && listener->tls == NULL) || !place_open(&listener->place, options->address, error)) {
        listener_free(listener);
        return NULL;
    }
    listener->vhost = loop_server_vhost(loop, listener_protocols, secured, listener);
    if (listener->vhost == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "libwebsockets did not set up its server for %s",
                    options->address);
        listener_free(listener);
        return NULL;
    }
    listener->rest = loop_timer_new(loop, rest_over, listener);
    listener->watch = loop_fd_add(loop, listener->place.fd, EPOLLIN, door_ready, listener);
    return listener;
}

void listener_free(struct listener *listener)
{
    if (listener == NULL)
        return;
    GQueue *queues[] = {&listener->idle, &listener->busy, &listener->ending, &listener->dying};
    for (guint i = 0; i < G_N_ELEMENTS(queues); i++) {
        while (!g_queue_is_empty(queues[i]))
            conn_forget(g_queue_peek_head(queues[i]));
    }
    if (listener->vhost != NULL)
        lws_vhost_destroy(listener->vhost);
    loop_fd_remove(listener->watch);
    loop_timer_free(listener->rest);
    place_close(&listener->place);
    secrets_free(listener->tls);
    g_hash_table_destroy(listener->asked);
    g_ptr_array_unref(listener->routes);
    g_free(listener);
}

int listener_port(const struct listener *listener)
{
    return listener->place.port;
}

void listener_route(struct listener *listener, const char *prefix, listener_fn *fn, void *data)
{
    listener_unroute(listener, prefix);
    struct route *route = g_new0(struct route, 1);
    *route = (struct route){.prefix = g_strdup(prefix), .fn = fn, .data = data};
    g_ptr_array_add(listener->routes, route);
}

void listener_unroute(struct listener *listener, const char *prefix)
{
    for (guint i = 0; i < listener->routes->len; i++) {
        const struct route *route = g_ptr_array_index(listener->routes, i);
        if (strcmp(route->prefix, prefix) == 0) {
            g_ptr_array_remove_index(listener->routes, i);
            return;
        }
    }
}

static bool answer(struct listener *listener, uint64_t id, int status, const char *type, const char *allow,
                   const char *body)
{
    struct conn *conn = g_hash_table_lookup(listener->asked, &id);
    return conn != NULL && conn_answer(conn, status, type, allow, body);
}

bool listener_answer(struct listener *listener, uint64_t id, int status, const char *type, const char *body)
{
    return answer(listener, id, status, type, NULL, body);
}

bool listener_refuse_method(struct listener *listener, uint64_t id, const char *allow)
{
    return answer(listener, id, 405, "text/plain; charset=utf-8", allow, "405 Method Not Allowed\n");
}
