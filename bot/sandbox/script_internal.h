/* What a script is made of; script_read.c, script_news.c, script_play.c and script.c alone include this. */
#ifndef ASKWHY_SANDBOX_SCRIPT_INTERNAL_H
#define ASKWHY_SANDBOX_SCRIPT_INTERNAL_H

#include "bot/sandbox/script.h"

enum step_kind {
    STEP_CLOCK,
    STEP_SAYS, /* in a channel or thread */
    STEP_TELLS, /* askwhy, directly */
    STEP_PRESSES,
    STEP_FILLS,
    STEP_SUBMITS,
    STEP_CLOSES,
    STEP_HOME,
    STEP_INVITES,
    STEP_REMOVES,
    STEP_SHORTCUT,
    STEP_EDITS,
    STEP_DELETES,
    STEP_JOINS,
    STEP_LEAVES,
    STEP_DEACTIVATED,
    STEP_ACTIVATED,
    STEP_LEADS,
    STEP_LEADS_ALL,
    STEP_LEADS_NOTHING,
    STEP_RENAMED,
    STEP_MOVES,
    STEP_GROUPED,
    STEP_UNGROUPED,
    STEP_KILLED,
    STEP_MISBEHAVE,
};

/* Where: a channel, or a thread when thread is set: "" the last card's, "#2" that of this ask's card. */
struct place {
    struct channel *channel;
    char *thread;
};

struct step {
    enum step_kind kind;
    int line;
    char *source;
    const struct person *person;
    struct place place;
    char *what; /* label, text to find, time, number */
    char *text; /* text to write, value */
    bool done_before; /* a clock step at the beginning */
    GPtrArray *expectations;
};

enum expectation_kind { EXPECT_SHOWS, EXPECT_ONCE, EXPECT_NOT, EXPECT_EDITED, EXPECT_DELETED, EXPECT_FILE, EXPECT_FILE_NOT, EXPECT_NOTHING };

struct expectation {
    enum expectation_kind kind;
    int line;
    char *source;
    const struct person *person; /* this person alone */
    struct place place;          /* both empty without a person: anybody, anywhere */
    char *text;
};

enum news_kind { NEWS_NEW, NEWS_EDITED, NEWS_DELETED, NEWS_SMALL /* reactions, joins, a form's end */ };

/* One thing the chat showed in a step. */
struct news {
    enum news_kind kind;
    const struct person *only; /* also for direct channels */
    const struct channel *channel;
    char ts[24], thread[24];
    bool human; /* typed by a person of the script */
    bool expected;
    char *head; /* "askwhy", "form" */
    char *text;
    char *file; /* what is in the file it comes with; NULL: none */
};

/* script_read.c: NULL and every bad line in *error. */
GPtrArray *script_read(const struct workspace *workspace, const char *path, GError **error);
/* Milliseconds; -1 when spec cannot be read. spec: "2026-11-18 10:00 Europe/Tallinn", "next monday 9:00 ZONE",
 * "tomorrow 9:00 ZONE", "in 3 days". */
int64_t script_time(const char *spec, int64_t now_ms);

/* script_news.c */
struct notebook;
struct notebook *notebook_new(const struct workspace *workspace);
void notebook_free(struct notebook *notebook);
void notebook_add(struct notebook *notebook, struct views *views, const struct person *only,
                  const struct channel *channel, const cJSON *see);
/* Since notebook_turn(). */
GPtrArray *notebook_news(const struct notebook *notebook);
void notebook_turn(struct notebook *notebook);
void news_print(const struct news *news);
/* The root of the thread that place names: false when there is none yet. */
bool notebook_thread(const struct notebook *notebook, const struct place *place, const struct channel **channel,
                     char ts[24]);
/* NULL when it held; else a sentence. */
char *notebook_check(struct notebook *notebook, const struct expectation *expectation);

/* script_play.c: NULL, or why the step cannot be done (free with g_free()). */
struct player;
struct player *player_new(struct sandbox *sandbox, struct notebook *notebook);
void player_free(struct player *player);
char *player_do(struct player *player, const struct step *step);

#endif
