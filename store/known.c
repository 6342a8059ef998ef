/* The writer's copies of the people and channels it met last: one event looks them up a dozen times. SQLite itself
 * says which rows change, so no copy outlives what it shows. */
#include "store/sql.h"

#include <string.h>

enum { KNOWN_MAX = 2048 };

static char *share(char *text)
{
    return text != NULL ? g_ref_string_acquire(text) : NULL;
}

static void drop(char *text)
{
    if (text != NULL)
        g_ref_string_release(text);
}

static void person_share(struct person *to, const struct person *from)
{
    *to = *from;
    char *const shared[] = {to->user, to->name, to->handle,   to->zone,    to->locale,
                            to->dm,   to->function, to->language};
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        share(shared[i]);
}

void person_done(struct person *person)
{
    char *const shared[] = {person->user, person->name, person->handle,   person->zone,    person->locale,
                            person->dm,   person->function, person->language};
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        drop(shared[i]);
    *person = (struct person){0};
}

static void channel_share(struct channel *to, const struct channel *from)
{
    *to = *from;
    char *const shared[] = {to->channel,  to->name, to->platform,  to->workspace, to->newest,
                            to->language, to->zone, to->questions, to->covers};
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        share(shared[i]);
}

void channel_done(struct channel *channel)
{
    char *const shared[] = {channel->channel,  channel->name, channel->platform,  channel->workspace, channel->newest,
                            channel->language, channel->zone, channel->questions, channel->covers};
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        drop(shared[i]);
    *channel = (struct channel){0};
}

static void person_free(void *person)
{
    person_done(person);
    g_free(person);
}

static void channel_free(void *channel)
{
    channel_done(channel);
    g_free(channel);
}

void known_forget_people(struct store *store)
{
    if (store->people != NULL)
        g_hash_table_remove_all(store->people);
}

void known_forget_all(struct store *store)
{
    g_hash_table_remove_all(store->people);
    g_hash_table_remove_all(store->channels);
    g_hash_table_remove_all(store->ids);
}

static void row_changed(void *data, int operation, const char *database, const char *table, sqlite3_int64 row)
{
    (void)operation, (void)database;
    struct store *store = data;
    int64_t id = row;
    if (table[0] == 'p' && (strcmp(table, "person") == 0 || strcmp(table, "person_setting") == 0))
        g_hash_table_remove(store->people, &id);
    else if (table[0] == 'c' && (strcmp(table, "channel") == 0 || strcmp(table, "channel_setting") == 0))
        g_hash_table_remove(store->channels, &id);
}

static void rolled_back(void *data)
{
    known_forget_all(data);
}

void known_begin(struct store *store)
{
    store->people = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, person_free);
    store->channels = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, channel_free);
    store->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_update_hook(store->db, row_changed, store);
    sqlite3_rollback_hook(store->db, rolled_back, store);
}

void known_end(struct store *store)
{
    g_clear_pointer(&store->people, g_hash_table_destroy);
    g_clear_pointer(&store->channels, g_hash_table_destroy);
    g_clear_pointer(&store->ids, g_hash_table_destroy);
}

/* A full table is emptied: who is talking now is soon in it again. */
static void keep(GHashTable *table, void *value, const int64_t *id)
{
    if (g_hash_table_size(table) >= KNOWN_MAX)
        g_hash_table_remove_all(table);
    g_hash_table_replace(table, (void *)id, value);
}

bool known_person(struct store *store, int64_t id, struct person *person)
{
    const struct person *known = store->people != NULL ? g_hash_table_lookup(store->people, &id) : NULL;
    if (known != NULL)
        person_share(person, known);
    return known != NULL;
}

void known_add_person(struct store *store, const struct person *person)
{
    if (store->people == NULL)
        return;
    struct person *copy = g_new(struct person, 1);
    person_share(copy, person);
    keep(store->people, copy, &copy->id);
}

bool known_channel(struct store *store, int64_t id, struct channel *channel)
{
    const struct channel *known = store->channels != NULL ? g_hash_table_lookup(store->channels, &id) : NULL;
    if (known != NULL)
        channel_share(channel, known);
    return known != NULL;
}

void known_add_channel(struct store *store, const struct channel *channel)
{
    if (store->channels == NULL)
        return;
    struct channel *copy = g_new(struct channel, 1);
    channel_share(copy, channel);
    keep(store->channels, copy, &copy->id);
}

/* Rows keep their ids, and are not deleted: only a rollback takes one back. */
int64_t known_id(struct store *store, const char *table, const char *literal, const char *platform, const char *id)
{
    if (store->ids == NULL || platform == NULL || id == NULL || store->failure != NULL)
        return sql_number(store, literal, "tt", platform, id);
    g_autofree char *key = g_strconcat(table, " ", platform, " ", id, NULL);
    const int64_t *known = g_hash_table_lookup(store->ids, key);
    int64_t found = known != NULL ? *known : sql_number(store, literal, "tt", platform, id);
    if (known == NULL && found != 0) {
        if (g_hash_table_size(store->ids) >= 2 * KNOWN_MAX)
            g_hash_table_remove_all(store->ids);
        g_hash_table_insert(store->ids, g_steal_pointer(&key), g_memdup2(&found, sizeof found));
    }
    return found;
}
