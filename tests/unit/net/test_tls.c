/* A server with a certificate of a private authority, made out to "localhost" only. */
#include "bot/net/rest.h"
#include "bot/net/websocket.h"
#include "story.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder, *authority, *certificate, *key;
static int port;
static struct rest *rest;
static int requests_seen, connections_seen, handshakes_seen;
static GString *server_got; /* bodies */

static bool openssl(const char *command)
{
    g_auto(GStrv) words = g_strsplit(command, " ", -1);
    int status = -1;
    return g_spawn_sync(folder, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) && status == 0;
}

static int make_certificates(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("askwhy-tls-XXXXXX", NULL);
    authority = g_build_filename(folder, "ca.pem", NULL);
    certificate = g_build_filename(folder, "server.pem", NULL);
    key = g_build_filename(folder, "server.key", NULL);
    g_autofree char *names = g_build_filename(folder, "names", NULL);
    g_file_set_contents(names, "subjectAltName=DNS:localhost\n", -1, NULL);
    bool made = openssl("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Private -keyout ca.key -out ca.pem") &&
                openssl("openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr") &&
                openssl("openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                        "-extfile names -out server.pem");
    return made ? 0 : -1;
}

static int remove_certificates(void **state)
{
    (void)state;
    remove_folder(folder);
    g_free(folder);
    g_free(authority);
    g_free(certificate);
    g_free(key);
    return 0;
}

static int answer(struct lws *wsi)
{
    unsigned char head[LWS_PRE + 512], *start = head + LWS_PRE, *at = start, *last = head + sizeof head - 1;
    requests_seen++;
    if (lws_add_http_common_headers(wsi, 200, "text/plain", 4, &at, last) != 0 ||
        lws_finalize_write_http_header(wsi, start, &at, last) != 0)
        return -1;
    lws_callback_on_writable(wsi);
    return 0;
}

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    switch (reason) {
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return 0;
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        connections_seen++;
        return 0;
    case LWS_CALLBACK_HTTP_BODY:
        g_string_append_len(server_got, in, (gssize)size);
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return answer(wsi);
    case LWS_CALLBACK_HTTP_WRITEABLE: {
        unsigned char body[LWS_PRE + 4];
        memcpy(body + LWS_PRE, "fine", 4);
        if (lws_write(wsi, body + LWS_PRE, 4, LWS_WRITE_HTTP_FINAL) != 4)
            return -1;
        return lws_http_transaction_completed(wsi) ? -1 : 0;
    }
    case LWS_CALLBACK_ESTABLISHED:
        handshakes_seen++;
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, size);
    }
}

static const struct lws_protocols served[] = {{.name = "test", .callback = serve}, {.name = NULL}};

static void begin_with(const char *ca_file)
{
    GError *error = NULL;
    loop = loop_new(ca_file, &error);
    assert_non_null(loop);
    story_stuck = false;
    story_guard = loop_timer_new(loop, story_gave_up, NULL);
    rest = rest_new(loop, ca_file, &error);
    assert_non_null(rest);
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .vhost_name = "localhost",
        .protocols = served,
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_IPV6,
        .ssl_cert_filepath = certificate,
        .ssl_private_key_filepath = key,
    };
    struct lws_vhost *vhost = lws_create_vhost(loop_context(loop), &info);
    assert_non_null(vhost);
    port = lws_get_vhost_listen_port(vhost);
    assert_true(port > 0);
    requests_seen = connections_seen = handshakes_seen = 0;
    server_got = g_string_new(NULL);
}

static int begin_trusting(void **state)
{
    (void)state;
    begin_with(authority);
    return 0;
}

static int begin_not_trusting(void **state)
{
    (void)state;
    begin_with(NULL);
    return 0;
}

/* The system's authorities, as Debian keeps them: files named by their hash. */
static int begin_with_a_system_that_trusts(void **state)
{
    (void)state;
    g_setenv("SSL_CERT_DIR", folder, TRUE);
    if (!openssl("openssl rehash ."))
        return -1;
    begin_with(NULL);
    return 0;
}

static struct websocket *websocket;

static int end(void **state)
{
    (void)state;
    websocket_free(g_steal_pointer(&websocket));
    rest_free(rest);
    story_end();
    g_string_free(server_got, TRUE);
    g_unsetenv("SSL_CERT_DIR");
    return 0;
}

static enum rest_outcome outcome;
static int status, outstanding;

static void done(const struct rest_response *response, void *data)
{
    (void)data;
    outcome = response->outcome;
    status = response->status;
    assert_string_equal(response->body, outcome == REST_ANSWERED ? "fine" : "");
    if (--outstanding == 0)
        loop_stop(loop);
}

static void send_to(const char *host)
{
    g_autofree char *url = g_strdup_printf("https://%s:%d/", host, port);
    struct rest_request request = {.method = "POST", .url = url, .body = (char *)"{}", .body_size = 2};
    outstanding++;
    rest_send(rest, &request, done, NULL);
}

static void ask(const char *host)
{
    send_to(host);
    story_run();
}

static bool is_open;

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
    is_open = false;
    websocket = NULL;
    loop_stop(loop);
}

static void dial(const char *host)
{
    static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};
    g_autofree char *url = g_strdup_printf("wss://%s:%d/", host, port);
    struct websocket_options options = {.url = url};
    is_open = false;
    websocket = websocket_open(loop, rest, &options, &handler, NULL);
    story_run();
}

static void a_private_authority_is_trusted_when_it_is_configured(void **state)
{
    (void)state;
    ask("localhost");
    assert_int_equal(outcome, REST_ANSWERED);
    assert_int_equal(status, 200);
    dial("localhost");
    assert_true(is_open);
    assert_int_equal(handshakes_seen, 1);
}

static void many_requests_share_one_connection_where_http_2_is_offered(void **state)
{
    (void)state;
    ask("localhost");
    connections_seen = 0;
    for (int i = 0; i < 12; i++)
        send_to("localhost");
    story_run();
    assert_int_equal(outcome, REST_ANSWERED);
    assert_int_equal(requests_seen, 13);
    assert_int_equal(server_got->len, 13 * strlen("{}"));
    assert_int_equal(connections_seen, 0);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    ask("127.0.0.1");
    assert_int_equal(outcome, REST_NOT_SENT);
    dial("127.0.0.1");
    assert_false(is_open);
    assert_int_equal(requests_seen + handshakes_seen, 0);
}

static void an_unknown_authority_is_refused(void **state)
{
    (void)state;
    ask("localhost");
    assert_int_equal(outcome, REST_NOT_SENT);
    dial("localhost");
    assert_false(is_open);
    assert_int_equal(requests_seen + handshakes_seen, 0);
}

static void an_authority_of_the_system_is_trusted(void **state)
{
    (void)state;
    dial("localhost");
    assert_true(is_open);
    assert_int_equal(handshakes_seen, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_private_authority_is_trusted_when_it_is_configured, begin_trusting, end),
        cmocka_unit_test_setup_teardown(many_requests_share_one_connection_where_http_2_is_offered, begin_trusting, end),
        cmocka_unit_test_setup_teardown(a_certificate_for_another_name_is_refused, begin_trusting, end),
        cmocka_unit_test_setup_teardown(an_unknown_authority_is_refused, begin_not_trusting, end),
        cmocka_unit_test_setup_teardown(an_authority_of_the_system_is_trusted, begin_with_a_system_that_trusts, end),
    };
    return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
