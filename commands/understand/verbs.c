/* What goes on like a command behind its verb, and the other words people have for verbs. */
#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

#include <string.h>

enum { OPENING = 120 };

static bool matches(const struct tokens *tokens, const char *verb)
{
    struct captured captured;
    for (gsize l = 0; languages[l] != NULL; l++) {
        for (const struct verb_words *words = languages[l]->follows; words->verb != NULL; words++) {
            if (strcmp(words->verb, verb) == 0 && pattern_at(tokens, 0, tokens->count, words->text, &captured) > 0)
                return true;
        }
    }
    return false;
}

bool verb_goes_on(const char *verb, bool numbered, const char *text)
{
    struct tokens tokens;
    const char *end = text;
    for (int i = 0; i < OPENING && *end != '\0'; i++)
        end = g_utf8_next_char(end);
    tokens_cut(&tokens, text, end - text);
    gsize part = phrase_at(&tokens, 0, MEANS_PART, NULL);
    bool goes_on = tokens.count == 0 || (numbered && phrase_at(&tokens, 0, MEANS_REASON, NULL) > 0) ||
                   (numbered && part > 0 && token_is_mark(&tokens.at[part], ':')) ||
                   (strcmp(verb, "start") == 0 && phrase_at(&tokens, 0, MEANS_GIVES_WAY, NULL) > 0) ||
                   matches(&tokens, verb);
    tokens_done(&tokens);
    return goes_on;
}

const char *verb_otherwise(const char *word)
{
    for (gsize l = 0; languages[l] != NULL; l++) {
        for (const struct verb_words *words = languages[l]->otherwise; words->verb != NULL; words++) {
            if (strcmp(words->text, word) == 0)
                return words->verb;
        }
    }
    return NULL;
}

bool words_are_one(const char *text)
{
    struct tokens tokens;
    tokens_cut(&tokens, text, -1);
    enum token_kind kind = tokens.count == 1 ? tokens.at[0].kind : TOKEN_END;
    bool marks = tokens.count > 0;
    for (gsize i = 0; i < tokens.count; i++)
        marks = marks && tokens.at[i].kind == TOKEN_MARK;
    tokens_done(&tokens);
    return marks || kind == TOKEN_WORD || kind == TOKEN_NUMBER || kind == TOKEN_EMOJI;
}

bool words_greet(const char *text)
{
    struct tokens tokens;
    const struct phrase *greeting = NULL;
    tokens_cut(&tokens, text, -1);
    gsize n = phrase_at(&tokens, 0, MEANS_GREETING, &greeting);
    while (n > 0 && n < tokens.count && tokens.at[n].kind == TOKEN_MARK)
        n++;
    bool greets = n > 0 && n == tokens.count && greeting->name != NULL;
    tokens_done(&tokens);
    return greets;
}
