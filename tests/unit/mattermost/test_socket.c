/* The WebSocket and its resuming, against a server that numbers its events as Mattermost does. */
#include "bot/mattermost/mattermost.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "minimattermost.h"

static struct rest *rest;
static struct names *names;
static struct mattermost_self self = {.user = "meeemeeemeeemeeemeeemeee26", .handle = "askwhy"};
static struct mattermost_socket *mattermost_socket;
static int gaps, refusals, unusable, put_off;
static bool takes; /* what it is given */
static GString *taken;  /* the channels of the events, in their order */

static bool frame_came(struct mattermost_frame *given, void *data)
{
    (void)data;
    if (!takes) {
        put_off++;
        return false;
    }
    if (given->kind == MATTERMOST_UNUSABLE)
        unusable++;
    else
        g_string_append_printf(taken, "%" G_GINT64_FORMAT " ", given->seq);
    return true;
}

static void gap_came(void *data)
{
    (void)data;
    gaps++;
}

static void refusal_came(void *data)
{
    (void)data;
    refusals++;
}

static void socket_comes(void)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/chat", port);
    struct mattermost_options options = {.url = url, .token = TOKEN};
    static const struct mattermost_socket_handler handler = {
        .frame = frame_came, .gap = gap_came, .refused = refusal_came};
    mattermost_socket = mattermost_socket_new(loop, rest, &options, &self, names, &handler);
}

static int begin(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    story_begin();
    rest = rest_new(loop, NULL, NULL);
    names = names_new();
    mattermost_comes();
    gaps = refusals = unusable = put_off = 0;
    takes = true;
    taken = g_string_new(NULL);
    socket_comes();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mattermost_socket_free(mattermost_socket);
    rest_free(rest);
    names_free(names);
    mattermost_ends();
    g_string_free(taken, TRUE);
    story_end();
    return 0;
}

/* ---- steps ---- */

static void time_passes(int64_t ms)
{
    clock_pass_ms(ms);
    loop_pass_ms(loop, ms);
}

static bool is_live(void)
{
    return mattermost_socket_live(mattermost_socket);
}

static bool is_down(void)
{
    return !mattermost_socket_live(mattermost_socket);
}

static bool is_refused(void)
{
    return refusals > 0;
}

static bool is_alone(void)
{
    return open_one() == NULL;
}

static guint wanted_sockets;

static bool has_sockets(void)
{
    return upgrades->len >= wanted_sockets;
}

static void run_until_sockets(guint count)
{
    wanted_sockets = count;
    run_until(has_sockets);
}

static int wanted_pings;

static bool has_pings(void)
{
    return pings_seen >= wanted_pings;
}

static void run_until_pings(int count)
{
    wanted_pings = count;
    run_until(has_pings);
    let_pass(20); /* the answer comes back */
}

static bool is_put_off(void)
{
    return put_off > 0;
}

static const char *wanted_taken;

static bool has_taken(void)
{
    return strcmp(taken->str, wanted_taken) == 0;
}

/* These numbers came, in this order. */
static void run_until_taken(const char *numbers)
{
    wanted_taken = numbers;
    run_until(has_taken);
}

static void typing(void)
{
    event("typing", "{\"parent_id\":\"\",\"user_id\":\"danadanadanadanadanadana26\"}", "{\"channel_id\":\"c\"}");
}

static void assert_position(const char *expected)
{
    g_autofree char *position = mattermost_socket_position(mattermost_socket);
    if (expected == NULL)
        assert_null(position);
    else
        assert_string_equal(position, expected);
}

/* The connection the server knows, with this number. */
static void assert_reached(int64_t next)
{
    g_autofree char *expected = g_strdup_printf("%s %" G_GINT64_FORMAT, known_connection, next);
    assert_position(expected);
}

static const char *upgrade(guint number)
{
    assert_true(number < upgrades->len);
    return upgrades->pdata[number];
}

static void starts(const char *position)
{
    mattermost_socket_start(mattermost_socket, position);
    run_until(is_live);
}

/* ---- stories ---- */

static void the_first_connection_shows_the_token_asks_for_no_resume_and_is_a_gap(void **state)
{
    (void)state;
    starts(NULL);
    assert_true(g_str_has_prefix(upgrade(0), "GET /chat/api/v4/websocket HTTP/1.1\r\n"));
    assert_non_null(strcasestr(upgrade(0), "Authorization: Bearer " TOKEN "\r\n"));
    assert_int_equal(gaps, 1);
    assert_reached(1);
    assert_null(mattermost_socket_problem(mattermost_socket));
}

static void events_are_handed_out_in_their_order_and_the_position_is_behind_them(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    typing();
    run_until_taken("1 2 ");
    assert_reached(3);
}

static void what_was_missed_while_away_comes_again_and_is_no_gap(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    time_passes(20 * 1000);
    drop(0);
    run_until(is_alone);
    typing();
    typing();
    run_until(is_down);
    run_until(is_live);
    run_until_taken("1 2 3 ");
    assert_non_null(strstr(upgrade(1), "?connection_id="));
    assert_non_null(strstr(upgrade(1), "&sequence_number=2 "));
    assert_int_equal(gaps, 1);
    assert_reached(4);
}

static void after_a_long_life_the_first_retry_goes_at_once_and_the_next_ones_wait(void **state)
{
    (void)state;
    starts(NULL);
    time_passes(20 * 1000);
    mattermost_goes_away();
    run_until(is_down);
    server_listens();
    run_until_sockets(2); /* nobody had to wait for it */
    assert_int_equal(upgrades->len, 2);
}

static void a_server_that_comes_and_goes_is_never_missed_for_longer_than_a_minute(void **state)
{
    (void)state;
    starts(NULL);
    for (guint sockets = 2; sockets < 14; sockets++) {
        run_until(is_live);
        drop(sockets - 2);
        run_until(is_alone);
        typing(); /* comes with the resume, and makes it live */
        run_until(is_down);
        time_passes(62 * 1000);
        run_until_sockets(sockets);
    }
}

static void a_new_process_takes_up_the_stream_where_the_old_one_left_it(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    g_autofree char *position = mattermost_socket_position(mattermost_socket);
    mattermost_socket_stop(mattermost_socket);
    run_until(is_alone);
    assert_int_equal(closes_seen, 1);
    mattermost_socket_free(mattermost_socket);
    typing();
    socket_comes();
    starts(position);
    run_until_taken("1 2 ");
    assert_int_equal(gaps, 1);
}

static void a_quiet_resume_is_known_by_the_ping_that_is_answered(void **state)
{
    (void)state;
    starts(NULL);
    run_until_pings(1);
    time_passes(20 * 1000);
    drop(0);
    run_until(is_down);
    run_until_sockets(2);
    run_until_pings(2);
    assert_false(is_live()); /* a greeting may still come */
    time_passes(5 * 1000);
    run_until(is_live);
    assert_int_equal(gaps, 1);
    assert_reached(1);
}

static void a_server_that_has_forgotten_greets_anew_which_is_a_gap(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    time_passes(20 * 1000);
    g_free(g_steal_pointer(&known_connection));
    drop(0);
    run_until(is_down);
    run_until(is_live);
    assert_int_equal(gaps, 2);
    assert_reached(1);
    typing();
    run_until_taken("1 1 ");
}

static void a_greeting_repeated_behind_the_events_that_waited_is_no_second_gap(void **state)
{
    (void)state;
    starts(NULL);
    time_passes(20 * 1000);
    g_free(g_steal_pointer(&known_connection));
    drop(0);
    run_until(is_down);
    run_until(is_live);
    typing();
    g_autofree char *again = g_strdup_printf(
        "{\"event\":\"hello\",\"data\":{\"connection_id\":\"%s\",\"server_version\":\"5.37.0.1.2.false\"},\"broadcast\":{},"
        "\"seq\":%" G_GINT64_FORMAT "}", known_connection, written++);
    frame(open_one(), again);
    typing();
    run_until_taken("1 3 ");
    assert_true(is_live());
    assert_int_equal(gaps, 2);
    assert_reached(4);
}

static void a_position_that_nobody_could_have_said_is_none(void **state)
{
    (void)state;
    static const char *const foreign[] = {"", "conn", "conn 1 2", "co&nn 1", "conn -1", "conn 1x", "conn 99999999999999999999",
                                          " 1", "conn 0"};
    for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++) {
        mattermost_socket_start(mattermost_socket, foreign[i]);
        assert_position(NULL);
        mattermost_socket_free(mattermost_socket);
        socket_comes();
    }
}

static void a_number_left_out_is_asked_for_again(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    time_passes(20 * 1000);
    /* The server wrote number 2, and it was lost on the way. */
    g_ptr_array_add(missed, g_strdup("{\"event\":\"typing\",\"data\":{},\"broadcast\":{},\"seq\":2}"));
    g_ptr_array_add(missed, g_strdup("{\"event\":\"typing\",\"data\":{},\"broadcast\":{},\"seq\":3}"));
    missed_from = 2;
    written = 3;
    typing();
    run_until(is_down);
    run_until(is_live);
    run_until_taken("1 2 3 ");
    assert_non_null(strstr(upgrade(1), "&sequence_number=2 "));
    assert_int_equal(closes_seen, 1); /* only what it knows to be closed, the server resumes */
    assert_int_equal(gaps, 1);
}

static void a_resume_that_goes_on_with_another_number_is_begun_anew(void **state)
{
    (void)state;
    starts(NULL);
    time_passes(20 * 1000);
    drop(0);
    run_until(is_alone);
    typing();
    ((char **)missed->pdata)[0][strlen(missed->pdata[0]) - 3] = '7';
    run_until(is_down);
    run_until_sockets(2);
    run_until(is_alone);
    time_passes(5 * 1000);
    run_until(is_live);
    assert_null(strstr(upgrade(2), "connection_id"));
    assert_string_equal(taken->str, "");
    assert_int_equal(gaps, 2);
}

static void a_resume_that_is_answered_by_hanging_up_is_begun_anew(void **state)
{
    (void)state;
    starts(NULL);
    time_passes(20 * 1000);
    upgrade_refusal = "400 Bad Request";
    drop(0);
    run_until(is_down);
    run_until_sockets(2);
    upgrade_refusal = NULL;
    let_pass(20);
    time_passes(5 * 1000);
    run_until(is_live);
    assert_null(strstr(upgrade(2), "connection_id"));
    assert_int_equal(gaps, 2);
}

static void a_resume_refused_for_want_of_time_or_of_a_server_is_tried_again_as_it_was(void **state)
{
    (void)state;
    static const char *const refusals_met[] = {"429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable"};
    starts(NULL);
    time_passes(20 * 1000);
    upgrade_refusal = refusals_met[0];
    drop(0);
    for (guint i = 0; i < G_N_ELEMENTS(refusals_met); i++) {
        upgrade_refusal = refusals_met[i];
        run_until_sockets(i + 2);
        let_pass(20);
        if (i + 1 == G_N_ELEMENTS(refusals_met))
            upgrade_refusal = NULL;
        else
            upgrade_refusal = refusals_met[i + 1];
        time_passes(6 * 1000);
    }
    time_passes(6 * 1000);
    run_until_sockets(5);
    typing();
    run_until_taken("1 ");
    assert_int_equal(gaps, 1);
    assert_non_null(strstr(upgrade(4), "connection_id"));
}

static void a_server_that_is_away_is_asked_again_to_resume(void **state)
{
    (void)state;
    starts(NULL);
    time_passes(20 * 1000);
    mattermost_goes_away();
    run_until(is_down);
    for (int i = 0; i < 6; i++) {
        time_passes(6 * 1000);
        let_pass(50);
    }
    assert_non_null(strstr(mattermost_socket_problem(mattermost_socket), "MATTERMOST_URL"));
    server_listens();
    for (int i = 0; i < 20 && is_down(); i++) {
        time_passes(6 * 1000);
        let_pass(50);
    }
    assert_true(is_live());
    assert_non_null(strstr(upgrade(1), "connection_id"));
    assert_null(mattermost_socket_problem(mattermost_socket));
}

static void it_asks_every_half_minute_whether_somebody_is_there(void **state)
{
    (void)state;
    starts(NULL);
    run_until_pings(1);
    time_passes(30 * 1000);
    run_until_pings(2);
    time_passes(30 * 1000);
    run_until_pings(3);
    assert_true(is_live());
}

static void a_connection_that_has_fallen_silent_is_replaced(void **state)
{
    (void)state;
    starts(NULL);
    run_until_pings(1);
    answers_pings = false;
    time_passes(30 * 1000);
    run_until_pings(2);
    time_passes(30 * 1000);
    let_pass(20);
    assert_true(is_live()); /* what came meanwhile may only not be read yet */
    time_passes(2 * 1000);
    run_until(is_down);
    answers_pings = true;
    run_until_sockets(2);
}

static void events_are_a_sign_of_life_too(void **state)
{
    (void)state;
    starts(NULL);
    run_until_pings(1);
    answers_pings = false;
    time_passes(30 * 1000);
    run_until_pings(2);
    typing();
    run_until_taken("1 ");
    time_passes(30 * 1000);
    run_until_pings(3);
    assert_true(is_live());
}

static void a_token_that_is_not_accepted_any_more_is_told_and_nothing_more_tried(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    refuses_pings = true;
    time_passes(30 * 1000);
    run_until(is_refused);
    time_passes(3600 * 1000);
    let_pass(50);
    assert_int_equal(upgrades->len, 1);
    /* The token was renewed. */
    refuses_pings = false;
    typing();
    mattermost_socket_start(mattermost_socket, NULL);
    time_passes(10 * 1000);
    run_until(is_live);
    run_until_taken("1 2 ");
    assert_int_equal(gaps, 1);
}

static void a_connection_without_a_session_is_seen_at_its_first_ping(void **state)
{
    (void)state;
    token_accepted = "another26token000000000000";
    mattermost_socket_start(mattermost_socket, NULL);
    run_until(is_refused);
    assert_false(is_live());
    assert_int_equal(gaps, 0);
}

static void who_is_let_in_and_cut_off_without_a_word_asks_about_the_token(void **state)
{
    (void)state;
    token_accepted = "another26token000000000000";
    answers_pings = false;
    mattermost_socket_start(mattermost_socket, NULL);
    run_until_sockets(1);
    run_until_pings(1);
    assert_int_equal(refusals, 0);
    drop(0); /* the server does so after 5 s */
    run_until(is_refused);
    assert_int_equal(upgrades->len, 1);
}

static void a_frame_not_taken_holds_those_behind_it_and_the_position(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    takes = false;
    typing();
    run_until(is_put_off);
    assert_reached(2);
    takes = true;
    typing();
    typing();
    let_pass(20);
    assert_string_equal(taken->str, "1 "); /* not past the one that waits */
    assert_reached(2);
    mattermost_socket_go_on(mattermost_socket);
    run_until_taken("1 2 3 4 ");
    assert_reached(5);
}

static void what_waits_of_an_old_connection_is_no_position_in_the_new_one(void **state)
{
    (void)state;
    starts(NULL);
    takes = false;
    typing();
    run_until(is_put_off);
    time_passes(20 * 1000);
    g_free(g_steal_pointer(&known_connection));
    drop(0);
    run_until(is_down);
    run_until(is_live);
    assert_position(NULL);
    takes = true;
    mattermost_socket_go_on(mattermost_socket);
    assert_string_equal(taken->str, "1 ");
    assert_reached(1);
}

static void what_is_no_event_is_told_and_does_not_disturb_the_numbers(void **state)
{
    (void)state;
    starts(NULL);
    frame(nth(0), "nonsense");
    frame(nth(0), "{}");
    typing();
    run_until_taken("1 ");
    assert_int_equal(unusable, 2);
    assert_true(is_live());
}

static void an_event_too_large_to_be_taken_is_left_out_and_counted(void **state)
{
    (void)state;
    starts(NULL);
    g_autofree char *spaces = g_strnfill(9 * 1024 * 1024, ' ');
    g_autofree char *text = g_strdup_printf("{\"event\":\"typing\",\"data\":{},%s\"broadcast\":{},\"seq\":1}", spaces);
    frame(nth(0), text);
    written++;
    typing();
    run_until_taken("2 ");
    assert_true(is_live());
    assert_reached(3);
}

static void after_stop_nothing_is_handed_out_and_the_position_stays(void **state)
{
    (void)state;
    starts(NULL);
    typing();
    run_until_taken("1 ");
    mattermost_socket_stop(mattermost_socket);
    frame(nth(0), "{\"event\":\"typing\",\"data\":{},\"broadcast\":{},\"seq\":2}");
    run_until(is_alone);
    run_until_taken("1 ");
    assert_reached(2);
}

static void it_can_end_at_every_stage(void **state)
{
    (void)state;
    mattermost_socket_stop(mattermost_socket);
    mattermost_socket_free(mattermost_socket);
    socket_comes();
    mattermost_socket_start(mattermost_socket, NULL);
    mattermost_socket_stop(mattermost_socket);
    let_pass(20);
    mattermost_socket_free(mattermost_socket);
    socket_comes();
    mattermost_socket_start(mattermost_socket, "conn 1");
    run_until_sockets(1);
    mattermost_socket_free(mattermost_socket);
    socket_comes();
    assert_int_equal(gaps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_connection_shows_the_token_asks_for_no_resume_and_is_a_gap, begin, end),
        cmocka_unit_test_setup_teardown(events_are_handed_out_in_their_order_and_the_position_is_behind_them, begin, end),
        cmocka_unit_test_setup_teardown(what_was_missed_while_away_comes_again_and_is_no_gap, begin, end),
        cmocka_unit_test_setup_teardown(after_a_long_life_the_first_retry_goes_at_once_and_the_next_ones_wait, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_comes_and_goes_is_never_missed_for_longer_than_a_minute, begin, end),
        cmocka_unit_test_setup_teardown(a_new_process_takes_up_the_stream_where_the_old_one_left_it, begin, end),
        cmocka_unit_test_setup_teardown(a_quiet_resume_is_known_by_the_ping_that_is_answered, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_has_forgotten_greets_anew_which_is_a_gap, begin, end),
        cmocka_unit_test_setup_teardown(a_greeting_repeated_behind_the_events_that_waited_is_no_second_gap, begin, end),
        cmocka_unit_test_setup_teardown(a_position_that_nobody_could_have_said_is_none, begin, end),
        cmocka_unit_test_setup_teardown(a_number_left_out_is_asked_for_again, begin, end),
        cmocka_unit_test_setup_teardown(a_resume_that_goes_on_with_another_number_is_begun_anew, begin, end),
        cmocka_unit_test_setup_teardown(a_resume_that_is_answered_by_hanging_up_is_begun_anew, begin, end),
        cmocka_unit_test_setup_teardown(a_resume_refused_for_want_of_time_or_of_a_server_is_tried_again_as_it_was, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_is_away_is_asked_again_to_resume, begin, end),
        cmocka_unit_test_setup_teardown(it_asks_every_half_minute_whether_somebody_is_there, begin, end),
        cmocka_unit_test_setup_teardown(a_connection_that_has_fallen_silent_is_replaced, begin, end),
        cmocka_unit_test_setup_teardown(events_are_a_sign_of_life_too, begin, end),
        cmocka_unit_test_setup_teardown(a_token_that_is_not_accepted_any_more_is_told_and_nothing_more_tried, begin, end),
        cmocka_unit_test_setup_teardown(a_connection_without_a_session_is_seen_at_its_first_ping, begin, end),
        cmocka_unit_test_setup_teardown(who_is_let_in_and_cut_off_without_a_word_asks_about_the_token, begin, end),
        cmocka_unit_test_setup_teardown(a_frame_not_taken_holds_those_behind_it_and_the_position, begin, end),
        cmocka_unit_test_setup_teardown(what_waits_of_an_old_connection_is_no_position_in_the_new_one, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_event_is_told_and_does_not_disturb_the_numbers, begin, end),
        cmocka_unit_test_setup_teardown(an_event_too_large_to_be_taken_is_left_out_and_counted, begin, end),
        cmocka_unit_test_setup_teardown(after_stop_nothing_is_handed_out_and_the_position_stays, begin, end),
        cmocka_unit_test_setup_teardown(it_can_end_at_every_stage, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
