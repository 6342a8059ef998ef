/* The host's words for what the adapter says by itself: which ones, and to whom. */
#ifndef WORDS_H
#define WORDS_H

#include "bot/chat/platform.h"

G_GNUC_UNUSED static char *words_of(enum platform_words what, const char *user, void *data)
{
    (void)data;
    static const char *const words[] = {"too old", "of another", "not there", "not seen"};
    return g_strdup_printf("%s, %s", words[what], user);
}

#endif
