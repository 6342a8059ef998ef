/* A text cut into words, numbers, dates and marks: what every reader in this folder works on.
 *
 * Tokens point into the text, which must outlive them. Bold, italic and code markers are
 * invisible here; people, channels and links are one opaque token each.
 * Thread: any; no state.
 */
#ifndef ASKWHY_TOKENS_H
#define ASKWHY_TOKENS_H

#include <glib.h>
#include <stdbool.h>

enum token_kind {
    TOKEN_END, /* one stands behind the last token */
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_DATE,   /* digits that are a date: 2026-12-01, 2026-12, 31.12.2026, 31/12 */
    TOKEN_MARK,   /* one character that is neither letter, digit nor blank */
    TOKEN_LINE,   /* a line ends */
    TOKEN_PERSON, /* a mention */
    TOKEN_EMOJI,  /* a pictograph or :name: */
    TOKEN_OPAQUE, /* a link, a channel, digits that could mean several things (1.000, 3/4, 1.2.3) */
};

struct token {
    enum token_kind kind;
    bool glued;        /* nothing between it and the token before */
    const char *start; /* in the text */
    gsize length;
    const char *word; /* WORD: case folded, apostrophes straight. PERSON: the id */
    gunichar mark;
    double number;
    int year, month, day; /* DATE; year or day 0 when not said */
    guint64 begins;       /* a bit for each meaning a phrase of which begins with it (phrases.h) */
};

struct tokens {
    const char *text;
    GArray *array;
    struct token *at;
    gsize count; /* without TOKEN_END */
    GStringChunk *words;
};

/* length: in bytes; -1 for all. */
void tokens_cut(struct tokens *tokens, const char *text, gssize length);
void tokens_done(struct tokens *tokens);

/* The end of a sentence: . ! ? ; … or a line's end. A point within an abbreviation is none. */
bool token_ends_sentence(const struct tokens *tokens, gsize i);
bool token_is_word(const struct token *token, const char *word);
bool token_is_mark(const struct token *token, gunichar mark);
bool token_is_dash(const struct token *token); /* hyphen, en or em dash */

#endif
