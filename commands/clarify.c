#include "commands/clarify.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/confirm.h"
#include "commands/own_words.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <string.h>

const char *const question_names[QUESTION_KINDS] = {"why", "impact", "evidence", "deadline"};

bool question_kind_of(const char *name, enum question_kind *kind)
{
    for (int i = 0; i < QUESTION_KINDS; i++) {
        if (g_strcmp0(question_names[i], name) == 0) {
            *kind = (enum question_kind)i;
            return true;
        }
    }
    return false;
}

static bool known(const struct ask *ask, enum question_kind kind)
{
    switch (kind) {
    case QUESTION_WHY:
        return ask->why_known != 0;
    case QUESTION_IMPACT:
        return ask->impact_known != 0;
    case QUESTION_EVIDENCE:
        return ask->evidence_known != 0;
    default:
        return ask->deadline == NULL || ask->deadline_note != NULL;
    }
}

/* The next kind that was neither answered nor asked before; QUESTION_KINDS when there is none. fresh: none was. */
static enum question_kind next_kind(struct context *ctx, const struct ask *ask, bool fresh)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    enum question_kind next = QUESTION_KINDS;
    for (int kind = 0; kind < QUESTION_KINDS && next == QUESTION_KINDS; kind++) {
        if (known(ask, (enum question_kind)kind) || !question_is_asked(&channel, question_names[kind]))
            continue;
        struct question question = {0};
        bool asked = !fresh && store_get_question(ctx->store, ask->number, question_names[kind], &question) &&
                     strcmp(question.state, "postponed") != 0 && strcmp(question.state, "ended") != 0;
        question_done(&question);
        if (!asked)
            next = (enum question_kind)kind;
    }
    channel_done(&channel);
    return next;
}

static const char *channel_language(struct context *ctx, int64_t id)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, id, &channel);
    const char *language = say_language(channel.language);
    channel_done(&channel);
    return language;
}

static void add_value_button(struct message *message, const char *language, const char *action, const char *entry,
                             int64_t ask, const char *kind)
{
    g_autofree char *label = say(language, entry, NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%s", ask, kind);
    message_add_button(message, action, value, label, BUTTON_PLAIN);
}

/* Puts this question to person, in the thread, and sets its first reminder. note: what stands below it; NULL for nothing. */
static void put(struct context *ctx, const struct ask *ask, enum question_kind kind, int64_t person_id,
                const char *undo, const char *note)
{
    struct person person;
    if (!store_get_person(ctx->store, person_id, &person))
        return;
    cJSON *data = data_of("kind", question_names[kind]);
    if (person.reminders)
        json_put_int(data, "remind_at",
                     calendar_add_working_days(ctx->now, 1, &ctx->settings->hours, person.zone));
    struct log_entry entry = {
        .kind = "question.asked", .ask = ask->number, .channel = ask->channel, .person = person_id, .data = data};
    record_entry(ctx, &entry);

    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = say_language(channel.language);
    g_autofree char *ping = ping_person(ctx, person_id);
    g_autofree char *question = question_text(&channel, language, question_names[kind]);
    g_autofree char *text = say(language, "question.put", "person", ping, "question", question, NULL);
    g_autofree char *noted = note != NULL ? g_strdup_printf("%s\n%s", text, note) : NULL;
    struct message *message = message_text(noted != NULL ? noted : text);
    add_value_button(message, language, "skip", "button.skip", ask->number, question_names[kind]);
    add_value_button(message, language, "unknown", "button.unknown", ask->number, question_names[kind]);
    if (undo != NULL)
        add_value_button(message, language, "undo", "button.undo", ask->number, undo);
    send_to_thread(ctx, ask, "question", message);
    channel_done(&channel);
    person_done(&person);
}

static void tell_clear(struct context *ctx, const struct ask *ask, const char *undo)
{
    const char *language = channel_language(ctx, ask->channel);
    g_autofree char *id = show_number(ask->number);
    const char *entry = !ask_is_clear(ctx, ask) ? "clarify.thanks"
                        : strcmp(ask->state, "clear") == 0            ? "clarify.clear"
                                                                      : "clarify.complete";
    g_autofree char *text = say(language, entry, "ask", id, "command", ctx->settings->command, NULL);
    struct message *message = message_text(text);
    if (undo != NULL)
        add_value_button(message, language, "undo", "button.undo", ask->number, undo);
    send_to_thread(ctx, ask, "note", message);
}

static void go_on(struct context *ctx, const struct ask *ask, enum question_kind next, const char *undo)
{
    if (next < QUESTION_KINDS)
        put(ctx, ask, next, ask->asker, undo, NULL);
    else
        tell_clear(ctx, ask, undo);
}

void clarify_next(struct context *ctx, int64_t number, const char *undo)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, number, &ask))
        return;
    struct question open;
    bool waiting = store_open_question(ctx->store, number, &open);
    question_done(&open);
    if (!waiting && store_state_is_open(ask.state))
        go_on(ctx, &ask, next_kind(ctx, &ask, false), undo);
    ask_done(&ask);
}

void clarify_begin(struct context *ctx, const struct ask *ask)
{
    go_on(ctx, ask, next_kind(ctx, ask, true), NULL);
}

/* The question stays to be read; its buttons go. */
static void settle_post(struct context *ctx, const struct ask *ask, const char *kind, int64_t person)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *language = say_language(channel.language);
    g_autofree char *who = show_person(ctx, person);
    g_autofree char *question = question_text(&channel, language, kind);
    g_autofree char *text = say(language, "question.put", "person", who, "question", question, NULL);
    send_edit(ctx, store_post_of_ask(ctx->store, ask->number, "question"), message_text(text));
    channel_done(&channel);
}

void clarify_again(struct context *ctx, const struct ask *ask)
{
    struct question open;
    enum question_kind kind;
    if (!store_open_question(ctx->store, ask->number, &open))
        clarify_next(ctx, ask->number, NULL);
    else if (question_kind_of(open.kind, &kind)) {
        settle_post(ctx, ask, open.kind, open.person);
        put(ctx, ask, kind, open.person, NULL, NULL);
    }
    question_done(&open);
}

static cJSON *impact_data(struct context *ctx, const char *words)
{
    cJSON *data = json_object();
    GDate now = today(ctx);
    struct impact impact;
    impact_parse(words, &now, &impact);
    if (impact.understood) {
        static const char *const directions[] = {NULL, "up", "down", "to"};
        static const char *const sureness[] = {NULL, "low", "medium", "high"};
        json_put_str(data, "metric", impact.metric);
        json_put_str(data, "direction", directions[impact.direction]);
        if (impact.has_size) {
            json_put(data, "low", cJSON_CreateNumber(impact.low));
            json_put(data, "high", cJSON_CreateNumber(impact.high));
        }
        if (impact.about)
            json_put_bool(data, "about", true);
        json_put_str(data, "unit", impact.unit);
        json_put_str(data, "per", impact.per);
        json_put_str(data, "sure", sureness[impact.confidence]);
    }
    if (g_date_valid(&impact.by)) {
        char day[16];
        g_date_strftime(day, sizeof day, "%Y-%m-%d", &impact.by);
        json_put_str(data, impact.from ? "from" : "by", day);
    }
    impact_done(&impact);
    return data;
}

static const char *const evidence_names[] = {NULL, "none", "opinion", "one customer", "several customers", "measured"};

void clarify_pass_on(struct context *ctx, const struct ask *ask, enum question_kind kind, int64_t person)
{
    settle_post(ctx, ask, question_names[kind], ctx->who.id);
    g_autofree char *from = show_person(ctx, ctx->who.id);
    g_autofree char *said = say(channel_language(ctx, ask->channel), "question.passed.on", "person", from, NULL);
    put(ctx, ask, kind, person, NULL, said);
}

static void close_question(struct context *ctx, const struct ask *ask, enum question_kind kind, const char *how)
{
    struct question question;
    if (store_get_question(ctx->store, ask->number, question_names[kind], &question) &&
        strcmp(question.state, "open") == 0) {
        cJSON *data = data_of("kind", question_names[kind]);
        json_put_str(data, "how", how);
        record(ctx, "question.closed", ask, data);
        settle_post(ctx, ask, question.kind, question.person);
    } else if (question.kind == NULL) {
        /* Answered before it was asked: it need not be asked any more. */
        struct log_entry asked = {.kind = "question.asked",
                                  .ask = ask->number,
                                  .channel = ask->channel,
                                  .person = ask->asker,
                                  .data = data_of("kind", question_names[kind])};
        record_entry(ctx, &asked);
        cJSON *data = data_of("kind", question_names[kind]);
        json_put_str(data, "how", how);
        record(ctx, "question.closed", ask, data);
    }
    question_done(&question);
}

void clarify_settle(struct context *ctx, const struct ask *ask, enum question_kind kind)
{
    close_question(ctx, ask, kind, "answered");
}

void clarify_end(struct context *ctx, const struct ask *ask)
{
    struct question open;
    enum question_kind kind;
    if (store_open_question(ctx->store, ask->number, &open) && question_kind_of(open.kind, &kind))
        close_question(ctx, ask, kind, "ended");
    question_done(&open);
}

void clarify_stop(struct context *ctx, const struct ask *ask)
{
    struct question open;
    enum question_kind kind;
    if (store_open_question(ctx->store, ask->number, &open) && question_kind_of(open.kind, &kind))
        close_question(ctx, ask, kind, "skipped");
    question_done(&open);
}

static void keep_answer(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words,
                        const char *message, int64_t whom)
{
    static const char *const entries[QUESTION_KINDS] = {"ask.why", "ask.impact", "ask.evidence", "ask.deadline"};
    cJSON *data = kind == QUESTION_IMPACT && words != NULL ? impact_data(ctx, words) : json_object();
    json_put_int(data, "known", words != NULL ? 1 : 2);
    if (whom != 0)
        json_put_int(data, "for", whom);
    if (kind == QUESTION_EVIDENCE && words != NULL)
        json_put_str(data, "kind", evidence_names[evidence_understand(words)]);
    struct log_entry entry = {.kind = entries[kind],
                              .ask = ask->number,
                              .channel = ask->channel,
                              .person = ctx->who.id,
                              .words = words,
                              .data = data};
    record_entry(ctx, &entry);
    if (words != NULL && message != NULL) {
        struct heard heard = {.ask = ask->number,
                              .words = entry.words_id,
                              .person = ctx->who.id,
                              .kind = (char *)question_names[kind]};
        store_set_heard(ctx->store, ask->channel, message, &heard);
    }
    close_question(ctx, ask, kind, words != NULL ? "answered" : "unknown");

    int64_t number = ask->number;
    ask_done(ask);
    if (!store_load_ask(ctx->store, number, ask))
        return;
    if (strcmp(ask->state, "waiting") == 0 && ask_is_clear(ctx, ask))
        record_state(ctx, "ask.clear", ask, NULL, "clear", NULL);
    if (kind == QUESTION_IMPACT)
        aim_hear_impact(ctx, ask);
    send_card_redraw(ctx, number);
}

bool clarify_answer_for(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words,
                        const char *message, int64_t whom)
{
    bool stand = words != NULL && own_words_stand(ctx, ask, kind);
    if (stand)
        own_words_beside(ctx, ask, kind, words, message, whom);
    else
        keep_answer(ctx, ask, kind, words, message, whom);
    return !stand;
}

bool clarify_answer(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words,
                    const char *message)
{
    return clarify_answer_for(ctx, ask, kind, words, message, 0);
}

void clarify_answer_edited(struct context *ctx, struct ask *ask, enum question_kind kind, const char *words)
{
    keep_answer(ctx, ask, kind, words, ctx->event->message, 0);
}

void clarify_tell_asker(struct context *ctx, const struct ask *ask, enum question_kind kind)
{
    if (ask->asker == ctx->who.id)
        return;
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *asker = ping_person(ctx, ask->asker);
    g_autofree char *id = show_number(ask->number);
    /* No verb says what happens on a date. */
    const char *entry = kind == QUESTION_DEADLINE ? "answered.for.you.date" : "answered.for.you";
    g_autofree char *text = say(channel_language(ctx, ask->channel), entry, "person", who, "asker", asker, "ask", id,
                                "command", ctx->settings->command, "verb", question_names[kind], NULL);
    struct message *message = message_text(text);
    bool confirm = kind == QUESTION_WHY && why_waits_for_asker(ctx, ask);
    if (confirm)
        why_add_confirm(ctx, message, ask, channel_language(ctx, ask->channel));
    send_to_thread(ctx, ask, confirm ? "confirm" : "note", message);
}

/* "42:why" or "42:why:3"; false when a button's value is not ours. */
static bool parse_value(const char *value, int64_t *ask, enum question_kind *kind, int *days)
{
    g_auto(GStrv) parts = g_strsplit(value != NULL ? value : "", ":", 3);
    if (g_strv_length(parts) < 2 || !question_kind_of(parts[1], kind))
        return false;
    *ask = g_ascii_strtoll(parts[0], NULL, 10);
    if (days != NULL)
        *days = parts[2] != NULL ? (int)g_ascii_strtoll(parts[2], NULL, 10) : 0;
    return true;
}

/* The ask and the open question a button is about, if it is the presser's to answer; else says why not. */
static bool my_question(struct context *ctx, const char *value, struct ask *ask, enum question_kind *kind, int *days)
{
    int64_t number;
    *ask = (struct ask){0};
    if (!parse_value(value, &number, kind, days) || !need_ask(ctx, number, ask))
        return false;
    if (!store_state_is_open(ask->state)) {
        answer_wrong_state(ctx, ask);
        clarify_end(ctx, ask);
        ask_done(ask);
        return false;
    }
    struct question question;
    store_get_question(ctx->store, number, question_names[*kind], &question);
    bool open = question.state != NULL && strcmp(question.state, "open") == 0;
    bool mine = question.person == ctx->who.id || ask->asker == ctx->who.id;
    g_autofree char *name = show_person(ctx, question.person);
    question_done(&question);
    if (open && mine)
        return true;
    if (open)
        answer_say(ctx, "question.not.yours", "person", name, NULL);
    else
        answer_say(ctx, "question.closed", NULL);
    ask_done(ask);
    return false;
}

void clarify_skip(struct context *ctx, const char *value)
{
    struct ask ask;
    enum question_kind kind;
    if (!my_question(ctx, value, &ask, &kind, NULL))
        return;
    close_question(ctx, &ask, kind, "skipped");
    clarify_next(ctx, ask.number, NULL);
    ask_done(&ask);
}

void clarify_unknown(struct context *ctx, const char *value)
{
    struct ask ask;
    enum question_kind kind;
    if (!my_question(ctx, value, &ask, &kind, NULL))
        return;
    clarify_answer(ctx, &ask, kind, NULL, NULL);
    clarify_next(ctx, ask.number, question_names[kind]);
    ask_done(&ask);
}

/* "That was not my answer": the words no longer count, and the question is open again. */
void clarify_undo(struct context *ctx, const char *value)
{
    struct ask ask;
    int64_t number;
    enum question_kind kind;
    if (!parse_value(value, &number, &kind, NULL) || !need_ask(ctx, number, &ask))
        return;
    struct question question;
    store_get_question(ctx->store, number, question_names[kind], &question);
    if (!store_state_is_open(ask.state)) {
        answer_wrong_state(ctx, &ask);
    } else if (question.person != ctx->who.id && ask.asker != ctx->who.id) {
        g_autofree char *name = show_person(ctx, question.person);
        answer_say(ctx, "question.not.yours", "person", name, NULL);
    } else if (question.state == NULL || strcmp(question.state, "open") == 0 || !known(&ask, kind)) {
        answer_say(ctx, "question.closed", NULL);
    } else {
        store_erase_answer(ctx->store, ask.number, question_names[kind], ctx->now);
        record(ctx, "ask.unanswered", &ask, data_of("kind", question_names[kind]));
        struct question open;
        if (store_open_question(ctx->store, number, &open)) {
            /* One question at a time: the later one waits its turn again. */
            cJSON *data = data_of("kind", open.kind);
            json_put_str(data, "how", "postponed");
            record(ctx, "question.closed", &ask, data);
            settle_post(ctx, &ask, open.kind, open.person);
        }
        question_done(&open);
        if (strcmp(ask.state, "clear") == 0 && (kind == QUESTION_WHY || kind == QUESTION_IMPACT))
            record_state(ctx, "ask.unclear", &ask, NULL, "waiting", NULL);
        put(ctx, &ask, kind, question.person, NULL, NULL);
        send_card_redraw(ctx, number);
    }
    question_done(&question);
    ask_done(&ask);
}

void clarify_snooze(struct context *ctx, struct question *question, int days)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, question->ask, &ask))
        return;
    cJSON *data = data_of("kind", question->kind);
    if (days >= 0)
        json_put_int(data, "remind_at",
                     calendar_next_working(ctx->now + (int64_t)MAX(days, 1) * 24 * 3600 * 1000, &ctx->settings->hours,
                                           ctx->who.zone != NULL ? ctx->who.zone : "UTC"));
    json_put_int(data, "reminders", question->reminders);
    record(ctx, "question.waits", &ask, data);
    g_autofree char *id = show_number(ask.number);
    if (days < 0)
        answer_say(ctx, "snooze.never", "ask", id, NULL);
    else
        answer(ctx, say_n(ctx->language, "snooze.days", MAX(days, 1), "ask", id, NULL));
    ask_done(&ask);
}

void clarify_snooze_button(struct context *ctx, const char *value)
{
    struct ask ask;
    enum question_kind kind;
    int days;
    if (!my_question(ctx, value, &ask, &kind, &days))
        return;
    struct question question;
    if (store_get_question(ctx->store, ask.number, question_names[kind], &question))
        clarify_snooze(ctx, &question, days);
    question_done(&question);
    ask_done(&ask);
}
