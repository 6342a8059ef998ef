/* Questions asked without a name.
 *
 * Whoever asks one is kept nowhere: the dispatcher runs the event with a context of nobody
 * (command_is_nameless()), the words wait without a time, and stand in the thread with the
 * next full hour, in an order drawn by lot. How often somebody did so today is known to this
 * process alone.
 * Thread: the loop's.
 */
#ifndef ASKWHY_NAMELESS_H
#define ASKWHY_NAMELESS_H

#include "commands/command.h"

enum { QUESTION_WORDS_MAX = 1000 };

/* What "question …" means. */
struct question_text {
    bool nearly;   /* the verb was misspelt */
    bool nameless; /* "anonymously", "without my name", in front or at the end */
    int64_t ask;   /* 0: not said */
    char *words;
};
/* typed: normalised, with the verb. False: not a question; nothing to be freed then. */
bool question_understand(const char *typed, struct question_text *text);
void question_text_done(struct question_text *text);

/* Keeps the words for the next hour and says so, or why not: as a private answer, or as an error of that field. */
void nameless_put(struct context *ctx, int64_t channel, int64_t ask, int64_t digest, const char *words,
                  const char *field);
/* Posts one whose hour has come; false when none has. */
bool nameless_due(struct context *ctx);
/* Forgets how often anybody asked (tests: what a new process knows). */
void nameless_forget_counts(void);

#endif
