/* Whom a move of an ask is told to: those its transition names, never who made it. */
#include "commands/states.h"

#include "commands/say.h"
#include "store/voices.h"

enum { MENTIONS_MAX = 8 };

static void add_person(struct context *ctx, GArray *people, int64_t person)
{
    if (person == 0 || person == ctx->who.id || is_nobody_to_ask(ctx, person))
        return;
    for (guint i = 0; i < people->len; i++) {
        if (g_array_index(people, int64_t, i) == person)
            return;
    }
    g_array_append_val(people, person);
}

char *tell_whom(struct context *ctx, const struct ask *ask, unsigned tells)
{
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (tells & TELLS_ASKER)
        add_person(ctx, people, ask->asker);
    if (tells & TELLS_OWNER)
        add_person(ctx, people, ask->owner);
    if (tells & TELLS_DECIDER)
        add_person(ctx, people, ask->decider);
    if ((tells & TELLS_VOICES) && ask->voices > 0) {
        g_autoptr(GArray) voices = store_voices(ctx->store, ask->number);
        for (guint i = 0; i < voices->len; i++)
            add_person(ctx, people, g_array_index(voices, struct voice, i).person);
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < people->len && i < MENTIONS_MAX; i++) {
        g_autofree char *ping = ping_person(ctx, g_array_index(people, int64_t, i));
        g_string_append_printf(text, "%s ", ping);
    }
    if (people->len > MENTIONS_MAX) {
        g_autofree char *more = say_n(ask_language(ctx, ask), "tell.more", people->len - MENTIONS_MAX, NULL);
        g_string_append_printf(text, "%s ", more);
    }
    return g_string_free(text, FALSE);
}
