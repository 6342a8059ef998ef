/* Lanes: one request after the other, again until answered. The network and the clock are in our hands. */
#include "bot/net/lane.h"

#include "bot/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct loop_timer {
    void (*fire)(void *data);
    void *data;
    int64_t due_ms; /* -1: idle */
};

static struct {
    char *url; /* of the request under way; NULL: none is */
    rest_done_fn *done;
    void *data;
    struct loop_timer timer;
    GString *story; /* what was answered and what ended, in order */
    struct lane *lane;
} world;

void rest_send(struct rest *rest, const struct rest_request *request, rest_done_fn *done, void *data)
{
    (void)rest;
    assert_null(world.url); /* one at a time */
    world.url = g_strdup(request->url);
    world.done = done;
    world.data = data;
}

void rest_forget(struct rest *rest, const void *data)
{
    (void)rest;
    if (data == world.data)
        g_clear_pointer(&world.url, g_free);
}

void rest_request_done(struct rest_request *request)
{
    g_free(request->url);
    g_strfreev(request->headers);
    g_free(request->body);
    *request = (struct rest_request){0};
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fire)(void *data), void *data)
{
    (void)loop;
    world.timer = (struct loop_timer){fire, data, -1};
    return &world.timer;
}

void loop_timer_set_ms(struct loop_timer *timer, int64_t from_now)
{
    timer->due_ms = from_now;
}

void loop_timer_clear(struct loop_timer *timer)
{
    timer->due_ms = -1;
}

void loop_timer_free(struct loop_timer *timer)
{
    timer->due_ms = -1;
}

/* "yes": an answer; "later N": told to wait so many milliseconds; "trouble": again; anything else: never. */
static void words_read(const char *method, const struct rest_response *response, struct lane_result *result, void *data)
{
    assert_string_equal(method, "read");
    assert_ptr_equal(data, &world);
    if (strcmp(response->body, "yes") == 0) {
        result->answer = cJSON_CreateTrue();
        return;
    }
    result->why = g_strdup(response->body);
    result->again = strcmp(response->body, "no") != 0;
    if (g_str_has_prefix(response->body, "later "))
        result->wait_ms = g_ascii_strtoll(response->body + 6, NULL, 10);
}

static const char *advise(const char *why)
{
    return why;
}

static int begin(void **state)
{
    (void)state;
    static const struct lane_kind kind = {words_read, advise, "test.wait", "test.problem"};
    log_set_level(LOG_ERROR + 1);
    memset(&world, 0, sizeof world);
    world.story = g_string_new(NULL);
    world.lane = lane_new(NULL, NULL, &kind, &world);
    return 0;
}

static int end(void **state)
{
    (void)state;
    lane_free(world.lane);
    assert_null(world.url);
    g_string_free(world.story, TRUE);
    return 0;
}

/* ---- steps ---- */

static void answered(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    assert_non_null(response);
    g_string_append_printf(world.story, "%s:%s ", (const char *)data, answer != NULL ? "answered" : why);
}

static void ended(void *data)
{
    g_string_append_printf(world.story, "%s:ended ", (const char *)data);
}

static void add(const char *name, int tries, bool next)
{
    struct lane_call call = {.method = "read",
                             .request = {.method = "GET", .url = g_strdup(name)},
                             .next = next,
                             .tries = tries,
                             .answered = answered,
                             .ended = ended,
                             .data = (void *)name};
    lane_add(world.lane, &call);
}

static void answer(const char *name, const char *body)
{
    assert_non_null(world.url);
    assert_string_equal(world.url, name);
    g_clear_pointer(&world.url, g_free);
    struct rest_response response = {.status = 200, .body = body, .body_size = strlen(body)};
    world.done(&response, world.data);
}

/* The pause is over; how long it was. */
static int64_t pause_ends(void)
{
    int64_t was = world.timer.due_ms;
    assert_true(was >= 0);
    world.timer.due_ms = -1;
    world.timer.fire(world.timer.data);
    return was;
}

/* ---- stories ---- */

static void calls_go_one_after_the_other(void **state)
{
    (void)state;
    assert_false(lane_busy(world.lane));
    add("one", 0, false);
    add("two", 0, false);
    assert_true(lane_busy(world.lane));
    answer("one", "yes");
    answer("two", "no");
    assert_string_equal(world.story->str, "one:answered one:ended two:no two:ended ");
    assert_false(lane_busy(world.lane));
}

static void what_comes_next_goes_before_what_waits_but_not_before_what_is_under_way(void **state)
{
    (void)state;
    add("one", 0, false);
    add("two", 0, false);
    add("urgent", 0, true);
    answer("one", "trouble");
    add("more urgent", 0, true);
    pause_ends();
    answer("one", "yes");
    answer("more urgent", "yes");
    answer("urgent", "yes");
    answer("two", "yes");
}

static void trouble_is_met_with_growing_pauses_up_to_a_minute(void **state)
{
    (void)state;
    add("one", 0, false);
    int64_t last = 0;
    for (int i = 0; i < 12; i++) {
        answer("one", "trouble");
        int64_t pause = pause_ends();
        assert_true(i >= 7 || pause > last);
        assert_true(pause >= 1000 && pause <= 75 * 1000);
        last = pause;
    }
    answer("one", "yes");
    assert_string_equal(world.story->str, "one:answered one:ended ");
}

static void who_says_how_long_to_wait_is_obeyed_and_not_counted(void **state)
{
    (void)state;
    add("one", 2, false);
    for (int i = 0; i < 5; i++) {
        answer("one", "later 30000");
        assert_int_equal(pause_ends(), 30000);
    }
    answer("one", "yes");
    assert_string_equal(world.story->str, "one:answered one:ended ");
}

static void a_call_is_given_up_after_its_tries_and_the_next_has_all_of_its_own(void **state)
{
    (void)state;
    add("one", 2, false);
    add("two", 2, false);
    answer("one", "trouble");
    pause_ends();
    answer("one", "trouble");
    answer("two", "trouble");
    pause_ends();
    answer("two", "yes");
    assert_string_equal(world.story->str, "one:trouble one:ended two:answered two:ended ");
}

static void clearing_ends_all_without_an_answer_and_the_lane_can_be_used_again(void **state)
{
    (void)state;
    add("one", 0, false);
    add("two", 0, false);
    lane_clear(world.lane);
    assert_null(world.url);
    assert_string_equal(world.story->str, "one:ended two:ended ");
    add("three", 0, false);
    answer("three", "trouble");
    lane_clear(world.lane);
    assert_int_equal(world.timer.due_ms, -1);
    add("four", 0, false);
    answer("four", "yes");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(calls_go_one_after_the_other),
        STORY(what_comes_next_goes_before_what_waits_but_not_before_what_is_under_way),
        STORY(trouble_is_met_with_growing_pauses_up_to_a_minute),
        STORY(who_says_how_long_to_wait_is_obeyed_and_not_counted),
        STORY(a_call_is_given_up_after_its_tries_and_the_next_has_all_of_its_own),
        STORY(clearing_ends_all_without_an_answer_and_the_lane_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
