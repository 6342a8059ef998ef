/* What `askwhy check` finds out about a Mattermost server with the bot's own token. */
#include "tests/unit/mattermost/setup_world.h"

#include "bot/mattermost/probe.h"

static struct mattermost_probe probe;

static int enter(void **state)
{
    (void)state;
    world_begin();
    world.account = BOT;
    world.in_team = world.in_channel = true;
    strcpy(world.bot_token, "bottokenofthisstory0000001");
    world_add_command("ask", "askwhy", "", "");
    world_add_command("why", "Why not", "", "");
    return 0;
}

static int leave(void **state)
{
    (void)state;
    mattermost_probe_done(&probe);
    world_end();
    return 0;
}

static void look(const char *token, const char *behind)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d%s", world.port, behind);
    struct loop *loop = loop_new(NULL, NULL);
    struct rest *rest = rest_new(loop, NULL, NULL);
    mattermost_probe_run(loop, rest, url, token, "/ask", "/why", &probe);
    rest_free(rest);
    loop_free(loop);
    assert_string_equal(world.asked->str, ""); /* it only looks */
}

static void a_good_token_tells_who_and_where_askwhy_is(void **state)
{
    (void)state;
    look(world.bot_token, "");
    assert_null(probe.problem);
    assert_string_equal(probe.user, "askwhy");
    assert_true(probe.is_bot);
    assert_string_equal(probe.version, "5.37.0");
    assert_string_equal(probe.site_url, "http://chat.example");
    assert_int_equal(probe.max_post, 16383);
    assert_int_equal(probe.teams->len, 1);
    const struct probe_team *team = g_ptr_array_index(probe.teams, 0);
    assert_string_equal(team->name, "acme");
    assert_int_equal(team->channels->len, 1); /* neither archived ones nor direct messages */
    assert_string_equal(g_ptr_array_index(team->channels, 0), "product");
}

static void commands_are_told_from_those_of_others(void **state)
{
    (void)state;
    look(world.bot_token, "");
    const struct probe_team *team = g_ptr_array_index(probe.teams, 0);
    assert_true(team->ask.there);
    assert_true(team->ask.ours);
    assert_true(team->why.there);
    assert_false(team->why.ours);
}

static void in_no_team_there_is_nothing_to_see(void **state)
{
    (void)state;
    world.in_team = false;
    look(world.bot_token, "");
    assert_null(probe.problem);
    assert_null(probe.teams_problem);
    assert_int_equal(probe.teams->len, 0);
}

static void a_persons_token_is_seen_as_such(void **state)
{
    (void)state;
    look(ADMIN_TOKEN, "");
    assert_null(probe.problem);
    assert_false(probe.is_bot);
    assert_string_equal(probe.user, "rain");
}

static void a_token_that_is_refused_is_the_tokens_fault(void **state)
{
    (void)state;
    look("sometokenofnobodyatall1234", "");
    assert_non_null(strstr(probe.problem, "is not accepted (HTTP 401)"));
    assert_false(probe.unreached);
}

static void what_is_no_mattermost_is_the_addresss_fault(void **state)
{
    (void)state;
    look(world.bot_token, "/elsewhere");
    assert_non_null(strstr(probe.problem, "the server "));
    assert_true(probe.unreached);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_good_token_tells_who_and_where_askwhy_is), STORY(commands_are_told_from_those_of_others),
        STORY(in_no_team_there_is_nothing_to_see),         STORY(a_persons_token_is_seen_as_such),
        STORY(a_token_that_is_refused_is_the_tokens_fault), STORY(what_is_no_mattermost_is_the_addresss_fault),
    };
    return cmocka_run_group_tests_name("looking at Mattermost", tests, NULL, NULL);
}
