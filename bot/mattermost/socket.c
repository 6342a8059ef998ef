/* The WebSocket: api4/websocket.go and app/web_conn.go of the server, client/websocket.ts of its own client.
 *
 * A connection has an id, and its events numbers from 0. Opened again with the id and the number wanted next, the
 * server sends what was missed without a greeting; when it cannot, it greets with another id and counts anew. What it
 * did is known only by the first event that comes.
 */
#include "bot/mattermost/mattermost.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/net/websocket.h"

#include <string.h>

enum {
    FIRST_MS = 5 * 1000,  /* to see what became of a resume; a quiet one says nothing */
    HELLO_MS = 30 * 1000,
    PING_MS = 30 * 1000,
    SPARED_MS = 2 * 1000, /* what came while we stood still is read first */
    SETTLED_MS = 10 * 1000, /* who lived so long did not fail */
    PAUSE_MS = 3 * 1000,
    LONGEST_PAUSE_MS = 60 * 1000, /* one bot is no herd, and nobody's answer is heard meanwhile */
    JITTER_MS = 2 * 1000,
    QUICK_FAILURES = 7,
    PERSISTENT = 4,        /* failures in a row: no longer a hiccup */
    WAITING_MOST = 10000,  /* frames behind one that was not taken */
    WAITING_BYTES = 32 * 1024 * 1024,
    LARGEST = 8 * 1024 * 1024,
    OUT_OF_ORDER = 4001, /* close codes of Mattermost's own client */
    NO_PONG = 4000,
};

enum state { IDLE, CONNECTING, GREETING, LIVE, LEAVING };

struct frame {
    char *text;
    gsize size;
    int64_t seq; /* -1: without */
    unsigned epoch;
};

struct mattermost_socket {
    struct loop *loop;
    struct rest *rest;
    const struct mattermost_self *self;
    struct names *names;
    struct mattermost_socket_handler handler;
    char *url, *authorization;
    enum state state;
    char *leaving; /* why */
    bool stopped;
    struct websocket *websocket;
    char *connection;  /* what may be resumed; NULL: nothing */
    int64_t next;      /* its event wanted next */
    unsigned epoch;    /* counts hellos: numbers of different connections say nothing of each other */
    bool resuming;
    GQueue waiting;    /* struct frame *, the first is the one not taken */
    gsize waiting_bytes;
    bool handing_out;
    int64_t pings, pongs; /* numbers of the last one sent and the last one answered */
    bool heard;           /* anything since the last ping */
    bool spared;
    struct loop_timer *ping, *first, *retry;
    bool retrying;
    unsigned failures; /* in a row */
    int64_t live_since_us, down_since_us; /* 0: not */
    char *problem;
    const char *advised; /* what the operator was told since it was live */
};

static void frame_free(void *data)
{
    struct frame *frame = data;
    g_free(frame->text);
    g_free(frame);
}

/* ---- trouble ---- */

static void problem_set(struct mattermost_socket *socket, const char *why)
{
    const char *advice = mattermost_advice(why);
    g_free(socket->problem);
    socket->problem = g_strdup_printf("the connection to Mattermost's WebSocket could not be opened: %s; %s", why, advice);
    if (socket->failures < PERSISTENT || advice == socket->advised)
        return;
    socket->advised = advice;
    log_error("mattermost.problem", "note=\"%s\"", socket->problem);
}

static int64_t backoff_ms(unsigned failures)
{
    if (failures == 0)
        return 0;
    int64_t pause = PAUSE_MS;
    if (failures > QUICK_FAILURES)
        pause = MIN((int64_t)PAUSE_MS * MIN(failures, 100) * MIN(failures, 100), LONGEST_PAUSE_MS);
    return pause + g_random_int_range(0, JITTER_MS + 1);
}

/* It is gone, or let go. Who lived for a while did not fail. */
static void end_connection(struct mattermost_socket *socket)
{
    if (socket->live_since_us != 0 && (clock_monotonic_us() - socket->live_since_us) / 1000 >= SETTLED_MS)
        socket->failures = 0;
    else
        socket->failures = MAX(socket->failures, 1);
    socket->live_since_us = 0;
    if (socket->down_since_us == 0)
        socket->down_since_us = clock_monotonic_us();
    loop_timer_clear(socket->ping);
    loop_timer_clear(socket->first);
    socket->state = IDLE;
    websocket_free(g_steal_pointer(&socket->websocket));
}

static void retry_in(struct mattermost_socket *socket, int64_t ms)
{
    socket->retrying = true;
    loop_timer_set_ms(socket->retry, ms);
}

static void lost(struct mattermost_socket *socket, const char *why)
{
    bool was_live = socket->live_since_us != 0;
    end_connection(socket);
    if (!was_live)
        problem_set(socket, why);
    int64_t wait = backoff_ms(socket->failures++);
    log_warning("mattermost.lost", "reason=\"%s\" next=%" G_GINT64_FORMAT " retry_in=%.1fs", why, socket->next,
                (double)wait / 1000);
    retry_in(socket, wait);
}

/* With a close frame: only what the server knows to be closed can be resumed. */
static void leave(struct mattermost_socket *socket, int code, const char *why)
{
    g_free(socket->leaving);
    socket->leaving = g_strdup(why);
    socket->state = LEAVING;
    loop_timer_clear(socket->ping);
    loop_timer_clear(socket->first);
    websocket_close(socket->websocket, code);
}

/* Nothing is resumed any more: the next hello is a gap. */
static void connection_forget(struct mattermost_socket *socket)
{
    g_clear_pointer(&socket->connection, g_free);
    socket->next = 0;
}

static void refused(struct mattermost_socket *socket, const char *why)
{
    log_warning("mattermost.lost", "reason=\"%s\" note=\"whether the token is still accepted is asked for next\"", why);
    end_connection(socket);
    socket->failures++;
    socket->handler.refused(socket->handler.data);
}

/* ---- life ---- */

static void ping(struct mattermost_socket *socket)
{
    g_autofree char *text = g_strdup_printf("{\"seq\":%" G_GINT64_FORMAT ",\"action\":\"ping\"}", ++socket->pings);
    socket->heard = socket->spared = false;
    websocket_send(socket->websocket, text, strlen(text));
    loop_timer_set_ms(socket->ping, PING_MS);
}

static void ping_fired(void *data)
{
    struct mattermost_socket *socket = data;
    if (socket->pongs == socket->pings || socket->heard) {
        ping(socket);
    } else if (!socket->spared) {
        socket->spared = true;
        loop_timer_set_ms(socket->ping, SPARED_MS);
    } else {
        leave(socket, NO_PONG, "no sign of life for 30 s");
    }
}

static void live(struct mattermost_socket *socket, const char *how)
{
    int64_t now = clock_monotonic_us();
    int64_t away_us = socket->down_since_us != 0 ? now - socket->down_since_us : 0;
    socket->state = LIVE;
    socket->live_since_us = now;
    socket->down_since_us = 0;
    loop_timer_clear(socket->first);
    g_clear_pointer(&socket->problem, g_free);
    socket->advised = NULL;
    log_info(how, "connection=%s next=%" G_GINT64_FORMAT " away=%.1fs", socket->connection, socket->next,
             (double)away_us / G_USEC_PER_SEC);
}

/* No event came yet. Of a resume that is no bad sign when the server is there. */
static void first_fired(void *data)
{
    struct mattermost_socket *socket = data;
    if (!socket->resuming)
        leave(socket, 1000, "no hello came");
    else if (socket->pongs == socket->pings)
        live(socket, "mattermost.resumed");
    else
        loop_timer_set_ms(socket->first, FIRST_MS); /* the ping's own time decides */
}

/* ---- frames ---- */

/* False: not taken yet. */
static bool hand_out(struct mattermost_socket *socket, struct mattermost_frame *frame)
{
    socket->handing_out = true;
    bool taken = socket->handler.frame(frame, socket->handler.data);
    socket->handing_out = false;
    return taken;
}

static void keep(struct mattermost_socket *socket, const char *text, gsize size, int64_t seq)
{
    struct frame *kept = g_new0(struct frame, 1);
    *kept = (struct frame){.text = g_memdup2(text, size + 1), .size = size, .seq = seq, .epoch = socket->epoch};
    g_queue_push_tail(&socket->waiting, kept);
    socket->waiting_bytes += size;
}

void mattermost_socket_go_on(struct mattermost_socket *socket)
{
    while (!socket->stopped && !socket->handing_out && socket->waiting.length > 0) {
        const struct frame *kept = g_queue_peek_head(&socket->waiting);
        struct mattermost_frame frame;
        mattermost_decode(kept->text, kept->size, socket->self, socket->names, &frame);
        bool taken = hand_out(socket, &frame);
        mattermost_frame_done(&frame);
        if (!taken)
            return;
        socket->waiting_bytes -= kept->size;
        frame_free(g_queue_pop_head(&socket->waiting));
    }
}

static bool is_connection(const char *id)
{
    return id != NULL && strlen(id) <= 64 && strspn(id, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) == strlen(id) && *id != '\0';
}

/* False: the connection was given up. */
static bool in_sequence(struct mattermost_socket *socket, int64_t seq)
{
    if (seq == socket->next && (socket->state == LIVE || socket->resuming)) {
        socket->next++;
        if (socket->state == GREETING)
            live(socket, "mattermost.resumed");
        return true;
    }
    if (socket->state == GREETING)
        connection_forget(socket); /* not what was asked for: begin anew */
    g_autofree char *why = g_strdup_printf("event %" G_GINT64_FORMAT " came in place of %" G_GINT64_FORMAT, seq, socket->next);
    leave(socket, OUT_OF_ORDER, why);
    return false;
}

static void greeted(struct mattermost_socket *socket, const struct mattermost_frame *frame)
{
    if (!is_connection(frame->connection)) {
        connection_forget(socket);
        leave(socket, 1000, "a hello without the connection's id");
        return;
    }
    if (g_strcmp0(socket->connection, frame->connection) == 0 && frame->seq == socket->next) {
        in_sequence(socket, frame->seq);
        return;
    }
    bool had = socket->connection != NULL;
    g_free(socket->connection);
    socket->connection = g_strdup(frame->connection);
    socket->next = frame->seq + 1;
    socket->epoch++;
    live(socket, "mattermost.live");
    if (had)
        log_warning("mattermost.gap", "connection=%s note=\"the server does not know the old connection any more: what was "
                    "missed is read from the channels\"", socket->connection);
    else
        log_info("mattermost.gap", "connection=%s note=\"nothing to go on from: what was said since the last time is read "
                 "from the channels\"", socket->connection);
    socket->handler.gap(socket->handler.data);
}

static void replied(struct mattermost_socket *socket, const struct mattermost_frame *frame)
{
    if (frame->ok)
        socket->pongs = MAX(socket->pongs, MIN(frame->reply, socket->pings));
    else
        refused(socket, frame->reason != NULL ? frame->reason : "the server refused an action");
}

static void message(const char *text, gsize size, void *data)
{
    struct mattermost_socket *socket = data;
    socket->heard = true;
    if (socket->state == LEAVING || socket->stopped)
        return;
    struct mattermost_frame frame;
    mattermost_decode(text, size, socket->self, socket->names, &frame);
    bool numbered = frame.kind == MATTERMOST_EVENT || (frame.kind == MATTERMOST_UNUSABLE && frame.seq >= 0);
    if (frame.kind == MATTERMOST_HELLO) {
        greeted(socket, &frame);
    } else if (frame.kind == MATTERMOST_REPLY) {
        replied(socket, &frame);
    } else if (!numbered || in_sequence(socket, frame.seq)) {
        bool behind = socket->waiting.length > 0 || socket->handing_out;
        if (behind || !hand_out(socket, &frame))
            keep(socket, text, size, frame.seq);
    }
    mattermost_frame_done(&frame);
    if (socket->state == LIVE && (socket->waiting.length > WAITING_MOST || socket->waiting_bytes > WAITING_BYTES))
        leave(socket, 1000, "too much waits to be worked on");
}

/* Of whatever kind it was, it had a number; replies are short. */
static void too_large(const char *ends, gsize size, void *data)
{
    (void)ends;
    struct mattermost_socket *socket = data;
    socket->heard = true;
    log_warning("mattermost.unusable", "reason=\"too large\" size=%zu", size);
    if (socket->state == LIVE && !socket->stopped)
        in_sequence(socket, socket->next);
}

/* ---- one connection's life ---- */

static void opened(void *data)
{
    struct mattermost_socket *socket = data;
    socket->state = GREETING;
    socket->pings = socket->pongs = 0;
    loop_timer_set_ms(socket->first, socket->resuming ? FIRST_MS : HELLO_MS);
    ping(socket);
}

/* The HTTP status that a handshake was refused with; 0: it was not. */
static int status_of(const char *reason)
{
    static const char words[] = "HTTP status ";
    const char *at = strstr(reason, words);
    return at != NULL ? (int)g_ascii_strtoll(at + sizeof words - 1, NULL, 10) : 0;
}

/* The server's own, neither for want of time nor of a proxy that finds nobody behind it. */
static bool is_refusal(const char *reason)
{
    int status = status_of(reason);
    return status >= 400 && status <= 500 && status != 429;
}

static void closed(const char *reason, void *data)
{
    struct mattermost_socket *socket = data;
    socket->websocket = NULL; /* gone with this call */
    g_autofree char *leaving = g_steal_pointer(&socket->leaving);
    if (socket->stopped) {
        end_connection(socket);
        return;
    }
    bool silent = socket->state == GREETING && !socket->heard;
    if (socket->resuming && (socket->state == GREETING || is_refusal(reason)))
        connection_forget(socket); /* it may mean the number that was asked for */
    /* Who shows a token that is not accepted is let in, told nothing and cut off after 5 s. */
    if (silent || status_of(reason) == 401)
        refused(socket, reason);
    else
        lost(socket, leaving != NULL ? leaving : reason);
}

static void connection_open(struct mattermost_socket *socket)
{
    static const struct websocket_handler handler = {
        .opened = opened, .message = message, .too_large = too_large, .closed = closed};
    socket->resuming = socket->connection != NULL;
    g_autofree char *url =
        socket->resuming ? g_strdup_printf("%s?connection_id=%s&sequence_number=%" G_GINT64_FORMAT, socket->url,
                                           socket->connection, socket->next)
                         : g_strdup(socket->url);
    const char *const headers[] = {"Authorization", socket->authorization, NULL};
    struct websocket_options options = {.url = url, .headers = headers, .max_message = LARGEST};
    socket->state = CONNECTING;
    log_info("mattermost.open", "resuming=%s next=%" G_GINT64_FORMAT, socket->resuming ? "yes" : "no", socket->next);
    socket->websocket = websocket_open(socket->loop, socket->rest, &options, &handler, socket);
}

static void retry_fired(void *data)
{
    struct mattermost_socket *socket = data;
    socket->retrying = false;
    connection_open(socket);
}

/* ---- as seen from outside ---- */

struct mattermost_socket *mattermost_socket_new(struct loop *loop, struct rest *rest,
                                                const struct mattermost_options *options,
                                                const struct mattermost_self *self, struct names *names,
                                                const struct mattermost_socket_handler *handler)
{
    struct mattermost_socket *socket = g_new0(struct mattermost_socket, 1);
    socket->loop = loop;
    socket->rest = rest;
    socket->self = self;
    socket->names = names;
    socket->handler = *handler;
    bool secure = g_str_has_prefix(options->url, "https://");
    const char *place = strstr(options->url, "://");
    socket->url = g_strconcat(secure ? "wss" : "ws", place != NULL ? place : "://", "/api/v4/websocket", NULL);
    socket->authorization = g_strconcat("Bearer ", options->token, NULL);
    g_queue_init(&socket->waiting);
    socket->ping = loop_timer_new(loop, ping_fired, socket);
    socket->first = loop_timer_new(loop, first_fired, socket);
    socket->retry = loop_timer_new(loop, retry_fired, socket);
    return socket;
}

static void position_take(struct mattermost_socket *socket, const char *position)
{
    g_auto(GStrv) parts = g_strsplit(position, " ", 3);
    if (g_strv_length(parts) != 2 || !is_connection(parts[0]) || strspn(parts[1], "0123456789") != strlen(parts[1]) ||
        strlen(parts[1]) > 15)
        return;
    int64_t next = g_ascii_strtoll(parts[1], NULL, 10);
    if (next == 0)
        return; /* the server would leave out all that was written, and not say so */
    socket->connection = g_strdup(parts[0]);
    socket->next = next;
}

void mattermost_socket_start(struct mattermost_socket *socket, const char *position)
{
    if (socket->stopped || socket->state != IDLE || socket->retrying)
        return;
    if (position != NULL && socket->connection == NULL)
        position_take(socket, position);
    if (socket->failures > 0)
        retry_in(socket, backoff_ms(socket->failures++));
    else
        connection_open(socket);
}

void mattermost_socket_stop(struct mattermost_socket *socket)
{
    socket->stopped = true;
    loop_timer_clear(socket->retry);
    loop_timer_clear(socket->ping);
    loop_timer_clear(socket->first);
    if (socket->websocket != NULL)
        websocket_close(socket->websocket, 1000);
}

void mattermost_socket_free(struct mattermost_socket *socket)
{
    if (socket == NULL)
        return;
    websocket_free(socket->websocket);
    loop_timer_free(socket->ping);
    loop_timer_free(socket->first);
    loop_timer_free(socket->retry);
    g_queue_clear_full(&socket->waiting, frame_free);
    g_free(socket->url);
    g_free(socket->authorization);
    g_free(socket->connection);
    g_free(socket->problem);
    g_free(socket->leaving);
    g_free(socket);
}

char *mattermost_socket_position(const struct mattermost_socket *socket)
{
    const struct frame *kept = g_queue_peek_head((GQueue *)&socket->waiting);
    if (socket->connection == NULL || (kept != NULL && (kept->epoch != socket->epoch || kept->seq < 0)))
        return NULL;
    return g_strdup_printf("%s %" G_GINT64_FORMAT, socket->connection, kept != NULL ? kept->seq : socket->next);
}

bool mattermost_socket_live(const struct mattermost_socket *socket)
{
    return socket->state == LIVE;
}

const char *mattermost_socket_problem(const struct mattermost_socket *socket)
{
    return socket->problem;
}
