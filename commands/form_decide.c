/* The form of a decision: behind the card's button and a bare "decide 42". */
#include "commands/decide.h"

#include "commands/permission.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/details.h"

#include <string.h>

static void add_choices(struct context *ctx, struct form *form, const struct ask *ask)
{
    static const char *const choices[][2] = {
        {"yes", "form.decide.yes"}, {"no", "form.decide.no"}, {"later", "form.decide.later"}};
    g_autofree char *label = say(ctx->language, "form.decide.decision", NULL);
    struct field *field = form_add(form, FIELD_CHOICE, "decision", label, false);
    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        g_autofree char *choice = say(ctx->language, choices[i][1], NULL);
        field_add_option(field, choices[i][0], choice);
    }
    field->initial = g_strdup(ask->decision);
}

static void add_words(struct context *ctx, struct form *form, const char *name, const char *words)
{
    g_autofree char *entry = g_strconcat("form.decide.", name, NULL);
    g_autofree char *hint = g_strconcat("form.decide.hint.", name, NULL);
    g_autofree char *label = say(ctx->language, entry, NULL);
    struct field *field = form_add(form, FIELD_TEXT, name, label, true);
    field->hint = say(ctx->language, hint, NULL);
    field->initial = words != NULL ? show_words(ctx, words, FORM_INITIAL_MAX) : NULL;
}

/* Says why not before anything is typed in vain. */
static bool may_decide(struct context *ctx, const struct ask *ask)
{
    if (!may_or_say(ctx, ask->channel, MAY_DECIDE, ask))
        return false;
    static const char *const verbs[] = {"decide yes", "decide no", "decide later"};
    bool decidable = strcmp(ask->state, "declined") == 0; /* what would reopen it may be added */
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        decidable = decidable || transition_starts_from(transition_of(verbs[i], ask->state), ask->state);
    if (!decidable)
        answer_wrong_state(ctx, ask);
    return decidable;
}

void decide_add_button(struct message *message, int64_t ask, const char *language)
{
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask);
    g_autofree char *label = say(language, "button.decide", NULL);
    message_add_button(message, "decide", value, label, BUTTON_PRIMARY);
}

void decide_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (may_decide(ctx, &ask)) {
        struct ask_details details;
        store_get_details(ctx->store, &ask, &details);
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "decide", "form.decide.title", "form.decide.submit");
        char *state = form->state;
        form->state = g_strdup_printf("%s:%" G_GINT64_FORMAT, state, ask.decided_at);
        g_free(state);
        form->instead = say(ctx->language, "form.instead.decide", "command", ctx->settings->command, "ask", id, NULL);
        add_choices(ctx, form, &ask);
        add_words(ctx, form, "reason", ask.decision_words);
        g_autofree char *until = say(ctx->language, "form.decide.until", NULL);
        form_add(form, FIELD_DATE, "until", until, true);
        add_words(ctx, form, "options", details.options);
        add_words(ctx, form, "reopen", details.reopen_if);
        send_form(ctx, form);
        ask_details_done(&details);
    }
    ask_done(&ask);
}

static bool read_until(struct context *ctx, int64_t *until)
{
    const char *day = event_field(ctx->event, "until");
    GDate now = today(ctx);
    struct when when;
    if (day == NULL || !when_parse(day, &now, &when))
        return false;
    *until = calendar_moment(&when.last, 9 * 60, ctx->who.zone);
    return *until > ctx->now;
}

/* Another decision has come since the form was opened: whoever sends it in is told once, before theirs replaces it. */
static bool decided_meanwhile(struct context *ctx, const struct ask *ask)
{
    g_auto(GStrv) state = g_strsplit(ctx->event->state != NULL ? ctx->event->state : "", ":", 3);
    if (g_strv_length(state) < 3 || ask->decision == NULL || ask->decided_by == ctx->who.id ||
        g_ascii_strtoll(state[2], NULL, 10) == ask->decided_at || !may(ctx, ask->channel, MAY_DECIDE, ask))
        return false;
    g_autofree char *told = g_strdup_printf("decided:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, ask->number,
                                            ask->decided_at, ctx->who.id);
    if (!store_inbox_add(ctx->store, told, ctx->now))
        return false;
    ctx->told = g_steal_pointer(&told);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *before = show_decision(ctx, ask, ctx->language, 400);
    answer_say(ctx, "decide.meanwhile", "ask", id, "before", before, NULL);
    return true;
}

void decide_form(struct context *ctx)
{
    static const char *const choices[] = {"yes", "no", "later", NULL};
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    struct ask_details details;
    store_get_details(ctx->store, &ask, &details);
    const char *word = event_field(ctx->event, "decision");
    struct decided decided = {.word = word,
                              .reason = form_field_said(ctx, "reason", ask.decision_words),
                              .options = form_field_said(ctx, "options", details.options),
                              .reopen_if = form_field_said(ctx, "reopen", details.reopen_if),
                              .amends = true};
    if (word == NULL || !g_strv_contains(choices, word))
        answer_field_error(ctx, "decision", say(ctx->language, "form.decide.choose", NULL));
    else if (strcmp(word, "later") == 0 && !read_until(ctx, &decided.until))
        answer_field_error(ctx, "until", say(ctx->language, "form.decide.when", NULL));
    else if (decided_meanwhile(ctx, &ask))
        answer_becomes_error(ctx, "reason");
    else if (!decide_ask(ctx, &ask, &decided))
        answer_becomes_error(ctx, strcmp(ask.state, "accepted") == 0 || strcmp(ask.state, "declined") == 0 ? "reason" : "decision");
    ask_details_done(&details);
    ask_done(&ask);
}
