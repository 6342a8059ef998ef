/* Words that would pass for something else: addresses, directions of writing, names with a second line, and what a
 * button carries. tests/unit/bot/test_injection.c tries all of it everywhere. */
#include "story.h"

#include "bot/slack/text.h"

#define RLO "\xe2\x80\xae"
#define PDF "\xe2\x80\xac"
#define RLI "\xe2\x81\xa7"
#define PDI "\xe2\x81\xa9"

static void assert_shown(const char *from_slack, const char *to_slack)
{
    g_autofree char *rich = slack_text_to_rich(from_slack), *mrkdwn = slack_rich_to_mrkdwn(rich);
    assert_string_equal(mrkdwn, to_slack);
}

static void test_a_link_named_like_another_place_shows_where_it_leads(void **state)
{
    (void)state;
    assert_shown("<https://evil.example/a|bank.com>", "bank.com (<https://evil.example/a>)");
    assert_shown("<https://evil.example/a|log in at www.bank.com>", "log in at www.bank.com (<https://evil.example/a>)");
    assert_shown("<https://evil.example/a|https://bank.com>", "<https://bank.com> (<https://evil.example/a>)");
    assert_shown("<https://bank.com.evil.example/|bank.com>", "bank.com (<https://bank.com.evil.example/>)");
    assert_shown("<https://notbank.com/|bank.com>", "bank.com (<https://notbank.com/>)");
}

static void test_a_link_named_after_its_place_or_in_words_stays_as_it_is(void **state)
{
    (void)state;
    assert_shown("<https://acme.example/sso|the plan>", "<https://acme.example/sso|the plan>");
    assert_shown("<https://docs.acme.example/sso|acme.example: SSO>", "<https://docs.acme.example/sso|acme.example: SSO>");
    assert_shown("<https://acme.example/v1.2|release 1.2, e.g. ours>", "<https://acme.example/v1.2|release 1.2, e.g. ours>");
}

static void test_an_address_that_was_cut_is_no_link_and_quotes_do_not_belong_to_it(void **state)
{
    (void)state;
    assert_shown("see https://acme.exam…", "see https://acme.exam…");
    assert_shown("“https://acme.example/a”", "“<https://acme.example/a>”");
}

static char *many(const char *piece, int times)
{
    GString *text = g_string_new(NULL);
    while (times-- > 0)
        g_string_append(text, piece);
    return g_string_free(text, FALSE);
}

static void test_an_address_too_long_for_a_block_is_text_and_never_half_a_link(void **state)
{
    (void)state;
    g_autofree char *tail = many("a", 5000), *ands = many("&amp;", 1500);
    const char *const texts[] = {
        "https://evil.example/%s", "<https://evil.example/%s>", "<https://evil.example/%s|words>", "<https://evil.example/|%s>"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        GString *full = g_string_new(texts[i]);
        g_string_replace(full, "%s", i % 2 == 0 ? tail : ands, 1);
        g_autofree char *rich = slack_text_to_rich(full->str), *mrkdwn = slack_rich_to_mrkdwn(rich);
        g_string_free(full, TRUE);
        for (const char *at = strchr(mrkdwn, '<'); at != NULL; at = strchr(at + 1, '<'))
            assert_true(strcspn(at, ">") <= 2000);
    }
}

static void test_a_piece_of_a_long_text_begins_no_quotation(void **state)
{
    (void)state;
    g_autofree char *text = many("&gt;", 20);
    g_auto(GStrv) pieces = slack_split(text, 12);
    assert_true(g_strv_length(pieces) > 5);
    for (int i = 1; pieces[i] != NULL; i++) {
        assert_false(g_str_has_prefix(pieces[i], "&gt;"));
        assert_true(slack_length(pieces[i]) <= 12);
    }
}

static void test_an_open_direction_of_writing_is_taken_out_and_a_closed_one_stays(void **state)
{
    (void)state;
    static const char *const before_after[][2] = {
        {RLO "a" PDF " b", RLO "a" PDF " b"}, {RLO "a", "a"}, {"a" PDF, "a"},     {RLI "a" PDI, RLI "a" PDI},
        {RLI RLO "a" PDI, RLI "a" PDI},       {RLO "a\nb" PDF, "a\nb"},           {RLI "a" PDF "b" PDI, RLI "ab" PDI},
        {"…" RLO, "…"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(before_after); i++) {
        g_autofree char *text = slack_pair_bidi(g_strdup(before_after[i][0]));
        assert_string_equal(text, before_after[i][1]);
    }
}

static void test_what_a_button_carries_comes_back_and_nothing_else_becomes_markup(void **state)
{
    (void)state;
    static const char *const values[] = {"42", "7:SSO for \x12U0SAM\x1e", "a\nb\tc", "\xe2\x90\x92U0SAM\xe2\x90\x9e", "\xe2\x90\x9b", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *sent = slack_rich_to_value(values[i]), *back = slack_value_to_rich(sent);
        assert_string_equal(back, values[i]);
        for (const char *c = sent; *c != '\0'; c++)
            assert_true((guchar)*c >= ' ' || *c == '\n' || *c == '\t');
    }
    g_autofree char *ping = slack_rich_to_value("\x11U0SAM\x1e"), *back = slack_value_to_rich(ping);
    assert_string_equal(back, "\x12U0SAM\x1e");
    g_autofree char *bold = slack_value_to_rich("\xe2\x90\x8e" "bold");
    assert_string_equal(bold, "\xe2\x90\x8e" "bold");
}

static void test_a_name_has_one_line(void **state)
{
    (void)state;
    g_autoptr(cJSON) answer = cJSON_Parse("{\"ok\":true,\"user\":{\"id\":\"U1\",\"profile\":{\"display_name\":\"Dana\\nis boss\"}}}");
    struct event *event = slack_decode_person(answer);
    assert_string_equal(event->profile.name, "Dana is boss");
    event_free(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_link_named_like_another_place_shows_where_it_leads),
        cmocka_unit_test(test_a_link_named_after_its_place_or_in_words_stays_as_it_is),
        cmocka_unit_test(test_an_address_that_was_cut_is_no_link_and_quotes_do_not_belong_to_it),
        cmocka_unit_test(test_an_address_too_long_for_a_block_is_text_and_never_half_a_link),
        cmocka_unit_test(test_a_piece_of_a_long_text_begins_no_quotation),
        cmocka_unit_test(test_an_open_direction_of_writing_is_taken_out_and_a_closed_one_stays),
        cmocka_unit_test(test_what_a_button_carries_comes_back_and_nothing_else_becomes_markup),
        cmocka_unit_test(test_a_name_has_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
