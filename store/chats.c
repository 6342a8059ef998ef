/* What belongs to a chat as a whole. */
#include "store/sql.h"

#include <openssl/rand.h>

enum { KEY_BYTES = 32 };

char *store_position(struct store *store, const char *platform)
{
    return sql_text(store, "SELECT position FROM chat WHERE platform = ?1", "t", platform);
}

void store_set_position(struct store *store, const char *platform, const char *position)
{
    sql_run(store,
            "INSERT INTO chat (platform, position) VALUES (?1, ?2)"
            " ON CONFLICT (platform) DO UPDATE SET position = excluded.position WHERE position <> excluded.position",
            "tt", platform, position);
}

static char *new_key(void)
{
    unsigned char bytes[KEY_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return NULL;
    GString *key = g_string_sized_new(2 * KEY_BYTES);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(key, "%02x", bytes[i]);
    return g_string_free(key, FALSE);
}

char *store_signing_key(struct store *store)
{
    char *key = sql_text(store, "SELECT key FROM signing", "");
    if (key != NULL || store->failure != NULL)
        return key;
    key = new_key();
    bool kept = key != NULL && store_begin(store) && sql_run(store, "INSERT INTO signing (key) VALUES (?1)", "t", key) &&
                store_commit(store);
    if (!kept)
        g_clear_pointer(&key, g_free);
    return key;
}
