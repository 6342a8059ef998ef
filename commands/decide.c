/* A decision: recorded with its reason, the options considered and what would reopen it, and told in the thread. */
#include "commands/decide.h"

#include "bot/base/json.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/views.h"
#include "store/details.h"

#include <string.h>

enum { BEFORE_MAX = 400 };

static bool has_words(const char *text)
{
    return text != NULL && *text != '\0';
}

static const char *state_of_decision(const char *word)
{
    return strcmp(word, "yes") == 0 ? "accepted" : strcmp(word, "no") == 0 ? "declined" : "later";
}

/* A yes that becomes a no and the like: what is new is to be said. */
static bool changes_decision(const struct ask *ask, const char *word)
{
    bool stands = strcmp(ask->state, "accepted") == 0 || strcmp(ask->state, "declined") == 0;
    return stands && ask->decision != NULL && strcmp(ask->decision, word) != 0;
}

static void add_note(struct context *ctx, struct message *message, const char *language, const char *entry, const char *words)
{
    if (!has_words(words))
        return;
    g_autofree char *shown = show_words(ctx, words, 1500);
    g_autofree char *text = say(language, entry, "words", shown, NULL);
    message_add(message, PART_NOTE, text);
}

/* before: the decision that stood until now, NULL for none; decided_by: whose it was. */
static void tell_thread(struct context *ctx, const struct ask *ask, unsigned tells, const struct decided *decided,
                        const char *before, int64_t decided_by)
{
    const char *language = ask_language(ctx, ask);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *told = tell_whom(ctx, ask, tells);
    g_autofree char *why = show_words(ctx, decided->reason, 2000);
    g_autofree char *day = decided->until != 0 ? show_day(ctx, decided->until, language) : NULL;
    g_autofree char *entry = g_strconcat("decide.told.", decided->word, *why != '\0' ? ".because" : "", NULL);
    g_autofree char *text = say(language, entry, "told", told, "person", who, "reason", why, "date", day, NULL);
    struct message *message = message_text(text);
    add_note(ctx, message, language, "decision.options", decided->options);
    add_note(ctx, message, language, "decision.reopen", decided->reopen_if);
    if (before != NULL) {
        bool others = decided_by != 0 && decided_by != ctx->who.id && decided_by != ask->asker;
        g_autofree char *decider = others ? ping_person(ctx, decided_by) : g_strdup("");
        g_autofree char *note = say(language, "decide.told.before", "person", decider, "decision", before, NULL);
        message_add(message, PART_NOTE, g_strchug(note));
    }
    send_to_thread(ctx, ask, "note", message);
}

static void record_part(struct context *ctx, const struct ask *ask, const char *kind, const char *words, const char *was)
{
    if (!has_words(words) || g_strcmp0(words, was) == 0)
        return;
    struct log_entry entry = {.kind = kind, .ask = ask->number, .channel = ask->channel, .words = words};
    record_entry(ctx, &entry);
}

static void record_circumstances(struct context *ctx, const struct ask *ask, const struct decided *decided)
{
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    record_part(ctx, ask, "ask.options", decided->options, details.options);
    record_part(ctx, ask, "ask.reopen_if", decided->reopen_if, details.reopen_if);
    ask_details_done(&details);
}

/* The decision stands; something is added to it. */
static bool add_to_decision(struct context *ctx, const struct ask *ask, const struct decided *decided)
{
    g_autofree char *id = show_number(ask->number);
    if (ask->decision == NULL) {
        answer_say(ctx, "decide.how", "ask", id, "command", ctx->settings->command, NULL);
        return false;
    }
    if (!may_or_say(ctx, ask->channel, MAY_DECIDE, ask))
        return false;
    record_circumstances(ctx, ask, decided);
    send_card_redraw(ctx, ask->number);
    answer_say(ctx, "decide.noted", "ask", id, NULL);
    return true;
}

static bool needs_what_is_new(struct context *ctx, const struct ask *ask, const struct decided *decided)
{
    if (!changes_decision(ask, decided->word) || has_words(decided->reason) || !may(ctx, ask->channel, MAY_DECIDE, ask))
        return false;
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *before = show_decision(ctx, ask, ctx->language, BEFORE_MAX);
    g_autofree char *reopen = show_words(ctx, details.reopen_if, 400);
    answer_say(ctx, *reopen != '\0' ? "decide.what.is.new.reopen" : "decide.what.is.new", "ask", id, "before", before,
               "reopen", reopen, "decision", decided->word, "command", ctx->settings->command, NULL);
    ask_details_done(&details);
    return true;
}

static void answer_decided(struct context *ctx, const struct ask *ask, const struct decided *decided)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *entry = g_strconcat("decide.done.", decided->word, NULL);
    g_autofree char *day = decided->until != 0 ? show_day(ctx, decided->until, ctx->language) : NULL;
    g_autofree char *told = say(ctx->language, "decide.asker.told", NULL);
    g_autofree char *behind = ask->asker != ctx->who.id ? g_strconcat(" ", told, NULL) : g_strdup("");
    answer_say(ctx, entry, "ask", id, "date", day, "told", behind, NULL);
    if (!has_words(decided->reason)) {
        g_autofree char *again = day != NULL ? g_strdup_printf("%s until %s", decided->word, day) : g_strdup(decided->word);
        answer_say(ctx, "decide.no.reason", "ask", id, "decision", again, "command", ctx->settings->command, NULL);
    }
}

bool decide_ask(struct context *ctx, struct ask *ask, const struct decided *decided)
{
    if (decided->word == NULL)
        return add_to_decision(ctx, ask, decided);
    const char *state = state_of_decision(decided->word);
    bool same = g_strcmp0(ask->decision, decided->word) == 0 && strcmp(ask->state, state) == 0 &&
                may(ctx, ask->channel, MAY_DECIDE, ask);
    /* The same again with a reason: the reason that was missing. */
    bool reason = has_words(decided->reason) && g_strcmp0(ask->decision_words, decided->reason) != 0;
    bool again = same && reason && (ask->decision_words == NULL || decided->amends);
    bool more = same && !reason && (has_words(decided->options) || has_words(decided->reopen_if));
    if (more)
        return add_to_decision(ctx, ask, decided);
    if (same && reason && !again && strcmp(decided->word, "later") != 0) {
        g_autofree char *id = show_number(ask->number);
        g_autofree char *stands = show_decision(ctx, ask, ctx->language, BEFORE_MAX);
        g_autofree char *now = show_state(ctx->language, ask->state);
        answer_say(ctx, "decide.stands", "ask", id, "state", now, "decision", stands, "command", ctx->settings->command, NULL);
        return false;
    }
    g_autofree char *verb = g_strconcat("decide ", decided->word, NULL);
    const struct transition *move = again ? transition_of(verb, ask->state) : may_move(ctx, ask, verb);
    if (move == NULL || needs_what_is_new(ctx, ask, decided))
        return false;
    g_autofree char *before = changes_decision(ask, decided->word) ? show_decision(ctx, ask, ask_language(ctx, ask), BEFORE_MAX) : NULL;
    cJSON *data = data_of("decision", decided->word);
    if (decided->until != 0)
        json_put_int(data, "until", decided->until);
    record_state(ctx, "ask.decided", ask, decided->reason, state, data);
    record_circumstances(ctx, ask, decided);
    send_card_redraw(ctx, ask->number);
    tell_thread(ctx, ask, move->tells, decided, before, ask->decided_by);
    answer_decided(ctx, ask, decided);
    return true;
}
