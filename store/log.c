#include "store/log.h"

#include "bot/base/json.h"
#include "store/sql.h"

int64_t store_append(struct store *store, struct log_entry *entry)
{
    g_autoptr(cJSON) data = g_steal_pointer(&entry->data);
    g_autofree char *text = data != NULL ? json_text(data) : NULL;
    if (entry->words != NULL) {
        int64_t author = entry->words_author != 0 ? entry->words_author : entry->actor;
        sql_run(store, "INSERT INTO words (author, text) VALUES (?1, ?2)", "It", author, entry->words);
        entry->words_id = sqlite3_last_insert_rowid(store->db);
    }
    sql_run(store,
            "INSERT INTO log (at, kind, actor, ask, channel, person, words, state, data)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            "itIIIIItt", entry->at, entry->kind, entry->actor, entry->ask, entry->channel, entry->person,
            entry->words_id, entry->state, text);
    int64_t id = sqlite3_last_insert_rowid(store->db);
    if (store->failure == NULL)
        store_apply(store, id, entry, data);
    return store->failure == NULL ? id : 0;
}
