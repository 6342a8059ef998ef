/* start, ship, withdraw: the ask moves on, its thread hears, its card shows. */
#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"

#include <string.h>

static void move_on(struct context *ctx, int64_t number, const char *rest, const char *verb, const char *kind)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    const struct transition *move = may_move(ctx, &ask, verb);
    if (move != NULL) {
        struct channel channel = {0};
        store_get_channel(ctx->store, ask.channel, &channel);
        const char *language = say_language(channel.language);
        /* "ship 42 to all customers" tells where, not why. */
        bool where = strcmp(verb, "ship") == 0 && g_ascii_strncasecmp(rest, "to ", 3) == 0;
        const char *reason = where ? rest : words_reason(rest);
        bool without_why = strcmp(verb, "start") == 0 && ask.why_known == 0;
        bool without_yes = strcmp(verb, "start") == 0 && strcmp(ask.state, "accepted") != 0;
        record_state(ctx, kind, &ask, reason, move->to, NULL);
        if (strcmp(verb, "start") == 0 && ask.owner == 0) {
            struct log_entry owner = {
                .kind = "ask.owner", .ask = number, .channel = ask.channel, .person = ctx->who.id};
            record_entry(ctx, &owner);
        }
        send_card_redraw(ctx, number);

        g_autofree char *id = show_number(number);
        g_autofree char *who = show_person(ctx, ctx->who.id);
        g_autofree char *why = show_words(ctx, reason, 2000);
        g_autofree char *entry = g_strconcat(verb, ".told", *why != '\0' ? ".because" : "", NULL);
        g_autofree char *told = tell_whom(ctx, &ask, move->tells);
        g_autofree char *text = say(language, entry, "told", told, "person", who, "ask", id, "reason", why, NULL);
        struct message *message = message_text(text);
        if (without_yes || without_why) {
            g_autofree char *note = say(language, without_why && without_yes ? "start.without.both"
                                                  : without_why             ? "start.without.why"
                                                                            : "start.without.yes",
                                        NULL);
            message_add(message, PART_NOTE, note);
        }
        send_to_thread(ctx, &ask, "note", message);
        g_autofree char *done = g_strconcat(verb, ".done", NULL);
        answer_say(ctx, done, "ask", id, NULL);
        channel_done(&channel);
    }
    ask_done(&ask);
}

void verb_start(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "start", "ask.started");
}

void verb_ship(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "ship", "ask.shipped");
}

void verb_withdraw(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "withdraw", "ask.withdrawn");
}
