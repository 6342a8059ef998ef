/* Any bytes as what Mattermost tells of what happened. The first letter says in which shape: f a frame of the
 * WebSocket, p a post, put into frames as the server does and read again as history, u a user, c a channel. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/mattermost/decode.h"
#include "bot/mattermost/text.h"

static const struct mattermost_self known = {.user = "zwoft16outffifrpquhnqe4aor", .handle = "askwhy"},
                                    unknown = {.user = "", .handle = ""};
static const struct mattermost_options options = {.url = "https://chat.example.com", .signing_key = "k"};

static bool is_id_or_none(const char *id)
{
    return id == NULL || mattermost_is_id(id);
}

static bool is_moment_or_none(const char *moment)
{
    return moment == NULL || (strlen(moment) == 13 && strspn(moment, "0123456789") == 13);
}

/* What a person said can be written to Mattermost again. */
static void say_again(const char *rich)
{
    need(g_utf8_validate(rich, -1, NULL) && g_utf8_strlen(rich, -1) <= 2 * MATTERMOST_TEXT_MAX);
    need(strchr(rich, RICH_PING) == NULL);
    g_autofree char *markdown = mattermost_rich_to_markdown(rich, &options);
    need(g_utf8_validate(markdown, -1, NULL));
    need_no_controls(markdown);
}

static void check_lines(const struct event *event)
{
    const char *const lines[] = {event->user_name,    event->channel_name,   event->profile.name,
                                 event->profile.zone, event->profile.locale, event->profile.handle};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i] == NULL)
            continue;
        need(*lines[i] != '\0' && g_utf8_validate(lines[i], -1, NULL) && g_utf8_strlen(lines[i], -1) <= 255);
        need_no_controls(lines[i]);
        need(strpbrk(lines[i], "\n\t") == NULL);
    }
    need(event->user_name == NULL || mattermost_is_handle(event->user_name));
    need(event->profile.handle == NULL || mattermost_is_handle(event->profile.handle));
}

/* What each kind promises (bot/chat/event.h), and the adapter of its own. */
static void check_kind(const struct event *event)
{
    switch (event->kind) {
    case EVENT_MENTION:
        need(event->addressed && event->channel_kind != CHANNEL_DIRECT);
        G_GNUC_FALLTHROUGH;
    case EVENT_MESSAGE:
        need(event->at_ms > 0 && event->posted_ms == event->at_ms);
        G_GNUC_FALLTHROUGH;
    case EVENT_EDITED:
        need(event->user != NULL && event->text != NULL && event->cursor != NULL && event->posted_ms > 0);
        need((event->kind == EVENT_EDITED) == (event->revision != NULL));
        G_GNUC_FALLTHROUGH;
    case EVENT_DELETED:
    case EVENT_UNPOSTED:
        need(event->channel != NULL && event->message != NULL && g_str_has_prefix(event->keys[1], "post:"));
        break;
    case EVENT_INVITED:
    case EVENT_CHANNEL:
        need(event->channel != NULL);
        break;
    case EVENT_REMOVED:
        need(event->channel != NULL || event->workspace != NULL);
        break;
    case EVENT_JOINED:
        need(event->channel != NULL && event->user != NULL);
        break;
    case EVENT_LEFT:
        need((event->channel != NULL || event->workspace != NULL) && event->user != NULL);
        break;
    case EVENT_PERSON:
        need(event->user != NULL && event->profile.handle != NULL && event->profile.name != NULL);
        break;
    default:
        need(event->kind == EVENT_NONE && event->keys[0] == NULL && event->keys[1] == NULL);
        break;
    }
}

static void check(const struct event *event, const struct mattermost_self *self)
{
    need(strcmp(event->platform, "mattermost") == 0);
    need(is_id_or_none(event->user) && is_id_or_none(event->channel) && is_id_or_none(event->message) &&
         is_id_or_none(event->thread) && is_id_or_none(event->workspace));
    need(event->thread == NULL || strcmp(event->thread, event->message) != 0);
    need(is_moment_or_none(event->cursor) && is_moment_or_none(event->revision));
    need(event->keys[1] == NULL || strlen(event->keys[1]) <= 60);
    need(event->at_ms >= 0);
    /* Of its own doings askwhy is told nothing that somebody could have done. */
    bool own = *self->user != '\0' && g_strcmp0(event->user, self->user) == 0;
    need(!own || event->kind == EVENT_PERSON);
    if (event->text != NULL)
        say_again(event->text);
    check_lines(event);
    check_kind(event);
}

static void read_frame(const char *text, gsize size, const struct mattermost_self *self, struct names *names)
{
    struct mattermost_frame frame;
    mattermost_decode(text, size, self, names, &frame);
    need((frame.kind == MATTERMOST_EVENT) == (frame.event != NULL));
    need(frame.kind != MATTERMOST_UNUSABLE || frame.reason != NULL);
    need(frame.seq >= -1 && (frame.kind != MATTERMOST_EVENT || frame.seq >= 0));
    need(frame.reply >= 0 && is_id_or_none(frame.connection) && is_id_or_none(frame.changed_user) &&
         is_id_or_none(frame.changed_channel));
    need(frame.version == NULL || strlen(frame.version) <= 20);
    if (frame.event != NULL)
        check(frame.event, self);
    if (frame.text != NULL) {
        need(frame.event != NULL && g_utf8_strlen(frame.text, -1) <= MATTERMOST_TEXT_MAX);
        g_autoptr(GPtrArray) asked = mattermost_unknown_names(frame.text, names);
        need(asked->len <= 200);
    }
    mattermost_frame_done(&frame);
}

static void read_history(const cJSON *post, enum channel_kind kind, const struct mattermost_self *self,
                         struct names *names, int64_t after_ms)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    mattermost_decode_history(post, kind, self, names, after_ms, events);
    need(events->len <= 2);
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = g_ptr_array_index(events, i);
        need(event->replay && event->kind != EVENT_NONE && event->at_ms > after_ms);
        check(event, self);
    }
}

static void read_post(const char *text, const struct mattermost_self *self, struct names *names)
{
    static const char *const kinds[] = {"posted", "post_edited", "post_deleted"};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(cJSON) frame = json_object();
        cJSON *data = json_object();
        json_put(data, "post", cJSON_CreateString(text));
        json_put_str(data, "channel_type", i == 0 ? "O" : "D");
        json_put_str(data, "sender_name", "@dana");
        json_put(frame, "event", cJSON_CreateString(kinds[i]));
        json_put(frame, "data", data);
        json_put_int(frame, "seq", 1);
        g_autofree char *whole = json_text(frame);
        read_frame(whole, strlen(whole), self, names);
    }
    g_autoptr(cJSON) post = json_parse(text, strlen(text), NULL);
    read_history(post, CHANNEL_PUBLIC, self, names, 0);
    read_history(post, CHANNEL_DIRECT, self, names, 1795309584700);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct mattermost_self *const selves[] = {&known, &unknown};
    for (gsize i = 0; i < G_N_ELEMENTS(selves); i++) {
        struct names *names = names_new();
        names_learn(names, "wgjubda6atn3befh4c6ehsm7ir", "dana", "Dana Reyes");
        g_autofree char *text = text_of(data + 1, size - 1);
        g_autoptr(cJSON) json = json_parse(text, strlen(text), NULL);
        struct event *event = NULL;
        if (*data == 'f')
            read_frame((const char *)data + 1, size - 1, selves[i], names);
        else if (*data == 'p')
            read_post(text, selves[i], names);
        else if (*data == 'u')
            event = mattermost_decode_person(json, names);
        else if (*data == 'c')
            event = mattermost_decode_channel(json);
        if (event != NULL)
            check(event, selves[i]);
        event_free(event);
        names_free(names);
    }
    return 0;
}
