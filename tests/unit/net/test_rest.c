#include "bot/net/rest.h"
#include "badserver.h"
#include "story.h"

#include <string.h>

/* ---- the client and what it was told ---- */

static struct rest *rest;
static int outstanding;
static struct {
    enum rest_outcome outcome;
    int status;
    char *body, *scopes, *error;
    gsize body_size;
    int64_t retry_after_s, reset_after_s;
} told;

static void told_clear(void)
{
    g_free(told.body);
    g_free(told.scopes);
    g_free(told.error);
    memset(&told, 0, sizeof told);
}

static int begin(void **state)
{
    (void)state;
    story_begin();
    GError *error = NULL;
    rest = rest_new(loop, NULL, &error);
    assert_non_null(rest);
    outstanding = 0;
    server_starts();
    return 0;
}

static int end(void **state)
{
    (void)state;
    rest_free(rest);
    server_ends();
    told_clear();
    story_end();
    return 0;
}

static void done(const struct rest_response *response, void *data)
{
    (void)data;
    told_clear();
    told.outcome = response->outcome;
    told.status = response->status;
    told.body = g_strdup(response->body);
    told.body_size = response->body_size;
    told.scopes = g_strdup(response->scopes);
    told.error = g_strdup(response->error);
    told.retry_after_s = response->retry_after_s;
    told.reset_after_s = response->reset_after_s;
    if (--outstanding == 0)
        loop_stop(loop);
}

static void send_request(const char *method, const char *url, const char *body, bool idempotent, int timeout_ms)
{
    struct rest_request request = {
        .method = method,
        .url = g_strdup(url),
        .headers = g_strsplit("Authorization: Bearer abc|Content-Type: application/json", "|", -1),
        .body = g_strdup(body),
        .body_size = body != NULL ? strlen(body) : 0,
        .timeout_ms = timeout_ms,
        .idempotent = idempotent,
    };
    outstanding++;
    rest_send(rest, &request, done, NULL);
    rest_request_done(&request); /* rest keeps nothing of it */
    assert_null(request.url);
}

static void ask(const char *method, const char *path, const char *body, bool idempotent)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d%s", port, path);
    send_request(method, url, body, idempotent, 0);
    assert_int_equal(rest_active(rest), outstanding);
    story_run();
    assert_int_equal(rest_active(rest), 0);
}

static void a_post_arrives_whole_and_its_answer_comes_back(void **state)
{
    (void)state;
    ask("POST", "/echo", "{\"text\":\"hello\"}", false);
    assert_int_equal(told.outcome, REST_ANSWERED);
    assert_int_equal(told.status, 200);
    assert_string_equal(told.body, "{\"text\":\"hello\"}");
    assert_int_equal(told.retry_after_s, -1);
    assert_null(told.error);
    assert_true(g_str_has_prefix(last_request->str, "POST /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(last_request->str, "Authorization: Bearer abc\r\n"));
    assert_non_null(strstr(last_request->str, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(last_request->str, "Content-Length: 16\r\n"));
    assert_null(strstr(last_request->str, "Expect:"));
}

static void every_method_is_sent_as_named(void **state)
{
    (void)state;
    ask("GET", "/echo", NULL, true);
    assert_true(g_str_has_prefix(last_request->str, "GET /echo "));
    ask("DELETE", "/echo", NULL, false);
    assert_true(g_str_has_prefix(last_request->str, "DELETE /echo "));
    ask("PUT", "/echo", "{}", false);
    assert_true(g_str_has_prefix(last_request->str, "PUT /echo "));
    assert_string_equal(told.body, "{}");
    ask("POST", "/echo", NULL, false);
    assert_true(g_str_has_prefix(last_request->str, "POST /echo "));
    assert_non_null(strstr(last_request->str, "Content-Length: 0\r\n"));
    assert_int_equal(told.status, 200);
}

static void a_large_body_goes_through(void **state)
{
    (void)state;
    g_autofree char *large = g_strnfill(3 * 1024 * 1024, 'x');
    ask("POST", "/echo", large, false);
    assert_int_equal(told.outcome, REST_ANSWERED);
    assert_int_equal(told.body_size, strlen(large));
    assert_string_equal(told.body, large);
}

static void connections_are_kept_and_used_again(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        ask("POST", "/echo", "{}", false);
    assert_int_equal(requests_seen, 5);
    assert_int_equal(connections_seen, 1);
}

static void many_at_once_share_few_connections(void **state)
{
    (void)state;
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/echo", port);
    for (int i = 0; i < 40; i++)
        send_request("POST", url, "{}", false, 0);
    story_run();
    assert_int_equal(requests_seen, 40);
    assert_in_range(connections_seen, 1, 32);
    assert_int_equal(told.outcome, REST_ANSWERED);
}

static void a_server_that_dies_after_reading_leaves_it_unknown(void **state)
{
    (void)state;
    ask("POST", "/close", "{\"text\":\"once\"}", false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_non_null(told.error);
    assert_int_equal(requests_seen, 1);
}

static void nothing_is_said_twice_over_a_kept_connection(void **state)
{
    (void)state;
    ask("POST", "/echo", "{}", false);
    ask("POST", "/close", "{\"text\":\"once\"}", false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_int_equal(requests_seen, 2);
    assert_int_equal(begun_seen, 2); /* nor was a second one begun */
}

static void nothing_is_said_twice_without_a_body_either(void **state)
{
    (void)state;
    ask("POST", "/echo", "{}", false);
    ask("POST", "/close", NULL, false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_int_equal(requests_seen, 2);
    ask("POST", "/echo", "{}", false);
    ask("DELETE", "/close", NULL, false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_int_equal(requests_seen, 4);
}

static void what_may_be_repeated_is(void **state)
{
    (void)state;
    ask("GET", "/echo", NULL, true);
    ask("GET", "/close", NULL, true);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_int_equal(requests_seen, 3);
    assert_int_equal(connections_seen, 2);
}

static void nobody_listening_means_not_sent(void **state)
{
    (void)state;
    server_stops();
    ask("POST", "/echo", "{}", false);
    assert_int_equal(told.outcome, REST_NOT_SENT);
    assert_non_null(told.error);
    assert_string_equal(told.body, "");
}

static void a_name_that_does_not_exist_means_not_sent(void **state)
{
    (void)state;
    send_request("POST", "http://askwhy.invalid/echo", "{}", false, 0);
    story_run();
    assert_int_equal(told.outcome, REST_NOT_SENT);
    assert_non_null(told.error);
}

static void an_address_that_is_none_means_not_sent(void **state)
{
    (void)state;
    send_request("POST", "ftp://127.0.0.1/echo", "{}", false, 0);
    story_run();
    assert_int_equal(told.outcome, REST_NOT_SENT);
    send_request("POST", "not an address", "{}", false, 0);
    story_run();
    assert_int_equal(told.outcome, REST_NOT_SENT);
}

static void a_line_end_becomes_no_header(void)
{
    int seen = requests_seen;
    char *headers[] = {(char *)"X-Name: a\r\nX-Other: b", NULL};
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/echo", port);
    struct rest_request request = {.method = "POST", .url = url, .headers = headers};
    outstanding++;
    rest_send(rest, &request, done, NULL);
    story_run();
    assert_int_equal(told.outcome, REST_NOT_SENT);
    assert_int_equal(requests_seen, seen);
}

static void a_line_end_cannot_become_a_header(void **state)
{
    (void)state;
    a_line_end_becomes_no_header();
}

/* What libcurl knows of one request is not taken for the next. */
static void what_was_sent_before_changes_no_verdict(void **state)
{
    (void)state;
    g_autofree char *large = g_strnfill(100 * 1000, 'x');
    ask("POST", "/echo", large, false);
    assert_int_equal(told.outcome, REST_ANSWERED);
    a_line_end_becomes_no_header();
    ask("GET", "/echo", NULL, true);
    assert_int_equal(told.status, 200);
    assert_string_equal(told.body, "");
    assert_null(strstr(last_request->str, "Content-Length"));
    ask("GET", "/limited", NULL, true);
    assert_int_equal(told.retry_after_s, 7);
    ask("POST", "/echo", "{}", false);
    assert_string_equal(told.body, "{}");
    assert_int_equal(told.retry_after_s, -1);
    an_address_that_is_none_means_not_sent(state);
    ask("POST", "/echo", "{}", false);
    server_stops();
    ask("POST", "/echo", "{}", false);
    ask("POST", "/echo", "{}", false);
    assert_int_equal(told.outcome, REST_NOT_SENT);
}

static void a_plain_server_where_tls_was_wanted_means_not_sent(void **state)
{
    (void)state;
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%d/echo", port);
    send_request("POST", url, "{}", false, 300);
    story_run();
    assert_int_equal(told.outcome, REST_NOT_SENT);
    assert_int_equal(requests_seen, 0);
}

static void silence_ends_with_the_timeout_and_is_unknown(void **state)
{
    (void)state;
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/silence", port);
    send_request("POST", url, "{}", false, 100);
    story_run();
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_int_equal(requests_seen, 1);
}

static void a_cut_answer_is_unknown(void **state)
{
    (void)state;
    ask("POST", "/cut", "{}", false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
}

static void an_answer_without_end_is_cut_and_unknown(void **state)
{
    (void)state;
    ask("POST", "/huge", "{}", false);
    assert_int_equal(told.outcome, REST_UNKNOWN);
    assert_non_null(strstr(told.error, "16 MiB"));
}

static void the_time_to_wait_is_read_in_both_forms(void **state)
{
    (void)state;
    ask("POST", "/limited", "{}", false);
    assert_int_equal(told.outcome, REST_ANSWERED);
    assert_int_equal(told.status, 429);
    assert_int_equal(told.retry_after_s, 7);
    assert_string_equal(told.body, "slow down");
    ask("POST", "/limited-until", "{}", false);
    assert_int_equal(told.status, 503);
    assert_in_range(told.retry_after_s, 25 * 60, 30 * 60);
    ask("POST", "/limited-forever", "{}", false);
    assert_int_equal(told.retry_after_s, 24 * 3600);
}

static void a_limit_that_says_when_it_ends_counts_only_in_seconds(void **state)
{
    (void)state;
    ask("POST", "/reset?3", "{}", false);
    assert_int_equal(told.reset_after_s, 3);
    assert_int_equal(told.retry_after_s, -1);
    ask("POST", "/reset?1795418584", "{}", false); /* a moment, as other servers write it */
    assert_int_equal(told.reset_after_s, 0);
    ask("POST", "/reset?-5", "{}", false);
    assert_int_equal(told.reset_after_s, 0);
    ask("POST", "/reset?soon", "{}", false);
    assert_int_equal(told.reset_after_s, 0);
}

static void the_scopes_of_a_token_are_handed_on(void **state)
{
    (void)state;
    ask("POST", "/scopes", "{}", false);
    assert_string_equal(told.scopes, "chat:write,commands");
    ask("POST", "/echo", "{}", false);
    assert_null(told.scopes);
}

static void a_redirection_is_an_answer_and_not_followed(void **state)
{
    (void)state;
    ask("POST", "/elsewhere", "{}", false);
    assert_int_equal(told.status, 302);
    assert_int_equal(requests_seen, 1);
}

static void loopback_is_reached_without_the_proxy_of_the_environment(void **state)
{
    (void)state;
    g_setenv("http_proxy", "http://askwhy.invalid:1", TRUE);
    ask("POST", "/echo", "{}", false);
    g_unsetenv("http_proxy");
    assert_int_equal(told.outcome, REST_ANSWERED);
}

static void must_not_be_called(const struct rest_response *response, void *data)
{
    (void)response, (void)data;
    fail_msg("called back after it was forgotten");
}

static void an_owner_that_goes_away_hears_nothing(void **state)
{
    (void)state;
    int owner = 0;
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/echo", port);
    struct rest_request request = {.method = "GET", .url = url, .idempotent = true};
    rest_send(rest, &request, must_not_be_called, &owner);
    rest_forget(rest, &owner);
    assert_int_equal(rest_active(rest), 0);
    rest_send(rest, &request, must_not_be_called, &owner); /* ended by rest_free() */
    assert_int_equal(rest_active(rest), 1);
}

static char *found, *not_found;

static void resolved(const char *address, const char *error, void *data)
{
    (void)data;
    found = g_strdup(address);
    not_found = g_strdup(error);
    loop_stop(loop);
}

static void a_name_is_resolved_off_the_loop(void **state)
{
    (void)state;
    rest_resolve(rest, "localhost", port, resolved, NULL);
    assert_null(found);
    story_run();
    assert_string_equal(found, "127.0.0.1");
    assert_null(not_found);
    g_clear_pointer(&found, g_free);
    rest_resolve(rest, "askwhy.invalid", port, resolved, NULL);
    story_run();
    assert_null(found);
    assert_non_null(not_found);
    g_clear_pointer(&not_found, g_free);
}

static void a_private_authority_must_be_one(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(rest_new(loop, "/does/not/exist.pem", &error));
    assert_non_null(error);
    g_clear_error(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_post_arrives_whole_and_its_answer_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(every_method_is_sent_as_named, begin, end),
        cmocka_unit_test_setup_teardown(a_large_body_goes_through, begin, end),
        cmocka_unit_test_setup_teardown(connections_are_kept_and_used_again, begin, end),
        cmocka_unit_test_setup_teardown(many_at_once_share_few_connections, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_dies_after_reading_leaves_it_unknown, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_said_twice_over_a_kept_connection, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_said_twice_without_a_body_either, begin, end),
        cmocka_unit_test_setup_teardown(what_may_be_repeated_is, begin, end),
        cmocka_unit_test_setup_teardown(nobody_listening_means_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_does_not_exist_means_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(an_address_that_is_none_means_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(a_line_end_cannot_become_a_header, begin, end),
        cmocka_unit_test_setup_teardown(what_was_sent_before_changes_no_verdict, begin, end),
        cmocka_unit_test_setup_teardown(a_plain_server_where_tls_was_wanted_means_not_sent, begin, end),
        cmocka_unit_test_setup_teardown(silence_ends_with_the_timeout_and_is_unknown, begin, end),
        cmocka_unit_test_setup_teardown(a_cut_answer_is_unknown, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_without_end_is_cut_and_unknown, begin, end),
        cmocka_unit_test_setup_teardown(the_time_to_wait_is_read_in_both_forms, begin, end),
        cmocka_unit_test_setup_teardown(a_limit_that_says_when_it_ends_counts_only_in_seconds, begin, end),
        cmocka_unit_test_setup_teardown(the_scopes_of_a_token_are_handed_on, begin, end),
        cmocka_unit_test_setup_teardown(a_redirection_is_an_answer_and_not_followed, begin, end),
        cmocka_unit_test_setup_teardown(loopback_is_reached_without_the_proxy_of_the_environment, begin, end),
        cmocka_unit_test_setup_teardown(an_owner_that_goes_away_hears_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_name_is_resolved_off_the_loop, begin, end),
        cmocka_unit_test_setup_teardown(a_private_authority_must_be_one, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
