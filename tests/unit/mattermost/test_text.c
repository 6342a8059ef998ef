/* Markdown becomes rich text and rich text Markdown, and no words of a person ever become markup or notify anybody. */
#include "bot/mattermost/text.h"
#include "heard.h"
#include "reader.h"

#define PING "\x11"
#define CHANNEL_MARK "\x13"
#define LINK "\x14"
#define SEP "\x1f"
#define BOLD "\x0e"
#define ITALIC "\x0f"
#define CODE "\x10"
#define QUOTE "\x15"

static const char *name_of(const char *id, void *data)
{
    (void)data;
    if (strcmp(id, DANA) == 0)
        return "Dana Kim";
    if (strcmp(id, ELI) == 0)
        return "@here **Eli** [x](http://evil.example)";
    return strcmp(id, CHANNEL) == 0 ? "product-asks" : NULL;
}

static const char *handle_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "dana_k" : strcmp(id, ELI) == 0 ? "eli @all" : NULL;
}

static const struct mattermost_options options = {.name = name_of, .handle = handle_of};

static void assert_read(const char *markdown, const char *expected)
{
    struct names *names = names_new();
    names_learn(names, DANA, "dana", "Dana Kim");
    names_learn(names, ELI, "eli.k", "Eli");
    g_autofree char *rich = mattermost_text_to_rich(markdown, names);
    assert_string_equal(rich, expected);
    names_free(names);
}

static void assert_written(const char *rich, const char *expected)
{
    g_autofree char *markdown = mattermost_rich_to_markdown(rich, &options);
    assert_string_equal(markdown, expected);
}

/* ---- Ids ---- */

static void test_ids_are_26_letters_and_digits(void **state)
{
    (void)state;
    assert_true(mattermost_is_id(DANA));
    assert_false(mattermost_is_id(""));
    assert_false(mattermost_is_id("wgjubda6atn3befh4c6ehsm7i"));
    assert_false(mattermost_is_id("wgjubda6atn3befh4c6ehsm7irx"));
    assert_false(mattermost_is_id("../../api/v4/users/aaaaaaa"));
    assert_false(mattermost_is_id("wgjubda6atn3befh4c6ehsm7i\xc3"));
}

/* ---- Reading ---- */

static void test_names_of_people_become_markers(void **state)
{
    (void)state;
    assert_read("ask @dana and @Eli.K", "ask " PERSON DANA END " and " PERSON ELI END);
    assert_read("@dana, @dana. (@dana) _@dana_", PERSON DANA END ", " PERSON DANA END ". (" PERSON DANA END ") _" PERSON DANA END "_");
    assert_read("@eli.k. @dana-", PERSON ELI END ". " PERSON DANA END "-");
    /* Nobody known, an address of mail, the middle of a word, an address of a page. */
    assert_read("@nobody @danax mail dana@dana.example 한@dana https://x.example/@dana",
                "@nobody @danax mail dana@dana.example 한@dana https://x.example/@dana");
    assert_read("@here @all @channel @", "@here @all @channel @");
}

static void test_links_keep_words_and_address(void **state)
{
    (void)state;
    assert_read("see [the plan](https://x.example/a?b=1)!", "see " LINK "https://x.example/a?b=1" SEP "the plan" END "!");
    assert_read("[a [b] c](https://x.example/(1) \"title\")", LINK "https://x.example/(1)" SEP "a [b] c" END);
    assert_read("[https://x.example](https://x.example)", "https://x.example");
    assert_read("![cat](https://x.example/cat.png)", LINK "https://x.example/cat.png" SEP "cat" END);
    /* What is not what it says is shown as both. */
    assert_read("[bank.example](https://evil.example)", "bank.example (https://evil.example)");
    assert_read("[click](javascript:alert(1))", "click (javascript:alert(1))");
    assert_read("[x] (y) [](http://z) [a](", "[x] (y) http://z [a](");
}

static void test_all_else_stays_as_typed(void **state)
{
    (void)state;
    assert_read("**bold** `code` > | # ~x~ :smile: \\*", "**bold** `code` > | # ~x~ :smile: \\*");
    assert_read("a\r\nb", "a\nb");
    assert_read("a" PERSON "b" END LINK, "ab");
    g_autofree char *brackets = g_strnfill(20000, '[');
    struct names *names = names_new();
    g_autofree char *rich = mattermost_text_to_rich(brackets, names);
    assert_int_equal(strlen(rich), 16383);
    names_free(names);
}

static void test_who_is_not_known_is_asked_for_once(void **state)
{
    (void)state;
    struct names *names = names_new();
    names_learn(names, DANA, "dana", NULL);
    g_autoptr(GPtrArray) first = mattermost_unknown_names("@dana @Sam @sam @here a@b.example https://x/@ann", names);
    assert_int_equal(first->len, 1);
    assert_string_equal(first->pdata[0], "sam");
    g_autoptr(GPtrArray) ended = mattermost_unknown_names("is it @rain.?", names);
    assert_int_equal(ended->len, 2); /* "rain." is a user name too */
    names_learn_nobody(names, "sam");
    g_autoptr(GPtrArray) second = mattermost_unknown_names("@sam", names);
    assert_int_equal(second->len, 0);
    names_free(names);
}

/* ---- Writing ---- */

static void test_who_is_pinged_is_notified(void **state)
{
    (void)state;
    assert_written(PING DANA END " please", "@dana_k please");
    assert_written("ask" PING DANA END "s", "ask" ZW "@dana_k" ZW "s");
    assert_written(PING DANA END PING DANA END, "@dana_k" ZW "@dana_k");
    assert_written(BOLD "For " PING DANA END END, "**For @dana_k**");
    /* Nobody knows the name, or it is none: the person is named. */
    assert_written(PING ELI END, "@" ZW "@" ZW "here \\*\\*Eli\\*\\* \\[x\\]([http://evil.example](http://evil.example))");
    assert_written(PING "unknown" END, "@" ZW "unknown");
}

static void test_who_is_named_is_not(void **state)
{
    (void)state;
    assert_written("by " PERSON DANA END, "by @" ZW "Dana Kim");
    assert_written("in " CHANNEL_MARK CHANNEL END, "in ~product-asks");
    assert_written("in " CHANNEL_MARK "x" END, "in ~" ZW "x");
}

static void test_markup_of_ours_is_markup(void **state)
{
    (void)state;
    assert_written(BOLD "Due" END " " ITALIC "soon" END " " CODE "/ask <x>" END, "**Due** _soon_ `/ask <x>`");
    assert_written(CODE "a`b" END CODE "c" END, "`` a`b ``" ZW "`c`");
    assert_written(QUOTE "because\n" QUOTE "so\nand on", "> because\n> so\n\nand on");
    assert_written("so\n" QUOTE "\n" QUOTE, "so");
    assert_written(ITALIC "over" END "…", "*over*…"); /* a _ would not end before all readers */
    assert_written(BOLD "two\nlines" END, "**two**\n**lines**");
    assert_written("a" BOLD "b" END "c", "a**b**c");
    assert_written(BOLD "a*b" END " " ITALIC "snake_case" END, "__a\\*b__ *snake_case*");
    /* Formatting gives way where no reader would take it for that. */
    assert_written(BOLD "a*b_c_" END, "a\\*b_c\\_");
    assert_written(LINK "https://x.example/?a=1&b=(2)|3" SEP "a [b] *c*" END,
                   "[a &#91;b&#93; \\*c\\*](https://x.example/?a=1&amp;b=%282%29%7C3)");
    assert_written("look!" LINK "https://x.example/cat.png" SEP "cat" END, "look!" ZW "[cat](https://x.example/cat.png)");
    assert_written(LINK "javascript:alert(1)" SEP "click" END, "click (javascript:" ZW "alert(1))");
}

static void test_common_words_are_left_alone(void **state)
{
    (void)state;
    static const char words[] = "Costs $400k (12:30, 3.5% < 5 & up) for R&D's snake_case_name; #42 + 7 = ~, mail a.b@x.example!";
    assert_written("Costs $400k (12:30, 3.5% < 5) for R & D's snake_case_name; #42 + 7 = 8, mail a.b@x.example!",
                   "Costs $400k (12:30, 3.5% < 5) for R & D's snake_case_name; #42 + 7 = 8, mail a.b@x.example!");
    g_autofree char *markdown = mattermost_rich_to_markdown(words, &options);
    struct reading reading = read_markdown(markdown);
    assert_null(reading.broken);
    assert_string_equal(reading.text->str, words);
    reading_done(&reading);
    assert_written("see https://x.example/a_b?c=1&d=2#e, or www.x.example.", "see https://x.example/a_b?c=1&d=2#e, or www.x.example.");
    assert_written("https://x.example/@dana", "[https://x.example/@" ZW "dana](https://x.example/@dana)");
}

static void test_nothing_of_a_person_begins_a_line_of_another_kind(void **state)
{
    (void)state;
    assert_written("# a\n- b\n+ c\n1. d\n2) e\n> f", "\\# a\n\\- b\n\\+ c\n1\\. d\n2\\) e\n\\> f");
    assert_written("a\n---\nb\n===", "a\n\\---\nb\n&#61;==");
    assert_written("a\n    code", "a\n" ZW "    code");
    assert_written("a | b\n--- | ---", "a \\| b\n--- \\| ---");
    assert_written("-5 #tag ~town", "-5 #" ZW "tag \\~" ZW "town");
    assert_written("```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`");
}

static void test_nobody_is_notified_by_a_persons_words(void **state)
{
    (void)state;
    static const char *const tries[] = {
        "@here", "@channel", "@all!", "@dana", "(@dana)", "_@dana_", "**@dana**", "a.@dana", "x:@dana", "\\@dana", "@@dana",
        "&#64;dana", "&commat;dana", "[@dana](http://x.example)", "https://x.example/@dana", "http:@dana", "@_dana", "@.dana",
        "`@dana", "<@dana>", "<http://x@dana>", "\n@dana", "~@dana", "www.x.example/@dana", "@", "a@", "한@dana",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autofree char *rich = g_strdup_printf("%s " BOLD "%s" END CODE "%s" END, tries[i], tries[i], tries[i]);
        g_autofree char *markdown = mattermost_rich_to_markdown(rich, &options);
        struct reading reading = read_markdown(markdown);
        g_autofree char *names = notified(&reading);
        if (*names != '\0' || reading.broken != NULL)
            fail_msg("%s\nbecame %s\nwhich notifies %s (%s)", tries[i], markdown, names, reading.broken);
        reading_done(&reading);
    }
}

/* ---- Any words at all ---- */

static const char *const pieces[] = {
    "*", "_", "**", "~~", "`", "```", "[", "](", "](http://e.example/x)", "![", "<", ">", "<b>", "&lt;", "&amp;", "&#64;here",
    "@here", "@dana", "a@dana", "dana@x.example", "#tag", "#", "## ", "1. ", "2) ", "- ", "+ ", "---", "===", "|", "\n", "\n\n",
    "    ", " ", " ", " ", "$", "$x$", "$5", "\\", "\\s", "\\*", "http://a.example/c_d", "https://x.example/(z)_q*",
    "www.q.example/a_b", "note:a_b", "Owner:Sam", "ex.com/a_b", "word", "snake_case", "한글", "é", "\"q\"", "'", "!", ":smile:",
    "~town", "<http://x.example>", "<!-- c", "</div>", "-", "=", "- - -", "[x]: http://q.example", "x://", "…", "12:30", "a/b", "@", ".", "\xc2\xa0",
};

static char *without_spaces(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            g_string_append_unichar(out, g_utf8_get_char(text));
    }
    return g_string_free(out, FALSE);
}

static void test_any_words_read_as_they_were_typed(void **state)
{
    (void)state;
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261122);
    for (int round = 0; round < 4000; round++) {
        GString *typed = g_string_new(NULL);
        for (int n = g_rand_int_range(dice, 1, 9); n > 0; n--)
            g_string_append(typed, pieces[g_rand_int_range(dice, 0, G_N_ELEMENTS(pieces))]);
        g_autofree char *markdown = mattermost_rich_to_markdown(typed->str, &options);
        struct reading reading = read_markdown(markdown);
        g_autofree char *seen = without_spaces(reading.text->str), *meant = without_spaces(typed->str);
        g_autofree char *names = notified(&reading);
        if (reading.broken != NULL || strcmp(seen, meant) != 0 || *names != '\0')
            fail_msg("%s\nbecame %s\nread as %s\n(%s) notifies %s", typed->str, markdown, seen, reading.broken, names);
        reading_done(&reading);
        g_string_free(typed, TRUE);
    }
}

static void test_of_any_text_exactly_those_pinged_are_notified(void **state)
{
    (void)state;
    static const char *const marked[] = {PING DANA END, PERSON DANA END, PERSON ELI END, BOLD, ITALIC, END, CODE "x" END,
                                         LINK "https://x.example/a" SEP "@here" END, "\n\x15"};
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    for (int round = 0; round < 4000; round++) {
        GString *text = g_string_new(NULL);
        int pings = 0;
        for (int n = g_rand_int_range(dice, 1, 9); n > 0; n--) {
            int pick = g_rand_int_range(dice, 0, 2 * G_N_ELEMENTS(marked));
            pings += pick == 0;
            g_string_append(text, pick < (int)G_N_ELEMENTS(marked) ? marked[pick]
                                                                   : pieces[g_rand_int_range(dice, 0, G_N_ELEMENTS(pieces))]);
        }
        g_autofree char *markdown = mattermost_rich_to_markdown(text->str, &options);
        struct reading reading = read_markdown(markdown);
        g_autofree char *names = notified(&reading);
        g_auto(GStrv) each = g_strsplit(names, " ", -1);
        int right = 0;
        for (char **name = each; *name != NULL && **name != '\0'; name++)
            right += g_str_has_prefix(*name, "@dana_k") && strspn(*name + 7, "_.-:") == strlen(*name + 7) ? 1 : 1000;
        if (right != pings)
            fail_msg("%s\nbecame %s\nwhich notifies %s in place of %d", text->str, markdown, names, pings);
        reading_done(&reading);
        g_string_free(text, TRUE);
    }
}

/* ---- Cuts ---- */

static void test_cuts_count_what_is_written(void **state)
{
    (void)state;
    g_autofree char *stars = g_strnfill(100, '*');
    g_autofree char *cut = mattermost_markdown_within(stars, 50, &options);
    assert_true(g_utf8_strlen(cut, -1) <= 50);
    assert_true(g_str_has_suffix(cut, "…"));
    assert_true(g_utf8_strlen(cut, -1) >= 40);
    g_autofree char *whole = mattermost_markdown_within("short", 5, &options);
    assert_string_equal(whole, "short");
    g_autofree char *least = mattermost_markdown_within(stars, 1, &options);
    assert_string_equal(least, "…");
    g_autofree char *words = mattermost_markdown_within("one two three four five six seven", 20, &options);
    assert_string_equal(words, "one two three four…");
    g_autofree char *line = mattermost_line_within("by " PERSON DANA END "\nnow", 100, &options);
    assert_string_equal(line, "by @Dana Kim now");
}

static void test_overrides_of_direction_end_with_their_line(void **state)
{
    (void)state;
#define OVERRIDE "\xe2\x80\xae"
#define POP "\xe2\x80\xac"
#define ISOLATE "\xe2\x81\xa6"
#define POP_ISOLATE "\xe2\x81\xa9"
    assert_written("a" OVERRIDE "b" POP "c", "a" OVERRIDE "b" POP "c");
    assert_written("a" OVERRIDE "b\n" POP "c", "ab\nc");
    assert_written(ISOLATE "a" OVERRIDE POP_ISOLATE POP "b", ISOLATE "a" POP_ISOLATE "b");
    assert_written(OVERRIDE ISOLATE POP POP_ISOLATE "a", ISOLATE POP_ISOLATE "a");
    /* What is taken out brings nothing together that was kept apart. */
    assert_written("@" POP "here @" POP_ISOLATE "all @\x0c" "dana @\xc2\x85" "dana", "@" ZW "here @" ZW "all @" ZW "dana @" ZW "dana");
    assert_written(PING DANA END "\x0c" "x", "@dana_k" ZW "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids_are_26_letters_and_digits),
        cmocka_unit_test(test_names_of_people_become_markers),
        cmocka_unit_test(test_links_keep_words_and_address),
        cmocka_unit_test(test_all_else_stays_as_typed),
        cmocka_unit_test(test_who_is_not_known_is_asked_for_once),
        cmocka_unit_test(test_who_is_pinged_is_notified),
        cmocka_unit_test(test_who_is_named_is_not),
        cmocka_unit_test(test_markup_of_ours_is_markup),
        cmocka_unit_test(test_common_words_are_left_alone),
        cmocka_unit_test(test_nothing_of_a_person_begins_a_line_of_another_kind),
        cmocka_unit_test(test_nobody_is_notified_by_a_persons_words),
        cmocka_unit_test(test_any_words_read_as_they_were_typed),
        cmocka_unit_test(test_of_any_text_exactly_those_pinged_are_notified),
        cmocka_unit_test(test_cuts_count_what_is_written),
        cmocka_unit_test(test_overrides_of_direction_end_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
