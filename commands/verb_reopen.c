/* reopen: what had ended is taken up again, because something is new. */
#include "commands/clarify.h"
#include "commands/decide.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/understand/understand.h"

#include <string.h>

/* The ask it was part of hears that it is not any more, if it may hear of it. */
static void tell_other(struct context *ctx, const struct ask *ask, int64_t number)
{
    struct ask other, seen;
    if (!store_load_ask(ctx->store, number, &other))
        return;
    struct viewer place = {.place = other.channel};
    if (store_get_ask(ctx->store, &place, ask->number, &seen)) {
        struct channel channel = {0};
        store_get_channel(ctx->store, other.channel, &channel);
        g_autofree char *name = trade_name(ctx, ask->number, &place, say_language(channel.language));
        g_autofree char *text = say(say_language(channel.language), "reopen.other", "other", name, NULL);
        send_to_thread(ctx, &other, "note", message_text(text));
        send_card_redraw(ctx, number);
        channel_done(&channel);
        ask_done(&seen);
    }
    ask_done(&other);
}

void verb_reopen(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    const char *reason = words_reason(rest);
    const struct transition *move = may_move(ctx, &ask, "reopen");
    if (move != NULL && *reason == '\0') {
        answer_say(ctx, "reopen.how", "ask", id, "command", ctx->settings->command, NULL);
    } else if (move != NULL) {
        bool clear = ask_is_clear(ctx, &ask);
        int64_t part_of = ask.merged_into;
        record_state(ctx, "ask.reopened", &ask, reason, clear ? "clear" : "waiting", NULL);
        send_card_redraw(ctx, number);
        struct channel channel = {0};
        store_get_channel(ctx->store, ask.channel, &channel);
        const char *language = say_language(channel.language);
        g_autofree char *who = show_person(ctx, ctx->who.id);
        /* What is still unclear is asked next, below, and not decided. */
        g_autofree char *told = tell_whom(ctx, &ask, clear ? move->tells : TELLS_NOBODY);
        g_autofree char *why = show_words(ctx, reason, 2000);
        g_autofree char *text = say(language, clear ? "reopen.told" : "reopen.told.waiting", "told", told, "person", who,
                                    "ask", id, "reason", why, "command", ctx->settings->command, NULL);
        struct message *message = message_text(text);
        if (clear)
            decide_add_button(message, number, language);
        send_to_thread(ctx, &ask, "note", message);
        if (part_of != 0)
            tell_other(ctx, &ask, part_of);
        answer_say(ctx, clear ? "reopen.done" : "reopen.done.waiting", "ask", id, NULL);
        if (!clear)
            clarify_again(ctx, &ask);
        channel_done(&channel);
    }
    ask_done(&ask);
}
