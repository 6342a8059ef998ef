/* The need of an ask in one sentence: worded by its owner, confirmed by its asker. */
#ifndef ASKWHY_NEED_H
#define ASKWHY_NEED_H

#include "commands/command.h"
#include "commands/understand/understand.h"

/* need.c. What somebody says about it: NULL or "" where nothing. False after answering why not. */
struct needed {
    const char *words; /* the need itself */
    int64_t whom;      /* for whom it is said; 0: nobody */
    const char *parts[SAID_PARTS]; /* fixed, open, smallest, cost */
};
bool need_say(struct context *ctx, struct ask *ask, const struct needed *needed);
/* It is the asker's to say whether that is the need, and there must be one; answered when not. */
bool need_may_answer(struct context *ctx, const struct ask *ask);
/* The asker's turn: yes, that is it; or what it is instead. */
bool need_confirm(struct context *ctx, struct ask *ask);
bool need_not_quite(struct context *ctx, struct ask *ask, const char *words);
/* Whether who acts may word it; answered when not. */
bool need_may_word(struct context *ctx, const struct ask *ask);
/* How it stands, behind the words: "(not confirmed yet)". */
char *need_standing(const struct ask *ask, const char *language);

/* form_need.c */
void need_open_form(struct context *ctx, int64_t ask);
void need_form(struct context *ctx);
/* The buttons under the question: "42:<entry>". */
void need_press_yes(struct context *ctx, const char *value);
void need_press_not(struct context *ctx, const char *value);
void need_not_form(struct context *ctx);

#endif
