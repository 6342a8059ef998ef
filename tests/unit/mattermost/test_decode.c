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
        "typing",          "status_change",    "channel_viewed",    "multiple_channels_viewed",
        "reaction_added",  "new_user",         "direct_added",      "group_added",
        "added_to_team",   "thread_updated",   "channel_created",   "preferences_changed",
        "channel_deleted", "channel_restored", "ephemeral_message", "of days to come",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"event\":\"%s\",\"data\":{\"x\":[1]},\"seq\":%u}", others[i], (guint)i);
        assert_int_equal(hear(hearer, text)->kind, EVENT_NONE);
        assert_int_equal(hearer->frame.seq, i);
    }
}

/* ---- Posts ---- */

static void test_a_reply_in_a_thread(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event =
        hear_post(hearer, "posted", "{\"message\":\"Acme's IT forbids **passwords**\"}", "{}");
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
    static const char *const said[] = {"@channel all of you", "@all lunch",         "@askwhy-x do",
                                       "mail a@askwhy.com",   "`@askwhy` is a bot", "askwhy is a word",
                                       "`a` `x @askwhy`"};
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

static void test_of_its_own_posts_askwhy_hears_only_that_one_was_deleted(void **state)
{
    struct hearer *hearer = *state;
    static const char own[] = "{\"user_id\":\"" ASKWHY "\",\"props\":{\"from_bot\":\"true\"}}";
    assert_int_equal(hear_post(hearer, "posted", own, "{}")->kind, EVENT_NONE);
    assert_int_equal(hear_post(hearer, "post_edited", own, "{}")->kind, EVENT_NONE);
    const struct event *event = hear_post(hearer, "post_deleted", own, "{\"delete_by\":\"" ELI "\"}");
    assert_int_equal(event->kind, EVENT_UNPOSTED);
    assert_text(event->message, POST);
    assert_text(event->user, NULL);
    assert_text(event->keys[1], "post:" POST ":deleted");
    static const char old[] = "{\"user_id\":\"" ASKWHY "\",\"original_id\":\"" ROOT "\",\"edit_at\":1795280976000}";
    assert_int_equal(hear_post(hearer, "post_deleted", old, "{}")->kind, EVENT_NONE);
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

static void test_an_old_version_of_a_post_is_neither_edited_nor_deleted(void **state)
{
    struct hearer *hearer = *state;
    static const char old[] = "{\"original_id\":\"" ROOT "\",\"edit_at\":1795280976000}";
    assert_int_equal(hear_post(hearer, "post_edited", old, "{}")->kind, EVENT_NONE);
    assert_int_equal(hear_post(hearer, "post_deleted", old, "{}")->kind, EVENT_NONE);
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
        {"{\"type\":\"system_remove_from_channel\",\"props\":{\"removedUserId\":\"" ASKWHY "\"}}", EVENT_REMOVED,
         NULL},
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
        {"user_added", "\"user_id\":\"" ELI "\",\"team_id\":\"" TEAM "\"", "\"channel_id\":\"" CHANNEL "\"",
         EVENT_JOINED, ELI},
        {"user_added", "\"user_id\":\"" ASKWHY "\"", "\"channel_id\":\"" CHANNEL "\"", EVENT_INVITED, NULL},
        {"user_removed", "\"user_id\":\"" ELI "\",\"remover_id\":\"" DANA "\"", "\"channel_id\":\"" CHANNEL "\"",
         EVENT_LEFT, ELI},
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
    hear_nonsense(hearer,
                  "{\"event\":\"user_added\",\"data\":{},\"broadcast\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":9}",
                  9, "\"data.user_id\" is missing or of a wrong type");
    hear_nonsense(hearer, "{\"event\":\"user_removed\",\"data\":{\"user_id\":\"" ELI "\"},\"seq\":9}", 9,
                  "\"data.channel_id\" is missing or of a wrong type");
}

static void test_who_leaves_a_team_leaves_its_channels(void **state)
{
    struct hearer *hearer = *state;
    const struct event *event = hear(hearer, "{\"event\":\"leave_team\",\"data\":{\"team_id\":\"" TEAM
                                             "\",\"user_id\":\"" ELI "\"},\"broadcast\":{},\"seq\":9}");
    assert_int_equal(event->kind, EVENT_LEFT);
    assert_text(event->user, ELI);
    assert_text(event->workspace, TEAM);
    assert_text(event->channel, NULL);
    event = hear(hearer, "{\"event\":\"leave_team\",\"data\":{\"team_id\":\"" TEAM "\",\"user_id\":\"" ASKWHY
                         "\"},\"broadcast\":{},\"seq\":10}");
    assert_int_equal(event->kind, EVENT_REMOVED);
    assert_text(event->workspace, TEAM);
    hear_nonsense(hearer, "{\"event\":\"leave_team\",\"data\":{\"user_id\":\"" ELI "\"},\"seq\":11}", 11,
                  "\"data.team_id\" is missing or of a wrong type");
}

/* Looked into no further than it takes: nobody's words can make a post askwhy's own, nor askwhy's own a later one. */
static void test_own_posts_tell_how_far_they_go(void **state)
{
    struct hearer *hearer = *state;
    static const char frame[] = "{\"event\":\"posted\",\"data\":{\"sender_name\":\"@%s\",\"channel_type\":\"O\",\"post\":"
                                "\"{\\\"id\\\":\\\"" POST "\\\",\\\"create_at\\\":1795341600123,\\\"update_at\\\":%s,"
                                "\\\"user_id\\\":\\\"%s\\\",\\\"channel_id\\\":\\\"" CHANNEL "\\\",\\\"root_id\\\":\\\"" ROOT
                                "\\\",\\\"message\\\":\\\"hello\\\",\\\"type\\\":\\\"\\\"}\"},"
                                "\"broadcast\":{\"channel_id\":\"" CHANNEL "\"},\"seq\":9}";
    g_autofree char *ours = g_strdup_printf(frame, "askwhy", "1795341600123", ASKWHY);
    const struct event *event = hear(hearer, ours);
    assert_int_equal(event->kind, EVENT_NONE);
    assert_text(event->channel, CHANNEL);
    assert_text(event->cursor, "1795341600123");
    g_autofree char *danas = g_strdup_printf(frame, "dana", "1795341600124", DANA);
    assert_int_equal(hear(hearer, danas)->kind, EVENT_MESSAGE);
    g_autofree char *absurd = g_strdup_printf(frame, "askwhy", "99999999999999999999", ASKWHY);
    struct mattermost_frame told;
    mattermost_decode(absurd, strlen(absurd), &self, hearer->names, &told);
    assert_true(told.event == NULL || told.event->cursor == NULL || strlen(told.event->cursor) == 13);
    mattermost_frame_done(&told);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin_hearing, end_hearing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_own_posts_tell_how_far_they_go),
        story(test_who_leaves_a_team_leaves_its_channels),
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
        story(test_of_its_own_posts_askwhy_hears_only_that_one_was_deleted),
        story(test_posts_with_attachments_and_me_are_said_too),
        story(test_an_edit_has_its_own_key_and_moment),
        story(test_what_was_never_edited_is_no_edit),
        story(test_an_old_version_of_a_post_is_neither_edited_nor_deleted),
        story(test_a_deletion),
        story(test_the_servers_own_posts_tell_who_came_and_went_and_when),
        story(test_events_tell_who_came_and_went_as_well),
    };
    return cmocka_run_group_tests_name("mattermost_decode", tests, NULL, NULL);
}
