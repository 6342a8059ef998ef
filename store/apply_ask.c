/* What log entries about one ask do to it. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

static void ask_raised(struct entry *e)
{
    const struct log_entry *log = e->log;
    sql_run(e->store,
            "INSERT INTO ask (number, channel, asker, raiser, owner, decider, state, state_at, raised_at, title,"
            " permalink, deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11)",
            "iiiiIItiitt", log->ask, log->channel, log->person, log->actor, json_int(e->data, "owner", 0),
            json_int(e->data, "decider", 0), log->state, log->at, log->words_id, json_str(e->data, "permalink"),
            json_str(e->data, "deadline"));
    apply_tally(e->store, log->channel, "raised", 1);
    sql_run(e->store,
            "INSERT INTO origin (channel, asker, asks) VALUES (?1, ?2, 1) ON CONFLICT (channel, asker) DO UPDATE SET asks = asks + 1",
            "ii", log->channel, log->person);
    search_note(e->store, log->ask, true);
}

static void ask_why(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET why = ?2, why_by = ?3, why_known = ?4 WHERE number = ?1", "iIId", e->log->ask,
            e->log->words_id, e->log->person, (int)json_int(e->data, "known", 1));
    apply_said_for(e);
    search_note(e->store, e->log->ask, false);
}

static void ask_impact(struct entry *e)
{
    g_autofree char *understood = e->data != NULL ? json_text(e->data) : NULL;
    sql_run(e->store,
            "UPDATE ask SET impact = ?2, impact_by = ?3, impact_known = ?4, impact_data = ?5 WHERE number = ?1",
            "iIIdt", e->log->ask, e->log->words_id, e->log->person, (int)json_int(e->data, "known", 1), understood);
    apply_said_for(e);
    search_note(e->store, e->log->ask, false);
}

/* Called before the ask's evidence changes with -1, and after it with 1. */
static void count_evident(struct entry *e, int by)
{
    sql_run(e->store,
            "UPDATE origin SET evident = evident + ?2 WHERE (channel, asker) ="
            " (SELECT channel, asker FROM ask WHERE number = ?1 AND" IS_EVIDENT ")",
            "id", e->log->ask, by);
}

static void ask_evidence(struct entry *e)
{
    count_evident(e, -1);
    sql_run(e->store, "UPDATE ask SET evidence = ?2, evidence_known = ?3, evidence_kind = ?4 WHERE number = ?1",
            "iIdt", e->log->ask, e->log->words_id, (int)json_int(e->data, "known", 1), json_str(e->data, "kind"));
    count_evident(e, 1);
    apply_said_for(e);
    search_note(e->store, e->log->ask, false);
}

static void ask_deadline(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET deadline_note = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->words_id);
    apply_said_for(e);
}

/* Only the state moves. */
static void ask_state(struct entry *e)
{
    (void)e;
}

static void ask_unanswered(struct entry *e)
{
    const char *kind = json_str0(e->data, "kind");
    if (strcmp(kind, "why") == 0) {
        sql_run(e->store, "UPDATE ask SET why = NULL, why_by = NULL, why_known = 0 WHERE number = ?1", "i",
                e->log->ask);
        apply_unconfirmed(e->store, e->log->ask);
    } else if (strcmp(kind, "impact") == 0) {
        sql_run(e->store,
                "UPDATE ask SET impact = NULL, impact_by = NULL, impact_known = 0, impact_data = NULL WHERE number = ?1",
                "i", e->log->ask);
        apply_unsaid_metric(e->store, e->log->ask);
    } else if (strcmp(kind, "evidence") == 0) {
        count_evident(e, -1);
        sql_run(e->store,
                "UPDATE ask SET evidence = NULL, evidence_known = 0, evidence_kind = NULL WHERE number = ?1", "i",
                e->log->ask);
    } else
        sql_run(e->store, "UPDATE ask SET deadline_note = NULL WHERE number = ?1", "i", e->log->ask);
    search_note(e->store, e->log->ask, false);
    store_want_index(e->store); /* not to be found a moment longer */
}

static void ask_owner(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET owner = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->person);
    apply_turn(e, false);
}

static void ask_decider(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET decider = ?2 WHERE number = ?1", "iI", e->log->ask, e->log->person);
    apply_turn(e, false);
}

static void ask_decided(struct entry *e)
{
    const char *decision = json_str(e->data, "decision");
    if (sql_number(e->store, "SELECT decision <> ?2 FROM ask WHERE number = ?1", "it", e->log->ask, decision) != 0)
        apply_new_decision(e->store, e->log->ask);
    sql_run(e->store,
            "UPDATE ask SET decision = ?2, decision_words = ?3, decided_by = ?4, decided_at = ?5, later_until = ?6"
            " WHERE number = ?1",
            "itIIiI", e->log->ask, decision, e->log->words_id, e->log->actor, e->log->at,
            json_int(e->data, "until", 0));
}

static void ask_started(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET started_at = ?2, later_until = NULL WHERE number = ?1", "ii", e->log->ask,
            e->log->at);
}

static void ask_ended(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET later_until = NULL WHERE number = ?1", "i", e->log->ask);
    sql_run(e->store, "UPDATE question SET remind_at = NULL WHERE ask = ?1", "i", e->log->ask);
}

static void ask_voice(struct entry *e)
{
    /* Without new words, those said before stand as they were said. */
    sql_run(e->store,
            "INSERT INTO voice (ask, person, words, at, said_by) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (ask, person) DO UPDATE"
            " SET words = coalesce(excluded.words, words), at = excluded.at,"
            " said_by = CASE WHEN excluded.words IS NULL AND words IS NOT NULL THEN said_by ELSE excluded.said_by END",
            "iiIiI", e->log->ask, e->log->person, e->log->words_id, e->log->at, json_int(e->data, "by", 0));
    sql_run(e->store, "UPDATE ask SET voices = (SELECT count(*) FROM voice WHERE ask = ?1) WHERE number = ?1", "i",
            e->log->ask);
}

static void ask_voice_back(struct entry *e)
{
    sql_run(e->store, "DELETE FROM voice WHERE ask = ?1 AND person = ?2", "ii", e->log->ask, e->log->person);
    sql_run(e->store, "UPDATE ask SET voices = (SELECT count(*) FROM voice WHERE ask = ?1) WHERE number = ?1", "i",
            e->log->ask);
}

static void ask_renamed(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET title = ?2 WHERE number = ?1", "ii", e->log->ask, e->log->words_id);
    search_note(e->store, e->log->ask, false);
}

static void words_erased(struct entry *e)
{
    search_erased(e->store);
    if (e->log->ask != 0)
        search_note(e->store, e->log->ask, false);
}

const struct applier ask_appliers[] = {
    {"ask.raised", ask_raised, APPLY_RAISES},
    {"ask.why", ask_why, APPLY_COUNTS},
    {"ask.impact", ask_impact, 0},
    {"ask.evidence", ask_evidence, 0},
    {"ask.deadline", ask_deadline, 0},
    {"ask.clear", ask_state, 0},
    {"ask.unclear", ask_state, 0},
    {"ask.unanswered", ask_unanswered, APPLY_COUNTS},
    {"ask.owner", ask_owner, 0},
    {"ask.decider", ask_decider, 0},
    {"ask.decided", ask_decided, 0},
    {"ask.started", ask_started, APPLY_COUNTS},
    {"ask.withdrawn", ask_ended, 0},
    {"ask.returned", ask_ended, 0},
    {"ask.voice", ask_voice, 0},
    {"ask.voice_back", ask_voice_back, 0},
    {"ask.renamed", ask_renamed, 0},
    {"words.erased", words_erased, 0},
    {NULL, NULL, 0},
};
