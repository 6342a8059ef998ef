/* Every frame Slack sends becomes one event, or nothing, or is refused by name; never a crash. */
#include "story.h"

#define PERSON "\x12"
#define CHANNEL "\x13"
#define LINK "\x14"
#define SEP "\x1f"
#define END "\x1e"

static void decode(const char *text, struct slack_frame *frame)
{
    slack_decode(text, strlen(text), &self, frame);
}

static void assert_unusable(const char *text, const char *envelope, const char *reason)
{
    struct slack_frame frame;
    decode(text, &frame);
    if (frame.kind != SLACK_UNUSABLE)
        fail_msg("taken for usable: %.200s", text);
    assert_text(frame.envelope, envelope);
    assert_string_equal(frame.reason, reason);
    assert_null(frame.event);
    slack_frame_done(&frame);
}

/* ---- The connection's own frames ---- */

static void test_hello_and_disconnect(void **state)
{
    (void)state;
    g_autofree char *hello = read_frame("hello"), *bye = read_frame("disconnect");
    struct slack_frame frame;
    decode(hello, &frame);
    assert_int_equal(frame.kind, SLACK_HELLO);
    assert_int_equal(frame.lifetime_s, 18060);
    slack_frame_done(&frame);
    decode("{\"type\":\"hello\"}", &frame);
    assert_int_equal(frame.kind, SLACK_HELLO);
    assert_int_equal(frame.lifetime_s, 0);
    slack_frame_done(&frame);
    decode("{\"type\":\"hello\",\"debug_info\":{\"approximate_connection_time\":-5}}", &frame);
    assert_int_equal(frame.lifetime_s, 0);
    slack_frame_done(&frame);
    decode(bye, &frame);
    assert_int_equal(frame.kind, SLACK_DISCONNECT);
    assert_string_equal(frame.reason, "refresh_requested");
    slack_frame_done(&frame);
    decode("{\"type\":\"disconnect\",\"reason\":7}", &frame);
    assert_int_equal(frame.kind, SLACK_DISCONNECT);
    assert_string_equal(frame.reason, "unknown");
    slack_frame_done(&frame);
}

/* ---- Slash-commands ---- */

static void test_a_command(void **state)
{
    (void)state;
    struct event *event = event_of("slash_command");
    assert_int_equal(event->kind, EVENT_COMMAND);
    assert_text(event->command, "/ask");
    assert_text(event->text, "Add SSO for " PERSON "U0SAM" END " <soon> in " CHANNEL "C0ASKS" END);
    assert_text(event->workspace, "T0ACME");
    assert_text(event->user, "U0DANA");
    assert_text(event->user_name, "dana");
    assert_text(event->channel, "C0ASKS");
    assert_text(event->channel_name, "product-asks");
    assert_text(event->response_url, "https://hooks.slack.com/commands/T0ACME/111/abc");
    assert_text(event->trigger, "1331750393925.1239718808579.0b31535dbdfb21febc1a50d69cc2d1f3");
    assert_text(event->keys[0], "trig:1331750393925.1239718808579.0b31535dbdfb21febc1a50d69cc2d1f3");
    assert_text(event->keys[1], NULL);
    assert_true(event->accepts_reply);
    event_free(event);
}

/* ---- Messages ---- */

static void test_a_reply_in_a_thread(void **state)
{
    (void)state;
    struct event *event = event_of("message_in_thread");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_int_equal(event->channel_kind, CHANNEL_PUBLIC);
    assert_text(event->text, "Acme's IT forbids passwords & " PERSON "U0SAM" END " agrees");
    assert_text(event->user, "U0DANA");
    assert_text(event->channel, "C0ASKS");
    assert_text(event->message, "1763700100.000200");
    assert_text(event->thread, "1763700000.000100");
    assert_text(event->keys[0], "ev:Ev0A1");
    assert_text(event->keys[1], "msg:T0ACME:C0ASKS:1763700100.000200");
    assert_int_equal(event->at_ms, 1763700100000);
    assert_false(event->accepts_reply);
    event_free(event);
}

static void test_posts_with_files_broadcasts_and_me_are_said_too(void **state)
{
    (void)state;
    static const char *const frames[] = {"message_file_share", "message_thread_broadcast", "message_me"};
    static const char *const texts[] = {"the log", "for all to see", "nods"};
    for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
        struct event *event = event_of(frames[i]);
        assert_int_equal(event->kind, EVENT_MESSAGE);
        assert_text(event->text, texts[i]);
        assert_text(event->thread, "1763700000.000100");
        event_free(event);
    }
}

static void test_a_direct_message(void **state)
{
    (void)state;
    struct event *event = event_of("message_direct");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
    assert_text(event->thread, NULL);
    event_free(event);
}

static void test_one_post_that_mentions_us_comes_twice_and_is_one(void **state)
{
    (void)state;
    struct event *message = event_of("message_mentions_us"), *mention = event_of("app_mention");
    assert_int_equal(message->kind, EVENT_MENTION);
    assert_int_equal(mention->kind, EVENT_MENTION);
    assert_text(message->text, "show 12");
    assert_text(mention->text, "show 12");
    assert_string_not_equal(message->keys[0], mention->keys[0]);
    assert_string_equal(message->keys[1], mention->keys[1]);
    event_free(message);
    event_free(mention);
}

static void test_before_we_know_who_we_are_the_frame_tells(void **state)
{
    (void)state;
    static const struct slack_self nobody = {.user = "", .bot = "", .app = ""};
    g_autofree char *text = read_frame("message_mentions_us");
    struct slack_frame frame;
    slack_decode(text, strlen(text), &nobody, &frame);
    assert_int_equal(frame.event->kind, EVENT_MENTION);
    assert_text(frame.event->text, "show 12");
    slack_frame_done(&frame);
}

static void test_an_edit_counts_only_when_the_words_changed(void **state)
{
    (void)state;
    struct event *event = event_of("message_changed");
    assert_int_equal(event->kind, EVENT_EDITED);
    assert_text(event->message, "1763700100.000200");
    assert_text(event->thread, "1763700000.000100");
    assert_text(event->user, "U0DANA");
    assert_text(event->text, "by July");
    assert_text(event->revision, "1763700300.000000");
    assert_text(event->keys[1], "edit:C0ASKS:1763700100.000200:1763700300.000000");
    event_free(event);
    event = event_of("message_unfurled");
    assert_int_equal(event->kind, EVENT_NONE);
    event_free(event);
}

static void test_a_deleted_post(void **state)
{
    (void)state;
    static const char *const frames[] = {"message_deleted", "message_tombstone"};
    for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
        struct event *event = event_of(frames[i]);
        assert_int_equal(event->kind, EVENT_DELETED);
        assert_text(event->message, "1763700100.000200");
        assert_text(event->user, "U0DANA");
        assert_text(event->text, NULL);
        assert_text(event->keys[1], "del:C0ASKS:1763700100.000200");
        event_free(event);
    }
}

static void test_a_post_of_askwhys_own_that_somebody_deleted(void **state)
{
    (void)state;
    struct event *event = event_of("message_deleted_own");
    assert_int_equal(event->kind, EVENT_UNPOSTED);
    assert_text(event->message, "1763700100.000200");
    assert_text(event->user, NULL);
    assert_text(event->keys[1], "del:C0ASKS:1763700100.000200");
    event_free(event);
}

static void test_what_programs_and_slack_itself_post_is_nothing_but_acknowledged(void **state)
{
    (void)state;
    static const char *const frames[] = {"message_own",       "message_other_bot", "message_channel_join",
                                         "app_home_messages", "reaction_added",    "block_suggestion"};
    for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
        struct event *event = event_of(frames[i]);
        assert_int_equal(event->kind, EVENT_NONE);
        event_free(event);
    }
}

/* ---- Coming and going ---- */

static void test_who_comes_and_goes(void **state)
{
    (void)state;
    static const struct {
        const char *frame;
        enum event_kind kind;
        const char *user, *channel;
    } cases[] = {
        {"member_joined_self", EVENT_INVITED, "U0DANA", "C0ASKS"},
        {"member_joined", EVENT_JOINED, "U0MIA", "C0ASKS"},
        {"user_change", EVENT_PERSON, "U0MIA", NULL},
        {"member_left", EVENT_LEFT, "U0MIA", "C0ASKS"},
        {"channel_left", EVENT_REMOVED, NULL, "C0ASKS"},
        {"group_left", EVENT_REMOVED, NULL, "G0DEALS"},
        {"app_home_opened", EVENT_HOME, "U0DANA", "D0DANA"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct event *event = event_of(cases[i].frame);
        assert_int_equal(event->kind, cases[i].kind);
        assert_text(event->user, cases[i].user);
        assert_text(event->channel, cases[i].channel);
        assert_true(event->profile.deleted == (event->kind == EVENT_PERSON));
        assert_true(event->profile.admin == (event->kind == EVENT_PERSON));
        assert_true(g_str_has_prefix(event->keys[0], "ev:Ev0"));
        assert_true(event->at_ms > 0);
        event_free(event);
    }
}

/* ---- Buttons, forms, shortcuts ---- */

static void test_a_button_of_a_message(void **state)
{
    (void)state;
    struct event *event = event_of("button_in_message");
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_text(event->action, "same"); /* what made the id unique in its message is gone */
    assert_text(event->value, "42");
    assert_text(event->message, "1763700200.000300");
    assert_text(event->thread, "1763700000.000100");
    assert_text(event->channel, "C0ASKS");
    assert_text(event->trigger, "111.222.3fac");
    assert_text(event->keys[0], "trig:111.222.3fac");
    assert_text(event->view, NULL);
    assert_int_equal(event->at_ms, 1763701300840);
    assert_false(event->accepts_reply); /* the flag is set, but such an answer carries nothing */
    event_free(event);
}

static void test_a_button_of_a_private_message_and_of_the_home_page(void **state)
{
    (void)state;
    struct event *event = event_of("button_in_ephemeral");
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_text(event->message, "1763700200.000300");
    assert_text(event->channel, "G0DEALS");
    assert_text(event->channel_name, NULL);
    assert_int_equal(event->channel_kind, CHANNEL_PRIVATE);
    assert_text(event->response_url, "https://hooks.slack.com/actions/T0ACME/111/abd");
    event_free(event);
    event = event_of("button_in_home");
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_text(event->view, "V0HOME");
    assert_text(event->channel, NULL);
    assert_text(event->message, NULL);
    event_free(event);
}

static void test_a_form(void **state)
{
    (void)state;
    struct event *event = event_of("view_submission");
    assert_int_equal(event->kind, EVENT_FORM);
    assert_text(event->form, "edit");
    assert_text(event->state, "42 C0ASKS");
    assert_text(event->view, "V0VIEW");
    assert_text(event_field(event, "title"), "Fix the door");
    assert_text(event_field(event, "due"), "2026-01-31");
    assert_text(event_field(event, "who"), "U0SAM");
    assert_text(event_field(event, "where"), "C0ASKS");
    assert_text(event_field(event, "size"), "L");
    assert_text(event_field(event, "note"), NULL);
    assert_int_equal(event->n_fields, 6);
    assert_true(event->accepts_reply);
    event_free(event);
    event = event_of("view_closed");
    assert_int_equal(event->kind, EVENT_FORM_CLOSED);
    assert_text(event->form, "edit");
    assert_text(event->state, "42 C0ASKS");
    event_free(event);
}

static void test_shortcuts(void **state)
{
    (void)state;
    struct event *event = event_of("shortcut");
    assert_int_equal(event->kind, EVENT_SHORTCUT);
    assert_text(event->action, "new_ask");
    assert_text(event->keys[0], "trig:111.222.3fab");
    event_free(event);
    event = event_of("message_shortcut");
    assert_int_equal(event->kind, EVENT_MESSAGE_SHORTCUT);
    assert_text(event->action, "raise_message");
    assert_text(event->author, "U0SAM");
    assert_text(event->message, "1763700100.000200");
    assert_text(event->thread, "1763700000.000100");
    assert_text(event->text, "we should " LINK "https://example.com/x?a=1&b=2" SEP "fix" END " this");
    assert_text(event->permalink, NULL);
    event_free(event);
    event = event_of("message_shortcut_on_bot");
    assert_int_equal(event->kind, EVENT_MESSAGE_SHORTCUT);
    assert_text(event->author, NULL);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
    event_free(event);
}

/* ---- What was read back, people, channels ---- */

static cJSON *json(const char *text)
{
    cJSON *value = json_parse(text, strlen(text), NULL);
    assert_non_null(value);
    return value;
}

static void test_history_tells_the_same_as_the_frame_did(void **state)
{
    (void)state;
    g_autoptr(cJSON) message = json("{\"type\":\"message\",\"user\":\"U0DANA\",\"text\":\"lunch?\","
                                    "\"ts\":\"1763700100.000200\",\"thread_ts\":\"1763700100.000200\"}");
    struct event *event = slack_decode_history(message, "C0ASKS", "T0ACME", &self),
                 *live = event_of("message_top");
    assert_true(event->replay);
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_text(event->envelope, NULL);
    assert_text(event->thread, NULL);
    assert_string_equal(event->keys[1], live->keys[1]);
    event_free(event);
    event_free(live);
    static const char *const nothing[] = {
        "{\"type\":\"message\",\"user\":\"U0ASKWHY\",\"text\":\"x\",\"ts\":\"1.2\"}",
        "{\"type\":\"message\",\"user\":\"U1\",\"bot_id\":\"B1\",\"text\":\"x\",\"ts\":\"1.2\"}",
        "{\"type\":\"message\",\"user\":\"U1\",\"bot_id\":[],\"text\":\"x\",\"ts\":\"1.2\"}",
        "{\"type\":\"message\",\"subtype\":\"channel_join\",\"user\":\"U1\",\"text\":\"x\",\"ts\":\"1.2\"}",
        "{\"type\":\"message\",\"user\":7,\"text\":\"x\",\"ts\":\"1.2\"}",
        "{\"type\":\"message\",\"user\":\"U1\",\"text\":{},\"ts\":\"1.2\"}",
        "[]",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++) {
        g_autoptr(cJSON) each = json(nothing[i]);
        assert_null(slack_decode_history(each, "C0ASKS", "T0ACME", &self));
    }
}

static void test_history_tells_of_an_edit_as_the_frame_would_have(void **state)
{
    (void)state;
    g_autoptr(cJSON) edited = json("{\"type\":\"message\",\"user\":\"U0DANA\",\"text\":\"dinner?\",\"ts\":\"1763700100.000200\","
                                   "\"edited\":{\"user\":\"U0DANA\",\"ts\":\"1763700160.000000\"}}");
    struct event *event = slack_decode_history_edit(edited, "C0ASKS", "T0ACME", &self);
    assert_int_equal(event->kind, EVENT_EDITED);
    assert_true(event->replay);
    assert_text(event->text, "dinner?");
    assert_text(event->message, "1763700100.000200");
    assert_text(event->revision, "1763700160.000000");
    assert_string_equal(event->keys[1], "edit:C0ASKS:1763700100.000200:1763700160.000000");
    event_free(event);
    g_autoptr(cJSON) untouched = json("{\"type\":\"message\",\"user\":\"U0DANA\",\"text\":\"x\",\"ts\":\"1763700100.000200\"}");
    assert_null(slack_decode_history_edit(untouched, "C0ASKS", "T0ACME", &self));
}

static void test_a_person(void **state)
{
    (void)state;
    g_autoptr(cJSON) answer = json(
        "{\"ok\":true,\"user\":{\"id\":\"U0DANA\",\"name\":\"dana\",\"tz\":\"Europe/"
        "Tallinn\",\"locale\":\"et-EE\","
        "\"is_restricted\":true,\"profile\":{\"display_name\":\"\",\"real_name\":\"Dana \\u0011Reyes\"}}}");
    struct event *event = slack_decode_person(answer);
    assert_int_equal(event->kind, EVENT_PERSON);
    assert_text(event->user, "U0DANA");
    assert_text(event->profile.name, "Dana Reyes");
    assert_text(event->profile.zone, "Europe/Tallinn");
    assert_text(event->profile.locale, "et-EE");
    assert_true(event->profile.guest && !event->profile.bot && !event->profile.deleted);
    event_free(event);
    g_autoptr(cJSON) refused = json("{\"ok\":false,\"error\":\"user_not_found\"}");
    assert_null(slack_decode_person(refused));
    assert_null(slack_decode_person(NULL));
}

static void test_a_channel(void **state)
{
    (void)state;
    static const struct {
        const char *flags;
        enum channel_kind kind;
    } cases[] = {
        {"\"is_channel\":true,\"is_private\":false", CHANNEL_PUBLIC},
        {"\"is_channel\":true,\"is_private\":true", CHANNEL_PRIVATE},
        {"\"is_group\":true", CHANNEL_PRIVATE},
        {"\"is_mpim\":true,\"is_private\":true", CHANNEL_PRIVATE},
        {"\"is_im\":true", CHANNEL_DIRECT},
        {"\"is_private\":\"no\"", CHANNEL_UNKNOWN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"ok\":true,\"channel\":{\"id\":\"C1\",\"name\":\"asks\",%s}}", cases[i].flags);
        g_autoptr(cJSON) answer = json(text);
        struct event *event = slack_decode_channel(answer);
        assert_int_equal(event->kind, EVENT_CHANNEL);
        assert_text(event->channel_name, "asks");
        assert_int_equal(event->channel_kind, cases[i].kind);
        event_free(event);
    }
}

/* ---- Hostile frames ---- */

static void test_what_is_no_frame_is_refused(void **state)
{
    (void)state;
    assert_unusable("", NULL, "not JSON, or nested too deep");
    assert_unusable("[1]", NULL, "\"type\" is missing or of a wrong type");
    assert_unusable("{\"type\":\"hello\"} x", NULL, "bytes behind the JSON value");
    assert_unusable("{\"type\":\"events_api\"}", NULL, "\"envelope_id\" is missing or of a wrong type");
    assert_unusable("{\"type\":\"events_api\",\"envelope_id\":\"e\\n1\",\"payload\":{}}", NULL,
                    "\"envelope_id\" is missing or of a wrong type");
    assert_unusable("{\"type\":7,\"envelope_id\":\"e1\",\"payload\":{}}", "e1",
                    "\"type\" is missing or of a wrong type");
    assert_unusable("{\"type\":\"interactive\",\"envelope_id\":\"e1\",\"payload\":[]}", "e1",
                    "\"payload\" is missing or of a wrong type");
    assert_unusable("{\"type\":\"slash_commands\",\"envelope_id\":\"e1\",\"payload\":{}}", "e1",
                    "\"user_id\" is missing or of a wrong type");
}

static void test_a_frame_that_cannot_be_parsed_can_still_be_acknowledged(void **state)
{
    (void)state;
    assert_unusable("{\"envelope_id\": \"e1\", \"type\":\"events_api\",\"payload\":{\"text\":\"\\u0000\"}}",
                    "e1", "contains \\u0000");
    assert_unusable("{\"payload\":{\"text\":\"\xff\"},\"envelope_id\":\"e1\"}", "e1", "not valid UTF-8");
    /* Words that look like an envelope are none. */
    assert_unusable("{\"text\":\"\\\"envelope_id\\\":\\\"e9\\\"\",", NULL, "not JSON, or nested too deep");
    GString *deep = g_string_new("{\"envelope_id\":\"e1\",\"type\":\"events_api\",\"payload\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    assert_unusable(deep->str, "e1", "not JSON, or nested too deep");
    g_string_free(deep, TRUE);
}

static void test_a_giant_frame(void **state)
{
    (void)state;
    GString *giant =
        g_string_new("{\"envelope_id\":\"e1\",\"type\":\"slash_commands\",\"payload\":{\"text\":\"");
    for (int i = 0; i < 10 * 1024 * 1024 / 16; i++)
        g_string_append(giant, "0123456789abcdef");
    g_string_append(giant, "\"}}");
    assert_unusable(giant->str, "e1", "larger than 8 MiB");
    g_string_free(giant, TRUE);
}

/* A message event whose text is this JSON string's inside. */
static struct event *message_saying(const char *escaped)
{
    g_autofree char *text = g_strdup_printf("{\"envelope_id\":\"e1\",\"type\":\"events_api\",\"payload\":{"
                                            "\"type\":\"event_callback\",\"team_id\":\"T1\","
                                            "\"event_id\":\"Ev1\",\"event\":{\"type\":\"message\","
                                            "\"channel\":\"C1\",\"user\":\"U1\",\"ts\":\"1.2\","
                                            "\"text\":\"%s\"}}}",
                                            escaped);
    struct slack_frame frame;
    decode(text, &frame);
    assert_int_equal(frame.kind, SLACK_ENVELOPE);
    struct event *event = g_steal_pointer(&frame.event);
    slack_frame_done(&frame);
    return event;
}

static void test_forty_thousand_characters_are_kept_and_no_marker_is_torn(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 40000; i++)
        g_string_append(text, "왜");
    struct event *event = message_saying(text->str);
    assert_int_equal(g_utf8_strlen(event->text, -1), 40000);
    event_free(event);
    g_string_append(text, "왜");
    event = message_saying(text->str);
    assert_int_equal(g_utf8_strlen(event->text, -1), 40000);
    event_free(event);
    g_string_truncate(text, 3 * 39998);
    g_string_append(text, "<@U0SAM> and more");
    event = message_saying(text->str);
    assert_int_equal(g_utf8_strlen(event->text, -1), 39998);
    assert_null(strpbrk(event->text, PERSON));
    event_free(event);
    g_string_free(text, TRUE);
}

static void test_only_the_parser_makes_markers(void **state)
{
    (void)state;
    struct event *event =
        message_saying("a\\u0012U9\\u001e \\u0011U9\\u001e <!channel> &lt;@U9&gt; ]} ` \\\" \\u202e");
    assert_text(event->text, "aU9 U9 @channel <@U9> ]} ` \" \u202e\u202c");
    event_free(event);
}

static void test_each_field_of_a_wrong_type_is_named_and_its_content_is_not(void **state)
{
    (void)state;
    static const char *const needed[] = {"user_id", "channel_id", "command", "trigger_id"};
    static const char *const wrong[] = {
        "7", "null", "true", "[]", "{\"x\":\"secret\"}", "\"\"", "\"se cret\\u0007\""};
    g_autofree char *text = read_frame("slash_command");
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++) {
        for (gsize w = 0; w < G_N_ELEMENTS(wrong); w++) {
            if (strcmp(needed[i], "command") == 0 && w == 6)
                continue; /* no id: any words are a command somebody may know */
            g_autoptr(cJSON) frame = json(text);
            cJSON *payload = cJSON_GetObjectItemCaseSensitive(frame, "payload");
            cJSON_ReplaceItemInObjectCaseSensitive(payload, needed[i], json(wrong[w]));
            g_autofree char *broken = json_text(frame);
            g_autofree char *reason = g_strdup_printf("\"%s\" is missing or of a wrong type", needed[i]);
            assert_unusable(broken, "1d3c79ab-0ffb-41f3-a080-d19e85f53649", reason);
        }
    }
}

/* Every value of every frame replaced by every other kind of value. */
static void break_each(cJSON *root, cJSON *node, int *count)
{
    static const char *const values[] = {"null", "true", "-1.5", "\"\"", "\"\\u0011x\\u001e<@U1>\"",
                                         "[]",   "{}",   "[{}]"};
    for (cJSON *child = node->child; child != NULL;) {
        cJSON *next = child->next;
        for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
            cJSON *other = json(values[i]);
            cJSON saved = *child;
            child->type = (saved.type & 0xff) == (other->type & 0xff) ? saved.type : other->type;
            child->child = other->child;
            child->valuestring = other->valuestring;
            child->valuedouble = other->valuedouble;
            g_autofree char *text = json_text(root);
            *child = saved;
            struct slack_frame frame;
            decode(text, &frame);
            if (frame.kind == SLACK_UNUSABLE)
                assert_non_null(frame.reason);
            if (frame.kind == SLACK_ENVELOPE)
                assert_non_null(frame.event);
            slack_frame_done(&frame);
            cJSON_Delete(other);
            (*count)++;
        }
        break_each(root, child, count);
        child = next;
    }
}

static void test_no_wrong_type_anywhere_does_harm(void **state)
{
    (void)state;
    g_autoptr(GDir) dir = g_dir_open(TESTS_DIR "/unit/slack/frames", 0, NULL);
    assert_non_null(dir);
    const char *name;
    int count = 0;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *bare = g_strndup(name, strlen(name) - strlen(".json"));
        g_autofree char *text = read_frame(bare);
        g_autoptr(cJSON) root = json(text);
        break_each(root, root, &count);
    }
    assert_true(count > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello_and_disconnect),
        cmocka_unit_test(test_a_command),
        cmocka_unit_test(test_a_reply_in_a_thread),
        cmocka_unit_test(test_posts_with_files_broadcasts_and_me_are_said_too),
        cmocka_unit_test(test_a_direct_message),
        cmocka_unit_test(test_one_post_that_mentions_us_comes_twice_and_is_one),
        cmocka_unit_test(test_before_we_know_who_we_are_the_frame_tells),
        cmocka_unit_test(test_an_edit_counts_only_when_the_words_changed),
        cmocka_unit_test(test_a_deleted_post),
        cmocka_unit_test(test_a_post_of_askwhys_own_that_somebody_deleted),
        cmocka_unit_test(test_what_programs_and_slack_itself_post_is_nothing_but_acknowledged),
        cmocka_unit_test(test_who_comes_and_goes),
        cmocka_unit_test(test_a_button_of_a_message),
        cmocka_unit_test(test_a_button_of_a_private_message_and_of_the_home_page),
        cmocka_unit_test(test_a_form),
        cmocka_unit_test(test_shortcuts),
        cmocka_unit_test(test_history_tells_the_same_as_the_frame_did),
        cmocka_unit_test(test_history_tells_of_an_edit_as_the_frame_would_have),
        cmocka_unit_test(test_a_person),
        cmocka_unit_test(test_a_channel),
        cmocka_unit_test(test_what_is_no_frame_is_refused),
        cmocka_unit_test(test_a_frame_that_cannot_be_parsed_can_still_be_acknowledged),
        cmocka_unit_test(test_a_giant_frame),
        cmocka_unit_test(test_forty_thousand_characters_are_kept_and_no_marker_is_torn),
        cmocka_unit_test(test_only_the_parser_makes_markers),
        cmocka_unit_test(test_each_field_of_a_wrong_type_is_named_and_its_content_is_not),
        cmocka_unit_test(test_no_wrong_type_anywhere_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
