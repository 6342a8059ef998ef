/* What came twice counts once, and what came long ago is forgotten. */
#include "story.h"

static void a_key_is_new_once(void **state)
{
    struct story *s = *state;
    assert_true(store_inbox_add(s->store, "event:Ev1", NOON));
    assert_false(store_inbox_add(s->store, "event:Ev1", NOON + 1));
    assert_true(store_inbox_add(s->store, "event:ev1", NOON)); /* ids are told apart by case */
    assert_true(store_inbox_add(s->store, NULL, NOON));
    assert_true(store_inbox_add(s->store, NULL, NOON));
    commit(s);
    store_rollback(s->store);
    store_close(s->store);
    s->store = open_now(s, STORE_WRITE);
    assert_true(store_begin(s->store));
    assert_false(store_inbox_add(s->store, "event:Ev1", NOON + 2));
}

static void a_key_of_what_was_undone_is_new_again(void **state)
{
    struct story *s = *state;
    assert_true(store_inbox_add(s->store, "event:Ev1", NOON));
    store_rollback(s->store);
    assert_true(store_begin(s->store));
    assert_true(store_inbox_add(s->store, "event:Ev1", NOON));
}

static void old_keys_are_forgotten_a_few_at_a_time(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < 10; i++) {
        g_autofree char *key = g_strdup_printf("event:%d", i);
        assert_true(store_inbox_add(s->store, key, NOON + i));
    }
    assert_true(store_inbox_trim(s->store, NOON + 6, 4));  /* more remain */
    assert_false(store_inbox_trim(s->store, NOON + 6, 4));
    assert_false(store_inbox_trim(s->store, NOON + 6, 4));
    assert_true(store_inbox_add(s->store, "event:5", NOON + 20));
    assert_false(store_inbox_add(s->store, "event:6", NOON + 20));
    assert_null(store_failed(s->store));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_key_is_new_once),
        STORY(a_key_of_what_was_undone_is_new_again),
        STORY(old_keys_are_forgotten_a_few_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
