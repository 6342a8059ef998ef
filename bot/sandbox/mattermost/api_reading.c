/* Posts read again: one, a thread, a channel's. */
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/wire.h"

#include <string.h>

enum { SINCE_MAX = 1000, PAGE_MAX = 200, PAGE_USUAL = 60 };

/* {"order":[…],"posts":{…}}; roots of replies come with them. */
struct list {
    struct mm_call *call;
    const struct channel *channel;
    cJSON *order, *posts;
    bool listed;
};

static struct list list_new(struct mm_call *call, const struct channel *channel, bool listed)
{
    return (struct list){call, channel, json_array(), json_object(), listed};
}

static void list_put(struct list *list, const struct post *post)
{
    if (!cJSON_HasObjectItem(list->posts, post->id))
        json_put(list->posts, post->id, wire_post(list->call->sandbox, list->channel, post, list->listed));
}

static void list_add(struct list *list, const struct post *post)
{
    json_push_str(list->order, post->id);
    list_put(list, post);
    const struct post *root = wire_root(list->channel, post);
    if (root != NULL)
        list_put(list, root);
}

static void list_answer(struct list *list)
{
    cJSON *answer = json_object();
    json_put(answer, "order", list->order);
    json_put(answer, "posts", list->posts);
    json_put_str(answer, "next_post_id", "");
    json_put_str(answer, "prev_post_id", "");
    list->call->answer = answer;
}

static void get_post(struct mm_call *call)
{
    struct channel *channel = NULL;
    const struct post *post = mm_post(call->sandbox, call->parts[0], &channel);
    if (post == NULL)
        mm_fail(call, 404, "app.post.get.app_error");
    else if (mm_channel(call, channel->id, MM_SEES) != NULL)
        call->answer = wire_post(call->sandbox, channel, post, false);
}

/* Newer servers. */
static void get_posts_by_ids(struct mm_call *call)
{
    if (call->mattermost->old) {
        mm_fail_unknown(call);
        return;
    }
    cJSON *answer = json_array();
    for (const cJSON *id = cJSON_IsArray(call->body) ? call->body->child : NULL; id != NULL; id = id->next) {
        struct channel *channel = NULL;
        const struct post *post = cJSON_IsString(id) ? mm_post(call->sandbox, id->valuestring, &channel) : NULL;
        if (post != NULL && wire_is_member(channel, call->user))
            json_push(answer, wire_post(call->sandbox, channel, post, false));
    }
    call->answer = answer;
}

static void get_thread(struct mm_call *call)
{
    struct channel *channel = NULL;
    const struct post *post = mm_post(call->sandbox, call->parts[0], &channel);
    if (post == NULL) {
        mm_fail(call, 404, "app.post.get.app_error");
        return;
    }
    if (mm_channel(call, channel->id, MM_SEES) == NULL)
        return;
    const struct post *root = wire_root(channel, post);
    if (root == NULL)
        root = post;
    struct list list = list_new(call, channel, false);
    for (guint i = channel->posts->len; i > 0; i--) {
        const struct post *one = g_ptr_array_index(channel->posts, i - 1);
        if (strcmp(one->thread, root->ts) == 0)
            list_add(&list, one);
    }
    list_add(&list, root);
    if (call->mattermost->old && cJSON_GetArraySize(list.order) == 1)
        json_push_str(list.order, root->id); /* so it does: a root without replies is there twice */
    list_answer(&list);
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const struct post *one = *(const struct post *const *)a, *other = *(const struct post *const *)b;
    return one->at < other->at ? 1 : one->at > other->at ? -1 : 0;
}

/* Which thousand it is when there are more is not told: here the oldest, as a real server was seen to do. */
static void get_since(struct mm_call *call, const struct channel *channel, int64_t since)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    const GPtrArray *lists[] = {channel->posts, channel->gone};
    for (guint list = 0; list < G_N_ELEMENTS(lists); list++) {
        for (guint i = 0; i < lists[list]->len; i++) {
            struct post *post = g_ptr_array_index(lists[list], i);
            if (post->updated_ms > since)
                g_ptr_array_add(found, post);
        }
    }
    g_ptr_array_sort(found, newest_first);
    struct list list = list_new(call, channel, true);
    for (guint i = found->len > SINCE_MAX ? found->len - SINCE_MAX : 0; i < found->len; i++)
        list_add(&list, g_ptr_array_index(found, i));
    list_answer(&list);
}

/* Those right behind a post, the newest of them first. */
static void get_after(struct mm_call *call, const struct channel *channel, const char *after, int64_t skip,
                      int64_t per_page)
{
    const struct post *border = channel_find_id(channel, after, true);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (guint i = 0; i < channel->posts->len && found->len < per_page; i++) {
        struct post *post = g_ptr_array_index(channel->posts, i);
        if (border != NULL && post->at > border->at && skip-- <= 0)
            g_ptr_array_insert(found, 0, post);
    }
    struct list list = list_new(call, channel, false);
    for (guint i = 0; i < found->len; i++)
        list_add(&list, g_ptr_array_index(found, i));
    list_answer(&list);
}

static void get_page(struct mm_call *call, const struct channel *channel)
{
    int64_t page = mm_query_int(call, "page", 0), per_page = mm_query_int(call, "per_page", PAGE_USUAL);
    per_page = CLAMP(per_page, 1, PAGE_MAX);
    page = CLAMP(page, 0, G_MAXINT32);
    g_autofree char *after = mm_query(call, "after");
    if (after[0] != '\0') {
        get_after(call, channel, after, page * per_page, per_page);
        return;
    }
    g_autofree char *before = mm_query(call, "before");
    const struct post *border = before[0] != '\0' ? channel_find_id(channel, before, true) : NULL;
    struct list list = list_new(call, channel, false);
    int64_t skip = page * per_page;
    for (guint i = channel->posts->len; i > 0 && cJSON_GetArraySize(list.order) < per_page; i--) {
        const struct post *post = g_ptr_array_index(channel->posts, i - 1);
        if (border != NULL && post->at >= border->at)
            continue;
        if (skip-- <= 0)
            list_add(&list, post);
    }
    list_answer(&list);
}

static void get_channel_posts(struct mm_call *call)
{
    const struct channel *channel = mm_channel(call, call->parts[0], MM_MEMBER);
    if (channel == NULL)
        return;
    g_autofree char *given = mm_query(call, "since");
    int64_t since = mm_query_int(call, "since", -1);
    if (given[0] != '\0' && since < 0)
        mm_fail(call, 400, "api.context.invalid_url_param.app_error");
    else if (since > 0)
        get_since(call, channel, since);
    else
        get_page(call, channel);
}

static void get_reactions(struct mm_call *call)
{
    struct channel *channel = NULL;
    const struct post *post = mm_post(call->sandbox, call->parts[0], &channel);
    if (post == NULL || mm_channel(call, channel->id, MM_SEES) == NULL) {
        mm_forbid(call);
        return;
    }
    g_autoptr(cJSON) whole = wire_post(call->sandbox, channel, post, false);
    const cJSON *reactions = json_get(whole, "metadata.reactions");
    call->answer = reactions != NULL ? cJSON_Duplicate(reactions, true) : cJSON_CreateNull();
}

const struct mm_route mm_reading_routes[] = {
    {"GET", "posts/*", get_post, NULL, false},
    {"POST", "posts/ids", get_posts_by_ids, NULL, false},
    {"GET", "posts/*/thread", get_thread, "thread", false},
    {"GET", "posts/*/reactions", get_reactions, NULL, false},
    {"GET", "channels/*/posts", get_channel_posts, "history", false},
    {NULL, NULL, NULL, NULL, false},
};
