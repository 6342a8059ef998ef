#include <string.h>

#include "bot/chat/richtext.h"
#include "commands/understand/dates.h"
#include "commands/understand/figures.h"

#define MOST_TOKENS 3000
#define METRIC_WORDS 5

struct reading {
    struct tokens tokens;
    gsize limit;
    guint8 *masked; /* one a token: a date or a confidence */
};

struct run {
    gsize first, end;
};

struct candidate {
    struct figure figure;
    struct run metric;
    enum impact_direction direction;
    bool counted; /* "300 support tickets": the metric is what is counted */
    const char *per;
    int score;
};

static void mask(struct reading *reading, gsize first, gsize count)
{
    memset(reading->masked + first, 1, MIN(count, reading->limit - first));
}

/* ---- date and confidence ---- */

static void read_date_of(struct reading *reading, const GDate *today, struct impact *impact)
{
    struct date_match match;
    bool found = false, firm = false;
    for (gsize i = 0; date_next(&reading->tokens, i, reading->limit, today, &match);
         i = match.first + match.count) {
        mask(reading, match.first, match.count);
        if (match.past || (!match.when.deadline && g_date_compare(&match.when.last, today) < 0))
            continue;
        bool better = !found || (!firm && match.when.deadline);
        if (better) {
            impact->by = match.when.last;
            impact->from = match.from;
        }
        found = true;
        firm = firm || match.when.deadline || match.from;
    }
}

static bool is_denied(const struct reading *reading, gsize i)
{
    for (gsize back = 1; back <= 3 && back <= i; back++) {
        if (token_ends_sentence(&reading->tokens, i - back) ||
            token_is_mark(&reading->tokens.at[i - back], ','))
            return false;
        if (phrase_at(&reading->tokens, i - back, MEANS_NOT, NULL) > 0)
            return true;
    }
    return false;
}

/* "80% sure" is how sure, not how much. */
static bool read_share_sure(struct reading *reading, gsize i, struct impact *impact)
{
    const struct tokens *tokens = &reading->tokens;
    struct captured said;
    const struct phrase *sure = NULL;
    gsize n = pattern_at(tokens, i, reading->limit, "<n> %", &said);
    gsize words = n > 0 ? phrase_at(tokens, i + n, MEANS_SURE, &sure) : 0;
    if (n > 0 && words == 0)
        words = phrase_at(tokens, i + n, MEANS_SHARE_SURE, &sure);
    if (words == 0 || said.n > 100)
        return false;
    mask(reading, i, n + words);
    if (impact->confidence == SURE_UNSAID)
        impact->confidence = said.n >= 75 ? SURE_HIGH : said.n >= 40 ? SURE_MEDIUM : SURE_LOW;
    return true;
}

static void read_confidence(struct reading *reading, struct impact *impact)
{
    for (gsize i = 0; i < reading->limit; i++) {
        const struct phrase *sure = NULL;
        if (read_share_sure(reading, i, impact))
            continue;
        gsize n = phrase_at(&reading->tokens, i, MEANS_SURE, &sure);
        if (n == 0 || reading->masked[i])
            continue;
        mask(reading, i, n);
        if (sure->value >= 0) {
            bool denied = (int)sure->value >= SURE_MEDIUM && is_denied(reading, i);
            if (impact->confidence == SURE_UNSAID)
                impact->confidence = denied ? SURE_LOW : (enum confidence)sure->value;
        }
        i += n - 1;
    }
}

/* ---- metric ---- */

static bool is_hyphen(const struct tokens *tokens, gsize i)
{
    if (i == 0 || i >= tokens->count)
        return false;
    const struct token *token = &tokens->at[i];
    return token->kind == TOKEN_MARK && token->glued && tokens->at[i + 1].glued &&
           tokens->at[i - 1].kind == TOKEN_WORD && tokens->at[i + 1].kind == TOKEN_WORD &&
           (token->mark == '-' || token->mark == 0x2010 || token->mark == 0x2011 || token->mark == '/' ||
            token->mark == '&');
}

static bool in_compound(const struct tokens *tokens, gsize i)
{
    return is_hyphen(tokens, i + 1) || (i > 0 && is_hyphen(tokens, i - 1));
}

/* The direction at i and its length; the halves of "sign-up" have none. */
static gsize direction_at(const struct tokens *tokens, gsize i, enum direction_word *direction)
{
    const struct phrase *phrase = NULL;
    gsize n = in_compound(tokens, i) ? 0 : phrase_at(tokens, i, MEANS_DIRECTION, &phrase);
    if (n > 0)
        *direction = (enum direction_word)phrase->value;
    return n;
}

static bool is_metric_word(const struct reading *reading, gsize i)
{
    const struct tokens *tokens = &reading->tokens;
    enum direction_word direction = DIRECTION_NONE;
    if (i >= reading->limit || reading->masked[i])
        return false;
    if (is_hyphen(tokens, i) || (tokens->at[i].kind == TOKEN_WORD && in_compound(tokens, i)))
        return true;
    if (tokens->at[i].kind != TOKEN_WORD || phrase_at(tokens, i, MEANS_NO_METRIC, NULL) > 0 ||
        phrase_at(tokens, i, MEANS_TELLING, NULL) > 0)
        return false;
    return direction_at(tokens, i, &direction) == 0 || direction == DIRECTION_NEW;
}

static bool is_rate_here(const struct reading *reading, gsize i)
{
    gsize n = phrase_at(&reading->tokens, i, MEANS_RATE, NULL);
    return n > 1 || (n == 1 && !is_metric_word(reading, i + 1));
}

/* The words of a metric from i on; empty when there are none. */
static struct run metric_from(const struct reading *reading, gsize i)
{
    struct run run = {i, i};
    int words = 0;
    while (words < METRIC_WORDS && is_metric_word(reading, run.end) && !is_rate_here(reading, run.end)) {
        gsize head = phrase_at(&reading->tokens, run.end, MEANS_METRIC_HEAD, NULL);
        words += reading->tokens.at[run.end].kind == TOKEN_WORD && !in_compound(&reading->tokens, run.end);
        bool goes_on = head > 0 && is_metric_word(reading, run.end + head) &&
                       phrase_at(&reading->tokens, run.end + head - 1, MEANS_RATE, NULL) == 0;
        run.end += goes_on ? head : 1;
    }
    return run;
}

/* "churn in the segment": the length of "in the" before i, when a metric's word is in front of it. */
static gsize join_before(const struct reading *reading, gsize i)
{
    gsize article = phrase_before(&reading->tokens, i, MEANS_ARTICLE, NULL);
    gsize join = phrase_before(&reading->tokens, i - article, MEANS_METRIC_JOIN, NULL);
    gsize n = article + join;
    return join > 0 && i > n && is_metric_word(reading, i - n - 1) && !reading->masked[i - 1] ? n : 0;
}

/* "each agent", "20 agents": words in front of a number that are not what it measures. */
static bool belongs_elsewhere(const struct reading *reading, gsize first)
{
    const struct phrase *phrase = NULL;
    if (first == 0 || reading->masked[first - 1])
        return false;
    return reading->tokens.at[first - 1].kind == TOKEN_NUMBER ||
           (phrase_before(&reading->tokens, first, MEANS_NO_METRIC, &phrase) > 0 && phrase->value > 0);
}

/* The words of a metric that end before i. whole: they must be all that stands between two marks. */
static struct run metric_before(const struct reading *reading, gsize i, bool whole)
{
    const struct tokens *tokens = &reading->tokens;
    struct run run = {i, i};
    int words = 0;
    while (run.first > 0 && words < METRIC_WORDS) {
        gsize head = run.first < run.end ? phrase_before(tokens, run.first, MEANS_METRIC_HEAD, NULL) : 0;
        if (head == 0 && run.first < run.end)
            head = join_before(reading, run.first);
        if (head == 0 && !is_metric_word(reading, run.first - 1))
            break;
        run.first -= MAX(head, 1);
        words += tokens->at[run.first].kind == TOKEN_WORD && !in_compound(tokens, run.first);
    }
    if (belongs_elsewhere(reading, run.first))
        run.first = run.end;
    while (run.first < run.end && tokens->at[run.first].kind == TOKEN_MARK)
        run.first++;
    enum direction_word direction;
    if (run.first + 1 < run.end && direction_at(tokens, run.first, &direction) > 0)
        run.first++;
    gsize article = phrase_before(tokens, run.first, MEANS_ARTICLE, NULL);
    if (whole && run.first > article && tokens->at[run.first - article - 1].kind == TOKEN_WORD)
        run.first = run.end;
    return run;
}

/* Back over what may stand between a metric and its number. */
static gsize skip_back(const struct reading *reading, gsize i, gsize *skipped)
{
    const struct tokens *tokens = &reading->tokens;
    *skipped = 0;
    while (i > 0) {
        enum direction_word direction = DIRECTION_NONE;
        gsize n = phrase_before(tokens, i, MEANS_LINK_WORD, NULL);
        if (n == 0)
            n = phrase_before(tokens, i, MEANS_ABOUT, NULL);
        if (n == 0 && direction_at(tokens, i - 1, &direction) == 1)
            n = 1;
        if (n == 0 && reading->masked[i - 1])
            n = 1;
        if (n == 0 && token_is_dash(&tokens->at[i - 1]) && !is_hyphen(tokens, i - 1))
            n = 1;
        if (n == 0)
            break;
        i -= n;
        *skipped += n;
    }
    return i;
}

/* Forward over "fewer", "of the" …; *far when a preposition was among them. */
static gsize skip_on(const struct reading *reading, gsize i, bool *far, const char **per)
{
    const struct tokens *tokens = &reading->tokens;
    for (;;) {
        enum direction_word direction = DIRECTION_NONE;
        const struct phrase *rate = NULL, *join = NULL;
        gsize n = direction_at(tokens, i, &direction);
        if (n > 0 && direction == DIRECTION_NEW)
            n = 0;
        if (n == 0 && is_rate_here(reading, i) && *per == NULL) {
            n = phrase_at(tokens, i, MEANS_RATE, &rate);
            *per = rate->name;
        }
        if (n == 0 && phrase_at(tokens, i, MEANS_METRIC_JOIN, &join) > 0 && (int)join->value != JOIN_BACK) {
            *far = *far || (int)join->value == JOIN_FAR;
            n = 1;
        }
        if (n == 0)
            n = phrase_at(tokens, i, MEANS_ARTICLE, NULL);
        if (n == 0 || i + n > reading->limit)
            return i;
        i += n;
    }
}

/* ---- one candidate ---- */

static gsize sentence_start(const struct reading *reading, gsize i)
{
    while (i > 0 && !token_ends_sentence(&reading->tokens, i - 1))
        i--;
    return i;
}

static gsize sentence_end(const struct reading *reading, gsize i)
{
    while (i < reading->limit && !token_ends_sentence(&reading->tokens, i))
        i++;
    return i;
}

static bool is_comma(const struct tokens *tokens, gsize i)
{
    return token_is_mark(&tokens->at[i], ',') || token_is_mark(&tokens->at[i], '(');
}

static enum direction_word nearest_direction(const struct reading *reading, const struct candidate *candidate)
{
    const struct tokens *tokens = &reading->tokens;
    gsize start = sentence_start(reading, candidate->figure.first),
          end = sentence_end(reading, candidate->figure.end);
    enum direction_word before = DIRECTION_NONE, after = DIRECTION_NONE, word = DIRECTION_NONE;
    gsize distance = 0;
    for (gsize i = MAX(start, candidate->figure.first < 40 ? 0 : candidate->figure.first - 40);
         i < candidate->figure.first;) {
        gsize n = reading->masked[i] ? 0 : direction_at(tokens, i, &word);
        if (n > 0 && i + n <= candidate->figure.first && word != DIRECTION_NEW && word != DIRECTION_OFF)
            before = word;
        i += MAX(n, 1);
    }
    for (gsize i = candidate->figure.end; i < end && distance < 6 && !is_comma(tokens, i);) {
        gsize n = reading->masked[i] ? 0 : direction_at(tokens, i, &word);
        if (n > 0 && word != DIRECTION_NONE && (word != DIRECTION_NEW || distance == 0)) {
            after = word;
            break;
        }
        if (tokens->at[i].kind == TOKEN_NUMBER || token_is_word(&tokens->at[i], "and"))
            break;
        distance++;
        i += MAX(n, 1);
    }
    if (after != DIRECTION_NONE && (distance <= 1 || before == DIRECTION_NONE))
        return after;
    return before;
}

static bool lower_is_better(const struct reading *reading, struct run metric)
{
    for (gsize i = metric.first; i < metric.end; i++) {
        if (phrase_at(&reading->tokens, i, MEANS_LOWER_IS_BETTER, NULL) > 0)
            return true;
    }
    return false;
}

static void set_direction(const struct reading *reading, struct candidate *candidate)
{
    const struct figure *figure = &candidate->figure;
    enum direction_word word = nearest_direction(reading, candidate);
    if (figure->target)
        candidate->direction = IMPACT_TO;
    else if (figure->sign != 0)
        candidate->direction = figure->sign > 0 ? IMPACT_UP : IMPACT_DOWN;
    else if (word == DIRECTION_UP || word == DIRECTION_NEW)
        candidate->direction = IMPACT_UP;
    else if (word == DIRECTION_DOWN || word == DIRECTION_OFF)
        candidate->direction = IMPACT_DOWN;
    else if (word == DIRECTION_BETTER && candidate->metric.end > candidate->metric.first)
        candidate->direction = lower_is_better(reading, candidate->metric) ? IMPACT_DOWN : IMPACT_UP;
    else if (word == DIRECTION_FASTER && figure->kind == UNIT_TIME)
        candidate->direction = IMPACT_DOWN;
}

static bool is_empty(struct run run)
{
    return run.first == run.end;
}

static void set_metric(const struct reading *reading, struct candidate *candidate)
{
    const struct figure *figure = &candidate->figure;
    const struct tokens *tokens = &reading->tokens;
    bool far = false;
    gsize skipped = 0;
    gsize back = skip_back(reading, figure->first, &skipped);
    struct run before = metric_before(reading, back, false);
    struct run after = metric_from(reading, skip_on(reading, figure->end, &far, &candidate->per));
    bool noun_first = figure->target || (figure->sign != 0 && !figure->factor);
    bool count = figure->kind == 0 || figure->kind == UNIT_OTHER;
    if (far && count)
        after.end = after.first;
    if (!is_empty(before) && (noun_first || is_empty(after) || far))
        candidate->metric = before;
    else
        candidate->metric = after;
    candidate->counted = count && !is_empty(after) && candidate->metric.first == after.first;
    if (is_empty(candidate->metric) && back > 0 &&
        (is_comma(tokens, back - 1) || token_ends_sentence(tokens, back - 1)))
        candidate->metric = metric_before(reading, back - 1, true);
}

static void set_rate(const struct reading *reading, struct candidate *candidate)
{
    const struct tokens *tokens = &reading->tokens;
    const struct phrase *rate = NULL;
    gsize end = sentence_end(reading, candidate->figure.end);
    for (gsize i = candidate->figure.end; candidate->per == NULL && i < end && !is_comma(tokens, i); i++) {
        if (tokens->at[i].kind == TOKEN_NUMBER && !reading->masked[i])
            break;
        bool in_metric = i >= candidate->metric.first && i < candidate->metric.end;
        if (!in_metric && !reading->masked[i] && phrase_at(tokens, i, MEANS_RATE, &rate) > 0)
            candidate->per = rate->name;
    }
    gsize start = sentence_start(reading, candidate->figure.first);
    if (candidate->per == NULL && phrase_at(tokens, start, MEANS_RATE, &rate) > 1)
        candidate->per = rate->name;
}

/* People telling something: "3 customers asked for it". */
static bool is_told(const struct reading *reading, const struct candidate *candidate)
{
    return candidate->counted && candidate->direction == IMPACT_UNSAID &&
           candidate->metric.end < reading->limit &&
           phrase_at(&reading->tokens, candidate->metric.end, MEANS_TELLING, NULL) > 0;
}

static bool judge(const struct reading *reading, struct candidate *candidate)
{
    const struct figure *figure = &candidate->figure;
    set_metric(reading, candidate);
    set_rate(reading, candidate);
    set_direction(reading, candidate);
    bool metric = !is_empty(candidate->metric);
    if (is_told(reading, candidate))
        return false;
    const struct token *before = figure->first > 0 ? &reading->tokens.at[figure->first - 1] : NULL;
    bool equated = before != NULL && (token_is_mark(before, ':') || token_is_mark(before, '='));
    if (figure->kind == 0 &&
        (!metric || (!candidate->counted && !equated && candidate->direction == IMPACT_UNSAID)))
        return false;
    if (figure->factor && !metric)
        return false;
    if (figure->needs_direction && candidate->direction == IMPACT_UNSAID)
        return false;
    candidate->score = (figure->kind == UNIT_SHARE || figure->kind == UNIT_MONEY ? 4
                        : figure->kind != 0                                      ? 3
                                                                                 : 1) +
                       (candidate->direction != IMPACT_UNSAID ? 2 : 0) + (metric ? 1 : 0);
    return true;
}

/* ---- all of it ---- */

static char *text_of(const struct reading *reading, struct run run)
{
    if (is_empty(run))
        return NULL;
    const struct token *first = &reading->tokens.at[run.first], *last = &reading->tokens.at[run.end - 1];
    g_autofree char *verbatim = g_strndup(first->start, (gsize)(last->start + last->length - first->start));
    g_autofree char *plain = rich_plain(verbatim, NULL, NULL);
    return words_normalise(plain);
}

/* "support tickets" are counted in tickets; NPS in nothing. */
static char *counted_unit(const struct reading *reading, struct run metric)
{
    const struct token *last = &reading->tokens.at[metric.end - 1], *first = last;
    bool plural =
        last->length > 2 && last->start[last->length - 1] == 's' && last->start[last->length - 2] != 's';
    while (first - reading->tokens.at > (gssize)metric.first + 1 &&
           is_hyphen(&reading->tokens, (gsize)(first - reading->tokens.at) - 1))
        first -= 2;
    return plural ? g_strndup(first->start, (gsize)(last->start + last->length - first->start)) : NULL;
}

static void take_candidate(const struct reading *reading, const struct candidate *best, struct impact *impact)
{
    const struct figure *figure = &best->figure;
    impact->understood = impact->has_size = true;
    impact->metric = text_of(reading, best->metric);
    impact->direction = best->direction;
    impact->low = figure->low;
    impact->high = figure->high;
    impact->about = figure->about;
    impact->unit = g_strdup(figure->unit);
    if (figure->unit == NULL && best->counted)
        impact->unit = counted_unit(reading, best->metric);
    impact->per = g_strdup(best->per);
}

void impact_parse(const char *text, const GDate *today, struct impact *impact)
{
    struct reading reading = {0};
    struct candidate best = {.score = 0};
    *impact = (struct impact){0};
    g_date_clear(&impact->by, 1);
    tokens_cut(&reading.tokens, text, -1);
    reading.limit = MIN(reading.tokens.count, MOST_TOKENS);
    reading.masked = g_malloc0(reading.tokens.count + 8);
    read_date_of(&reading, today, impact);
    read_confidence(&reading, impact);
    for (gsize i = 0; i < reading.limit; i++) {
        struct candidate candidate = {0};
        if (!figure_at(&reading.tokens, i, reading.masked, &candidate.figure))
            continue;
        if (judge(&reading, &candidate) && candidate.score > best.score)
            best = candidate;
        i = MAX(i, candidate.figure.end - 1);
    }
    if (best.score > 0)
        take_candidate(&reading, &best, impact);
    g_free(reading.masked);
    tokens_done(&reading.tokens);
}

void impact_done(struct impact *impact)
{
    g_free(impact->metric);
    g_free(impact->unit);
    g_free(impact->per);
    *impact = (struct impact){0};
}
