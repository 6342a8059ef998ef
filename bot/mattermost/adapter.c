/* The live half of the Mattermost platform: who we are, frames and callbacks to events, answers back. */
#include "bot/mattermost/adapter.h"

#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    ASK_AGAIN_MS = 60 * 1000,
    REASONS_MOST = 100, /* more than a broken server could ever mean well */
    POST_SMALLEST = 1000,
    POST_LARGEST = 16383,
};

static struct mattermost *mattermost_of(struct platform *platform)
{
    return (struct mattermost *)platform;
}

void mattermost_give(struct mattermost *mattermost, struct event *event)
{
    if (mattermost->stopping) {
        event_free(event); /* the position stays before it */
        return;
    }
    if (event->workspace == NULL)
        event->workspace = g_strdup(mattermost->workspace);
    mattermost->host.event(&mattermost->base, event, mattermost->host.data);
}

/* ---- What comes in ---- */

static void report_unusable(struct mattermost *mattermost, const char *reason)
{
    if (g_hash_table_size(mattermost->reported) >= REASONS_MOST ||
        !g_hash_table_add(mattermost->reported, g_strdup(reason)))
        return;
    log_warning("mattermost.unusable", "reason=\"%s\" note=\"logged once; the frame was dropped\"", reason);
}

static bool frame_came(struct mattermost_frame *frame, void *data)
{
    struct mattermost *mattermost = data;
    if (mattermost->stopping)
        return false; /* not handed out: it comes again */
    if (frame->text != NULL && !mattermost_names_ready(mattermost, frame->text))
        return false;
    if (frame->kind == MATTERMOST_UNUSABLE)
        report_unusable(mattermost, frame->reason != NULL ? frame->reason : "unknown");
    if (frame->changed_channel != NULL && mattermost_kind_of(mattermost, frame->changed_channel) != CHANNEL_UNKNOWN)
        mattermost_look_up_channel(&mattermost->base, frame->changed_channel);
    if (frame->event == NULL)
        return true;
    if (frame->changed_user != NULL && frame->event->kind == EVENT_NONE &&
        names_handle(mattermost->names, frame->changed_user) != NULL)
        mattermost_look_up_person(&mattermost->base, frame->changed_user);
    mattermost_note_kind(mattermost, frame->event->channel, frame->event->channel_kind);
    mattermost_give(mattermost, g_steal_pointer(&frame->event));
    return true;
}

static void callback_came(struct event *event, void *data)
{
    struct mattermost *mattermost = data;
    /* Whoever pressed must not believe that it was done. */
    if (mattermost->stopping)
        listener_answer(mattermost->listener, event->connection, 503, "application/json", "{}");
    if (event->kind == EVENT_FORM && !mattermost->stopping)
        mattermost_take_form(mattermost, event);
    else
        mattermost_give(mattermost, event);
}

static void gap(void *data)
{
    struct mattermost *mattermost = data;
    if (mattermost->stopping)
        return;
    mattermost->in_gap = true;
    mattermost->host.gap(&mattermost->base, mattermost->host.data);
    mattermost->in_gap = false;
}

/* ---- Who we are ---- */

static void ask_who(struct mattermost *mattermost);

static void ask_who_again(void *data)
{
    ask_who(data);
}

void mattermost_doubt(struct mattermost *mattermost)
{
    if (!mattermost->stopping && !lane_busy(mattermost->auth) && mattermost->problem == NULL)
        ask_who(mattermost);
}

static void socket_refused(void *data)
{
    struct mattermost *mattermost = data;
    if (!mattermost->stopping && !lane_busy(mattermost->auth))
        ask_who(mattermost);
}

static void not_accepted(struct mattermost *mattermost, const char *why)
{
    g_autofree char *problem = g_strdup_printf("Mattermost does not accept MATTERMOST_TOKEN (%s)", why);
    log_error("mattermost.auth", "problem=\"%s\" again_in_s=%d", problem, ASK_AGAIN_MS / 1000);
    g_free(mattermost->problem);
    mattermost->problem = g_steal_pointer(&problem);
    mattermost->authenticated = false;
    loop_timer_set_ms(mattermost->again, ASK_AGAIN_MS);
}

static void go_live(struct mattermost *mattermost)
{
    g_autofree char *position = mattermost->host.position != NULL
                                    ? mattermost->host.position(&mattermost->base, mattermost->host.data)
                                    : NULL;
    mattermost_socket_start(mattermost->socket, position);
}

static void settings_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct mattermost *mattermost = data;
    const char *most = json_str0(answer, "MaxPostSize");
    int64_t max = g_ascii_strtoll(most, NULL, 10);
    if (max > 0)
        mattermost_codec_set_max_post(mattermost->codec, (int)CLAMP(max, POST_SMALLEST, POST_LARGEST));
    g_autofree char *version = g_strndup(json_str0(answer, "Version"), strspn(json_str0(answer, "Version"), "0123456789."));
    log_info("mattermost.server", "version=%s max_post=%" G_GINT64_FORMAT " why=\"%s\"", version, max,
             why != NULL ? why : "");
    go_live(mattermost);
}

static void who_answered(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct mattermost *mattermost = data;
    const char *user = json_str(answer, "id"), *handle = json_str(answer, "username");
    if (user == NULL || handle == NULL || !mattermost_is_id(user)) {
        not_accepted(mattermost, why != NULL ? why : "users/me: an answer without id and username");
        return;
    }
    g_clear_pointer(&mattermost->problem, g_free);
    mattermost->authenticated = true;
    if (strcmp(user, mattermost->user) == 0) {
        mattermost_socket_start(mattermost->socket, NULL);
        return;
    }
    g_free(mattermost->user);
    g_free(mattermost->handle);
    mattermost->user = g_strdup(user);
    mattermost->handle = g_ascii_strdown(handle, -1);
    mattermost->self = (struct mattermost_self){.user = mattermost->user, .handle = mattermost->handle};
    log_info("mattermost.auth", "user=%s server=%s bot=%s", mattermost->user, mattermost->workspace,
             json_true(answer, "is_bot") ? "yes" : "no");
    struct lane_call call = {.method = "config.client", .answered = settings_came, .data = mattermost};
    mattermost_lane_add(mattermost, mattermost->auth, &call, "GET", "config/client?format=old", NULL);
}

static void ask_who(struct mattermost *mattermost)
{
    loop_timer_clear(mattermost->again);
    struct lane_call call = {.method = "users.me", .answered = who_answered, .data = mattermost};
    mattermost_lane_add(mattermost, mattermost->auth, &call, "GET", "users/me", NULL);
}

/* ---- The platform ---- */

static void start(struct platform *platform)
{
    ask_who(mattermost_of(platform));
}

static void stop(struct platform *platform)
{
    struct mattermost *mattermost = mattermost_of(platform);
    if (mattermost->stopping)
        return;
    mattermost->stopping = true;
    /* What was not read again must not be taken for read by the commits that still follow. */
    mattermost->cut_short = lane_busy(mattermost->history);
    loop_timer_clear(mattermost->again);
    mattermost_lookup_stop(mattermost);
    mattermost_socket_stop(mattermost->socket);
    lane_clear(mattermost->auth);
    lane_clear(mattermost->lookups);
    lane_clear(mattermost->history);
}

static void mattermost_free(struct platform *platform)
{
    struct mattermost *mattermost = mattermost_of(platform);
    stop(platform);
    mattermost_claims_end(mattermost);
    mattermost_listen_free(mattermost->listen);
    mattermost_socket_free(mattermost->socket);
    lane_free(mattermost->auth);
    lane_free(mattermost->lookups);
    lane_free(mattermost->history);
    mattermost_lookup_end(mattermost);
    mattermost_history_end(mattermost);
    loop_timer_free(mattermost->again);
    mattermost_codec_free(mattermost->codec);
    names_free(mattermost->names);
    g_hash_table_destroy(mattermost->reported);
    g_free((char *)mattermost->options.url);
    g_free((char *)mattermost->options.token);
    g_free((char *)mattermost->options.callback_url);
    g_free((char *)mattermost->options.signing_key);
    g_strfreev((char **)mattermost->options.command_tokens);
    g_free(mattermost->user);
    g_free(mattermost->handle);
    g_free(mattermost->workspace);
    g_free(mattermost->problem);
    g_free(mattermost);
}

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    struct mattermost *mattermost = mattermost_of(platform);
    if (event->connection == 0 || mattermost->listen == NULL)
        return true; /* of the WebSocket: nobody waits */
    return mattermost_listen_answer(mattermost->listen, event, answer);
}

static bool carries(const struct platform *platform, const struct event *event, const struct message *message)
{
    (void)platform;
    return mattermost_carries(event, message);
}

static char *position(const struct platform *platform)
{
    return mattermost_socket_position(((const struct mattermost *)platform)->socket);
}

static bool catching_up(const struct platform *platform)
{
    const struct mattermost *mattermost = (const struct mattermost *)platform;
    return mattermost->cut_short || lane_busy(mattermost->history);
}

static void status(struct platform *platform, struct platform_status *status_out)
{
    struct mattermost *mattermost = mattermost_of(platform);
    const char *problem = mattermost->problem;
    if (problem == NULL && !mattermost->authenticated)
        problem = "no answer from Mattermost to users/me yet; check the network and MATTERMOST_URL";
    if (problem == NULL)
        problem = mattermost_socket_problem(mattermost->socket);
    *status_out = (struct platform_status){
        .authenticated = mattermost->authenticated,
        .sockets_wanted = 1,
        .sockets_live = mattermost_socket_live(mattermost->socket) ? 1 : 0,
        .problem = g_strdup(problem),
        .self_user = g_strdup(mattermost->user),
        .workspace = g_strdup(mattermost->workspace),
    };
}

static char *words_given(enum platform_words what, const char *user, void *data)
{
    struct mattermost *mattermost = data;
    return mattermost->given_words(what, user, mattermost->given_data);
}

static void options_take(struct mattermost *mattermost, const struct mattermost_options *options)
{
    mattermost->options = (struct mattermost_options){
        .url = g_strdup(options->url),
        .token = g_strdup(options->token),
        .command_tokens = (const char *const *)g_strdupv((char **)options->command_tokens),
        .callback_url = g_strdup(options->callback_url),
        .signing_key = g_strdup(options->signing_key),
        .name = mattermost_name_of,
        .handle = mattermost_handle_of,
        .words = words_given,
        .name_data = mattermost,
    };
    mattermost->given_name = options->name;
    mattermost->given_handle = options->handle;
    mattermost->given_words = options->words;
    mattermost->given_data = options->name_data;
    const char *place = strstr(options->url, "://");
    mattermost->workspace = g_strdup(place != NULL ? place + 3 : options->url);
    log_secret(options->token);
    log_secret(options->signing_key);
    for (const char *const *each = options->command_tokens; each != NULL && *each != NULL; each++)
        log_secret(*each);
}

struct platform *mattermost_new(struct loop *loop, struct rest *rest, struct listener *listener,
                                const struct mattermost_options *options, const struct platform_host *host)
{
    struct mattermost *mattermost = g_new0(struct mattermost, 1);
    mattermost->host = *host;
    mattermost->loop = loop;
    mattermost->rest = rest;
    mattermost->listener = listener;
    options_take(mattermost, options);
    mattermost->user = g_strdup("");
    mattermost->handle = g_strdup("");
    mattermost->self = (struct mattermost_self){.user = mattermost->user, .handle = mattermost->handle};
    mattermost->names = names_new();
    mattermost->codec = mattermost_codec_new(&mattermost->options, &mattermost->self);
    mattermost->auth = mattermost_lane_new(mattermost, false);
    mattermost->lookups = mattermost_lane_new(mattermost, true);
    mattermost->history = mattermost_lane_new(mattermost, true);
    mattermost->again = loop_timer_new(loop, ask_who_again, mattermost);
    mattermost->reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    mattermost_claims_begin(mattermost);
    mattermost_lookup_begin(mattermost);
    mattermost_history_begin(mattermost);
    const struct mattermost_socket_handler handler = {
        .frame = frame_came, .gap = gap, .refused = socket_refused, .data = mattermost};
    mattermost->socket = mattermost_socket_new(loop, rest, &mattermost->options, &mattermost->self, mattermost->names, &handler);
    if (listener != NULL)
        mattermost->listen =
            mattermost_listen_new(listener, &mattermost->options, mattermost->names, callback_came, mattermost);
    mattermost->base = (struct platform){
        .name = "mattermost",
        .codec = mattermost->codec,
        .private_by_dm = true,
        .start = start,
        .stop = stop,
        .free = mattermost_free,
        .acknowledge = acknowledge,
        .carries = carries,
        .position = position,
        .look_up_person = mattermost_look_up_person,
        .look_up_channel = mattermost_look_up_channel,
        .look_up_member = mattermost_look_up_member,
        .look_up_group = mattermost_look_up_role,
        .backfill = mattermost_backfill,
        .catching_up = catching_up,
        .status = status,
    };
    return &mattermost->base;
}
