#include "commands/need.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "store/details.h"

#include <string.h>

static bool has_words(const char *text)
{
    return text != NULL && *text != '\0';
}

char *need_standing(const struct ask *ask, const char *language)
{
    return say(language,
               ask->need_confirmed == 1   ? "need.confirmed"
               : ask->need_confirmed == 2 ? "need.not.quite"
                                          : "need.unconfirmed",
               NULL);
}

bool need_may_word(struct context *ctx, const struct ask *ask)
{
    if (!store_state_is_open(ask->state)) {
        answer_wrong_state(ctx, ask);
        return false;
    }
    if (has_role(ctx, ask, BY_ASKER | BY_OWNER))
        return true;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *owner = show_person(ctx, ask->owner);
    answer_say(ctx, "need.not.yours", "ask", id, "person", owner, "command", ctx->settings->command, NULL);
    return false;
}

/* The question asked before stays to be read; its buttons go. */
static void settle_question(struct context *ctx, const struct ask *ask, const char *entry)
{
    const char *language = ask_language(ctx, ask);
    g_autofree char *need = show_words(ctx, ask->need, 2000);
    g_autofree char *asker = show_person(ctx, ask->asker);
    g_autofree char *text = say(language, entry, "asker", asker, "need", need, NULL);
    send_edit(ctx, store_post_of_ask(ctx->store, ask->number, "need"), message_text(text));
}

static void ask_asker(struct context *ctx, const struct ask *ask, int64_t entry)
{
    const char *language = ask_language(ctx, ask);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *asker = ping_person(ctx, ask->asker);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *need = show_words(ctx, ask->need, 2000);
    g_autofree char *text = say(language, "need.ask", "asker", asker, "person", who, "ask", id, "need", need, NULL);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, ask->number, entry);
    g_autofree char *yes = say(language, "button.need.yes", NULL);
    g_autofree char *not = say(language, "button.need.not", NULL);
    struct message *message = message_text(text);
    message_add_button(message, "needyes", value, yes, BUTTON_PRIMARY);
    message_add_button(message, "neednot", value, not, BUTTON_PLAIN);
    send_to_thread(ctx, ask, "need", message);
}

static void tell_owner(struct context *ctx, const struct ask *ask, const char *entry, const char *words)
{
    g_autofree char *told = tell_whom(ctx, ask, TELLS_OWNER);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *shown = show_words(ctx, words, 2000);
    g_autofree char *text = say(ask_language(ctx, ask), entry, "told", told, "person", who, "need", shown, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
}

static void word_need(struct context *ctx, struct ask *ask, const struct needed *needed)
{
    bool own = ask->asker == ctx->who.id, before = ask->need != NULL && ask->need_confirmed == 0;
    if (before)
        settle_question(ctx, ask, "need.replaced");
    cJSON *data = json_object();
    if (needed->whom != 0)
        json_put_int(data, "for", needed->whom);
    if (own)
        json_put_bool(data, "confirmed", true);
    struct log_entry entry = {.kind = "ask.need",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .person = ctx->who.id,
                              .words = needed->words,
                              .data = data};
    int64_t id = record_entry(ctx, &entry);
    int64_t number = ask->number;
    ask_done(ask);
    if (!store_load_ask(ctx->store, number, ask))
        return;
    if (own)
        tell_owner(ctx, ask, "need.told.own", needed->words);
    else
        ask_asker(ctx, ask, id);
    if (needed->whom != 0 && needed->whom != ask->asker)
        said_for_tell(ctx, ask, needed->whom, "need");
}

static bool record_part(struct context *ctx, const struct ask *ask, const char *name, const char *words, const char *was)
{
    if (!has_words(words) || g_strcmp0(words, was) == 0)
        return false;
    struct log_entry entry = {.kind = "ask.need_part",
                              .ask = ask->number,
                              .channel = ask->channel,
                              .words = words,
                              .data = data_of("part", name)};
    record_entry(ctx, &entry);
    return true;
}

bool need_say(struct context *ctx, struct ask *ask, const struct needed *needed)
{
    if (!need_may_word(ctx, ask))
        return false;
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    const char *const *parts = needed->parts;
    record_part(ctx, ask, "fixed", parts[SAID_FIXED], details.fixed);
    record_part(ctx, ask, "open", parts[SAID_OPEN], details.open);
    record_part(ctx, ask, "smallest", parts[SAID_SMALLEST], details.smallest);
    if (has_words(parts[SAID_COST]) && g_strcmp0(parts[SAID_COST], details.cost) != 0)
        cost_record(ctx, ask, parts[SAID_COST], 0);
    /* The same once more: nobody is asked twice. */
    bool worded = has_words(needed->words) && (g_strcmp0(ask->need, needed->words) != 0 || ask->need_confirmed == 2);
    if (worded)
        word_need(ctx, ask, needed);
    send_card_redraw(ctx, ask->number);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *asker = show_person(ctx, ask->asker);
    bool asked = worded && ask->need_confirmed == 0;
    answer_say(ctx, asked ? "need.asked" : "need.noted", "ask", id, "person", asker, NULL);
    ask_details_done(&details);
    return true;
}

/* It is the asker who says whether that is it, and there must be something to say it of; answered when not. */
bool need_may_answer(struct context *ctx, const struct ask *ask)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *asker = show_person(ctx, ask->asker);
    if (!store_state_is_open(ask->state))
        answer_wrong_state(ctx, ask);
    else if ((ask->need == NULL || *ask->need == '\0') && has_role(ctx, ask, BY_ASKER | BY_OWNER))
        answer_say(ctx, "need.none", "ask", id, "command", ctx->settings->command, NULL);
    else if (ask->asker != ctx->who.id)
        answer_say(ctx, "question.not.yours", "person", asker, NULL);
    else
        return true;
    return false;
}

bool need_confirm(struct context *ctx, struct ask *ask)
{
    if (!need_may_answer(ctx, ask))
        return false;
    if (ask->need_confirmed != 1) {
        struct log_entry entry = {
            .kind = "ask.need_confirmed", .ask = ask->number, .channel = ask->channel, .person = ctx->who.id};
        record_entry(ctx, &entry);
        ask->need_confirmed = 1;
        settle_question(ctx, ask, "need.settled.yes");
        send_card_redraw(ctx, ask->number);
    }
    g_autofree char *id = show_number(ask->number);
    answer_say(ctx, "need.confirmed.done", "ask", id, NULL);
    return true;
}

bool need_not_quite(struct context *ctx, struct ask *ask, const char *words)
{
    if (!need_may_answer(ctx, ask))
        return false;
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    if (ask->need_confirmed != 2 || g_strcmp0(details.not_quite, words) != 0) {
        struct log_entry entry = {.kind = "ask.need_not_quite",
                                  .ask = ask->number,
                                  .channel = ask->channel,
                                  .person = ctx->who.id,
                                  .words = words};
        record_entry(ctx, &entry);
        ask->need_confirmed = 2;
        settle_question(ctx, ask, "need.settled.not");
        tell_owner(ctx, ask, "need.told.not", words);
        send_card_redraw(ctx, ask->number);
    }
    g_autofree char *id = show_number(ask->number);
    answer_say(ctx, "need.not.done", "ask", id, NULL);
    ask_details_done(&details);
    return true;
}
