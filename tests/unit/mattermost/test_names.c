/* Who is called what: learnt, asked for, given on, and forgotten when it is too much. */
#include "heard.h"

#include "bot/base/clock.h"

static int set_up(void **state)
{
    *state = names_new();
    return 0;
}

static int tear_down(void **state)
{
    names_free(*state);
    return 0;
}

static void test_what_was_learnt_is_known_both_ways(void **state)
{
    struct names *names = *state;
    names_learn(names, DANA, "Dana.K", "Dana Kim");
    assert_text(names_find(names, "dana.k"), DANA);
    assert_text(names_find(names, "DANA.K"), DANA);
    assert_text(names_handle(names, DANA), "dana.k");
    assert_text(names_name(names, DANA), "Dana Kim");
    assert_text(names_find(names, "dana"), NULL);
    assert_text(names_name(names, ELI), NULL);
    assert_text(names_handle(names, ELI), NULL);
    names_learn(names, "", "nobody", "Nobody");
    assert_text(names_find(names, "nobody"), NULL);
}

static void test_what_is_not_told_stays(void **state)
{
    struct names *names = *state;
    names_learn(names, DANA, "@dana", NULL);
    assert_text(names_name(names, DANA), "dana"); /* better than an id */
    names_learn(names, DANA, NULL, "Dana");
    names_learn(names, DANA, "", "");
    assert_text(names_handle(names, DANA), "dana");
    assert_text(names_name(names, DANA), "Dana");
    names_learn(names, DANA, names_handle(names, DANA), names_name(names, DANA));
    assert_text(names_name(names, DANA), "Dana");
}

static void test_a_name_can_change_and_be_given_on(void **state)
{
    struct names *names = *state;
    names_learn(names, DANA, "dana", "Dana");
    names_learn(names, DANA, "dana.kim", "Dana Kim");
    assert_text(names_find(names, "dana"), NULL);
    names_learn(names, ELI, "dana.kim", "Eli");
    assert_text(names_find(names, "dana.kim"), ELI);
    assert_text(names_handle(names, DANA), NULL);
    names_forget(names, ELI);
    assert_text(names_find(names, "dana.kim"), NULL);
    assert_text(names_name(names, ELI), NULL);
    names_forget(names, ELI);
}

static void test_nobody_is_nobody_for_some_minutes(void **state)
{
    struct names *names = *state;
    names_learn_nobody(names, "Sam");
    assert_true(names_is_nobody(names, "sam"));
    assert_false(names_is_nobody(names, "dana"));
    names_learn(names, DANA, "sam", NULL); /* an account is made */
    assert_false(names_is_nobody(names, "sam"));
    names_learn_nobody(names, "pat");
    clock_pass_ms(10 * 60 * 1000);
    assert_false(names_is_nobody(names, "pat"));
}

static void test_the_longest_unused_are_forgotten(void **state)
{
    struct names *names = *state;
    names_learn(names, DANA, "dana", "Dana");
    names_learn(names, ELI, "eli", "Eli");
    for (int i = 0; i < 5000; i++) {
        g_autofree char *user = g_strdup_printf("u%025d", i), *handle = g_strdup_printf("h%d", i);
        names_learn(names, user, handle, handle);
        names_find(names, "dana"); /* spoken of all the time */
    }
    assert_text(names_name(names, DANA), "Dana");
    assert_text(names_name(names, ELI), NULL);
    assert_text(names_find(names, "eli"), NULL);
    assert_text(names_find(names, "h4999"), "u0000000000000000000004999");
}

static void test_names_that_are_none_are_bounded_too(void **state)
{
    struct names *names = *state;
    for (int i = 0; i < 5000; i++) {
        g_autofree char *handle = g_strdup_printf("h%d", i);
        names_learn_nobody(names, handle);
        assert_true(names_is_nobody(names, handle));
    }
    assert_false(names_is_nobody(names, "h0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_learnt_is_known_both_ways, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_told_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_name_can_change_and_be_given_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_is_nobody_for_some_minutes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_longest_unused_are_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_that_are_none_are_bounded_too, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
