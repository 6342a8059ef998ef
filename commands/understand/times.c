#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

#define LONGEST_DAYS 3650

static int days_of_span(int span)
{
    static const int days[] = {[SPAN_DAY] = 1,      [SPAN_WEEK] = 7,   [SPAN_MONTH] = 30,
                               [SPAN_QUARTER] = 91, [SPAN_YEAR] = 365, [SPAN_WORKING_DAY] = 1};
    return days[span];
}

bool duration_parse(const char *text, int *days)
{
    static const char *const patterns[] = {"for|in? <n> <span>", "<n> <span>", "<article>? <span>"};
    struct tokens tokens;
    tokens_cut(&tokens, text, -1);
    bool understood = false;
    struct captured said;
    for (gsize p = 0; !understood && p < G_N_ELEMENTS(patterns) && tokens.count > 0; p++) {
        if (pattern_at(&tokens, 0, tokens.count, patterns[p], &said) != tokens.count)
            continue;
        double n = (said.has_n ? said.n : 1) * days_of_span(said.span);
        understood = n >= 1 && n <= LONGEST_DAYS && n == (int)n;
        if (understood)
            *days = (int)n;
    }
    if (!understood && tokens.count > 0 && phrase_at(&tokens, 0, MEANS_NEVER, NULL) == tokens.count) {
        *days = -1;
        understood = true;
    }
    tokens_done(&tokens);
    return understood;
}

static gsize two_digits(const char *text, int *value)
{
    gsize n = 0;
    *value = 0;
    while (n < 3 && g_ascii_isdigit(text[n]))
        *value = *value * 10 + (text[n++] - '0');
    return n <= 2 ? n : 0;
}

bool time_of_day_parse(const char *text, int *minutes)
{
    g_autofree char *plain = words_normalise(text);
    g_autofree char *lower = g_ascii_strdown(plain, -1);
    const char *at = lower;
    int hour = 0, minute = 0;
    if (g_str_has_prefix(at, "at "))
        at += 3;
    if (g_str_equal(at, "noon") || g_str_equal(at, "midnight")) {
        *minutes = *at == 'n' ? 12 * 60 : 0;
        return true;
    }
    gsize n = two_digits(at, &hour);
    if (n == 0)
        return false;
    at += n;
    bool colon =
        *at == ':' || (*at == '.' && g_ascii_isdigit(at[1])) || (*at == 'h' && g_ascii_isdigit(at[1]));
    if (colon) {
        if (two_digits(at + 1, &minute) != 2)
            return false;
        at += 3;
    }
    if (*at == ' ')
        at++;
    bool am = g_str_equal(at, "am") || g_str_equal(at, "a.m."),
         pm = g_str_equal(at, "pm") || g_str_equal(at, "p.m.");
    bool hours = g_str_equal(at, "h") || g_str_equal(at, "o'clock");
    if (!am && !pm && !hours && *at != '\0')
        return false;
    if (minute > 59 || hour > 23 || ((am || pm) && (hour < 1 || hour > 12)))
        return false;
    if (am || pm)
        hour = hour % 12 + (pm ? 12 : 0);
    *minutes = hour * 60 + minute;
    return true;
}

bool weekday_parse(const char *text, GDateWeekday *day)
{
    static const char *const pattern = "on|every|each? <weekday> .?";
    struct tokens tokens;
    struct captured said;
    tokens_cut(&tokens, text, -1);
    bool understood =
        tokens.count > 0 && pattern_at(&tokens, 0, tokens.count, pattern, &said) == tokens.count;
    if (understood)
        *day = (GDateWeekday)said.weekday;
    tokens_done(&tokens);
    return understood;
}
