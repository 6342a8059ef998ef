/* Frames that are none, lack something or go on for ever are refused by name, and counted where they can be. */
#include "heard.h"

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
        {":\xff"
         "3}",
         -1},
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
    g_autofree char *person =
        g_strdup_printf("{\"id\":\"" ELI "\",\"username\":\"eli\",\"nickname\":\"%s\",\"locale\":\"%s\"}",
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

#define story(test) cmocka_unit_test_setup_teardown(test, begin_hearing, end_hearing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_a_post_that_lacks_something_is_refused_by_its_name),
        story(test_data_of_a_wrong_type_is_refused),
        story(test_a_strange_sender_is_nobody_we_learn_of),
        story(test_what_is_no_frame_is_refused),
        story(test_a_frame_that_cannot_be_read_is_counted),
        story(test_nesting_without_end_is_refused),
        story(test_what_is_too_long_is_cut),
        story(test_markup_of_ours_in_a_persons_words_is_gone),
    };
    return cmocka_run_group_tests_name("mattermost_hostile", tests, NULL, NULL);
}
