#include "bot/sandbox/mattermost/hub.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/sandbox/workspace.h"

#include <string.h>

enum {
    WRITTEN_KEPT = 128,
    QUEUE_MAX = 256,
    REAP_MS = 5 * 60 * 1000,
    FRAME_MAX = 8192,
};

struct written {
    int64_t seq;
    char *text;
};

struct line {
    void *conn; /* NULL while away */
    char *id, *user;
    int64_t next;     /* number of the next event written */
    GQueue queue;     /* cJSON *, events not written yet */
    GQueue kept;      /* struct written *, the newest at the tail */
    bool deaf;        /* half-open */
    int64_t active_ms, away_ms;
};

struct held {
    char *event, *channel, *user;
    cJSON *data;
};

struct hub {
    struct hub_options options;
    GPtrArray *lines; /* struct line * */
    GPtrArray *held;
    bool hold;
    int refusals, skips;
    char *revoked; /* whose token is */
    guint64 events;
};

static void written_free(void *data)
{
    struct written *written = data;
    g_free(written->text);
    g_free(written);
}

static void line_free(void *data)
{
    struct line *line = data;
    g_queue_clear_full(&line->queue, (GDestroyNotify)cJSON_Delete);
    g_queue_clear_full(&line->kept, written_free);
    g_free(line->id);
    g_free(line->user);
    g_free(line);
}

static void held_free(void *data)
{
    struct held *held = data;
    g_free(held->event);
    g_free(held->channel);
    g_free(held->user);
    cJSON_Delete(held->data);
    g_free(held);
}

struct hub *hub_new(const struct hub_options *options)
{
    struct hub *hub = g_new0(struct hub, 1);
    hub->options = *options;
    hub->lines = g_ptr_array_new_with_free_func(line_free);
    hub->held = g_ptr_array_new_with_free_func(held_free);
    return hub;
}

void hub_free(struct hub *hub)
{
    if (hub == NULL)
        return;
    g_ptr_array_unref(hub->lines);
    g_ptr_array_unref(hub->held);
    g_free(hub->revoked);
    g_free(hub);
}

static struct line *line_of(const struct hub *hub, const void *conn)
{
    for (guint i = 0; i < hub->lines->len; i++) {
        struct line *line = g_ptr_array_index(hub->lines, i);
        if (line->conn == conn)
            return line;
    }
    return NULL;
}

/* ---- writing ---- */

static void write_text(struct hub *hub, struct line *line, const char *text)
{
    hub->options.write(line->conn, text, hub->options.data);
}

static void keep(struct line *line, int64_t seq, char *text)
{
    struct written *written = g_new0(struct written, 1);
    written->seq = seq;
    written->text = text;
    g_queue_push_tail(&line->kept, written);
    if (g_queue_get_length(&line->kept) > WRITTEN_KEPT)
        written_free(g_queue_pop_head(&line->kept));
}

static void flush(struct hub *hub, struct line *line)
{
    while (line->conn != NULL && !g_queue_is_empty(&line->queue) &&
           (line->deaf || hub->options.ready == NULL || hub->options.ready(line->conn, hub->options.data))) {
        cJSON *event = g_queue_pop_head(&line->queue);
        json_put_int(event, "seq", line->next);
        char *text = json_text(event);
        cJSON_Delete(event);
        if (hub->skips > 0)
            hub->skips--;
        else if (!line->deaf)
            write_text(hub, line, text);
        keep(line, line->next++, text);
    }
}

static cJSON *event_json(const struct hub *hub, const char *event, cJSON *data, const char *channel, const char *user)
{
    cJSON *json = json_object(), *broadcast = json_object();
    json_put_str(json, "event", event);
    json_put(json, "data", data);
    json_put(broadcast, "omit_users", cJSON_CreateNull());
    json_put_str(broadcast, "user_id", user != NULL ? user : "");
    json_put_str(broadcast, "channel_id", channel != NULL ? channel : "");
    json_put_str(broadcast, "team_id", "");
    if (!hub->options.old) {
        json_put_str(broadcast, "connection_id", "");
        json_put_str(broadcast, "omit_connection_id", "");
    }
    json_put(json, "broadcast", broadcast);
    return json;
}

/* False: its queue is full, and the server closes and forgets such a connection. */
static bool line_tell(struct hub *hub, struct line *line, cJSON *event)
{
    if (g_queue_get_length(&line->queue) >= QUEUE_MAX) {
        cJSON_Delete(event);
        return false;
    }
    g_queue_push_tail(&line->queue, event);
    flush(hub, line);
    return true;
}

static void broadcast(struct hub *hub, const char *event, const cJSON *data, const char *channel, const char *user)
{
    for (guint i = hub->lines->len; i > 0; i--) {
        struct line *line = g_ptr_array_index(hub->lines, i - 1);
        bool concerned = line->user != NULL && (user != NULL ? strcmp(user, line->user) == 0
                                                             : channel == NULL || hub->options.hears(line->user, channel,
                                                                                                     hub->options.data));
        if (!concerned || line_tell(hub, line, event_json(hub, event, cJSON_Duplicate(data, true), channel, user)))
            continue;
        void *conn = line->conn;
        g_ptr_array_remove_index(hub->lines, i - 1);
        if (conn != NULL)
            hub->options.close(conn, true, hub->options.data);
    }
}

void hub_event(struct hub *hub, const char *event, cJSON *data, const char *channel, const char *user)
{
    hub->events++;
    if (hub->hold) {
        struct held *held = g_new0(struct held, 1);
        *held = (struct held){g_strdup(event), g_strdup(channel), g_strdup(user), data};
        g_ptr_array_add(hub->held, held);
        return;
    }
    broadcast(hub, event, data, channel, user);
    cJSON_Delete(data);
}

void hub_hold(struct hub *hub, bool hold)
{
    hub->hold = hold;
}

void hub_let_go(struct hub *hub, bool backwards)
{
    hub->hold = false;
    while (hub->held->len > 0) {
        struct held *held = g_ptr_array_steal_index(hub->held, backwards ? hub->held->len - 1 : 0);
        broadcast(hub, held->event, held->data, held->channel, held->user);
        held_free(held);
    }
}

void hub_drained(struct hub *hub, void *conn)
{
    struct line *line = line_of(hub, conn);
    if (line != NULL)
        flush(hub, line);
}

/* ---- opening ---- */

static void greet(struct hub *hub, struct line *line)
{
    cJSON *data = json_object();
    json_put_str(data, "connection_id", line->id);
    json_put_str(data, "server_version", hub->options.version);
    g_queue_push_head(&line->queue, event_json(hub, "hello", data, NULL, line->user));
    flush(hub, line);
}

static void tell_online(struct hub *hub, struct line *line)
{
    cJSON *data = json_object();
    json_put_str(data, "status", "online");
    json_put_str(data, "user_id", line->user);
    line_tell(hub, line, event_json(hub, "status_change", data, NULL, line->user));
}

static struct line *add_line(struct hub *hub, void *conn, const char *user)
{
    struct line *line = g_new0(struct line, 1);
    line->conn = conn;
    line->user = g_strdup(user);
    line->id = random_id();
    line->active_ms = clock_now_ms();
    g_queue_init(&line->queue);
    g_queue_init(&line->kept);
    g_ptr_array_add(hub->lines, line);
    return line;
}

/* Every five minutes those who are away and were not active for five minutes are forgotten. */
static bool is_reaped(const struct line *line)
{
    int64_t now = clock_now_ms();
    return now / REAP_MS > line->away_ms / REAP_MS && (now / REAP_MS) * REAP_MS - line->active_ms > REAP_MS;
}

static struct line *find_away(struct hub *hub, const char *user, const char *id)
{
    for (guint i = hub->lines->len; i > 0; i--) {
        struct line *line = g_ptr_array_index(hub->lines, i - 1);
        if (line->conn != NULL || strcmp(line->id, id) != 0 || g_strcmp0(line->user, user) != 0)
            continue;
        if (!is_reaped(line))
            return line;
        g_ptr_array_remove_index(hub->lines, i - 1);
    }
    return NULL;
}

/* Sends again what was written from seq on; false when that is not known any more. */
static bool replay(struct hub *hub, struct line *line, int64_t seq)
{
    if (seq == line->next || (seq == 0 && hub->options.old))
        return true;
    const struct written *oldest = g_queue_peek_head(&line->kept);
    if (oldest == NULL || seq < oldest->seq || seq > line->next)
        return false;
    for (GList *one = line->kept.head; one != NULL; one = one->next) {
        const struct written *written = one->data;
        if (written->seq >= seq)
            write_text(hub, line, written->text);
    }
    return true;
}

static void resume(struct hub *hub, struct line *line, void *conn, int64_t seq)
{
    line->conn = conn;
    line->deaf = false;
    line->active_ms = clock_now_ms();
    if (replay(hub, line, seq)) {
        if (seq == 0 && hub->options.old)
            line->next = 0; /* 5.37 numbers anew and says nothing of what was lost */
        flush(hub, line);
    } else {
        g_free(line->id);
        line->id = random_id();
        g_queue_clear_full(&line->kept, written_free);
        line->next = 0;
        greet(hub, line);
        if (hub->options.old) { /* it greets twice, with what waited in between */
            cJSON *data = json_object();
            json_put_str(data, "connection_id", line->id);
            json_put_str(data, "server_version", hub->options.version);
            line_tell(hub, line, event_json(hub, "hello", data, NULL, line->user));
        }
    }
    tell_online(hub, line);
}

static bool read_sequence(const char *text, int64_t *seq)
{
    guint64 number = 0;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &number, NULL))
        return false;
    *seq = (int64_t)number;
    return true;
}

bool hub_open(struct hub *hub, void *conn, const char *user, const char *connection, const char *sequence)
{
    bool wants = connection != NULL && connection[0] != '\0';
    if (wants && strlen(connection) != 26)
        return false;
    struct line *away = NULL;
    if (wants && user != NULL && hub->refusals > 0)
        hub->refusals--;
    else if (wants && user != NULL)
        away = find_away(hub, user, connection);
    int64_t seq = 0;
    if (away != NULL && !read_sequence(sequence, &seq))
        return false; /* what it broke off from stays */
    if (away != NULL) {
        resume(hub, away, conn, seq);
        return true;
    }
    struct line *line = add_line(hub, conn, user);
    if (user == NULL)
        return true;
    greet(hub, line);
    tell_online(hub, line);
    return true;
}

void hub_closed(struct hub *hub, void *conn)
{
    for (guint i = 0; i < hub->lines->len; i++) {
        struct line *line = g_ptr_array_index(hub->lines, i);
        if (line->conn != conn)
            continue;
        line->conn = NULL;
        line->away_ms = clock_now_ms();
        if (line->user == NULL)
            g_ptr_array_remove_index(hub->lines, i);
        return;
    }
}

/* ---- what clients say ---- */

static const char invalid_token[] = "api.context.invalid_token.error";

static void answer(struct hub *hub, struct line *line, int64_t seq, cJSON *data, const char *error, int status)
{
    g_autoptr(cJSON) json = json_object();
    json_put_str(json, "status", error == NULL ? "OK" : "FAIL");
    if (seq > 0)
        json_put_int(json, "seq_reply", seq);
    if (data != NULL)
        json_put(json, "data", data);
    if (error != NULL) {
        cJSON *fail = json_object();
        json_put_str(fail, "id", error);
        /* As the server does, which puts into this one what should stay between the two. */
        bool tells = strcmp(error, invalid_token) == 0;
        json_put_str(fail, "message", tells ? "Invalid session token=" SANDBOX_MATTERMOST_TOKEN ", err=" : "");
        json_put_str(fail, "detailed_error", "");
        json_put_int(fail, "status_code", status);
        json_put(json, "error", fail);
    }
    g_autofree char *text = json_text(json);
    if (!line->deaf)
        write_text(hub, line, text);
}

static bool challenge(struct hub *hub, struct line *line, const cJSON *frame, hub_token_fn *user_of)
{
    const char *token = json_str(frame, "data.token");
    const char *user = token != NULL ? user_of(token) : NULL;
    if (line->user != NULL)
        return true; /* known already: nobody listens */
    if (user == NULL)
        return false;
    line->user = g_strdup(user);
    greet(hub, line);
    answer(hub, line, json_int(frame, "seq", 0), NULL, NULL, 0);
    tell_online(hub, line);
    return true;
}

bool hub_heard(struct hub *hub, void *conn, const char *text, gsize size, hub_token_fn *user_of)
{
    struct line *line = line_of(hub, conn);
    g_autoptr(cJSON) frame = size <= FRAME_MAX ? json_parse(text, size, NULL) : NULL;
    if (line == NULL || !cJSON_IsObject(frame))
        return false;
    int64_t seq = json_int(frame, "seq", 0);
    const char *action = json_str0(frame, "action");
    if (strcmp(action, "authentication_challenge") == 0)
        return challenge(hub, line, frame, user_of);
    line->active_ms = clock_now_ms();
    if (action[0] == '\0') {
        answer(hub, line, seq, NULL, "api.web_socket_router.no_action.app_error", 400);
    } else if (seq <= 0) {
        answer(hub, line, 0, NULL, "api.web_socket_router.bad_seq.app_error", 400);
    } else if (g_strcmp0(line->user, hub->revoked) == 0 && line->user != NULL) {
        answer(hub, line, seq, NULL, invalid_token, 401);
    } else if (line->user == NULL) {
        answer(hub, line, seq, NULL, "api.web_socket_router.not_authenticated.app_error", 401);
    } else if (strcmp(action, "ping") == 0) {
        cJSON *data = json_object();
        json_put_str(data, "node_id", "");
        json_put_int(data, "server_time", clock_now_ms());
        json_put_str(data, "text", "pong");
        g_autofree char *version = g_strndup(hub->options.version, strcspn(hub->options.version, "-"));
        json_put_str(data, "version", version);
        answer(hub, line, seq, data, NULL, 0);
    } else if (strcmp(action, "user_typing") == 0 || strcmp(action, "get_statuses") == 0) {
        answer(hub, line, seq, json_object(), NULL, 0);
    } else {
        answer(hub, line, seq, NULL, "api.web_socket_router.bad_action.app_error", 500);
    }
    return true;
}

/* ---- misbehaviour, and how things stand ---- */

void hub_restart(struct hub *hub)
{
    while (hub->lines->len > 0) {
        struct line *line = g_ptr_array_index(hub->lines, hub->lines->len - 1);
        void *conn = line->conn;
        g_ptr_array_remove_index(hub->lines, hub->lines->len - 1);
        if (conn != NULL)
            hub->options.close(conn, true, hub->options.data);
    }
}

void hub_refuse(struct hub *hub, int count)
{
    hub->refusals = count;
}

void hub_skip(struct hub *hub, int count)
{
    hub->skips = count;
}

void hub_revoke(struct hub *hub, const char *user)
{
    g_free(hub->revoked);
    hub->revoked = g_strdup(user);
}

static bool is_of(const struct line *line, const char *user)
{
    return line->conn != NULL && line->user != NULL && (user == NULL || strcmp(line->user, user) == 0);
}

void hub_cut(struct hub *hub, const char *user, bool cut)
{
    for (guint i = 0; i < hub->lines->len; i++) {
        const struct line *line = g_ptr_array_index(hub->lines, i);
        if (is_of(line, user))
            hub->options.close(line->conn, cut, hub->options.data);
    }
}

void hub_half_open(struct hub *hub, const char *user, void (*stick)(void *conn))
{
    for (guint i = 0; i < hub->lines->len; i++) {
        struct line *line = g_ptr_array_index(hub->lines, i);
        if (!is_of(line, user))
            continue;
        line->deaf = true;
        stick(line->conn);
    }
}

const char *hub_user(const struct hub *hub, const void *conn)
{
    const struct line *line = line_of(hub, conn);
    return line != NULL ? line->user : NULL;
}

int hub_sockets(const struct hub *hub, const char *user)
{
    int count = 0;
    for (guint i = 0; i < hub->lines->len; i++) {
        const struct line *line = g_ptr_array_index(hub->lines, i);
        count += is_of(line, user) && !line->deaf ? 1 : 0;
    }
    return count;
}

int hub_unwritten(const struct hub *hub, const char *user)
{
    int count = 0;
    for (guint i = 0; i < hub->lines->len; i++) {
        const struct line *line = g_ptr_array_index(hub->lines, i);
        count += is_of(line, user) ? (int)g_queue_get_length((GQueue *)&line->queue) : 0;
    }
    return count;
}

guint64 hub_events(const struct hub *hub)
{
    return hub->events;
}
