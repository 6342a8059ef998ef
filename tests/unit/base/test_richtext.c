/* Rich text: people's words carry no markup of their own, and markup stays balanced. */
#include "bot/chat/richtext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define B "\x0e"
#define I "\x0f"
#define CODE "\x10"
#define PING "\x11"
#define PERSON "\x12"
#define CHANNEL "\x13"
#define LINK "\x14"
#define QUOTE "\x15"
#define SEP "\x1f"
#define END "\x1e"

#define RLO "\u202e"
#define LRE "\u202a"
#define PDF "\u202c"
#define LRI "\u2066"
#define PDI "\u2069"

static void assert_text(char *actual, const char *expected)
{
    if (strcmp(actual, expected) != 0) {
        g_autofree char *shown = g_strescape(actual, NULL);
        g_autofree char *wanted = g_strescape(expected, NULL);
        fail_msg("expected \"%s\", got \"%s\"", wanted, shown);
    }
    g_free(actual);
}

/* ---- At the edge ---- */

static void test_people_cannot_type_markers(void **state)
{
    (void)state;
    assert_text(rich_clean(PING "U1" END " " B "big" END QUOTE LINK "http://x" SEP "y" END), "U1 bighttp://xy");
    GString *all = g_string_new("a");
    for (int c = 1; c < 32; c++)
        g_string_append_c(all, (char)c);
    g_string_append(all, "\x7f\xc2\x80\xc2\x9fz");
    assert_text(rich_clean(all->str), "a\t\nz");
    g_string_free(all, TRUE);
}

static void test_words_and_lines_stay(void **state)
{
    (void)state;
    assert_text(rich_clean("  \r\nfirst\r\n\tsecond küsimus 질문 👩‍👩‍👧 <@U1> *b*\n\n "),
                "first\n\tsecond küsimus 질문 👩‍👩‍👧 <@U1> *b*");
    assert_text(rich_clean(""), "");
    assert_text(rich_clean(" \r\n\x0e "), "");
}

static void test_turned_text_does_not_turn_ours(void **state)
{
    (void)state;
    assert_text(rich_clean("a" RLO "b"), "a" RLO "b" PDF);
    assert_text(rich_clean("a" RLO "b\nc"), "a" RLO "b" PDF "\nc");
    assert_text(rich_clean("a" LRI "b" RLO "c"), "a" LRI "b" RLO "c" PDF PDI);
    assert_text(rich_clean("a" RLO "b" PDF "c"), "a" RLO "b" PDF "c");
    /* What closes nothing is dropped, and the wrong sign closes nothing. */
    assert_text(rich_clean("a" PDF PDI "b"), "ab");
    assert_text(rich_clean("a" RLO "b" PDI "c"), "a" RLO "bc" PDF);
    assert_text(rich_clean(LRI "b" PDF "c"), LRI "bc" PDI);
    /* An isolate ends with what was opened in it. */
    assert_text(rich_clean(LRI "a" RLO "b" LRE "c" PDI "d"), LRI "a" RLO "b" LRE "c" PDF PDF PDI "d");
}

/* What nobody would see only makes a text slow to read. */
static void test_turned_deeper_than_is_ever_shown_a_text_turns_no_further(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 1000; i++)
        g_string_append(text, RLO);
    g_string_append_c(text, 'x');
    g_autofree char *clean = rich_clean(text->str);
    g_autofree char *turned = g_strndup(clean, (gsize)(strchr(clean, 'x') - clean));
    assert_int_equal(g_utf8_strlen(turned, -1), 125);
    assert_int_equal(g_utf8_strlen(strchr(clean, 'x'), -1), 1 + 125);
    g_string_free(text, TRUE);
}

static void test_an_id_cannot_break_out_of_its_marker(void **state)
{
    (void)state;
    GString *out = g_string_new("for ");
    rich_append_person(out, RICH_PERSON, "U1" END PING "U2");
    assert_text(g_string_free(out, FALSE), "for " PERSON "U1U2" END);
}

/* ---- Spans ---- */

/* A rich text taken apart: marker name, then [text|label]. */
static char *spans_of(const char *rich)
{
    static const char *const names[32] = {
        [RICH_BOLD] = "bold",       [RICH_ITALIC] = "italic",   [RICH_CODE] = "code", [RICH_PING] = "ping",
        [RICH_PERSON] = "person",   [RICH_CHANNEL] = "channel", [RICH_LINK] = "link", [RICH_QUOTE] = "quote",
        [RICH_END] = "end",
    };
    GString *out = g_string_new(NULL);
    struct rich_span span;
    while (rich_next(&rich, &span)) {
        g_string_append(out, span.marker != 0 ? names[(int)span.marker] : "");
        if (span.text != NULL)
            g_string_append_printf(out, "[%.*s%s%.*s]", (int)span.length, span.text, span.label != NULL ? "|" : "",
                                   (int)span.label_length, span.label != NULL ? span.label : "");
        g_string_append_c(out, ' ');
    }
    return g_strchomp(g_string_free(out, FALSE));
}

static void test_spans_come_one_after_another(void **state)
{
    (void)state;
    assert_text(spans_of(QUOTE "why " B "not " I "now" END END " " CODE "x" END),
                "quote [why ] bold [not ] italic [now] end end [ ] code [x] end");
    assert_text(spans_of(PING "U1" END PERSON "U2" END CHANNEL "C1" END), "ping[U1] person[U2] channel[C1]");
    assert_text(spans_of(LINK "http://a" SEP "the page" END LINK "http://b" END),
                "link[http://a|the page] link[http://b]");
    assert_text(spans_of(""), "");
}

static void test_markers_that_never_close_are_plain(void **state)
{
    (void)state;
    assert_text(spans_of("a " PING "U1"), "[a ] [U1]");
    assert_text(spans_of(PING B "x" END), "[] bold [x] end");
    assert_text(spans_of(LINK "http://a" SEP "b"), "[http://a|b]");
    assert_text(spans_of(SEP SEP "a" SEP), "[a]");
    assert_text(spans_of(SEP), "");
}

/* ---- Plain ---- */

static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, "U1") == 0 ? "Mari" : NULL;
}

static void test_plain_text_names_people(void **state)
{
    (void)state;
    assert_text(rich_plain(QUOTE B "Ask" END " " PING "U1" END " or " PERSON "U2" END " in " CHANNEL "C1" END " see "
                           LINK "http://a" SEP "here" END " " LINK "http://b" END,
                           name_of, NULL),
                "> Ask @Mari or @U2 in #C1 see here http://b");
    assert_text(rich_plain(PING "U1" END, NULL, NULL), "@U1");
}

static void test_quoted_words_ping_nobody(void **state)
{
    (void)state;
    assert_text(rich_unping("a " PING "U1" END B "b" END PING "U2" END),
                "a " PERSON "U1" END B "b" END PERSON "U2" END);
}

/* ---- Shortened ---- */

static void test_what_fits_stays_whole(void **state)
{
    (void)state;
    assert_text(rich_shorten("exactly ten", 11, false), "exactly ten");
    assert_text(rich_shorten("küsimus", 7, false), "küsimus");
    assert_text(rich_shorten(B "bold" END " " PING "U1" END, 17, false), B "bold" END " " PING "U1" END);
    assert_text(rich_shorten("", 5, true), "");
    assert_text(rich_shorten("", 0, true), "");
}

static void test_what_is_too_long_ends_at_a_word(void **state)
{
    (void)state;
    assert_text(rich_shorten("why do we need this", 12, false), "why do we…");
    assert_text(rich_shorten("why do we need this", 10, false), "why do we…");
    assert_text(rich_shorten("abcdefghijkl", 6, false), "abcde…");
    assert_text(rich_shorten("질문이너무길어요", 4, false), "질문이…");
    assert_text(rich_shorten("word", 0, false), "…");
    assert_text(rich_shorten("word", -5, false), "…");
}

static void test_markers_stay_balanced_where_it_is_cut(void **state)
{
    (void)state;
    assert_text(rich_shorten(B "all " I "of this" END END " more", 8, false), B "all " I "of…" END END);
    assert_text(rich_shorten(B "open", 10, false), B "open" END);
    assert_text(rich_shorten("stray" END END, 10, false), "stray");
    /* A person or a link is shown whole or not at all. */
    assert_text(rich_shorten("ask " PING "U1" END " now", 8, false), "ask …");
    assert_text(rich_shorten("see " LINK "http://a" SEP "a long label" END, 10, false), "see …");
}

static void test_between_two_runs_the_length_holds_too(void **state)
{
    (void)state;
    assert_text(rich_shorten(B "12345" END "678", 5, false), B "1234…" END);
    assert_text(rich_shorten("12345" B "678" END, 6, false), "12345" B "…" END);
}

static void test_one_line_has_no_line_ends(void **state)
{
    (void)state;
    assert_text(rich_shorten("a\nb\tc\n" QUOTE "d", 20, true), "a b c d");
    assert_text(rich_shorten("a\n" QUOTE "d", 20, false), "a\n" QUOTE "d");
    assert_text(rich_shorten(LINK "http://a" SEP "b\nc" END, 20, true), LINK "http://a" SEP "b c" END);
}

/* Whatever the length, the result is no longer, is valid, and closes what it opens. */
static void test_every_length_is_kept(void **state)
{
    (void)state;
    const char *texts[] = {B "Dark mode " I "for" END " 질문" END " and " PERSON "U1" END " " LINK "u" SEP "label" END
                               "\n" QUOTE "küsimus",
                           PING PING "U1" END SEP B B I "x y z" CODE "code" END "tail of it", END END "a" B "b"};
    for (guint t = 0; t < G_N_ELEMENTS(texts); t++) {
        for (glong max = 1; max < 60; max++) {
            g_autofree char *cut = rich_shorten(texts[t], max, max % 2 == 0);
            assert_true(g_utf8_validate(cut, -1, NULL));
            glong length = 0, open = 0;
            struct rich_span span;
            for (const char *at = cut; rich_next(&at, &span);) {
                if (span.marker == 0)
                    length += g_utf8_strlen(span.text, (gssize)span.length);
                else if (span.marker == RICH_LINK)
                    length += (glong)span.label_length;
                else if (span.marker == RICH_PERSON || span.marker == RICH_PING)
                    length += 12;
                else if (span.marker != RICH_QUOTE)
                    open += span.marker == RICH_END ? -1 : 1;
                assert_true(open >= 0);
            }
            assert_int_equal(open, 0);
            assert_true(length <= max);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_cannot_type_markers),
        cmocka_unit_test(test_words_and_lines_stay),
        cmocka_unit_test(test_turned_text_does_not_turn_ours),
        cmocka_unit_test(test_turned_deeper_than_is_ever_shown_a_text_turns_no_further),
        cmocka_unit_test(test_an_id_cannot_break_out_of_its_marker),
        cmocka_unit_test(test_spans_come_one_after_another),
        cmocka_unit_test(test_markers_that_never_close_are_plain),
        cmocka_unit_test(test_plain_text_names_people),
        cmocka_unit_test(test_quoted_words_ping_nobody),
        cmocka_unit_test(test_what_fits_stays_whole),
        cmocka_unit_test(test_what_is_too_long_ends_at_a_word),
        cmocka_unit_test(test_markers_stay_balanced_where_it_is_cut),
        cmocka_unit_test(test_between_two_runs_the_length_holds_too),
        cmocka_unit_test(test_one_line_has_no_line_ends),
        cmocka_unit_test(test_every_length_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
