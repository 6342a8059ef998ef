#include "commands/understand/figures.h"

#include <string.h>

/* A number with what is written at it: currency, "k", unit. */
struct amount {
    gsize first, end;
    double value, magnitude;
    const char *unit;
    enum unit_kind kind;
    bool times;
};

static bool is_sign(const struct tokens *tokens, gsize i, int *sign)
{
    const struct token *token = &tokens->at[i];
    if (token->kind != TOKEN_MARK || !token[1].glued)
        return false;
    if (token->glued && i > 0 && tokens->at[i - 1].kind != TOKEN_MARK && tokens->at[i - 1].kind != TOKEN_LINE)
        return false;
    if (token->mark == '+')
        *sign = 1;
    else if (token->mark == '-' || token->mark == 0x2212 || token->mark == 0x2013)
        *sign = -1;
    else
        return false;
    return true;
}

static bool is_letter(const struct token *token)
{
    return token->kind == TOKEN_WORD && token->length == 1;
}

static void read_magnitude(const struct tokens *tokens, struct amount *amount, bool money)
{
    const struct phrase *magnitude = NULL;
    const struct token *token = &tokens->at[amount->end];
    gsize n = phrase_at(tokens, amount->end, MEANS_MAGNITUDE, &magnitude);
    if (n == 0)
        return;
    bool letter = is_letter(token);
    /* "40k", "5m users", "$3B"; but "5 m" and "7b" may be anything. */
    if (letter && (!token->glued || (magnitude->value > 1e6 && !money)))
        return;
    amount->magnitude = magnitude->value;
    amount->end += n;
}

static void read_unit(const struct tokens *tokens, struct amount *amount)
{
    const struct phrase *unit = NULL;
    gsize n = phrase_at(tokens, amount->end, MEANS_UNIT, &unit);
    const struct token *token = &tokens->at[amount->end];
    if (n == 0 || (is_letter(token) && !token->glued && token->word[0] == 's'))
        return;
    amount->unit = unit->name;
    amount->kind = (enum unit_kind)unit->value;
    amount->end += n;
}

/* "3x", "3 times", but not "3 x". */
static bool is_times(const struct tokens *tokens, gsize i)
{
    const struct token *token = &tokens->at[i];
    return phrase_at(tokens, i, MEANS_TIMES_WORD, NULL) > 0 && (!is_letter(token) || token->glued);
}

/* The amount whose number is at token i. Digits stuck to other letters ("2FA") or marks ("v2.0", "9:00") are
 * none. */
static bool amount_at(const struct tokens *tokens, gsize i, const guint8 *masked, struct amount *amount)
{
    const struct token *token = &tokens->at[i];
    const struct phrase *phrase = NULL;
    *amount = (struct amount){.first = i, .end = i + 1, .magnitude = 1};
    if (masked[i])
        return false;
    if (token->kind == TOKEN_NUMBER) {
        amount->value = token->number;
    } else if (token->kind == TOKEN_WORD) {
        gsize n = phrase_at(tokens, i, MEANS_NUMBER, &phrase);
        if (n == 0 || token->glued)
            return false;
        amount->value = phrase->value;
        amount->end = i + n;
    } else {
        return false;
    }
    if (i > 0 && phrase_before(tokens, i, MEANS_UNIT, &phrase) > 0 && (int)phrase->value == UNIT_MONEY) {
        amount->first = i - phrase_before(tokens, i, MEANS_UNIT, &phrase);
        amount->unit = phrase->name;
        amount->kind = UNIT_MONEY;
    }
    read_magnitude(tokens, amount, amount->kind == UNIT_MONEY);
    if (amount->unit == NULL)
        read_unit(tokens, amount);
    if (amount->unit == NULL && is_times(tokens, amount->end)) {
        amount->times = true;
        amount->end++;
        if (phrase_at(tokens, amount->end, MEANS_RATE, NULL) > 0)
            return false; /* "3 times a week" */
    }
    const struct token *after = &tokens->at[amount->end];
    if (after->kind == TOKEN_WORD && after->glued && tokens->at[amount->end - 1].kind == TOKEN_NUMBER)
        return false;
    if (token_is_mark(after, ':') && after->glued && after[1].glued && after[1].kind == TOKEN_NUMBER)
        return false;
    if (token->kind == TOKEN_WORD && amount->value == 1 && amount->kind != UNIT_TIME)
        return false;
    return token->kind == TOKEN_NUMBER || !(token_is_word(token, "a") || token_is_word(token, "an")) ||
           amount->value > 1;
}

/* "1 in 5", "9 out of 10": neither number is how much. */
static bool is_proportion(const struct tokens *tokens, const struct amount *amount)
{
    if (amount->unit != NULL || amount->magnitude > 1)
        return false;
    gsize on = phrase_at(tokens, amount->end, MEANS_PROPORTION, NULL);
    gsize back = phrase_before(tokens, amount->first, MEANS_PROPORTION, NULL);
    return (on > 0 && tokens->at[amount->end + on].kind == TOKEN_NUMBER) ||
           (back > 0 && amount->first > back && tokens->at[amount->first - back - 1].kind == TOKEN_NUMBER);
}

/* A number that names something or continues a name: "#42", "phase 2", "v2.0", "24:00". */
static bool is_name(const struct tokens *tokens, const struct amount *amount)
{
    gsize i = amount->first;
    if (i == 0)
        return false;
    const struct token *before = &tokens->at[i - 1];
    if (phrase_before(tokens, i, MEANS_LABEL_NUMBER, NULL) > 0 && amount->unit == NULL &&
        amount->magnitude == 1)
        return true;
    if (!tokens->at[i].glued)
        return false;
    if (token_is_mark(before, ':') || token_is_mark(before, '.') || token_is_mark(before, '/') ||
        token_is_mark(before, '_') || token_is_mark(before, '@'))
        return i > 1 && before->glued &&
               (tokens->at[i - 2].kind == TOKEN_WORD || tokens->at[i - 2].kind == TOKEN_NUMBER) &&
               !(token_is_mark(before, ':') && tokens->at[i - 2].kind == TOKEN_WORD);
    /* "sign-up-2", "covid-19" */
    return before->kind == TOKEN_WORD || before->kind == TOKEN_NUMBER ||
           (token_is_dash(before) && before->glued && i > 1 && tokens->at[i - 2].kind == TOKEN_WORD);
}

static bool is_year(const struct token *token, const struct amount *amount)
{
    return token->kind == TOKEN_NUMBER && token->length == 4 && token->number >= 2010 &&
           token->number <= 2040 && amount->unit == NULL && amount->magnitude == 1;
}

static void take_amount(struct figure *figure, const struct amount *amount)
{
    figure->low = figure->high = amount->value * amount->magnitude;
    figure->unit = amount->unit;
    figure->kind = amount->kind;
    figure->end = amount->end;
}

/* What comes behind the first amount: "-30 %", "to 30 %", "→ 3 %". False when there is none. */
static bool read_second(const struct tokens *tokens, const guint8 *masked, const struct amount *first,
                        bool from, bool between, struct figure *figure)
{
    const struct phrase *phrase = NULL, *joining = NULL;
    struct amount second;
    gsize at = first->end;
    gsize target = phrase_at(tokens, at, MEANS_TARGET, &phrase);
    gsize range = phrase_at(tokens, at, MEANS_RANGE, &joining);
    bool arrow = target > range;
    gsize joint = arrow ? target : range;
    if (joint == 0 || masked[at])
        return false;
    if (!arrow && (int)joining->value == RANGE_AND && !between)
        return false;
    bool dash = !arrow && token_is_dash(&tokens->at[at]);
    if (dash && tokens->at[at].glued != tokens->at[at + 1].glued)
        return false;
    at += joint;
    at += phrase_at(tokens, at, MEANS_ABOUT, NULL);
    gsize currency = phrase_at(tokens, at, MEANS_UNIT, &phrase);
    if (currency > 0 && (int)phrase->value == UNIT_MONEY)
        at += currency;
    if (!amount_at(tokens, at, masked, &second) || second.times)
        return false;
    if (first->kind != 0 && second.kind != 0 && strcmp(first->unit, second.unit) != 0)
        return false;
    double low = first->value * first->magnitude, high = second.value * second.magnitude;
    if (first->magnitude == 1 && second.magnitude > 1 && first->value <= second.value)
        low = first->value * second.magnitude;
    take_amount(figure, &second);
    if (figure->unit == NULL) {
        figure->unit = first->unit;
        figure->kind = first->kind;
    }
    bool towards = arrow || from || (high < low && (int)joining->value == RANGE_TO);
    if (towards) {
        figure->target = true;
        return true;
    }
    if (high < low)
        return false;
    figure->low = low;
    return true;
}

/* "twice as many", "halve", "3x", "by half" as percent. */
static bool factor_at(const struct tokens *tokens, gsize i, const guint8 *masked, struct figure *figure)
{
    const struct phrase *phrase = NULL;
    gsize n = masked[i] ? 0 : phrase_at(tokens, i, MEANS_TIMES, &phrase);
    double percent = 0;
    struct amount amount;
    if (n > 0) {
        percent = phrase->value;
        figure->needs_direction = phrase->name != NULL;
        figure->end = i + n;
    } else if (amount_at(tokens, i, masked, &amount) && amount.times && amount.value > 1 &&
               amount.value <= 1000 && !is_name(tokens, &amount)) {
        percent = (amount.value - 1) * 100;
        figure->end = amount.end;
    } else {
        return false;
    }
    figure->first = i;
    figure->factor = true;
    figure->low = figure->high = percent < 0 ? -percent : percent;
    figure->unit = "%";
    figure->kind = UNIT_SHARE;
    if (!figure->needs_direction)
        figure->sign = percent < 0 ? -1 : 1;
    return true;
}

bool figure_at(const struct tokens *tokens, gsize i, const guint8 *masked, struct figure *figure)
{
    struct amount amount, tail;
    *figure = (struct figure){0};
    if (factor_at(tokens, i, masked, figure))
        return true;
    if (!amount_at(tokens, i, masked, &amount) || amount.times || is_name(tokens, &amount) ||
        is_proportion(tokens, &amount) || is_year(&tokens->at[i], &amount))
        return false;
    figure->first = amount.first;
    take_amount(figure, &amount);
    tail = amount;
    if (figure->first > 0 && is_sign(tokens, figure->first - 1, &figure->sign)) {
        figure->first--;
        const struct phrase *phrase = NULL;
        gsize n = amount.unit == NULL ? phrase_before(tokens, figure->first, MEANS_UNIT, &phrase) : 0;
        if (n > 0 && (int)phrase->value == UNIT_MONEY && tokens->at[figure->first].glued) {
            tail.unit = figure->unit = phrase->name;
            tail.kind = figure->kind = UNIT_MONEY;
            figure->first -= n;
        }
    }
    gsize about = phrase_before(tokens, figure->first, MEANS_ABOUT, NULL);
    figure->first -= about;
    const struct phrase *start = NULL;
    gsize opening = phrase_before(tokens, figure->first, MEANS_RANGE_START, &start);
    bool from = opening > 0 && (int)start->value == RANGE_FROM,
         between = opening > 0 && (int)start->value == RANGE_BETWEEN;
    if (read_second(tokens, masked, &tail, from, between, figure)) {
        figure->first -= opening;
    } else {
        const struct phrase *phrase = NULL;
        gsize n = phrase_before(tokens, figure->first, MEANS_TARGET, &phrase);
        if (n > 0 && phrase->value == 0 && figure->sign == 0 && !masked[figure->first - 1]) {
            figure->target = true;
            figure->first -= n;
            about += phrase_before(tokens, figure->first, MEANS_ABOUT, NULL);
        }
    }
    gsize after = phrase_at(tokens, figure->end, MEANS_ABOUT, NULL);
    if (after > 1) {
        about = after;
        figure->end += after;
    }
    figure->about = about > 0;
    return true;
}
