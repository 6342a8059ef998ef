/* urgent <text> raises an ask that skips the queue; urgent 42 makes one so, urgent 42 off lets it take its turn. */
#include "commands/urgent.h"

#include "bot/base/json.h"
#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/views.h"
#include "store/details.h"

#include <string.h>

enum { REMINDED_WORKING_DAYS = 3 };

static void set_urgent(struct context *ctx, const struct ask *ask, bool on)
{
    cJSON *data = json_object();
    if (on)
        json_put_int(data, "until", ctx->now + (int64_t)ctx->settings->urgent_hours * 3600 * 1000);
    struct log_entry entry = {
        .kind = "ask.urgent", .ask = ask->number, .channel = ask->channel, .person = ctx->who.id, .data = data};
    record_entry(ctx, &entry);
    send_card_redraw(ctx, ask->number);
}

static void answer_urgent(struct context *ctx, const struct ask *ask)
{
    g_autofree char *id = show_number(ask->number);
    if (ask->why_known != 0)
        answer_say(ctx, "urgent.done", "ask", id, NULL);
    else
        answer(ctx, say_n(ctx->language, "urgent.done.owes", ctx->settings->urgent_hours, "ask", id, "why",
                          ctx->settings->why_command, NULL));
}

void urgent_begin(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, number, &ask))
        return;
    set_urgent(ctx, &ask, true);
    answer_urgent(ctx, &ask);
    ask_done(&ask);
}

static void tell_thread(struct context *ctx, const struct ask *ask, const char *entry)
{
    g_autofree char *told = tell_whom(ctx, ask, TELLS_OWNER);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *text = say(ask_language(ctx, ask), entry, "told", told, "person", who, "ask", id, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
}

static void change(struct context *ctx, int64_t number, bool on)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    bool may = ask.asker == ctx->who.id || (ask.decider != 0 && ask.decider == ctx->who.id);
    if (!store_state_is_open(ask.state)) {
        answer_wrong_state(ctx, &ask);
    } else if (!may) {
        g_autofree char *asker = show_person(ctx, ask.asker);
        g_autofree char *decider = show_person(ctx, ask.decider);
        answer_say(ctx, ask.decider != 0 ? "urgent.not.yours" : "urgent.not.yours.asker", "ask", id, "asker", asker, "decider",
                   decider, NULL);
    } else if (on == (ask.urgent_until != 0)) {
        answer_say(ctx, on ? "urgent.already" : "urgent.is.not", "ask", id, NULL);
    } else {
        set_urgent(ctx, &ask, on);
        tell_thread(ctx, &ask, on ? "urgent.told" : "urgent.told.off");
        if (on)
            answer_urgent(ctx, &ask);
        else
            answer_say(ctx, "urgent.off", "ask", id, NULL);
    }
    ask_done(&ask);
}

/* What stands behind a number: "", "off", "because …" are about that ask; anything else is an ask that begins so. */
static bool is_about(const char *rest, bool *on)
{
    *on = g_ascii_strcasecmp(rest, "off") != 0 && g_ascii_strcasecmp(rest, "no") != 0;
    return *rest == '\0' || !*on || g_ascii_strncasecmp(rest, "because", strlen("because")) == 0;
}

void verb_urgent(struct context *ctx, int64_t ask, const char *rest)
{
    const char *behind = rest;
    bool on = true;
    (void)ask;
    int64_t number = words_ask_number(&behind);
    if (number == 0 && (*rest == '\0' || g_ascii_strcasecmp(rest, "off") == 0))
        number = ask_of_thread(ctx);
    if (number != 0 && is_about(behind, &on)) {
        change(ctx, number, on);
    } else if (*rest == '\0') {
        ctx->urgent = true;
        raise_open_form(ctx, NULL, NULL, 0);
    } else {
        ctx->urgent = true;
        raise_text(ctx, rest);
        if (ctx->raised != 0)
            urgent_begin(ctx, ctx->raised);
    }
}

/* ---- when the time is over ---- */

static void settle(struct context *ctx, const struct ask *ask)
{
    record(ctx, "ask.urgent_settled", ask, NULL);
}

/* The reminder stands for the next one of the question, which would only say the same. */
static void put_question_off(struct context *ctx, const struct ask *ask, const struct question *question, const char *zone)
{
    int64_t next = calendar_add_working_days(ctx->now, REMINDED_WORKING_DAYS, &ctx->settings->hours, zone);
    if (question->remind_at == 0 || question->remind_at >= next)
        return;
    cJSON *data = data_of("kind", question->kind);
    json_put_int(data, "remind_at", next);
    json_put_int(data, "reminders", MAX(question->reminders, 1));
    record(ctx, "question.waits", ask, data);
}

static void remind(struct context *ctx, const struct ask *ask, int64_t person_id)
{
    struct person person;
    struct question question;
    if (!store_get_person(ctx->store, person_id, &person))
        return;
    if (person.reminders && !person.deleted && !person.bot) {
        g_autofree char *who = ping_person(ctx, person_id);
        g_autofree char *id = show_number(ask->number);
        g_autofree char *text = say(ask_language(ctx, ask), "urgent.remind", "person", who, "ask", id, "why",
                                    ctx->settings->why_command, NULL);
        send_to_thread(ctx, ask, "note", message_text(text));
        if (store_open_question(ctx->store, ask->number, &question))
            put_question_off(ctx, ask, &question, person.zone);
        question_done(&question);
    }
    person_done(&person);
}

/* Who was asked for the why, else the asker. */
static int64_t who_owes(struct context *ctx, const struct ask *ask)
{
    struct question question;
    int64_t person = ask->asker;
    if (store_open_question(ctx->store, ask->number, &question) && strcmp(question.kind, "why") == 0)
        person = question.person;
    question_done(&question);
    return person;
}

bool urgent_due(struct context *ctx)
{
    struct ask ask;
    int64_t number = store_due_urgent(ctx->store, ctx->now);
    if (number == 0 || !store_load_ask(ctx->store, number, &ask))
        return false;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    struct ask_details details;
    store_get_details(ctx->store, &ask, &details);
    int64_t person_id = who_owes(ctx, &ask);
    struct person person = {0};
    store_get_person(ctx->store, person_id, &person);
    const char *zone = person.zone != NULL ? person.zone : "UTC";
    if (ask.why_known != 0 || !store_state_is_open(ask.state)) {
        settle(ctx, &ask);
    } else if (!details.urgent_late || !calendar_is_working(ctx->now, &ctx->settings->hours, zone)) {
        cJSON *data = json_object();
        json_put_int(data, "remind_at", calendar_next_working(ctx->now, &ctx->settings->hours, zone));
        json_put_bool(data, "again", details.urgent_late);
        record(ctx, "ask.urgent_late", &ask, data);
    } else {
        remind(ctx, &ask, person_id);
        settle(ctx, &ask);
    }
    person_done(&person);
    ask_details_done(&details);
    ask_done(&ask);
    return true;
}
