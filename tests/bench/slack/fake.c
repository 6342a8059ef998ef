#include "tests/bench/slack/fake.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SECOND = 1700000000, /* of commands' cards; a command's number in microseconds */
    OTHER_SECOND = 1600000000, /* of all other posts */
    INVITES_IN_FLIGHT = 32,
};

struct fake {
    struct wire *wire;
    struct traffic *traffic;
    GPtrArray *sockets;
    int sockets_opened, requests;
    int64_t others; /* posts */
    int invited, invites_acknowledged, introduced, channels_looked_up;
    GString *text;
};

/* ---- commands out ---- */

/* The newest: one that was asked to leave takes commands only until another is there. */
static struct wire_conn *next_socket(struct fake *fake)
{
    return fake->sockets->len == 0 ? NULL : g_ptr_array_index(fake->sockets, fake->sockets->len - 1);
}

static const void *send_command(guint number, guint channel, guint person, void *data)
{
    struct fake *fake = data;
    struct wire_conn *conn = next_socket(fake);
    if (conn == NULL)
        return NULL;
    g_string_printf(fake->text,
                    "{\"envelope_id\":\"%08x-0000-4000-8000-000000000001\",\"type\":\"slash_commands\","
                    "\"accepts_response_payload\":true,\"payload\":{\"token\":\"bench\",\"team_id\":\"T0BENCH01\","
                    "\"team_domain\":\"bench\",\"channel_id\":\"C0BENCH%04u\",\"channel_name\":\"bench-%u\","
                    "\"user_id\":\"U0BENCH%04u\",\"user_name\":\"person%u\",\"command\":\"/ask\","
                    "\"text\":\"" BENCH_TEXT "\",\"api_app_id\":\"A0BENCH01\","
                    "\"is_enterprise_install\":\"false\",\"response_url\":\"http://127.0.0.1:%d/response/%u\","
                    "\"trigger_id\":\"%u.%u.%032x\"}}",
                    number, channel, channel, person, person, number, wire_port(fake->wire), number, number, channel,
                    number);
    wire_send(conn, fake->text->str, fake->text->len);
    return conn;
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
        traffic_acknowledged(fake->traffic, (guint)strtoul(at, NULL, 16));
    }
}

/* ---- sockets ---- */

static void opened(struct wire_conn *conn, const char *target, void *data)
{
    (void)target;
    static const char hello[] = "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A0BENCH01\"},"
                                "\"debug_info\":{\"host\":\"bench\",\"approximate_connection_time\":18060}}";
    struct fake *fake = data;
    wire_send(conn, hello, sizeof hello - 1);
    fake->sockets_opened++;
    g_ptr_array_add(fake->sockets, conn);
    traffic_fill(fake->traffic);
}

static void closed(struct wire_conn *conn, void *data)
{
    struct fake *fake = data;
    g_ptr_array_remove(fake->sockets, conn);
    traffic_lost(fake->traffic, conn);
}

/* ---- the Web API ---- */

char *fake_url(const struct fake *fake, const char *scheme, const char *path)
{
    return g_strdup_printf("%s://127.0.0.1:%d/%s", scheme, wire_port(fake->wire), path);
}

static void count_post(struct fake *fake, const char *body, guint number, bool question)
{
    const char *channel = text_behind(body, "C0BENCH");
    traffic_posted(fake->traffic, number, channel != NULL ? (guint)strtoul(channel, NULL, 10) % 10000 : G_MAXUINT, question);
}

static void take_post(struct fake *fake, struct wire_conn *conn, const char *body)
{
    const char *thread = text_behind(body, "thread_ts"), *card = text_behind(body, BENCH_MARK);
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
    const char *at = text_behind(body, "C0BENCH");
    g_string_printf(fake->text,
                    "{\"ok\":true,\"channel\":\"C0BENCH%.4s\",\"ts\":\"%010d.%06d\",\"message\":{\"user\":\"U0ASKWHY1\","
                    "\"type\":\"message\",\"ts\":\"%010d.%06d\",\"bot_id\":\"B0ASKWHY1\",\"app_id\":\"A0BENCH01\","
                    "\"text\":\"\",\"team\":\"T0BENCH01\"}}",
                    at != NULL ? at : "0000", (int)(second + fraction / 1000000), (int)(fraction % 1000000),
                    (int)(second + fraction / 1000000), (int)(fraction % 1000000));
    wire_answer(conn, 200, fake->text->str);
}

static void answer_person(struct fake *fake, struct wire_conn *conn, const char *asked)
{
    const char *at = text_behind(asked, "U0BENCH");
    g_string_printf(fake->text,
                    "{\"ok\":true,\"user\":{\"id\":\"U0BENCH%.4s\",\"team_id\":\"T0BENCH01\",\"name\":\"person\","
                    "\"real_name\":\"Person %.4s\",\"tz\":\"Europe/Tallinn\",\"locale\":\"en-US\",\"is_bot\":false,"
                    "\"deleted\":false,\"profile\":{\"display_name\":\"Person %.4s\"}}}",
                    at != NULL ? at : "0000", at != NULL ? at : "0000", at != NULL ? at : "0000");
    wire_answer(conn, 200, fake->text->str);
}

static void answer_channel(struct fake *fake, struct wire_conn *conn, const char *asked)
{
    const char *at = text_behind(asked, "C0BENCH");
    fake->channels_looked_up++;
    g_string_printf(fake->text,
                    "{\"ok\":true,\"channel\":{\"id\":\"C0BENCH%.4s\",\"name\":\"bench-%.4s\",\"is_channel\":true,"
                    "\"is_private\":false,\"is_im\":false,\"is_mpim\":false,\"is_member\":true}}",
                    at != NULL ? at : "0000", at != NULL ? at : "0000");
    wire_answer(conn, 200, fake->text->str);
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
        g_autofree char *url = fake_url(fake, "ws", "link/?ticket=bench");
        g_string_printf(fake->text, "{\"ok\":true,\"url\":\"%s\"}", url);
        wire_answer(conn, 200, fake->text->str);
    } else if (g_str_has_prefix(method, "auth.test")) {
        g_autofree char *url = fake_url(fake, "http", "");
        g_string_printf(fake->text,
                        "{\"ok\":true,\"url\":\"%s\",\"team\":\"Bench\",\"user\":\"askwhy\",\"team_id\":\"T0BENCH01\","
                        "\"user_id\":\"U0ASKWHY1\",\"bot_id\":\"B0ASKWHY1\",\"is_enterprise_install\":false}",
                        url);
        wire_answer(conn, 200, fake->text->str);
    } else if (g_str_has_prefix(method, "users.info")) {
        answer_person(fake, conn, asked);
    } else if (g_str_has_prefix(method, "conversations.info") || g_str_has_prefix(method, "conversations.join")) {
        answer_channel(fake, conn, asked);
    } else {
        wire_answer(conn, 200, "{\"ok\":true,\"messages\":[],\"channels\":[],\"members\":[],\"has_more\":false}");
    }
}

/* ---- conditions ---- */

bool fake_connected(void *data)
{
    const struct fake *fake = data;
    return fake->sockets->len > 0;
}

bool fake_left(void *data)
{
    return !fake_connected(data);
}

bool fake_settled(void *data)
{
    const struct fake *fake = data;
    return fake->invites_acknowledged >= BENCH_CHANNELS && fake->introduced >= BENCH_CHANNELS &&
           fake->channels_looked_up >= BENCH_CHANNELS;
}

/* ---- orders ---- */

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

int fake_requests(void *data)
{
    const struct fake *fake = data;
    return fake->requests;
}

struct traffic *fake_traffic(struct fake *fake)
{
    return fake->traffic;
}

struct fake *fake_new(struct loop *loop)
{
    static const struct wire_handler handler = {.request = request, .opened = opened, .frame = frame, .closed = closed};
    struct fake *fake = g_new0(struct fake, 1);
    fake->sockets = g_ptr_array_new();
    fake->text = g_string_new(NULL);
    fake->wire = wire_new(loop, &handler, fake);
    fake->traffic = traffic_new(loop, fake->wire, send_command, fake);
    return fake;
}

void fake_free(struct fake *fake)
{
    wire_free(fake->wire);
    traffic_free(fake->traffic);
    g_ptr_array_unref(fake->sockets);
    g_string_free(fake->text, TRUE);
    g_free(fake);
}
