/* askwhy and a bot on Mattermost's own client. See docs/benchmark.md. */
#include "tests/bench/load/bench.h"

#include "bot/base/clock.h"
#include "tests/bench/load/limits.h"
#include "tests/bench/mattermost/fake.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SETTLED_MS = 12 * 1000,
    INVITED_MS = 120 * 1000,
    ASKS = 400,      /* more than are answered below */
    ASKED_MS = 60 * 1000,
    REPLY_MS = 40,   /* fewer while a bot is away than the server keeps for it */
    IN_THE_AIR = 20, /* answers written to a socket that is dropped with them */
    BACK_MS = 20 * 1000,
    TAKEN_MS = 30 * 1000,
};

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

/* Nobody listens there now; the bot will in a moment. */
static int free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        g_error("no port is free");
    close(fd);
    return ntohs(address.sin_port);
}

static pid_t start_askwhy(struct bench *bench, const char *server, int port, const char *database)
{
    g_autofree char *log = bench_path(bench, "askwhy.log");
    g_autofree char *url = g_strconcat("MATTERMOST_URL=", server, NULL);
    g_autofree char *listen = g_strdup_printf("ASKWHY_LISTEN=127.0.0.1:%d", port);
    g_autofree char *data = g_strconcat("ASKWHY_DATABASE=", database, NULL);
    char *environment[] = {url,    "MATTERMOST_TOKEN=" FAKE_TOKEN, "MATTERMOST_COMMAND_TOKENS=" FAKE_COMMAND_TOKEN,
                           listen, data, "ASKWHY_LOG=warning", NULL};
    char *argv[] = {bench->askwhy, "run", NULL};
    return process_start(argv, environment, bench->folder, log);
}

static pid_t start_node(struct bench *bench, const char *server, int port, const char *database)
{
    g_autofree char *url = g_strconcat("MATTERMOST_URL=", server, NULL);
    g_autofree char *listen = g_strdup_printf("BENCH_PORT=%d", port);
    g_autofree char *data = g_strconcat("BENCH_DATABASE=", database, NULL);
    char *environment[] = {url,  "MATTERMOST_TOKEN=" FAKE_TOKEN, "MATTERMOST_COMMAND_TOKEN=" FAKE_COMMAND_TOKEN, listen,
                           data, "NODE_ENV=production", NULL};
    return bench_start_node(bench, environment);
}

static pid_t start(struct bench *bench, enum column column, const char *database)
{
    int port = free_port();
    g_autofree char *server = g_strdup_printf("http://127.0.0.1:%d", fake_port(bench->server));
    g_autofree char *address = g_strdup_printf("127.0.0.1:%d", port);
    fake_call_at(bench->server, port, column != LIMIT);
    if (column == LIMIT)
        return bench_start_self(bench, "--limit", address);
    return column == ASKWHY ? start_askwhy(bench, server, port, database) : start_node(bench, server, port, database);
}

static void settle(struct bench *bench)
{
    fake_invite(bench->server);
    if (!traffic_run_until(bench->traffic, fake_settled, bench->server, INVITED_MS))
        g_error("askwhy did not introduce itself everywhere; see %s/askwhy.log", bench->folder);
}

static bool enough_asked(void *data)
{
    return traffic_tally(data)->acknowledged >= ASKS;
}

/* Answers keep coming in threads while the WebSocket is dropped and resumed: none may go missing. */
static void measure_drop(struct bench *bench, struct contender *contender)
{
    struct fake *fake = bench->server;
    /* A connection that has just come about counts as a failed one, and is not renewed at once. */
    traffic_run(bench->traffic, MAX(SETTLED_MS - (clock_monotonic_us() - contender->started_us) / 1000, 1));
    traffic_measure(bench->traffic);
    traffic_keep(bench->traffic, 32);
    traffic_run_until(bench->traffic, enough_asked, bench->traffic, ASKED_MS);
    bench_finish(bench, contender, "asks to be answered");
    fake_forget_replies(fake);
    int opened = fake_sockets_opened(fake), resumed = fake_resumes(fake);
    fake_reply(fake, REPLY_MS);
    traffic_run(bench->traffic, 1000);
    fake_drop(fake, IN_THE_AIR);
    for (int64_t passed = 0; passed < BACK_MS && fake_sockets_opened(fake) == opened; passed += 100)
        traffic_run(bench->traffic, 100);
    traffic_run(bench->traffic, 1000);
    fake_reply(fake, 0);
    traffic_run_until(bench->traffic, fake_all_taken, fake, TAKEN_MS);
    int missing = fake_replies(fake) - fake_replies_taken(fake);
    report_add(bench->report, contender->column, EVENTS_MS, (double)fake_longest_silence_us(fake) / 1000);
    report_add(bench->report, contender->column, EVENTS_SENT, fake_replies(fake));
    report_add(bench->report, contender->column, EVENTS_MISSING, missing);
    if (missing != 0 || fake_resumes(fake) == resumed) {
        g_autofree char *what = g_strdup_printf("%s, dropped socket: %d answers, %d never acted on; %s",
                                                bench->chat->names[contender->column], fake_replies(fake), missing,
                                                fake_resumes(fake) == resumed ? "not resumed" : "resumed");
        bench_fail(bench, what);
    }
}

static char *post_url(void *server)
{
    return g_strdup_printf("http://127.0.0.1:%d/api/v4/bench", fake_port(server));
}

int main(int argc, char **argv)
{
    static const struct chat chat = {
        .names = {"askwhy", "Node", "limit"},
        .option = "app",
        .heading = "Acknowledged: the server's call for the command was answered. Complete: and the card and the question\n"
                   "posted. Limit: askwhy's HTTP listener that answers at once, and posts nothing.",
        .serve = serve,
        .end = end,
        .start = start,
        .settle = settle,
        .measure_more = measure_drop,
        .connected = fake_connected,
        .left = fake_left,
        .requests = fake_requests,
        .post_url = post_url,
        .limit = limit_answer,
    };
    return bench_main(&chat, argc, argv);
}
