/* decide 42 yes because …; or with what was considered: "options: …", "reopen if …". Alone it opens a form. */
#include "commands/decide.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"
#include "commands/until.h"

#include <string.h>

/* "merge 12 because …": the words behind it; NULL when it is not that. */
static const char *behind_merge(const char *rest)
{
    static const char word[] = "merge";
    gsize length = strlen(word);
    if (g_ascii_strncasecmp(rest, word, length) == 0 && g_ascii_strncasecmp(rest + length, "d ", 2) == 0)
        length++;
    return g_ascii_strncasecmp(rest, word, strlen(word)) == 0 && (rest[length] == ' ' || rest[length] == '\0')
               ? rest + length + strspn(rest + length, " ")
               : NULL;
}

/* The words behind "because" in what names no day to come; "" when there are none. */
static const char *reason_in(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || at[-1] == ' ') && g_ascii_strncasecmp(at, "because ", strlen("because ")) == 0)
            return at;
    }
    return "";
}

/* That day is past or no day: the whole command once more, with another one, so that no word is lost. */
static void ask_when(struct context *ctx, const char *id, const char *text, const struct said *said)
{
    const char *reason = reason_in(text);
    g_autofree char *day = g_strndup(text, (gsize)(*reason != '\0' ? reason - text : (gssize)strlen(text)));
    GString *again = g_string_new(reason);
    if (said->parts[SAID_OPTIONS] != NULL)
        g_string_append_printf(again, " options: %s", said->parts[SAID_OPTIONS]);
    if (said->parts[SAID_REOPEN] != NULL)
        g_string_append_printf(again, " reopen if %s", said->parts[SAID_REOPEN]);
    g_autofree char *word = show_line(ctx, g_strstrip(day), 60);
    g_autofree char *words = show_line(ctx, g_strchug(again->str), 1500);
    answer_say(ctx, *word != '\0' ? "decide.when.not" : "decide.when", "ask", id, "command", ctx->settings->command, "word", word,
               "again", *words != '\0' ? words : "because …", NULL);
    g_string_free(again, TRUE);
}

void verb_decide(struct context *ctx, int64_t number, const char *rest)
{
    const char *merge = behind_merge(rest);
    if (merge != NULL) {
        verb_merge(ctx, number, merge);
        return;
    }
    static const char *const choices[] = {"yes", "no", "later", NULL};
    if (*rest == '\0' && can_open_form(ctx)) {
        decide_open_form(ctx, number);
        return;
    }
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *id = show_number(number);
    struct said said;
    said_split(rest, 1u << SAID_OPTIONS | 1u << SAID_REOPEN, &said);
    gsize length = strcspn(said.lead, " ,.:;\n");
    g_autofree char *word = g_ascii_strdown(said.lead, (gssize)length);
    const char *behind = said.lead + length;
    behind += strspn(behind, " ,.:;\n");
    struct decided decided = {.options = said.parts[SAID_OPTIONS], .reopen_if = said.parts[SAID_REOPEN]};
    bool more = *said.lead == '\0' && (decided.options != NULL || decided.reopen_if != NULL);
    if (!more && !g_strv_contains(choices, word)) {
        answer_say(ctx, "decide.how", "ask", id, "command", ctx->settings->command, NULL);
        ctx->not_understood = *rest != '\0';
    } else if (strcmp(word, "later") == 0 && !until_parse(ctx, behind, &decided.until, &behind)) {
        ask_when(ctx, id, behind, &said);
    } else {
        decided.word = more ? NULL : word;
        decided.reason = words_reason(behind);
        decide_ask(ctx, &ask, &decided);
    }
    said_done(&said);
    ask_done(&ask);
}
