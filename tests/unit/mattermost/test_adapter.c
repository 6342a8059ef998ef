/* The adapter: who it is, events in their order with the names in them, look-ups, callbacks. */
#include "live.h"

#include "bot/chat/richtext.h"

static const char dana[] = "{\"id\":\"" DANA "\",\"username\":\"dana\",\"first_name\":\"Dana\",\"last_name\":\"Lee\"}";

static bool has_problem(void)
{
    g_autofree char *text = problem();
    return text != NULL && strstr(text, "MATTERMOST_TOKEN") != NULL;
}

static bool has_none(void)
{
    g_autofree char *text = problem();
    return text == NULL;
}

/* ---- who we are ---- */

static void it_asks_who_it_is_before_it_listens(void **state)
{
    (void)state;
    g_autofree char *before = problem();
    assert_non_null(strstr(before, "MATTERMOST_URL"));
    goes_live();
    assert_string_equal(requests->pdata[0], "GET /api/v4/users/me");
    assert_string_equal(requests->pdata[1], "GET /api/v4/config/client?format=old");
    assert_int_equal(upgrades->len, 1);
    struct platform_status status;
    platform->status(platform, &status);
    g_autofree char *place = g_strdup_printf("127.0.0.1:%d", port);
    assert_true(status.authenticated);
    assert_null(status.problem);
    assert_string_equal(status.self_user, ME);
    assert_string_equal(status.workspace, place);
    platform_status_done(&status);
    assert_true(platform->private_by_dm);
    assert_int_equal(gaps, 1);
}

static void a_token_that_is_not_accepted_is_a_problem_and_tried_again_every_minute(void **state)
{
    (void)state;
    token_accepted = "another26token000000000000";
    platform->start(platform);
    run_until(has_problem);
    assert_int_equal(upgrades->len, 0);
    time_passes(60 * 1000);
    run_until_asked("GET /api/v4/users/me", 2);
    let_pass(20);
    assert_int_equal(upgrades->len, 0);
    token_accepted = TOKEN;
    time_passes(60 * 1000);
    run_until(is_live);
    assert_true(has_none());
}

static void a_token_revoked_while_it_runs_is_told_and_works_again_when_it_does(void **state)
{
    (void)state;
    goes_live();
    token_accepted = "another26token000000000000";
    platform->look_up_channel(platform, PRODUCT);
    run_until(has_problem);
    token_accepted = TOKEN;
    answer_with("GET /api/v4/channels/" PRODUCT, "{\"id\":\"" PRODUCT "\",\"type\":\"O\",\"name\":\"product\"}");
    time_passes(90 * 1000);
    run_until(has_none);
    struct event *channel = run_until_heard(1);
    assert_int_equal(channel->kind, EVENT_CHANNEL);
}

static void a_socket_cut_off_for_its_token_comes_back_when_the_token_does(void **state)
{
    (void)state;
    goes_live();
    token_accepted = "another26token000000000000";
    time_passes(30 * 1000); /* the next ping is refused */
    run_until(has_problem);
    token_accepted = TOKEN;
    time_passes(60 * 1000);
    run_until(has_none);
    time_passes(10 * 1000);
    run_until(is_live);
    assert_int_equal(upgrades->len, 2);
    assert_int_equal(gaps, 1);
}

static void it_goes_on_where_an_earlier_process_left_off(void **state)
{
    (void)state;
    stored_position = "connconnconnconnconnconn26 41";
    platform->start(platform);
    run_until(is_live);
    assert_non_null(strstr(upgrades->pdata[0], "?connection_id=connconnconnconnconnconn26&sequence_number=41 "));
    somebody_posts(1, PRODUCT, "O", "hello");
    run_until_heard(1);
    g_autofree char *position = platform->position(platform);
    g_autofree char *expected = g_strdup_printf("%s 2", known_connection);
    assert_string_equal(position, expected);
}

/* ---- events ---- */

static void a_post_is_an_event_of_its_channel_and_nobody_waits_for_an_answer(void **state)
{
    (void)state;
    goes_live();
    somebody_posts(1, PRODUCT, "O", "because it was slow");
    struct event *said = run_until_heard(1);
    assert_int_equal(said->kind, EVENT_MESSAGE);
    assert_string_equal(said->platform, "mattermost");
    assert_string_equal(said->channel, PRODUCT);
    assert_int_equal(said->channel_kind, CHANNEL_PUBLIC);
    assert_string_equal(said->user, DANA);
    assert_string_equal(said->text, "because it was slow");
    assert_non_null(said->workspace);
    assert_true(platform->acknowledge(platform, said, NULL));
}

static void an_unknown_name_is_asked_for_and_those_behind_wait_in_order(void **state)
{
    (void)state;
    goes_live();
    answer_with("POST /api/v4/users/usernames", "[{\"id\":\"" ELI "\",\"username\":\"eli\"}]");
    somebody_posts(1, PRODUCT, "O", "ask @eli why");
    somebody_posts(2, PRODUCT, "O", "and so on");
    run_until_heard(3);
    assert_string_equal(request_of("POST /api/v4/users/usernames"), "POST /api/v4/users/usernames [\"eli\"]");
    const struct event *eli = heard->pdata[0], *first = heard->pdata[1], *second = heard->pdata[2];
    assert_int_equal(eli->kind, EVENT_PERSON);
    g_autofree char *mark = g_strdup_printf("ask %c" ELI "%c why", RICH_PERSON, RICH_END);
    assert_string_equal(first->text, mark);
    assert_string_equal(second->text, "and so on");
}

static void nobody_of_that_name_is_asked_for_once(void **state)
{
    (void)state;
    goes_live();
    answer_with("POST /api/v4/users/usernames", "[]");
    somebody_posts(1, PRODUCT, "O", "mail me @home");
    run_until_heard(1);
    somebody_posts(2, PRODUCT, "O", "I am @home");
    struct event *second = run_until_heard(2);
    assert_string_equal(second->text, "I am @home");
    assert_int_equal(asked("POST /api/v4/users/usernames"), 1);
}

static void where_names_cannot_be_had_they_are_words_and_nothing_waits(void **state)
{
    (void)state;
    goes_live();
    answer_times("POST /api/v4/users/usernames", -1, "500 Internal Server Error", "{}");
    somebody_posts(1, PRODUCT, "O", "ask @eli");
    somebody_posts(2, PRODUCT, "O", "ask @dan");
    struct event *second = run_until_heard(2);
    assert_string_equal(((struct event *)heard->pdata[0])->text, "ask @eli");
    assert_string_equal(second->text, "ask @dan");
    assert_int_equal(asked("POST /api/v4/users/usernames"), 1);
    time_passes(11 * 1000);
    answer_with("POST /api/v4/users/usernames", "[{\"id\":\"" ELI "\",\"username\":\"eli\"}]");
    somebody_posts(3, PRODUCT, "O", "ask @eli");
    run_until_heard(4);
    assert_int_equal(asked("POST /api/v4/users/usernames"), 2);
}

static void a_frame_that_waits_for_names_is_not_behind_the_position(void **state)
{
    (void)state;
    goes_live();
    answer_never("POST /api/v4/users/usernames");
    somebody_posts(1, PRODUCT, "O", "ask @eli");
    somebody_posts(2, PRODUCT, "O", "so");
    run_until_asked("POST /api/v4/users/usernames", 1);
    g_autofree char *position = platform->position(platform);
    g_autofree char *expected = g_strdup_printf("%s 1", known_connection);
    assert_string_equal(position, expected);
    assert_int_equal(heard->len, 0);
}

static void a_converted_channel_is_asked_for_again(void **state)
{
    (void)state;
    goes_live();
    somebody_posts(1, PRODUCT, "O", "hello");
    run_until_heard(1);
    answer_with("GET /api/v4/channels/" PRODUCT, "{\"id\":\"" PRODUCT "\",\"type\":\"P\",\"name\":\"product\"}");
    event("channel_converted", "{\"channel_id\":\"" PRODUCT "\"}", "{\"channel_id\":\"\",\"team_id\":\"" TEAM "\"}");
    do
        run_until_heard(heard->len + 1);
    while (((struct event *)heard->pdata[heard->len - 1])->kind != EVENT_CHANNEL);
    assert_int_equal(((struct event *)heard->pdata[heard->len - 1])->channel_kind, CHANNEL_PRIVATE);
}

/* ---- look-ups ---- */

static void people_asked_for_in_one_breath_are_one_call_and_repeats_none(void **state)
{
    (void)state;
    goes_live();
    g_autofree char *both = g_strdup_printf("[%s,{\"id\":\"" ELI "\",\"username\":\"eli\"}]", dana);
    answer_with("POST /api/v4/users/ids", both);
    platform->look_up_person(platform, DANA);
    platform->look_up_person(platform, ELI);
    platform->look_up_person(platform, DANA);
    platform->look_up_person(platform, "../me");
    run_until_heard(2);
    assert_int_equal(asked("POST /api/v4/users/ids"), 1);
    assert_string_equal(request_of("POST /api/v4/users/ids"), "POST /api/v4/users/ids [\"" DANA "\",\"" ELI "\"]");
    const struct event *person = heard->pdata[0];
    assert_int_equal(person->kind, EVENT_PERSON);
    assert_string_equal(person->user, DANA);
    assert_string_equal(person->profile.handle, "dana");
    platform->look_up_person(platform, DANA); /* later it may be asked for again */
    run_until_asked("POST /api/v4/users/ids", 2);
}

static void a_server_that_asks_for_time_gets_it(void **state)
{
    (void)state;
    goes_live();
    answer_with("POST /api/v4/users/ids", "[]");
    answer_times("POST /api/v4/users/ids", 1, "429 Too Many Requests\r\nRetry-After: 40", "limit exceeded");
    platform->look_up_person(platform, DANA);
    run_until_asked("POST /api/v4/users/ids", 1);
    let_pass(20);
    time_passes(39 * 1000);
    let_pass(20);
    assert_int_equal(asked("POST /api/v4/users/ids"), 1);
    time_passes(2 * 1000);
    run_until_asked("POST /api/v4/users/ids", 2);
}

static int pace_ms(void)
{
    int burst, interval_ms;
    bool per_channel;
    platform->codec->method(platform->codec, OUT_POST, &burst, &interval_ms, &per_channel);
    return interval_ms;
}

static bool is_paced(void)
{
    return pace_ms() == 100;
}

static void posts_go_at_a_pace_until_the_server_says_that_it_limits_nothing(void **state)
{
    (void)state;
    assert_true(is_paced());
    goes_live();
    assert_int_equal(pace_ms(), 0);
    answer_times("POST /api/v4/users/ids", 1, "429 Too Many Requests\r\nX-RateLimit-Limit: 101", "limit exceeded");
    platform->look_up_person(platform, DANA);
    run_until(is_paced);
}

static bool has_looked_up(void)
{
    return asked("POST /api/v4/users/ids") >= 2;
}

static void a_server_that_limits_is_posted_to_at_a_pace_whatever_a_proxy_says(void **state)
{
    (void)state;
    answer_with("GET /api/v4/users/me/teams", "[]");
    answer_times("GET /api/v4/users/me", 1, "200 OK\r\nX-RateLimit-Limit: 101",
                 "{\"id\":\"" ME "\",\"username\":\"askwhy\",\"is_bot\":true}");
    answer_times("GET /api/v4/config/client", 1, "200 OK\r\nX-RateLimit-Limit: 101", "{}");
    answer_times("GET /api/v4/users/me/teams", 1, "200 OK\r\nX-RateLimit-Limit: 101", "[]");
    goes_live();
    assert_true(is_paced());
    answer_times("POST /api/v4/users/ids", 2, "502 Bad Gateway", "nobody home");
    platform->look_up_person(platform, DANA);
    run_until_asked("POST /api/v4/users/ids", 1);
    time_passes(60 * 1000);
    run_until(has_looked_up);
    assert_true(is_paced());
}

/* ---- callbacks ---- */

static int callback_status;
static char *callback_body;

static void callback_answered(const struct rest_response *response, void *data)
{
    (void)data;
    callback_status = response->status;
    callback_body = g_strdup(response->body);
}

static bool is_answered(void)
{
    return callback_status != 0;
}

static void somebody_types_a_command(void)
{
    callback_status = 0;
    g_clear_pointer(&callback_body, g_free);
    static const char body[] = "token=" COMMAND_TOKEN "&team_id=" TEAM "&channel_id=" PRODUCT "&user_id=" DANA
                               "&user_name=dana&channel_name=product&command=%2Fask&text=why&trigger_id=dHJpZ2dlcg";
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/mattermost/command", listener_port(callbacks));
    char *headers[] = {(char *)"Content-Type: application/x-www-form-urlencoded",
                       (char *)"Authorization: Token " COMMAND_TOKEN, NULL};
    struct rest_request request = {
        .method = "POST", .url = url, .headers = headers, .body = (char *)body, .body_size = sizeof body - 1};
    rest_send(rest, &request, callback_answered, NULL);
}

static void a_command_is_answered_where_it_was_typed(void **state)
{
    (void)state;
    goes_live();
    somebody_types_a_command();
    struct event *command = run_until_heard(1);
    assert_int_equal(command->kind, EVENT_COMMAND);
    assert_string_equal(command->user, DANA);
    assert_int_equal(callback_status, 0);
    g_autoptr(GString) text = g_string_new("done");
    struct message *message = message_text(text->str);
    assert_true(platform->carries(platform, command, message));
    struct answer answer = {.message = message};
    assert_true(platform->acknowledge(platform, command, &answer));
    run_until(is_answered);
    assert_int_equal(callback_status, 200);
    assert_non_null(strstr(callback_body, "done"));
    assert_false(platform->acknowledge(platform, command, NULL)); /* nobody waits any more */
    message_free(message);
    g_clear_pointer(&callback_body, g_free);
}

static void while_it_stops_a_command_is_not_taken_for_done(void **state)
{
    (void)state;
    goes_live();
    platform->stop(platform);
    somebody_types_a_command();
    run_until(is_answered);
    assert_int_equal(callback_status, 503);
    assert_int_equal(heard->len, 0);
    g_clear_pointer(&callback_body, g_free);
}

/* ---- the end ---- */

static void after_stop_nothing_comes_and_the_position_stays_before_it(void **state)
{
    (void)state;
    goes_live();
    somebody_posts(1, PRODUCT, "O", "one");
    run_until_heard(1);
    platform->look_up_person(platform, DANA);
    platform->stop(platform);
    platform->look_up_person(platform, ELI);
    let_pass(50);
    assert_int_equal(asked("POST /api/v4/users/ids"), 0);
    assert_int_equal(heard->len, 1);
    assert_int_equal(closes_seen, 1);
    g_autofree char *position = platform->position(platform);
    g_autofree char *expected = g_strdup_printf("%s 2", known_connection);
    assert_string_equal(position, expected);
}

static void what_is_unusable_is_dropped_and_the_rest_goes_on(void **state)
{
    (void)state;
    goes_live();
    frame(nth(0), "rubbish");
    event("posted", "{\"post\":\"{\"}", "{}");
    event("posted", "{}", "{}");
    somebody_posts(3, PRODUCT, "O", "fine");
    struct event *said = run_until_heard(1);
    assert_string_equal(said->text, "fine");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, live_begin, live_end)
    const struct CMUnitTest tests[] = {
        STORY(it_asks_who_it_is_before_it_listens),
        STORY(a_token_that_is_not_accepted_is_a_problem_and_tried_again_every_minute),
        STORY(a_token_revoked_while_it_runs_is_told_and_works_again_when_it_does),
        STORY(a_socket_cut_off_for_its_token_comes_back_when_the_token_does),
        STORY(it_goes_on_where_an_earlier_process_left_off),
        STORY(a_post_is_an_event_of_its_channel_and_nobody_waits_for_an_answer),
        STORY(an_unknown_name_is_asked_for_and_those_behind_wait_in_order),
        STORY(nobody_of_that_name_is_asked_for_once),
        STORY(where_names_cannot_be_had_they_are_words_and_nothing_waits),
        STORY(a_frame_that_waits_for_names_is_not_behind_the_position),
        STORY(a_converted_channel_is_asked_for_again),
        STORY(people_asked_for_in_one_breath_are_one_call_and_repeats_none),
        STORY(a_server_that_asks_for_time_gets_it),
        STORY(posts_go_at_a_pace_until_the_server_says_that_it_limits_nothing),
        STORY(a_server_that_limits_is_posted_to_at_a_pace_whatever_a_proxy_says),
        STORY(a_command_is_answered_where_it_was_typed),
        STORY(while_it_stops_a_command_is_not_taken_for_done),
        STORY(after_stop_nothing_comes_and_the_position_stays_before_it),
        STORY(what_is_unusable_is_dropped_and_the_rest_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
