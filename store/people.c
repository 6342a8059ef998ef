#include "store/sql.h"


enum { LATEST_ASKS = 20 }; /* of a person: one of them is in a channel askwhy is still in */

static void clear_text(void *text)
{
    g_free(*(char **)text);
}

int64_t store_find_person(struct store *store, const char *platform, const char *user)
{
    return known_id(store, "person", "SELECT id FROM person WHERE platform = ?1 AND user = ?2", platform, user);
}

int64_t store_person(struct store *store, const char *platform, const char *workspace, const char *user,
                     const char *name_hint)
{
    int64_t id = store_find_person(store, platform, user);
    if (id != 0 || store->failure != NULL)
        return id;
    sql_run(store, "INSERT INTO person (platform, workspace, user, name) VALUES (?1, ?2, ?3, ?4)", "tttt", platform,
            workspace != NULL ? workspace : "", user, name_hint);
    return store->failure == NULL ? sqlite3_last_insert_rowid(store->db) : 0;
}

bool store_get_person(struct store *store, int64_t id, struct person *person)
{
    *person = (struct person){0};
    if (store->failure == NULL && known_person(store, id, person))
        return true;
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT p.user, coalesce(p.name, p.user), coalesce(p.zone, 'UTC'), p.locale, p.dm,"
                                  " (SELECT function FROM person_function WHERE person = p.id), s.language, p.bot, p.guest, p.deleted, coalesce(s.reminders, 1),"
                                  " coalesce(s.function_asked, 0), p.refreshed_at, p.handle, p.admin, p.forgotten, s.function IS NOT NULL"
                                  " FROM person p LEFT JOIN person_setting s ON s.person = p.id WHERE p.id = ?1",
                                  "i", id);
    if (!sql_step(store, row))
        return false;
    *person = (struct person){
        .id = id,
        .user = sql_shared(row, 0),
        .name = sql_shared(row, 1),
        .zone = sql_shared(row, 2),
        .locale = sql_shared(row, 3),
        .dm = sql_shared(row, 4),
        .function = sql_shared(row, 5),
        .language = sql_shared(row, 6),
        .bot = sqlite3_column_int(row, 7) != 0,
        .guest = sqlite3_column_int(row, 8) != 0,
        .deleted = sqlite3_column_int(row, 9) != 0,
        .reminders = sqlite3_column_int(row, 10) != 0,
        .function_asked = sqlite3_column_int(row, 11) != 0,
        .refreshed_at = sqlite3_column_int64(row, 12),
        .handle = sql_shared(row, 13),
        .admin = sqlite3_column_int(row, 14) != 0,
        .forgotten = sqlite3_column_int(row, 15) != 0,
        .function_said = sqlite3_column_int(row, 16) != 0,
    };
    sql_end(row);
    known_add_person(store, person);
    return true;
}

void store_set_profile(struct store *store, int64_t id, const struct profile *profile, int64_t now)
{
    sql_run(store,
            "UPDATE person SET name = coalesce(?2, name), zone = coalesce(?3, zone), locale = coalesce(?4, locale),"
            " bot = ?5, guest = ?6, deleted = ?7, refreshed_at = ?8, handle = coalesce(?9, handle), admin = ?10 WHERE id = ?1",
            "itttddditd", id, profile->name, profile->zone, profile->locale, profile->bot, profile->guest,
            profile->deleted, now, profile->handle, profile->admin);
}

void store_set_dm(struct store *store, int64_t id, const char *dm)
{
    sql_run(store, "UPDATE person SET dm = ?2 WHERE id = ?1", "it", id, dm);
}

int64_t store_find_channel(struct store *store, const char *platform, const char *channel)
{
    return known_id(store, "channel", "SELECT id FROM channel WHERE platform = ?1 AND channel = ?2", platform, channel);
}

int64_t store_find_channel_named(struct store *store, const char *platform, const char *workspace, const char *name)
{
    return sql_number(store,
                      "SELECT id FROM channel WHERE platform = ?1 AND name = ?2 AND (?3 IS NULL OR workspace = ?3)"
                      " ORDER BY id LIMIT 1",
                      "ttt", platform, name, workspace);
}

int64_t store_channel(struct store *store, const char *platform, const char *workspace, const char *channel,
                      const char *name_hint, enum channel_kind kind)
{
    int64_t id = store_find_channel(store, platform, channel);
    if (id != 0 || store->failure != NULL)
        return id;
    sql_run(store,
            "INSERT INTO channel (platform, workspace, channel, name, kind, member) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            "ttttdd", platform, workspace != NULL ? workspace : "", channel, name_hint, (int)kind,
            kind == CHANNEL_DIRECT);
    return store->failure == NULL ? sqlite3_last_insert_rowid(store->db) : 0;
}

bool store_get_channel(struct store *store, int64_t id, struct channel *channel)
{
    *channel = (struct channel){0};
    if (store->failure == NULL && known_channel(store, id, channel))
        return true;
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT c.channel, coalesce(c.name, c.channel), c.platform, c.workspace, c.newest,"
                                  " c.kind, c.member, c.refreshed_at, s.owner, s.decider, coalesce(s.language, 'en'),"
                                  " coalesce(s.digest, 0), coalesce(s.introduced, 0), coalesce(s.day, 1),"
                                  " coalesce(s.minutes, 540), s.zone, s.covers, s.digest_at, s.questions"
                                  " FROM channel c LEFT JOIN channel_setting s ON s.channel = c.id WHERE c.id = ?1",
                                  "i", id);
    if (!sql_step(store, row))
        return false;
    *channel = (struct channel){
        .id = id,
        .channel = sql_shared(row, 0),
        .name = sql_shared(row, 1),
        .platform = sql_shared(row, 2),
        .workspace = sql_shared(row, 3),
        .newest = sql_shared(row, 4),
        .kind = (enum channel_kind)sqlite3_column_int(row, 5),
        .member = sqlite3_column_int(row, 6) != 0,
        .refreshed_at = sqlite3_column_int64(row, 7),
        .owner = sqlite3_column_int64(row, 8),
        .decider = sqlite3_column_int64(row, 9),
        .language = sql_shared(row, 10),
        .digest = sqlite3_column_int(row, 11) != 0,
        .introduced = sqlite3_column_int(row, 12) != 0,
        .day = sqlite3_column_int(row, 13),
        .minutes = sqlite3_column_int(row, 14),
        .zone = sql_shared(row, 15),
        .covers = sql_shared(row, 16),
        .digest_at = sqlite3_column_int64(row, 17),
        .questions = sql_shared(row, 18),
    };
    sql_end(row);
    known_add_channel(store, channel);
    return true;
}

void store_set_channel(struct store *store, int64_t id, const char *name, enum channel_kind kind, int64_t now)
{
    sql_run(store,
            "UPDATE channel SET name = coalesce(?2, name), kind = CASE ?3 WHEN 0 THEN kind ELSE ?3 END,"
            " refreshed_at = ?4 WHERE id = ?1",
            "itdi", id, name, (int)kind, now);
}

void store_set_workspace(struct store *store, int64_t id, const char *workspace)
{
    sql_run(store, "UPDATE channel SET workspace = ?2 WHERE id = ?1 AND workspace <> ?2", "it", id, workspace);
}

void store_set_member(struct store *store, int64_t id, bool member)
{
    sql_run(store, "UPDATE channel SET member = ?2 WHERE id = ?1", "id", id, member);
}

void store_set_newest(struct store *store, int64_t channel, const char *message)
{
    sql_run(store, "UPDATE channel SET newest = ?2 WHERE id = ?1 AND newest < ?2", "it", channel, message);
}

char *store_platform_of(struct store *store, int64_t person)
{
    return sql_text(store, "SELECT platform FROM person WHERE id = ?1", "i", person);
}

int64_t store_usual_channel(struct store *store, int64_t person)
{
    /* Neither one they left nor a private one in which they were only named. */
    int64_t last = sql_number(store,
                              "SELECT a.channel FROM"
                              " (SELECT * FROM (SELECT number, channel FROM ask WHERE asker = ?1 AND open = 1"
                              " ORDER BY number DESC LIMIT ?2)"
                              " UNION ALL SELECT * FROM (SELECT number, channel FROM ask WHERE asker = ?1 AND open = 0"
                              " ORDER BY number DESC LIMIT ?2)) a"
                              " JOIN channel c ON c.id = a.channel WHERE c.member = 1 AND coalesce((SELECT p.gone FROM presence p"
                              " WHERE p.channel = c.id AND p.person = ?1), c.kind <> 1) = 0 ORDER BY a.number DESC LIMIT 1",
                              "id", person, LATEST_ASKS);
    if (last != 0)
        return last;
    return sql_number(store,
                      "SELECT min(id) FROM (SELECT id FROM channel WHERE member = 1 AND kind = 1"
                      " AND platform = (SELECT platform FROM person WHERE id = ?1)"
                      " AND workspace IN (SELECT workspace FROM belonging WHERE person = ?1) LIMIT 2) HAVING count(*) = 1",
                      "i", person);
}

GArray *store_awaited_profiles(struct store *store, const char *platform)
{
    GArray *users = g_array_new(FALSE, FALSE, sizeof(char *));
    g_array_set_clear_func(users, clear_text);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT DISTINCT p.user FROM channel_setting s JOIN channel c ON c.id = s.channel"
                                  " JOIN person p ON p.id = s.owner"
                                  " WHERE s.introduced = 0 AND c.member = 1 AND p.refreshed_at = 0 AND p.platform = ?1",
                                  "t", platform);
    while (sql_step(store, row)) {
        char *user = sql_column(row, 0);
        g_array_append_val(users, user);
    }
    return users;
}

int64_t store_pending_introduction(struct store *store, int64_t person)
{
    return sql_number(store,
                      "SELECT s.channel FROM channel_setting s JOIN channel c ON c.id = s.channel"
                      " WHERE s.owner = ?1 AND s.introduced = 0 AND c.member = 1 LIMIT 1",
                      "i", person);
}

GArray *store_member_channels(struct store *store, const char *platform)
{
    GArray *channels = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT id FROM channel WHERE platform = ?1 AND member = 1 AND kind <> ?2"
                                  " ORDER BY coalesce(name, channel)",
                                  "td", platform, (int)CHANNEL_DIRECT);
    while (sql_step(store, row)) {
        int64_t id = sqlite3_column_int64(row, 0);
        g_array_append_val(channels, id);
    }
    return channels;
}

int64_t store_find_person_called(struct store *store, const char *platform, const char *called)
{
    int64_t found = 0;
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT id FROM person WHERE platform = ?1 AND bot = 0 AND (user = ?2"
                                  " OR name = ?2 COLLATE NOCASE OR handle = ?2 COLLATE NOCASE) LIMIT 2",
                                  "tt", platform, called);
    while (sql_step(store, row))
        found = found == 0 ? sqlite3_column_int64(row, 0) : -1;
    return found;
}
