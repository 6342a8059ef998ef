/* "I need this too": another person's voice, with their own why. */
#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/voices.h"

#include <string.h>

void voice_add(struct context *ctx, int64_t number, const char *words)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    g_autofree char *before = store_voice_words(ctx->store, number, ctx->who.id);
    if (!store_state_is_open(ask.state)) {
        answer_wrong_state(ctx, &ask);
    } else if (before != NULL && strcmp(before, words) == 0) {
        /* Typed once more, because the first time nothing answered. */
        answer_say(ctx, "voice.done", "ask", id, NULL);
    } else if (ask.asker == ctx->who.id) {
        answer_say(ctx, "voice.own", "ask", id, "command", ctx->settings->command, NULL);
    } else {
        struct log_entry entry = {.kind = "ask.voice",
                                  .ask = number,
                                  .channel = ask.channel,
                                  .person = ctx->who.id,
                                  .words = *words != '\0' ? words : NULL};
        record_entry(ctx, &entry);
        int voices = ask.voices;
        ask_done(&ask);
        if (!store_load_ask(ctx->store, number, &ask))
            return;
        if (ask.voices == voices && *words == '\0') {
            answer_say(ctx, "voice.already", "ask", id, "command", ctx->settings->command, NULL);
            ask_done(&ask);
            return;
        }
        send_card_redraw(ctx, number);
        struct channel channel = {0};
        store_get_channel(ctx->store, ask.channel, &channel);
        g_autofree char *who = show_person_and_function(ctx, ctx->who.id);
        g_autofree char *why = show_words(ctx, words, 2000);
        g_autofree char *text = say(say_language(channel.language), *why != '\0' ? "voice.told.because" : "voice.told",
                                    "person", who, "reason", why, NULL);
        send_to_thread(ctx, &ask, "note", message_text(text));
        answer_say(ctx, "voice.done", "ask", id, NULL);
        channel_done(&channel);
    }
    ask_done(&ask);
}

void verb_voice(struct context *ctx, int64_t ask, const char *rest)
{
    voice_add(ctx, ask, words_reason(rest));
}

void voice_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (!store_state_is_open(ask.state) || ask.asker == ctx->who.id) {
        /* Says why not, before anything is typed in vain. */
        ask_done(&ask);
        voice_add(ctx, number, "");
        return;
    }
    g_autofree char *id = show_number(number);
    struct form *form = form_about(ctx, &ask, "voice", "form.voice.title", "form.send");
    g_autofree char *label = say(ctx->language, "form.voice.why", NULL);
    form_add(form, FIELD_TEXT, "why", label, true);
    form->instead = say(ctx->language, "form.instead.voice", "command", ctx->settings->command, "ask", id, NULL);
    send_form(ctx, form);
    ask_done(&ask);
}

void voice_form(struct context *ctx)
{
    const char *words = event_field(ctx->event, "why");
    int64_t number = form_ask(ctx);
    struct ask ask;
    bool went = false;
    if (words == NULL)
        words = "";
    if (store_get_ask(ctx->store, &ctx->viewer, number, &ask)) {
        ctx->reply_channel = ask.channel;
        went = merged_answer(ctx, &ask, words);
        ask_done(&ask);
    }
    if (!went)
        voice_add(ctx, number, words);
}
