/* "I need this too": another person's voice, with their own why; said by themselves, or for them. */
#include "bot/base/json.h"
#include "commands/merge.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/voices.h"

#include <string.h>

/* Says why it cannot be: not open, the asker's own, or not theirs to say. */
static bool may_voice(struct context *ctx, const struct ask *ask, int64_t whom, const char *words)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *name = show_person(ctx, whom);
    if (!store_state_is_open(ask->state))
        answer_wrong_state(ctx, ask);
    else if (ask->asker == whom)
        answer_say(ctx, whom == ctx->who.id ? "voice.own" : "voice.asker", "ask", id, "person", name, "command",
                   ctx->settings->command, "why", ctx->settings->why_command, NULL);
    else if (whom == ctx->who.id)
        return true;
    else if (store_has_own_voice(ctx->store, ask->number, whom))
        answer_say(ctx, "voice.theirs", "ask", id, "person", name, NULL);
    else if (*words == '\0' && store_has_voice(ctx->store, ask->number, whom))
        answer_say(ctx, "voice.already.for", "ask", id, "person", name, "command", ctx->settings->command, NULL);
    else
        return may_or_say(ctx, ask->channel, MAY_ANSWER, ask);
    return false;
}

/* Who was spoken for is told: it is theirs to put right. */
static void tell(struct context *ctx, const struct ask *ask, int64_t whom, const char *words)
{
    const char *language = ask_language(ctx, ask);
    bool own = whom == ctx->who.id;
    g_autofree char *who = own ? show_person_and_function(ctx, whom) : show_person(ctx, ctx->who.id);
    g_autofree char *told = own ? g_strdup("") : ping_person(ctx, whom);
    g_autofree char *why = show_words(ctx, words, 2000);
    g_autofree char *id = show_number(ask->number);
    static const char *const entries[][2] = {{"voice.told.for", "voice.told.for.because"}, {"voice.told", "voice.told.because"}};
    g_autofree char *text = say(language, entries[own][*why != '\0'], "told", told, "person", who, "reason", why, "ask", id,
                                "command", ctx->settings->command, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    if (!own)
        note_named(ctx, ask->channel, whom);
}

void voice_add(struct context *ctx, int64_t number, const char *words, int64_t whom)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    bool own = whom == ctx->who.id;
    g_autofree char *id = show_number(number);
    g_autofree char *name = show_person(ctx, whom);
    g_autofree char *before = store_voice_words(ctx->store, number, whom);
    bool same = before != NULL && strcmp(before, words) == 0 && store_state_is_open(ask.state) &&
                own == store_has_own_voice(ctx->store, number, whom);
    /* Typed once more, because the first time nothing answered: not told twice. */
    if (!same && may_voice(ctx, &ask, whom, words)) {
        struct log_entry entry = {.kind = "ask.voice",
                                  .ask = number,
                                  .channel = ask.channel,
                                  .person = whom,
                                  .words = *words != '\0' ? words : NULL,
                                  .data = json_object()};
        if (!own)
            json_put_int(entry.data, "by", ctx->who.id);
        record_entry(ctx, &entry);
        int voices = ask.voices;
        ask_done(&ask);
        if (!store_load_ask(ctx->store, number, &ask))
            return;
        if (ask.voices == voices && *words == '\0') {
            answer_say(ctx, "voice.already", "ask", id, "command", ctx->settings->command, NULL);
        } else {
            send_card_redraw(ctx, number);
            tell(ctx, &ask, whom, words);
            same = true;
        }
    }
    if (same)
        answer_say(ctx, own ? "voice.done" : "voice.done.for", "ask", id, "person", name, NULL);
    ask_done(&ask);
}

/* What was said stays in the log; it counts no more. */
static void take_back(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    if (!store_has_voice(ctx->store, number, ctx->who.id)) {
        answer_say(ctx, "voice.none", "ask", id, "command", ctx->settings->command, NULL);
    } else {
        struct log_entry entry = {
            .kind = "ask.voice_back", .ask = number, .channel = ask.channel, .person = ctx->who.id};
        record_entry(ctx, &entry);
        send_card_redraw(ctx, number);
        g_autofree char *who = show_person(ctx, ctx->who.id);
        g_autofree char *text = say(ask_language(ctx, &ask), "voice.back.told", "person", who, "ask", id, NULL);
        send_to_thread(ctx, &ask, "note", message_text(text));
        answer_say(ctx, "voice.back", "ask", id, NULL);
    }
    ask_done(&ask);
}

void verb_voice(struct context *ctx, int64_t ask, const char *rest)
{
    if (g_ascii_strcasecmp(rest, "off") == 0) {
        take_back(ctx, ask);
        return;
    }
    int64_t whom;
    g_autofree char *words = said_for_or_bare(ctx, rest, &whom);
    voice_add(ctx, ask, words_reason(words), whom != 0 ? whom : ctx->who.id);
}

void voice_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (!store_state_is_open(ask.state) || ask.asker == ctx->who.id) {
        /* Says why not, before anything is typed in vain. */
        ask_done(&ask);
        voice_add(ctx, number, "", ctx->who.id);
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
        went = merged_answer(ctx, &ask, QUESTION_WHY, words, ctx->who.id);
        ask_done(&ask);
    }
    if (!went)
        voice_add(ctx, number, words, ctx->who.id);
}
