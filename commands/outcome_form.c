/* The buttons under the question for an outcome, and the form they open. */
#include "commands/outcome.h"

#include "bot/chat/richtext.h"
#include "commands/say.h"
#include "commands/send.h"

#include <string.h>

enum { ACTUAL_MAX = 120, LINK_MAX = 1000, LATER_DAYS = 30 };

static void add_choice(struct form *form, const char *language, enum outcome_kind chosen)
{
    static const char *const entries[] = {NULL, "button.outcome.as_expected", "button.outcome.partly",
                                          "button.outcome.below", "button.outcome.unknown"};
    g_autofree char *label = say(language, "form.outcome.kind", NULL);
    struct field *field = form_add(form, FIELD_CHOICE, "outcome", label, false);
    for (int kind = OUTCOME_AS_EXPECTED; kind <= OUTCOME_UNKNOWN; kind++) {
        g_autofree char *option = say(language, entries[kind], NULL);
        field_add_option(field, outcome_names[kind], option);
    }
    field->initial = g_strdup(outcome_names[chosen]);
}

void outcome_open_form(struct context *ctx, const struct ask *ask, enum outcome_kind kind)
{
    const char *language = ctx->language;
    struct outcome outcome;
    store_get_outcome(ctx->store, ask->number, &outcome);
    struct form *form = form_about(ctx, ask, "outcome", "form.outcome.title", "form.send");
    g_autofree char *subject = form->intro;
    g_autofree char *expected = ask->impact_known == 1 ? show_words(ctx, ask->impact, 1000) : g_strdup("");
    form->intro = *expected != '\0' ? say(language, "form.outcome.intro", "title", subject, "expected", expected, NULL)
                                    : say(language, "form.outcome.intro.nothing", "title", subject, NULL);
    add_choice(form, language, kind != OUTCOME_UNSAID ? kind : outcome_kind_of(ask->outcome));
    g_autofree char *actual = say(language, "form.outcome.actual", NULL);
    struct field *field = form_add(form, FIELD_LINE, "actual", actual, true);
    field->hint = say(language, "form.hint.outcome.actual", NULL);
    field->max = ACTUAL_MAX;
    g_autofree char *note = say(language, "form.outcome.note", NULL);
    field = form_add(form, FIELD_TEXT, "note", note, true);
    field->initial = outcome.words != NULL && *outcome.words != '\0' ? show_words(ctx, outcome.words, 1900) : NULL;
    field->max = 2000;
    g_autofree char *link = say(language, "form.outcome.link", NULL);
    field = form_add(form, FIELD_LINE, "link", link, true);
    field->hint = say(language, "form.hint.outcome.link", NULL);
    field->max = LINK_MAX;
    outcome_done(&outcome);
    send_form(ctx, form);
}

void outcome_button(struct context *ctx, const char *value)
{
    struct ask ask;
    const char *colon = strchr(value, ':');
    enum outcome_kind kind = outcome_kind_of(colon != NULL ? colon + 1 : NULL);
    if (!need_ask(ctx, g_ascii_strtoll(value, NULL, 10), &ask))
        return;
    if (outcome_may_tell(ctx, &ask))
        outcome_open_form(ctx, &ask, kind);
    ask_done(&ask);
}

void outcome_later_button(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!need_ask(ctx, g_ascii_strtoll(value, NULL, 10), &ask))
        return;
    if (outcome_may_tell(ctx, &ask) && !outcome_snooze(ctx, &ask, LATER_DAYS)) {
        g_autofree char *id = show_number(ask.number);
        g_autofree char *state = show_state(ctx->language, ask.state);
        answer_say(ctx, "already.in.state", "ask", id, "state", state, NULL);
    }
    ask_done(&ask);
}

/* One address, and nothing else. */
static bool is_address(const char *link)
{
    bool web = g_str_has_prefix(link, "https://") || g_str_has_prefix(link, "http://");
    return web && strpbrk(link, " \t\n<>|\"") == NULL;
}

static char *field_text(const struct context *ctx, const char *name)
{
    const char *value = event_field(ctx->event, name);
    return g_strstrip(g_strdup(value != NULL ? value : ""));
}

void outcome_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    enum outcome_kind kind = outcome_kind_of(event_field(ctx->event, "outcome"));
    g_autofree char *actual = field_text(ctx, "actual"), *note = field_text(ctx, "note"), *link = field_text(ctx, "link");
    if (kind == OUTCOME_UNSAID)
        answer_field_error(ctx, "outcome", say(ctx->language, "form.outcome.which", NULL));
    if (*link != '\0' && !is_address(link))
        answer_field_error(ctx, "link", say(ctx->language, "form.outcome.no.link", NULL));
    if (ctx->n_errors == 0 && outcome_may_tell(ctx, &ask)) {
        const char *const parts[] = {actual, note, link};
        GString *words = g_string_new(NULL);
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
            g_string_append_printf(words, "%s%s", words->len > 0 && *parts[i] != '\0' ? ", " : "", parts[i]);
        outcome_tell(ctx, &ask, kind, words->str);
        g_string_free(words, TRUE);
    }
    ask_done(&ask);
}
