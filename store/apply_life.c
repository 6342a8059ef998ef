/* What log entries do to asks that are set aside, and to ended ones that are taken up again. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

/* apply_trade.c keeps when and until when it is set aside. */
static void ask_revisit(struct entry *e)
{
    int64_t asked = json_true(e->data, "asked") ? e->log->at : 0;
    sql_run(e->store, "UPDATE ask SET revisit_at = ?2, revisit_asked = ?3 WHERE number = ?1 AND state = 'paused'", "iII",
            e->log->ask, json_int(e->data, "at", 0), asked);
}

/* Only the state moves. */
static void ask_resumed(struct entry *e)
{
    (void)e;
}

static void ask_shelved(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET remind_at = NULL WHERE ask = ?1", "i", e->log->ask);
}

static void ask_merged(struct entry *e)
{
    int64_t into = json_int(e->data, "into", 0);
    sql_run(e->store, "INSERT OR REPLACE INTO merged (ask, target, words, person, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            "iiIii", e->log->ask, into, e->log->words_id, e->log->actor, e->log->at);
    sql_run(e->store, "UPDATE ask SET merged_into = ?2, later_until = NULL WHERE number = ?1", "ii", e->log->ask, into);
    sql_run(e->store, "UPDATE question SET remind_at = NULL WHERE ask = ?1", "i", e->log->ask);
}

static void ask_reopened(struct entry *e)
{
    sql_run(e->store, "INSERT OR REPLACE INTO reopened (ask, words, person, at) VALUES (?1, ?2, ?3, ?4)", "iIii",
            e->log->ask, e->log->words_id, e->log->actor, e->log->at);
    sql_run(e->store, "DELETE FROM merged WHERE ask = ?1", "i", e->log->ask);
    sql_run(e->store, "UPDATE ask SET merged_into = NULL WHERE number = ?1", "i", e->log->ask);
}

static void ask_left(struct entry *e)
{
    sql_run(e->store, "INSERT OR IGNORE INTO departure (ask, person, due_at) VALUES (?1, ?2, ?3)", "iii", e->log->ask,
            e->log->person, json_int(e->data, "at", 0));
}

static void ask_offered(struct entry *e)
{
    if (json_true(e->data, "back"))
        sql_run(e->store, "DELETE FROM departure WHERE ask = ?1 AND person = ?2", "ii", e->log->ask, e->log->person);
    else
        sql_run(e->store, "UPDATE departure SET due_at = NULL WHERE ask = ?1 AND person = ?2", "ii", e->log->ask,
                e->log->person);
}

const struct applier life_appliers[] = {
    {"ask.left", ask_left, 0},
    {"ask.offered", ask_offered, 0},
    {"ask.revisit", ask_revisit, 0},
    {"ask.merged", ask_merged, 0},
    {"ask.resumed", ask_resumed, 0},
    {"ask.shelved", ask_shelved, 0},
    {"ask.reopened", ask_reopened, 0},
    {NULL, NULL, 0},
};
