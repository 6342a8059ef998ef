#include "bot/sandbox/slack/deliver.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/server.h"

#include <string.h>

enum {
    ACK_DEADLINE_MS = 3000,
    ACK_MAX_BYTES = 20 * 1024, /* acknowledgements of this size and above are ignored */
    MOST_SOCKETS = 10,
    MOST_RETRIES = 3,
    PING_MS = 10000,
    LEAVE_MS = 10000,
    LIFETIME_S = 18060,
};

struct socket {
    struct conn *conn;
    bool leaving;
    int64_t cut_at_us; /* when leaving */
};

struct envelope {
    char *id, *type;
    cJSON *payload;
    bool accepts_reply, event;
    int attempt;
    struct conn *conn; /* NULL: waits for a socket */
    int64_t due_us;
    deliver_done_fn *done;
    void *data;
    GDestroyNotify free_data;
};

struct deliver {
    struct sandbox *sandbox;
    GPtrArray *sockets, *tickets;
    GPtrArray *pending; /* struct envelope *, oldest first */
    GPtrArray *held;    /* the same, not on their way until they are let go */
    guint64 made, next_socket;
    int given_up;
    struct loop_timer *deadline, *ping;
};

static void envelope_free(void *data)
{
    struct envelope *envelope = data;
    if (envelope->free_data != NULL)
        envelope->free_data(envelope->data);
    g_free(envelope->id);
    g_free(envelope->type);
    cJSON_Delete(envelope->payload);
    g_free(envelope);
}

static void set_deadline(struct deliver *deliver)
{
    int64_t next = G_MAXINT64;
    for (guint i = 0; i < deliver->pending->len; i++) {
        const struct envelope *envelope = g_ptr_array_index(deliver->pending, i);
        if (envelope->conn != NULL || !envelope->event)
            next = MIN(next, envelope->due_us);
    }
    for (guint i = 0; i < deliver->sockets->len; i++) {
        const struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        if (socket->leaving)
            next = MIN(next, socket->cut_at_us);
    }
    if (next == G_MAXINT64)
        loop_timer_clear(deliver->deadline);
    else
        loop_timer_set_ms(deliver->deadline, MAX(0, (next - clock_monotonic_us()) / 1000 + 1));
}

/* The next in turn of those not asked to leave; any when all are. */
static struct socket *choose_socket(struct deliver *deliver)
{
    guint count = deliver->sockets->len;
    for (guint i = 0; i < count; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, (deliver->next_socket + i) % count);
        if (!socket->leaving) {
            deliver->next_socket += i + 1;
            return socket;
        }
    }
    return count > 0 ? g_ptr_array_index(deliver->sockets, 0) : NULL;
}

static bool envelope_send(struct deliver *deliver, struct envelope *envelope)
{
    struct socket *socket = choose_socket(deliver);
    if (socket == NULL)
        return false;
    cJSON *frame = json_object();
    json_put_str(frame, "envelope_id", envelope->id);
    json_put(frame, "payload", cJSON_Duplicate(envelope->payload, true));
    json_put_str(frame, "type", envelope->type);
    json_put_bool(frame, "accepts_response_payload", envelope->accepts_reply);
    if (envelope->event) {
        json_put_int(frame, "retry_attempt", envelope->attempt);
        json_put_str(frame, "retry_reason", envelope->attempt > 0 ? "timeout" : "");
    }
    g_autofree char *text = json_text(frame);
    cJSON_Delete(frame);
    envelope->conn = socket->conn;
    envelope->due_us = clock_monotonic_us() + ACK_DEADLINE_MS * 1000;
    conn_send(socket->conn, text);
    return true;
}

static void send_waiting(struct deliver *deliver)
{
    for (guint i = 0; i < deliver->pending->len; i++) {
        struct envelope *envelope = g_ptr_array_index(deliver->pending, i);
        if (envelope->conn == NULL && !envelope_send(deliver, envelope))
            break;
    }
    set_deadline(deliver);
}

/* Not acknowledged: an event goes out again under a new envelope, anything else has failed. */
static void envelope_missed(struct deliver *deliver, struct envelope *envelope)
{
    if (envelope->event && envelope->attempt < MOST_RETRIES) {
        envelope->attempt++;
        envelope->conn = NULL;
        g_free(envelope->id);
        envelope->id = g_uuid_string_random();
        return;
    }
    guint at = 0;
    if (!g_ptr_array_find(deliver->pending, envelope, &at))
        return;
    g_ptr_array_steal_index(deliver->pending, at);
    if (envelope->event) {
        deliver->given_up++;
        log_warning("sandbox.gave_up", "event=%s", json_str0(envelope->payload, "event_id"));
    } else {
        envelope->done(deliver->sandbox, false, NULL, envelope->data);
    }
    envelope_free(envelope);
}

static void on_deadline(void *data)
{
    struct deliver *deliver = data;
    int64_t now = clock_monotonic_us();
    g_autoptr(GPtrArray) late = g_ptr_array_new();
    for (guint i = 0; i < deliver->pending->len; i++) {
        struct envelope *envelope = g_ptr_array_index(deliver->pending, i);
        if ((envelope->conn != NULL || !envelope->event) && envelope->due_us <= now)
            g_ptr_array_add(late, envelope);
    }
    for (guint i = 0; i < late->len; i++)
        envelope_missed(deliver, g_ptr_array_index(late, i));
    for (guint i = 0; i < deliver->sockets->len; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        if (socket->leaving && socket->cut_at_us <= now) {
            socket->cut_at_us = G_MAXINT64;
            conn_close(socket->conn, false);
        }
    }
    send_waiting(deliver);
}

static void on_ping(void *data)
{
    struct deliver *deliver = data;
    for (guint i = 0; i < deliver->sockets->len; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        conn_ping(socket->conn);
    }
    loop_timer_set_ms(deliver->ping, PING_MS);
}

struct deliver *deliver_new(struct sandbox *sandbox)
{
    struct deliver *deliver = g_new0(struct deliver, 1);
    deliver->sandbox = sandbox;
    deliver->sockets = g_ptr_array_new_with_free_func(g_free);
    deliver->tickets = g_ptr_array_new_with_free_func(g_free);
    deliver->pending = g_ptr_array_new_with_free_func(envelope_free);
    deliver->held = g_ptr_array_new_with_free_func(envelope_free);
    deliver->deadline = loop_timer_new(sandbox->loop, on_deadline, deliver);
    deliver->ping = loop_timer_new(sandbox->loop, on_ping, deliver);
    loop_timer_set_ms(deliver->ping, PING_MS);
    return deliver;
}

void deliver_free(struct deliver *deliver)
{
    if (deliver == NULL)
        return;
    loop_timer_free(deliver->deadline);
    loop_timer_free(deliver->ping);
    g_ptr_array_unref(deliver->sockets);
    g_ptr_array_unref(deliver->tickets);
    g_ptr_array_unref(deliver->pending);
    g_ptr_array_unref(deliver->held);
    g_free(deliver);
}

char *deliver_ticket(struct deliver *deliver)
{
    char *ticket = g_uuid_string_random();
    g_ptr_array_add(deliver->tickets, g_strdup(ticket));
    return ticket;
}

bool deliver_admit(struct deliver *deliver, const char *ticket)
{
    guint at = 0;
    if (!g_ptr_array_find_with_equal_func(deliver->tickets, ticket, g_str_equal, &at))
        return false;
    g_ptr_array_remove_index(deliver->tickets, at);
    return deliver->sockets->len < MOST_SOCKETS && !misbehave_refuse_ticket(deliver->sandbox->misbehaviour);
}

static void tell_connected(struct deliver *deliver)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "bot");
    json_put_bool(see, "connected", deliver->sockets->len > 0);
    sandbox_tell(deliver->sandbox, NULL, NULL, see);
}

void deliver_opened(struct deliver *deliver, struct conn *conn)
{
    struct socket *socket = g_new0(struct socket, 1);
    socket->conn = conn;
    if (misbehave_withhold_hello(deliver->sandbox->misbehaviour)) {
        g_free(socket); /* nobody's: nothing is sent to it */
        return;
    }
    g_ptr_array_add(deliver->sockets, socket);
    cJSON *hello = json_object(), *info = json_object(), *debug = json_object();
    json_put_str(hello, "type", "hello");
    json_put_int(hello, "num_connections", deliver->sockets->len);
    json_put_str(info, "app_id", SANDBOX_APP);
    json_put(hello, "connection_info", info);
    json_put_str(debug, "host", "askwhy-sandbox");
    json_put_int(debug, "build_number", 1);
    json_put_int(debug, "approximate_connection_time", LIFETIME_S);
    json_put(hello, "debug_info", debug);
    g_autofree char *text = json_text(hello);
    cJSON_Delete(hello);
    conn_send(conn, text);
    if (deliver->sockets->len == 1)
        tell_connected(deliver);
    send_waiting(deliver);
}

static struct socket *find_socket(struct deliver *deliver, struct conn *conn, guint *at)
{
    for (guint i = 0; i < deliver->sockets->len; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        if (socket->conn == conn) {
            *at = i;
            return socket;
        }
    }
    return NULL;
}

void deliver_closed(struct deliver *deliver, struct conn *conn)
{
    guint at = 0;
    if (find_socket(deliver, conn, &at) == NULL)
        return;
    g_ptr_array_remove_index(deliver->sockets, at);
    g_autoptr(GPtrArray) lost = g_ptr_array_new();
    for (guint i = 0; i < deliver->pending->len; i++) {
        struct envelope *envelope = g_ptr_array_index(deliver->pending, i);
        if (envelope->conn == conn)
            g_ptr_array_add(lost, envelope);
    }
    for (guint i = 0; i < lost->len; i++)
        envelope_missed(deliver, g_ptr_array_index(lost, i));
    if (deliver->sockets->len == 0)
        tell_connected(deliver);
    send_waiting(deliver);
}

void deliver_event(struct deliver *deliver, cJSON *event)
{
    if (deliver->sockets->len == 0 && misbehave_lose_events(deliver->sandbox->misbehaviour)) {
        cJSON_Delete(event);
        return;
    }
    cJSON *payload = json_object(), *authorizations = json_array(), *authorization = json_object();
    g_autofree char *event_id = workspace_id(deliver->sandbox->workspace, "Ev");
    json_put_str(payload, "token", "sandbox");
    json_put_str(payload, "team_id", SANDBOX_TEAM);
    json_put_str(payload, "api_app_id", SANDBOX_APP);
    json_put(payload, "event", event);
    json_put_str(payload, "type", "event_callback");
    json_put_str(payload, "event_id", event_id);
    json_put_int(payload, "event_time", clock_now_ms() / 1000);
    json_put(authorization, "enterprise_id", cJSON_CreateNull());
    json_put_str(authorization, "team_id", SANDBOX_TEAM);
    json_put_str(authorization, "user_id", SANDBOX_BOT_USER);
    json_put_bool(authorization, "is_bot", true);
    json_put_bool(authorization, "is_enterprise_install", false);
    json_push(authorizations, authorization);
    json_put(payload, "authorizations", authorizations);
    json_put_bool(payload, "is_ext_shared_channel", false);
    json_put_str(payload, "event_context", event_id);
    for (int copy = 0; copy <= misbehave_redeliver(deliver->sandbox->misbehaviour); copy++) {
        struct envelope *envelope = g_new0(struct envelope, 1);
        envelope->id = g_uuid_string_random();
        envelope->type = g_strdup("events_api");
        envelope->payload = cJSON_Duplicate(payload, true);
        envelope->event = true;
        envelope->attempt = copy;
        g_ptr_array_add(misbehave_hold(deliver->sandbox->misbehaviour) ? deliver->held : deliver->pending, envelope);
        deliver->made++;
    }
    cJSON_Delete(payload);
    send_waiting(deliver);
}

void deliver_let_go(struct deliver *deliver, bool backwards)
{
    while (deliver->held->len > 0)
        g_ptr_array_add(deliver->pending,
                        g_ptr_array_steal_index(deliver->held, backwards ? deliver->held->len - 1 : 0));
    send_waiting(deliver);
}

void deliver_request(struct deliver *deliver, const char *type, cJSON *payload, bool accepts_reply,
                     deliver_done_fn *done, void *data, GDestroyNotify free_data)
{
    struct envelope *envelope = g_new0(struct envelope, 1);
    envelope->id = g_uuid_string_random();
    envelope->type = g_strdup(type);
    envelope->payload = payload;
    envelope->accepts_reply = accepts_reply;
    envelope->done = done;
    envelope->data = data;
    envelope->free_data = free_data;
    deliver->made++;
    if (!envelope_send(deliver, envelope)) { /* nobody is there: told at once */
        done(deliver->sandbox, false, NULL, data);
        envelope_free(envelope);
        return;
    }
    g_ptr_array_add(deliver->pending, envelope);
    set_deadline(deliver);
}

void deliver_message(struct deliver *deliver, struct conn *conn, const char *text, gsize size)
{
    (void)conn;
    if (size >= ACK_MAX_BYTES || misbehave_lose_ack(deliver->sandbox->misbehaviour)) {
        log_warning("sandbox.ack_ignored", "bytes=%" G_GSIZE_FORMAT, size);
        return;
    }
    g_autoptr(cJSON) ack = json_parse(text, size, NULL);
    const char *id = json_str(ack, "envelope_id");
    for (guint i = 0; id != NULL && i < deliver->pending->len; i++) {
        struct envelope *envelope = g_ptr_array_index(deliver->pending, i);
        if (strcmp(envelope->id, id) != 0)
            continue;
        g_ptr_array_steal_index(deliver->pending, i);
        const cJSON *payload = json_get(ack, "payload");
        if (!cJSON_IsObject(payload) || payload->child == NULL || !envelope->accepts_reply)
            payload = NULL;
        if (envelope->done != NULL)
            envelope->done(deliver->sandbox, true, payload, envelope->data);
        envelope_free(envelope);
        break;
    }
    set_deadline(deliver);
}

int deliver_sockets(const struct deliver *deliver)
{
    return (int)deliver->sockets->len;
}

int deliver_pending(const struct deliver *deliver)
{
    return (int)deliver->pending->len;
}

guint64 deliver_count(const struct deliver *deliver)
{
    return deliver->made;
}

int deliver_given_up(const struct deliver *deliver)
{
    return deliver->given_up;
}

void deliver_ask_to_leave(struct deliver *deliver, const char *reason)
{
    cJSON *frame = json_object(), *debug = json_object();
    json_put_str(frame, "type", "disconnect");
    json_put_str(frame, "reason", reason);
    json_put_str(debug, "host", "askwhy-sandbox");
    json_put(frame, "debug_info", debug);
    g_autofree char *text = json_text(frame);
    cJSON_Delete(frame);
    for (guint i = 0; i < deliver->sockets->len; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        if (socket->leaving)
            continue;
        socket->leaving = true;
        socket->cut_at_us = clock_monotonic_us() + LEAVE_MS * 1000;
        conn_send(socket->conn, text);
    }
    set_deadline(deliver);
}

void deliver_cut(struct deliver *deliver)
{
    for (guint i = 0; i < deliver->sockets->len; i++) {
        struct socket *socket = g_ptr_array_index(deliver->sockets, i);
        conn_close(socket->conn, true);
    }
}
