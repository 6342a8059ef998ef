/* settings: what somebody else works as, by an administrator. */
#include "bot/chat/richtext.h"
#include "commands/permission.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "commands/views.h"

#include <string.h>

bool settings_people(struct context *ctx, const char *what, const char *rest)
{
    if (strcmp(what, "function") != 0 && strcmp(what, "functions") != 0)
        return false;
    if (settings_groups(ctx, rest))
        return true;
    int64_t person = person_named(ctx, rest);
    const char *word = strrchr(rest, ' ');
    g_autofree char *offered = g_strjoinv(", ", ctx->settings->functions);
    if (person == 0 || word == NULL || is_nobody_to_ask(ctx, person)) {
        answer_say(ctx, "settings.function.how", "functions", offered, "command", ctx->settings->command, NULL);
    } else if (!is_administrator(ctx)) {
        answer_say(ctx, ctx->who.refreshed_at == 0 ? "not.permitted.yet" : "settings.function.not.yours", "command",
                   ctx->settings->command, NULL);
    } else if (me_set_function(ctx, person, word + 1) == NULL) {
        g_autofree char *shown = show_line(ctx, word + 1, 40);
        answer_say(ctx, "settings.function.unknown", "word", shown, "functions", offered, NULL);
    } else {
        g_autofree char *who = show_person_and_function(ctx, person);
        answer_say(ctx, "settings.function.done", "person", who, NULL);
    }
    return true;
}
