#include "tests/bench/load/bench.h"

#include "bot/base/clock.h"
#include "tests/bench/load/limits.h"

#include <glib/gstdio.h>
#include <string.h>

enum { SLICE_MS = 250, REST_MS = 1500, QUIET_MS = 300, PATIENCE_MS = 120 * 1000 };

static const int levels[LEVELS] = {1, 32, 256};

char *bench_path(const struct bench *bench, const char *name)
{
    return g_build_filename(bench->folder, name, NULL);
}

void bench_fail(struct bench *bench, const char *what)
{
    g_printerr("failed: %s\n", what);
    bench->failed = true;
}

/* ---- starting ---- */

static void remove_database(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(path, ends[i], NULL);
        g_unlink(file);
    }
}

static char *copy_of_seed(const struct bench *bench, const char *name)
{
    g_autofree char *seed = bench_path(bench, "seed.db"), *text = NULL;
    char *path = bench_path(bench, name);
    gsize size;
    g_autoptr(GError) error = NULL;
    remove_database(path);
    if (!g_file_get_contents(seed, &text, &size, &error) || !g_file_set_contents(path, text, (gssize)size, &error))
        g_error("%s", error->message);
    return path;
}

pid_t bench_start_node(struct bench *bench, char *const *environment)
{
    g_autofree char *log = bench_path(bench, "other.log");
    g_autofree char *node = g_build_filename(bench->app, "node_modules", ".bin", "node", NULL);
    g_autofree char *app = g_build_filename(bench->app, "app.js", NULL);
    char *argv[] = {node, app, NULL};
    return process_start(argv, environment, bench->folder, log);
}

pid_t bench_start_self(struct bench *bench, const char *option, const char *value)
{
    g_autofree char *log = bench_path(bench, "limit.log");
    char *environment[] = {NULL};
    char *argv[] = {bench->self, (char *)option, (char *)value, NULL};
    return process_start(argv, environment, bench->folder, log);
}

void bench_wait_for_quiet(struct bench *bench)
{
    int before;
    do {
        before = bench->chat->requests(bench->server);
        traffic_run(bench->traffic, QUIET_MS);
    } while (bench->chat->requests(bench->server) != before);
}

static void wait_for_connection(struct bench *bench)
{
    if (!traffic_run_until(bench->traffic, bench->chat->connected, bench->server, 10000))
        g_error("no bot connected; see the logs in %s", bench->folder);
}

static void end(struct bench *bench, struct contender *contender)
{
    process_end(contender->pid);
    traffic_run_until(bench->traffic, bench->chat->left, bench->server, 5000);
}

/* A database in which askwhy is at home in every channel and knows everybody. */
static void make_seed(struct bench *bench)
{
    g_autofree char *seed = bench_path(bench, "seed.db"), *wal = bench_path(bench, "seed.db-wal");
    remove_database(seed);
    struct contender askwhy = {.pid = bench->chat->start(bench, ASKWHY, seed)};
    wait_for_connection(bench);
    bench->chat->settle(bench);
    bench_wait_for_quiet(bench);
    end(bench, &askwhy);
    if (g_file_test(wal, G_FILE_TEST_EXISTS))
        g_error("askwhy left %s behind", wal);
}

/* ---- measuring ---- */

static void look_at_memory(struct contender *contender)
{
    struct memory now = process_memory(contender->pid);
    contender->peak.private_kb = MAX(contender->peak.private_kb, now.private_kb);
    contender->peak.resident_kb = MAX(contender->peak.resident_kb, process_peak_kb(contender->pid));
}

void bench_finish(struct bench *bench, const struct contender *contender, const char *phase)
{
    traffic_keep(bench->traffic, 0);
    bool complete = traffic_run_until(bench->traffic, traffic_complete, bench->traffic, PATIENCE_MS);
    const struct tally *tally = traffic_tally(bench->traffic);
    if (!complete || tally->wrong > 0) {
        g_autofree char *what = g_strdup_printf(
            "%s, %s: %d commands, %d acknowledged, %d lost, %d cards, %d questions, %d posts too many or astray",
            bench->chat->names[contender->column], phase, tally->sent, tally->acknowledged, tally->lost, tally->cards,
            tally->questions, tally->wrong);
        bench_fail(bench, what);
    }
}

static double ms_at(GArray *delays, double part)
{
    if (delays->len == 0)
        return 0;
    guint at = (guint)((double)delays->len * part);
    return (double)g_array_index(delays, int64_t, MIN(at, delays->len - 1)) / 1000;
}

static gint by_size(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static void measure_load(struct bench *bench, struct contender *contender, int level)
{
    if (bench->in_flight != 0 && bench->in_flight != levels[level])
        return;
    struct report *report = bench->report;
    g_autofree char *phase = g_strdup_printf("%d in flight", levels[level]);
    traffic_measure(bench->traffic);
    double cpu = process_cpu_s(contender->pid);
    int64_t start = clock_monotonic_us();
    traffic_keep(bench->traffic, levels[level]);
    while ((double)(clock_monotonic_us() - start) < bench->seconds * 1e6) {
        traffic_run(bench->traffic, SLICE_MS);
        look_at_memory(contender);
    }
    double window = (double)(clock_monotonic_us() - start) / 1e6;
    int in_window = traffic_tally(bench->traffic)->acknowledged;
    bench_finish(bench, contender, phase);
    look_at_memory(contender);
    const struct tally *tally = traffic_tally(bench->traffic);
    if (tally->lost > 0) {
        g_autofree char *what =
            g_strdup_printf("%s, %s: %d commands without an answer", bench->chat->names[contender->column], phase, tally->lost);
        bench_fail(bench, what);
    }
    double whole = (double)(MAX(tally->last_post_us, tally->last_acknowledged_us) - start) / 1e6;
    g_array_sort(tally->delays_us, by_size);
    enum column column = contender->column;
    report_add(report, column, LOAD(level, COMPLETE_PER_S), tally->acknowledged / whole);
    report_add(report, column, LOAD(level, ACKNOWLEDGED_PER_S), in_window / window);
    report_add(report, column, LOAD(level, ACK_P50_MS), ms_at(tally->delays_us, 0.5));
    report_add(report, column, LOAD(level, ACK_P99_MS), ms_at(tally->delays_us, 0.99));
    report_add(report, column, LOAD(level, CPU_S_PER_10000),
               (process_cpu_s(contender->pid) - cpu) * 10000 / MAX(tally->acknowledged, 1));
    report_count(report, column, tally->acknowledged, tally->cards + tally->questions);
}

static void measure_bot(struct bench *bench, enum column column)
{
    struct contender contender = {.column = column};
    g_autofree char *database = column == ASKWHY ? copy_of_seed(bench, "askwhy.db") : bench_path(bench, "other.db");
    if (column == OTHER)
        remove_database(database);
    traffic_expect_posts(bench->traffic, true);
    traffic_measure(bench->traffic);
    int64_t start = contender.started_us = clock_monotonic_us();
    contender.pid = bench->chat->start(bench, column, database);
    traffic_keep(bench->traffic, 1);
    if (!traffic_run_until(bench->traffic, traffic_acknowledged_once, bench->traffic, 30000))
        g_error("%s did not acknowledge; see its log in %s", bench->chat->names[column], bench->folder);
    report_add(bench->report, column, START_MS,
               (double)(traffic_tally(bench->traffic)->last_acknowledged_us - start) / 1000);
    bench_finish(bench, &contender, "start");
    bench_wait_for_quiet(bench);
    traffic_run(bench->traffic, REST_MS);
    struct memory rest = process_memory(contender.pid);
    report_add(bench->report, column, REST_MB, (double)rest.resident_kb / 1024);
    report_add(bench->report, column, REST_PRIVATE_MB, (double)rest.private_kb / 1024);
    for (int level = 0; level < LEVELS; level++)
        measure_load(bench, &contender, level);
    report_add(bench->report, column, PEAK_MB, (double)contender.peak.resident_kb / 1024);
    report_add(bench->report, column, PEAK_PRIVATE_MB, (double)contender.peak.private_kb / 1024);
    bench->chat->measure_more(bench, &contender);
    bench_wait_for_quiet(bench);
    end(bench, &contender);
}

static void measure_posts(struct bench *bench)
{
    g_autofree char *url = bench->chat->post_url(bench->server);
    pid_t pid = bench_start_self(bench, "--posts", url);
    traffic_run(bench->traffic, SLICE_MS);
    int requests = bench->chat->requests(bench->server);
    double cpu = process_cpu_s(pid);
    int64_t start = clock_monotonic_us();
    traffic_run(bench->traffic, (int)(bench->seconds * 1000));
    requests = bench->chat->requests(bench->server) - requests;
    report_add(bench->report, LIMIT, POSTS_PER_S, requests / 2 / ((double)(clock_monotonic_us() - start) / 1e6));
    report_add(bench->report, LIMIT, POSTS_CPU_S, (process_cpu_s(pid) - cpu) * 20000 / MAX(requests, 1));
    process_end(pid);
}

static void measure_limits(struct bench *bench)
{
    struct contender limit = {.column = LIMIT, .pid = bench->chat->start(bench, LIMIT, NULL)};
    traffic_expect_posts(bench->traffic, false);
    wait_for_connection(bench);
    for (int level = 0; level < LEVELS; level++)
        measure_load(bench, &limit, level);
    end(bench, &limit);
    g_autofree char *database = copy_of_seed(bench, "limit.db");
    struct sqlite_limit sqlite = limit_sqlite(database, bench->seconds);
    report_add(bench->report, LIMIT, SQLITE_PER_S, sqlite.asks_per_s);
    report_add(bench->report, LIMIT, SQLITE_CPU_S, sqlite.cpu_s_per_10000);
    measure_posts(bench);
    remove_database(database);
}

static void measure_round(struct bench *bench, int round)
{
    /* Who comes first takes turns, too. */
    for (int i = 0; i < COLUMNS; i++) {
        int turn = round % 2 == 0 ? i : COLUMNS - 1 - i;
        const char *name = bench->chat->names[turn];
        if (bench->only != NULL && strcmp(bench->only, name) != 0)
            continue;
        g_printerr("round %d of %d: %s\n", round + 1, bench->rounds, name);
        if (turn == LIMIT)
            measure_limits(bench);
        else
            measure_bot(bench, (enum column)turn);
    }
}

static void measure(struct bench *bench)
{
    g_autoptr(GError) error = NULL;
    bench->loop = loop_new(NULL, &error);
    if (bench->loop == NULL)
        g_error("%s", error->message);
    bench->server = bench->chat->serve(bench->loop, &bench->traffic);
    bench->report = report_new(bench->chat->names, bench->chat->heading);
    make_seed(bench);
    for (int round = 0; round < bench->rounds; round++)
        measure_round(bench, round);
    report_print(bench->report, levels, bench->rounds, bench->seconds);
    report_free(bench->report);
    bench->chat->end(bench->server);
    loop_free(bench->loop);
}

int bench_main(const struct chat *chat, int argc, char **argv)
{
    struct bench bench = {.chat = chat, .rounds = 5, .seconds = 5, .self = g_canonicalize_filename(argv[0], NULL)};
    g_autofree char *limit = NULL, *posts = NULL;
    GOptionEntry entries[] = {
        {"rounds", 0, 0, G_OPTION_ARG_INT, &bench.rounds, "how often all is measured; medians are shown (5)", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &bench.seconds, "how long each load lasts (5)", "S"},
        {"in-flight", 0, 0, G_OPTION_ARG_INT, &bench.in_flight, "only this load: 1, 32 or 256", "N"},
        {"only", 0, 0, G_OPTION_ARG_STRING, &bench.only, "one of the table's columns", "WHO"},
        {"askwhy", 0, 0, G_OPTION_ARG_FILENAME, &bench.askwhy, "the program", "FILE"},
        {chat->option, 0, 0, G_OPTION_ARG_FILENAME, &bench.app, "the other bot, installed", "FOLDER"},
        {"folder", 0, 0, G_OPTION_ARG_FILENAME, &bench.folder, "for databases and logs", "FOLDER"},
        {"limit", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &limit, NULL, NULL},
        {"posts", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &posts, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) options = g_option_context_new("- measure askwhy");
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error)) {
        g_printerr("%s\n", error->message);
        return 2;
    }
    if (limit != NULL)
        return chat->limit(limit);
    if (posts != NULL)
        limit_posts(posts);
    if (bench.askwhy == NULL || bench.app == NULL || bench.folder == NULL || bench.rounds < 1 || bench.seconds <= 0) {
        g_printerr("--askwhy, --%s and --folder are needed; the script run gives them\n", chat->option);
        return 2;
    }
    char **const paths[] = {&bench.askwhy, &bench.app, &bench.folder};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *given = *paths[i];
        *paths[i] = g_canonicalize_filename(given, NULL);
    }
    measure(&bench);
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        g_free(*paths[i]);
    g_free(bench.only);
    g_free(bench.self);
    return bench.failed ? 1 : 0;
}
