/* Kills the bot at chosen and at random moments, starts it again, and looks whether anything was lost or said twice.
 *
 *     fault_kill [--platform slack|mattermost [--like 5.37|11]] [--cycles N] [--seed S] [--first P] FOLDER
 *
 * FOLDER: of askwhy and askwhy-sandbox.
 */
#include "tests/fault/check.h"
#include "tests/fault/deeds.h"

#include "bot/base/log.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
    SETTLE_MS = 60 * 1000,
    BACK_MS = 20 * 1000,
    CHECK_MS = 40 * 1000,  /* what is still on its way gets so long */
    PASS_MS = 20 * 1000,
    LATER_MS = 31 * 1000,  /* after it a search looks once only */
    HURRY_STEP_MS = 500,
    HURRY_MS = 8 * 1000,   /* while it lives; all in all what is typed again is still a slip */
    HURRY_BACK_MS = 12 * 1000,
    PATIENCE_MS = 10 * 1000,
    LONG_HURRY_MS = 5 * 60 * 1000,
    LAST_HURRY_MS = 30 * 60 * 1000, /* nobody types anything again any more */
};

static const char *const points[] = {"after-receive", "before-commit", "after-commit", "before-ack",
                                     "before-send",   "after-send",    "before-mark"};

/* What only the chat itself can do wrong; the rest is the proxy's. */
struct fault {
    const char *name, *order;
};
static const struct fault slack_faults[] = {
    {"events redelivered", "{\"how\":\"redeliver\",\"times\":1}"},
    {"events redelivered twice", "{\"how\":\"redeliver\",\"times\":2}"},
    {"acknowledgement ignored", "{\"how\":\"lose_acks\",\"count\":1}"},
    {"sockets cut", "{\"how\":\"drop\"}"},
    {"asked to leave", "{\"how\":\"disconnect\",\"reason\":\"refresh_requested\"}"},
    {NULL, NULL},
};
static const struct fault mattermost_faults[] = {
    {"sockets cut", "{\"how\":\"drop\"}"},
    {"sockets closed", "{\"how\":\"disconnect\"}"},
    {"resuming refused", "{\"how\":\"refuse_resume\",\"count\":2}"},
    {"server restarted", "{\"how\":\"restart\"}"},
    {"half-open socket", "{\"how\":\"half_open\"}"},
    {"commands and buttons called twice", "{\"how\":\"twice\",\"count\":2}"},
    {"answer to a call ignored", "{\"how\":\"lose_acks\",\"count\":1}"},
    {"a post said to be under way", "{\"how\":\"pending\",\"count\":1}"},
    {NULL, NULL},
};
enum { MOST_FAULTS = 8, HALF_OPEN = 4 };

struct run {
    struct world *world;
    struct story *story;
    GRand *rand;
    guint seed;
    int cycle, first;
    int died[G_N_ELEMENTS(points) + 3]; /* at each point; on sight; in recovery; at rest */
    const struct fault *faults;
    int n_faults, ordered[MOST_FAULTS];
    struct found found;
};

enum { ON_SIGHT = G_N_ELEMENTS(points), RECOVERING, AT_REST };

static int chance(struct run *run, int below)
{
    return g_rand_int_range(run->rand, 0, below);
}

static _Noreturn void fail(struct run *run, const char *what)
{
    world_die(run->world, "--seed %u --first %d, cycle %d:\n%s---- what people did:\n%s", run->seed, run->first, run->cycle, what,
              run->story->told->str);
}

/* The bot is gone: by SIGKILL, or it died of something else. */
static void expect_killed(struct run *run)
{
    int status = run->world->bot_status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return;
    g_autofree char *what = g_strdup_printf("  the bot ended by itself, status 0x%x\n", status);
    fail(run, what);
}

static void end_gently(struct run *run)
{
    world_end_bot(run->world, SIGTERM);
    if (run->world->bot_status != 0) {
        g_autofree char *what = g_strdup_printf("  asked to end, the bot ended with status 0x%x\n", run->world->bot_status);
        fail(run, what);
    }
}

static bool seen_enough(struct world *world, void *data)
{
    return world->bot == 0 || world->settled || world->news >= *(guint64 *)data;
}

/* Until so much news was seen, or nothing more comes. */
static void watch(struct run *run, int news)
{
    guint64 enough = run->world->news + (guint64)news;
    world_ask_to_settle(run->world);
    if (world_run(run->world, seen_enough, &enough, PATIENCE_MS))
        return;
    run->world->hurry_ms += LONG_HURRY_MS;
    world_ask_to_settle(run->world);
    if (!world_run(run->world, seen_enough, &enough, SETTLE_MS))
        fail(run, "  nothing happens, and it does not come to rest either\n");
}

/* What failed again and again is tried again after a minute only: that is time's to bring, and time is hurried on when
 * nothing else has brought rest. Fails when that brings none either. */
static void await_rest(struct run *run, const char *trouble)
{
    if (world_settle(run->world, PATIENCE_MS) || run->world->bot == 0)
        return;
    run->world->hurry_ms += LONG_HURRY_MS;
    if (!world_settle(run->world, SETTLE_MS) && run->world->bot != 0)
        fail(run, trouble);
}

static void misbehave(struct run *run)
{
    int fault = chance(run, run->n_faults);
    story_note(run->story, "the chat: %s", run->faults[fault].name);
    world_misbehave(run->world, run->faults[fault].order);
    run->world->silenced += run->faults == mattermost_faults && fault == HALF_OPEN;
    run->ordered[fault]++;
}

/* How this cycle's bot dies: at a point by its own hand, or when so much was seen. */
static char *plan_death(struct run *run)
{
    guint point = (guint)(run->cycle + run->first) % G_N_ELEMENTS(points);
    bool first_round = run->cycle < (int)G_N_ELEMENTS(points);
    if (!first_round && chance(run, 2) == 0) {
        if (chance(run, 2) == 0)
            run->world->kill_after_news = run->world->news + (guint64)chance(run, 40) + 1;
        else
            run->world->kill_after_bytes = run->world->bytes + (guint64)chance(run, 12000) + 500;
        return NULL;
    }
    if (!first_round)
        point = (guint)chance(run, G_N_ELEMENTS(points));
    return g_strdup_printf("%s:%d", points[point], chance(run, first_round ? 2 : 9) + 1);
}

static void live(struct run *run, bool monday)
{
    bool rush = chance(run, 4) == 0; /* all at once */
    int acts = rush ? 8 + chance(run, 8) : 3 + chance(run, 4);
    int second_fault = chance(run, acts * 2);
    for (int i = 0; i < acts && run->world->bot != 0; i++) {
        if (i == second_fault)
            misbehave(run);
        if (monday && i >= acts / 2 && !story_fills_in(run->story)) {
            monday = false;
            story_monday(run->story);
        }
        story_act(run->story, false);
        if (!rush || i == acts / 2)
            watch(run, chance(run, 7));
    }
    if (run->world->bot != 0)
        await_rest(run, "  it does not come to rest\n");
}

static void count_death(struct run *run, const char *crash_at)
{
    int how = ON_SIGHT;
    for (guint i = 0; crash_at != NULL && i < G_N_ELEMENTS(points); i++) {
        if (g_str_has_prefix(crash_at, points[i]))
            how = (int)i;
    }
    if (run->world->bot != 0) {
        how = AT_REST;
        world_end_bot(run->world, SIGKILL);
    }
    run->world->kill_after_news = run->world->kill_after_bytes = 0;
    expect_killed(run);
    run->died[how]++;
}

static void type_again(struct run *run)
{
    for (int i = 0; i < 20 && story_again(run->story); i++) {
        if (!world_settle(run->world, SETTLE_MS))
            fail(run, "  it does not come to rest after what was typed again\n");
    }
}

static void recover(struct run *run)
{
    run->world->hurry_ms = HURRY_BACK_MS;
    run->world->stride_ms = HURRY_STEP_MS;
    if (chance(run, 4) == 0) {
        g_autofree char *again = g_strdup_printf("any:%d", chance(run, 25) + 1);
        story_note(run->story, "the bot comes back, to crash at %s", again);
        world_start_bot(run->world, again);
        await_rest(run, "  it does not come to rest after its return\n");
        if (run->world->bot == 0)
            run->died[RECOVERING]++;
        else
            world_end_bot(run->world, SIGKILL);
        expect_killed(run);
    }
    story_note(run->story, "the bot comes back");
    world_start_bot(run->world, NULL);
    bool rests = world_settle(run->world, BACK_MS);
    world_misbehave(run->world, "{\"how\":\"behave\"}");
    world_harm_one_in(run->world, 0);
    /* Much to send and to read, and much of it goes wrong: that takes more time than may be hurried. */
    run->world->hurry_ms += rests ? 0 : LAST_HURRY_MS;
    if (!rests && !world_settle(run->world, SETTLE_MS))
        fail(run, "  it does not come to rest after its return\n");
    story_invite(run->story);
    if (!world_settle(run->world, SETTLE_MS))
        fail(run, "  it does not come to rest after an invitation\n");
    type_again(run);
}

static bool never(struct world *world, void *data)
{
    (void)data;
    return world->bot == 0;
}

static void check(struct run *run)
{
    int64_t until = g_get_monotonic_time() + CHECK_MS * G_GINT64_CONSTANT(1000);
    for (;;) {
        g_autofree char *what = check_all(run->story, &run->found);
        if (what == NULL)
            return;
        if (g_get_monotonic_time() > until || run->world->bot == 0)
            fail(run, what);
        /* What the chat could not deliver it delivers again, after minutes. */
        world_pass(run->world, PASS_MS);
        world_run(run->world, never, NULL, 500);
        if (!world_settle(run->world, SETTLE_MS))
            fail(run, "  it does not come to rest\n");
        type_again(run);
    }
}

static void cycle(struct run *run)
{
    struct story *story = run->story;
    g_string_truncate(story->told, 0);
    story->cycle = run->cycle;
    story->losing = chance(run, 3) == 0;
    int monday = run->cycle % 4 == 3 ? 1 + chance(run, 2) : 0; /* 1: while it lives, 2: while it does not */
    if (run->world->bot != 0 && chance(run, 3) == 0)
        end_gently(run);
    else if (run->world->bot != 0)
        world_end_bot(run->world, SIGKILL);
    g_autofree char *crash_at = plan_death(run);
    story_note(story, "the bot starts%s%s%s", crash_at != NULL ? ", to crash at " : "", crash_at != NULL ? crash_at : "",
               story->losing ? "; what happens while it is away is lost" : "");
    if (chance(run, 2) == 0)
        misbehave(run);
    int one_in = chance(run, 4) * 6; /* 0, 6, 12 or 18 */
    world_harm_one_in(run->world, one_in);
    if (one_in > 0)
        story_note(story, "one request in %d goes wrong", one_in);
    if (story->losing)
        world_misbehave(run->world, run->faults == slack_faults ? "{\"how\":\"lose_events\"}"
                                                                : "{\"how\":\"refuse_resume\",\"count\":1000}");
    world_start_bot(run->world, crash_at);
    run->world->hurry_ms = HURRY_MS;
    run->world->stride_ms = HURRY_STEP_MS;
    /* On Mattermost nothing was said before its first day: until it has come to rest once, nobody speaks to it. */
    bool first_day = run->cycle == 0 && world_is_mattermost(run->world), here = !first_day;
    if (chance(run, 3) > 0 || first_day) /* else people are there before it is */
        here = world_settle(run->world, PATIENCE_MS) || here;
    if (here)
        live(run, monday == 1);
    count_death(run, crash_at);
    story_note(story, "the bot is dead");
    for (int i = chance(run, 3); i > 0 && here; i--)
        story_act(story, true);
    if (monday == 2 && !story_fills_in(story))
        story_monday(story);
    else if (chance(run, 5) > 0)
        world_move_clock(run->world, world_now(run->world) + LATER_MS);
    recover(run);
    check(run);
}

/* The last: every ask has its answer. */
static void answer_all(struct run *run)
{
    run->story->cycle++;
    run->world->hurry_ms = LAST_HURRY_MS;
    for (int i = 0; i < 20 && story_answer_all(run->story); i++) {
        if (!world_settle(run->world, SETTLE_MS))
            fail(run, "  it does not come to rest after the last answers\n");
    }
    check(run);
    for (guint i = 0; i < run->story->asks->len; i++) {
        const struct raised *ask = g_ptr_array_index(run->story->asks, i);
        if (ask->told == TOLD_RAISED && !ask->twice && !ask->ended && strcmp(ask->place, run->world->far) != 0 &&
            ask->n_answers == 0)
            fail(run, "  an ask is left without an answer\n");
    }
}

static void tell(const char *what, int times)
{
    printf("count %s: %d\n", what, times);
}

static void tell_proxy(const struct proxy *proxy)
{
    for (int i = 0; i < PROXY_FAULTS && proxy != NULL; i++) {
        enum proxy_fault fault = (enum proxy_fault)i;
        if (proxy_count(proxy, fault) >= 0)
            tell(proxy_fault_name(proxy, fault), proxy_count(proxy, fault));
    }
}

/* Lines that tests/fault/run adds up over all worlds. */
static void summary(const struct run *run)
{
    const struct counts *counts = &run->story->counts;
    const struct found *found = &run->found;
    tell("cycles", run->cycle);
    for (guint i = 0; i < G_N_ELEMENTS(run->died); i++) {
        g_autofree char *what = g_strdup_printf("killed %s", i < G_N_ELEMENTS(points) ? points[i]
                                                             : i == ON_SIGHT          ? "at random"
                                                             : i == RECOVERING        ? "while coming back"
                                                                                      : "at rest");
        tell(what, run->died[i]);
    }
    tell_proxy(run->world->proxy);
    tell_proxy(run->world->calls);
    for (int i = 0; i < run->n_faults; i++)
        tell(run->faults[i].name, run->ordered[i]);
    tell("commands acknowledged", counts->acknowledged);
    tell("commands said to have failed", counts->failed);
    tell("typed again", counts->again);
    tell("told \"Already #N\"", counts->already);
    tell("asks", found->asks);
    tell("cards", found->cards);
    tell("first questions", found->first_questions);
    tell("answers", found->answers);
    if (run->faults == mattermost_faults)
        tell("cards deleted by an administrator", run->story->uprooted);
    tell("Mondays", run->story->mondays);
    tell("digests", found->digests);
    for (int i = 0; i < DEED_KINDS; i++) {
        if (deeds_can(run->story, (enum deed_kind)i))
            tell(deed_name((enum deed_kind)i), found->deeds[i]);
    }
}

int main(int argc, char **argv)
{
    gint cycles = 40, seed = 0, first = 0;
    gboolean verbose = FALSE;
    g_autofree char *platform = NULL, *version = NULL;
    enum like like = LIKE_SLACK;
    const GOptionEntry options[] = {
        {"cycles", 'n', 0, G_OPTION_ARG_INT, &cycles, "how often the bot is killed", "N"},
        {"seed", 's', 0, G_OPTION_ARG_INT, &seed, "the same again (default: another each time)", "S"},
        {"first", 0, 0, G_OPTION_ARG_INT, &first, "with which of the named points to begin", "N"},
        {"platform", 0, 0, G_OPTION_ARG_STRING, &platform, "slack (default) or mattermost", "NAME"},
        {"like", 0, 0, G_OPTION_ARG_STRING, &version, "with mattermost: 5.37 or 11 (default)", "VERSION"},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "tell what people do", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("FOLDER");
    g_option_context_add_main_entries(context, options, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 2 || !like_read(platform, version, &like)) {
        fprintf(stderr, "kill: %s\n", error != NULL ? error->message : "usage: fault_kill [--platform P [--like V]] [--cycles N] [--seed S] FOLDER");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERROR);
    struct run run = {.first = MAX(first, 0), .seed = seed != 0 ? (guint)seed : g_random_int() >> 1};
    printf("--platform %s%s --seed %u --first %d --cycles %d\n", like == LIKE_SLACK ? "slack" : "mattermost",
           like == LIKE_MATTERMOST_5_37 ? " --like 5.37" : like == LIKE_MATTERMOST_11 ? " --like 11" : "", run.seed, run.first,
           cycles);
    fflush(stdout);
    run.faults = like == LIKE_SLACK ? slack_faults : mattermost_faults;
    while (run.faults[run.n_faults].name != NULL)
        run.n_faults++;
    run.rand = g_rand_new_with_seed(run.seed);
    run.story = story_new(run.rand);
    run.world = run.story->world = world_new(argv[1], like, run.seed, story_see, run.story);
    story_begin(run.story);
    for (run.cycle = 0; run.cycle < cycles; run.cycle++) {
        cycle(&run);
        if (verbose)
            printf("cycle %d\n%s", run.cycle, run.story->told->str);
        fflush(stdout);
    }
    answer_all(&run);
    end_gently(&run);
    summary(&run);
    printf("%d passed, 0 failed\n", cycles);
    world_free(run.world);
    story_free(run.story);
    g_rand_free(run.rand);
    return 0;
}
