/* The live half of the Slack platform: who we are, frames to events, acknowledgements back. */
#include "bot/slack/adapter.h"
#include "bot/slack/decode.h"

#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum { ASK_AGAIN_MS = 60000 };

static struct slack *slack_of(struct platform *platform)
{
    return (struct slack *)platform;
}

void slack_give(struct slack *slack, struct event *event)
{
    if (slack->stopping) {
        event_free(event); /* not acknowledged: Slack sends it again */
        return;
    }
    if (event->workspace == NULL)
        event->workspace = g_strdup(slack->workspace);
    if (event->kind == EVENT_PERSON)
        event->profile.groups = slack_groups_of(slack, event->user);
    slack->host.event(&slack->base, event, slack->host.data);
}

/* ---- Frames ---- */

static void acknowledge_bare(struct slack *slack, uint64_t connection, const char *envelope)
{
    struct event nothing = {.kind = EVENT_NONE, .platform = "slack", .envelope = (char *)envelope};
    bool left_out;
    g_autofree char *ack = slack_ack(&nothing, NULL, &left_out);
    slack_sockets_send(slack->sockets, connection, ack, strlen(ack));
}

static void report_unusable(struct slack *slack, const char *reason)
{
    /* Once a reason, and not more reasons than a broken server could ever mean well. */
    if (g_hash_table_size(slack->reported) >= 100 || !g_hash_table_add(slack->reported, g_strdup(reason)))
        return;
    log_warning("slack.unusable", "reason=\"%s\" note=\"logged once; the frame was dropped\"", reason);
}

/* chat.getPermalink's answer is this form; no call needed. */
static char *permalink(const struct slack *slack, const struct event *event)
{
    if (slack->site == NULL || event->channel == NULL || event->message == NULL)
        return NULL;
    GString *link = g_string_new(slack->site);
    g_string_append_printf(link, "%sarchives/%s/p", g_str_has_suffix(slack->site, "/") ? "" : "/",
                           event->channel);
    for (const char *c = event->message; *c != '\0'; c++) {
        if (*c != '.')
            g_string_append_c(link, *c);
    }
    if (event->thread != NULL)
        g_string_append_printf(link, "?thread_ts=%s&cid=%s", event->thread, event->channel);
    return g_string_free(link, FALSE);
}

static void take_envelope(struct slack *slack, uint64_t connection, struct slack_frame *frame)
{
    if (frame->event->kind == EVENT_NONE) {
        acknowledge_bare(slack, connection, frame->envelope);
        return;
    }
    if (frame->event->kind == EVENT_GROUP) {
        /* Who is in it is read anew: also with the next start, should this be lost. */
        acknowledge_bare(slack, connection, frame->envelope);
        slack_group_changed(slack, frame->event->group);
        return;
    }
    struct event *event = g_steal_pointer(&frame->event);
    event->connection = connection;
    if (event->kind == EVENT_MESSAGE_SHORTCUT)
        event->permalink = permalink(slack, event);
    slack_give(slack, event);
}

static void frame_came(uint64_t connection, const char *text, gsize size, void *data)
{
    struct slack *slack = data;
    struct slack_frame frame;
    slack_decode(text, size, &slack->self, &frame);
    switch (frame.kind) {
    case SLACK_HELLO:
        slack_sockets_hello(slack->sockets, connection, frame.lifetime_s);
        break;
    case SLACK_DISCONNECT:
        slack_sockets_disconnect(slack->sockets, connection, frame.reason);
        break;
    case SLACK_UNUSABLE:
        report_unusable(slack, frame.reason);
        if (frame.envelope != NULL)
            acknowledge_bare(slack, connection, frame.envelope);
        break;
    case SLACK_ENVELOPE:
        take_envelope(slack, connection, &frame);
        break;
    }
    slack_frame_done(&frame);
}

/* Acknowledged all the same: Slack would bring it again and again. */
static void frame_too_large(uint64_t connection, const char *ends, gsize size, void *data)
{
    struct slack *slack = data;
    report_unusable(slack, "too large");
    g_autofree char *envelope = slack_find_envelope(ends, size);
    if (envelope != NULL)
        acknowledge_bare(slack, connection, envelope);
}

static void gap(void *data)
{
    struct slack *slack = data;
    if (!slack->stopping)
        slack->host.gap(&slack->base, slack->host.data);
}

/* ---- Who we are ---- */

static void ask_who(struct slack *slack);

static void ask_who_again(void *data)
{
    ask_who(data);
}

static void set_problem(struct slack *slack, const char *problem)
{
    g_free(slack->problem);
    slack->problem = g_strdup(problem);
}

static void take_scopes(struct slack *slack, const char *scopes)
{
    g_autofree char *missing = scopes != NULL ? slack_scopes_missing(scopes) : NULL;
    set_problem(slack, NULL);
    if (missing == NULL)
        return;
    slack->problem = g_strdup_printf("the bot token lacks these scopes: %s. Add them to the app "
                                     "(OAuth & Permissions) and reinstall it to the workspace",
                                     missing);
    log_error("slack.scopes", "problem=\"%s\"", slack->problem);
}

static void who_answered(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct slack *slack = data;
    const char *user = json_str(answer, "user_id"), *team = json_str(answer, "team_id");
    if (user == NULL || team == NULL) {
        g_autofree char *problem = g_strdup_printf(
            "Slack does not accept SLACK_BOT_TOKEN (%s)",
            why != NULL ? why : "auth.test: an answer without user_id and team_id");
        set_problem(slack, problem);
        log_error("slack.auth", "problem=\"%s\" again_in_s=%d", problem, ASK_AGAIN_MS / 1000);
        loop_timer_set_ms(slack->again, ASK_AGAIN_MS);
        return;
    }
    g_free(slack->user);
    g_free(slack->bot);
    g_free(slack->workspace);
    g_free(slack->site);
    slack->user = g_strdup(user);
    slack->bot = g_strdup(json_str0(answer, "bot_id"));
    slack->workspace = g_strdup(team);
    slack->site = g_strdup(json_str(answer, "url"));
    slack->self = (struct slack_self){.user = slack->user, .bot = slack->bot, .app = ""};
    slack->authenticated = true;
    log_info("slack.auth", "user=%s bot=%s workspace=%s", slack->user, slack->bot, slack->workspace);
    take_scopes(slack, response->scopes);
    slack_sockets_start(slack->sockets);
}

static void ask_who(struct slack *slack)
{
    struct lane_call call = {.method = "auth.test", .answered = who_answered, .data = slack};
    slack_lane_add(slack->auth, &slack->options, &call, g_string_new(NULL));
}

/* ---- The platform ---- */

static void start(struct platform *platform)
{
    ask_who(slack_of(platform));
}

static void stop(struct platform *platform)
{
    struct slack *slack = slack_of(platform);
    slack->cut_short = slack->cut_short || lane_busy(slack->history);
    slack->stopping = true;
    loop_timer_clear(slack->again);
    lane_clear(slack->auth);
    lane_clear(slack->lookups);
    lane_clear(slack->history);
}

static void slack_free(struct platform *platform)
{
    struct slack *slack = slack_of(platform);
    stop(platform);
    slack_sockets_free(slack->sockets);
    rest_forget(slack->rest, slack);
    lane_free(slack->auth);
    lane_free(slack->lookups);
    lane_free(slack->history);
    loop_timer_free(slack->again);
    slack_codec_free(slack->codec);
    g_hash_table_destroy(slack->looked_up);
    g_hash_table_destroy(slack->names);
    g_hash_table_destroy(slack->awaited);
    g_hash_table_destroy(slack->groups);
    g_hash_table_destroy(slack->groups_sought);
    g_hash_table_destroy(slack->groups_unread);
    g_hash_table_destroy(slack->reported);
    g_free((char *)slack->options.api_url);
    g_free((char *)slack->options.app_token);
    g_free((char *)slack->options.bot_token);
    g_free(slack->user);
    g_free(slack->bot);
    g_free(slack->workspace);
    g_free(slack->site);
    g_free(slack->problem);
    g_free(slack);
}

static void answer_sent(const struct rest_response *response, void *data)
{
    struct slack *slack = data;
    struct outgoing out = {.kind = OUT_RESPONSE};
    struct verdict verdict;
    slack->codec->decode(slack->codec, &out, response, &verdict);
    if (verdict.kind != VERDICT_SENT)
        log_warning("slack.answer", "why=\"%s\"", verdict.why != NULL ? verdict.why : "not sent");
    verdict_done(&verdict);
}

/* An answer too large for the acknowledgement goes to the response_url, which takes more. */
static void answer_elsewhere(struct slack *slack, const struct event *event, const struct answer *answer)
{
    struct outgoing out = {.kind = OUT_RESPONSE, .url = event->response_url, .content = answer->message};
    struct rest_request request;
    if (!slack->codec->encode(slack->codec, &out, &request)) {
        log_warning("slack.answer", "why=\"too large for the acknowledgement, and nowhere else to send it\"");
        return;
    }
    rest_send(slack->rest, &request, answer_sent, slack);
    rest_request_done(&request);
}

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    struct slack *slack = slack_of(platform);
    if (event->envelope == NULL)
        return true; /* read back, or looked up: nobody waits */
    bool left_out = false;
    g_autofree char *ack = slack_ack(event, answer, &left_out);
    if (!slack_sockets_send(slack->sockets, event->connection, ack, strlen(ack)))
        return false;
    if (left_out)
        answer_elsewhere(slack, event, answer);
    return true;
}

static bool catching_up(const struct platform *platform)
{
    const struct slack *slack = (const struct slack *)platform;
    return slack->cut_short || lane_busy(slack->history);
}

static void status(struct platform *platform, struct platform_status *status_out)
{
    struct slack *slack = slack_of(platform);
    const char *problem = slack->problem;
    if (problem == NULL && !slack->authenticated)
        problem = "no answer from Slack to auth.test yet; check the network and SLACK_API_URL";
    if (problem == NULL)
        problem = slack_sockets_problem(slack->sockets);
    *status_out = (struct platform_status){
        .authenticated = slack->authenticated,
        .sockets_wanted = slack->options.sockets,
        .sockets_live = slack_sockets_live(slack->sockets),
        .problem = g_strdup(problem),
        .self_user = g_strdup(slack->user),
        .workspace = g_strdup(slack->workspace),
    };
}

struct platform *slack_new(struct loop *loop, struct rest *rest, const struct slack_options *options,
                           const struct platform_host *host)
{
    struct slack *slack = g_new0(struct slack, 1);
    slack->host = *host;
    slack->rest = rest;
    slack->options = *options;
    slack->options.api_url = g_strdup(options->api_url);
    slack->options.app_token = g_strdup(options->app_token);
    slack->options.bot_token = g_strdup(options->bot_token);
    slack->options.sockets = CLAMP(options->sockets, 1, 10);
    slack->given_name = options->name;
    slack->given_name_data = options->name_data;
    slack->options.name = slack_name_of;
    slack->options.name_data = slack;
    slack->user = g_strdup("");
    slack->bot = g_strdup("");
    slack->self = (struct slack_self){.user = slack->user, .bot = slack->bot, .app = ""};
    log_secret(options->app_token);
    log_secret(options->bot_token);
    slack->codec = slack_codec_new(&slack->options, &slack->self);
    slack->auth = slack_lane_new(loop, rest);
    slack->lookups = slack_lane_new(loop, rest);
    slack->history = slack_lane_new(loop, rest);
    slack->again = loop_timer_new(loop, ask_who_again, slack);
    slack->looked_up = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    slack->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    slack->awaited = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    slack->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_destroy);
    slack->groups_sought = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    slack->groups_unread = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    slack->reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    static const struct slack_sockets_handler handler = {.frame = frame_came, .too_large = frame_too_large, .gap = gap};
    slack->sockets = slack_sockets_new(loop, rest, &slack->options, &handler, slack);
    slack->base = (struct platform){
        .name = "slack",
        .codec = slack->codec,
        .start = start,
        .stop = stop,
        .free = slack_free,
        .acknowledge = acknowledge,
        .look_up_person = slack_look_up_person,
        .look_up_channel = slack_look_up_channel,
        .look_up_group = slack_look_up_group,
        .backfill = slack_backfill,
        .catching_up = catching_up,
        .status = status,
    };
    return &slack->base;
}
