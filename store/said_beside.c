#include "store/said_beside.h"

#include "store/sql.h"

static void said_done(struct said_beside *said)
{
    g_free(said->kind);
    g_free(said->words);
}

GArray *store_said_beside(struct store *store, int64_t ask)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct said_beside));
    g_array_set_clear_func(all, (GDestroyNotify)said_done);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT s.kind, s.person, s.whom, w.text FROM said_beside s JOIN words w ON w.id = s.words"
                                  " WHERE s.ask = ?1 AND w.text IS NOT NULL ORDER BY w.id",
                                  "i", ask);
    while (sql_step(store, row)) {
        struct said_beside said = {.kind = sql_column(row, 0),
                                   .person = sqlite3_column_int64(row, 1),
                                   .whom = sqlite3_column_int64(row, 2),
                                   .words = sql_column(row, 3)};
        g_array_append_val(all, said);
    }
    return all;
}

char *store_beside_words(struct store *store, int64_t ask, const char *kind, int64_t person)
{
    return sql_text(store,
                    "SELECT w.text FROM said_beside s JOIN words w ON w.id = s.words"
                    " WHERE s.ask = ?1 AND s.kind = ?2 AND s.person = ?3",
                    "iti", ask, kind, person);
}
