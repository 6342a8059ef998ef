#include "commands/understand/dates.h"

#include <string.h>

/* ---- arithmetic ---- */

static void set_day(struct when *when, const GDate *day)
{
    when->first = when->last = *day;
}

static GDate date_of(int year, int month, int day)
{
    GDate date;
    g_date_clear(&date, 1);
    int last = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
    g_date_set_dmy(&date, (GDateDay)MIN(day, last), (GDateMonth)month, (GDateYear)year);
    return date;
}

static GDate date_after(const GDate *from, int days)
{
    GDate date = *from;
    if (days >= 0)
        g_date_add_days(&date, (guint)days);
    else
        g_date_subtract_days(&date, (guint)-days);
    return date;
}

/* first month to last month of a year, months counted from 1 and allowed to run on into the next year. */
static void set_months(struct when *when, int year, int month, int months)
{
    int last = month + months - 1;
    when->first = date_of(year + (month - 1) / 12, (month - 1) % 12 + 1, 1);
    when->last = date_of(year + (last - 1) / 12, (last - 1) % 12 + 1, 31);
}

static bool is_past(const struct when *when, const GDate *today)
{
    return g_date_compare(&when->last, today) < 0;
}

/* The span that lies ahead spans from today's. */
static void set_span(struct when *when, const GDate *today, enum span span, int ahead)
{
    int year = g_date_get_year(today), month = g_date_get_month(today);
    if (span == SPAN_DAY || span == SPAN_WORKING_DAY) {
        GDate day = date_after(today, ahead);
        set_day(when, &day);
    } else if (span == SPAN_WEEK) {
        when->first = date_after(today, 1 - (int)g_date_get_weekday(today) + 7 * ahead);
        when->last = date_after(&when->first, 6);
    } else if (span == SPAN_MONTH) {
        set_months(when, year, month + ahead, 1);
    } else if (span == SPAN_QUARTER) {
        set_months(when, year, (month - 1) / 3 * 3 + 1 + 3 * ahead, 3);
    } else {
        set_months(when, year + ahead, 1, 12);
    }
}

static GDate days_ahead(const GDate *today, enum span span, int n)
{
    int year = g_date_get_year(today), month = g_date_get_month(today), day = g_date_get_day(today);
    if (span == SPAN_DAY)
        return date_after(today, n);
    if (span == SPAN_WEEK)
        return date_after(today, 7 * n);
    if (span == SPAN_WORKING_DAY) {
        GDate date = date_after(today, n / 5 * 7);
        for (int left = n % 5; left > 0;) {
            date = date_after(&date, 1);
            left -= g_date_get_weekday(&date) < G_DATE_SATURDAY;
        }
        return date;
    }
    int months = span == SPAN_MONTH ? n : span == SPAN_QUARTER ? 3 * n : 12 * n;
    int to = month - 1 + months;
    return date_of(year + to / 12, to % 12 + 1, day);
}

/* "mid-March", "end of June": a part of what stands in when. A week's work ends on Friday. */
static void take_part(struct when *when, enum part part, bool week, const GDate *today)
{
    int days = g_date_days_between(&when->first, &when->last) + 1;
    GDate first = when->first;
    if (part == PART_START) {
        when->last = when->first;
    } else if (part == PART_EARLY) {
        when->last = date_after(&first, MAX(days / 3, 1) - 1);
    } else if (part == PART_MIDDLE) {
        when->first = date_after(&first, days / 3);
        when->last = date_after(&first, days - days / 3 - 1);
    } else if (part == PART_LATE) {
        when->first = date_after(&first, days - MAX(days / 3, 1));
    } else if (part == PART_END) {
        GDate friday = date_after(&first, 4);
        if (week && g_date_compare(&friday, today) >= 0)
            when->last = friday;
        when->first = when->last;
    }
}

static GDate black_friday(int year)
{
    GDate date = date_of(year, 11, 1);
    int to_thursday = (G_DATE_THURSDAY - (int)g_date_get_weekday(&date) + 7) % 7;
    return date_after(&date, to_thursday + 22);
}

/* ---- what a pattern says ---- */

/* A day of a month: this year's, or the next year's that has it when it has passed. */
static bool set_day_of_month(struct when *when, const GDate *today, int year, int month, int day)
{
    int first = year > 0 ? year : g_date_get_year(today);
    int last = year > 0 ? year : first + 4; /* 29 February */
    for (int y = first; y <= last; y++) {
        if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)y))
            continue;
        GDate date = date_of(y, month, day);
        if (year == 0 && g_date_compare(&date, today) < 0)
            continue;
        set_day(when, &date);
        return true;
    }
    return false;
}

/* Months of a year: ahead of today unless the year was said. */
static void set_months_ahead(struct when *when, const GDate *today, int year, int month, int months,
                             enum part part)
{
    int y = year > 0 ? year : g_date_get_year(today);
    set_months(when, y, month, months);
    take_part(when, part, false, today);
    if (year == 0 && is_past(when, today)) {
        set_months(when, y + 1, month, months);
        take_part(when, part, false, today);
    }
}

static bool set_weekday(struct when *when, const GDate *today, int weekday, int weeks)
{
    int days = weekday - (int)g_date_get_weekday(today);
    if (weeks > 0)
        days += 7 * weeks;
    else if (days <= 0)
        days += 7;
    GDate date = date_after(today, days);
    set_day(when, &date);
    return true;
}

static bool set_digits(struct when *when, const GDate *today, const struct token *date)
{
    if (date->day == 0) {
        set_months(when, date->year, date->month, 1);
        return true;
    }
    return set_day_of_month(when, today, date->year, date->month, date->day);
}

static bool apply_rule(const struct date_pattern *pattern, const struct captured *said, const GDate *today,
                       struct when *when)
{
    enum span span = (enum span)(pattern->span > 0 ? pattern->span - 1 : said->span);
    GDate day;
    switch (pattern->rule) {
    case RULE_DATE:
        return set_digits(when, today, said->date);
    case RULE_DAY:
        if (said->month > 0)
            return set_day_of_month(when, today, said->year, said->month, said->day);
        if (pattern->value == 0 && said->day < (int)g_date_get_day(today))
            day = days_ahead(today, SPAN_MONTH, 1);
        else
            day = days_ahead(today, SPAN_MONTH, pattern->value);
        return set_day_of_month(when, today, g_date_get_year(&day), (int)g_date_get_month(&day), said->day);
    case RULE_MONTH:
        set_months_ahead(when, today, said->year, said->month, 1, pattern->part);
        return true;
    case RULE_QUARTER:
        set_months_ahead(when, today, said->year, said->quarter * 3 - 2, 3, pattern->part);
        return true;
    case RULE_HALF:
        set_months_ahead(when, today, said->year, said->half * 6 - 5, 6, pattern->part);
        return true;
    case RULE_YEAR:
        set_months_ahead(when, today, said->year, 1, 12, pattern->part);
        return true;
    case RULE_WEEKDAY:
        return set_weekday(when, today, said->weekday, pattern->value);
    case RULE_THIS:
        set_span(when, today, span, pattern->value);
        take_part(when, pattern->part, span == SPAN_WEEK, today);
        return true;
    case RULE_AHEAD:
    case RULE_COMING:
        if (said->has_n && (said->n < 0 || said->n > 3650 || said->n != (int)said->n))
            return false;
        day = days_ahead(today, span, said->has_n ? (int)said->n : pattern->value);
        set_day(when, &day);
        if (pattern->rule == RULE_COMING)
            when->first = *today;
        return true;
    case RULE_DAYS:
        day = date_after(today, pattern->value);
        set_day(when, &day);
        return true;
    case RULE_FIXED:
        return set_day_of_month(when, today, said->year, pattern->value / 100, pattern->value % 100);
    case RULE_BLACK_FRIDAY:
        day = black_friday(g_date_get_year(today));
        if (g_date_compare(&day, today) < 0)
            day = black_friday(g_date_get_year(today) + 1);
        set_day(when, &day);
        return true;
    case RULE_WEEKEND:
        set_span(when, today, SPAN_WEEK, pattern->value);
        when->first = date_after(&when->first, 5);
        return true;
    case RULE_PAST:
        return true;
    }
    return false;
}

/* ---- finding it ---- */

static bool is_boundary(const struct token *token)
{
    return token->kind == TOKEN_END || token->kind == TOKEN_LINE || token->kind == TOKEN_EMOJI ||
           (token->kind == TOKEN_MARK && !token_is_mark(token, '%') && !token_is_mark(token, '/'));
}

struct place {
    gsize start; /* where the preposition begins */
    gsize core;
    bool has_word, whole;
    enum date_word word;
};

static bool flags_allow(const struct tokens *tokens, const struct place *place, gsize behind, unsigned flags)
{
    const struct token *after = &tokens->at[behind];
    if ((flags & ONLY_WHOLE) && !place->whole && !(place->has_word && place->word == DATE_DUE_IN))
        return false;
    if (place->whole)
        return true;
    if ((flags & ONLY_AFTER_WORD) && !place->has_word)
        return false;
    if ((flags & ONLY_AFTER_IN) &&
        !(place->has_word && (place->word == DATE_IN || place->word == DATE_DUE_IN)))
        return false;
    if ((flags & ONLY_AT_END) && !is_boundary(after))
        return false;
    if ((flags & ONLY_NOT_FROM) && !(place->has_word && place->word != DATE_ON))
        return false;
    if ((flags & ONLY_ALONE) && !place->has_word)
        return is_boundary(after) && (place->core == 0 || is_boundary(&tokens->at[place->core - 1]));
    return true;
}

/* All languages' patterns, with what is known of their beginnings. */
struct beginnings {
    GArray *patterns;  /* struct beginning */
    guint64 slots;     /* of all of them */
    GHashTable *words; /* first words of those that begin with words */
};

struct beginning {
    const struct date_pattern *pattern;
    guint64 begins;
};

static const struct beginnings *beginnings(void)
{
    static struct beginnings *kept;
    if (g_once_init_enter(&kept)) {
        struct beginnings *all = g_new0(struct beginnings, 1);
        all->patterns = g_array_new(FALSE, FALSE, sizeof(struct beginning));
        all->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (gsize l = 0; languages[l] != NULL; l++) {
            for (const struct date_pattern *pattern = languages[l]->dates; pattern->pattern != NULL; pattern++) {
                struct beginning one = {.pattern = pattern, .begins = pattern_begins(pattern->pattern)};
                g_array_append_val(all->patterns, one);
                all->slots |= one.begins;
                pattern_first_words(pattern->pattern, all->words);
            }
        }
        g_once_init_leave(&kept, all);
    }
    return kept;
}

/* Most words of most texts begin no date. */
static bool may_begin(const struct beginnings *all, const struct token *token)
{
    return token->kind != TOKEN_WORD || (token->begins & all->slots) != 0 ||
           g_hash_table_contains(all->words, token->word);
}

/* The longest pattern at place that makes sense. */
static gsize match_core(const struct tokens *tokens, const struct place *place, gsize limit,
                        const GDate *today, struct date_match *match)
{
    gsize longest = 0;
    const struct beginnings *all = beginnings();
    const struct token *token = &tokens->at[place->core];
    if (!may_begin(all, token))
        return 0;
    for (guint i = 0; i < all->patterns->len; i++) {
        const struct beginning *one = &g_array_index(all->patterns, struct beginning, i);
        const struct date_pattern *pattern = one->pattern;
        struct captured said;
        if (!pattern_may_begin(token, pattern->pattern, one->begins))
            continue;
        gsize n = pattern_at(tokens, place->core, limit, pattern->pattern, &said);
        struct when when = {0};
        if (n <= longest || !flags_allow(tokens, place, place->core + n, pattern->flags))
            continue;
        if (!apply_rule(pattern, &said, today, &when))
            continue;
        longest = n;
        match->when = when;
        match->past = pattern->rule == RULE_PAST;
        match->end = pattern->part == PART_END;
    }
    return longest;
}

/* "before June" ends on the last of May; "before the end of June" on its last day. */
static void end_before(struct when *when, const GDate *today)
{
    GDate day = date_after(&when->first, -1);
    if (g_date_compare(&when->first, today) > 0)
        set_day(when, &day);
}

static bool match_at(const struct tokens *tokens, gsize i, gsize limit, const GDate *today, bool whole,
                     struct date_match *match)
{
    struct place place = {.start = i, .core = i, .whole = whole};
    const struct phrase *word = NULL;
    *match = (struct date_match){.first = i};
    gsize n = phrase_at(tokens, i, MEANS_DATE_WORD, &word);
    if (n > 0) {
        place.has_word = true;
        place.word = (enum date_word)word->value;
        place.core = i + n;
        if (token_is_mark(&tokens->at[place.core], ':'))
            place.core++;
        place.core += phrase_at(tokens, place.core, MEANS_ABOUT, NULL);
        place.core += phrase_at(tokens, place.core, MEANS_ARTICLE, NULL);
    }
    gsize core = match_core(tokens, &place, limit, today, match);
    if (core == 0)
        return false;
    match->count = place.core + core - i;
    match->introduced = place.has_word;
    match->past = match->past || (place.has_word && place.word == DATE_SINCE);
    if (match->past)
        return true;
    match->when.deadline =
        place.has_word && (place.word == DATE_BY || place.word == DATE_BEFORE || place.word == DATE_DUE_IN);
    match->from = place.has_word && place.word == DATE_FROM;
    if (place.has_word && place.word == DATE_BEFORE && !match->end)
        end_before(&match->when, today);
    const struct token *last = &tokens->at[i + match->count - 1];
    match->when.start = tokens->at[i].start;
    match->when.length = (gsize)(last->start + last->length - match->when.start);
    return true;
}

bool date_next(const struct tokens *tokens, gsize i, gsize limit, const GDate *today,
               struct date_match *match)
{
    for (; i < limit; i++) {
        enum token_kind kind = tokens->at[i].kind;
        if (kind != TOKEN_WORD && kind != TOKEN_NUMBER && kind != TOKEN_DATE)
            continue;
        if (match_at(tokens, i, limit, today, false, match))
            return true;
    }
    return false;
}

bool date_whole(const struct tokens *tokens, gsize i, gsize limit, const GDate *today,
                struct date_match *match)
{
    while (limit > i &&
           (tokens->at[limit - 1].kind == TOKEN_LINE || token_is_mark(&tokens->at[limit - 1], '.') ||
            token_is_mark(&tokens->at[limit - 1], '!')))
        limit--;
    return i < limit && match_at(tokens, i, limit, today, true, match) && !match->past &&
           match->count == limit - i;
}

bool when_find(const char *text, const GDate *today, struct when *found)
{
    struct tokens tokens;
    struct date_match match;
    bool any = false;
    *found = (struct when){0};
    tokens_cut(&tokens, text, -1);
    for (gsize i = 0; !any && date_next(&tokens, i, tokens.count, today, &match);
         i = match.first + match.count) {
        if (!match.past) {
            *found = match.when;
            any = true;
        }
    }
    tokens_done(&tokens);
    return any;
}

bool when_parse(const char *text, const GDate *today, struct when *found)
{
    struct tokens tokens;
    struct date_match match;
    *found = (struct when){0};
    tokens_cut(&tokens, text, -1);
    bool whole = date_whole(&tokens, 0, tokens.count, today, &match);
    if (whole)
        *found = match.when;
    tokens_done(&tokens);
    return whole;
}
