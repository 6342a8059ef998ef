#include <string.h>

#include "commands/understand/dates.h"
#include "commands/understand/parts.h"

#define LONG_REPLY 80 /* tokens; more is an answer, whatever it says */
#define LONG_CLAUSE 14

struct dialogue {
    struct tokens tokens;
    const char *self;
    enum question_kind asked;
    const GDate *today;
};

static bool is_self(const struct dialogue *dialogue, const struct token *token)
{
    return token->kind == TOKEN_PERSON && dialogue->self != NULL && strcmp(token->word, dialogue->self) == 0;
}

/* ---- clauses ---- */

struct clause {
    enum clause_kind kind;
    bool blank; /* nothing but fillers */
    int days;
    const char *person;
};

static gsize filler_at(const struct dialogue *dialogue, gsize i)
{
    const struct token *token = &dialogue->tokens.at[i];
    if (token->kind == TOKEN_EMOJI || is_self(dialogue, token))
        return 1;
    return phrase_at(&dialogue->tokens, i, MEANS_FILLER, NULL);
}

static bool ends_clause(const struct dialogue *dialogue, gsize i, gsize start)
{
    const struct tokens *tokens = &dialogue->tokens;
    return token_ends_sentence(tokens, i) || token_is_mark(&tokens->at[i], ',') ||
           (i > start && phrase_at(tokens, i, MEANS_JOIN, NULL) > 0);
}

/* The clause's tokens without fillers, closed by TOKEN_END. */
static void keep_essence(const struct dialogue *dialogue, gsize start, gsize end, struct tokens *essence)
{
    struct token last = {.kind = TOKEN_END, .start = dialogue->tokens.at[end].start};
    essence->text = dialogue->tokens.text;
    essence->array = g_array_new(FALSE, FALSE, sizeof(struct token));
    for (gsize i = start; i < end;) {
        gsize n = filler_at(dialogue, i);
        if (n == 0)
            g_array_append_val(essence->array, dialogue->tokens.at[i]);
        i += MAX(n, 1);
    }
    essence->count = essence->array->len;
    g_array_append_val(essence->array, last);
    essence->at = (struct token *)(void *)essence->array->data;
}

static bool read_later_date(const struct dialogue *dialogue, const struct tokens *essence,
                            struct clause *clause)
{
    struct date_match match;
    gsize n = phrase_at(essence, 0, MEANS_REMIND, NULL);
    if (!date_whole(essence, n, essence->count, dialogue->today, &match))
        return false;
    int days = g_date_days_between(dialogue->today, &match.when.first);
    clause->kind = n > 0 ? CLAUSE_LATER : CLAUSE_DATE;
    clause->days = MAX(days, 0);
    return true;
}

/* "they want it by Friday" says no more than "they want it". */
static void drop_last_date(const struct dialogue *dialogue, struct tokens *essence)
{
    struct date_match match;
    for (gsize i = 0; date_next(essence, i, essence->count, dialogue->today, &match);
         i = match.first + match.count) {
        if (match.first > 0 && match.first + match.count == essence->count)
            essence->count = match.first;
    }
}

static void match_patterns(const struct tokens *essence, struct clause *clause)
{
    for (gsize l = 0; languages[l] != NULL; l++) {
        for (const struct clause_pattern *pattern = languages[l]->clauses; pattern->pattern != NULL;
             pattern++) {
            struct captured said;
            if (pattern_at(essence, 0, essence->count, pattern->pattern, &said) != essence->count)
                continue;
            clause->kind = pattern->kind;
            clause->person = said.person != NULL ? said.person->word : NULL;
            return;
        }
    }
}

static struct clause read_clause(const struct dialogue *dialogue, gsize start, gsize end)
{
    struct clause clause = {.kind = CLAUSE_CONTENT};
    struct tokens essence;
    keep_essence(dialogue, start, end, &essence);
    bool question = token_is_mark(&dialogue->tokens.at[end], '?');
    if (essence.count == 0) {
        clause.blank = true;
        clause.kind = CLAUSE_CHAT;
    } else if (!read_later_date(dialogue, &essence, &clause)) {
        match_patterns(&essence, &clause);
        if (clause.kind == CLAUSE_CONTENT) {
            drop_last_date(dialogue, &essence);
            match_patterns(&essence, &clause);
        }
        if (clause.kind == CLAUSE_CONTENT && question && essence.count <= LONG_CLAUSE &&
            phrase_at(&essence, 0, MEANS_QUESTION_BACK, NULL) > 0)
            clause.kind = CLAUSE_CHAT;
    }
    g_array_free(essence.array, TRUE);
    if (dialogue->asked == QUESTION_EVIDENCE && clause.kind == CLAUSE_AUTHORITY)
        clause.kind = CLAUSE_CONTENT;
    if (clause.kind == CLAUSE_NO && dialogue->asked != QUESTION_WHY)
        clause.kind = CLAUSE_CONTENT;
    if (clause.kind == CLAUSE_AUTHORITY || clause.kind == CLAUSE_NO)
        clause.kind = CLAUSE_EMPTY;
    return clause;
}

/* What all clauses together say: content wins, except behind "@someone knows". */
static struct clause read_clauses(const struct dialogue *dialogue, gsize first)
{
    struct clause all = {.kind = CLAUSE_CHAT, .blank = true};
    bool date = false;
    int days = 0;
    for (gsize start = first, i = first; i <= dialogue->tokens.count; i++) {
        if (i < dialogue->tokens.count && !ends_clause(dialogue, i, start))
            continue;
        struct clause clause = read_clause(dialogue, start, i);
        const struct token *at = &dialogue->tokens.at[i];
        const struct phrase *join = NULL;
        bool kept = phrase_at(&dialogue->tokens, i, MEANS_JOIN, &join) > 0 && join->value > 0;
        start = at->kind == TOKEN_WORD && kept ? i : i + 1;
        if (clause.blank)
            continue;
        if (clause.kind == CLAUSE_CONTENT || clause.kind == CLAUSE_KNOWS)
            return clause;
        all.blank = false;
        days = MAX(days, clause.days);
        date = date || clause.kind == CLAUSE_DATE;
        if (clause.kind > all.kind)
            all.kind = clause.kind;
    }
    all.days = days;
    /* "next week" alone is a snooze of why, and part of an answer where a date is asked. */
    if (date && all.kind == CLAUSE_DATE)
        all.kind = dialogue->asked == QUESTION_WHY || dialogue->asked == QUESTION_EVIDENCE ? CLAUSE_LATER
                                                                                           : CLAUSE_CONTENT;
    return all;
}

static enum reply_kind reply_kind_of(enum clause_kind kind)
{
    switch (kind) {
    case CLAUSE_CHAT:
        return REPLY_CHAT;
    case CLAUSE_EMPTY:
    case CLAUSE_AUTHORITY:
    case CLAUSE_NO:
        return REPLY_EMPTY;
    case CLAUSE_DONT_KNOW:
        return REPLY_DONT_KNOW;
    case CLAUSE_SKIP:
        return REPLY_SKIP;
    case CLAUSE_DATE:
    case CLAUSE_LATER:
        return REPLY_LATER;
    case CLAUSE_KNOWS:
        return REPLY_KNOWS;
    case CLAUSE_CONTENT:
        break;
    }
    return REPLY_ANSWER;
}

/* ---- whom it addresses ---- */

/* Past greetings and askwhy's own mention to the token that says something. */
static gsize skip_greetings(const struct dialogue *dialogue, bool *self)
{
    gsize i = 0;
    *self = false;
    for (;;) {
        const struct token *token = &dialogue->tokens.at[i];
        gsize n = phrase_at(&dialogue->tokens, i, MEANS_GREETING, NULL);
        if (is_self(dialogue, token)) {
            *self = true;
            n = 1;
        } else if (token->kind == TOKEN_LINE || token->kind == TOKEN_EMOJI ||
                   (*self && token_is_mark(token, ':'))) {
            n = 1;
        }
        if (n == 0)
            return i;
        i += n;
    }
}

static bool only_people(const struct dialogue *dialogue, gsize i)
{
    for (; i < dialogue->tokens.count; i++) {
        const struct token *token = &dialogue->tokens.at[i];
        if (token->kind != TOKEN_PERSON && token->kind != TOKEN_MARK && !token_is_word(token, "and") &&
            !token_is_word(token, "or"))
            return false;
    }
    return true;
}

static bool speaks_to_them(const struct dialogue *dialogue, gsize i)
{
    bool question = false;
    for (; i < dialogue->tokens.count; i++) {
        if (phrase_at(&dialogue->tokens, i, MEANS_YOU, NULL) > 0)
            return true;
        question = token_is_mark(&dialogue->tokens.at[i], '?');
    }
    return question;
}

/* The mention at i is spoken to, not of. */
static bool is_addressed(const struct dialogue *dialogue, gsize i)
{
    const struct tokens *tokens = &dialogue->tokens;
    if (tokens->at[i].kind != TOKEN_PERSON)
        return false;
    if (dialogue->asked == QUESTION_EVIDENCE && only_people(dialogue, i))
        return false;
    if (token_is_mark(&tokens->at[i + 1], '\'') || token_is_mark(&tokens->at[i + 1], 0x2019))
        return speaks_to_them(dialogue, i + 1);
    if (phrase_at(tokens, i + 1, MEANS_THIRD_PERSON, NULL) > 0)
        return speaks_to_them(dialogue, i + 1);
    return true;
}

void reply_understand(const char *text, enum question_kind asked, const char *self_id, const GDate *today,
                      struct reply *reply)
{
    struct dialogue dialogue = {.self = self_id, .asked = asked, .today = today};
    struct clause clause = {.kind = CLAUSE_CONTENT};
    bool self = false;
    *reply = (struct reply){0};
    tokens_cut(&dialogue.tokens, text, -1);
    gsize begin = skip_greetings(&dialogue, &self);
    if (dialogue.tokens.count == 0) {
        clause.kind = CLAUSE_EMPTY;
    } else if (dialogue.tokens.count <= LONG_REPLY) {
        clause = read_clauses(&dialogue, dialogue.tokens.at[begin].kind == TOKEN_PERSON ? begin : 0);
    }
    if (clause.kind == CLAUSE_CONTENT && is_addressed(&dialogue, begin)) {
        reply->kind = REPLY_TO_SOMEONE;
        reply->person = g_strdup(dialogue.tokens.at[begin].word);
    } else {
        reply->kind = reply_kind_of(clause.kind);
        reply->person = clause.kind == CLAUSE_KNOWS ? g_strdup(clause.person) : NULL;
        reply->days = reply->kind == REPLY_LATER ? clause.days : 0;
    }
    if (reply->kind == REPLY_ANSWER)
        parts_split(&dialogue.tokens, self ? begin : 0, asked, today, reply->parts);
    tokens_done(&dialogue.tokens);
}

void reply_done(struct reply *reply)
{
    g_free(reply->person);
    for (int i = 0; i < QUESTION_KINDS; i++)
        g_free(reply->parts[i]);
    *reply = (struct reply){0};
}
