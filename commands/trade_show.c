/* What a card or a brief says of what gave way. */
#include "commands/trade.h"

#include "commands/say.h"

#include <string.h>

static bool may_see(struct context *ctx, int64_t number, const struct viewer *viewer)
{
    struct ask ask;
    bool may = store_get_ask(ctx->store, viewer, number, &ask);
    if (may)
        ask_done(&ask);
    return may;
}

char *trade_short_name(struct context *ctx, int64_t number, const struct viewer *viewer)
{
    return may_see(ctx, number, viewer) ? show_number(number) : say(ctx->language, "trade.private", NULL);
}

/* "In place of #31, #30" */
static void add_displaced(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer)
{
    g_autoptr(GArray) trades = store_trades_for(ctx->store, ask->number);
    if (trades->len == 0)
        return;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < trades->len; i++) {
        const struct trade *trade = &g_array_index(trades, struct trade, i);
        g_autofree char *name = trade_short_name(ctx, trade->ask, viewer);
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    g_autofree char *note = say(ctx->language, "trade.in.place.of", "others", names->str, NULL);
    message_add(message, PART_NOTE, note);
    g_string_free(names, TRUE);
}

/* "Gave way to #42 on 3 May: 6 days of work set aside" */
static void add_trade(struct context *ctx, struct message *message, const struct trade *trade, const struct viewer *viewer,
                      bool all)
{
    const char *language = ctx->language;
    g_autofree char *day = show_day(ctx, trade->at, language);
    g_autofree char *days = trade_days(language, trade->days);
    g_autofree char *name = trade->instead != 0 ? trade_short_name(ctx, trade->instead, viewer) : NULL;
    GString *text = g_string_new(NULL);
    g_autofree char *what = name != NULL ? say(language, "trade.gave.way", "other", name, "date", day, "days", days, NULL)
                                         : say(language, "trade.set.aside", "date", day, "days", days, NULL);
    g_string_append(text, what);
    bool may_tell = trade->instead == 0 || may_see(ctx, trade->instead, viewer);
    bool told = all || trade->instead == 0; /* what took its place tells why itself */
    if (told && may_tell && trade->words != NULL && *trade->words != '\0') {
        g_autofree char *why = show_words(ctx, trade->words, all ? 700 : 200);
        g_autofree char *because = say(language, "trade.because", "reason", why, NULL);
        g_string_append_printf(text, " %s", because);
    }
    if (all && trade->ended != NULL) {
        g_autofree char *ended = show_day(ctx, trade->ended_at, language);
        g_autofree char *state = show_state(language, trade->ended);
        g_autofree char *since = say(language, "trade.ended", "state", state, "date", ended, NULL);
        g_string_append_printf(text, "\n%s", since);
    }
    message_add(message, PART_NOTE, text->str);
    g_string_free(text, TRUE);
}

void trade_notes(struct context *ctx, struct message *message, const struct ask *ask, const struct viewer *viewer, bool all)
{
    add_displaced(ctx, message, ask, viewer);
    g_autoptr(GArray) trades = store_trades_of(ctx->store, ask->number);
    for (guint i = 0; i < trades->len; i++) {
        const struct trade *trade = &g_array_index(trades, struct trade, i);
        if (all || trade->ended == NULL)
            add_trade(ctx, message, trade, viewer, all);
    }
    int64_t behind = store_behind(ctx->store, ask->number);
    if (behind != 0) {
        g_autofree char *name = trade_short_name(ctx, behind, viewer);
        g_autofree char *note = say(ctx->language, "trade.behind", "other", name, NULL);
        message_add(message, PART_NOTE, note);
    }
}
