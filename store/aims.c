#include "store/aims.h"

#include "store/sql.h"

#include <math.h>
#include <string.h>

void aim_done(struct aim *aim)
{
    g_free(aim->name);
    g_free(aim->unit);
    *aim = (struct aim){0};
}

#define AIM                                                                                                   \
    "SELECT m.id, m.channel, m.kind = 'metric', coalesce(w.text, ''), m.ended_at, m.unit, m.owner, m.baseline, m.target,"  \
    " m.value, m.value_at, w.author FROM aim m JOIN channel c ON c.id = m.channel LEFT JOIN words w ON w.id = m.name WHERE"

static double number_of(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN : sqlite3_column_double(row, column);
}

static struct aim aim_of(sqlite3_stmt *row)
{
    return (struct aim){
        .id = sqlite3_column_int64(row, 0),
        .channel = sqlite3_column_int64(row, 1),
        .metric = sqlite3_column_int(row, 2) != 0,
        .name = sql_column(row, 3),
        .ended_at = sqlite3_column_int64(row, 4),
        .unit = sql_column(row, 5),
        .owner = sqlite3_column_int64(row, 6),
        .baseline = number_of(row, 7),
        .target = number_of(row, 8),
        .value = number_of(row, 9),
        .value_at = sqlite3_column_int64(row, 10),
        .named_by = sqlite3_column_int64(row, 11),
    };
}

bool store_get_aim(struct store *store, const struct viewer *viewer, int64_t id, struct aim *aim)
{
    *aim = (struct aim){0};
    sqlite3_stmt *row = sql_query(store, AIM " m.id = ?4 AND" MAY_SEE_CHANNEL, "iidi", viewer->person, viewer->place,
                                  (int)viewer->guest, id);
    if (!sql_step(store, row))
        return false;
    *aim = aim_of(row);
    sql_end(row);
    return true;
}

GArray *store_aims(struct store *store, const struct viewer *viewer, bool metrics)
{
    GArray *aims = g_array_new(FALSE, TRUE, sizeof(struct aim));
    g_array_set_clear_func(aims, (GDestroyNotify)aim_done);
    /* Those of the place, then as many others as there is room for: guests see none of those. */
    static const char *const walks[] = {
        AIM " m.kind = ?4 AND m.channel = ?2 AND m.ended_at IS NULL AND" MAY_SEE_CHANNEL "ORDER BY m.id LIMIT ?5",
        AIM " ?3 = 0 AND m.kind = ?4 AND +m.channel <> ?2 AND m.ended_at IS NULL AND" MAY_SEE_CHANNEL "ORDER BY m.id LIMIT ?5"};
    for (gsize walk = 0; walk < G_N_ELEMENTS(walks); walk++) {
        sqlite3_stmt *row = sql_query(store, walks[walk], "iidtd", viewer->person, viewer->place, (int)viewer->guest,
                                      metrics ? "metric" : "goal", (int)STORE_AIMS_MOST - (int)aims->len);
        while (sql_step(store, row)) {
            struct aim aim = aim_of(row);
            g_array_append_val(aims, aim);
        }
    }
    return aims;
}

struct ask_aim store_ask_aim(struct store *store, int64_t ask)
{
    struct ask_aim aim = {0};
    sqlite3_stmt *row = sql_query(store, "SELECT goal, metric, direction, by_words FROM ask_aim WHERE ask = ?1", "i", ask);
    if (sql_step(store, row)) {
        const char *direction = (const char *)sqlite3_column_text(row, 2);
        aim = (struct ask_aim){
            .goal = sqlite3_column_int64(row, 0),
            .metric = sqlite3_column_int64(row, 1),
            .direction = g_strcmp0(direction, "up") == 0 ? "up" : g_strcmp0(direction, "down") == 0 ? "down" : NULL,
            .by_words = sqlite3_column_int(row, 3) != 0,
        };
        sql_end(row);
    }
    return aim;
}

GArray *store_opposed(struct store *store, const struct viewer *viewer, int64_t ask, int64_t metric, const char *direction,
                      int most)
{
    GArray *asks = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const char *other = g_strcmp0(direction, "up") == 0 ? "down" : g_strcmp0(direction, "down") == 0 ? "up" : NULL;
    if (other == NULL)
        return asks;
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT a.number FROM ask_aim o CROSS JOIN ask a ON a.number = o.ask"
                                  " CROSS JOIN channel c ON c.id = a.channel WHERE o.metric = ?4 AND o.direction = ?5"
                                  " AND a.open = 1 AND a.number <> ?6 AND" MAY_SEE " ORDER BY o.ask DESC LIMIT ?7",
                                  "iiditid", viewer->person, viewer->place, (int)viewer->guest, metric, other, ask, most);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(asks, number);
    }
    return asks;
}

GArray *store_metric_values(struct store *store, int64_t metric, int most)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(struct metric_value));
    sqlite3_stmt *row = sql_query(store, "SELECT value, at FROM metric_value WHERE metric = ?1 ORDER BY id DESC LIMIT ?2",
                                  "id", metric, most);
    while (sql_step(store, row)) {
        struct metric_value value = {sqlite3_column_double(row, 0), sqlite3_column_int64(row, 1)};
        g_array_append_val(values, value);
    }
    return values;
}
