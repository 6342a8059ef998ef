/* How much work somebody thinks it is: "about two weeks", "3-5 days", "a month or two". */
#include <string.h>

#include "commands/understand/figures.h"
#include "commands/understand/understand.h"

enum { DAY_HOURS = 8, MOST_HOURS = 1000 * 1000 };

/* Working hours; 0 when it is no span of work. */
static double hours_of(const char *unit)
{
    static const struct {
        const char *unit;
        double hours;
    } units[] = {{"minutes", 1.0 / 60},      {"hours", 1},   {"days", DAY_HOURS}, {"weeks", 5 * DAY_HOURS},
                 {"months", 20 * DAY_HOURS}, {"years", 220 * DAY_HOURS}};
    for (gsize i = 0; unit != NULL && i < G_N_ELEMENTS(units); i++) {
        if (strcmp(units[i].unit, unit) == 0)
            return units[i].hours;
    }
    return 0;
}

static bool leads(const struct tokens *tokens, gsize *i)
{
    gsize n = MAX(phrase_at(tokens, *i, MEANS_ABOUT, NULL), phrase_at(tokens, *i, MEANS_RANGE_START, NULL));
    n = MAX(n, MAX(phrase_at(tokens, *i, MEANS_TARGET, NULL), phrase_at(tokens, *i, MEANS_LINK_WORD, NULL)));
    n = MAX(n, MAX(phrase_at(tokens, *i, MEANS_SURE, NULL), phrase_at(tokens, *i, MEANS_FILLER, NULL)));
    if (n == 0 && (token_is_mark(&tokens->at[*i], '~') || token_is_mark(&tokens->at[*i], '<') ||
                   token_is_mark(&tokens->at[*i], '>')))
        n = 1;
    *i += n;
    return n > 0;
}

/* "a week", "half a day", and what is behind them. */
static bool single_at(const struct tokens *tokens, gsize i, struct figure *figure)
{
    const struct phrase *unit = NULL;
    struct captured captured = {0};
    bool half = pattern_at(tokens, i, tokens->count, "half a|an", &captured) > 0;
    gsize n = half ? 2 : phrase_at(tokens, i, MEANS_ARTICLE, NULL);
    gsize units = n > 0 ? phrase_at(tokens, i + n, MEANS_UNIT, &unit) : 0;
    if (units == 0 || (int)unit->value != UNIT_TIME)
        return false;
    *figure = (struct figure){.first = i,
                              .end = i + n + units,
                              .low = half ? 0.5 : 1,
                              .high = half ? 0.5 : 1,
                              .unit = unit->name,
                              .kind = UNIT_TIME};
    return true;
}

static bool work_at(const struct tokens *tokens, gsize i, const guint8 *masked, struct figure *figure)
{
    return (figure_at(tokens, i, masked, figure) || single_at(tokens, i, figure)) && figure->kind == UNIT_TIME &&
           hours_of(figure->unit) > 0;
}

/* "a week or two": one more of the same. */
static bool or_more(const struct tokens *tokens, gsize *i, double *times)
{
    struct captured captured = {0};
    gsize n = pattern_at(tokens, *i, tokens->count, "or <n>", &captured);
    if (n == 0 || !captured.has_n)
        return false;
    *i += n;
    *times = captured.n;
    return true;
}

static int64_t whole(double hours)
{
    return hours < 1 ? 1 : (int64_t)(MIN(hours, MOST_HOURS) + 0.5);
}

bool effort_parse(const char *text, struct effort *effort, const char **rest)
{
    struct tokens tokens;
    struct figure figure;
    *effort = (struct effort){0};
    tokens_cut(&tokens, text, -1);
    g_autofree guint8 *masked = g_new0(guint8, tokens.count + 1);
    gsize i = 0;
    bool found = false;
    do
        found = work_at(&tokens, i, masked, &figure);
    while (!found && i < tokens.count && leads(&tokens, &i));
    if (found) {
        double low = figure.low, high = figure.high;
        gsize end = figure.end;
        if (low == high)
            or_more(&tokens, &end, &high);
        effort->low = whole(MIN(low, high) * hours_of(figure.unit));
        effort->high = whole(MAX(low, high) * hours_of(figure.unit));
        *rest = tokens.at[end].start;
    }
    tokens_done(&tokens);
    return found;
}
