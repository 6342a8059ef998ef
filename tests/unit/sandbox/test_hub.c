/* What a Mattermost server keeps of a connection, and when it gives it back: as 5.37.0 was seen to do, and 11. */
#include "bot/sandbox/mattermost/hub.h"

#include "bot/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One end of a WebSocket: what came in, each frame as "hello", "posted 7", "pong". */
struct end {
    GString *heard;
    char id[27]; /* as the last hello said */
    bool closed, full;
};

static struct end ends[3];

static const char *event_name(const cJSON *frame)
{
    return json_str(frame, "event") != NULL ? json_str(frame, "event") : json_str0(frame, "status");
}

static void write_frame(void *conn, const char *text, void *data)
{
    (void)data;
    struct end *end = conn;
    g_autoptr(cJSON) frame = json_parse(text, strlen(text), NULL);
    assert_non_null(frame);
    if (strcmp(event_name(frame), "status_change") == 0)
        return; /* one's own, after each beginning */
    if (strcmp(event_name(frame), "hello") == 0)
        g_strlcpy(end->id, json_str0(frame, "data.connection_id"), sizeof end->id);
    g_string_append_printf(end->heard, "%s%s", end->heard->len > 0 ? " " : "", event_name(frame));
    if (json_get(frame, "seq") != NULL)
        g_string_append_printf(end->heard, "#%d", (int)json_int(frame, "seq", -1));
}

static bool ready(void *conn, void *data)
{
    (void)data;
    return !((struct end *)conn)->full;
}

static void close_end(void *conn, bool cut, void *data)
{
    (void)cut, (void)data;
    ((struct end *)conn)->closed = true;
}

static bool hears(const char *user, const char *channel, void *data)
{
    (void)data;
    return strcmp(user, "bot") == 0 && strcmp(channel, "asks") == 0;
}

static const char *user_of(const char *token)
{
    return strcmp(token, "good") == 0 ? "bot" : NULL;
}

static struct hub *begin(bool old)
{
    clock_freeze_ms(G_GINT64_CONSTANT(1763553600000));
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        ends[i] = (struct end){.heard = ends[i].heard != NULL ? ends[i].heard : g_string_new(NULL)};
        g_string_truncate(ends[i].heard, 0);
    }
    const struct hub_options options = {old, "5.37.0.x.y.false", write_frame, ready, close_end, hears, NULL};
    return hub_new(&options);
}

static void end_all(struct hub *hub)
{
    hub_free(hub);
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_string_free(ends[i].heard, TRUE);
        ends[i].heard = NULL;
    }
    clock_freeze_ms(0);
}

static void say(struct hub *hub, int times)
{
    for (int i = 0; i < times; i++)
        hub_event(hub, "posted", json_object(), "asks", NULL);
}

/* What an end heard since it was asked last. */
static const char *heard(struct end *end)
{
    static char text[64 * 1024];
    g_strlcpy(text, end->heard->str, sizeof text);
    g_string_truncate(end->heard, 0);
    return text;
}

/* hello, own status, three posts: the next is number 5. */
static struct hub *three_posts(bool old)
{
    struct hub *hub = begin(old);
    assert_true(hub_open(hub, &ends[0], "bot", NULL, NULL));
    say(hub, 3);
    assert_string_equal(heard(&ends[0]), "hello#0 posted#2 posted#3 posted#4");
    return hub;
}

static void test_who_comes_back_in_time_misses_nothing(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_closed(hub, &ends[0]);
    say(hub, 2);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "5"));
    assert_string_equal(heard(&ends[1]), "posted#5 posted#6");
    assert_int_equal(hub_sockets(hub, "bot"), 1);
    end_all(hub);
}

static void test_what_was_written_but_not_read_comes_again(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_closed(hub, &ends[0]);
    say(hub, 1);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "3"));
    assert_string_equal(heard(&ends[1]), "posted#3 posted#4 posted#5");
    end_all(hub);
}

static void test_an_event_that_is_skipped_leaves_a_hole_and_comes_when_resumed(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_skip(hub, 1);
    say(hub, 2);
    assert_string_equal(heard(&ends[0]), "posted#6");
    hub_closed(hub, &ends[0]);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "5"));
    assert_string_equal(heard(&ends[1]), "posted#5 posted#6");
    end_all(hub);
}

static void test_whose_token_is_revoked_still_hears_all_and_only_actions_fail(void **state)
{
    (void)state;
    static const char ping[] = "{\"action\":\"ping\",\"seq\":1}";
    struct hub *hub = three_posts(true);
    hub_revoke(hub, "bot");
    say(hub, 1);
    assert_true(hub_heard(hub, &ends[0], ping, strlen(ping), user_of));
    say(hub, 1);
    assert_string_equal(heard(&ends[0]), "posted#5 FAIL posted#6");
    hub_revoke(hub, NULL);
    assert_true(hub_heard(hub, &ends[0], ping, strlen(ping), user_of));
    assert_string_equal(heard(&ends[0]), "OK");
    end_all(hub);
}

static void test_an_unknown_connection_begins_anew(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_closed(hub, &ends[0]);
    assert_true(hub_open(hub, &ends[1], "bot", "abcdefghijklmnopqrstuvwxyz", "5"));
    assert_string_equal(heard(&ends[1]), "hello#0");
    assert_string_not_equal(ends[1].id, ends[0].id);
    end_all(hub);
}

static void test_while_the_server_thinks_the_old_socket_lives_nothing_is_resumed(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "5"));
    assert_string_equal(heard(&ends[1]), "hello#0");
    say(hub, 1);
    assert_string_equal(heard(&ends[0]), "posted#5");
    assert_string_equal(heard(&ends[1]), "posted#2");
    end_all(hub);
}

static void test_a_number_out_of_reach_is_a_loss_and_said_so(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_closed(hub, &ends[0]);
    say(hub, 1);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "9"));
    assert_string_equal(heard(&ends[1]), "hello#0 posted#1");
    assert_string_not_equal(ends[1].id, ends[0].id);
    end_all(hub);
}

static void test_the_old_server_greets_twice_after_a_loss(void **state)
{
    (void)state;
    struct hub *hub = three_posts(true);
    hub_closed(hub, &ends[0]);
    say(hub, 1);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "9"));
    assert_string_equal(heard(&ends[1]), "hello#0 posted#1 hello#2");
    end_all(hub);
}

static void test_without_a_sensible_number_the_door_is_shut_and_the_place_kept(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    hub_closed(hub, &ends[0]);
    static const char *const wrong[] = {NULL, "", "-1", "x"};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_false(hub_open(hub, &ends[1], "bot", ends[0].id, wrong[i]));
    assert_false(hub_open(hub, &ends[1], "bot", "short", "5"));
    assert_string_equal(heard(&ends[1]), "");
    say(hub, 1);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "5"));
    assert_string_equal(heard(&ends[1]), "posted#5");
    end_all(hub);
}

static void test_the_ring_holds_128_and_the_queue_256(void **state)
{
    (void)state;
    struct hub *hub = begin(false);
    assert_true(hub_open(hub, &ends[0], "bot", NULL, NULL)); /* hello 0, status 1 */
    say(hub, 200);                                           /* 2 … 201; kept: 74 … 201 */
    heard(&ends[0]);
    g_autofree char *id = g_strdup(ends[0].id);
    hub_closed(hub, &ends[0]);
    say(hub, 255);
    assert_true(hub_open(hub, &ends[1], "bot", id, "74"));
    assert_true(g_str_has_prefix(heard(&ends[1]), "posted#74 posted#75"));
    hub_closed(hub, &ends[1]);
    assert_true(hub_open(hub, &ends[2], "bot", id, "74")); /* written meanwhile: out of the ring */
    assert_true(g_str_has_prefix(heard(&ends[2]), "hello#0"));
    hub_closed(hub, &ends[2]);
    g_autofree char *last = g_strdup(ends[2].id);
    say(hub, 257); /* one too many: it is forgotten */
    assert_true(hub_open(hub, &ends[0], "bot", last, "2"));
    assert_string_equal(heard(&ends[0]), "hello#0");
    assert_string_not_equal(ends[0].id, last);
    end_all(hub);
}

static void test_a_consumer_too_slow_for_the_queue_is_cut_off(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    ends[0].full = true;
    say(hub, 256);
    assert_false(ends[0].closed);
    assert_int_equal(hub_unwritten(hub, "bot"), 256);
    say(hub, 1);
    assert_true(ends[0].closed);
    assert_int_equal(hub_sockets(hub, "bot"), 0);
    end_all(hub);
}

static void test_who_was_quiet_and_away_is_forgotten_at_the_fifth_minute(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    clock_freeze_ms(clock_now_ms() + 6 * 60 * 1000);
    hub_closed(hub, &ends[0]);
    clock_freeze_ms(clock_now_ms() + 60 * 1000);
    assert_true(hub_open(hub, &ends[1], "bot", ends[0].id, "5"));
    assert_string_equal(heard(&ends[1]), ""); /* the broom has not come by yet */
    hub_closed(hub, &ends[1]);
    clock_freeze_ms(clock_now_ms() + 11 * 60 * 1000);
    assert_true(hub_open(hub, &ends[2], "bot", ends[0].id, "6"));
    assert_string_equal(heard(&ends[2]), "hello#0");
    end_all(hub);
}

static void stick(void *conn)
{
    assert_ptr_equal(conn, &ends[0]);
}

static void test_half_open_swallows_until_the_socket_is_gone(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    g_autofree char *id = g_strdup(ends[0].id);
    hub_half_open(hub, "bot", stick);
    say(hub, 2);
    assert_string_equal(heard(&ends[0]), "");
    assert_true(hub_open(hub, &ends[1], "bot", id, "5"));
    assert_string_equal(heard(&ends[1]), "hello#0");
    hub_closed(hub, &ends[0]);
    assert_true(hub_open(hub, &ends[2], "bot", id, "5")); /* what went into the void is in the ring */
    assert_string_equal(heard(&ends[2]), "posted#5 posted#6");
    end_all(hub);
}

static bool tell(struct hub *hub, struct end *end, const char *text)
{
    return hub_heard(hub, end, text, strlen(text), user_of);
}

static void test_a_challenge_names_who_has_no_header(void **state)
{
    (void)state;
    struct hub *hub = begin(false);
    assert_true(hub_open(hub, &ends[0], NULL, NULL, NULL));
    assert_null(hub_user(hub, &ends[0]));
    assert_true(tell(hub, &ends[0], "{\"seq\":1,\"action\":\"ping\"}"));
    assert_string_equal(heard(&ends[0]), "FAIL");
    assert_true(tell(hub, &ends[0], "{\"seq\":2,\"action\":\"authentication_challenge\",\"data\":{\"token\":\"good\"}}"));
    assert_string_equal(heard(&ends[0]), "hello#0 OK");
    assert_true(hub_open(hub, &ends[1], NULL, NULL, NULL));
    assert_false(tell(hub, &ends[1], "{\"seq\":1,\"action\":\"authentication_challenge\",\"data\":{\"token\":\"bad\"}}"));
    end_all(hub);
}

static void test_answers_take_no_number(void **state)
{
    (void)state;
    struct hub *hub = three_posts(false);
    assert_true(tell(hub, &ends[0], "{\"seq\":1,\"action\":\"ping\"}"));
    assert_true(tell(hub, &ends[0], "{\"seq\":2,\"action\":\"dance\"}"));
    assert_true(tell(hub, &ends[0], "{\"seq\":3}"));
    assert_true(tell(hub, &ends[0], "{\"action\":\"ping\"}"));
    say(hub, 1);
    assert_string_equal(heard(&ends[0]), "OK FAIL FAIL FAIL posted#5");
    assert_false(tell(hub, &ends[0], "no JSON"));
    g_autofree char *long_text = g_strnfill(8193, ' ');
    assert_false(tell(hub, &ends[0], long_text));
    end_all(hub);
}

static void test_events_reach_those_they_concern(void **state)
{
    (void)state;
    struct hub *hub = begin(false);
    assert_true(hub_open(hub, &ends[0], "bot", NULL, NULL));
    assert_true(hub_open(hub, &ends[1], "dana", NULL, NULL));
    hub_event(hub, "posted", json_object(), "asks", NULL);
    hub_event(hub, "posted", json_object(), "deals", NULL);
    hub_event(hub, "user_removed", json_object(), NULL, "dana");
    hub_event(hub, "new_user", json_object(), NULL, NULL);
    assert_string_equal(heard(&ends[0]), "hello#0 posted#2 new_user#3");
    assert_string_equal(heard(&ends[1]), "hello#0 user_removed#2 new_user#3");
    end_all(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_back_in_time_misses_nothing),
        cmocka_unit_test(test_what_was_written_but_not_read_comes_again),
        cmocka_unit_test(test_an_unknown_connection_begins_anew),
        cmocka_unit_test(test_while_the_server_thinks_the_old_socket_lives_nothing_is_resumed),
        cmocka_unit_test(test_a_number_out_of_reach_is_a_loss_and_said_so),
        cmocka_unit_test(test_the_old_server_greets_twice_after_a_loss),
        cmocka_unit_test(test_without_a_sensible_number_the_door_is_shut_and_the_place_kept),
        cmocka_unit_test(test_the_ring_holds_128_and_the_queue_256),
        cmocka_unit_test(test_a_consumer_too_slow_for_the_queue_is_cut_off),
        cmocka_unit_test(test_who_was_quiet_and_away_is_forgotten_at_the_fifth_minute),
        cmocka_unit_test(test_an_event_that_is_skipped_leaves_a_hole_and_comes_when_resumed),
        cmocka_unit_test(test_whose_token_is_revoked_still_hears_all_and_only_actions_fail),
        cmocka_unit_test(test_half_open_swallows_until_the_socket_is_gone),
        cmocka_unit_test(test_a_challenge_names_who_has_no_header),
        cmocka_unit_test(test_answers_take_no_number),
        cmocka_unit_test(test_events_reach_those_they_concern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
