/* What became of an ask beyond its decision, a line each, for its card and its brief. */
#include "commands/say.h"
#include "commands/views.h"
#include "store/reopened.h"

static void add_reopened(struct context *ctx, struct message *message, const struct ask *ask, glong max)
{
    struct reopened last;
    if (!store_reopened(ctx->store, ask->number, &last))
        return;
    g_autofree char *who = show_person(ctx, last.person);
    g_autofree char *words = show_words(ctx, last.words, max);
    if (*words == '\0') {
        g_free(words);
        words = say(ctx->language, "erased", NULL);
    }
    g_autofree char *text = say(ctx->language, "card.reopened", "person", who, "reason", words, NULL);
    message_add(message, PART_TEXT, text);
    reopened_done(&last);
}

void add_life_lines(struct context *ctx, struct message *message, const struct ask *ask, glong max)
{
    add_reopened(ctx, message, ask, max);
}
