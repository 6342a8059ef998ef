#include "bot/sandbox/face.h"

#include "bot/base/clock.h"
#include "bot/sandbox/mattermost/answer.h"
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/api_posts.h"
#include "bot/sandbox/mattermost/call.h"
#include "bot/sandbox/mattermost/hub.h"
#include "bot/sandbox/mattermost/mattermost.h"
#include "bot/sandbox/mattermost/notify.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/server.h"

#include <string.h>

enum { TICK_MS = 1000, NAME_YOURSELF_MS = 5000, PING_MS = 60000 };

/* A socket, and whether its other end has read all it was sent: a ping behind the last frame is answered then. */
struct mm_socket {
    int64_t opened_us, pinged_us;
    bool unsure, waiting;
};

/* ---- what is known ---- */

static const char *person_of_token(const char *token)
{
    int count = 0;
    const struct person *people = workspace_people(&count);
    for (int i = 0; i < count; i++) {
        g_autofree char *own = g_strdup_printf("%ssandboxmattermosttoken", people[i].name);
        if (strcmp(token, own) == 0)
            return people[i].id;
    }
    return NULL;
}

static bool revoked; /* the bot's token */

const char *mattermost_token_user(const char *token)
{
    if (strcmp(token, SANDBOX_MATTERMOST_TOKEN) == 0)
        return revoked ? NULL : bot_user();
    return strcmp(token, SANDBOX_MATTERMOST_ADMIN_TOKEN) == 0 ? MATTERMOST_ADMIN : person_of_token(token);
}

char *mattermost_site_url(const struct sandbox *sandbox)
{
    return g_strdup_printf("%s://%s", sandbox->behind_tls ? "https" : "http", sandbox->host);
}

const char *mattermost_version(const struct sandbox *sandbox)
{
    return sandbox->mattermost->old ? "5.37.0" : "11.4.0";
}

struct slash_command *mattermost_command(const struct mattermost *mattermost, const char *trigger)
{
    for (guint i = 0; i < mattermost->commands->len; i++) {
        struct slash_command *command = g_ptr_array_index(mattermost->commands, i);
        if (strcmp(command->trigger, trigger) == 0)
            return command;
    }
    return NULL;
}

static void command_free(void *data)
{
    struct slash_command *command = data;
    char *const members[] = {command->id, command->token, command->trigger, command->url, command->display_name,
                             command->description, command->hint, command->hint_text, command->creator};
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        g_free(members[i]);
    g_free(command);
}

void mattermost_add_command(struct mattermost *mattermost, const char *trigger, const char *token, const char *url,
                            const char *hint)
{
    struct slash_command *command = g_new0(struct slash_command, 1);
    command->id = random_id();
    command->token = g_strdup(token);
    command->trigger = g_strdup(trigger);
    command->url = g_strdup(url);
    command->hint = g_strdup(hint);
    command->hint_text = g_strdup("");
    command->display_name = g_strdup(trigger);
    command->description = g_strdup("");
    command->creator = g_strdup(MATTERMOST_ADMIN);
    command->at_ms = clock_now_ms();
    command->auto_complete = true;
    g_ptr_array_add(mattermost->commands, command);
}

/* ---- sockets ---- */

static struct mm_socket *socket_of(const struct sandbox *sandbox, const void *conn)
{
    return g_hash_table_lookup(sandbox->mattermost->sockets, conn);
}

/* Only with a link to the bot does anybody want to know. */
static void ping_behind(struct sandbox *sandbox, struct conn *conn)
{
    struct mm_socket *socket = socket_of(sandbox, conn);
    if (socket == NULL || !socket->unsure || socket->waiting || sandbox->link == NULL)
        return;
    socket->unsure = false;
    socket->waiting = true;
    socket->pinged_us = clock_monotonic_us();
    conn_ping(conn);
}

static void hub_write(void *conn, const char *text, void *data)
{
    struct mm_socket *socket = socket_of(data, conn);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    if (socket != NULL)
        socket->unsure = true;
    conn_send(conn, line);
}

static bool hub_ready(void *conn, void *data)
{
    (void)data;
    return conn_is_empty(conn);
}

static void hub_close(void *conn, bool cut, void *data)
{
    (void)data;
    conn_close(conn, cut);
}

static bool hub_hears(const char *user, const char *channel, void *data)
{
    const struct sandbox *sandbox = data;
    const struct channel *where = channel_by_id(sandbox->workspace, channel);
    return where != NULL && wire_is_member(where, user);
}

/* Those who do not say who they are, and those who are to be pinged. */
static void on_tick(void *data)
{
    struct sandbox *sandbox = data;
    GHashTableIter at;
    void *conn = NULL, *value = NULL;
    int64_t now = clock_monotonic_us();
    g_hash_table_iter_init(&at, sandbox->mattermost->sockets);
    while (g_hash_table_iter_next(&at, &conn, &value)) {
        struct mm_socket *socket = value;
        if (hub_user(sandbox->mattermost->hub, conn) == NULL && now - socket->opened_us > NAME_YOURSELF_MS * 1000)
            conn_close(conn, true);
        if (!socket->waiting && now - socket->pinged_us > PING_MS * G_GINT64_CONSTANT(1000)) {
            socket->waiting = sandbox->link != NULL;
            socket->pinged_us = now;
            conn_ping(conn);
        }
    }
    loop_timer_set_ms(sandbox->mattermost->tick, TICK_MS);
}

static bool is_ours(const struct request *request)
{
    return strcmp(request->path, "/api/v4/websocket") == 0 || strcmp(request->path, "/api/v4/websocket/") == 0;
}

static bool admit(struct sandbox *sandbox, const struct request *request)
{
    (void)sandbox;
    return is_ours(request);
}

static char *argument(const struct request *request, const char *name)
{
    g_auto(GStrv) pairs = g_strsplit(request->query != NULL ? request->query : "", "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        if (g_str_has_prefix(*pair, name) && (*pair)[strlen(name)] == '=')
            return g_strdup(*pair + strlen(name) + 1);
    }
    return NULL;
}

static void tell_connected(struct sandbox *sandbox)
{
    cJSON *see = json_object();
    json_put_str(see, "see", "bot");
    json_put_bool(see, "connected", hub_sockets(sandbox->mattermost->hub, bot_user()) > 0);
    sandbox_tell(sandbox, NULL, NULL, see);
}

static void opened(struct sandbox *sandbox, struct conn *conn, const struct request *request)
{
    g_autofree char *connection = argument(request, "connection_id");
    g_autofree char *sequence = argument(request, "sequence_number");
    const char *user = request->token != NULL ? mattermost_token_user(request->token) : NULL;
    struct mm_socket *socket = g_new0(struct mm_socket, 1);
    socket->opened_us = socket->pinged_us = clock_monotonic_us();
    g_hash_table_insert(sandbox->mattermost->sockets, conn, socket);
    if (!hub_open(sandbox->mattermost->hub, conn, user, connection, sequence))
        conn_close(conn, true);
    tell_connected(sandbox);
    if (g_strcmp0(user, bot_user()) != 0 || sandbox->mattermost->invited)
        return;
    sandbox->mattermost->invited = true;
    tell_joined(sandbox, channel_by_name(sandbox->workspace, "product-asks"), person_by_name("sam"));
}

static void message(struct sandbox *sandbox, struct conn *conn, const char *text, gsize size)
{
    if (!hub_heard(sandbox->mattermost->hub, conn, text, size, mattermost_token_user))
        conn_close(conn, true);
}

static void drained(struct sandbox *sandbox, struct conn *conn)
{
    hub_drained(sandbox->mattermost->hub, conn);
    if (conn_is_empty(conn))
        ping_behind(sandbox, conn);
}

static void ponged(struct sandbox *sandbox, struct conn *conn)
{
    struct mm_socket *socket = socket_of(sandbox, conn);
    if (socket == NULL)
        return;
    socket->waiting = false;
    if (conn_is_empty(conn))
        ping_behind(sandbox, conn);
}

static void closed(struct sandbox *sandbox, struct conn *conn)
{
    hub_closed(sandbox->mattermost->hub, conn);
    g_hash_table_remove(sandbox->mattermost->sockets, conn);
    tell_connected(sandbox);
}

/* ---- rest ---- */

static int sockets(const struct sandbox *sandbox)
{
    return hub_sockets(sandbox->mattermost->hub, bot_user());
}

static int pending(const struct sandbox *sandbox)
{
    const struct mattermost *mattermost = sandbox->mattermost;
    int count = (int)mattermost->calls->len + hub_unwritten(mattermost->hub, bot_user());
    GHashTableIter at;
    void *conn = NULL, *value = NULL;
    g_hash_table_iter_init(&at, mattermost->sockets);
    while (g_hash_table_iter_next(&at, &conn, &value)) {
        const struct mm_socket *socket = value;
        if (sandbox->link != NULL && g_strcmp0(hub_user(mattermost->hub, conn), bot_user()) == 0)
            count += socket->unsure || socket->waiting || !conn_is_empty(conn) ? 1 : 0;
    }
    return count;
}

static guint64 made(const struct sandbox *sandbox)
{
    return sandbox->mattermost->made + hub_events(sandbox->mattermost->hub);
}

static int given_up(const struct sandbox *sandbox)
{
    (void)sandbox; /* an event is written or it is lost: there is nothing to give up */
    return 0;
}

/* ---- misbehaviour ---- */

static struct sandbox *sticking; /* conn_stick() takes no data */

static void stick(void *conn)
{
    g_hash_table_remove(sticking->mattermost->sockets, conn);
    conn_stick(conn);
}

static int count_of(const cJSON *order)
{
    return (int)CLAMP(json_int(order, "count", 1), 0, 1000000);
}

static void revoke_token(struct mattermost *mattermost, bool on)
{
    revoked = on;
    hub_revoke(mattermost->hub, on ? bot_user() : NULL);
}

static void behave(struct mattermost *mattermost)
{
    mattermost->forbidden = false;
    mattermost->twice = mattermost->pending_busy = 0;
    hub_refuse(mattermost->hub, 0);
    hub_skip(mattermost->hub, 0);
    revoke_token(mattermost, false);
    hub_let_go(mattermost->hub, false);
}

static const char *misbehave(struct sandbox *sandbox, const cJSON *order)
{
    struct mattermost *mattermost = sandbox->mattermost;
    const char *how = json_str0(order, "how");
    if (strcmp(how, "drop") == 0 || strcmp(how, "disconnect") == 0) {
        hub_cut(mattermost->hub, NULL, strcmp(how, "drop") == 0);
    } else if (strcmp(how, "refuse_resume") == 0) {
        hub_refuse(mattermost->hub, count_of(order));
    } else if (strcmp(how, "skip") == 0) {
        hub_skip(mattermost->hub, count_of(order));
    } else if (strcmp(how, "revoke") == 0) {
        revoke_token(mattermost, !cJSON_IsFalse(json_get(order, "on")));
    } else if (strcmp(how, "half_open") == 0) {
        sticking = sandbox;
        hub_half_open(mattermost->hub, NULL, stick);
    } else if (strcmp(how, "restart") == 0) {
        hub_restart(mattermost->hub);
        g_hash_table_remove_all(mattermost->pending);
    } else if (strcmp(how, "twice") == 0) {
        mattermost->twice = count_of(order);
    } else if (strcmp(how, "pending") == 0) {
        mattermost->pending_busy = count_of(order);
    } else if (strcmp(how, "forbidden") == 0) {
        mattermost->forbidden = !cJSON_IsFalse(json_get(order, "on"));
    } else if (strcmp(how, "let_go") == 0) {
        hub_let_go(mattermost->hub, json_true(order, "backwards"));
    } else if (strcmp(how, "behave") == 0) {
        behave(mattermost);
    } else {
        return "how is none of drop, disconnect, refuse_resume, skip, revoke, half_open, restart, redeliver, twice, lose_acks, lose_events, pending, "
               "forbidden, behind_tls, hold, let_go, api, behave";
    }
    return NULL;
}

/* ---- beginning and end ---- */

/* The commands askwhy setup would have made; none when nobody said where the bot hears. */
static void add_commands(struct sandbox *sandbox)
{
    if (sandbox->callback == NULL)
        return;
    g_autofree char *url = g_strdup_printf("%s/command", sandbox->callback);
    mattermost_add_command(sandbox->mattermost, "ask", SANDBOX_ASK_TOKEN, url, "[what you would like to see]");
    mattermost_add_command(sandbox->mattermost, "why", SANDBOX_WHY_TOKEN, url, "[#number] [why]");
}

static void start(struct sandbox *sandbox)
{
    struct mattermost *mattermost = g_new0(struct mattermost, 1);
    sandbox->mattermost = mattermost;
    mattermost->old = sandbox->old;
    const struct hub_options options = {mattermost->old, mattermost->old ? "5.37.0.5.37.0.sandbox.false"
                                                                         : "11.4.0.11.4.0.sandbox.false",
                                        hub_write, hub_ready, hub_close, hub_hears, sandbox};
    mattermost->hub = hub_new(&options);
    g_autoptr(GError) error = NULL;
    mattermost->rest = rest_new(sandbox->loop, NULL, &error);
    if (mattermost->rest == NULL)
        g_error("libcurl does not start: %s", error->message);
    mattermost->commands = g_ptr_array_new_with_free_func(command_free);
    mattermost->pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pending_post_free);
    mattermost->triggers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, trigger_use_free);
    mattermost->responses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, response_use_free);
    mattermost->sockets = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    mattermost->calls = calls_new();
    mattermost->tick = loop_timer_new(sandbox->loop, on_tick, sandbox);
    loop_timer_set_ms(mattermost->tick, TICK_MS);
    add_commands(sandbox);
}

static void stop(struct sandbox *sandbox)
{
    struct mattermost *mattermost = g_steal_pointer(&sandbox->mattermost);
    if (mattermost == NULL)
        return;
    rest_free(mattermost->rest);
    hub_free(mattermost->hub);
    loop_timer_free(mattermost->tick);
    g_ptr_array_unref(mattermost->calls);
    g_ptr_array_unref(mattermost->commands);
    g_hash_table_unref(mattermost->pending);
    g_hash_table_unref(mattermost->triggers);
    g_hash_table_unref(mattermost->responses);
    g_hash_table_unref(mattermost->sockets);
    g_free(mattermost);
}

/* ---- what this chat has not ---- */

static char *typed(const struct workspace *workspace, const char *text)
{
    (void)workspace;
    return g_strdup(text); /* the server keeps it as it was typed */
}

static cJSON *remember(const struct channel *channel, const struct post *post)
{
    (void)channel;
    return cJSON_Duplicate(post->props, true);
}

static const char *no_shortcut(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                               struct channel *channel, struct post *post)
{
    (void)sandbox, (void)person, (void)callback_id, (void)channel, (void)post;
    return "Mattermost has no shortcuts.";
}

static const char *no_home(struct sandbox *sandbox, const struct person *person)
{
    (void)sandbox, (void)person;
    return "Mattermost has no home pages.";
}

const struct face mattermost_face = {
    .name = "mattermost",
    .title = "Mattermost",
    .longest = MATTERMOST_POST_MAX,
    .start = start,
    .stop = stop,
    .typed = typed,
    .posted = tell_posted,
    .remember = remember,
    .changed = tell_changed,
    .deleted = tell_deleted,
    .reacted = tell_reacted,
    .joined = tell_joined,
    .left = tell_left,
    .member = tell_member,
    .person = tell_person,
    .grouped = tell_grouped,
    .command = call_command,
    .press = call_press,
    .press_view = call_press_view,
    .submit = call_submit,
    .close = call_close,
    .shortcut = no_shortcut,
    .open_home = no_home,
    .request = mattermost_request,
    .admit = admit,
    .opened = opened,
    .message = message,
    .drained = drained,
    .ponged = ponged,
    .closed = closed,
    .misbehave = misbehave,
    .word = mattermost_word,
    .sockets = sockets,
    .pending = pending,
    .made = made,
    .given_up = given_up,
};
