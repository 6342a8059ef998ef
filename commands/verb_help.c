#include "commands/say.h"
#include "commands/states.h"
#include "commands/understand/understand.h"
#include "commands/views.h"

#include <string.h>

/* A line a verb, with an example; the order is that of an ask's life. */
static const char *const order[] = {"new",  "show",  "why",  "impact",   "evidence", "clear", "voice", "urgent", "own",    "decide", "dissent", "need", "decider", "inform",
                                    "question", "answer",
                                    "start", "pause", "resume", "shelve", "ship", "outcome", "withdraw", "merge", "reopen", "snooze", "list",  "search", "export", "digest", "report", "seen", "goal", "metric", "settings", "me",
                                    "forget", "help", NULL};

struct message *help_draw(struct context *ctx, const char *topic)
{
    if (strcmp(topic, "privacy") == 0) {
        g_autofree char *text = say(ctx->language, "help.privacy", "command", ctx->settings->command, NULL);
        return message_text(text);
    }
    if (strcmp(topic, "states") == 0)
        return states_help(ctx);
    if (*topic != '\0') {
        const struct verb *verb = verb_find(topic);
        if (verb == NULL)
            verb = verb_find(words_nearest(topic, order));
        if (verb != NULL) {
            g_autofree char *entry = g_strconcat("help.", verb->name, NULL);
            g_autofree char *text = say(ctx->language, entry, "command", ctx->settings->command, "why",
                                        ctx->settings->why_command, NULL);
            struct message *message = message_text(text);
            g_autofree char *moves = states_help_of(ctx, verb->name);
            if (*moves != '\0')
                message_add(message, PART_NOTE, moves);
            return message;
        }
        ctx->not_understood = true;
    }
    GString *lines = g_string_new(NULL);
    for (int i = 0; order[i] != NULL; i++) {
        g_autofree char *entry = g_strconcat("help.", order[i], NULL);
        g_autofree char *line = say(ctx->language, entry, "command", ctx->settings->command, "why",
                                    ctx->settings->why_command, NULL);
        g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", line);
    }
    g_autofree char *intro = say(ctx->language, "help.intro", NULL);
    g_autofree char *end = say(ctx->language, "help.end", "command", ctx->settings->command, NULL);
    struct message *message = message_new(intro);
    message_add(message, PART_TEXT, intro);
    message_add(message, PART_TEXT, lines->str);
    message_add(message, PART_NOTE, end);
    g_string_free(lines, TRUE);
    return message;
}

void verb_help(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    answer_message(ctx, help_draw(ctx, rest));
}
