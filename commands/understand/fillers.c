/* Words that nearly every ask holds: they tell nothing of what it is about. */
#include "commands/understand/understand.h"

#include <stdlib.h>
#include <string.h>

/* As terms are: folded; in order. English and Estonian. */
static const char *const fillers[] = {
    "a", "able", "add", "aga", "ainult", "all", "also", "an", "and", "another", "any", "are", "as", "at", "be",
    "better", "by", "can", "could", "do", "does", "each", "ei", "en", "enable", "et", "every", "for", "from", "get",
    "give", "has", "have", "i", "if", "in", "into", "is", "it", "its", "ja", "just", "juures", "ka", "kas", "keep",
    "koik", "kui", "kuni", "let", "lisa", "lisada", "make", "me", "more", "my", "need", "needs", "new", "no", "not",
    "of", "oleks", "on", "one", "or", "our", "palun", "peab", "please", "saab", "see", "should", "show", "so",
    "some", "soon", "support", "teha", "that", "the", "their", "them", "then", "there", "they", "this", "to", "us",
    "use", "user", "users", "uus", "vaja", "voi", "want", "we", "when", "which", "will", "with", "would", "you",
    "your",
};

static int by_letters(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool words_is_filler(const char *term)
{
    return bsearch(&term, fillers, G_N_ELEMENTS(fillers), sizeof fillers[0], by_letters) != NULL;
}
