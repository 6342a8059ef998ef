#include "store/groups.h"

#include "store/sql.h"

void group_function_done(struct group_function *group)
{
    g_free(group->called);
    g_free(group->name);
    g_free(group->function);
    *group = (struct group_function){0};
}

static void clear_group(void *group)
{
    group_function_done(group);
}

static struct group_function read_group(sqlite3_stmt *row)
{
    return (struct group_function){
        .id = sqlite3_column_int64(row, 0),
        .called = sql_column(row, 1),
        .name = sql_column(row, 2),
        .function = sql_column(row, 3),
        .channel = sqlite3_column_int64(row, 4),
        .person = sqlite3_column_int64(row, 5),
        .known = sqlite3_column_int(row, 6) != 0,
    };
}

#define GROUP "SELECT id, called, name, function, channel, person, known FROM group_function"

static bool take_first(struct store *store, sqlite3_stmt *row, struct group_function *group)
{
    *group = (struct group_function){0};
    if (!sql_step(store, row))
        return false;
    *group = read_group(row);
    sql_end(row);
    return true;
}

bool store_find_group(struct store *store, const char *platform, const char *called, struct group_function *group)
{
    sqlite3_stmt *row = sql_query(store, GROUP " WHERE platform = ?1 AND (called = ?2 OR name = ?2)"
                                  " ORDER BY called = ?2 DESC, id LIMIT 1", "tt", platform, called);
    return take_first(store, row, group);
}

GArray *store_groups(struct store *store, const char *platform)
{
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct group_function));
    g_array_set_clear_func(groups, clear_group);
    sqlite3_stmt *row = sql_query(store, GROUP " WHERE platform = ?1 ORDER BY id", "t", platform);
    while (sql_step(store, row)) {
        struct group_function group = read_group(row);
        g_array_append_val(groups, group);
    }
    return groups;
}

bool store_group_of(struct store *store, int64_t person, struct group_function *group)
{
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT g.id, g.called, g.name, g.function, g.channel, g.person, g.known FROM in_group i"
                                  " JOIN person p ON p.id = i.person JOIN group_function g ON g.platform = p.platform"
                                  " AND g.called = i.called WHERE i.person = ?1 AND g.known = 1 AND NOT EXISTS"
                                  " (SELECT 1 FROM person_setting s WHERE s.person = ?1 AND s.function IS NOT NULL)"
                                  " ORDER BY g.id LIMIT 1",
                                  "i", person);
    return take_first(store, row, group);
}

/* Copies of people hold their functions. */
static void in_group_changed(struct store *store, int64_t person)
{
    if (store->people != NULL)
        g_hash_table_remove(store->people, &person);
}

void store_set_groups(struct store *store, int64_t person, char **groups)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *row = sql_query(store, "SELECT called FROM in_group WHERE person = ?1", "i", person);
    while (sql_step(store, row)) {
        g_autofree char *called = sql_column(row, 0);
        if (!g_strv_contains((const char *const *)groups, called))
            g_ptr_array_add(gone, g_steal_pointer(&called));
    }
    for (guint i = 0; i < gone->len; i++)
        sql_run(store, "DELETE FROM in_group WHERE person = ?1 AND called = ?2", "it", person, gone->pdata[i]);
    for (char **group = groups; *group != NULL; group++)
        sql_run(store, "INSERT OR IGNORE INTO in_group (person, called) VALUES (?1, ?2)", "it", person, *group);
    in_group_changed(store, person);
}

void store_set_members(struct store *store, const char *platform, const char *group, char **members, GArray *changed)
{
    g_autoptr(GHashTable) now = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (char **member = members; *member != NULL; member++) {
        int64_t person = store_find_person(store, platform, *member);
        if (person != 0)
            g_hash_table_add(now, g_memdup2(&person, sizeof person));
    }
    guint first = changed->len;
    g_autoptr(GArray) were = store_members(store, platform, group, -1);
    for (guint i = 0; i < were->len; i++) {
        const int64_t *person = &g_array_index(were, int64_t, i);
        if (g_hash_table_remove(now, person))
            continue;
        sql_run(store, "DELETE FROM in_group WHERE person = ?1 AND called = ?2", "it", *person, group);
        g_array_append_vals(changed, person, 1);
    }
    GHashTableIter at;
    void *came = NULL;
    g_hash_table_iter_init(&at, now);
    while (g_hash_table_iter_next(&at, &came, NULL)) {
        sql_run(store, "INSERT OR IGNORE INTO in_group (person, called) VALUES (?1, ?2)", "it", *(int64_t *)came, group);
        g_array_append_vals(changed, came, 1);
    }
    for (guint i = first; i < changed->len; i++)
        in_group_changed(store, g_array_index(changed, int64_t, i));
}

int64_t store_count_members(struct store *store, const char *platform, const char *group)
{
    return sql_number(store,
                      "SELECT count(*) FROM in_group i JOIN person p ON p.id = i.person WHERE i.called = ?2"
                      " AND p.platform = ?1 AND p.deleted = 0",
                      "tt", platform, group);
}

GArray *store_members(struct store *store, const char *platform, const char *group, int limit)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT i.person FROM in_group i JOIN person p ON p.id = i.person WHERE i.called = ?2"
                                  " AND p.platform = ?1 ORDER BY i.person LIMIT ?3",
                                  "ttd", platform, group, limit);
    while (sql_step(store, row)) {
        int64_t person = sqlite3_column_int64(row, 0);
        g_array_append_val(members, person);
    }
    return members;
}
