/* A mini Mattermost on the test's loop: REST with scripted answers, and WebSockets that can be resumed as the server's
 * own are (api4/websocket.go), on one port. */
#ifndef ASKWHY_TEST_MINIMATTERMOST_H
#define ASKWHY_TEST_MINIMATTERMOST_H

#include "tests/unit/net/story.h"
#include "tests/unit/net/upgrade.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOKEN "bot26token0000000000000000"

struct peer {
    int fd;
    struct loop_fd *watch;
    GString *in, *out;
    bool upgraded, greeted_unknown;
};

/* An answer to requests whose "METHOD path" begins so; the newest that fits is taken. */
struct route {
    char *begins, *status, *body;
    int times; /* -1: for ever */
    bool silent;
};

static int listener, port;
static struct loop_fd *listener_watch;
static GPtrArray *peers;    /* every TCP connection that is open */
static GPtrArray *upgraded; /* WebSockets in the order they came; NULL once closed */
static GPtrArray *upgrades; /* their requests */
static GPtrArray *routes;
static GPtrArray *requests; /* "METHOD path body" of REST calls */
static const char *token_accepted;
static bool answers_pings, refuses_pings;
static int pings_seen, closes_seen;
static const char *upgrade_refusal; /* "503 Service Unavailable" */
/* What is known of the one connection that may be resumed. */
static char *known_connection;
static int hellos;
static int64_t written;  /* the number its next event will have */
static GPtrArray *missed; /* events that were not delivered, with their numbers in place */
static int64_t missed_from;

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

static void route_free(void *data)
{
    struct route *route = data;
    g_free(route->begins);
    g_free(route->status);
    g_free(route->body);
    g_free(route);
}

/* As much as the other side takes for now. */
static void flush(struct peer *peer)
{
    ssize_t sent = send(peer->fd, peer->out->str, peer->out->len, MSG_NOSIGNAL);
    if (sent > 0)
        g_string_erase(peer->out, 0, sent);
    loop_fd_change(peer->watch, peer->out->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void frame(struct peer *peer, const char *text)
{
    gsize size = strlen(text);
    g_string_append_c(peer->out, (char)0x81);
    if (size < 126) {
        g_string_append_c(peer->out, (char)size);
    } else {
        int bytes = size < 65536 ? 2 : 8;
        g_string_append_c(peer->out, bytes == 2 ? 126 : 127);
        for (int at = bytes - 1; at >= 0; at--)
            g_string_append_c(peer->out, (char)(size >> (8 * at)));
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

/* The WebSocket that is open; NULL when none is. */
static struct peer *open_one(void)
{
    for (guint i = upgraded->len; i > 0; i--) {
        if (upgraded->pdata[i - 1] != NULL)
            return upgraded->pdata[i - 1];
    }
    return NULL;
}

G_GNUC_UNUSED static void drop(guint number)
{
    g_ptr_array_remove(peers, nth(number));
}

/* ---- REST ---- */

static void answer_times(const char *begins, int times, const char *status, const char *body)
{
    struct route *route = g_new0(struct route, 1);
    *route = (struct route){.begins = g_strdup(begins), .status = g_strdup(status), .body = g_strdup(body), .times = times};
    g_ptr_array_add(routes, route);
}

G_GNUC_UNUSED static void answer_with(const char *begins, const char *body)
{
    answer_times(begins, -1, "200 OK", body);
}

/* So many spaces: more than anybody takes. */
G_GNUC_UNUSED static void answer_with_spaces(const char *begins, gsize size)
{
    g_autofree char *spaces = g_strnfill(size, ' ');
    answer_with(begins, spaces);
}

/* Nothing is ever answered. */
G_GNUC_UNUSED static void answer_never(const char *begins)
{
    answer_times(begins, -1, "", "");
    ((struct route *)routes->pdata[routes->len - 1])->silent = true;
}

static void serve_rest(struct peer *peer, const char *request)
{
    const char *body = strstr(request, "\r\n\r\n") + 4;
    g_autofree char *line = g_strndup(request, strcspn(request, "\r"));
    *strrchr(line, ' ') = '\0';
    g_ptr_array_add(requests, g_strdup_printf("%s%s%s", line, *body != '\0' ? " " : "", body));
    g_autofree char *header = g_strdup_printf("Authorization: Bearer %s\r\n", token_accepted);
    const char *status = "404 Not Found", *answer = "{\"id\":\"api.context.404.app_error\",\"status_code\":404}";
    struct route *taken = NULL;
    for (guint i = routes->len; i > 0 && taken == NULL; i--) {
        struct route *route = routes->pdata[i - 1];
        if (route->times != 0 && g_str_has_prefix(line, route->begins))
            taken = route;
    }
    if (strstr(request, header) == NULL) {
        status = "401 Unauthorized";
        answer = "{\"id\":\"api.context.session_expired.app_error\",\"message\":\"gone\",\"status_code\":401}";
    } else if (taken != NULL) {
        taken->times -= taken->times > 0;
        if (taken->silent)
            return;
        status = taken->status;
        answer = taken->body;
    }
    g_string_append_printf(peer->out,
                           "HTTP/1.1 %s\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           status, strlen(answer), answer);
    flush(peer);
}

/* How many REST calls begin so. */
G_GNUC_UNUSED static int asked(const char *begins)
{
    int count = 0;
    for (guint i = 0; i < requests->len; i++)
        count += g_str_has_prefix(requests->pdata[i], begins);
    return count;
}

/* ---- WebSockets ---- */

static void hello(struct peer *peer)
{
    g_free(known_connection);
    known_connection = g_strdup_printf("conn%dconnconnconnconncon%02d", hellos % 10, hellos % 100);
    hellos++;
    written = 1;
    g_ptr_array_set_size(missed, 0);
    g_autofree char *text = g_strdup_printf(
        "{\"event\":\"hello\",\"data\":{\"connection_id\":\"%s\",\"server_version\":\"5.37.0.5.37.0.a1b2.false\"},"
        "\"broadcast\":{\"omit_users\":null,\"user_id\":\"\",\"channel_id\":\"\",\"team_id\":\"\"},\"seq\":0}\n",
        known_connection);
    frame(peer, text);
}

/* An event as the server numbers it: to the open socket, or kept for one that comes back. */
static void event(const char *name, const char *data, const char *broadcast)
{
    g_autofree char *text = g_strdup_printf("{\"event\":\"%s\",\"data\":%s,\"broadcast\":%s,\"seq\":%" G_GINT64_FORMAT "}\n",
                                            name, data, broadcast, written);
    if (open_one() != NULL) {
        frame(open_one(), text);
    } else {
        if (missed->len == 0)
            missed_from = written;
        g_ptr_array_add(missed, g_strdup(text));
    }
    written++;
}

static bool serve_upgrade(struct peer *peer, char *request)
{
    g_ptr_array_add(upgrades, g_strdup(request));
    if (upgrade_refusal != NULL) {
        g_string_append_printf(peer->out, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", upgrade_refusal);
        flush(peer);
        return false;
    }
    g_autofree char *reply = upgrade_answer(request);
    assert_non_null(reply);
    g_string_append(peer->out, reply);
    flush(peer);
    peer->upgraded = true;
    g_ptr_array_add(upgraded, peer);
    g_autofree char *header = g_strdup_printf("uthorization: Bearer %s\r\n", token_accepted);
    if (strstr(request, header) == NULL)
        return true; /* open, but without a session: silent */
    const char *id = strstr(request, "connection_id="), *number = strstr(request, "sequence_number=");
    bool known = id != NULL && number != NULL && known_connection != NULL &&
                 g_str_has_prefix(id + strlen("connection_id="), known_connection);
    int64_t wanted = number != NULL ? g_ascii_strtoll(number + strlen("sequence_number="), NULL, 10) : 0;
    if (known && (wanted == written || (missed->len > 0 && wanted == missed_from))) {
        for (guint i = 0; i < missed->len; i++)
            frame(peer, missed->pdata[i]);
        g_ptr_array_set_size(missed, 0);
    } else {
        hello(peer);
    }
    return true;
}

static bool has_session(struct peer *peer)
{
    guint number = 0;
    assert_true(g_ptr_array_find(upgraded, peer, &number));
    g_autofree char *header = g_strdup_printf("uthorization: Bearer %s\r\n", token_accepted);
    return strstr(upgrades->pdata[upgrades->len - upgraded->len + number], header) != NULL;
}

static void take_text(struct peer *peer, const char *text)
{
    if (strstr(text, "\"action\":\"ping\"") == NULL)
        fail_msg("nothing but pings is said, but not %s", text);
    pings_seen++;
    int64_t seq = g_ascii_strtoll(strstr(text, "\"seq\":") + 6, NULL, 10);
    g_autofree char *reply =
        has_session(peer) && !refuses_pings
            ? g_strdup_printf("{\"status\":\"OK\",\"seq_reply\":%" G_GINT64_FORMAT ",\"data\":{\"text\":\"pong\",\"version\":"
                              "\"5.37.0\",\"server_time\":1795341600000,\"node_id\":\"\"}}\n", seq)
            : g_strdup_printf("{\"status\":\"FAIL\",\"seq_reply\":%" G_GINT64_FORMAT ",\"error\":{\"id\":"
                              "\"api.web_socket_router.not_authenticated.app_error\",\"message\":\"\",\"detailed_error\":\"\","
                              "\"status_code\":401}}\n", seq);
    if (answers_pings)
        frame(peer, reply);
}

/* The client's short masked frames; a close is answered by hanging up: false. */
static bool take_frames(struct peer *peer)
{
    while (peer->in->len >= 6) {
        guint8 *bytes = (guint8 *)peer->in->str;
        gsize size = bytes[1] & 127;
        assert_true(size < 126);
        if (peer->in->len < 6 + size)
            return true;
        if ((bytes[0] & 15) == 8) {
            closes_seen++;
            return false;
        }
        if ((bytes[0] & 15) == 1) {
            g_autofree char *text = g_malloc0(size + 1);
            for (gsize i = 0; i < size; i++)
                text[i] = (char)(bytes[6 + i] ^ bytes[2 + i % 4]);
            take_text(peer, text);
        }
        g_string_erase(peer->in, 0, (gssize)(6 + size));
    }
    return true;
}

/* Head and as much of the body as Content-Length says. */
static bool is_whole(const char *text, gsize size)
{
    const char *end = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "Content-Length: ");
    if (end == NULL)
        return false;
    gsize body = length != NULL && length < end ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
    return size >= (gsize)(end + 4 - text) + body;
}

static void peer_ready(uint32_t events, void *data)
{
    struct peer *peer = data;
    char buffer[65536];
    if ((events & EPOLLOUT) != 0)
        flush(peer);
    ssize_t got = recv(peer->fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN)
        return;
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
    if (!is_whole(peer->in->str, peer->in->len))
        return;
    g_autofree char *request = g_strdup(peer->in->str);
    g_string_truncate(peer->in, 0);
    if (strcasestr(request, "Upgrade: websocket") == NULL)
        serve_rest(peer, request);
    else if (!serve_upgrade(peer, request))
        g_ptr_array_remove(peers, peer);
}

static void listener_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct peer *peer = g_new0(struct peer, 1);
    peer->fd = fd;
    peer->in = g_string_new(NULL);
    peer->out = g_string_new(NULL);
    peer->watch = loop_fd_add(loop, fd, EPOLLIN, peer_ready, peer);
    g_ptr_array_add(peers, peer);
}

/* ---- coming and going ---- */

/* port 0: any; a server that comes again has the same. */
static void server_listens(void)
{
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 64), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    listener_watch = loop_fd_add(loop, listener, EPOLLIN, listener_ready, NULL);
}

static void mattermost_comes(void)
{
    peers = g_ptr_array_new_with_free_func(peer_free);
    upgraded = g_ptr_array_new();
    upgrades = g_ptr_array_new_with_free_func(g_free);
    routes = g_ptr_array_new_with_free_func(route_free);
    requests = g_ptr_array_new_with_free_func(g_free);
    missed = g_ptr_array_new_with_free_func(g_free);
    token_accepted = TOKEN;
    answers_pings = true;
    refuses_pings = false;
    upgrade_refusal = NULL;
    pings_seen = closes_seen = hellos = 0;
    written = missed_from = 0;
    port = 0;
    server_listens();
}

static void mattermost_goes_away(void)
{
    loop_fd_remove(listener_watch);
    listener_watch = NULL;
    close(listener);
    g_ptr_array_set_size(peers, 0);
}

static void mattermost_ends(void)
{
    if (listener_watch != NULL)
        mattermost_goes_away();
    g_ptr_array_unref(peers);
    g_ptr_array_unref(upgraded);
    g_ptr_array_unref(upgrades);
    g_ptr_array_unref(routes);
    g_ptr_array_unref(requests);
    g_ptr_array_unref(missed);
    g_clear_pointer(&known_connection, g_free);
}

/* ---- steps ---- */

static bool (*awaited)(void);

static void look(void *data)
{
    (void)data;
    if (awaited())
        loop_stop(loop);
}

static void run_until(bool (*condition)(void))
{
    awaited = condition;
    loop_timer_set_ms(story_guard, 60 * 1000);
    loop_run(loop, look, NULL);
    loop_timer_clear(story_guard);
    assert_false(story_stuck);
}

static struct loop_timer *pause_timer;
static bool pause_over;

static void pause_fired(void *data)
{
    (void)data;
    pause_over = true;
}

static bool paused(void)
{
    return pause_over;
}

/* What was on its way has come: a moment of the loop's, in which what is due happens first. */
G_GNUC_UNUSED static void let_pass(int ms)
{
    pause_over = false;
    if (pause_timer == NULL)
        pause_timer = loop_timer_new(loop, pause_fired, NULL);
    loop_timer_set_ms(pause_timer, ms);
    run_until(paused);
    loop_timer_free(g_steal_pointer(&pause_timer));
}

#endif
