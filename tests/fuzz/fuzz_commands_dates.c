/* Any text as a date, a time, a duration, a day of the week. The first byte says from which day it is seen. */
#include "tests/fuzz/hold.h"

#include "commands/understand/understand.h"

/* From a leap day, the last day of a year, the first of one, a Sunday … on. */
static GDate day_of(uint8_t byte)
{
    static const struct {
        GDateDay day;
        GDateMonth month;
        GDateYear year;
    } days[] = {{18, 11, 2026}, {29, 2, 2028}, {31, 12, 2027}, {1, 1, 2026}, {28, 2, 2100}, {8, 3, 2026}, {30, 4, 2027}};
    GDate day;
    gsize i = byte % G_N_ELEMENTS(days);
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, days[i].day, days[i].month, days[i].year);
    return day;
}

static void check(const struct when *when, const char *text, bool whole)
{
    need(g_date_valid(&when->first) && g_date_valid(&when->last));
    need(g_date_compare(&when->first, &when->last) <= 0);
    need(g_date_get_year(&when->first) >= 1 && g_date_get_year(&when->last) <= 9999);
    need(whole || (when->length > 0 && inside(when->start, when->length, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    GDate today = day_of(data[0]);
    g_autofree char *text = text_of(data + 1, size - 1);
    struct when when;
    if (when_find(text, &today, &when)) {
        check(&when, text, false);
        /* The words of a date alone are that date, or need the words around them. */
        struct when alone;
        g_autofree char *words = g_strndup(when.start, when.length);
        if (when_parse(words, &today, &alone))
            check(&alone, words, true);
    }
    if (when_parse(text, &today, &when))
        check(&when, text, true);
    int number = 0;
    if (duration_parse(text, &number))
        need(number == -1 || (number >= 1 && number <= 3650));
    if (time_of_day_parse(text, &number))
        need(number >= 0 && number < 24 * 60);
    GDateWeekday day = G_DATE_BAD_WEEKDAY;
    if (weekday_parse(text, &day))
        need(g_date_valid_weekday(day));
    return 0;
}
