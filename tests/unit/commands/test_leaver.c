/* Somebody leaves: what is theirs is offered to those who stay, once and a little at a time. */
#include "asks.h"

static void run_due(struct story *s)
{
    for (bool more = true; more;) {
        struct context ctx;
        assert_true(store_begin(s->store));
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        more = command_run_due(&ctx);
        assert_true(store_commit(s->store));
        context_done(&ctx);
    }
}

static int offers(struct story *s)
{
    run_due(s);
    g_autoptr(GPtrArray) posts = take_posts(s, s->product, true);
    int count = 0;
    for (guint i = 0; i < posts->len; i++) {
        g_autofree char *text = plain(g_ptr_array_index(posts, i));
        count += strstr(text, "has left. Who takes it over?") != NULL;
    }
    return count;
}

static void leaves(struct story *s, int64_t person)
{
    act(s, person, s->product, EVENT_LEFT, run_it, NULL, NULL);
}

static void fill_closed(struct event *event, void *data)
{
    (void)data;
    event->profile.name = g_strdup("Dana");
    event->profile.deleted = true;
}

static void asks_are_offered_a_few_at_a_time_and_once(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < 5; i++)
        raise_it(s, s->product, s->dana, "Request");
    int64_t ended = raise_it(s, s->product, s->dana, "Not wanted any more");
    g_autofree char *withdraw = g_strdup_printf("withdraw %d", (int)ended);
    type_as(s, s->dana, s->product, withdraw);
    leaves(s, s->dana);
    assert_int_equal(offers(s), 0);
    s->now += HOUR_MS;
    assert_int_equal(offers(s), 3);
    assert_int_equal(offers(s), 0);
    s->now += HOUR_MS;
    assert_int_equal(offers(s), 2);
    s->now += DAY_MS;
    leaves(s, s->dana);
    s->now += DAY_MS;
    assert_int_equal(offers(s), 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(error);
    assert_null(differences);
}

static void who_comes_back_in_time_is_not_said_to_have_left(void **state)
{
    struct story *s = *state;
    raise_it(s, s->product, s->dana, "Request");
    leaves(s, s->dana);
    act(s, s->dana, s->product, EVENT_JOINED, run_it, NULL, NULL);
    s->now += DAY_MS;
    assert_int_equal(offers(s), 0);
}

static void who_leaves_again_after_coming_back_has_left(void **state)
{
    struct story *s = *state;
    raise_it(s, s->product, s->dana, "Request");
    leaves(s, s->dana);
    act(s, s->dana, s->product, EVENT_JOINED, run_it, NULL, NULL);
    s->now += HOUR_MS;
    assert_int_equal(offers(s), 0);
    leaves(s, s->dana);
    s->now += HOUR_MS;
    assert_int_equal(offers(s), 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(error);
    assert_null(differences);
}

static void a_closed_account_has_left_everywhere(void **state)
{
    struct story *s = *state;
    raise_it(s, s->product, s->dana, "Request");
    act(s, s->dana, 0, EVENT_PERSON, run_it, NULL, fill_closed);
    s->now += HOUR_MS;
    assert_int_equal(offers(s), 1);
    act(s, s->dana, 0, EVENT_PERSON, run_it, NULL, fill_closed);
    s->now += DAY_MS;
    assert_int_equal(offers(s), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks_are_offered_a_few_at_a_time_and_once, story_begin, story_end),
        cmocka_unit_test_setup_teardown(who_comes_back_in_time_is_not_said_to_have_left, story_begin, story_end),
        cmocka_unit_test_setup_teardown(who_leaves_again_after_coming_back_has_left, story_begin, story_end),
        cmocka_unit_test_setup_teardown(a_closed_account_has_left_everywhere, story_begin, story_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
