/* Parts 6 and 7 of a digest: what came of what was shipped, where asks come from, and what started work serves. */
#include "commands/digest.h"

#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/outcome.h"
#include "commands/say.h"

#include <string.h>

enum { OUTCOME_WORDS_MAX = 160, ENTRIES_READ = 3000, MEASURED_READ = 500, LEAST_OUTCOMES = 5, LEAST_PEOPLE = 3 };

/* ---- 6 ---- */

static char *outcome_text(struct drawing *drawing, const struct ask *ask)
{
    struct context *ctx = drawing->ctx;
    const char *mine = ctx->language;
    glong most = MAX(OUTCOME_WORDS_MAX, drawing->words_max);
    ctx->language = drawing->language;
    g_autofree char *name = digest_ask_name(drawing, ask);
    g_autofree char *told = outcome_line(ctx, ask, most);
    ctx->language = mine;
    g_autofree char *line = rich_shorten(told != NULL ? told : "", 2 * most, true);
    g_autofree char *expected = ask->impact_known == 1 ? show_line(ctx, ask->impact, most) : g_strdup("");
    return *expected != '\0'
               ? say(drawing->language, "digest.outcome", "ask", name, "outcome", line, "expected", expected, NULL)
               : say(drawing->language, "digest.outcome.alone", "ask", name, "outcome", line, NULL);
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* The median of actual / expected of one function, where there are enough outcomes of enough people. */
static void add_calibration_of(struct drawing *drawing, struct section *section, GArray *measured, const char *function)
{
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GHashTable) people = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < measured->len; i++) {
        const struct measured *one = &g_array_index(measured, struct measured, i);
        if (strcmp(one->function, function) != 0)
            continue;
        g_array_append_val(ratios, one->ratio);
        int64_t *person = g_new(int64_t, 1);
        *person = one->asker;
        g_hash_table_add(people, person);
    }
    if (ratios->len < LEAST_OUTCOMES || g_hash_table_size(people) < LEAST_PEOPLE)
        return;
    g_array_sort(ratios, by_size);
    double low = g_array_index(ratios, double, (ratios->len - 1) / 2), high = g_array_index(ratios, double, ratios->len / 2);
    g_autofree char *percent = g_strdup_printf("%.0f", 50 * (low + high));
    section_add(section, say_n(drawing->language, "digest.calibration", ratios->len, "function", function, "percent", percent,
                               NULL));
}

static void add_calibration(struct drawing *drawing, struct section *section)
{
    struct store *store = drawing->ctx->store;
    if (!store_calibrates(store, drawing->channel))
        return;
    g_autoptr(GArray) measured = g_array_new(FALSE, TRUE, sizeof(struct measured));
    g_array_set_clear_func(measured, (GDestroyNotify)measured_done);
    for (guint i = 0; i < drawing->spans->len; i++)
        store_measured_outcomes(store, g_array_index(drawing->spans, struct log_span, i).channel, MEASURED_READ, measured);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < measured->len; i++) {
        const char *function = g_array_index(measured, struct measured, i).function;
        if (g_hash_table_add(seen, (char *)function))
            add_calibration_of(drawing, section, measured, function);
    }
}

void digest_outcomes(struct drawing *drawing)
{
    struct store *store = drawing->ctx->store;
    struct section *section = section_new(drawing, say(drawing->language, "digest.outcomes", NULL));
    int64_t missing = 0;
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        bool more;
        g_autoptr(GArray) numbers = store_asks_in_span(store, span, "ask.outcome", ENTRIES_READ, &more);
        for (guint n = 0; n < numbers->len; n++) {
            struct ask ask;
            if (section->lines->len >= section->most) {
                section->left_out++;
            } else if (store_get_ask(store, &drawing->viewer, g_array_index(numbers, int64_t, n), &ask)) {
                section_add(section, outcome_text(drawing, &ask));
                ask_done(&ask);
            }
        }
        missing += store_missing_outcomes(store, span->channel);
    }
    if (section->lines->len > 0 && missing > 0)
        section_add(section, say_n(drawing->language, "digest.outcomes.missing", missing, NULL));
    if (section->lines->len > 0)
        add_calibration(drawing, section);
    section_keep(drawing, section);
}

/* ---- 7 ---- */

static void append_origin(struct drawing *drawing, GString *line, const char *function, const struct origin *origin)
{
    g_autofree char *evident = g_strdup_printf("%" G_GINT64_FORMAT, origin->evident);
    g_autofree char *text =
        say_n(drawing->language, "digest.origin", origin->asks, "function", function, "evident", evident, NULL);
    g_string_append_printf(line, "%s%s", line->len > 0 ? ", " : "", text);
}

static void add_origins(struct drawing *drawing, struct section *section)
{
    g_autoptr(GArray) origins = g_array_new(FALSE, TRUE, sizeof(struct origin));
    g_array_set_clear_func(origins, (GDestroyNotify)origin_done);
    for (guint i = 0; i < drawing->spans->len; i++)
        store_origins_in_span(drawing->ctx->store, &g_array_index(drawing->spans, struct log_span, i), ENTRIES_READ, origins);
    /* A function of one or two is as good as their names. */
    struct origin others = {0};
    GString *line = g_string_new(NULL);
    for (guint i = 0; i < origins->len; i++) {
        const struct origin *origin = &g_array_index(origins, struct origin, i);
        if (origin->function == NULL || origin->people < LEAST_PEOPLE) {
            others.asks += origin->asks;
            others.evident += origin->evident;
        } else {
            append_origin(drawing, line, origin->function, origin);
        }
    }
    if (line->len > 0 && others.asks > 0) {
        g_autofree char *name = say(drawing->language, "digest.origin.unknown", NULL);
        append_origin(drawing, line, name, &others);
    }
    if (line->len > 0)
        section_add(section, say(drawing->language, "digest.origins", "origins", line->str, NULL));
    g_string_free(line, TRUE);
}

/* "serves.goal.12" and its like of all channels together: what is counted → how many started asks. */
static GHashTable *served(struct drawing *drawing)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const cJSON *counters, *counter;
    cJSON_ArrayForEach(counters, drawing->tally)
    {
        cJSON_ArrayForEach(counter, counters)
        {
            if (!g_str_has_prefix(counter->string, "serves."))
                continue;
            int64_t *sum = g_hash_table_lookup(counts, counter->string);
            if (sum == NULL) {
                sum = g_new0(int64_t, 1);
                g_hash_table_insert(counts, g_strdup(counter->string), sum);
            }
            *sum += digest_counter(counters, counter->string);
        }
    }
    return counts;
}

static void add_served(struct drawing *drawing, GHashTable *counts, const struct aim *aim, GString *line)
{
    g_autofree char *counter = g_strdup_printf("serves.%s.%" G_GINT64_FORMAT, aim->metric ? "metric" : "goal", aim->id);
    const int64_t *asks = g_hash_table_lookup(counts, counter);
    if (asks == NULL || *asks <= 0)
        return;
    g_autofree char *name = aim_name(drawing->ctx, aim);
    g_autofree char *text = say_n(drawing->language, "digest.serving", *asks, "name", name, NULL);
    g_string_append_printf(line, "%s%s", line->len > 0 ? ", " : "", text);
}

static void add_serving(struct drawing *drawing, struct section *section)
{
    g_autoptr(GHashTable) counts = served(drawing);
    GString *line = g_string_new(NULL);
    guint known = 0;
    for (int metrics = 0; metrics < 2; metrics++) {
        g_autoptr(GArray) aims = store_aims(drawing->ctx->store, &drawing->viewer, metrics == 1);
        known += aims->len;
        for (guint i = 0; i < aims->len; i++)
            add_served(drawing, counts, &g_array_index(aims, struct aim, i), line);
    }
    const int64_t *none = g_hash_table_lookup(counts, "serves.none"), *all = g_hash_table_lookup(counts, "serves.all");
    /* Where nobody speaks of goals, nothing is missing. */
    if (known > 0 && all != NULL && *all > 0) {
        g_autofree char *percent = g_strdup_printf("%d", (int)((100 * (none != NULL ? *none : 0) + *all / 2) / *all));
        section_add(section, line->len > 0
                                 ? say(drawing->language, "digest.serves", "served", line->str, "percent", percent, NULL)
                                 : say(drawing->language, "digest.serves.nothing", NULL));
    }
    g_string_free(line, TRUE);
}

void digest_origins(struct drawing *drawing)
{
    /* Said only beside something else: it is no news of its own. */
    if (drawing->sections->len == 0)
        return;
    struct section *section = section_new(drawing, say(drawing->language, "digest.origin.heading", NULL));
    add_origins(drawing, section);
    add_serving(drawing, section);
    section_keep(drawing, section);
}
