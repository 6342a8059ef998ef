/* Socket Mode frames, slash-commands, answers about people and channels → events
 * (docs.slack.dev: "Using Socket Mode", "Slash commands", users.info, conversations.info). */
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"

#include <string.h>

#define FRAME_MAX (8u * 1024 * 1024)

/* ---- Slash-commands ---- */

static struct event *decode_command(struct reader *reader)
{
    struct event *event = event_new(EVENT_COMMAND, "slack");
    event->workspace = reader_want_id(reader, "team_id");
    event->user = reader_need_id(reader, "user_id");
    event->user_name = reader_want_line(reader, "user_name", SLACK_NAME_MAX);
    slack_take_channel(reader, event, "channel_id", "channel_name");
    event->command = reader_want_line(reader, "command", 64);
    event->text = reader_want_text(reader, "text");
    event->trigger = reader_need_id(reader, "trigger_id");
    event->response_url = reader_want_raw(reader, "response_url", 2000);
    event->keys[0] = g_strconcat("trig:", event->trigger, NULL);
    if (reader->bad == NULL && event->channel == NULL)
        reader->bad = "channel_id";
    if (reader->bad == NULL && (event->command == NULL || *event->command == '\0'))
        reader->bad = "command";
    return event;
}

/* ---- Answers about people and channels ---- */

struct event *slack_decode_person(const cJSON *answer)
{
    struct reader reader = {.json = json_get(answer, "user")};
    if (!json_true(answer, "ok") || !cJSON_IsObject(reader.json))
        return NULL;
    struct event *event = event_new(EVENT_PERSON, "slack");
    event->user = reader_need_id(&reader, "id");
    if (event->user == NULL) {
        event_free(event);
        return NULL;
    }
    event->workspace = reader_want_id(&reader, "team_id");
    event->user_name = reader_want_line(&reader, "name", SLACK_NAME_MAX);
    static const char *const names[] = {"profile.display_name", "profile.real_name", "real_name", "name"};
    for (gsize i = 0; i < G_N_ELEMENTS(names) && event->profile.name == NULL; i++) {
        g_autofree char *name = reader_want_line(&reader, names[i], SLACK_NAME_MAX);
        if (name != NULL && *name != '\0')
            event->profile.name = g_steal_pointer(&name);
    }
    g_autofree char *zone = reader_want_line(&reader, "tz", SLACK_NAME_MAX);
    if (zone != NULL && *zone != '\0')
        event->profile.zone = g_steal_pointer(&zone);
    g_autofree char *locale = reader_want_line(&reader, "locale", 35);
    if (locale != NULL && *locale != '\0')
        event->profile.locale = g_steal_pointer(&locale);
    event->profile.bot = json_true(reader.json, "is_bot") || strcmp(event->user, "USLACKBOT") == 0;
    event->profile.deleted = json_true(reader.json, "deleted");
    event->profile.guest = json_true(reader.json, "is_restricted") ||
                           json_true(reader.json, "is_ultra_restricted") ||
                           json_true(reader.json, "is_stranger");
    event->profile.admin = json_true(reader.json, "is_admin") || json_true(reader.json, "is_owner");
    return event;
}

struct event *slack_decode_channel(const cJSON *answer)
{
    struct reader reader = {.json = json_get(answer, "channel")};
    if (!json_true(answer, "ok") || !cJSON_IsObject(reader.json))
        return NULL;
    struct event *event = event_new(EVENT_CHANNEL, "slack");
    event->channel = reader_need_id(&reader, "id");
    if (event->channel == NULL) {
        event_free(event);
        return NULL;
    }
    event->channel_name = reader_want_line(&reader, "name", SLACK_NAME_MAX);
    if (json_true(reader.json, "is_im"))
        event->channel_kind = CHANNEL_DIRECT;
    else if (json_true(reader.json, "is_private") || json_true(reader.json, "is_mpim") ||
             json_true(reader.json, "is_group"))
        event->channel_kind = CHANNEL_PRIVATE;
    else if (cJSON_IsFalse(json_get(reader.json, "is_private")) || json_true(reader.json, "is_channel"))
        event->channel_kind = CHANNEL_PUBLIC;
    return event;
}

/* ---- Frames ---- */

char *slack_find_envelope(const char *text, gsize size)
{
    static const char name[] = "\"envelope_id\"";
    const char *end = text + size;
    const char *at = memmem(text, size, name, sizeof name - 1);
    if (at == NULL)
        return NULL;
    at += sizeof name - 1;
    while (at < end && strchr(" :\t\r\n", *at) != NULL && *at != '\0')
        at++;
    if (at == end || *at++ != '"')
        return NULL;
    const char *close = memchr(at, '"', (gsize)(end - at));
    if (close == NULL || close - at > 64)
        return NULL;
    g_autofree char *id = g_strndup(at, (gsize)(close - at));
    return slack_is_id(id) ? g_steal_pointer(&id) : NULL;
}

static void unusable(struct slack_frame *frame, const char *format, const char *what)
{
    frame->kind = SLACK_UNUSABLE;
    g_free(frame->reason);
    frame->reason = g_strdup_printf(format, what);
    g_clear_pointer(&frame->event, event_free);
}

/* The payload's event, or the reason why there is none. */
static void decode_payload(const char *type, const cJSON *payload, const struct slack_self *self,
                           bool accepts, struct slack_frame *frame)
{
    struct reader reader = {.json = payload};
    if (strcmp(type, "events_api") == 0) {
        frame->event = slack_decode_event(&reader, self);
    } else if (strcmp(type, "slash_commands") == 0) {
        frame->event = decode_command(&reader);
        frame->event->accepts_reply = accepts;
    } else if (strcmp(type, "interactive") == 0) {
        frame->event = slack_decode_interactive(&reader);
        frame->event->accepts_reply = accepts && frame->event->kind == EVENT_FORM;
    } else {
        frame->event = event_new(EVENT_NONE, "slack"); /* a type of days to come */
    }
    if (reader.bad != NULL)
        unusable(frame, "\"%s\" is missing or of a wrong type", reader.bad);
}

void slack_decode(const char *text, gsize size, const struct slack_self *self, struct slack_frame *frame)
{
    *frame = (struct slack_frame){.kind = SLACK_UNUSABLE};
    const char *why = "larger than 8 MiB";
    g_autoptr(cJSON) json = size <= FRAME_MAX ? json_parse(text, size, &why) : NULL;
    if (json == NULL) {
        frame->envelope = slack_find_envelope(text, size);
        unusable(frame, "%s", why);
        return;
    }
    const char *type = json_str(json, "type");
    if (type == NULL) {
        frame->envelope = slack_find_envelope(text, size);
        unusable(frame, "\"%s\" is missing or of a wrong type", "type");
        return;
    }
    struct reader reader = {.json = json};
    if (strcmp(type, "hello") == 0) {
        frame->kind = SLACK_HELLO;
        int64_t lifetime = json_int(json, "debug_info.approximate_connection_time", 0);
        frame->lifetime_s = lifetime > 0 && lifetime <= 7 * 86400 ? lifetime : 0;
        return;
    }
    if (strcmp(type, "disconnect") == 0) {
        frame->kind = SLACK_DISCONNECT;
        frame->reason = reader_want_id(&reader, "reason");
        if (frame->reason == NULL)
            frame->reason = g_strdup("unknown");
        return;
    }
    frame->envelope = reader_need_id(&reader, "envelope_id");
    const cJSON *payload = json_get(json, "payload");
    if (frame->envelope == NULL || !cJSON_IsObject(payload)) {
        unusable(frame, "\"%s\" is missing or of a wrong type",
                 frame->envelope == NULL ? "envelope_id" : "payload");
        return;
    }
    frame->kind = SLACK_ENVELOPE;
    decode_payload(type, payload, self, json_true(json, "accepts_response_payload"), frame);
    if (frame->event != NULL)
        frame->event->envelope = g_strdup(frame->envelope);
}

void slack_frame_done(struct slack_frame *frame)
{
    g_free(frame->envelope);
    g_free(frame->reason);
    event_free(frame->event);
    *frame = (struct slack_frame){.kind = SLACK_UNUSABLE};
}
