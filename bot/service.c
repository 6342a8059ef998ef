#include "bot/service.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/chats.h"
#include "bot/dispatch.h"
#include "bot/sandbox_link.h"
#include "bot/settings.h"
#include "commands/say.h"
#include "store/groups.h"

#include <malloc.h>
#include <signal.h>
#include <string.h>

enum { FLUSH_MS = 5000, REST_MS = 1000 };

struct service {
    const struct config *config;
    char *file;
    struct settings settings;
    struct loop *loop;
    struct rest *rest;
    struct store *store;
    struct outbox *outbox;
    struct reader *reader;
    struct dispatch *dispatch;
    struct sandbox_link *link;
    struct loop_timer *flush, *rest_timer;
    bool resting;
    struct chats *chats;
    bool stopping;
    struct config *fresh; /* the last good one a reload brought, NULL: none yet */
    bool anew;            /* ... and it needs everything set up anew */
    int status;
};

/* ---- what the rooms tell each other ---- */

static void take_event(struct platform *platform, struct event *event, void *data)
{
    struct service *service = data;
    dispatch_event(service->dispatch, platform, event);
}

/* Who is in those that stand for functions may have changed meanwhile. */
static void read_groups(struct service *service, struct platform *platform)
{
    if (platform->look_up_group == NULL)
        return;
    g_autoptr(GArray) groups = store_groups(service->store, platform->name);
    store_forget_error(service->store);
    for (guint i = 0; i < groups->len; i++)
        platform->look_up_group(platform, g_array_index(groups, struct group_function, i).called);
}

static void take_gap(struct platform *platform, void *data)
{
    struct service *service = data;
    g_autoptr(GArray) points = store_backfill_points(service->store, platform->name);
    store_forget_error(service->store);
    log_info("backfill.start", "platform=%s places=%u", platform->name, points->len);
    platform->backfill(platform, (const struct backfill_point *)(void *)points->data, (int)points->len);
    for (guint i = 0; i < points->len; i++) {
        struct backfill_point *point = &g_array_index(points, struct backfill_point, i);
        g_free(point->channel);
        g_free(point->thread);
        g_free(point->after);
    }
    read_groups(service, platform);
}

static char *last_position(struct platform *platform, void *data)
{
    struct service *service = data;
    char *position = store_position(service->store, platform->name);
    store_forget_error(service->store);
    return position;
}

static void take_mark(struct outbox_mark *mark, void *data)
{
    dispatch_mark(((struct service *)data)->dispatch, mark);
}

static struct message *draw_post(const struct post *post, void *data)
{
    struct service *service = data;
    struct context ctx;
    context_init(&ctx, service->store, &service->settings, NULL, clock_now_ms());
    struct message *message = command_draw(&ctx, post);
    context_done(&ctx);
    return message; /* the sender sees by the store's error that it may be wrong */
}

static void make_file(const struct outbox_row *row, void *data)
{
    reader_push_file(((struct service *)data)->reader, row, clock_now_ms());
}

static void take_job(struct reader_job *job, void *data)
{
    struct service *service = data;
    if (job->row == 0) {
        dispatch_job_done(service->dispatch, job);
        return;
    }
    outbox_file_made(service->outbox, job->row, g_steal_pointer(&job->file), job->later);
    reader_job_free(job);
    loop_wake(service->loop);
}

static void clock_moved(void *data)
{
    struct service *service = data;
    if (service->dispatch != NULL)
        dispatch_clock_moved(service->dispatch);
}

static bool is_idle(const struct service *service)
{
    return dispatch_idle(service->dispatch) && outbox_idle(service->outbox) && reader_idle(service->reader) &&
           rest_active(service->rest) == 0;
}

/* What a busy time, or starting, took of the heap goes back to the system. */
static void rest_fired(void *data)
{
    struct service *service = data;
    /* To rest may be to empty the write-ahead log, and a commit follows that: no checkpoint of the reader's may begin then. */
    if (reader_checkpoints(service->reader) || store_rest(service->store))
        loop_timer_set_ms(service->rest_timer, REST_MS);
    malloc_trim(0);
}

static void note_rest(struct service *service, bool idle)
{
    if (idle && !service->resting)
        loop_timer_set_ms(service->rest_timer, REST_MS);
    else if (!idle && service->resting)
        loop_timer_clear(service->rest_timer);
    service->resting = idle;
}

static void finish(void *data)
{
    loop_stop(((struct service *)data)->loop);
}

/* Everything that was readable has been read: one batch, and then what it set going. */
static void before_sleep(void *data)
{
    struct service *service = data;
    dispatch_batch(service->dispatch);
    bool idle = is_idle(service);
    note_rest(service, idle);
    if (!idle)
        return;
    if (service->link != NULL)
        sandbox_link_idle(service->link);
    if (service->stopping)
        finish(service);
}

void service_stop(struct service *service, int status)
{
    if (service->stopping)
        return;
    service->stopping = true;
    service->status = status;
    log_info("service.stop", "waiting=%d", outbox_waiting(service->outbox));
    const GPtrArray *platforms = chats_platforms(service->chats);
    for (guint i = 0; i < platforms->len; i++) {
        struct platform *platform = g_ptr_array_index(platforms, i);
        platform->stop(platform);
    }
    dispatch_last_batch(service->dispatch);
    service->flush = loop_timer_new(service->loop, finish, service);
    loop_timer_set_ms(service->flush, FLUSH_MS);
    loop_wake(service->loop);
}

static void keep_settings(const GPtrArray *errors)
{
    for (guint i = 0; i < errors->len; i++)
        log_error("config.wrong", "%s", (const char *)g_ptr_array_index(errors, i));
    log_error("config.kept", "errors=%u note=\"askwhy goes on with the settings it had; `askwhy check` lists these, too\"",
              errors->len);
}

/* What was found good now is what counts, whatever the file holds by the time it is used. */
static void take_config(struct service *service, struct config *fresh)
{
    bool anew = false;
    g_autoptr(GPtrArray) changes =
        config_changes(service->fresh != NULL ? service->fresh : service->config, fresh, &anew);
    for (guint i = 0; i < changes->len; i++)
        log_info("config.changed", "%s", (const char *)g_ptr_array_index(changes, i));
    enum log_level level;
    if (log_level_parse(config_string(fresh, CONFIG_ASKWHY_LOG), &level))
        log_set_level(level);
    log_info("config.reloaded", "changes=%u", changes->len);
    config_free(service->fresh);
    service->fresh = fresh;
    if (anew) {
        /* Stopping is safe at any instant and quick: the bot is put together anew, in the same process. */
        service->anew = true;
        service_stop(service, 0);
    }
}

static void reload(struct service *service)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    struct config *fresh = config_load(service->file, errors);
    if (errors->len == 0)
        config_require_chat(fresh, errors);
    if (errors->len == 0) {
        take_config(service, fresh);
    } else {
        keep_settings(errors);
        config_free(fresh);
    }
}

static void take_signal(int number, void *data)
{
    struct service *service = data;
    if (number != SIGHUP) {
        service->anew = false; /* to the end, be it on its way to begin anew */
        service_stop(service, 0);
    } else if (!service->stopping || service->anew) {
        reload(service);
    }
}

/* ---- start and end ---- */

static bool add_chats(struct service *service, GError **error)
{
    struct platform_host host = {.event = take_event, .gap = take_gap, .position = last_position, .data = service};
    service->chats = chats_new(service->config, service->loop, service->rest, service->store, &host, error);
    if (service->chats == NULL)
        return false;
    const GPtrArray *platforms = chats_platforms(service->chats);
    for (guint i = 0; i < platforms->len; i++) {
        outbox_add_platform(service->outbox, g_ptr_array_index(platforms, i));
        dispatch_add_platform(service->dispatch, g_ptr_array_index(platforms, i));
    }
    return true;
}

struct service *service_new(const struct config *config, const char *file, GError **error)
{
    struct service *service = g_new0(struct service, 1);
    service->config = config;
    service->file = g_strdup(file);
    settings_read(&service->settings, config);
    const char *ca_file = config_string(config, CONFIG_ASKWHY_CA_FILE);
    const char *database = config_string(config, CONFIG_ASKWHY_DATABASE);
    const char *sandbox = g_getenv("ASKWHY_SANDBOX");
    struct outbox_host host = {.mark = take_mark, .draw = draw_post, .make_file = make_file, .data = service};
    bool ok = (service->loop = loop_new(ca_file, error)) != NULL &&
              loop_signals(service->loop, take_signal, service, error) &&
              (service->rest = rest_new(service->loop, ca_file, error)) != NULL &&
              (service->store = store_open(database, STORE_WRITE, error)) != NULL &&
              (service->reader = reader_new(service->loop, database, &service->settings, take_job, service, error)) != NULL;
    if (ok && sandbox != NULL && *sandbox != '\0')
        ok = (service->link = sandbox_link_open(service->loop, sandbox, clock_moved, service, error)) != NULL;
    if (!ok) {
        service_free(service);
        return NULL;
    }
    service->rest_timer = loop_timer_new(service->loop, rest_fired, service);
    service->outbox = outbox_new(service->loop, service->rest, service->store, &host);
    service->dispatch = dispatch_new();
    struct dispatch_parts parts = {.store = service->store,
                                   .settings = &service->settings,
                                   .outbox = service->outbox,
                                   .reader = service->reader,
                                   .loop = service->loop};
    dispatch_connect(service->dispatch, &parts);
    if (!add_chats(service, error)) {
        service_free(service);
        return NULL;
    }
    return service;
}

struct config *service_next_config(struct service *service)
{
    return service->anew ? g_steal_pointer(&service->fresh) : NULL;
}

struct loop *service_loop(struct service *service)
{
    return service->loop;
}

int service_run(struct service *service)
{
    log_info("service.start", "version=%s database=%s", ASKWHY_VERSION, store_path(service->store));
    outbox_load(service->outbox, true);
    const GPtrArray *platforms = chats_platforms(service->chats);
    for (guint i = 0; i < platforms->len; i++) {
        struct platform *platform = g_ptr_array_index(platforms, i);
        platform->start(platform);
    }
    dispatch_begin(service->dispatch);
    outbox_pump(service->outbox);
    loop_wake(service->loop);
    loop_run(service->loop, before_sleep, service);
    log_info("service.end", "status=%d", service->status);
    return service->status;
}

void service_free(struct service *service)
{
    if (service == NULL)
        return;
    sandbox_link_free(service->link);
    reader_free(service->reader);
    chats_free(service->chats);
    outbox_free(service->outbox);
    rest_free(service->rest);
    dispatch_free(service->dispatch);
    if (service->flush != NULL)
        loop_timer_free(service->flush);
    loop_timer_free(service->rest_timer);
    loop_free(service->loop);
    store_close(service->store);
    settings_done(&service->settings);
    config_free(service->fresh);
    g_free(service->file);
    g_free(service);
}
