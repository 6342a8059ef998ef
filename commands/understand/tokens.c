#include "commands/understand/phrases.h"

#include <string.h>

#include "bot/chat/richtext.h"

#define NO_BREAK_SPACE 0x00a0
#define NARROW_SPACE 0x202f
#define THIN_SPACE 0x2009
#define SMART_APOSTROPHE 0x2019

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static gsize digits_at(const char *at, const char *end, int *value)
{
    gsize n = 0;
    *value = 0;
    while (at + n < end && is_digit(at[n])) {
        if (n < 8)
            *value = *value * 10 + (at[n] - '0');
        n++;
    }
    return n;
}

static bool is_invisible(gunichar c)
{
    return c == 0x200b || c == 0x200d || c == 0x2060 || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f) ||
           c == 0x00ad;
}

static bool is_pictograph(gunichar c)
{
    if (c >= 0x2190 && c <= 0x21ff)
        return false; /* arrows say something */
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_OTHER_SYMBOL || (type == G_UNICODE_MODIFIER_SYMBOL && c > 0x2000);
}

/* ---- digits ---- */

static bool date_is_real(int year, int month, int day)
{
    return month >= 1 && month <= 12 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

/* 31/12, 12/31/2026: only when one order alone makes sense. */
static void read_slashed(struct token *token, int a, int b, int year)
{
    token->kind = TOKEN_OPAQUE;
    bool day_first = date_is_real(year > 0 ? year : 2028, b, a),
         month_first = date_is_real(year > 0 ? year : 2028, a, b);
    if (day_first == month_first && a != b)
        return;
    if (!day_first && !month_first)
        return;
    if (year == 0 && a == 24 && b == 7)
        return;
    token->kind = TOKEN_DATE;
    token->day = day_first ? a : b;
    token->month = day_first ? b : a;
    token->year = year;
}

/* The length of a date in digits at at, 0 when there is none. */
static gsize read_date(struct token *token, const char *at, const char *end)
{
    int a = 0, b = 0, c = 0;
    gsize la = digits_at(at, end, &a);
    const char *p = at + la;
    if ((la != 4 && la > 2) || p >= end || (*p != '-' && *p != '/' && *p != '.'))
        return 0;
    char separator = *p++;
    gsize lb = digits_at(p, end, &b);
    if (lb == 0 || lb > 2)
        return 0;
    p += lb;
    const char *second_end = p;
    gsize lc = 0;
    if (p < end && *p == separator) {
        lc = digits_at(p + 1, end, &c);
        if (lc > 0)
            p += 1 + lc;
    }
    if (la == 4 && (lc == 1 || lc == 2)) {
        bool real = date_is_real(a, b, c);
        token->kind = real ? TOKEN_DATE : TOKEN_OPAQUE;
        token->year = a;
        token->month = b;
        token->day = c;
        return (gsize)(p - at);
    }
    if (la == 4 && separator == '-' && lb == 2 && lc == 0 && a >= 1900 && a < 2200 && b >= 1 && b <= 12) {
        token->kind = TOKEN_DATE;
        token->year = a;
        token->month = b;
        return (gsize)(second_end - at);
    }
    if (la > 2)
        return 0;
    if (separator == '.' && lc == 4) {
        token->kind = date_is_real(c, b, a) ? TOKEN_DATE : TOKEN_OPAQUE;
        token->day = a;
        token->month = b;
        token->year = c;
        return (gsize)(p - at);
    }
    if (separator == '/' && (lc == 0 || lc == 2 || lc == 4)) {
        read_slashed(token, a, b, lc == 2 ? 2000 + c : c);
        return (gsize)(p - at);
    }
    return 0;
}

/* The separator of digit groups at p (its length in *length), 0 when there is none. */
static gunichar separator_at(const char *p, const char *end, gsize *length)
{
    if (p >= end)
        return 0;
    gunichar c = g_utf8_get_char(p);
    *length = (gsize)(g_utf8_next_char(p) - p);
    if (p + *length >= end || !is_digit(p[*length]))
        return 0;
    if (c == SMART_APOSTROPHE)
        return '\'';
    if (c == ' ' || c == NO_BREAK_SPACE || c == NARROW_SPACE || c == THIN_SPACE)
        return ' ';
    return c == '.' || c == ',' || c == '\'' ? c : 0;
}

/* 40, 1.5, 1,5, 1,000, 1 000, 1.000,50, 1'000: the value, or an opaque token where it could be two. */
static gsize read_number(struct token *token, const char *at, const char *end)
{
    GString *whole = g_string_new(NULL);
    g_autofree char *fraction = NULL;
    gunichar grouping = 0;
    bool opaque = false;
    int unused = 0;
    gsize first = digits_at(at, end, &unused);
    const char *p = at + first;
    g_string_append_len(whole, at, (gssize)first);
    for (;;) {
        gsize length = 0;
        gunichar c = separator_at(p, end, &length);
        if (c == 0)
            break;
        gsize digits = digits_at(p + length, end, &unused);
        bool group = digits == 3 && first <= 3 && at[0] != '0';
        if (c == ' ' || c == '\'') {
            if (!group || (grouping != 0 && grouping != c) || fraction != NULL)
                break;
        } else if (fraction != NULL) {
            opaque = true; /* 1.2.3, 5,10,15 */
        } else if (grouping == c && !group) {
            opaque = true;
        } else if (grouping != 0 && grouping != c) {
            fraction = g_strndup(p + length, digits);
        } else if (!group) {
            if (c == ',' && digits > 2)
                break;
            fraction = g_strndup(p + length, digits);
        }
        if (fraction == NULL) {
            g_string_append_len(whole, p + length, (gssize)digits);
            /* 1.000 alone may be one or a thousand. */
            opaque = opaque || (c == '.' && grouping == 0);
            if (c == '.' && grouping == '.')
                opaque = false;
            grouping = c;
        } else if (grouping == '.' && c == ',') {
            opaque = false;
        }
        p += length + digits;
    }
    token->kind = opaque || whole->len > 15 ? TOKEN_OPAQUE : TOKEN_NUMBER;
    if (fraction != NULL) {
        g_string_append_c(whole, '.');
        g_string_append_len(whole, fraction, (gssize)MIN(strlen(fraction), 9));
    }
    token->number = g_ascii_strtod(whole->str, NULL);
    g_string_free(whole, TRUE);
    return (gsize)(p - at);
}

/* ---- words and marks ---- */

static bool is_apostrophe(gunichar c)
{
    return c == '\'' || c == SMART_APOSTROPHE;
}

static const char *word_end(const char *at, const char *end)
{
    while (at < end) {
        gunichar c = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        bool inside = g_unichar_isalnum(c) || g_unichar_ismark(c);
        if (!inside && is_apostrophe(c) && next < end)
            inside = g_unichar_isalpha(g_utf8_get_char(next));
        if (!inside)
            break;
        at = next;
    }
    return at;
}

static const char *fold_word(GStringChunk *words, const char *start, gsize length)
{
    char *word = g_string_chunk_insert_len(words, start, (gssize)length);
    if (g_str_is_ascii(word)) {
        for (char *c = word; *c != '\0'; c++)
            *c = g_ascii_tolower(*c);
        return word;
    }
    g_autofree char *folded = g_utf8_casefold(start, (gssize)length);
    GString *straight = g_string_sized_new(length);
    for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        g_string_append_unichar(straight, c == SMART_APOSTROPHE ? '\'' : c);
    }
    const char *kept = g_string_chunk_insert_len(words, straight->str, (gssize)straight->len);
    g_string_free(straight, TRUE);
    return kept;
}

/* :thumbsup: and :+1: */
static gsize emoji_name_at(const char *at, const char *end)
{
    const char *p = at + 1;
    while (p < end && p - at < 48 &&
           (g_ascii_islower(*p) || is_digit(*p) || *p == '_' || *p == '+' || *p == '-'))
        p++;
    if (p >= end || *p != ':' || p == at + 1)
        return 0;
    return g_ascii_islower(at[1]) || at[1] == '+' || at[1] == '-' ? (gsize)(p + 1 - at) : 0;
}

static bool is_rich(gunichar c)
{
    return (c >= RICH_BOLD && c <= RICH_QUOTE) || c == RICH_SEP || c == RICH_END;
}

/* Behind the marker that begins at at; behind its contents when it is never closed. */
static const char *marker_end(const char *at, const char *end)
{
    at++;
    while (at < end && (*at == RICH_SEP || !is_rich((guchar)*at)))
        at++;
    return at < end && *at == RICH_END ? at + 1 : at;
}

static const char *cut_marker(struct tokens *tokens, struct token *token, const char *at, const char *end)
{
    const char *after = marker_end(at, end);
    bool closed = after > at && after[-1] == RICH_END;
    token->kind = (*at == RICH_PING || *at == RICH_PERSON) && closed ? TOKEN_PERSON : TOKEN_OPAQUE;
    if (token->kind == TOKEN_PERSON)
        token->word = g_string_chunk_insert_len(tokens->words, at + 1, after - at - 2);
    return after;
}

void tokens_cut(struct tokens *tokens, const char *text, gssize size)
{
    const char *end = text + (size < 0 ? strlen(text) : (gsize)size);
    tokens->array = g_array_sized_new(FALSE, FALSE, sizeof(struct token), 64);
    tokens->words = g_string_chunk_new(512);
    tokens->text = text;
    bool glued = false;
    for (const char *at = text; at < end;) {
        gunichar c = g_utf8_get_char(at);
        struct token token = {.kind = TOKEN_MARK, .start = at, .glued = glued, .mark = c};
        const char *next = g_utf8_next_char(at);
        glued = true;
        if (c == '\n') {
            token.kind = TOKEN_LINE;
        } else if (g_unichar_isspace(c)) {
            glued = false;
            at = next;
            continue;
        } else if (c == RICH_PING || c == RICH_PERSON || c == RICH_CHANNEL || c == RICH_LINK) {
            next = cut_marker(tokens, &token, at, end);
        } else if (is_rich(c) || is_invisible(c)) {
            glued = token.glued;
            at = next;
            continue;
        } else if (c < 0x80 && is_digit((char)c)) {
            gsize length = read_date(&token, at, end);
            next = at + (length > 0 ? length : read_number(&token, at, end));
        } else if (g_unichar_isalnum(c)) {
            token.kind = TOKEN_WORD;
            next = word_end(at, end);
            token.word = fold_word(tokens->words, at, (gsize)(next - at));
        } else if (c == ':' && emoji_name_at(at, end) > 0) {
            token.kind = TOKEN_EMOJI;
            next = at + emoji_name_at(at, end);
        } else if (is_pictograph(c) || g_unichar_ismark(c)) {
            token.kind = TOKEN_EMOJI;
        }
        token.length = (gsize)(next - at);
        g_array_append_val(tokens->array, token);
        at = next;
    }
    tokens->count = tokens->array->len;
    struct token last = {.kind = TOKEN_END, .start = end};
    g_array_append_val(tokens->array, last);
    tokens->at = (struct token *)(void *)tokens->array->data;
    phrases_note(tokens);
}

void tokens_done(struct tokens *tokens)
{
    g_array_free(tokens->array, TRUE);
    g_string_chunk_free(tokens->words);
}

bool token_is_word(const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && strcmp(token->word, word) == 0;
}

bool token_is_mark(const struct token *token, gunichar mark)
{
    return token->kind == TOKEN_MARK && token->mark == mark;
}

bool token_is_dash(const struct token *token)
{
    return token->kind == TOKEN_MARK &&
           (token->mark == '-' || (token->mark >= 0x2010 && token->mark <= 0x2015));
}

bool token_ends_sentence(const struct tokens *tokens, gsize i)
{
    const struct token *token = &tokens->at[i];
    if (token->kind == TOKEN_LINE)
        return true;
    if (token->kind != TOKEN_MARK)
        return false;
    if (token->mark == '!' || token->mark == '?' || token->mark == ';' || token->mark == 0x2026)
        return true;
    if (token->mark != '.')
        return token->mark == 0x3002;
    /* "p.a.", "e.g." and "1. first" go on. */
    const struct token *after = &tokens->at[i + 1];
    if (after->glued && after->kind != TOKEN_LINE && after->kind != TOKEN_END && after->kind != TOKEN_MARK)
        return false;
    if (i > 0 && tokens->at[i - 1].kind == TOKEN_WORD && tokens->at[i - 1].length == 1 && i > 1 &&
        token_is_mark(&tokens->at[i - 2], '.'))
        return after->kind == TOKEN_END || after->kind == TOKEN_LINE;
    if (i > 0 && tokens->at[i - 1].kind == TOKEN_WORD &&
        (token_is_word(&tokens->at[i - 1], "approx") || token_is_word(&tokens->at[i - 1], "ca")))
        return false;
    return true;
}
