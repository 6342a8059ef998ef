#include "corpus.h"

#include "commands/understand/understand.h"

static char *date_text(const GDate *date)
{
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(date), (int)g_date_get_month(date),
                           g_date_get_day(date));
}

/* 2027-06-01..2027-06-30 deadline "by June"; the words only where the line gives them. */
static char *describe(const struct when *when, const char *expected)
{
    g_autofree char *first = date_text(&when->first), *last = date_text(&when->last);
    GString *out = g_string_new(first);
    if (strcmp(first, last) != 0)
        g_string_append_printf(out, "..%s", last);
    if (when->deadline)
        g_string_append(out, " deadline");
    if (strchr(expected, '"') != NULL)
        g_string_append_printf(out, " \"%.*s\"", (int)when->length, when->start);
    return g_string_free(out, FALSE);
}

static char *found(const char *text, const char *expected)
{
    GDate today = corpus_today();
    struct when when;
    return when_find(text, &today, &when) ? describe(&when, expected) : g_strdup("-");
}

static char *parsed(const char *text, const char *expected)
{
    GDate today = corpus_today();
    struct when when;
    return when_parse(text, &today, &when) ? describe(&when, expected) : g_strdup("-");
}

static char *duration(const char *text, const char *expected)
{
    int days = 0;
    (void)expected;
    return duration_parse(text, &days) ? g_strdup_printf("%d", days) : g_strdup("-");
}

static char *time_of_day(const char *text, const char *expected)
{
    int minutes = 0;
    (void)expected;
    return time_of_day_parse(text, &minutes) ? g_strdup_printf("%02d:%02d", minutes / 60, minutes % 60)
                                             : g_strdup("-");
}

static char *weekday(const char *text, const char *expected)
{
    GDateWeekday day = G_DATE_BAD_WEEKDAY;
    (void)expected;
    return weekday_parse(text, &day) ? g_strdup_printf("%d", (int)day) : g_strdup("-");
}

static void dates_are_found_in_what_people_write(void **state)
{
    (void)state;
    corpus_check("dates.txt", "find", found, 120);
}

static void a_date_can_be_typed_alone(void **state)
{
    (void)state;
    corpus_check("dates.txt", "parse", parsed, 20);
}

static void durations_times_and_weekdays_can_be_typed(void **state)
{
    (void)state;
    corpus_check("dates.txt", "duration", duration, 15);
    corpus_check("dates.txt", "time", time_of_day, 20);
    corpus_check("dates.txt", "weekday", weekday, 12);
}

static GDate day(int year, int month, int number)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)number, (GDateMonth)month, (GDateYear)year);
    return date;
}

static void assert_last(const char *text, GDate today, GDate last)
{
    struct when when;
    assert_true(when_find(text, &today, &when));
    g_autofree char *is = date_text(&when.last), *should = date_text(&last);
    assert_string_equal(is, should);
}

static void dates_move_with_today(void **state)
{
    (void)state;
    assert_last("by June", day(2026, 6, 30), day(2026, 6, 30));
    assert_last("by June", day(2026, 7, 1), day(2027, 6, 30));
    assert_last("by Q4", day(2026, 12, 31), day(2026, 12, 31));
    assert_last("by Q1", day(2026, 12, 31), day(2027, 3, 31));
    assert_last("by Friday", day(2026, 11, 20), day(2026, 11, 27));
    assert_last("by end of week", day(2026, 11, 21), day(2026, 11, 22));
    assert_last("in a month", day(2027, 1, 31), day(2027, 2, 28));
    assert_last("in 3 months", day(2026, 11, 30), day(2027, 2, 28));
    assert_last("by end of February", day(2027, 12, 1), day(2028, 2, 29));
    assert_last("by 29 Feb", day(2027, 6, 1), day(2028, 2, 29));
    assert_last("next month", day(2026, 12, 15), day(2027, 1, 31));
    assert_last("by the 5th", day(2026, 12, 20), day(2027, 1, 5));
    assert_last("before Christmas", day(2026, 12, 26), day(2027, 12, 24));
    assert_last("by Black Friday", day(2026, 11, 28), day(2027, 11, 26));
    assert_last("in 1 working day", day(2026, 11, 20), day(2026, 11, 23));
}

static void the_words_of_a_date_stand_in_the_text(void **state)
{
    (void)state;
    GDate today = corpus_today();
    const char *text = "Fix it by end of June, please";
    struct when when;
    assert_true(when_find(text, &today, &when));
    assert_ptr_equal(when.start, strstr(text, "by end"));
    assert_int_equal(when.length, strlen("by end of June"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_found_in_what_people_write),
        cmocka_unit_test(a_date_can_be_typed_alone),
        cmocka_unit_test(durations_times_and_weekdays_can_be_typed),
        cmocka_unit_test(dates_move_with_today),
        cmocka_unit_test(the_words_of_a_date_stand_in_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
