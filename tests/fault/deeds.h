/* What people do besides asking and answering: they press buttons, fill in forms, decide, see digests.
 *
 * A deed that was said to have failed is done again, as people do; and each has one effect, which check.c looks for.
 */
#ifndef FAULT_DEEDS_H
#define FAULT_DEEDS_H

#include "tests/fault/story.h"

enum deed_kind {
    DEED_OWN,        /* presses "I'll own it" on the card */
    DEED_VOICE,      /* presses "I need this too", and says why in its form */
    DEED_VOICE_TYPED,
    DEED_UNKNOWN,    /* presses "I don't know" under a question */
    DEED_WHY,        /* presses "Add the why", and fills in all that is missing */
    DEED_WHY_TYPED,  /* answers by a command, outside the thread */
    DEED_DECIDE,
    DEED_START,
    DEED_SHIP,
    DEED_SEEN,       /* presses "Seen" under the newest digest */
    DEED_DISAGREE,   /* presses "I disagree" there, and says why in its form */
    DEED_DIRECT,     /* writes to askwhy, and presses the channel it offers */
    DEED_SHORTCUT,   /* raises what somebody else has said as an ask */
    DEED_KINDS,
};

struct deed {
    enum deed_kind kind;
    struct raised *ask;    /* NULL: about a digest */
    char *message;         /* on which it is done, once known */
    int seat;
    char *words;           /* unique; NULL when there are none */
    char *view;            /* its form, once seen */
    bool begun;            /* pressed or typed at least once */
    bool sent;             /* its form was */
    bool failed;           /* its person was told so */
    bool done;
};

/* Somebody does something new; false when nobody can now. */
bool deeds_act(struct story *story);
/* At rest: what failed is done again, what did not is done. True when something was done again. */
bool deeds_again(struct story *story);
/* What a page shows: a message, a form and its end, trouble. */
void deeds_see_message(struct story *story, int seat, const char *channel, const cJSON *message);
/* A form nobody fills in. */
void deeds_close_form(struct story *story, int seat, const char *view);
void deeds_see_view(struct story *story, int seat, const char *what, const cJSON *see);
void deeds_see_trouble(struct story *story, int seat, const char *text);
/* Of all that are not done yet: none at the end of a cycle. */
int deeds_open(const struct story *story);
/* Mattermost has no shortcuts. */
bool deeds_can(const struct story *story, enum deed_kind kind);
bool deed_has_form(enum deed_kind kind);
/* Something was done about this ask. */
bool deeds_touch(const struct story *story, const struct raised *ask);
const char *deed_name(enum deed_kind kind);
void deed_free(void *deed);

#endif
