/* What people do, once each verb, button and form, as a table. */
#ifndef ASKWHY_BENCH_ACTS_H
#define ASKWHY_BENCH_ACTS_H

#include "tests/bench/scale/world.h"

enum limit { ON_LOOP, ON_READER, DIGEST, DIGEST_ON_READER, LIMITS };
extern const int limits_ms[LIMITS];

/* Whose ask it is: who acts when no person is named. */
enum as { AS_ASKER, AS_OWNER, AS_DECIDER };

struct act {
    const char *name;
    enum event_kind kind;
    enum limit limit;
    int times;
    const char *pick;    /* the numbers of asks it is done to; ?1: which of them */
    int64_t person;      /* 0: as */
    enum as as;
    int64_t channel;     /* 0: the ask's; -1: none; -2: the direct channel */
    bool in_thread;      /* of the ask's card */
    const char *text;    /* typed; {n} the ask, {i} which time, {p} somebody else */
    const char *action, *value; /* of a button; of a form: its id and its state */
    const char *fields;  /* of a form: "title=Add it|why=Because" */
    const char *expects; /* stands in what is answered or said */
};

extern const struct act acts[]; /* closed by a NULL name */
/* The event of the i-th time; NULL when there is no such ask. */
struct event *act_event(struct world *world, const struct act *act, int i);

#endif
