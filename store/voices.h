/* Who needs an ask too, and why. */
#ifndef ASKWHY_STORE_VOICES_H
#define ASKWHY_STORE_VOICES_H

#include "store/store.h"

struct voice {
    int64_t person, at, words_id;
    int64_t said_by; /* who said it for them; 0: they themselves */
    char *words; /* NULL: none given; "" once erased */
};
/* In the order they were raised; of struct voice. For an ask that the viewer was found to see. */
GArray *store_voices(struct store *store, int64_t ask);

bool store_has_voice(struct store *store, int64_t ask, int64_t person);
/* Said by themselves, not for them by somebody else. */
bool store_has_own_voice(struct store *store, int64_t ask, int64_t person);
/* Why this person needs it too, in their words; NULL when they gave none. Free with g_free(). */
char *store_voice_words(struct store *store, int64_t ask, int64_t person);

#endif
