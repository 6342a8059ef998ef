/* A why that somebody else said is the asker's once they confirm it: by a button, or `/why 42 yes`. */
#include "commands/confirm.h"

#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "store/details.h"
#include "store/merged.h"

#include <string.h>

static bool is_confirmed(struct context *ctx, const struct ask *ask)
{
    struct ask_details details;
    store_get_details(ctx->store, ask, &details);
    bool confirmed = details.why_confirmed;
    ask_details_done(&details);
    return confirmed;
}

static bool is_of_another(const struct ask *ask)
{
    return ask->why_known == 1 && ask->why_by != 0 && ask->why_by != ask->asker;
}

bool why_waits_for_asker(struct context *ctx, const struct ask *ask)
{
    return is_of_another(ask) && !is_confirmed(ctx, ask);
}

void why_add_confirm(struct context *ctx, struct message *message, const struct ask *ask, const char *language)
{
    if (!why_waits_for_asker(ctx, ask))
        return;
    struct said_ids said;
    store_said_ids(ctx->store, ask->number, &said);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, ask->number, said.why);
    g_autofree char *label = say(language, "button.why.yes", NULL);
    message_add_button(message, "whyyes", value, label, BUTTON_PLAIN);
}

/* What told of it stays to be read, without its button. */
static void settle(struct context *ctx, const struct ask *ask)
{
    int64_t post = store_post_of_ask(ctx->store, ask->number, "confirm");
    if (post == 0)
        return;
    g_autofree char *who = show_person(ctx, ask->why_by);
    g_autofree char *asker = show_person(ctx, ask->asker);
    g_autofree char *text = say(ask_language(ctx, ask), "why.settled", "person", who, "asker", asker, NULL);
    send_edit(ctx, post, message_text(text));
}

static void confirm(struct context *ctx, const struct ask *ask)
{
    g_autofree char *id = show_number(ask->number);
    g_autofree char *asker = show_person(ctx, ask->asker);
    g_autofree char *who = show_person(ctx, ask->why_by);
    if (ask->why_known != 1) {
        answer_say(ctx, "why.none", "ask", id, "why", ctx->settings->why_command, NULL);
    } else if (ask->asker != ctx->who.id) {
        answer_say(ctx, "why.not.yours", "ask", id, "person", asker, NULL);
    } else if (!is_of_another(ask)) {
        answer_say(ctx, "why.own", "ask", id, NULL);
    } else {
        if (!is_confirmed(ctx, ask)) {
            struct log_entry entry = {
                .kind = "ask.why_confirmed", .ask = ask->number, .channel = ask->channel, .person = ctx->who.id};
            record_entry(ctx, &entry);
            settle(ctx, ask);
            send_card_redraw(ctx, ask->number);
        }
        answer_say(ctx, "why.confirmed", "ask", id, "person", who, NULL);
    }
}

void why_confirm(struct context *ctx, int64_t number)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    confirm(ctx, &ask);
    ask_done(&ask);
}

/* "42:17", the words that were shown: others may have been said since. */
void why_confirm_button(struct context *ctx, const char *value)
{
    char *behind = NULL;
    struct ask ask;
    int64_t number = g_ascii_strtoll(value, &behind, 10), words = *behind == ':' ? g_ascii_strtoll(behind + 1, NULL, 10) : 0;
    if (!need_ask(ctx, number, &ask))
        return;
    struct said_ids said;
    store_said_ids(ctx->store, number, &said);
    if (ask.why_known == 1 && said.why != words && ask.asker == ctx->who.id) {
        g_autofree char *id = show_number(number);
        g_autofree char *now = show_quoted(ctx, ask.why, 500);
        answer_say(ctx, "why.changed", "ask", id, "words", now, "why", ctx->settings->why_command, NULL);
    } else {
        confirm(ctx, &ask);
    }
    ask_done(&ask);
}
