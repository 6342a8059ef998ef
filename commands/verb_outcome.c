#include "commands/outcome.h"
#include "commands/say.h"

/* outcome 42 partly, 3% instead of 5%, https://…; outcome 42: the form. */
void verb_outcome(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    const char *words;
    enum outcome_kind kind = outcome_understand(rest, &words);
    if (outcome_may_tell(ctx, &ask)) {
        if (kind != OUTCOME_UNSAID) {
            outcome_tell(ctx, &ask, kind, words);
        } else if (*rest == '\0' && ctx->event->trigger != NULL && !ctx->event->replay) {
            outcome_open_form(ctx, &ask, OUTCOME_UNSAID);
        } else {
            g_autofree char *id = show_number(number);
            answer_say(ctx, "outcome.how", "ask", id, "command", ctx->settings->command, NULL);
            ctx->not_understood = *rest != '\0';
        }
    }
    ask_done(&ask);
}
