/* What people did in a world, and so what must be found in it. */
#ifndef FAULT_STORY_H
#define FAULT_STORY_H

#include "tests/fault/world.h"

enum {
    ANSWERS = 3, /* why, impact, evidence */
    SAM = 3,     /* mentions askwhy, decides, looks at digests; whoever sits before sam types /ask */
    CEO = 4,     /* asks in #leadership, and sends askwhy away from there */
};

struct answer {
    char *words; /* unique: stands in the text, and must stand in one record */
    char *ts;    /* NULL until it was seen in the chat, or when it was not said there */
    bool unknown; /* nobody knows: without words */
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
    int64_t number;    /* 0 until its raiser is told, or its card shows it */
    int64_t told_number;
    int64_t typed_at;  /* first, by the workspace's clock */
    bool twice;        /* typed again so late that it may rightly be two asks */
    char *card;        /* ts of its card, once seen */
    char *card_id;      /* by which the bot knows it */
    bool eager;        /* its asker answers as soon as the card is seen */
    bool closed;       /* an answer was deleted: no more answers */
    struct answer answers[ANSWERS];
    int n_answers;     /* posted */
    int answered_in;   /* the cycle of the newest answer */
    int form_from;     /* the first answer given by form; -1: none was */
    char *question;    /* ts of the newest question, once seen */
    const char *state; /* what was made of it; NULL: waiting or clear */
    bool busy;         /* a deed is under way */
    bool owned, ended;
    bool uprooted;     /* an administrator deleted its card, and so its thread */
};

struct counts {
    int acknowledged, failed, again, already;
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
    GPtrArray *deeds;           /* struct deed */
    struct deed *doing[SEATS];  /* the one under way */
    GHashTable *shown;          /* ts of askwhy's messages → as dana's page shows them */
    char *digest;               /* ts of the newest in #product-asks */
    bool knows_channel[SEATS];  /* has raised something: is offered that channel in direct messages */
    bool wrote_directly[SEATS]; /* and was heard */
    int forms[SEATS];           /* how often a form was to open */
    struct counts counts;
    bool losing;                /* events of this cycle may be lost for good: no edits then */
    int next_words, cycle;
    int uprooted;
    int mondays, mondays_with_asks; /* in the first channel */
    GString *told; /* what was done in this cycle and when, for the report */
    gint64 told_at;
};

struct story *story_new(GRand *rand);
void story_free(struct story *story);
world_see_fn story_see;

/* askwhy is invited to #deals, once and for all. */
void story_begin(struct story *story);
/* Somebody does something. away: the bot is dead, so no commands. */
void story_act(struct story *story, bool away);
/* Those who were told that it failed do it again. True when somebody did. */
bool story_again(struct story *story);
/* Every ask that has no answer yet gets one. True when some did. */
bool story_answer_all(struct story *story);
/* askwhy is invited where it was sent away. */
void story_invite(struct story *story);
/* Commands that were neither answered nor failed, deeds that are not done. */
bool story_waits(const struct story *story);
/* Somebody has a form of Mattermost's open: it is good for a day. */
bool story_fills_in(const struct story *story);
void story_monday(struct story *story);
void story_note(struct story *story, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* For sight.c and deeds.c. */
void story_see_form(struct story *story, const char *what, const cJSON *see);
/* The asker says the next answer in the thread. */
void story_answer(struct story *story, struct raised *ask);
int story_chance(struct story *story, int below);
char *story_new_words(struct story *story);
void story_post(struct story *story, int seat, const char *channel, const char *thread, const char *text);
struct raised *story_new_ask(struct story *story, int raiser, int asker);
/* It is raised now, perhaps once more: too late for a slip, it may rightly be two. */
void story_raise_again(const struct story *story, struct raised *ask);
/* The next answer of its, with words of its own; and that it was not given after all. */
struct answer *story_new_answer(struct story *story, struct raised *ask);
void story_no_answer(struct raised *ask);
/* How the answer to this question begins. */
const char *story_answer_form(int kind);
bool story_may_answer(const struct story *story, const struct raised *ask);
/* One of those that fit, by chance; NULL when none does. */
struct raised *story_choose(struct story *story, bool (*fits)(const struct story *story, const struct raised *ask));

#endif
