/* What log entries do to the details of an ask: decisions' circumstances, need, cost, people, urgency. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

/* One column of an ask's details, which are made when there are none yet. */
#define SET(column)                                                                                           \
    "INSERT INTO ask_detail (ask, " column ") VALUES (?1, ?2) ON CONFLICT (ask) DO UPDATE SET " column " = ?2"

static void ask_options(struct entry *e)
{
    sql_run(e->store, SET("options"), "iI", e->log->ask, e->log->words_id);
}

static void ask_reopen_if(struct entry *e)
{
    sql_run(e->store, SET("reopen_if"), "iI", e->log->ask, e->log->words_id);
}

void apply_new_decision(struct store *store, int64_t ask)
{
    sql_run(store, "UPDATE ask_detail SET options = NULL, reopen_if = NULL WHERE ask = ?1", "i", ask);
    sql_run(store, "DELETE FROM dissent WHERE ask = ?1", "i", ask);
}

static void ask_dissent(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO dissent (ask, person, words, commits, at) VALUES (?1, ?2, ?3, ?4, ?5)"
            " ON CONFLICT (ask, person) DO UPDATE SET words = ?3, commits = ?4, at = ?5",
            "iiidi", e->log->ask, e->log->person, e->log->words_id, (int)json_true(e->data, "commits"), e->log->at);
}

static void ask_dissent_back(struct entry *e)
{
    sql_run(e->store, "DELETE FROM dissent WHERE ask = ?1 AND person = ?2", "ii", e->log->ask, e->log->person);
}

/* ---- need and cost ---- */

static void ask_need(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET need = ?2, need_confirmed = ?3 WHERE number = ?1", "iId", e->log->ask,
            e->log->words_id, (int)json_true(e->data, "confirmed"));
    sql_run(e->store,
            "INSERT INTO ask_detail (ask, need_by, need_for, need_entry) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (ask) DO UPDATE SET need_by = ?2, need_for = ?3, need_entry = ?4, not_quite = NULL",
            "iIIi", e->log->ask, e->log->person, json_int(e->data, "for", 0), e->id);
    search_note(e->store, e->log->ask, false);
}

static void ask_need_confirmed(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET need_confirmed = 1 WHERE number = ?1", "i", e->log->ask);
    sql_run(e->store, "UPDATE ask_detail SET not_quite = NULL WHERE ask = ?1", "i", e->log->ask);
}

static void ask_need_not_quite(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET need_confirmed = 2 WHERE number = ?1", "i", e->log->ask);
    sql_run(e->store, SET("not_quite"), "iI", e->log->ask, e->log->words_id);
}

static void ask_need_part(struct entry *e)
{
    const char *part = json_str0(e->data, "part");
    if (strcmp(part, "fixed") == 0)
        sql_run(e->store, SET("fixed"), "iI", e->log->ask, e->log->words_id);
    else if (strcmp(part, "open") == 0)
        sql_run(e->store, SET("open"), "iI", e->log->ask, e->log->words_id);
    else
        sql_run(e->store, SET("smallest"), "iI", e->log->ask, e->log->words_id);
}

static void ask_cost(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO ask_detail (ask, cost, cost_by, cost_for, cost_low, cost_high)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (ask) DO UPDATE"
            " SET cost = ?2, cost_by = ?3, cost_for = ?4, cost_low = ?5, cost_high = ?6",
            "iIIIII", e->log->ask, e->log->words_id, e->log->person, json_int(e->data, "for", 0),
            json_int(e->data, "low", 0), json_int(e->data, "high", 0));
}

static void ask_talk(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO ask_detail (ask, talk, talk_by) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (ask) DO UPDATE SET talk = ?2, talk_by = ?3",
            "iII", e->log->ask, e->log->words_id, e->log->person);
}

static void ask_why_confirmed(struct entry *e)
{
    sql_run(e->store, SET("why_confirmed"), "ii", e->log->ask, (int64_t)1);
}

void apply_unconfirmed(struct store *store, int64_t ask)
{
    sql_run(store, "UPDATE ask_detail SET why_confirmed = 0 WHERE ask = ?1 AND why_confirmed = 1", "i", ask);
}

void apply_said_for(struct entry *e)
{
    int64_t whom = json_int(e->data, "for", 0);
    bool why = strcmp(e->log->kind, "ask.why") == 0;
    if (why)
        apply_unconfirmed(e->store, e->log->ask);
    /* What stood beside is now what is said. */
    sql_run(e->store, "DELETE FROM said_beside WHERE ask = ?1 AND kind = ?2 AND person = ?3", "iti", e->log->ask,
            e->log->kind + strlen("ask."), e->log->person);
    if (strcmp(e->log->kind, "ask.deadline") == 0) {
        sql_run(e->store, SET("deadline_by"), "iI", e->log->ask, e->log->person);
        return;
    }
    if (strcmp(e->log->kind, "ask.evidence") == 0)
        sql_run(e->store,
                "INSERT INTO ask_detail (ask, evidence_by, evidence_for) VALUES (?1, ?2, ?3)"
                " ON CONFLICT (ask) DO UPDATE SET evidence_by = ?2, evidence_for = ?3",
                "iII", e->log->ask, e->log->person, whom);
    else if (whom != 0)
        sql_run(e->store, why ? SET("why_for") : SET("impact_for"), "iI", e->log->ask, whom);
    else
        sql_run(e->store,
                why ? "UPDATE ask_detail SET why_for = NULL WHERE ask = ?1"
                    : "UPDATE ask_detail SET impact_for = NULL WHERE ask = ?1",
                "i", e->log->ask);
}

static void ask_beside(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO said_beside (ask, kind, person, whom, words) VALUES (?1, ?2, ?3, ?4, ?5)"
            " ON CONFLICT (ask, kind, person) DO UPDATE SET whom = ?4, words = ?5",
            "itiIi", e->log->ask, json_str0(e->data, "kind"), e->log->person, json_int(e->data, "for", 0), e->log->words_id);
}

/* ---- people and urgency ---- */

static void ask_informed(struct entry *e)
{
    if (json_true(e->data, "off"))
        sql_run(e->store, "DELETE FROM informed WHERE ask = ?1 AND person = ?2", "ii", e->log->ask, e->log->person);
    else
        sql_run(e->store, "INSERT OR IGNORE INTO informed (ask, person) VALUES (?1, ?2)", "ii", e->log->ask, e->log->person);
}

/* Without a moment it takes its turn again. */
static void ask_urgent(struct entry *e)
{
    int64_t until = json_int(e->data, "until", 0);
    sql_run(e->store, "UPDATE ask SET urgent_until = ?2 WHERE number = ?1", "iI", e->log->ask, until);
    sql_run(e->store, "UPDATE question SET urgent = ?2 WHERE ask = ?1", "id", e->log->ask, (int)(until != 0));
    sql_run(e->store, SET("urgent_due"), "iI", e->log->ask, until);
    sql_run(e->store, "UPDATE ask_detail SET urgent_late = 0 WHERE ask = ?1", "i", e->log->ask);
    if (until != 0)
        apply_tally(e->store, e->log->channel, "urgent", 1);
}

static void ask_urgent_late(struct entry *e)
{
    sql_run(e->store, "UPDATE ask_detail SET urgent_late = 1, urgent_due = ?2 WHERE ask = ?1", "iI", e->log->ask,
            json_int(e->data, "remind_at", 0));
    if (!json_true(e->data, "again"))
        apply_tally(e->store, e->log->channel, "urgent_late", 1);
}

static void ask_urgent_settled(struct entry *e)
{
    sql_run(e->store, SET("urgent_due"), "iI", e->log->ask, (int64_t)0);
}

const struct applier detail_appliers[] = {
    {"ask.options", ask_options, 0},
    {"ask.reopen_if", ask_reopen_if, 0},
    {"ask.dissent", ask_dissent, 0},
    {"ask.dissent_back", ask_dissent_back, 0},
    {"ask.why_confirmed", ask_why_confirmed, APPLY_COUNTS},
    {"ask.need", ask_need, 0},
    {"ask.need_confirmed", ask_need_confirmed, 0},
    {"ask.need_not_quite", ask_need_not_quite, 0},
    {"ask.need_part", ask_need_part, 0},
    {"ask.beside", ask_beside, 0},
    {"ask.cost", ask_cost, 0},
    {"ask.talk", ask_talk, 0},
    {"ask.informed", ask_informed, 0},
    {"ask.urgent", ask_urgent, 0},
    {"ask.urgent_late", ask_urgent_late, 0},
    {"ask.urgent_settled", ask_urgent_settled, 0},
    {NULL, NULL, 0},
};
