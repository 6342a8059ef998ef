/* What people did in a world, and so what must be found in it. */
#ifndef FAULT_STORY_H
#define FAULT_STORY_H

#include "tests/fault/world.h"

enum { ANSWERS = 3 }; /* why, impact, evidence */

struct answer {
    char *words; /* unique: stands in the text, and must stand in one record */
    char *ts;    /* NULL until it was seen in the chat */
    bool deleted;
    GPtrArray *gone; /* words that an edit replaced: nowhere any more */
};

enum told {
    TOLD_NOTHING,  /* typed, no answer yet */
    TOLD_RAISED,   /* acknowledged: "Raised as #N" or "Already #N" */
    TOLD_TROUBLE,  /* the person was told that it failed, and types it again */
    TOLD_NEVER,    /* a mention, or a form that was accepted: nobody waits for more */
    TOLD_GONE,     /* its form never opened: it was not raised */
};

struct raised {
    char *words;   /* unique, in the title */
    char *title;
    const char *place; /* channel, the world's */
    int raiser, asker; /* seats */
    enum told told;
    int64_t number;    /* 0 until told */
    int64_t typed_at;  /* first, by the workspace's clock */
    bool twice;        /* typed again so late that it may rightly be two asks */
    char *card;        /* ts of its card, once seen */
    bool eager;        /* its asker answers as soon as the card is seen */
    bool closed;       /* an answer was deleted: no more answers */
    struct answer answers[ANSWERS];
    int n_answers;     /* posted */
    int answered_in;   /* the cycle of the newest answer */
};

struct story {
    struct world *world;
    GRand *rand;
    GPtrArray *asks; /* struct raised */
    struct raised *waiting[SEATS]; /* whose command is under way */
    struct raised *form;        /* the one sam has a form open for, or waits for it */
    char *view;                 /* the form, once it was seen */
    bool form_failed;           /* sam was told to try again */
    GHashTable *raised;         /* number → how often somebody was told "Raised as" */
    bool losing;                /* events of this cycle may be lost for good: no edits then */
    int next_words, cycle, mondays;
    GString *told; /* what was done in this cycle and when, for the report */
    gint64 told_at;
};

struct story *story_new(GRand *rand);
void story_free(struct story *story);
world_see_fn story_see;

/* Somebody does something. away: the bot is dead, so no commands. */
void story_act(struct story *story, bool away);
/* Those who were told that it failed type again. True when somebody did. */
bool story_type_again(struct story *story);
/* askwhy is invited where it was sent away. */
void story_invite(struct story *story);
/* Commands that were neither answered nor failed. */
bool story_waits(const struct story *story);
void story_monday(struct story *story);
void story_note(struct story *story, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
