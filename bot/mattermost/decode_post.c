/* Posts → events (server/public/model/post.go). Mattermost tells of some things in posts of its own making: who came
 * and went, and when; they can be read again after a gap, unlike the events that tell the same. */
#include "bot/mattermost/decode.h"

#include "bot/chat/richtext.h"

#include <string.h>

/* What every post has. */
struct told {
    char *id, *user, *channel, *root;
    const char *type;
    int64_t created, updated, edited, deleted;
};

static void take_told(struct source *post, struct told *told)
{
    told->id = source_need_id(post, "id");
    told->user = source_need_id(post, "user_id");
    told->channel = source_need_id(post, "channel_id");
    told->root = source_want_id(post, "root_id");
    told->type = source_want_string(post, "type");
    told->created = source_want_ms(post, "create_at");
    told->updated = source_want_ms(post, "update_at");
    told->edited = source_want_ms(post, "edit_at");
    told->deleted = source_want_ms(post, "delete_at");
    if (told->created == 0)
        source_complain(post, "create_at");
    if (told->updated < told->created)
        told->updated = told->created;
    if (g_strcmp0(told->root, told->id) == 0)
        source_complain(post, "root_id");
}

static void told_done(struct told *told)
{
    g_free(told->id);
    g_free(told->user);
    g_free(told->channel);
    g_free(told->root);
}

static bool is_self(const struct mattermost_self *self, const char *user)
{
    return user != NULL && *self->user != '\0' && strcmp(user, self->user) == 0;
}

static bool is_marked(const cJSON *post, const char *path)
{
    return json_true(post, path) || strcmp(json_str0(post, path), "true") == 0;
}

/* Posts of programs concern nobody: askwhy's own, other bots', what webhooks and commands made. */
static bool by_program(const cJSON *post, const struct mattermost_self *self)
{
    return is_self(self, json_str(post, "user_id")) || is_marked(post, "props.from_bot") ||
           is_marked(post, "props.from_webhook");
}

static bool is_said(const char *type)
{
    return *type == '\0' || strcmp(type, "me") == 0 || strcmp(type, "slack_attachment") == 0;
}

static bool is_one_of(const char *type, const char *const *types)
{
    return g_strv_contains(types, type);
}

/* Where mark stands first outside code: between backticks a name calls nobody. */
static const char *find_mark(const char *text, const char *mark)
{
    const char *last = strrchr(text, '`');
    bool inside = false;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '`')
            inside = !inside;
        else if (*c == *mark && !(inside && c < last) && g_str_has_prefix(c, mark))
            return c;
    }
    return NULL;
}

/* True when text holds askwhy's mention; one that leads is taken off, with what follows it. Who calls everybody is in
 * the server's own list of mentions too, so that is not looked at. */
static bool take_address(char *text, const struct mattermost_self *self)
{
    if (*self->user == '\0')
        return false;
    g_autofree char *mark = g_strdup_printf("%c%s%c", RICH_PERSON, self->user, RICH_END);
    const char *found = find_mark(text, mark);
    char *start = text + strspn(text, " \n\t");
    if (found == start) {
        start += strlen(mark);
        start += strspn(start, " \n\t,:");
        memmove(text, start, strlen(start) + 1);
    }
    return found != NULL;
}

static struct event *post_event(enum event_kind kind, const struct told *told, enum channel_kind channel_kind)
{
    struct event *event = event_new(kind, "mattermost");
    event->channel = g_strdup(told->channel);
    event->channel_kind = channel_kind;
    /* What is read again is told by when it was last touched: replies, edits and deletions among it. */
    event->cursor = mattermost_moment(told->updated);
    return event;
}

/* Said or edited: who, what and in which thread. */
static void take_words(struct event *event, struct source *post, const struct told *told,
                       const struct mattermost_self *self, struct names *names)
{
    g_autofree char *words = mattermost_cut(source_want_string(post, "message"), MATTERMOST_TEXT_MAX);
    event->user = g_strdup(told->user);
    event->message = g_strdup(told->id);
    event->thread = g_strdup(told->root);
    event->text = mattermost_text_to_rich(words, names);
    event->posted_ms = told->created;
    event->addressed = take_address(event->text, self);
}

static struct event *said(struct source *post, const struct told *told, enum channel_kind kind,
                          const struct mattermost_self *self, struct names *names)
{
    struct event *event = post_event(EVENT_MESSAGE, told, kind);
    take_words(event, post, told, self, names);
    if (event->addressed && kind != CHANNEL_DIRECT)
        event->kind = EVENT_MENTION;
    event->at_ms = told->created;
    event->keys[1] = g_strconcat("post:", told->id, NULL);
    return event;
}

static struct event *edited(struct source *post, const struct told *told, enum channel_kind kind,
                            const struct mattermost_self *self, struct names *names)
{
    struct event *event = post_event(EVENT_EDITED, told, kind);
    take_words(event, post, told, self, names);
    event->at_ms = told->edited;
    event->revision = mattermost_moment(told->edited);
    event->keys[1] = g_strdup_printf("post:%s:%s", told->id, event->revision);
    return event;
}

static struct event *deleted(const struct told *told, enum channel_kind kind, const struct mattermost_self *self)
{
    bool ours = is_self(self, told->user);
    struct event *event = post_event(ours ? EVENT_UNPOSTED : EVENT_DELETED, told, kind);
    event->user = ours ? NULL : g_strdup(told->user);
    event->message = g_strdup(told->id);
    event->thread = g_strdup(told->root);
    event->at_ms = told->deleted;
    event->posted_ms = told->created;
    event->keys[1] = g_strdup_printf("post:%s:deleted", told->id);
    return event;
}

/* ---- What Mattermost itself posts ---- */

static struct event *member(const struct told *told, enum channel_kind kind, bool came, const char *who,
                            const struct mattermost_self *self)
{
    bool we = is_self(self, who);
    struct event *event = post_event(came ? (we ? EVENT_INVITED : EVENT_JOINED)
                                     : we ? EVENT_REMOVED
                                          : EVENT_LEFT,
                                     told, kind);
    if (!we)
        event->user = g_strdup(who);
    else if (came && !is_self(self, told->user))
        event->user = g_strdup(told->user);
    return event;
}

static struct event *announced(struct source *post, const struct told *told, enum channel_kind kind,
                               const struct mattermost_self *self)
{
    static const char *const joined[] = {"system_join_channel", "system_guest_join_channel", NULL},
                             *const added[] = {"system_add_to_channel", "system_add_guest_to_chan", NULL};
    struct event *event = NULL;
    if (is_one_of(told->type, joined)) {
        event = member(told, kind, true, told->user, self);
    } else if (strcmp(told->type, "system_leave_channel") == 0) {
        event = member(told, kind, false, told->user, self);
    } else if (is_one_of(told->type, added)) {
        g_autofree char *who = source_want_id(post, "props.addedUserId");
        event = who != NULL ? member(told, kind, true, who, self) : NULL;
    } else if (strcmp(told->type, "system_remove_from_channel") == 0) {
        g_autofree char *who = source_want_id(post, "props.removedUserId");
        event = who != NULL ? member(told, kind, false, who, self) : NULL;
    } else if (strcmp(told->type, "system_channel_deleted") == 0) {
        event = post_event(EVENT_REMOVED, told, kind); /* archived: nothing can be said there */
    } else if (strcmp(told->type, "system_channel_restored") == 0) {
        event = post_event(EVENT_INVITED, told, kind);
    }
    if (event == NULL)
        return post_event(EVENT_NONE, told, kind);
    event->at_ms = told->created;
    event->keys[1] = g_strconcat("post:", told->id, NULL);
    return event;
}

/* ---- Posts ---- */

/* What an edited post said before is kept as a deleted post of another id. */
static bool is_old_version(const cJSON *post)
{
    return *json_str0(post, "original_id") != '\0';
}

/* A person's post, or askwhy's own. */
static bool may_be_missed(const cJSON *post, const struct told *told, const struct mattermost_self *self)
{
    return is_said(told->type) && !is_old_version(post) && (is_self(self, told->user) || !by_program(post, self));
}

static struct event *decode_said(struct source *post, const struct told *told, enum channel_kind kind,
                                 const struct mattermost_self *self, struct names *names)
{
    if (g_str_has_prefix(told->type, "system_"))
        return announced(post, told, kind, self);
    if (!is_said(told->type) || by_program(post->json, self))
        return post_event(EVENT_NONE, told, kind);
    return said(post, told, kind, self, names);
}

struct event *mattermost_decode_post(struct source *post, enum post_news news, enum channel_kind kind,
                                     const struct mattermost_self *self, struct names *names, char **text)
{
    struct told told = {0};
    take_told(post, &told);
    struct event *event = NULL;
    bool of_person = is_said(told.type) && !by_program(post->json, self) && !is_old_version(post->json);
    if (post->bad != NULL)
        event = event_new(EVENT_NONE, "mattermost");
    else if (news == POST_SAID)
        event = decode_said(post, &told, kind, self, names);
    else if (news == POST_EDITED && of_person && told.edited != 0)
        event = edited(post, &told, kind, self, names);
    else if (news == POST_DELETED && may_be_missed(post->json, &told, self))
        event = deleted(&told, kind, self);
    else
        event = post_event(EVENT_NONE, &told, kind);
    if (event->text != NULL)
        *text = mattermost_cut(source_want_string(post, "message"), MATTERMOST_TEXT_MAX);
    told_done(&told);
    return event;
}

static void add_replay(GPtrArray *events, struct event *event, bool usable)
{
    if (!usable || event->kind == EVENT_NONE) {
        event_free(event);
        return;
    }
    event->replay = true;
    g_ptr_array_add(events, event);
}

void mattermost_decode_history(const cJSON *json, enum channel_kind kind, const struct mattermost_self *self,
                               struct names *names, int64_t after_ms, GPtrArray *events)
{
    struct source post = {.json = json};
    struct told told = {0};
    if (!cJSON_IsObject(json) || is_old_version(json))
        return;
    take_told(&post, &told);
    if (*self->user != '\0')
        mattermost_learn_handle(names, self->user, self->handle);
    bool of_person = is_said(told.type) && !by_program(json, self);
    if (post.bad == NULL && told.deleted != 0) {
        if (may_be_missed(json, &told, self) && told.deleted > after_ms)
            add_replay(events, deleted(&told, kind, self), true);
    } else if (post.bad == NULL) {
        if (told.created > after_ms) {
            struct event *event = decode_said(&post, &told, kind, self, names);
            add_replay(events, event, post.bad == NULL);
        }
        if (post.bad == NULL && of_person && told.edited > after_ms)
            add_replay(events, edited(&post, &told, kind, self, names), true);
    }
    told_done(&told);
}
