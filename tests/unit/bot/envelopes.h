/* What Slack sends, as payloads of envelopes; protocol facts: docs.slack.dev, "Using Socket Mode" and each event's
 * page. Texts are the tests' own and need no escaping. */
#ifndef ASKWHY_TEST_ENVELOPES_H
#define ASKWHY_TEST_ENVELOPES_H

#include <glib.h>

#define OUR_USER "U0ASKWHY"

struct envelope {
    const char *type;
    char *payload;
    bool accepts_reply, event;
    bool opened; /* a form: the envelope before it opened it */
};

static inline struct envelope *envelope_new(const char *type, bool accepts_reply, char *payload)
{
    struct envelope *envelope = g_new0(struct envelope, 1);
    envelope->type = type;
    envelope->accepts_reply = accepts_reply;
    envelope->event = g_str_equal(type, "events_api");
    envelope->payload = payload;
    return envelope;
}

static inline void envelope_free(void *data)
{
    struct envelope *envelope = data;
    g_free(envelope->payload);
    g_free(envelope);
}

/* Takes event. */
static inline struct envelope *event_envelope(int id, char *event)
{
    char *payload = g_strdup_printf(
        "{\"token\":\"t\",\"team_id\":\"T0\",\"api_app_id\":\"A0\",\"event\":%s,\"type\":\"event_callback\","
        "\"event_id\":\"Ev%d\",\"event_time\":1795348800,\"authorizations\":[{\"team_id\":\"T0\",\"user_id\":\"" OUR_USER
        "\",\"is_bot\":true}]}",
        event, id);
    g_free(event);
    return envelope_new("events_api", false, payload);
}

static inline const char *type_of(const char *channel)
{
    return *channel == 'G' ? "group" : "channel";
}

static inline char *thread_field(const char *thread)
{
    return thread != NULL ? g_strdup_printf("\"thread_ts\":\"%s\",", thread) : g_strdup("");
}

static inline struct envelope *post_envelope(int id, const char *channel, const char *user, const char *thread,
                                             const char *ts, const char *text, bool mention)
{
    g_autofree char *in = thread_field(thread);
    g_autofree char *kind = mention ? g_strdup("") : g_strdup_printf("\"channel_type\":\"%s\",", type_of(channel));
    return event_envelope(id, g_strdup_printf("{\"type\":\"%s\",\"channel\":\"%s\",%s%s\"user\":\"%s\",\"text\":\"%s\","
                                              "\"ts\":\"%s\",\"event_ts\":\"%s\"}",
                                              mention ? "app_mention" : "message", channel, kind, in, user, text, ts, ts));
}

static inline struct envelope *edit_envelope(int id, const char *channel, const char *user, const char *thread,
                                             const char *ts, const char *before, const char *text, const char *at)
{
    g_autofree char *in = thread_field(thread);
    return event_envelope(
        id, g_strdup_printf("{\"type\":\"message\",\"subtype\":\"message_changed\",\"hidden\":true,\"channel\":\"%s\","
                            "\"channel_type\":\"%s\",\"ts\":\"%s\",\"event_ts\":\"%s\",\"message\":{\"type\":\"message\","
                            "\"user\":\"%s\",\"text\":\"%s\",%s\"ts\":\"%s\",\"edited\":{\"user\":\"%s\",\"ts\":\"%s\"}},"
                            "\"previous_message\":{\"type\":\"message\",\"user\":\"%s\",\"text\":\"%s\",%s\"ts\":\"%s\"}}",
                            channel, type_of(channel), at, at, user, text, in, ts, user, at, user, before, in, ts));
}

static inline struct envelope *deletion_envelope(int id, const char *channel, const char *user, const char *thread,
                                                 const char *ts, const char *at, bool stone)
{
    g_autofree char *in = thread_field(thread);
    const char *what = stone ? "message_changed" : "message_deleted";
    g_autofree char *which = stone ? g_strdup_printf("\"message\":{\"type\":\"message\",\"subtype\":\"tombstone\",\"user\":"
                                                     "\"USLACKBOT\",%s\"ts\":\"%s\"}",
                                                     in, ts)
                                   : g_strdup_printf("\"deleted_ts\":\"%s\"", ts);
    return event_envelope(
        id, g_strdup_printf("{\"type\":\"message\",\"subtype\":\"%s\",\"hidden\":true,\"channel\":\"%s\",\"channel_type\":"
                            "\"%s\",\"ts\":\"%s\",\"event_ts\":\"%s\",%s,\"previous_message\":{\"type\":\"message\","
                            "\"user\":\"%s\",\"text\":\"gone\",%s\"ts\":\"%s\"}}",
                            what, channel, type_of(channel), at, at, which, user, in, ts));
}

static inline struct envelope *member_envelope(int id, const char *channel, const char *user, bool joined, const char *at)
{
    return event_envelope(id, g_strdup_printf("{\"type\":\"member_%s_channel\",\"user\":\"%s\",\"channel\":\"%s\","
                                              "\"channel_type\":\"%.1s\",\"team\":\"T0\",\"inviter\":\"UINVITER\","
                                              "\"event_ts\":\"%s\"}",
                                              joined ? "joined" : "left", user, channel, channel, at));
}

static inline struct envelope *command_envelope(int id, const char *channel, const char *user, const char *text)
{
    return envelope_new("slash_commands", true,
                        g_strdup_printf("{\"team_id\":\"T0\",\"channel_id\":\"%s\",\"channel_name\":\"%s\",\"user_id\":\"%s\","
                                        "\"user_name\":\"x\",\"command\":\"/ask\",\"text\":\"%s\",\"is_enterprise_install\":"
                                        "\"false\",\"response_url\":\"https://hooks.slack.com/commands/%d\","
                                        "\"trigger_id\":\"%d.1.a\"}",
                                        channel, *channel == 'G' ? "privategroup" : "asks", user, text, id, id));
}

static inline struct envelope *button_envelope(int id, const char *channel, const char *user, const char *message,
                                               const char *thread, const char *action, const char *value, const char *at)
{
    g_autofree char *in = thread_field(thread);
    return envelope_new(
        "interactive", false,
        g_strdup_printf("{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\",\"username\":\"x\",\"team_id\":\"T0\"},"
                        "\"team\":{\"id\":\"T0\"},\"container\":{\"type\":\"message\",\"message_ts\":\"%s\",\"channel_id\":"
                        "\"%s\",\"is_ephemeral\":false},\"trigger_id\":\"%d.1.a\",\"channel\":{\"id\":\"%s\",\"name\":\"%s\"},"
                        "\"message\":{\"type\":\"message\",\"user\":\"" OUR_USER "\",%s\"ts\":\"%s\"},\"response_url\":"
                        "\"https://hooks.slack.com/actions/%d\",\"actions\":[{\"type\":\"button\",\"action_id\":\"%s\","
                        "\"block_id\":\"b1\",\"value\":\"%s\",\"action_ts\":\"%s\"}]}",
                        user, message, channel, id, channel, *channel == 'G' ? "privategroup" : "asks", in, message, id,
                        action, value, at));
}

/* fields: name, value, …, NULL; a value NULL is an input left empty. */
G_GNUC_NULL_TERMINATED
static inline struct envelope *form_envelope(int id, const char *user, const char *view, const char *form,
                                             const char *state, const char *first, ...)
{
    GString *values = g_string_new(NULL);
    va_list fields;
    va_start(fields, first);
    for (const char *name = first; name != NULL; name = va_arg(fields, const char *)) {
        const char *value = va_arg(fields, const char *);
        g_string_append_printf(values, "%s\"%s\":{\"%s\":{\"type\":\"plain_text_input\",\"value\":%s%s%s}}",
                               values->len > 0 ? "," : "", name, name, *value != '\0' ? "\"" : "",
                               *value != '\0' ? value : "null", *value != '\0' ? "\"" : "");
    }
    va_end(fields);
    struct envelope *envelope = envelope_new(
        "interactive", true,
        g_strdup_printf("{\"type\":\"view_submission\",\"team\":{\"id\":\"T0\"},\"user\":{\"id\":\"%s\",\"username\":\"x\","
                        "\"team_id\":\"T0\"},\"trigger_id\":\"%d.1.a\",\"view\":{\"id\":\"%s\",\"type\":\"modal\","
                        "\"callback_id\":\"%s\",\"private_metadata\":\"%s\",\"state\":{\"values\":{%s}}}}",
                        user, id, view, form, state, values->str));
    g_string_free(values, TRUE);
    return envelope;
}

static inline struct envelope *shortcut_envelope(int id, const char *channel, const char *user, const char *author,
                                                 const char *ts, const char *text, const char *at)
{
    return envelope_new(
        "interactive", false,
        g_strdup_printf("{\"type\":\"message_action\",\"action_ts\":\"%s\",\"team\":{\"id\":\"T0\"},\"user\":{\"id\":\"%s\","
                        "\"username\":\"x\",\"team_id\":\"T0\"},\"channel\":{\"id\":\"%s\",\"name\":\"%s\"},\"callback_id\":"
                        "\"raise\",\"trigger_id\":\"%d.1.a\",\"response_url\":\"https://hooks.slack.com/app/%d\","
                        "\"message_ts\":\"%s\",\"message\":{\"type\":\"message\",\"user\":\"%s\",\"text\":\"%s\",\"ts\":\"%s\"}}",
                        at, user, channel, *channel == 'G' ? "privategroup" : "asks", id, id, ts, author, text, ts));
}

#endif
