/* How far a channel was read is kept only once nothing older can still come. */
#include "bot/arrivals.h"
#include "bot/base/clock.h"
#include "store/permissions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct loop *loop;
static struct rest *rest;
static struct store *store;
static struct outbox *outbox;
static struct arrivals *arrivals;
static int64_t channel;
static int acknowledged;

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform, (void)event, (void)answer;
    acknowledged++;
    return true;
}

static int places_asked_for;

static void look_up_person(struct platform *asked, const char *user)
{
    (void)asked, (void)user;
}

static void look_up_channel(struct platform *asked, const char *place)
{
    (void)asked, (void)place;
    places_asked_for++;
}

static struct platform platform = {.name = "slack",
                                   .acknowledge = acknowledge,
                                   .look_up_person = look_up_person,
                                   .look_up_channel = look_up_channel};

static int begin(void **state)
{
    (void)state;
    static const struct outbox_host nobody = {0};
    loop = loop_new(NULL, NULL);
    rest = rest_new(loop, NULL, NULL);
    store = store_open(":memory:", STORE_WRITE, NULL);
    outbox = outbox_new(loop, rest, store, &nobody);
    arrivals = arrivals_new(loop, store, outbox);
    channel = store_channel(store, "slack", "T1", "C1", "asks", CHANNEL_PUBLIC);
    acknowledged = 0;
    places_asked_for = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    arrivals_free(arrivals);
    outbox_free(outbox);
    rest_free(rest);
    loop_free(loop);
    store_close(store);
    return 0;
}

static void somebody_says(const char *message, int64_t at, bool replay)
{
    struct event *event = event_new(EVENT_MESSAGE, "slack");
    event->channel = g_strdup("C1");
    event->user = g_strdup("U1");
    event->text = g_strdup("good morning");
    event->message = g_strdup(message);
    event->at_ms = at;
    event->replay = replay;
    arrivals_add(arrivals, &platform, event);
}

static char *kept_after(bool catching_up)
{
    assert_true(store_begin(store));
    arrivals_store_newest(arrivals, catching_up);
    assert_true(store_commit(store));
    arrivals_committed(arrivals);
    struct channel found;
    assert_true(store_get_channel(store, channel, &found));
    char *newest = g_strdup(found.newest);
    channel_done(&found);
    return newest;
}

static void a_live_post_says_nothing_of_the_past_while_that_is_being_read(void **state)
{
    (void)state;
    somebody_says("1763700500.000100", clock_now_ms(), false);
    assert_int_equal(acknowledged, 1);
    g_autofree char *during = kept_after(true);
    assert_string_equal(during, "");
    somebody_says("1763700100.000100", clock_now_ms(), true);
    g_autofree char *after = kept_after(false);
    assert_string_equal(after, "1763700500.000100");
}

static void somebody_replies_elsewhere(const char *message, const char *cursor)
{
    struct event *event = event_new(EVENT_MESSAGE, "slack");
    event->channel = g_strdup("C1");
    event->user = g_strdup("U1");
    event->text = g_strdup("good morning");
    event->thread = g_strdup("w3kq");
    event->message = g_strdup(message);
    event->cursor = g_strdup(cursor);
    event->at_ms = clock_now_ms();
    arrivals_add(arrivals, &platform, event);
}

static void where_ids_of_posts_tell_no_time_their_cursor_says_how_far_a_channel_was_read(void **state)
{
    (void)state;
    somebody_replies_elsewhere("zzzz", "1763700100000");
    somebody_replies_elsewhere("aaaa", "1763700200000");
    somebody_replies_elsewhere("mmmm", "1763700150000");
    g_autofree char *newest = kept_after(false);
    assert_string_equal(newest, "1763700200000");
}

static void what_is_older_than_the_keys_of_what_was_handled_is_not_looked_at(void **state)
{
    (void)state;
    somebody_says("1763700500.000100", clock_now_ms() - ARRIVALS_REPLAY_MAX_MS - 1000, true);
    g_autofree char *newest = kept_after(false);
    assert_string_equal(newest, "");
    assert_true(ARRIVALS_REPLAY_MAX_MS < ARRIVALS_KEYS_KEPT_MS);
}

static void a_command_waits_until_it_is_known_whether_its_channel_is_private(void **state)
{
    (void)state;
    int64_t dana = store_person(store, "slack", "T1", "U1", "dana");
    store_set_profile(store, dana, &(struct profile){.name = "Dana Reyes"}, clock_now_ms());
    struct event *command = event_new(EVENT_COMMAND, "slack");
    command->channel = g_strdup("C2");
    command->user = g_strdup("U1");
    command->command = g_strdup("/ask");
    command->text = g_strdup("Add SSO");
    arrivals_add(arrivals, &platform, command);
    assert_false(arrivals_ready(arrivals));
    assert_int_equal(places_asked_for, 1);

    struct event *news = event_new(EVENT_CHANNEL, "slack");
    news->channel = g_strdup("C2");
    news->channel_kind = CHANNEL_PUBLIC;
    arrivals_add(arrivals, &platform, news);
    g_autoptr(GPtrArray) batch = arrivals_take(arrivals);
    assert_int_equal(batch->len, 2);
    /* The news runs first, so that the command knows where it is. */
    assert_int_equal(((struct arrival *)batch->pdata[0])->event->kind, EVENT_CHANNEL);
    assert_int_equal(((struct arrival *)batch->pdata[1])->event->kind, EVENT_COMMAND);
}

static void reading_again_begins_with_the_invitation_whatever_came_after_it(void **state)
{
    (void)state;
    static const struct settings settings = {.command = "/ask"};
    struct event *invited = event_new(EVENT_INVITED, "slack");
    invited->channel = g_strdup("C1");
    invited->message = g_strdup("1763700000.000100");
    struct context ctx;
    assert_true(context_init(&ctx, store, &settings, invited, clock_now_ms()));
    command_run(&ctx);
    context_done(&ctx);
    event_free(invited);
    struct channel found;
    assert_true(store_get_channel(store, channel, &found));
    assert_true(found.member);
    assert_string_equal(found.newest, "1763700000.000100");
    channel_done(&found);
}

static int rights_asked_for;

static void look_up_member(struct platform *asked, const char *user, const char *place, const char *workspace)
{
    (void)asked;
    assert_string_equal(user, "U1");
    assert_string_equal(place, "C1");
    assert_string_equal(workspace, "T1");
    rights_asked_for++;
}

static guint ready_after(enum event_kind kind, const char *text)
{
    struct event *event = event_new(kind, "slack");
    event->channel = g_strdup("C1");
    event->channel_kind = CHANNEL_PUBLIC;
    event->user = g_strdup("U1");
    event->text = g_strdup(text);
    event->profile.admin = true;
    arrivals_add(arrivals, &platform, event);
    g_autoptr(GPtrArray) taken = arrivals_take(arrivals);
    return taken->len;
}

/* Only where the chat has to be asked, and of that person alone; what is not about settings waits for nothing. */
static void a_change_of_settings_waits_for_whether_its_person_administers_the_channel(void **state)
{
    (void)state;
    int64_t person = store_person(store, "slack", "T1", "U1", "u1");
    store_set_profile(store, person, &(struct profile){.name = (char *)"Una"}, clock_now_ms());
    assert_int_equal(ready_after(EVENT_COMMAND, "settings owner me"), 1);
    platform.look_up_member = look_up_member;
    rights_asked_for = 0;
    assert_int_equal(ready_after(EVENT_COMMAND, "list"), 1);
    assert_int_equal(rights_asked_for, 0);
    assert_int_equal(ready_after(EVENT_COMMAND, "settings owner me"), 0);
    assert_int_equal(ready_after(EVENT_COMMAND, "list"), 0); /* what they typed later comes later */
    assert_int_equal(rights_asked_for, 1);
    assert_int_equal(ready_after(EVENT_MEMBER, NULL), 3);
    store_set_channel_admin(store, channel, person, true, clock_now_ms());
    assert_int_equal(ready_after(EVENT_MENTION, "Settings decider me"), 1);
    assert_int_equal(rights_asked_for, 1);
    platform.look_up_member = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_live_post_says_nothing_of_the_past_while_that_is_being_read, begin, end),
        cmocka_unit_test_setup_teardown(where_ids_of_posts_tell_no_time_their_cursor_says_how_far_a_channel_was_read, begin, end),
        cmocka_unit_test_setup_teardown(what_is_older_than_the_keys_of_what_was_handled_is_not_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(a_command_waits_until_it_is_known_whether_its_channel_is_private, begin, end),
        cmocka_unit_test_setup_teardown(a_change_of_settings_waits_for_whether_its_person_administers_the_channel, begin, end),
        cmocka_unit_test_setup_teardown(reading_again_begins_with_the_invitation_whatever_came_after_it, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
