/* What the server tells of people and channels, asked or unasked. */
#include "heard.h"

#define A_USER                                                                                                       \
    "\"id\":\"" ELI "\",\"username\":\"eli\",\"nickname\":\"\",\"first_name\":\"Eli\",\"last_name\":\"Tamm\""

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
    assert_int_equal(
        hear(hearer, "{\"event\":\"user_updated\",\"data\":{\"user\":{\"id\":\"" ELI "\"}},\"seq\":3}")->kind,
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
                 "\"manualTimezone\":\"Asia/Seoul\"},\"roles\":\"system_user "
                 "system_guests\",\"delete_at\":0,\"is_bot\":null}");
    event = mattermost_decode_person(user, hearer->names);
    assert_text(event->profile.zone, "Asia/Seoul");
    assert_false(event->profile.deleted || event->profile.guest || event->profile.bot);
    event_free(event);
    change(user, "{\"timezone\":null,\"locale\":7}");
    event = mattermost_decode_person(user, hearer->names);
    assert_text(event->profile.zone, NULL);
    assert_text(event->profile.locale, NULL);
    event_free(event);
    static const char *const none[] = {"{}",
                                       "[]",
                                       "7",
                                       "{\"id\":\"" ELI "\"}",
                                       "{\"id\":\"x\",\"username\":\"eli\"}",
                                       "{\"id\":\"" ELI "\",\"username\":\"e li\"}",
                                       "{\"id\":\"" ELI "\",\"username\":7}"};
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autoptr(cJSON) nobody = json_of(none[i]);
        assert_null(mattermost_decode_person(nobody, hearer->names));
    }
    assert_null(mattermost_decode_person(NULL, hearer->names));
}

static void test_roles_are_the_groups_of_an_account(void **state)
{
    struct hearer *hearer = *state;
    g_autoptr(cJSON) user = json_of("{" A_USER ",\"roles\":\"system_user engineers Bad-Role system_admin\"}");
    struct event *event = mattermost_decode_person(user, hearer->names);
    g_autofree char *groups = g_strjoinv(",", event->profile.groups);
    assert_text(groups, "system_user,engineers,system_admin");
    assert_true(event->profile.admin);
    event_free(event);
    /* Not told is not none. */
    change(user, "{\"roles\":null}");
    event = mattermost_decode_person(user, hearer->names);
    assert_null(event->profile.groups);
    event_free(event);
}

static void test_a_channel(void **state)
{
    (void)state;
    g_autoptr(cJSON) json =
        json_of("{\"id\":\"" CHANNEL "\",\"type\":\"O\",\"name\":\"asks\",\"display_name\":\"Asks!\","
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

#define story(test) cmocka_unit_test_setup_teardown(test, begin_hearing, end_hearing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_news_of_people_we_have_met),
        story(test_news_of_channels),
        story(test_a_person_is_called_what_they_wish),
        story(test_a_person_has_a_zone_a_language_and_perhaps_left),
        story(test_roles_are_the_groups_of_an_account),
        story(test_a_channel),
    };
    return cmocka_run_group_tests_name("mattermost_person", tests, NULL, NULL);
}
