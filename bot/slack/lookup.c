/* What the adapter reads from the Web API: people, channels, and posts missed in a gap. */
#include "bot/slack/adapter.h"
#include "bot/slack/api.h"
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    LOOK_UP_TRIES = 5,
    POSTS_MAX = 10000,  /* of one point */
    THREADS_MAX = 200,  /* of one point, besides those asked for */
    OVERLAP_MS = 60000, /* posts arrive out of order; the dispatcher drops what it knows */
};

/* ---- People and channels ---- */

struct look_up {
    struct slack *slack;
    char *id;
    bool person;
};

static void look_up_ended(void *data)
{
    struct look_up *look_up = data;
    g_hash_table_remove(look_up->slack->looked_up, look_up->id);
    g_free(look_up->id);
    g_free(look_up);
}

static void looked_up(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct look_up *look_up = data;
    struct event *event = look_up->person ? slack_decode_person(answer) : slack_decode_channel(answer);
    if (event == NULL) {
        log_warning("slack.lookup", "id=%s why=\"%s\"", look_up->id,
                    why != NULL ? why : "an answer without what was asked for");
        return;
    }
    if (look_up->person && event->profile.name != NULL)
        g_hash_table_replace(look_up->slack->names, g_strdup(event->user), g_strdup(event->profile.name));
    slack_give(look_up->slack, event);
}

static void look_up(struct slack *slack, const char *id, bool person)
{
    if (slack->stopping || id == NULL || !slack_is_id(id) || g_hash_table_contains(slack->looked_up, id))
        return;
    g_hash_table_add(slack->looked_up, g_strdup(id));
    struct look_up *data = g_new0(struct look_up, 1);
    *data = (struct look_up){.slack = slack, .id = g_strdup(id), .person = person};
    struct lane_call call = {
        .method = person ? "users.info" : "conversations.info",
        .tries = LOOK_UP_TRIES,
        .answered = looked_up,
        .ended = look_up_ended,
        .data = data,
    };
    GString *params = g_string_new(NULL);
    slack_param(params, person ? "user" : "channel", id);
    if (person)
        slack_param(params, "include_locale", "true");
    slack_lane_add(slack->lookups, &slack->options, &call, params);
}

void slack_look_up_person(struct platform *platform, const char *user)
{
    look_up((struct slack *)platform, user, true);
}

void slack_look_up_channel(struct platform *platform, const char *channel)
{
    look_up((struct slack *)platform, channel, false);
}

const char *slack_name_of(const char *id, void *data)
{
    struct slack *slack = data;
    const char *name = slack->given_name != NULL ? slack->given_name(id, slack->given_name_data) : NULL;
    if (name == NULL)
        name = g_hash_table_lookup(slack->names, id);
    if (name == NULL)
        look_up(slack, id, true);
    return name;
}

/* ---- Posts missed ---- */

/* One channel or thread being read, page after page. */
struct reading {
    struct slack *slack;
    char *channel, *thread, *oldest;
    char *place; /* key of slack->awaited until the first page came */
    GPtrArray *found;   /* struct event *, in the order of the pages */
    GPtrArray *threads; /* char *: threads begun or continued in what was read */
    char *cursor;
    bool going_on; /* another page was asked for: the reading lives on */
};

/* From here on the same place may be read once more. */
static void has_begun(struct reading *reading)
{
    if (reading->place != NULL)
        g_hash_table_remove(reading->slack->awaited, reading->place);
    g_clear_pointer(&reading->place, g_free);
}

static void reading_free(struct reading *reading)
{
    has_begun(reading);
    g_free(reading->channel);
    g_free(reading->thread);
    g_free(reading->oldest);
    g_free(reading->cursor);
    g_ptr_array_unref(reading->found);
    g_ptr_array_unref(reading->threads);
    g_free(reading);
}

static void reading_ended(void *data)
{
    struct reading *reading = data;
    if (!reading->going_on)
        reading_free(reading);
    else
        reading->going_on = false;
}

static void ask_page(struct reading *reading);

static void read_from(struct slack *slack, const char *channel, const char *thread, const char *oldest)
{
    /* A connection that comes and goes asks again and again; what was not begun yet covers all of it. */
    g_autofree char *place = g_strconcat(channel, " ", thread, NULL);
    if (!g_hash_table_add(slack->awaited, g_strdup(place)))
        return;
    struct reading *reading = g_new0(struct reading, 1);
    reading->slack = slack;
    reading->place = g_steal_pointer(&place);
    reading->channel = g_strdup(channel);
    reading->thread = g_strdup(thread);
    reading->oldest = g_strdup(oldest);
    reading->found = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    reading->threads = g_ptr_array_new_with_free_func(g_free);
    ask_page(reading);
}

static int by_time(const void *a, const void *b)
{
    const struct event *first = *(struct event *const *)a, *second = *(struct event *const *)b;
    gsize size = strlen(first->message), other = strlen(second->message);
    if (size != other)
        return size < other ? -1 : 1;
    return strcmp(first->message, second->message);
}

static void take_page(struct reading *reading, const cJSON *answer)
{
    const cJSON *message;
    cJSON_ArrayForEach(message, json_get(answer, "messages"))
    {
        if (reading->found->len >= POSTS_MAX)
            return;
        const char *ts = json_str0(message, "ts");
        if (reading->thread != NULL && strcmp(ts, reading->thread) == 0)
            continue; /* a thread's first post comes along each time */
        struct event *event =
            slack_decode_history(message, reading->channel, reading->slack->workspace, &reading->slack->self);
        if (event != NULL)
            g_ptr_array_add(reading->found, event);
        event = slack_decode_history_edit(message, reading->channel, reading->slack->workspace, &reading->slack->self);
        if (event != NULL)
            g_ptr_array_add(reading->found, event);
        if (reading->thread == NULL && json_int(message, "reply_count", 0) > 0 && slack_is_id(ts) &&
            reading->threads->len < THREADS_MAX)
            g_ptr_array_add(reading->threads, g_strdup(ts));
    }
}

static void finish(struct reading *reading)
{
    g_ptr_array_sort(reading->found, by_time);
    log_info("slack.backfill", "channel=%s thread=%s posts=%u", reading->channel,
             reading->thread != NULL ? reading->thread : "", reading->found->len);
    for (guint i = 0; i < reading->found->len; i++) {
        slack_give(reading->slack, reading->found->pdata[i]);
        reading->found->pdata[i] = NULL;
    }
    /* A mention of askwhy may stand in a thread that nobody tracks yet. */
    for (guint i = 0; i < reading->threads->len; i++)
        read_from(reading->slack, reading->channel, reading->threads->pdata[i], reading->oldest);
}

static void page_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct reading *reading = data;
    has_begun(reading);
    if (answer == NULL) {
        log_warning("slack.backfill", "channel=%s thread=%s why=\"%s\"", reading->channel,
                    reading->thread != NULL ? reading->thread : "", why);
        finish(reading);
        return;
    }
    take_page(reading, answer);
    const char *cursor = json_str0(answer, "response_metadata.next_cursor");
    if (*cursor != '\0' && g_strcmp0(cursor, reading->cursor) != 0 && reading->found->len < POSTS_MAX) {
        g_free(reading->cursor);
        reading->cursor = g_strdup(cursor);
        reading->going_on = true;
        ask_page(reading);
    } else {
        finish(reading);
    }
}

static void ask_page(struct reading *reading)
{
    struct lane_call call = {
        .method = reading->thread != NULL ? "conversations.replies" : "conversations.history",
        .answered = page_came,
        .ended = reading_ended,
        .data = reading,
    };
    GString *params = g_string_new(NULL);
    slack_param(params, "channel", reading->channel);
    slack_param(params, "ts", reading->thread);
    slack_param(params, "oldest", reading->oldest);
    slack_param(params, "limit", "200");
    slack_param(params, "include_all_metadata", "true");
    slack_param(params, "cursor", reading->cursor);
    slack_lane_add(reading->slack->history, &reading->slack->options, &call, params);
}

void slack_backfill(struct platform *platform, const struct backfill_point *points, int n_points)
{
    struct slack *slack = (struct slack *)platform;
    for (int i = 0; i < n_points && !slack->stopping; i++) {
        const struct backfill_point *point = &points[i];
        const char *after = point->after != NULL ? point->after : "";
        /* In a channel where nothing was handled yet there is nothing to go on with. */
        if (*after == '\0' && point->thread == NULL)
            continue;
        g_autofree char *oldest =
            *after != '\0' ? slack_ts_of(slack_ts_ms(after) - OVERLAP_MS) : g_strdup(point->thread);
        read_from(slack, point->channel, point->thread, oldest);
    }
}
