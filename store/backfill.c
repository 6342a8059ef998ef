/* Where to read again after a gap. Each place is a call to the chat, made one after the other: so however many asks
 * there are, only so many threads. */
#include "store/sql.h"

#include "bot/chat/platform.h"

enum {
    RECENT_ENTRIES = 5000, /* of the log: what moved in the last days */
    WAITING_THREADS = 400, /* where somebody still owes an answer */
    RECENT_THREADS = 50,   /* of the others */
};

static void add_points(struct store *store, sqlite3_stmt *row, GArray *points)
{
    while (sql_step(store, row)) {
        struct backfill_point point = {sql_column(row, 0), sql_column(row, 1), sql_column(row, 2)};
        g_array_append_val(points, point);
    }
}

#define CARD                                                                                                  \
    " CROSS JOIN post p ON p.ask = a.number AND p.purpose = 'card' AND p.message IS NOT NULL"                 \
    " CROSS JOIN channel c ON c.id = p.channel"
#define LATELY                                                                                                \
    "SELECT DISTINCT ask AS number FROM log WHERE id > (SELECT max(id) FROM log) - ?2 AND ask IS NOT NULL"
#define WAITS "EXISTS (SELECT 1 FROM question q WHERE q.ask = a.number AND q.state = 'open')"

GArray *store_backfill_points(struct store *store, const char *platform)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(struct backfill_point));
    add_points(store,
               sql_query(store, "SELECT channel, NULL, newest FROM channel WHERE platform = ?1 AND member = 1 AND newest <> ''",
                         "t", platform),
               points);
    /* Threads where somebody still owes an answer, those that are being reminded of or moved lately: from their
     * beginning, for what was edited meanwhile. Whoever has kept silent longer is most likely silent still. */
    add_points(store,
               sql_query(store,
                         "SELECT c.channel, p.message, p.message FROM"
                         " (" LATELY " UNION SELECT * FROM"
                         " (SELECT ask FROM question WHERE remind_at IS NOT NULL ORDER BY remind_at DESC LIMIT ?3)) a" CARD
                         " WHERE c.platform = ?1 AND " WAITS " ORDER BY a.number DESC LIMIT ?3",
                         "tdd", platform, RECENT_ENTRIES, WAITING_THREADS),
               points);
    /* Threads of asks that moved lately: verbs are typed and answers edited there, too. */
    add_points(store,
               sql_query(store,
                         "SELECT c.channel, p.message, p.message FROM (" LATELY ") m CROSS JOIN ask a ON a.number = m.number" CARD
                         " WHERE c.platform = ?1 AND NOT " WAITS " ORDER BY a.state_at DESC LIMIT ?3",
                         "tdd", platform, RECENT_ENTRIES, RECENT_THREADS),
               points);
    return points;
}
