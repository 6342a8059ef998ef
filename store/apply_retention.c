/* What log entries do to how long words are kept, and what may be erased when that is over. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

static void channel_retention(struct entry *e)
{
    int64_t days = json_int(e->data, "days", 0);
    if (days == 0)
        sql_run(e->store, "DELETE FROM retention WHERE channel = ?1", "i", e->log->channel);
    else
        sql_run(e->store, "INSERT OR REPLACE INTO retention (channel, days) VALUES (?1, ?2)", "ii", e->log->channel, days);
}

static void ask_erased(struct entry *e)
{
    sql_run(e->store, "DELETE FROM erasable WHERE kind = 'ask' AND id = ?1", "i", e->log->ask);
}

static void digest_erased(struct entry *e)
{
    sql_run(e->store, "DELETE FROM erasable WHERE kind = 'digest' AND id = ?1", "i", json_int(e->data, "digest", 0));
}

void apply_erasable_digest(struct entry *e)
{
    const cJSON *channel;
    sql_run(e->store, "INSERT OR IGNORE INTO erasable (kind, id, channel, at) VALUES ('digest', ?1, ?2, ?3)", "iii", e->id,
            e->log->channel, e->log->at);
    cJSON_ArrayForEach(channel, json_get(e->data, "tally"))
        sql_run(e->store, "INSERT OR IGNORE INTO erasable (kind, id, channel, at) VALUES ('digest', ?1, CAST(?2 AS INTEGER), ?3)",
                "iti", e->id, channel->string, e->log->at);
}

/* Its outcome is still asked for: until then the expected one is kept. */
#define LAST_MOMENT " max(?2, coalesce((SELECT remind_at FROM outcome WHERE outcome.ask = ?1), 0)) "

void apply_erasable(struct entry *e)
{
    const struct log_entry *log = e->log;
    if (strcmp(log->kind, "ask.erased") == 0)
        return;
    if (log->state != NULL && store_state_is_open(log->state))
        sql_run(e->store, "DELETE FROM erasable WHERE kind = 'ask' AND id = ?1", "i", log->ask);
    else if (log->state != NULL || log->words_id != 0)
        sql_run(e->store,
                "INSERT OR REPLACE INTO erasable (kind, id, channel, at)"
                " SELECT 'ask', number, channel," LAST_MOMENT "FROM ask WHERE number = ?1 AND open = 0",
                "ii", log->ask, log->at);
    else if (log->actor != 0 || strcmp(log->kind, "outcome.waits") == 0) /* other reminders are nothing that happens to it */
        sql_run(e->store, "UPDATE erasable SET at =" LAST_MOMENT "WHERE kind = 'ask' AND id = ?1", "ii", log->ask, log->at);
}

const struct applier retention_appliers[] = {
    {"channel.retention", channel_retention, 0},
    {"ask.erased", ask_erased, 0},
    {"digest.erased", digest_erased, 0},
    {NULL, NULL, 0},
};
