#include "bot/sandbox/slack/api.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/slack/message.h"

#include "bot/base/clock.h"

#include <string.h>

static cJSON *channel_json(const struct channel *channel, bool with_count)
{
    cJSON *json = json_object();
    bool direct = channel->visibility == DIRECT;
    json_put_str(json, "id", channel->id);
    if (direct)
        json_put_str(json, "user", channel->with->id);
    else
        json_put_str(json, "name", channel->name);
    json_put_bool(json, "is_channel", !direct);
    json_put_bool(json, "is_group", false);
    json_put_bool(json, "is_im", direct);
    json_put_bool(json, "is_mpim", false);
    json_put_bool(json, "is_private", channel->visibility != PUBLIC);
    json_put_bool(json, "is_archived", false);
    if (!direct) {
        json_put_bool(json, "is_member", channel->bot);
        json_put_str(json, "name_normalized", channel->name);
        json_put_bool(json, "is_general", strcmp(channel->name, "general") == 0);
    }
    if (with_count)
        json_put_int(json, "num_members", channel->members->len + (channel->bot ? 1 : 0));
    return json;
}

/* A conversation the app may look at: what it cannot see is not there. */
static struct channel *visible_channel(struct api_call *call, const char **error)
{
    struct channel *channel = api_channel(call, "channel", error);
    if (channel != NULL && channel->visibility == PRIVATE && !channel->bot) {
        *error = "channel_not_found";
        return NULL;
    }
    return channel;
}

static struct channel *readable_channel(struct api_call *call, const char **error)
{
    struct channel *channel = visible_channel(call, error);
    if (channel != NULL && !channel->bot) {
        *error = "not_in_channel";
        return NULL;
    }
    return channel;
}

/* Cursors are opaque to apps: "o" and an offset, in base64. */
static int64_t read_cursor(const struct api_call *call, const char **error)
{
    const char *cursor = api_text(call, "cursor");
    if (cursor[0] == '\0')
        return 0;
    gsize size = 0;
    g_autofree guchar *decoded = g_base64_decode(cursor, &size);
    g_autofree char *text = g_strndup((const char *)decoded, size);
    gint64 offset = 0;
    if (text[0] == 'o' && g_ascii_string_to_signed(text + 1, 10, 0, G_MAXINT64, &offset, NULL))
        return offset;
    *error = "invalid_cursor";
    return 0;
}

static void put_cursor(struct api_call *call, int64_t offset)
{
    cJSON *metadata = json_object();
    g_autofree char *text = offset > 0 ? g_strdup_printf("o%" G_GINT64_FORMAT, offset) : NULL;
    g_autofree char *cursor = text != NULL ? g_base64_encode((const guchar *)text, strlen(text)) : g_strdup("");
    json_put_str(metadata, "next_cursor", cursor);
    json_put(call->answer, "response_metadata", metadata);
}

struct window {
    int64_t oldest, latest;
    bool inclusive;
};

static struct window read_window(const struct api_call *call)
{
    int64_t oldest = ts_read(api_text(call, "oldest")), latest = ts_read(api_text(call, "latest"));
    return (struct window){oldest < 0 ? 0 : oldest, latest < 0 ? G_MAXINT64 : latest, api_true(call, "inclusive")};
}

static bool in_window(const struct window *window, int64_t at)
{
    return window->inclusive ? at >= window->oldest && at <= window->latest
                             : at > window->oldest && at < window->latest;
}

/* Takes found (const struct post *): one page of it from the cursor's place on. Positions are post times, so
 * that what is posted between two pages neither repeats nor hides anything. */
static const char *answer_page(struct api_call *call, const struct channel *channel, const GPtrArray *found,
                               int64_t limit, bool newest_first)
{
    const char *error = NULL;
    int64_t after = read_cursor(call, &error);
    if (error != NULL)
        return error;
    cJSON *messages = json_array();
    int64_t next = 0;
    for (guint i = 0; i < found->len; i++) {
        const struct post *post = g_ptr_array_index(found, newest_first ? found->len - 1 - i : i);
        if (after != 0 && (newest_first ? post->at >= after : post->at <= after))
            continue;
        if (cJSON_GetArraySize(messages) == limit) {
            json_put_bool(call->answer, "has_more", true);
            put_cursor(call, next);
            json_put(call->answer, "messages", messages);
            return NULL;
        }
        json_push(messages, post_json(channel, post, api_true(call, "include_all_metadata")));
        next = post->at;
    }
    json_put_bool(call->answer, "has_more", false);
    json_put(call->answer, "messages", messages);
    return NULL;
}

static const char *history(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = readable_channel(call, &error);
    int64_t limit = api_int(call, "limit", 100);
    if (channel == NULL)
        return error;
    if (limit < 1 || limit > 999)
        return "invalid_limit";
    struct window window = read_window(call);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (guint i = 0; i < channel->posts->len; i++) {
        struct post *post = g_ptr_array_index(channel->posts, i);
        if (post->thread[0] == '\0' && in_window(&window, post->at))
            g_ptr_array_add(found, post);
    }
    json_put_int(call->answer, "pin_count", 0);
    return answer_page(call, channel, found, limit, true);
}

static const char *replies(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = readable_channel(call, &error);
    int64_t limit = api_int(call, "limit", 1000);
    if (channel == NULL)
        return error;
    if (limit < 1 || limit > 1000)
        return "invalid_limit";
    const struct post *post = channel_find(channel, api_text(call, "ts"));
    if (post == NULL)
        return "thread_not_found";
    const char *root = post->thread[0] != '\0' ? post->thread : post->ts;
    struct window window = read_window(call);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (guint i = 0; i < channel->posts->len; i++) {
        struct post *one = g_ptr_array_index(channel->posts, i);
        bool parent = strcmp(one->ts, root) == 0;
        if (parent || (strcmp(one->thread, root) == 0 && in_window(&window, one->at)))
            g_ptr_array_add(found, one);
    }
    return answer_page(call, channel, found, limit, false);
}

static const char *info(struct api_call *call)
{
    const char *error = NULL;
    const struct channel *channel = visible_channel(call, &error);
    if (channel == NULL)
        return error;
    cJSON *json = channel_json(channel, api_true(call, "include_num_members"));
    if (api_true(call, "include_locale"))
        json_put_str(json, "locale", "en-US");
    json_put(call->answer, "channel", json);
    return NULL;
}

static const char *list_channels(struct api_call *call, bool only_own)
{
    const char *error = NULL;
    const char *types = json_str(call->args, "types");
    g_autofree char *wanted = g_strdup_printf(",%s,", types != NULL ? types : "public_channel");
    int64_t offset = read_cursor(call, &error), limit = api_int(call, "limit", 100), seen = 0;
    if (error != NULL)
        return error;
    if (limit < 1 || limit > 1000)
        return "invalid_limit";
    cJSON *channels = json_array();
    const GPtrArray *all = workspace_channels(call->sandbox->workspace);
    bool more = false;
    for (guint i = 0; i < all->len && !more; i++) {
        const struct channel *channel = g_ptr_array_index(all, i);
        const char *type = channel->visibility == DIRECT    ? ",im,"
                           : channel->visibility == PRIVATE ? ",private_channel,"
                                                            : ",public_channel,";
        bool hidden = (channel->visibility == PRIVATE || only_own) && !channel->bot;
        if (strstr(wanted, type) == NULL || hidden || seen++ < offset)
            continue;
        more = cJSON_GetArraySize(channels) == limit;
        if (!more)
            json_push(channels, channel_json(channel, true));
    }
    json_put(call->answer, "channels", channels);
    put_cursor(call, more ? offset + limit : 0);
    return NULL;
}

static const char *list(struct api_call *call)
{
    return list_channels(call, false);
}

static const char *own_list(struct api_call *call)
{
    return list_channels(call, true);
}

static const char *members(struct api_call *call)
{
    const char *error = NULL;
    const struct channel *channel = visible_channel(call, &error);
    if (channel == NULL)
        return error;
    int64_t offset = read_cursor(call, &error), limit = api_int(call, "limit", 100);
    if (error != NULL || limit < 1)
        return error != NULL ? error : "invalid_limit";
    cJSON *ids = json_array();
    int64_t total = channel->members->len + (channel->bot ? 1 : 0);
    for (int64_t i = offset; i < MIN(total, offset + limit); i++) {
        const struct person *person = i < channel->members->len ? g_ptr_array_index(channel->members, i) : NULL;
        json_push_str(ids, person != NULL ? person->id : SANDBOX_BOT_USER);
    }
    json_put(call->answer, "members", ids);
    put_cursor(call, offset + limit < total ? offset + limit : 0);
    return NULL;
}

static const char *open_direct(struct api_call *call)
{
    const char *users = api_text(call, "users"), *error = NULL;
    struct channel *channel = NULL;
    if (strchr(users, ',') != NULL)
        return "method_not_supported_for_channel_type";
    if (users[0] != '\0') {
        channel = channel_direct(call->sandbox->workspace, person_by_id(users));
        error = channel == NULL ? "user_not_found" : NULL;
    } else {
        channel = api_channel(call, "channel", &error);
        if (channel != NULL && channel->visibility != DIRECT)
            return "method_not_supported_for_channel_type";
        if (error != NULL && strcmp(error, "invalid_arguments") == 0)
            error = "users_list_not_supplied";
    }
    if (channel == NULL)
        return error;
    json_put_bool(call->answer, "no_op", true);
    json_put_bool(call->answer, "already_open", true);
    cJSON *json = json_object();
    json_put_str(json, "id", channel->id);
    if (api_true(call, "return_im")) {
        cJSON_Delete(json);
        json = channel_json(channel, false);
    }
    json_put(call->answer, "channel", json);
    return NULL;
}

static const char *join(struct api_call *call)
{
    const char *error = NULL;
    struct channel *channel = visible_channel(call, &error);
    if (channel == NULL)
        return error;
    if (channel->visibility != PUBLIC)
        return "method_not_supported_for_channel_type";
    if (channel->bot)
        json_put_str(call->answer, "warning", "already_in_channel");
    events_bot_joins(call->sandbox, channel, NULL);
    json_put(call->answer, "channel", channel_json(channel, false));
    return NULL;
}

const struct api_entry api_conversation_methods[] = {
    {"conversations.history", history, true},
    {"conversations.replies", replies, true},
    {"conversations.info", info, true},
    {"conversations.list", list, true},
    {"conversations.members", members, true},
    {"conversations.open", open_direct, false},
    {"conversations.join", join, false},
    {"users.conversations", own_list, true},
    {NULL, NULL, false},
};
