#include "commands/states.h"

#include "commands/say.h"

#include <string.h>

struct called {
    unsigned flag;
    const char *entry;
};

/* Below the state's name what it means, and the verbs that lead on: "🔨 started  being worked on → `pause`, `ship`". */
struct message *states_help(struct context *ctx)
{
    GString *lines = g_string_new(NULL);
    for (const char *const *state = all_states; *state != NULL; state++) {
        g_autofree char *name = show_state(ctx->language, *state);
        g_autofree char *entry = g_strconcat("states.", *state, NULL);
        g_autofree char *meaning = say(ctx->language, entry, NULL);
        g_autofree char *verbs = state_verbs(ctx, *state, NULL);
        g_autofree char *line = say(ctx->language, *verbs != '\0' ? "states.line" : "states.line.last", "state", name,
                                    "meaning", meaning, "verbs", verbs, NULL);
        g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", line);
    }
    g_autofree char *intro = say(ctx->language, "states.intro", NULL);
    struct message *message = message_new(intro);
    message_add(message, PART_TEXT, intro);
    message_add(message, PART_TEXT, lines->str);
    g_string_free(lines, TRUE);
    return message;
}

/* "its asker, its owner" */
static char *list_parts(const char *language, unsigned flags, const struct called *parts, int n)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < n; i++) {
        if (!(flags & parts[i].flag))
            continue;
        g_autofree char *name = say(language, parts[i].entry, NULL);
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name);
    }
    return g_string_free(text, FALSE);
}

static char *list_states(const char *language, const char *states)
{
    g_auto(GStrv) names = g_strsplit(states, " ", -1);
    GString *text = g_string_new(NULL);
    for (char **name = names; *name != NULL; name++) {
        g_autofree char *shown = show_state(language, *name);
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", shown);
    }
    return g_string_free(text, FALSE);
}

/* Rows of one verb may say more of what is done: "decide yes". */
static bool is_of(const struct transition *move, const char *verb)
{
    gsize length = strlen(verb);
    return strncmp(move->verb, verb, length) == 0 && (move->verb[length] == '\0' || move->verb[length] == ' ');
}

char *states_help_of(struct context *ctx, const char *verb)
{
    static const struct called roles[] = {{BY_ASKER, "called.asker"}, {BY_OWNER, "permission.to.owner"},
                                        {BY_DECIDER, "permission.to.decider"}, {BY_METRIC_OWNER, "called.metric.owner"}};
    static const struct called told[] = {{TELLS_ASKER, "called.asker"}, {TELLS_OWNER, "permission.to.owner"},
                                       {TELLS_DECIDER, "permission.to.decider"}, {TELLS_VOICES, "called.voices"}};
    GString *lines = g_string_new(NULL);
    for (const struct transition *move = transitions; move->verb != NULL; move++) {
        if (!is_of(move, verb) || move->who == BY_ASKWHY || *move->from == '\0')
            continue;
        g_autofree char *from = list_states(ctx->language, move->from);
        g_autofree char *to = show_state(ctx->language, move->to);
        g_autofree char *who = move->who == BY_ANYONE
                                   ? say(ctx->language, "permission.to.anyone", NULL)
                                   : list_parts(ctx->language, move->who, roles, G_N_ELEMENTS(roles));
        g_autofree char *whom = list_parts(ctx->language, move->tells, told, G_N_ELEMENTS(told));
        g_autofree char *line = say(ctx->language, *whom != '\0' ? "help.move.tells" : "help.move", "from", from, "to", to,
                                    "who", who, "whom", whom, NULL);
        g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", line);
    }
    return g_string_free(lines, FALSE);
}
