/* A decision with its circumstances, typed (verb_decide.c) or from the form (form_decide.c). */
#ifndef ASKWHY_DECIDE_H
#define ASKWHY_DECIDE_H

#include "commands/command.h"

struct decided {
    const char *word; /* "yes", "no", "later"; NULL: the decision stands, more is said about it */
    int64_t until;    /* later only */
    const char *reason, *options, *reopen_if; /* NULL or "" when not said */
    bool amends;      /* the same decision with another reason is no mistake */
};
/* decide.c. Records it, tells the thread, and answers whoever decided; or says why not: false. */
bool decide_ask(struct context *ctx, struct ask *ask, const struct decided *decided);
/* form_decide.c */
void decide_open_form(struct context *ctx, int64_t ask);
/* The button that opens it, for a note in the ask's thread. */
void decide_add_button(struct message *message, int64_t ask, const char *language);
void decide_form(struct context *ctx);
void dissent_open_form(struct context *ctx, int64_t ask); /* verb_dissent.c */
/* The button on the private answer: it does not stand any more. */
void dissent_back_button(struct context *ctx, const char *value);
void dissent_form(struct context *ctx);

#endif
