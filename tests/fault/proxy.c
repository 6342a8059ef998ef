#include "tests/fault/proxy.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    REQUEST_MAX = 4 << 20,
    CRUMB = 9,       /* bytes at most */
    CRUMBS_MAX = 60, /* then the rest at once */
};

struct side {
    int fd;
    struct loop_fd *watch;
    GByteArray *out; /* not written yet */
    int crumbs;      /* left to be written in */
};

/* A connection of the bot's, and ours to the sandbox for it. */
struct pair {
    struct proxy *proxy;
    struct side bot, sandbox;
    GByteArray *request; /* what has come of it */
    bool harmed, tunnel, silent, ending;
    enum proxy_fault fault; /* when harmed: of the request under way */
};

struct proxy {
    struct loop *loop;
    GRand *rand;
    enum proxy_kind kind;
    int listener, port, sandbox_port, one_in;
    struct loop_fd *watch;
    GHashTable *pairs;
    int counts[PROXY_FAULTS];
};

#define ONE(fault) (1u << (fault))
#define OF_ALL (ONE(PROXY_RESET) | ONE(PROXY_LOST) | ONE(PROXY_CUT) | ONE(PROXY_5XX) | ONE(PROXY_5XX_ACTED) | ONE(PROXY_CRUMBS))
#define OF_APIS (OF_ALL | ONE(PROXY_429) | ONE(PROXY_ERROR) | ONE(PROXY_ERROR_ACTED) | ONE(PROXY_SOCKET) | ONE(PROXY_ACKS))

/* As each says that it is too much, and that it failed itself. A socket is harmed so much more seldom than a request. */
static const struct {
    unsigned faults;
    const char *socket, *limited, *too_much, *error_status, *error;
    int per_frame, per_word;
} kinds[] = {
    [PROXY_OF_SLACK] = {OF_APIS, "GET /link", "Retry-After: 1\r\nContent-Type: application/json\r\n",
                        "{\"ok\":false,\"error\":\"ratelimited\"}", "200 OK",
                        "{\"ok\":false,\"error\":\"internal_error\"}", 8, 8},
    [PROXY_OF_MATTERMOST] = {OF_APIS | ONE(PROXY_SILENT), "GET /api/v4/websocket",
                             "Retry-After: 1\r\nX-Ratelimit-Reset: 1\r\nContent-Type: text/plain; charset=utf-8\r\n",
                             "limit exceeded\n", "500 Internal Server Error",
                             "{\"id\":\"store.sql_post.save.app_error\",\"message\":\"Unable to save the Post.\","
                             "\"detailed_error\":\"\",\"status_code\":500}", 8, 1 /* it says little there */},
    [PROXY_OF_CALLS] = {OF_ALL, NULL, NULL, NULL, NULL, NULL, 0, 0},
};

static const char *const names[PROXY_FAULTS] = {
    "reset before acting", "answer lost after acting", "answer cut in the middle", "429",
    "5xx before acting", "5xx after acting", "internal_error before acting", "internal_error after acting",
    "answer in crumbs", "socket reset within a frame", "socket reset with acknowledgements in it", "socket falls silent",
};
static const char *const call_names[PROXY_FAULTS] = {
    "call reset before acting", "call's answer lost after acting", "call's answer cut in the middle", NULL,
    "call answered 5xx before acting", "call answered 5xx after acting", NULL, NULL, "call's answer in crumbs", NULL, NULL, NULL,
};

static void bot_ready(uint32_t events, void *data);
static void sandbox_ready(uint32_t events, void *data);

static void side_done(struct side *side, bool reset)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    loop_fd_remove(side->watch);
    if (reset)
        setsockopt(side->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(side->fd);
    g_byte_array_unref(side->out);
}

static void pair_free(struct pair *pair, bool reset)
{
    side_done(&pair->bot, reset);
    side_done(&pair->sandbox, reset && pair->tunnel);
    g_byte_array_unref(pair->request);
    g_free(pair);
}

static void pair_end(struct pair *pair, bool reset)
{
    g_hash_table_remove(pair->proxy->pairs, pair);
    pair_free(pair, reset);
}

/* False when the other end is gone. */
static bool side_flush(struct side *side)
{
    while (side->out->len > 0) {
        gsize size = side->crumbs > 0 ? MIN(side->out->len, CRUMB) : side->out->len;
        ssize_t sent = send(side->fd, side->out->data, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN;
        g_byte_array_remove_range(side->out, 0, (guint)sent);
        if (side->crumbs > 0) {
            side->crumbs--;
            break; /* the next one in the next round */
        }
    }
    loop_fd_change(side->watch, side->out->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return true;
}

/* Both directions; the pair may be gone afterwards. */
static bool pair_flush(struct pair *pair)
{
    if (side_flush(&pair->bot) && side_flush(&pair->sandbox) && !(pair->ending && pair->bot.out->len == 0))
        return true;
    pair_end(pair, false);
    return false;
}

/* ---- what goes wrong ---- */

static bool strikes(struct proxy *proxy, int times)
{
    return proxy->one_in > 0 && g_rand_int_range(proxy->rand, 0, proxy->one_in * times) == 0;
}

static void answer_instead(struct pair *pair, const char *status, const char *headers, const char *body)
{
    g_autofree char *answer = g_strdup_printf("HTTP/1.1 %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
                                              headers, strlen(body), body);
    g_byte_array_append(pair->bot.out, (const guint8 *)answer, (guint)strlen(answer));
    pair->ending = true;
    pair_flush(pair);
}

static void answer_5xx(struct pair *pair)
{
    static const char *const status[] = {"500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"};
    answer_instead(pair, status[g_rand_int_range(pair->proxy->rand, 0, G_N_ELEMENTS(status))], "Content-Type: text/html\r\n",
                   "<html><body>Something went wrong.</body></html>");
}

static void answer_error(struct pair *pair)
{
    answer_instead(pair, kinds[pair->proxy->kind].error_status, "Content-Type: application/json; charset=utf-8\r\n",
                   kinds[pair->proxy->kind].error);
}

/* One that can happen to a request of this kind. */
static enum proxy_fault choose(struct proxy *proxy)
{
    enum proxy_fault fault;
    do
        fault = (enum proxy_fault)g_rand_int_range(proxy->rand, 0, PROXY_SOCKET);
    while ((kinds[proxy->kind].faults & ONE(fault)) == 0);
    return fault;
}

/* Decides what becomes of a request. True when it shall reach the sandbox. */
static bool let_through(struct pair *pair)
{
    struct proxy *proxy = pair->proxy;
    pair->harmed = strikes(proxy, 1);
    if (!pair->harmed)
        return true;
    pair->fault = pair->tunnel ? PROXY_RESET : choose(proxy);
    if (pair->fault == PROXY_LOST || pair->fault == PROXY_CUT || pair->fault == PROXY_5XX_ACTED ||
        pair->fault == PROXY_ERROR_ACTED || pair->fault == PROXY_CRUMBS)
        return true; /* counted when the answer comes */
    proxy->counts[pair->fault]++;
    if (pair->fault == PROXY_RESET)
        pair_end(pair, true);
    else if (pair->fault == PROXY_429)
        answer_instead(pair, "429 Too Many Requests", kinds[proxy->kind].limited, kinds[proxy->kind].too_much);
    else if (pair->fault == PROXY_5XX)
        answer_5xx(pair);
    else
        answer_error(pair);
    return false;
}

/* The sandbox has acted and begins to answer. */
static void harm_answer(struct pair *pair, const guint8 *data, gsize size)
{
    pair->proxy->counts[pair->fault]++;
    switch (pair->fault) {
    case PROXY_5XX_ACTED:
        answer_5xx(pair);
        return;
    case PROXY_ERROR_ACTED:
        answer_error(pair);
        return;
    case PROXY_CRUMBS:
        pair->harmed = false;
        pair->bot.crumbs = CRUMBS_MAX;
        g_byte_array_append(pair->bot.out, data, (guint)size);
        pair_flush(pair);
        return;
    case PROXY_CUT:
        g_byte_array_append(pair->bot.out, data, (guint)(size / 2));
        side_flush(&pair->bot);
        break;
    default:
        break;
    }
    pair_end(pair, true);
}

/* ---- what passes ---- */

/* Of a request whose head is complete: how long it is with its body. 0: not complete yet. */
static gsize request_size(const GByteArray *request)
{
    const char *head = (const char *)request->data;
    const char *end = g_strstr_len(head, request->len, "\r\n\r\n");
    if (end == NULL)
        return 0;
    gsize size = (gsize)(end - head) + 4;
    g_autofree char *lower = g_ascii_strdown(head, (gssize)size);
    const char *length = strstr(lower, "\r\ncontent-length:");
    if (length != NULL)
        size += strtoul(length + strlen("\r\ncontent-length:"), NULL, 10);
    return size;
}

static void take_requests(struct pair *pair)
{
    gsize size = pair->request->len > 0 ? request_size(pair->request) : 0;
    if (size == 0 || size > pair->request->len) {
        if (pair->request->len > REQUEST_MAX)
            pair_end(pair, true);
        return;
    }
    const char *socket = kinds[pair->proxy->kind].socket;
    pair->tunnel = socket != NULL && g_str_has_prefix((const char *)pair->request->data, socket);
    if (!let_through(pair))
        return;
    g_byte_array_append(pair->sandbox.out, pair->request->data, (guint)size);
    g_byte_array_remove_range(pair->request, 0, (guint)size);
    pair_flush(pair); /* libcurl waits for the answer before it asks again here */
}

/* True: nothing comes through any more, in either direction. */
static bool falls_silent(struct pair *pair)
{
    struct proxy *proxy = pair->proxy;
    bool can = (kinds[proxy->kind].faults & ONE(PROXY_SILENT)) != 0;
    if (pair->silent || !can || !strikes(proxy, 3 * kinds[proxy->kind].per_frame))
        return pair->silent;
    proxy->counts[PROXY_SILENT]++;
    pair->silent = true;
    return true;
}

static void pass_frames(struct pair *pair, struct side *to, const guint8 *data, gsize size)
{
    struct proxy *proxy = pair->proxy;
    enum proxy_fault fault = to == &pair->bot ? PROXY_SOCKET : PROXY_ACKS;
    if (falls_silent(pair))
        return;
    bool breaks = strikes(proxy, fault == PROXY_SOCKET ? kinds[proxy->kind].per_frame : kinds[proxy->kind].per_word);
    if (breaks)
        proxy->counts[fault]++;
    if (!breaks || fault == PROXY_SOCKET)
        g_byte_array_append(to->out, data, (guint)(breaks ? size / 2 : size));
    if (breaks) {
        side_flush(to);
        pair_end(pair, true);
    } else {
        pair_flush(pair);
    }
}

/* What can be read now; 0 when the other end is gone, -1 when there is nothing. */
static ssize_t side_read(struct side *side, uint32_t events, guint8 *buffer, gsize size)
{
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
        return -1;
    ssize_t got;
    do
        got = read(side->fd, buffer, size);
    while (got < 0 && errno == EINTR);
    return got < 0 && errno != EAGAIN ? 0 : got;
}

static void bot_ready(uint32_t events, void *data)
{
    struct pair *pair = data;
    guint8 buffer[16 * 1024];
    ssize_t got = side_read(&pair->bot, events, buffer, sizeof buffer);
    if (got == 0) {
        pair_end(pair, false);
    } else if (got < 0) {
        pair_flush(pair);
    } else if (pair->tunnel) {
        pass_frames(pair, &pair->sandbox, buffer, (gsize)got);
    } else {
        g_byte_array_append(pair->request, buffer, (guint)got);
        take_requests(pair);
    }
}

static void sandbox_ready(uint32_t events, void *data)
{
    struct pair *pair = data;
    guint8 buffer[16 * 1024];
    ssize_t got = side_read(&pair->sandbox, events, buffer, sizeof buffer);
    if (got == 0) {
        pair->ending = true;
        pair_flush(pair);
    } else if (got < 0) {
        pair_flush(pair);
    } else if (pair->ending) {
        return; /* something else was answered */
    } else if (pair->harmed) {
        harm_answer(pair, buffer, (gsize)got);
    } else if (pair->tunnel) {
        pass_frames(pair, &pair->bot, buffer, (gsize)got);
    } else {
        g_byte_array_append(pair->bot.out, buffer, (guint)got);
        pair_flush(pair);
    }
}

/* ---- connections ---- */

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void side_begin(struct proxy *proxy, struct side *side, int fd, void (*ready)(uint32_t, void *), struct pair *pair)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    side->fd = fd;
    side->out = g_byte_array_new();
    side->watch = loop_fd_add(proxy->loop, fd, EPOLLIN, ready, pair);
}

static void came(uint32_t events, void *data)
{
    (void)events;
    struct proxy *proxy = data;
    int bot = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int sandbox = bot >= 0 ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    struct sockaddr_in address = loopback(proxy->sandbox_port);
    if (sandbox < 0 || connect(sandbox, (struct sockaddr *)&address, sizeof address) != 0 ||
        !g_unix_set_fd_nonblocking(sandbox, TRUE, NULL)) {
        if (bot >= 0)
            close(bot);
        if (sandbox >= 0)
            close(sandbox);
        return;
    }
    struct pair *pair = g_new0(struct pair, 1);
    pair->proxy = proxy;
    pair->request = g_byte_array_new();
    side_begin(proxy, &pair->bot, bot, bot_ready, pair);
    side_begin(proxy, &pair->sandbox, sandbox, sandbox_ready, pair);
    g_hash_table_add(proxy->pairs, pair);
}

struct proxy *proxy_new(struct loop *loop, enum proxy_kind kind, int port, guint32 seed, GError **error)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the proxy cannot listen: %s", g_strerror(errno));
        if (listener >= 0)
            close(listener);
        return NULL;
    }
    struct proxy *proxy = g_new0(struct proxy, 1);
    proxy->loop = loop;
    proxy->rand = g_rand_new_with_seed(seed);
    proxy->listener = listener;
    proxy->port = ntohs(address.sin_port);
    proxy->kind = kind;
    proxy->sandbox_port = port;
    proxy->pairs = g_hash_table_new(g_direct_hash, g_direct_equal);
    proxy->watch = loop_fd_add(loop, listener, EPOLLIN, came, proxy);
    return proxy;
}

void proxy_free(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    GHashTableIter iter;
    gpointer pair;
    g_hash_table_iter_init(&iter, proxy->pairs);
    while (g_hash_table_iter_next(&iter, &pair, NULL))
        pair_free(pair, false);
    g_hash_table_destroy(proxy->pairs);
    loop_fd_remove(proxy->watch);
    close(proxy->listener);
    g_rand_free(proxy->rand);
    g_free(proxy);
}

int proxy_port(const struct proxy *proxy)
{
    return proxy->port;
}

void proxy_harm_one_in(struct proxy *proxy, int requests)
{
    proxy->one_in = requests;
}

int proxy_count(const struct proxy *proxy, enum proxy_fault fault)
{
    return (kinds[proxy->kind].faults & ONE(fault)) != 0 ? proxy->counts[fault] : -1;
}

const char *proxy_fault_name(const struct proxy *proxy, enum proxy_fault fault)
{
    return proxy->kind == PROXY_OF_CALLS ? call_names[fault] : names[fault];
}
