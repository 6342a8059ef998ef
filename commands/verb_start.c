/* start: work on an ask begins, at once or behind another one; what gives way is said, asked for or nothing. */
#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/views.h"

#include <string.h>

static const char *language_of(const struct channel *channel)
{
    return say_language(channel->language);
}

static void take_over(struct context *ctx, const struct ask *ask)
{
    if (ask->owner != 0)
        return;
    struct log_entry owner = {.kind = "ask.owner", .ask = ask->number, .channel = ask->channel, .person = ctx->who.id};
    record_entry(ctx, &owner);
}

/* ---- Started ---- */

static void tell_started(struct context *ctx, const struct ask *ask, const char *was, const struct start *start)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = language_of(&channel);
    struct viewer viewer = {.place = ask->channel};
    g_autofree char *id = show_number(ask->number);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *why = show_words(ctx, start->reason, 2000);
    GString *others = g_string_new(NULL);
    for (int i = 0; start->gives == START_INSTEAD && i < start->n_asks; i++) {
        g_autofree char *name = trade_name(ctx, start->asks[i], &viewer, language);
        g_string_append_printf(others, "%s%s", i > 0 ? ", " : "", name);
    }
    g_autofree char *entry = g_strconcat(others->len > 0 ? "start.told.instead" : "start.told",
                                         *why != '\0' ? ".because" : "", NULL);
    g_autofree char *told = tell_whom(ctx, ask, transition_of("start", was)->tells);
    g_autofree char *text = say(language, entry, "told", told, "person", who, "ask", id, "others", others->str, "reason", why, NULL);
    struct message *message = message_text(text);
    if (start->gives == START_ROOM) {
        g_autofree char *note = say(language, "start.room", NULL);
        message_add(message, PART_NOTE, note);
    }
    bool without_why = ask->why_known == 0, without_yes = strcmp(was, "accepted") != 0;
    if (without_yes || without_why) {
        g_autofree char *note = say(language, without_why && without_yes ? "start.without.both"
                                              : without_why             ? "start.without.why"
                                                                        : "start.without.yes",
                                    NULL);
        message_add(message, PART_NOTE, note);
    }
    send_to_thread(ctx, ask, "note", message);
    g_string_free(others, TRUE);
    channel_done(&channel);
}

static cJSON *data_of_start(const struct start *start)
{
    if (start->gives == START_UNSAID)
        return NULL;
    cJSON *data = json_object();
    if (start->gives == START_ROOM) {
        json_put_bool(data, "room", true);
    } else {
        cJSON *instead = json_array();
        for (int i = 0; i < start->n_asks; i++)
            json_push(instead, cJSON_CreateNumber((double)start->asks[i]));
        json_put(data, "instead", instead);
    }
    return data;
}

/* At nine in the morning of that day, for who starts. */
static int64_t revisit_at(struct context *ctx, const struct ask *other, const struct start *start)
{
    if (start->has_until)
        return calendar_moment(&start->until, 9 * 60, ctx->who.zone);
    struct trade_setting setting;
    store_trade_setting(ctx->store, other->channel, &setting);
    GDate day = calendar_date(ctx->now, ctx->who.zone);
    g_date_add_days(&day, (guint)setting.revisit_days);
    return calendar_moment(&day, 9 * 60, ctx->who.zone);
}

static void begin(struct context *ctx, struct ask *ask, const struct start *start, struct ask *others, int n)
{
    g_autofree char *was = g_strdup(ask->state);
    struct log_entry entry = {.kind = "ask.started",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .words = *start->reason != '\0' ? start->reason : NULL,
                              .state = "started",
                              .data = data_of_start(start)};
    record_move(ctx, &entry, ask);
    take_over(ctx, ask);
    send_card_redraw(ctx, ask->number);
    tell_started(ctx, ask, was, start);
    g_autofree char *id = show_number(ask->number);
    answer_say(ctx, "start.done", "ask", id, NULL);
    for (int i = 0; i < n; i++) {
        int64_t revisit = revisit_at(ctx, &others[i], start);
        trade_pause(ctx, ask, &others[i], &entry, revisit);
        g_autofree char *other = show_number(others[i].number);
        g_autofree char *day = show_day(ctx, revisit, ctx->language);
        answer_say(ctx, "start.done.instead", "ask", other, "date", day, NULL);
    }
}

/* ---- In the place of others ---- */

/* The asks that shall give way, each of which may; false after saying what is wrong. */
static bool find_others(struct context *ctx, const struct ask *ask, const struct start *start, struct ask *others)
{
    g_autofree char *id = show_number(ask->number);
    for (int i = 0; i < start->n_asks; i++) {
        if (start->asks[i] == ask->number) {
            answer_say(ctx, "start.itself", "ask", id, NULL);
            return false;
        }
        if (!need_ask(ctx, start->asks[i], &others[i]) || !trade_may_pause(ctx, ask, &others[i]))
            return false;
    }
    return true;
}

static void begin_instead(struct context *ctx, struct ask *ask, const struct start *start)
{
    struct ask others[START_ASKS] = {0};
    GDate now = today(ctx);
    if (start->has_until && g_date_compare(&start->until, &now) <= 0) {
        g_autofree char *id = show_number(ask->number);
        answer_say(ctx, "start.until.past", "ask", id, "command", ctx->settings->command, NULL);
    } else if (find_others(ctx, ask, start, others)) {
        begin(ctx, ask, start, others, start->n_asks);
    } else {
        /* Nothing is lost: what may give way now, with the reason kept. */
        trade_question(ctx, ask, start->reason);
    }
    for (int i = 0; i < START_ASKS; i++)
        ask_done(&others[i]);
}

/* ---- Behind another one ---- */

/* Whether the ask waits for number, directly or by others. */
static bool waits_for(struct context *ctx, int64_t ask, int64_t number)
{
    for (int64_t at = ask, steps = 0; at != 0 && steps < 1000; at = store_behind(ctx->store, at), steps++) {
        if (at == number)
            return true;
    }
    return false;
}

static void queue(struct context *ctx, const struct ask *ask, const struct ask *other, const char *reason)
{
    struct log_entry entry = {.kind = "ask.queued",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .words = *reason != '\0' ? reason : NULL,
                              .data = json_object()};
    json_put_int(entry.data, "after", other->number);
    record_entry(ctx, &entry);
    take_over(ctx, ask);
    send_card_redraw(ctx, ask->number);
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = language_of(&channel);
    struct viewer viewer = {.place = ask->channel};
    g_autofree char *id = show_number(ask->number);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *why = show_words(ctx, reason, 2000);
    g_autofree char *name = trade_name(ctx, other->number, &viewer, language);
    g_autofree char *text = say(language, *why != '\0' ? "start.after.told.because" : "start.after.told", "person", who, "ask",
                                id, "other", name, "reason", why, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    g_autofree char *behind = show_number(other->number);
    answer_say(ctx, "start.after.done", "ask", id, "other", behind, NULL);
    channel_done(&channel);
}

static void start_after(struct context *ctx, const struct ask *ask, const struct start *start)
{
    struct ask other;
    g_autofree char *id = show_number(ask->number), *behind = show_number(start->asks[0]);
    if (start->asks[0] == ask->number) {
        answer_say(ctx, "start.after.itself", "ask", id, NULL);
        return;
    }
    if (!need_ask(ctx, start->asks[0], &other)) {
        trade_question(ctx, ask, start->reason);
        return;
    }
    if (!store_state_is_open(other.state)) {
        g_autofree char *state = show_state(ctx->language, other.state);
        answer_say(ctx, "start.after.ended", "other", behind, "state", state, NULL);
        trade_question(ctx, ask, start->reason);
    } else if (waits_for(ctx, other.number, ask->number)) {
        answer_say(ctx, "start.after.circle", "ask", id, "other", behind, NULL);
    } else if (store_behind(ctx->store, ask->number) == other.number && *start->reason == '\0') {
        answer_say(ctx, "start.after.already", "ask", id, "other", behind, NULL);
    } else {
        queue(ctx, ask, &other, start->reason);
    }
    ask_done(&other);
}

void start_run(struct context *ctx, int64_t number, const struct start *start)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (may_move(ctx, &ask, "start") != NULL) {
        g_autoptr(GArray) offered = start->gives == START_UNSAID ? trade_offered(ctx, &ask) : NULL;
        if (start->gives == START_UNCLEAR) {
            g_autofree char *id = show_number(number);
            answer_say(ctx, "start.how", "ask", id, "command", ctx->settings->command, NULL);
        } else if (start->gives == START_INSTEAD) {
            begin_instead(ctx, &ask, start);
        } else if (start->gives == START_AFTER) {
            start_after(ctx, &ask, start);
        } else if (offered != NULL && offered->len > 0) {
            trade_question(ctx, &ask, start->reason);
        } else {
            begin(ctx, &ask, start, NULL, 0);
        }
    }
    ask_done(&ask);
}

void verb_start(struct context *ctx, int64_t number, const char *rest)
{
    GDate now = today(ctx);
    struct start start;
    start_understand(rest, &now, &start);
    start_run(ctx, number, &start);
    start_done(&start);
}
