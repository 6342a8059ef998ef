#include "bot/mattermost/mattermost.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"

#include <string.h>

#define PREFIX "/mattermost/"

enum { REFUSED_LOG_US = 60 * 1000 * 1000 };

struct mattermost_listen {
    struct listener *listener;
    const struct mattermost_options *options;
    struct names *names;
    void (*given)(struct event *event, void *data);
    void *data;
    guint refused; /* since the log was told */
    int64_t told_us;
};

static const struct path {
    const char *path;
    enum callback_kind kind;
    const char *type;
} paths[] = {
    {"command", CALLBACK_COMMAND, "application/x-www-form-urlencoded"},
    {"action", CALLBACK_ACTION, "application/json"},
    {"dialog", CALLBACK_DIALOG, "application/json"},
};

static const struct path *path_find(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        if (strcmp(paths[i].path, path) == 0)
            return &paths[i];
    }
    return NULL;
}

/* A type left out is as good; a wrong one comes from no chat server, perhaps from a page in somebody's browser. */
static bool is_type(const char *given, const char *wanted)
{
    gsize size = strcspn(given, "; \t");
    return *given == '\0' || (size == strlen(wanted) && g_ascii_strncasecmp(given, wanted, size) == 0);
}

/* Everybody in the network can send rubbish: it must not fill the log. */
static void tell_refused(struct mattermost_listen *listen, const char *path, const char *why)
{
    listen->refused++;
    int64_t now = clock_monotonic_us();
    if (listen->told_us != 0 && now - listen->told_us < REFUSED_LOG_US)
        return;
    g_autofree char *quoted = g_strdelimit(g_strdup(why), "\"", '\'');
    log_warning("mattermost.refused", "request=%s why=\"%s\" count=%u", path, quoted, listen->refused);
    listen->told_us = now;
    listen->refused = 0;
}

static void refuse(struct mattermost_listen *listen, uint64_t id, const struct path *path, int status,
                   const char *answer, const char *why)
{
    tell_refused(listen, path->path, why != NULL ? why : "");
    listener_answer(listen->listener, id, status, "application/json", answer != NULL ? answer : "{}");
}

static void callback_came(const struct listener_request *request, void *data)
{
    struct mattermost_listen *listen = data;
    const struct path *path = path_find(request->path);
    if (path == NULL) {
        listener_answer(listen->listener, request->id, 404, "application/json", "{}");
        return;
    }
    if (strcmp(request->method, "POST") != 0) {
        listener_refuse_method(listen->listener, request->id, "POST");
        return;
    }
    if (!is_type(request->content_type, path->type)) {
        refuse(listen, request->id, path, 415, NULL, "its content type is not Mattermost's");
        return;
    }
    struct callback_verdict verdict = {0};
    mattermost_decode_callback(path->kind, request->body, request->size, request->authorization, listen->options,
                               listen->names, clock_now_ms(), &verdict);
    struct event *event = g_steal_pointer(&verdict.event);
    if (event == NULL)
        refuse(listen, request->id, path, verdict.status, verdict.answer, verdict.why);
    callback_verdict_done(&verdict);
    if (event == NULL)
        return;
    event->connection = request->id;
    listen->given(event, listen->data);
}

struct mattermost_listen *mattermost_listen_new(struct listener *listener, const struct mattermost_options *options,
                                                struct names *names,
                                                void (*given)(struct event *event, void *data), void *data)
{
    struct mattermost_listen *listen = g_new0(struct mattermost_listen, 1);
    *listen = (struct mattermost_listen){
        .listener = listener, .options = options, .names = names, .given = given, .data = data};
    listener_route(listener, PREFIX, callback_came, listen);
    return listen;
}

void mattermost_listen_free(struct mattermost_listen *listen)
{
    if (listen == NULL)
        return;
    listener_unroute(listen->listener, PREFIX);
    g_free(listen);
}

bool mattermost_listen_answer(struct mattermost_listen *listen, const struct event *event, const struct answer *answer)
{
    g_autofree char *body = mattermost_answer(event, answer, listen->options);
    return listener_answer(listen->listener, event->connection, 200, "application/json", body);
}
