/* What people write in an ask's thread: answers, edits and deletions of them, and the reminders between. */
#include "commands/clarify.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/merge.h"
#include "commands/question.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/views.h"
#include "store/departures.h"

#include <string.h>

static const char ANSWERED_MARK[] = "white_check_mark";
enum { SKEW_MS = 60 * 1000 }; /* between the platform's clock and ours */

static const char *language_of(struct context *ctx)
{
    return say_language(ctx->where.language);
}


static void accept_answer(struct context *ctx, struct ask *ask, enum question_kind asked, const struct reply *reply)
{
    const char *undo = question_names[asked];
    bool stands = false;
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        if (reply->parts[kind] != NULL && clarify_answer(ctx, ask, (enum question_kind)kind, reply->parts[kind], ctx->event->message))
            stands = true;
    }
    send_reaction(ctx, ctx->where.id, ctx->event->message, ANSWERED_MARK);
    if (stands)
        clarify_tell_asker(ctx, ask, asked);
    clarify_next(ctx, ask->number, undo);
}

static void pass_on(struct context *ctx, struct ask *ask, enum question_kind kind, const char *user)
{
    int64_t person = store_person(ctx->store, ctx->event->platform, ctx->event->workspace, user, NULL);
    if (person == ctx->who.id || is_nobody_to_ask(ctx, person))
        return;
    note_named(ctx, ask->channel, person);
    clarify_pass_on(ctx, ask, kind, person);
}

static void follow_up(struct context *ctx, struct ask *ask, struct question *question, const char *words)
{
    struct heard heard = {.ask = ask->number,
                          .words = clarify_note_followed(ctx, ask, question, words),
                          .person = ctx->who.id,
                          .kind = question->kind};
    store_set_heard(ctx->store, ask->channel, ctx->event->message, &heard);
    g_autofree char *name = g_strconcat("follow.", question->kind, NULL);
    g_autofree char *text = say(language_of(ctx), name, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
}

/* A reply to what was asked before the ask came to an end: with what it became part of it is kept; else whoever said it
 * hears, once, that it is not. */
static bool reply_to_ended(struct context *ctx, struct ask *ask, const struct question *question)
{
    enum question_kind kind = QUESTION_WHY;
    question_kind_of(question->kind, &kind);
    GDate now = today(ctx);
    struct reply reply = {0};
    reply_understand(ctx->event->text, kind, NULL, &now, &reply);
    bool answers = reply.kind == REPLY_ANSWER || reply.kind == REPLY_EMPTY, merged = strcmp(ask->state, "merged") == 0;
    reply_done(&reply);
    if (!answers)
        return false;
    cJSON *data = data_of("kind", question->kind);
    json_put_str(data, "how", "postponed");
    record(ctx, "question.closed", ask, data);
    if (merged && merged_answer(ctx, ask, kind, ctx->event->text, 0)) {
        send_reaction(ctx, ctx->where.id, ctx->event->message, ANSWERED_MARK);
        return true;
    }
    g_autofree char *id = show_number(ask->number);
    g_autofree char *state = show_state(ctx->language, ask->state);
    const char *entry = transition_starts_from(transition_of("reopen", ask->state), ask->state) ? "reply.ended.reopen" : "reply.ended";
    answer_say(ctx, entry, "ask", id, "state", state, "command", ctx->settings->command, NULL);
    return true;
}

/* False: it is small talk, and means nothing here. */
static bool understand(struct context *ctx, struct ask *ask, struct question *question)
{
    enum question_kind kind = QUESTION_WHY;
    question_kind_of(question->kind, &kind);
    GDate now = today(ctx);
    struct reply reply = {0};
    reply_understand(ctx->event->text, kind, NULL, &now, &reply);
    switch (reply.kind) {
    case REPLY_EMPTY:
        if (clarify_is_followed(question, kind)) {
            follow_up(ctx, ask, question, ctx->event->text);
            break;
        }
        /* Said twice: these are their words, and they stand. */
        if (reply.parts[kind] == NULL)
            reply.parts[kind] = g_strdup(ctx->event->text);
        accept_answer(ctx, ask, kind, &reply);
        break;
    case REPLY_ANSWER:
        accept_answer(ctx, ask, kind, &reply);
        break;
    case REPLY_DONT_KNOW:
        clarify_answer(ctx, ask, kind, NULL, NULL);
        send_reaction(ctx, ctx->where.id, ctx->event->message, ANSWERED_MARK);
        clarify_next(ctx, ask->number, question->kind);
        break;
    case REPLY_SKIP: {
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%s", ask->number, question->kind);
        clarify_skip(ctx, value);
        break;
    }
    case REPLY_LATER:
        clarify_snooze(ctx, question, MAX(reply.days, 1));
        break;
    case REPLY_KNOWS:
        pass_on(ctx, ask, kind, reply.person);
        break;
    case REPLY_CHAT:
    case REPLY_TO_SOMEONE:
        break;
    }
    bool taken = reply.kind != REPLY_CHAT;
    reply_done(&reply);
    return taken;
}

/* A post that came late may be older than the question: it cannot be its answer. */
static bool is_older(const struct event *event, const struct question *question)
{
    return event->posted_ms != 0 && event->posted_ms < question->asked_at - SKEW_MS;
}

bool clarify_reply(struct context *ctx)
{
    struct post root = {0};
    if (ctx->event->thread == NULL || ctx->event->text == NULL ||
        !store_find_post(ctx->store, ctx->where.id, ctx->event->thread, &root))
        return false;
    struct ask ask = {0};
    struct question question = {0};
    bool ours = root.ask != 0 && strcmp(root.purpose, "card") == 0 && store_load_ask(ctx->store, root.ask, &ask);
    bool taken = ours && question_reply(ctx, &ask);
    if (ours && !taken) {
        bool open = store_state_is_open(ask.state), found = open ? store_open_question(ctx->store, ask.number, &question)
                                                                 : store_ended_question(ctx->store, ask.number, &question);
        bool asked = found && question.person == ctx->who.id && *ctx->event->text != '\0';
        taken = asked && is_older(ctx->event, &question);
        if (asked && !taken && open)
            taken = understand(ctx, &ask, &question);
        else if (asked && !taken)
            taken = reply_to_ended(ctx, &ask, &question);
        /* What was typed in the open needs no private answer of a command's kind, but its words help. */
        if (ctx->reply != NULL) {
            struct message *reply = g_steal_pointer(&ctx->reply);
            send_ephemeral(ctx, ctx->who.id, ctx->where.id, ctx->event->thread, reply);
        }
    }
    question_done(&question);
    ask_done(&ask);
    post_done(&root);
    return taken;
}

/* What did not count, or no longer does, is forgotten as it was; it may be the answer now. */
static void edited_non_answer(struct context *ctx, const struct heard *heard, struct ask *ask)
{
    store_erase_words(ctx->store, heard->words, ctx->now);
    struct question question;
    enum question_kind kind;
    if (store_open_question(ctx->store, ask->number, &question) && question.person == ctx->who.id &&
        strcmp(question.kind, heard->kind) == 0 && question_kind_of(question.kind, &kind) &&
        store_state_is_open(ask->state)) {
        GDate now = today(ctx);
        struct reply reply = {0};
        reply_understand(ctx->event->text, kind, NULL, &now, &reply);
        if (reply.kind == REPLY_ANSWER)
            accept_answer(ctx, ask, kind, &reply);
        reply_done(&reply);
    }
    question_done(&question);
}

/* These words are not said any more. */
static void take_back(struct context *ctx, const struct heard *heard, struct ask *ask)
{
    bool counts = store_heard_counts(ctx->store, heard);
    store_erase_words(ctx->store, heard->words, ctx->now);
    if (!counts)
        return; /* something else was said since, and stands */
    record(ctx, "ask.unanswered", ask, data_of("kind", heard->kind));
    if (strcmp(ask->state, "clear") == 0 && (g_str_equal(heard->kind, "why") || g_str_equal(heard->kind, "impact")))
        record_state(ctx, "ask.unclear", ask, NULL, "waiting", NULL);
    send_card_redraw(ctx, ask->number);
}

void clarify_edited(struct context *ctx)
{
    g_autoptr(GArray) all = store_get_heard(ctx->store, ctx->where.id, ctx->event->message);
    if (ctx->event->text == NULL || *ctx->event->text == '\0')
        return;
    if (all->len == 0) {
        /* It came before its post, and says all that the post will ever say. */
        if (ctx->unheard)
            clarify_reply(ctx);
        return;
    }
    enum question_kind asked;
    const struct heard *first = &g_array_index(all, struct heard, 0);
    struct ask ask;
    if (question_answer_edited(ctx, first))
        return;
    if (first->person != ctx->who.id || !question_kind_of(first->kind, &asked) ||
        !store_load_ask(ctx->store, first->ask, &ask))
        return;
    if (!store_heard_counts(ctx->store, first)) {
        edited_non_answer(ctx, first, &ask);
        ask_done(&ask);
        return;
    }
    for (guint i = 1; i < all->len; i++) {
        /* Of several answers in one reply, the first was the one asked for. */
        enum question_kind kind;
        if (question_kind_of(g_array_index(all, struct heard, i).kind, &kind))
            asked = MIN(asked, kind);
    }
    GDate now = today(ctx);
    struct reply reply = {0};
    reply_understand(ctx->event->text, asked, NULL, &now, &reply);
    for (guint i = 0; i < all->len; i++) {
        const struct heard *heard = &g_array_index(all, struct heard, i);
        enum question_kind kind;
        if (!question_kind_of(heard->kind, &kind))
            continue;
        const char *words = reply.parts[kind] != NULL ? reply.parts[kind] : all->len == 1 ? ctx->event->text : NULL;
        if (words == NULL || (reply.kind == REPLY_SKIP && all->len == 1)) {
            take_back(ctx, heard, &ask);
            continue;
        }
        if (g_strcmp0(ask_words(&ask, kind), words) == 0)
            continue; /* read back after a gap, it came with its newest words already */
        bool unknown = reply.kind == REPLY_DONT_KNOW && all->len == 1;
        store_erase_words(ctx->store, heard->words, ctx->now);
        clarify_answer_edited(ctx, &ask, kind, unknown ? NULL : words);
    }
    reply_done(&reply);
    ask_done(&ask);
}

void clarify_deleted(struct context *ctx)
{
    g_autoptr(GArray) all = store_get_heard(ctx->store, ctx->where.id, ctx->event->message);
    for (guint i = 0; i < all->len; i++) {
        const struct heard *heard = &g_array_index(all, struct heard, i);
        struct ask ask;
        if (question_answer_deleted(ctx, heard) || !store_load_ask(ctx->store, heard->ask, &ask))
            continue;
        take_back(ctx, heard, &ask);
        ask_done(&ask);
    }
    store_drop_heard(ctx->store, ctx->where.id, ctx->event->message);
}

/* Reminders: in the thread after one working day, by direct message after three more, in the thread after
 * five more, then never again. */
static const int reminder_gaps[] = {3, 5};

static void add_snooze_buttons(struct message *message, const char *language, const struct question *question)
{
    static const struct {
        const char *entry;
        int days;
    } choices[] = {{"button.snooze.day", 1}, {"button.snooze.days", 3}, {"button.snooze.week", 7}, {"button.snooze.never", -1}};
    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        g_autofree char *label = say(language, choices[i].entry, NULL);
        g_autofree char *value =
            g_strdup_printf("%" G_GINT64_FORMAT ":%s:%d", question->ask, question->kind, choices[i].days);
        /* Buttons of one message need actions of their own. */
        g_autofree char *action = g_strdup_printf("snooze%u", (unsigned)i);
        message_add_button(message, action, value, label, BUTTON_PLAIN);
    }
}

void clarify_remind(struct context *ctx, struct question *question)
{
    struct ask ask;
    struct person person;
    if (!store_load_ask(ctx->store, question->ask, &ask))
        return;
    if (!store_get_person(ctx->store, question->person, &person)) {
        ask_done(&ask);
        return;
    }
    cJSON *data = data_of("kind", question->kind);
    bool pointless = !store_state_is_open(ask.state) || strcmp(question->state, "open") != 0 || !person.reminders ||
                     person.deleted ||
                     (store_has_left(ctx->store, ask.number, person.id) && store_is_gone(ctx->store, ask.channel, person.id));
    bool out_of_hours = !calendar_is_working(ctx->now, &ctx->settings->hours, person.zone);
    if (pointless) {
        json_put_int(data, "reminders", question->reminders);
    } else if (out_of_hours) {
        /* The clock ran on, or the person moved: the next working hour will do. */
        json_put_int(data, "reminders", question->reminders);
        json_put_int(data, "remind_at", calendar_next_working(ctx->now, &ctx->settings->hours, person.zone));
    } else {
        bool by_dm = question->reminders == 1 && may_be_told(ctx, ask.number, person.id);
        struct channel channel = {0};
        store_get_channel(ctx->store, ask.channel, &channel);
        g_clear_pointer(&ctx->where.platform, g_ref_string_release);
        ctx->where.platform = g_steal_pointer(&channel.platform); /* NULL when it could not be read */
        const char *language = by_dm ? say_language(person.language != NULL ? person.language : person.locale)
                                     : say_language(channel.language);
        g_autofree char *who = ping_person(ctx, person.id);
        g_autofree char *id = show_number(ask.number);
        g_autofree char *title = show_line(ctx, ask.title, 150);
        g_autofree char *put = question_text(&channel, language, question->kind);
        g_autofree char *text = by_dm ? say(language, "remind.direct", "ask", id, "title", title, "question", put, NULL)
                                      : say(language, "remind.thread", "person", who, "ask", id, "question", put, NULL);
        struct message *message = message_text(text);
        if (by_dm) {
            g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask.number);
            g_autofree char *label = say(language, "button.thirty.seconds", NULL);
            message_add_button(message, "why", value, label, BUTTON_PRIMARY);
        }
        add_snooze_buttons(message, language, question);
        note_quoted_ask(ctx, &ask);
        if (by_dm)
            send_direct(ctx, person.id, ask.number, message);
        else
            send_to_thread(ctx, &ask, "note", message);
        json_put_int(data, "reminders", question->reminders + 1);
        if (question->reminders < (int)G_N_ELEMENTS(reminder_gaps))
            json_put_int(data, "remind_at",
                         calendar_add_working_days(ctx->now, reminder_gaps[question->reminders],
                                                   &ctx->settings->hours, person.zone));
        channel_done(&channel);
    }
    record(ctx, "question.waits", &ask, data);
    person_done(&person);
    ask_done(&ask);
}
