/* WebSocket frames, people and channels → events (server/public/model/websocket_message.go, user.go, channel.go). */
#include "bot/mattermost/decode.h"
#include "bot/mattermost/text.h"

#include "bot/base/json_skim.h"

#include <string.h>

#define FRAME_MAX (8u * 1024 * 1024)
enum { ROLES_MOST = 64, ROLE_MAX = 64 };
#define MOMENT_DIGITS 13 /* of milliseconds, from 2001 to 2286 */

enum channel_kind mattermost_channel_kind(const char *type)
{
    if (g_strcmp0(type, "O") == 0)
        return CHANNEL_PUBLIC;
    if (g_strcmp0(type, "P") == 0 || g_strcmp0(type, "G") == 0)
        return CHANNEL_PRIVATE;
    return g_strcmp0(type, "D") == 0 ? CHANNEL_DIRECT : CHANNEL_UNKNOWN;
}

/* ---- People and channels ---- */

static char *name_of(struct source *source)
{
    g_autofree char *nickname = source_want_line(source, "nickname", MATTERMOST_NAME_MAX);
    if (nickname != NULL)
        return g_steal_pointer(&nickname);
    g_autofree char *first = source_want_line(source, "first_name", MATTERMOST_NAME_MAX / 2),
                    *last = source_want_line(source, "last_name", MATTERMOST_NAME_MAX / 2);
    if (first != NULL && last != NULL)
        return g_strdup_printf("%s %s", first, last);
    if (first != NULL || last != NULL)
        return g_strdup(first != NULL ? first : last);
    return source_want_line(source, "username", MATTERMOST_NAME_MAX);
}

/* The flag is text: "true", "false". */
static char *zone_of(struct source *source)
{
    bool automatic = strcmp(json_str0(source->json, "timezone.useAutomaticTimezone"), "false") != 0;
    return source_want_line(source, automatic ? "timezone.automaticTimezone" : "timezone.manualTimezone",
                            MATTERMOST_NAME_MAX);
}

bool mattermost_has_word(const char *words, const char *word)
{
    g_auto(GStrv) each = g_strsplit(words, " ", 64);
    return g_strv_contains((const char *const *)each, word);
}

/* Roles are the groups that every server tells of. */
static char **roles_of(const char *roles)
{
    g_auto(GStrv) each = g_strsplit(roles, " ", ROLES_MOST);
    GPtrArray *found = g_ptr_array_new();
    for (char **role = each; *role != NULL; role++) {
        if (mattermost_is_role(*role))
            g_ptr_array_add(found, g_strdup(*role));
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

bool mattermost_is_role(const char *name)
{
    gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length > 0 && length <= ROLE_MAX && name[length] == '\0';
}

struct event *mattermost_decode_person(const cJSON *user, struct names *names)
{
    struct source source = {.json = user};
    if (!cJSON_IsObject(user))
        return NULL;
    struct event *event = event_new(EVENT_PERSON, "mattermost");
    event->user = source_need_id(&source, "id");
    const char *handle = source_want_string(&source, "username");
    if (source.bad != NULL || !mattermost_is_handle(handle)) {
        event_free(event);
        return NULL;
    }
    event->profile.handle = g_ascii_strdown(handle, -1);
    event->user_name = g_strdup(event->profile.handle);
    event->profile.name = name_of(&source);
    event->profile.zone = zone_of(&source);
    event->profile.locale = source_want_line(&source, "locale", 35);
    event->profile.bot = json_true(user, "is_bot");
    event->profile.deleted = source_want_ms(&source, "delete_at") != 0;
    const char *roles = source_want_string(&source, "roles");
    event->profile.guest = mattermost_has_word(roles, "system_guest");
    event->profile.admin = mattermost_has_word(roles, "system_admin");
    event->profile.groups = *roles != '\0' ? roles_of(roles) : NULL;
    names_learn(names, event->user, event->profile.handle, event->profile.name);
    return event;
}

struct event *mattermost_decode_channel(const cJSON *channel)
{
    struct source source = {.json = channel};
    if (!cJSON_IsObject(channel))
        return NULL;
    struct event *event = event_new(EVENT_CHANNEL, "mattermost");
    event->channel = source_need_id(&source, "id");
    if (event->channel == NULL) {
        event_free(event);
        return NULL;
    }
    event->workspace = source_want_id(&source, "team_id");
    event->channel_kind = mattermost_channel_kind(json_str(channel, "type"));
    g_autofree char *name = source_want_line(&source, "name", MATTERMOST_NAME_MAX),
                    *shown = source_want_line(&source, "display_name", MATTERMOST_NAME_MAX);
    event->channel_name = mattermost_channel_name(name, shown, &event->channel_kind);
    return event;
}

/* ---- Events ---- */

static bool is_self(const struct mattermost_self *self, const char *user)
{
    return user != NULL && *self->user != '\0' && strcmp(user, self->user) == 0;
}

/* A value that is JSON as text: json_parse() of it. */
static cJSON *parse_inner(struct source *source, const char *path)
{
    const char *text = source_want_string(source, path);
    cJSON *inner = json_parse(text, strlen(text), NULL);
    if (!cJSON_IsObject(inner)) {
        source_complain(source, path);
        g_clear_pointer(&inner, cJSON_Delete);
    }
    return inner;
}

static const struct {
    const char *event;
    enum post_news news;
} post_events[] = {{"posted", POST_SAID}, {"post_edited", POST_EDITED}, {"post_deleted", POST_DELETED}};

/* Who said it and where, which the post itself does not tell. */
static void take_place(struct source *frame, struct event *event, struct names *names)
{
    g_autofree char *sender = source_want_line(frame, "data.sender_name", MATTERMOST_NAME_MAX),
                    *name = source_want_line(frame, "data.channel_name", MATTERMOST_NAME_MAX),
                    *shown = source_want_line(frame, "data.channel_display_name", MATTERMOST_NAME_MAX);
    event->workspace = source_want_id(frame, "data.team_id");
    event->channel_name = mattermost_channel_name(name, shown, &event->channel_kind);
    bool by_sender = event->kind == EVENT_MESSAGE || event->kind == EVENT_MENTION;
    if (by_sender && sender != NULL && *sender == '@' && mattermost_is_handle(sender + 1)) {
        event->user_name = g_ascii_strdown(sender + 1, -1);
        mattermost_learn_handle(names, event->user, event->user_name);
    }
}

static struct event *decode_post(struct source *frame, enum post_news news, const struct mattermost_self *self,
                                 struct names *names, char **text)
{
    g_autoptr(cJSON) json = parse_inner(frame, "data.post");
    if (json == NULL)
        return event_new(EVENT_NONE, "mattermost");
    struct source post = {.json = json};
    enum channel_kind kind = mattermost_channel_kind(source_want_string(frame, "data.channel_type"));
    struct event *event = mattermost_decode_post(&post, news, kind, self, names, text);
    take_place(frame, event, names);
    if (post.bad == NULL && event->kind == EVENT_NONE && news == POST_SAID &&
        strcmp(json_str0(json, "type"), "system_change_chan_privacy") == 0)
        event->kind = EVENT_CHANNEL;
    if (post.bad != NULL)
        source_complain(frame, post.bad);
    return event;
}

/* They carry no time; what the server posts about it does, and is told as the same event (decode_post.c). */
static struct event *decode_member(struct source *frame, bool came, const struct mattermost_self *self)
{
    struct event *event = event_new(EVENT_NONE, "mattermost");
    g_autofree char *user = source_want_id(frame, "data.user_id");
    event->channel = source_want_id(frame, "broadcast.channel_id");
    if (event->channel == NULL)
        event->channel = source_need_id(frame, "data.channel_id");
    event->workspace = source_want_id(frame, "data.team_id");
    if (user == NULL && came)
        source_complain(frame, "data.user_id");
    /* Who was removed is told so without their own id. */
    if (is_self(self, user) || user == NULL)
        event->kind = came ? EVENT_INVITED : EVENT_REMOVED;
    else
        event->kind = came ? EVENT_JOINED : EVENT_LEFT;
    if (event->kind == EVENT_JOINED || event->kind == EVENT_LEFT)
        event->user = g_steal_pointer(&user);
    return event;
}

/* Of each of its channels nothing is said then. */
static struct event *decode_left_team(struct source *frame, const struct mattermost_self *self)
{
    struct event *event = event_new(EVENT_LEFT, "mattermost");
    event->workspace = source_need_id(frame, "data.team_id");
    event->user = source_need_id(frame, "data.user_id");
    if (is_self(self, event->user)) {
        event->kind = EVENT_REMOVED;
        g_clear_pointer(&event->user, g_free);
    }
    return event;
}

static struct event *decode_user(struct source *frame, struct names *names, char **changed)
{
    struct source user = {.json = json_get(frame->json, "data.user")};
    *changed = source_need_id(&user, "id");
    if (*changed == NULL) {
        source_complain(frame, "data.user");
        return event_new(EVENT_NONE, "mattermost");
    }
    /* Everybody's news reach everybody: of whom askwhy never met it keeps nothing. */
    if (names_handle(names, *changed) == NULL)
        return event_new(EVENT_NONE, "mattermost");
    struct event *event = mattermost_decode_person(user.json, names);
    return event != NULL ? event : event_new(EVENT_NONE, "mattermost");
}

static struct event *decode_channel(struct source *frame)
{
    g_autoptr(cJSON) channel = parse_inner(frame, "data.channel");
    struct event *event = channel != NULL ? mattermost_decode_channel(channel) : NULL;
    if (event == NULL)
        source_complain(frame, "data.channel");
    return event != NULL ? event : event_new(EVENT_NONE, "mattermost");
}

static struct event *decode_event(struct source *source, const char *type, const struct mattermost_self *self,
                                  struct names *names, struct mattermost_frame *frame)
{
    for (gsize i = 0; i < G_N_ELEMENTS(post_events); i++) {
        if (strcmp(type, post_events[i].event) == 0)
            return decode_post(source, post_events[i].news, self, names, &frame->text);
    }
    if (strcmp(type, "user_added") == 0 || strcmp(type, "user_removed") == 0)
        return decode_member(source, strcmp(type, "user_added") == 0, self);
    if (strcmp(type, "leave_team") == 0)
        return decode_left_team(source, self);
    if (strcmp(type, "user_updated") == 0)
        return decode_user(source, names, &frame->changed_user);
    /* channel_updated of newer servers may tell the id alone, channel_converted always does. */
    if (strcmp(type, "channel_converted") == 0 ||
        (strcmp(type, "channel_updated") == 0 && json_get(source->json, "data.channel") == NULL)) {
        frame->changed_channel = source_want_id(source, "data.channel_id");
        if (frame->changed_channel == NULL)
            frame->changed_channel = source_want_id(source, "broadcast.channel_id");
    } else if (strcmp(type, "channel_updated") == 0) {
        return decode_channel(source);
    }
    return event_new(EVENT_NONE, "mattermost");
}

/* ---- Frames ---- */

static void unusable(struct mattermost_frame *frame, const char *format, const char *what)
{
    frame->kind = MATTERMOST_UNUSABLE;
    g_free(frame->reason);
    frame->reason = g_strdup_printf(format, what);
    g_clear_pointer(&frame->event, event_free);
    g_clear_pointer(&frame->text, g_free);
    g_clear_pointer(&frame->changed_user, g_free);
    g_clear_pointer(&frame->changed_channel, g_free);
}

/* "5.37.0.5.37.0.a1b2c3.false" → "5.37.0" */
static char *version_of(const char *text)
{
    gsize length = 0;
    for (int number = 0; number < 3; number++) {
        if (number > 0 && text[length++] != '.')
            return NULL;
        gsize digits = strspn(text + length, "0123456789");
        if (digits == 0 || digits > 6)
            return NULL;
        length += digits;
    }
    return g_strndup(text, length);
}

static void decode_hello(struct source *source, struct mattermost_frame *frame)
{
    frame->connection = source_want_id(source, "data.connection_id");
    frame->version = version_of(source_want_string(source, "data.server_version"));
    frame->kind = MATTERMOST_HELLO;
}

static void decode_reply(struct source *source, struct mattermost_frame *frame)
{
    frame->kind = MATTERMOST_REPLY;
    frame->reply = MAX(json_int(source->json, "seq_reply", 0), 0);
    frame->ok = strcmp(json_str0(source->json, "status"), "OK") == 0;
    if (!frame->ok)
        frame->reason = source_want_line(source, "error.id", 128);
}

/* The number with which a frame ends that cannot be read: who does not count it would ask for that frame again and
 * again. */
static int64_t find_seq(const char *text, gsize size)
{
    static const char name[] = "\"seq\":";
    gsize end = size;
    while (end > 0 && strchr(" \t\r\n", text[end - 1]) != NULL && text[end - 1] != '\0')
        end--;
    if (end == 0 || text[--end] != '}')
        return -1;
    gsize begin = end;
    while (begin > 0 && g_ascii_isdigit(text[begin - 1]))
        begin--;
    gsize length = sizeof name - 1;
    if (begin == end || end - begin > 15 || begin < length || memcmp(text + begin - length, name, length) != 0)
        return -1;
    g_autofree char *digits = g_strndup(text + begin, end - begin);
    return g_ascii_strtoll(digits, NULL, 10);
}

static void learn_self(const struct mattermost_self *self, struct names *names)
{
    if (*self->user != '\0')
        mattermost_learn_handle(names, self->user, self->handle);
}

/* When the post, JSON within JSON, was last touched; -1: not told as servers do. A quotation mark of somebody's words is
 * escaped once more, so none of them is taken for the name. */
static int64_t updated_ms(const struct json_want *post)
{
    static const char name[] = "\\\"update_at\\\":";
    const char *at = memmem(post->at, post->size, name, sizeof name - 1);
    if (at == NULL)
        return -1;
    struct json_want digits = {.at = at + sizeof name - 1};
    while (digits.at + digits.size < post->at + post->size && g_ascii_isdigit(digits.at[digits.size]))
        digits.size++;
    return digits.size == MOMENT_DIGITS ? json_want_int(&digits) : -1;
}

/* Most posts are askwhy's own: of these only how far they go is of use. False: not ours as far as the frame tells, or one
 * to look into. */
static bool take_own_post(const char *text, gsize size, const struct mattermost_self *self, struct mattermost_frame *frame)
{
    static const char system[] = "\\\"type\\\":\\\"system_";
    struct json_want wants[] = {{.path = "event"}, {.path = "data.post"}, {.path = "data.sender_name"},
                                {.path = "broadcast.channel_id"}, {.path = "seq"}};
    const struct json_want *post = &wants[1];
    if (*self->handle == '\0' || !json_skim(text, size, wants, G_N_ELEMENTS(wants)))
        return false;
    g_autofree char *event = json_want_text(&wants[0]), *sender = json_want_text(&wants[2]),
                    *channel = json_want_text(&wants[3]);
    int64_t seq = json_want_int(&wants[4]), updated = updated_ms(post);
    if (g_strcmp0(event, "posted") != 0 || sender == NULL || *sender != '@' || strcmp(sender + 1, self->handle) != 0 ||
        channel == NULL || !mattermost_is_id(channel) || !post->string || updated < 0 || seq < 0 ||
        memmem(post->at, post->size, system, sizeof system - 1) != NULL)
        return false;
    frame->kind = MATTERMOST_EVENT;
    frame->seq = seq;
    frame->event = event_new(EVENT_NONE, "mattermost");
    frame->event->channel = g_steal_pointer(&channel);
    frame->event->cursor = mattermost_moment(updated);
    return true;
}

void mattermost_decode(const char *text, gsize size, const struct mattermost_self *self, struct names *names,
                       struct mattermost_frame *frame)
{
    *frame = (struct mattermost_frame){.kind = MATTERMOST_UNUSABLE, .seq = -1};
    const char *why = "larger than 8 MiB";
    if (size <= FRAME_MAX && take_own_post(text, size, self, frame)) {
        learn_self(self, names);
        return;
    }
    g_autoptr(cJSON) json = size <= FRAME_MAX ? json_parse(text, size, &why) : NULL;
    if (json == NULL) {
        frame->seq = find_seq(text, size);
        unusable(frame, "%s", why);
        return;
    }
    struct source source = {.json = json};
    const char *type = source_want_string(&source, "event");
    if (*type == '\0' && source.bad == NULL && json_str(json, "status") != NULL) {
        decode_reply(&source, frame);
        return;
    }
    frame->seq = MAX(json_int(json, "seq", -1), -1);
    if (*type == '\0')
        source_complain(&source, "event");
    if (frame->seq < 0)
        source_complain(&source, "seq");
    if (source.bad == NULL && strcmp(type, "hello") == 0) {
        decode_hello(&source, frame);
    } else if (source.bad == NULL) {
        frame->kind = MATTERMOST_EVENT;
        learn_self(self, names);
        frame->event = decode_event(&source, type, self, names, frame);
    }
    if (source.bad != NULL)
        unusable(frame, "\"%s\" is missing or of a wrong type", source.bad);
}

void mattermost_frame_done(struct mattermost_frame *frame)
{
    g_free(frame->connection);
    g_free(frame->version);
    g_free(frame->reason);
    g_free(frame->text);
    g_free(frame->changed_user);
    g_free(frame->changed_channel);
    event_free(frame->event);
    *frame = (struct mattermost_frame){.kind = MATTERMOST_UNUSABLE, .seq = -1};
}
