#include "commands/understand/english.h"

/* clang-format off */

const struct phrase english_months[] = {
    {"january", 1, 0}, {"february", 2, 0}, {"march", 3, 0}, {"april", 4, 0}, {"may", 5, 0}, {"june", 6, 0},
    {"july", 7, 0}, {"august", 8, 0}, {"september", 9, 0}, {"october", 10, 0}, {"november", 11, 0},
    {"december", 12, 0}, {0}};

const struct phrase english_short_months[] = {
    {"jan", 1, 0}, {"feb", 2, 0}, {"mar", 3, 0}, {"apr", 4, 0}, {"jun", 6, 0}, {"jul", 7, 0}, {"aug", 8, 0},
    {"sep", 9, 0}, {"sept", 9, 0}, {"oct", 10, 0}, {"nov", 11, 0}, {"dec", 12, 0}, {0}};

const struct phrase english_weekdays[] = {
    {"monday", 1, 0}, {"tuesday", 2, 0}, {"wednesday", 3, 0}, {"thursday", 4, 0}, {"friday", 5, 0},
    {"saturday", 6, 0}, {"sunday", 7, 0}, {0}};

const struct phrase english_short_weekdays[] = {
    {"mon", 1, 0}, {"tue", 2, 0}, {"tues", 2, 0}, {"wed", 3, 0}, {"thu", 4, 0}, {"thur", 4, 0}, {"thurs", 4, 0},
    {"fri", 5, 0}, {"sat", 6, 0}, {"sun", 7, 0}, {"mondays", 1, 0}, {"tuesdays", 2, 0}, {"wednesdays", 3, 0},
    {"thursdays", 4, 0}, {"fridays", 5, 0}, {"saturdays", 6, 0}, {"sundays", 7, 0}, {0}};

const struct phrase english_spans[] = {
    {"day", SPAN_DAY, 0}, {"days", SPAN_DAY, 0}, {"d", SPAN_DAY, 0}, {"week", SPAN_WEEK, 0},
    {"weeks", SPAN_WEEK, 0}, {"wk", SPAN_WEEK, 0}, {"wks", SPAN_WEEK, 0}, {"w", SPAN_WEEK, 0},
    {"month", SPAN_MONTH, 0}, {"months", SPAN_MONTH, 0}, {"mo", SPAN_MONTH, 0}, {"quarter", SPAN_QUARTER, 0},
    {"quarters", SPAN_QUARTER, 0}, {"year", SPAN_YEAR, 0}, {"years", SPAN_YEAR, 0}, {"yr", SPAN_YEAR, 0},
    {"yrs", SPAN_YEAR, 0}, {"working day", SPAN_WORKING_DAY, 0}, {"working days", SPAN_WORKING_DAY, 0},
    {"business day", SPAN_WORKING_DAY, 0}, {"business days", SPAN_WORKING_DAY, 0}, {0}};

const struct phrase english_quarters[] = {
    {"q1", 1, 0}, {"q2", 2, 0}, {"q3", 3, 0}, {"q4", 4, 0}, {"first quarter", 1, 0}, {"second quarter", 2, 0},
    {"third quarter", 3, 0}, {"fourth quarter", 4, 0}, {"last quarter of the year", 4, 0}, {0}};

const struct phrase english_halves[] = {
    {"h1", 1, 0}, {"h2", 2, 0}, {"first half of the year", 1, 0}, {"second half of the year", 2, 0}, {0}};

const struct phrase english_date_words[] = {
    {"on", DATE_ON, 0}, {"at", DATE_ON, 0}, {"around", DATE_ON, 0}, {"during", DATE_ON, 0}, {"for", DATE_ON, 0},
    {"when :", DATE_ON, 0}, {"date :", DATE_ON, 0}, {"in", DATE_IN, 0}, {"over", DATE_IN, 0},
    {"by", DATE_BY, 0}, {"until", DATE_BY, 0}, {"till", DATE_BY, 0}, {"til", DATE_BY, 0}, {"due", DATE_BY, 0},
    {"due by", DATE_BY, 0}, {"due on", DATE_BY, 0}, {"due at", DATE_BY, 0}, {"no later than", DATE_BY, 0},
    {"not later than", DATE_BY, 0}, {"at the latest by", DATE_BY, 0}, {"at the latest in", DATE_BY, 0},
    {"at the latest on", DATE_BY, 0}, {"latest", DATE_BY, 0}, {"latest by", DATE_BY, 0},
    {"deadline", DATE_BY, 0}, {"deadline is", DATE_BY, 0}, {"deadline on", DATE_BY, 0},
    {"deadline in", DATE_BY, 0}, {"due date", DATE_BY, 0}, {"on or before", DATE_BY, 0},
    {"in time for", DATE_BY, 0}, {"by when", DATE_BY, 0}, {"by or before", DATE_BY, 0},
    {"before", DATE_BEFORE, 0}, {"prior to", DATE_BEFORE, 0}, {"ahead of", DATE_BEFORE, 0},
    {"within", DATE_DUE_IN, 0}, {"due in", DATE_DUE_IN, 0}, {"due within", DATE_DUE_IN, 0},
    {"in less than", DATE_DUE_IN, 0}, {"from", DATE_FROM, 0}, {"starting", DATE_FROM, 0},
    {"starting from", DATE_FROM, 0}, {"starting in", DATE_FROM, 0}, {"starting on", DATE_FROM, 0},
    {"beginning", DATE_FROM, 0}, {"beginning in", DATE_FROM, 0}, {"as of", DATE_FROM, 0},
    {"effective", DATE_FROM, 0}, {"after", DATE_FROM, 0}, {"since", DATE_SINCE, 0},
    {"ever since", DATE_SINCE, 0}, {0}};

const struct phrase english_articles[] = {
    {"the", 0, 0}, {"a", 0, 0}, {"an", 0, 0}, {"our", 0, 0}, {0}};

const struct phrase english_ordinal_ends[] = {
    {"st", 0, 0}, {"nd", 0, 0}, {"rd", 0, 0}, {"th", 0, 0}, {0}};

const struct phrase english_numbers[] = {
    {"a", 1, 0}, {"an", 1, 0}, {"one", 1, 0}, {"two", 2, 0}, {"three", 3, 0}, {"four", 4, 0}, {"five", 5, 0},
    {"six", 6, 0}, {"seven", 7, 0}, {"eight", 8, 0}, {"nine", 9, 0}, {"ten", 10, 0}, {"eleven", 11, 0},
    {"twelve", 12, 0}, {"fifteen", 15, 0}, {"twenty", 20, 0}, {"thirty", 30, 0}, {"forty", 40, 0},
    {"fifty", 50, 0}, {"hundred", 100, 0}, {"a hundred", 100, 0}, {"one hundred", 100, 0},
    {"thousand", 1000, 0}, {"a thousand", 1000, 0}, {"one thousand", 1000, 0}, {"a million", 1e6, 0},
    {"one million", 1e6, 0}, {"a couple of", 2, 0}, {"couple of", 2, 0}, {"a dozen", 12, 0}, {"zero", 0, 0}, {0}};

const struct phrase english_never[] = {
    {"never", 0, 0}, {"never again", 0, 0}, {"forever", 0, 0}, {"off", 0, 0}, {"stop", 0, 0}, {0}};

const struct date_pattern english_dates[] = {
    {"<date>", RULE_DATE, 0, PART_ALL, 0, 0},
    {"<dm>", RULE_DATE, 0, PART_ALL, 0, ONLY_AFTER_WORD},

    {"<day> .? of? <month> .? ,? <year>?", RULE_DAY, 0, PART_ALL, 0, 0},
    {"<month> .? <article>? <day> ,? <year>?", RULE_DAY, 0, PART_ALL, 0, 0},
    {"<weekday> .? ,? <article>? <day> .? of? <month> .? ,? <year>?", RULE_DAY, 0, PART_ALL, 0, 0},
    {"<weekday> .? ,? <month> .? <article>? <day> ,? <year>?", RULE_DAY, 0, PART_ALL, 0, 0},
    {"<ordinal>", RULE_DAY, 0, PART_ALL, 0, ONLY_AFTER_WORD | ONLY_AT_END},
    {"<ordinal> of this|the month", RULE_DAY, 0, PART_ALL, 0, ONLY_AFTER_WORD},
    {"<ordinal> of next month", RULE_DAY, 1, PART_ALL, 0, ONLY_AFTER_WORD},

    {"<month> .? ,? -? <year>", RULE_MONTH, 0, PART_ALL, 0, 0},
    {"<month>", RULE_MONTH, 0, PART_ALL, 0, ONLY_ALONE},
    {"this|next|coming <month> <year>?", RULE_MONTH, 0, PART_ALL, 0, 0},
    {"mid|middle -? of? <month> <year>?", RULE_MONTH, 0, PART_MIDDLE, 0, 0},
    {"early -? in? <month> <year>?", RULE_MONTH, 0, PART_EARLY, 0, 0},
    {"late -? in? <month> <year>?", RULE_MONTH, 0, PART_LATE, 0, 0},
    {"end -? of? <article>? <month> <year>?", RULE_MONTH, 0, PART_END, 0, 0},
    {"beginning|start of <month> <year>?", RULE_MONTH, 0, PART_START, 0, 0},
    {"last day of <month> <year>?", RULE_MONTH, 0, PART_END, 0, 0},

    {"<quarter> of? -|/? <year>?", RULE_QUARTER, 0, PART_ALL, 0, 0},
    {"<year> -? <quarter>", RULE_QUARTER, 0, PART_ALL, 0, 0},
    {"end of? <quarter> of? <year>?", RULE_QUARTER, 0, PART_END, 0, 0},
    {"early -? in? <quarter> <year>?", RULE_QUARTER, 0, PART_EARLY, 0, 0},
    {"mid -? <quarter> <year>?", RULE_QUARTER, 0, PART_MIDDLE, 0, 0},
    {"late -? in? <quarter> <year>?", RULE_QUARTER, 0, PART_LATE, 0, 0},
    {"beginning|start of <quarter> <year>?", RULE_QUARTER, 0, PART_START, 0, 0},
    {"<half> of? -|/? <year>?", RULE_HALF, 0, PART_ALL, 0, 0},
    {"end of? <half> <year>?", RULE_HALF, 0, PART_END, 0, 0},

    {"<year>", RULE_YEAR, 0, PART_ALL, 0, ONLY_NOT_FROM},
    {"end of? <year>", RULE_YEAR, 0, PART_END, 0, 0},
    {"early -? in? <year>", RULE_YEAR, 0, PART_EARLY, 0, 0},
    {"mid -? <year>", RULE_YEAR, 0, PART_MIDDLE, 0, 0},
    {"late -? in? <year>", RULE_YEAR, 0, PART_LATE, 0, 0},
    {"beginning|start of <year>", RULE_YEAR, 0, PART_START, 0, 0},

    {"today", RULE_DAYS, 0, PART_ALL, 0, 0},
    {"tonight", RULE_DAYS, 0, PART_ALL, 0, 0},
    {"eod", RULE_DAYS, 0, PART_ALL, 0, 0},
    {"end|close of <article>? day|business", RULE_DAYS, 0, PART_ALL, 0, 0},
    {"tomorrow", RULE_DAYS, 1, PART_ALL, 0, 0},
    {"day after tomorrow", RULE_DAYS, 2, PART_ALL, 0, 0},
    {"the day after tomorrow", RULE_DAYS, 2, PART_ALL, 0, 0},

    {"<n> <span>", RULE_AHEAD, 0, PART_ALL, 0, ONLY_AFTER_IN},
    {"<n> <span> '|’? time", RULE_AHEAD, 0, PART_ALL, 0, ONLY_AFTER_IN},
    {"<n> <span>", RULE_AHEAD, 0, PART_ALL, 0, ONLY_WHOLE},
    {"<span>", RULE_AHEAD, 1, PART_ALL, 0, ONLY_AFTER_IN},
    {"<n> <span> from now|today", RULE_AHEAD, 0, PART_ALL, 0, 0},
    {"next|coming <n> <span>", RULE_COMING, 0, PART_ALL, 0, ONLY_AFTER_WORD},

    {"this|current <span>", RULE_THIS, 0, PART_ALL, 0, 0},
    {"later this <span>", RULE_THIS, 0, PART_ALL, 0, 0},
    {"next|coming|following <span>", RULE_THIS, 1, PART_ALL, 0, 0},
    {"sometime next <span>", RULE_THIS, 1, PART_ALL, 0, 0},
    {"end -? of? <article>? this? <span>", RULE_THIS, 0, PART_END, 0, 0},
    {"end of? next <span>", RULE_THIS, 1, PART_END, 0, 0},
    {"early in? next <span>", RULE_THIS, 1, PART_EARLY, 0, 0},
    {"mid|middle -? of? next <span>", RULE_THIS, 1, PART_MIDDLE, 0, 0},
    {"late in? next <span>", RULE_THIS, 1, PART_LATE, 0, 0},
    {"beginning|start of next <span>", RULE_THIS, 1, PART_START, 0, 0},
    {"eow", RULE_THIS, 0, PART_END, SPAN_WEEK + 1, 0},
    {"eom", RULE_THIS, 0, PART_END, SPAN_MONTH + 1, 0},
    {"eoq", RULE_THIS, 0, PART_END, SPAN_QUARTER + 1, 0},
    {"eoy", RULE_THIS, 0, PART_END, SPAN_YEAR + 1, 0},
    {"month -? end", RULE_THIS, 0, PART_END, SPAN_MONTH + 1, ONLY_AFTER_WORD},
    {"quarter -? end", RULE_THIS, 0, PART_END, SPAN_QUARTER + 1, ONLY_AFTER_WORD},
    {"year -? end", RULE_THIS, 0, PART_END, SPAN_YEAR + 1, ONLY_AFTER_WORD},
    {"weekend", RULE_WEEKEND, 0, PART_ALL, 0, ONLY_AFTER_WORD},
    {"this weekend", RULE_WEEKEND, 0, PART_ALL, 0, 0},
    {"next weekend", RULE_WEEKEND, 1, PART_ALL, 0, 0},

    {"<long-weekday>", RULE_WEEKDAY, 0, PART_ALL, 0, 0},
    {"<weekday>", RULE_WEEKDAY, 0, PART_ALL, 0, ONLY_ALONE},
    {"this|coming <weekday>", RULE_WEEKDAY, 0, PART_ALL, 0, 0},
    {"next <weekday>", RULE_WEEKDAY, 1, PART_ALL, 0, 0},
    {"<weekday> in? next week", RULE_WEEKDAY, 1, PART_ALL, 0, 0},
    {"<weekday> morning|afternoon|evening|night|noon", RULE_WEEKDAY, 0, PART_ALL, 0, 0},

    {"christmas|xmas <year>?", RULE_FIXED, 1225, PART_ALL, 0, 0},
    {"christmas eve <year>?", RULE_FIXED, 1224, PART_ALL, 0, 0},
    {"new year", RULE_FIXED, 101, PART_ALL, 0, 0},
    {"new year's", RULE_FIXED, 101, PART_ALL, 0, 0},
    {"new year|year's eve", RULE_FIXED, 1231, PART_ALL, 0, 0},
    {"halloween", RULE_FIXED, 1031, PART_ALL, 0, 0},
    {"black friday", RULE_BLACK_FRIDAY, 0, PART_ALL, 0, 0},

    {"good|casual|black friday deal|deals", RULE_PAST, 0, PART_ALL, 0, 0},
    {"good|casual|super|cyber friday|sunday|monday", RULE_PAST, 0, PART_ALL, 0, 0},
    {"last|past|previous <weekday>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"last|past|previous <month>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"last|past|previous <span>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"last|past|previous <n> <span>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"last|past|previous <quarter>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"<n> <span> ago", RULE_PAST, 0, PART_ALL, 0, 0},
    {"early|earlier this <span>", RULE_PAST, 0, PART_ALL, 0, 0},
    {"yesterday", RULE_PAST, 0, PART_ALL, 0, 0},
    {0}};
