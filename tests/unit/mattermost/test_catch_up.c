/* After a gap: which channels askwhy is in, and what was said, edited and deleted there. */
#include "live.h"

#include "bot/chat/richtext.h"

#define SINCE "GET /api/v4/channels/" PRODUCT "/posts?since="
#define LONG_AGO INT64_C(1795341000000)

static cJSON *posts_now; /* a PostList being put together */

static int begin(void **state)
{
    posts_now = NULL;
    channels_heard = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    return live_begin(state);
}

static int end(void **state)
{
    cJSON_Delete(posts_now);
    int ended = live_end(state);
    g_clear_pointer(&channels_heard, g_ptr_array_unref);
    return ended;
}

/* ---- steps ---- */

static void reads_again(const char *channel, const char *thread, const char *after)
{
    gap_points[n_gap_points++] = (struct backfill_point){(char *)channel, (char *)thread, (char *)after};
}

static void list_begins(void)
{
    cJSON_Delete(posts_now);
    posts_now = json_object();
    json_put(posts_now, "order", json_array());
    json_put(posts_now, "posts", json_object());
}

static void lists(cJSON *post)
{
    json_push_str(cJSON_GetObjectItem(posts_now, "order"), json_str(post, "id"));
    json_put(cJSON_GetObjectItem(posts_now, "posts"), json_str(post, "id"), post);
}

static void listed_at(const char *begins)
{
    g_autofree char *text = json_text(posts_now);
    answer_with(begins, text);
}

/* One team with these channels: "id type last_post_at", comma-separated. */
static void is_member_of(const char *channels)
{
    g_autoptr(cJSON) list = json_array();
    g_auto(GStrv) each = g_strsplit(channels, ",", -1);
    for (char **at = each; *at != NULL; at++) {
        g_auto(GStrv) words = g_strsplit(*at, " ", 3);
        cJSON *channel = json_object();
        json_put_str(channel, "id", words[0]);
        json_put_str(channel, "type", words[1]);
        json_put_str(channel, "name", "some-channel");
        json_put_str(channel, "display_name", "Some Channel");
        json_put_str(channel, "team_id", *words[1] == 'D' ? "" : TEAM);
        json_put_int(channel, "last_post_at", g_ascii_strtoll(words[2], NULL, 10));
        json_push(list, channel);
    }
    g_autofree char *text = json_text(list);
    answer_with("GET /api/v4/users/me/teams", "[{\"id\":\"" TEAM "\"}]");
    answer_with("GET /api/v4/users/me/teams/" TEAM "/channels", text);
}

static const struct event *nth_heard(guint number)
{
    assert_true(number < heard->len);
    return heard->pdata[number];
}

static bool is_done(void)
{
    return gaps > 0 && !platform->catching_up(platform);
}

static void catches_up(void)
{
    platform->start(platform);
    run_until(is_done);
    assert_true(was_catching_up); /* from the first moment: nothing that comes live counts as read */
}

/* ---- stories ---- */

static void what_was_said_since_is_read_with_an_overlap_and_given_as_it_happened(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341609000");
    list_begins();
    lists(post_json(post_id(3), PRODUCT, post_id(2), DANA, "a reply", 1795341603000, 0, 0));
    lists(post_json(post_id(2), PRODUCT, "", DANA, "@askwhy ask why", 1795341602000, 0, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(asked(SINCE "1795341590000"), 1);
    assert_null(strstr(request_of(SINCE), "collapsed"));
    assert_int_equal(heard->len, 2);
    assert_string_equal(nth_heard(0)->message, post_id(2));
    assert_int_equal(nth_heard(0)->kind, EVENT_MENTION);
    assert_string_equal(nth_heard(1)->thread, post_id(2));
    assert_true(nth_heard(0)->replay && nth_heard(1)->replay);
    assert_int_equal(nth_heard(0)->channel_kind, CHANNEL_PUBLIC);
}

static void what_was_edited_and_deleted_since_is_told_too(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "the new words", LONG_AGO, 1795341605000, 0));
    lists(post_json(post_id(2), PRODUCT, "", DANA, "", LONG_AGO, 0, 1795341604000));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 2);
    assert_int_equal(nth_heard(0)->kind, EVENT_DELETED);
    assert_string_equal(nth_heard(0)->message, post_id(2));
    assert_int_equal(nth_heard(1)->kind, EVENT_EDITED);
    assert_string_equal(nth_heard(1)->text, "the new words");
}

static void what_happened_at_one_moment_comes_in_the_order_that_makes_sense(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, post_id(9), DANA, "reply", 1795341605000, 0, 0));
    lists(post_json(post_id(9), PRODUCT, "", DANA, "root", 1795341605000, 1795341605000, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 3);
    assert_string_equal(nth_heard(0)->message, post_id(9));
    assert_string_equal(nth_heard(1)->thread, post_id(9));
    assert_int_equal(nth_heard(2)->kind, EVENT_EDITED);
}

static void of_a_thousand_some_are_missing_so_pages_are_read_until_the_old_ones(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    for (int i = 0; i < 1000; i++)
        lists(post_json(post_id(i), PRODUCT, "", DANA, "one of the old ones", 1795341600000 + i, 0, 0));
    listed_at(SINCE);
    static const int first_of[] = {1100, 900, 700};
    for (int page = 0; page < 3; page++) {
        list_begins();
        for (int i = 0; i < 200; i++)
            lists(post_json(post_id(first_of[page] + i), PRODUCT, "", DANA, "newer", page < 2 ? 1795341600000 + first_of[page] + i : LONG_AGO, 0, 0));
        g_autofree char *path = g_strdup_printf("GET /api/v4/channels/" PRODUCT "/posts?page=%d&per_page=200", page);
        listed_at(path);
    }
    catches_up();
    assert_int_equal(asked("GET /api/v4/channels/" PRODUCT "/posts?page="), 3);
    assert_int_equal(heard->len, 1000 + 400); /* known ones twice, which the dispatcher sees */
    assert_string_equal(nth_heard(heard->len - 1)->message, post_id(1299));
}

static void an_answer_too_large_to_be_taken_is_asked_for_in_pieces(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    answer_with_spaces(SINCE, 17 * 1024 * 1024);
    answer_with_spaces("GET /api/v4/channels/" PRODUCT "/posts?page=0&per_page=200", 17 * 1024 * 1024);
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "at last", 1795341605000, 0, 0));
    listed_at("GET /api/v4/channels/" PRODUCT "/posts?page=0&per_page=50");
    catches_up();
    assert_int_equal(asked(SINCE), 1);
    assert_int_equal(heard->len, 1);
    assert_string_equal(nth_heard(0)->text, "at last");
}

static void names_in_what_is_read_are_asked_for_first(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "ask @eli", 1795341605000, 0, 0));
    listed_at(SINCE);
    answer_with("POST /api/v4/users/usernames", "[{\"id\":\"" ELI "\",\"username\":\"eli\"}]");
    catches_up();
    g_autofree char *mark = g_strdup_printf("ask %c" ELI "%c", RICH_PERSON, RICH_END);
    assert_int_equal(nth_heard(0)->kind, EVENT_PERSON);
    assert_string_equal(nth_heard(1)->text, mark);
}

/* As many names as one call takes, and one more: whoever it is, they are known when the posts are read. */
static void more_names_than_one_call_takes_are_asked_for_in_several(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    for (int i = 0; i < 101; i++) {
        g_autofree char *text = g_strdup_printf("ask @nobody%d", i);
        lists(post_json(post_id(i), PRODUCT, "", DANA, text, 1795341605000 + i, 0, 0));
    }
    listed_at(SINCE);
    answer_with("POST /api/v4/users/usernames", "[]");
    catches_up();
    assert_int_equal(asked("POST /api/v4/users/usernames"), 2);
}

static void threads_come_with_their_channels_and_by_themselves_where_nobody_reads(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    reads_again(PRODUCT, post_id(1), post_id(1));
    reads_again(SECRET, post_id(2), post_id(2));
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    listed_at(SINCE);
    lists(post_json(post_id(2), SECRET, "", ELI, "root", LONG_AGO, 0, 0));
    lists(post_json(post_id(3), SECRET, post_id(2), DANA, "an answer", LONG_AGO + 1000, 0, 0));
    g_autofree char *path = g_strdup_printf("GET /api/v4/posts/%s/thread", post_id(2));
    listed_at(path);
    catches_up();
    assert_int_equal(asked("GET /api/v4/posts/"), 1);
    assert_int_equal(heard->len, 2);
    assert_string_equal(nth_heard(1)->text, "an answer");
}

static void a_thread_is_read_too_where_no_channel_ever_was(void **state)
{
    (void)state;
    reads_again(PRODUCT, post_id(2), post_id(2));
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    lists(post_json(post_id(3), PRODUCT, post_id(2), DANA, "an answer", LONG_AGO, 0, 0));
    listed_at("GET /api/v4/posts/");
    catches_up();
    int answers = 0;
    for (guint i = 0; i < heard->len; i++)
        answers += g_strcmp0(nth_heard(i)->text, "an answer") == 0;
    assert_int_equal(answers, 1);
}

static void channels_that_cannot_be_listed_keep_nothing_from_being_read(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    answer_times("GET /api/v4/users/me/teams", -1, "403 Forbidden", "{\"id\":\"api.context.permissions.app_error\"}");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "still read", 1795341605000, 0, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 1);
    assert_string_equal(nth_heard(0)->text, "still read");
}

static void a_channel_askwhy_was_taken_out_of_is_told(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(SECRET " P 0");
    answer_times(SINCE, -1, "403 Forbidden", "{\"id\":\"api.context.permissions.app_error\",\"status_code\":403}");
    catches_up();
    run_until_heard(2);
    bool told = false;
    for (guint i = 0; i < heard->len; i++)
        told = told || (nth_heard(i)->kind == EVENT_REMOVED && strcmp(nth_heard(i)->channel, PRODUCT) == 0);
    assert_true(told);
}

static void somebody_between_who_forbids_it_takes_askwhy_out_of_nothing(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    listed_at(SINCE);
    answer_times(SINCE, 1, "403 Forbidden", "<html>no</html>");
    platform->start(platform);
    run_until_asked(SINCE, 1);
    let_pass(20);
    assert_true(platform->catching_up(platform));
    time_passes(61 * 1000);
    run_until(is_done);
    assert_int_equal(asked(SINCE), 2);
    assert_int_equal(heard->len, 0);
}

static void a_channel_nobody_reads_yet_is_told_with_where_to_begin(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0," SECRET " P 0");
    list_begins();
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 1);
    const struct event *invited = nth_heard(0);
    assert_int_equal(invited->kind, EVENT_INVITED);
    assert_string_equal(invited->channel, SECRET);
    assert_string_equal(invited->channel_name, "some-channel");
    assert_int_equal(invited->channel_kind, CHANNEL_PRIVATE);
    assert_null(invited->user); /* nobody knows who: no speech is made */
    assert_string_equal(invited->cursor, "1795341600000");
    assert_false(invited->replay); /* without a time it would be taken for too old */
}

static void what_became_of_the_channels_meanwhile_is_told(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " P 0," DIRECT " D 0");
    list_begins();
    listed_at(SINCE);
    catches_up();
    assert_int_equal(channels_heard->len, 1);
    const struct event *product = channels_heard->pdata[0];
    assert_string_equal(product->channel, PRODUCT);
    assert_int_equal(product->channel_kind, CHANNEL_PRIVATE); /* it was public before */
    assert_int_equal(heard->len, 0);
}

static void at_the_very_first_start_the_past_is_left_alone(void **state)
{
    (void)state;
    is_member_of(PRODUCT " O 1795341600000," DIRECT " D 1795341600000");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "@askwhy said before its day", 1795341500000, 0, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 1);
    assert_int_equal(nth_heard(0)->kind, EVENT_INVITED);
    assert_null(nth_heard(0)->user);
    assert_string_equal(nth_heard(0)->cursor, "1795341600000"); /* the server's clock: Sun, 22 Nov 2026 10:00:00 GMT */
    assert_int_equal(asked("GET /api/v4/channels/"), 1);
}

static void an_older_moment_is_read_though_a_newer_one_waits_to_be(void **state)
{
    (void)state;
    is_member_of(DIRECT " D 1795341600000");
    list_begins();
    listed_at(SINCE);
    catches_up();
    static const char *const moments[] = {"1795341602000", "1795341601000", "1795341603000"};
    for (gsize i = 0; i < G_N_ELEMENTS(moments); i++) {
        struct backfill_point point = {.channel = (char *)PRODUCT, .after = (char *)moments[i]};
        platform->backfill(platform, &point, 1);
    }
    run_until(is_done);
    assert_int_equal(asked(SINCE "1795341592000"), 1);
    assert_int_equal(asked(SINCE "1795341591000"), 1);
    assert_int_equal(asked(SINCE "1795341593000"), 0); /* both cover it */
}

static void who_let_it_in_before_its_very_first_start_is_found(void **state)
{
    (void)state;
    is_member_of(PRODUCT " O 1795341600000");
    list_begins();
    cJSON *added = post_json(post_id(1), PRODUCT, "", DANA, "dana added askwhy", 1795341500000, 0, 0), *props = json_object();
    json_put_str(props, "addedUserId", ME);
    cJSON_ReplaceItemInObjectCaseSensitive(added, "type", cJSON_CreateString("system_add_to_channel"));
    cJSON_DeleteItemFromObjectCaseSensitive(added, "props");
    json_put(added, "props", props);
    lists(added);
    lists(post_json(post_id(2), PRODUCT, "", DANA, "@askwhy said before its day", 1795341400000, 0, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(asked(SINCE "1795255190000"), 1); /* a day earlier, with the overlap */
    assert_int_equal(heard->len, 2);
    assert_int_equal(nth_heard(0)->kind, EVENT_INVITED);
    assert_string_equal(nth_heard(0)->user, DANA);
    assert_string_equal(nth_heard(0)->cursor, "1795341500000"); /* first: since then is read next, in a later life too */
    assert_null(nth_heard(1)->user);
}

static void what_somebody_wrote_directly_for_the_first_time_is_read(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0," DIRECT " D 1795341605000");
    list_begins();
    listed_at(SINCE);
    lists(post_json(post_id(1), DIRECT, "", DANA, "why?", 1795341605000, 0, 0));
    listed_at("GET /api/v4/channels/" DIRECT "/posts?since=1795341590000");
    catches_up();
    assert_int_equal(heard->len, 1);
    assert_int_equal(nth_heard(0)->channel_kind, CHANNEL_DIRECT);
    assert_string_equal(nth_heard(0)->text, "why?");
}

static void a_direct_channel_where_nothing_was_said_is_not_read(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0," DIRECT " D 1795341500000");
    list_begins();
    listed_at(SINCE);
    catches_up();
    assert_int_equal(asked("GET /api/v4/channels/" DIRECT), 0);
}

static void after_an_invitation_its_channel_alone_is_read_from_then_on(void **state)
{
    (void)state;
    goes_live();
    int listings = asked("GET /api/v4/users/me/teams");
    struct backfill_point point = {.channel = (char *)PRODUCT, .after = (char *)"1795341600000"};
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "first words", 1795341601000, 0, 0));
    listed_at(SINCE);
    platform->backfill(platform, &point, 1);
    assert_true(platform->catching_up(platform));
    run_until_heard(1);
    assert_int_equal(asked("GET /api/v4/users/me/teams"), listings);
    assert_int_equal(asked(SINCE "1795341590000"), 1);
}

static void gaps_one_after_the_other_are_read_once(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0");
    answer_times("GET /api/v4/users/me/teams", 1, "429 Too Many Requests\r\nRetry-After: 600", "limit exceeded");
    list_begins();
    listed_at(SINCE);
    platform->start(platform);
    run_until_asked("GET /api/v4/users/me/teams", 1);
    time_passes(20 * 1000);
    g_free(g_steal_pointer(&known_connection));
    drop(0);
    while (gaps < 2)
        let_pass(5);
    time_passes(601 * 1000);
    run_until(is_done);
    assert_int_equal(asked(SINCE), 1);
}

static void a_server_in_trouble_is_asked_until_it_answers(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0");
    list_begins();
    lists(post_json(post_id(1), PRODUCT, "", DANA, "still here", 1795341601000, 0, 0));
    listed_at(SINCE);
    answer_times(SINCE, 6, "500 Internal Server Error", "{}");
    platform->start(platform);
    for (int i = 1; i <= 6; i++) {
        run_until_asked(SINCE, i);
        let_pass(20);
        time_passes(90 * 1000);
    }
    run_until(is_done);
    assert_string_equal(nth_heard(0)->text, "still here");
}

static void who_stops_in_the_middle_has_not_caught_up(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    is_member_of(PRODUCT " O 0");
    answer_never(SINCE);
    platform->start(platform);
    run_until_asked(SINCE, 1);
    platform->stop(platform);
    assert_true(platform->catching_up(platform));
}

static void posts_of_elsewhere_and_nonsense_are_passed_over(void **state)
{
    (void)state;
    reads_again(PRODUCT, NULL, "1795341600000");
    reads_again("../../users/me", NULL, "1795341600000");
    is_member_of(PRODUCT " O 0");
    list_begins();
    lists(post_json(post_id(1), SECRET, "", DANA, "not from here", 1795341601000, 0, 0));
    cJSON *broken = post_json(post_id(2), PRODUCT, "", DANA, "x", 1795341601000, 0, 0);
    cJSON_ReplaceItemInObject(broken, "create_at", cJSON_CreateString("soon"));
    lists(broken);
    cJSON_AddNumberToObject(cJSON_GetObjectItem(posts_now, "posts"), "number", 5);
    lists(post_json(post_id(3), PRODUCT, "", DANA, "fine", 1795341601000, 0, 0));
    listed_at(SINCE);
    catches_up();
    assert_int_equal(heard->len, 1);
    assert_string_equal(nth_heard(0)->text, "fine");
    for (guint i = 0; i < requests->len; i++)
        assert_null(strstr(requests->pdata[i], ".."));
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(what_was_said_since_is_read_with_an_overlap_and_given_as_it_happened),
        STORY(what_was_edited_and_deleted_since_is_told_too),
        STORY(what_happened_at_one_moment_comes_in_the_order_that_makes_sense),
        STORY(of_a_thousand_some_are_missing_so_pages_are_read_until_the_old_ones),
        STORY(an_answer_too_large_to_be_taken_is_asked_for_in_pieces),
        STORY(names_in_what_is_read_are_asked_for_first),
        STORY(more_names_than_one_call_takes_are_asked_for_in_several),
        STORY(threads_come_with_their_channels_and_by_themselves_where_nobody_reads),
        STORY(a_thread_is_read_too_where_no_channel_ever_was),
        STORY(channels_that_cannot_be_listed_keep_nothing_from_being_read),
        STORY(a_channel_askwhy_was_taken_out_of_is_told),
        STORY(somebody_between_who_forbids_it_takes_askwhy_out_of_nothing),
        STORY(a_channel_nobody_reads_yet_is_told_with_where_to_begin),
        STORY(what_became_of_the_channels_meanwhile_is_told),
        STORY(at_the_very_first_start_the_past_is_left_alone),
        STORY(an_older_moment_is_read_though_a_newer_one_waits_to_be),
        STORY(who_let_it_in_before_its_very_first_start_is_found),
        STORY(what_somebody_wrote_directly_for_the_first_time_is_read),
        STORY(a_direct_channel_where_nothing_was_said_is_not_read),
        STORY(after_an_invitation_its_channel_alone_is_read_from_then_on),
        STORY(gaps_one_after_the_other_are_read_once),
        STORY(a_server_in_trouble_is_asked_until_it_answers),
        STORY(who_stops_in_the_middle_has_not_caught_up),
        STORY(posts_of_elsewhere_and_nonsense_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
