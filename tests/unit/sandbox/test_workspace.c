/* Times, threads and reactions are kept as Slack keeps them; scripts name times as people do. */
#include "bot/base/clock.h"
#include "bot/sandbox/script_internal.h"
#include "bot/sandbox/slack/message.h"
#include "bot/sandbox/workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WEDNESDAY_NOON_UTC = 1763553600 }; /* 2025-11-19 12:00 */

static int set_up(void **state)
{
    clock_freeze_ms(WEDNESDAY_NOON_UTC * G_GINT64_CONSTANT(1000));
    *state = workspace_new(CHAT_SLACK);
    return 0;
}

static int tear_down(void **state)
{
    workspace_free(*state);
    clock_freeze_ms(0);
    return 0;
}

static void test_no_two_messages_share_a_time(void **state)
{
    struct channel *channel = channel_by_name(*state, "general");
    const struct post *first = channel_post(*state, channel, "U0DANA", NULL, "a", NULL);
    const struct post *second = channel_post(*state, channel, "U0DANA", NULL, "b", NULL);
    assert_string_equal(first->ts, "1763553600.000000");
    assert_string_equal(second->ts, "1763553600.000001");
    assert_ptr_equal(channel_find(channel, "1763553600.000001"), second);
    assert_null(channel_find(channel, "1763553600.000002"));
    assert_null(channel_find(channel, "yesterday"));
}

static void test_times_are_read_exactly_or_not_at_all(void **state)
{
    (void)state;
    assert_int_equal(ts_read("1763553600.000001"), G_GINT64_CONSTANT(1763553600000001));
    assert_int_equal(ts_read("1763553600"), G_GINT64_CONSTANT(1763553600000000));
    assert_int_equal(ts_read("0"), 0);
    static const char *const wrong[] = {"", "x", "-1", "1.2.3", "1,5", "99999999999999999999.0", "1e9"};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_int_equal(ts_read(wrong[i]), -1);
    assert_int_equal(ts_read(NULL), -1);
}

static void test_a_parent_counts_its_replies_and_leaves_a_tombstone(void **state)
{
    struct channel *channel = channel_by_name(*state, "general");
    struct post *parent = channel_post(*state, channel, "U0DANA", NULL, "root", NULL);
    struct post *reply = channel_post(*state, channel, "U0SAM", parent->ts, "reply", NULL);
    g_autoptr(cJSON) json = post_json(channel, parent, false);
    assert_string_equal(json_str(json, "thread_ts"), parent->ts);
    assert_int_equal(json_int(json, "reply_count", 0), 1);
    g_autoptr(cJSON) reply_json = post_json(channel, reply, false);
    assert_string_equal(json_str(reply_json, "parent_user_id"), "U0DANA");
    channel_remove(channel, parent);
    assert_string_equal(parent->subtype, "tombstone");
    assert_string_equal(parent->text, "This message was deleted.");
    channel_remove(channel, reply);
    assert_int_equal(channel->posts->len, 1);
}

static void test_one_person_reacts_once_in_one_way(void **state)
{
    struct channel *channel = channel_by_name(*state, "general");
    struct post *post = channel_post(*state, channel, "U0DANA", NULL, "a", NULL);
    assert_true(post_react(post, "eyes", "U0SAM"));
    assert_false(post_react(post, "eyes", "U0SAM"));
    assert_true(post_react(post, "eyes", "U0MIA"));
    g_autoptr(cJSON) json = post_json(channel, post, false);
    assert_int_equal(json_int(json, "reactions.0.count", 0), 2);
    assert_true(post_unreact(post, "eyes", "U0SAM"));
    assert_false(post_unreact(post, "eyes", "U0SAM"));
    assert_true(post_unreact(post, "eyes", "U0MIA"));
    assert_int_equal(post->reactions->len, 0);
}

static void assert_time(const char *spec, const char *rfc3339)
{
    int64_t at = script_time(spec, clock_now_ms());
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / 1000);
    g_autofree char *text = g_date_time_format_iso8601(time);
    assert_string_equal(text, rfc3339);
}

static void test_scripts_name_times_as_people_do(void **state)
{
    (void)state;
    assert_time("2025-11-20 10:00 Europe/Tallinn", "2025-11-20T08:00:00Z");
    assert_time("next monday 9:00 Europe/Tallinn", "2025-11-24T07:00:00Z");
    assert_time("next wednesday 15:00 Europe/Tallinn", "2025-11-19T13:00:00Z"); /* later today */
    assert_time("next wednesday 13:00 Europe/Tallinn", "2025-11-26T11:00:00Z"); /* that hour is over */
    assert_time("tomorrow 0:30 Asia/Seoul", "2025-11-19T15:30:00Z");
    assert_time("in 2 days", "2025-11-21T12:00:00Z");
    assert_time("in 90 minutes", "2025-11-19T13:30:00Z");
    static const char *const wrong[] = {"",        "someday",           "next moonday 9:00 Europe/Tallinn",
                                        "in days", "tomorrow 25:00 UTC", "2025-02-30 9:00 UTC",
                                        "in 3 moons", "tomorrow 9:00 Europe/Nowhere"};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_int_equal(script_time(wrong[i], clock_now_ms()), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_two_messages_share_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times_are_read_exactly_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_parent_counts_its_replies_and_leaves_a_tombstone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_person_reacts_once_in_one_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scripts_name_times_as_people_do, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
