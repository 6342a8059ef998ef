/* askwhy and a Bolt app under the same load, in turn, and what the machine can do. See docs/benchmark.md. */
#include "bot/base/clock.h"
#include "tests/bench/slack/fake.h"
#include "tests/bench/slack/limits.h"
#include "tests/bench/slack/process.h"
#include "tests/bench/slack/report.h"

#include <glib/gstdio.h>
#include <string.h>

enum { SLICE_MS = 250, REST_MS = 1500, QUIET_MS = 300, SETTLED_MS = 12 * 1000, PATIENCE_MS = 120 * 1000 };

struct bench {
    struct loop *loop;
    struct fake *fake;
    struct report *report;
    char *askwhy, *bolt, *folder, *self, *only;
    int rounds, in_flight; /* in_flight: measure this load only; 0: all */
    double seconds;
    bool failed;
};

struct contender {
    enum column column;
    pid_t pid;
    struct memory peak;
};

static const int levels[LEVELS] = {1, 32, 256};

static char *path_in(const struct bench *bench, const char *name)
{
    return g_build_filename(bench->folder, name, NULL);
}

static void fail(struct bench *bench, const char *what)
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
    g_autofree char *seed = path_in(bench, "seed.db"), *text = NULL;
    char *path = path_in(bench, name);
    gsize size;
    g_autoptr(GError) error = NULL;
    remove_database(path);
    if (!g_file_get_contents(seed, &text, &size, &error) || !g_file_set_contents(path, text, (gssize)size, &error))
        g_error("%s", error->message);
    return path;
}

static pid_t start_askwhy(struct bench *bench, const char *database)
{
    g_autofree char *log = path_in(bench, "askwhy.log");
    g_autofree char *api = g_strdup_printf("SLACK_API_URL=http://127.0.0.1:%d/api", fake_port(bench->fake));
    g_autofree char *data = g_strconcat("ASKWHY_DATABASE=", database, NULL);
    char *environment[] = {api,  data, "SLACK_APP_TOKEN=xapp-1-A0BENCH01-1-bench", "SLACK_BOT_TOKEN=xoxb-bench-bot",
                           "SLACK_POSTS_PER_MINUTE=600", "ASKWHY_LOG=warning", NULL};
    char *argv[] = {bench->askwhy, "run", NULL};
    return process_start(argv, environment, bench->folder, log);
}

static pid_t start_bolt(struct bench *bench, const char *database)
{
    g_autofree char *log = path_in(bench, "bolt.log");
    g_autofree char *api = g_strdup_printf("SLACK_API_URL=http://127.0.0.1:%d/api/", fake_port(bench->fake));
    g_autofree char *data = g_strconcat("BENCH_DATABASE=", database, NULL);
    g_autofree char *node = g_build_filename(bench->bolt, "node_modules", ".bin", "node", NULL);
    g_autofree char *app = g_build_filename(bench->bolt, "app.js", NULL);
    char *environment[] = {api, data, "SLACK_APP_TOKEN=xapp-1-A0BENCH01-1-bench", "SLACK_BOT_TOKEN=xoxb-bench-bot",
                           "NODE_ENV=production", NULL};
    char *argv[] = {node, app, NULL};
    return process_start(argv, environment, bench->folder, log);
}

static pid_t start_echo(struct bench *bench)
{
    g_autofree char *log = path_in(bench, "echo.log");
    g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%d/link/?ticket=bench", fake_port(bench->fake));
    char *environment[] = {NULL};
    char *argv[] = {bench->self, "--echo", url, NULL};
    return process_start(argv, environment, bench->folder, log);
}

static pid_t start_posts(struct bench *bench)
{
    g_autofree char *log = path_in(bench, "posts.log");
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/api/bench.nothing", fake_port(bench->fake));
    char *environment[] = {NULL};
    char *argv[] = {bench->self, "--posts", url, NULL};
    return process_start(argv, environment, bench->folder, log);
}

/* Until nothing more is asked of Slack: profiles, channels, what was said in a gap. */
static void wait_for_quiet(struct bench *bench)
{
    int before;
    do {
        before = fake_requests(bench->fake);
        fake_run(bench->fake, QUIET_MS);
    } while (fake_requests(bench->fake) != before);
}

static void end(struct bench *bench, struct contender *contender)
{
    process_end(contender->pid);
    fake_run_until(bench->fake, fake_left, 5000);
}

/* A database in which askwhy is at home in every channel and knows everybody. */
static void make_seed(struct bench *bench)
{
    g_autofree char *seed = path_in(bench, "seed.db"), *wal = path_in(bench, "seed.db-wal");
    remove_database(seed);
    struct contender askwhy = {.pid = start_askwhy(bench, seed)};
    if (!fake_run_until(bench->fake, fake_connected, 10000))
        g_error("askwhy did not connect; see %s/askwhy.log", bench->folder);
    fake_invite(bench->fake);
    if (!fake_run_until(bench->fake, fake_settled, PATIENCE_MS))
        g_error("askwhy did not introduce itself everywhere; see %s/askwhy.log", bench->folder);
    wait_for_quiet(bench);
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

static void finish(struct bench *bench, const struct contender *contender, const char *phase)
{
    fake_keep(bench->fake, 0);
    bool complete = fake_run_until(bench->fake, fake_complete, PATIENCE_MS);
    const struct fake_tally *tally = fake_tally(bench->fake);
    if (!complete || tally->wrong > 0) {
        g_autofree char *what = g_strdup_printf(
            "%s, %s: %d commands, %d acknowledged, %d lost, %d cards, %d questions, %d posts too many or astray",
            column_names[contender->column], phase, tally->sent, tally->acknowledged, tally->lost, tally->cards,
            tally->questions, tally->wrong);
        fail(bench, what);
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
    fake_measure(bench->fake);
    double cpu = process_cpu_s(contender->pid);
    int64_t start = clock_monotonic_us();
    fake_keep(bench->fake, levels[level]);
    while ((double)(clock_monotonic_us() - start) < bench->seconds * 1e6) {
        fake_run(bench->fake, SLICE_MS);
        look_at_memory(contender);
    }
    double window = (double)(clock_monotonic_us() - start) / 1e6;
    int in_window = fake_tally(bench->fake)->acknowledged;
    finish(bench, contender, phase);
    look_at_memory(contender);
    const struct fake_tally *tally = fake_tally(bench->fake);
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

/* One command after the other while the socket is renewed or lost: the longest wait for an acknowledgement. */
static void measure_gap(struct bench *bench, struct contender *contender, bool drop)
{
    fake_measure(bench->fake);
    fake_keep(bench->fake, 1);
    fake_run(bench->fake, 500);
    int opened = fake_sockets_opened(bench->fake);
    if (drop)
        fake_drop(bench->fake);
    else
        fake_disconnect(bench->fake, "refresh_requested");
    for (int i = 0; i < 200 && fake_sockets_opened(bench->fake) == opened; i++)
        fake_run(bench->fake, 100);
    fake_run(bench->fake, 500);
    finish(bench, contender, drop ? "dropped socket" : "planned refresh");
    const struct fake_tally *tally = fake_tally(bench->fake);
    report_add(bench->report, contender->column, drop ? DROP_MS : REFRESH_MS, (double)tally->longest_silence_us / 1000);
    report_add(bench->report, contender->column, drop ? DROP_LOST : REFRESH_LOST, tally->lost);
}

static void measure_bot(struct bench *bench, enum column column)
{
    struct contender contender = {.column = column};
    g_autofree char *database = column == ASKWHY ? copy_of_seed(bench, "askwhy.db") : path_in(bench, "bolt.db");
    if (column == BOLT)
        remove_database(database);
    fake_expect_posts(bench->fake, true);
    fake_measure(bench->fake);
    fake_keep(bench->fake, 1);
    int64_t start = clock_monotonic_us();
    contender.pid = column == ASKWHY ? start_askwhy(bench, database) : start_bolt(bench, database);
    if (!fake_run_until(bench->fake, fake_acknowledged_once, 30000))
        g_error("%s did not acknowledge; see its log in %s", column_names[column], bench->folder);
    report_add(bench->report, column, START_MS, (double)(fake_tally(bench->fake)->last_acknowledged_us - start) / 1000);
    finish(bench, &contender, "start");
    wait_for_quiet(bench);
    fake_run(bench->fake, REST_MS);
    struct memory rest = process_memory(contender.pid);
    report_add(bench->report, column, REST_MB, (double)rest.resident_kb / 1024);
    report_add(bench->report, column, REST_PRIVATE_MB, (double)rest.private_kb / 1024);
    for (int level = 0; level < LEVELS; level++)
        measure_load(bench, &contender, level);
    report_add(bench->report, column, PEAK_MB, (double)contender.peak.resident_kb / 1024);
    report_add(bench->report, column, PEAK_PRIVATE_MB, (double)contender.peak.private_kb / 1024);
    /* A connection that has just come about counts as a failed one, and is not renewed at once. */
    fake_run(bench->fake, MAX(SETTLED_MS - (clock_monotonic_us() - start) / 1000, 1));
    measure_gap(bench, &contender, true);
    measure_gap(bench, &contender, false);
    wait_for_quiet(bench);
    end(bench, &contender);
}

static void measure_posts(struct bench *bench)
{
    pid_t pid = start_posts(bench);
    fake_run(bench->fake, SLICE_MS);
    int requests = fake_requests(bench->fake);
    double cpu = process_cpu_s(pid);
    int64_t start = clock_monotonic_us();
    fake_run(bench->fake, (int)(bench->seconds * 1000));
    requests = fake_requests(bench->fake) - requests;
    report_add(bench->report, LIMIT, POSTS_PER_S, requests / 2 / ((double)(clock_monotonic_us() - start) / 1e6));
    report_add(bench->report, LIMIT, POSTS_CPU_S, (process_cpu_s(pid) - cpu) * 20000 / MAX(requests, 1));
    process_end(pid);
}

static void measure_limits(struct bench *bench)
{
    struct contender echo = {.column = LIMIT, .pid = start_echo(bench)};
    fake_expect_posts(bench->fake, false);
    if (!fake_run_until(bench->fake, fake_connected, 10000))
        g_error("the echo did not connect; see %s/echo.log", bench->folder);
    for (int level = 0; level < LEVELS; level++)
        measure_load(bench, &echo, level);
    end(bench, &echo);
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
    for (int i = 0; i < 3; i++) {
        int turn = round % 2 == 0 ? i : 2 - i;
        g_printerr("round %d of %d: %s\n", round + 1, bench->rounds, column_names[turn]);
        if (bench->only != NULL && strcmp(bench->only, column_names[turn]) != 0)
            continue;
        if (turn == LIMIT)
            measure_limits(bench);
        else
            measure_bot(bench, (enum column)turn);
    }
}

int main(int argc, char **argv)
{
    struct bench bench = {.rounds = 5, .seconds = 5, .self = g_canonicalize_filename(argv[0], NULL)};
    g_autofree char *echo = NULL, *posts = NULL;
    GOptionEntry entries[] = {
        {"rounds", 0, 0, G_OPTION_ARG_INT, &bench.rounds, "how often all is measured; medians are shown (5)", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &bench.seconds, "how long each load lasts (5)", "S"},
        {"in-flight", 0, 0, G_OPTION_ARG_INT, &bench.in_flight, "only this load: 1, 32 or 256", "N"},
        {"only", 0, 0, G_OPTION_ARG_STRING, &bench.only, "askwhy, Bolt or limit", "WHO"},
        {"askwhy", 0, 0, G_OPTION_ARG_FILENAME, &bench.askwhy, "the program", "FILE"},
        {"bolt", 0, 0, G_OPTION_ARG_FILENAME, &bench.bolt, "the Bolt app, installed", "FOLDER"},
        {"folder", 0, 0, G_OPTION_ARG_FILENAME, &bench.folder, "for databases and logs", "FOLDER"},
        {"echo", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &echo, NULL, NULL},
        {"posts", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &posts, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) options = g_option_context_new("- measure askwhy on Slack");
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error)) {
        g_printerr("%s\n", error->message);
        return 2;
    }
    if (echo != NULL)
        return limit_echo(echo);
    if (posts != NULL)
        limit_posts(posts);
    if (bench.askwhy == NULL || bench.bolt == NULL || bench.folder == NULL || bench.rounds < 1 || bench.seconds <= 0) {
        g_printerr("--askwhy, --bolt and --folder are needed; tests/bench/slack/run gives them\n");
        return 2;
    }
    char **const paths[] = {&bench.askwhy, &bench.bolt, &bench.folder};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        *paths[i] = g_canonicalize_filename(*paths[i], NULL);
    bench.loop = loop_new(NULL, &error);
    if (bench.loop == NULL)
        g_error("%s", error->message);
    bench.fake = fake_new(bench.loop);
    bench.report = report_new();
    make_seed(&bench);
    for (int round = 0; round < bench.rounds; round++)
        measure_round(&bench, round);
    report_print(bench.report, levels, bench.rounds, bench.seconds);
    report_free(bench.report);
    fake_free(bench.fake);
    loop_free(bench.loop);
    g_free(bench.self);
    return bench.failed ? 1 : 0;
}
