/* "… for @ceo": said by one, for another, who is told. */
#include "commands/roles.h"

#include "commands/confirm.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"

#include <string.h>

static char *read_for(struct context *ctx, const char *text, bool bare, int64_t *whom)
{
    GDate now = today(ctx);
    struct raise raise;
    const char *behind = text;
    *whom = 0;
    raise_understand(text, &now, &raise);
    g_autofree char *first = raise.asker == NULL ? for_whom_first(text, &behind) : NULL;
    const char *words_left = first != NULL ? behind : raise.title, *named = first != NULL ? first : raise.asker;
    int64_t person = named != NULL && (*words_left != '\0' || bare)
                         ? store_person(ctx->store, ctx->event->platform, ctx->event->workspace, named, NULL)
                         : 0;
    bool somebody = person != 0 && !is_nobody_to_ask(ctx, person);
    char *words = g_strdup(somebody ? words_left : text);
    if (somebody && person != ctx->who.id)
        *whom = person;
    raise_done(&raise);
    return words;
}

char *said_for(struct context *ctx, const char *text, int64_t *whom)
{
    return read_for(ctx, text, false, whom);
}

char *said_for_or_bare(struct context *ctx, const char *text, int64_t *whom)
{
    return read_for(ctx, text, true, whom);
}

char *said_by(struct context *ctx, int64_t by, int64_t whom, int64_t asker, bool confirmed)
{
    if (whom == 0)
        whom = asker;
    if (by == 0 || by == whom)
        return g_strdup("");
    g_autofree char *speaker = show_person(ctx, by);
    g_autofree char *whose = show_person(ctx, whom);
    g_autofree char *text = say(ctx->language, confirmed ? "said.by.for.confirmed" : "said.by.for", "person", speaker, "asker",
                                whose, NULL);
    return g_strconcat(" ", text, NULL);
}

void said_for_tell(struct context *ctx, const struct ask *ask, int64_t whom, const char *verb)
{
    g_autofree char *ping = ping_person(ctx, whom);
    g_autofree char *asker = ask->asker != whom && ask->asker != ctx->who.id ? ping_person(ctx, ask->asker) : g_strdup("");
    g_autofree char *told = *asker != '\0' ? g_strconcat(ping, " ", asker, NULL) : g_strdup(ping);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    g_autofree char *name = show_person(ctx, whom);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *text = say(ask_language(ctx, ask), "said.for.told", "told", told, "person", who, "whom", name, "ask", id,
                                "verb", verb, "command", ctx->settings->command, NULL);
    struct message *message = message_text(text);
    bool why = strcmp(verb, "why") == 0;
    if (why)
        why_add_confirm(ctx, message, ask, ask_language(ctx, ask));
    send_to_thread(ctx, ask, why ? "confirm" : "note", message);
    note_named(ctx, ask->channel, whom);
}
