#include "bot/net/rest.h"
#include "bot/slack/slack.h"
#include "minislack.h"
#include "tests/unit/net/story.h"

#include <string.h>

/* ---- the bot's side: what the adapter would do ---- */

static struct rest *rest;
static struct slack_sockets *sockets;
static int gaps;
static int hello_patience, leave_patience; /* milliseconds; 0: as it is */
static GString *events; /* "connection:text " */

static void frame_came(uint64_t connection, const char *text, gsize size, void *data)
{
    (void)data;
    assert_int_equal(strlen(text), size);
    int seconds = 0;
    if (sscanf(text, "hello %d", &seconds) == 1)
        slack_sockets_hello(sockets, connection, seconds);
    else if (g_str_has_prefix(text, "disconnect "))
        slack_sockets_disconnect(sockets, connection, text + strlen("disconnect "));
    else
        g_string_append_printf(events, "%" G_GUINT64_FORMAT ":%s ", connection, text);
}

static void gap_came(void *data)
{
    (void)data;
    gaps++;
}

static struct loop_timer *pause_timer;
static bool pause_over;

static void pause_fired(void *data)
{
    (void)data;
    pause_over = true;
}

static int begin(void **state)
{
    (void)state;
    story_begin();
    GError *error = NULL;
    rest = rest_new(loop, NULL, &error);
    assert_non_null(rest);
    slack_comes();
    events = g_string_new(NULL);
    gaps = 0;
    hello_patience = leave_patience = 0;
    pause_timer = loop_timer_new(loop, pause_fired, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    slack_sockets_free(sockets);
    sockets = NULL;
    rest_free(rest);
    slack_ends();
    g_string_free(events, TRUE);
    loop_timer_free(pause_timer);
    story_end();
    return 0;
}

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

static bool paused(void)
{
    return pause_over;
}

/* What is due within so much time has happened afterwards: timers fire in order. */
static void let_pass(int ms)
{
    pause_over = false;
    loop_timer_set_ms(pause_timer, ms);
    run_until(paused);
}

static void start(int count)
{
    g_autofree char *api = g_strdup_printf("http://127.0.0.1:%d/api", port);
    struct slack_options options = {.api_url = api, .app_token = "xapp-1-A1-secret", .sockets = count};
    static const struct slack_sockets_handler handler = {.frame = frame_came, .gap = gap_came};
    sockets = slack_sockets_new(loop, rest, &options, &handler, NULL);
    assert_null(slack_sockets_problem(sockets));
    if (hello_patience > 0)
        slack_sockets_patience(sockets, hello_patience, leave_patience);
    slack_sockets_start(sockets);
}

static bool one_live(void)
{
    return slack_sockets_live(sockets) == 1;
}

static bool three_live(void)
{
    return slack_sockets_live(sockets) == 3;
}

static bool none_live(void)
{
    return slack_sockets_live(sockets) == 0;
}

static bool one_upgraded(void)
{
    return upgraded->len == 1;
}

static bool two_upgraded(void)
{
    return upgraded->len == 2;
}

static bool three_upgraded(void)
{
    return upgraded->len == 3;
}

static bool two_gaps(void)
{
    return gaps == 2;
}

static bool an_event(void)
{
    return events->len > 0;
}

static bool an_ack(void)
{
    return acks->len > 0;
}

static bool a_problem(void)
{
    return slack_sockets_problem(sockets) != NULL;
}

static void it_is_live_with_hello_and_not_before(void **state)
{
    (void)state;
    says_hello = false;
    start(1);
    run_until(one_upgraded);
    let_pass(20);
    assert_int_equal(slack_sockets_live(sockets), 0);
    assert_int_equal(gaps, 0);
    frame(nth(0), "hello 18060");
    run_until(one_live);
    assert_int_equal(gaps, 1);
    assert_true(g_str_has_prefix(last_open->str, "POST /api/apps.connections.open HTTP/1.1\r\n"));
    assert_non_null(strstr(last_open->str, "Authorization: Bearer xapp-1-A1-secret\r\n"));
    assert_non_null(strstr(last_open->str, "Content-Length: 0\r\n"));
}

static void events_come_in_and_acks_go_out_on_their_connection(void **state)
{
    (void)state;
    start(3);
    run_until(three_live);
    assert_int_equal(gaps, 1);
    frame(nth(1), "event");
    run_until(an_event);
    uint64_t connection = strtoull(events->str, NULL, 10);
    assert_true(slack_sockets_send(sockets, connection, "ack", 3));
    run_until(an_ack);
    assert_string_equal(acks->str, "1:ack ");
    assert_false(slack_sockets_send(sockets, 4711, "ack", 3));
}

static void each_connection_has_an_address_and_a_number_of_its_own(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    frame(nth(0), "first");
    run_until(an_event);
    uint64_t first = strtoull(events->str, NULL, 10);
    drop(0);
    run_until(two_gaps);
    g_string_truncate(events, 0);
    frame(nth(1), "second");
    run_until(an_event);
    assert_true(strtoull(events->str, NULL, 10) > first);
    assert_int_equal(opens_seen, 2);
    assert_int_equal(tickets_refused, 0);
    assert_false(slack_sockets_send(sockets, first, "ack", 3));
}

static void a_lost_connection_is_opened_again_at_once_and_the_gap_told(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    says_hello = false;
    drop(0);
    run_until(none_live);
    let_pass(300); /* less than the first pause would be */
    assert_int_equal(opens_seen, 2);
    assert_int_equal(gaps, 1);
    frame(nth(1), "hello 0");
    run_until(one_live);
    assert_int_equal(gaps, 2);
}

static void while_one_of_several_lives_there_is_no_gap(void **state)
{
    (void)state;
    start(3);
    run_until(three_live);
    drop(1);
    let_pass(0);
    run_until(three_live);
    assert_int_equal(gaps, 1);
}

static void who_keeps_dropping_us_is_not_asked_without_pause(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    drop(0);
    run_until(two_gaps);
    drop(1);
    run_until(none_live);
    let_pass(300);
    assert_int_equal(opens_seen, 2);
    run_until(one_live);
    assert_int_equal(opens_seen, 3);
}

static void a_replacement_is_live_before_the_old_one_leaves(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    says_hello = false;
    frame(nth(0), "disconnect refresh_requested");
    run_until(two_upgraded);
    let_pass(20);
    assert_int_equal(slack_sockets_live(sockets), 1);
    frame(nth(0), "while-waiting");
    run_until(an_event);
    assert_string_equal(events->str, "1:while-waiting ");
    frame(nth(1), "hello 0");
    let_pass(20);
    assert_int_equal(slack_sockets_live(sockets), 1);
    g_string_truncate(events, 0);
    frame(nth(0), "last");
    run_until(an_event);
    assert_string_equal(events->str, "1:last ");
    assert_true(slack_sockets_send(sockets, 1, "ack", 3));
    run_until(an_ack);
    assert_string_equal(acks->str, "0:ack ");
    drop(0);
    let_pass(20);
    assert_int_equal(slack_sockets_live(sockets), 1);
    assert_int_equal(opens_seen, 2);
    assert_int_equal(gaps, 1);
    assert_null(slack_sockets_problem(sockets));
}

static void a_connection_is_replaced_before_its_announced_end(void **state)
{
    (void)state;
    hello = "hello 1";
    start(1);
    run_until(one_live);
    hello = "hello 0";
    run_until(two_upgraded);
    let_pass(20);
    assert_int_equal(slack_sockets_live(sockets), 1);
    assert_int_equal(gaps, 1);
    assert_non_null(upgraded->pdata[0]);
}

static bool first_left(void)
{
    return upgraded->pdata[0] == NULL;
}

static void an_old_connection_that_lingers_is_closed(void **state)
{
    (void)state;
    hello_patience = 20 * 1000;
    leave_patience = 50;
    start(1);
    run_until(one_live);
    frame(nth(0), "disconnect warning");
    run_until(first_left);
    assert_int_equal(slack_sockets_live(sockets), 1);
    assert_int_equal(opens_seen, 2);
    assert_int_equal(gaps, 1);
}

static void a_connection_without_hello_is_given_up(void **state)
{
    (void)state;
    hello_patience = leave_patience = 100;
    says_hello = false;
    start(1);
    run_until(one_upgraded);
    says_hello = true;
    run_until(one_live);
    assert_int_equal(opens_seen, 2);
    assert_null(upgraded->pdata[0]);
}

static void slacks_wish_to_wait_is_obeyed_by_all(void **state)
{
    (void)state;
    next_answer("429 Too Many Requests\r\nRetry-After: 2", "{\"ok\":false,\"error\":\"ratelimited\"}");
    next_answer("429 Too Many Requests\r\nRetry-After: 2", "{\"ok\":false,\"error\":\"ratelimited\"}");
    next_answer("429 Too Many Requests\r\nRetry-After: 2", "{\"ok\":false,\"error\":\"ratelimited\"}");
    start(3);
    run_until(a_problem);
    let_pass(1500); /* a usual pause would be over */
    assert_int_equal(opens_seen, 3);
    run_until(three_live);
    assert_null(slack_sockets_problem(sockets));
}

static void a_refused_token_is_the_operators_to_mend(void **state)
{
    (void)state;
    next_answer("200 OK", "{\"ok\":false,\"error\":\"invalid_auth\"}");
    start(1);
    run_until(a_problem);
    assert_non_null(strstr(slack_sockets_problem(sockets), "SLACK_APP_TOKEN"));
    assert_non_null(strstr(slack_sockets_problem(sockets), "connections:write"));
    assert_non_null(strstr(slack_sockets_problem(sockets), "invalid_auth"));
    assert_null(strstr(slack_sockets_problem(sockets), "secret"));
    let_pass(1200);
    assert_int_equal(opens_seen, 1);
}

static void a_wrong_address_is_the_operators_to_mend(void **state)
{
    (void)state;
    next_answer("404 Not Found", "<html>nothing here</html>");
    start(1);
    run_until(a_problem);
    assert_non_null(strstr(slack_sockets_problem(sockets), "SLACK_API_URL"));
    let_pass(1200);
    assert_int_equal(opens_seen, 1);
}

static void socket_mode_switched_off_is_told_and_not_hurried(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    frame(nth(0), "disconnect link_disabled");
    run_until(a_problem);
    assert_non_null(strstr(slack_sockets_problem(sockets), "Socket Mode"));
    drop(0);
    run_until(none_live);
    let_pass(1200);
    assert_int_equal(opens_seen, 1);
    assert_non_null(slack_sockets_problem(sockets));
}

static void nonsense_is_tried_again(void **state)
{
    (void)state;
    next_answer("200 OK", "{\"ok\":true,\"url\":\"gopher://example\"}");
    next_answer("200 OK", "no json");
    next_answer("500 Oops", "");
    start(3);
    run_until(a_problem);
    run_until(three_live);
    assert_int_equal(opens_seen, 6);
    assert_null(slack_sockets_problem(sockets));
}

static void slack_out_of_reach_is_told(void **state)
{
    (void)state;
    start(1);
    run_until(one_live);
    slack_goes_away();
    run_until(a_problem);
    assert_int_equal(slack_sockets_live(sockets), 0);
    assert_non_null(strstr(slack_sockets_problem(sockets), "could not be opened"));
}

static void who_operates_it_is_told_what_to_look_at(void **state)
{
    (void)state;
    static const char *const told[][2] = {
        {"SSL certificate problem: self-signed certificate", "ASKWHY_CA_FILE"},
        {"server's cert didn't look good, X509_V_ERR = 20: unable to get local issuer certificate", "ASKWHY_CA_FILE"},
        {"SSL certificate problem: certificate has expired", "clock"},
        {"SSL: no alternative certificate subject name matches target host name 'slack.com'", "SLACK_API_URL"},
        {"Could not resolve host: slack.com", "DNS"},
        {"the handshake took too long", "wss://"},
        {"refused with HTTP status 403", "wss://"},
        {"http_503", "status.slack.com"},
        {"Failed to connect to slack.com port 443: Connection refused", "https_proxy"},
        {NULL, "network"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++)
        assert_non_null(strstr(slack_advice(told[i][0]), told[i][1]));
}

static void a_disconnect_in_place_of_hello_is_a_failure(void **state)
{
    (void)state;
    hello = "disconnect too_many_websockets";
    start(1);
    run_until(a_problem);
    assert_int_equal(slack_sockets_live(sockets), 0);
    hello = "hello 0";
    run_until(one_live);
    assert_int_equal(gaps, 1);
}

static void it_can_end_at_every_stage(void **state)
{
    (void)state;
    says_hello = false;
    start(2);
    slack_sockets_free(sockets);
    start(2);
    run_until(two_upgraded);
    slack_sockets_free(sockets);
    says_hello = true;
    start(1);
    run_until(three_upgraded);
    run_until(one_live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_live_with_hello_and_not_before, begin, end),
        cmocka_unit_test_setup_teardown(events_come_in_and_acks_go_out_on_their_connection, begin, end),
        cmocka_unit_test_setup_teardown(each_connection_has_an_address_and_a_number_of_its_own, begin, end),
        cmocka_unit_test_setup_teardown(a_lost_connection_is_opened_again_at_once_and_the_gap_told, begin, end),
        cmocka_unit_test_setup_teardown(while_one_of_several_lives_there_is_no_gap, begin, end),
        cmocka_unit_test_setup_teardown(who_keeps_dropping_us_is_not_asked_without_pause, begin, end),
        cmocka_unit_test_setup_teardown(a_replacement_is_live_before_the_old_one_leaves, begin, end),
        cmocka_unit_test_setup_teardown(a_connection_is_replaced_before_its_announced_end, begin, end),
        cmocka_unit_test_setup_teardown(an_old_connection_that_lingers_is_closed, begin, end),
        cmocka_unit_test_setup_teardown(a_connection_without_hello_is_given_up, begin, end),
        cmocka_unit_test_setup_teardown(slacks_wish_to_wait_is_obeyed_by_all, begin, end),
        cmocka_unit_test_setup_teardown(a_refused_token_is_the_operators_to_mend, begin, end),
        cmocka_unit_test_setup_teardown(a_wrong_address_is_the_operators_to_mend, begin, end),
        cmocka_unit_test_setup_teardown(socket_mode_switched_off_is_told_and_not_hurried, begin, end),
        cmocka_unit_test_setup_teardown(nonsense_is_tried_again, begin, end),
        cmocka_unit_test_setup_teardown(slack_out_of_reach_is_told, begin, end),
        cmocka_unit_test(who_operates_it_is_told_what_to_look_at),
        cmocka_unit_test_setup_teardown(a_disconnect_in_place_of_hello_is_a_failure, begin, end),
        cmocka_unit_test_setup_teardown(it_can_end_at_every_stage, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
