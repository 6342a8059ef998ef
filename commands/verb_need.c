/* need 42 <one sentence>, with "fixed: … open: … smallest: …"; need 42 yes, need 42 not quite …; alone a form. */
#include "commands/need.h"
#include "commands/roles.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"

#include <string.h>

/* The words behind "not quite"; NULL when it does not begin so. */
static const char *behind_not_quite(const char *text)
{
    static const char *const no[] = {"not quite", "no, not quite", "not that"};
    for (gsize i = 0; i < G_N_ELEMENTS(no); i++) {
        gsize length = strlen(no[i]);
        if (g_ascii_strncasecmp(text, no[i], length) == 0 && !g_ascii_isalnum(text[length]))
            return text + length + strspn(text + length, " ,.:;-");
    }
    return g_ascii_strcasecmp(text, "no") == 0 ? text + 2 : NULL;
}

void verb_need(struct context *ctx, int64_t number, const char *rest)
{
    if (*rest == '\0' && can_open_form(ctx)) {
        need_open_form(ctx, number);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    const char *instead = behind_not_quite(rest);
    if (instead != NULL && *instead == '\0' && !need_may_answer(ctx, &ask)) {
        /* Who else it is for was said. */
    } else if (*rest == '\0' || (instead != NULL && *instead == '\0')) {
        answer_say(ctx, *rest == '\0' ? "need.how" : "need.not.how", "ask", id, "command", ctx->settings->command, NULL);
    } else if (instead != NULL) {
        need_not_quite(ctx, &ask, instead);
    } else if (words_is_yes(rest)) {
        need_confirm(ctx, &ask);
    } else {
        struct said said;
        said_split(rest, 1u << SAID_FIXED | 1u << SAID_OPEN | 1u << SAID_SMALLEST | 1u << SAID_COST, &said);
        struct needed needed = {0};
        g_autofree char *words = said_for(ctx, said.lead, &needed.whom);
        needed.words = words;
        for (int i = 0; i < SAID_PARTS; i++)
            needed.parts[i] = said.parts[i];
        need_say(ctx, &ask, &needed);
        said_done(&said);
    }
    ask_done(&ask);
}
