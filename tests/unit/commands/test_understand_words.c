#include "corpus.h"

#include "commands/understand/understand.h"

static char *normalised(const char *text, const char *expected)
{
    (void)expected;
    g_autofree char *words = words_normalise(text);
    return corpus_plain(words);
}

static char *nearest(const char *text, const char *expected)
{
    (void)expected;
    const char *colon = strchr(text, ':');
    g_autofree char *word = g_strndup(text, (gsize)(colon - text));
    g_autofree char *names = g_strstrip(g_strdup(colon + 1));
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    const char *name = words_nearest(word, (const char *const *)list);
    return g_strdup(name != NULL ? name : "-");
}

static char *number(const char *text, const char *expected)
{
    (void)expected;
    const char *at = text;
    int64_t ask = words_ask_number(&at);
    if (ask == 0) {
        assert_ptr_equal(at, text);
        return g_strdup("0");
    }
    return *at == '\0' ? g_strdup_printf("%" G_GINT64_FORMAT, ask)
                       : g_strdup_printf("%" G_GINT64_FORMAT " | %s", ask, at);
}

static char *reason(const char *text, const char *expected)
{
    (void)expected;
    return corpus_plain(words_reason(text));
}

static char *raised(const char *text, const char *expected)
{
    (void)expected;
    GDate today = corpus_today();
    struct raise raise;
    raise_understand(text, &today, &raise);
    GString *out = g_string_new(NULL);
    g_autofree char *title = corpus_plain(raise.title);
    g_string_append(out, title);
    if (raise.asker != NULL)
        g_string_append_printf(out, " | for %s", raise.asker);
    struct when deadline;
    if (raise_deadline(raise.title, &today, &deadline)) {
        /* It points into the title. */
        assert_true(deadline.start >= raise.title);
        assert_true(deadline.start + deadline.length <= raise.title + strlen(raise.title));
        const GDate *last = &deadline.last;
        g_string_append_printf(out, " | by %04d-%02d-%02d", g_date_get_year(last),
                               (int)g_date_get_month(last), g_date_get_day(last));
    }
    raise_done(&raise);
    return g_string_free(out, FALSE);
}

static void typing_is_tolerated(void **state)
{
    (void)state;
    corpus_check("words.txt", "normalise", normalised, 12);
}

static void the_nearest_verb_is_suggested(void **state)
{
    (void)state;
    corpus_check("words.txt", "nearest", nearest, 35);
}

static void ask_numbers_are_read(void **state)
{
    (void)state;
    corpus_check("words.txt", "number", number, 20);
}

static void reasons_begin_behind_because(void **state)
{
    (void)state;
    corpus_check("words.txt", "reason", reason, 20);
}

static void what_is_raised_and_for_whom(void **state)
{
    (void)state;
    corpus_check("raises.txt", "", raised, 60);
}

static void a_very_long_word_is_near_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"decide", "show", NULL};
    g_autofree char *word = g_strnfill(40000, 'e');
    assert_null(words_nearest(word, names));
    assert_null(words_nearest("", names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_is_tolerated),         cmocka_unit_test(the_nearest_verb_is_suggested),
        cmocka_unit_test(ask_numbers_are_read),        cmocka_unit_test(reasons_begin_behind_because),
        cmocka_unit_test(what_is_raised_and_for_whom), cmocka_unit_test(a_very_long_word_is_near_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
