/* Questions people put to the asker of an ask, in its thread, open until answered. */
#ifndef ASKWHY_QUESTION_H
#define ASKWHY_QUESTION_H

#include "commands/command.h"

#define QUESTION_NAMELESS "without" /* the field "name" of the forms question and digestquestion */

struct form;
/* With my name, or without it. */
void question_add_name_choice(struct context *ctx, struct form *form);

void question_open_form(struct context *ctx, const char *value); /* button: the ask's number */
void question_form(struct context *ctx);
void question_answer_button(struct context *ctx, const char *value); /* the question's id */
void question_answer_form(struct context *ctx);
void question_list(struct context *ctx); /* "list questions" */
/* Puts a question that stands in the log into its thread. */
void question_post(struct context *ctx, int64_t question);
/* The asker wrote in the ask's thread while a question to them was open there: its answer. False: it is none. */
bool question_reply(struct context *ctx, const struct ask *ask);
/* The post that answered was edited or deleted. False: it answered no such question. */
bool question_answer_edited(struct context *ctx, const struct heard *heard);
bool question_answer_deleted(struct context *ctx, const struct heard *heard);
/* Below the brief: what is open on it. */
void question_add_open(struct context *ctx, struct message *brief, const struct ask *ask);

#endif
