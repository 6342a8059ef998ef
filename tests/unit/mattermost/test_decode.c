/* Every frame Mattermost sends becomes one event, or nothing, or is refused by name; never a crash. */
#include "heard.h"

#define ADDRESS PERSON ASKWHY END

/* ---- The connection's own frames ---- */

static void test_the_connection_says_who_it_is_and_which_version(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *data, *connection, *version;
    } cases[] = {
        {"{\"connection_id\":\"88e6c95jity6t88ae79nt88oqa\",\"server_version\":\"5.37.0.5.37.0.c76d.false\"}",
         "88e6c95jity6t88ae79nt88oqa", "5.37.0"},
        {"{\"connection_id\":\"88e6c95jity6t88ae79nt88oqa\",\"server_version\":\"11.2.1.20260801.abc.true\","
         "\"server_hostname\":\"node-1\"}",
         "88e6c95jity6t88ae79nt88oqa", "11.2.1"},
        {"{\"server_version\":\"5.31.0..c76d.false\"}", NULL, "5.31.0"},
        {"{\"connection_id\":\"\",\"server_version\":\"dev\"}", NULL, NULL},
        {"{\"connection_id\":null,\"server_version\":\"5.3\"}", NULL, NULL},
        {"{}", NULL, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"event\":\"hello\",\"data\":%s,\"seq\":0}\n", cases[i].data);
        mattermost_frame_done(&hearer->frame);
        mattermost_decode(text, strlen(text), &self, hearer->names, &hearer->frame);
        assert_int_equal(hearer->frame.kind, MATTERMOST_HELLO);
        assert_int_equal(hearer->frame.seq, 0);
        assert_text(hearer->frame.connection, cases[i].connection);
        assert_text(hearer->frame.version, cases[i].version);
    }
    hear_nonsense(hearer, "{\"event\":\"hello\",\"data\":{\"connection_id\":\"a b\"},\"seq\":0}", 0,
                  "\"data.connection_id\" is missing or of a wrong type");
}

static void test_an_action_is_answered(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *text;
        bool ok;
        int64_t reply;
        const char *reason;
    } cases[] = {
        {"{\"status\":\"OK\",\"seq_reply\":1}", true, 1, NULL},
        {"{\"status\":\"OK\",\"seq_reply\":7,\"data\":{\"text\":\"pong\",\"version\":\"5.37.0\"}}", true, 7, NULL},
        {"{\"status\":\"FAIL\",\"seq_reply\":2,\"error\":{\"id\":\"api.web_socket_router.bad_action.app_error\","
         "\"message\":\"Unknown WebSocket action.\",\"detailed_error\":\"\",\"status_code\":500}}",
         false, 2, "api.web_socket_router.bad_action.app_error"},
        {"{\"status\":\"FAIL\",\"error\":{\"id\":\"api.web_socket_router.bad_seq.app_error\"}}", false, 0,
         "api.web_socket_router.bad_seq.app_error"},
        {"{\"status\":\"FAIL\",\"seq_reply\":-5}", false, 0, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        mattermost_frame_done(&hearer->frame);
        mattermost_decode(cases[i].text, strlen(cases[i].text), &self, hearer->names, &hearer->frame);
        assert_int_equal(hearer->frame.kind, MATTERMOST_REPLY);
        assert_int_equal(hearer->frame.seq, -1);
        assert_int_equal(hearer->frame.ok, cases[i].ok);
        assert_int_equal(hearer->frame.reply, cases[i].reply);
        assert_text(hearer->frame.reason, cases[i].reason);
        assert_null(hearer->frame.event);
    }
}

static void test_what_does_not_concern_us_is_counted_all_the_same(void **state)
{
    struct hearer *hearer = *state;
    static const char *const others[] = {
        "typing",       "status_change",   "channel_viewed",  "multiple_channels_viewed", "reaction_added", "new_user",
        "direct_added", "group_added",     "added_to_team",   "thread_updated",           "channel_created",
        "preferences_changed", "channel_deleted", "channel_restored", "ephemeral_message", "of days to come",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *text = g_strdup_printf("{\"event\":\"%s\",\"data\":{\"x\":[1]},\"seq\":%u}", others[i], (guint)i);
        assert_int_equal(hear(hearer, text)->kind, EVENT_NONE);
        assert_int_equal(hearer->frame.seq, i);
    }
}

/* ---- Posts ---- */

static void test_a_reply_in_a_thread(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear_post(hearer, "posted", "{\"message\":\"Acme's IT forbids **passwords**\"}", "{}");
    assert_int_equal(hearer->frame.seq, 4);
    assert_text(hearer->frame.text, "Acme's IT forbids **passwords**");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_text(event->text, "Acme's IT forbids **passwords**");
    assert_text(event->workspace, TEAM);
    assert_text(event->user, DANA);
    assert_text(event->user_name, "dana");
    assert_text(event->channel, CHANNEL);
    assert_text(event->channel_name, "product-asks");
    assert_int_equal(event->channel_kind, CHANNEL_PUBLIC);
    assert_text(event->message, POST);
    assert_text(event->thread, ROOT);
    assert_text(event->cursor, "1795280975640");
    assert_text(event->keys[0], NULL);
    assert_text(event->keys[1], "post:" POST);
    assert_int_equal(event->at_ms, 1795280975630);
    assert_int_equal(event->posted_ms, 1795280975630);
    assert_false(event->addressed || event->replay || event->accepts_reply);
    assert_text(names_find(hearer->names, "dana"), DANA);
}

static void test_a_post_of_the_newest_servers(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event =
        hear_post(hearer, "posted",
                  "{\"parent_id\":true,\"file_ids\":null,\"participants\":[{\"id\":\"" DANA "\"}],\"remote_id\":\"\","
                  "\"props\":{\"disable_group_highlight\":true},\"has_reactions\":true,\"is_following\":true,"
                  "\"metadata\":{\"priority\":{\"priority\":\"urgent\"}}}",
                  "{\"followers\":\"[\\\"" DANA "\\\"]\",\"should_ack\":false,\"otherFile\":\"true\"}");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_text(event->thread, ROOT);
    event = hear_post(hearer, "posted", "{\"props\":null,\"root_id\":true,\"type\":true,\"update_at\":true}", "{}");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_text(event->thread, NULL);
    assert_text(event->cursor, "1795280975630");
}

static void test_a_direct_message(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event =
        hear_post(hearer, "posted", "{\"root_id\":\"\",\"message\":\"list\"}",
                  "{\"channel_type\":\"D\",\"team_id\":\"\",\"channel_name\":\"" DANA "__" ASKWHY "\","
                  "\"channel_display_name\":\"@dana\",\"mentions\":\"[\\\"" ASKWHY "\\\"]\"}");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
    assert_text(event->text, "list");
    assert_text(event->channel_name, NULL);
    assert_text(event->workspace, NULL);
    assert_text(event->thread, NULL);
    assert_false(event->addressed);
    event = hear_post(hearer, "posted", "{\"message\":\"@askwhy list\"}", "{\"channel_type\":\"D\"}");
    assert_int_equal(event->kind, EVENT_MESSAGE);
    assert_text(event->text, "list");
    assert_true(event->addressed);
}

static void test_channels_are_of_three_kinds(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *data;
        enum channel_kind kind;
        const char *name;
    } cases[] = {
        {"{\"channel_type\":\"O\"}", CHANNEL_PUBLIC, "product-asks"},
        {"{\"channel_type\":\"P\"}", CHANNEL_PRIVATE, "product-asks"},
        {"{\"channel_type\":\"G\",\"channel_name\":\"832fd1fa39fca1363988989455b96b109e989f41\","
         "\"channel_display_name\":\"askwhy, dana, eli\"}",
         CHANNEL_PRIVATE, "askwhy, dana, eli"},
        {"{\"channel_type\":\"X\"}", CHANNEL_UNKNOWN, "product-asks"},
        {"{\"channel_type\":true}", CHANNEL_UNKNOWN, "product-asks"},
        {"{\"channel_name\":true}", CHANNEL_PUBLIC, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct event *event = hear_post(hearer, "posted", "{}", cases[i].data);
        assert_int_equal(event->channel_kind, cases[i].kind);
        assert_text(event->channel_name, cases[i].name);
    }
    assert_int_equal(mattermost_channel_kind(NULL), CHANNEL_UNKNOWN);
}

/* ---- Addressed ---- */

static void test_a_mention_leads_the_words_or_stands_among_them(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *said, *heard;
    } cases[] = {
        {"@askwhy show 12", "show 12"},
        {"@AskWhy: show 12", "show 12"},
        {"@askwhy, show 12", "show 12"},
        {"  @askwhy\\nshow 12", "show 12"},
        {"@askwhy", ""},
        {"hey @askwhy, look", "hey " ADDRESS ", look"},
        {"`@askwhy` is you, @askwhy?", "`" ADDRESS "` is you, " ADDRESS "?"},
        {"don`t @askwhy", "don`t " ADDRESS},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = g_strdup_printf("{\"message\":\"%s\"}", cases[i].said);
        const struct event *event = hear_post(hearer, "posted", words, "{\"mentions\":\"[\\\"" ASKWHY "\\\"]\"}");
        assert_int_equal(event->kind, EVENT_MENTION);
        assert_true(event->addressed);
        assert_text(event->text, cases[i].heard);
    }
}

/* Who calls everybody is in the list of those who are mentioned too, but speaks to nobody. */
static void test_who_calls_everybody_or_somebody_else_does_not_address_us(void **state)
{
    struct hearer *hearer = *state;
    static const char *const said[] = {"@channel all of you", "@all lunch", "@askwhy-x do", "mail a@askwhy.com",
                                       "`@askwhy` is a bot",  "askwhy is a word", "`a` `x @askwhy`"};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        g_autofree char *words = g_strdup_printf("{\"message\":\"%s\"}", said[i]);
        const struct event *event = hear_post(hearer, "posted", words, "{\"mentions\":\"[\\\"" ASKWHY "\\\"]\"}");
        if (event->addressed || event->kind != EVENT_MESSAGE)
            fail_msg("taken for addressed: %s", said[i]);
    }
}

static void test_before_we_know_who_we_are_nobody_addresses_us(void **state)
{
    struct hearer *hearer = *state;
    static const struct mattermost_self nobody = {.user = "", .handle = ""};
    g_autofree char *text = a_frame("posted", "{\"message\":\"@askwhy show 12\"}", "{}");
    mattermost_decode(text, strlen(text), &nobody, hearer->names, &hearer->frame);
    assert_int_equal(hearer->frame.event->kind, EVENT_MESSAGE);
    assert_false(hearer->frame.event->addressed);
}

static void test_once_somebodys_name_is_learnt_the_same_frame_tells_of_them(void **state)
{
    struct hearer *hearer = *state;
    g_autofree char *text = a_frame("posted", "{\"message\":\"@eli decides\"}", "{}");
    assert_text(hear(hearer, text)->text, "@eli decides");
    names_learn(hearer->names, ELI, "eli", "Eli Tamm");
    assert_text(hear(hearer, text)->text, PERSON ELI END " decides");
}

/* ---- Programs ---- */

static void test_posts_of_programs_concern_nobody_but_show_how_far_we_have_heard(void **state)
{
    struct hearer *hearer = *state;
    static const char *const posts[] = {
        "{\"user_id\":\"" ASKWHY "\"}",
        "{\"props\":{\"from_bot\":\"true\"}}",
        "{\"props\":{\"from_webhook\":\"true\"}}",
        "{\"props\":{\"from_bot\":true}}",
        "{\"props\":null,\"type\":\"custom_zoom\"}",
        "{\"type\":\"system_header_change\"}",
        "{\"type\":\"system_add_to_team\",\"props\":{\"addedUserId\":\"" ELI "\"}}",
    };
    static const char *const kinds[] = {"posted", "post_edited", "post_deleted"};
    for (gsize i = 0; i < G_N_ELEMENTS(posts) * G_N_ELEMENTS(kinds); i++) {
        const struct event *event =
            hear_post(hearer, kinds[i % G_N_ELEMENTS(kinds)], posts[i / G_N_ELEMENTS(kinds)], "{}");
        assert_int_equal(event->kind, EVENT_NONE);
        assert_text(event->channel, CHANNEL);
        assert_text(event->cursor, "1795280975640");
        assert_null(hearer->frame.text);
    }
}

static void test_posts_with_attachments_and_me_are_said_too(void **state)
{
    struct hearer *hearer = *state;
    assert_int_equal(hear_post(hearer, "posted", "{\"type\":\"me\"}", "{}")->kind, EVENT_MESSAGE);
    assert_int_equal(hear_post(hearer, "posted", "{\"type\":\"slack_attachment\"}", "{}")->kind, EVENT_MESSAGE);
}

/* ---- Edited, deleted ---- */

static void test_an_edit_has_its_own_key_and_moment(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear_post(hearer, "post_edited",
                                          "{\"message\":\"@askwhy 40 k\",\"edit_at\":1795280976000,"
                                          "\"update_at\":1795280976000}",
                                          "{\"channel_type\":true,\"sender_name\":true,\"team_id\":true}");
    assert_int_equal(event->kind, EVENT_EDITED);
    assert_int_equal(event->channel_kind, CHANNEL_UNKNOWN);
    assert_text(event->text, "40 k");
    assert_true(event->addressed);
    assert_text(event->message, POST);
    assert_text(event->thread, ROOT);
    assert_text(event->user, DANA);
    assert_text(event->revision, "1795280976000");
    assert_text(event->cursor, "1795280976000");
    assert_text(event->keys[1], "post:" POST ":1795280976000");
    assert_int_equal(event->at_ms, 1795280976000);
    assert_int_equal(event->posted_ms, 1795280975630);
}

/* A preview, a pin: the post is the same. */
static void test_what_was_never_edited_is_no_edit(void **state)
{
    struct hearer *hearer = *state;
    assert_int_equal(hear_post(hearer, "post_edited", "{\"is_pinned\":false}", "{}")->kind, EVENT_NONE);
}

static void test_a_deletion(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear_post(hearer, "post_deleted", "{}", "{}");
    assert_int_equal(event->kind, EVENT_DELETED);
    assert_text(event->message, POST);
    assert_text(event->thread, ROOT);
    assert_text(event->user, DANA);
    assert_text(event->text, NULL);
    assert_text(event->keys[1], "post:" POST ":deleted");
    assert_int_equal(event->at_ms, 0);
    event = hear_post(hearer, "post_deleted", "{\"delete_at\":1795280977000,\"update_at\":1795280977000}",
                      "{\"delete_by\":\"" ELI "\"}");
    assert_int_equal(event->at_ms, 1795280977000);
    assert_text(event->cursor, "1795280977000");
}

/* ---- Who is where ---- */

static void test_the_servers_own_posts_tell_who_came_and_went_and_when(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *post;
        enum event_kind kind;
        const char *user;
    } cases[] = {
        {"{\"type\":\"system_join_channel\"}", EVENT_JOINED, DANA},
        {"{\"type\":\"system_guest_join_channel\"}", EVENT_JOINED, DANA},
        {"{\"type\":\"system_leave_channel\"}", EVENT_LEFT, DANA},
        {"{\"type\":\"system_add_to_channel\",\"props\":{\"addedUserId\":\"" ELI "\"}}", EVENT_JOINED, ELI},
        {"{\"type\":\"system_add_guest_to_chan\",\"props\":{\"addedUserId\":\"" ELI "\"}}", EVENT_JOINED, ELI},
        {"{\"type\":\"system_remove_from_channel\",\"props\":{\"removedUserId\":\"" ELI "\"}}", EVENT_LEFT, ELI},
        {"{\"type\":\"system_add_to_channel\",\"props\":{\"addedUserId\":\"" ASKWHY "\"}}", EVENT_INVITED, DANA},
        {"{\"type\":\"system_join_channel\",\"user_id\":\"" ASKWHY "\"}", EVENT_INVITED, NULL},
        {"{\"type\":\"system_remove_from_channel\",\"props\":{\"removedUserId\":\"" ASKWHY "\"}}", EVENT_REMOVED, NULL},
        {"{\"type\":\"system_channel_deleted\"}", EVENT_REMOVED, NULL},
        {"{\"type\":\"system_channel_restored\"}", EVENT_INVITED, NULL},
        {"{\"type\":\"system_add_to_channel\",\"props\":{}}", EVENT_NONE, NULL},
        {"{\"type\":\"system_remove_from_channel\",\"props\":null}", EVENT_NONE, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct event *event = hear_post(hearer, "posted", cases[i].post, "{\"sender_name\":\"System\"}");
        assert_int_equal(event->kind, cases[i].kind);
        assert_text(event->user, cases[i].user);
        assert_text(event->user_name, NULL);
        assert_text(event->channel, CHANNEL);
        if (event->kind != EVENT_NONE) {
            assert_int_equal(event->at_ms, 1795280975630);
            assert_text(event->keys[1], "post:" POST);
        }
    }
}

static void test_events_tell_who_came_and_went_as_well(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *event, *data, *broadcast;
        enum event_kind kind;
        const char *user;
    } cases[] = {
        {"user_added", "\"user_id\":\"" ELI "\",\"team_id\":\"" TEAM "\"", "\"channel_id\":\"" CHANNEL "\"", EVENT_JOINED, ELI},
        {"user_added", "\"user_id\":\"" ASKWHY "\"", "\"channel_id\":\"" CHANNEL "\"", EVENT_INVITED, NULL},
        {"user_removed", "\"user_id\":\"" ELI "\",\"remover_id\":\"" DANA "\"", "\"channel_id\":\"" CHANNEL "\"", EVENT_LEFT, ELI},
        {"user_removed", "\"channel_id\":\"" CHANNEL "\",\"remover_id\":\"" DANA "\"",
         "\"channel_id\":\"\",\"user_id\":\"" ASKWHY "\"", EVENT_REMOVED, NULL},
        {"user_removed", "\"user_id\":\"" ASKWHY "\"", "\"channel_id\":\"" CHANNEL "\"", EVENT_REMOVED, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"event\":\"%s\",\"data\":{%s},\"broadcast\":{%s},\"seq\":9}",
                                                cases[i].event, cases[i].data, cases[i].broadcast);
        const struct event *event = hear(hearer, text);
        assert_int_equal(event->kind, cases[i].kind);
        assert_text(event->user, cases[i].user);
        assert_text(event->channel, CHANNEL);
        assert_text(event->cursor, NULL);
        assert_int_equal(event->at_ms, 0);
    }
    hear_nonsense(hearer, "{\"event\":\"user_added\",\"data\":{},\"broadcast\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":9}",
                  9, "\"data.user_id\" is missing or of a wrong type");
    hear_nonsense(hearer, "{\"event\":\"user_removed\",\"data\":{\"user_id\":\"" ELI "\"},\"seq\":9}", 9,
                  "\"data.channel_id\" is missing or of a wrong type");
}

/* ---- People and channels ---- */

#define A_USER "\"id\":\"" ELI "\",\"username\":\"eli\",\"nickname\":\"\",\"first_name\":\"Eli\",\"last_name\":\"Tamm\""

static void test_news_of_people_we_have_met(void **state)
{
    struct hearer *hearer = *state;
    static const char frame[] = "{\"event\":\"user_updated\",\"data\":{\"user\":{" A_USER "}},\"seq\":3}";
    assert_int_equal(hear(hearer, frame)->kind, EVENT_NONE);
    assert_text(hearer->frame.changed_user, ELI);
    assert_null(names_find(hearer->names, "eli"));
    names_learn(hearer->names, ELI, "old.eli", NULL);
    const struct event *event = hear(hearer, frame);
    assert_int_equal(event->kind, EVENT_PERSON);
    assert_text(event->user, ELI);
    assert_text(event->profile.name, "Eli Tamm");
    assert_text(hearer->frame.changed_user, ELI);
    assert_text(names_find(hearer->names, "eli"), ELI);
    assert_null(names_find(hearer->names, "old.eli"));
    assert_int_equal(hear(hearer, "{\"event\":\"user_updated\",\"data\":{\"user\":{\"id\":\"" ELI "\"}},\"seq\":3}")->kind,
                     EVENT_NONE);
    hear_nonsense(hearer, "{\"event\":\"user_updated\",\"data\":{\"user\":7},\"seq\":3}", 3,
                  "\"data.user\" is missing or of a wrong type");
}

static void test_news_of_channels(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear(
        hearer, "{\"event\":\"channel_updated\",\"data\":{\"channel\":\"{\\\"id\\\":\\\"" CHANNEL "\\\",\\\"type\\\":"
                "\\\"P\\\",\\\"name\\\":\\\"asks\\\",\\\"team_id\\\":\\\"" TEAM "\\\"}\"},\"seq\":3}");
    assert_int_equal(event->kind, EVENT_CHANNEL);
    assert_text(event->channel, CHANNEL);
    assert_text(event->channel_name, "asks");
    assert_text(event->workspace, TEAM);
    assert_int_equal(event->channel_kind, CHANNEL_PRIVATE);
    assert_null(hearer->frame.changed_channel);
    event = hear_post(hearer, "posted", "{\"type\":\"system_change_chan_privacy\"}", "{\"channel_type\":\"P\"}");
    assert_int_equal(event->kind, EVENT_CHANNEL);
    assert_int_equal(event->channel_kind, CHANNEL_PRIVATE);
    assert_text(event->channel_name, "product-asks");
    static const char *const hints[] = {
        "{\"event\":\"channel_converted\",\"data\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":3}",
        "{\"event\":\"channel_updated\",\"data\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":3}",
        "{\"event\":\"channel_updated\",\"data\":{},\"broadcast\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":3}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++) {
        assert_int_equal(hear(hearer, hints[i])->kind, EVENT_NONE);
        assert_text(hearer->frame.changed_channel, CHANNEL);
    }
    hear_nonsense(hearer, "{\"event\":\"channel_updated\",\"data\":{\"channel\":\"{\"},\"seq\":3}", 3,
                  "\"data.channel\" is missing or of a wrong type");
}

static void test_a_person_is_called_what_they_wish(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *fields, *name;
    } cases[] = {
        {"\"nickname\":\"Lis\",\"first_name\":\"Eli\",\"last_name\":\"Tamm\"", "Lis"},
        {"\"nickname\":\"  \",\"first_name\":\"Eli\",\"last_name\":\"Tamm\"", "Eli Tamm"},
        {"\"first_name\":\"Eli\"", "Eli"},
        {"\"last_name\":\"Tamm\"", "Tamm"},
        {"\"nickname\":\"\"", "Eli"},
        {"\"nickname\":\"Eli\\nTamm \\u0011\"", "Eli Tamm"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"id\":\"" ELI "\",\"username\":\"Eli\",%s}", cases[i].fields);
        g_autoptr(cJSON) user = json_of(text);
        struct event *event = mattermost_decode_person(user, hearer->names);
        assert_int_equal(event->kind, EVENT_PERSON);
        assert_text(event->profile.handle, "eli");
        assert_text(event->profile.name, cases[i].name);
        assert_text(names_find(hearer->names, "ELI"), ELI);
        assert_text(names_name(hearer->names, ELI), event->profile.name);
        event_free(event);
    }
}

static void test_a_person_has_a_zone_a_language_and_perhaps_left(void **state)
{
    struct hearer *hearer = *state;
    g_autoptr(cJSON) user = json_of(
        "{" A_USER ",\"locale\":\"et\",\"delete_at\":1795280977000,\"roles\":\"system_guest custom\",\"is_bot\":true,"
        "\"timezone\":{\"useAutomaticTimezone\":\"true\",\"automaticTimezone\":\"Europe/Tallinn\","
        "\"manualTimezone\":\"Asia/Seoul\"}}");
    struct event *event = mattermost_decode_person(user, hearer->names);
    assert_text(event->profile.zone, "Europe/Tallinn");
    assert_text(event->profile.locale, "et");
    assert_true(event->profile.deleted && event->profile.guest && event->profile.bot);
    event_free(event);
    change(user, "{\"timezone\":{\"useAutomaticTimezone\":\"false\",\"automaticTimezone\":\"Europe/Tallinn\","
                 "\"manualTimezone\":\"Asia/Seoul\"},\"roles\":\"system_user system_guests\",\"delete_at\":0,\"is_bot\":null}");
    event = mattermost_decode_person(user, hearer->names);
    assert_text(event->profile.zone, "Asia/Seoul");
    assert_false(event->profile.deleted || event->profile.guest || event->profile.bot);
    event_free(event);
    change(user, "{\"timezone\":null,\"locale\":7}");
    event = mattermost_decode_person(user, hearer->names);
    assert_text(event->profile.zone, NULL);
    assert_text(event->profile.locale, NULL);
    event_free(event);
    static const char *const none[] = {"{}", "[]", "7", "{\"id\":\"" ELI "\"}", "{\"id\":\"x\",\"username\":\"eli\"}",
                                       "{\"id\":\"" ELI "\",\"username\":\"e li\"}",
                                       "{\"id\":\"" ELI "\",\"username\":7}"};
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autoptr(cJSON) nobody = json_of(none[i]);
        assert_null(mattermost_decode_person(nobody, hearer->names));
    }
    assert_null(mattermost_decode_person(NULL, hearer->names));
}

static void test_a_channel(void **state)
{
    (void)state;
    g_autoptr(cJSON) json = json_of("{\"id\":\"" CHANNEL "\",\"type\":\"O\",\"name\":\"asks\",\"display_name\":\"Asks!\","
                                    "\"team_id\":\"\",\"delete_at\":0,\"policy_id\":null}");
    struct event *event = mattermost_decode_channel(json);
    assert_int_equal(event->kind, EVENT_CHANNEL);
    assert_int_equal(event->channel_kind, CHANNEL_PUBLIC);
    assert_text(event->channel_name, "asks");
    assert_text(event->workspace, NULL);
    event_free(event);
    change(json, "{\"type\":\"D\",\"name\":\"" DANA "__" ASKWHY "\",\"display_name\":\"\"}");
    event = mattermost_decode_channel(json);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
    assert_text(event->channel_name, NULL);
    event_free(event);
    change(json, "{\"id\":\"../users\"}");
    assert_null(mattermost_decode_channel(json));
    assert_null(mattermost_decode_channel(NULL));
}

/* ---- Hostile frames ---- */

static void test_a_post_that_lacks_something_is_refused_by_its_name(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"id\":true}", "id"},
        {"{\"id\":\"../../users/me\"}", "id"},
        {"{\"id\":7}", "id"},
        {"{\"user_id\":true}", "user_id"},
        {"{\"user_id\":\"\"}", "user_id"},
        {"{\"channel_id\":[]}", "channel_id"},
        {"{\"root_id\":\"short\"}", "root_id"},
        {"{\"root_id\":\"" POST "\"}", "root_id"},
        {"{\"create_at\":true}", "create_at"},
        {"{\"create_at\":\"now\"}", "create_at"},
        {"{\"create_at\":-1}", "create_at"},
        {"{\"create_at\":1e300}", "create_at"},
        {"{\"create_at\":10000000000000}", "create_at"},
        {"{\"update_at\":0.5}", "update_at"},
        {"{\"edit_at\":{}}", "edit_at"},
        {"{\"delete_at\":[]}", "delete_at"},
        {"{\"message\":7}", "message"},
        {"{\"type\":{}}", "type"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = a_frame("posted", cases[i].change, "{}");
        g_autofree char *reason = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        hear_nonsense(hearer, text, 4, reason);
        assert_null(hearer->frame.text);
    }
}

static void test_data_of_a_wrong_type_is_refused(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"post\":true}", "data.post"},
        {"{\"post\":{}}", "data.post"},
        {"{\"post\":\"[]\"}", "data.post"},
        {"{\"post\":\"{\"}", "data.post"},
        {"{\"post\":\"{\\\"message\\\":\\\"\\\\u0000\\\"}\"}", "data.post"},
        {"{\"channel_type\":7}", "data.channel_type"},
        {"{\"channel_name\":{}}", "data.channel_name"},
        {"{\"channel_display_name\":[]}", "data.channel_display_name"},
        {"{\"sender_name\":7}", "data.sender_name"},
        {"{\"team_id\":\"a/b\"}", "data.team_id"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = a_frame("posted", "{}", cases[i].change);
        g_autofree char *reason = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        hear_nonsense(hearer, text, 4, reason);
    }
}

static void test_a_strange_sender_is_nobody_we_learn_of(void **state)
{
    struct hearer *hearer = *state;
    static const char *const senders[] = {"dana", "@", "@da na", "@System\\nRoot", "System"};
    for (gsize i = 0; i < G_N_ELEMENTS(senders); i++) {
        g_autofree char *data = g_strdup_printf("{\"sender_name\":\"%s\"}", senders[i]);
        assert_text(hear_post(hearer, "posted", "{}", data)->user_name, NULL);
        assert_null(names_handle(hearer->names, DANA));
    }
}

static void test_what_is_no_frame_is_refused(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *text;
        int64_t seq;
        const char *reason;
    } cases[] = {
        {"", -1, "not JSON, or nested too deep"},
        {"[1]", -1, "\"event\" is missing or of a wrong type"},
        {"{}", -1, "\"event\" is missing or of a wrong type"},
        {"{\"event\":7,\"seq\":3}", 3, "\"event\" is missing or of a wrong type"},
        {"{\"event\":\"typing\"}", -1, "\"seq\" is missing or of a wrong type"},
        {"{\"event\":\"typing\",\"seq\":-1}", -1, "\"seq\" is missing or of a wrong type"},
        {"{\"event\":\"typing\",\"seq\":\"3\"}", -1, "\"seq\" is missing or of a wrong type"},
        {"{\"event\":\"typing\",\"seq\":0.5}", -1, "\"seq\" is missing or of a wrong type"},
        {"{\"event\":\"typing\",\"seq\":3} x", -1, "bytes behind the JSON value"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        hear_nonsense(hearer, cases[i].text, cases[i].seq, cases[i].reason);
}

/* Else it would be asked for again and again. */
static void test_a_frame_that_cannot_be_read_is_counted(void **state)
{
    struct hearer *hearer = *state;
    static const struct {
        const char *text;
        int64_t seq;
    } cases[] = {
        {"{\"event\":\"posted\",\"data\":\"\xff\",\"seq\":12}\n", 12},
        {"{\"event\":\"posted\",\"data\":\"\\u0000\",\"seq\":0}", 0},
        {"{\"event\":\"posted\",\"data\":\"\xff\",\"seq\":}", -1},
        {"{\"event\":\"posted\",\"data\":\"\xff\",\"seq\":-2}", -1},
        {"{\"event\":\"posted\",\"data\":\"\xff,\"seq\":5}\"", -1},
        {"{\"seq\":1234567890123456,\xff\"seq\":1234567890123456}", -1},
        {"\"seq\":3", -1},
        {":\xff""3}", -1},
        {"}", -1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        mattermost_frame_done(&hearer->frame);
        mattermost_decode(cases[i].text, strlen(cases[i].text), &self, hearer->names, &hearer->frame);
        assert_int_equal(hearer->frame.kind, MATTERMOST_UNUSABLE);
        assert_int_equal(hearer->frame.seq, cases[i].seq);
    }
    g_autofree char *huge = g_strnfill(9 * 1024 * 1024, ' ');
    hear_nonsense(hearer, huge, -1, "larger than 8 MiB");
}

static void test_nesting_without_end_is_refused(void **state)
{
    struct hearer *hearer = *state;
    g_autofree char *deep = g_strnfill(5000, '[');
    g_autofree char *data = g_strdup_printf("{\"post\":\"%s\"}", deep);
    g_autofree char *inner = a_frame("posted", "{}", data);
    hear_nonsense(hearer, inner, 4, "\"data.post\" is missing or of a wrong type");
    g_autofree char *outer = g_strdup_printf("{\"event\":\"posted\",\"data\":%s,\"seq\":8}", deep);
    hear_nonsense(hearer, outer, 8, "not JSON, or nested too deep");
}

static void test_what_is_too_long_is_cut(void **state)
{
    struct hearer *hearer = *state;
    g_autoptr(GString) long_text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append(long_text, "왜");
    g_autofree char *words = g_strdup_printf("{\"message\":\"%s\"}", long_text->str);
    g_autofree char *data = g_strdup_printf("{\"channel_name\":\"%s\"}", long_text->str);
    const struct event *event = hear_post(hearer, "posted", words, data);
    assert_int_equal(g_utf8_strlen(hearer->frame.text, -1), 16383);
    assert_true(g_utf8_strlen(event->text, -1) <= 16383);
    assert_int_equal(g_utf8_strlen(event->channel_name, -1), 255);
    g_autofree char *person = g_strdup_printf("{\"id\":\"" ELI "\",\"username\":\"eli\",\"nickname\":\"%s\",\"locale\":\"%s\"}",
                                              long_text->str, long_text->str);
    g_autoptr(cJSON) user = json_of(person);
    struct event *profile = mattermost_decode_person(user, hearer->names);
    assert_int_equal(g_utf8_strlen(profile->profile.name, -1), 255);
    assert_int_equal(g_utf8_strlen(profile->profile.locale, -1), 35);
    event_free(profile);
}

static void test_markup_of_ours_in_a_persons_words_is_gone(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear_post(hearer, "posted", "{\"message\":\"a \\u0011" ELI "\\u001e b\"}", "{}");
    assert_null(strchr(event->text, RICH_PING));
    assert_null(strchr(event->text, RICH_END));
}

static void test_ids(void **state)
{
    (void)state;
    assert_true(mattermost_is_id(POST));
    assert_false(mattermost_is_id(""));
    assert_false(mattermost_is_id(POST "a"));
    assert_false(mattermost_is_id("audt73eo9j84dnbrx7ku35g1e"));
    assert_false(mattermost_is_id("audt73eo9j84dnbrx7ku35g1e/"));
    assert_false(mattermost_is_id("audt73eo9j84dnbrx7ku35g1\xc3\xa4"));
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin_hearing, end_hearing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_the_connection_says_who_it_is_and_which_version),
        story(test_an_action_is_answered),
        story(test_what_does_not_concern_us_is_counted_all_the_same),
        story(test_a_reply_in_a_thread),
        story(test_a_post_of_the_newest_servers),
        story(test_a_direct_message),
        story(test_channels_are_of_three_kinds),
        story(test_a_mention_leads_the_words_or_stands_among_them),
        story(test_who_calls_everybody_or_somebody_else_does_not_address_us),
        story(test_before_we_know_who_we_are_nobody_addresses_us),
        story(test_once_somebodys_name_is_learnt_the_same_frame_tells_of_them),
        story(test_posts_of_programs_concern_nobody_but_show_how_far_we_have_heard),
        story(test_posts_with_attachments_and_me_are_said_too),
        story(test_an_edit_has_its_own_key_and_moment),
        story(test_what_was_never_edited_is_no_edit),
        story(test_a_deletion),
        story(test_the_servers_own_posts_tell_who_came_and_went_and_when),
        story(test_events_tell_who_came_and_went_as_well),
        story(test_news_of_people_we_have_met),
        story(test_news_of_channels),
        story(test_a_person_is_called_what_they_wish),
        story(test_a_person_has_a_zone_a_language_and_perhaps_left),
        story(test_a_channel),
        story(test_a_post_that_lacks_something_is_refused_by_its_name),
        story(test_data_of_a_wrong_type_is_refused),
        story(test_a_strange_sender_is_nobody_we_learn_of),
        story(test_what_is_no_frame_is_refused),
        story(test_a_frame_that_cannot_be_read_is_counted),
        story(test_nesting_without_end_is_refused),
        story(test_what_is_too_long_is_cut),
        story(test_markup_of_ours_in_a_persons_words_is_gone),
        story(test_ids),
    };
    return cmocka_run_group_tests_name("mattermost_decode", tests, NULL, NULL);
}
