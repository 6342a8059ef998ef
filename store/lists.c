/* Lists of asks: filters, and the index each is walked by. */
#include "store/sql.h"

#include <string.h>

void ask_line_done(struct ask_line *line)
{
    g_free(line->state);
    g_free(line->title);
}

#define LIST(number, from, where)                                                                             \
    "SELECT " number " AS number FROM " from " CROSS JOIN channel c ON c.id = a.channel WHERE " where " AND" FITS " AND" MAY_SEE
#define NEWEST_FIRST " ORDER BY number DESC"

#define OPEN " AND a.open = 1"
#define URGENT " AND a.urgent_until IS NOT NULL AND a.open = 1" /* as the indexes of urgent asks have it */
#define CALM " AND (a.urgent_until IS NULL OR a.open = 0)"

/* Which asks a walk is over: each of these together with what the filter names. */
enum walk { WALK_ALL, WALK_OPEN, WALK_URGENT, WALK_CALM, WALK_OPEN_CALM, WALKS };

#define OF_ASKED(by, also)                                                                                    \
    LIST("mine.ask", "question mine" by " CROSS JOIN ask a ON a.number = mine.ask",                           \
         "mine.person = ?7 AND mine.state = 'open'" also) " ORDER BY mine.ask DESC"
static const char *const of_asked[WALKS] = {OF_ASKED("", ""), OF_ASKED("", OPEN),
                                            OF_ASKED(" INDEXED BY question_urgent", " AND mine.urgent = 1" URGENT),
                                            OF_ASKED("", CALM), OF_ASKED("", OPEN CALM)};

/* Three walks over indexes, woven together as far as they are read. */
#define OF_PERSON(by_asker, by_owner, by_raiser, also)                                                        \
    LIST("a.number", "ask a" by_asker, "a.asker = ?5" also)                                                   \
    " UNION " LIST("a.number", "ask a" by_owner, "a.owner = ?5" also)                                         \
    " UNION " LIST("a.number", "ask a" by_raiser, "a.raiser = ?5 AND a.raiser <> a.asker" also) NEWEST_FIRST
static const char *const of_person[WALKS] = {
    OF_PERSON("", "", "", ""), OF_PERSON("", "", "", OPEN),
    OF_PERSON(" INDEXED BY ask_urgent_asker", " INDEXED BY ask_urgent_owner", " INDEXED BY ask_urgent_raiser", URGENT),
    OF_PERSON("", "", "", CALM), OF_PERSON("", "", "", OPEN CALM)};

#define OF_GOAL(also)                                                                                         \
    LIST("o.ask", "ask_aim o CROSS JOIN ask a ON a.number = o.ask", "o.goal = ?11" also) " ORDER BY o.ask DESC"
static const char *const of_goal[WALKS] = {OF_GOAL(""), OF_GOAL(OPEN), OF_GOAL(URGENT), OF_GOAL(CALM), OF_GOAL(OPEN CALM)};

#define OF_OWNER(by, also) LIST("a.number", "ask a" by, "a.owner = ?6" also) NEWEST_FIRST
static const char *const of_owner[WALKS] = {OF_OWNER("", ""), OF_OWNER("", OPEN), OF_OWNER(" INDEXED BY ask_urgent_owner", URGENT),
                                            OF_OWNER("", CALM), OF_OWNER("", OPEN CALM)};

#define OF_ANY(by, also) LIST("a.number", "ask a" by, "1" also) NEWEST_FIRST
static const char *const of_any[WALKS] = {OF_ANY(" NOT INDEXED", ""), OF_ANY(" NOT INDEXED", OPEN),
                                          OF_ANY(" INDEXED BY ask_urgent", URGENT), OF_ANY(" NOT INDEXED", CALM),
                                          OF_ANY(" NOT INDEXED", OPEN CALM)};

/* Where the walk begins: the narrowest that the filter names. */
static const char *list_query(const struct ask_filter *filter, enum walk walk)
{
    return (filter->asked != 0    ? of_asked
            : filter->person != 0 ? of_person
            : filter->goal != 0   ? of_goal
            : filter->owner != 0  ? of_owner
                                  : of_any)[walk];
}

char *filter_states(const struct ask_filter *filter, bool open)
{
    if (g_strcmp0(filter->states[0], "all") == 0)
        return NULL;
    GString *states = g_string_new(",");
    for (gsize i = 0; i < G_N_ELEMENTS(filter->states) && filter->states[i] != NULL; i++)
        g_string_append_printf(states, "%s,", filter->states[i]);
    bool none = states->len == 1;
    for (gsize i = 0; none && open && store_open_states[i] != NULL; i++)
        g_string_append_printf(states, "%s,", store_open_states[i]);
    bool any = states->len == 1;
    char *text = g_string_free(states, any);
    return any ? NULL : text;
}

static bool are_open(const struct ask_filter *filter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(filter->states) && filter->states[i] != NULL; i++) {
        if (!store_state_is_open(filter->states[i]))
            return false;
    }
    return true;
}

GArray *ask_lines_of(struct store *store, GArray *numbers)
{
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(struct ask_line));
    g_array_set_clear_func(lines, (GDestroyNotify)ask_line_done);
    for (guint i = 0; i < numbers->len; i++) {
        sqlite3_stmt *row = sql_query(store,
                                      "SELECT a.number, a.channel, a.asker, a.owner, a.state, coalesce(t.text, ''), a.why_known,"
                                      " a.impact_known, a.raised_at, a.state_at, a.turn, a.turn_since, a.outcome_due, a.round_trips,"
                                      " a.urgent_until IS NOT NULL AND a.open = 1 FROM ask a LEFT JOIN words t ON t.id = a.title"
                                      " WHERE a.number = ?1",
                                      "i", g_array_index(numbers, int64_t, i));
        if (!sql_step(store, row))
            continue;
        struct ask_line line = {
            .number = sqlite3_column_int64(row, 0),
            .channel = sqlite3_column_int64(row, 1),
            .asker = sqlite3_column_int64(row, 2),
            .owner = sqlite3_column_int64(row, 3),
            .state = sql_column(row, 4),
            .title = sql_column(row, 5),
            .why_known = sqlite3_column_int(row, 6),
            .impact_known = sqlite3_column_int(row, 7),
            .raised_at = sqlite3_column_int64(row, 8),
            .state_at = sqlite3_column_int64(row, 9),
            .turn = sqlite3_column_int64(row, 10),
            .turn_since = sqlite3_column_int64(row, 11),
            .outcome_due = sqlite3_column_int64(row, 12),
            .round_trips = sqlite3_column_int(row, 13),
            .urgent = sqlite3_column_int(row, 14) != 0,
        };
        g_array_append_val(lines, line);
        sql_end(row);
    }
    return lines;
}

GArray *store_list(struct store *store, const struct viewer *viewer, const struct ask_filter *filter, int offset,
                   int limit, int64_t *total)
{
    g_autofree char *states = filter_states(filter, true);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const char *const walks[] = {list_query(filter, WALK_URGENT),
                                 list_query(filter, are_open(filter) ? WALK_OPEN_CALM : WALK_CALM)};
    *total = 0;
    bool full = false;
    for (gsize walk = 0; walk < G_N_ELEMENTS(walks) && !full; walk++) {
        sqlite3_stmt *row = sql_query(store, walks[walk], FITS_TYPES, viewer->person, viewer->place, viewer->guest,
                                      FITS_VALUES(filter, states));
        while (!full && sql_step(store, row)) {
            int64_t number = sqlite3_column_int64(row, 0);
            if (*total >= offset && *total < (int64_t)offset + limit)
                g_array_append_val(numbers, number);
            full = ++*total == filter->most;
            if (full)
                sql_end(row);
        }
    }
    return ask_lines_of(store, numbers);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

GArray *store_list_numbers(struct store *store, const struct viewer *viewer, const struct ask_filter *filter, int most)
{
    g_autofree char *states = filter_states(filter, false);
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store, list_query(filter, states != NULL && are_open(filter) ? WALK_OPEN : WALK_ALL), FITS_TYPES,
                                  viewer->person, viewer->place, viewer->guest, FITS_VALUES(filter, states));
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
        if ((int)numbers->len == most) {
            sql_end(row);
            break;
        }
    }
    g_array_sort(numbers, by_number);
    return numbers;
}

GArray *store_asks_since(struct store *store, const struct viewer *viewer, int64_t since)
{
    static const struct viewer nobody;
    const struct viewer *eyes = viewer != NULL ? viewer : &nobody;
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT a.number FROM ask a JOIN channel c ON c.id = a.channel WHERE (?4 OR (" MAY_SEE
                                  ")) AND (?5 = 0 OR a.number IN (SELECT ask FROM log WHERE at >= ?5)) ORDER BY a.number",
                                  "iiddi", eyes->person, eyes->place, (int)eyes->guest, (int)(viewer == NULL), since);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        g_array_append_val(numbers, number);
    }
    return numbers;
}
