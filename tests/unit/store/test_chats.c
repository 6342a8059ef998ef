/* What the store keeps of a chat as a whole. */
#include "story.h"

static void a_position_is_kept_for_each_chat(void **state)
{
    struct story *s = *state;
    assert_null(store_position(s->store, "mattermost"));
    store_set_position(s->store, "mattermost", "c1 7");
    store_set_position(s->store, "mattermost", "c1 8");
    store_set_position(s->store, "slack", "elsewhere");
    assert_true(store_commit(s->store));
    g_autofree char *position = store_position(s->store, "mattermost");
    assert_string_equal(position, "c1 8");
}

static void the_signing_key_is_made_once_and_stays(void **state)
{
    struct story *s = *state;
    assert_true(store_commit(s->store));
    g_autofree char *key = store_signing_key(s->store);
    assert_int_equal(strlen(key), 64);
    assert_int_equal(strspn(key, "0123456789abcdef"), 64);
    g_autofree char *again = store_signing_key(s->store);
    assert_string_equal(again, key);
}

static void two_teams_may_each_have_a_channel_of_one_name(void **state)
{
    struct story *s = *state;
    int64_t ours = store_channel(s->store, "mattermost", "team-a", "c1", "product", CHANNEL_PUBLIC);
    int64_t theirs = store_channel(s->store, "mattermost", "team-b", "c2", "product", CHANNEL_PUBLIC);
    assert_int_equal(store_find_channel_named(s->store, "mattermost", "team-a", "product"), ours);
    assert_int_equal(store_find_channel_named(s->store, "mattermost", "team-b", "product"), theirs);
    assert_int_equal(store_find_channel_named(s->store, "mattermost", "team-c", "product"), 0);
    assert_true(store_find_channel_named(s->store, "mattermost", NULL, "product") != 0);
    assert_true(store_commit(s->store));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_position_is_kept_for_each_chat),
        STORY(the_signing_key_is_made_once_and_stays),
        STORY(two_teams_may_each_have_a_channel_of_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
