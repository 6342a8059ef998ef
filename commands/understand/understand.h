/* What people mean: plain functions from a text to what is understood in it.
 *
 * English now; words and patterns of a language stand in one table each, and what
 * must be understood is the corpus in tests/unit/commands/corpus/, which grows.
 * Texts are rich text (bot/chat/richtext.h). Verbatim words are always kept by the
 * caller: nothing here decides what is stored, and nobody is told off.
 * Thread: any; no state.
 */
#ifndef ASKWHY_UNDERSTAND_H
#define ASKWHY_UNDERSTAND_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- dates (when.c) ---- */

/* A day, or a span of days when only a month or quarter was named ("by Q3": last = 30 September). */
struct when {
    GDate first, last; /* both valid when found */
    const char *start; /* where in the text it stands, with its preposition */
    gsize length;
    bool deadline; /* introduced by "by", "before", "until", "due" … */
};
/* The first date in text, seen from today; false when there is none. Dates in the past of
 * this year mean next year ("by June" in November). */
bool when_find(const char *text, const GDate *today, struct when *found);
/* The whole text as one date, as typed behind "until" or into a field ("2026-12-01", "next friday", "in 3 weeks"). */
bool when_parse(const char *text, const GDate *today, struct when *found);
/* "1 day", "3 days", "1 week", "2w", "never" (days = -1). */
bool duration_parse(const char *text, int *days);
/* "9", "9:00", "9am", "17:30" → minutes since midnight. */
bool time_of_day_parse(const char *text, int *minutes);
/* "monday", "mon", "Mondays" → G_DATE_MONDAY … */
bool weekday_parse(const char *text, GDateWeekday *day);

/* ---- impact (impact.c) ---- */

enum impact_direction { IMPACT_UNSAID, IMPACT_UP, IMPACT_DOWN, IMPACT_TO };
enum confidence { SURE_UNSAID, SURE_LOW, SURE_MEDIUM, SURE_HIGH };

/* Each part is absent (NULL, unsaid, has_* false) when the text does not say it. */
struct impact {
    bool understood; /* a number with a metric or a unit was found */
    char *metric;    /* "churn", "support tickets" */
    enum impact_direction direction;
    bool has_size;
    double low, high; /* equal unless a range was given */
    bool about;       /* "about", "roughly", "~" */
    char *unit;       /* "%", "pp", "EUR", "tickets", "hours"; currency as ISO 4217 */
    char *per;        /* "month", "week", "year", "day"; NULL when not a rate */
    GDate by;         /* valid when said: the last day of what was named */
    bool from;        /* the date is a beginning ("from September") */
    enum confidence confidence;
};
void impact_parse(const char *text, const GDate *today, struct impact *impact);
void impact_done(struct impact *impact);

/* ---- replies (reply.c) ---- */

enum reply_kind {
    REPLY_ANSWER,
    REPLY_SKIP,         /* "skip", "pass" */
    REPLY_LATER,        /* "later", "not now"; days when said ("in 3 days"), else 0 */
    REPLY_DONT_KNOW,    /* "don't know", "no idea": an answer */
    REPLY_KNOWS,        /* "@someone knows": person set */
    REPLY_TO_SOMEONE,   /* begins by addressing someone else: not an answer */
    REPLY_EMPTY,        /* only passes authority on or says nothing: "the CEO wants it", "ASAP", "because" */
    REPLY_CHAT,         /* "thanks", "ok", "what do you mean?" … : no answer, no follow-up beyond a hint */
};

enum question_kind { QUESTION_WHY, QUESTION_IMPACT, QUESTION_EVIDENCE, QUESTION_DEADLINE, QUESTION_KINDS };

struct reply {
    enum reply_kind kind;
    char *person; /* platform id; REPLY_KNOWS, REPLY_TO_SOMEONE */
    int days;
    /* Several answers in one reply, by labels ("Why: … Impact: …"), numbered lines, or a line that
     * clearly is an impact behind one that clearly is a reason. Each NULL when not in it; the question
     * that was asked is always set for REPLY_ANSWER. */
    char *parts[QUESTION_KINDS];
};
void reply_understand(const char *text, enum question_kind asked, const char *self_id, const GDate *today,
                      struct reply *reply);
void reply_done(struct reply *reply);

enum evidence_kind {
    EVIDENCE_UNSAID, EVIDENCE_NONE, EVIDENCE_OPINION, EVIDENCE_ONE_CUSTOMER, EVIDENCE_CUSTOMERS, EVIDENCE_MEASURED
};
enum evidence_kind evidence_understand(const char *text);

/* ---- outcomes (outcome.c) ---- */

enum outcome_kind { OUTCOME_UNSAID, OUTCOME_AS_EXPECTED, OUTCOME_PARTLY, OUTCOME_BELOW, OUTCOME_UNKNOWN };

/* "partly, 3% instead of 5%" → OUTCOME_PARTLY, *rest at "3% …"; OUTCOME_UNSAID and *rest at text when it begins
 * otherwise. */
enum outcome_kind outcome_understand(const char *text, const char **rest);

/* What was measured: a change ("down 3%"), where the number is now ("to 3%"), or a figure alone. */
struct actual {
    bool understood;
    double figure;
    enum impact_direction direction;
    char *unit; /* NULL when not said */
};
/* The figure in what was told of an outcome, not the expected one beside it. */
void actual_parse(const char *text, const GDate *today, struct actual *actual);
void actual_done(struct actual *actual);

/* ---- commands (words.c) ---- */

/* Smart quotes made straight, no-break spaces plain, runs of blanks single, trimmed; rich markers kept. */
char *words_normalise(const char *text);
/* The nearest of names (NULL-terminated) to word by edit distance (transpositions count one), NULL when none is near. */
const char *words_nearest(const char *word, const char *const *names);
/* "#42", "42", "#42:" at the start of *at → 42, *at behind it and blanks; 0 and *at unmoved when there is none. */
int64_t words_ask_number(const char **at);
/* "because …", "since …", "as …", "to …", "so that …", ": …" taken from the start of a reason; returns the reason. */
const char *words_reason(const char *text);
/* "yes", "that is it", "confirmed": and nothing else. */
bool words_is_yes(const char *text);
/* Whether a folded term (store_terms()) is one that nearly every ask holds: "add", "for", "the". */
bool words_is_filler(const char *term);

/* Whether text goes on like a command behind its verb (and its number): "because …", "until friday", "" do. */
bool verb_goes_on(const char *verb, bool numbered, const char *text);
/* "accept" → "decide # yes": what to type for another word, folded; NULL: none. */
const char *verb_otherwise(const char *word);
/* One word, number or face, or nothing but signs. */
bool words_are_one(const char *text);
/* "hello", "good morning!": and nothing else. */
bool words_greet(const char *text);

/* What stands behind "start 42": what gives way. */
enum { START_ASKS = 8 };
struct start {
    enum {
        START_UNSAID,
        START_INSTEAD, /* of asks */
        START_AFTER,   /* asks[0] */
        START_ROOM,    /* nothing gives way */
        START_UNCLEAR, /* "instead of" and no ask, or more of them than are counted */
    } gives;
    int64_t asks[START_ASKS]; /* each once */
    int n_asks;
    bool has_until; /* when what gives way is asked about again */
    GDate until;
    char *reason; /* "" when none was given */
};
void start_understand(const char *text, const GDate *today, struct start *start);
void start_done(struct start *start);

/* Parts of what is typed behind a verb (said.c): "because it pays options: buy, build reopen if prices fall". */
enum said_part { SAID_OPTIONS, SAID_REOPEN, SAID_FIXED, SAID_OPEN, SAID_SMALLEST, SAID_COST, SAID_TALK, SAID_PARTS };
struct said {
    char *lead; /* what stands before the first of them; never NULL */
    char *parts[SAID_PARTS];
};
/* wanted: which labels are looked for, 1 << enum said_part each; another one's words stay where they are. */
void said_split(const char *text, unsigned wanted, struct said *said);
void said_done(struct said *said);
/* "talk to Acme's admin": whom, when somebody is named to talk to, up to the sentence's end; else NULL. */
char *said_talk(const char *text);

/* "because … but I commit", "but I commit: …": the reason (NULL when none is given), and whether they commit. */
char *said_dissent(const char *text, bool *commits);

/* How much work "about two weeks", "3-5 days" are, in working hours (a day has 8, a week 40, a month 160); false when
 * the text does not begin so. *rest: what stands behind it. */
struct effort {
    int64_t low, high;
};
bool effort_parse(const char *text, struct effort *effort, const char **rest);

/* What "/ask <text>" raises: "Dark mode for @ceo" → title, asker. */
struct raise {
    char *title;  /* rich text without the "for @someone" tail; wording untouched otherwise */
    char *asker;  /* platform id, NULL when not said */
};
void raise_understand(const char *text, const GDate *today, struct raise *raise);
void raise_done(struct raise *raise);
/* "for @ceo", "for @ceo because …": who (a platform's id, g_free()), and where the rest stands; NULL: it does not begin so. */
char *for_whom_first(const char *text, const char **rest);
/* The first date in a title that is a deadline; false when there is none. */
bool raise_deadline(const char *title, const GDate *today, struct when *found);

#endif
