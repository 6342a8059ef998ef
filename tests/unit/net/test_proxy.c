#include "bot/net/proxy.h"
#include "bot/net/rest.h"
#include "bot/net/websocket.h"
#include "story.h"
#include "upgrade.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void clear_environment(void)
{
    const char *const names[] = {"http_proxy",  "https_proxy", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY",   "no_proxy",    "NO_PROXY"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_unsetenv(names[i]);
}

static int begin(void **state)
{
    (void)state;
    clear_environment();
    story_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end();
    clear_environment();
    return 0;
}

/* "user@host:port" of the proxy for it, or "direct". */
static const char *way(bool tls, const char *host)
{
    static char text[200];
    struct proxy proxy;
    if (!proxy_for(tls, host, &proxy))
        return "direct";
    g_snprintf(text, sizeof text, "%s@%s:%d", proxy.user != NULL ? proxy.user : "", proxy.host, proxy.port);
    proxy_done(&proxy);
    return text;
}

static void without_settings_everything_is_direct(void **state)
{
    (void)state;
    assert_string_equal(way(true, "slack.test"), "direct");
    assert_string_equal(way(false, "slack.test"), "direct");
}

static void each_scheme_has_its_proxy(void **state)
{
    (void)state;
    g_setenv("https_proxy", "http://secure.test:3128", TRUE);
    g_setenv("http_proxy", "me:pass@plain.test:8080", TRUE);
    assert_string_equal(way(true, "slack.test"), "@secure.test:3128");
    assert_string_equal(way(false, "chat.test"), "me:pass@plain.test:8080");
    g_unsetenv("https_proxy");
    assert_string_equal(way(true, "slack.test"), "direct");
    g_setenv("ALL_PROXY", "http://every.test", TRUE);
    assert_string_equal(way(true, "slack.test"), "@every.test:1080");
}

static void exceptions_and_loopback_are_direct(void **state)
{
    (void)state;
    g_setenv("https_proxy", "http://secure.test:3128", TRUE);
    g_setenv("no_proxy", "chat.test,.inside.test, 10.0.0.1", TRUE);
    assert_string_equal(way(true, "chat.test"), "direct");
    assert_string_equal(way(true, "team.CHAT.test"), "direct");
    assert_string_equal(way(true, "a.inside.test"), "direct");
    assert_string_equal(way(true, "10.0.0.1"), "direct");
    assert_string_equal(way(true, "otherchat.test"), "@secure.test:3128");
    assert_string_equal(way(true, "localhost"), "direct");
    assert_string_equal(way(true, "127.0.0.1"), "direct");
    g_setenv("no_proxy", "*", TRUE);
    assert_string_equal(way(true, "otherchat.test"), "direct");
}

static void a_proxy_that_cannot_be_used_is_left_out(void **state)
{
    (void)state;
    g_setenv("https_proxy", "socks5://secure.test:1080", TRUE);
    assert_string_equal(way(true, "slack.test"), "direct");
}

/* ---- a proxy and, behind it, a WebSocket server ---- */

static int listener, port, peer_fd;
static struct loop_fd *listener_watch, *peer_watch;
static GString *asked;

static void peer_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    char text[4096] = "";
    ssize_t got = read(peer_fd, text, sizeof text - 1);
    if (got <= 0)
        return;
    if (g_str_has_prefix(text, "CONNECT ")) {
        g_string_assign(asked, text);
        const char *yes = "HTTP/1.1 200 Connection established\r\n\r\n";
        assert_int_equal(write(peer_fd, yes, strlen(yes)), strlen(yes));
        return;
    }
    g_autofree char *reply = upgrade_answer(text);
    assert_non_null(reply);
    assert_int_equal(write(peer_fd, reply, strlen(reply)), strlen(reply));
}

static void listener_ready(uint32_t events, void *data)
{
    (void)events, (void)data;
    int fd = accept(listener, NULL, NULL);
    if (peer_watch != NULL) { /* the first was the lookup of the proxy's name */
        loop_fd_remove(peer_watch);
        close(peer_fd);
    }
    peer_fd = fd;
    peer_watch = loop_fd_add(loop, fd, EPOLLIN, peer_ready, NULL);
}

static bool is_open;
static struct websocket *websocket;

static void opened(void *data)
{
    (void)data;
    is_open = true;
    loop_stop(loop);
}

static void message(const char *text, gsize size, void *data)
{
    (void)text, (void)size, (void)data;
}

static void closed(const char *reason, void *data)
{
    (void)reason, (void)data;
    websocket = NULL;
    loop_stop(loop);
}

static void a_websocket_goes_through_the_proxy(void **state)
{
    (void)state;
    GError *error = NULL;
    struct rest *rest = rest_new(loop, NULL, &error);
    asked = g_string_new(NULL);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    listener_watch = loop_fd_add(loop, listener, EPOLLIN, listener_ready, NULL);
    g_autofree char *proxy = g_strdup_printf("http://me:pass@localhost:%d", port);
    g_setenv("http_proxy", proxy, TRUE);
    static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};
    struct websocket_options options = {.url = "ws://chat.askwhy.invalid/link"};
    websocket = websocket_open(loop, rest, &options, &handler, NULL);
    story_run();
    assert_true(is_open);
    assert_true(g_str_has_prefix(asked->str, "CONNECT chat.askwhy.invalid:80 HTTP/1.1\r\n"));
    assert_non_null(strstr(asked->str, "bWU6cGFzcw==")); /* me:pass */
    websocket_free(websocket);
    rest_free(rest);
    loop_fd_remove(listener_watch);
    loop_fd_remove(peer_watch);
    close(listener);
    close(peer_fd);
    g_string_free(asked, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_settings_everything_is_direct, begin, end),
        cmocka_unit_test_setup_teardown(each_scheme_has_its_proxy, begin, end),
        cmocka_unit_test_setup_teardown(exceptions_and_loopback_are_direct, begin, end),
        cmocka_unit_test_setup_teardown(a_proxy_that_cannot_be_used_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(a_websocket_goes_through_the_proxy, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
