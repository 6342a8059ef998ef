#include "bot/sandbox/workspace.h"

#include "bot/base/clock.h"
#include "bot/sandbox/uploads.h"

#include <stdio.h>
#include <string.h>

static const struct ids {
    const char *bot, *people[PEOPLE], *channels[5], *directs[PEOPLE];
} all_ids[] = {
    [CHAT_SLACK] = {SANDBOX_BOT_USER,
                    {"U0DANA", "U0SAM", "U0MIA", "U0CEO", "U0JUN"},
                    {"C0ASKS", "C0GENERAL", "C0LEADERS", "C0DEALS", NULL},
                    {"D0DANA", "D0SAM", "D0MIA", "D0CEO", "D0JUN"}},
    [CHAT_MATTERMOST] = {"askwhy8sandbox3bot9account",
                         {"dana4sandbox7person1accoun", "sam6sandbox7person1account", "mia5sandbox7person1account",
                          "ceo8sandbox7person1account", "jun3sandbox7person1account"},
                         {"asks5sandbox9channelpublic", "general5sandbox9channelpub", "leaders5sandbox9channelpub",
                          "deals4sandbox9channel1priv", "lab67sandbox9channelpublic"},
                         {"dana4sandbox9channeldirect", "sam64sandbox9channeldirect", "mia54sandbox9channeldirect",
                          "ceo84sandbox9channeldirect", "jun34sandbox9channeldirect"}},
};
static const struct ids *ids = &all_ids[CHAT_SLACK];

struct workspace {
    enum chat chat;
    GPtrArray *channels;
    GHashTable *uploads;
    int64_t last_moment;
    guint64 last_id;
};

const char *bot_user(void)
{
    return ids->bot;
}

const char *user_name(const char *id)
{
    const struct person *person = person_by_id(id);
    if (person != NULL)
        return person->name;
    return g_strcmp0(id, ids->bot) == 0 ? SANDBOX_BOT_NAME : id;
}

static void reaction_free(void *data)
{
    struct reaction *reaction = data;
    g_free(reaction->name);
    g_ptr_array_unref(reaction->users);
    g_free(reaction);
}

static void post_free(void *data)
{
    struct post *post = data;
    g_free(post->user);
    g_free(post->subtype);
    g_free(post->inviter);
    g_free(post->text);
    g_free(post->client_id);
    g_free(post->id);
    g_free(post->original);
    cJSON_Delete(post->props);
    cJSON_Delete(post->blocks);
    cJSON_Delete(post->metadata);
    g_ptr_array_unref(post->reactions);
    if (post->files != NULL)
        g_ptr_array_unref(post->files);
    g_free(post);
}

static void channel_free(void *data)
{
    struct channel *channel = data;
    g_free(channel->id);
    g_free(channel->name);
    g_ptr_array_unref(channel->members);
    g_ptr_array_unref(channel->posts);
    g_ptr_array_unref(channel->ephemerals);
    g_ptr_array_unref(channel->gone);
    g_free(channel);
}

static struct channel *add_channel(struct workspace *workspace, const char *id, const char *name,
                                   enum visibility visibility, const char *member_names)
{
    struct channel *channel = g_new0(struct channel, 1);
    channel->id = g_strdup(id);
    channel->name = g_strdup(name);
    channel->visibility = visibility;
    channel->members = g_ptr_array_new();
    channel->posts = g_ptr_array_new_with_free_func(post_free);
    channel->ephemerals = g_ptr_array_new_with_free_func(post_free);
    channel->gone = g_ptr_array_new_with_free_func(post_free);
    g_auto(GStrv) names = g_strsplit(member_names, " ", -1);
    for (char **member = names; *member != NULL; member++)
        g_ptr_array_add(channel->members, (void *)person_by_name(*member));
    g_ptr_array_add(workspace->channels, channel);
    return channel;
}

struct workspace *workspace_new(enum chat chat)
{
    struct workspace *workspace = g_new0(struct workspace, 1);
    ids = &all_ids[chat];
    people_begin(ids->people);
    workspace->chat = chat;
    workspace->channels = g_ptr_array_new_with_free_func(channel_free);
    workspace->uploads = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, upload_free);
    struct channel *asks = add_channel(workspace, ids->channels[0], "product-asks", PUBLIC, "dana sam mia ceo jun");
    asks->bot = true;
    add_channel(workspace, ids->channels[1], "general", PUBLIC, "dana sam mia ceo jun");
    add_channel(workspace, ids->channels[2], "leadership", PUBLIC, "sam ceo");
    add_channel(workspace, ids->channels[3], "deals", PRIVATE, "dana ceo");
    if (ids->channels[4] != NULL)
        add_channel(workspace, ids->channels[4], "lab", PUBLIC, "mia jun")->elsewhere = true;
    int count = 0;
    const struct person *people = workspace_people(&count);
    for (int i = 0; i < count; i++) {
        struct channel *direct = add_channel(workspace, ids->directs[i], people[i].name, DIRECT, people[i].name);
        direct->with = &people[i];
        direct->bot = true;
    }
    return workspace;
}

enum chat workspace_chat(const struct workspace *workspace)
{
    return workspace->chat;
}

void workspace_free(struct workspace *workspace)
{
    if (workspace == NULL)
        return;
    g_ptr_array_unref(workspace->channels);
    people_end();
    g_hash_table_unref(workspace->uploads);
    g_free(workspace);
}

GHashTable *workspace_uploads(const struct workspace *workspace)
{
    return workspace->uploads;
}

GPtrArray *workspace_channels(const struct workspace *workspace)
{
    return workspace->channels;
}

struct channel *channel_by_id(const struct workspace *workspace, const char *id)
{
    for (guint i = 0; i < workspace->channels->len; i++) {
        struct channel *channel = g_ptr_array_index(workspace->channels, i);
        if (g_strcmp0(channel->id, id) == 0)
            return channel;
    }
    return NULL;
}

struct channel *channel_by_name(const struct workspace *workspace, const char *name)
{
    for (guint i = 0; i < workspace->channels->len; i++) {
        struct channel *channel = g_ptr_array_index(workspace->channels, i);
        if (channel->visibility != DIRECT && g_strcmp0(channel->name, name) == 0)
            return channel;
    }
    return NULL;
}

struct channel *channel_direct(const struct workspace *workspace, const struct person *person)
{
    for (guint i = 0; i < workspace->channels->len; i++) {
        struct channel *channel = g_ptr_array_index(workspace->channels, i);
        if (channel->with == person && person != NULL)
            return channel;
    }
    return NULL;
}

bool channel_has(const struct channel *channel, const struct person *person)
{
    return g_ptr_array_find(channel->members, person, NULL);
}

int64_t workspace_moment(struct workspace *workspace)
{
    int64_t now = clock_now_ms() * 1000;
    workspace->last_moment = MAX(workspace->last_moment + 1, now);
    return workspace->last_moment;
}

void ts_write(int64_t at, char ts[24])
{
    g_snprintf(ts, 24, "%010" G_GINT64_FORMAT ".%06d", at / 1000000, (int)(at % 1000000));
}

int64_t ts_read(const char *ts)
{
    if (ts == NULL || strspn(ts, "0123456789") == 0 || strlen(ts) > 23)
        return -1;
    char *end = NULL;
    gint64 seconds = g_ascii_strtoll(ts, &end, 10);
    if (seconds > G_GINT64_CONSTANT(99999999999))
        return -1;
    int64_t micros = 0;
    if (*end == '.') {
        int digits = 0;
        for (end++; g_ascii_isdigit(*end) && digits < 6; end++, digits++)
            micros = micros * 10 + (*end - '0');
        for (; digits < 6; digits++)
            micros *= 10;
    }
    return *end == '\0' ? seconds * 1000000 + micros : -1;
}

char *workspace_id(struct workspace *workspace, const char *prefix)
{
    return g_strdup_printf("%s%08" G_GINT64_MODIFIER "X", prefix, ++workspace->last_id);
}

char *random_id(void)
{
    static const char alphabet[] = "ybndrfg8ejkmcpqxot1uwisza345h769";
    char id[27] = "";
    for (int i = 0; i < 26; i++)
        id[i] = alphabet[g_random_int_range(0, 32)];
    return g_strdup(id);
}

struct post *channel_post(struct workspace *workspace, struct channel *channel, const char *user, const char *thread,
                          const char *text, const struct person *only)
{
    struct post *post = g_new0(struct post, 1);
    post->at = workspace_moment(workspace);
    ts_write(post->at, post->ts);
    post->id = random_id();
    post->updated_ms = post->at / 1000;
    if (thread != NULL)
        g_strlcpy(post->thread, thread, sizeof post->thread);
    post->user = g_strdup(user);
    post->bot = g_strcmp0(user, ids->bot) == 0;
    post->text = g_strdup(text != NULL ? text : "");
    post->reactions = g_ptr_array_new_with_free_func(reaction_free);
    post->only = only;
    g_ptr_array_add(only != NULL ? channel->ephemerals : channel->posts, post);
    return post;
}

struct post *channel_find(const struct channel *channel, const char *ts)
{
    int64_t at = ts_read(ts);
    for (guint i = channel->posts->len; i > 0; i--) {
        struct post *post = g_ptr_array_index(channel->posts, i - 1);
        if (post->at == at)
            return post;
    }
    return NULL;
}

struct post *channel_find_id(const struct channel *channel, const char *id, bool gone)
{
    const GPtrArray *lists[] = {channel->posts, gone ? channel->gone : NULL};
    for (guint list = 0; list < G_N_ELEMENTS(lists) && lists[list] != NULL; list++) {
        for (guint i = lists[list]->len; i > 0; i--) {
            struct post *post = g_ptr_array_index(lists[list], i - 1);
            if (g_strcmp0(post->id, id) == 0)
                return post;
        }
    }
    return NULL;
}

struct post *channel_find_ephemeral(const struct channel *channel, const char *ts, const struct person *person)
{
    int64_t at = ts_read(ts);
    for (guint i = channel->ephemerals->len; i > 0; i--) {
        struct post *post = g_ptr_array_index(channel->ephemerals, i - 1);
        if (post->at == at && post->only == person)
            return post;
    }
    return NULL;
}

void post_write(struct post *post, const char *text, cJSON *blocks)
{
    char *copy = g_strdup(text != NULL ? text : "");
    g_free(post->text);
    post->text = copy;
    cJSON_Delete(post->blocks);
    post->blocks = blocks;
}

void post_mark_edited(struct workspace *workspace, struct post *post)
{
    /* In a later millisecond than before: Mattermost's clock is no finer, and nobody edits twice within one. */
    int64_t before = ts_read(post->edited);
    if (before > 0)
        workspace->last_moment = MAX(workspace->last_moment, before - before % 1000 + 999);
    ts_write(workspace_moment(workspace), post->edited);
}

int channel_replies(const struct channel *channel, const struct post *parent, const struct post **last)
{
    int count = 0;
    for (guint i = 0; i < channel->posts->len; i++) {
        const struct post *post = g_ptr_array_index(channel->posts, i);
        if (strcmp(post->thread, parent->ts) == 0) {
            count++;
            if (last != NULL)
                *last = post;
        }
    }
    return count;
}

void channel_remove(struct channel *channel, struct post *post)
{
    if (post->only != NULL) {
        g_ptr_array_remove(channel->ephemerals, post);
        return;
    }
    if (channel_replies(channel, post, NULL) == 0) {
        g_ptr_array_remove(channel->posts, post);
        return;
    }
    post_write(post, "This message was deleted.", NULL);
    g_free(post->subtype);
    post->subtype = g_strdup("tombstone");
    g_free(post->user);
    post->user = g_strdup("USLACKBOT");
    post->bot = false;
    cJSON_Delete(post->metadata);
    post->metadata = NULL;
}

void channel_bury(struct channel *channel, struct post *post)
{
    guint at = 0;
    if (g_ptr_array_find(channel->posts, post, &at))
        g_ptr_array_steal_index(channel->posts, at);
    g_ptr_array_add(channel->gone, post);
}

bool post_react(struct post *post, const char *name, const char *user)
{
    struct reaction *found = NULL;
    for (guint i = 0; i < post->reactions->len && found == NULL; i++) {
        struct reaction *reaction = g_ptr_array_index(post->reactions, i);
        if (strcmp(reaction->name, name) == 0)
            found = reaction;
    }
    if (found == NULL) {
        found = g_new0(struct reaction, 1);
        found->name = g_strdup(name);
        found->users = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(post->reactions, found);
    }
    if (g_ptr_array_find_with_equal_func(found->users, user, g_str_equal, NULL))
        return false;
    g_ptr_array_add(found->users, g_strdup(user));
    return true;
}

bool post_unreact(struct post *post, const char *name, const char *user)
{
    for (guint i = 0; i < post->reactions->len; i++) {
        struct reaction *reaction = g_ptr_array_index(post->reactions, i);
        guint at = 0;
        if (strcmp(reaction->name, name) != 0 ||
            !g_ptr_array_find_with_equal_func(reaction->users, user, g_str_equal, &at))
            continue;
        g_ptr_array_remove_index(reaction->users, at);
        if (reaction->users->len == 0)
            g_ptr_array_remove_index(post->reactions, i);
        return true;
    }
    return false;
}

/* Attachments are shown as blocks, and what their buttons carry is the app's. */
static void put_props(cJSON *json, const cJSON *props)
{
    cJSON *copy = json_object();
    for (const cJSON *prop = props->child; prop != NULL; prop = prop->next) {
        if (strcmp(prop->string, "attachments") != 0)
            json_put(copy, prop->string, cJSON_Duplicate(prop, true));
    }
    json_put(json, "props", copy);
}

static cJSON *page_files(const struct post *post)
{
    cJSON *files = json_array();
    for (guint i = 0; post->files != NULL && i < post->files->len; i++) {
        const struct upload *upload = g_ptr_array_index(post->files, i);
        cJSON *file = json_object();
        json_put_str(file, "id", upload->id);
        json_put_str(file, "name", upload->name);
        json_put_int(file, "size", (int64_t)g_bytes_get_size(upload->data));
        json_push(files, file);
    }
    return files;
}

cJSON *post_page_json(const struct post *post)
{
    cJSON *json = json_object();
    json_put_str(json, "ts", post->ts);
    if (ids == &all_ids[CHAT_MATTERMOST])
        json_put_str(json, "id", post->id);
    if (post->props != NULL)
        put_props(json, post->props);
    json_put(json, "thread_ts", post->thread[0] != '\0' ? cJSON_CreateString(post->thread) : cJSON_CreateNull());
    json_put_str(json, "user", post->user);
    json_put_bool(json, "bot", post->bot);
    json_put_str(json, "subtype", post->subtype);
    json_put_str(json, "text", post->text);
    if (post->metadata != NULL)
        json_put(json, "metadata", cJSON_Duplicate(post->metadata, true));
    json_put(json, "blocks", post->blocks != NULL ? cJSON_Duplicate(post->blocks, true) : json_array());
    json_put_bool(json, "edited", post->edited[0] != '\0');
    if (post->files != NULL)
        json_put(json, "files", page_files(post));
    cJSON *reactions = json_array();
    for (guint i = 0; i < post->reactions->len; i++) {
        const struct reaction *reaction = g_ptr_array_index(post->reactions, i);
        cJSON *one = json_object();
        json_put_str(one, "name", reaction->name);
        json_put_int(one, "count", reaction->users->len);
        json_push(reactions, one);
    }
    json_put(json, "reactions", reactions);
    return json;
}
