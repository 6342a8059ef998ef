/* What is pressed and what is sent in: each button and each form, and what it does. */
#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/clarify.h"
#include "commands/confirm.h"
#include "commands/decide.h"
#include "commands/merge.h"
#include "commands/erase.h"
#include "commands/need.h"
#include "commands/outcome.h"
#include "commands/nameless.h"
#include "commands/order.h"
#include "commands/pause.h"
#include "commands/question.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"
#include "commands/trade.h"
#include "commands/typed.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/digests.h"
#include <string.h>

static void press_why(struct context *ctx, const char *value)
{
    clarify_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

static void press_voice(struct context *ctx, const char *value)
{
    voice_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

static void press_own(struct context *ctx, const char *value)
{
    verb_own(ctx, g_ascii_strtoll(value, NULL, 10), "");
}

/* "42 instead of 31 because …": as typed. */
static void press_start(struct context *ctx, const char *value)
{
    g_autofree char *clean = words_normalise(value);
    const char *rest = clean;
    int64_t ask = words_ask_number(&rest);
    verb_start(ctx, ask, rest);
}

static void press_decide(struct context *ctx, const char *value)
{
    decide_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

static void press_need(struct context *ctx, const char *value)
{
    need_open_form(ctx, g_ascii_strtoll(value, NULL, 10));
}

static void press_keep(struct context *ctx, const char *value)
{
    (void)value;
    answer_say(ctx, "similar.kept", NULL);
}

static void press_digest(struct context *ctx, const char *value)
{
    digest_button(ctx, ctx->event->action, value);
}

const struct button_kind button_table[] = {
    {"why", press_why},
    {"whyyes", why_confirm_button},
    {"voice", press_voice},
    {"own", press_own},
    {"decide", press_decide},
    {"dissentback", dissent_back_button},
    {"need", press_need},
    {"needyes", need_press_yes},
    {"neednot", need_press_not},
    {"skip", clarify_skip},
    {"unknown", clarify_unknown},
    {"undo", clarify_undo},
    {"snooze", clarify_snooze_button},
    {"again", raise_button_again},
    {"similar", merge_similar},
    {"keep", press_keep},
    {"raise", raise_text},
    {"doit", typed_do_button},
    {"raisein", raise_in_button},
    {"raiseform", raise_form_button},
    {"urgentin", urgent_in_button},
    {"urgentform", urgent_form_button},
    {"share", share_button},
    {"mergeinto", merge_form_button},
    {"setaside", pause_form_button},
    {"resume", resume_button},
    {"pausemore", pause_more_button},
    {"shelve", shelve_button},
    {"page", list_page},
    {"start", press_start},
    {"givesway", trade_open_form},
    {"function", me_function},
    {"goaladd", goal_form_button},
    {"metricadd", metric_form_button},
    {"outcome", outcome_button},
    {"outcomelater", outcome_later_button},
    {"question", question_open_form},
    {"forget", forget_button},
    {"retention", retention_button},
    {"answerput", question_answer_button},
    {"digestseen", press_digest},
    {"digestquestion", press_digest},
    {"digestdisagree", press_digest},
    {"digestanswer", press_digest},
    {NULL, NULL},
};

void pressed_button(struct context *ctx)
{
    const char *action = ctx->event->action;
    const char *value = ctx->event->value != NULL ? ctx->event->value : "";
    for (const struct button_kind *button = button_table; button->action != NULL; button++) {
        gsize length = strlen(button->action);
        if (strncmp(button->action, action, length) == 0 &&
            action[length + strspn(action + length, "0123456789")] == '\0') {
            button->press(ctx, value);
            return;
        }
    }
    answer_say(ctx, "button.stale", NULL);
}

const struct form_kind form_table[] = {
    {"why", clarify_form},
    {"new", raise_form},
    {"voice", voice_form},
    {"start", trade_form},
    {"decide", decide_form},
    {"merge", merge_form},
    {"pause", pause_form},
    {"dissent", dissent_form},
    {"goal", goal_form},
    {"metric", metric_form},
    {"outcome", outcome_form},
    {"need", need_form},
    {"neednot", need_not_form},
    {"question", question_form},
    {"answerput", question_answer_form},
    {"digestquestion", digest_form},
    {"digestdisagree", digest_form},
    {"digestanswer", digest_form},
    {NULL, NULL},
};

void pressed_form(struct context *ctx)
{
    const char *form = ctx->event->form != NULL ? ctx->event->form : "";
    for (const struct form_kind *kind = form_table; kind->name != NULL; kind++) {
        if (strcmp(kind->name, form) == 0) {
            kind->submitted(ctx);
            return;
        }
    }
}
