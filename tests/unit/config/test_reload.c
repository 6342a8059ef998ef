/* After a SIGHUP the operator is told what changed, and askwhy sets itself up anew when it must. */
#include "tests/unit/config/place.h"

static GPtrArray *change(const char *before, const char *after, bool *anew)
{
    g_autoptr(GPtrArray) unwanted = g_ptr_array_new_with_free_func(g_free);
    write_mode("askwhy.conf", before, 0600);
    struct config *old = config_load(NULL, unwanted);
    load_text(after);
    GPtrArray *changes = config_changes(old, config, anew);
    config_free(old);
    assert_int_equal(unwanted->len, 0);
    assert_no_errors();
    return changes;
}

static void the_same_again_changes_nothing(void **state)
{
    (void)state;
    bool anew;
    g_autoptr(GPtrArray) changes = change("ASKWHY_LOG = debug\n", "# moved\nASKWHY_LOG = debug\n", &anew);
    assert_int_equal(changes->len, 0);
    assert_false(anew);
}

static void the_log_level_changes_at_once(void **state)
{
    (void)state;
    bool anew;
    g_autoptr(GPtrArray) changes = change("", "ASKWHY_LOG = debug\n", &anew);
    assert_int_equal(changes->len, 1);
    assert_string_equal(g_ptr_array_index(changes, 0), "ASKWHY_LOG was info, is debug");
    assert_false(anew);
}

static void a_new_token_sets_askwhy_up_anew_and_is_not_shown(void **state)
{
    (void)state;
    bool anew;
    g_autoptr(GPtrArray) changes =
        change("SLACK_BOT_TOKEN = " BOT_TOKEN "\n", "SLACK_BOT_TOKEN = " BOT_TOKEN "New\nASKWHY_LOG = error\n", &anew);
    assert_int_equal(changes->len, 2);
    assert_true(list_has(changes, "SLACK_BOT_TOKEN was [redacted], is [redacted]: askwhy sets itself up anew"));
    assert_false(list_has(changes, BOT_TOKEN));
    assert_true(anew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_again_changes_nothing, enter, leave),
        cmocka_unit_test_setup_teardown(the_log_level_changes_at_once, enter, leave),
        cmocka_unit_test_setup_teardown(a_new_token_sets_askwhy_up_anew_and_is_not_shown, enter, leave),
    };
    return cmocka_run_group_tests_name("reloading", tests, NULL, NULL);
}
