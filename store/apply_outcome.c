/* What log entries do about the outcome of a shipped ask. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <math.h>

static void outcome_row(struct entry *e)
{
    sql_run(e->store, "INSERT OR IGNORE INTO outcome (ask, channel) VALUES (?1, ?2)", "ii", e->log->ask, e->log->channel);
}

static void ask_shipped(struct entry *e)
{
    int64_t due = json_int(e->data, "outcome_due", 0);
    sql_run(e->store, "UPDATE ask SET shipped_at = ?2, outcome_due = ?3 WHERE number = ?1", "iiI", e->log->ask, e->log->at,
            due);
    outcome_row(e);
    sql_run(e->store, "UPDATE outcome SET remind_at = ?2, asked = 0 WHERE ask = ?1 AND told_at IS NULL", "iI", e->log->ask,
            due);
}

static void outcome_waits(struct entry *e)
{
    outcome_row(e);
    sql_run(e->store, "UPDATE outcome SET remind_at = ?2, asked = ?3, person = coalesce(?4, person) WHERE ask = ?1", "iIdI",
            e->log->ask, json_int(e->data, "remind_at", 0), (int)json_int(e->data, "asked", 0), e->log->person);
    /* Shipped before outcomes were asked for (store/schema/003.sql). */
    sql_run(e->store, "UPDATE ask SET outcome_due = coalesce(outcome_due, ?2) WHERE number = ?1", "iI", e->log->ask,
            json_int(e->data, "remind_at", 0));
}

static void ask_outcome(struct entry *e)
{
    outcome_row(e);
    sql_run(e->store, "UPDATE ask SET outcome = ?2 WHERE number = ?1", "it", e->log->ask, json_str(e->data, "outcome"));
    sql_run(e->store,
            "UPDATE outcome SET remind_at = NULL, words = ?2, ratio = ?3, told_by = ?4, told_at = ?5 WHERE ask = ?1",
            "iIrIi", e->log->ask, e->log->words_id, json_number(e->data, "ratio", NAN), e->log->actor, e->log->at);
}

static void channel_calibration(struct entry *e)
{
    sql_run(e->store, "INSERT OR IGNORE INTO channel_setting (channel) VALUES (?1)", "i", e->log->channel);
    sql_run(e->store, "UPDATE channel_setting SET calibration = ?2 WHERE channel = ?1", "id", e->log->channel,
            json_true(e->data, "on"));
}

const struct applier outcome_appliers[] = {
    {"ask.shipped", ask_shipped, 0},
    {"ask.outcome", ask_outcome, 0},
    {"outcome.waits", outcome_waits, 0},
    {"channel.calibration", channel_calibration, 0},
    {NULL, NULL, 0},
};
