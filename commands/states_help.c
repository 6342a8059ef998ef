#include "commands/states.h"

#include "commands/say.h"

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
