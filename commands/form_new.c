/* The form behind a bare /ask and the global shortcut, and asks typed where no channel is. */
#include "bot/chat/richtext.h"
#include "commands/clarify.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/urgent.h"
#include "commands/views.h"

#include <string.h>

enum { BUTTON_TEXT_MAX = 1800 };

static char *usual_channel(struct context *ctx)
{
    if (ctx->where.id != 0 && !ctx->in_direct)
        return g_strdup(ctx->where.channel);
    int64_t usual = store_usual_channel(ctx->store, ctx->who.id);
    struct channel channel = {0};
    store_get_channel(ctx->store, usual, &channel);
    char *id = g_strdup(channel.channel);
    channel_done(&channel);
    return id;
}

void raise_open_form(struct context *ctx, const char *title, const char *permalink, int64_t asker)
{
    g_autofree char *heading = say(ctx->language, "form.new.title", NULL);
    g_autofree char *submit = say(ctx->language, "form.raise", NULL);
    g_autofree char *cancel = say(ctx->language, "form.cancel", NULL);
    struct form *form = form_new("new", permalink != NULL ? permalink : "", heading, submit, cancel);
    g_autofree char *what = say(ctx->language, "form.new.what", NULL);
    struct field *field = form_add(form, FIELD_TEXT, "title", what, false);
    field->initial = title != NULL ? show_words(ctx, title, 2900) : NULL;
    g_autofree char *where = say(ctx->language, "form.new.where", NULL);
    field = form_add(form, FIELD_CHANNEL, "channel", where, false);
    field->initial = usual_channel(ctx);
    g_autofree char *whose = say(ctx->language, "form.new.whose", NULL);
    field = form_add(form, FIELD_PERSON, "asker", whose, true);
    struct person person = {0};
    store_get_person(ctx->store, asker != 0 ? asker : ctx->who.id, &person);
    field->initial = g_strdup(person.user);
    person_done(&person);
    g_autofree char *why = say(ctx->language, "form.why", NULL);
    g_autofree char *why_hint = say(ctx->language, "form.hint.why", NULL);
    form_add(form, FIELD_TEXT, "why", why, true)->hint = g_steal_pointer(&why_hint);
    g_autofree char *impact = say(ctx->language, "form.impact", NULL);
    g_autofree char *impact_hint = say(ctx->language, "form.hint.impact", NULL);
    form_add(form, FIELD_TEXT, "impact", impact, true)->hint = g_steal_pointer(&impact_hint);
    g_autofree char *turn = say(ctx->language, "raise.turn", NULL);
    field = form_add(form, FIELD_CHOICE, "urgent", turn, true);
    g_autofree char *no = say(ctx->language, "raise.turn.no", NULL);
    g_autofree char *yes = say_n(ctx->language, "raise.turn.yes", ctx->settings->urgent_hours, NULL);
    field_add_option(field, "no", no);
    field_add_option(field, "yes", yes);
    field->initial = g_strdup(ctx->urgent ? "yes" : "no");
    form->instead = say(ctx->language, "form.instead.new", "command", ctx->settings->command, NULL);
    send_form(ctx, form);
}

/* The form's state is the address of the message it is about, or empty. */
static const char *permalink_of(const struct event *event)
{
    const char *state = event->state != NULL ? event->state : "";
    bool web = g_str_has_prefix(state, "https://") || g_str_has_prefix(state, "http://");
    return web && strpbrk(state, " \t\n<>|\"") == NULL ? state : NULL;
}

void raise_form(struct context *ctx)
{
    const char *title = event_field(ctx->event, "title");
    const char *channel = event_field(ctx->event, "channel");
    const char *asker = event_field(ctx->event, "asker");
    if (title == NULL || *title == '\0')
        answer_field_error(ctx, "title", say(ctx->language, "form.new.no.title", NULL));
    if (channel == NULL)
        answer_field_error(ctx, "channel", say(ctx->language, "form.new.no.channel", NULL));
    if (ctx->n_errors > 0)
        return;
    const struct event *event = ctx->event;
    int64_t place = store_channel(ctx->store, event->platform, event->workspace, channel, NULL, CHANNEL_UNKNOWN);
    struct channel where;
    if (!store_get_channel(ctx->store, place, &where))
        return;
    if (where.kind == CHANNEL_DIRECT) {
        answer_field_error(ctx, "channel", say(ctx->language, "form.new.no.channel", NULL));
    } else {
        int64_t person = asker != NULL ? store_person(ctx->store, event->platform, event->workspace, asker, NULL)
                                       : ctx->who.id;
        ctx->reply_channel = where.member ? place : 0;
        const char *answers[QUESTION_KINDS] = {NULL};
        for (int kind = 0; kind < QUESTION_KINDS; kind++)
            answers[kind] = event_field(event, question_names[kind]);
        /* What was typed stays in the form: another channel can be chosen. */
        if (may_or_say(ctx, place, MAY_RAISE, NULL))
            raise_ask(ctx, place, person, title, permalink_of(event), answers, false);
        else
            answer_becomes_error(ctx, "channel");
        if (ctx->raised != 0 && g_strcmp0(event_field(event, "urgent"), "yes") == 0)
            urgent_begin(ctx, ctx->raised);
    }
    channel_done(&where);
}

/* In a direct message there is no channel: the usual one is offered, or any other. */
void raise_ask_where(struct context *ctx, const char *title)
{
    if (strlen(title) > BUTTON_TEXT_MAX) {
        g_autofree char *command = g_strconcat(ctx->settings->command, ctx->urgent ? " urgent" : "", NULL);
        answer_say(ctx, "raise.where.long", "command", command, NULL);
        return;
    }
    g_autofree char *shown = show_line(ctx, title, 150);
    g_autofree char *text = say(ctx->language, ctx->urgent ? "raise.where.urgent" : "raise.where", "title", shown, NULL);
    struct message *message = message_text(text);
    struct channel usual = {0};
    store_get_channel(ctx->store, store_usual_channel(ctx->store, ctx->who.id), &usual);
    if (usual.id != 0) {
        g_autofree char *label = say(ctx->language, "button.raise.in", "channel", usual.name, NULL);
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%s", usual.id, title);
        message_add_button(message, ctx->urgent ? "urgentin" : "raisein", value, label, BUTTON_PRIMARY);
    }
    g_autofree char *other = say(ctx->language, "button.raise.elsewhere", NULL);
    message_add_button(message, ctx->urgent ? "urgentform" : "raiseform", title, other, BUTTON_PLAIN);
    channel_done(&usual);
    answer_message(ctx, message);
}

/* "Dark mode for @ceo", as typed: whose it is, and its title. */
static int64_t asker_of(struct context *ctx, const char *text, struct raise *raise)
{
    GDate now = today(ctx);
    raise_understand(text, &now, raise);
    return raise->asker != NULL
               ? store_person(ctx->store, ctx->event->platform, ctx->event->workspace, raise->asker, NULL)
               : ctx->who.id;
}

/* The buttons: "<channel>:<text>". Only a channel the presser may raise in by themselves is ever offered. */
void raise_in_button(struct context *ctx, const char *value)
{
    char *text = NULL;
    int64_t channel = g_ascii_strtoll(value, &text, 10);
    if (text == NULL || *text != ':' || channel != store_usual_channel(ctx->store, ctx->who.id)) {
        answer_say(ctx, "button.stale", NULL);
        return;
    }
    struct raise raise;
    int64_t asker = asker_of(ctx, text + 1, &raise);
    raise_ask(ctx, channel, asker, raise.title, NULL, NULL, false);
    raise_done(&raise);
}

void urgent_in_button(struct context *ctx, const char *value)
{
    raise_in_button(ctx, value);
    if (ctx->raised != 0)
        urgent_begin(ctx, ctx->raised);
}

void raise_form_button(struct context *ctx, const char *text)
{
    struct raise raise;
    int64_t asker = asker_of(ctx, text, &raise);
    raise_open_form(ctx, raise.title, NULL, asker);
    raise_done(&raise);
}

void urgent_form_button(struct context *ctx, const char *text)
{
    ctx->urgent = true;
    raise_form_button(ctx, text);
}
