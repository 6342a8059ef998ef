/* Breaks what is between the bot and its chat in every way it can break, and mends it after minutes: the bot comes back by
 * itself, what was said meanwhile and can be read again is there, it did not hurry, and its log says what was wrong.
 *
 *     fault_reconnect [--platform slack|mattermost [--like 5.37|11]] [--only NAME] FOLDER     of askwhy, askwhy-sandbox and tests/fault/reconnect
 *
 * Minutes pass at once: the sandbox tells the bot's clocks and timers.
 */
#include "tests/fault/reconnect/reconnect.h"

#include "bot/base/log.h"
#include "bot/sandbox/workspace.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NOTICE_S = 45, RETURN_S = 330, OPENS_MS = 5000, REAL_MS = 300, BUSY_S = 5 };

static const char *log_of(const struct run *run)
{
    return run->stage->log->str + run->broke;
}

static int count(const char *text, const char *what)
{
    int found = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        found++;
    return found;
}

static _Noreturn void fail(struct run *run, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void fail(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *all = g_strdup_printf("not ok %s: %s\n---- the log since it broke:\n%s", run->scenario->name, what,
                                           log_of(run));
    g_unlink(run->failing);
    stage_die(run->stage, all);
}

static bool is_said(const char *text, const char *const *words, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (words[i] != NULL && strstr(text, words[i]) != NULL)
            return true;
    }
    return false;
}

static bool is_between(struct stage *stage, const void *data)
{
    const struct run *run = data;
    const char *opened = NULL, *at = log_of(run);
    while ((at = strstr(at, run->talk->opens)) != NULL)
        opened = at++;
    return stage->bot == 0 || opened == NULL || is_said(opened, run->talk->lives, G_N_ELEMENTS(run->talk->lives)) ||
           is_said(opened, run->talk->ends, G_N_ELEMENTS(run->talk->ends));
}

static void pass(struct run *run, int seconds)
{
    /* A handshake with TLS takes longer than an hour that passes at once. */
    int step = run->scenario->tls ? 1 : seconds;
    for (int i = 0; i < seconds; i += step) {
        if (!stage_pass(run->stage, step))
            fail(run, "the bot ended, status 0x%x", run->stage->bot_status);
        if (run->scenario->tls)
            stage_run(run->stage, is_between, run, OPENS_MS);
    }
}

static bool came_to_life(struct stage *stage, const void *data)
{
    const struct run *run = data;
    return stage->bot == 0 || is_said(log_of(run), run->talk->lives, G_N_ELEMENTS(run->talk->lives));
}

/* Sockets open in real time; the bot tries when its time has come. */
static bool is_live_within(struct run *run, int seconds)
{
    for (int i = 0; i < seconds && !came_to_life(run->stage, run); i++) {
        pass(run, 1);
        stage_run(run->stage, is_between, run, OPENS_MS);
    }
    return stage_run(run->stage, came_to_life, run, OPENS_MS) && run->stage->bot != 0;
}

/* What waits for time, a message to be sent again for one, gets it. */
static void come_to_rest(struct run *run)
{
    for (int i = 0; i < RETURN_S / 10 && !stage_rests(run->stage); i++)
        pass(run, 10);
}

void run_settle(struct run *run)
{
    if (!stage_settle(run->stage))
        fail(run, "it does not come to rest");
}

static void talk(struct run *run)
{
    stage_post(run->stage, MIA, NULL, "/ask Typed into nothing");
    stage_post(run->stage, MIA, NULL, "@askwhy Export to a sheet");
    if (run->stage->card != NULL)
        stage_post(run->stage, DANA, run->stage->card, "Their IT forbids passwords, so without it they leave");
}

/* 9:01 of the next Monday in Tallinn, where the channel lives; hours from now at least. */
static void let_monday_come(struct run *run)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Tallinn");
    g_autoptr(GDateTime) now = g_date_time_new_now(zone);
    g_autoptr(GDateTime) later = g_date_time_add_days(now, 8 - g_date_time_get_day_of_week(now));
    g_autoptr(GDateTime) monday = g_date_time_new(zone, g_date_time_get_year(later), g_date_time_get_month(later),
                                                  g_date_time_get_day_of_month(later), 9, 1, 0);
    stage_clock(run->stage, g_date_time_to_unix(monday) * 1000);
}

static void expect_restored(struct run *run)
{
    g_autofree char *text = stage_history(run->stage);
    int digests = count(text, "\"text\":\"Seen\"");
    if (digests != run->scenario->monday)
        fail(run, "the digest that was due meanwhile is there %d times:\n%s", digests, text);
    /* A command cannot be read again: whoever typed it must know. */
    bool told = strstr(run->stage->troubles->str, run->talk->trouble) != NULL;
    if (told == (strstr(text, run->talk->typed) != NULL))
        fail(run, "a command typed meanwhile %s", told ? "failed, and yet it was raised" : "was lost, and nobody was told");
    if (strstr(text, run->talk->heard) == NULL)
        fail(run, "what was said to askwhy meanwhile was not heard:\n%s", text);
    if (run->stage->card != NULL && strstr(text, "waiting · the expected impact is missing") == NULL)
        fail(run, "the answer given meanwhile was not heard:\n%s", text);
}

struct awaited {
    struct run *run;
    const char *words;
};

static bool is_in_log(struct stage *stage, const void *data)
{
    const struct awaited *awaited = data;
    return stage->bot == 0 || strstr(log_of(awaited->run), awaited->words) != NULL;
}

void run_wait_for(struct run *run, const char *in_log)
{
    const struct awaited awaited = {run, in_log};
    for (int i = 0; i < NOTICE_S && !is_in_log(run->stage, &awaited); i++) {
        pass(run, 1);
        stage_run(run->stage, is_in_log, &awaited, REAL_MS);
    }
}

void run_fail_name(struct run *run, const char *name)
{
    g_autofree char *line = g_strconcat(name, "\n", NULL);
    g_file_set_contents(run->failing, line, -1, NULL);
}

static void mends(struct run *run)
{
    front_goes(run->front, FRONT_WELL);
    g_unlink(run->failing);
    stage_misbehave(run->stage, "{\"how\":\"behave\"}");
    stage_misbehave(run->stage, "{\"how\":\"lose_events\"}");
}

/* ---- a scenario ---- */

static void start(struct run *run, const char *programs)
{
    const struct scenario *scenario = run->scenario;
    g_autofree char *authority = g_build_filename(run->stage->children->folder, "authority.pem", NULL);
    g_autofree char *preload = g_build_filename(programs, "tests", "fault", "reconnect", "libreconnect_names.so", NULL);
    const char *sanitizer = g_getenv("ASAN_OPTIONS");
    g_autofree char *tolerant = g_strconcat(sanitizer != NULL ? sanitizer : "", ":verify_asan_link_order=0", NULL);
    g_autoptr(GPtrArray) environment = g_ptr_array_new();
    const char *const trust[] = {"ASKWHY_CA_FILE", authority};
    const char *const named[] = {"ASKWHY_TEST_FAILING_NAMES", run->failing, "ASKWHY_ALLOW_PLAIN", "yes", "LD_PRELOAD",
                                 preload, "ASAN_OPTIONS", tolerant};
    for (gsize i = 0; scenario->tls && i < G_N_ELEMENTS(trust); i++)
        g_ptr_array_add(environment, (gpointer)trust[i]);
    for (gsize i = 0; scenario->named && i < G_N_ELEMENTS(named); i++)
        g_ptr_array_add(environment, (gpointer)named[i]);
    g_ptr_array_add(environment, NULL);
    stage_start_bot(run->stage, scenario->named ? FRONT_API_NAME : "127.0.0.1", (const char *const *)environment->pdata);
}

static void begin_well(struct run *run, const char *programs)
{
    start(run, programs);
    if (!is_live_within(run, 3))
        fail(run, "it does not begin");
    run_settle(run);
    stage_post(run->stage, DANA, NULL, "/ask Add SSO for Acme");
    run_settle(run);
    if (run->stage->card == NULL)
        fail(run, "the ask has no card");
    stage_misbehave(run->stage, "{\"how\":\"lose_events\"}");
    run->broke = run->stage->log->len;
    run->scenario->breaks(run);
}

static long ticks_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *text = NULL;
    long user = 0, system = 0;
    const char *rest = g_file_get_contents(path, &text, NULL, NULL) ? strrchr(text, ')') : NULL;
    if (rest != NULL)
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system);
    return user + system;
}

static void check_numbers(struct run *run, int attempts, int connections)
{
    const struct scenario *scenario = run->scenario;
    if (attempts < scenario->attempts[0] || attempts > scenario->attempts[1])
        fail(run, "%d attempts in %d s, not %d to %d", attempts, scenario->away_s, scenario->attempts[0],
             scenario->attempts[1]);
    if (connections > 3 * scenario->attempts[1] + 20)
        fail(run, "%d connections in %d s", connections, scenario->away_s);
    if (strstr(run->stage->log->str, SANDBOX_MATTERMOST_TOKEN) != NULL)
        fail(run, "the token stands in the log");
    for (gsize i = 0; i < G_N_ELEMENTS(scenario->says) && scenario->says[i] != NULL; i++) {
        if (strstr(log_of(run), scenario->says[i]) == NULL)
            fail(run, "the log does not say \"%s\"", scenario->says[i]);
    }
}

static void play(struct run *run, const char *programs)
{
    const struct scenario *scenario = run->scenario;
    if (scenario->from_start) {
        scenario->breaks(run);
        start(run, programs);
    } else {
        begin_well(run, programs);
    }
    pid_t pid = run->stage->bot;
    int connections = front_count(run->front);
    long ticks = ticks_of(pid);
    int before = MIN(scenario->away_s / 2, NOTICE_S);
    pass(run, before);
    if (!scenario->from_start)
        talk(run);
    if (scenario->monday)
        let_monday_come(run);
    pass(run, scenario->away_s - before);
    if (!scenario->short_lived && !scenario->stays_live && came_to_life(run->stage, run))
        fail(run, "it is connected, but nothing can have been");
    int attempts = count(log_of(run), run->talk->opens);
    connections = front_count(run->front) - connections;
    ticks = ticks_of(pid) - ticks;
    if (!scenario->short_lived)
        mends(run);
    if (!scenario->stays_live && !is_live_within(run, RETURN_S))
        fail(run, "it does not come back");
    if (scenario->then != NULL)
        scenario->then(run);
    if (scenario->short_lived)
        attempts = count(log_of(run), run->talk->opens);
    come_to_rest(run);
    run_settle(run);
    if (scenario->from_start) {
        stage_post(run->stage, DANA, NULL, "/ask Add SSO for Acme");
        run_settle(run);
        talk(run);
        run_settle(run);
    }
    expect_restored(run);
    if (run->stage->bot != pid)
        fail(run, "it did not come back by itself");
    if (ticks > BUSY_S * sysconf(_SC_CLK_TCK))
        fail(run, "%ld ticks of processor time while nothing could be done", ticks);
    check_numbers(run, attempts, connections);
    stage_end_bot(run->stage);
    if (run->stage->bot_status != 0)
        fail(run, "asked to end, it ended with status 0x%x", run->stage->bot_status);
    printf("ok %s: %d s, %d attempts, %d connections, %.2f s of processor time\n", scenario->name, scenario->away_s, attempts,
           connections, (double)ticks / (double)sysconf(_SC_CLK_TCK));
    fflush(stdout);
}

static void run_one(const char *programs, const struct talk *talk, enum like like, const struct scenario *scenario)
{
    struct run run = {.scenario = scenario, .talk = talk, .stage = stage_new(programs, like, scenario->tls)};
    run.front = run.stage->front;
    run.failing = g_build_filename(run.stage->children->folder, "failing", NULL);
    play(&run, programs);
    stage_free(run.stage);
    g_free(run.failing);
}

int main(int argc, char **argv)
{
    g_autofree char *only = NULL, *platform = NULL, *version = NULL;
    enum like like = LIKE_SLACK;
    const GOptionEntry options[] = {
        {"platform", 0, 0, G_OPTION_ARG_STRING, &platform, "slack (default) or mattermost", "NAME"},
        {"like", 0, 0, G_OPTION_ARG_STRING, &version, "with mattermost: 5.37 or 11 (default)", "VERSION"},
        {"only", 'o', 0, G_OPTION_ARG_STRING, &only, "this scenario alone", "NAME"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("FOLDER");
    g_option_context_add_main_entries(context, options, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 2 || !like_read(platform, version, &like)) {
        fprintf(stderr, "reconnect: %s\n", error != NULL ? error->message : "usage: fault_reconnect [--platform slack|mattermost [--like 5.37|11]] [--only NAME] FOLDER");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERROR);
    int played = 0;
    const struct talk *talk = like == LIKE_SLACK ? &slack_talk : &mattermost_talk;
    for (const struct scenario *scenario = talk->scenarios; scenario->name != NULL; scenario++) {
        if (only != NULL && strcmp(only, scenario->name) != 0)
            continue;
        run_one(argv[1], talk, like, scenario);
        played++;
    }
    printf("%d passed, 0 failed\n", played);
    return played > 0 ? 0 : 2;
}
