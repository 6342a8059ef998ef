/* What was missed: posts by the time they were last touched, and which channels askwhy is in by now.
 *
 * since= brings what was said, edited and deleted after a moment, replies among it, but of more than a thousand any
 * thousand (5.37 leaves out the newest): then the channel is read page by page, too.
 */
#include "bot/mattermost/adapter.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    OVERLAP_MS = 10 * 1000, /* several servers, several clocks; the dispatcher drops what it knows */
    SINCE_MOST = 1000,
    PAGE = 200,
    SMALLEST_PAGE = 10,
    EVENTS_MAX = 10000, /* of one place */
    PAGES_MAX = 60,
    NAMES_TRIES = 3,
    NAME_CALLS_MAX = 10, /* for one answer */
    CHANNELS_MAX = 10000,
    FIRST_LOOK_MS = 24 * 60 * 60 * 1000,
};

/* ---- One channel or thread ---- */

enum way { BY_SINCE, BY_PAGE, BY_THREAD };
enum purpose {
    OF_NEWS, /* somebody knows since when */
    OF_GAP,
    OF_INVITATION, /* of what is found only that is told */
};

struct reading {
    struct mattermost *mattermost;
    char *channel, *thread;
    int64_t since_ms;
    enum purpose purpose;
    struct event *member; /* of an invitation: that askwhy is there at all, told last */
    enum way way;
    int page, page_size;
    char *place;      /* key of mattermost->awaited until the first answer came */
    GPtrArray *found; /* struct event * */
    cJSON *posts;     /* an answer whose names are asked for */
    GPtrArray *names; /* those names */
    int name_calls;   /* answered, for these posts */
    bool going_on;    /* another call was made: the reading lives on */
};

static void has_begun(struct reading *reading)
{
    if (reading->place != NULL)
        g_hash_table_remove(reading->mattermost->awaited, reading->place);
    g_clear_pointer(&reading->place, g_free);
}

static void reading_ended(void *data)
{
    struct reading *reading = data;
    if (reading->going_on) {
        reading->going_on = false;
        return;
    }
    has_begun(reading);
    g_free(reading->channel);
    g_free(reading->thread);
    g_ptr_array_unref(reading->found);
    if (reading->member != NULL)
        event_free(reading->member);
    cJSON_Delete(reading->posts);
    g_clear_pointer(&reading->names, g_ptr_array_unref);
    g_free(reading);
}

static void ask(struct reading *reading);

static int rank(const struct event *event)
{
    if (event->kind == EVENT_EDITED || event->kind == EVENT_DELETED || event->kind == EVENT_UNPOSTED)
        return event->kind == EVENT_EDITED ? 2 : 3;
    return event->thread == NULL ? 0 : 1;
}

/* As it happened; what happened at once in the order in which one means the other. */
static int by_time(const void *a, const void *b)
{
    const struct event *first = *(struct event *const *)a, *second = *(struct event *const *)b;
    if (first->at_ms != second->at_ms)
        return first->at_ms < second->at_ms ? -1 : 1;
    if (rank(first) != rank(second))
        return rank(first) - rank(second);
    return g_strcmp0(first->message, second->message);
}

static void finish(struct reading *reading)
{
    g_ptr_array_sort(reading->found, by_time);
    log_info("mattermost.backfill", "channel=%s thread=%s events=%u", reading->channel,
             reading->thread != NULL ? reading->thread : "", reading->found->len);
    for (guint i = 0; i < reading->found->len; i++) {
        struct event *event = g_steal_pointer(&reading->found->pdata[i]);
        if (reading->purpose != OF_INVITATION || event->kind == EVENT_INVITED)
            mattermost_give(reading->mattermost, event);
        else
            event_free(event);
    }
    g_ptr_array_set_size(reading->found, 0);
    if (reading->member != NULL)
        mattermost_give(reading->mattermost, g_steal_pointer(&reading->member));
}

static void go_on(struct reading *reading)
{
    reading->going_on = true;
    ask(reading);
}

/* The oldest of a page, by when it was said. */
static int64_t oldest_of(const cJSON *posts)
{
    int64_t oldest = INT64_MAX;
    const cJSON *post;
    cJSON_ArrayForEach(post, json_get(posts, "posts"))
        oldest = MIN(oldest, json_int(post, "create_at", 0));
    return oldest;
}

static void take_posts(struct reading *reading, const cJSON *answer)
{
    struct mattermost *mattermost = reading->mattermost;
    enum channel_kind kind = mattermost_kind_of(mattermost, reading->channel);
    const cJSON *post;
    cJSON_ArrayForEach(post, json_get(answer, "posts"))
    {
        if (reading->found->len < EVENTS_MAX && g_strcmp0(json_str(post, "channel_id"), reading->channel) == 0)
            mattermost_decode_history(post, kind, &mattermost->self, mattermost->names, reading->since_ms, reading->found);
    }
    int told = cJSON_GetArraySize(json_get(answer, "order"));
    bool more = reading->found->len < EVENTS_MAX;
    if (reading->way == BY_SINCE && told >= SINCE_MOST && more) {
        reading->way = BY_PAGE;
        go_on(reading);
    } else if (reading->way == BY_PAGE && told >= reading->page_size && more && oldest_of(answer) > reading->since_ms &&
               reading->page + 1 < PAGES_MAX * (PAGE / reading->page_size)) {
        reading->page++;
        go_on(reading);
    } else {
        finish(reading);
    }
}

/* Names behind @ that nobody knows yet; NULL: none. */
static GPtrArray *unknown_names(struct reading *reading, const cJSON *answer)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const cJSON *post;
    cJSON_ArrayForEach(post, json_get(answer, "posts"))
    {
        const char *text = json_str0(post, "message");
        if (strchr(text, '@') == NULL)
            continue;
        g_autoptr(GPtrArray) found = mattermost_unknown_names(text, reading->mattermost->names);
        for (guint i = 0; i < found->len; i++)
            g_hash_table_add(known, g_strdup(found->pdata[i]));
    }
    if (g_hash_table_size(known) == 0)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, g_strdup(name));
    return names;
}

static void ask_names(struct reading *reading);

static void names_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct reading *reading = data;
    bool good = cJSON_IsArray(answer);
    if (good)
        mattermost_names_learn(reading->mattermost, answer, reading->names);
    else
        log_warning("mattermost.lookup", "names=%u why=\"%s\" note=\"these names are taken as words\"", reading->names->len,
                    why != NULL ? why : "an answer without what was asked for");
    g_clear_pointer(&reading->names, g_ptr_array_unref);
    /* Of very many, one call takes only some. */
    if (good && ++reading->name_calls < NAME_CALLS_MAX)
        reading->names = unknown_names(reading, reading->posts);
    if (reading->names != NULL) {
        ask_names(reading);
        return;
    }
    g_autoptr(cJSON) posts = g_steal_pointer(&reading->posts);
    take_posts(reading, posts);
}

static void ask_names(struct reading *reading)
{
    struct lane_call call = {.method = "users.usernames",
                             .next = true,
                             .tries = NAMES_TRIES,
                             .answered = names_came,
                             .ended = reading_ended,
                             .data = reading};
    reading->going_on = true;
    mattermost_lane_add(reading->mattermost, reading->mattermost->history, &call, "POST", "users/usernames",
                        mattermost_names_body(reading->names));
}

static void gone(struct reading *reading)
{
    if (reading->purpose != OF_GAP || reading->thread != NULL)
        return;
    struct event *event = event_new(EVENT_REMOVED, "mattermost");
    event->channel = g_strdup(reading->channel);
    mattermost_give(reading->mattermost, event);
}

/* The server's own no: who refuses in its place, in other words, is asked again (lane.c). */
static bool is_no_member(const struct rest_response *response)
{
    return response->status == 403 || response->status == 404;
}

/* Long posts, and very many of them: fewer at once. False: it is of no use. */
static bool ask_for_less(struct reading *reading)
{
    if (reading->way == BY_THREAD || reading->page_size <= SMALLEST_PAGE)
        return false;
    if (reading->way == BY_PAGE) {
        reading->page *= 4; /* the same posts */
        reading->page_size = MAX(reading->page_size / 4, SMALLEST_PAGE);
    }
    reading->way = BY_PAGE;
    go_on(reading);
    return true;
}

static void posts_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct reading *reading = data;
    has_begun(reading);
    if (answer == NULL && response->too_large && ask_for_less(reading))
        return;
    if (answer == NULL) {
        log_warning("mattermost.backfill", "channel=%s thread=%s why=\"%s\"", reading->channel,
                    reading->thread != NULL ? reading->thread : "", why);
        finish(reading);
        if (is_no_member(response))
            gone(reading);
        return;
    }
    reading->names = unknown_names(reading, answer);
    if (reading->names == NULL) {
        take_posts(reading, answer);
        return;
    }
    reading->posts = cJSON_Duplicate(answer, true);
    reading->name_calls = 0;
    ask_names(reading);
}

static void ask(struct reading *reading)
{
    g_autofree char *path =
        reading->way == BY_THREAD ? g_strdup_printf("posts/%s/thread", reading->thread)
        : reading->way == BY_PAGE
            ? g_strdup_printf("channels/%s/posts?page=%d&per_page=%d", reading->channel, reading->page,
                              reading->page_size)
            : g_strdup_printf("channels/%s/posts?since=%" G_GINT64_FORMAT, reading->channel, reading->since_ms);
    struct lane_call call = {.method = reading->way == BY_THREAD ? "posts.thread" : "channels.posts",
                             .next = reading->place == NULL,
                             .answered = posts_came,
                             .ended = reading_ended,
                             .data = reading};
    mattermost_lane_add(reading->mattermost, reading->mattermost->history, &call, "GET", path, NULL);
}

/* NULL: it is read already. */
static struct reading *read_from(struct mattermost *mattermost, const char *channel, const char *thread, int64_t after_ms,
                                 enum purpose purpose)
{
    /* A connection that comes and goes asks again and again; what was not begun yet covers what it begins before. */
    g_autofree char *place = g_strconcat(channel, purpose == OF_INVITATION ? " invitation" : " ", thread, NULL);
    int64_t since_ms = MAX(after_ms - OVERLAP_MS, 1);
    const int64_t *awaited = g_hash_table_lookup(mattermost->awaited, place);
    if (!mattermost_is_id(channel) || (thread != NULL && !mattermost_is_id(thread)) ||
        (awaited != NULL && *awaited <= since_ms))
        return NULL;
    g_hash_table_replace(mattermost->awaited, g_strdup(place), g_memdup2(&since_ms, sizeof since_ms));
    struct reading *reading = g_new0(struct reading, 1);
    reading->mattermost = mattermost;
    reading->place = g_steal_pointer(&place);
    reading->channel = g_strdup(channel);
    reading->thread = g_strdup(thread);
    reading->since_ms = since_ms;
    reading->purpose = purpose;
    reading->way = thread != NULL ? BY_THREAD : BY_SINCE;
    reading->page_size = PAGE;
    reading->found = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    ask(reading);
    return reading;
}

/* ---- A gap: where, and what askwhy is in by now ---- */

struct point {
    char *channel, *thread;
    int64_t after_ms;
};

struct plan {
    struct mattermost *mattermost;
    GArray *points;
    GHashTable *pointed; /* channels that are points; the ids are theirs */
    GPtrArray *teams;    /* ids not asked for yet */
    GHashTable *listed;  /* channel → struct event * (EVENT_CHANNEL) */
    GHashTable *posted;  /* channel → int64_t *: its last post */
    int64_t newest_ms;   /* until then nothing was missed anywhere */
    bool going_on;
};

static void point_clear(void *data)
{
    struct point *point = data;
    g_free(point->channel);
    g_free(point->thread);
}

static void plan_free(struct plan *plan)
{
    if (plan->mattermost->plan == plan)
        plan->mattermost->plan = NULL;
    g_hash_table_unref(plan->pointed);
    g_array_unref(plan->points);
    g_ptr_array_unref(plan->teams);
    g_hash_table_unref(plan->listed);
    g_hash_table_unref(plan->posted);
    g_free(plan);
}

static void plan_ended(void *data)
{
    struct plan *plan = data;
    if (plan->going_on)
        plan->going_on = false;
    else
        plan_free(plan);
}

static bool is_point(const struct plan *plan, const char *channel)
{
    return g_hash_table_contains(plan->pointed, channel);
}

/* Nobody reads there yet. That askwhy is a member is told, and where reading begins: the dispatcher asks for it. Who
 * invited it, and when, stands in a post that is found then. */
static struct event *membership(const struct plan *plan, const struct event *channel, int64_t now_ms)
{
    struct event *event = event_new(EVENT_INVITED, "mattermost");
    int64_t from_ms = plan->newest_ms > 0 ? plan->newest_ms : now_ms;
    event->channel = g_strdup(channel->channel);
    event->channel_name = g_strdup(channel->channel_name);
    event->channel_kind = channel->channel_kind;
    event->workspace = g_strdup(channel->workspace);
    event->cursor = g_strdup_printf("%013" G_GINT64_FORMAT, from_ms);
    return event;
}

/* It may have been made private, or called otherwise, in the gap. Takes channel. */
static void tell_channel(struct plan *plan, struct event *channel, int64_t now_ms)
{
    struct event *member = is_point(plan, channel->channel) ? NULL : membership(plan, channel, now_ms);
    int64_t from_ms = (plan->newest_ms > 0 ? plan->newest_ms : now_ms) - FIRST_LOOK_MS;
    g_autofree char *id = g_strdup(channel->channel);
    mattermost_give(plan->mattermost, channel);
    /* Before its first day setup lets it into channels: of what was said there, only who let it in is news. Told first, it
     * says where reading begins, also when the bot dies before it has read. */
    struct reading *reading = member != NULL ? read_from(plan->mattermost, id, NULL, from_ms, OF_INVITATION) : NULL;
    if (reading != NULL)
        reading->member = member;
    else if (member != NULL)
        mattermost_give(plan->mattermost, member);
}

static void plan_carry_out(struct plan *plan, int64_t now_ms)
{
    struct mattermost *mattermost = plan->mattermost;
    mattermost->plan = NULL; /* a gap from now on is another one */
    for (guint i = 0; i < plan->points->len; i++) {
        const struct point *point = &g_array_index(plan->points, struct point, i);
        /* Replies come with their channel's posts. */
        bool covered = point->thread != NULL && (is_point(plan, point->channel) ||
                                                 (plan->newest_ms > 0 && g_hash_table_contains(plan->listed, point->channel)));
        if (!covered)
            read_from(mattermost, point->channel, point->thread, point->after_ms, OF_GAP);
    }
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, plan->listed);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        struct event *channel = value;
        const int64_t *posted = g_hash_table_lookup(plan->posted, key);
        bool news = plan->newest_ms > 0 && posted != NULL && *posted >= plan->newest_ms - OVERLAP_MS;
        g_hash_table_iter_steal(&iter);
        if (channel->channel_kind != CHANNEL_DIRECT) {
            tell_channel(plan, channel, now_ms);
            continue;
        }
        if (news && !is_point(plan, key))
            read_from(mattermost, key, NULL, plan->newest_ms, OF_GAP);
        event_free(channel);
    }
}

static void ask_team(struct plan *plan);

static int64_t server_now_ms(const struct rest_response *response)
{
    return response != NULL && response->date_ms > 0 ? response->date_ms : clock_now_ms();
}

static void channels_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct plan *plan = data;
    if (answer == NULL)
        log_warning("mattermost.channels", "why=\"%s\"", why);
    const cJSON *each;
    cJSON_ArrayForEach(each, answer)
    {
        struct event *event = mattermost_decode_channel(each);
        if (event == NULL)
            continue;
        if (json_int(each, "delete_at", 0) != 0 || g_hash_table_size(plan->listed) >= CHANNELS_MAX) {
            event_free(event);
            continue;
        }
        int64_t posted = json_int(each, "last_post_at", 0);
        mattermost_note_kind(plan->mattermost, event->channel, event->channel_kind);
        g_hash_table_replace(plan->posted, g_strdup(event->channel), g_memdup2(&posted, sizeof posted));
        g_hash_table_replace(plan->listed, event->channel, event);
    }
    if (plan->teams->len > 0)
        ask_team(plan);
    else
        plan_carry_out(plan, server_now_ms(response));
}

static void ask_team(struct plan *plan)
{
    g_autofree char *team = g_ptr_array_steal_index(plan->teams, plan->teams->len - 1);
    g_autofree char *path = g_strdup_printf("users/me/teams/%s/channels", team);
    struct lane_call call = {
        .method = "teams.channels", .next = true, .answered = channels_came, .ended = plan_ended, .data = plan};
    plan->going_on = true;
    mattermost_lane_add(plan->mattermost, plan->mattermost->history, &call, "GET", path, NULL);
}

static void teams_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct plan *plan = data;
    if (answer == NULL)
        log_warning("mattermost.channels", "why=\"%s\"", why);
    const cJSON *each;
    cJSON_ArrayForEach(each, answer)
    {
        const char *team = json_str(each, "id");
        if (team != NULL && mattermost_is_id(team))
            g_ptr_array_add(plan->teams, g_strdup(team));
    }
    if (plan->teams->len > 0)
        ask_team(plan);
    else
        plan_carry_out(plan, server_now_ms(response));
}

/* A cursor is a moment; of a thread the id of its first post is told, which says none. */
static int64_t moment_of(const char *cursor)
{
    gsize digits = cursor != NULL ? strspn(cursor, "0123456789") : 0;
    return digits > 0 && digits <= 15 && cursor[digits] == '\0' ? g_ascii_strtoll(cursor, NULL, 10) : 0;
}

static void plan_begin(struct mattermost *mattermost, const struct backfill_point *points, int n_points)
{
    if (mattermost->plan != NULL)
        return; /* not carried out yet: it covers this gap too */
    struct plan *plan = g_new0(struct plan, 1);
    mattermost->plan = plan;
    plan->mattermost = mattermost;
    plan->pointed = g_hash_table_new(g_str_hash, g_str_equal);
    plan->points = g_array_new(FALSE, FALSE, sizeof(struct point));
    g_array_set_clear_func(plan->points, point_clear);
    plan->teams = g_ptr_array_new_with_free_func(g_free);
    plan->listed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)event_free);
    plan->posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < n_points; i++) {
        struct point point = {
            g_strdup(points[i].channel), g_strdup(points[i].thread), moment_of(points[i].after)};
        plan->newest_ms = MAX(plan->newest_ms, point.after_ms);
        g_array_append_val(plan->points, point);
        if (point.thread == NULL)
            g_hash_table_add(plan->pointed, point.channel);
    }
    struct lane_call call = {.method = "users.teams", .answered = teams_came, .ended = plan_ended, .data = plan};
    mattermost_lane_add(mattermost, mattermost->history, &call, "GET", "users/me/teams", NULL);
}

void mattermost_backfill(struct platform *platform, const struct backfill_point *points, int n_points)
{
    struct mattermost *mattermost = (struct mattermost *)platform;
    if (mattermost->stopping)
        return;
    if (mattermost->in_gap) {
        plan_begin(mattermost, points, n_points);
        return;
    }
    for (int i = 0; i < n_points; i++) {
        int64_t after_ms = moment_of(points[i].after);
        if (after_ms > 0 || points[i].thread != NULL)
            read_from(mattermost, points[i].channel, points[i].thread, after_ms, OF_NEWS);
    }
}

void mattermost_history_begin(struct mattermost *mattermost)
{
    mattermost->awaited = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void mattermost_history_end(struct mattermost *mattermost)
{
    g_hash_table_destroy(mattermost->awaited);
}
