#include "commands/understand/parts.h"

#include <string.h>

#include "bot/chat/richtext.h"

static bool opens_span(char c)
{
    return c == RICH_BOLD || c == RICH_ITALIC || c == RICH_CODE;
}

static bool holds_id(char c)
{
    return c == RICH_PING || c == RICH_PERSON || c == RICH_CHANNEL || c == RICH_LINK;
}

char *rich_part(const char *start, const char *end)
{
    GString *out = g_string_new(NULL);
    int open = 0;
    bool inside = false; /* an id or a link */
    for (const char *at = start; at < end; at++) {
        if (holds_id(*at)) {
            inside = true;
        } else if (opens_span(*at) && !inside) {
            open++;
        } else if (*at == RICH_END) {
            if (!inside && open == 0)
                continue;
            open -= !inside;
            if (!inside && out->len > 0 && opens_span(out->str[out->len - 1])) {
                g_string_truncate(out, out->len - 1); /* nothing is left in it */
                continue;
            }
            inside = false;
        }
        g_string_append_c(out, *at);
    }
    for (; open > 0; open--)
        g_string_append_c(out, RICH_END);
    g_autofree char *plain = rich_plain(out->str, NULL, NULL);
    if (*g_strstrip(plain) == '\0') {
        g_string_free(out, TRUE);
        return NULL;
    }
    return g_strstrip(g_string_free(out, FALSE));
}

/* Back over the "bold begins" in front of a token. */
static const char *before_openers(const struct tokens *tokens, const char *start)
{
    while (start > tokens->text && opens_span(start[-1]))
        start--;
    return start;
}

char *parts_cut(const struct tokens *tokens, gsize first, gsize end)
{
    if (first >= end)
        return NULL;
    return rich_part(before_openers(tokens, tokens->at[first].start),
                     before_openers(tokens, tokens->at[end].start));
}

static void add_part(char **part, char *text)
{
    if (text == NULL)
        return;
    char *both = *part != NULL ? g_strconcat(*part, "\n", text, NULL) : g_strdup(text);
    g_free(*part);
    g_free(text);
    *part = both;
}

/* ---- labels ---- */

static bool is_bullet(const struct token *token)
{
    return token_is_dash(token) || token_is_mark(token, '*') || token_is_mark(token, 0x2022);
}

/* Back over a list mark in front of i. */
static gsize before_bullet(const struct tokens *tokens, gsize i)
{
    while (i > 0 && is_bullet(&tokens->at[i - 1]))
        i--;
    if (i > 1 && (token_is_mark(&tokens->at[i - 1], '.') || token_is_mark(&tokens->at[i - 1], ')')) &&
        tokens->at[i - 2].kind == TOKEN_NUMBER && tokens->at[i - 2].length == 1)
        i -= 2;
    return i;
}

static bool begins_something(const struct tokens *tokens, gsize first, gsize i)
{
    return i <= first || token_ends_sentence(tokens, i - 1) || token_is_mark(&tokens->at[i - 1], ',');
}

/* "Why:" at token i → its length and question. */
static gsize label_at(const struct tokens *tokens, gsize first, gsize i, enum question_kind *question)
{
    const struct phrase *label = NULL;
    gsize n = phrase_at(tokens, i, MEANS_LABEL, &label);
    if (n == 0 || !token_is_mark(&tokens->at[i + n], ':') ||
        !begins_something(tokens, first, before_bullet(tokens, i)))
        return 0;
    *question = (enum question_kind)label->value;
    return n + 1;
}

static bool split_labels(const struct tokens *tokens, gsize first, enum question_kind asked,
                         char *parts[QUESTION_KINDS])
{
    enum question_kind question = asked, next = asked;
    gsize start = first;
    bool any = false;
    for (gsize i = first; i < tokens->count; i++) {
        gsize n = label_at(tokens, first, i, &next);
        if (n == 0)
            continue;
        gsize end = MAX(before_bullet(tokens, i), start);
        add_part(&parts[question], parts_cut(tokens, start, end));
        any = true;
        question = next;
        start = i + n;
        i = start - 1;
    }
    if (any)
        add_part(&parts[question], parts_cut(tokens, start, tokens->count));
    return any;
}

/* ---- what is clearly an impact ---- */

static bool tells_fact(const struct tokens *tokens, gsize first, gsize end)
{
    bool fact = false;
    for (gsize i = first; i < end; i++) {
        if (phrase_at(tokens, i, MEANS_HOPE, NULL) > 0)
            return false;
        fact = fact || phrase_at(tokens, i, MEANS_FACT, NULL) > 0;
    }
    return fact;
}

static bool is_clear_impact(const struct tokens *tokens, gsize first, gsize end, const GDate *today)
{
    if (first >= end || tells_fact(tokens, first, end))
        return false;
    struct impact impact;
    g_autofree char *text =
        g_strndup(tokens->at[first].start, (gsize)(tokens->at[end].start - tokens->at[first].start));
    impact_parse(text, today, &impact);
    bool share = impact.unit != NULL && (strcmp(impact.unit, "%") == 0 || strcmp(impact.unit, "pp") == 0);
    bool clear = impact.understood && impact.direction != IMPACT_UNSAID && (impact.metric != NULL || share);
    impact_done(&impact);
    return clear;
}

static gsize sentence_end(const struct tokens *tokens, gsize i)
{
    while (i < tokens->count && !token_ends_sentence(tokens, i))
        i++;
    return i;
}

static bool is_evidence(const struct tokens *tokens, gsize first, gsize end)
{
    if (first >= end)
        return false;
    g_autofree char *text = parts_cut(tokens, first, end);
    return text != NULL && evidence_understand(text) >= EVIDENCE_ONE_CUSTOMER;
}

/* ---- numbered answers ---- */

/* "2." or "2)" as an item's number at i. */
static bool is_item(const struct tokens *tokens, gsize first, gsize i, int number)
{
    const struct token *token = &tokens->at[i];
    return token->kind == TOKEN_NUMBER && token->length == 1 && token->number == number && token[1].glued &&
           (token_is_mark(token + 1, '.') || token_is_mark(token + 1, ')')) && !token[2].glued &&
           begins_something(tokens, first, i);
}

/* 1. why 2. impact 3. evidence: only when the second is clearly an impact, else it is a list of reasons. */
static bool split_numbers(const struct tokens *tokens, gsize first, const GDate *today,
                          char *parts[QUESTION_KINDS])
{
    gsize items[4] = {0};
    gsize count = 0;
    if (!is_item(tokens, first, first, 1))
        return false;
    for (gsize i = first; i < tokens->count && count < 4; i++) {
        if (is_item(tokens, first, i, (int)count + 1))
            items[count++] = i;
    }
    if (count < 2 || count > 3)
        return false;
    gsize third = count == 3 ? items[2] : tokens->count;
    if (!is_clear_impact(tokens, items[1] + 2, third, today))
        return false;
    parts[QUESTION_WHY] = parts_cut(tokens, items[0] + 2, items[1]);
    parts[QUESTION_IMPACT] = parts_cut(tokens, items[1] + 2, third);
    if (count == 3)
        parts[QUESTION_EVIDENCE] = parts_cut(tokens, third + 2, tokens->count);
    return true;
}

/* ---- a reason, then an impact ---- */

static gsize next_sentence(const struct tokens *tokens, gsize end)
{
    while (end < tokens->count &&
           (token_ends_sentence(tokens, end) || (is_bullet(&tokens->at[end]) && !tokens->at[end + 1].glued)))
        end++;
    return end;
}

static void split_sentences(const struct tokens *tokens, gsize first, const GDate *today,
                            char *parts[QUESTION_KINDS])
{
    gsize start = sentence_end(tokens, first);
    if (is_clear_impact(tokens, first, start, today))
        return; /* no reason comes first */
    for (start = next_sentence(tokens, start); start < tokens->count;) {
        gsize end = sentence_end(tokens, start);
        if (is_clear_impact(tokens, start, end, today) && phrase_at(tokens, start, MEANS_BECAUSE, NULL) == 0)
            break;
        start = next_sentence(tokens, end);
    }
    if (start >= tokens->count)
        return;
    gsize evidence = next_sentence(tokens, sentence_end(tokens, start));
    while (evidence < tokens->count && !is_evidence(tokens, evidence, sentence_end(tokens, evidence)))
        evidence = next_sentence(tokens, sentence_end(tokens, evidence));
    parts[QUESTION_WHY] = parts_cut(tokens, first, start);
    parts[QUESTION_IMPACT] = parts_cut(tokens, start, evidence);
    parts[QUESTION_EVIDENCE] = parts_cut(tokens, evidence, tokens->count);
}

void parts_split(const struct tokens *tokens, gsize first, enum question_kind asked, const GDate *today,
                 char *parts[QUESTION_KINDS])
{
    if (!split_labels(tokens, first, asked, parts) && asked == QUESTION_WHY) {
        if (!split_numbers(tokens, first, today, parts))
            split_sentences(tokens, first, today, parts);
    }
    if (parts[asked] == NULL)
        parts[asked] = parts_cut(tokens, first, tokens->count);
    if (parts[asked] == NULL)
        parts[asked] = g_strdup("");
}
