/* Where to read again after a gap: channels that were read before, threads that wait, threads that moved lately. */
#include "story.h"

#include "bot/chat/platform.h"

static GString *points_now(struct story *s)
{
    GString *all = g_string_new(NULL);
    GArray *points = store_backfill_points(s->store, "slack");
    for (guint i = 0; i < points->len; i++) {
        struct backfill_point *point = &g_array_index(points, struct backfill_point, i);
        g_string_append_printf(all, "%s %s %s\n", point->channel, point->thread != NULL ? point->thread : "-",
                               point->after);
        g_free(point->channel);
        g_free(point->thread);
        g_free(point->after);
    }
    g_array_free(points, TRUE);
    return all;
}

static void expect(struct story *s, const char *wanted)
{
    g_autoptr(GString) points = points_now(s);
    assert_string_equal(points->str, wanted);
}

/* A card that stands in the channel as message. */
static int64_t card(struct story *s, int64_t ask, int64_t channel, const char *message)
{
    int64_t post = store_add_post(s->store, "card", ask, 0, channel, 0);
    store_sent(s->store, 0, post, message);
    return post;
}

static void a_channel_is_read_from_its_newest_post_while_askwhy_is_in_it(void **state)
{
    struct story *s = *state;
    int64_t asks = place(s, "C0ASKS", CHANNEL_PUBLIC);
    store_set_member(s->store, asks, true);
    expect(s, "");
    store_set_newest(s->store, asks, "1763700000.000100");
    store_set_newest(s->store, asks, "1763600000.000100"); /* never backwards */
    expect(s, "C0ASKS - 1763700000.000100\n");
    store_set_member(s->store, asks, false);
    expect(s, "");
}

static void who_wrote_directly_is_read_from_their_newest_message(void **state)
{
    struct story *s = *state;
    int64_t dana = place(s, "D0DANA", CHANNEL_DIRECT), mia = place(s, "D0MIA", CHANNEL_DIRECT);
    expect(s, "");
    store_set_newest(s->store, mia, "1763700000.000100");
    store_set_newest(s->store, dana, "1763700001.000100");
    expect(s, "D0DANA - 1763700001.000100\nD0MIA - 1763700000.000100\n");
}

static void a_thread_is_read_that_owes_an_answer_and_one_that_owes_none(void **state)
{
    struct story *s = *state;
    int64_t asks = place(s, "C0ASKS", CHANNEL_PUBLIC), dana = person(s, "U0DANA");
    int64_t waiting = raise_ask(s, asks, dana, dana, 0, 0, "Add SSO");
    log_it(s, (struct log_entry){.kind = "question.asked",
                                 .ask = waiting,
                                 .channel = asks,
                                 .person = dana,
                                 .data = json_parse("{\"kind\":\"why\"}", 14, NULL)});
    expect(s, ""); /* its card is still on its way */
    card(s, waiting, asks, "1763700000.000100");
    expect(s, "C0ASKS 1763700000.000100 1763700000.000100\n");
    /* A thread is read from its beginning: an answer may have been edited meanwhile. */
    card(s, raise_ask(s, asks, dana, dana, 0, 0, "Dark mode"), asks, "1763800000.000100");
    expect(s, "C0ASKS 1763700000.000100 1763700000.000100\n"
              "C0ASKS 1763800000.000100 1763800000.000100\n");
}

static void of_the_threads_that_owe_nothing_only_those_that_moved_last_are_read(void **state)
{
    struct story *s = *state;
    int64_t asks = place(s, "C0ASKS", CHANNEL_PUBLIC), dana = person(s, "U0DANA");
    for (int i = 0; i < 60; i++) {
        g_autofree char *message = g_strdup_printf("17637000%02d.000100", i);
        card(s, raise_ask(s, asks, dana, dana, 0, 0, message), asks, message);
    }
    log_it(s, (struct log_entry){.kind = "ask.clear", .ask = 1, .channel = asks, .state = "clear", .at = NOON + 1});
    g_autoptr(GString) points = points_now(s);
    g_auto(GStrv) lines = g_strsplit(points->str, "\n", -1);
    assert_int_equal(g_strv_length(lines), 50 + 1);
    assert_string_equal(lines[0], "C0ASKS 1763700000.000100 1763700000.000100");
}

static void however_many_owe_an_answer_only_so_many_threads_are_read_the_newest_first(void **state)
{
    struct story *s = *state;
    int64_t asks = place(s, "C0ASKS", CHANNEL_PUBLIC), dana = person(s, "U0DANA");
    for (int i = 1; i <= 450; i++) {
        g_autofree char *message = g_strdup_printf("1763700%03d.000100", i);
        int64_t ask = raise_ask(s, asks, dana, dana, 0, 0, message);
        log_it(s, (struct log_entry){.kind = "question.asked",
                                     .ask = ask,
                                     .channel = asks,
                                     .person = dana,
                                     .data = json_parse("{\"kind\":\"why\"}", 14, NULL)});
        card(s, ask, asks, message);
    }
    g_autoptr(GString) points = points_now(s);
    g_auto(GStrv) lines = g_strsplit(points->str, "\n", -1);
    assert_int_equal(g_strv_length(lines), 400 + 1);
    assert_string_equal(lines[0], "C0ASKS 1763700450.000100 1763700450.000100");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_channel_is_read_from_its_newest_post_while_askwhy_is_in_it),
        STORY(who_wrote_directly_is_read_from_their_newest_message),
        STORY(a_thread_is_read_that_owes_an_answer_and_one_that_owes_none),
        STORY(of_the_threads_that_owe_nothing_only_those_that_moved_last_are_read),
        STORY(however_many_owe_an_answer_only_so_many_threads_are_read_the_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
