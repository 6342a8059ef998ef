/* The dialogue in an ask's thread: one question at a time, only to the person asked. */
#ifndef ASKWHY_CLARIFY_H
#define ASKWHY_CLARIFY_H

#include "commands/command.h"
#include "commands/understand/understand.h"

extern const char *const question_names[QUESTION_KINDS]; /* "why", "impact", "evidence", "deadline" */
/* questions.c: whether this channel asks it, and in which words (free with g_free()). */
bool question_is_asked(const struct channel *channel, const char *kind);
char *question_text(const struct channel *channel, const char *language, const char *kind);
/* What was said of this kind; NULL when nothing. Owned by ask. */
const char *ask_words(const struct ask *ask, enum question_kind kind);
/* What is still missing before the ask is clear: why or impact, where its channel asks for them. */
bool ask_is_clear(struct context *ctx, const struct ask *ask);
bool question_kind_of(const char *name, enum question_kind *kind);

/* Asks what is still to be asked, if anything; undo: kind just answered, whose undo button goes under the question. */
void clarify_next(struct context *ctx, int64_t ask, const char *undo);
/* The same for an ask just raised, of which nothing was asked or answered. */
void clarify_begin(struct context *ctx, const struct ask *ask);
/* The ask was taken up again: the question left open is reminded of once more, else what is missing is asked. */
void clarify_again(struct context *ctx, const struct ask *ask);
/* The ask came to an end: its open question is retired. Reopened, it asks what is missing anew. */
void clarify_end(struct context *ctx, const struct ask *ask);
/* This kind has been answered in another way: it is asked no more. */
void clarify_settle(struct context *ctx, const struct ask *ask, enum question_kind kind);
/* Whatever is asked now is not asked any more; what is missing can be said all the same. */
void clarify_stop(struct context *ctx, const struct ask *ask);
/* Records an answer by whoever acts; person: whose answer it is. words NULL: not known. message: the post it stands
 * in, NULL when none. The ask becomes clear when nothing is missing. */
bool clarify_answer(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words,
                    const char *message);
/* The same, said for somebody; whom 0: for nobody. Both: false when the asker's own words stand, and these went beside
 * them (own_words.h). */
bool clarify_answer_for(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words,
                        const char *message, int64_t whom);
/* The post in which what stands now was said reads otherwise: words NULL, it says that it is not known. */
void clarify_answer_edited(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words);
/* Whoever acts has answered for the asker: the asker is told in the thread. Nothing when it is their own ask. */
void clarify_tell_asker(struct context *ctx, const struct ask *ask, enum question_kind kind);
/* Whoever acts was asked this, and says that person knows: they are asked now. */
void clarify_pass_on(struct context *ctx, const struct ask *ask, enum question_kind kind, int64_t person);
/* A post in an ask's thread, or one edited or deleted. False: it answers nothing that was asked. */
bool clarify_reply(struct context *ctx);
void clarify_edited(struct context *ctx);
void clarify_deleted(struct context *ctx);
/* An answer that says nothing is followed up, once, however it is given. */
bool clarify_is_followed(const struct question *question, enum question_kind kind);
/* Notes that it was; returns the words' id. */
int64_t clarify_note_followed(struct context *ctx, const struct ask *ask, const struct question *question, const char *words);
/* Typed or filled in: what to say once more, g_free(); NULL: these words stand. */
char *clarify_follow_up(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *words);
/* Buttons: value "42:why" (and ":days"). */
void clarify_skip(struct context *ctx, const char *value);
void clarify_unknown(struct context *ctx, const char *value);
void clarify_undo(struct context *ctx, const char *value);
void clarify_snooze_button(struct context *ctx, const char *value);
/* Puts the open question off; days < 0: never remind again. */
void clarify_snooze(struct context *ctx, struct question *question, int days);
/* The reminder of this question is due. */
void clarify_remind(struct context *ctx, struct question *question);
/* The thirty-second form with all that is missing, and its submission. */
void clarify_open_form(struct context *ctx, int64_t ask);
void clarify_form(struct context *ctx);

#endif
