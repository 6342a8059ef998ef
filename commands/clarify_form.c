/* The thirty-second form: everything that is missing at once. */
#include "commands/clarify.h"

#include "commands/merge.h"
#include "commands/own_words.h"
#include "commands/permission.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/views.h"

#include <string.h>

static void add_question(struct form *form, struct context *ctx, enum question_kind kind, const char *initial)
{
    g_autofree char *name = g_strconcat("form.", question_names[kind], NULL);
    g_autofree char *label = say(ctx->language, name, NULL);
    struct field *field = form_add(form, FIELD_TEXT, question_names[kind], label, true);
    field->initial = initial != NULL ? show_words(ctx, initial, 2900) : NULL;
    g_autofree char *hint_name = g_strconcat("form.hint.", question_names[kind], NULL);
    field->hint = say(ctx->language, hint_name, NULL);
}

void clarify_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (!store_state_is_open(ask.state)) {
        answer_wrong_state(ctx, &ask);
    } else if (may_answer_or_say(ctx, &ask)) {
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "why", "form.why.title", "form.send");
        if (ask.asker != ctx->who.id) {
            g_autofree char *subject = form->intro, *asker = show_person(ctx, ask.asker);
            form->intro = say(ctx->language, "form.why.for", "title", subject, "asker", asker, NULL);
        }
        add_question(form, ctx, QUESTION_WHY, ask.why);
        add_question(form, ctx, QUESTION_IMPACT, ask.impact);
        add_question(form, ctx, QUESTION_EVIDENCE, ask.evidence);
        if (ask.deadline != NULL)
            add_question(form, ctx, QUESTION_DEADLINE, ask.deadline_note);
        form->instead = say(ctx->language, "form.instead.why", "why", ctx->settings->why_command, "ask", id, NULL);
        send_form(ctx, form);
    }
    ask_done(&ask);
}

/* What was typed while the ask came to an end: kept with the one it went into, else not taken. */
static void answer_ended(struct context *ctx, const struct ask *ask)
{
    GString *said = g_string_new(NULL);
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        const char *words = event_field(ctx->event, question_names[kind]);
        if (words != NULL && *words != '\0')
            g_string_append_printf(said, "%s%s", said->len > 0 ? "\n" : "", words);
    }
    if (said->len == 0 || !merged_answer(ctx, ask, QUESTION_WHY, said->str, 0))
        answer_wrong_state(ctx, ask);
    g_string_free(said, TRUE);
}

/* What the form says of this that it did not say when it was opened; NULL: nothing. */
static const char *said_anew(struct context *ctx, const struct ask *ask, enum question_kind kind)
{
    const char *words = event_field(ctx->event, question_names[kind]);
    g_autofree char *before = show_words(ctx, ask_words(ask, kind), 2900);
    return words != NULL && *words != '\0' && strcmp(before, words) != 0 ? words : NULL;
}

/* It stays open with why not, and nothing of it is recorded. */
static bool says_unknown_for_another(struct context *ctx, const struct ask *ask)
{
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        const char *words = said_anew(ctx, ask, (enum question_kind)kind);
        if (words != NULL && says_unknown(ctx, (enum question_kind)kind, words) &&
            !may_say_unknown(ctx, ask, (enum question_kind)kind)) {
            answer_becomes_error(ctx, question_names[kind]);
            return true;
        }
    }
    return false;
}

/* What says nothing is asked about once more in the form, which stays open. */
static bool asks_once_more(struct context *ctx, const struct ask *ask)
{
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        const char *words = event_field(ctx->event, question_names[kind]);
        char *more = words != NULL ? clarify_follow_up(ctx, ask, (enum question_kind)kind, words) : NULL;
        if (more != NULL) {
            answer_field_error(ctx, question_names[kind], more);
            return true;
        }
    }
    return false;
}

void clarify_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    if (!store_state_is_open(ask.state)) {
        answer_ended(ctx, &ask);
        ask_done(&ask);
        return;
    }
    if (!may_answer_or_say(ctx, &ask)) {
        answer_becomes_error(ctx, "why");
        ask_done(&ask);
        return;
    }
    if (says_unknown_for_another(ctx, &ask) || asks_once_more(ctx, &ask)) {
        ask_done(&ask);
        return;
    }
    struct question question;
    bool asked = store_open_question(ctx->store, ask.number, &question), waiting = strcmp(ask.state, "waiting") == 0;
    question_done(&question);
    bool anything = false, stands = false, beside = false;
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        const char *words = event_field(ctx->event, question_names[kind]);
        if (words == NULL || *words == '\0')
            continue;
        anything = true;
        words = said_anew(ctx, &ask, (enum question_kind)kind);
        if (words == NULL)
            continue;
        bool unknown = says_unknown(ctx, (enum question_kind)kind, words);
        if (clarify_answer(ctx, &ask, (enum question_kind)kind, unknown ? NULL : words, NULL))
            stands = true;
        else
            beside = true;
    }
    if (!anything) {
        answer_field_error(ctx, "why", say(ctx->language, "form.empty", NULL));
    } else {
        g_autofree char *id = show_number(ask.number);
        bool cleared = waiting && strcmp(ask.state, "clear") == 0;
        if (beside) {
            g_autofree char *asker = show_person(ctx, ask.asker);
            answer_say(ctx, "beside.done", "ask", id, "person", asker, NULL);
        }
        if (stands || !beside)
            answer_say(ctx, cleared ? "answer.clear" : "answer.noted", "ask", id, NULL);
        if (stands)
            clarify_tell_asker(ctx, &ask, QUESTION_WHY);
        if (asked || cleared)
            clarify_next(ctx, ask.number, NULL);
    }
    ask_done(&ask);
}
