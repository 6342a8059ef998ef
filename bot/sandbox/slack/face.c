#include "bot/sandbox/face.h"

#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/slack/api_files.h"
#include "bot/sandbox/slack/deliver.h"
#include "bot/sandbox/slack/interact.h"
#include "bot/sandbox/slack/message.h"
#include "bot/sandbox/slack/notify.h"
#include "bot/sandbox/slack/response.h"
#include "bot/sandbox/slack/slack.h"
#include "bot/sandbox/slack/text.h"
#include "bot/sandbox/slack/trigger.h"

#include <string.h>

static const struct shortcut shortcuts[] = {
    {"new_ask", "New ask", "global"},
    {"raise_message", "Raise as an ask", "message"},
};

static void start(struct sandbox *sandbox)
{
    sandbox->slack = g_new0(struct slack, 1);
    sandbox->slack->triggers = g_ptr_array_new_with_free_func(trigger_free);
    sandbox->slack->deliver = deliver_new(sandbox);
    notify_first_invitation(sandbox);
}

static void stop(struct sandbox *sandbox)
{
    struct slack *slack = g_steal_pointer(&sandbox->slack);
    if (slack == NULL)
        return;
    deliver_free(slack->deliver);
    g_ptr_array_unref(slack->triggers);
    g_clear_pointer(&slack->responses, g_hash_table_unref);
    g_free(slack);
}

static char *typed(const struct workspace *workspace, const char *text)
{
    return text_from_typed(workspace, text, false);
}

static cJSON *remember(const struct channel *channel, const struct post *post)
{
    return post_json(channel, post, false);
}

static void answer_api(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    int retry_after = -1;
    if (strcmp(request->path, "/api/apps.connections.open") == 0)
        g_strlcpy(sandbox->host, request->host, sizeof sandbox->host);
    g_autoptr(cJSON) answer =
        api_handle(sandbox, request->path + strlen("/api/"), request->token, request->content_type, request->query,
                   request->body, request->size, &reply->status, &retry_after);
    reply->cut = answer == NULL;
    reply->type = "application/json; charset=utf-8";
    reply->body = answer != NULL ? json_text(answer) : NULL;
    reply_header(reply, "x-oauth-scopes:", g_strdup(api_scopes));
    if (retry_after >= 0)
        reply_header(reply, "retry-after:", g_strdup_printf("%d", retry_after));
}

static bool request(struct sandbox *sandbox, const struct request *given, struct reply *reply)
{
    if (g_str_has_prefix(given->path, "/api/")) {
        answer_api(sandbox, given, reply);
        return true;
    }
    if (strcmp(given->method, "POST") == 0 && g_str_has_prefix(given->path, "/upload/v1/")) {
        files_upload(sandbox, given->path + strlen("/upload/v1/"), given, reply);
        return true;
    }
    if (strcmp(given->method, "POST") != 0 || !g_str_has_prefix(given->path, "/response/"))
        return false;
    g_autoptr(cJSON) body = json_parse(given->body, given->size, NULL);
    const char *answer = "";
    reply->status = response_use(sandbox, given->path + strlen("/response/"), body, &answer);
    reply->body = g_strdup(answer);
    return true;
}

static bool admit(struct sandbox *sandbox, const struct request *request)
{
    if (strcmp(request->path, "/link") != 0 && strcmp(request->path, "/link/") != 0)
        return false;
    g_auto(GStrv) arguments = g_strsplit(request->query != NULL ? request->query : "", "&", -1);
    for (char **argument = arguments; *argument != NULL; argument++) {
        if (g_str_has_prefix(*argument, "ticket="))
            return deliver_admit(sandbox->slack->deliver, *argument + strlen("ticket="));
    }
    return false;
}

static void opened(struct sandbox *sandbox, struct conn *conn, const struct request *request)
{
    (void)request;
    deliver_opened(sandbox->slack->deliver, conn);
}

static void message(struct sandbox *sandbox, struct conn *conn, const char *text, gsize size)
{
    deliver_message(sandbox->slack->deliver, conn, text, size);
}

static void closed(struct sandbox *sandbox, struct conn *conn)
{
    deliver_closed(sandbox->slack->deliver, conn);
}

static const char *misbehave(struct sandbox *sandbox, const cJSON *order)
{
    struct deliver *deliver = sandbox->slack->deliver;
    const char *how = json_str0(order, "how");
    if (strcmp(how, "disconnect") == 0) {
        const char *reason = json_str(order, "reason");
        deliver_ask_to_leave(deliver, reason != NULL ? reason : "refresh_requested");
    } else if (strcmp(how, "drop") == 0) {
        deliver_cut(deliver);
    } else if (strcmp(how, "let_go") == 0) {
        deliver_let_go(deliver, json_true(order, "backwards"));
    } else if (strcmp(how, "behave") == 0) {
        deliver_let_go(deliver, false);
    } else {
        return "how is none of disconnect, drop, redeliver, refuse_tickets, no_hello, behind_tls, lose_acks, lose_events, "
               "hold, let_go, api, behave";
    }
    return NULL;
}

static const char *word(const char *method)
{
    static const struct {
        const char *method, *word;
    } words[] = {{"chat.postMessage", "post"}, {"chat.update", "update"}, {"views.open", "form"},
                 {"files.getUploadURLExternal", "upload"}};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(method, words[i].method) == 0)
            return words[i].word;
    }
    return NULL;
}

static int sockets(const struct sandbox *sandbox)
{
    return deliver_sockets(sandbox->slack->deliver);
}

static int pending(const struct sandbox *sandbox)
{
    return deliver_pending(sandbox->slack->deliver);
}

static guint64 made(const struct sandbox *sandbox)
{
    return deliver_count(sandbox->slack->deliver);
}

static int given_up(const struct sandbox *sandbox)
{
    return deliver_given_up(sandbox->slack->deliver);
}

const struct face slack_face = {
    .name = "slack",
    .title = "Slack",
    .shortcuts = shortcuts,
    .n_shortcuts = G_N_ELEMENTS(shortcuts),
    .home = true,
    .longest = 12000,
    .start = start,
    .stop = stop,
    .typed = typed,
    .posted = notify_posted,
    .remember = remember,
    .changed = notify_changed,
    .deleted = notify_deleted,
    .reacted = notify_reacted,
    .joined = notify_joined,
    .left = notify_left,
    .member = notify_member,
    .person = notify_person,
    .grouped = notify_grouped,
    .command = interact_command,
    .press = interact_press,
    .press_view = interact_press_view,
    .submit = interact_submit,
    .close = interact_close,
    .shortcut = interact_shortcut,
    .open_home = interact_home,
    .request = request,
    .admit = admit,
    .opened = opened,
    .message = message,
    .closed = closed,
    .misbehave = misbehave,
    .word = word,
    .sockets = sockets,
    .pending = pending,
    .made = made,
    .given_up = given_up,
};
