#include "store/details.h"

#include "store/sql.h"

#define SAID(column) " CASE WHEN d." column " IS NOT NULL THEN coalesce((SELECT text FROM words WHERE id = d." column "), '') END,"

void ask_details_done(struct ask_details *details)
{
    char *const owned[] = {details->options, details->reopen_if, details->not_quite, details->fixed,
                           details->open,    details->smallest,  details->cost,      details->talk};
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    *details = (struct ask_details){0};
}

void store_get_details(struct store *store, const struct ask *ask, struct ask_details *details)
{
    *details = (struct ask_details){0};
    sqlite3_stmt *row = sql_query(
        store,
        "SELECT" SAID("options") SAID("reopen_if") SAID("not_quite") SAID("fixed") SAID("open") SAID("smallest")
            SAID("cost") SAID("talk") " need_by, need_for, need_entry, cost_by, cost_for, cost_low, cost_high, talk_by,"
        " why_for, impact_for, evidence_by, evidence_for, urgent_due, urgent_late, why_confirmed, deadline_by FROM ask_detail d WHERE d.ask = ?1",
        "i", ask->number);
    if (!sql_step(store, row))
        return;
    *details = (struct ask_details){
        .options = sql_column(row, 0),
        .reopen_if = sql_column(row, 1),
        .not_quite = sql_column(row, 2),
        .fixed = sql_column(row, 3),
        .open = sql_column(row, 4),
        .smallest = sql_column(row, 5),
        .cost = sql_column(row, 6),
        .talk = sql_column(row, 7),
        .need_by = sqlite3_column_int64(row, 8),
        .need_for = sqlite3_column_int64(row, 9),
        .need_entry = sqlite3_column_int64(row, 10),
        .cost_by = sqlite3_column_int64(row, 11),
        .cost_for = sqlite3_column_int64(row, 12),
        .cost_low = sqlite3_column_int64(row, 13),
        .cost_high = sqlite3_column_int64(row, 14),
        .talk_by = sqlite3_column_int64(row, 15),
        .why_for = sqlite3_column_int64(row, 16),
        .impact_for = sqlite3_column_int64(row, 17),
        .evidence_by = sqlite3_column_int64(row, 18),
        .evidence_for = sqlite3_column_int64(row, 19),
        .urgent_due = sqlite3_column_int64(row, 20),
        .urgent_late = sqlite3_column_int(row, 21) != 0,
        .why_confirmed = sqlite3_column_int(row, 22) != 0,
        .deadline_by = sqlite3_column_int64(row, 23),
    };
    sql_end(row);
}

static void dissent_done(struct dissent *dissent)
{
    g_free(dissent->words);
}

GArray *store_dissents(struct store *store, const struct ask *ask)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct dissent));
    g_array_set_clear_func(all, (GDestroyNotify)dissent_done);
    sqlite3_stmt *row = sql_query(store,
                                  "SELECT d.person, d.at, coalesce(w.text, ''), d.commits FROM dissent d"
                                  " LEFT JOIN words w ON w.id = d.words WHERE d.ask = ?1 ORDER BY d.at, d.person",
                                  "i", ask->number);
    while (sql_step(store, row)) {
        struct dissent dissent = {.person = sqlite3_column_int64(row, 0),
                                  .at = sqlite3_column_int64(row, 1),
                                  .words = sql_column(row, 2),
                                  .commits = sqlite3_column_int(row, 3) != 0};
        g_array_append_val(all, dissent);
    }
    return all;
}

int store_count_dissents(struct store *store, const struct ask *ask)
{
    return (int)sql_number(store, "SELECT count(*) FROM dissent WHERE ask = ?1", "i", ask->number);
}

GArray *store_informed(struct store *store, int64_t ask)
{
    GArray *people = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *row = sql_query(store, "SELECT person FROM informed WHERE ask = ?1 ORDER BY person", "i", ask);
    while (sql_step(store, row)) {
        int64_t person = sqlite3_column_int64(row, 0);
        g_array_append_val(people, person);
    }
    return people;
}

int64_t store_due_urgent(struct store *store, int64_t now)
{
    return sql_number(store, "SELECT ask FROM ask_detail WHERE urgent_due <= ?1 ORDER BY urgent_due LIMIT 1", "i", now);
}
