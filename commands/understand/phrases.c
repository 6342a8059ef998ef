#include "commands/understand/phrases.h"

#include <string.h>

const struct language *const languages[] = {&english, NULL};

/* ---- phrases ---- */

/* Whether the element (a word or one mark) is this token. */
static bool element_is(const struct token *token, const char *element, gsize length)
{
    if (token->kind == TOKEN_WORD)
        return strncmp(token->word, element, length) == 0 && token->word[length] == '\0';
    if (token->kind == TOKEN_MARK || token->kind == TOKEN_EMOJI)
        return token->length == length && memcmp(token->start, element, length) == 0;
    return false;
}

static char first_sign(const struct token *token)
{
    return token->kind == TOKEN_WORD ? token->word[0] : token->start[0];
}

static gsize match_phrase(const struct tokens *tokens, gsize i, const char *text)
{
    gsize n = 0;
    while (*text != '\0') {
        gsize length = strcspn(text, " ");
        if (!element_is(&tokens->at[i + n], text, length))
            return 0;
        n++;
        text += length;
        if (*text == ' ')
            text++;
    }
    return n;
}

static guint64 bit_of(enum meaning meaning)
{
    return G_GUINT64_CONSTANT(1) << meaning;
}

/* The first words and marks of all phrases → guint64, the meanings they may have. */
static GHashTable *first_elements(void)
{
    static GHashTable *elements;
    if (g_once_init_enter(&elements)) {
        GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (gsize l = 0; languages[l] != NULL; l++) {
            for (gsize meaning = 0; meaning < MEANINGS; meaning++) {
                const struct phrase *phrase = languages[l]->lists[meaning];
                for (; phrase != NULL && phrase->text != NULL; phrase++) {
                    g_autofree char *element = g_strndup(phrase->text, strcspn(phrase->text, " "));
                    guint64 *begins = g_hash_table_lookup(all, element);
                    if (begins == NULL) {
                        begins = g_new0(guint64, 1);
                        g_hash_table_insert(all, g_steal_pointer(&element), begins);
                    }
                    *begins |= bit_of((enum meaning)meaning);
                }
            }
        }
        g_once_init_leave(&elements, all);
    }
    return elements;
}

void phrases_note(struct tokens *tokens)
{
    GHashTable *elements = first_elements();
    for (gsize i = 0; i < tokens->count; i++) {
        struct token *token = &tokens->at[i];
        const guint64 *begins = NULL;
        if (token->kind == TOKEN_WORD) {
            begins = g_hash_table_lookup(elements, token->word);
        } else if (token->kind == TOKEN_MARK || token->kind == TOKEN_EMOJI) {
            g_autofree char *sign = g_strndup(token->start, token->length);
            begins = g_hash_table_lookup(elements, sign);
        }
        token->begins = begins != NULL ? *begins : 0;
    }
}

gsize phrase_at(const struct tokens *tokens, gsize i, enum meaning meaning, const struct phrase **found)
{
    gsize longest = 0;
    const struct token *token = &tokens->at[i];
    if ((token->begins & bit_of(meaning)) == 0) /* most words of most texts */
        return 0;
    char first = first_sign(token);
    for (gsize l = 0; languages[l] != NULL; l++) {
        const struct phrase *phrase = languages[l]->lists[meaning];
        for (; phrase != NULL && phrase->text != NULL; phrase++) {
            gsize n = phrase->text[0] == first ? match_phrase(tokens, i, phrase->text) : 0;
            if (n > longest) {
                longest = n;
                if (found != NULL)
                    *found = phrase;
            }
        }
    }
    return longest;
}

gsize phrase_before(const struct tokens *tokens, gsize i, enum meaning meaning, const struct phrase **found)
{
    for (gsize n = MIN(i, 4); n > 0; n--) {
        if (phrase_at(tokens, i - n, meaning, found) == n)
            return n;
    }
    return 0;
}

/* ---- patterns ---- */

static const struct {
    const char *name;
    enum meaning meaning, second; /* second: MEANINGS when there is none */
} slots[] = {
    {"month", MEANS_MONTH, MEANS_SHORT_MONTH},
    {"long-month", MEANS_MONTH, MEANINGS},
    {"weekday", MEANS_WEEKDAY, MEANS_SHORT_WEEKDAY},
    {"long-weekday", MEANS_WEEKDAY, MEANINGS},
    {"span", MEANS_SPAN, MEANINGS},
    {"quarter", MEANS_QUARTER, MEANINGS},
    {"half", MEANS_HALF, MEANINGS},
    {"article", MEANS_ARTICLE, MEANINGS},
    {"because", MEANS_BECAUSE, MEANINGS},
    {"who", MEANS_WHO, MEANINGS},
    {"wants", MEANS_WANTS, MEANINGS},
    {"it", MEANS_IT, MEANINGS},
    {"empty", MEANS_EMPTY, MEANINGS},
    {"skip", MEANS_SKIP, MEANINGS},
    {"later", MEANS_LATER, MEANINGS},
    {"dont-know", MEANS_DONT_KNOW, MEANINGS},
    {"chat", MEANS_CHAT, MEANINGS},
    {"greeting", MEANS_GREETING, MEANINGS},
    {"knows", MEANS_KNOWS, MEANINGS},
    {"ask", MEANS_ASK, MEANINGS},
    {"tail", MEANS_TAIL, MEANINGS},
    {"no", MEANS_NO, MEANINGS},
};

static gsize match_number(const struct tokens *tokens, gsize i, double *n)
{
    const struct phrase *phrase = NULL;
    if (tokens->at[i].kind == TOKEN_NUMBER) {
        *n = tokens->at[i].number;
        return 1;
    }
    gsize length = phrase_at(tokens, i, MEANS_NUMBER, &phrase);
    if (length > 0)
        *n = phrase->value;
    return length;
}

static gsize match_day(const struct tokens *tokens, gsize i, bool ordinal, int *day)
{
    const struct token *token = &tokens->at[i];
    if (token->kind != TOKEN_NUMBER || token->length > 2 || token->number < 1 || token->number > 31)
        return 0;
    *day = (int)token->number;
    const struct token *after = token + 1;
    gsize ending = after->glued ? phrase_at(tokens, i + 1, MEANS_ORDINAL_END, NULL) : 0;
    if (ending > 0)
        return 1 + ending;
    /* 5% and 20k are no days, and "20 %" neither. */
    if (ordinal || (after->glued && after->kind == TOKEN_WORD) || token_is_mark(after, '%'))
        return 0;
    return 1;
}

static gsize match_year(const struct tokens *tokens, gsize i, int *year)
{
    const struct token *token = &tokens->at[i];
    if (token->kind == TOKEN_NUMBER && token->length == 4 && token->number >= 1990 && token->number < 2100) {
        *year = (int)token->number;
        return 1;
    }
    if (token->kind == TOKEN_MARK && (token->mark == '\'' || token->mark == 0x2019) &&
        token[1].kind == TOKEN_NUMBER && token[1].glued && token[1].length == 2) {
        *year = 2000 + (int)token[1].number;
        return 2;
    }
    return 0;
}

static void keep_capture(struct captured *captured, enum meaning meaning, int value)
{
    if (meaning == MEANS_MONTH || meaning == MEANS_SHORT_MONTH)
        captured->month = value;
    else if (meaning == MEANS_WEEKDAY || meaning == MEANS_SHORT_WEEKDAY)
        captured->weekday = value;
    else if (meaning == MEANS_SPAN)
        captured->span = value;
    else if (meaning == MEANS_QUARTER)
        captured->quarter = value;
    else if (meaning == MEANS_HALF)
        captured->half = value;
}

static bool name_is(const char *name, gsize length, const char *other)
{
    return strlen(other) == length && memcmp(name, other, length) == 0;
}

/* name: what stands between < and >. */
static gsize match_slot(const struct tokens *tokens, gsize i, gsize limit, const char *name, gsize length,
                        struct captured *captured)
{
    const struct token *token = &tokens->at[i];
    if (name_is(name, length, "n")) {
        gsize n = match_number(tokens, i, &captured->n);
        captured->has_n = captured->has_n || n > 0;
        return n;
    }
    if (name_is(name, length, "day"))
        return match_day(tokens, i, false, &captured->day);
    if (name_is(name, length, "ordinal"))
        return match_day(tokens, i, true, &captured->day);
    if (name_is(name, length, "year"))
        return match_year(tokens, i, &captured->year);
    if (name_is(name, length, "date") || name_is(name, length, "dm")) {
        if (token->kind != TOKEN_DATE || (token->year == 0) != (length == 2))
            return 0;
        captured->date = token;
        return 1;
    }
    if (name_is(name, length, "person")) {
        captured->person = token;
        return token->kind == TOKEN_PERSON ? 1 : 0;
    }
    if (name_is(name, length, "rest"))
        return limit - i;
    for (gsize s = 0; s < G_N_ELEMENTS(slots); s++) {
        if (!name_is(name, length, slots[s].name))
            continue;
        const struct phrase *phrase = NULL;
        gsize n = phrase_at(tokens, i, slots[s].meaning, &phrase);
        enum meaning meaning = slots[s].meaning;
        if (n == 0 && slots[s].second != MEANINGS) {
            meaning = slots[s].second;
            n = phrase_at(tokens, i, meaning, &phrase);
        }
        if (n > 0)
            keep_capture(captured, meaning, (int)phrase->value);
        return n;
    }
    g_assert_not_reached(); /* a slot misspelt in a language's table; every pattern is tried by the tests */
}

static gsize match_element(const struct tokens *tokens, gsize i, gsize limit, const char *element,
                           gsize length, struct captured *captured)
{
    if (i >= limit)
        return 0;
    if (element[0] == '<')
        return match_slot(tokens, i, limit, element + 1, length - 2, captured);
    while (length > 0) {
        const char *bar = memchr(element, '|', length);
        gsize word = bar != NULL ? (gsize)(bar - element) : length;
        if (element_is(&tokens->at[i], element, word))
            return 1;
        element += word + (bar != NULL);
        length -= word + (bar != NULL);
    }
    return 0;
}

guint64 pattern_begins(const char *pattern)
{
    if (*pattern != '<')
        return 0;
    gsize length = strcspn(pattern, ">") - 1;
    for (gsize s = 0; s < G_N_ELEMENTS(slots); s++) {
        if (name_is(pattern + 1, length, slots[s].name))
            return bit_of(slots[s].meaning) | (slots[s].second != MEANINGS ? bit_of(slots[s].second) : 0);
    }
    return BEGINS_NO_WORD | (name_is(pattern + 1, length, "n") ? bit_of(MEANS_NUMBER) : 0);
}

bool pattern_may_begin(const struct token *token, const char *pattern, guint64 begins)
{
    if (*pattern == '<')
        return (begins & (token->begins | (token->kind == TOKEN_WORD ? 0 : BEGINS_NO_WORD))) != 0;
    char first = first_sign(token);
    for (;;) {
        if (*pattern == first)
            return true;
        pattern += strcspn(pattern, " |");
        if (*pattern != '|')
            return false;
        pattern++;
    }
}

void pattern_first_words(const char *pattern, GHashTable *words)
{
    while (*pattern != '<') {
        gsize length = strcspn(pattern, " |");
        g_hash_table_add(words, g_strndup(pattern, length));
        if (pattern[length] != '|')
            return;
        pattern += length + 1;
    }
}

/* False when it does not match; *n: tokens taken. An optional element is taken where that leads to a match.
 */
static bool match_from(const struct tokens *tokens, gsize i, gsize limit, const char *pattern,
                       struct captured *captured, gsize *n)
{
    if (*pattern == '\0') {
        *n = 0;
        return true;
    }
    gsize length = strcspn(pattern, " ");
    const char *rest = pattern + length + (pattern[length] == ' ');
    bool optional = length > 1 && pattern[length - 1] == '?';
    struct captured before = *captured;
    gsize taken = match_element(tokens, i, limit, pattern, length - optional, captured);
    if (taken > 0 && match_from(tokens, i + taken, limit, rest, captured, n)) {
        *n += taken;
        return true;
    }
    *captured = before;
    return optional && match_from(tokens, i, limit, rest, captured, n);
}

gsize pattern_at(const struct tokens *tokens, gsize i, gsize limit, const char *pattern,
                 struct captured *captured)
{
    gsize n = 0;
    *captured = (struct captured){0};
    return match_from(tokens, i, limit, pattern, captured, &n) ? n : 0;
}
