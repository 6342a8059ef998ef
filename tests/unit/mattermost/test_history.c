/* What was missed is read again as the events it would have been, no more than once and no older than asked for. */
#include "heard.h"

enum { CREATED = 1000, EDITED = 2000, DELETED = 3000 };
#define MS(number) (INT64_C(1795280970000) + (number))

static int begin(void **state)
{
    *state = names_new();
    return 0;
}

static int end(void **state)
{
    names_free(*state);
    return 0;
}

static GPtrArray *read_json(struct names *names, const char *changes, enum channel_kind kind, int64_t after_ms)
{
    g_autoptr(cJSON) post = a_post("{\"create_at\":1795280971000,\"update_at\":1795280971000}");
    change(post, changes);
    GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    mattermost_decode_history(post, kind, &self, names, after_ms, events);
    return events;
}

static const struct event *at(const GPtrArray *events, guint index)
{
    assert_true(index < events->len);
    const struct event *event = g_ptr_array_index(events, index);
    assert_true(event->replay);
    assert_string_equal(event->platform, "mattermost");
    return event;
}

static void test_what_was_said_since(void **state)
{
    g_autoptr(GPtrArray) events = read_json(*state, "{\"update_at\":1795280971500}", CHANNEL_PRIVATE, MS(0));
    assert_int_equal(events->len, 1);
    const struct event *event = at(events, 0);
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_int_equal(event->channel_kind, CHANNEL_PRIVATE);
    assert_text(event->text, "Acme will churn");
    assert_text(event->user, DANA);
    assert_text(event->channel, CHANNEL);
    assert_text(event->thread, ROOT);
    assert_text(event->keys[1], "post:" POST);
    assert_text(event->cursor, "1795280971500");
    assert_int_equal(event->at_ms, MS(CREATED));
    assert_int_equal(event->posted_ms, MS(CREATED));
}

static void test_a_mention_is_one_here_too(void **state)
{
    g_autoptr(GPtrArray) events = read_json(*state, "{\"message\":\"@askwhy show 12\"}", CHANNEL_PUBLIC, MS(0));
    assert_int_equal(at(events, 0)->kind, EVENT_MENTION);
    assert_text(at(events, 0)->text, "show 12");
    g_autoptr(GPtrArray) direct = read_json(*state, "{\"message\":\"@askwhy show 12\"}", CHANNEL_DIRECT, MS(0));
    assert_int_equal(at(direct, 0)->kind, EVENT_MESSAGE);
    assert_true(at(direct, 0)->addressed);
}

/* A root comes again because somebody replied to it, or a reaction was put on it. */
static void test_what_was_said_before_is_not_told_again(void **state)
{
    g_autoptr(GPtrArray) events = read_json(*state, "{\"update_at\":1795280979000}", CHANNEL_PUBLIC, MS(CREATED));
    assert_int_equal(events->len, 0);
    g_autoptr(GPtrArray) edited =
        read_json(*state, "{\"edit_at\":1795280972000,\"update_at\":1795280979000}", CHANNEL_PUBLIC, MS(EDITED));
    assert_int_equal(edited->len, 0);
    g_autoptr(GPtrArray) deleted = read_json(*state, "{\"delete_at\":1795280973000}", CHANNEL_PUBLIC, MS(DELETED));
    assert_int_equal(deleted->len, 0);
}

static void test_said_and_edited_since_is_two_events(void **state)
{
    g_autoptr(GPtrArray) events =
        read_json(*state, "{\"edit_at\":1795280972000,\"update_at\":1795280972000}", CHANNEL_PUBLIC, MS(0));
    assert_int_equal(events->len, 2);
    assert_int_equal(at(events, 0)->kind, EVENT_MESSAGE);
    assert_int_equal(at(events, 1)->kind, EVENT_EDITED);
    assert_text(at(events, 1)->keys[1], "post:" POST ":1795280972000");
    assert_text(at(events, 1)->revision, "1795280972000");
    assert_int_equal(at(events, 1)->at_ms, MS(EDITED));
    assert_int_equal(at(events, 1)->posted_ms, MS(CREATED));
}

static void test_said_long_ago_and_edited_since_is_the_edit_alone(void **state)
{
    g_autoptr(GPtrArray) events =
        read_json(*state, "{\"edit_at\":1795280972000,\"update_at\":1795280972000}", CHANNEL_PUBLIC, MS(CREATED));
    assert_int_equal(events->len, 1);
    assert_int_equal(at(events, 0)->kind, EVENT_EDITED);
    assert_text(at(events, 0)->text, "Acme will churn");
}

static void test_what_was_deleted_is_only_gone(void **state)
{
    g_autoptr(GPtrArray) events =
        read_json(*state, "{\"edit_at\":1795280972000,\"delete_at\":1795280973000,\"update_at\":1795280973000}",
                  CHANNEL_PUBLIC, MS(0));
    assert_int_equal(events->len, 1);
    const struct event *event = at(events, 0);
    assert_int_equal(event->kind, EVENT_DELETED);
    assert_text(event->message, POST);
    assert_text(event->text, NULL);
    assert_text(event->keys[1], "post:" POST ":deleted");
    assert_text(event->cursor, "1795280973000");
    assert_int_equal(event->at_ms, MS(DELETED));
}

/* Live or read again, it is the same post, edit and deletion: their keys are. */
static void test_keys_are_those_of_the_live_events(void **state)
{
    struct hearer hearer = {.names = *state};
    static const char *const kinds[] = {"posted", "post_edited", "post_deleted"};
    static const char *const posts[] = {"{}", "{\"edit_at\":1795280972000}",
                                        "{\"edit_at\":1795280972000,\"delete_at\":1795280973000}"};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GPtrArray) events = read_json(*state, posts[i], CHANNEL_PUBLIC, MS(0));
        const struct event *live = hear_post(&hearer, kinds[i], posts[i], "{}");
        assert_text(at(events, events->len - 1)->keys[1], live->keys[1]);
        assert_text(at(events, events->len - 1)->revision, live->revision);
    }
    mattermost_frame_done(&hearer.frame);
}

static void test_who_came_and_went_meanwhile(void **state)
{
    g_autoptr(GPtrArray) events = read_json(
        *state, "{\"type\":\"system_add_to_channel\",\"root_id\":\"\",\"props\":{\"addedUserId\":\"" ASKWHY "\"}}",
        CHANNEL_PUBLIC, MS(0));
    assert_int_equal(at(events, 0)->kind, EVENT_INVITED);
    assert_text(at(events, 0)->user, DANA);
    assert_int_equal(at(events, 0)->at_ms, MS(CREATED));
    g_autoptr(GPtrArray) left =
        read_json(*state, "{\"type\":\"system_leave_channel\",\"root_id\":\"\"}", CHANNEL_PUBLIC, MS(0));
    assert_int_equal(at(left, 0)->kind, EVENT_LEFT);
    g_autoptr(GPtrArray) before =
        read_json(*state, "{\"type\":\"system_leave_channel\"}", CHANNEL_PUBLIC, MS(CREATED));
    assert_int_equal(before->len, 0);
}

static void test_nothing_of_programs_of_strangers_and_of_old_versions(void **state)
{
    static const char *const posts[] = {
        "{\"user_id\":\"" ASKWHY "\"}",
        "{\"user_id\":\"" ASKWHY "\",\"edit_at\":1795280972000}",
        "{\"user_id\":\"" ASKWHY "\",\"original_id\":\"" ROOT "\",\"delete_at\":1795280973000}",
        "{\"props\":{\"from_bot\":\"true\"}}",
        "{\"props\":{\"from_webhook\":\"true\"},\"delete_at\":1795280973000}",
        "{\"type\":\"system_displayname_change\"}",
        "{\"type\":\"system_leave_channel\",\"delete_at\":1795280973000}",
        "{\"type\":\"custom_calls\"}",
        /* What an edited post said before stays as a deleted post of another id. */
        "{\"original_id\":\"" ROOT "\",\"delete_at\":1795280973000}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(posts); i++) {
        g_autoptr(GPtrArray) events = read_json(*state, posts[i], CHANNEL_PUBLIC, MS(0));
        if (events->len != 0)
            fail_msg("an event of: %s", posts[i]);
    }
}

static void test_what_askwhy_posted_and_somebody_deleted_meanwhile(void **state)
{
    g_autoptr(GPtrArray) events =
        read_json(*state, "{\"user_id\":\"" ASKWHY "\",\"delete_at\":1795280973000}", CHANNEL_PUBLIC, MS(CREATED));
    assert_int_equal(events->len, 1);
    assert_int_equal(at(events, 0)->kind, EVENT_UNPOSTED);
    assert_text(at(events, 0)->message, POST);
    assert_text(at(events, 0)->user, NULL);
    assert_true(at(events, 0)->replay);
}

static void test_what_is_no_post_is_left_out(void **state)
{
    static const char *const posts[] = {
        "{\"id\":\"x\"}",
        "{\"user_id\":7}",
        "{\"channel_id\":null}",
        "{\"root_id\":[]}",
        "{\"create_at\":\"1\"}",
        "{\"create_at\":0}",
        "{\"edit_at\":-1}",
        "{\"delete_at\":1e18}",
        "{\"type\":{}}",
        "{\"message\":[\"x\"]}",
        "{\"type\":\"system_add_to_channel\",\"props\":{\"addedUserId\":1}}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(posts); i++) {
        g_autoptr(GPtrArray) events = read_json(*state, posts[i], CHANNEL_PUBLIC, MS(0));
        if (events->len != 0)
            fail_msg("taken for a post: %s", posts[i]);
    }
    static const char *const none[] = {"[]", "7", "{}", "null", "\"post\""};
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autoptr(cJSON) json = json_of(none[i]);
        mattermost_decode_history(json, CHANNEL_PUBLIC, &self, *state, 0, events);
    }
    mattermost_decode_history(NULL, CHANNEL_PUBLIC, &self, *state, 0, events);
    assert_int_equal(events->len, 0);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_what_was_said_since),
        story(test_a_mention_is_one_here_too),
        story(test_what_was_said_before_is_not_told_again),
        story(test_said_and_edited_since_is_two_events),
        story(test_said_long_ago_and_edited_since_is_the_edit_alone),
        story(test_what_was_deleted_is_only_gone),
        story(test_keys_are_those_of_the_live_events),
        story(test_who_came_and_went_meanwhile),
        story(test_nothing_of_programs_of_strangers_and_of_old_versions),
        story(test_what_askwhy_posted_and_somebody_deleted_meanwhile),
        story(test_what_is_no_post_is_left_out),
    };
    return cmocka_run_group_tests_name("mattermost_history", tests, NULL, NULL);
}
