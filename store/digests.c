#include "store/digests.h"

#include "bot/base/json.h"
#include "store/sql.h"

#include <string.h>

void digest_row_done(struct digest_row *row)
{
    cJSON_Delete(row->tally);
    *row = (struct digest_row){0};
}

static bool read_digest(struct store *store, sqlite3_stmt *statement, struct digest_row *row)
{
    *row = (struct digest_row){0};
    if (!sql_step(store, statement))
        return false;
    const char *tally = (const char *)sqlite3_column_text(statement, 4);
    *row = (struct digest_row){
        .id = sqlite3_column_int64(statement, 0),
        .channel = sqlite3_column_int64(statement, 1),
        .at = sqlite3_column_int64(statement, 2),
        .upto = sqlite3_column_int64(statement, 3),
        .tally = tally != NULL ? json_parse(tally, strlen(tally), NULL) : NULL,
        .seen = sqlite3_column_int(statement, 5),
        .questions = sqlite3_column_int(statement, 6),
        .disagreements = sqlite3_column_int(statement, 7),
    };
    sql_end(statement);
    return true;
}

#define DIGEST "SELECT id, channel, at, upto, tally, seen, questions, disagreements FROM digest "

bool store_get_digest(struct store *store, int64_t id, struct digest_row *row)
{
    return read_digest(store, sql_query(store, DIGEST "WHERE id = ?1", "i", id), row);
}

bool store_last_digest(struct store *store, int64_t channel, struct digest_row *row)
{
    return read_digest(store, sql_query(store, DIGEST "WHERE channel = ?1 ORDER BY id DESC LIMIT 1", "i", channel),
                       row);
}

int64_t store_log_end(struct store *store)
{
    return sql_number(store, "SELECT max(id) FROM log", "");
}

/* Entries are made in order of time and none is ever taken away, so a moment is found by halving. Of questions without
 * a name only the day is known: they count with the entry before them. */
int64_t store_log_before(struct store *store, int64_t at)
{
    int64_t before = 0, behind = store_log_end(store) + 1;
    while (behind - before > 1) {
        int64_t middle = before + (behind - before) / 2;
        if (sql_number(store, "SELECT at FROM log WHERE id <= ?1 AND kind <> 'put.nameless' ORDER BY id DESC LIMIT 1",
                       "i", middle) < at)
            before = middle;
        else
            behind = middle;
    }
    return before;
}

bool store_may_see_channel(struct store *store, const struct viewer *viewer, int64_t channel)
{
    return sql_number(store, "SELECT" MAY_SEE_CHANNEL "FROM channel c WHERE c.id = ?4", "iidi", viewer->person,
                      viewer->place, (int)viewer->guest, channel) != 0;
}

static cJSON *read_counters(struct store *store, sqlite3_stmt *statement)
{
    cJSON *counters = json_object();
    while (sql_step(store, statement))
        json_put_int(counters, (const char *)sqlite3_column_text(statement, 0), sqlite3_column_int64(statement, 1));
    return counters;
}

cJSON *store_tally(struct store *store, int64_t channel)
{
    return read_counters(store, sql_query(store, "SELECT name, value FROM tally WHERE channel = ?1", "i", channel));
}

cJSON *store_tally_of_span(struct store *store, const struct log_span *span)
{
    /* Conditions stand here word for word as those of the indexes log_moves and log_urgent. */
    return read_counters(store,
                         sql_query(store,
                                   "SELECT 'raised', count(*) FROM log WHERE channel = ?1 AND kind = 'ask.raised'"
                                   " AND state IS NOT NULL AND id > ?2 AND id <= ?3"
                                   " UNION ALL SELECT 'urgent', count(*) FROM log WHERE channel = ?1 AND kind = 'ask.urgent'"
                                   " AND kind IN ('ask.urgent', 'ask.urgent_late') AND json_extract(data, '$.until') IS NOT NULL AND id > ?2 AND id <= ?3"
                                   " UNION ALL SELECT 'urgent_late', count(*) FROM log WHERE channel = ?1"
                                   " AND kind = 'ask.urgent_late' AND kind IN ('ask.urgent', 'ask.urgent_late')"
                                   " AND coalesce(json_extract(data, '$.again'), 0) = 0"
                                   " AND id > ?2 AND id <= ?3"
                                   " UNION ALL SELECT 'to.' || state, count(*) FROM log WHERE channel = ?1"
                                   " AND kind IN ('ask.raised', 'ask.clear', 'ask.unclear', 'ask.decided', 'ask.started',"
                                   " 'ask.shipped', 'ask.paused', 'ask.resumed', 'ask.shelved', 'ask.merged', 'ask.reopened',"
                                   " 'ask.withdrawn', 'ask.returned')"
                                   " AND state IS NOT NULL AND id > ?2 AND id <= ?3 GROUP BY state",
                                   "iii", span->channel, span->after, span->upto));
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

GArray *store_asks_in_span(struct store *store, const struct log_span *span, const char *kind, int most, bool *more)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT ask FROM log WHERE channel = ?1 AND kind = ?4 AND state IS NOT NULL"
                                  " AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?5",
                                  "iiitd", span->channel, span->after, span->upto, kind, most);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(all, number);
    }
    *more = all->len >= (guint)most;
    g_array_sort(all, by_number);
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < all->len; i++) {
        int64_t number = g_array_index(all, int64_t, i);
        if (i == 0 || number != g_array_index(all, int64_t, i - 1))
            g_array_append_val(numbers, number);
    }
    return numbers;
}

void open_question_done(struct open_question *question)
{
    g_free(question->kind);
    g_free(question->words);
    g_free(question->answer);
    *question = (struct open_question){0};
}

#define QUESTION_COLUMNS                                                                                      \
    "SELECT q.id, q.channel, q.ask, q.digest, q.person, q.at, q.kind, coalesce(w.text, ''),"                  \
    " q.answered_at IS NOT NULL"
#define QUESTIONS " FROM open_question q JOIN channel c ON c.id = q.channel LEFT JOIN words w ON w.id = q.words "

static struct open_question question_of(sqlite3_stmt *row)
{
    return (struct open_question){
        .id = sqlite3_column_int64(row, 0),
        .channel = sqlite3_column_int64(row, 1),
        .ask = sqlite3_column_int64(row, 2),
        .digest = sqlite3_column_int64(row, 3),
        .person = sqlite3_column_int64(row, 4),
        .at = sqlite3_column_int64(row, 5),
        .kind = sql_column(row, 6),
        .words = sql_column(row, 7),
        .answered = sqlite3_column_int(row, 8) != 0,
    };
}

bool store_get_open_question(struct store *store, int64_t id, struct open_question *question)
{
    *question = (struct open_question){0};
    sqlite3_stmt *row = sql_query(store, QUESTION_COLUMNS QUESTIONS "WHERE q.id = ?1", "i", id);
    if (!sql_step(store, row))
        return false;
    *question = question_of(row);
    sql_end(row);
    return true;
}

static GArray *questions_new(void)
{
    GArray *questions = g_array_new(FALSE, TRUE, sizeof(struct open_question));
    g_array_set_clear_func(questions, (GDestroyNotify)open_question_done);
    return questions;
}

GArray *store_waiting_questions(struct store *store, const struct viewer *viewer, int64_t channel, int limit)
{
    GArray *questions = questions_new();
    sqlite3_stmt *row = sql_query(store,
                                  QUESTION_COLUMNS QUESTIONS "WHERE q.channel = ?4 AND q.answered_at IS NULL AND w.text IS NOT NULL"
                                                             " AND" MAY_SEE_CHANNEL "ORDER BY q.id LIMIT ?5",
                                  "iidid", viewer->person, viewer->place, (int)viewer->guest, channel, limit);
    while (sql_step(store, row)) {
        struct open_question question = question_of(row);
        g_array_append_val(questions, question);
    }
    return questions;
}

bool store_is_questioned(struct store *store, int64_t ask, int64_t person)
{
    return sql_number(store,
                      "SELECT 1 FROM open_question q JOIN ask a ON a.number = q.ask WHERE q.ask = ?1"
                      " AND q.answered_at IS NULL AND a.asker = ?2 LIMIT 1",
                      "ii", ask, person) != 0;
}

#define OPEN_QUESTIONS(of_ask)                                                                                \
    QUESTION_COLUMNS " FROM open_question q JOIN ask a ON a.number = q.ask JOIN channel c ON c.id = a.channel" \
                     " LEFT JOIN words w ON w.id = q.words WHERE q.ask " of_ask                               \
                     " AND q.answered_at IS NULL AND w.text IS NOT NULL AND" MAY_SEE "ORDER BY q.id"

GArray *store_open_questions(struct store *store, const struct viewer *viewer, int64_t ask, int limit, int *total)
{
    GArray *questions = questions_new();
    *total = 0;
    sqlite3_stmt *row = sql_query(store, ask != 0 ? OPEN_QUESTIONS("= ?4") : OPEN_QUESTIONS("IS NOT NULL AND ?4 = 0"),
                                  "iidi", viewer->person, viewer->place, (int)viewer->guest, ask);
    while (sql_step(store, row)) {
        if ((*total)++ < limit) {
            struct open_question question = question_of(row);
            g_array_append_val(questions, question);
        }
    }
    return questions;
}

GArray *store_answers_in_span(struct store *store, const struct viewer *viewer, const struct log_span *span, int limit)
{
    GArray *questions = questions_new();
    sqlite3_stmt *row =
        sql_query(store,
                  QUESTION_COLUMNS ", coalesce(answer.text, ''), l.actor FROM log l"
                                   " JOIN open_question q ON q.id = json_extract(l.data, '$.question')"
                                   " JOIN channel c ON c.id = q.channel LEFT JOIN words w ON w.id = q.words"
                                   " LEFT JOIN words answer ON answer.id = l.words"
                                   " WHERE l.channel = ?4 AND l.id > ?5 AND l.id <= ?6 AND l.kind = 'put.answered'"
                                   " AND" MAY_SEE_CHANNEL "ORDER BY l.id LIMIT ?7",
                  "iidiiid", viewer->person, viewer->place, (int)viewer->guest, span->channel, span->after,
                  span->upto, limit);
    while (sql_step(store, row)) {
        struct open_question question = question_of(row);
        question.answer = sql_column(row, 9);
        question.answered_by = sqlite3_column_int64(row, 10);
        g_array_append_val(questions, question);
    }
    return questions;
}

bool store_digest_replied(struct store *store, int64_t digest, int64_t person, const char *kind)
{
    return sql_number(store, "SELECT 1 FROM digest_reply WHERE digest = ?1 AND person = ?2 AND kind = ?3", "iit",
                      digest, person, kind) != 0;
}

int64_t store_digest_post(struct store *store, int64_t digest)
{
    return sql_number(store, "SELECT max(id) FROM post WHERE purpose = 'digest' AND subject = ?1", "i", digest);
}

int64_t store_post_of_question(struct store *store, int64_t ask, int64_t question)
{
    return sql_number(store, "SELECT max(id) FROM post WHERE ask = ?1 AND purpose = 'put' AND subject = ?2", "ii", ask,
                      question);
}

void store_set_subject(struct store *store, int64_t post, int64_t subject)
{
    sql_run(store, "UPDATE post SET subject = ?2 WHERE id = ?1", "ii", post, subject);
}

void origin_done(struct origin *origin)
{
    g_free(origin->function);
}

static const char origins_in_span[] =
    "SELECT (SELECT function FROM person_function WHERE person = a.asker), count(*), sum(coalesce(" IS_EVIDENT ", 0)),"
    " count(DISTINCT a.asker)"
    " FROM (SELECT ask FROM log WHERE channel = ?1 AND kind = 'ask.raised' AND state IS NOT NULL"
    " AND id > ?2 AND id <= ?3 ORDER BY id LIMIT ?4) l CROSS JOIN ask a ON a.number = l.ask"
    " GROUP BY 1 ORDER BY 2 DESC, 1";
static const char origins_ever[] =
    "SELECT (SELECT function FROM person_function WHERE person = o.asker), sum(o.asks), sum(o.evident), count(*)"
    " FROM origin o WHERE o.channel = ?1 GROUP BY 1 ORDER BY 2 DESC, 1";

void store_origins_in_span(struct store *store, const struct log_span *span, int most, GArray *origins)
{
    /* From the beginning, as a first digest is: what was counted meanwhile, not the whole past. */
    sqlite3_stmt *row = span->after == 0 ? sql_query(store, origins_ever, "i", span->channel)
                                         : sql_query(store, origins_in_span, "iiid", span->channel, span->after, span->upto, most);
    while (sql_step(store, row)) {
        g_autofree char *function = sql_column(row, 0);
        guint at = 0;
        while (at < origins->len && g_strcmp0(g_array_index(origins, struct origin, at).function, function) != 0)
            at++;
        if (at == origins->len) {
            struct origin origin = {.function = g_steal_pointer(&function)};
            g_array_append_val(origins, origin);
        }
        struct origin *origin = &g_array_index(origins, struct origin, at);
        origin->asks += sqlite3_column_int64(row, 1);
        origin->evident += sqlite3_column_int64(row, 2);
        origin->people = MAX(origin->people, sqlite3_column_int64(row, 3));
    }
}
