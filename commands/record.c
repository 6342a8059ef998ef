#include "commands/record.h"

#include "bot/base/json.h"
#include "commands/pause.h"
#include "commands/clarify.h"
#include "commands/merge.h"
#include "commands/roles.h"
#include "commands/trade.h"

#include <string.h>

/* Who acts there from elsewhere, by a form, a button of the home page or privately: where it happens, it was noted. */
static void note_actor(struct context *ctx, const struct log_entry *entry)
{
    struct channel channel;
    if (entry->actor == 0 || entry->channel == 0 || entry->channel == ctx->where.id ||
        !store_get_channel(ctx->store, entry->channel, &channel))
        return;
    if (channel.kind != CHANNEL_PUBLIC)
        store_presume_here(ctx->store, entry->channel, entry->actor);
    channel_done(&channel);
}

int64_t record_entry(struct context *ctx, struct log_entry *entry)
{
    if (entry->at == 0)
        entry->at = ctx->now;
    if (entry->actor == 0)
        entry->actor = ctx->who.id;
    note_actor(ctx, entry);
    if (entry->state != NULL && entry->ask != 0)
        inform_note(ctx, entry->ask, entry->state);
    return store_append(ctx->store, entry);
}

int64_t record(struct context *ctx, const char *kind, const struct ask *ask, cJSON *data)
{
    struct log_entry entry = {.kind = kind, .ask = ask->number, .channel = ask->channel, .data = data};
    return record_entry(ctx, &entry);
}

cJSON *data_of(const char *name, const char *value)
{
    cJSON *data = json_object();
    json_put_str(data, name, value);
    return data;
}

void record_move(struct context *ctx, struct log_entry *entry, struct ask *ask)
{
    bool goes_on = store_state_is_open(ask->state) && (!store_state_is_open(entry->state) || strcmp(entry->state, "paused") == 0);
    g_autoptr(GArray) waiting = goes_on ? store_queued_behind(ctx->store, ask->number) : NULL;
    record_entry(ctx, entry);
    if (strcmp(ask->state, "paused") == 0 && strcmp(entry->state, "paused") != 0)
        pause_settle(ctx, ask);
    g_autofree char *before = ask->state;
    ask->state = g_strdup(entry->state);
    ask->state_at = ctx->now;
    merged_tell(ctx, ask, before);
    if (!store_state_is_open(ask->state))
        clarify_end(ctx, ask);
    if (waiting != NULL)
        trade_wake(ctx, ask, waiting);
    if (goes_on)
        trade_free(ctx, ask);
}

void record_state(struct context *ctx, const char *kind, struct ask *ask, const char *words, const char *state,
                  cJSON *data)
{
    struct log_entry entry = {.kind = kind,
                              .ask = ask->number,
                              .channel = ask->channel,
                              .words = words != NULL && *words != '\0' ? words : NULL,
                              .state = state,
                              .data = data};
    if (state != NULL)
        record_move(ctx, &entry, ask);
    else
        record_entry(ctx, &entry);
}
