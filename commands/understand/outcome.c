/* What people say came of an ask: as expected, partly, below or not known, and the figure beside it. */
#include <string.h>

#include "commands/understand/figures.h"
#include "commands/understand/understand.h"

/* Behind a word that was taken: blanks and what divides it from the rest. */
static const char *skip_division(const char *at)
{
    for (;; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool divides = c == ',' || c == ':' || c == ';' || c == '.' || c == 0x2013 || c == 0x2014;
        bool dash = c == '-' && g_unichar_isspace(g_utf8_get_char(at + 1));
        if (!divides && !dash && !g_unichar_isspace(c))
            return at;
    }
}

/* How many tokens the phrase is at the beginning; 0 when something else stands there. */
static gsize begins_with(const struct tokens *tokens, const char *phrase)
{
    g_auto(GStrv) words = g_strsplit(phrase, " ", -1);
    gsize n = 0;
    for (; words[n] != NULL; n++) {
        const struct token *token = &tokens->at[n];
        bool same = token->kind == TOKEN_WORD ? strcmp(token->word, words[n]) == 0
                                              : token->kind == TOKEN_MARK && token->length == strlen(words[n]) &&
                                                    memcmp(token->start, words[n], token->length) == 0;
        if (!same)
            return 0;
    }
    return n;
}

static gsize outcome_at_start(const struct tokens *tokens, enum outcome_kind *kind)
{
    gsize longest = 0;
    for (gsize l = 0; languages[l] != NULL; l++) {
        for (const struct phrase *phrase = languages[l]->outcomes; phrase != NULL && phrase->text != NULL; phrase++) {
            gsize n = begins_with(tokens, phrase->text);
            if (n > longest) {
                longest = n;
                *kind = (enum outcome_kind)phrase->value;
            }
        }
    }
    return longest;
}

enum outcome_kind outcome_understand(const char *text, const char **rest)
{
    struct tokens tokens;
    enum outcome_kind kind = OUTCOME_UNSAID;
    *rest = text;
    tokens_cut(&tokens, text, -1);
    gsize n = outcome_at_start(&tokens, &kind), unknown = phrase_at(&tokens, 0, MEANS_DONT_KNOW, NULL);
    if (unknown > n)
        kind = OUTCOME_UNKNOWN;
    if (kind != OUTCOME_UNSAID) {
        const struct token *last = &tokens.at[MAX(n, unknown) - 1];
        *rest = skip_division(last->start + last->length);
    }
    tokens_done(&tokens);
    return kind;
}

/* "instead of 5%", "not 5%", "expected 5%": what was hoped for stands there. */
static bool hope_at(const struct tokens *tokens, gsize i)
{
    const struct phrase *trade = NULL;
    return (phrase_at(tokens, i, MEANS_GIVES_WAY, &trade) > 0 && (int)trade->value == TRADE_INSTEAD) ||
           phrase_at(tokens, i, MEANS_HOPE, NULL) > 0 || phrase_at(tokens, i, MEANS_NOT, NULL) > 0;
}

static gsize told_part(const struct tokens *tokens)
{
    for (gsize i = 1; i < tokens->count; i++) {
        if (hope_at(tokens, i))
            return (gsize)(tokens->at[i].start - tokens->text);
    }
    return strlen(tokens->text);
}

/* A number that stands alone, without anything that says what it counts. */
static void take_bare_number(const char *text, struct actual *actual)
{
    struct tokens tokens;
    tokens_cut(&tokens, text, -1);
    g_autofree guint8 *masked = g_malloc0(tokens.count + 8);
    struct figure figure;
    for (gsize i = 0; i < tokens.count && !actual->understood; i++) {
        if (tokens.at[i].kind != TOKEN_NUMBER || !figure_at(&tokens, i, masked, &figure) || figure.low != figure.high)
            continue;
        *actual = (struct actual){
            .understood = true,
            .figure = figure.low,
            .direction = figure.sign < 0 ? IMPACT_DOWN : figure.sign > 0 ? IMPACT_UP : figure.target ? IMPACT_TO : IMPACT_UNSAID,
            .unit = g_strdup(figure.unit),
        };
    }
    tokens_done(&tokens);
}

void actual_parse(const char *text, const GDate *today, struct actual *actual)
{
    struct tokens tokens;
    *actual = (struct actual){0};
    tokens_cut(&tokens, text, -1);
    g_autofree char *told = g_strndup(text, told_part(&tokens));
    tokens_done(&tokens);
    struct impact impact;
    impact_parse(told, today, &impact);
    if (impact.understood && impact.has_size && impact.low == impact.high)
        *actual = (struct actual){.understood = true,
                                  .figure = impact.low,
                                  .direction = impact.direction,
                                  .unit = g_steal_pointer(&impact.unit)};
    else if (!impact.understood)
        take_bare_number(told, actual);
    impact_done(&impact);
}

void actual_done(struct actual *actual)
{
    g_free(actual->unit);
    *actual = (struct actual){0};
}
