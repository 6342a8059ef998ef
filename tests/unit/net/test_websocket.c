#include "bot/net/websocket.h"
#include "story.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a WebSocket server on the same loop ---- */

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

/* ---- the client and what it hears ---- */

static struct rest *rest;
static struct websocket *websocket;
static int opened_count, closed_count;
static GString *heard;
static char *reason;
static const char *wanted; /* stop when this was heard */

static void opened(void *data)
{
    (void)data;
    opened_count++;
    loop_stop(loop);
}

static void message(const char *text, gsize size, void *data)
{
    (void)data;
    assert_int_equal(text[size], '\0');
    g_string_append_len(heard, text, (gssize)size);
    if (wanted != NULL && g_str_equal(heard->str, wanted))
        loop_stop(loop);
    else if (wanted == NULL)
        loop_stop(loop);
}

static void closed(const char *why, void *data)
{
    (void)data;
    closed_count++;
    websocket = NULL;
    g_free(reason);
    reason = g_strdup(why);
    loop_stop(loop);
}

static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};

static int begin(void **state)
{
    (void)state;
    story_begin();
    GError *error = NULL;
    rest = rest_new(loop, NULL, &error);
    port = loop_listen(loop, NULL, 0, served, NULL, &error);
    assert_true(port > 0);
    server_heard = g_string_new(NULL);
    server_saw_token = g_string_new(NULL);
    server_saw_args = g_string_new(NULL);
    heard = g_string_new(NULL);
    opened_count = closed_count = 0;
    fragmenting = 0;
    server_closes = server_refuses = mute_hangs_up = false;
    mute_says = NULL;
    wanted = NULL;
    return 0;
}

static int end(void **state)
{
    (void)state;
    websocket_free(websocket);
    websocket = NULL;
    rest_free(rest);
    story_end();
    g_string_free(server_heard, TRUE);
    g_string_free(server_saw_token, TRUE);
    g_string_free(server_saw_args, TRUE);
    g_string_free(heard, TRUE);
    g_clear_pointer(&reason, g_free);
    return 0;
}

static void open_with(struct websocket_options options, int to_port, const char *path)
{
    g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%d%s", to_port, path);
    if (options.url == NULL)
        options.url = url;
    websocket = websocket_open(loop, rest, &options, &handler, NULL);
    assert_non_null(websocket);
    assert_int_equal(opened_count + closed_count, 0);
}

static void open_plain(void)
{
    open_with((struct websocket_options){0}, port, "/link");
    story_run();
    assert_int_equal(opened_count, 1);
    assert_int_equal(closed_count, 0);
}

static void it_opens_and_carries_text_both_ways(void **state)
{
    (void)state;
    open_plain();
    assert_true(websocket_send(websocket, "echo", 4));
    story_run();
    assert_string_equal(heard->str, "echo");
    assert_string_equal(server_heard->str, "echo|");
}

static void headers_reach_the_server(void **state)
{
    (void)state;
    const char *const headers[] = {"X-Token", "sesame", NULL};
    open_with((struct websocket_options){.headers = headers}, port, "/link");
    story_run();
    assert_int_equal(opened_count, 1);
    assert_string_equal(server_saw_token->str, "sesame");
}

static void a_long_query_is_no_obstacle(void **state)
{
    (void)state;
    g_autofree char *ticket = g_strnfill(1900, 't');
    g_autofree char *path = g_strdup_printf("/link/?ticket=%s&app_id=A1", ticket);
    open_with((struct websocket_options){0}, port, path);
    story_run();
    assert_int_equal(opened_count, 1);
    assert_string_equal(server_saw_args->str, path + strlen("/link/?"));
}

static void a_name_is_resolved_first(void **state)
{
    (void)state;
    g_autofree char *url = g_strdup_printf("ws://localhost:%d/", port);
    open_with((struct websocket_options){.url = url}, 0, "");
    story_run();
    assert_int_equal(opened_count, 1);
}

static void messages_keep_their_order(void **state)
{
    (void)state;
    open_plain();
    g_autofree char *large = g_strnfill(300 * 1024, 'L');
    websocket_send(websocket, "one", 3);
    websocket_send(websocket, large, strlen(large));
    websocket_send(websocket, "three", 5);
    websocket_send(websocket, "echo", 4);
    story_run();
    assert_string_equal(server_heard->str, "one|LLLLLLLLLLLLLLLLLLLL|three|echo|");
}

static void two_megabytes_in_fragments_are_one_message(void **state)
{
    (void)state;
    fragmenting = 2 * 1024 * 1024 + 7;
    open_plain();
    story_run();
    assert_int_equal(heard->len, 2 * 1024 * 1024 + 7);
    for (gsize i = 0; i < heard->len; i++)
        assert_int_equal(heard->str[i], 'a' + i % 26);
    assert_int_equal(closed_count, 0);
}

static void a_message_over_the_limit_ends_it(void **state)
{
    (void)state;
    fragmenting = 100 * 1000;
    open_with((struct websocket_options){.max_message = 50 * 1000}, port, "/");
    story_run();
    story_run();
    assert_int_equal(closed_count, 1);
    assert_non_null(strstr(reason, "size limit"));
    assert_int_equal(heard->len, 0);
}

static void the_servers_close_is_told_once(void **state)
{
    (void)state;
    open_plain();
    websocket_send(websocket, "close", 5);
    story_run();
    assert_int_equal(closed_count, 1);
    assert_non_null(strstr(reason, "server closed"));
}

static void our_close_sends_what_is_queued_and_then_the_frame(void **state)
{
    (void)state;
    open_plain();
    websocket_send(websocket, "last words", 10);
    websocket_close(websocket, 1000);
    websocket_close(websocket, 1001);
    assert_false(websocket_send(websocket, "too late", 8));
    assert_int_equal(closed_count, 0);
    story_run();
    assert_int_equal(closed_count, 1);
    assert_string_equal(reason, "closed");
    assert_string_equal(server_heard->str, "last words|close 1000|");
}

static void a_close_before_it_is_open_is_a_close(void **state)
{
    (void)state;
    open_with((struct websocket_options){0}, port, "/");
    websocket_close(websocket, 1000);
    assert_int_equal(closed_count, 0);
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
}

static void nobody_listening_is_told(void **state)
{
    (void)state;
    int unused = mute_listen();
    mute_end();
    open_with((struct websocket_options){0}, unused, "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
}

static void a_refused_upgrade_is_told(void **state)
{
    (void)state;
    server_refuses = true;
    open_with((struct websocket_options){0}, port, "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
}

static void the_status_of_a_refusal_is_told(void **state)
{
    (void)state;
    mute_hangs_up = true;
    mute_says = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    open_with((struct websocket_options){0}, mute_listen(), "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
    assert_non_null(strstr(reason, "401"));
    mute_end();
}

static void a_redirection_is_not_followed(void **state)
{
    (void)state;
    mute_hangs_up = true;
    g_autofree char *elsewhere = g_strdup_printf("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\n"
                                                 "Content-Length: 0\r\n\r\n", port);
    mute_says = elsewhere;
    open_with((struct websocket_options){0}, mute_listen(), "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
    mute_end();
}

static void an_unknown_name_is_told(void **state)
{
    (void)state;
    open_with((struct websocket_options){.url = "ws://askwhy.invalid/"}, 0, "");
    story_run();
    assert_int_equal(closed_count, 1);
}

static void an_address_that_is_none_is_told_later(void **state)
{
    (void)state;
    const char *const bad[] = {"http://127.0.0.1/", "ws://", "nonsense", "ws://h/a b", "ws://user@host/",
                               "ws://h/\r\nX: y"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        closed_count = 0;
        open_with((struct websocket_options){.url = bad[i]}, 0, "");
        story_run();
        assert_int_equal(closed_count, 1);
    }
    g_autofree char *long_query = g_strnfill(5000, 'q');
    g_autofree char *too_long = g_strdup_printf("ws://127.0.0.1:%d/?%s", port, long_query);
    closed_count = 0;
    open_with((struct websocket_options){.url = too_long}, 0, "");
    story_run();
    assert_int_equal(closed_count, 1);
    const char *const headers[] = {"X-Token", "a\r\nHost: b", NULL};
    closed_count = 0;
    open_with((struct websocket_options){.headers = headers}, port, "/");
    story_run();
    assert_int_equal(closed_count, 1);
}

static void a_server_that_never_answers_the_handshake_is_given_up(void **state)
{
    (void)state;
    open_with((struct websocket_options){.handshake_ms = 200}, mute_listen(), "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
    assert_non_null(strstr(reason, "handshake"));
    mute_end();
}

static void a_server_that_hangs_up_during_the_handshake_is_told(void **state)
{
    (void)state;
    mute_hangs_up = true;
    open_with((struct websocket_options){0}, mute_listen(), "/");
    story_run();
    assert_int_equal(opened_count, 0);
    assert_int_equal(closed_count, 1);
    mute_end();
}

static struct loop_timer *later;

static void stop(void *data)
{
    (void)data;
    loop_stop(loop);
}

static void pongs_keep_a_quiet_connection_alive(void **state)
{
    (void)state;
    open_with((struct websocket_options){.ping_ms = 20, .silence_ms = 400}, port, "/");
    story_run();
    assert_int_equal(opened_count, 1);
    later = loop_timer_new(loop, stop, NULL);
    loop_timer_set_ms(later, 1000);
    story_run();
    assert_int_equal(closed_count, 0);
    loop_timer_free(later);
}

/* Takes the upgrade and falls silent: no pong, nothing. */
static void tcp_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    char request[4096] = "";
    int fd = mute_peer;
    ssize_t got = read(fd, request, sizeof request - 1);
    char *key = strcasestr(request, "Sec-WebSocket-Key: ");
    if (got <= 0 || key == NULL)
        return;
    g_autofree char *given = g_strndup(key + 19, strcspn(key + 19, "\r"));
    g_autofree char *both = g_strconcat(given, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, (const guchar *)both, -1);
    guint8 digest[20];
    gsize size = sizeof digest;
    g_checksum_get_digest(sum, digest, &size);
    g_autofree char *proof = g_base64_encode(digest, size);
    g_autofree char *reply = g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                             "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", proof);
    assert_int_equal(write(fd, reply, strlen(reply)), strlen(reply));
}

static struct loop_fd *tcp_watch;

static void tcp_accept(uint32_t events, void *data)
{
    (void)events, (void)data;
    int fd = accept(mute, NULL, NULL);
    if (mute_connections++ == 0) {
        close(fd);
        return;
    }
    mute_peer = fd;
    tcp_watch = loop_fd_add(loop, fd, EPOLLIN, tcp_ready, NULL);
}

static void silence_after_the_handshake_ends_it(void **state)
{
    (void)state;
    int silent = mute_listen();
    loop_fd_remove(mute_watch);
    mute_watch = loop_fd_add(loop, mute, EPOLLIN, tcp_accept, NULL);
    open_with((struct websocket_options){.ping_ms = 50, .silence_ms = 200}, silent, "/");
    story_run();
    assert_int_equal(opened_count, 1);
    story_run();
    assert_int_equal(closed_count, 1);
    assert_string_equal(reason, "silence");
    loop_fd_remove(tcp_watch);
    mute_end();
}

static void freed_means_silence_at_every_stage(void **state)
{
    (void)state;
    later = loop_timer_new(loop, stop, NULL);
    open_with((struct websocket_options){0}, port, "/");
    websocket_free(g_steal_pointer(&websocket));
    loop_timer_set_ms(later, 20);
    story_run();
    assert_int_equal(opened_count + closed_count, 0);
    open_plain();
    websocket_send(websocket, "echo", 4);
    websocket_free(g_steal_pointer(&websocket));
    loop_timer_set_ms(later, 20);
    story_run();
    assert_int_equal(closed_count, 0);
    assert_null(server_wsi);
    loop_timer_free(later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_opens_and_carries_text_both_ways, begin, end),
        cmocka_unit_test_setup_teardown(headers_reach_the_server, begin, end),
        cmocka_unit_test_setup_teardown(a_long_query_is_no_obstacle, begin, end),
        cmocka_unit_test_setup_teardown(a_name_is_resolved_first, begin, end),
        cmocka_unit_test_setup_teardown(messages_keep_their_order, begin, end),
        cmocka_unit_test_setup_teardown(two_megabytes_in_fragments_are_one_message, begin, end),
        cmocka_unit_test_setup_teardown(a_message_over_the_limit_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(the_servers_close_is_told_once, begin, end),
        cmocka_unit_test_setup_teardown(our_close_sends_what_is_queued_and_then_the_frame, begin, end),
        cmocka_unit_test_setup_teardown(a_close_before_it_is_open_is_a_close, begin, end),
        cmocka_unit_test_setup_teardown(nobody_listening_is_told, begin, end),
        cmocka_unit_test_setup_teardown(a_refused_upgrade_is_told, begin, end),
        cmocka_unit_test_setup_teardown(the_status_of_a_refusal_is_told, begin, end),
        cmocka_unit_test_setup_teardown(a_redirection_is_not_followed, begin, end),
        cmocka_unit_test_setup_teardown(an_unknown_name_is_told, begin, end),
        cmocka_unit_test_setup_teardown(an_address_that_is_none_is_told_later, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_never_answers_the_handshake_is_given_up, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_hangs_up_during_the_handshake_is_told, begin, end),
        cmocka_unit_test_setup_teardown(pongs_keep_a_quiet_connection_alive, begin, end),
        cmocka_unit_test_setup_teardown(silence_after_the_handshake_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(freed_means_silence_at_every_stage, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
