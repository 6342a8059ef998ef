/* What SQLite does for each thing people and time bring must not grow with how long the log is: everything is done
 * beside one year of asks and beside five, and no statement of the loop may take many more steps the second time.
 * Counted are steps of SQLite's machine, so the test knows no time. A statement that grows is shown with its plan. */
#include "bot/base/log.h"
#include "tests/bench/scale/acts.h"
#include "tests/bench/scale/fill.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

enum { YEARS = 5, ASKS_A_YEAR = 300, CHANNELS = 30, PEOPLE = 120, SOME_STEPS = 1500 };

/* Those may, up to so many steps; on the reader's thread, where 0 stands for any number, they look at every ask
 * that matches. */
static const struct {
    const char *thread, *text;
    int64_t steps;
} may_grow[] = {
    {"loop", "FROM question mine CROSS JOIN ask a", 12000}, /* home: counts to two hundred */
    {"loop", "FROM ask a CROSS JOIN channel c ON c.id = a.channel WHERE a.asker", 12000}, /* and again */
    /* Forgetting: a step of so many entries at a time, and what waits to be sent. */
    {"loop", "UPDATE outbox SET content", 12000},
    {"loop", "INTO ask_text (rowid, title", 100000},
    {"loop", "DELETE FROM ask_text WHERE rowid IN", 50000},
    {"reader", "FROM ask a NOT INDEXED", 0}, /* list, of no person: counts what may be seen */
    {"reader", "FROM ask a CROSS JOIN channel c ON c.id = a.channel WHERE a.asker", 0}, /* list mine */
    {"reader", "FROM ask a CROSS JOIN channel c ON c.id = a.channel WHERE a.owner", 0}, /* list owner */
    {"reader", "FROM ask_text f", 0}, /* search, up to a thousand that may be seen */
};

/* Statement, before it "loop" or "reader" → most steps of one run. */
struct count {
    GHashTable *steps;
    sqlite3 *eye; /* looks for the test, and is not looked at */
    pthread_t loop;
};
static struct count *counting;
static GMutex lock;

static int note(unsigned what, void *data, void *statement, void *took)
{
    (void)what, (void)took;
    const char *text = sqlite3_sql(statement);
    int64_t steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    if (counting == NULL || data == counting->eye || text == NULL || strstr(text, "ask_text_") != NULL)
        return 0;
    g_autofree char *key = g_strconcat(pthread_equal(pthread_self(), counting->loop) ? "loop: " : "reader: ", text, NULL);
    g_mutex_lock(&lock);
    int64_t *most = g_hash_table_lookup(counting->steps, key);
    if (most == NULL)
        g_hash_table_insert(counting->steps, g_steal_pointer(&key), g_memdup2(&steps, sizeof steps));
    else
        *most = MAX(*most, steps);
    g_mutex_unlock(&lock);
    return 0;
}

static int watch(sqlite3 *db, const char **error, const void *api)
{
    (void)error, (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, note, db);
}

static void do_everything(struct world *world)
{
    for (const struct act *const *table = act_tables, *act = *table; act != NULL; act = act[1].name != NULL ? act + 1 : *++table) {
        struct effort effort;
        struct event *event = act_event(world, act, 0);
        if (event != NULL && !world_do(world, event, &effort))
            fail_msg("%s was not acknowledged", act->name);
    }
    for (int day = 1; day <= 8; day++) {
        struct effort effort;
        int64_t longest;
        world_wait_until(world, world_now(world) + DAY_MS, &effort, &longest);
    }
}

static GHashTable *steps_beside(const char *folder, int years)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "askwhy.db", NULL);
    struct fill_options options = {.asks = years * ASKS_A_YEAR, .years = years, .channels = CHANNELS, .people = PEOPLE};
    if (!fill_database(path, &options, &error))
        fail_msg("%s", error->message);
    struct count count = {.steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), .loop = pthread_self()};
    counting = &count;
    struct world_start start;
    struct world *world = world_new(path, &start, &error);
    if (world == NULL)
        fail_msg("%s", error->message);
    count.eye = world_store(world)->db;
    do_everything(world);
    counting = NULL;
    world_free(world);
    empty_folder(folder);
    return count.steps;
}

static bool is_excused(const char *statement, int64_t steps)
{
    for (gsize i = 0; i < G_N_ELEMENTS(may_grow); i++) {
        if (g_str_has_prefix(statement, may_grow[i].thread) && strstr(statement, may_grow[i].text) != NULL &&
            (may_grow[i].steps == 0 || steps < may_grow[i].steps))
            return true;
    }
    return false;
}

static void show_plan(const char *statement)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(":memory:", STORE_WRITE, &error);
    g_autofree char *text = g_strconcat("EXPLAIN QUERY PLAN ", strstr(statement, ": ") + 2, NULL);
    sqlite3_stmt *plan = NULL;
    if (store != NULL && sqlite3_prepare_v2(store->db, text, -1, &plan, NULL) == SQLITE_OK) {
        while (sqlite3_step(plan) == SQLITE_ROW)
            print_error("    %s\n", (const char *)sqlite3_column_text(plan, 3));
    }
    sqlite3_finalize(plan);
    store_close(store);
}

static void test_no_statement_grows_with_the_log(void **state)
{
    const char *folder = *state;
    g_autoptr(GHashTable) early = steps_beside(folder, 1), late = steps_beside(folder, YEARS);
    assert_true(g_hash_table_size(early) > 100);
    GHashTableIter iter;
    gpointer statement, steps;
    int grown = 0;
    g_hash_table_iter_init(&iter, late);
    while (g_hash_table_iter_next(&iter, &statement, &steps)) {
        const int64_t *before = g_hash_table_lookup(early, statement), *now = steps;
        if (*now <= 2 * (before != NULL ? *before : 0) + SOME_STEPS || is_excused(statement, *now))
            continue;
        print_error("%d steps beside one year, %d beside %d:\n  %s\n", before != NULL ? (int)*before : 0, (int)*now, YEARS,
                    (const char *)statement);
        show_plan(statement);
        grown++;
    }
    assert_int_equal(grown, 0);
}

static int begin(void **state)
{
    log_set_level(LOG_ERROR);
    sqlite3_auto_extension((void (*)(void))watch);
    *state = g_dir_make_tmp("askwhy-growth-XXXXXX", NULL);
    return *state == NULL;
}

static int end(void **state)
{
    sqlite3_reset_auto_extension();
    remove_folder(*state);
    g_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_statement_grows_with_the_log, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
