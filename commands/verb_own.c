#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <string.h>

/* own 42: I drive it; own 42 @mia: she does. Taking is open to all, handing on to the owner, decider and asker. */
void verb_own(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    int64_t whom = person_named(ctx, rest);
    if (is_nobody_to_ask(ctx, whom))
        whom = 0;
    if (whom == 0 && *rest != '\0' && g_ascii_strcasecmp(rest, "me") != 0) {
        answer_say(ctx, "own.whom", "ask", id, "command", ctx->settings->command, NULL);
        ctx->not_understood = person_named(ctx, rest) == 0;
    } else if (!store_state_is_open(ask.state)) {
        answer_wrong_state(ctx, &ask);
    } else if (whom != 0 && whom != ctx->who.id && !has_role(ctx, &ask, BY_ASKER | BY_RAISER | BY_OWNER | BY_DECIDER)) {
        g_autofree char *name = show_person(ctx, ask.owner);
        answer_say(ctx, "not.owner", "ask", id, "person", name, "command", ctx->settings->command, NULL);
    } else {
        if (whom == 0)
            whom = ctx->who.id;
        if (whom == ask.owner) {
            g_autofree char *name = show_person(ctx, whom);
            answer_say(ctx, whom == ctx->who.id ? "own.already.you" : "own.already", "ask", id, "person", name, NULL);
        } else {
            struct log_entry entry = {
                .kind = "ask.owner", .ask = number, .channel = ask.channel, .person = whom};
            record_entry(ctx, &entry);
            note_named(ctx, ask.channel, whom);
            send_card_redraw(ctx, number);
            struct channel channel = {0};
            store_get_channel(ctx->store, ask.channel, &channel);
            g_autofree char *owner = whom == ctx->who.id ? show_person(ctx, whom) : ping_person(ctx, whom);
            g_autofree char *before = tell_whom(ctx, &ask, TELLS_OWNER); /* whom it is taken from */
            g_autofree char *text =
                say(say_language(channel.language), "own.told", "told", before, "person", owner, "ask", id, NULL);
            send_to_thread(ctx, &ask, "note", message_text(text));
            g_autofree char *shown = show_person(ctx, whom);
            answer_say(ctx, whom == ctx->who.id ? "own.done.you" : "own.done", "ask", id, "person", shown, NULL);
            channel_done(&channel);
        }
    }
    ask_done(&ask);
}
