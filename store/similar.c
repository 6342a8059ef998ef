/* Asks whose titles share telling terms with a text. */
#include "store/sql.h"

#include <math.h>

enum {
    TERMS_READ = 5,      /* the rarest: what everybody writes tells nothing */
    COMMON_MOST = 20000, /* a term in more asks than that is not looked up */
    ASKS_A_TERM = 400,   /* the newest that hold it */
    CANDIDATES = 40,
};

struct rare {
    const char *term;
    double weight;
    int64_t asks;
};

struct candidate {
    int64_t number;
    double weight;
};

static gint rarest_first(gconstpointer a, gconstpointer b)
{
    const struct rare *one = a, *other = b;
    return (one->asks > other->asks) - (one->asks < other->asks);
}

static gint heaviest_first(gconstpointer a, gconstpointer b)
{
    const struct candidate *one = a, *other = b;
    if (one->weight != other->weight)
        return one->weight < other->weight ? 1 : -1;
    return (one->number < other->number) - (one->number > other->number);
}

static GArray *weigh(struct store *store, const GPtrArray *terms, double *weights)
{
    GArray *rare = g_array_new(FALSE, FALSE, sizeof(struct rare));
    double all = (double)MAX(sql_number(store, "SELECT max(number) FROM ask", ""), 1);
    for (guint i = 0; i < terms->len; i++) {
        const char *term = g_ptr_array_index(terms, i);
        int64_t asks = sql_number(store, "SELECT doc FROM ask_term WHERE term = ?1", "t", term);
        weights[i] = log(1 + all / (double)MAX(asks, 1));
        struct rare one = {.term = term, .weight = weights[i], .asks = asks};
        if (asks > 0 && asks <= COMMON_MOST)
            g_array_append_val(rare, one);
    }
    g_array_sort(rare, rarest_first);
    g_array_set_size(rare, MIN(rare->len, TERMS_READ));
    return rare;
}

static void add_asks_with(struct store *store, const struct rare *rare, GHashTable *found)
{
    g_autofree char *match = g_strdup_printf("title : \"%s\"", rare->term); /* a term holds no quote */
    sqlite3_stmt *row = sql_query(store, "SELECT rowid FROM ask_text WHERE ask_text MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
                                  "td", match, ASKS_A_TERM);
    while (sql_step(store, row)) {
        int64_t number = sqlite3_column_int64(row, 0);
        struct candidate *candidate = g_hash_table_lookup(found, &number);
        if (candidate == NULL) {
            candidate = g_new0(struct candidate, 1);
            candidate->number = number;
            g_hash_table_insert(found, &candidate->number, candidate);
        }
        candidate->weight += rare->weight;
    }
}

GArray *store_similar(struct store *store, const struct viewer *viewer, const GPtrArray *terms, double *weights,
                      int64_t except)
{
    g_autoptr(GArray) rare = weigh(store, terms, weights);
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    for (guint i = 0; i < rare->len; i++)
        add_asks_with(store, &g_array_index(rare, struct rare, i), found);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    GHashTableIter iter;
    gpointer candidate;
    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, NULL, &candidate))
        g_array_append_vals(candidates, candidate, 1);
    g_array_sort(candidates, heaviest_first);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < candidates->len && numbers->len < CANDIDATES; i++) {
        int64_t number = g_array_index(candidates, struct candidate, i).number;
        if (number != except &&
            sql_number(store,
                       "SELECT count(*) FROM ask a JOIN channel c ON c.id = a.channel"
                       " WHERE a.number = ?4 AND a.open = 1 AND" MAY_SEE,
                       "iidi", viewer->person, viewer->place, viewer->guest, number) > 0)
            g_array_append_val(numbers, number);
    }
    return ask_lines_of(store, numbers);
}
