/* The adapter at work against the mini Mattermost: what a host sees of it. */
#ifndef ASKWHY_TEST_MATTERMOST_LIVE_H
#define ASKWHY_TEST_MATTERMOST_LIVE_H

#include "minimattermost.h"
#include "words.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/mattermost/mattermost.h"

#define ME "meeemeeemeeemeeemeeemeee26"
#define DANA "danadanadanadanadanadana26"
#define ELI "elielielielielielielieli26"
#define TEAM "teamteamteamteamteamteam26"
#define PRODUCT "productproductproductprodu"
#define SECRET "secretsecretsecretsecretse"
#define DIRECT "directdirectdirectdirectdi"
#define COMMAND_TOKEN "commandtokencommandtoken26"

static struct rest *rest;
static struct listener *callbacks;
static struct platform *platform;
static GPtrArray *heard; /* struct event * */
static GPtrArray *channels_heard; /* EVENT_CHANNEL among them, where a story wants them apart; NULL otherwise */
static int gaps;
static const char *stored_position;
/* What the host asks to be read again in a gap. */
static struct backfill_point gap_points[8];
static int n_gap_points;
static bool was_catching_up;

static void event_came(struct platform *from, struct event *given, void *data)
{
    assert_ptr_equal(from, platform);
    assert_ptr_equal(data, &gaps);
    g_ptr_array_add(given->kind == EVENT_CHANNEL && channels_heard != NULL ? channels_heard : heard, given);
}

static void gap_came(struct platform *from, void *data)
{
    assert_ptr_equal(data, &gaps);
    gaps++;
    from->backfill(from, gap_points, n_gap_points);
    was_catching_up = from->catching_up(from);
}

static char *position_of(struct platform *from, void *data)
{
    (void)from, (void)data;
    return g_strdup(stored_position);
}

static void adapter_comes(void)
{
    static const char *const command_tokens[] = {COMMAND_TOKEN, NULL};
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d", port);
    struct mattermost_options options = {.url = url,
                                         .token = TOKEN,
                                         .command_tokens = command_tokens,
                                         .callback_url = "http://127.0.0.1:8600/mattermost",
                                         .signing_key = "000102030405060708090a0b0c0d0e0f",
                                         .words = words_of};
    static const struct platform_host host = {
        .event = event_came, .gap = gap_came, .position = position_of, .data = &gaps};
    platform = mattermost_new(loop, rest, callbacks, &options, &host);
}

static int live_begin(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    story_begin();
    rest = rest_new(loop, NULL, NULL);
    struct listener_options there = {.address = "127.0.0.1:0"};
    callbacks = listener_new(loop, &there, NULL);
    assert_non_null(callbacks);
    mattermost_comes();
    heard = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    gaps = n_gap_points = 0;
    stored_position = NULL;
    was_catching_up = false;
    answer_with("GET /api/v4/users/me", "{\"id\":\"" ME "\",\"username\":\"askwhy\",\"is_bot\":true}");
    answer_with("GET /api/v4/config/client", "{\"MaxPostSize\":\"16383\",\"Version\":\"5.37.0\",\"SiteURL\":\"\"}");
    answer_with("GET /api/v4/users/me/teams", "[]");
    adapter_comes();
    return 0;
}

static int live_end(void **state)
{
    (void)state;
    platform->free(platform);
    listener_free(callbacks);
    rest_free(rest);
    mattermost_ends();
    g_ptr_array_unref(heard);
    story_end();
    return 0;
}

/* ---- steps ---- */

G_GNUC_UNUSED static void time_passes(int64_t ms)
{
    clock_pass_ms(ms);
    loop_pass_ms(loop, ms);
}

static bool is_live(void)
{
    struct platform_status status;
    platform->status(platform, &status);
    bool live = status.sockets_live == 1;
    platform_status_done(&status);
    return live && !platform->catching_up(platform);
}

G_GNUC_UNUSED static void goes_live(void)
{
    platform->start(platform);
    run_until(is_live);
}

static guint wanted_events;

static bool has_heard(void)
{
    return heard->len >= wanted_events;
}

G_GNUC_UNUSED static struct event *run_until_heard(guint count)
{
    wanted_events = count;
    run_until(has_heard);
    return heard->pdata[count - 1];
}

static const char *wanted_request;
static int wanted_requests;

static bool has_asked(void)
{
    return asked(wanted_request) >= wanted_requests;
}

G_GNUC_UNUSED static void run_until_asked(const char *begins, int times)
{
    wanted_request = begins;
    wanted_requests = times;
    run_until(has_asked);
}

/* The whole request, the oldest that begins so. */
G_GNUC_UNUSED static const char *request_of(const char *begins)
{
    for (guint i = 0; i < requests->len; i++) {
        if (g_str_has_prefix(requests->pdata[i], begins))
            return requests->pdata[i];
    }
    fail_msg("nobody asked %s", begins);
    return NULL;
}

G_GNUC_UNUSED static char *problem(void)
{
    struct platform_status status;
    platform->status(platform, &status);
    char *text = g_strdup(status.problem);
    platform_status_done(&status);
    return text;
}

/* A post as the server writes it; id and root: 26 characters, root "" for none. edit_at and delete_at 0: never. */
static cJSON *post_json(const char *id, const char *channel, const char *root, const char *user, const char *text,
                        int64_t create_at, int64_t edit_at, int64_t delete_at)
{
    cJSON *post = json_object();
    json_put_str(post, "id", id);
    json_put_int(post, "create_at", create_at);
    json_put_int(post, "update_at", MAX(MAX(create_at, edit_at), delete_at));
    json_put_int(post, "edit_at", edit_at);
    json_put_int(post, "delete_at", delete_at);
    json_put_str(post, "user_id", user);
    json_put_str(post, "channel_id", channel);
    json_put_str(post, "root_id", root);
    json_put_str(post, "original_id", "");
    json_put_str(post, "message", text);
    json_put_str(post, "type", "");
    json_put(post, "props", json_object());
    return post;
}

static const char *post_id(int number)
{
    static char ids[16][27];
    static int at;
    char *id = ids[at++ % 16];
    g_snprintf(id, 27, "postpostpostpostpost%06d", number);
    return id;
}

G_GNUC_UNUSED static void somebody_posts(int number, const char *channel, const char *type, const char *text)
{
    g_autoptr(cJSON) post = post_json(post_id(number), channel, "", DANA, text, 1795341600000 + number, 0, 0);
    g_autoptr(cJSON) data = json_object();
    g_autofree char *inner = json_text(post);
    json_put_str(data, "channel_type", type);
    json_put_str(data, "channel_name", "product");
    json_put_str(data, "channel_display_name", "Product");
    json_put_str(data, "post", inner);
    json_put_str(data, "sender_name", "@dana");
    json_put_str(data, "team_id", *type == 'D' ? "" : TEAM);
    g_autofree char *outer = json_text(data);
    g_autofree char *broadcast = g_strdup_printf("{\"channel_id\":\"%s\"}", channel);
    event("posted", outer, broadcast);
}

#endif
