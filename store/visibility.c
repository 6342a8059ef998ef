#include "store/sql.h"

/* Who may see an ask: the one place that says so.
 *
 *  - what is of one chat shows in no other, nor what is of one team (workspace) in another team's channels
 *    (OF_THEIR_TEAM): they have not the same members. Privately a person sees asks of the teams they are known
 *    in, where they were seen to act or come, and have not left since; and asks they take part in or are asked about;
 *  - where the ask lives, everybody may see it: whoever is there is a member;
 *  - an ask of a public channel may be seen everywhere else in its team, by all but guests;
 *  - an ask of a private channel shows nowhere else, except privately to a person
 *    whose ask it is (asker, raiser, owner, decider) while they are still in the channel.
 *
 * A channel whose kind is not known yet counts as private.
 */
static bool may_see(const struct viewer *viewer, int64_t channel, enum channel_kind kind, bool takes_part, bool gone)
{
    if (viewer->place != 0 && viewer->place == channel)
        return true;
    if (kind == CHANNEL_PUBLIC && (!viewer->guest || takes_part))
        return true;
    return viewer->place == 0 && takes_part && !gone;
}

static void may_see_sql(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct viewer viewer = {
        .person = sqlite3_value_int64(values[0]),
        .place = sqlite3_value_int64(values[1]),
        .guest = sqlite3_value_int(values[2]) != 0,
    };
    bool takes_part = false;
    for (int i = 5; i <= 8; i++)
        takes_part = takes_part || (viewer.person != 0 && sqlite3_value_int64(values[i]) == viewer.person);
    sqlite3_result_int(context, may_see(&viewer, sqlite3_value_int64(values[3]),
                                        (enum channel_kind)sqlite3_value_int(values[4]), takes_part,
                                        sqlite3_value_int(values[9]) != 0));
}

bool store_register_visibility(sqlite3 *db)
{
    return sqlite3_create_function(db, "may_see", 10, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                   may_see_sql, NULL, NULL) == SQLITE_OK;
}

void store_set_gone(struct store *store, int64_t channel, int64_t person, bool gone)
{
    sql_run(store,
            "INSERT INTO presence (channel, person, gone) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (channel, person) DO UPDATE SET gone = ?3 WHERE gone <> ?3",
            "iid", channel, person, gone);
}

bool store_is_here(struct store *store, int64_t channel, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM presence WHERE channel = ?1 AND person = ?2 AND gone = 0", "ii", channel,
                      person) > 0;
}

bool store_is_gone(struct store *store, int64_t channel, int64_t person)
{
    return sql_number(store, "SELECT count(*) FROM presence WHERE channel = ?1 AND person = ?2 AND gone = 1", "ii", channel,
                      person) > 0;
}

void store_note_belonging(struct store *store, int64_t person, const char *workspace)
{
    sql_run(store, "INSERT OR IGNORE INTO belonging (person, workspace) VALUES (?1, ?2)", "it", person, workspace);
}

void store_set_gone_everywhere(struct store *store, const char *platform, const char *workspace, int64_t person)
{
    sql_run(store,
            "INSERT INTO presence (channel, person, gone)"
            " SELECT id, ?3, 1 FROM channel WHERE platform = ?1 AND workspace = ?2 AND kind <> ?4"
            " ON CONFLICT (channel, person) DO UPDATE SET gone = 1 WHERE gone <> 1",
            "ttid", platform, workspace, person, (int)CHANNEL_DIRECT);
    sql_run(store, "DELETE FROM belonging WHERE person = ?1 AND workspace = ?2", "it", person, workspace);
}

void store_leave_workspace(struct store *store, const char *platform, const char *workspace)
{
    sql_run(store, "UPDATE channel SET member = 0 WHERE platform = ?1 AND workspace = ?2 AND kind <> ?3 AND member = 1",
            "ttd", platform, workspace, (int)CHANNEL_DIRECT);
}

void store_presume_gone(struct store *store, int64_t channel, int64_t person)
{
    sql_run(store, "INSERT OR IGNORE INTO presence (channel, person, gone) VALUES (?1, ?2, 1)", "ii", channel, person);
}

void store_presume_here(struct store *store, int64_t channel, int64_t person)
{
    sql_run(store, "INSERT OR IGNORE INTO presence (channel, person, gone) VALUES (?1, ?2, 0)", "ii", channel, person);
}

void store_presume_all_here(struct store *store, int64_t channel)
{
    sql_run(store,
            "INSERT OR IGNORE INTO presence (channel, person, gone)"
            " SELECT DISTINCT channel, actor, 0 FROM log WHERE channel = ?1 AND actor IS NOT NULL",
            "i", channel);
}
