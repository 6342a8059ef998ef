/* An ask is raised: recorded, told to the channel with one card, and its first question asked. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/clarify.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/views.h"

#include <string.h>

enum { SAME_ASK_MS = 60 * 1000, TITLE_MAX = 40000 };

static void offer_once_more(struct context *ctx, int64_t number)
{
    g_autofree char *id = show_number(number);
    g_autofree char *text = say(ctx->language, "raise.already", "ask", id, NULL);
    g_autofree char *label = say(ctx->language, "button.again", NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, number);
    struct message *message = message_text(text);
    message_add_button(message, "again", value, label, BUTTON_PLAIN);
    answer_message(ctx, message);
}

static cJSON *details(struct context *ctx, const struct channel *channel, const char *title, const char *permalink)
{
    cJSON *data = json_object();
    if (channel->owner != 0)
        json_put_int(data, "owner", channel->owner);
    if (channel->decider != 0)
        json_put_int(data, "decider", channel->decider);
    json_put_str(data, "permalink", permalink);
    GDate now = today(ctx);
    struct when when;
    if (raise_deadline(title, &now, &when)) {
        char day[16];
        g_date_strftime(day, sizeof day, "%Y-%m-%d", &when.last);
        json_put_str(data, "deadline", day);
    }
    return data;
}

static void tell_asker(struct context *ctx, const struct ask *ask)
{
    if (ask->asker == ask->raiser || !may_be_told(ctx, ask->number, ask->asker))
        return;
    struct person asker;
    if (!store_get_person(ctx->store, ask->asker, &asker))
        return;
    const char *language = say_language(asker.language != NULL ? asker.language : asker.locale);
    g_autofree char *raiser = show_person(ctx, ask->raiser);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *title = show_line(ctx, ask->title, 200);
    g_autofree char *text = say(language, "raise.for.you", "person", raiser, "ask", id, "title", title, NULL);
    g_autofree char *label = say(language, "button.thirty.seconds", NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    struct message *message = message_text(text);
    message_add_button(message, "why", value, label, BUTTON_PRIMARY);
    struct message *function = me_ask_function(ctx, &asker);
    if (function != NULL)
        message_join(message, function);
    send_direct(ctx, ask->asker, ask->number, message);
    person_done(&asker);
}

void raise_ask(struct context *ctx, int64_t channel_id, int64_t asker, const char *title, const char *permalink,
               const char *const *answers, bool once_more)
{
    g_autofree char *clean = g_strstrip(g_strdup(title));
    if (*clean == '\0' || g_utf8_strlen(clean, -1) > TITLE_MAX) {
        answer_say(ctx, *clean == '\0' ? "raise.empty" : "raise.too.long", "command", ctx->settings->command, NULL);
        return;
    }
    if (!may_or_say(ctx, channel_id, MAY_RAISE, NULL))
        return;
    int64_t same = once_more ? 0 : store_same_ask(ctx->store, ctx->who.id, channel_id, clean, ctx->now - SAME_ASK_MS);
    if (same != 0) {
        offer_once_more(ctx, same);
        return;
    }
    if (is_nobody_to_ask(ctx, asker))
        asker = ctx->who.id; /* nobody to ask there */
    struct channel channel;
    if (!store_get_channel(ctx->store, channel_id, &channel))
        return;
    int64_t number = store_next_number(ctx->store);
    /* A message that somebody raised keeps its author; what is typed for somebody are the words of who types. */
    enum event_kind came_as = ctx->event->kind;
    bool is_theirs = permalink != NULL && (came_as == EVENT_MESSAGE_SHORTCUT || came_as == EVENT_FORM || came_as == EVENT_BUTTON);
    struct log_entry entry = {
        .kind = "ask.raised",
        .ask = number,
        .channel = channel_id,
        .person = asker,
        .words = clean,
        .words_author = is_theirs ? asker : ctx->who.id,
        .state = "waiting",
        .data = details(ctx, &channel, clean, permalink),
    };
    record_entry(ctx, &entry);
    note_named(ctx, channel_id, asker);
    int64_t card = store_add_post(ctx->store, "card", number, 0, channel_id, 0);
    if (!channel.member)
        send_join(ctx, channel_id, card);
    send_drawn(ctx, channel_id, card);

    struct ask ask;
    if (store_load_ask(ctx->store, number, &ask)) {
        ctx->raised = number;
        g_autofree char *id = show_number(number);
        bool why = answers != NULL && answers[QUESTION_WHY] != NULL && *answers[QUESTION_WHY] != '\0';
        answer_say(ctx, why ? "raise.done.why" : asker == ctx->who.id ? "raise.done" : "raise.done.for", "ask", id, NULL);
        enum question_kind first = QUESTION_KINDS;
        for (int kind = 0; answers != NULL && kind < QUESTION_KINDS; kind++) {
            if (answers[kind] == NULL || *answers[kind] == '\0')
                continue;
            first = MIN(first, (enum question_kind)kind);
            clarify_answer(ctx, &ask, (enum question_kind)kind, answers[kind], NULL);
        }
        if (first < QUESTION_KINDS)
            clarify_tell_asker(ctx, &ask, first);
        if (answers != NULL)
            clarify_next(ctx, number, NULL);
        else
            clarify_begin(ctx, &ask);
        tell_asker(ctx, &ask);
        struct message *function = asker == ctx->who.id ? me_ask_function(ctx, &ctx->who) : NULL;
        if (function != NULL)
            answer_message(ctx, function);
        ask_done(&ask);
    }
    channel_done(&channel);
}

void raise_button_again(struct context *ctx, const char *value)
{
    struct ask ask;
    if (!need_ask(ctx, g_ascii_strtoll(value, NULL, 10), &ask))
        return;
    raise_ask(ctx, ask.channel, ask.asker, ask.title, ask.permalink, NULL, true);
    ask_done(&ask);
}
