/* askwhy and a Bolt app on Slack. See docs/benchmark.md. */
#include "tests/bench/load/bench.h"

#include "bot/base/clock.h"
#include "tests/bench/load/limits.h"
#include "tests/bench/slack/fake.h"

enum { SETTLED_MS = 12 * 1000, INVITED_MS = 120 * 1000 };

static void *serve(struct loop *loop, struct traffic **traffic)
{
    struct fake *fake = fake_new(loop);
    *traffic = fake_traffic(fake);
    return fake;
}

static void end(void *server)
{
    fake_free(server);
}

static pid_t start_askwhy(struct bench *bench, const char *api, const char *database)
{
    g_autofree char *log = bench_path(bench, "askwhy.log");
    g_autofree char *url = g_strconcat("SLACK_API_URL=", api, NULL);
    g_autofree char *data = g_strconcat("ASKWHY_DATABASE=", database, NULL);
    char *environment[] = {url,  data, "SLACK_APP_TOKEN=xapp-1-A0BENCH01-1-bench", "SLACK_BOT_TOKEN=xoxb-bench-bot",
                           "SLACK_POSTS_PER_MINUTE=600", "ASKWHY_LOG=warning", NULL};
    char *argv[] = {bench->askwhy, "run", NULL};
    return process_start(argv, environment, bench->folder, log);
}

static pid_t start_bolt(struct bench *bench, const char *api, const char *database)
{
    g_autofree char *url = g_strconcat("SLACK_API_URL=", api, "/", NULL);
    g_autofree char *data = g_strconcat("BENCH_DATABASE=", database, NULL);
    char *environment[] = {url, data, "SLACK_APP_TOKEN=xapp-1-A0BENCH01-1-bench", "SLACK_BOT_TOKEN=xoxb-bench-bot",
                           "NODE_ENV=production", NULL};
    return bench_start_node(bench, environment);
}

static pid_t start(struct bench *bench, enum column column, const char *database)
{
    g_autofree char *api = fake_url(bench->server, "http", "api"), *link = fake_url(bench->server, "ws", "link/?ticket=bench");
    if (column == LIMIT)
        return bench_start_self(bench, "--limit", link);
    return column == ASKWHY ? start_askwhy(bench, api, database) : start_bolt(bench, api, database);
}

static void settle(struct bench *bench)
{
    fake_invite(bench->server);
    if (!traffic_run_until(bench->traffic, fake_settled, bench->server, INVITED_MS))
        g_error("askwhy did not introduce itself everywhere; see %s/askwhy.log", bench->folder);
}

/* One command after the other while the socket is renewed or lost: the longest wait for an acknowledgement. */
static void measure_gap(struct bench *bench, struct contender *contender, bool drop)
{
    struct fake *fake = bench->server;
    traffic_measure(bench->traffic);
    traffic_keep(bench->traffic, 1);
    traffic_run(bench->traffic, 500);
    int opened = fake_sockets_opened(fake);
    if (drop)
        fake_drop(fake);
    else
        fake_disconnect(fake, "refresh_requested");
    for (int i = 0; i < 200 && fake_sockets_opened(fake) == opened; i++)
        traffic_run(bench->traffic, 100);
    traffic_run(bench->traffic, 500);
    bench_finish(bench, contender, drop ? "dropped socket" : "planned refresh");
    const struct tally *tally = traffic_tally(bench->traffic);
    report_add(bench->report, contender->column, drop ? DROP_MS : REFRESH_MS, (double)tally->longest_silence_us / 1000);
    report_add(bench->report, contender->column, drop ? DROP_LOST : REFRESH_LOST, tally->lost);
}

static void measure_gaps(struct bench *bench, struct contender *contender)
{
    /* A connection that has just come about counts as a failed one, and is not renewed at once. */
    traffic_run(bench->traffic, MAX(SETTLED_MS - (clock_monotonic_us() - contender->started_us) / 1000, 1));
    measure_gap(bench, contender, true);
    measure_gap(bench, contender, false);
}

static char *post_url(void *server)
{
    return fake_url(server, "http", "api/bench.nothing");
}

int main(int argc, char **argv)
{
    static const struct chat chat = {
        .names = {"askwhy", "Bolt", "limit"},
        .option = "bolt",
        .heading = "Complete: acknowledged, and the card and the question posted. Limit: a WebSocket echo, which posts\n"
                   "nothing, through the same load generator.",
        .serve = serve,
        .end = end,
        .start = start,
        .settle = settle,
        .measure_more = measure_gaps,
        .connected = fake_connected,
        .left = fake_left,
        .requests = fake_requests,
        .post_url = post_url,
        .limit = limit_echo,
    };
    return bench_main(&chat, argc, argv);
}
