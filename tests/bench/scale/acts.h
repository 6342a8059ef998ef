/* What people do, once each verb, button and form, as a table. */
#ifndef ASKWHY_BENCH_ACTS_H
#define ASKWHY_BENCH_ACTS_H

#include "tests/bench/scale/world.h"

enum limit { ON_LOOP, ON_READER, DIGEST, DIGEST_ON_READER, LIMITS };
extern const int limits_ms[LIMITS];

/* Whose ask it is: who acts when no person is named. */
enum as { AS_ASKER, AS_OWNER, AS_DECIDER };

/* Persons and channels of acts beside those of fill.h. */
enum { DIRECT = -2, NOWHERE = -1, ORDINARY_PERSON = 77, ORDINARY_CHANNEL = 50, OTHER_PERSON = 99 };

#define NEWEST(where) "SELECT number FROM ask WHERE " where " ORDER BY number DESC LIMIT 1 OFFSET 7 * ?1 + 3"
#define OLDEST(where) "SELECT number FROM ask WHERE " where " ORDER BY number LIMIT 1 OFFSET 7 * ?1 + 3"

struct act {
    const char *name;
    enum event_kind kind;
    enum limit limit;
    int times;
    const char *pick;    /* the numbers of asks it is done to; ?1: which of them */
    int64_t person;      /* 0: as */
    enum as as;
    int64_t channel;     /* 0: the ask's; -1: none; -2: the direct channel */
    const char *other;   /* the number of another ask that {m} stands for; ?1: the ask */
    bool in_thread;      /* of the ask's card */
    const char *text;    /* typed; {n} the ask, {i} which time, {p} somebody else */
    const char *action, *value; /* of a button; of a form: its id and its state */
    const char *fields;  /* of a form: "title=Add it|why=Because" */
    const char *expects; /* stands in what is answered or said */
};

extern const struct act acts[], life_acts[]; /* closed by a NULL name; life_acts: acts_life.c */
extern const struct act *const act_tables[]; /* all of them; closed by NULL */
/* The event of the i-th time; NULL when there is no such ask. */
struct event *act_event(struct world *world, const struct act *act, int i);

#endif
