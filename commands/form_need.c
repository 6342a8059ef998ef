/* The form of a need, and the asker's buttons under it. */
#include "commands/need.h"
#include "commands/say.h"
#include "commands/send.h"
#include "store/details.h"

#include <string.h>

static void add_field(struct context *ctx, struct form *form, const char *name, const char *words)
{
    g_autofree char *entry = g_strconcat("form.need.", name, NULL);
    g_autofree char *label = say(ctx->language, entry, NULL);
    struct field *field = form_add(form, FIELD_TEXT, name, label, true);
    field->initial = words != NULL ? show_words(ctx, words, FORM_INITIAL_MAX) : NULL;
}

void need_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (need_may_word(ctx, &ask)) {
        struct ask_details details;
        store_get_details(ctx->store, &ask, &details);
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "need", "form.need.title", "form.send");
        form->instead = say(ctx->language, "form.instead.need", "command", ctx->settings->command, "ask", id, NULL);
        add_field(ctx, form, "need", ask.need);
        add_field(ctx, form, "fixed", details.fixed);
        add_field(ctx, form, "open", details.open);
        add_field(ctx, form, "smallest", details.smallest);
        add_field(ctx, form, "cost", details.cost);
        send_form(ctx, form);
        ask_details_done(&details);
    }
    ask_done(&ask);
}

void need_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    struct ask_details details;
    store_get_details(ctx->store, &ask, &details);
    struct needed needed = {.words = form_field_said(ctx, "need", ask.need)};
    needed.parts[SAID_FIXED] = form_field_said(ctx, "fixed", details.fixed);
    needed.parts[SAID_OPEN] = form_field_said(ctx, "open", details.open);
    needed.parts[SAID_SMALLEST] = form_field_said(ctx, "smallest", details.smallest);
    needed.parts[SAID_COST] = form_field_said(ctx, "cost", details.cost);
    bool anything = needed.words != NULL;
    for (int i = 0; i < SAID_PARTS; i++)
        anything = anything || needed.parts[i] != NULL;
    if (!anything)
        answer_field_error(ctx, "need", say(ctx->language, "form.empty", NULL));
    else if (!need_say(ctx, &ask, &needed))
        answer_becomes_error(ctx, "need");
    ask_details_done(&details);
    ask_done(&ask);
}

/* "42:<entry>": the ask, if that wording still stands; else says what the need is now. */
static bool asked_of(struct context *ctx, const char *value, struct ask *ask)
{
    char *behind = NULL;
    int64_t number = g_ascii_strtoll(value, &behind, 10);
    if (!need_ask(ctx, number, ask))
        return false;
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    bool stands = *behind == ':' && g_ascii_strtoll(behind + 1, NULL, 10) == details.need_entry;
    ask_details_done(&details);
    if (stands)
        return true;
    g_autofree char *id = show_number(number);
    g_autofree char *need = show_words(ctx, ask->need, 500);
    answer_say(ctx, "need.reworded", "ask", id, "need", need, "command", ctx->settings->command, NULL);
    ask_done(ask);
    return false;
}

void need_press_yes(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!asked_of(ctx, value, &ask))
        return;
    need_confirm(ctx, &ask);
    ask_done(&ask);
}

void need_press_not(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!asked_of(ctx, value, &ask))
        return;
    g_autofree char *id = show_number(ask.number);
    if (ask.asker != ctx->who.id) {
        g_autofree char *asker = show_person(ctx, ask.asker);
        answer_say(ctx, "question.not.yours", "person", asker, NULL);
    } else {
        struct form *form = form_about(ctx, &ask, "neednot", "form.neednot.title", "form.send");
        g_free(form->intro);
        form->intro = show_words(ctx, ask.need, 500);
        form->instead = say(ctx->language, "need.not.how", "command", ctx->settings->command, "ask", id, NULL);
        g_autofree char *label = say(ctx->language, "form.neednot.words", NULL);
        form_add(form, FIELD_TEXT, "words", label, false);
        send_form(ctx, form);
    }
    ask_done(&ask);
}

void need_not_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    const char *words = event_field(ctx->event, "words");
    if (words == NULL || *words == '\0')
        answer_field_error(ctx, "words", say(ctx->language, "form.neednot.empty", NULL));
    else if (!need_not_quite(ctx, &ask, words))
        answer_becomes_error(ctx, "words");
    ask_done(&ask);
}
