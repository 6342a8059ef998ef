/* What log entries do to questions: those askwhy puts to an asker, and those people put to an ask or a digest. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

static void question_asked(struct entry *e)
{
    apply_turn_asked(e);
    sql_run(e->store,
            "INSERT INTO question (ask, kind, person, state, asked_at, remind_at, urgent)"
            " VALUES (?1, ?2, ?3, 'open', ?4, ?5, coalesce((SELECT urgent_until IS NOT NULL FROM ask WHERE number = ?1), 0))"
            " ON CONFLICT (ask, kind) DO UPDATE SET person = ?3, state = 'open', asked_at = ?4, remind_at = ?5,"
            " reminders = 0, urgent = excluded.urgent",
            "itiiI", e->log->ask, json_str0(e->data, "kind"), e->log->person, e->log->at,
            json_int(e->data, "remind_at", 0));
}

static void question_closed(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET state = ?3, remind_at = NULL WHERE ask = ?1 AND kind = ?2", "itt",
            e->log->ask, json_str0(e->data, "kind"), json_str0(e->data, "how"));
    apply_turn_closed(e);
}

static void question_waits(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET remind_at = ?3, reminders = ?4 WHERE ask = ?1 AND kind = ?2", "itIi",
            e->log->ask, json_str0(e->data, "kind"), json_int(e->data, "remind_at", 0),
            json_int(e->data, "reminders", 0));
}

static void question_followed(struct entry *e)
{
    sql_run(e->store, "UPDATE question SET followed_up = 1 WHERE ask = ?1 AND kind = ?2", "it", e->log->ask,
            json_str0(e->data, "kind"));
    apply_round_trip(e);
}

static void put_question(struct entry *e)
{
    sql_run(e->store,
            "INSERT INTO open_question (id, channel, ask, digest, kind, person, words, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            "iiIItIIi", e->id, e->log->channel, e->log->ask, json_int(e->data, "digest", 0),
            json_str0(e->data, "kind"), e->log->person, e->log->words_id, e->log->at);
}

static void put_nameless(struct entry *e)
{
    int64_t digest = json_int(e->data, "digest", 0);
    sql_run(e->store,
            "INSERT INTO open_question (id, channel, ask, digest, kind, words, at)"
            " VALUES (?1, ?2, ?3, ?4, 'question', ?5, ?6)",
            "iiIIIi", e->id, e->log->channel, e->log->ask, digest, e->log->words_id, e->log->at);
    if (digest != 0)
        sql_run(e->store, "UPDATE digest SET questions = questions + 1 WHERE id = ?1", "i", digest);
}

static void put_unanswered(struct entry *e)
{
    sql_run(e->store, "UPDATE open_question SET answered_at = NULL WHERE id = ?1", "i", json_int(e->data, "question", 0));
}

static void put_answered(struct entry *e)
{
    sql_run(e->store, "UPDATE open_question SET answered_at = ?2 WHERE id = ?1", "ii",
            json_int(e->data, "question", 0), e->log->at);
}

const struct applier question_appliers[] = {
    {"question.asked", question_asked, 0},
    {"question.closed", question_closed, 0},
    {"question.waits", question_waits, 0},
    {"question.followed", question_followed, 0},
    {"put.question", put_question, 0},
    {"put.answered", put_answered, 0},
    {"put.unanswered", put_unanswered, 0},
    {"put.nameless", put_nameless, 0},
    {NULL, NULL, 0},
};
