/* dissent 42 because …: who sees it differently says so, beside the decision, may commit all the same, and may take it back. */
#include "bot/base/json.h"
#include "commands/decide.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "store/details.h"

#include <string.h>

static bool said_before(struct context *ctx, const struct ask *ask, const char *words, bool commits)
{
    bool before = false;
    g_autoptr(GArray) all = store_dissents(ctx->store, ask);
    for (guint i = 0; i < all->len; i++) {
        const struct dissent *one = &g_array_index(all, struct dissent, i);
        before = before || (one->person == ctx->who.id && one->commits == commits && strcmp(one->words, words) == 0);
    }
    return before;
}

static bool dissents(struct context *ctx, const struct ask *ask)
{
    bool found = false;
    g_autoptr(GArray) all = store_dissents(ctx->store, ask);
    for (guint i = 0; i < all->len; i++)
        found = found || g_array_index(all, struct dissent, i).person == ctx->who.id;
    return found;
}

static int64_t who_decides(const struct ask *ask)
{
    return ask->decided_by != 0 ? ask->decided_by : ask->decider;
}

/* Why there is nothing to dissent from, or nobody to dissent; answered. */
static bool may_dissent(struct context *ctx, const struct ask *ask)
{
    g_autofree char *id = show_number(ask->number);
    if (strcmp(ask->state, "withdrawn") == 0 || strcmp(ask->state, "merged") == 0) {
        answer_wrong_state(ctx, ask);
        return false;
    }
    if (ask->decided_by == ctx->who.id) {
        answer_say(ctx, "dissent.own", "ask", id, "command", ctx->settings->command, NULL);
        return false;
    }
    return true;
}

static void tell_decider(struct context *ctx, const struct ask *ask, const char *words, bool commits)
{
    int64_t decider = who_decides(ask);
    g_autofree char *who = show_person_and_function(ctx, ctx->who.id);
    g_autofree char *told = decider != 0 && decider != ctx->who.id ? ping_person(ctx, decider) : g_strdup("");
    g_autofree char *why = show_words(ctx, words, 2000);
    g_autofree char *text = say(ask_language(ctx, ask), commits ? "dissent.told.commits" : "dissent.told", "decider", told,
                                "person", who, "reason", why, NULL);
    send_to_thread(ctx, ask, "note", message_text(g_strchug(text)));
}

static bool dissent(struct context *ctx, const struct ask *ask, const char *words, bool commits)
{
    if (!may_dissent(ctx, ask))
        return false;
    g_autofree char *id = show_number(ask->number);
    if (!said_before(ctx, ask, words, commits)) {
        cJSON *data = json_object();
        json_put_bool(data, "commits", commits);
        struct log_entry entry = {.kind = "ask.dissent",
                                  .ask = ask->number,
                                  .channel = ask->channel,
                                  .person = ctx->who.id,
                                  .words = words,
                                  .data = data};
        record_entry(ctx, &entry);
        send_card_redraw(ctx, ask->number);
        tell_decider(ctx, ask, words, commits);
    }
    g_autofree char *done = say(ctx->language, commits ? "dissent.done.commits" : "dissent.done", "ask", id, NULL);
    struct message *message = message_text(done);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    g_autofree char *label = say(ctx->language, "button.dissent.back", NULL);
    message_add_button(message, "dissentback", value, label, BUTTON_PLAIN);
    answer_message(ctx, message);
    return true;
}

/* ---- taken back ---- */

/* "off", "taken back because …": the words behind it; NULL when it is not that. */
static const char *behind_back(const char *rest)
{
    static const char *const phrases[] = {"i take it back", "taken back", "take it back", "take back", "back", "off", "no more"};
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        gsize length = strlen(phrases[i]);
        const char *behind = rest + length;
        if (g_ascii_strncasecmp(rest, phrases[i], length) != 0)
            continue;
        behind += strspn(behind, " .,;:!");
        if (*behind == '\0' || (behind > rest + length && g_ascii_strncasecmp(behind, "because", strlen("because")) == 0))
            return words_reason(behind);
    }
    return NULL;
}

/* The log keeps what was said; it does not stand beside the decision any more. */
static void take_back(struct context *ctx, const struct ask *ask, const char *reason)
{
    g_autofree char *id = show_number(ask->number);
    if (!dissents(ctx, ask)) {
        answer_say(ctx, "dissent.none", "ask", id, "command", ctx->settings->command, NULL);
        return;
    }
    struct log_entry entry = {.kind = "ask.dissent_back",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .person = ctx->who.id,
                              .words = *reason != '\0' ? reason : NULL};
    record_entry(ctx, &entry);
    send_card_redraw(ctx, ask->number);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *why = show_words(ctx, reason, 2000);
    g_autofree char *text = say(ask_language(ctx, ask), *why != '\0' ? "dissent.back.told.because" : "dissent.back.told",
                                "person", who, "reason", why, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    answer_say(ctx, "dissent.back", "ask", id, NULL);
}

void dissent_back_button(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!need_ask(ctx, g_ascii_strtoll(value, NULL, 10), &ask))
        return;
    take_back(ctx, &ask, "");
    ask_done(&ask);
}

/* ---- typed, and by form ---- */

void verb_dissent(struct context *ctx, int64_t number, const char *rest)
{
    if (*rest == '\0' && can_open_form(ctx)) {
        dissent_open_form(ctx, number);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    bool commits;
    const char *back = behind_back(rest);
    g_autofree char *words = said_dissent(rest, &commits);
    g_autofree char *id = show_number(number);
    if (back != NULL)
        take_back(ctx, &ask, back);
    else if (words == NULL)
        answer_say(ctx, "dissent.how", "ask", id, "command", ctx->settings->command, NULL);
    else
        dissent(ctx, &ask, words, commits);
    ask_done(&ask);
}

void dissent_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (may_dissent(ctx, &ask)) {
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "dissent", "form.dissent.title", "form.send");
        form->instead = say(ctx->language, "dissent.how", "ask", id, "command", ctx->settings->command, NULL);
        g_autofree char *why = say(ctx->language, "form.dissent.why", NULL);
        form_add(form, FIELD_TEXT, "why", why, false);
        g_autofree char *commits = say(ctx->language, "form.dissent.commits", NULL);
        struct field *field = form_add(form, FIELD_CHOICE, "commits", commits, false);
        g_autofree char *yes = say(ctx->language, "form.dissent.commits.yes", NULL);
        g_autofree char *no = say(ctx->language, "form.dissent.commits.no", NULL);
        field_add_option(field, "yes", yes);
        field_add_option(field, "no", no);
        field->initial = g_strdup("yes");
        send_form(ctx, form);
    }
    ask_done(&ask);
}

void dissent_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    const char *words = event_field(ctx->event, "why");
    if (words == NULL || *words == '\0')
        answer_field_error(ctx, "why", say(ctx->language, "form.dissent.empty", NULL));
    else if (!dissent(ctx, &ask, words, g_strcmp0(event_field(ctx->event, "commits"), "yes") == 0))
        answer_becomes_error(ctx, "why");
    ask_done(&ask);
}
