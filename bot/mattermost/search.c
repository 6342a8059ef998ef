/* Looking for a post of ours by its operation mark: in its thread, or in its channel
 * (developers.mattermost.com/api-documentation: GetPostThread, GetPostsForChannel). */
#include "bot/mattermost/api.h"
#include "bot/mattermost/errors.h"

#include "bot/base/json.h"

#include <string.h>

/* Our clock may run ahead of the server's by so much. */
#define SKEW_MS (5 * 60 * 1000)

enum {
    SINCE_MAX = 1000, /* so many come of more, and not the newest for sure (sqlstore/post_store.go) */
    PAGE = 200,
};

static const char PAGES[] = "pages"; /* cursor: from the newest back, page by page */

/* cursor: NULL, PAGES, or the id of the oldest post seen; in a thread "create_at id" of the newest one. */
static char *search_path(const struct outgoing *out, const char *cursor)
{
    bool first = cursor == NULL || *cursor == '\0';
    if (out->thread != NULL) {
        g_auto(GStrv) from = g_strsplit(first ? "" : cursor, " ", 2);
        if (g_strv_length(from) != 2 || !mattermost_is_id(from[1]) || strspn(from[0], "0123456789") != strlen(from[0]))
            return g_strdup_printf("posts/%s/thread", out->thread);
        return g_strdup_printf("posts/%s/thread?perPage=%d&direction=down&fromCreateAt=%s&fromPost=%s", out->thread, PAGE,
                               from[0], from[1]);
    }
    if (first)
        return g_strdup_printf("channels/%s/posts?since=%" G_GINT64_FORMAT, out->channel,
                               MAX(out->since_ms - SKEW_MS, 1));
    if (mattermost_is_id(cursor))
        return g_strdup_printf("channels/%s/posts?per_page=%d&before=%s", out->channel, PAGE, cursor);
    return g_strdup_printf("channels/%s/posts?page=0&per_page=%d", out->channel, PAGE);
}

bool mattermost_encode_search(const struct codec *base, const struct outgoing *out, const char *cursor,
                              struct rest_request *request)
{
    const struct mattermost_codec *codec = mattermost_codec_of(base);
    if ((out->kind != OUT_POST && out->kind != OUT_FILE) || out->op == NULL || out->channel == NULL || !mattermost_is_id(out->channel) ||
        (out->thread != NULL && !mattermost_is_id(out->thread)))
        return false;
    g_autofree char *path = search_path(out, cursor);
    mattermost_request(&codec->options, "GET", path, NULL, true, request);
    return true;
}

static bool is_ours(const cJSON *post, const struct mattermost_self *self, const struct outgoing *out)
{
    const cJSON *mark = cJSON_GetObjectItemCaseSensitive(json_get(post, "props"), MATTERMOST_MARK);
    if (!cJSON_IsString(mark) || strcmp(mark->valuestring, out->op) != 0 || json_int(post, "delete_at", 0) != 0)
        return false;
    if (strcmp(json_str0(post, "channel_id"), out->channel) != 0)
        return false;
    /* Anybody can copy the mark, nobody the author. */
    return self == NULL || self->user == NULL || *self->user == '\0' || strcmp(json_str0(post, "user_id"), self->user) == 0;
}

/* The oldest or newest of posts by its time of creation; NULL when there is none. */
static const cJSON *outermost(const cJSON *posts, bool newest)
{
    const cJSON *post, *best = NULL;
    cJSON_ArrayForEach(post, posts)
    {
        int64_t at = json_int(post, "create_at", 0), limit = best != NULL ? json_int(best, "create_at", 0) : 0;
        if (best == NULL || (newest ? at > limit : at < limit))
            best = post;
    }
    return best;
}

/* The oldest post of a page: the last in its order, for posts also holds the roots of replies. */
static const char *oldest_of(const cJSON *answer)
{
    const cJSON *order = json_get(answer, "order");
    const cJSON *last = cJSON_GetArrayItem(order, cJSON_GetArraySize(order) - 1);
    return cJSON_IsString(last) && mattermost_is_id(last->valuestring) ? last->valuestring : NULL;
}

/* Where to go on; NULL: all there is was seen. */
static char *next_cursor(const struct outgoing *out, const cJSON *answer, const cJSON *posts)
{
    if (out->thread != NULL) {
        const cJSON *newest = json_true(answer, "has_next") ? outermost(posts, true) : NULL;
        const char *id = json_str0(newest, "id");
        return newest != NULL && mattermost_is_id(id)
                   ? g_strdup_printf("%" G_GINT64_FORMAT " %s", json_int(newest, "create_at", 0), id)
                   : NULL;
    }
    int count = cJSON_GetArraySize(json_get(answer, "order"));
    if (count >= SINCE_MAX)
        return g_strdup(PAGES);
    const char *oldest = count == PAGE ? oldest_of(answer) : NULL;
    const cJSON *post = oldest != NULL ? cJSON_GetObjectItemCaseSensitive(posts, oldest) : NULL;
    if (post == NULL || json_int(post, "create_at", 0) < out->since_ms - SKEW_MS)
        return NULL;
    return g_strdup(oldest);
}

void mattermost_decode_search(const struct codec *base, const struct outgoing *out,
                              const struct rest_response *response, struct verdict *verdict)
{
    static const char thread[] = "posts.thread", channel[] = "channels.posts";
    const struct mattermost_codec *codec = mattermost_codec_of(base);
    const char *method = out->thread != NULL ? thread : channel;
    g_autoptr(cJSON) answer = mattermost_rest_answer(method, response, verdict);
    if (answer == NULL) {
        /* Reading again does no harm. */
        if (verdict->kind == VERDICT_UNKNOWN)
            verdict->kind = VERDICT_RETRY;
        /* The whole thread is gone, and our post with it. */
        if ((verdict->kind == VERDICT_FAILED || verdict->kind == VERDICT_GONE) && response->status == 404 && out->thread != NULL)
            verdict->kind = VERDICT_ABSENT;
        return;
    }
    const cJSON *posts = json_get(answer, "posts"), *post;
    if (!cJSON_IsArray(json_get(answer, "order"))) {
        verdict->kind = VERDICT_RETRY;
        verdict->why = g_strdup_printf("%s: an answer without posts", method);
        return;
    }
    cJSON_ArrayForEach(post, posts)
    {
        const char *id = json_str0(post, "id");
        if (!is_ours(post, codec->self, out) || !mattermost_is_id(id))
            continue;
        verdict->kind = VERDICT_SENT;
        verdict->message = g_strdup(id);
        verdict->channel = g_strdup(out->channel);
        return;
    }
    verdict->cursor = next_cursor(out, answer, posts);
    verdict->kind = verdict->cursor != NULL ? VERDICT_MORE : VERDICT_ABSENT;
}
