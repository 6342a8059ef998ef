/* What askwhy shows: cards, briefs, lists, home pages, digests. Pure reading. */
#ifndef ASKWHY_VIEWS_H
#define ASKWHY_VIEWS_H

#include "commands/command.h"

struct message *card_draw(struct context *ctx, int64_t ask);                 /* card.c, in the channel's language */
/* brief.c: the why, everywhere; viewer: who will see it, for the other asks it names */
struct message *brief_draw(struct context *ctx, const struct ask *ask, const struct viewer *viewer);
struct message *home_draw(struct context *ctx, int64_t person);              /* home.c: my asks, whose turn */
struct message *help_draw(struct context *ctx, const char *topic);           /* verb_help.c */
/* life_lines.c: whose turn it is and since when, and how often clarification went round: " · @Sam's turn since 3 May";
 * "" when there is nothing to say. Free with g_free(). */
char *show_turn(struct context *ctx, const char *state, int64_t turn, int64_t since, int64_t outcome_due, int round_trips);
/* life_lines.c: what was decided, by whom and why (at most max characters), for an ask that has a decision; says so when
 * it is of before the ask was reopened. Free with g_free(). */
char *show_decision(struct context *ctx, const struct ask *ask, const char *language, glong max);
/* life_lines.c: what else became of it, below the decision; in ctx->language. viewer: of where it stands; brief: all
 * of it, voices too, else what a card has room for. */
void add_life_lines(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer,
                    bool brief);
void introduce(struct context *ctx);                                         /* introduce.c: invited to a channel */
void introduce_pending(struct context *ctx, int64_t person);                 /* their profile has come */
/* raise.c. answers: what was said with it, one a question kind, NULL-able each and as a whole. */
void raise_ask(struct context *ctx, int64_t channel, int64_t asker, const char *title, const char *permalink,
               const char *const *answers, bool once_more);
/* similar.c: open asks much like this one, for who raised it; NULL when there are none. For the reader. */
struct message *similar_hint(struct context *ctx, int64_t ask);
/* import.c: one record of a CSV file as an ask of ctx->where, without a word in the chat: its card comes with the first
 * thing that happens to it. names: of the columns. by: who raises it, where the record names no asker. False and *why
 * (free with g_free()) when it cannot be one, and nothing was recorded. */
bool import_csv_names(const GPtrArray *names, char **why);
bool import_csv_ask(struct context *ctx, const GPtrArray *names, const GPtrArray *cells, int64_t by, char **why);
/* export.c: asks as lines of a CSV file (commands/csv.h), texts plain, times as ISO 8601 in UTC. */
void export_csv_head(GString *out);
void export_csv_ask(struct context *ctx, const struct ask *ask, GString *out);
/* The same as a JSON object, with the columns' names; what is not known is absent. */
void export_json_ask(struct context *ctx, const struct ask *ask, GString *out);
void raise_text(struct context *ctx, const char *text);                        /* typed.c: "Add SSO for @ceo", as typed */
/* pressed.c: all buttons and forms, each table closed by a NULL name. */
struct button_kind {
    const char *action; /* a digit may follow: buttons of one kind in one message differ by it */
    void (*press)(struct context *ctx, const char *value);
};
extern const struct button_kind button_table[];
struct form_kind {
    const char *name;
    void (*submitted)(struct context *ctx);
};
extern const struct form_kind form_table[];
/* The event's button, or the form sent in. */
void pressed_button(struct context *ctx);
void pressed_form(struct context *ctx);
void raise_button_again(struct context *ctx, const char *value);
void raise_open_form(struct context *ctx, const char *title, const char *permalink, int64_t asker); /* form_new.c */
void raise_form(struct context *ctx);
void raise_ask_where(struct context *ctx, const char *title);                /* no channel here: offers some */
void raise_in_button(struct context *ctx, const char *value);
void raise_form_button(struct context *ctx, const char *text);
void urgent_in_button(struct context *ctx, const char *value);                /* the same for an urgent one */
void urgent_form_button(struct context *ctx, const char *text);
void share_button(struct context *ctx, const char *value);                    /* verb_why.c: the brief, to the channel */
/* verb_voice.c. whom: who needs it too; words: "" for none. */
void voice_add(struct context *ctx, int64_t ask, const char *words, int64_t whom);
void voice_open_form(struct context *ctx, int64_t ask);                      /* verb_voice.c */
void voice_form(struct context *ctx);
void list_page(struct context *ctx, const char *value);                      /* verb_list.c: a page button */
void me_function(struct context *ctx, const char *function);                 /* verb_me.c: a function button */
/* The function as it is configured; NULL: there is none of that name. */
const char *me_function_known(struct context *ctx, const char *function);
/* The latest ones of those whose asker they are: they say what function it is. */
void me_redraw_cards(struct context *ctx, int64_t person);
const char *me_set_function(struct context *ctx, int64_t person, const char *function);
struct message *me_ask_function(struct context *ctx, const struct person *person); /* NULL when asked or told already */

void forget_button(struct context *ctx, const char *value);                  /* verb_forget.c */
bool forget_due(struct context *ctx);

/* digest.c: what a digest of channel says for all since the last one; NULL when there is nothing to say.
 * late_ms: how long after its hour, 0 when on time. record_data: filled with tally and upto for the log. */
struct digest_text {
    struct message *message; /* the main post */
    struct message *rest;    /* what did not fit, for its thread; NULL-able */
    cJSON *tally;
    int64_t upto;
};
bool digest_draw(struct context *ctx, int64_t channel, int64_t due_at, bool late, struct digest_text *text);
void digest_text_done(struct digest_text *text);
/* The digest of this channel is due: posts it once, or nothing, and sets the next moment. */
void digest_due(struct context *ctx, int64_t channel);
void digest_button(struct context *ctx, const char *action, const char *value);
void digest_form(struct context *ctx);
/* "seen", "question", "disagree", "answer", about the last digest of where it is typed. */
void digest_typed(struct context *ctx, const char *kind, const char *words);

#endif
