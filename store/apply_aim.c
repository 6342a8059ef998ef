/* What log entries do to goals and metrics, and to what an ask is for. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <math.h>

static void aim_added(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO aim (id, kind, channel, name, owner, unit, baseline, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            "itiiItrr", e->id, json_str0(e->data, "kind"), e->log->channel, e->log->words_id, e->log->person,
            json_str(e->data, "unit"), json_number(e->data, "baseline", NAN), json_number(e->data, "target", NAN));
}

static void metric_changed(struct entry *e)
{
    sql_run(e->store, "UPDATE aim SET owner = ?2, unit = ?3, baseline = ?4, target = ?5 WHERE id = ?1", "iItrr",
            json_int(e->data, "aim", 0), e->log->person, json_str(e->data, "unit"), json_number(e->data, "baseline", NAN),
            json_number(e->data, "target", NAN));
}

static void metric_value(struct entry *e)
{
    int64_t metric = json_int(e->data, "aim", 0);
    double value = json_number(e->data, "value", 0);
    sql_run(e->store, "INSERT INTO metric_value (id, metric, value, at) VALUES (?1, ?2, ?3, ?4)", "iiri", e->id, metric, value,
            e->log->at);
    sql_run(e->store, "UPDATE aim SET value = ?2, value_at = ?3 WHERE id = ?1", "iri", metric, value, e->log->at);
}

static void aim_ended(struct entry *e)
{
    sql_run(e->store, "UPDATE aim SET ended_at = ?2 WHERE id = ?1", "ii", json_int(e->data, "aim", 0), e->log->at);
}

static void ask_goal(struct entry *e)
{
    sql_run(e->store, "INSERT INTO ask_aim (ask, goal) VALUES (?1, ?2) ON CONFLICT (ask) DO UPDATE SET goal = ?2", "iI",
            e->log->ask, json_int(e->data, "goal", 0));
}

static void ask_metric(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO ask_aim (ask, metric, direction, by_words) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (ask) DO UPDATE SET metric = ?2, direction = ?3, by_words = ?4",
            "iItd", e->log->ask, json_int(e->data, "metric", 0), json_str(e->data, "direction"),
            json_true(e->data, "by_words"));
}

void apply_unsaid_metric(struct store *store, int64_t ask)
{
    sql_run(store, "UPDATE ask_aim SET metric = NULL, direction = NULL, by_words = 0 WHERE ask = ?1 AND by_words = 1", "i", ask);
}

const struct applier aim_appliers[] = {
    {"aim.added", aim_added, 0},
    {"aim.ended", aim_ended, 0},
    {"metric.changed", metric_changed, 0},
    {"metric.value", metric_value, 0},
    {"ask.goal", ask_goal, APPLY_COUNTS},
    {"ask.metric", ask_metric, APPLY_COUNTS},
    {NULL, NULL, 0},
};
