/* clear, ship, withdraw: the ask moves on, its thread hears, its card shows. */
#include "bot/base/json.h"
#include "commands/clarify.h"
#include "commands/outcome.h"
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
        cJSON *data = NULL;
        g_autofree char *asked_on = NULL;
        if (strcmp(verb, "ship") == 0) {
            int64_t due = outcome_day(ctx, &ask);
            asked_on = show_day(ctx, due, ctx->language);
            data = json_object();
            json_put_int(data, "outcome_due", due);
        }
        if (strcmp(verb, "clear") == 0)
            clarify_stop(ctx, &ask);
        record_state(ctx, kind, &ask, reason, move->to, data);
        send_card_redraw(ctx, number);

        g_autofree char *id = show_number(number);
        g_autofree char *who = show_person(ctx, ctx->who.id);
        g_autofree char *why = show_words(ctx, reason, 2000);
        g_autofree char *entry = g_strconcat(verb, ".told", *why != '\0' ? ".because" : "", NULL);
        g_autofree char *told = tell_whom(ctx, &ask, move->tells);
        g_autofree char *text = say(language, entry, "told", told, "person", who, "ask", id, "reason", why, NULL);
        send_to_thread(ctx, &ask, "note", message_text(text));
        g_autofree char *done = g_strconcat(verb, ".done", NULL);
        answer_say(ctx, done, "ask", id, "date", asked_on, NULL);
        channel_done(&channel);
    }
    ask_done(&ask);
}

/* Its owner or asker knows enough, though not all was answered: nobody is asked any more. */
void verb_clear(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "clear", "ask.clear");
}

void verb_ship(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "ship", "ask.shipped");
}

void verb_withdraw(struct context *ctx, int64_t ask, const char *rest)
{
    move_on(ctx, ask, rest, "withdraw", "ask.withdrawn");
}
