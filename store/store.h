/* The store: the log, what is derived from it, and what is known of the outside.
 *
 * Handles: one writer (the loop thread's) and one reader (the reader thread's,
 * read-only). A handle belongs to one thread.
 *
 * Errors are sticky: the first failing statement of a transaction is remembered,
 * everything after it does nothing, reads find nothing, and store_failed() tells.
 * So commands read and write without plumbing, and the dispatcher decides once.
 * store_rollback() forgets the error.
 *
 * Ids are of the store unless called a platform's; 0 stands for "none" everywhere.
 */
#ifndef ASKWHY_STORE_H
#define ASKWHY_STORE_H

#include "bot/chat/event.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
    STORE_ERROR_FULL,     /* no room: nothing recorded, may work later */
    STORE_ERROR_IO,       /* read or write failed */
    STORE_ERROR_READONLY, /* file or disk cannot be written, or belongs to another user */
    STORE_ERROR_CORRUPT,  /* not a database, or damaged */
    STORE_ERROR_NEWER,    /* made by a newer askwhy */
    STORE_ERROR_OLDER,    /* for reading: not brought up to date yet */
    STORE_ERROR_BUSY,     /* another askwhy uses it */
    STORE_ERROR_BUG,      /* ours */
};

struct store;

enum store_mode { STORE_WRITE, STORE_READ };
/* Opens, and for writing locks, creates and migrates (after a copy of the file beside it). */
struct store *store_open(const char *path, enum store_mode mode, GError **error);
void store_close(struct store *store); /* accepts NULL */
const char *store_path(const struct store *store);

bool store_begin(struct store *store);
bool store_commit(struct store *store); /* durable when true; rolled back when false */
void store_rollback(struct store *store);
/* All that is read until the end is of one moment, and locked for once. To write meanwhile is an error.
 * False: a transaction is open already, or the store has failed; then there is nothing to end. */
bool store_read_begin(struct store *store);
void store_read_end(struct store *store);
/* A part of a transaction that can fail alone. */
bool store_part_begin(struct store *store);
bool store_part_end(struct store *store); /* false: only this part was undone, or all; see store_in_transaction() */
/* Undoes what the part did; the transaction goes on. */
void store_part_undo(struct store *store);
bool store_in_transaction(const struct store *store);
/* The sticky error; NULL when all is well. */
const GError *store_failed(const struct store *store);
void store_forget_error(struct store *store);

/* Moves the write-ahead log into the database (reader thread). */
void store_checkpoint(struct store *store);
/* Gives back the memory of its cache, and tidies up a little; true: there is more to tidy. Outside a transaction, and
 * while nobody else checkpoints or is about to. */
bool store_rest(struct store *store);
/* How long the write-ahead log was at the last commit, in pages (writer only). */
int store_wal_pages(const struct store *store);
bool store_backup(struct store *store, const char *to, GError **error);
int store_schema(struct store *store);
/* When the log's newest entry was made, 0 when there is none. */
int64_t store_newest_entry(struct store *store);
/* Integrity of the file; NULL when sound, else what is wrong (free with g_free). */
char *store_integrity(struct store *store);

/* ---- people and channels ---- */

/* Their texts are GRefStrings, shared with copies the store keeps. */
struct person {
    int64_t id;
    char *user; /* platform's id */
    char *name; /* never NULL: the id until it is known */
    char *handle; /* NULL: not known, or not needed */
    char *zone; /* "UTC" until known */
    char *locale;
    char *dm;
    char *function; /* NULL until told, or a group tells it */
    char *language; /* NULL: of the locale */
    bool forgotten; /* asked to be: shown as nobody, and never written to */
    bool bot, guest, deleted, reminders, function_asked, function_said;
    bool admin; /* of the chat */
    int64_t refreshed_at;
};
void person_done(struct person *person);
/* The id of a platform's person, made when new. */
int64_t store_person(struct store *store, const char *platform, const char *workspace, const char *user,
                     const char *name_hint);
bool store_get_person(struct store *store, int64_t id, struct person *person);
char *store_platform_of(struct store *store, int64_t person); /* free with g_free() */
/* 0 when unknown. */
int64_t store_find_person(struct store *store, const char *platform, const char *user);
/* By the platform's id, name or handle, whatever the case; 0 when nobody is called that, -1 when several are. */
int64_t store_find_person_called(struct store *store, const char *platform, const char *called);
void store_set_profile(struct store *store, int64_t id, const struct profile *profile, int64_t now);
void store_set_dm(struct store *store, int64_t id, const char *dm);

struct channel {
    int64_t id;
    char *channel; /* platform's id */
    char *name;    /* never NULL */
    char *platform;
    char *workspace;
    char *newest;
    enum channel_kind kind;
    bool member;
    int64_t refreshed_at;
    /* settings */
    int64_t owner, decider;
    char *language; /* never NULL */
    bool digest, introduced;
    int day, minutes;
    char *zone;    /* NULL until set */
    char *questions; /* JSON: {"ask": [kinds], "words": {kind: text}}; NULL: all, in askwhy's words */
    char *covers;  /* JSON array of channel ids, NULL: its own */
    int64_t digest_at;
};
void channel_done(struct channel *channel);
int64_t store_channel(struct store *store, const char *platform, const char *workspace, const char *channel,
                      const char *name_hint, enum channel_kind kind);
bool store_get_channel(struct store *store, int64_t id, struct channel *channel);
int64_t store_find_channel(struct store *store, const char *platform, const char *channel);
/* Teams of one server may each have a channel of that name: of this workspace, or with NULL of any. */
int64_t store_find_channel_named(struct store *store, const char *platform, const char *workspace, const char *name);
void store_set_channel(struct store *store, int64_t id, const char *name, enum channel_kind kind, int64_t now);
void store_set_member(struct store *store, int64_t id, bool member);
void store_set_newest(struct store *store, int64_t channel, const char *message);
/* To which workspace the platform says it belongs: whoever named it first may have been in another one. */
void store_set_workspace(struct store *store, int64_t id, const char *workspace);
/* The channel a person raised in last, else the only one askwhy is in, in the workspaces they are known in; 0 for none. */
int64_t store_usual_channel(struct store *store, int64_t person);
/* A channel this person invited askwhy to, where it has not introduced itself yet; 0 for none. */
int64_t store_pending_introduction(struct store *store, int64_t person);
/* Platform's ids of people whose profile an introduction waits for; of char *. */
GArray *store_awaited_profiles(struct store *store, const char *platform);
void store_set_gone(struct store *store, int64_t channel, int64_t person, bool gone);
/* Left it, as far as is known. */
bool store_is_gone(struct store *store, int64_t channel, int64_t person);
/* Heard in this private channel, and not gone since. */
bool store_is_here(struct store *store, int64_t channel, int64_t person);
/* The person was seen there: what is public in that workspace they may see privately, until they leave it. */
void store_note_belonging(struct store *store, int64_t person, const char *workspace);
/* The person left this workspace with all its channels, or askwhy itself did. */
void store_set_gone_everywhere(struct store *store, const char *platform, const char *workspace, int64_t person);
void store_leave_workspace(struct store *store, const char *platform, const char *workspace);
/* Somebody named a person in a channel where nothing was ever heard of them: they may not be there at all. */
void store_presume_gone(struct store *store, int64_t channel, int64_t person);
/* Somebody acted on what is there from elsewhere; or all who acted there, before it was private. They are in it as far
 * as nothing else is known. */
void store_presume_here(struct store *store, int64_t channel, int64_t person);
void store_presume_all_here(struct store *store, int64_t channel);
/* The channels askwhy is a member of, direct ones aside, by name; of int64_t. */
GArray *store_member_channels(struct store *store, const char *platform);
/* The channels askwhy is a member of, and threads of asks still open there. */
struct backfill_point;
GArray *store_backfill_points(struct store *store, const char *platform); /* of struct backfill_point */

/* ---- visibility (visibility.c) ---- */

/* Who is looking, and where the answer will stand. */
struct viewer {
    int64_t person; /* 0: askwhy itself, for a place */
    int64_t place;  /* channel; 0: private to the person (direct channel, home page) */
    bool guest;
};

/* ---- asks ---- */

extern const char *const store_open_states[]; /* NULL-terminated: the states of asks that have not ended */
bool store_knows_state(const char *state);
bool store_state_is_open(const char *state);  /* NULL: not raised yet, counts as open */

struct ask {
    int64_t number, channel, asker, raiser, owner, decider;
    char *state;
    int64_t state_at, raised_at;
    char *title; /* words are NULL when never said; erased words are "" */
    char *permalink, *deadline;
    char *why;
    int64_t why_by;
    int why_known;
    char *impact;
    int64_t impact_by;
    int impact_known;
    char *impact_data;
    char *evidence;
    int evidence_known;
    char *evidence_kind;
    char *deadline_note;
    char *decision, *decision_words;
    int64_t decided_by, decided_at, later_until, started_at, shipped_at;
    int voices;
    int64_t merged_into;       /* ask */
    int64_t paused_at, revisit_at, revisit_asked; /* asked: when its owner was asked whether to go on; 0: not yet */
    int64_t urgent_until;      /* raised as urgent: its why is owed until then */
    char *outcome;             /* as_expected, partly, below, unknown; NULL until told */
    int64_t outcome_due;
    int64_t turn, turn_since;  /* person who must act next */
    int round_trips;           /* how often clarification went to somebody and came back */
    char *need;
    int need_confirmed;        /* 0 no, 1 by the asker, 2 the asker says it is not that */
};
void ask_done(struct ask *ask);
int64_t store_next_number(struct store *store);
/* False when there is none, or the viewer may not see it: the same to the caller. */
bool store_get_ask(struct store *store, const struct viewer *viewer, int64_t number, struct ask *ask);
/* For askwhy's own bookkeeping, never to show: no viewer. */
bool store_load_ask(struct store *store, int64_t number, struct ask *ask);
/* This asker's newest ask before that number (0: the newest of all); 0 when there is none. */
int64_t store_ask_of(struct store *store, int64_t asker, int64_t before);
/* Raised by this person with these very words since: its number, else 0. */
int64_t store_same_ask(struct store *store, int64_t raiser, int64_t channel, const char *title, int64_t since);

struct ask_filter {
    const char *states[8]; /* any of; none: all open ones; "all": whichever */
    int64_t person;        /* asker, raiser or owner is this one */
    int64_t asker;
    int64_t owner;
    int64_t asked;         /* somebody who has an open question there */
    const char *function;  /* of the asker */
    int64_t channel;
    int64_t goal;          /* which they serve */
    int most; /* how many are counted; 0: all, however many there are */
};
struct ask_line {
    int64_t number, channel, asker, owner;
    char *state, *title;
    int why_known, impact_known;
    int64_t raised_at, state_at, turn, turn_since, outcome_due;
    int round_trips;
    bool urgent;
};
void ask_line_done(struct ask_line *line);
/* Urgent ones first, then newest first; of struct ask_line. *total: all that match, as far as they are counted. */
GArray *store_list(struct store *store, const struct viewer *viewer, const struct ask_filter *filter, int offset,
                   int limit, int64_t *total);
/* The same as numbers alone, in order, ended ones too where the filter names no state; at most so many. Of int64_t. */
GArray *store_list_numbers(struct store *store, const struct viewer *viewer, const struct ask_filter *filter, int most);
/* All that may be seen, in order, with something that happened to them since then (0: whenever); of int64_t. viewer:
 * NULL for the operator, who may read the file. Walks the log: for exports. */
GArray *store_asks_since(struct store *store, const struct viewer *viewer, int64_t since);
/* Best matches first, of very many the newest. words: as typed by a person. filter: NULL for asks in any state; one
 * without states means all of them too. *total: all that match, as far as they
 * are counted: one more than STORE_SEARCH_MOST stands for more than that. */
enum { STORE_SEARCH_MOST = 1000 };
GArray *store_search(struct store *store, const struct viewer *viewer, const char *words,
                     const struct ask_filter *filter, int offset, int limit, int64_t *total);
/* The terms a text is found by, each once, folded; of char *, owned by the array. */
enum { STORE_TERMS_MOST = 64 };
GPtrArray *store_terms(const char *text);
/* Where in text terms stand that begin like those typed, in order; of struct term_range, in bytes. */
struct term_range {
    int start, end;
};
GArray *store_find_terms(const char *text, const char *typed);
/* Open asks whose titles hold some of these terms, the likeliest first; of struct ask_line. weights: room for as many
 * as there are terms; filled with how telling each is. except: not this one. For the reader. */
GArray *store_similar(struct store *store, const struct viewer *viewer, const GPtrArray *terms, double *weights,
                      int64_t except);
/* The writer: asks with texts that a search of another handle would not find yet. */
int store_unindexed(const struct store *store);
/* The next commit makes them be found. What was erased is gone from the index with its own commit. */
void store_want_index(struct store *store);

/* ---- questions ---- */

struct question {
    int64_t ask;
    char *kind;
    int64_t person;
    char *state;
    int64_t asked_at, remind_at;
    int reminders;
    bool followed_up;
};
void question_done(struct question *question);
bool store_get_question(struct store *store, int64_t ask, const char *kind, struct question *question);
/* The open question of an ask, if any (there is at most one). */
bool store_open_question(struct store *store, int64_t ask, struct question *question);
/* The question that was open when the ask came to an end, until its person was told so or it is asked anew. */
bool store_ended_question(struct store *store, int64_t ask, struct question *question);
/* Any question whose reminder is due; false when none is. */
bool store_due_question(struct store *store, int64_t now, struct question *question);
int64_t store_count_questions(struct store *store, int64_t person); /* open ones put to this person */

/* ---- answers heard in posts ---- */

struct heard {
    int64_t ask, words, person;
    char *kind;
};
void heard_done(struct heard *heard);
void store_set_heard(struct store *store, int64_t channel, const char *message, const struct heard *heard);
GArray *store_get_heard(struct store *store, int64_t channel, const char *message); /* of struct heard */
/* Whether the ask's answer of that kind is these words, and not later ones. */
bool store_heard_counts(struct store *store, const struct heard *heard);
void store_drop_heard(struct store *store, int64_t channel, const char *message);
/* The words of an answer that was none, and where they were heard. */
void store_erase_answer(struct store *store, int64_t ask, const char *kind, int64_t now);
void store_erase_words(struct store *store, int64_t words, int64_t now);

/* ---- posts and outbox ---- */

struct post {
    int64_t id, ask, subject, channel, thread;
    char *purpose, *message;
};
void post_done(struct post *post);
int64_t store_add_post(struct store *store, const char *purpose, int64_t ask, int64_t subject, int64_t channel,
                       int64_t thread);
bool store_get_post(struct store *store, int64_t id, struct post *post);
/* By the platform's id of the message. */
bool store_find_post(struct store *store, int64_t channel, const char *message, struct post *post);
/* The newest of an ask for a purpose; 0 when there is none. */
int64_t store_post_of_ask(struct store *store, int64_t ask, const char *purpose);

struct outbox_row {
    int64_t id, channel, post, thread, person;
    char *op, *platform, *root, *message, *url, *trigger, *emoji, *content;
    int kind; /* enum outgoing_kind */
    int64_t due_at, made_at;
    int attempts;
};
void outbox_row_done(struct outbox_row *row);
/* op is made when NULL. Returns the row's id. */
int64_t store_enqueue(struct store *store, const struct outbox_row *row);
/* Rows that can be sent, with ids above after, in order; of struct outbox_row. */
GArray *store_outbox(struct store *store, int64_t after);
GArray *store_outbox_next(struct store *store, int64_t after, int most);
int64_t store_outbox_newest(struct store *store); /* id of the newest row, parked or not; 0 for none */
/* The row is done; its post stands at message. */
void store_sent(struct store *store, int64_t row, int64_t post, const char *message);
/* The row's file is uploaded: that is its id in the chat, and nobody sees it yet. */
void store_uploaded(struct store *store, int64_t row, const char *file);
/* A post is not in the chat any more, nor its replies: it has no message until one is sent anew, and edits of
 * these that were given up are needless. */
void store_unplace(struct store *store, int64_t post);
/* A row, parked or not, will send it. */
bool store_will_place(struct store *store, int64_t post);
void store_park(struct store *store, int64_t row, const char *why);
/* Parked rows of a channel may be tried again. Returns how many. */
int store_unpark(struct store *store, int64_t channel);
struct parked {
    int64_t id;
    char *why, *channel;
    int kind;
    int64_t made_at;
};
GArray *store_parked(struct store *store);

/* True when key was not there: it is now. False: handled before. NULL keys are new. */
bool store_inbox_add(struct store *store, const char *key, int64_t now);
/* Forgets keys older than before, at most limit of them. True when more remain. */
bool store_inbox_trim(struct store *store, int64_t before, int limit);

/* ---- chats ---- */

/* Where the platform's stream of events was when the last transaction was made; NULL: not told. Free with g_free(). */
char *store_position(struct store *store, const char *platform);
void store_set_position(struct store *store, const char *platform, const char *position);
/* This database's own secret, made when first wanted: 64 hex digits; what askwhy gives out of its hands is signed with
 * it. NULL on failure. Outside a transaction. Free with g_free(). */
char *store_signing_key(struct store *store);

/* ---- the clock's work ---- */

/* The earliest moment at which something is due: reminder, digest, a later-date, an outcome; 0: nothing. */
int64_t store_next_due(struct store *store);
int64_t store_due_digest(struct store *store, int64_t now); /* channel, 0: none */
int64_t store_due_back(struct store *store, int64_t now);   /* ask whose later-date came, 0: none */
int64_t store_due_revisit(struct store *store, int64_t now); /* ask set aside until now, 0: none */

#endif
