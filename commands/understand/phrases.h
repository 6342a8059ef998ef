/* The words of each language as data: lists of phrases by what they mean, and patterns over them.
 *
 * A new language is one file like english.c and one line in phrases.c. Phrases are written
 * folded (lower case, straight apostrophes), their words divided by single blanks.
 *
 * A pattern is a sequence of elements divided by blanks; an element ending in "?" may be
 * absent; "a|b" is either word. Slots:
 *   <n>         a number in digits or words           <day>      1 to 31, "5th"
 *   <ordinal>   "5th" only                            <year>     2026, '27
 *   <date>      digits that are a full date           <dm>       digits that are a day of a month
 *   <person>    a mention                             <rest>     anything, to the end
 *   <NAME>      a phrase of the list of that name in phrases.c
 * Thread: any; no state.
 */
#ifndef ASKWHY_PHRASES_H
#define ASKWHY_PHRASES_H

#include "commands/understand/tokens.h"

enum meaning {
    /* dates */
    MEANS_MONTH,       /* value 1-12 */
    MEANS_SHORT_MONTH, /* the same, words that are also other words: "may", "sun" */
    MEANS_WEEKDAY,     /* 1-7 */
    MEANS_SHORT_WEEKDAY,
    MEANS_SPAN,      /* enum span: day, week … */
    MEANS_QUARTER,   /* 1-4 */
    MEANS_HALF,      /* 1-2 */
    MEANS_DATE_WORD, /* enum date_word: by, in, from, since … */
    MEANS_ARTICLE,
    MEANS_ORDINAL_END, /* st, nd, rd, th */
    MEANS_NUMBER,
    MEANS_NEVER,
    /* impact */
    MEANS_DIRECTION, /* enum direction_word */
    MEANS_TARGET,    /* "to", "under": the number is where it ends */
    MEANS_ABOUT,
    MEANS_UNIT,       /* name: "%", "EUR", "hours"; value: enum unit_kind */
    MEANS_MAGNITUDE,  /* value: 1000 … */
    MEANS_RATE,       /* name: "month" */
    MEANS_TIMES,      /* value: percent, its sign the direction; name "by": the direction stands elsewhere */
    MEANS_SURE,       /* enum confidence; -1: looks like it but is not ("make sure") */
    MEANS_SHARE_SURE, /* behind "80 %": "chance", "confidence" */
    MEANS_NOT,
    MEANS_NO_METRIC,    /* ends a metric: verbs, prepositions, pronouns; value 1: what follows is no metric
                           ("each agent") */
    MEANS_METRIC_HEAD,  /* "time to": a metric goes on behind it */
    MEANS_METRIC_JOIN,  /* "churn in the segment"; value: enum metric_join */
    MEANS_LINK_WORD,    /* between a metric and its number: "by", "of", "goes" */
    MEANS_LABEL_NUMBER, /* before a number that only names something: "version", "phase" */
    MEANS_LOWER_IS_BETTER,
    MEANS_TELLING,     /* "asked", "complained": people tell, nothing moves */
    MEANS_FACT,        /* "was", "since": told of the past or present */
    MEANS_HOPE,        /* "should", "expect": told of the future */
    MEANS_RANGE,       /* between two numbers; value: enum range_word */
    MEANS_RANGE_START, /* "from", "between"; value: enum range_word */
    MEANS_PROPORTION,  /* "1 in 5" */
    MEANS_TIMES_WORD,  /* "3x" */
    /* replies */
    MEANS_FILLER,
    MEANS_JOIN, /* "but", "and": a clause begins */
    MEANS_BECAUSE,
    MEANS_SKIP,
    MEANS_LATER,
    MEANS_REMIND,
    MEANS_DONT_KNOW,
    MEANS_KNOWS, /* behind a person */
    MEANS_ASK,   /* before a person */
    MEANS_GREETING, /* name: it is one, not only said before what is meant */
    MEANS_THIRD_PERSON, /* behind a person: they are spoken of, not to */
    MEANS_YOU,          /* "you": spoken to after all */
    MEANS_WHO,          /* those who pass authority on */
    MEANS_WANTS,
    MEANS_IT,
    MEANS_TAIL, /* "for now": may follow anything */
    MEANS_EMPTY,
    MEANS_CHAT,
    MEANS_NO,
    MEANS_QUESTION_BACK, /* begins a question to askwhy */
    MEANS_LABEL,         /* enum question_kind */
    /* evidence */
    MEANS_EVIDENCE, /* enum evidence_kind */
    MEANS_PEOPLE,   /* "customers": counted, they are several */
    MEANS_PERSONS,  /* "customer": one */
    /* commands */
    MEANS_REASON, /* "because", "so that" at the start of a reason */
    MEANS_ASKER,  /* "for", "on behalf of" before the asker */
    MEANS_GIVES_WAY, /* enum trade_word: "instead of", "nothing gives way" */
    MEANS_PART,   /* enum said_part: "options" before a colon; name "bare": without one, too */
    MEANINGS
};
G_STATIC_ASSERT(MEANINGS < 64); /* bits of a token's begins, and BEGINS_NO_WORD */

enum span { SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_QUARTER, SPAN_YEAR, SPAN_WORKING_DAY };

enum date_word { DATE_ON, DATE_IN, DATE_BY, DATE_BEFORE, DATE_DUE_IN, DATE_FROM, DATE_SINCE };

enum direction_word {
    DIRECTION_NONE, /* looks like one, is none: "more or less" */
    DIRECTION_UP,
    DIRECTION_DOWN,
    DIRECTION_BETTER, /* up or down by what the metric is */
    DIRECTION_FASTER, /* less time */
    DIRECTION_NEW,    /* up, right behind the number only */
    DIRECTION_OFF,    /* down, behind the number only */
};

enum unit_kind { UNIT_SHARE = 1, UNIT_MONEY, UNIT_TIME, UNIT_OTHER };

enum metric_join {
    JOIN_NEAR, /* "of": also between a number and its metric */
    JOIN_FAR,  /* "in": there as well, when no metric stands in front of the number */
    JOIN_BACK, /* "for": only within a metric */
};

enum range_word {
    RANGE_ANY,
    RANGE_TO,   /* a range when rising, where it ends when falling */
    RANGE_AND,  /* only behind "between" */
    RANGE_FROM, /* what follows "to" is where it ends */
    RANGE_BETWEEN,
};

enum trade_word {
    TRADE_INSTEAD, /* before the asks that give way; with a name, before nothing else */
    TRADE_GIVE,    /* behind them: "give way" */
    TRADE_AFTER,   /* before what goes first */
    TRADE_DONE,    /* behind it: "is shipped" */
    TRADE_NOTHING,
    TRADE_BACK,    /* before the day of asking again */
};

struct phrase {
    const char *text; /* NULL closes a list */
    double value;
    const char *name;
};

/* What a date pattern says. */
enum date_rule {
    RULE_DATE,
    RULE_DAY,   /* a day (of a month, of a year) */
    RULE_MONTH, /* value: enum part */
    RULE_QUARTER,
    RULE_HALF,
    RULE_YEAR,
    RULE_WEEKDAY, /* the next one; value: weeks ahead of this one, -1 when not said */
    RULE_THIS,    /* value: how many spans ahead; the span from <span> */
    RULE_AHEAD,   /* <n> <span> from today */
    RULE_COMING,  /* from today to <n> <span> ahead */
    RULE_DAYS,    /* value: days ahead */
    RULE_FIXED,   /* value: month * 100 + day */
    RULE_BLACK_FRIDAY,
    RULE_WEEKEND, /* value: weeks ahead */
    RULE_PAST,    /* a date, but not one ahead */
};

enum part { PART_ALL, PART_START, PART_EARLY, PART_MIDDLE, PART_LATE, PART_END };

enum date_flag {
    ONLY_AFTER_WORD = 1, /* only behind a date word */
    ONLY_AFTER_IN = 2,   /* only behind "in", "within" */
    ONLY_AT_END = 4,     /* no word may follow */
    ONLY_WHOLE = 8,      /* only where the whole text is a date */
    ONLY_ALONE = 16,     /* behind a date word, or between marks */
    ONLY_NOT_FROM = 32,  /* "in", "by", not alone */
};

struct date_pattern {
    const char *pattern; /* NULL closes the list; its first element is not optional */
    enum date_rule rule;
    int value;
    enum part part;
    int span; /* enum span + 1 where the pattern names it itself */
    unsigned flags;
};

/* What a clause of a reply says. */
enum clause_kind {
    CLAUSE_CONTENT,
    CLAUSE_CHAT,
    CLAUSE_EMPTY,
    CLAUSE_AUTHORITY, /* "the CEO wants it": empty, but evidence of a kind */
    CLAUSE_NO,        /* "none", "nothing": an answer to all but why */
    CLAUSE_DONT_KNOW,
    CLAUSE_SKIP,
    CLAUSE_DATE,
    CLAUSE_LATER,
    CLAUSE_KNOWS,
};

struct clause_pattern {
    const char *pattern; /* NULL closes the list; matched against the whole clause */
    enum clause_kind kind;
};

/* Words of commands; both NULL close a list. */
struct verb_words {
    const char *verb, *text;
};

struct language {
    const char *code;
    const struct phrase *lists[MEANINGS];
    const struct date_pattern *dates;
    const struct clause_pattern *clauses;
    const struct verb_words *follows;   /* text: a pattern of all that stands behind the verb */
    const struct verb_words *otherwise; /* text: another word, verb: "decide # yes" */
    const struct phrase *outcomes; /* value: enum outcome_kind; looked for only where an outcome is told */
};

extern const struct language english;
extern const struct language *const languages[]; /* closed by NULL */

/* Notes which meanings' phrases begin with each token; tokens_cut() does. */
void phrases_note(struct tokens *tokens);
/* How many tokens from i on are the longest phrase of that meaning, 0 when none; *found says which. */
gsize phrase_at(const struct tokens *tokens, gsize i, enum meaning meaning, const struct phrase **found);
/* The phrase that ends right before i: its length in tokens (at most 4), 0 when none. */
gsize phrase_before(const struct tokens *tokens, gsize i, enum meaning meaning, const struct phrase **found);

/* Adds the words the pattern's first element can be; none for a slot. */
void pattern_first_words(const char *pattern, GHashTable *words);
/* What tokens a pattern's first element may be if it is a slot: bits as in a token's begins, and this one for all
 * that is no word. 0 for words. */
#define BEGINS_NO_WORD (G_GUINT64_CONSTANT(1) << 63)
guint64 pattern_begins(const char *pattern);
/* Cheaply, whether a pattern's first element may be the token. begins: pattern_begins(pattern). */
bool pattern_may_begin(const struct token *token, const char *pattern, guint64 begins);

struct captured {
    double n;
    int day, month, year, weekday, quarter, half, span;
    bool has_n;
    const struct token *date, *person;
};
/* How many tokens from i on match pattern, 0 when it does not; limit: the first token beyond. */
gsize pattern_at(const struct tokens *tokens, gsize i, gsize limit, const char *pattern,
                 struct captured *captured);

#endif
