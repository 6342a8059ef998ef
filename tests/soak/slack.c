#include "tests/soak/slack.h"

#include "bot/base/clock.h"
#include "tests/bench/load/wire.h"

#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 24, PEOPLE = 120, CARDS = 256, FIRST_SECOND = 1700000000, TICK_MS = 50 };

/* A card that stands in a channel, whose asker may answer in its thread. */
struct card {
    char ts[20], answer[20];
    int number, channel, person, edits;
};

struct slack {
    struct loop *loop;
    struct wire *wire;
    struct loop_timer *tick, *over;
    GRand *rand;
    GPtrArray *sockets;
    GHashTable *waiting; /* envelope's id → socket */
    GString *text;
    struct card cards[CARDS];
    struct slack_tally tally;
    char *last_event; /* to be delivered again */
    int a_second, envelopes, asks, posts, invited;
    bool still, idle;
    int64_t owed_at_us;
    int64_t next_us[4]; /* of what askwhy may answer only so often */
};

static int below(struct slack *slack, int limit)
{
    return g_rand_int_range(slack->rand, 0, limit);
}

/* ---- envelopes out ---- */

static void send_envelope(struct slack *slack, const char *type, bool reply, const char *payload)
{
    if (slack->sockets->len == 0)
        return;
    struct wire_conn *conn = g_ptr_array_index(slack->sockets, below(slack, (int)slack->sockets->len));
    int id = ++slack->envelopes;
    g_string_printf(slack->text, "{\"envelope_id\":\"e%d\",\"type\":\"%s\",\"accepts_response_payload\":%s,\"payload\":%s}", id,
                    type, reply ? "true" : "false", payload);
    g_hash_table_insert(slack->waiting, GINT_TO_POINTER(id), conn);
    slack->tally.sent++;
    wire_send(conn, slack->text->str, slack->text->len);
}

static void command(struct slack *slack, int channel, int person, const char *format, ...) G_GNUC_PRINTF(4, 5);
static void command(struct slack *slack, int channel, int person, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *payload = g_strdup_printf(
        "{\"team_id\":\"T0SOAK\",\"channel_id\":\"C0SOAK%02d\",\"channel_name\":\"soak\",\"user_id\":\"U0SOAK%03d\",\"user_name\":"
        "\"p\",\"command\":\"/ask\",\"text\":\"%s\",\"is_enterprise_install\":\"false\",\"response_url\":"
        "\"http://127.0.0.1:%d/response/%d\",\"trigger_id\":\"%d.1.a\"}",
        channel, person, text, wire_port(slack->wire), slack->envelopes, slack->envelopes + 1);
    send_envelope(slack, "slash_commands", true, payload);
}

/* Takes event. */
static void happen(struct slack *slack, char *event)
{
    g_free(slack->last_event);
    slack->last_event = g_strdup_printf("{\"team_id\":\"T0SOAK\",\"api_app_id\":\"A0\",\"type\":\"event_callback\",\"event_id\":"
                                        "\"Ev%d\",\"event_time\":%d,\"event\":%s}",
                                        slack->envelopes + 1, FIRST_SECOND, event);
    g_free(event);
    send_envelope(slack, "events_api", false, slack->last_event);
}

static void now_ts(struct slack *slack, char ts[20])
{
    int64_t now = clock_now_ms() / 1000;
    g_snprintf(ts, 20, "%010d.%06d", (int)now, ++slack->posts % 1000000);
}

static char *post(const char *type, int channel, int person, const char *thread, const char *ts, const char *text)
{
    g_autofree char *in = thread != NULL ? g_strdup_printf("\"thread_ts\":\"%s\",", thread) : g_strdup("");
    return g_strdup_printf("{\"type\":\"%s\",\"channel\":\"C0SOAK%02d\",\"channel_type\":\"channel\",%s\"user\":\"U0SOAK%03d\","
                           "\"text\":\"%s\",\"ts\":\"%s\",\"event_ts\":\"%s\"}",
                           type, channel, in, person, text, ts, ts);
}

static void invite(struct slack *slack)
{
    char ts[20];
    now_ts(slack, ts);
    happen(slack, g_strdup_printf("{\"type\":\"member_joined_channel\",\"user\":\"U0ASKWHY\",\"channel\":\"C0SOAK%02d\","
                                  "\"channel_type\":\"C\",\"inviter\":\"U0SOAK%03d\",\"event_ts\":\"%s\"}",
                                  slack->invited++, below(slack, PEOPLE), ts));
}

static struct card *any_card(struct slack *slack)
{
    struct card *card = &slack->cards[below(slack, CARDS)];
    return card->number != 0 ? card : NULL;
}

static void chatter(struct slack *slack)
{
    char ts[20];
    now_ts(slack, ts);
    const struct card *card = below(slack, 4) == 0 ? any_card(slack) : NULL;
    g_autofree char *text = g_strdup_printf("Number %d of many words that are none of askwhy's business", slack->posts);
    int person = card != NULL ? (card->person + 1) % PEOPLE : below(slack, PEOPLE);
    happen(slack, post("message", card != NULL ? card->channel : below(slack, CHANNELS), person,
                       card != NULL ? card->ts : NULL, ts, text));
}

static void answer(struct slack *slack)
{
    struct card *card = any_card(slack);
    if (card == NULL)
        return;
    now_ts(slack, card->answer);
    card->edits = 0;
    g_autofree char *text = g_strdup_printf("Customer %d can not sign without it, and churn goes down 2%%", slack->posts);
    happen(slack, post("message", card->channel, card->person, card->ts, card->answer, text));
}

static void edit_or_delete(struct slack *slack)
{
    struct card *card = any_card(slack);
    char ts[20];
    if (card == NULL || card->answer[0] == '\0')
        return;
    now_ts(slack, ts);
    bool ends = below(slack, 4) == 0;
    g_autofree char *which = ends ? g_strdup_printf("\"deleted_ts\":\"%s\"", card->answer)
                                  : g_strdup_printf("\"message\":{\"type\":\"message\",\"user\":\"U0SOAK%03d\",\"text\":\"Rather "
                                                    "customer %d\",\"ts\":\"%s\",\"thread_ts\":\"%s\",\"edited\":{\"user\":\"U\","
                                                    "\"ts\":\"%s\"}}",
                                                    card->person, slack->posts, card->answer, card->ts, ts);
    happen(slack, g_strdup_printf("{\"type\":\"message\",\"subtype\":\"message_%s\",\"hidden\":true,\"channel\":\"C0SOAK%02d\","
                                  "\"channel_type\":\"channel\",\"ts\":\"%s\",\"event_ts\":\"%s\",%s,\"previous_message\":{"
                                  "\"type\":\"message\",\"user\":\"U0SOAK%03d\",\"text\":\"before %d\",\"ts\":\"%s\","
                                  "\"thread_ts\":\"%s\"}}",
                                  ends ? "deleted" : "changed", card->channel, ts, ts, which, card->person, card->edits++,
                                  card->answer, card->ts));
    if (ends)
        card->answer[0] = '\0';
}

static void press(struct slack *slack, const char *action)
{
    const struct card *card = any_card(slack);
    if (card == NULL)
        return;
    g_autofree char *payload = g_strdup_printf(
        "{\"type\":\"block_actions\",\"user\":{\"id\":\"U0SOAK%03d\",\"username\":\"p\",\"team_id\":\"T0SOAK\"},\"team\":{\"id\":"
        "\"T0SOAK\"},\"container\":{\"type\":\"message\",\"message_ts\":\"%s\",\"channel_id\":\"C0SOAK%02d\",\"is_ephemeral\":"
        "false},\"trigger_id\":\"%d.1.a\",\"channel\":{\"id\":\"C0SOAK%02d\",\"name\":\"soak\"},\"message\":{\"type\":\"message\","
        "\"user\":\"U0ASKWHY\",\"ts\":\"%s\"},\"response_url\":\"http://127.0.0.1:%d/response/%d\",\"actions\":[{\"type\":"
        "\"button\",\"action_id\":\"%s\",\"block_id\":\"b\",\"value\":\"%d\",\"action_ts\":\"%s\"}]}",
        below(slack, PEOPLE), card->ts, card->channel, slack->envelopes + 1, card->channel, card->ts, wire_port(slack->wire),
        slack->envelopes, action, card->number, card->ts);
    send_envelope(slack, "interactive", false, payload);
}

static void open_home(struct slack *slack)
{
    int person = below(slack, PEOPLE);
    happen(slack, g_strdup_printf("{\"type\":\"app_home_opened\",\"user\":\"U0SOAK%03d\",\"channel\":\"D0SOAK%03d\",\"tab\":\"home\","
                                  "\"event_ts\":\"%d.000001\"}",
                                  person, person, FIRST_SECOND));
}

static void mention(struct slack *slack)
{
    char ts[20];
    now_ts(slack, ts);
    happen(slack, post("app_mention", below(slack, CHANNELS), below(slack, PEOPLE), NULL, ts, "<@U0ASKWHY> list waiting"));
}

static void raise_ask(struct slack *slack)
{
    command(slack, below(slack, CHANNELS), below(slack, PEOPLE), "Let people download report soak0%07d as a spreadsheet",
            ++slack->asks);
}

static void look(struct slack *slack)
{
    int channel = below(slack, CHANNELS), person = below(slack, PEOPLE), number = 1 + below(slack, MAX(slack->asks, 1));
    switch (below(slack, 4)) {
    case 0:
        command(slack, channel, person, "show %d", number);
        break;
    case 1:
        command(slack, channel, person, "list waiting");
        break;
    case 2:
        command(slack, channel, person, "search soak0%07d spreadsheet", number);
        break;
    default:
        command(slack, channel, person, "digest");
        break;
    }
}

/* Slack takes so many answers of a kind in a minute; what is asked faster would only wait in the outbox. */
static bool is_time(struct slack *slack, int kind, int64_t every_ms)
{
    int64_t now = clock_monotonic_us();
    if (now < slack->next_us[kind])
        return false;
    slack->next_us[kind] = now + every_ms * 1000;
    return true;
}

static void do_something(struct slack *slack)
{
    if (slack->invited < CHANNELS) {
        invite(slack);
        return;
    }
    /* Someone has to have asked something for the rest to be about. */
    int what = slack->still ? (slack->asks < CARDS ? 0 : 55 + below(slack, 45)) : below(slack, 100);
    if (what < 25)
        raise_ask(slack);
    else if (what < 38)
        answer(slack);
    else if (what < 46)
        edit_or_delete(slack);
    else if (what < 50)
        press(slack, "own");
    else if (what < 55 && slack->last_event != NULL)
        send_envelope(slack, "events_api", false, slack->last_event);
    else if (what >= 80 && what < 90 && is_time(slack, 0, 250))
        look(slack);
    else if (what >= 90 && what < 93 && is_time(slack, 1, 3000))
        mention(slack);
    else if (what >= 93 && what < 96 && is_time(slack, 2, 3000))
        open_home(slack);
    else if (what >= 96 && is_time(slack, 3, 3000))
        press(slack, "voice");
    else
        chatter(slack);
}

static void tick(void *data)
{
    struct slack *slack = data;
    int64_t now = clock_monotonic_us();
    loop_timer_set_ms(slack->tick, TICK_MS);
    if (slack->idle || slack->sockets->len == 0) {
        slack->owed_at_us = now;
        return;
    }
    for (; slack->owed_at_us < now; slack->owed_at_us += 1000000 / slack->a_second)
        do_something(slack);
}

/* ---- sockets ---- */

static void frame(struct wire_conn *conn, const char *text, gsize size, void *data)
{
    static const char name[] = "\"envelope_id\":\"e";
    (void)conn;
    struct slack *slack = data;
    const char *at = g_strstr_len(text, (gssize)size, name);
    if (at == NULL || !g_hash_table_remove(slack->waiting, GINT_TO_POINTER(atoi(at + strlen(name)))))
        g_error("no acknowledgement of what was sent: %.*s", (int)MIN(size, 200), text);
    slack->tally.acknowledged++;
}

static void opened(struct wire_conn *conn, const char *target, void *data)
{
    (void)target;
    static const char hello[] = "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A0\"},"
                                "\"debug_info\":{\"host\":\"soak\",\"approximate_connection_time\":18060}}";
    struct slack *slack = data;
    slack->tally.connections++;
    g_ptr_array_add(slack->sockets, conn);
    wire_send(conn, hello, sizeof hello - 1);
}

static gboolean of_socket(gpointer key, gpointer value, gpointer conn)
{
    (void)key;
    return value == conn;
}

static void closed(struct wire_conn *conn, void *data)
{
    struct slack *slack = data;
    g_ptr_array_remove(slack->sockets, conn);
    slack->tally.lost += g_hash_table_foreach_remove(slack->waiting, of_socket, conn);
}

/* ---- the Web API ---- */

static int digits_after(const char *body, const char *name, int otherwise)
{
    const char *at = strstr(body, name);
    return at != NULL ? (int)strtol(at + strlen(name), NULL, 10) : otherwise;
}

static void take_post(struct slack *slack, struct wire_conn *conn, const char *body)
{
    char ts[20];
    now_ts(slack, ts);
    slack->tally.posts++;
    int number = digits_after(body, "soak0", 0), channel = digits_after(body, "C0SOAK", 0);
    const char *person = strstr(body, "Person ");
    if (strstr(body, "thread_ts") == NULL && number > 0 && person != NULL) {
        struct card *card = &slack->cards[number % CARDS];
        *card = (struct card){.number = number, .channel = channel, .person = (int)strtol(person + 7, NULL, 10)};
        memcpy(card->ts, ts, sizeof ts);
    }
    g_autofree char *text = g_strdup_printf("{\"ok\":true,\"channel\":\"C0SOAK%02d\",\"ts\":\"%s\",\"message\":{\"type\":\"message\","
                                            "\"user\":\"U0ASKWHY\",\"ts\":\"%s\",\"text\":\"\"}}",
                                            channel, ts, ts);
    wire_answer(conn, 200, text);
}

static void request(struct wire_conn *conn, const char *target, const char *body, void *data)
{
    struct slack *slack = data;
    const char *method = g_str_has_prefix(target, "/api/") ? target + strlen("/api/") : "";
    g_autofree char *asked = g_strconcat(target, " ", body, NULL), *text = NULL;
    slack->tally.requests++;
    if (g_str_has_prefix(method, "chat.postMessage")) {
        take_post(slack, conn, body);
        return;
    }
    int person = digits_after(asked, "U0SOAK", 0), channel = digits_after(asked, "C0SOAK", 0);
    if (g_str_has_prefix(method, "apps.connections.open"))
        text = g_strdup_printf("{\"ok\":true,\"url\":\"ws://127.0.0.1:%d/link/?ticket=soak\"}", wire_port(slack->wire));
    else if (g_str_has_prefix(method, "auth.test"))
        text = g_strdup("{\"ok\":true,\"url\":\"http://127.0.0.1/\",\"team_id\":\"T0SOAK\",\"user_id\":\"U0ASKWHY\",\"bot_id\":"
                        "\"B0ASKWHY\"}");
    else if (g_str_has_prefix(method, "users.info"))
        text = g_strdup_printf("{\"ok\":true,\"user\":{\"id\":\"U0SOAK%03d\",\"team_id\":\"T0SOAK\",\"name\":\"p\",\"tz\":"
                               "\"Europe/Tallinn\",\"locale\":\"en-US\",\"profile\":{\"display_name\":\"Person %d\"}}}",
                               person, person);
    else if (g_str_has_prefix(method, "conversations.info") || g_str_has_prefix(method, "conversations.join"))
        text = g_strdup_printf("{\"ok\":true,\"channel\":{\"id\":\"C0SOAK%02d\",\"name\":\"soak-%d\",\"is_channel\":true,"
                               "\"is_private\":false,\"is_member\":true}}",
                               channel, channel);
    else if (g_str_has_prefix(method, "conversations.open"))
        text = g_strdup_printf("{\"ok\":true,\"channel\":{\"id\":\"D0SOAK%03d\"}}", person);
    else
        text = g_strdup("{\"ok\":true,\"messages\":[],\"channels\":[],\"members\":[],\"has_more\":false}");
    wire_answer(conn, 200, text);
}

/* ---- running ---- */

static void over(void *data)
{
    loop_stop(((struct slack *)data)->loop);
}

static void before_sleep(void *data)
{
    wire_flush(((struct slack *)data)->wire);
}

void slack_run(struct slack *slack, int64_t ms, bool idle)
{
    slack->idle = idle;
    slack->owed_at_us = clock_monotonic_us();
    loop_timer_set_ms(slack->tick, TICK_MS);
    loop_timer_set_ms(slack->over, ms);
    wire_flush(slack->wire);
    loop_run(slack->loop, before_sleep, slack);
    loop_timer_clear(slack->over);
}

bool slack_connected(const struct slack *slack)
{
    return slack->sockets->len > 0;
}

void slack_refresh(struct slack *slack)
{
    static const char text[] = "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\",\"debug_info\":{\"host\":\"soak\"}}";
    for (guint i = 0; i < slack->sockets->len; i++)
        wire_send(g_ptr_array_index(slack->sockets, i), text, sizeof text - 1);
}

void slack_cut(struct slack *slack)
{
    while (slack->sockets->len > 0)
        wire_cut(g_ptr_array_index(slack->sockets, 0));
}

const struct slack_tally *slack_tally(const struct slack *slack)
{
    return &slack->tally;
}

int slack_waiting(const struct slack *slack)
{
    return (int)g_hash_table_size(slack->waiting);
}

struct slack *slack_begin(struct loop *loop, guint32 seed, int a_second, bool still)
{
    static const struct wire_handler handler = {.request = request, .opened = opened, .frame = frame, .closed = closed};
    struct slack *slack = g_new0(struct slack, 1);
    slack->loop = loop;
    slack->rand = g_rand_new_with_seed(seed);
    slack->a_second = a_second;
    slack->still = still;
    slack->sockets = g_ptr_array_new();
    slack->waiting = g_hash_table_new(g_direct_hash, g_direct_equal);
    slack->text = g_string_new(NULL);
    slack->tick = loop_timer_new(loop, tick, slack);
    slack->over = loop_timer_new(loop, over, slack);
    slack->wire = wire_new(loop, &handler, slack);
    return slack;
}

int slack_port(const struct slack *slack)
{
    return wire_port(slack->wire);
}

void slack_end(struct slack *slack)
{
    loop_timer_free(slack->tick);
    loop_timer_free(slack->over);
    wire_free(slack->wire);
    g_ptr_array_unref(slack->sockets);
    g_hash_table_destroy(slack->waiting);
    g_string_free(slack->text, TRUE);
    g_rand_free(slack->rand);
    g_free(slack->last_event);
    g_free(slack);
}
