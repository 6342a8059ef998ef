/* An ask gives way: recorded, told in its own thread; and who waited behind one that has gone on is told. */
#include "commands/trade.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <string.h>

enum { TITLE_MAX = 80, REASON_MAX = 2000 };

char *trade_name(struct context *ctx, int64_t number, const struct viewer *viewer, const char *language)
{
    struct ask ask;
    if (!store_get_ask(ctx->store, viewer, number, &ask))
        return say(language, "trade.private", NULL);
    g_autofree char *id = show_number(number);
    g_autofree char *title = show_line(ctx, ask.title, TITLE_MAX);
    note_quoted_ask(ctx, &ask);
    if (*title == '\0') {
        g_free(title);
        title = say(language, "erased", NULL);
    }
    ask_done(&ask);
    return say(language, "trade.ask", "ask", id, "title", title, NULL);
}

char *trade_days(const char *language, int64_t days)
{
    return days > 0 ? say_n(language, "trade.days", days, NULL) : say(language, "trade.days.none", NULL);
}

bool trade_may_pause(struct context *ctx, const struct ask *ask, const struct ask *other)
{
    struct trade_setting setting;
    store_trade_setting(ctx->store, ask->channel, &setting);
    /* A channel may have agreed that its started list is one. */
    if (setting.shared && other->channel == ask->channel && strcmp(other->state, "started") == 0)
        return true;
    if (strcmp(other->state, "paused") == 0) {
        g_autofree char *id = show_number(other->number), *state = show_state(ctx->language, other->state);
        answer_say(ctx, "already.in.state", "ask", id, "state", state, NULL);
        return false;
    }
    return may_move(ctx, other, "pause") != NULL;
}

static void tell_paused(struct context *ctx, const struct ask *ask, const struct ask *other, const char *reason,
                        int64_t days, int64_t revisit)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, other->channel, &channel);
    const char *language = say_language(channel.language);
    struct viewer viewer = {.place = other->channel};
    g_autofree char *told = tell_whom(ctx, other, transition_of("pause", "started")->tells);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *id = show_number(other->number);
    g_autofree char *name = trade_name(ctx, ask->number, &viewer, language);
    g_autofree char *why = show_words(ctx, reason, REASON_MAX);
    g_autofree char *text = say(language, *why != '\0' ? "trade.told.because" : "trade.told", "told", told, "person", who,
                                "ask", id, "other", name, "reason", why, NULL);
    struct message *message = message_text(text);
    g_autofree char *spent = trade_days(language, days);
    g_autofree char *day = show_day(ctx, revisit, language);
    g_autofree char *note = say(language, "trade.told.note", "days", spent, "date", day, NULL);
    message_add(message, PART_NOTE, note);
    send_to_thread(ctx, other, "note", message);
    channel_done(&channel);
}

void trade_pause(struct context *ctx, const struct ask *ask, struct ask *other, const struct log_entry *started,
                 int64_t revisit)
{
    struct viewer viewer = {.place = other->channel};
    struct ask seen = {0};
    /* The reason was given for an ask that may be private to another place: then it is not told here. */
    bool may_tell = store_get_ask(ctx->store, &viewer, ask->number, &seen);
    ask_done(&seen);
    int64_t days = store_days_of_work(ctx->store, other->number, ctx->now);
    struct log_entry entry = {.kind = "ask.paused",
                              .ask = other->number,
                              .channel = other->channel,
                              .words_id = may_tell ? started->words_id : 0,
                              .state = "paused",
                              .data = json_object()};
    json_put_int(entry.data, "by", ask->number);
    json_put_int(entry.data, "revisit", revisit);
    record_move(ctx, &entry, other);
    send_card_redraw(ctx, other->number);
    tell_paused(ctx, ask, other, may_tell ? started->words : NULL, days, revisit);
}

void trade_wake(struct context *ctx, const struct ask *ask, GArray *waiting)
{
    for (guint i = 0; i < waiting->len; i++) {
        struct ask next;
        struct channel channel = {0};
        if (!store_load_ask(ctx->store, g_array_index(waiting, int64_t, i), &next))
            continue;
        store_get_channel(ctx->store, next.channel, &channel);
        const char *language = say_language(channel.language);
        struct viewer viewer = {.place = next.channel};
        g_autofree char *told = tell_whom(ctx, &next, TELLS_OWNER);
        g_autofree char *name = trade_name(ctx, ask->number, &viewer, language);
        g_autofree char *state = show_state(language, ask->state);
        g_autofree char *id = show_number(next.number);
        g_autofree char *text = say(language, "start.after.next", "told", told, "other", name, "state", state, "ask", id,
                                    "command", ctx->settings->command, NULL);
        struct message *message = message_text(text);
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, next.number);
        g_autofree char *label = say(language, "button.start", NULL);
        message_add_button(message, "start", value, label, BUTTON_PLAIN);
        send_to_thread(ctx, &next, "note", message);
        send_card_redraw(ctx, next.number);
        channel_done(&channel);
        ask_done(&next);
    }
}

void trade_free(struct context *ctx, const struct ask *ask)
{
    g_autoptr(GArray) displaced = store_displaced_by(ctx->store, ask->number);
    for (guint i = 0; i < displaced->len; i++) {
        struct ask other;
        if (!store_load_ask(ctx->store, g_array_index(displaced, int64_t, i), &other))
            continue;
        cJSON *data = json_object();
        json_put_int(data, "by", ask->number);
        record(ctx, "ask.freed", &other, data);
        const char *language = ask_language(ctx, &other);
        struct viewer viewer = {.place = other.channel};
        g_autofree char *told = tell_whom(ctx, &other, TELLS_OWNER);
        g_autofree char *name = trade_name(ctx, ask->number, &viewer, language);
        g_autofree char *state = show_state(language, ask->state);
        g_autofree char *id = show_number(other.number);
        g_autofree char *text = say(language, "trade.freed", "told", told, "other", name, "state", state, "ask", id, "command",
                                    ctx->settings->command, NULL);
        struct message *message = message_text(text);
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, other.number);
        g_autofree char *label = say(language, "button.resume", NULL);
        message_add_button(message, "resume", value, label, BUTTON_PLAIN);
        send_to_thread(ctx, &other, "note", message);
        ask_done(&other);
    }
}
