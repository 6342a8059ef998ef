/* pause, resume, shelve: an ask is set aside until a date, and on that date its owner says whether to go on. */
#include "bot/base/json.h"
#include "commands/pause.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/until.h"
#include "commands/views.h"
#include "store/trades.h"

#include <string.h>

enum { NINE = 9 * 60, MORE_DAYS = 14, ANSWER_DAYS = 5 };

static const char *channel_language(struct context *ctx, int64_t id)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, id, &channel);
    const char *language = say_language(channel.language);
    channel_done(&channel);
    return language;
}

/* Into the thread: "{told}⏸ {person} set {ask} aside until {date}: {reason}". */
static void tell(struct context *ctx, const struct ask *ask, unsigned tells, const char *what, const char *reason,
                 int64_t until)
{
    const char *language = channel_language(ctx, ask->channel);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *told = tell_whom(ctx, ask, tells);
    g_autofree char *why = show_words(ctx, reason, 2000);
    g_autofree char *day = until != 0 ? show_day(ctx, until, language) : NULL;
    g_autofree char *entry = g_strconcat(what, ".told", *why != '\0' ? ".because" : "", NULL);
    g_autofree char *text = say(language, entry, "told", told, "person", who, "ask", id, "date", day, "reason", why,
                                "command", ctx->settings->command, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
}

/* Whether to go on was asked, and is settled: the question stays to be read, its buttons go. */
void pause_settle(struct context *ctx, const struct ask *ask)
{
    if (ask->revisit_asked == 0)
        return;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *text = say(channel_language(ctx, ask->channel), "revisit.settled", "ask", id, NULL);
    send_edit(ctx, store_post_of_ask(ctx->store, ask->number, "revisit"), message_text(text));
}

static int64_t in_days(struct context *ctx, int days)
{
    GDate day = today(ctx);
    g_date_add_days(&day, (guint)days);
    return calendar_moment(&day, NINE, ctx->who.zone);
}

/* Set aside until then already, and for that cause: typed, pressed or sent in once more. */
static bool is_so(struct context *ctx, const struct ask *ask, int64_t until, const char *reason)
{
    if (strcmp(ask->state, "paused") != 0 || ask->revisit_asked != 0 || ask->revisit_at != until)
        return false;
    g_autoptr(GArray) trades = store_trades_of(ctx->store, ask->number);
    const struct trade *last = trades->len > 0 ? &g_array_index(trades, struct trade, trades->len - 1) : NULL;
    return *reason == '\0' || (last != NULL && g_strcmp0(last->words, reason) == 0);
}

static void pause_until(struct context *ctx, struct ask *ask, int64_t until, const char *reason)
{
    const struct transition *move = transition_of("pause", ask->state);
    bool longer = strcmp(ask->state, "paused") == 0;
    if (!is_so(ctx, ask, until, reason)) {
        pause_settle(ctx, ask);
        cJSON *data = json_object();
        json_put_int(data, "revisit", until);
        record_state(ctx, "ask.paused", ask, reason, move->to, data);
        send_card_redraw(ctx, ask->number);
        tell(ctx, ask, move->tells, longer ? "pause.longer" : "pause", reason, until);
    }
    g_autofree char *id = show_number(ask->number);
    g_autofree char *day = show_day(ctx, until, ctx->language);
    answer_say(ctx, "pause.done", "ask", id, "date", day, NULL);
    if (*reason == '\0' && !longer)
        answer_say(ctx, "pause.no.reason", "ask", id, "date", day, "command", ctx->settings->command, NULL);
}

void pause_run(struct context *ctx, struct ask *ask, int64_t until, const char *reason)
{
    struct trade_setting setting;
    store_trade_setting(ctx->store, ask->channel, &setting);
    /* The cause that was missing moves no date. */
    bool only_why = until == 0 && *reason != '\0' && ask->revisit_at > ctx->now && ask->revisit_asked == 0;
    pause_until(ctx, ask, until != 0 ? until : only_why ? ask->revisit_at : in_days(ctx, setting.revisit_days), reason);
}

void verb_pause(struct context *ctx, int64_t number, const char *rest)
{
    if (*rest == '\0' && can_open_form(ctx)) {
        pause_open_form(ctx, number);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (may_move(ctx, &ask, "pause") != NULL) {
        const char *behind = rest;
        int64_t until = 0;
        bool dated = until_parse(ctx, rest, &until, &behind);
        bool wrong_date = !dated && (g_str_has_prefix(rest, "until ") || g_str_has_prefix(rest, "for "));
        g_autofree char *id = show_number(number);
        if (wrong_date || *rest == '\0')
            answer_say(ctx, wrong_date ? "pause.when" : "pause.how", "ask", id, "command", ctx->settings->command, NULL);
        else
            pause_run(ctx, &ask, until, words_reason(behind));
    }
    ask_done(&ask);
}

/* resume, shelve: back to work, or not. */
static void end_pause(struct context *ctx, int64_t number, const char *rest, const char *verb, const char *kind)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    const struct transition *move = may_move(ctx, &ask, verb);
    if (move != NULL) {
        const char *reason = words_reason(rest);
        record_state(ctx, kind, &ask, reason, move->to, NULL);
        send_card_redraw(ctx, number);
        tell(ctx, &ask, move->tells, verb, reason, 0);
        g_autofree char *id = show_number(number);
        g_autofree char *entry = g_strconcat(verb, ".done", NULL);
        answer_say(ctx, entry, "ask", id, "command", ctx->settings->command, NULL);
    }
    ask_done(&ask);
}

void verb_resume(struct context *ctx, int64_t ask, const char *rest)
{
    end_pause(ctx, ask, rest, "resume", "ask.resumed");
}

void verb_shelve(struct context *ctx, int64_t ask, const char *rest)
{
    end_pause(ctx, ask, rest, "shelve", "ask.shelved");
}

/* ---- on the date ---- */

/* Why it was set aside, if that may be said where it lives: the cause can tell of the ask that took its place. */
static char *cause_of(struct context *ctx, const struct ask *ask)
{
    g_autoptr(GArray) trades = store_trades_of(ctx->store, ask->number);
    const struct trade *last = trades->len > 0 ? &g_array_index(trades, struct trade, trades->len - 1) : NULL;
    if (last == NULL || last->words == NULL)
        return g_strdup("");
    struct viewer place = {.place = ask->channel};
    struct ask other;
    if (last->instead != 0) {
        if (!store_get_ask(ctx->store, &place, last->instead, &other))
            return g_strdup("");
        ask_done(&other);
    }
    return show_words(ctx, last->words, 400);
}

static void ask_whether_to_go_on(struct context *ctx, const struct ask *ask, int64_t whom)
{
    const char *language = say_language(ctx->where.language);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *told = whom != 0 ? ping_person(ctx, whom) : g_strdup("");
    g_autofree char *cause = cause_of(ctx, ask);
    g_autofree char *since = show_day(ctx, ask->paused_at, language);
    g_autofree char *text = say(language, *cause != '\0' ? "revisit.ask.because" : "revisit.ask", "told", told, "ask", id,
                                "date", since, "reason", cause, NULL);
    struct message *message = message_text(g_strchug(text));
    static const char *const buttons[] = {"resume", "pausemore", "shelve"};
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    for (gsize i = 0; i < G_N_ELEMENTS(buttons); i++) {
        g_autofree char *entry = g_strconcat("button.", buttons[i], NULL);
        g_autofree char *label = say(language, entry, NULL);
        message_add_button(message, buttons[i], value, label, i == 0 ? BUTTON_PRIMARY : BUTTON_PLAIN);
    }
    send_to_thread(ctx, ask, "revisit", message);
}

static void shelve_unanswered(struct context *ctx, struct ask *ask)
{
    const struct transition *move = transition_of("shelve", ask->state);
    record_state(ctx, "ask.shelved", ask, NULL, move->to, NULL);
    send_card_redraw(ctx, ask->number);
    tell(ctx, ask, move->tells, "shelve.unanswered", NULL, 0);
}

/* Who is asked, in their working hours: the owner, else who decides, else whose ask it is. */
static int64_t whom_to_ask(struct context *ctx, const struct ask *ask, char **zone)
{
    const int64_t people[] = {ask->owner, ask->decider, ask->asker};
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        struct person person;
        if (people[i] == 0 || is_nobody_to_ask(ctx, people[i]) || !store_get_person(ctx->store, people[i], &person))
            continue;
        *zone = g_strdup(person.zone);
        person_done(&person);
        return people[i];
    }
    *zone = g_strdup("UTC");
    return 0;
}

bool pause_due(struct context *ctx)
{
    int64_t number = store_due_revisit(ctx->store, ctx->now);
    struct ask ask;
    if (number == 0 || !store_load_ask(ctx->store, number, &ask))
        return false;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    if (ask.revisit_asked != 0) {
        shelve_unanswered(ctx, &ask);
    } else {
        const struct working_hours *hours = &ctx->settings->hours;
        g_autofree char *zone = NULL;
        int64_t whom = whom_to_ask(ctx, &ask, &zone);
        bool now = calendar_is_working(ctx->now, hours, zone);
        if (now)
            ask_whether_to_go_on(ctx, &ask, whom);
        cJSON *data = json_object();
        json_put_int(data, "at", now ? calendar_add_working_days(ctx->now, ANSWER_DAYS, hours, zone)
                                     : calendar_next_working(ctx->now, hours, zone));
        json_put_bool(data, "asked", now);
        record(ctx, "ask.revisit", &ask, data);
    }
    ask_done(&ask);
    return true;
}

/* ---- its buttons ---- */

void resume_button(struct context *ctx, const char *value)
{
    verb_resume(ctx, g_ascii_strtoll(value, NULL, 10), "");
}

void shelve_button(struct context *ctx, const char *value)
{
    verb_shelve(ctx, g_ascii_strtoll(value, NULL, 10), "");
}

void pause_more_button(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!need_ask(ctx, g_ascii_strtoll(value, NULL, 10), &ask))
        return;
    if (may_move(ctx, &ask, "pause") == NULL) {
        ask_done(&ask);
        return;
    }
    if (strcmp(ask.state, "paused") != 0) {
        answer_wrong_state(ctx, &ask);
    } else if (ask.revisit_asked == 0) {
        /* Pressed twice, or somebody else was faster. */
        g_autofree char *id = show_number(ask.number);
        g_autofree char *day = show_day(ctx, ask.revisit_at, ctx->language);
        answer_say(ctx, "pause.done", "ask", id, "date", day, NULL);
    } else {
        pause_until(ctx, &ask, in_days(ctx, MORE_DAYS), "");
    }
    ask_done(&ask);
}
