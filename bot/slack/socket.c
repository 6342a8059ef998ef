/* Socket Mode connections: docs.slack.dev/apis/events-api/using-socket-mode.
 *
 * Each seat keeps one live connection. A replacement is opened and greeted before the old one is
 * let go, so that at every moment somebody is there to take an event.
 */
#include "bot/slack/slack.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/net/websocket.h"

#include <string.h>

enum {
    ASK_MS = 15 * 1000,
    HELLO_MS = 30 * 1000,
    PING_MS = 10 * 1000,
    SILENCE_MS = 30 * 1000,
    LEAVE_MS = 15 * 1000,       /* what an old connection gets to finish by itself */
    SETTLED_MS = 10 * 1000,     /* who lived so long did not fail */
    LONGEST_PAUSE_MS = 60 * 1000,
    LIMITED_MS = 30 * 1000,     /* 429 without Retry-After */
    HOPELESS_MS = 5 * 60 * 1000, /* until the operator has done something */
    MOST_SEATS = 10,            /* Slack's limit */
    PERSISTENT = 4,             /* failures in a row: no longer a hiccup */
};

enum link_state { ASKING, CONNECTING, GREETING, LIVE, LEAVING };

struct seat;

struct link {
    struct slack_sockets *sockets;
    struct seat *seat;
    uint64_t id;
    enum link_state state;
    struct websocket *websocket;
    struct loop_timer *timer; /* hello's watchdog; then the end of its lifetime; then of its leave */
    int64_t live_since_us;
};

struct seat {
    struct slack_sockets *sockets;
    struct link *live; /* NULL while down */
    struct link *next; /* on its way to be live */
    struct loop_timer *retry;
    bool retrying;
    int64_t retry_at_us;
    unsigned failures; /* in a row */
};

struct slack_sockets {
    struct loop *loop;
    struct rest *rest;
    char *url;
    char *authorization;
    bool plain_allowed;
    struct slack_sockets_handler handler;
    void *data;
    struct seat seats[MOST_SEATS];
    int seat_count;
    GHashTable *links; /* id → link */
    uint64_t last_id;
    int64_t not_before_us; /* Slack asked all of us to wait */
    int hello_ms, leave_ms;
    char *problem;
    const char *advised; /* what the operator was told since a socket was live */
    int64_t down_since_us; /* all of us; 0: not */
};

static void seat_open(struct seat *seat);

static void link_free(void *data)
{
    struct link *link = data;
    struct slack_sockets *sockets = link->sockets;
    rest_forget(sockets->rest, link);
    websocket_free(link->websocket);
    loop_timer_free(link->timer);
    g_free(link);
}

/* ---- trouble ---- */

static void problem_set(struct slack_sockets *sockets, const char *text)
{
    if (g_strcmp0(text, sockets->problem) == 0)
        return;
    g_free(sockets->problem);
    sockets->problem = g_strdup(text);
}

/* Only the operator can help: say it once, loudly. */
static void problem_hopeless(struct slack_sockets *sockets, const char *advice, const char *code)
{
    g_autofree char *text = g_strdup_printf("%s (Slack says %s)", advice, code);
    if (g_strcmp0(text, sockets->problem) != 0)
        log_error("socket.problem", "note=\"%s\"", text);
    problem_set(sockets, text);
}

/* Trying again may help, but does not yet: once a reason, while nobody listens. */
static void problem_persistent(struct slack_sockets *sockets, const char *why)
{
    const char *advice = slack_advice(why);
    g_autofree char *text = g_strdup_printf("a connection to Slack could not be opened: %s; %s", why, advice);
    problem_set(sockets, text);
    if (advice == sockets->advised || slack_sockets_live(sockets) > 0)
        return;
    sockets->advised = advice;
    log_error("socket.problem", "note=\"%s\"", text);
}

/* What the operator has to do about this answer, or NULL: trying again may help. */
static const char *hopeless(const char *code)
{
    static const struct {
        const char *code, *what;
    } known[] = {
        {"not_authed", "token"},        {"invalid_auth", "token"},           {"token_revoked", "token"},
        {"token_expired", "token"},     {"not_allowed_token_type", "token"}, {"missing_scope", "token"},
        {"no_permission", "token"},     {"account_inactive", "account"},     {"user_removed_from_team", "account"},
        {"team_disabled", "account"},   {"forbidden_team", "account"},       {"http_404", "address"},
        {"link_disabled", "switched off"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(code, known[i].code) != 0)
            continue;
        if (known[i].what[0] == 't')
            return "Slack does not accept SLACK_APP_TOKEN: create an app-level token (xapp-) with the scope "
                   "connections:write on the app's Basic Information page and set it";
        if (known[i].what[0] == 's')
            return "Socket Mode is switched off: turn it on in the app's settings under Socket Mode";
        return strcmp(known[i].what, "account") == 0
                   ? "Slack has deactivated the app or its workspace: install the app again, or ask the workspace's "
                     "administrator"
                   : "SLACK_API_URL knows no apps.connections.open: set it to the address of Slack's Web API";
    }
    return NULL;
}

static int64_t backoff_ms(unsigned failures)
{
    if (failures == 0)
        return 0;
    int64_t base = MIN(INT64_C(1000) << MIN(failures - 1, 6), LONGEST_PAUSE_MS);
    return base * 3 / 4 + g_random_int_range(0, (gint32)(base / 4) + 1);
}

/* The first retry at once, then later and later. Returns in how many milliseconds. */
static int64_t seat_retry(struct seat *seat, int64_t at_least_ms)
{
    struct slack_sockets *sockets = seat->sockets;
    int64_t held_ms = (sockets->not_before_us - clock_monotonic_us()) / 1000;
    int64_t wait = MAX(MAX(backoff_ms(seat->failures), held_ms), at_least_ms);
    seat->failures++;
    seat->retrying = true;
    seat->retry_at_us = clock_monotonic_us() + wait * 1000;
    loop_timer_set_ms(seat->retry, wait);
    return wait;
}

static void retry_fired(void *data)
{
    struct seat *seat = data;
    seat->retrying = false;
    seat_open(seat);
}

/* An attempt came to nothing. code: Slack's or ours, one word; detail: human, NULL when it says no more. */
static void link_failed(struct link *link, const char *code, const char *detail, int64_t wait_ms)
{
    struct seat *seat = link->seat;
    struct slack_sockets *sockets = link->sockets;
    const char *advice = hopeless(code);
    if (advice != NULL) {
        problem_hopeless(sockets, advice, code);
    } else {
        g_autofree char *text = g_strdup_printf("a connection to Slack could not be opened: %s",
                                                detail != NULL ? detail : code);
        if (seat->failures >= PERSISTENT)
            problem_persistent(sockets, detail != NULL ? detail : code);
        else
            problem_set(sockets, text);
    }
    if (advice != NULL || wait_ms > 0) {
        int64_t hold = MAX(wait_ms, advice != NULL ? HOPELESS_MS : 0);
        sockets->not_before_us = MAX(sockets->not_before_us, clock_monotonic_us() + hold * 1000);
    }
    if (seat->failures == 0)
        seat->failures = 1; /* opening has failed, not only what was open */
    int64_t wait = seat_retry(seat, 0);
    log_warning("socket.lost", "connection=%" G_GUINT64_FORMAT " reason=\"%s\" retry_in=%.1fs", link->id,
                detail != NULL ? detail : code, (double)wait / 1000);
    seat->next = NULL;
    g_hash_table_remove(sockets->links, &link->id);
}

/* ---- one connection's life ---- */

static struct seat *down(struct link *link)
{
    struct seat *seat = link->seat;
    seat->live = NULL;
    if (slack_sockets_live(seat->sockets) == 0)
        seat->sockets->down_since_us = clock_monotonic_us();
    if ((clock_monotonic_us() - link->live_since_us) / 1000 >= SETTLED_MS)
        seat->failures = 0;
    return seat;
}

static void closed(const char *reason, void *data)
{
    struct link *link = data;
    link->websocket = NULL; /* gone with this call */
    if (link->state == LEAVING) {
        log_debug("socket.left", "connection=%" G_GUINT64_FORMAT, link->id);
        g_hash_table_remove(link->sockets->links, &link->id);
        return;
    }
    if (link->state != LIVE) {
        link_failed(link, "connection", reason, 0);
        return;
    }
    struct seat *seat = down(link);
    int64_t wait = 0; /* with a replacement on its way */
    if (seat->retrying)
        wait = MAX((seat->retry_at_us - clock_monotonic_us()) / 1000, 0);
    else if (seat->next == NULL)
        wait = seat_retry(seat, 0);
    log_warning("socket.lost", "connection=%" G_GUINT64_FORMAT " reason=\"%s\" retry_in=%.1fs", link->id, reason,
                (double)wait / 1000);
    g_hash_table_remove(link->sockets->links, &link->id);
}

static void message(const char *text, gsize size, void *data)
{
    struct link *link = data;
    link->sockets->handler.frame(link->id, text, size, link->sockets->data);
}

static void too_large(const char *ends, gsize size, void *data)
{
    struct link *link = data;
    link->sockets->handler.too_large(link->id, ends, size, link->sockets->data);
}

static void opened(void *data)
{
    struct link *link = data;
    link->state = GREETING;
}

static void link_fired(void *data)
{
    struct link *link = data;
    if (link->state == LIVE) {
        /* Its announced time is nearly over. */
        if (link->seat->next == NULL && !link->seat->retrying)
            seat_open(link->seat);
    } else if (link->state == LEAVING) {
        websocket_close(link->websocket, 1000);
    } else {
        link_failed(link, "hello", "no hello came", 0);
    }
}

/* Letters, digits and underscores of an error code from outside. */
static char *code_clean(const char *code)
{
    char *clean = g_strndup(code, 60);
    return g_strcanon(clean, "abcdefghijklmnopqrstuvwxyz0123456789_", '?');
}

static void url_came(const struct rest_response *response, void *data)
{
    struct link *link = data;
    if (response->outcome != REST_ANSWERED) {
        link_failed(link, "request", response->error, 0);
        return;
    }
    if (response->status == 429) {
        int64_t asked = response->retry_after_s >= 0 ? response->retry_after_s * 1000 : LIMITED_MS;
        link_failed(link, "ratelimited", "Slack limits how often connections may be opened", MAX(asked, 1));
        return;
    }
    const char *why = NULL;
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, &why);
    const char *url = json_str(answer, "url"), *code = json_str(answer, "error");
    if (!json_true(answer, "ok") || url == NULL) {
        g_autofree char *status = g_strdup_printf("http_%d", response->status);
        g_autofree char *clean = code != NULL ? code_clean(code) : g_steal_pointer(&status);
        link_failed(link, clean, NULL, 0);
        return;
    }
    if (!g_str_has_prefix(url, "wss://") && !(link->sockets->plain_allowed && g_str_has_prefix(url, "ws://"))) {
        link_failed(link, "address", "Slack gave an address that is not wss://", 0);
        return;
    }
    static const struct websocket_handler handler = {.opened = opened, .message = message, .too_large = too_large, .closed = closed};
    struct websocket_options options = {.url = url, .ping_ms = PING_MS, .silence_ms = SILENCE_MS};
    link->state = CONNECTING;
    loop_timer_set_ms(link->timer, link->sockets->hello_ms);
    link->websocket = websocket_open(link->sockets->loop, link->sockets->rest, &options, &handler, link);
}

static void seat_open(struct seat *seat)
{
    struct slack_sockets *sockets = seat->sockets;
    if (seat->next != NULL)
        return;
    struct link *link = g_new0(struct link, 1);
    link->sockets = sockets;
    link->seat = seat;
    link->id = ++sockets->last_id;
    link->timer = loop_timer_new(sockets->loop, link_fired, link);
    g_hash_table_insert(sockets->links, &link->id, link);
    seat->next = link;
    log_info("socket.open", "connection=%" G_GUINT64_FORMAT, link->id);
    char *headers[] = {sockets->authorization, "Content-Type: application/x-www-form-urlencoded", NULL};
    /* A second address asked for by mistake hurts nobody. */
    struct rest_request request = {
        .method = "POST", .url = sockets->url, .headers = headers, .timeout_ms = ASK_MS, .idempotent = true};
    rest_send(sockets->rest, &request, url_came, link);
}

static void link_leave(struct link *link)
{
    link->state = LEAVING;
    loop_timer_set_ms(link->timer, link->sockets->leave_ms);
}

void slack_sockets_hello(struct slack_sockets *sockets, uint64_t connection, int64_t lifetime_s)
{
    struct link *link = g_hash_table_lookup(sockets->links, &connection);
    if (link == NULL || link->state != GREETING)
        return;
    bool first = slack_sockets_live(sockets) == 0;
    struct seat *seat = link->seat;
    struct link *old = seat->live;
    seat->live = link;
    seat->next = NULL;
    link->state = LIVE;
    link->live_since_us = clock_monotonic_us();
    loop_timer_clear(link->timer);
    if (lifetime_s > 0) {
        /* A tenth before the end, five minutes at most, and not all of us at once. */
        int64_t lifetime = MIN(lifetime_s, 7 * 24 * 3600) * 1000, lead = MIN(lifetime / 10, 300 * 1000);
        loop_timer_set_ms(link->timer, lifetime - lead - g_random_int_range(0, (gint32)lead / 2 + 1));
    }
    problem_set(sockets, NULL);
    sockets->advised = NULL;
    if (old != NULL)
        link_leave(old);
    int64_t away_us = sockets->down_since_us != 0 ? link->live_since_us - sockets->down_since_us : 0;
    sockets->down_since_us = 0;
    log_info("socket.live", "connection=%" G_GUINT64_FORMAT " sockets=%d lifetime=%" G_GINT64_FORMAT "s away=%" G_GINT64_FORMAT "s",
             link->id, slack_sockets_live(sockets), lifetime_s, away_us / G_USEC_PER_SEC);
    if (first)
        sockets->handler.gap(sockets->data);
}

void slack_sockets_disconnect(struct slack_sockets *sockets, uint64_t connection, const char *reason)
{
    struct link *link = g_hash_table_lookup(sockets->links, &connection);
    if (link == NULL || link->state == LEAVING)
        return;
    struct seat *seat = link->seat;
    g_autofree char *code = code_clean(reason != NULL ? reason : "unknown");
    if (link->state != LIVE) {
        link_failed(link, code, NULL, 0);
        return;
    }
    bool off = strcmp(code, "link_disabled") == 0;
    if (off)
        problem_hopeless(sockets, hopeless(code), code);
    if (seat->next != NULL || (seat->retrying && !off))
        return;
    if ((clock_monotonic_us() - link->live_since_us) / 1000 >= SETTLED_MS)
        seat->failures = 0;
    int64_t wait = seat_retry(seat, off ? HOPELESS_MS : 0);
    log_info("socket.refresh", "connection=%" G_GUINT64_FORMAT " reason=%s retry_in=%.1fs", link->id, code,
             (double)wait / 1000);
}

bool slack_sockets_send(struct slack_sockets *sockets, uint64_t connection, const char *text, gsize size)
{
    struct link *link = g_hash_table_lookup(sockets->links, &connection);
    return link != NULL && link->websocket != NULL && websocket_send(link->websocket, text, size);
}

int slack_sockets_live(const struct slack_sockets *sockets)
{
    int live = 0;
    for (int i = 0; i < sockets->seat_count; i++)
        live += sockets->seats[i].live != NULL;
    return live;
}

const char *slack_sockets_problem(const struct slack_sockets *sockets)
{
    return sockets->problem;
}

struct slack_sockets *slack_sockets_new(struct loop *loop, struct rest *rest, const struct slack_options *options,
                                        const struct slack_sockets_handler *handler, void *data)
{
    struct slack_sockets *sockets = g_new0(struct slack_sockets, 1);
    sockets->loop = loop;
    sockets->rest = rest;
    sockets->url = g_strconcat(options->api_url, g_str_has_suffix(options->api_url, "/") ? "" : "/",
                               "apps.connections.open", NULL);
    sockets->authorization = g_strconcat("Authorization: Bearer ", options->app_token, NULL);
    sockets->plain_allowed = g_str_has_prefix(options->api_url, "http://");
    sockets->handler = *handler;
    sockets->data = data;
    slack_sockets_patience(sockets, HELLO_MS, LEAVE_MS);
    sockets->links = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, link_free);
    sockets->seat_count = CLAMP(options->sockets, 1, MOST_SEATS);
    for (int i = 0; i < sockets->seat_count; i++) {
        struct seat *seat = &sockets->seats[i];
        seat->sockets = sockets;
        seat->retry = loop_timer_new(loop, retry_fired, seat);
    }
    return sockets;
}

void slack_sockets_patience(struct slack_sockets *sockets, int hello_ms, int leave_ms)
{
    sockets->hello_ms = hello_ms;
    sockets->leave_ms = leave_ms;
}

void slack_sockets_start(struct slack_sockets *sockets)
{
    for (int i = 0; i < sockets->seat_count; i++)
        seat_open(&sockets->seats[i]);
}

void slack_sockets_free(struct slack_sockets *sockets)
{
    if (sockets == NULL)
        return;
    g_hash_table_destroy(sockets->links);
    for (int i = 0; i < sockets->seat_count; i++)
        loop_timer_free(sockets->seats[i].retry);
    g_free(sockets->url);
    g_free(sockets->authorization);
    g_free(sockets->problem);
    g_free(sockets);
}
