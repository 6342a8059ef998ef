/* settings: what somebody else works as, and their language, by an administrator. */
#include "bot/chat/richtext.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "commands/views.h"

#include <string.h>

/* "@mia en": in which language they are written to. */
static void set_language(struct context *ctx, int64_t person, const char *word)
{
    g_autofree char *offered = g_strjoinv(", ", (char **)say_languages());
    if (person == 0 || word == NULL || is_nobody_to_ask(ctx, person)) {
        answer_say(ctx, "settings.language.how", "languages", offered, "command", ctx->settings->command, NULL);
    } else if (!is_administrator(ctx)) {
        answer_say(ctx, ctx->who.refreshed_at == 0 ? "not.permitted.yet" : "settings.language.not.yours", "command",
                   ctx->settings->command, NULL);
    } else if (!g_strv_contains(say_languages(), word)) {
        answer_say(ctx, "me.language.unknown", "languages", offered, NULL);
    } else {
        struct log_entry entry = {.kind = "person.language", .person = person, .data = data_of("language", word)};
        record_entry(ctx, &entry);
        g_autofree char *who = show_person(ctx, person);
        answer_say(ctx, "settings.language.done", "person", who, "language", word, NULL);
    }
}

bool settings_people(struct context *ctx, const char *what, const char *rest)
{
    bool language = strcmp(what, "language") == 0;
    if (!language && strcmp(what, "function") != 0 && strcmp(what, "functions") != 0)
        return false;
    if (!language && settings_groups(ctx, rest))
        return true;
    int64_t person = person_named(ctx, rest);
    const char *word = strrchr(rest, ' ');
    if (language) {
        set_language(ctx, person, word != NULL ? word + 1 : NULL);
        return true;
    }
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
