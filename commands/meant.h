/* What is meant by a text typed to askwhy: a command, an ask, or perhaps either. The one place that decides it.
 *
 * A verb that goes on like a command is done at once. Where words stand behind it that may as well be a sentence
 * ("Withdraw 2 euros at a time"), and it would change something, its person is asked which it is, privately; where it
 * changes nothing, it is done and the ask offered. All else is an ask, but for what nobody raises: a word alone, small
 * talk, a verb misspelt.
 * Thread: any; no state.
 */
#ifndef ASKWHY_MEANT_H
#define ASKWHY_MEANT_H

#include "commands/command.h"

enum { TYPED_TO_IT = 1 /* said to askwhy, as to a person, not typed behind its command */,
       TYPED_PRIVATELY = 2 };

struct meant {
    enum {
        MEANT_COMMAND, /* verb, ask and rest say which */
        MEANT_LOOKING, /* the same, and perhaps an ask: what is done changes nothing */
        MEANT_EITHER,  /* the same, or an ask; to be done when its person says so */
        MEANT_USAGE,   /* verb without the number or words it needs */
        MEANT_NEARLY,  /* a slip or another word: instead is what to type */
        MEANT_TALK,    /* "thanks"; a greeting when greets */
        MEANT_DOUBTFUL, /* perhaps no ask: a word alone, a question put to askwhy; with ask, a word before a number */
        MEANT_ASK,      /* rest is what to raise */
    } kind;
    const struct verb *verb;
    int64_t ask; /* as typed, 0 when it was not */
    char *rest;
    char *instead;
    bool greets;
};
/* text: normalised; thread: the ask in whose thread it was typed, or 0. */
void meant_understand(const char *text, unsigned how, int64_t thread, const GDate *today, struct meant *meant);
void meant_done(struct meant *meant);

#endif
