#include "store/revisions.h"

#include "store/sql.h"

/* Those of one subject stand side by side in the inbox's index. */
static char *key_of(const char *subject, const char *revision)
{
    return g_strdup_printf("of:%s:%s", subject, revision);
}

void store_note_revision(struct store *store, const char *subject, const char *revision, int64_t now)
{
    g_autofree char *key = key_of(subject, revision);
    store_inbox_add(store, key, now);
}

bool store_has_newer(struct store *store, const char *subject, const char *revision)
{
    g_autofree char *key = key_of(subject, revision);
    g_autofree char *end = key_of(subject, "\x7f");
    return sql_number(store, "SELECT EXISTS (SELECT 1 FROM inbox WHERE key > ?1 AND key < ?2)", "tt", key, end) != 0;
}
