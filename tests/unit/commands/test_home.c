/* The home page: my asks, and whose turn it is. */
#include "tests/unit/commands/asks.h"

#include "commands/views.h"

static void draw(struct context *ctx, void *data)
{
    ctx->reply = home_draw(ctx, *(int64_t *)data);
}

static const char *home(struct story *s, int64_t person)
{
    act(s, person, 0, EVENT_HOME, draw, &person, NULL);
    return s->said;
}

static void test_an_empty_home_says_how_to_raise_one(void **state)
{
    struct story *s = *state;
    assert_says(home(s, s->dana), "/ask Add SSO for Acme by June");
    assert_silent_about(s->said, "Your turn");
    assert_says(s->said, "/ask me reminders off");
}

static void test_my_turn_stands_first_with_a_button(void **state)
{
    struct story *s = *state;
    int64_t sso = raise_it(s, s->product, s->dana, "Add SSO for Acme");
    int64_t dark = raise_it(s, s->product, s->dana, "Dark mode");
    int64_t export = raise_it(s, s->product, s->dana, "Export");
    ask_question(s, sso, s->dana, "impact");
    ask_question(s, export, s->mia, "why"); /* Dana said Mia knows */
    make_clear(s, dark, s->dana, "People work at night");
    log_it(s, (struct log_entry){.kind = "ask.decider", .actor = s->mia, .person = s->mia, .ask = dark, .channel = s->product});
    const char *said = home(s, s->dana);
    assert_says(said, "Your turn\n#1 Add SSO for Acme\nWhich number should move, by how much, by when?\n[Answer]");
    assert_string_equal(button_value(s->reply, "why"), "1");
    assert_says(said, "Waiting for others, or on their way\n#3 🟡 waiting: Export. Waits for @Mia\n"
                      "#2 🟢 clear: Dark mode. Waits for @Mia");
    assert_true(strstr(said, "Your turn") < strstr(said, "Waiting for others"));
    /* For Mia it is the other way round: one question waits for her, and none of the asks are hers. */
    said = home(s, s->mia);
    assert_says(said, "Your turn\n#3 Export\nWhat does it make possible");
    assert_silent_about(said, "Waiting for others");
    assert_silent_about(said, "SSO");
}

static void test_what_has_ended_is_gone(void **state)
{
    struct story *s = *state;
    int64_t dark = raise_it(s, s->product, s->dana, "Dark mode");
    assert_says(home(s, s->dana), "Dark mode");
    happen(s, dark, s->dana, "ask.withdrawn", NULL, "withdrawn", NULL);
    assert_silent_about(home(s, s->dana), "Dark mode");
}

static void test_many_are_counted(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < 25; i++) {
        int64_t ask = raise_it(s, s->product, s->dana, "A wish");
        if (i % 2 == 0)
            ask_question(s, ask, s->dana, "why");
    }
    const char *said = home(s, s->dana);
    assert_says(said, "…and 3 more: /ask list mine"); /* 13 wait for her */
    assert_true(s->reply->n_parts < 50);              /* as much as a page holds */
}

static void test_very_many_are_not_counted_to_the_end(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    for (int i = 0; i < 230; i++)
        raise_it(s, s->product, s->dana, "A wish");
    for (int i = 1; i <= 15; i++)
        happen(s, i, s->dana, "ask.withdrawn", NULL, "withdrawn", NULL);
    store_commit(s->store);
    assert_says(home(s, s->dana), "#230 ");
    assert_says(s->said, "…and more than 180 more: /ask list mine");
}

static void test_reminders_off_is_said(void **state)
{
    struct story *s = *state;
    cJSON *data = json_object();
    json_put_bool(data, "on", false);
    log_it(s, (struct log_entry){.kind = "person.reminders", .person = s->dana, .data = data});
    assert_says(home(s, s->dana), "Reminders are off. /ask me reminders on");
}

static void test_a_private_channel_left_is_not_shown(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    int64_t acme = raise_it(s, secret, s->dana, "Buy Acme");
    ask_question(s, acme, s->mia, "why");
    assert_says(home(s, s->dana), "Buy Acme"); /* hers, privately */
    store_set_gone(s->store, secret, s->dana, true);
    assert_silent_about(home(s, s->dana), "Buy Acme");
}

static void test_words_of_others_ping_nobody(void **state)
{
    struct story *s = *state;
    raise_it(s, s->product, s->dana, "Ask \x11UMIA\x1e about <!here>");
    assert_says(home(s, s->dana), "Ask @Mia about");
    for (int i = 0; i < s->reply->n_parts; i++)
        assert_true(s->reply->parts[i].text == NULL || strchr(s->reply->parts[i].text, RICH_PING) == NULL);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_an_empty_home_says_how_to_raise_one),
        STORY(test_my_turn_stands_first_with_a_button),
        STORY(test_what_has_ended_is_gone),
        STORY(test_many_are_counted),
        STORY(test_very_many_are_not_counted_to_the_end),
        STORY(test_reminders_off_is_said),
        STORY(test_a_private_channel_left_is_not_shown),
        STORY(test_words_of_others_ping_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
