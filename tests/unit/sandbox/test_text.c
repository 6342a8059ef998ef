/* What people type becomes Slack's notation, and that becomes readable again. */
#include "bot/sandbox/show.h"
#include "bot/sandbox/slack/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = workspace_new(CHAT_SLACK);
    return 0;
}

static int tear_down(void **state)
{
    workspace_free(*state);
    return 0;
}

static void assert_told(void **state, const char *typed, bool labelled, const char *told)
{
    g_autofree char *text = text_from_typed(*state, typed, labelled);
    assert_string_equal(text, told);
}

static void assert_reads(void **state, const char *text, const char *plain)
{
    g_autofree char *read = text_to_plain(*state, text);
    assert_string_equal(read, plain);
}

static void test_typed_text_is_escaped_as_slack_does(void **state)
{
    assert_told(state, "a < b & c > d", false, "a &lt; b &amp; c &gt; d");
    assert_told(state, "<!channel> <@U0DANA>", false, "&lt;!channel&gt; &lt;@U0DANA&gt;");
}

static void test_mentions_are_people_and_channels_that_exist(void **state)
{
    assert_told(state, "@dana, see #general.", false, "<@U0DANA>, see <#C0GENERAL|general>.");
    assert_told(state, "@dana @askwhy", true, "<@U0DANA|dana> <@U0ASKWHY|askwhy>");
    assert_told(state, "@nobody #42 #nowhere a@dana.example @danaides", false,
                "@nobody #42 #nowhere a@dana.example @danaides");
    assert_told(state, "@here!", false, "<!here>!");
}

static void test_addresses_become_links(void **state)
{
    assert_told(state, "see https://acme.example/a?b=1&c=2.", false, "see <https://acme.example/a?b=1&amp;c=2>.");
    g_autofree char *posted = text_link_addresses("at https://a.example and <https://b.example|b>");
    assert_string_equal(posted, "at <https://a.example> and <https://b.example|b>");
}

static void test_people_read_no_notation(void **state)
{
    assert_reads(state, "*bold* _slanted_ ~gone~ `code` 2*3*4 snake_case_name", "bold slanted gone code 2*3*4 snake_case_name");
    assert_reads(state, "<@U0DANA> <@U9|x> <#C0ASKS> <!channel> <https://a.example|the page>",
                 "@dana @U9 #product-asks @channel the page");
    assert_reads(state, "&lt;!channel&gt; &amp;amp;", "<!channel> &amp;");
    assert_reads(state, "* not bold *\n*nor\nthis*", "* not bold *\n*nor\nthis*");
    assert_reads(state, "<!date^1^{date}|18 Nov> < unfinished", "18 Nov < unfinished");
}

static void test_a_message_is_read_with_its_buttons(void **state)
{
    static const char blocks[] =
        "[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"*#2* SSO\"}},{\"type\":\"divider\"},"
        "{\"type\":\"actions\",\"elements\":["
        "{\"type\":\"button\",\"action_id\":\"a\",\"text\":{\"type\":\"plain_text\",\"text\":\"Yes\"}},"
        "{\"type\":\"button\",\"action_id\":\"b\",\"text\":{\"type\":\"plain_text\",\"text\":\"*No*\"}}]}]";
    g_autoptr(cJSON) parsed = json_parse(blocks, strlen(blocks), NULL);
    g_autofree char *shown = show_message(*state, "fallback", parsed);
    assert_string_equal(shown, "#2 SSO\n[Yes] [*No*]");
    assert_true(show_names(shown, "#2"));
    assert_false(show_names("#23, #24", "#2"));
    g_autofree char *fallback = show_message(*state, "fallback", NULL);
    assert_string_equal(fallback, "fallback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_typed_text_is_escaped_as_slack_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mentions_are_people_and_channels_that_exist, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_addresses_become_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_people_read_no_notation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_message_is_read_with_its_buttons, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
