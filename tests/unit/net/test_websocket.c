#include "bot/base/clock.h"
#include "bot/net/websocket.h"
#include "echoserver.h"
#include "story.h"
#include "upgrade.h"

#include <string.h>

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

static void told_too_large(const char *ends, gsize size, void *data)
{
    (void)data;
    g_string_append_len(heard, ends, (gssize)size);
    loop_stop(loop);
}

static void a_message_over_the_limit_can_be_told_by_its_ends(void **state)
{
    (void)state;
    static const struct websocket_handler patient = {
        .opened = opened, .message = message, .too_large = told_too_large, .closed = closed};
    fragmenting = 300 * 1000;
    char *url = g_strdup_printf("ws://127.0.0.1:%d/", port);
    struct websocket_options options = {.url = url, .max_message = 50 * 1000};
    websocket = websocket_open(loop, rest, &options, &patient, NULL);
    g_free(url);
    while (heard->len == 0)
        story_run();
    assert_int_equal(heard->len, 2 * 4096);
    for (gsize i = 0; i < 4096; i++) {
        assert_int_equal(heard->str[i], 'a' + i % 26);
        assert_int_equal(heard->str[4096 + i], 'a' + (300 * 1000 - 4096 + i) % 26);
    }
    /* The connection lives on. */
    g_string_truncate(heard, 0);
    wanted = "echo";
    websocket_send(websocket, "echo", 4);
    story_run();
    assert_string_equal(heard->str, "echo");
    assert_int_equal(closed_count, 0);
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
    g_autofree char *reply = got > 0 ? upgrade_answer(request) : NULL;
    if (reply == NULL)
        return;
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

static void what_came_while_we_stood_still_counts(void **state)
{
    (void)state;
    open_with((struct websocket_options){.ping_ms = 10 * 1000, .silence_ms = 30 * 1000}, port, "/");
    story_run();
    assert_int_equal(opened_count, 1);
    wanted = "echo";
    assert_true(websocket_send(websocket, "echo", strlen("echo")));
    loop_timer_clear(story_guard);
    clock_pass_ms(45 * 1000);
    loop_pass_ms(loop, 45 * 1000);
    story_run();
    assert_string_equal(heard->str, "echo");
    assert_int_equal(closed_count, 0);
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
        cmocka_unit_test_setup_teardown(a_message_over_the_limit_can_be_told_by_its_ends, begin, end),
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
        cmocka_unit_test_setup_teardown(what_came_while_we_stood_still_counts, begin, end),
        cmocka_unit_test_setup_teardown(freed_means_silence_at_every_stage, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
