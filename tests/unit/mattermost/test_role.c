/* Roles looked up by name: that there is one is asked, who has it is told by people's profiles. */
#include "live.h"

static const struct event *told_of(const char *role)
{
    guint before = heard->len;
    platform->look_up_group(platform, role);
    const struct event *event = run_until_heard(before + 1);
    assert_int_equal(event->kind, EVENT_GROUP);
    assert_string_equal(event->sought, role);
    assert_null(event->members);
    return event;
}

static void a_role_of_accounts_is_known_by_its_name(void **state)
{
    (void)state;
    goes_live();
    answer_with("GET /api/v4/roles/name/engineers", "{\"id\":\"rolerolerolerolerolerole26\",\"name\":\"engineers\"}");
    const struct event *event = told_of("engineers");
    assert_string_equal(event->group, "engineers");
    assert_string_equal(event->group_name, "engineers");
}

static void what_is_no_role_of_an_account_is_none(void **state)
{
    (void)state;
    goes_live();
    static const char *const none[] = {"team_admin", "channel_admin", "../users", "Engineers", "nobody", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
        assert_string_equal(told_of(none[i])->group, "");
    assert_int_equal(asked("GET /api/v4/roles/name/"), 1); /* the others are none by their names */
}

static void a_server_that_does_not_answer_properly_has_told_nothing(void **state)
{
    (void)state;
    goes_live();
    answer_with("GET /api/v4/roles/name/engineers", "{\"id\":\"rolerolerolerolerolerole26\",\"name\":\"others\"}");
    const struct event *event = told_of("engineers");
    assert_null(event->group);
    assert_non_null(event->text);
}

static void administers(const char *user, bool admin)
{
    guint before = heard->len;
    platform->look_up_member(platform, user, PRODUCT, TEAM);
    const struct event *event = run_until_heard(before + 1);
    assert_int_equal(event->kind, EVENT_MEMBER);
    assert_string_equal(event->user, user);
    assert_string_equal(event->channel, PRODUCT);
    assert_int_equal(event->profile.admin, admin);
}

static void who_administers_a_channel_or_its_team_is_asked_there(void **state)
{
    (void)state;
    goes_live();
    administers(DANA, false); /* the server knows of no such member */
    answer_with("GET /api/v4/teams/" TEAM "/members/" DANA, "{\"roles\":\"team_user\",\"scheme_admin\":true}");
    administers(DANA, true);
    answer_with("GET /api/v4/channels/" PRODUCT "/members/" ELI, "{\"roles\":\"channel_user channel_admin\"}");
    administers(ELI, true);
    assert_int_equal(asked("GET /api/v4/teams/" TEAM "/members/" ELI), 0);
    /* A server that is not well has said nothing of anybody. */
    guint before = heard->len;
    answer_times("GET /api/v4/channels/" PRODUCT "/members/" ELI, -1, "500 Internal Server Error", "{}");
    answer_times("GET /api/v4/teams/" TEAM "/members/" ELI, -1, "500 Internal Server Error", "{}");
    platform->look_up_member(platform, ELI, PRODUCT, TEAM);
    run_until_asked("GET /api/v4/teams/" TEAM "/members/" ELI, 1);
    let_pass(50);
    assert_int_equal(heard->len, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_role_of_accounts_is_known_by_its_name, live_begin, live_end),
        cmocka_unit_test_setup_teardown(what_is_no_role_of_an_account_is_none, live_begin, live_end),
        cmocka_unit_test_setup_teardown(who_administers_a_channel_or_its_team_is_asked_there, live_begin, live_end),
        cmocka_unit_test_setup_teardown(a_server_that_does_not_answer_properly_has_told_nothing, live_begin, live_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
