/* Forms about an ask: what all of them have, and from where they were opened. */
#include "commands/command.h"
#include "commands/say.h"

#include <string.h>

enum { SUBJECT_MAX = 500 };

void look_from(struct context *ctx, int64_t place)
{
    struct channel channel;
    if (place == 0 || ctx->viewer.place != 0 || !store_get_channel(ctx->store, place, &channel))
        return;
    if (channel.kind == CHANNEL_PUBLIC || ctx->nameless || store_is_here(ctx->store, place, ctx->who.id))
        ctx->viewer.place = place;
    channel_done(&channel);
}

char *form_state(const struct context *ctx, int64_t number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, number, ctx->viewer.place);
}

int64_t form_ask(struct context *ctx)
{
    char *behind = NULL;
    int64_t number = g_ascii_strtoll(ctx->event->state != NULL ? ctx->event->state : "", &behind, 10);
    if (*behind == ':')
        look_from(ctx, g_ascii_strtoll(behind + 1, NULL, 10));
    return number;
}

struct form *form_about(struct context *ctx, const struct ask *ask, const char *name, const char *title_entry,
                        const char *submit_entry)
{
    g_autofree char *state = form_state(ctx, ask->number);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *title = say(ctx->language, title_entry, "ask", id, NULL);
    g_autofree char *submit = say(ctx->language, submit_entry, NULL);
    g_autofree char *cancel = say(ctx->language, "form.cancel", NULL);
    struct form *form = form_new(name, state, title, submit, cancel);
    form->intro = show_words(ctx, ask->title, SUBJECT_MAX);
    return form;
}

const char *form_field_said(struct context *ctx, const char *name, const char *was)
{
    const char *words = event_field(ctx->event, name);
    g_autofree char *shown = show_words(ctx, was, FORM_INITIAL_MAX);
    return words == NULL || strcmp(words, shown) == 0 ? NULL : words;
}
