/* "start 42 instead of 31 and #30 until 1 March because …": what gives way, and why. */
#include "commands/understand/dates.h"
#include "commands/understand/understand.h"

#include <string.h>

/* A place in the tokens, and what was read up to it. */
struct cursor {
    const struct tokens *tokens;
    gsize i;
    struct start *start;
};

static const struct token *at(const struct cursor *cursor)
{
    return &cursor->tokens->at[cursor->i];
}

/* Steps over the phrase, if one with that meaning stands there. */
static const struct phrase *take(struct cursor *cursor, enum trade_word word)
{
    const struct phrase *found = NULL;
    gsize n = phrase_at(cursor->tokens, cursor->i, MEANS_GIVES_WAY, &found);
    if (n == 0 || (enum trade_word)(int)found->value != word)
        return NULL;
    cursor->i += n;
    return found;
}

static int64_t number_at(const struct cursor *cursor, gsize *length)
{
    gsize i = cursor->i;
    const struct token *token = &cursor->tokens->at[i];
    if (token_is_mark(token, '#') && cursor->tokens->at[i + 1].glued)
        token = &cursor->tokens->at[++i];
    *length = i + 1 - cursor->i;
    if (token->kind != TOKEN_NUMBER || strspn(token->start, "0123456789") != token->length || token->length > 15)
        return 0;
    return g_ascii_strtoll(token->start, NULL, 10);
}

static void add_ask(struct start *start, int64_t number)
{
    for (int i = 0; i < start->n_asks; i++) {
        if (start->asks[i] == number)
            return;
    }
    if (start->n_asks == START_ASKS)
        start->gives = START_UNCLEAR;
    else
        start->asks[start->n_asks++] = number;
}

/* "31, 30 and #29"; false when no number stands there. */
static bool take_asks(struct cursor *cursor)
{
    gsize length, behind = cursor->i;
    int64_t number = number_at(cursor, &length);
    if (number == 0)
        return false;
    while (number != 0) {
        add_ask(cursor->start, number);
        behind = cursor->i += length;
        while (token_is_mark(at(cursor), ',') || token_is_mark(at(cursor), '&') || token_is_mark(at(cursor), '+') ||
               token_is_word(at(cursor), "and"))
            cursor->i++;
        number = number_at(cursor, &length);
    }
    cursor->i = behind;
    return true;
}

/* Only an end, a mark or a reason may follow: "after 31 December" is a day. */
static bool goes_on_well(const struct cursor *cursor)
{
    const struct token *token = at(cursor);
    return token->kind == TOKEN_END || token->kind == TOKEN_LINE || token->kind == TOKEN_MARK ||
           phrase_at(cursor->tokens, cursor->i, MEANS_REASON, NULL) > 0;
}

/* "2 weeks" */
static bool take_span(struct cursor *cursor, const GDate *today)
{
    const struct token *number = at(cursor), *span = number + 1;
    int days;
    if (number->kind != TOKEN_NUMBER || span->kind != TOKEN_WORD)
        return false;
    g_autofree char *text = g_strndup(number->start, (gsize)(span->start + span->length - number->start));
    if (!duration_parse(text, &days) || days <= 0)
        return false;
    cursor->start->until = *today;
    g_date_add_days(&cursor->start->until, (guint)days);
    cursor->i += 2;
    return true;
}

static void take_until(struct cursor *cursor, const GDate *today)
{
    struct cursor ahead = *cursor;
    struct date_match match;
    while (token_is_mark(at(&ahead), ',') || token_is_mark(at(&ahead), '(') || token_is_word(at(&ahead), "and"))
        ahead.i++;
    bool said = take(&ahead, TRADE_BACK) != NULL;
    if (said && take_span(&ahead, today)) {
        cursor->i = ahead.i;
    } else if (date_next(cursor->tokens, ahead.i, cursor->tokens->count, today, &match) && match.first == ahead.i &&
               !match.past && !match.from) {
        cursor->start->until = match.when.last;
        cursor->i = match.first + match.count;
    } else {
        return;
    }
    cursor->start->has_until = true;
    if (token_is_mark(at(cursor), ')'))
        cursor->i++;
}

static void skip_marks(struct cursor *cursor)
{
    while (token_is_mark(at(cursor), ',') || token_is_mark(at(cursor), '.') || token_is_mark(at(cursor), ':') ||
           token_is_mark(at(cursor), ';') || token_is_dash(at(cursor)))
        cursor->i++;
}

/* What stands at the cursor about what gives way; START_UNSAID and nothing moved when it is none of that. */
static void take_trade(struct cursor *cursor, const GDate *today)
{
    struct start *start = cursor->start;
    struct cursor begin = *cursor;
    const struct phrase *instead = take(cursor, TRADE_INSTEAD);
    if (instead != NULL) {
        if (take_asks(cursor))
            start->gives = start->gives == START_UNCLEAR ? START_UNCLEAR : START_INSTEAD;
        else if (instead->name != NULL)
            start->gives = START_UNCLEAR;
    } else if (take(cursor, TRADE_AFTER) != NULL) {
        if (take_asks(cursor))
            start->gives = start->n_asks == 1 ? START_AFTER : START_UNCLEAR;
        take(cursor, TRADE_DONE);
    } else if (take(cursor, TRADE_NOTHING) != NULL) {
        start->gives = goes_on_well(cursor) ? START_ROOM : START_UNSAID;
    } else if (take_asks(cursor)) {
        if (take(cursor, TRADE_GIVE) != NULL)
            start->gives = START_INSTEAD;
        else if (goes_on_well(cursor))
            start->gives = START_UNCLEAR;
    }
    if (start->gives == START_INSTEAD)
        take_until(cursor, today);
    if (start->gives != START_UNSAID && !goes_on_well(cursor))
        start->gives = START_UNCLEAR;
    if (start->gives == START_UNCLEAR || start->gives == START_UNSAID)
        *cursor = begin;
}

/* "because Acme signs, instead of #31": the end of a reason may say it, too; there only with its sign. */
static bool take_behind(struct cursor *cursor, const GDate *today)
{
    const struct tokens *tokens = cursor->tokens;
    for (gsize i = 1; i < tokens->count; i++) {
        const struct phrase *found = NULL;
        gsize n = phrase_at(tokens, i, MEANS_GIVES_WAY, &found);
        bool numbered = n > 0 && token_is_mark(&tokens->at[i + n], '#');
        enum trade_word word = numbered ? (enum trade_word)(int)found->value : TRADE_DONE;
        if (word != TRADE_INSTEAD && word != TRADE_AFTER)
            continue;
        struct start tried = {0};
        struct cursor ahead = {tokens, i, &tried};
        take_trade(&ahead, today);
        skip_marks(&ahead);
        if ((tried.gives != START_INSTEAD && tried.gives != START_AFTER) || at(&ahead)->kind != TOKEN_END)
            continue;
        *cursor->start = tried;
        cursor->i = i;
        return true;
    }
    return false;
}

void start_understand(const char *text, const GDate *today, struct start *start)
{
    *start = (struct start){.gives = START_UNSAID};
    struct tokens tokens;
    tokens_cut(&tokens, text, -1);
    struct cursor cursor = {&tokens, 0, start};
    skip_marks(&cursor);
    take_trade(&cursor, today);
    if (start->gives == START_UNSAID && take_behind(&cursor, today)) {
        g_autofree char *before = g_strndup(text, (gsize)(at(&cursor)->start - text));
        g_strchomp(before);
        gsize length = strlen(before);
        while (length > 0 && strchr(" ,;-", before[length - 1]) != NULL)
            before[--length] = '\0';
        start->reason = g_strdup(words_reason(before));
    } else if (start->gives == START_UNSAID || start->gives == START_UNCLEAR) {
        start->reason = g_strdup(words_reason(text));
    } else {
        /* A mention or bold words right behind begin with their marker. */
        const struct token *last = &tokens.at[cursor.i - 1];
        const char *behind = last->start + last->length;
        behind += strspn(behind, " ,.;-");
        start->reason = g_strdup(words_reason(behind));
    }
    tokens_done(&tokens);
}

void start_done(struct start *start)
{
    g_free(start->reason);
    *start = (struct start){0};
}
