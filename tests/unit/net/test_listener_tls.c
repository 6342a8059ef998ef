/* The listener behind a certificate, asked by askwhy's own client, which would rather speak HTTP/2. */
#include "bot/base/clock.h"
#include "bot/net/listener.h"
#include "bot/net/rest.h"
#include "tests/folder.h"
#include "visitor.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <openssl/ssl.h>

static char *folder, *certificate, *key, *other_key, *locked_key, *no_pem;

static bool openssl(const char *command)
{
    g_auto(GStrv) words = g_strsplit(command, " ", -1);
    int status = -1;
    return g_spawn_sync(folder, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) && status == 0;
}

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

#define CERTIFICATE "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 " \
                    "-subj /CN=localhost -addext subjectAltName=DNS:localhost "

static int make_certificates(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("askwhy-listener-XXXXXX", NULL);
    certificate = in_folder("bot.pem");
    key = in_folder("bot.key");
    other_key = in_folder("other.key");
    locked_key = in_folder("locked.key");
    no_pem = in_folder("notes.txt");
    g_file_set_contents(no_pem, "nothing of use\n", -1, NULL);
    bool made = openssl(CERTIFICATE "-keyout bot.key -out bot.pem") &&
                openssl(CERTIFICATE "-keyout other.key -out other.pem") &&
                openssl("openssl ec -in bot.key -aes128 -passout pass:secret -out locked.key");
    return made ? 0 : -1;
}

static int remove_certificates(void **state)
{
    (void)state;
    remove_folder(folder);
    g_free(folder);
    g_free(certificate);
    g_free(key);
    g_free(other_key);
    g_free(locked_key);
    g_free(no_pem);
    return 0;
}

static struct listener *listener;
static struct rest *rest;
static int asked;
static gsize body_size;

static void owner(const struct listener_request *request, void *data)
{
    (void)data;
    asked++;
    body_size = request->size;
    listener_answer(listener, request->id, 200, "text/plain", strcmp(request->path, "large") == 0 ? request->body : "fine");
}

static void open_with(const char *pem)
{
    GError *error = NULL;
    loop = loop_new(pem, &error);
    assert_non_null(loop);
    story_stuck = false;
    story_guard = loop_timer_new(loop, story_gave_up, NULL);
    rest = rest_new(loop, pem, &error);
    assert_non_null(rest);
    asked = 0;
    struct listener_options options = {
        .address = "127.0.0.1:0", .certificate = certificate, .key = key, .max_body = 2 * 1024 * 1024};
    listener = listener_new(loop, &options, &error);
    assert_non_null(listener);
    listener_route(listener, "/", owner, NULL);
}

static int begin(void **state)
{
    (void)state;
    open_with(certificate);
    return 0;
}

static int end(void **state)
{
    (void)state;
    rest_free(g_steal_pointer(&rest));
    clients_leave();
    listener_free(g_steal_pointer(&listener));
    story_end();
    return 0;
}

static enum rest_outcome outcome;
static char *answered;

static void done(const struct rest_response *response, void *data)
{
    (void)data;
    outcome = response->outcome;
    g_free(answered);
    answered = g_strdup(response->body);
    loop_stop(loop);
}

static void ask(const char *path, const char *body)
{
    g_autofree char *url = g_strdup_printf("https://localhost:%d/%s", listener_port(listener), path);
    struct rest_request request = {.method = "POST", .url = url, .body = (char *)body, .body_size = strlen(body)};
    rest_send(rest, &request, done, NULL);
    story_run();
}

static void a_request_is_answered_behind_a_certificate(void **state)
{
    (void)state;
    ask("small", "{}");
    assert_int_equal(outcome, REST_ANSWERED);
    assert_string_equal(answered, "fine");
    ask("small", "{}");
    assert_string_equal(answered, "fine");
    assert_int_equal(asked, 2);
}

/* More than a record, both ways. */
static void large_bodies_pass(void **state)
{
    (void)state;
    g_autofree char *large = g_strnfill(1024 * 1024, 'x');
    ask("large", large);
    assert_int_equal(outcome, REST_ANSWERED);
    assert_int_equal(body_size, 1024 * 1024);
    assert_string_equal(answered, large);
}

static void who_speaks_plainly_is_not_heard(void **state)
{
    (void)state;
    struct client *client = client_on(dial(listener_port(listener)));
    say(client, "GET / HTTP/1.1\r\nHost: bot\r\n\r\n");
    await_end(client);
    assert_null(strstr(client->got->str, "HTTP/1.1 200"));
    assert_int_equal(asked, 0);
}

static void a_handshake_that_is_not_finished_is_cut_off(void **state)
{
    (void)state;
    struct client *silent = client_on(dial(listener_port(listener))), *begun = client_on(dial(listener_port(listener)));
    say(begun, "\x16\x03\x01");
    lws_service(loop_context(loop), -1);
    lws_service(loop_context(loop), -1);
    loop_pass_ms(loop, 11 * 1000);
    await_end(silent);
    await_end(begun);
    ask("small", "{}");
    assert_string_equal(answered, "fine");
}

static void copy(const char *from, const char *to)
{
    g_autofree char *source = in_folder(from), *target = in_folder(to), *text = NULL;
    gsize size = 0;
    assert_true(g_file_get_contents(source, &text, &size, NULL));
    assert_true(g_file_set_contents(target, text, (gssize)size, NULL));
}

static int keep_certificates(void **state)
{
    (void)state;
    copy("bot.pem", "kept.pem");
    copy("bot.key", "kept.key");
    /* The client knows both. */
    g_autofree char *one = NULL, *two = NULL, *first = in_folder("bot.pem"), *second = in_folder("other.pem"),
                    *both = in_folder("both.pem");
    g_file_get_contents(first, &one, NULL, NULL);
    g_file_get_contents(second, &two, NULL, NULL);
    g_autofree char *text = g_strconcat(one, two, NULL);
    g_file_set_contents(both, text, -1, NULL);
    open_with(both);
    return 0;
}

static int put_certificates_back(void **state)
{
    copy("kept.pem", "bot.pem");
    copy("kept.key", "bot.key");
    return end(state);
}

/* The serial number of the certificate that is shown to a newcomer. */
static char *shown(void)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(tls);
    int fd = dial(listener_port(listener));
    SSL_set_fd(ssl, fd);
    g_unix_set_fd_nonblocking(fd, TRUE, NULL);
    while (SSL_connect(ssl) != 1)
        lws_service(loop_context(loop), -1);
    X509 *peer = SSL_get1_peer_certificate(ssl);
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(peer), NULL);
    char *hex = BN_bn2hex(serial);
    char *copied = g_strdup(hex);
    OPENSSL_free(hex);
    BN_free(serial);
    X509_free(peer);
    SSL_free(ssl);
    SSL_CTX_free(tls);
    close(fd);
    return copied;
}

static void a_renewed_certificate_is_shown_without_a_restart(void **state)
{
    (void)state;
    g_autofree char *old = shown();
    copy("other.pem", "bot.pem"); /* its key comes later */
    clock_pass_ms(61 * 1000);
    g_autofree char *between = shown();
    assert_string_equal(between, old);
    copy("other.key", "bot.key");
    g_autofree char *same_minute = shown();
    assert_string_equal(same_minute, old);
    clock_pass_ms(61 * 1000);
    g_autofree char *renewed = shown();
    assert_string_not_equal(renewed, old);
    ask("small", "{}");
    assert_string_equal(answered, "fine");
}

static void is_no_secret(const char *pem, const char *pem_key, const char *named, const char *why)
{
    GError *error = NULL;
    struct listener_options options = {.address = "127.0.0.1:0", .certificate = pem, .key = pem_key};
    assert_null(listener_new(loop, &options, &error));
    assert_non_null(error);
    if (strstr(error->message, named) == NULL || strstr(error->message, why) == NULL)
        fail_msg("\"%s\" does not tell \"%s\" of %s", error->message, why, named);
    g_error_free(error);
}

static void files_that_do_not_fit_are_named(void **state)
{
    (void)state;
    is_no_secret(certificate, other_key, other_key, "is not the key of the certificate in");
    is_no_secret(certificate, other_key, certificate, "is not the key of the certificate in");
    is_no_secret(certificate, no_pem, no_pem, "holds no private key");
    is_no_secret(certificate, locked_key, locked_key, "passphrase");
    is_no_secret(no_pem, key, no_pem, "holds no certificate");
    is_no_secret(certificate, "/nonexistent/key", "/nonexistent/key", "No such file");
    is_no_secret("/nonexistent/pem", key, "/nonexistent/pem", "No such file");
    is_no_secret(certificate, NULL, certificate, "together");
    is_no_secret(NULL, key, key, "together");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_is_answered_behind_a_certificate, begin, end),
        cmocka_unit_test_setup_teardown(large_bodies_pass, begin, end),
        cmocka_unit_test_setup_teardown(who_speaks_plainly_is_not_heard, begin, end),
        cmocka_unit_test_setup_teardown(a_handshake_that_is_not_finished_is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(a_renewed_certificate_is_shown_without_a_restart, keep_certificates,
                                        put_certificates_back),
        cmocka_unit_test_setup_teardown(files_that_do_not_fit_are_named, begin, end),
    };
    int failed = cmocka_run_group_tests(tests, make_certificates, remove_certificates);
    g_free(answered);
    return failed;
}
