#include "commands/clarify.h"
#include "commands/outcome.h"
#include "commands/say.h"
#include "commands/states.h"
#include "commands/understand/understand.h"

#include <string.h>

void verb_snooze(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    struct question question;
    int days = 1;
    if (*rest != '\0' && !duration_parse(rest, &days)) {
        answer_say(ctx, "snooze.how", "ask", id, "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
    } else if (outcome_snooze(ctx, &ask, days)) {
        /* The only question a shipped ask has. */
    } else if (!store_state_is_open(ask.state) || !store_open_question(ctx->store, number, &question)) {
        answer_say(ctx, "snooze.nothing", "ask", id, NULL);
    } else {
        if (question.person != ctx->who.id && ask.asker != ctx->who.id) {
            g_autofree char *name = show_person(ctx, question.person);
            answer_say(ctx, "question.not.yours", "person", name, NULL);
        } else {
            clarify_snooze(ctx, &question, days);
        }
        question_done(&question);
    }
    ask_done(&ask);
}
