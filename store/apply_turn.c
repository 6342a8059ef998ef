/* Whose turn it is with an ask, since when, and how often clarification went to somebody and came back. */
#include "store/apply.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

void apply_turn(struct entry *e, bool anew)
{
    sql_run(e->store,
            "UPDATE ask SET turn = t.who, turn_since = CASE WHEN t.who IS NULL THEN NULL WHEN t.asked_at IS NOT NULL THEN"
            " t.asked_at WHEN turn IS t.who AND NOT ?3 THEN turn_since ELSE ?2 END FROM"
            " (SELECT CASE a.state WHEN 'waiting' THEN q.person WHEN 'clear' THEN a.decider WHEN 'accepted' THEN a.owner"
            " WHEN 'started' THEN a.owner WHEN 'paused' THEN a.owner WHEN 'shipped' THEN a.owner END AS who, q.asked_at"
            " FROM ask a LEFT JOIN question q ON q.ask = a.number AND q.state = 'open' AND a.state = 'waiting'"
            " WHERE a.number = ?1 ORDER BY q.kind LIMIT 1) AS t WHERE number = ?1",
            "iid", e->log->ask, e->log->at, anew);
}

void apply_turn_asked(struct entry *e)
{
    /* Somebody else was asked this before and has not said: it was passed on. */
    sql_run(e->store,
            "UPDATE ask SET round_trips = round_trips + (SELECT count(*) FROM question WHERE ask = ?1 AND kind = ?4"
            " AND state = 'open' AND person <> ?2), turn = CASE state WHEN 'waiting' THEN ?2 ELSE turn END,"
            " turn_since = CASE state WHEN 'waiting' THEN ?3 ELSE turn_since END WHERE number = ?1",
            "iiit", e->log->ask, e->log->person, e->log->at, json_str0(e->data, "kind"));
}

/* An answer, also "I don't know", to a question that was put: else the entry right before says that it is asked, so that
 * it will not be. */
static bool came_back(struct entry *e)
{
    const char *how = json_str0(e->data, "how");
    return (strcmp(how, "answered") == 0 || strcmp(how, "unknown") == 0) &&
           sql_number(e->store, "SELECT count(*) FROM log WHERE id = ?1 - 1 AND kind = 'question.asked' AND ask = ?2", "ii",
                      e->id, e->log->ask) == 0;
}

void apply_round_trip(struct entry *e)
{
    sql_run(e->store, "UPDATE ask SET round_trips = round_trips + 1 WHERE number = ?1", "i", e->log->ask);
}

void apply_turn_closed(struct entry *e)
{
    if (came_back(e))
        apply_round_trip(e);
    apply_turn(e, false);
}
