/* How long each thing takes that people and time bring, beside a log of years. See docs/benchmark.md. */
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "store/digests.h"
#include "tests/bench/scale/acts.h"
#include "tests/bench/scale/fill.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

enum { MOST_TIMES = 64 };

static gboolean only_fill, say_all, only_digests, statements;
static int stretch = 1, asks = 100000, years = 2, channels = 2000, people = 5000;
static char *database, *only;
static int wrong;

static const GOptionEntry options[] = {
    {"database", 0, 0, G_OPTION_ARG_FILENAME, &database, "Where it is, or shall be made", "FILE"},
    {"fill", 0, 0, G_OPTION_ARG_NONE, &only_fill, "Only make the database", NULL},
    {"asks", 0, 0, G_OPTION_ARG_INT, &asks, "How many asks", "N"},
    {"years", 0, 0, G_OPTION_ARG_INT, &years, "Over how long", "N"},
    {"channels", 0, 0, G_OPTION_ARG_INT, &channels, "In how many channels", "N"},
    {"people", 0, 0, G_OPTION_ARG_INT, &people, "Of how many people", "N"},
    {"stretch", 0, 0, G_OPTION_ARG_INT, &stretch, "The same years so many times, for digests", "TIMES"},
    {"digests", 0, 0, G_OPTION_ARG_NONE, &only_digests, "Only digests", NULL},
    {"only", 0, 0, G_OPTION_ARG_STRING, &only, "Only what has these words in its name", "WORDS"},
    {"statements", 0, 0, G_OPTION_ARG_NONE, &statements, "Show the statements that took most of SQLite's steps", NULL},
    {"say", 0, 0, G_OPTION_ARG_NONE, &say_all, "Show what was answered and said", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* ---- The table ---- */

static gint by_size(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static void print_pair(int64_t *values, int count)
{
    qsort(values, (gsize)count, sizeof *values, by_size);
    printf(" %8.2f %8.2f", (double)values[count / 2] / 1000, (double)values[count - 1] / 1000);
}

static void print_heading(void)
{
    printf("%-40s %5s %17s %17s %17s %6s\n", "", "", "loop: command", "loop: what follows", "reader", "");
    printf("%-40s %5s %8s %8s %8s %8s %8s %8s %6s\n", "milliseconds of CPU", "times", "median", "worst", "median", "worst",
           "median", "worst", "limit");
}

static void print_act(const struct act *act, struct effort *efforts, int count)
{
    int64_t batch[MOST_TIMES], after[MOST_TIMES], reader[MOST_TIMES];
    for (int i = 0; i < count; i++) {
        batch[i] = efforts[i].batch;
        after[i] = efforts[i].after;
        reader[i] = efforts[i].reader;
    }
    bool read = act->limit == ON_READER || act->limit == DIGEST_ON_READER;
    printf("%-40s %5d", act->name, count);
    print_pair(batch, count);
    print_pair(after, count);
    if (read)
        print_pair(reader, count);
    else
        printf(" %8s %8s", "", "");
    int64_t most = read ? reader[count - 1] : batch[count - 1];
    bool over = most > (int64_t)limits_ms[act->limit] * 1000 || (read && batch[count - 1] > (int64_t)limits_ms[ON_LOOP] * 1000);
    printf(" %6d%s\n", limits_ms[act->limit], over ? "  OVER" : "");
    if (count == 1 && efforts[0].longest > (int64_t)limits_ms[ON_LOOP] * 1000)
        printf("    the longest batch of what follows took %.2f ms\n", (double)efforts[0].longest / 1000);
    fflush(stdout);
}

static void print_one(const char *name, int64_t us, int limit_ms, const char *note)
{
    printf("%-40s %5s %8s %8.2f %35s %6d%s  %s\n", name, "", "", (double)us / 1000, "", limit_ms,
           us > (int64_t)limit_ms * 1000 ? "  OVER" : "", note);
    fflush(stdout);
}

/* ---- Statements ---- */

static GMutex lock;
static GHashTable *steps; /* statement → most steps of one run of it; NULL: nobody asks */

static int note_steps(unsigned what, void *data, void *statement, void *took)
{
    (void)what, (void)data, (void)took;
    const char *text = sqlite3_sql(statement);
    int64_t now = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    g_mutex_lock(&lock);
    int64_t *most = text != NULL ? g_hash_table_lookup(steps, text) : &now;
    if (most == NULL)
        g_hash_table_insert(steps, g_strdup(text), g_memdup2(&now, sizeof now));
    else
        *most = MAX(*most, now);
    g_mutex_unlock(&lock);
    return 0;
}

static int watch(sqlite3 *db, const char **error, const void *api)
{
    (void)error, (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, note_steps, NULL);
}

static void print_statements(void)
{
    enum { SHOWN = 3, FEWEST = 1000 };
    g_mutex_lock(&lock);
    for (int i = 0; i < SHOWN; i++) {
        GHashTableIter iter;
        void *text, *count, *longest = NULL;
        int64_t most = FEWEST;
        g_hash_table_iter_init(&iter, steps);
        while (g_hash_table_iter_next(&iter, &text, &count)) {
            if (*(int64_t *)count > most) {
                most = *(int64_t *)count;
                longest = text;
            }
        }
        if (longest == NULL)
            break;
        printf("    %" G_GINT64_FORMAT " steps: %s\n", most, (char *)longest);
        g_hash_table_remove(steps, longest);
    }
    g_hash_table_remove_all(steps);
    g_mutex_unlock(&lock);
}

/* ---- Measuring ---- */

static void fail(const char *name, const char *what, const char *heard)
{
    fprintf(stderr, "%s: %s\n%s\n", name, what, heard);
    wrong++;
}

static void run_act(struct world *world, const struct act *act)
{
    struct effort efforts[MOST_TIMES];
    int count = 0;
    for (int i = 0; i < act->times; i++) {
        struct event *event = act_event(world, act, i);
        if (event == NULL)
            break;
        bool acknowledged = world_do(world, event, &efforts[count++]);
        g_autofree char *heard = world_heard(world);
        if (!acknowledged)
            fail(act->name, "was not acknowledged", heard);
        if (act->expects != NULL && strstr(heard, act->expects) == NULL)
            fail(act->name, act->expects, heard);
        if (say_all && i == 0)
            printf("---- %s\n%s\n", act->name, heard);
    }
    if (count == 0)
        fail(act->name, "there is no such ask", "");
    else
        print_act(act, efforts, count);
    if (statements)
        print_statements();
}

static void run_acts(struct world *world)
{
    print_heading();
    for (const struct act *const *table = act_tables, *act = *table; act != NULL; act = act[1].name != NULL ? act + 1 : *++table) {
        bool digest = act->limit == DIGEST || act->limit == DIGEST_ON_READER;
        if ((!only_digests || digest) && (only == NULL || strstr(act->name, only) != NULL))
            run_act(world, act);
    }
}

/* Time goes on: reminders and later-dates hour by hour, then the hour of all digests. */
static void run_due(struct world *world)
{
    struct effort effort;
    int64_t longest, worst = 0, sum = 0;
    int entries = world_wait_until(world, world_now(world) + 60 * 1000, &effort, &longest);
    g_autofree char *nothing = g_strdup_printf("%d entries", entries);
    print_one("a minute without anything due", effort.batch, limits_ms[ON_LOOP], nothing);
    int64_t digests = sql_number(world_store(world), "SELECT digest_at FROM channel_setting WHERE digest_at > ?1"
                                                      " GROUP BY digest_at ORDER BY count(*) DESC LIMIT 1",
                                 "i", world_now(world));
    entries = 0;
    for (int64_t at = world_now(world) + DAY_MS / 24; at < digests; at += DAY_MS / 24) {
        entries += world_wait_until(world, at, &effort, &longest);
        worst = MAX(worst, longest);
        sum += effort.batch;
    }
    g_autofree char *reminded = g_strdup_printf("%d entries; the longest batch, at most 64 of them, took %.2f ms", entries,
                                                (double)worst / 1000);
    print_one("a reminder, a later-date", sum / MAX(entries, 1), limits_ms[ON_LOOP], reminded);
    entries = world_wait_until(world, digests, &effort, &longest);
    g_autofree char *posted = g_strdup_printf("%d entries; the longest batch, at most 64 of them, took %.2f ms", entries,
                                              (double)longest / 1000);
    print_one("the hour of all digests, each", effort.batch / MAX(entries, 1), limits_ms[DIGEST], posted);
}

static void run_pruning(struct world *world)
{
    struct store *store = world_writer(world);
    store_begin(store);
    int64_t began = world_cpu();
    bool more = store_inbox_trim(store, world_now(world) + DAY_MS, 200);
    int64_t took = world_cpu() - began;
    store_rollback(store);
    print_one("200 keys forgotten", took, limits_ms[ON_LOOP], more ? "" : "(fewer)");
}

static void print_memory(const char *when)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL))
        return;
    const char *peak = strstr(text, "VmHWM:"), *now = strstr(text, "VmRSS:"), *private = strstr(text, "RssAnon:");
    printf("memory %s: resident %ld MB, of it private %ld MB, at peak %ld MB\n", when,
           now != NULL ? strtol(now + 6, NULL, 10) / 1024 : 0, private != NULL ? strtol(private + 8, NULL, 10) / 1024 : 0,
           peak != NULL ? strtol(peak + 6, NULL, 10) / 1024 : 0);
}

static void print_size(struct store *store)
{
    int64_t pages = sql_number(store, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", "");
    int64_t count = sql_number(store, "SELECT count(*) FROM ask", ""), entries = sql_number(store, "SELECT count(*) FROM log", "");
    printf("%d asks, %d entries, %d posts; the database has %.0f MB, %.0f bytes an ask\n", (int)count, (int)entries,
           (int)sql_number(store, "SELECT count(*) FROM post", ""), (double)pages / 1e6, (double)pages / (double)count);
}

/* A guest, and their place among those known. */
static void bring_guest(struct store *store)
{
    store_begin(store);
    struct profile profile = {.name = (char *)"Guest", .zone = (char *)"UTC", .locale = (char *)"en", .guest = true};
    store_set_profile(store, store_person(store, "slack", "T1", "U0GUEST", NULL), &profile, clock_now_ms());
    struct profile fresh = {.name = (char *)"New", .zone = (char *)"UTC", .locale = (char *)"en"};
    store_set_profile(store, store_person(store, "slack", "T1", "U0NEW", NULL), &fresh, clock_now_ms());
    store_commit(store);
}

static void tell_progress(int done, int of)
{
    fprintf(stderr, "filling: %d of %d asks\n", done, of);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("- the bot beside years of asks");
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || database == NULL) {
        fprintf(stderr, "%s\n", error != NULL ? error->message : "--database FILE is needed");
        return 2;
    }
    log_set_level(LOG_WARNING);
    struct fill_options fill = {.asks = asks, .years = years, .channels = channels, .people = people, .tell = tell_progress};
    if (!g_file_test(database, G_FILE_TEST_EXISTS) && !fill_database(database, &fill, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    if (stretch > 1 && !fill_stretch(database, stretch, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    if (only_fill)
        return 0;
    if (statements) {
        steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        sqlite3_auto_extension((void (*)(void))watch);
    }
    struct world_start start;
    struct world *world = world_new(database, &start, &error);
    if (world == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    print_size(world_store(world));
    print_memory("after start");
    bring_guest(world_writer(world));
    run_acts(world);
    if (only == NULL) {
        printf("\n");
        g_autofree char *points = g_strdup_printf("%d places", start.points);
        print_one("start: the database opened, twice", start.open, limits_ms[DIGEST], "");
        print_one("start: what is to be sent", start.load, limits_ms[DIGEST], "");
        print_one("start: the first batch", start.due, limits_ms[DIGEST], "");
        print_one("a gap: where to read again", start.gap, limits_ms[DIGEST], points);
        run_pruning(world);
        run_due(world);
        print_memory("at the end");
    }
    if (store_failed(world_store(world)) != NULL)
        fail("the reading eye", store_failed(world_store(world))->message, "");
    world_free(world);
    return wrong > 0 ? 1 : 0;
}
