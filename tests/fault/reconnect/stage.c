#include "tests/fault/reconnect/stage.h"

#include "bot/sandbox/workspace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { PATIENCE_MS = 60 * 1000, REST_MS = 40, LOOK_MS = 500 };

static const char *const names[PAGES] = {"dana", "mia"};

void stage_die(struct stage *stage, const char *what)
{
    fprintf(stderr, "%s\n", what);
    children_kill(stage->children);
    fflush(NULL);
    _exit(1); /* the front's threads go on until the last moment */
}

/* ---- processes ---- */

static void log_readable(uint32_t events, void *data)
{
    (void)events;
    struct stage *stage = data;
    char buffer[4096];
    ssize_t got = read(stage->log_fd, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0) {
        g_string_append_len(stage->log, buffer, got);
        return;
    }
    loop_fd_remove(stage->log_watch);
    close(stage->log_fd);
    stage->bot_status = children_bury_bot(stage->children);
    stage->bot = 0;
}

static bool has_begun(struct stage *stage, const void *data)
{
    (void)data;
    return stage->bot == 0 || strstr(stage->log->str, "service.start") != NULL;
}

void stage_start_bot(struct stage *stage, const char *host, const char *const *environment)
{
    g_autofree char *url =
        g_strdup_printf("%s://%s:%d", stage->tls ? "https" : "http", host, front_port(stage->front));
    int called_at = stage->calls != NULL ? front_port(stage->calls) : 0;
    if (!children_start_bot(stage->children, url, called_at, environment, &stage->log_fd))
        stage_die(stage, "the bot did not start");
    stage->bot = stage->children->bot;
    stage->log_watch = loop_fd_add(stage->loop, stage->log_fd, EPOLLIN, log_readable, stage);
    if (!stage_run(stage, has_begun, NULL, PATIENCE_MS) || stage->bot == 0)
        stage_die(stage, stage->log->str);
}

static bool is_gone(struct stage *stage, const void *data)
{
    (void)data;
    return stage->bot == 0;
}

void stage_end_bot(struct stage *stage)
{
    kill(stage->bot, SIGTERM);
    if (!stage_run(stage, is_gone, NULL, PATIENCE_MS))
        stage_die(stage, "the bot does not end");
}

/* ---- pages ---- */

static void give_order(struct stage *stage, int page, cJSON *order)
{
    g_autofree char *text = json_text(order);
    cJSON_Delete(order);
    if (!websocket_send(stage->pages[page].websocket, text, strlen(text)))
        stage_die(stage, "a page takes no order");
}

static cJSON *order_new(const char *what)
{
    cJSON *order = json_object();
    json_put_str(order, "do", what);
    return order;
}

static void opened(void *data)
{
    struct page *page = data;
    cJSON *order = order_new("enter");
    json_put_str(order, "as", person_by_name(names[page->number])->id);
    give_order(page->stage, page->number, order);
}

static void take_workspace(struct page *page, const cJSON *see)
{
    const cJSON *channel;
    cJSON_ArrayForEach(channel, json_get(see, "channels"))
    {
        if (strcmp(json_str0(channel, "name"), "product-asks") != 0)
            continue;
        g_free(page->stage->channel);
        page->stage->channel = g_strdup(json_str0(channel, "id"));
    }
    page->entered = true;
}

static void take_message(struct stage *stage, const cJSON *message)
{
    if (stage->card != NULL || !json_true(message, "bot") || json_str(message, "thread_ts") != NULL)
        return;
    g_autofree char *text = json_text(message);
    if (strstr(text, "Add SSO for Acme") != NULL && strstr(text, "asked by") != NULL)
        stage->card = g_strdup(json_str0(message, "ts"));
}

static void message(const char *text, gsize size, void *data)
{
    struct page *page = data;
    struct stage *stage = page->stage;
    g_autoptr(cJSON) see = json_parse(text, size, NULL);
    const char *what = json_str0(see, "see");
    if (strcmp(what, "workspace") == 0) {
        take_workspace(page, see);
    } else if (strcmp(what, "settled") == 0) {
        stage->settled = stage->settled || json_int(see, "id", 0) == stage->settle_id;
    } else if (strcmp(what, "passed") == 0) {
        stage->passed = true;
    } else if (strcmp(what, "history") == 0) {
        cJSON_Delete(stage->history);
        stage->history = g_steal_pointer(&see);
    } else if (strcmp(what, "trouble") == 0) {
        g_string_append_printf(stage->troubles, "%s: %s\n", names[page->number], json_str0(see, "text"));
    } else if (strcmp(what, "message") == 0) {
        take_message(stage, json_get(see, "message"));
    }
}

static void closed(const char *reason, void *data)
{
    stage_die(((struct page *)data)->stage, reason);
}

static void open_page(struct stage *stage, int number)
{
    static const struct websocket_handler handler = {.opened = opened, .message = message, .closed = closed};
    struct page *page = &stage->pages[number];
    *page = (struct page){.stage = stage, .number = number};
    g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%d/sandbox/socket", stage->children->port);
    struct websocket_options options = {.url = url, .max_message = 32 << 20};
    page->websocket = websocket_open(stage->loop, stage->rest, &options, &handler, page);
}

static bool all_entered(struct stage *stage, const void *data)
{
    (void)data;
    for (int i = 0; i < PAGES; i++) {
        if (!stage->pages[i].entered)
            return false;
    }
    return true;
}

void stage_post(struct stage *stage, int page, const char *thread, const char *text)
{
    cJSON *order = order_new("post");
    json_put_str(order, "channel", stage->channel);
    if (thread != NULL)
        json_put_str(order, "thread", thread);
    json_put_str(order, "text", text);
    give_order(stage, page, order);
}

void stage_misbehave(struct stage *stage, const char *json)
{
    cJSON *order = json_parse(json, strlen(json), NULL);
    json_put_str(order, "do", "misbehave");
    give_order(stage, DANA, order);
}

/* ---- waiting ---- */

static void too_late(void *data)
{
    struct stage *stage = data;
    stage->late = true;
    loop_wake(stage->loop);
}

struct wait {
    struct stage *stage;
    bool (*until)(struct stage *stage, const void *data);
    const void *data;
};

static void before_sleep(void *data)
{
    struct wait *wait = data;
    if (wait->stage->late || wait->until(wait->stage, wait->data))
        loop_stop(wait->stage->loop);
}

bool stage_run(struct stage *stage, bool (*until)(struct stage *stage, const void *data), const void *data, int limit_ms)
{
    struct wait wait = {stage, until, data};
    stage->late = false;
    loop_timer_set_ms(stage->deadline, limit_ms);
    loop_wake(stage->loop);
    loop_run(stage->loop, before_sleep, &wait);
    loop_timer_clear(stage->deadline);
    return !stage->late;
}

static bool has_passed(struct stage *stage, const void *data)
{
    (void)data;
    return stage->passed || stage->bot == 0;
}

bool stage_pass(struct stage *stage, int seconds)
{
    for (int i = 0; i < seconds && stage->bot != 0; i++) {
        cJSON *order = order_new("pass");
        json_put_int(order, "ms", 1000);
        stage->passed = false;
        give_order(stage, DANA, order);
        stage_run(stage, has_passed, NULL, REST_MS); /* what is not at rest by then waits for time */
    }
    return stage->bot != 0;
}

void stage_clock(struct stage *stage, int64_t to_ms)
{
    cJSON *order = order_new("clock");
    json_put_int(order, "to", to_ms);
    give_order(stage, DANA, order);
}

static bool has_settled(struct stage *stage, const void *data)
{
    (void)data;
    return stage->settled || stage->bot == 0;
}

static bool settles_within(struct stage *stage, int limit_ms)
{
    stage->settled = false;
    cJSON *order = order_new("settle");
    json_put_int(order, "id", ++stage->settle_id);
    give_order(stage, DANA, order);
    return stage_run(stage, has_settled, NULL, limit_ms) && stage->bot != 0;
}

bool stage_settle(struct stage *stage)
{
    return settles_within(stage, PATIENCE_MS);
}

bool stage_rests(struct stage *stage)
{
    return settles_within(stage, LOOK_MS);
}

static bool history_came(struct stage *stage, const void *data)
{
    (void)data;
    return stage->history != NULL;
}

char *stage_history(struct stage *stage)
{
    g_clear_pointer(&stage->history, cJSON_Delete);
    cJSON *order = order_new("history");
    json_put_str(order, "channel", stage->channel);
    give_order(stage, DANA, order);
    if (!stage_run(stage, history_came, NULL, PATIENCE_MS))
        stage_die(stage, "no history came");
    return json_text(json_get(stage->history, "messages"));
}

/* ---- beginning and end ---- */

struct stage *stage_new(const char *programs, enum like like, bool tls)
{
    struct stage *stage = g_new0(struct stage, 1);
    g_autoptr(GError) error = NULL;
    stage->tls = tls;
    stage->log = g_string_new(NULL);
    stage->troubles = g_string_new(NULL);
    stage->loop = loop_new(NULL, &error);
    if (stage->loop != NULL)
        stage->rest = rest_new(stage->loop, NULL, &error);
    if (error != NULL) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
    like_learn_people(like);
    stage->children = children_new(programs, like);
    stage->deadline = loop_timer_new(stage->loop, too_late, stage);
    if (like != LIKE_SLACK)
        stage->calls = front_new(stage->children->hear_port, NULL);
    if (!children_start_sandbox(stage->children, stage->calls != NULL ? front_port(stage->calls) : 0))
        stage_die(stage, "the sandbox did not start");
    g_autofree char *authority = g_build_filename(stage->children->folder, "authority.pem", NULL);
    stage->front = front_new(stage->children->port, tls ? authority : NULL);
    for (int i = 0; i < PAGES; i++)
        open_page(stage, i);
    if (!stage_run(stage, all_entered, NULL, PATIENCE_MS))
        stage_die(stage, "the pages did not open");
    if (tls)
        stage_misbehave(stage, "{\"how\":\"behind_tls\"}");
    return stage;
}

void stage_free(struct stage *stage)
{
    for (int i = 0; i < PAGES; i++)
        websocket_free(stage->pages[i].websocket);
    children_free(stage->children);
    front_free(stage->front);
    if (stage->calls != NULL)
        front_free(stage->calls);
    cJSON_Delete(stage->history);
    loop_timer_free(stage->deadline);
    rest_free(stage->rest);
    loop_free(stage->loop);
    g_string_free(stage->log, TRUE);
    g_string_free(stage->troubles, TRUE);
    g_free(stage->channel);
    g_free(stage->card);
    g_free(stage);
}
