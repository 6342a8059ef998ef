#include "tests/bench/slack/fake.h"

#include "bot/base/clock.h"
#include "tests/bench/slack/wire.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SECOND = 1700000000, /* of commands' cards; a command's number in microseconds */
    OTHER_SECOND = 1600000000, /* of all other posts */
    INVITES_IN_FLIGHT = 32,
};

struct command {
    int64_t wanted_us;
    const struct wire_conn *conn;
    guint8 acknowledged, cards, questions;
    bool lost;
};

struct fake {
    struct loop *loop;
    struct wire *wire;
    struct loop_timer *patience;
    GPtrArray *sockets;
    int sockets_opened, requests;
    bool posts_expected, patience_over;
    bool (*holds)(const struct fake *fake);
    int keep, in_flight, first; /* first: the number measuring began with */
    GArray *commands;           /* struct command, by number */
    struct fake_tally tally;
    int64_t others; /* posts */
    int invited, invites_acknowledged, introduced, channels_looked_up;
    int64_t wanted_us; /* since when a command could not be sent */
    GString *text;
};

static int64_t now_us(void)
{
    return clock_monotonic_us();
}

/* ---- commands out ---- */

/* The newest: one that was asked to leave takes commands only until another is there. */
static struct wire_conn *next_socket(struct fake *fake)
{
    return fake->sockets->len == 0 ? NULL : g_ptr_array_index(fake->sockets, fake->sockets->len - 1);
}

static void send_command(struct fake *fake, struct wire_conn *conn)
{
    guint number = fake->commands->len, channel = number % BENCH_CHANNELS, person = number % BENCH_PEOPLE;
    struct command command = {.wanted_us = now_us(), .conn = conn};
    if (fake->wanted_us != 0)
        command.wanted_us = fake->wanted_us;
    g_array_append_val(fake->commands, command);
    g_string_printf(fake->text,
                    "{\"envelope_id\":\"%08x-0000-4000-8000-000000000001\",\"type\":\"slash_commands\","
                    "\"accepts_response_payload\":true,\"payload\":{\"token\":\"bench\",\"team_id\":\"T0BENCH01\","
                    "\"team_domain\":\"bench\",\"channel_id\":\"C0BENCH%04u\",\"channel_name\":\"bench-%u\","
                    "\"user_id\":\"U0BENCH%04u\",\"user_name\":\"person%u\",\"command\":\"/ask\","
                    "\"text\":\"Let people download report bench0%08u as a spreadsheet\",\"api_app_id\":\"A0BENCH01\","
                    "\"is_enterprise_install\":\"false\",\"response_url\":\"http://127.0.0.1:%d/response/%u\","
                    "\"trigger_id\":\"%u.%u.%032x\"}}",
                    number, channel, channel, person, person, number, wire_port(fake->wire), number, number, channel,
                    number);
    wire_send(conn, fake->text->str, fake->text->len);
    fake->in_flight++;
    fake->tally.sent++;
    if (fake->tally.first_sent_us == 0)
        fake->tally.first_sent_us = command.wanted_us;
}

static void fill(struct fake *fake)
{
    while (fake->in_flight < fake->keep) {
        struct wire_conn *conn = next_socket(fake);
        if (conn == NULL) {
            if (fake->wanted_us == 0)
                fake->wanted_us = now_us();
            return;
        }
        send_command(fake, conn);
    }
    fake->wanted_us = 0;
}

static void send_invites(struct fake *fake)
{
    while (fake->invited < BENCH_CHANNELS && fake->invited - fake->invites_acknowledged < INVITES_IN_FLIGHT) {
        struct wire_conn *conn = next_socket(fake);
        if (conn == NULL)
            return;
        int channel = fake->invited++;
        g_string_printf(fake->text,
                        "{\"envelope_id\":\"invite-%d\",\"type\":\"events_api\",\"accepts_response_payload\":false,"
                        "\"retry_attempt\":0,\"retry_reason\":\"\",\"payload\":{\"token\":\"bench\","
                        "\"team_id\":\"T0BENCH01\",\"api_app_id\":\"A0BENCH01\",\"type\":\"event_callback\","
                        "\"event_id\":\"Ev0BENCH%04d\",\"event_time\":%d,\"event\":{\"type\":\"member_joined_channel\","
                        "\"user\":\"U0ASKWHY1\",\"channel\":\"C0BENCH%04d\",\"channel_type\":\"C\","
                        "\"team\":\"T0BENCH01\",\"inviter\":\"U0BENCH%04d\",\"event_ts\":\"%d.%06d\"}}}",
                        channel, channel, FIRST_SECOND, channel, channel % BENCH_PEOPLE, FIRST_SECOND, channel);
        wire_send(conn, fake->text->str, fake->text->len);
    }
}

/* ---- acknowledgements in ---- */

static void command_acknowledged(struct fake *fake, guint number)
{
    if (number >= fake->commands->len)
        g_error("an envelope that was not sent was acknowledged: %u", number);
    struct command *command = &g_array_index(fake->commands, struct command, number);
    if (command->acknowledged++ > 0 || command->lost)
        return;
    fake->in_flight--;
    if ((int)number >= fake->first) {
        int64_t now = now_us(), delay = now - command->wanted_us;
        fake->tally.acknowledged++;
        if (fake->tally.last_acknowledged_us != 0)
            fake->tally.longest_silence_us = MAX(fake->tally.longest_silence_us, now - fake->tally.last_acknowledged_us);
        fake->tally.last_acknowledged_us = now;
        g_array_append_val(fake->tally.delays_us, delay);
    }
    fill(fake);
}

static void frame(struct wire_conn *conn, const char *text, gsize size, void *data)
{
    static const char name[] = "\"envelope_id\":\"";
    (void)conn;
    struct fake *fake = data;
    const char *at = g_strstr_len(text, (gssize)size, name);
    if (at == NULL)
        g_error("no acknowledgement: %.*s", (int)MIN(size, 200), text);
    at += strlen(name);
    if (strncmp(at, "invite-", 7) == 0) {
        fake->invites_acknowledged++;
        send_invites(fake);
    } else {
        command_acknowledged(fake, (guint)strtoul(at, NULL, 16));
    }
}

/* ---- sockets ---- */

static void opened(struct wire_conn *conn, void *data)
{
    static const char hello[] = "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A0BENCH01\"},"
                                "\"debug_info\":{\"host\":\"bench\",\"approximate_connection_time\":18060}}";
    struct fake *fake = data;
    wire_send(conn, hello, sizeof hello - 1);
    fake->sockets_opened++;
    g_ptr_array_add(fake->sockets, conn);
    fill(fake);
}

static void closed(struct wire_conn *conn, void *data)
{
    struct fake *fake = data;
    g_ptr_array_remove(fake->sockets, conn);
    for (guint i = (guint)fake->first; i < fake->commands->len; i++) {
        struct command *command = &g_array_index(fake->commands, struct command, i);
        if (command->conn == conn && command->acknowledged == 0 && !command->lost) {
            command->lost = true;
            fake->tally.lost++;
            fake->in_flight--;
        }
    }
    fill(fake);
}

/* ---- the Web API ---- */

static char *api_url(const struct fake *fake, const char *path, const char *scheme)
{
    return g_strdup_printf("%s://127.0.0.1:%d/%s", scheme, wire_port(fake->wire), path);
}

/* The digits after a name in a body, form-encoded or JSON; NULL when it has no such thing. */
static const char *value_after(const char *body, const char *name)
{
    const char *at = strstr(body, name);
    return at != NULL ? at + strlen(name) : NULL;
}

static void count_post(struct fake *fake, const char *body, guint number, bool question)
{
    if (number >= fake->commands->len) {
        fake->tally.wrong++;
        return;
    }
    struct command *command = &g_array_index(fake->commands, struct command, number);
    const char *channel = value_after(body, "C0BENCH");
    guint8 *count = question ? &command->questions : &command->cards;
    if (channel == NULL || strtoul(channel, NULL, 10) % 10000 != number % BENCH_CHANNELS || (*count)++ > 0)
        fake->tally.wrong++;
    if ((int)number < fake->first)
        return;
    *(question ? &fake->tally.questions : &fake->tally.cards) += 1;
    fake->tally.last_post_us = now_us();
}

static void take_post(struct fake *fake, struct wire_conn *conn, const char *body)
{
    const char *thread = value_after(body, "thread_ts"), *card = value_after(body, "bench0");
    int64_t second = OTHER_SECOND, fraction = fake->others;
    if (thread != NULL) {
        thread += strcspn(thread, "0123456789");
        guint64 whole = g_ascii_strtoull(thread, NULL, 10);
        const char *dot = strchr(thread, '.');
        bool of_card = whole >= FIRST_SECOND && dot != NULL;
        guint64 number = of_card ? (whole - FIRST_SECOND) * 1000000 + strtoul(dot + 1, NULL, 10) : G_MAXUINT;
        count_post(fake, body, (guint)MIN(number, G_MAXUINT), true);
        fake->others++;
    } else if (card != NULL) {
        guint number = (guint)strtoul(card, NULL, 10);
        count_post(fake, body, number, false);
        second = FIRST_SECOND;
        fraction = number;
    } else {
        fake->introduced++;
        fake->others++;
    }
    const char *at = value_after(body, "C0BENCH");
    g_string_printf(fake->text,
                    "{\"ok\":true,\"channel\":\"C0BENCH%.4s\",\"ts\":\"%010d.%06d\",\"message\":{\"user\":\"U0ASKWHY1\","
                    "\"type\":\"message\",\"ts\":\"%010d.%06d\",\"bot_id\":\"B0ASKWHY1\",\"app_id\":\"A0BENCH01\","
                    "\"text\":\"\",\"team\":\"T0BENCH01\"}}",
                    at != NULL ? at : "0000", (int)(second + fraction / 1000000), (int)(fraction % 1000000),
                    (int)(second + fraction / 1000000), (int)(fraction % 1000000));
    wire_answer(conn, fake->text->str);
}

static void answer_person(struct fake *fake, struct wire_conn *conn, const char *asked)
{
    const char *at = value_after(asked, "U0BENCH");
    g_string_printf(fake->text,
                    "{\"ok\":true,\"user\":{\"id\":\"U0BENCH%.4s\",\"team_id\":\"T0BENCH01\",\"name\":\"person\","
                    "\"real_name\":\"Person %.4s\",\"tz\":\"Europe/Tallinn\",\"locale\":\"en-US\",\"is_bot\":false,"
                    "\"deleted\":false,\"profile\":{\"display_name\":\"Person %.4s\"}}}",
                    at != NULL ? at : "0000", at != NULL ? at : "0000", at != NULL ? at : "0000");
    wire_answer(conn, fake->text->str);
}

static void answer_channel(struct fake *fake, struct wire_conn *conn, const char *asked)
{
    const char *at = value_after(asked, "C0BENCH");
    fake->channels_looked_up++;
    g_string_printf(fake->text,
                    "{\"ok\":true,\"channel\":{\"id\":\"C0BENCH%.4s\",\"name\":\"bench-%.4s\",\"is_channel\":true,"
                    "\"is_private\":false,\"is_im\":false,\"is_mpim\":false,\"is_member\":true}}",
                    at != NULL ? at : "0000", at != NULL ? at : "0000");
    wire_answer(conn, fake->text->str);
}

static void request(struct wire_conn *conn, const char *target, const char *body, void *data)
{
    struct fake *fake = data;
    const char *method = g_str_has_prefix(target, "/api/") ? target + strlen("/api/") : "";
    fake->requests++;
    g_autofree char *asked = g_strconcat(target, " ", body, NULL);
    if (g_str_has_prefix(method, "chat.postMessage")) {
        take_post(fake, conn, body);
    } else if (g_str_has_prefix(method, "apps.connections.open")) {
        g_autofree char *url = api_url(fake, "link/?ticket=bench", "ws");
        g_string_printf(fake->text, "{\"ok\":true,\"url\":\"%s\"}", url);
        wire_answer(conn, fake->text->str);
    } else if (g_str_has_prefix(method, "auth.test")) {
        g_autofree char *url = api_url(fake, "", "http");
        g_string_printf(fake->text,
                        "{\"ok\":true,\"url\":\"%s\",\"team\":\"Bench\",\"user\":\"askwhy\",\"team_id\":\"T0BENCH01\","
                        "\"user_id\":\"U0ASKWHY1\",\"bot_id\":\"B0ASKWHY1\",\"is_enterprise_install\":false}",
                        url);
        wire_answer(conn, fake->text->str);
    } else if (g_str_has_prefix(method, "users.info")) {
        answer_person(fake, conn, asked);
    } else if (g_str_has_prefix(method, "conversations.info") || g_str_has_prefix(method, "conversations.join")) {
        answer_channel(fake, conn, asked);
    } else {
        wire_answer(conn, "{\"ok\":true,\"messages\":[],\"channels\":[],\"members\":[],\"has_more\":false}");
    }
}

/* ---- running ---- */

static void patience_ended(void *data)
{
    struct fake *fake = data;
    fake->patience_over = true;
    loop_stop(fake->loop);
}

static void before_sleep(void *data)
{
    struct fake *fake = data;
    wire_flush(fake->wire);
    if (fake->holds != NULL && fake->holds(fake))
        loop_stop(fake->loop);
}

bool fake_run_until(struct fake *fake, bool (*holds)(const struct fake *fake), int64_t ms)
{
    fake->holds = holds;
    fake->patience_over = false;
    wire_flush(fake->wire);
    loop_timer_set_ms(fake->patience, ms);
    loop_run(fake->loop, before_sleep, fake);
    loop_timer_clear(fake->patience);
    return !fake->patience_over;
}

void fake_run(struct fake *fake, int64_t ms)
{
    fake_run_until(fake, NULL, ms);
}

bool fake_connected(const struct fake *fake)
{
    return fake->sockets->len > 0;
}

bool fake_left(const struct fake *fake)
{
    return fake->sockets->len == 0;
}

bool fake_acknowledged_once(const struct fake *fake)
{
    return fake->tally.acknowledged > 0;
}

bool fake_complete(const struct fake *fake)
{
    const struct fake_tally *tally = &fake->tally;
    return fake->in_flight == 0 && tally->acknowledged + tally->lost == tally->sent &&
           (!fake->posts_expected ||
            (tally->cards >= tally->acknowledged && tally->questions >= tally->acknowledged));
}

bool fake_settled(const struct fake *fake)
{
    return fake->invites_acknowledged >= BENCH_CHANNELS && fake->introduced >= BENCH_CHANNELS &&
           fake->channels_looked_up >= BENCH_CHANNELS;
}

/* ---- orders ---- */

void fake_expect_posts(struct fake *fake, bool expected)
{
    fake->posts_expected = expected;
}

void fake_keep(struct fake *fake, int in_flight)
{
    fake->keep = in_flight;
    fill(fake);
}

void fake_measure(struct fake *fake)
{
    if (fake->tally.delays_us != NULL)
        g_array_unref(fake->tally.delays_us);
    fake->tally = (struct fake_tally){.delays_us = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    fake->first = (int)fake->commands->len;
}

const struct fake_tally *fake_tally(const struct fake *fake)
{
    return &fake->tally;
}

void fake_invite(struct fake *fake)
{
    fake->invited = fake->invites_acknowledged = fake->introduced = fake->channels_looked_up = 0;
    send_invites(fake);
}

void fake_disconnect(struct fake *fake, const char *reason)
{
    g_autofree char *text = g_strdup_printf(
        "{\"type\":\"disconnect\",\"reason\":\"%s\",\"debug_info\":{\"host\":\"bench\"}}", reason);
    for (guint i = 0; i < fake->sockets->len; i++)
        wire_send(g_ptr_array_index(fake->sockets, i), text, strlen(text));
}

void fake_drop(struct fake *fake)
{
    while (fake->sockets->len > 0)
        wire_cut(g_ptr_array_index(fake->sockets, 0));
}

int fake_sockets_opened(const struct fake *fake)
{
    return fake->sockets_opened;
}

int fake_requests(const struct fake *fake)
{
    return fake->requests;
}

struct fake *fake_new(struct loop *loop)
{
    static const struct wire_handler handler = {.request = request, .opened = opened, .frame = frame, .closed = closed};
    struct fake *fake = g_new0(struct fake, 1);
    fake->loop = loop;
    fake->sockets = g_ptr_array_new();
    fake->commands = g_array_new(FALSE, TRUE, sizeof(struct command));
    fake->text = g_string_new(NULL);
    fake->posts_expected = true;
    fake->patience = loop_timer_new(loop, patience_ended, fake);
    fake->wire = wire_new(loop, &handler, fake);
    fake_measure(fake);
    return fake;
}

int fake_port(const struct fake *fake)
{
    return wire_port(fake->wire);
}

void fake_free(struct fake *fake)
{
    g_array_unref(fake->tally.delays_us);
    loop_timer_free(fake->patience);
    wire_free(fake->wire);
    g_ptr_array_unref(fake->sockets);
    g_array_unref(fake->commands);
    g_string_free(fake->text, TRUE);
    g_free(fake);
}
