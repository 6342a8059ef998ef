#include "commands/roles.h"

#include "commands/say.h"
#include "commands/send.h"
#include "store/details.h"

#include <string.h>

/* Back and forth while it is clarified is no news to those who are informed. */
static bool is_clarifying(const char *state)
{
    return strcmp(state, "waiting") == 0 || strcmp(state, "clear") == 0;
}

void inform_note(struct context *ctx, int64_t number, const char *state)
{
    g_autoptr(GArray) people = store_informed(ctx->store, number);
    struct ask ask;
    if (people->len == 0 || !store_load_ask(ctx->store, number, &ask))
        return;
    bool news = strcmp(ask.state, state) != 0 && !(is_clarifying(ask.state) && is_clarifying(state));
    ask_done(&ask);
    if (!news)
        return;
    if (ctx->moved != number)
        inform_rest(ctx);
    ctx->moved = number;
}

static bool is_mentioned(const struct message *message, const char *ping)
{
    return message != NULL && message->fallback != NULL && strstr(message->fallback, ping) != NULL;
}

/* NULL when all of them did it themselves or are mentioned already by what is told beside it (NULL: nothing is). */
static char *inform_text(struct context *ctx, const struct ask *ask, const struct message *beside)
{
    const char *language = ask_language(ctx, ask);
    g_autoptr(GArray) people = store_informed(ctx->store, ask->number);
    GString *mentions = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++) {
        int64_t person = g_array_index(people, int64_t, i);
        if (person == ctx->who.id || is_nobody_to_ask(ctx, person))
            continue;
        g_autofree char *ping = ping_person(ctx, person);
        if (is_mentioned(beside, ping))
            continue;
        g_string_append_printf(mentions, "%s%s", mentions->len > 0 ? " " : "", ping);
    }
    g_autofree char *id = show_number(ask->number);
    g_autofree char *state = show_state(language, ask->state);
    char *text = mentions->len > 0 ? say(language, "inform.told", "people", mentions->str, "ask", id, "state", state, NULL) : NULL;
    g_string_free(mentions, TRUE);
    return text;
}

void inform_add(struct context *ctx, int64_t number, struct message *message)
{
    struct ask ask;
    if (ctx->moved != number || number == 0)
        return;
    ctx->moved = 0;
    if (!store_load_ask(ctx->store, number, &ask))
        return;
    g_autofree char *text = inform_text(ctx, &ask, message);
    if (text != NULL)
        message_add(message, PART_NOTE, text);
    ask_done(&ask);
}

void inform_rest(struct context *ctx)
{
    struct ask ask;
    int64_t number = ctx->moved;
    ctx->moved = 0;
    if (number == 0 || !store_load_ask(ctx->store, number, &ask))
        return;
    g_autofree char *text = inform_text(ctx, &ask, NULL);
    if (text != NULL)
        send_to_thread(ctx, &ask, "note", message_text(text));
    ask_done(&ask);
}

char *roles_informed(struct context *ctx, const struct ask *ask, const char *language)
{
    enum { SHOWN = 3 };
    g_autoptr(GArray) people = store_informed(ctx->store, ask->number);
    if (people->len == 0)
        return NULL;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < MIN(people->len, SHOWN); i++) {
        g_autofree char *name = show_person(ctx, g_array_index(people, int64_t, i));
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", name);
    }
    char *text = people->len > SHOWN
                     ? say_n(language, "card.informed.more", (int64_t)people->len - SHOWN, "people", names->str, NULL)
                     : say(language, "card.informed", "people", names->str, NULL);
    g_string_free(names, TRUE);
    return text;
}
