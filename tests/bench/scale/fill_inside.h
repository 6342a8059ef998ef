/* What fill.c and fill_life.c share. */
#ifndef ASKWHY_BENCH_FILL_INSIDE_H
#define ASKWHY_BENCH_FILL_INSIDE_H

#include "store/forget.h"
#include "store/log.h"
#include "tests/bench/scale/fill.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define FIRST_DAY_MS INT64_C(1577923200000) /* 2020-01-02, a Thursday */

enum { LATEST_STEP_DAYS = 90, AIMS = 2 };

/* What happens to an ask on a later day; from START on in fill_life.c. */
enum what { WHY, IMPACT, EVIDENCE, REMIND, VOICE, OWN, DECIDE, WITHDRAW, EDIT, RETURN, QUESTION,
            START, SHIP, OUTCOME, RESUME, SHELVE, NEED, CONFIRM, DETAIL, AIM, URGENT, MERGE, REOPEN };

struct step {
    int32_t ask;
    uint8_t what, count;
};

struct life {
    int32_t channel, asker;
    int64_t card;
    const char *state;
    bool ended;
};

struct aims {
    int64_t goals[AIMS], metrics[AIMS];
};

struct filler {
    struct fill_options options;
    struct store *store;
    GRand *rand;
    GPtrArray *words;
    struct life *lives; /* by number */
    GArray **steps;     /* by day: struct step */
    int32_t *raised;    /* by channel: in the week */
    struct aims *aims;  /* by channel */
    int32_t *working;   /* by channel: what was started last */
    int days, day, asks;
    int64_t at; /* of the next thing */
    int64_t posts, keys;
};

bool fill_chance(struct filler *f, int percent);
int fill_somebody(struct filler *f);
char *fill_sentence(struct filler *f, const char *begin, int words);
/* On a day to come, between so many from now. */
void fill_later(struct filler *f, int ask, enum what what, int count, int from, int to);
int64_t fill_happen(struct filler *f, struct log_entry entry);
cJSON *fill_data(const char *name, const char *value);
void fill_about(struct filler *f, int ask, int actor, const char *kind, const char *words, const char *state, cJSON *data);
int64_t fill_say_it(struct filler *f, int ask, const char *purpose, int64_t channel, int64_t thread);

/* fill_life.c: states: words with spaces between. */
bool fill_is(const struct life *life, const char *states);
void fill_aims(struct filler *f, int64_t channel);
void fill_plan_more(struct filler *f, int ask);
void fill_around_decision(struct filler *f, int ask);
void fill_live_on(struct filler *f, int ask, enum what what);

#endif
