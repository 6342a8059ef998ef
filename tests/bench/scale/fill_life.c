/* The rest of an ask's life: what is said around it, what gives way, what came of it. */
#include "tests/bench/scale/fill_inside.h"

#include "bot/base/json.h"

#include <string.h>

enum { REVISIT_DAYS = 14, OUTCOME_DAYS = 60 };

bool fill_is(const struct life *life, const char *states)
{
    return life->state != NULL && strstr(states, life->state) != NULL;
}

static int64_t in_days(const struct filler *f, int days)
{
    return FIRST_DAY_MS + (f->day + days) * DAY_MS;
}

void fill_aims(struct filler *f, int64_t channel)
{
    for (int i = 0; i < AIMS; i++) {
        g_autofree char *goal = g_strdup_printf("Keep customers %d", (int)channel * AIMS + i);
        g_autofree char *metric = g_strdup_printf("rate%d", (int)channel * AIMS + i);
        f->aims[channel].goals[i] = fill_happen(f, (struct log_entry){.kind = "aim.added", .actor = 2, .channel = channel,
                                                                      .words = goal, .data = fill_data("kind", "goal")});
        cJSON *data = fill_data("kind", "metric");
        json_put_str(data, "unit", "%");
        json_put(data, "baseline", cJSON_CreateNumber(5));
        json_put(data, "target", cJSON_CreateNumber(3));
        f->aims[channel].metrics[i] = fill_happen(f, (struct log_entry){.kind = "aim.added", .actor = 2, .person = 3, .channel = channel,
                                                                        .words = metric, .data = data});
    }
}

void fill_plan_more(struct filler *f, int ask)
{
    if (fill_chance(f, 20))
        fill_later(f, ask, NEED, 0, 3, 15);
    if (fill_chance(f, 25))
        fill_later(f, ask, DETAIL, 0, 2, 20);
    if (fill_chance(f, 40))
        fill_later(f, ask, AIM, 0, 1, 10);
    if (fill_chance(f, 2))
        fill_later(f, ask, URGENT, 0, 0, 2);
    if (fill_chance(f, 3))
        fill_later(f, ask, MERGE, 0, 3, 30);
}

void fill_around_decision(struct filler *f, int ask)
{
    const struct life *life = &f->lives[ask];
    if (fill_chance(f, 30)) {
        g_autofree char *options = fill_sentence(f, "We could buy", 10), *reopen = fill_sentence(f, "when", 5);
        fill_about(f, ask, fill_somebody(f), "ask.options", options, NULL, NULL);
        fill_about(f, ask, fill_somebody(f), "ask.reopen_if", reopen, NULL, NULL);
    }
    if (!fill_chance(f, 5))
        return;
    int who = fill_somebody(f);
    g_autofree char *text = fill_sentence(f, "Others need", 8);
    cJSON *data = json_object();
    json_put_bool(data, "commits", fill_chance(f, 50));
    fill_happen(f, (struct log_entry){.kind = "ask.dissent", .actor = who, .person = who, .ask = ask, .channel = life->channel,
                                      .words = text, .data = data});
}

/* Often what was started last in that channel gives way to it. */
static void start(struct filler *f, int ask)
{
    const struct life *life = &f->lives[ask];
    int other = f->working[life->channel];
    bool instead = other != 0 && other != ask && strcmp(f->lives[other].state, "started") == 0 && fill_chance(f, 25);
    g_autofree char *reason = fill_sentence(f, "because", 6);
    int who = fill_somebody(f);
    cJSON *data = json_object();
    if (instead) {
        cJSON *numbers = json_array();
        json_push(numbers, cJSON_CreateNumber(other));
        json_put(data, "instead", numbers);
    } else {
        json_put_bool(data, "room", true);
    }
    fill_about(f, ask, who, "ask.started", instead ? reason : NULL, "started", data);
    f->working[life->channel] = ask;
    if (fill_chance(f, 75))
        fill_later(f, ask, SHIP, 0, 5, 60);
    if (!instead)
        return;
    cJSON *paused = json_object();
    json_put_int(paused, "by", ask);
    json_put_int(paused, "revisit", in_days(f, REVISIT_DAYS));
    fill_about(f, other, who, "ask.paused", reason, "paused", paused);
    fill_say_it(f, other, "note", f->lives[other].channel, f->lives[other].card);
    fill_later(f, other, fill_chance(f, 75) ? RESUME : SHELVE, 0, 3, REVISIT_DAYS);
}

static void ship(struct filler *f, int ask)
{
    cJSON *data = json_object();
    json_put_int(data, "outcome_due", in_days(f, OUTCOME_DAYS));
    fill_about(f, ask, fill_somebody(f), "ask.shipped", NULL, "shipped", data);
    f->lives[ask].ended = true;
    if (fill_chance(f, 80))
        fill_later(f, ask, OUTCOME, 0, OUTCOME_DAYS, LATEST_STEP_DAYS);
}

static void tell_outcome(struct filler *f, int ask)
{
    static const char *const outcomes[] = {"as_expected", "partly", "below", "unknown"};
    int which = fill_chance(f, 40) ? 0 : fill_chance(f, 50) ? 1 : fill_chance(f, 50) ? 2 : 3;
    g_autofree char *text = fill_sentence(f, "3% instead of 5%,", 5);
    struct log_entry waits = {.kind = "outcome.waits", .ask = ask, .channel = f->lives[ask].channel, .person = 3,
                              .data = json_object()};
    json_put_int(waits.data, "asked", 1);
    fill_happen(f, waits);
    cJSON *data = fill_data("outcome", outcomes[which]);
    if (which < 3) {
        json_put(data, "actual", cJSON_CreateNumber(3));
        json_put(data, "ratio", cJSON_CreateNumber(which == 0 ? 1 : 0.6));
        json_put_str(data, "unit", "%");
    }
    fill_about(f, ask, 3, "ask.outcome", text, "checked", data);
}

static void word_need(struct filler *f, int ask)
{
    g_autofree char *need = fill_sentence(f, "Buyers want", 8), *fixed = fill_sentence(f, "the price of", 4);
    fill_about(f, ask, fill_somebody(f), "ask.need", need, NULL, NULL);
    fill_say_it(f, ask, "need", f->lives[ask].channel, f->lives[ask].card);
    fill_about(f, ask, fill_somebody(f), "ask.need_part", fixed, NULL, fill_data("part", "fixed"));
    if (fill_chance(f, 70))
        fill_later(f, ask, CONFIRM, 0, 0, 5);
}

static void add_detail(struct filler *f, int ask)
{
    int who = fill_somebody(f);
    g_autofree char *talk = fill_sentence(f, "the buyer of", 3);
    cJSON *cost = json_object();
    json_put_int(cost, "low", 40);
    json_put_int(cost, "high", 80);
    fill_about(f, ask, who, "ask.cost", "about two weeks", NULL, cost);
    fill_about(f, ask, who, "ask.talk", talk, NULL, NULL);
    fill_happen(f, (struct log_entry){.kind = "ask.informed", .actor = who, .person = who, .ask = ask,
                                      .channel = f->lives[ask].channel, .data = json_object()});
}

static void serve(struct filler *f, int ask)
{
    const struct aims *aims = &f->aims[f->lives[ask].channel];
    cJSON *goal = json_object(), *metric = fill_data("direction", ask % 9 == 0 ? "up" : "down");
    json_put_int(goal, "goal", aims->goals[ask % AIMS]);
    json_put_int(metric, "metric", aims->metrics[ask / AIMS % AIMS]);
    fill_about(f, ask, fill_somebody(f), "ask.goal", NULL, NULL, goal);
    fill_about(f, ask, fill_somebody(f), "ask.metric", NULL, NULL, metric);
}

/* Into the one before it in the same channel, if that is there still. */
static void merge(struct filler *f, int ask)
{
    struct life *life = &f->lives[ask];
    int into = ask - 1;
    while (into > 0 && into > ask - 200 && f->lives[into].channel != life->channel)
        into--;
    if (into <= 0 || f->lives[into].channel != life->channel || f->lives[into].ended)
        return;
    cJSON *data = json_object();
    json_put_int(data, "into", into);
    fill_about(f, ask, fill_somebody(f), "ask.merged", "It is the same", "merged", data);
    life->ended = true;
}

void fill_live_on(struct filler *f, int ask, enum what what)
{
    const struct life *life = &f->lives[ask];
    bool open = fill_is(life, "waiting clear accepted later started paused");
    if (what == START && fill_is(life, "accepted"))
        start(f, ask);
    else if (what == SHIP && fill_is(life, "started"))
        ship(f, ask);
    else if (what == OUTCOME && fill_is(life, "shipped"))
        tell_outcome(f, ask);
    else if (what == RESUME && fill_is(life, "paused"))
        fill_about(f, ask, fill_somebody(f), "ask.resumed", NULL, "started", NULL);
    else if (what == SHELVE && fill_is(life, "paused"))
        fill_about(f, ask, 0, "ask.shelved", NULL, "shelved", NULL);
    else if (what == REOPEN && fill_is(life, "declined"))
        fill_about(f, ask, life->asker, "ask.reopened", "A bank signed", "clear", NULL);
    else if (what == NEED && open)
        word_need(f, ask);
    else if (what == CONFIRM && open)
        fill_about(f, ask, life->asker, "ask.need_confirmed", NULL, NULL, NULL);
    else if (what == DETAIL && open)
        add_detail(f, ask);
    else if (what == AIM && open)
        serve(f, ask);
    else if (what == MERGE && fill_is(life, "waiting clear"))
        merge(f, ask);
    else if (what == URGENT && open) {
        cJSON *data = json_object();
        json_put_int(data, "until", in_days(f, 1));
        fill_about(f, ask, life->asker, "ask.urgent", NULL, NULL, data);
        if (fill_chance(f, 60))
            fill_about(f, ask, 0, "ask.urgent_settled", NULL, NULL, NULL);
    }
}
