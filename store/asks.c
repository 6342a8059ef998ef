#include "store/sql.h"

#include <string.h>

/* Looked for only where there are some; where they were erased, NULL or "". */
#define WORDS(column) "(SELECT text FROM words WHERE id = a." column ")"
#define NOTE(column) "CASE WHEN a." column " IS NOT NULL THEN " WORDS(column) " END"
#define ANSWER(column) "CASE WHEN a." column " IS NOT NULL THEN coalesce(" WORDS(column) ", '') END"
#define ASK                                                                                                   \
    "SELECT a.number, a.channel, a.asker, a.raiser, a.owner, a.decider, a.state, a.state_at, a.raised_at,"    \
    " coalesce(" WORDS("title") ", ''), a.permalink, a.deadline, " ANSWER("why") ", a.why_by, a.why_known,"   \
    " " ANSWER("impact") ", a.impact_by, a.impact_known, a.impact_data, " ANSWER("evidence") ","              \
    " a.evidence_known, a.evidence_kind, " NOTE("deadline_note") ", a.decision, " NOTE("decision_words") ","  \
    " a.decided_by, a.decided_at, a.later_until, a.started_at, a.shipped_at, a.voices,"                    \
    " a.merged_into, a.paused_at, a.revisit_at, a.urgent_until, a.outcome, a.outcome_due, a.turn, a.turn_since,"  \
    " a.round_trips, " NOTE("need") ", a.need_confirmed, a.revisit_asked FROM ask a"

const char *const store_open_states[] = {"waiting", "clear", "accepted", "later", "started", "paused", NULL};

bool store_knows_state(const char *state)
{
    static const char *const ended[] = {"declined", "shelved", "shipped", "checked", "merged", "withdrawn", NULL};
    return g_strv_contains(store_open_states, state) || g_strv_contains(ended, state);
}

bool store_state_is_open(const char *state)
{
    return state == NULL || g_strv_contains(store_open_states, state);
}

void ask_done(struct ask *ask)
{
    char *const owned[] = {ask->state,    ask->title,         ask->permalink,     ask->deadline, ask->why,
                           ask->impact,   ask->impact_data,   ask->evidence,      ask->evidence_kind,
                           ask->decision, ask->deadline_note, ask->decision_words, ask->outcome, ask->need};
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    *ask = (struct ask){0};
}

static bool read_ask(struct store *store, sqlite3_stmt *row, struct ask *ask)
{
    *ask = (struct ask){0};
    if (!sql_step(store, row))
        return false;
    *ask = (struct ask){
        .number = sqlite3_column_int64(row, 0),
        .channel = sqlite3_column_int64(row, 1),
        .asker = sqlite3_column_int64(row, 2),
        .raiser = sqlite3_column_int64(row, 3),
        .owner = sqlite3_column_int64(row, 4),
        .decider = sqlite3_column_int64(row, 5),
        .state = sql_column(row, 6),
        .state_at = sqlite3_column_int64(row, 7),
        .raised_at = sqlite3_column_int64(row, 8),
        .title = sql_column(row, 9),
        .permalink = sql_column(row, 10),
        .deadline = sql_column(row, 11),
        .why = sql_column(row, 12),
        .why_by = sqlite3_column_int64(row, 13),
        .why_known = sqlite3_column_int(row, 14),
        .impact = sql_column(row, 15),
        .impact_by = sqlite3_column_int64(row, 16),
        .impact_known = sqlite3_column_int(row, 17),
        .impact_data = sql_column(row, 18),
        .evidence = sql_column(row, 19),
        .evidence_known = sqlite3_column_int(row, 20),
        .evidence_kind = sql_column(row, 21),
        .deadline_note = sql_column(row, 22),
        .decision = sql_column(row, 23),
        .decision_words = sql_column(row, 24),
        .decided_by = sqlite3_column_int64(row, 25),
        .decided_at = sqlite3_column_int64(row, 26),
        .later_until = sqlite3_column_int64(row, 27),
        .started_at = sqlite3_column_int64(row, 28),
        .shipped_at = sqlite3_column_int64(row, 29),
        .voices = sqlite3_column_int(row, 30),
        .merged_into = sqlite3_column_int64(row, 31),
        .paused_at = sqlite3_column_int64(row, 32),
        .revisit_at = sqlite3_column_int64(row, 33),
        .urgent_until = sqlite3_column_int64(row, 34),
        .outcome = sql_column(row, 35),
        .outcome_due = sqlite3_column_int64(row, 36),
        .turn = sqlite3_column_int64(row, 37),
        .turn_since = sqlite3_column_int64(row, 38),
        .round_trips = sqlite3_column_int(row, 39),
        .need = sql_column(row, 40),
        .need_confirmed = sqlite3_column_int(row, 41),
        .revisit_asked = sqlite3_column_int64(row, 42),
    };
    sql_end(row);
    return true;
}

int64_t store_next_number(struct store *store)
{
    return 1 + sql_number(store, "SELECT max(number) FROM ask", "");
}

bool store_get_ask(struct store *store, const struct viewer *viewer, int64_t number, struct ask *ask)
{
    return read_ask(store,
                    sql_query(store,
                              ASK " JOIN channel c ON c.id = a.channel WHERE a.number = ?4 AND" MAY_SEE,
                              "iidi", viewer->person, viewer->place, viewer->guest, number),
                    ask);
}

bool store_load_ask(struct store *store, int64_t number, struct ask *ask)
{
    return read_ask(store, sql_query(store, ASK " WHERE a.number = ?1", "i", number), ask);
}

int64_t store_ask_of(struct store *store, int64_t asker, int64_t before)
{
    return sql_number(store,
                      "SELECT max(number) FROM (SELECT max(number) AS number FROM ask WHERE asker = ?1 AND open = 1 AND number < ?2"
                      " UNION ALL SELECT max(number) FROM ask WHERE asker = ?1 AND open = 0 AND number < ?2)",
                      "ii", asker, before != 0 ? before : INT64_MAX);
}

int64_t store_same_ask(struct store *store, int64_t raiser, int64_t channel, const char *title, int64_t since)
{
    return sql_number(store,
                      "SELECT l.ask FROM log l JOIN words w ON w.id = l.words"
                      " WHERE l.channel = ?2 AND l.kind = 'ask.raised' AND l.state IS NOT NULL AND l.actor = ?1 AND l.at >= ?4 AND w.text = ?3"
                      " AND l.id > (SELECT coalesce(max(id), 0) - 5000 FROM log) ORDER BY l.id DESC LIMIT 1",
                      "iiti", raiser, channel, title, since);
}

void question_done(struct question *question)
{
    g_free(question->kind);
    g_free(question->state);
    *question = (struct question){0};
}

static bool read_question(struct store *store, sqlite3_stmt *row, struct question *question)
{
    *question = (struct question){0};
    if (!sql_step(store, row))
        return false;
    *question = (struct question){
        .ask = sqlite3_column_int64(row, 0),
        .kind = sql_column(row, 1),
        .person = sqlite3_column_int64(row, 2),
        .state = sql_column(row, 3),
        .asked_at = sqlite3_column_int64(row, 4),
        .remind_at = sqlite3_column_int64(row, 5),
        .reminders = sqlite3_column_int(row, 6),
        .followed_up = sqlite3_column_int(row, 7) != 0,
    };
    sql_end(row);
    return true;
}

#define QUESTION "SELECT ask, kind, person, state, asked_at, remind_at, reminders, followed_up FROM question "

bool store_get_question(struct store *store, int64_t ask, const char *kind, struct question *question)
{
    return read_question(store, sql_query(store, QUESTION "WHERE ask = ?1 AND kind = ?2", "it", ask, kind), question);
}

bool store_open_question(struct store *store, int64_t ask, struct question *question)
{
    return read_question(store, sql_query(store, QUESTION "WHERE ask = ?1 AND state = 'open'", "i", ask), question);
}

bool store_ended_question(struct store *store, int64_t ask, struct question *question)
{
    return read_question(store, sql_query(store, QUESTION "WHERE ask = ?1 AND state = 'ended'", "i", ask), question);
}

bool store_due_question(struct store *store, int64_t now, struct question *question)
{
    return read_question(store, sql_query(store, QUESTION "WHERE remind_at <= ?1 ORDER BY remind_at LIMIT 1", "i", now),
                         question);
}

int64_t store_count_questions(struct store *store, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM question WHERE person = ?1 AND state = 'open'", "i", person);
}

void heard_done(struct heard *heard)
{
    g_free(heard->kind);
}

void store_set_heard(struct store *store, int64_t channel, const char *message, const struct heard *heard)
{
    sql_run(store,
            "INSERT OR REPLACE INTO heard (channel, message, ask, kind, words, person) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            "ititii", channel, message, heard->ask, heard->kind, heard->words, heard->person);
}

GArray *store_get_heard(struct store *store, int64_t channel, const char *message)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct heard));
    g_array_set_clear_func(all, (GDestroyNotify)heard_done);
    sqlite3_stmt *row = sql_query(store, "SELECT ask, kind, words, person FROM heard WHERE channel = ?1 AND message = ?2",
                                  "it", channel, message);
    while (sql_step(store, row)) {
        struct heard heard = {.ask = sqlite3_column_int64(row, 0),
                              .kind = sql_column(row, 1),
                              .words = sqlite3_column_int64(row, 2),
                              .person = sqlite3_column_int64(row, 3)};
        g_array_append_val(all, heard);
    }
    return all;
}

bool store_heard_counts(struct store *store, const struct heard *heard)
{
    return sql_number(store,
                      "SELECT CASE ?2 WHEN 'why' THEN why WHEN 'impact' THEN impact WHEN 'evidence' THEN evidence"
                      " ELSE deadline_note END = ?3 FROM ask WHERE number = ?1",
                      "iti", heard->ask, heard->kind, heard->words) != 0;
}

void store_drop_heard(struct store *store, int64_t channel, const char *message)
{
    sql_run(store, "DELETE FROM heard WHERE channel = ?1 AND message = ?2", "it", channel, message);
}

void store_erase_answer(struct store *store, int64_t ask, const char *kind, int64_t now)
{
    sql_run(store,
            "UPDATE words SET text = NULL, erased_at = ?3 WHERE id = (SELECT CASE ?2 WHEN 'why' THEN why"
            " WHEN 'impact' THEN impact WHEN 'evidence' THEN evidence ELSE deadline_note END FROM ask WHERE number = ?1)",
            "iti", ask, kind, now);
    sql_run(store, "DELETE FROM heard WHERE ask = ?1 AND kind = ?2", "it", ask, kind);
    search_erased(store);
}

void store_erase_words(struct store *store, int64_t words, int64_t now)
{
    sql_run(store, "UPDATE words SET text = NULL, erased_at = ?2 WHERE id = ?1", "ii", words, now);
    search_erased(store);
}

int64_t store_next_due(struct store *store)
{
    return sql_number(store,
                      "SELECT min(at) FROM (SELECT min(remind_at) AS at FROM question WHERE remind_at IS NOT NULL"
                      " UNION ALL SELECT min(due_at) FROM departure WHERE due_at IS NOT NULL"
                      " UNION ALL SELECT min(digest_at) FROM channel_setting WHERE digest_at IS NOT NULL"
                      " UNION ALL SELECT min(remind_at) FROM outcome WHERE remind_at IS NOT NULL"
                      " UNION ALL SELECT min(due_at) FROM nameless"
                      " UNION ALL SELECT min(1) FROM forgetting" /* at once */
                      " UNION ALL SELECT min(due_at) FROM erasing"
                      " UNION ALL SELECT min((SELECT min(at) FROM erasable WHERE channel = retention.channel)"
                      " + days * 24 * 3600 * 1000) FROM retention"
                      " UNION ALL SELECT min(later_until) FROM ask WHERE later_until IS NOT NULL"
                      " UNION ALL SELECT min(revisit_at) FROM ask WHERE revisit_at IS NOT NULL"
                      " UNION ALL SELECT min(urgent_due) FROM ask_detail WHERE urgent_due IS NOT NULL)",
                      "");
}

int64_t store_due_digest(struct store *store, int64_t now)
{
    return sql_number(store, "SELECT channel FROM channel_setting WHERE digest_at <= ?1 ORDER BY digest_at LIMIT 1", "i",
                      now);
}

int64_t store_due_back(struct store *store, int64_t now)
{
    return sql_number(store, "SELECT number FROM ask WHERE later_until <= ?1 ORDER BY later_until LIMIT 1", "i", now);
}

int64_t store_due_revisit(struct store *store, int64_t now)
{
    return sql_number(store, "SELECT number FROM ask WHERE revisit_at <= ?1 ORDER BY revisit_at LIMIT 1", "i", now);
}
