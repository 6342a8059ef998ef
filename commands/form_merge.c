/* merge 42, alone: a form for the other ask and the reason. */
#include "commands/merge.h"

#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/understand/understand.h"

enum { NUMBER_MAX = 200 };

void merge_open_form(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    /* Says why not before anything is typed in vain. */
    if (may_move(ctx, &ask, "merge") != NULL) {
        g_autofree char *id = show_number(number);
        struct form *form = form_about(ctx, &ask, "merge", "form.merge.title", "form.merge.submit");
        form->instead = say(ctx->language, "form.instead.merge", "command", ctx->settings->command, "ask", id, NULL);
        g_autofree char *into = say(ctx->language, "form.merge.into", NULL);
        struct field *field = form_add(form, FIELD_LINE, "into", into, false);
        field->hint = say(ctx->language, "form.hint.merge.into", "command", ctx->settings->command, NULL);
        field->max = NUMBER_MAX;
        g_autofree char *why = say(ctx->language, "form.merge.why", NULL);
        form_add(form, FIELD_TEXT, "why", why, true)->hint = say(ctx->language, "form.hint.merge.why", NULL);
        send_form(ctx, form);
    }
    ask_done(&ask);
}

void merge_form_button(struct context *ctx, const char *value)
{
    merge_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

void merge_form(struct context *ctx)
{
    struct ask ask;
    if (!need_ask(ctx, form_ask(ctx), &ask))
        return;
    ctx->reply_channel = ask.channel;
    const char *typed = event_field(ctx->event, "into"), *why = event_field(ctx->event, "why");
    g_autofree char *clean = words_normalise(typed != NULL ? typed : "");
    const char *rest = clean;
    int64_t other = merge_number(&rest);
    if (other == 0)
        answer_field_error(ctx, "into", say(ctx->language, "form.merge.which", NULL));
    else if (!merge_into(ctx, &ask, other, why != NULL ? words_reason(why) : ""))
        answer_becomes_error(ctx, "into");
    ask_done(&ask);
}
