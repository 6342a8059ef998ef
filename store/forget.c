#include "store/forget.h"

#include "store/sql.h"

enum { ENTRIES_A_STEP = 500, POSTS_A_STEP = 5, HEARD_A_STEP = 50 };

void forgotten_done(struct forgotten *forgotten)
{
    g_clear_pointer(&forgotten->asks, g_array_unref);
    g_clear_pointer(&forgotten->posts, g_array_unref);
}

static void begin(struct forgotten *forgotten)
{
    forgotten->asks = g_array_new(FALSE, FALSE, sizeof(int64_t));
    forgotten->posts = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static void collect(struct store *store, sqlite3_stmt *row, GArray *numbers)
{
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
}

/* ---- a person ---- */

void store_forget_person(struct store *store, int64_t person, int64_t now)
{
    sql_run(store,
            "INSERT OR REPLACE INTO forgetting (person, user, handled, upto)"
            " SELECT id, user, 0, (SELECT coalesce(max(id), 0) FROM log) FROM person WHERE id = ?1 AND forgotten = 0",
            "i", person);
    sql_run(store,
            "UPDATE person SET user = 'forgotten-' || id, name = NULL, handle = NULL, zone = NULL, locale = NULL, dm = NULL,"
            " deleted = 1, forgotten = 1, refreshed_at = ?2 WHERE id = ?1 AND forgotten = 0",
            "ii", person, now);
    sql_run(store, "DELETE FROM presence WHERE person = ?1", "i", person);
    sql_run(store, "DELETE FROM belonging WHERE person = ?1", "i", person);
    sql_run(store, "DELETE FROM in_group WHERE person = ?1", "i", person);
    sql_run(store, "DELETE FROM channel_admin WHERE person = ?1", "i", person);
    sql_run(store, "DELETE FROM outbox WHERE person = ?1", "i", person);
    if (store->people != NULL)
        known_forget_all(store);
}

/* Entries after ?1 and up to ?2, those with words of person ?3 or in which they act. */
#define SPAN " id > ?1 AND id <= ?2 "
#define WORDS_OF_SPAN " id IN (SELECT words FROM log WHERE" SPAN "AND words IS NOT NULL) "

static void erase_span(struct store *store, int64_t person, const char *user, int64_t after, int64_t upto, int64_t now)
{
    /* What askwhy understood of their words is their words, too. */
    sql_run(store,
            "UPDATE ask SET impact_data = json_remove(impact_data, '$.metric', '$.unit', '$.per') WHERE number IN"
            " (SELECT ask FROM log WHERE" SPAN "AND kind = 'ask.impact') AND impact IN"
            " (SELECT words FROM log WHERE" SPAN "AND kind = 'ask.impact')"
            " AND (SELECT author FROM words WHERE id = impact) = ?3",
            "iii", after, upto, person);
    sql_run(store,
            "UPDATE log SET data = json_remove(data, '$.metric', '$.unit', '$.per') WHERE" SPAN "AND kind IN ('ask.impact', 'ask.outcome')"
            " AND (SELECT author FROM words WHERE id = log.words) = ?3",
            "iii", after, upto, person);
    /* Nor does a link lead to where they said it. */
    sql_run(store,
            "UPDATE ask SET permalink = NULL WHERE permalink IS NOT NULL AND number IN"
            " (SELECT ask FROM log WHERE" SPAN "AND kind = 'ask.raised' AND (person = ?3 OR actor = ?3))",
            "iii", after, upto, person);
    sql_run(store,
            "UPDATE log SET data = json_remove(data, '$.permalink') WHERE" SPAN
            "AND kind = 'ask.raised' AND (person = ?3 OR actor = ?3)",
            "iii", after, upto, person);
    sql_run(store, "UPDATE words SET text = NULL, erased_at = ?4 WHERE author = ?3 AND text IS NOT NULL AND" WORDS_OF_SPAN,
            "iiii", after, upto, person, now);
    /* What was asked for them is theirs, too. */
    sql_run(store,
            "UPDATE words SET text = NULL, erased_at = ?4 WHERE text IS NOT NULL AND id IN"
            " (SELECT words FROM log WHERE" SPAN "AND kind = 'ask.raised' AND person = ?3)",
            "iiii", after, upto, person, now);
    g_autofree char *stand_in = g_strdup_printf("forgotten-%" G_GINT64_FORMAT, person);
    /* Where others named them. */
    sql_run(store,
            "UPDATE words SET text = replace(replace(text, char(17) || ?3 || char(30), char(17) || ?4 || char(30)),"
            " char(18) || ?3 || char(30), char(18) || ?4 || char(30)) WHERE instr(text, ?3 || char(30)) > 0 AND" WORDS_OF_SPAN,
            "iitt", after, upto, user, stand_in);
}

/* ---- what they worded for others ---- */

/* Units of metrics and a channel's own questions stand in the data of each entry that changes something beside them:
 * they are theirs who said them first. All are read in one pass, as many as there may be. */
#define METRICS                                                                                               \
    "(SELECT id, actor, coalesce(data ->> 'aim', id) AS metric, data ->> 'unit' AS unit FROM log"             \
    " WHERE ask IS NULL AND kind IN ('aim.added', 'metric.changed'))"
#define QUESTIONS                                                                                             \
    "(SELECT id, actor, channel, data ->> ('$.words.' || ?2) AS said FROM log WHERE ask IS NULL AND kind = 'channel.questions')"
#define SAID_FIRST(entries, what, where)                                                                      \
    "(SELECT id FROM (SELECT id, first_value(actor) OVER (PARTITION BY " what " ORDER BY id) AS first FROM "  \
    entries " WHERE " where ") WHERE first = ?1)"

static bool changed(struct store *store, bool done)
{
    return done && sqlite3_changes(store->db) > 0;
}

static void erase_settled(struct store *store, int64_t person)
{
    static const char *const kinds[] = {"why", "impact", "evidence", "deadline"};
    bool erased = sql_number(store, "SELECT EXISTS (SELECT 1 FROM " METRICS " WHERE actor = ?1)", "i", person) != 0 &&
                  changed(store, sql_run(store,
                                         "UPDATE log SET data = json_remove(data, '$.unit') WHERE id IN"
                                         SAID_FIRST(METRICS, "metric, unit", "unit IS NOT NULL"),
                                         "i", person));
    if (erased)
        sql_run(store,
                "UPDATE aim SET unit = last.unit FROM (SELECT metric, unit, max(id) FROM " METRICS " GROUP BY metric) AS last"
                " WHERE aim.id = last.metric AND aim.unit IS NOT NULL AND aim.unit IS NOT last.unit", "");
    erased = false;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        erased |= changed(store, sql_run(store,
                                         "UPDATE log SET data = json_remove(data, '$.words.' || ?2) WHERE id IN"
                                         SAID_FIRST(QUESTIONS, "channel, said", "said IS NOT NULL"),
                                         "it", person, kinds[i]));
    if (erased)
        sql_run(store,
                "UPDATE channel_setting SET questions = last.data FROM (SELECT channel, data, max(id) FROM log"
                " WHERE ask IS NULL AND kind = 'channel.questions' GROUP BY channel) AS last"
                " WHERE last.channel = channel_setting.channel AND questions IS NOT NULL", "");
    if (erased && store->channels != NULL)
        known_forget_all(store);
}

/* Which of the chat's messages were theirs. */
static bool erase_heard(struct store *store, int64_t person)
{
    /* Those up to the first that stays; the last of them together. */
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT channel, message FROM heard WHERE person = ?1 ORDER BY channel, message LIMIT 1 OFFSET ?2",
                                  "id", person, (int)HEARD_A_STEP);
    if (!sql_step(store, row))
        return changed(store, sql_run(store, "DELETE FROM heard WHERE person = ?1", "i", person));
    int64_t channel = sqlite3_column_int64(row, 0);
    g_autofree char *message = sql_column(row, 1);
    sql_end(row);
    return changed(store, sql_run(store, "DELETE FROM heard WHERE person = ?1 AND (channel, message) <= (?2, ?3)", "iit", person,
                                  channel, message));
}

static void collect_asks(struct store *store, int64_t person, int64_t after, int64_t upto, GArray *asks)
{
    g_autofree char *stand_in = g_strdup_printf("forgotten-%" G_GINT64_FORMAT "\x1e", person);
    collect(store,
            sql_query(store,
                      "SELECT DISTINCT ask FROM log LEFT JOIN words w ON w.id = words WHERE log.id > ?1 AND log.id <= ?2"
                      " AND ask IS NOT NULL AND (actor = ?3 OR person = ?3 OR w.author = ?3 OR instr(w.text, ?4) > 0)",
                      "iiit", after, upto, person, stand_in),
            asks);
}

bool store_forget_step(struct store *store, int64_t now, struct forgotten *forgotten)
{
    begin(forgotten);
    sqlite3_stmt *row = sql_query(store, "SELECT person, user, handled, upto FROM forgetting LIMIT 1", "");
    if (!sql_step(store, row))
        return false;
    int64_t person = sqlite3_column_int64(row, 0), handled = sqlite3_column_int64(row, 2),
            upto = sqlite3_column_int64(row, 3);
    g_autofree char *user = sql_column(row, 1);
    sql_end(row);
    if (erase_heard(store, person))
        return true;
    collect(store, sql_query(store, "SELECT post FROM quoted WHERE person = ?1 LIMIT ?2", "id", person, (int)POSTS_A_STEP),
            forgotten->posts);
    for (guint i = 0; i < forgotten->posts->len; i++)
        sql_run(store, "DELETE FROM quoted WHERE person = ?1 AND post = ?2", "ii", person,
                g_array_index(forgotten->posts, int64_t, i));
    int64_t end = MIN(upto, handled + ENTRIES_A_STEP);
    if (handled == 0)
        erase_settled(store, person);
    if (end > handled) {
        erase_span(store, person, user, handled, end, now);
        collect_asks(store, person, handled, end, forgotten->asks);
        for (guint i = 0; i < forgotten->asks->len; i++)
            search_note(store, g_array_index(forgotten->asks, int64_t, i), false);
        search_erased(store);
        sql_run(store, "UPDATE forgetting SET handled = ?2 WHERE person = ?1", "ii", person, end);
    } else if (forgotten->posts->len == 0) {
        sql_run(store, "DELETE FROM forgetting WHERE person = ?1", "i", person);
    }
    return true;
}

/* ---- posts that quote them ---- */

void store_note_quoted(struct store *store, int64_t post, int64_t person)
{
    sql_run(store, "INSERT OR IGNORE INTO quoted (person, post) VALUES (?1, ?2)", "ii", person, post);
}

bool store_replace_content(struct store *store, int64_t post, const char *content)
{
    return sql_run(store, "UPDATE outbox SET content = ?2 WHERE post = ?1 AND content IS NOT NULL", "it", post, content) &&
           sqlite3_changes(store->db) > 0;
}
