/* What time brings, what is drawn when it is sent, and what could not be delivered. */
#include "bot/base/json.h"
#include "bot/chat/platform.h"
#include "commands/clarify.h"
#include "commands/decide.h"
#include "commands/erase.h"
#include "commands/nameless.h"
#include "commands/outcome.h"
#include "commands/leaver.h"
#include "commands/pause.h"
#include "commands/record.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/urgent.h"
#include "commands/views.h"

#include <string.h>

static void return_ask(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, number, &ask))
        return;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    bool later = strcmp(ask.state, "later") == 0;
    record_state(ctx, "ask.returned", &ask, NULL, later ? "clear" : NULL, NULL);
    if (later) {
        send_card_redraw(ctx, number);
        unsigned tells = ask.decider != 0 ? transition_of("return", "later")->tells : TELLS_ASKER;
        g_autofree char *told = tell_whom(ctx, &ask, tells);
        g_autofree char *id = show_number(number);
        g_autofree char *text = say(say_language(ctx->where.language), "later.is.now", "told", told, "ask", id,
                                    "command", ctx->settings->command, NULL);
        struct message *message = message_text(text);
        decide_add_button(message, number, say_language(ctx->where.language));
        send_to_thread(ctx, &ask, "note", message);
    }
    ask_done(&ask);
}

static bool question_due(struct context *ctx)
{
    struct question question;
    if (!store_due_question(ctx->store, ctx->now, &question))
        return false;
    struct ask ask;
    if (store_load_ask(ctx->store, question.ask, &ask)) {
        store_get_channel(ctx->store, ask.channel, &ctx->where);
        ask_done(&ask);
    }
    clarify_remind(ctx, &question);
    question_done(&question);
    return true;
}

static bool weekly_digest_due(struct context *ctx)
{
    int64_t channel = store_due_digest(ctx->store, ctx->now);
    if (channel == 0)
        return false;
    store_get_channel(ctx->store, channel, &ctx->where);
    digest_due(ctx, channel);
    return true;
}

static bool later_date_due(struct context *ctx)
{
    int64_t ask = store_due_back(ctx->store, ctx->now);
    if (ask != 0)
        return_ask(ctx, ask);
    return ask != 0;
}

/* Each does one piece of what is due, or tells that there is none; store_next_due() knows the moments of all. */
static bool (*const due_works[])(struct context *ctx) = {urgent_due, question_due, weekly_digest_due, later_date_due, pause_due, leaver_due,
                                                         outcome_due, nameless_due, forget_due, retention_due};

bool command_run_due(struct context *ctx)
{
    for (gsize i = 0; i < G_N_ELEMENTS(due_works); i++) {
        if (due_works[i](ctx)) {
            inform_rest(ctx);
            return true;
        }
    }
    return false;
}

bool command_can_draw(const struct post *post)
{
    return strcmp(post->purpose, "card") == 0;
}

struct message *command_draw(struct context *ctx, const struct post *post)
{
    channel_done(&ctx->where);
    store_get_channel(ctx->store, post->channel, &ctx->where);
    ctx->viewer = (struct viewer){.place = post->channel};
    return command_can_draw(post) ? card_draw(ctx, post->ask) : NULL;
}

void command_undelivered(struct context *ctx, const struct outbox_row *row, const struct post *post)
{
    struct ask ask;
    if (row->kind != OUT_POST || strcmp(post->purpose, "card") != 0 || !store_load_ask(ctx->store, post->ask, &ask))
        return;
    struct person raiser;
    channel_done(&ctx->where);
    if (store_get_channel(ctx->store, ask.channel, &ctx->where) &&
        store_get_person(ctx->store, ask.raiser, &raiser)) {
        g_autofree char *id = show_number(ask.number);
        g_autofree char *title = show_line(ctx, ask.title, 150);
        g_autofree char *text = say(say_language(raiser.language != NULL ? raiser.language : raiser.locale),
                                    "undelivered.card", "ask", id, "title", title, NULL);
        send_direct(ctx, ask.raiser, ask.number, message_text(text));
        person_done(&raiser);
    }
    ask_done(&ask);
}

void command_form_late(struct context *ctx, const struct outbox_row *row)
{
    g_autoptr(cJSON) content = json_parse(row->content, strlen(row->content), NULL);
    struct form *form = form_from_json(content);
    struct person person;
    if (form != NULL && form->instead != NULL && store_get_person(ctx->store, row->person, &person)) {
        g_autofree char *text = say(say_language(person.language != NULL ? person.language : person.locale),
                                    "form.late", "instead", form->instead, NULL);
        ctx->where.platform = g_ref_string_new(row->platform);
        send_direct(ctx, row->person, 0, message_text(text));
        person_done(&person);
    }
    form_free(form);
}
