#include "commands/leaver.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "store/departures.h"

#include <string.h>

/* Not at once: who left by mistake is back by then, and news may come out of order. And a channel is not flooded: a few
 * together, the next ones an hour later. */
enum { ASKS_MOST = 60, AT_ONCE = 3, HOUR_MS = 3600 * 1000 };

void leaver_note(struct context *ctx, int64_t person, int64_t channel, const char *workspace)
{
    g_autoptr(GArray) asks = store_left_asks(ctx->store, person, channel, workspace, ASKS_MOST);
    for (guint i = 0; i < asks->len; i++) {
        struct ask ask;
        if (!store_load_ask(ctx->store, g_array_index(asks, int64_t, i), &ask))
            continue;
        cJSON *data = json_object();
        json_put_int(data, "at", ctx->now + (int64_t)(i / AT_ONCE + 1) * HOUR_MS);
        struct log_entry entry = {
            .kind = "ask.left", .ask = ask.number, .channel = ask.channel, .person = person, .data = data};
        record_entry(ctx, &entry);
        ask_done(&ask);
    }
}

static bool has_gone(struct context *ctx, const struct ask *ask, int64_t id)
{
    struct person person;
    if (!store_get_person(ctx->store, id, &person))
        return false;
    bool gone = person.deleted || store_is_gone(ctx->store, ask->channel, id);
    person_done(&person);
    return gone;
}

int64_t unless_left(struct context *ctx, const struct ask *ask, int64_t person)
{
    bool left = person != 0 && person != ctx->who.id &&
                (is_nobody_to_ask(ctx, person) ||
                 (store_has_left(ctx->store, ask->number, person) && has_gone(ctx, ask, person)));
    return left ? 0 : person;
}

/* NULL: whoever came back meanwhile, or handed it on, is asked about no more. */
static const char *what_is_theirs(struct context *ctx, const struct ask *ask, int64_t id)
{
    if (!store_state_is_open(ask->state) || !has_gone(ctx, ask, id))
        return NULL;
    return ask->owner == id ? "leaver.owner" : ask->asker == id ? "leaver.asker" : ask->decider == id ? "leaver.decider" : NULL;
}

bool leaver_due(struct context *ctx)
{
    int64_t number, person;
    struct ask ask;
    if (!store_due_departure(ctx->store, ctx->now, &number, &person) || !store_load_ask(ctx->store, number, &ask))
        return false;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask.channel, &ctx->where);
    struct log_entry entry = {.kind = "ask.offered", .ask = number, .channel = ask.channel, .person = person};
    const char *offer = what_is_theirs(ctx, &ask, person);
    if (offer == NULL) {
        entry.data = json_object();
        json_put_bool(entry.data, "back", true);
    }
    record_entry(ctx, &entry);
    if (offer != NULL) {
        const char *language = say_language(ctx->where.language);
        g_autofree char *name = show_person(ctx, person);
        g_autofree char *id = show_number(number);
        g_autofree char *text = say(language, offer, "person", name, "ask", id, "command", ctx->settings->command, NULL);
        struct message *message = message_text(text);
        if (strcmp(offer, "leaver.decider") != 0) {
            g_autofree char *label = say(language, "button.own", NULL);
            g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, number);
            message_add_button(message, "own", value, label, BUTTON_PLAIN);
        }
        send_to_thread(ctx, &ask, "note", message);
    }
    ask_done(&ask);
    return true;
}
