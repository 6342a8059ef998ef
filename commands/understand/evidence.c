#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

#define MOST_TOKENS 3000

struct counted {
    bool seen[EVIDENCE_MEASURED + 1];
    int names;
};

static bool is_name(const struct tokens *tokens, gsize i)
{
    const struct token *token = &tokens->at[i];
    return token->kind == TOKEN_WORD && g_unichar_isupper(g_utf8_get_char(token->start)) &&
           phrase_at(tokens, i, MEANS_NO_METRIC, NULL) == 0 && phrase_at(tokens, i, MEANS_WHO, NULL) == 0 &&
           phrase_at(tokens, i, MEANS_PEOPLE, NULL) == 0 && phrase_at(tokens, i, MEANS_PERSONS, NULL) == 0 &&
           phrase_at(tokens, i, MEANS_NUMBER, NULL) == 0 && phrase_at(tokens, i, MEANS_MONTH, NULL) == 0 &&
           phrase_at(tokens, i, MEANS_WEEKDAY, NULL) == 0;
}

static bool is_denied(const struct tokens *tokens, gsize i)
{
    for (gsize back = 1; back <= 3 && back <= i; back++) {
        if (token_ends_sentence(tokens, i - back) || token_is_mark(&tokens->at[i - back], ',') ||
            phrase_at(tokens, i - back, MEANS_JOIN, NULL) > 0)
            return false;
        if (phrase_at(tokens, i - back, MEANS_NOT, NULL) > 0)
            return true;
    }
    return false;
}

/* "Acme asked", "Acme and Globex complained": how many names tell something there. */
static int names_telling(const struct tokens *tokens, gsize i)
{
    int names = 0;
    gsize at = i;
    bool joined = true;
    while (at < tokens->count && at < i + 12) {
        if (is_name(tokens, at)) {
            names += joined;
            joined = false;
        } else if (token_is_mark(&tokens->at[at], ',') || token_is_word(&tokens->at[at], "and") ||
                   token_is_mark(&tokens->at[at], '&')) {
            joined = true;
        } else {
            break;
        }
        at++;
    }
    while (at < tokens->count &&
           (token_is_word(&tokens->at[at], "has") || token_is_word(&tokens->at[at], "have") ||
            token_is_word(&tokens->at[at], "keeps") || token_is_word(&tokens->at[at], "both") ||
            token_is_word(&tokens->at[at], "already")))
        at++;
    return phrase_at(tokens, at, MEANS_TELLING, NULL) > 0 ? names : 0;
}

static void see(const struct tokens *tokens, gsize i, struct counted *counted)
{
    const struct phrase *phrase = NULL;
    const struct token *token = &tokens->at[i];
    if (phrase_at(tokens, i, MEANS_EVIDENCE, &phrase) > 0) {
        enum evidence_kind kind = (enum evidence_kind)phrase->value;
        counted->seen[kind == EVIDENCE_MEASURED && is_denied(tokens, i) ? EVIDENCE_NONE : kind] = true;
    }
    if (phrase_at(tokens, i, MEANS_PEOPLE, NULL) > 0)
        counted->seen[is_denied(tokens, i) ? EVIDENCE_NONE : EVIDENCE_CUSTOMERS] = true;
    else if (phrase_at(tokens, i, MEANS_PERSONS, NULL) > 0)
        counted->seen[is_denied(tokens, i) ? EVIDENCE_NONE : EVIDENCE_ONE_CUSTOMER] = true;
    else if (phrase_at(tokens, i, MEANS_WHO, NULL) > 0 && phrase_at(tokens, i + 1, MEANS_TELLING, NULL) > 0)
        counted->seen[EVIDENCE_OPINION] = true;
    if ((token->kind == TOKEN_NUMBER &&
         (token_is_mark(token + 1, '%') || token_is_word(token + 1, "percent"))))
        counted->seen[EVIDENCE_MEASURED] = true;
    if (i == 0 || !is_name(tokens, i - 1))
        counted->names += names_telling(tokens, i);
}

enum evidence_kind evidence_understand(const char *text)
{
    struct tokens tokens;
    struct counted counted = {0};
    tokens_cut(&tokens, text, -1);
    for (gsize i = 0; i < MIN(tokens.count, MOST_TOKENS); i++)
        see(&tokens, i, &counted);
    const struct phrase *no = NULL;
    gsize words = tokens.count;
    while (words > 0 && tokens.at[words - 1].kind == TOKEN_MARK)
        words--;
    if (words > 0 && phrase_at(&tokens, 0, MEANS_NO, &no) == words)
        counted.seen[EVIDENCE_NONE] = true;
    tokens_done(&tokens);
    if (counted.seen[EVIDENCE_MEASURED])
        return EVIDENCE_MEASURED;
    if (counted.seen[EVIDENCE_CUSTOMERS] || counted.names > 1)
        return EVIDENCE_CUSTOMERS;
    if (counted.seen[EVIDENCE_ONE_CUSTOMER] || counted.names == 1)
        return EVIDENCE_ONE_CUSTOMER;
    if (counted.seen[EVIDENCE_OPINION])
        return EVIDENCE_OPINION;
    return counted.seen[EVIDENCE_NONE] ? EVIDENCE_NONE : EVIDENCE_UNSAID;
}
