#include "bot/sandbox/mattermost/api_posts.h"

#include "bot/base/clock.h"
#include "bot/sandbox/events.h"
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/attach.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/uploads.h"

#include <string.h>

enum { PROPS_OLD = 8000, PROPS_NEW = 800000 };

void pending_post_free(void *data)
{
    struct pending_post *pending = data;
    g_free(pending->post);
    g_free(pending);
}

/* ---- making ---- */

/* True when this was posted already: then the call has its answer. */
static bool was_posted(struct mm_call *call, const char *id)
{
    struct pending_post *pending = id[0] != '\0' ? g_hash_table_lookup(call->mattermost->pending, id) : NULL;
    if (pending == NULL)
        return false;
    if (clock_now_ms() - pending->at_ms > MATTERMOST_PENDING_MS) {
        g_hash_table_remove(call->mattermost->pending, id);
        return false;
    }
    if (call->mattermost->pending_busy > 0) {
        call->mattermost->pending_busy--;
        mm_fail(call, 500, "api.post.deduplicate_create_post.pending");
        return true;
    }
    struct channel *channel = NULL;
    const struct post *post = mm_post(call->sandbox, pending->post, &channel);
    if (post == NULL) {
        mm_fail(call, 500, "api.post.deduplicate_create_post.failed_to_get");
        return true;
    }
    call->status = 201;
    call->answer = wire_post(call->sandbox, channel, post, false);
    if (call->mattermost->old)
        cJSON_DeleteItemFromObjectCaseSensitive(call->answer, "metadata");
    return true;
}

static void remember_pending(struct mm_call *call, const char *id, const struct post *post)
{
    if (id[0] == '\0')
        return;
    struct pending_post *pending = g_new0(struct pending_post, 1);
    pending->post = g_strdup(post->id);
    pending->at_ms = clock_now_ms();
    g_hash_table_replace(call->mattermost->pending, g_strdup(id), pending);
}

/* The post the new one replies to; false when there is no such thread. */
static bool find_root(struct mm_call *call, const struct channel *channel, const char *id, struct post **root)
{
    *root = NULL;
    if (id[0] == '\0')
        return true;
    struct channel *where = NULL;
    *root = mm_post(call->sandbox, id, &where);
    if (*root == NULL || (*root)->thread[0] != '\0') {
        mm_fail(call, 400, "api.post.create_post.root_id.app_error");
        return false;
    }
    if (where != channel) {
        mm_fail(call, 400, "api.post.create_post.channel_root_id.app_error");
        return false;
    }
    return true;
}

static bool check_content(struct mm_call *call, const char *message, const cJSON *props)
{
    if (g_utf8_strlen(message, -1) > MATTERMOST_POST_MAX)
        mm_fail(call, 400, "model.post.is_valid.msg.app_error");
    else if (attach_length(props) > (call->mattermost->old ? PROPS_OLD : PROPS_NEW))
        mm_fail(call, 400, "model.post.is_valid.props.app_error");
    return call->error == NULL;
}

/* Those of the same channel that stand in no post yet; of others nothing is said. */
static void attach_files(struct mm_call *call, struct post *post, const struct channel *channel)
{
    const cJSON *id;
    cJSON_ArrayForEach(id, json_get(call->body, "file_ids"))
    {
        struct upload *upload = cJSON_IsString(id) ? upload_find(call->sandbox->workspace, id->valuestring) : NULL;
        if (upload != NULL && !upload->shown && g_strcmp0(upload->channel, channel->id) == 0)
            upload_show(upload, post);
    }
}

static void create(struct mm_call *call)
{
    struct channel *channel = mm_channel(call, json_str0(call->body, "channel_id"), MM_MEMBER);
    const char *pending = json_str0(call->body, "pending_post_id"), *message = json_str0(call->body, "message");
    struct post *root = NULL;
    if (channel == NULL || was_posted(call, pending) ||
        !find_root(call, channel, json_str0(call->body, "root_id"), &root))
        return;
    cJSON *props = attach_complete(json_get(call->body, "props"));
    if (strcmp(call->user, bot_user()) == 0) {
        cJSON_DeleteItemFromObjectCaseSensitive(props, "from_bot");
        json_put_str(props, "from_bot", "true");
    }
    if (!check_content(call, message, props)) {
        cJSON_Delete(props);
        return;
    }
    struct post *post = channel_post(call->sandbox->workspace, channel, call->user, root != NULL ? root->ts : NULL, NULL,
                                     NULL);
    wire_write(post, message, props);
    attach_files(call, post, channel);
    post->client_id = g_strdup(pending);
    remember_pending(call, pending, post);
    events_posted(call->sandbox, channel, post);
    call->status = 201;
    call->answer = wire_post(call->sandbox, channel, post, false);
    cJSON_ReplaceItemInObjectCaseSensitive(call->answer, "pending_post_id", cJSON_CreateString(pending));
}

/* ---- changing ---- */

void posts_rewrite(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *message,
                   const cJSON *props)
{
    bool said = strcmp(message, post->text) != 0;
    g_autoptr(cJSON) before = cJSON_Duplicate(post->props, true);
    wire_write(post, message, attach_complete(props != NULL ? props : post->props));
    post->updated_ms = MAX(clock_now_ms(), post->updated_ms + 1);
    post->edited_ms = said ? post->updated_ms : post->edited_ms;
    events_changed(sandbox, channel, post, before);
}

/* The caller's own post; NULL: the call has failed. */
static struct post *own_post(struct mm_call *call, struct channel **channel)
{
    struct post *post = mm_post(call->sandbox, call->parts[0], channel);
    if (post != NULL && (strcmp(post->user, call->user) == 0 || call->admin) && wire_is_member(*channel, post->user))
        return post;
    mm_forbid(call);
    return NULL;
}

static void change(struct mm_call *call, bool whole)
{
    struct channel *channel = NULL;
    struct post *post = own_post(call, &channel);
    if (post == NULL)
        return;
    const cJSON *props = json_get(call->body, "props");
    const char *message = json_str(call->body, "message");
    if (message == NULL)
        message = whole ? "" : post->text;
    g_autofree char *copy = g_strdup(message);
    g_autoptr(cJSON) none = json_object();
    if (!cJSON_IsObject(props))
        props = whole ? none : NULL;
    g_autoptr(cJSON) complete = attach_complete(props != NULL ? props : post->props);
    if (!check_content(call, copy, complete))
        return;
    posts_rewrite(call->sandbox, channel, post, copy, complete);
    call->answer = wire_post(call->sandbox, channel, post, false);
}

static void patch(struct mm_call *call)
{
    change(call, false);
}

static void replace(struct mm_call *call)
{
    change(call, true);
}

static void delete(struct mm_call *call)
{
    struct channel *channel = NULL;
    struct post *post = own_post(call, &channel);
    if (post != NULL)
        events_delete(call->sandbox, channel, post);
}

/* Administrators alone: askwhy is told that it may not. */
static void create_ephemeral(struct mm_call *call)
{
    if (!call->admin) {
        mm_forbid(call);
        return;
    }
    const char *user = json_str0(call->body, "user_id");
    const cJSON *given = json_get(call->body, "post");
    struct channel *channel = mm_channel(call, json_str0(given, "channel_id"), MM_SEES);
    const struct person *person = person_by_id(user);
    if (channel == NULL || person == NULL)
        return;
    struct channel *where = NULL;
    const struct post *root = mm_post(call->sandbox, json_str0(given, "root_id"), &where);
    struct post *post = channel_post(call->sandbox->workspace, channel, bot_user(), root != NULL ? root->ts : NULL, NULL,
                                     person);
    wire_write(post, json_str0(given, "message"), attach_complete(json_get(given, "props")));
    events_posted(call->sandbox, channel, post);
    call->status = 201;
    call->answer = wire_post(call->sandbox, channel, post, false);
}

/* ---- reactions ---- */

static void react(struct mm_call *call, const char *user, const char *id, const char *name, bool add)
{
    struct channel *channel = NULL;
    struct post *post = mm_post(call->sandbox, id, &channel);
    if (post == NULL) {
        mm_fail(call, 404, "app.post.get.app_error");
        return;
    }
    if (add && strcmp(user, call->user) != 0)
        mm_fail(call, 403, "api.reaction.save_reaction.user_id.app_error");
    else if (!wire_is_member(channel, call->user) || strcmp(user, call->user) != 0)
        mm_forbid(call);
    if (call->error != NULL)
        return;
    bool changed = add ? post_react(post, name, user) : post_unreact(post, name, user);
    if (changed)
        events_reacted(call->sandbox, channel, post, name, user, add);
    if (add)
        call->answer = wire_reaction(post, user, name, clock_now_ms(), clock_now_ms());
}

static void add_reaction(struct mm_call *call)
{
    react(call, json_str0(call->body, "user_id"), json_str0(call->body, "post_id"), json_str0(call->body, "emoji_name"),
          true);
    if (call->error == NULL && !call->mattermost->old)
        call->status = 201;
}

static void remove_reaction(struct mm_call *call)
{
    react(call, mm_user_part(call, 0), call->parts[1], call->parts[2], false);
}

const struct mm_route mm_post_routes[] = {
    {"POST", "posts", create, "post", false},
    {"PUT", "posts/*/patch", patch, "update", false},
    {"PUT", "posts/*", replace, NULL, false},
    {"DELETE", "posts/*", delete, NULL, false},
    {"POST", "posts/ephemeral", create_ephemeral, NULL, false},
    {"POST", "reactions", add_reaction, "react", false},
    {"DELETE", "users/*/posts/*/reactions/*", remove_reaction, NULL, false},
    {NULL, NULL, NULL, NULL, false},
};
