/* forget: a person's name and words are erased; what happened stays. */
#include "bot/chat/richtext.h"
#include "commands/permission.h"
#include "commands/erase.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/views.h"
#include "store/forget.h"

#include <string.h>

/* Known already: nobody is met only to be forgotten. 0 for none. */
static int64_t person_in(struct context *ctx, const char *text)
{
    struct rich_span span;
    while (rich_next(&text, &span)) {
        if (span.marker == RICH_PERSON || span.marker == RICH_PING) {
            g_autofree char *user = g_strndup(span.text, span.length);
            return store_find_person(ctx->store, ctx->event->platform, user);
        }
    }
    return 0;
}

/* Asks whether it is meant. */
static void make_sure(struct context *ctx, char *text, int64_t person)
{
    g_autofree char *says = text;
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, person);
    g_autofree char *label = say(ctx->language, "forget.button", NULL);
    struct message *message = message_text(says);
    message_add_button(message, "forget", value, label, BUTTON_DANGER);
    answer_message(ctx, message);
}

void verb_forget(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    bool me = g_ascii_strcasecmp(rest, "me") == 0 || g_ascii_strcasecmp(rest, "myself") == 0;
    bool names = strchr(rest, RICH_PERSON) != NULL || strchr(rest, RICH_PING) != NULL;
    int64_t person = me ? ctx->who.id : person_in(ctx, rest);
    if (!me && !names) {
        answer_say(ctx, "forget.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = *rest != '\0';
    } else if (person != ctx->who.id && !is_administrator(ctx)) {
        answer_say(ctx, "forget.not.yours", "command", ctx->settings->command, NULL);
    } else if (person == 0) {
        answer_say(ctx, "forget.nobody", NULL);
    } else if (person == ctx->who.id) {
        make_sure(ctx, say(ctx->language, "forget.me.sure", NULL), person);
    } else {
        g_autofree char *whom = show_person(ctx, person);
        make_sure(ctx, say(ctx->language, "forget.sure", "person", whom, NULL), person);
    }
}

/* value: the person's number, which whoever was forgotten does not have any more. */
void forget_button(struct context *ctx, const char *value)
{
    int64_t person = g_ascii_strtoll(value, NULL, 10);
    struct person whom = {0};
    bool me = person != 0 && person == ctx->who.id;
    bool found = person != 0 && store_get_person(ctx->store, person, &whom) && !whom.forgotten;
    person_done(&whom);
    if (!found || (!me && !is_administrator(ctx))) {
        answer_say(ctx, "button.stale", NULL);
        return;
    }
    struct log_entry entry = {.kind = "person.forgotten", .person = person};
    record_entry(ctx, &entry);
    store_forget_person(ctx->store, person, ctx->now);
    answer_say(ctx, me ? "forget.done" : "forget.done.other", NULL);
    if (me)
        ctx->who.id = 0; /* nobody's profile is looked up now */
}

static void redraw(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!store_load_ask(ctx->store, number, &ask))
        return;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    send_card_redraw(ctx, number);
    ask_done(&ask);
}

bool forget_due(struct context *ctx)
{
    struct forgotten forgotten;
    bool any = store_forget_step(ctx->store, ctx->now, &forgotten);
    for (guint i = 0; i < forgotten.asks->len; i++)
        redraw(ctx, g_array_index(forgotten.asks, int64_t, i));
    for (guint i = 0; i < forgotten.posts->len; i++)
        erase_post(ctx, g_array_index(forgotten.posts, int64_t, i), "forget.post");
    forgotten_done(&forgotten);
    return any;
}
