/* Whether all that a story holds is in the chat and in the database, once. */
#ifndef FAULT_CHECK_H
#define FAULT_CHECK_H

#include "tests/fault/deeds.h"

/* What was looked at, and well. */
struct found {
    int asks, cards, first_questions, answers, digests;
    int deeds[DEED_KINDS];
};

/* NULL when all is well; else what is wrong, a line each. The world must be at rest. */
char *check_all(struct story *story, struct found *found);

#endif
