/* A WebSocket server on the test's loop, and a listener that never says a word. */
#ifndef ASKWHY_TEST_ECHOSERVER_H
#define ASKWHY_TEST_ECHOSERVER_H

#include "story.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct server_peer {
    GQueue *out; /* GByteArray with LWS_PRE; NULL in the queue: close */
};

static int port;
static GString *server_heard;
static GString *server_saw_token, *server_saw_args;
static struct lws *server_wsi;

static void server_say(struct lws *wsi, const char *text, gsize size)
{
    struct server_peer *peer = lws_wsi_user(wsi);
    GByteArray *packet = g_byte_array_new();
    static const guint8 room[LWS_PRE];
    g_byte_array_append(packet, room, LWS_PRE);
    g_byte_array_append(packet, (const guint8 *)text, (guint)size);
    g_queue_push_tail(peer->out, packet);
    lws_callback_on_writable(wsi);
}

/* In frames of 5,000 bytes, as one message. */
static int server_send_fragmented(struct lws *wsi, gsize whole)
{
    static gsize sent;
    guint8 frame[LWS_PRE + 5000];
    gsize piece = MIN(5000, whole - sent);
    for (gsize i = 0; i < piece; i++)
        frame[LWS_PRE + i] = (guint8)('a' + (sent + i) % 26);
    int flags = sent == 0 ? LWS_WRITE_TEXT : LWS_WRITE_CONTINUATION;
    if (sent + piece < whole)
        flags |= LWS_WRITE_NO_FIN;
    lws_write(wsi, frame + LWS_PRE, piece, (enum lws_write_protocol)flags);
    sent += piece;
    if (sent < whole) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    sent = 0;
    return 1;
}

static gsize fragmenting;
static bool server_closes, server_refuses;

static void server_saw_query(struct lws *wsi)
{
    char argument[4096];
    g_string_truncate(server_saw_args, 0);
    for (int i = 0; lws_hdr_copy_fragment(wsi, argument, sizeof argument, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++)
        g_string_append_printf(server_saw_args, "%s%s", i > 0 ? "&" : "", argument);
}

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct server_peer *peer = user;
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: {
        char token[64] = "";
        lws_hdr_custom_copy(wsi, token, sizeof token, "x-token:", 8);
        g_string_assign(server_saw_token, token);
        server_saw_query(wsi);
        return server_refuses ? -1 : 0;
    }
    case LWS_CALLBACK_ESTABLISHED:
        peer->out = g_queue_new();
        server_wsi = wsi;
        if (fragmenting > 0)
            lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE: {
        static GString *partial;
        if (partial == NULL)
            partial = g_string_new(NULL);
        g_string_append_len(partial, in, (gssize)size);
        if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
            return 0;
        g_string_append_len(server_heard, partial->str, MIN((gssize)partial->len, 20));
        g_string_append_c(server_heard, '|');
        if (g_str_equal(partial->str, "echo"))
            server_say(wsi, "echo", 4);
        if (g_str_equal(partial->str, "close")) {
            server_closes = true;
            lws_callback_on_writable(wsi);
        }
        g_string_free(g_steal_pointer(&partial), TRUE);
        return 0;
    }
    case LWS_CALLBACK_RECEIVE_PONG:
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: {
        if (fragmenting > 0) {
            if (server_send_fragmented(wsi, fragmenting))
                fragmenting = 0;
            return 0;
        }
        if (server_closes) {
            lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, NULL, 0);
            return -1;
        }
        GByteArray *packet = g_queue_pop_head(peer->out);
        if (packet != NULL) {
            lws_write(wsi, packet->data + LWS_PRE, packet->len - LWS_PRE, LWS_WRITE_TEXT);
            g_byte_array_unref(packet);
            if (!g_queue_is_empty(peer->out))
                lws_callback_on_writable(wsi);
        }
        return 0;
    }
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: {
        const guint8 *code = in;
        if (size >= 2)
            g_string_append_printf(server_heard, "close %d|", code[0] << 8 | code[1]);
        return 0;
    }
    case LWS_CALLBACK_CLOSED:
        if (peer->out != NULL)
            g_queue_free_full(peer->out, (GDestroyNotify)g_byte_array_unref);
        server_wsi = NULL;
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols served[] = {
    {.name = "test", .callback = serve, .per_session_data_size = sizeof(struct server_peer)},
    {.name = NULL},
};

/* A listener that takes connections and never says a word, or hangs up on the request. */
static int mute;
static struct loop_fd *mute_watch;
static int mute_peer;
static bool mute_hangs_up;
static const char *mute_says; /* before it hangs up */
static int mute_connections;

static void mute_peer_ready(uint32_t events, void *data)
{
    (void)events;
    struct loop_fd **watch = data;
    char buffer[4096];
    ssize_t got = read(mute_peer, buffer, sizeof buffer);
    if (got > 0 && !mute_hangs_up)
        return;
    if (got > 0 && mute_says != NULL)
        assert_int_equal(write(mute_peer, mute_says, strlen(mute_says)), strlen(mute_says));
    loop_fd_remove(*watch);
    close(mute_peer);
    mute_peer = -1;
}

static void mute_ready(uint32_t events, void *data)
{
    static struct loop_fd *watch;
    (void)events, (void)data;
    int fd = accept(mute, NULL, NULL);
    if (mute_connections++ == 0) { /* the name's resolution */
        close(fd);
        return;
    }
    mute_peer = fd;
    watch = loop_fd_add(loop, fd, EPOLLIN, mute_peer_ready, &watch);
}

static int mute_listen(void)
{
    mute = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(mute, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(mute, 8), 0);
    getsockname(mute, (struct sockaddr *)&address, &size);
    mute_watch = loop_fd_add(loop, mute, EPOLLIN, mute_ready, NULL);
    mute_connections = 0;
    mute_peer = -1;
    return ntohs(address.sin_port);
}

static void mute_end(void)
{
    loop_fd_remove(mute_watch);
    close(mute);
    if (mute_peer >= 0)
        close(mute_peer);
}

#endif
