/* Slack's mrkdwn becomes rich text and rich text mrkdwn, and no words of a person ever become markup. */
#include "story.h"

#include "bot/slack/text.h"

#define ZW "\xe2\x80\x8b"
#define PERSON "\x12"
#define PING "\x11"
#define CHANNEL "\x13"
#define LINK "\x14"
#define SEP "\x1f"
#define END "\x1e"
#define BOLD "\x0e"
#define ITALIC "\x0f"
#define CODE "\x10"
#define QUOTE "\x15"

static void assert_read(const char *mrkdwn, const char *expected)
{
    g_autofree char *rich = slack_text_to_rich(mrkdwn);
    assert_string_equal(rich, expected);
}

static void assert_written(const char *rich, const char *expected)
{
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich);
    assert_string_equal(mrkdwn, expected);
}

static void test_people_and_channels_become_markers(void **state)
{
    (void)state;
    assert_read("ask <@U1|sam> and <@W2>", "ask " PERSON "U1" END " and " PERSON "W2" END);
    assert_read("in <#C1|asks> or <#C2>", "in " CHANNEL "C1" END " or " CHANNEL "C2" END);
}

static void test_entities_are_unescaped_once(void **state)
{
    (void)state;
    assert_read("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d");
    assert_read("&amp;lt;@U1&amp;gt;", "&lt;@U1&gt;");
    assert_read("&lt;@U1&gt; &lt;!channel&gt;", "<@U1> <!channel>");
    assert_read("R&D &unknown; &", "R&D &unknown; &");
}

static void test_links_keep_words_and_address(void **state)
{
    (void)state;
    assert_read("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2");
    assert_read("<http://example.com|example.com>", "example.com");
    assert_read("<https://example.com|the plan>", LINK "https://example.com" SEP "the plan" END);
    assert_read("<mailto:dana@example.com|dana@example.com>", "dana@example.com");
    assert_read("<mailto:dana@example.com>", "dana@example.com");
    assert_read("<javascript:alert(1)|click>", "click (javascript:alert(1))");
}

static void test_broadcasts_groups_and_dates_become_words(void **state)
{
    (void)state;
    assert_read("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone");
    assert_read("<!subteam^S1|@crew> <!subteam^S2>", "@crew @S2");
    assert_read("<!date^1763700000^{time}|9:00>", "9:00");
}

static void test_broken_tokens_stay_as_typed(void **state)
{
    (void)state;
    assert_read("a < b", "a < b");
    assert_read("<>", "<>");
    assert_read("<@>", "@");
    assert_read("<@U1\n>", "<@U1\n>");
    assert_read("<@U1<@U2>", "<@U1" PERSON "U2" END);
    assert_read("<@U 1|x>", "x");
    assert_read("<|>", "");
    assert_read("", "");
}

static void test_no_control_character_of_a_person_becomes_a_marker(void **state)
{
    (void)state;
    assert_read("a" PING "U1" END "b" LINK "http://x" SEP "y" END, "aU1bhttp://xy");
    assert_read("<@U1" SEP "|x>", PERSON "U1" END);
    assert_read("<https://x.example/" END "|" PING "U1>", LINK "https://x.example/" SEP "U1" END);
}

static void test_people_links_and_channels_are_written_as_tokens(void **state)
{
    (void)state;
    assert_written(PING "U1" END " and " PERSON "U2" END " in " CHANNEL "C1" END, "<@U1> and <@U2> in <#C1>");
    assert_written(LINK "https://x.example/?a=1&b=<2>|3" SEP "a <b> & c" END,
                   "<https://x.example/?a=1&amp;b=%3C2%3E%7C3|a &lt;b&gt; &amp; c>");
    assert_written(LINK "javascript:alert(1)" SEP "click" END, "click (javascript:alert(1))");
    assert_written(LINK "https://x.example/" END " " LINK "ftp://x" END, "<https://x.example/> ftp://x");
    assert_written(PING "U1> <!channel" END, "@U1&gt; &lt;!channel");
}

static void test_markup_of_ours_is_markup(void **state)
{
    (void)state;
    assert_written(BOLD "Due" END " " ITALIC "soon" END " " CODE "/ask <x>" END,
                   "*Due* _soon_ `/ask &lt;x&gt;`");
    assert_written(QUOTE "because", "> because");
    assert_written(BOLD "two\nlines" END, "*two*\n*lines*");
    assert_written(BOLD " wide " END "x", " *wide* " ZW "x");
    assert_written("a" BOLD "b" END "c", "a" ZW "*b*" ZW "c");
    assert_written(BOLD END, "");
    assert_written(BOLD "by " PERSON "U1" END END, "*by <@U1>*");
    assert_written(CODE "a`b" END, "`a'b`");
    assert_written(BOLD "never closed", "*never closed*");
}

static void test_what_a_person_typed_does_not_format(void **state)
{
    (void)state;
    assert_written("*loud* _soft_ ~gone~", "*" ZW "loud" ZW "* _" ZW "soft" ZW "_ ~" ZW "gone" ZW "~");
    assert_written("`x`", "`" ZW "x" ZW "`");
    assert_written("> quoted", ZW "&gt; quoted");
    assert_written("a\n  > b", "a\n  " ZW "&gt; b");
    assert_written("snake_case_name 2*3*4 a * b", "snake_case_name 2*3*4 a * b");
    /* Formatting of ours gives way to the words. */
    assert_written(BOLD "5 *stars*" END, "5 *" ZW "stars" ZW "*");
}

static void test_what_a_person_typed_pings_nobody(void **state)
{
    (void)state;
    assert_written("<!channel> <@U1> & <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &amp; &lt;#C1&gt;");
    assert_written("@channel @here @everyone @Here",
                   "@" ZW "channel @" ZW "here @" ZW "everyone @" ZW "Here");
    assert_written("]} \"x\" \\ ' </a>", "]} \"x\" \\ ' &lt;/a&gt;");
}

static void test_addresses_a_person_typed_stay_whole(void **state)
{
    (void)state;
    assert_written("see https://x.example/a_b_c?d=*1*&e=2, ok",
                   "see <https://x.example/a_b_c?d=*1*&amp;e=2>, ok");
    assert_written("(https://x.example/a)", "(<https://x.example/a>)");
    assert_written("https://x.example/a|b>", "<https://x.example/a%7Cb>&gt;");
    assert_written("xhttp://y http:// https://", "xhttp://y http:// https://");
}

static void test_what_is_read_and_written_again_says_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "plain",
        "a &lt; b &amp; c",
        "<@U1> in <#C1>",
        "<https://x.example/a?b=1&amp;c=2>",
        "<https://x.example|the plan>",
        "&lt;!channel&gt; *x* _y_ `z`",
        "&gt; q\n&gt; r",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *rich = slack_text_to_rich(texts[i]);
        g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich);
        GString *visible = g_string_new(mrkdwn);
        g_string_replace(visible, ZW, "", 0);
        assert_string_equal(visible->str, texts[i]);
        g_string_free(visible, TRUE);
    }
}

static void test_lengths_are_counted_as_utf16(void **state)
{
    (void)state;
    assert_int_equal(slack_length("abc"), 3);
    assert_int_equal(slack_length("왜"), 1);
    assert_int_equal(slack_length("😀"), 2);
}

static void test_a_cut_leaves_room_for_its_sign(void **state)
{
    (void)state;
    g_autofree char *whole = slack_cut("12345", 5, false), *cut = slack_cut("123456", 5, false);
    g_autofree char *astral = slack_cut("😀😀😀", 5, false), *line = slack_cut("a\nb", 5, true);
    assert_string_equal(whole, "12345");
    assert_string_equal(cut, "1234…");
    assert_string_equal(astral, "😀😀…");
    assert_string_equal(line, "a b");
}

static void test_long_texts_are_split_at_line_ends_and_never_within_a_token(void **state)
{
    (void)state;
    g_auto(GStrv) lines = slack_split("first line\nsecond line\nthird", 24);
    assert_string_equal(lines[0], "first line\nsecond line");
    assert_string_equal(lines[1], "third");
    assert_null(lines[2]);
    g_auto(GStrv) tokens = slack_split("aaaa<@U123456>bbbb&amp;&amp;", 12);
    assert_string_equal(tokens[0], "aaaa");
    assert_string_equal(tokens[1], "<@U123456>bb");
    assert_string_equal(tokens[2], "bb&amp;&amp;");
    assert_null(tokens[3]);
    g_auto(GStrv) nothing = slack_split("", 10);
    assert_null(nothing[0]);
    /* A token longer than a piece cannot stay one, but must not stop us. */
    g_auto(GStrv) giant = slack_split("<https://example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>", 10);
    assert_true(g_strv_length(giant) > 1);
    g_auto(GStrv) wide = slack_split("<https://x/😀😀😀😀😀😀😀😀😀😀>", 16);
    for (char **piece = wide; *piece != NULL; piece++)
        assert_true(slack_length(*piece) <= 16);
}

static void test_deep_nesting_ends(void **state)
{
    (void)state;
    GString *deep = g_string_new(NULL);
    for (int i = 0; i < 2000; i++)
        g_string_append(deep, i % 2 == 0 ? BOLD : ITALIC);
    g_string_append(deep, "x");
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(deep->str);
    assert_non_null(strchr(mrkdwn, 'x'));
    g_string_free(deep, TRUE);
}

static void test_ids_are_what_slack_would_send(void **state)
{
    (void)state;
    assert_true(slack_is_id("U0SAM") && slack_is_id("1763700000.000100") && slack_is_id("5c1f-72a5"));
    assert_false(slack_is_id("") || slack_is_id("U 1") || slack_is_id("U1>") || slack_is_id("U1\n") ||
                 slack_is_id("Ü1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_and_channels_become_markers),
        cmocka_unit_test(test_entities_are_unescaped_once),
        cmocka_unit_test(test_links_keep_words_and_address),
        cmocka_unit_test(test_broadcasts_groups_and_dates_become_words),
        cmocka_unit_test(test_broken_tokens_stay_as_typed),
        cmocka_unit_test(test_no_control_character_of_a_person_becomes_a_marker),
        cmocka_unit_test(test_people_links_and_channels_are_written_as_tokens),
        cmocka_unit_test(test_markup_of_ours_is_markup),
        cmocka_unit_test(test_what_a_person_typed_does_not_format),
        cmocka_unit_test(test_what_a_person_typed_pings_nobody),
        cmocka_unit_test(test_addresses_a_person_typed_stay_whole),
        cmocka_unit_test(test_what_is_read_and_written_again_says_the_same),
        cmocka_unit_test(test_lengths_are_counted_as_utf16),
        cmocka_unit_test(test_a_cut_leaves_room_for_its_sign),
        cmocka_unit_test(test_long_texts_are_split_at_line_ends_and_never_within_a_token),
        cmocka_unit_test(test_deep_nesting_ends),
        cmocka_unit_test(test_ids_are_what_slack_would_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
