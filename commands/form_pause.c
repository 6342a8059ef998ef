/* pause 42, alone: a form for the cause and the date to look again. */
#include "commands/pause.h"

#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "store/trades.h"

enum { NINE = 9 * 60 };

void pause_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    if (may_move(ctx, &ask, "pause") != NULL) {
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "pause", "form.pause.title", "form.pause.submit");
        form->instead = say(ctx->language, "form.instead.pause", "command", ctx->settings->command, "ask", id, NULL);
        g_autofree char *why = say(ctx->language, "form.pause.why", NULL);
        form_add(form, FIELD_TEXT, "why", why, true)->hint = say(ctx->language, "form.hint.pause.why", NULL);
        g_autofree char *until = say(ctx->language, "form.gives.until", NULL);
        struct field *field = form_add(form, FIELD_DATE, "until", until, true);
        struct trade_setting setting;
        store_trade_setting(ctx->store, ask.channel, &setting);
        field->hint = say_n(ctx->language, "trade.until.hint", setting.revisit_days, NULL);
        send_form(ctx, form);
    }
    ask_done(&ask);
}

void pause_form_button(struct context *ctx, const char *value)
{
    pause_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

void pause_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    const char *day = event_field(ctx->event, "until"), *why = event_field(ctx->event, "why");
    GDate now = today(ctx);
    struct when when;
    bool dated = day != NULL && *day != '\0';
    int64_t until = dated && when_parse(day, &now, &when) ? calendar_moment(&when.last, NINE, ctx->who.zone) : 0;
    if (dated && until <= ctx->now)
        answer_field_error(ctx, "until", say(ctx->language, "form.gives.wrong.day", NULL));
    else if (may_move(ctx, &ask, "pause") == NULL)
        answer_becomes_error(ctx, "why");
    else
        pause_run(ctx, &ask, until, why != NULL ? words_reason(why) : "");
    ask_done(&ask);
}
