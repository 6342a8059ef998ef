#include "store/voices.h"

#include "store/sql.h"

static void voice_done(struct voice *voice)
{
    g_free(voice->words);
}

GArray *store_voices(struct store *store, int64_t ask)
{
    GArray *voices = g_array_new(FALSE, TRUE, sizeof(struct voice));
    g_array_set_clear_func(voices, (GDestroyNotify)voice_done);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT v.person, v.at, CASE WHEN v.words IS NOT NULL THEN coalesce(w.text, '') END, v.words, v.said_by"
                                  " FROM voice v LEFT JOIN words w ON w.id = v.words WHERE v.ask = ?1 ORDER BY v.at, v.person",
                                  "i", ask);
    while (sql_step(store, row)) {
        struct voice voice = {.person = sqlite3_column_int64(row, 0),
                              .at = sqlite3_column_int64(row, 1),
                              .words = sql_column(row, 2),
                              .words_id = sqlite3_column_int64(row, 3),
                              .said_by = sqlite3_column_int64(row, 4)};
        g_array_append_val(voices, voice);
    }
    return voices;
}

char *store_voice_words(struct store *store, int64_t ask, int64_t person)
{
    return sql_text(store,
                    "SELECT w.text FROM voice v JOIN words w ON w.id = v.words WHERE v.ask = ?1 AND v.person = ?2", "ii",
                    ask, person);
}

bool store_has_voice(struct store *store, int64_t ask, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM voice WHERE ask = ?1 AND person = ?2", "ii", ask, person) > 0;
}

bool store_has_own_voice(struct store *store, int64_t ask, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM voice WHERE ask = ?1 AND person = ?2 AND said_by IS NULL", "ii", ask,
                      person) > 0;
}
