/* What became of an ask beyond its decision, a line each, for its card and its brief. */
#include "commands/say.h"
#include "commands/views.h"
#include "store/reopened.h"

#include <string.h>

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

char *show_turn(struct context *ctx, const char *state, int64_t turn, int64_t since, int64_t outcome_due, int round_trips)
{
    static const char *const somebodys[] = {"waiting", "clear", "accepted", "started", "paused", NULL};
    GString *text = g_string_new(NULL);
    bool due = outcome_due == 0 || outcome_due <= ctx->now || strcmp(state, "shipped") != 0;
    if (turn != 0 && due) {
        g_autofree char *person = show_person(ctx, turn);
        g_autofree char *day = show_day(ctx, since, ctx->language);
        g_autofree char *whose = say(ctx->language, "turn.of", "person", person, "date", day, NULL);
        g_string_append_printf(text, " · %s", whose);
    } else if (g_strv_contains(somebodys, state)) {
        g_autofree char *nobody = say(ctx->language, "turn.of.nobody", NULL);
        g_string_append_printf(text, " · %s", nobody);
    }
    if (round_trips > 0 && store_state_is_open(state)) {
        g_autofree char *rounds = say_n(ctx->language, "turn.rounds", round_trips, NULL);
        g_string_append_printf(text, " · %s", rounds);
    }
    return g_string_free(text, FALSE);
}

void add_life_lines(struct context *ctx, struct message *message, const struct ask *ask, glong max)
{
    add_reopened(ctx, message, ask, max);
}
