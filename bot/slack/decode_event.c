/* The Events API → events (docs.slack.dev: "message event" and each event's page). */
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"

#include <string.h>

/* ---- Messages ---- */

static bool is_self(const struct slack_self *self, const char *user)
{
    return user != NULL && *self->user != '\0' && strcmp(user, self->user) == 0;
}

/* Posts of programs concern nobody: askwhy's own, other bots', Slack's own notices. */
static bool by_program(const cJSON *message, const struct slack_self *self)
{
    const char *user = json_str(message, "user");
    const cJSON *bot = json_get(message, "bot_id");
    bool by_bot = bot != NULL && !cJSON_IsNull(bot) && !(cJSON_IsString(bot) && *bot->valuestring == '\0');
    return by_bot || json_get(message, "bot_profile.id") != NULL || g_strcmp0(user, "USLACKBOT") == 0 ||
           is_self(self, user);
}

static bool is_said(const char *subtype)
{
    static const char *const said[] = {"", "thread_broadcast", "file_share", "me_message"};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        if (strcmp(subtype, said[i]) == 0)
            return true;
    }
    return false;
}

/* True when text holds askwhy's mention; one that leads is taken off, with what follows it. */
static bool take_address(char *text, const struct slack_self *self)
{
    if (*self->user == '\0')
        return false;
    g_autofree char *mark = g_strdup_printf("%c%s%c", RICH_PERSON, self->user, RICH_END);
    if (strstr(text, mark) == NULL)
        return false;
    char *start = text + strspn(text, " \n\t");
    if (g_str_has_prefix(start, mark)) {
        start += strlen(mark);
        start += strspn(start, " \n\t,:");
        memmove(text, start, strlen(start) + 1);
    }
    return true;
}

static enum channel_kind channel_kind(const char *type)
{
    if (strcmp(type, "channel") == 0)
        return CHANNEL_PUBLIC;
    if (strcmp(type, "group") == 0 || strcmp(type, "mpim") == 0)
        return CHANNEL_PRIVATE;
    if (strcmp(type, "im") == 0 || strcmp(type, "app_home") == 0)
        return CHANNEL_DIRECT;
    return CHANNEL_UNKNOWN;
}

static char *edit_key(const struct event *event)
{
    return g_strdup_printf("edit:%s:%s:%s", event->channel, event->message, event->revision);
}

static char *message_key(const struct event *event)
{
    return g_strdup_printf("msg:%s:%s:%s", event->workspace != NULL ? event->workspace : "", event->channel,
                           event->message);
}

/* Who, what and in which thread, from a message object. */
static void take_message(struct reader *message, struct event *event, const struct slack_self *self)
{
    event->user = reader_need_id(message, "user");
    event->message = reader_need_id(message, "ts");
    event->thread = reader_want_id(message, "thread_ts");
    /* A thread's first post carries its own ts. */
    if (g_strcmp0(event->thread, event->message) == 0)
        g_clear_pointer(&event->thread, g_free);
    event->text = reader_want_text(message, "text");
    event->at_ms = event->posted_ms = slack_ts_ms(event->message);
    event->addressed = take_address(event->text, self);
    if (event->addressed && event->kind == EVENT_MESSAGE && event->channel_kind != CHANNEL_DIRECT)
        event->kind = EVENT_MENTION;
}

static void decode_edited(struct reader *reader, struct event *event, const struct slack_self *self)
{
    struct reader message = {.json = json_get(reader->json, "message")};
    const cJSON *previous = json_get(reader->json, "previous_message");
    if (!cJSON_IsObject(message.json)) {
        reader->bad = "message";
        return;
    }
    const char *subtype = json_str0(message.json, "subtype");
    if (strcmp(subtype, "tombstone") == 0) {
        /* A deleted post that has replies stays as a stone in its place; askwhy's thread goes on below it. */
        if (previous != NULL && by_program(previous, self))
            return;
        event->kind = EVENT_DELETED;
        event->message = reader_need_id(&message, "ts");
        event->user = g_strdup(json_str(previous, "user"));
        event->thread = reader_want_id(&message, "thread_ts");
        if (event->thread == NULL)
            event->thread = reader_want_id(reader, "previous_message.thread_ts");
        if (g_strcmp0(event->thread, event->message) == 0)
            g_clear_pointer(&event->thread, g_free);
        event->keys[1] = g_strdup_printf("del:%s:%s", event->channel, event->message);
    } else if (is_said(subtype) && !by_program(message.json, self) &&
               (previous == NULL ||
                strcmp(json_str0(message.json, "text"), json_str0(previous, "text")) != 0)) {
        event->kind = EVENT_EDITED;
        take_message(&message, event, self);
        event->revision = reader_want_id(&message, "edited.ts");
        if (event->revision == NULL)
            event->revision = reader_need_id(reader, "ts");
        event->at_ms = slack_ts_ms(event->revision);
        event->keys[1] = edit_key(event);
    }
    if (reader->bad == NULL)
        reader->bad = message.bad;
}

static void decode_deleted(struct reader *reader, struct event *event, const struct slack_self *self)
{
    const cJSON *previous = json_get(reader->json, "previous_message");
    bool ours = is_self(self, json_str(previous, "user"));
    if (previous != NULL && by_program(previous, self) && !ours)
        return;
    event->kind = ours ? EVENT_UNPOSTED : EVENT_DELETED;
    event->message = reader_need_id(reader, "deleted_ts");
    event->user = ours ? NULL : reader_want_id(reader, "previous_message.user");
    event->thread = reader_want_id(reader, "previous_message.thread_ts");
    if (g_strcmp0(event->thread, event->message) == 0)
        g_clear_pointer(&event->thread, g_free);
    g_autofree char *ts = reader_want_id(reader, "ts");
    event->at_ms = slack_ts_ms(ts);
    event->keys[1] = g_strdup_printf("del:%s:%s", event->channel, event->message);
}

static void decode_message(struct reader *reader, struct event *event, const struct slack_self *self)
{
    event->channel = reader_need_id(reader, "channel");
    event->channel_kind = channel_kind(json_str0(reader->json, "channel_type"));
    if (event->channel_kind == CHANNEL_UNKNOWN && event->channel != NULL && event->channel[0] == 'D')
        event->channel_kind = CHANNEL_DIRECT;
    g_autofree char *told = reader_want_id(reader, "subtype");
    const char *subtype = told != NULL ? told : "";
    if (reader->bad != NULL)
        return;
    if (strcmp(subtype, "message_changed") == 0) {
        decode_edited(reader, event, self);
    } else if (strcmp(subtype, "message_deleted") == 0) {
        decode_deleted(reader, event, self);
    } else if (is_said(subtype) && !by_program(reader->json, self)) {
        event->kind =
            strcmp(json_str0(reader->json, "type"), "app_mention") == 0 ? EVENT_MENTION : EVENT_MESSAGE;
        take_message(reader, event, self);
        event->keys[1] = message_key(event);
    }
}

/* ---- Other events ---- */

static void decode_member(struct reader *reader, struct event *event, const struct slack_self *self,
                          bool joined)
{
    event->channel = reader_need_id(reader, "channel");
    g_autofree char *user = reader_need_id(reader, "user");
    if (g_strcmp0(json_str(reader->json, "channel_type"), "G") == 0)
        event->channel_kind = CHANNEL_PRIVATE;
    if (is_self(self, user)) {
        event->kind = joined ? EVENT_INVITED : EVENT_REMOVED;
        event->user = joined ? reader_want_id(reader, "inviter") : NULL;
        event->message = joined ? reader_want_id(reader, "event_ts") : NULL;
    } else {
        event->kind = joined ? EVENT_JOINED : EVENT_LEFT;
        event->user = g_steal_pointer(&user);
    }
}

struct event *slack_decode_event(struct reader *payload, const struct slack_self *given)
{
    /* Before auth.test answered, the wrapper tells who askwhy is. */
    struct slack_self self = *given;
    g_autofree char *authorized = NULL;
    if (self.user == NULL || *self.user == '\0') {
        authorized = reader_want_id(payload, "authorizations.0.user_id");
        self.user = authorized != NULL ? authorized : "";
    }
    struct event *event = event_new(EVENT_NONE, "slack");
    const char *type = json_str0(payload->json, "type");
    struct reader reader = {.json = json_get(payload->json, "event")};
    if (strcmp(type, "event_callback") != 0)
        return event; /* app_rate_limited and the like */
    if (!cJSON_IsObject(reader.json)) {
        payload->bad = "event";
        return event;
    }
    g_autofree char *id = reader_need_id(payload, "event_id");
    event->workspace = reader_want_id(payload, "team_id");
    type = json_str0(reader.json, "type");
    if (strcmp(type, "message") == 0 || strcmp(type, "app_mention") == 0) {
        decode_message(&reader, event, &self);
    } else if (strcmp(type, "member_joined_channel") == 0) {
        decode_member(&reader, event, &self, true);
    } else if (strcmp(type, "member_left_channel") == 0) {
        decode_member(&reader, event, &self, false);
    } else if (strcmp(type, "user_change") == 0) {
        /* Laid out like users.info's answer, but for "ok". */
        g_autoptr(cJSON) answer = json_object();
        json_put_bool(answer, "ok", true);
        json_put(answer, "user", cJSON_Duplicate(json_get(reader.json, "user"), true));
        struct event *person = slack_decode_person(answer);
        if (person != NULL) {
            event_free(event);
            event = person;
        }
    } else if (strcmp(type, "subteam_updated") == 0) {
        event->kind = EVENT_GROUP;
        event->group = reader_need_id(&reader, "subteam.id");
    } else if (strcmp(type, "subteam_members_changed") == 0) {
        event->kind = EVENT_GROUP;
        event->group = reader_need_id(&reader, "subteam_id");
    } else if (strcmp(type, "channel_left") == 0 || strcmp(type, "group_left") == 0) {
        event->kind = EVENT_REMOVED;
        event->channel = reader_need_id(&reader, "channel");
    } else if (strcmp(type, "app_home_opened") == 0 && strcmp(json_str0(reader.json, "tab"), "home") == 0) {
        event->kind = EVENT_HOME;
        event->user = reader_need_id(&reader, "user");
        event->channel = reader_want_id(&reader, "channel");
    } else if (*type == '\0') {
        reader.bad = "event.type";
    }
    if (event->kind != EVENT_NONE) {
        event->keys[0] = g_strconcat("ev:", id, NULL);
        if (event->at_ms == 0)
            event->at_ms = slack_ts_ms(json_str(reader.json, "event_ts"));
        if (event->at_ms == 0)
            event->at_ms = CLAMP(json_int(payload->json, "event_time", 0), 0, G_MAXINT32) * (int64_t)1000;
    }
    if (payload->bad == NULL)
        payload->bad = reader.bad;
    return event;
}

struct event *slack_decode_history(const cJSON *message, const char *channel, const char *workspace,
                                   const struct slack_self *self)
{
    struct reader reader = {.json = message};
    const char *type = json_str0(message, "type");
    if (!cJSON_IsObject(message) || (*type != '\0' && strcmp(type, "message") != 0) ||
        !is_said(json_str0(message, "subtype")) || by_program(message, self))
        return NULL;
    struct event *event = event_new(EVENT_MESSAGE, "slack");
    event->replay = true;
    event->channel = g_strdup(channel);
    event->workspace = g_strdup(workspace);
    event->channel_kind = channel[0] == 'D' ? CHANNEL_DIRECT : CHANNEL_UNKNOWN;
    take_message(&reader, event, self);
    if (reader.bad != NULL) {
        event_free(event);
        return NULL;
    }
    event->keys[1] = message_key(event);
    return event;
}

struct event *slack_decode_history_edit(const cJSON *message, const char *channel, const char *workspace,
                                        const struct slack_self *self)
{
    struct reader reader = {.json = message};
    g_autofree char *revision = reader_want_id(&reader, "edited.ts");
    struct event *event = revision != NULL ? slack_decode_history(message, channel, workspace, self) : NULL;
    if (event == NULL)
        return NULL;
    event->kind = EVENT_EDITED;
    event->at_ms = slack_ts_ms(revision);
    event->revision = g_steal_pointer(&revision);
    g_free(event->keys[1]);
    event->keys[1] = edit_key(event);
    return event;
}
