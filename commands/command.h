/* Commands: one event in, changes and words out.
 *
 * The dispatcher makes a context for each event inside a transaction and calls
 * command_run(). A command reads through the store, records log entries
 * (record.h), enqueues what shall be said (send.h) and may leave a private
 * answer. It never talks to a socket. If the store fails, everything it did is
 * undone and its answer dropped.
 * Thread: the loop's; verbs marked VERB_READER run on the reader thread, with a
 * read-only store, and may only answer.
 */
#ifndef ASKWHY_COMMAND_H
#define ASKWHY_COMMAND_H

#include "bot/chat/event.h"
#include "bot/chat/message.h"
#include "bot/chat/platform.h"
#include "commands/calendar.h"
#include "store/log.h"
#include "store/store.h"

struct settings {
    char *command;     /* "/ask" */
    char *why_command; /* "/why" */
    char **functions;  /* NULL-terminated */
    char **administrators; /* the platforms' ids or handles of people; NULL-terminated, or NULL for nobody */
    struct working_hours hours;
    int outcome_days; /* after which the outcome is asked for, when nobody expected it on a date */
    int urgent_hours; /* within which an urgent ask owes its why */
};

struct context {
    struct store *store;
    const struct settings *settings;
    const struct event *event;
    int64_t now;
    struct person who;     /* who acts; id 0 for the platform's own news */
    struct channel where;  /* where it happened; id 0 when nowhere */
    bool in_direct;        /* where is the direct channel of who */
    struct viewer viewer;
    const char *language;  /* of who */
    bool on_reader;
    bool nameless; /* who is nobody, and only viewer tells, while this runs, what they may see */

    /* The private answer. */
    struct message *reply;
    int64_t reply_channel; /* where it shall stand when the event came from nowhere (forms) */
    struct form_value *errors;
    int n_errors;
    GArray *quoted; /* int64_t: who was named since the last post was made; see note_quoted() */
    char *told; /* a key of the inbox that stays though the form is not taken: what its person was told of, once */
    struct form *form; /* nameless: opened at once, and no table holds that it was */
    char *file_order; /* on the reader: the file that the answer promises, see commands/file.h */
    bool to_reader; /* run this event again on the reader thread */
    int64_t raised; /* the ask this event raised: the reader looks for asks like it (similar_hint) */
    bool urgent; /* the form that is opened raises an urgent ask */
    int64_t moved; /* the ask whose change those informed are still to be told of (roles.h) */
    int64_t unseen; /* named in a private channel where they were not heard of: whoever named them is told */
    int64_t rights; /* channel: whether who acts administers it is to be looked up */
    char *group; /* of the chat, to be looked up: who is in it comes back as EVENT_GROUP */
    bool unheard; /* an edit of a post that was not heard of before */
    bool not_understood; /* the words behind a verb meant nothing to it: perhaps the text was an ask */
};

/* Prepares a context for event; false when the store failed. */
bool context_init(struct context *ctx, struct store *store, const struct settings *settings,
                  const struct event *event, int64_t now);
void context_done(struct context *ctx);

/* The one door: what an event means. */
void command_run(struct context *ctx);
/* Whether an event can mean anything to askwhy at all: most of what people write to each other does not, and
 * of that nothing is stored. Reads only. */
bool command_concerns(struct store *store, const struct event *event);
/* A question without a name, or a form for one: who it comes from may stand in no table, not even for a moment, so
 * that no profile is looked up, no key kept and no answer sent that cannot travel in the acknowledgement. No store. */
bool command_is_nameless(const struct settings *settings, const struct event *event);
/* Work that a moment brings: one due reminder, digest or later-date. False: nothing is due. */
bool command_run_due(struct context *ctx);
/* What a post drawn when sent looks like now; NULL when there is nothing to show. ctx has no event. */
struct message *command_draw(struct context *ctx, const struct post *post);
/* Whether there is more than one time to draw it: false of what was said once. */
bool command_can_draw(const struct post *post);
/* A form was not opened in time: its person hears what to type instead. */
void command_form_late(struct context *ctx, const struct outbox_row *row);
/* The file a row of the outbox stands for (file.h), on the reader; NULL when there is nothing to send. */
struct chat_file *command_make_file(struct context *ctx, int64_t person, const char *content);
/* It was not taken, or (empty) there is nothing to send any more: its person is told what to do. */
void command_file_refused(struct context *ctx, const struct outbox_row *row, enum refusal refusal, bool empty);
/* A row could not be delivered for good; who waits for it is told. */
void command_undelivered(struct context *ctx, const struct outbox_row *row, const struct post *post);

/* ---- verbs ---- */

enum { VERB_ASK = 1 /* wants an ask's number first */, VERB_READER = 2, VERB_BARE = 4 /* fine without anything behind it */,
       VERB_THREAD = 8 /* given the ask whose thread it is typed in, 0 elsewhere */,
       VERB_NUMBER = 16 /* an ask's number may stand first, which it looks for itself */,
       /* What stands behind it, and its number (meant.h); none of these: what it does not understand it says by itself. */
       VERB_LOOKS = 32 /* it only shows, whatever does */, VERB_REASON = 64 /* "because …", no words of its own */,
       VERB_WORDS = 128 /* any words */, VERB_DIGEST = 256 /* any words, for the last digest without a number */,
       VERB_SIGN = 512 /* "urgent: …" is it, too */ };
struct verb {
    const char *name;
    void (*run)(struct context *ctx, int64_t ask, const char *rest);
    unsigned flags;
};
extern const struct verb verb_table[]; /* alphabetical; closed by a NULL name */
const struct verb *verb_find(const char *name);
/* The verb that a text begins with; NULL: none, or one that never stands before such words. */
const struct verb *verb_meant(const char *text);

/* The verbs, one file each (verb_*.c); rest is normalised, never NULL. */
void verb_answer(struct context *ctx, int64_t ask, const char *rest);
void verb_clear(struct context *ctx, int64_t ask, const char *rest);
void verb_decide(struct context *ctx, int64_t ask, const char *rest);
void verb_decider(struct context *ctx, int64_t ask, const char *rest);
void verb_digest(struct context *ctx, int64_t ask, const char *rest);
void verb_disagree(struct context *ctx, int64_t ask, const char *rest);
void verb_dissent(struct context *ctx, int64_t ask, const char *rest);
void verb_evidence(struct context *ctx, int64_t ask, const char *rest);
void verb_export(struct context *ctx, int64_t ask, const char *rest);
void verb_forget(struct context *ctx, int64_t ask, const char *rest);
void verb_goal(struct context *ctx, int64_t ask, const char *rest);
void verb_help(struct context *ctx, int64_t ask, const char *rest);
void verb_impact(struct context *ctx, int64_t ask, const char *rest);
void verb_inform(struct context *ctx, int64_t ask, const char *rest);
void verb_list(struct context *ctx, int64_t ask, const char *rest);
void verb_me(struct context *ctx, int64_t ask, const char *rest);
void verb_metric(struct context *ctx, int64_t ask, const char *rest);
void verb_need(struct context *ctx, int64_t ask, const char *rest);
void verb_merge(struct context *ctx, int64_t ask, const char *rest);
void verb_new(struct context *ctx, int64_t ask, const char *rest);
void verb_outcome(struct context *ctx, int64_t ask, const char *rest);
void verb_own(struct context *ctx, int64_t ask, const char *rest);
void verb_pause(struct context *ctx, int64_t ask, const char *rest);
void verb_question(struct context *ctx, int64_t ask, const char *rest);
void verb_reopen(struct context *ctx, int64_t ask, const char *rest);
void verb_report(struct context *ctx, int64_t ask, const char *rest);
void verb_resume(struct context *ctx, int64_t ask, const char *rest);
void verb_search(struct context *ctx, int64_t ask, const char *rest);
void verb_seen(struct context *ctx, int64_t ask, const char *rest);
void verb_settings(struct context *ctx, int64_t ask, const char *rest);
void verb_shelve(struct context *ctx, int64_t ask, const char *rest);
void verb_ship(struct context *ctx, int64_t ask, const char *rest);
void verb_show(struct context *ctx, int64_t ask, const char *rest);
void verb_snooze(struct context *ctx, int64_t ask, const char *rest);
void verb_start(struct context *ctx, int64_t ask, const char *rest);
void verb_urgent(struct context *ctx, int64_t ask, const char *rest);
void verb_voice(struct context *ctx, int64_t ask, const char *rest);
void verb_why(struct context *ctx, int64_t ask, const char *rest);
void verb_withdraw(struct context *ctx, int64_t ask, const char *rest);

/* ---- answering (answer.c) ---- */

/* The private answer; text is rich text and taken (g_free'd). The first answer stands; a second is added below it. */
void answer(struct context *ctx, char *text);
void answer_message(struct context *ctx, struct message *message); /* takes it */
/* The same as answer() with an entry of the catalogue and its pairs. */
#define answer_say(ctx, ...) answer((ctx), say((ctx)->language, __VA_ARGS__))
void answer_field_error(struct context *ctx, const char *field, char *text); /* takes text */
/* What was answered says why a form cannot be taken: it stays open with it, and nothing typed is lost. */
void answer_becomes_error(struct context *ctx, const char *field);
/* The ask if the viewer may see it; else answers that there is none, the same for both. */
bool need_ask(struct context *ctx, int64_t number, struct ask *ask);
/* What was begun in a channel goes on as there, though it comes from nowhere or goes to a direct channel: unless its asks
 * are for those alone who are in it, and they are not heard of there (where nobody acts, that they were once is enough). */
void look_from(struct context *ctx, int64_t place);
/* A form about an ask: its state, which the platform keeps, says from where the ask was seen when it was opened.
 * Submitted forms come from nowhere; form_ask() looks from there again. Free the state with g_free(). */
char *form_state(const struct context *ctx, int64_t number);
int64_t form_ask(struct context *ctx);
/* A form about ask, opened by whoever acts: its state, title ({ask} in it), buttons, and the ask's words as its intro. */
struct form *form_about(struct context *ctx, const struct ask *ask, const char *name, const char *title_entry,
                        const char *submit_entry);
/* What was said in a field that showed was (at most FORM_INITIAL_MAX characters of it): NULL when nothing was said anew. */
enum { FORM_INITIAL_MAX = 2900 };
const char *form_field_said(struct context *ctx, const char *name, const char *was);

/* The language of what is said in the ask's thread. */
const char *ask_language(struct context *ctx, const struct ask *ask);

/* The ask whose thread the event stands in, 0 for none. */
int64_t ask_of_thread(struct context *ctx);

/* People and words for showing. Free with g_free(). */
char *show_person(struct context *ctx, int64_t person);              /* "@Dana Reyes", notifies nobody */
char *show_person_and_function(struct context *ctx, int64_t person); /* "@Dana Reyes (sales)" */
char *ping_person(struct context *ctx, int64_t person);              /* notifies */
char *show_words(struct context *ctx, const char *words, glong max); /* a person's words: names resolved, no pings, shortened */
/* The same as a quotation, line by line. */
char *show_quoted(struct context *ctx, const char *words, glong max);
char *show_line(struct context *ctx, const char *words, glong max);  /* the same on one line */
/* What is said next has words of that person, or names them: show_person() and its like note it by themselves. When they
 * ask to be forgotten, the post is found by it. */
void note_quoted(struct context *ctx, int64_t person);
/* The same for words of an ask in another one's thread or in a direct message: its title, why and impact. */
void note_quoted_ask(struct context *ctx, const struct ask *ask);
/* The first person named in a text, made known; 0 when there is none. */
int64_t person_named(struct context *ctx, const char *text);
/* Whether words of this ask may go to them directly: not when they may be outside its private channel. */
bool may_be_told(struct context *ctx, int64_t ask, int64_t person);
/* Somebody gave person a part in an ask of that channel. */
void note_named(struct context *ctx, int64_t channel, int64_t person);
bool is_nobody_to_ask(struct context *ctx, int64_t person); /* a bot, or somebody whose account is closed */
char *show_number(int64_t number);                                   /* "#42" */
char *show_day(struct context *ctx, int64_t at_ms, const char *language);
char *show_state(const char *language, const char *state);
GDate today(const struct context *ctx); /* by the actor's zone, else the place's */

#endif
