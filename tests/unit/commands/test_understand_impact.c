#include "corpus.h"

#include "commands/understand/understand.h"

static const char *const directions[] = {[IMPACT_UP] = " up", [IMPACT_DOWN] = " down", [IMPACT_TO] = " to"};
static const char *const sureness[] = {[SURE_LOW] = "low", [SURE_MEDIUM] = "medium", [SURE_HIGH] = "high"};

static void append_number(GString *out, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.10g", number));
}

static char *understood(const char *text, const char *expected)
{
    (void)expected;
    GDate today = corpus_today();
    struct impact impact;
    impact_parse(text, &today, &impact);
    GString *out = g_string_new(NULL);
    if (!impact.understood) {
        impact_done(&impact);
        return g_string_free(g_string_append(out, "-"), FALSE);
    }
    assert_true(impact.has_size);
    assert_true(impact.low <= impact.high);
    g_string_append_printf(out, "%s |", impact.metric != NULL ? impact.metric : "?");
    g_string_append(out, impact.direction != IMPACT_UNSAID ? directions[impact.direction] : "");
    g_string_append(out, impact.about ? " about " : " ");
    append_number(out, impact.low);
    if (impact.high > impact.low) {
        g_string_append(out, "..");
        append_number(out, impact.high);
    }
    if (impact.unit != NULL)
        g_string_append_printf(out, " %s", impact.unit);
    if (impact.per != NULL)
        g_string_append_printf(out, " | per %s", impact.per);
    if (g_date_valid(&impact.by))
        g_string_append_printf(out, " | %s %04d-%02d-%02d", impact.from ? "from" : "by",
                               g_date_get_year(&impact.by), (int)g_date_get_month(&impact.by),
                               g_date_get_day(&impact.by));
    if (impact.confidence != SURE_UNSAID)
        g_string_append_printf(out, " | %s", sureness[impact.confidence]);
    impact_done(&impact);
    return g_string_free(out, FALSE);
}

static void impacts_are_understood_as_people_write_them(void **state)
{
    (void)state;
    corpus_check("impacts.txt", "", understood, 150);
}

/* The words of nobody are lost for lack of a number: date and confidence are kept. */
static void a_date_and_a_doubt_are_understood_without_a_number(void **state)
{
    (void)state;
    GDate today = corpus_today();
    struct impact impact;
    impact_parse("happier customers by Q3, I guess", &today, &impact);
    assert_false(impact.understood);
    assert_false(impact.has_size);
    assert_null(impact.metric);
    assert_true(g_date_valid(&impact.by));
    assert_int_equal(g_date_get_month(&impact.by), G_DATE_SEPTEMBER);
    assert_int_equal(impact.confidence, SURE_LOW);
    impact_done(&impact);
}

static void done_twice_is_harmless(void **state)
{
    (void)state;
    GDate today = corpus_today();
    struct impact impact;
    impact_parse("-2% churn per month", &today, &impact);
    impact_done(&impact);
    assert_null(impact.metric);
    impact_done(&impact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impacts_are_understood_as_people_write_them),
        cmocka_unit_test(a_date_and_a_doubt_are_understood_without_a_number),
        cmocka_unit_test(done_twice_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
