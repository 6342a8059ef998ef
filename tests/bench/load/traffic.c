#include "tests/bench/load/traffic.h"

#include "bot/base/clock.h"

#include <string.h>

struct command {
    int64_t wanted_us;
    const void *way;
    guint8 acknowledged, cards, questions;
    bool lost;
};

struct traffic {
    struct loop *loop;
    struct wire *wire;
    traffic_send_fn *send;
    void *data;
    struct loop_timer *patience;
    bool posts_expected, patience_over;
    bool (*holds)(void *data);
    void *holds_data;
    int keep, in_flight, first; /* first: the number measuring began with */
    GArray *commands;           /* struct command, by number */
    struct tally tally;
    int64_t wanted_us; /* since when a command could not be sent */
};

const char *text_behind(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at != NULL ? at + strlen(name) : NULL;
}

/* ---- out ---- */

static bool send_command(struct traffic *traffic)
{
    guint number = traffic->commands->len;
    struct command command = {.wanted_us = traffic->wanted_us != 0 ? traffic->wanted_us : clock_monotonic_us()};
    command.way = traffic->send(number, number % BENCH_CHANNELS, number % BENCH_PEOPLE, traffic->data);
    if (command.way == NULL)
        return false;
    g_array_append_val(traffic->commands, command);
    traffic->in_flight++;
    traffic->tally.sent++;
    if (traffic->tally.first_sent_us == 0)
        traffic->tally.first_sent_us = command.wanted_us;
    return true;
}

void traffic_fill(struct traffic *traffic)
{
    while (traffic->in_flight < traffic->keep) {
        if (!send_command(traffic)) {
            if (traffic->wanted_us == 0)
                traffic->wanted_us = clock_monotonic_us();
            return;
        }
    }
    traffic->wanted_us = 0;
}

void traffic_keep(struct traffic *traffic, int in_flight)
{
    traffic->keep = in_flight;
    traffic_fill(traffic);
}

/* ---- back ---- */

void traffic_acknowledged(struct traffic *traffic, guint number)
{
    if (number >= traffic->commands->len)
        g_error("a command that was not sent was acknowledged: %u", number);
    struct command *command = &g_array_index(traffic->commands, struct command, number);
    if (command->acknowledged++ > 0 || command->lost)
        return;
    traffic->in_flight--;
    if ((int)number >= traffic->first) {
        struct tally *tally = &traffic->tally;
        int64_t now = clock_monotonic_us(), delay = now - command->wanted_us;
        tally->acknowledged++;
        if (tally->last_acknowledged_us != 0)
            tally->longest_silence_us = MAX(tally->longest_silence_us, now - tally->last_acknowledged_us);
        tally->last_acknowledged_us = now;
        g_array_append_val(tally->delays_us, delay);
    }
    traffic_fill(traffic);
}

void traffic_lost(struct traffic *traffic, const void *way)
{
    for (guint i = (guint)traffic->first; i < traffic->commands->len; i++) {
        struct command *command = &g_array_index(traffic->commands, struct command, i);
        if (command->way == way && command->acknowledged == 0 && !command->lost) {
            command->lost = true;
            traffic->tally.lost++;
            traffic->in_flight--;
        }
    }
    traffic_fill(traffic);
}

void traffic_posted(struct traffic *traffic, guint number, guint channel, bool question)
{
    if (number >= traffic->commands->len) {
        traffic->tally.wrong++;
        return;
    }
    struct command *command = &g_array_index(traffic->commands, struct command, number);
    guint8 *count = question ? &command->questions : &command->cards;
    if (channel != number % BENCH_CHANNELS || (*count)++ > 0)
        traffic->tally.wrong++;
    if ((int)number < traffic->first)
        return;
    *(question ? &traffic->tally.questions : &traffic->tally.cards) += 1;
    traffic->tally.last_post_us = clock_monotonic_us();
}

/* ---- running ---- */

static void patience_ended(void *data)
{
    struct traffic *traffic = data;
    traffic->patience_over = true;
    loop_stop(traffic->loop);
}

static void before_sleep(void *data)
{
    struct traffic *traffic = data;
    wire_flush(traffic->wire);
    if (traffic->holds != NULL && traffic->holds(traffic->holds_data))
        loop_stop(traffic->loop);
}

bool traffic_run_until(struct traffic *traffic, bool (*holds)(void *data), void *data, int64_t ms)
{
    traffic->holds = holds;
    traffic->holds_data = data;
    traffic->patience_over = false;
    wire_flush(traffic->wire);
    loop_timer_set_ms(traffic->patience, ms);
    loop_run(traffic->loop, before_sleep, traffic);
    loop_timer_clear(traffic->patience);
    return !traffic->patience_over;
}

void traffic_run(struct traffic *traffic, int64_t ms)
{
    traffic_run_until(traffic, NULL, NULL, ms);
}

bool traffic_acknowledged_once(void *data)
{
    const struct traffic *traffic = data;
    return traffic->tally.acknowledged > 0;
}

bool traffic_complete(void *data)
{
    const struct traffic *traffic = data;
    const struct tally *tally = &traffic->tally;
    return traffic->in_flight == 0 && tally->acknowledged + tally->lost == tally->sent &&
           (!traffic->posts_expected ||
            (tally->cards >= tally->acknowledged && tally->questions >= tally->acknowledged));
}

/* ---- orders ---- */

void traffic_expect_posts(struct traffic *traffic, bool expected)
{
    traffic->posts_expected = expected;
}

void traffic_measure(struct traffic *traffic)
{
    if (traffic->tally.delays_us != NULL)
        g_array_unref(traffic->tally.delays_us);
    traffic->tally = (struct tally){.delays_us = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    traffic->first = (int)traffic->commands->len;
}

const struct tally *traffic_tally(const struct traffic *traffic)
{
    return &traffic->tally;
}

guint traffic_count(const struct traffic *traffic)
{
    return traffic->commands->len;
}

struct traffic *traffic_new(struct loop *loop, struct wire *wire, traffic_send_fn *send, void *data)
{
    struct traffic *traffic = g_new0(struct traffic, 1);
    *traffic = (struct traffic){.loop = loop, .wire = wire, .send = send, .data = data, .posts_expected = true};
    traffic->commands = g_array_new(FALSE, TRUE, sizeof(struct command));
    traffic->patience = loop_timer_new(loop, patience_ended, traffic);
    traffic_measure(traffic);
    return traffic;
}

void traffic_free(struct traffic *traffic)
{
    g_array_unref(traffic->tally.delays_us);
    loop_timer_free(traffic->patience);
    g_array_unref(traffic->commands);
    g_free(traffic);
}
