#include "tests/fault/world.h"

#include "bot/base/clock.h"
#include "bot/sandbox/workspace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    TAIL_BYTES = 24 * 1024,
    START_MS = 20000,
    REST_MS = 60,        /* what is not at rest by then waits for time */
    HURRY_MS = 500,      /* which passes in such steps, unless a socket fell silent */
    SILENCE_MS = 120 * 1000,
    LONG_STRIDE_MS = 5000,
    WORKED_NS = 6 * 1000 * 1000, /* in such a time: it is not time that is waited for */
};

static const char *const names[SEATS + 1] = {"dana", "mia", "jun", "sam", "ceo", "nobody"};

void world_die(struct world *world, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n---- the end of the bot's log:\n%s\n", world->tail->str);
    children_kill(world->children);
    exit(1);
}

/* ---- processes ---- */

static void bot_gone(struct world *world)
{
    loop_fd_remove(world->log_watch);
    world->log_watch = NULL;
    close(world->log);
    world->bot_status = children_bury_bot(world->children);
    world->bot = 0;
}

static void look_for_kill(struct world *world)
{
    bool due = (world->kill_after_news != 0 && world->news >= world->kill_after_news) ||
               (world->kill_after_bytes != 0 && world->bytes >= world->kill_after_bytes);
    if (!due || world->bot == 0)
        return;
    world->kill_after_news = world->kill_after_bytes = 0;
    kill(world->bot, SIGKILL);
}

static void log_readable(uint32_t events, void *data)
{
    (void)events;
    struct world *world = data;
    char buffer[4096];
    ssize_t got = read(world->log, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        bot_gone(world);
        return;
    }
    world->bytes += (guint64)got;
    g_string_append_len(world->tail, buffer, got);
    if (world->tail->len > TAIL_BYTES)
        g_string_erase(world->tail, 0, (gssize)(world->tail->len - TAIL_BYTES));
    look_for_kill(world);
}

void world_start_bot(struct world *world, const char *crash_at)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d", proxy_port(world->proxy));
    const char *asan = g_getenv("ASAN_OPTIONS");
    /* Measures what is left of a text at each line of it: a second of every start, under this sanitizer. */
    g_autofree char *quicker = g_strconcat(asan != NULL ? asan : "", ":intercept_strstr=0", NULL);
    const char *const environment[] = {"ASKWHY_LOG", "debug", "ASAN_OPTIONS", quicker,
                                       crash_at != NULL ? "ASKWHY_CRASH_AT" : NULL, crash_at, NULL};
    int heard_at = world->calls != NULL ? proxy_port(world->calls) : 0;
    g_string_append_printf(world->tail, "---- started%s%s\n", crash_at != NULL ? " to crash at " : "",
                           crash_at != NULL ? crash_at : "");
    if (!children_start_bot(world->children, url, heard_at, environment, &world->log))
        world_die(world, "the bot did not start");
    world->bot = world->children->bot;
    world->log_watch = loop_fd_add(world->loop, world->log, EPOLLIN, log_readable, world);
}

static bool is_gone(struct world *world, void *data)
{
    (void)data;
    return world->bot == 0;
}

void world_end_bot(struct world *world, int number)
{
    if (world->bot == 0)
        return;
    kill(world->bot, number);
    if (!world_run(world, is_gone, NULL, START_MS))
        world_die(world, "the bot did not end on signal %d", number);
}

/* ---- pages ---- */

static void take_workspace(struct seat *seat, const cJSON *see)
{
    struct world *world = seat->world;
    const cJSON *channel;
    cJSON_ArrayForEach(channel, json_get(see, "channels"))
    {
        const char *id = json_str0(channel, "id"), *name = json_str0(channel, "name");
        char **where = json_true(channel, "direct")          ? &seat->direct
                       : strcmp(name, "product-asks") == 0 ? &world->channel
                       : strcmp(name, "general") == 0      ? &world->other
                       : strcmp(name, "leadership") == 0   ? &world->far
                       : strcmp(name, "deals") == 0        ? &world->deals
                                                           : NULL;
        if (where != NULL) {
            g_free(*where);
            *where = g_strdup(id);
        }
    }
    world->now = json_int(see, "now", 0);
    world->now_at_us = clock_monotonic_us();
    seat->entered = true;
}

static void opened(void *data)
{
    struct seat *seat = data;
    if (seat->number == CONTROL) {
        seat->entered = true;
        return;
    }
    cJSON *order = order_new("enter");
    json_put_str(order, "as", seat->user);
    world_do(seat->world, seat->number, order);
}

static void message(const char *text, gsize size, void *data)
{
    struct seat *seat = data;
    struct world *world = seat->world;
    g_autoptr(cJSON) see = json_parse(text, size, NULL);
    const char *what = json_str0(see, "see");
    world->news++;
    if (strcmp(what, "workspace") == 0) {
        take_workspace(seat, see);
    } else if (strcmp(what, "settled") == 0) {
        /* Of an earlier wish it says nothing any more. */
        world->settled = world->settled || json_int(see, "id", 0) == world->settle_id;
    } else if (strcmp(what, "passed") == 0 || (seat->number == CONTROL && strcmp(what, "trouble") == 0)) {
        world->news--; /* nothing that anybody sees */
    } else if (strcmp(what, "history") == 0) {
        cJSON_Delete(world->history);
        world->history = g_steal_pointer(&see);
    } else if (strcmp(what, "clock") == 0) {
        world->now = json_int(see, "now", 0);
        world->now_at_us = clock_monotonic_us();
    } else if (see != NULL) {
        world->see(seat, what, see, world->data);
    }
    look_for_kill(world);
}

static void closed(const char *reason, void *data)
{
    struct seat *seat = data;
    seat->websocket = NULL;
    world_die(seat->world, "the page of %s was closed: %s", seat->name, reason);
}

static void open_page(struct world *world, int number)
{
    static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};
    struct seat *seat = &world->seats[number];
    *seat = (struct seat){.world = world, .number = number, .name = names[number]};
    if (number != CONTROL)
        seat->user = person_by_name(names[number])->id;
    g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%d/sandbox/socket", world->children->port);
    struct websocket_options options = {.url = url, .max_message = 32 << 20};
    seat->websocket = websocket_open(world->loop, world->rest, &options, &handler, seat);
}

static bool all_entered(struct world *world, void *data)
{
    (void)data;
    for (int i = 0; i <= CONTROL; i++) {
        if (!world->seats[i].entered)
            return false;
    }
    return true;
}

cJSON *order_new(const char *what)
{
    cJSON *order = json_object();
    json_put_str(order, "do", what);
    return order;
}

void world_do(struct world *world, int seat, cJSON *order)
{
    g_autofree char *text = json_text(order);
    cJSON_Delete(order);
    if (!websocket_send(world->seats[seat].websocket, text, strlen(text)))
        world_die(world, "the page of %s takes no order", world->seats[seat].name);
}

void world_misbehave(struct world *world, const char *json)
{
    cJSON *order = json_parse(json, strlen(json), NULL);
    if (order == NULL)
        world_die(world, "no JSON: %s", json);
    json_put_str(order, "do", "misbehave");
    world_do(world, CONTROL, order);
}

void world_move_clock(struct world *world, int64_t to)
{
    cJSON *order = order_new("clock");
    json_put_int(order, "to", to);
    world_do(world, CONTROL, order);
    /* The answer tells it better; until then this. */
    world->now = to;
    world->now_at_us = clock_monotonic_us();
}

int64_t world_now(const struct world *world)
{
    return world->now + (clock_monotonic_us() - world->now_at_us) / 1000;
}

/* ---- waiting ---- */

static void too_late(void *data)
{
    struct world *world = data;
    world->late = true;
    loop_wake(world->loop);
}

struct wait {
    struct world *world;
    bool (*until)(struct world *world, void *data);
    void *data;
};

static void before_sleep(void *data)
{
    struct wait *wait = data;
    if (wait->world->late || wait->until(wait->world, wait->data))
        loop_stop(wait->world->loop);
}

bool world_run(struct world *world, bool (*until)(struct world *world, void *data), void *data, int limit_ms)
{
    struct wait wait = {world, until, data};
    world->late = false;
    loop_timer_set_ms(world->deadline, limit_ms);
    loop_wake(world->loop);
    loop_run(world->loop, before_sleep, &wait);
    loop_timer_clear(world->deadline);
    return !world->late;
}

static bool is_settled(struct world *world, void *data)
{
    (void)data;
    return (world->settled && world->removals == 0) || world->bot == 0;
}

/* How long a process has worked, or wanted to. */
static int64_t worked_ns(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/schedstat", (int)pid), *text = NULL;
    gint64 ran = 0, waited = 0;
    if (g_file_get_contents(path, &text, NULL, NULL))
        sscanf(text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &ran, &waited);
    return ran + waited;
}

/* On a busy machine a moment may be too short for what needs no time to pass. */
static bool is_working(struct world *world)
{
    int64_t before = world->worked_ns;
    world->worked_ns = worked_ns(world->bot) + worked_ns(world->children->sandbox);
    return ABS(world->worked_ns - before) > WORKED_NS;
}

void world_pass(struct world *world, int ms)
{
    cJSON *order = order_new("pass");
    json_put_int(order, "ms", ms);
    world_do(world, CONTROL, order);
}

static void grant_silence(struct world *world)
{
    int silences = MAX(proxy_count(world->proxy, PROXY_SILENT), 0) + world->silenced;
    if (silences == world->silences)
        return;
    world->silences = silences;
    world->hurry_ms += SILENCE_MS;
    world->stride_ms = LONG_STRIDE_MS;
}

static void pass_fired(void *data)
{
    struct world *world = data;
    grant_silence(world);
    if (world->bot == 0 || world->settled || world->hurry_ms <= 0)
        return;
    if (is_working(world)) {
        loop_timer_set_ms(world->pass, REST_MS);
        return;
    }
    world_pass(world, world->stride_ms);
    world->hurry_ms -= world->stride_ms;
    loop_timer_set_ms(world->pass, REST_MS);
}

void world_ask_to_settle(struct world *world)
{
    world->settled = false;
    cJSON *order = order_new("settle");
    json_put_int(order, "id", ++world->settle_id);
    world_do(world, CONTROL, order);
    loop_timer_set_ms(world->pass, REST_MS);
}

bool world_settle(struct world *world, int limit_ms)
{
    world_ask_to_settle(world);
    return world_run(world, is_settled, NULL, limit_ms) && world->settled && world->bot != 0;
}

static bool history_came(struct world *world, void *data)
{
    (void)data;
    return world->history != NULL;
}

cJSON *world_history(struct world *world, int seat, const char *channel)
{
    g_clear_pointer(&world->history, cJSON_Delete);
    cJSON *order = order_new("history");
    json_put_str(order, "channel", channel);
    world_do(world, seat, order);
    world_run(world, history_came, NULL, START_MS);
    return g_steal_pointer(&world->history);
}

/* ---- beginning and end ---- */

static struct proxy *proxy_between(struct world *world, enum proxy_kind kind, int port, guint32 seed)
{
    g_autoptr(GError) error = NULL;
    struct proxy *proxy = proxy_new(world->loop, kind, port, seed, &error);
    if (proxy == NULL)
        world_die(world, "%s", error->message);
    return proxy;
}

struct world *world_new(const char *folder, enum like like, guint32 seed, world_see_fn *see, void *data)
{
    struct world *world = g_new0(struct world, 1);
    g_autoptr(GError) error = NULL;
    bool mattermost = like != LIKE_SLACK;
    world->tail = g_string_new(NULL);
    world->see = see;
    world->data = data;
    world->stride_ms = HURRY_MS;
    world->loop = loop_new(NULL, &error);
    if (world->loop != NULL)
        world->rest = rest_new(world->loop, NULL, &error);
    if (error != NULL) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
    like_learn_people(like);
    world->children = children_new(folder, like);
    world->deadline = loop_timer_new(world->loop, too_late, world);
    world->pass = loop_timer_new(world->loop, pass_fired, world);
    if (mattermost)
        world->calls = proxy_between(world, PROXY_OF_CALLS, world->children->hear_port, seed + 1);
    if (!children_start_sandbox(world->children, mattermost ? proxy_port(world->calls) : 0))
        world_die(world, "the sandbox did not start");
    world->proxy = proxy_between(world, mattermost ? PROXY_OF_MATTERMOST : PROXY_OF_SLACK, world->children->port, seed);
    for (int i = 0; i <= CONTROL; i++)
        open_page(world, i);
    if (!world_run(world, all_entered, NULL, START_MS))
        world_die(world, "the pages did not open");
    return world;
}

bool world_is_mattermost(const struct world *world)
{
    return world->children->like != LIKE_SLACK;
}

static void removed(const struct rest_response *response, void *data)
{
    struct world *world = data;
    world->removals--;
    if (response->status != 200)
        world_die(world, "the administrator could not delete a post: HTTP %d", response->status);
    loop_wake(world->loop);
}

void world_remove(struct world *world, const char *id)
{
    char *headers[] = {(char *)"Authorization: Bearer " SANDBOX_MATTERMOST_ADMIN_TOKEN, NULL};
    struct rest_request request = {.method = "DELETE", .headers = headers};
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/api/v4/posts/%s", world->children->port, id);
    request.url = url;
    world->removals++;
    rest_send(world->rest, &request, removed, world);
}

void world_harm_one_in(struct world *world, int requests)
{
    proxy_harm_one_in(world->proxy, requests);
    if (world->calls != NULL)
        proxy_harm_one_in(world->calls, (requests + 2) / 3); /* of which there are far fewer */
}

void world_free(struct world *world)
{
    for (int i = 0; i <= CONTROL; i++) {
        websocket_free(world->seats[i].websocket);
        g_free(world->seats[i].direct);
    }
    children_free(world->children);
    cJSON_Delete(world->history);
    loop_timer_free(world->deadline);
    loop_timer_free(world->pass);
    proxy_free(world->proxy);
    proxy_free(world->calls);
    rest_free(world->rest);
    loop_free(world->loop);
    g_string_free(world->tail, TRUE);
    g_free(world->channel);
    g_free(world->other);
    g_free(world->far);
    g_free(world->deals);
    g_free(world);
}
