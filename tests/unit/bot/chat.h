/* For stories of the sender: a store, a chat product of the tests' own with an HTTP server behind it that does as
 * told, and a clock that moves only when the story says so. */
#ifndef ASKWHY_TEST_CHAT_H
#define ASKWHY_TEST_CHAT_H

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "bot/outbox.h"
#include "store/sql.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- The clock, in place of bot/base/clock.c ---- */

#define NOON INT64_C(1795348800000)
static _Atomic int64_t story_ms;

int64_t clock_now_ms(void)
{
    return NOON + story_ms;
}

int64_t clock_monotonic_us(void)
{
    return (1000 + story_ms) * 1000;
}

void clock_set_offset_ms(int64_t offset)
{
    story_ms = offset;
}

int64_t clock_offset_ms(void)
{
    return story_ms;
}

void clock_freeze_ms(int64_t at)
{
    (void)at;
}

/* ---- The server ---- */

enum behaviour {
    ACT,                 /* as asked, the usual */
    ACT_AND_HANG_UP,     /* done, and the answer is lost */
    HANG_UP,             /* not done, and no answer */
    KEEP_WAITING,        /* until chat_lets_go() */
    REFUSE,              /* for good: "not_in_channel" */
    LIMIT,               /* 429, Retry-After: 7 */
    NEEDS_THE_OPERATOR,
    LACKS_ITS_ROOT,      /* somebody deleted the first post of that thread */
    WAS_DELETED,         /* what is to be edited, or was posted by an earlier try */
};

struct peer {
    int fd;
    struct loop_fd *watch;
    GString *in;
    char *kept; /* the request that waits */
};

static struct {
    struct loop *loop;
    int listener, port, waiting, messages, files;
    struct loop_fd *watch;
    GPtrArray *peers;
    GQueue orders;    /* enum behaviour + 1 of the next requests */
    GHashTable *marks; /* operation mark → message id */
    GString *heard;   /* what was asked, one line a request */
    GString *shown;   /* what people see: one line a post or edit that was acted on */
} chat;

static inline void peer_free(void *data)
{
    struct peer *peer = data;
    loop_fd_remove(peer->watch);
    close(peer->fd);
    g_string_free(peer->in, TRUE);
    g_free(peer->kept);
    g_free(peer);
}

static inline void chat_will(enum behaviour behaviour)
{
    g_queue_push_tail(&chat.orders, GINT_TO_POINTER(behaviour + 1));
}

/* A request's body: method, op, channel, thread, message, text, a line each. */
static inline char *act(char **field)
{
    if (g_str_equal(field[0], "reserve"))
        return g_strdup_printf("ok\nF%d", ++chat.files);
    if (g_str_equal(field[0], "upload"))
        return g_strdup("ok");
    if (g_str_equal(field[0], "find")) {
        bool shown = g_hash_table_contains(chat.marks, field[4]);
        return g_strdup(shown ? "ok" : "absent");
    }
    if (g_str_equal(field[0], "show") && !g_hash_table_insert(chat.marks, g_strdup(field[4]), g_strdup("shown")))
        return g_strdup("gone"); /* once only */
    if (g_str_equal(field[0], "search")) {
        const char *message = g_hash_table_lookup(chat.marks, field[1]);
        return message != NULL ? g_strdup_printf("ok\n%s", message) : g_strdup("absent");
    }
    g_string_append_printf(chat.shown, "%s%s%s%s: %s\n", field[2], *field[3] != '\0' ? ">" : "", field[3],
                           g_str_equal(field[0], "edit") ? " edited" : "", field[5]);
    if (g_str_equal(field[0], "open"))
        return g_strdup_printf("ok\nD%s", field[2]);
    if (!g_str_equal(field[0], "post"))
        return g_strdup_printf("ok\n%s", field[4]);
    char *message = g_strdup_printf("m%d", ++chat.messages);
    g_hash_table_insert(chat.marks, g_strdup(field[1]), message);
    return g_strdup_printf("ok\n%s", message);
}

static inline void reply_to(struct peer *peer, const char *status, const char *body)
{
    g_autofree char *answer = g_strdup_printf("HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
    assert_int_equal(send(peer->fd, answer, strlen(answer), MSG_NOSIGNAL), strlen(answer));
}

static inline void serve(struct peer *peer, const char *body)
{
    g_auto(GStrv) field = g_strsplit(body, "\n", 6);
    assert_int_equal(g_strv_length(field), 6);
    g_string_append_printf(chat.heard, "%s %s\n", field[0], *field[5] != '\0' ? field[5] : field[2]);
    int order = GPOINTER_TO_INT(g_queue_pop_head(&chat.orders));
    enum behaviour behaviour = order == 0 ? ACT : (enum behaviour)(order - 1);
    g_autofree char *done = behaviour == ACT || behaviour == ACT_AND_HANG_UP ? act(field) : NULL;
    switch (behaviour) {
    case ACT:
        reply_to(peer, "200 OK", done);
        break;
    case ACT_AND_HANG_UP:
    case HANG_UP:
        g_ptr_array_remove(chat.peers, peer);
        break;
    case KEEP_WAITING:
        chat.waiting++;
        peer->kept = g_strdup(body);
        break;
    case REFUSE:
        reply_to(peer, "200 OK", "refused");
        break;
    case LIMIT:
        reply_to(peer, "429 Too Many Requests\r\nRetry-After: 7", "");
        break;
    case NEEDS_THE_OPERATOR:
        reply_to(peer, "200 OK", "stopped");
        break;
    case LACKS_ITS_ROOT:
        reply_to(peer, "200 OK", "rootless");
        break;
    case WAS_DELETED:
        reply_to(peer, "200 OK", "gone");
        break;
    }
}

static inline void chat_lets_go(void)
{
    for (guint i = 0; i < chat.peers->len; i++) {
        struct peer *peer = g_ptr_array_index(chat.peers, i);
        if (peer->kept == NULL)
            continue;
        g_autofree char *kept = g_steal_pointer(&peer->kept);
        g_auto(GStrv) field = g_strsplit(kept, "\n", 6);
        g_autofree char *done = act(field);
        chat.waiting--;
        reply_to(peer, "200 OK", done);
    }
}

static inline void peer_ready(uint32_t events, void *data)
{
    (void)events;
    struct peer *peer = data;
    char buffer[16384];
    ssize_t got = read(peer->fd, buffer, sizeof buffer);
    if (got <= 0) {
        if (peer->kept != NULL)
            chat.waiting--;
        g_ptr_array_remove(chat.peers, peer);
        return;
    }
    g_string_append_len(peer->in, buffer, got);
    char *end = strstr(peer->in->str, "\r\n\r\n"), *announced = strcasestr(peer->in->str, "\r\nContent-Length: ");
    gsize size = announced != NULL ? strtoul(announced + 18, NULL, 10) : 0;
    if (end == NULL || peer->in->len < (gsize)(end + 4 - peer->in->str) + size)
        return;
    g_autofree char *body = g_strndup(end + 4, size);
    g_string_truncate(peer->in, 0);
    serve(peer, body);
}

static inline void listener_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    struct peer *peer = g_new0(struct peer, 1);
    peer->fd = accept4(chat.listener, NULL, NULL, SOCK_CLOEXEC);
    peer->in = g_string_new(NULL);
    peer->watch = loop_fd_add(chat.loop, peer->fd, EPOLLIN, peer_ready, peer);
    g_ptr_array_add(chat.peers, peer);
}

static inline void chat_begins(struct loop *loop)
{
    chat.loop = loop;
    chat.waiting = chat.messages = chat.files = 0;
    chat.peers = g_ptr_array_new_with_free_func(peer_free);
    g_queue_init(&chat.orders);
    chat.marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    chat.heard = g_string_new(NULL);
    chat.shown = g_string_new(NULL);
    chat.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(chat.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(chat.listener, 64), 0);
    getsockname(chat.listener, (struct sockaddr *)&address, &size);
    chat.port = ntohs(address.sin_port);
    chat.watch = loop_fd_add(loop, chat.listener, EPOLLIN, listener_ready, NULL);
}

static inline void chat_ends(void)
{
    loop_fd_remove(chat.watch);
    close(chat.listener);
    g_ptr_array_unref(chat.peers);
    g_queue_clear(&chat.orders);
    g_hash_table_destroy(chat.marks);
    g_string_free(chat.heard, TRUE);
    g_string_free(chat.shown, TRUE);
}

/* ---- The adapter ---- */

static const char *const method_names[OUT_KINDS] = {
    [OUT_POST] = "post",         [OUT_UPDATE] = "edit", [OUT_EPHEMERAL] = "whisper", [OUT_RESPONSE] = "respond",
    [OUT_REACTION] = "react",    [OUT_FORM] = "form",   [OUT_HOME] = "home",         [OUT_OPEN_DM] = "open",
    [OUT_JOIN] = "join",         [OUT_FILE] = "show",   [OUT_RESERVE] = "reserve",   [OUT_UPLOAD] = "upload",
};
static int pace_burst = 1, pace_interval; /* of posts, each channel */

static inline bool make_request(const char *method, const struct outgoing *out, struct rest_request *request)
{
    const char *rich = out->kind == OUT_OPEN_DM ? "(opened)" : out->content != NULL ? out->content->fallback : out->emoji;
    g_autofree char *text = rich_plain(rich != NULL ? rich : "", NULL, NULL);
    *request = (struct rest_request){.method = "POST", .url = g_strdup_printf("http://127.0.0.1:%d/", chat.port)};
    const char *where = out->kind == OUT_OPEN_DM || out->channel == NULL ? out->user : out->channel;
    request->body = g_strdup_printf("%s\n%s\n%s\n%s\n%s\n%s", method, out->op, where != NULL ? where : "",
                                    out->thread != NULL ? out->thread : "", out->message != NULL ? out->message : "",
                                    text);
    request->body_size = strlen(request->body);
    return true;
}

static inline bool chat_encode(const struct codec *codec, const struct outgoing *out, struct rest_request *request)
{
    (void)codec;
    return make_request(method_names[out->kind], out, request);
}

static inline bool chat_encode_search(const struct codec *codec, const struct outgoing *out, const char *cursor,
                                      struct rest_request *request)
{
    (void)codec, (void)cursor;
    return make_request(out->kind == OUT_FILE ? "find" : "search", out, request);
}

static inline void chat_decode(const struct codec *codec, const struct outgoing *out, const struct rest_response *response,
                               struct verdict *verdict)
{
    (void)codec;
    g_auto(GStrv) lines = g_strsplit(response->body, "\n", 2);
    const char *said = lines[0] != NULL ? lines[0] : "";
    if (response->outcome == REST_NOT_SENT) {
        verdict->kind = VERDICT_RETRY;
    } else if (response->outcome == REST_UNKNOWN) {
        verdict->kind = VERDICT_UNKNOWN;
    } else if (response->status == 429) {
        verdict->kind = VERDICT_RETRY;
        verdict->retry_after_ms = response->retry_after_s * 1000;
    } else if (g_str_equal(said, "ok")) {
        verdict->kind = VERDICT_SENT;
        verdict->message = g_strdup(lines[1]);
        verdict->channel = g_strdup(out->kind == OUT_OPEN_DM ? lines[1] : out->channel);
    } else if (g_str_equal(said, "absent")) {
        verdict->kind = VERDICT_ABSENT;
    } else {
        verdict->kind = g_str_equal(said, "stopped")    ? VERDICT_STOPPED
                        : g_str_equal(said, "rootless") ? VERDICT_ROOT_GONE
                        : g_str_equal(said, "gone")     ? VERDICT_GONE
                                                        : VERDICT_FAILED;
        verdict->why = g_strdup("not_in_channel");
    }
}

static inline const char *chat_method(const struct codec *codec, enum outgoing_kind kind, int *burst, int *interval_ms,
                                      bool *per_channel)
{
    (void)codec;
    *burst = pace_burst;
    *interval_ms = kind == OUT_POST ? pace_interval : 0;
    *per_channel = true;
    return method_names[kind];
}

static const struct codec chat_codec = {.encode = chat_encode,
                                        .decode = chat_decode,
                                        .encode_search = chat_encode_search,
                                        .decode_search = chat_decode,
                                        .method = chat_method};

#endif
