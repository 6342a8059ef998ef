/* What somebody deleted of what askwhy said. */
#include "dispatching.h"

static void a_thread_whose_first_post_was_deleted_is_begun_again_and_nothing_is_lost(void **state)
{
    struct story *s = *state;
    chat_will(ACT);            /* the card */
    chat_will(LACKS_ITS_ROOT); /* and before the question came, somebody deleted it */
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    g_auto(GStrv) shown = g_strsplit(chat.shown->str, "\n", -1);
    int cards = 0, questions = 0;
    for (int i = 0; shown[i] != NULL; i++) {
        cards += g_str_has_prefix(shown[i], "CPRODUCT: ");
        questions += g_str_has_prefix(shown[i], "CPRODUCT>m2: ");
    }
    assert_int_equal(cards, 2);
    assert_int_equal(questions, 1);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM post WHERE purpose = 'card' AND message = 'm2'", ""), 1);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox", ""), 0);
}

static void edits_of_a_deleted_card_are_forgotten_once_there_is_another(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    chat_will(REFUSE); /* the card was deleted, and with it its thread: it cannot be edited any more */
    command(s, "E2", "t2", "own 1");
    settle(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox WHERE parked IS NOT NULL", ""), 1);
    chat_will(REFUSE);         /* nor the question */
    chat_will(REFUSE);         /* nor the card once more */
    chat_will(LACKS_ITS_ROOT); /* but what is to be said next makes a new one */
    command(s, "E3", "t3", "why 1 because Acme would leave");
    settle(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox", ""), 0);
}

static void who_deletes_every_first_post_is_not_posted_to_for_ever(void **state)
{
    struct story *s = *state;
    chat_will(ACT);
    chat_will(LACKS_ITS_ROOT);
    chat_will(ACT);
    chat_will(LACKS_ITS_ROOT);
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    assert_int_equal(chat.messages, 2);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox WHERE parked IS NOT NULL", ""), 1);
}

/* The chat tells that a post of askwhy's is not there any more. */
static void somebody_deletes(struct story *s, const char *message)
{
    struct event *event = new_event(EVENT_UNPOSTED, NULL, NULL);
    g_clear_pointer(&event->user, g_free);
    event->message = g_strdup(message);
    event->keys[1] = g_strdup_printf("post:%s:deleted", message);
    dispatch_event(s->dispatch, &s->platform, event);
}

/* Lines of what people see that begin so. */
static int shown(const char *beginning)
{
    g_auto(GStrv) lines = g_strsplit(chat.shown->str, "\n", -1);
    int count = 0;
    for (int i = 0; lines[i] != NULL; i++)
        count += g_str_has_prefix(lines[i], beginning);
    return count;
}

static void assert_all_is_sent(struct story *s)
{
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox", ""), 0);
}

static void a_deleted_card_comes_again_with_the_next_thing_to_say_below_it(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    somebody_deletes(s, "m1");
    settle(s);
    assert_int_equal(shown("CPRODUCT: "), 1); /* by itself it does not */
    command(s, "E2", "t2", "why 1 because Acme would leave");
    settle(s);
    assert_int_equal(shown("CPRODUCT: "), 2);
    assert_int_equal(shown("CPRODUCT>m3: "), 1); /* the next question */
    assert_null(strstr(chat.heard->str, "edit"));
    assert_all_is_sent(s);
}

static void what_waits_to_be_said_below_a_deleted_card_brings_it_at_once(void **state)
{
    struct story *s = *state;
    chat_will(ACT);  /* the card */
    chat_will(LIMIT); /* the question, not now */
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    somebody_deletes(s, "m1");
    settle(s);
    assert_int_equal(shown("CPRODUCT: "), 1);
    story_ms += 8000;
    command(s, "E2", "t2", "Dark mode"); /* which makes the sender look */
    settle(s);
    assert_int_equal(shown("CPRODUCT: #1"), 2);
    assert_int_equal(shown("CPRODUCT>"), 2); /* a question each */
    assert_int_equal(shown("CPRODUCT>m1: "), 0);
    assert_all_is_sent(s);
}

static void edits_that_were_given_up_are_forgotten_when_the_deletion_is_told(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    chat_will(REFUSE); /* which may mean that askwhy is not a member, too */
    command(s, "E2", "t2", "own 1");
    settle(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox WHERE parked IS NOT NULL", ""), 1);
    somebody_deletes(s, "m1");
    settle(s);
    assert_all_is_sent(s);
}

static void an_edit_on_its_way_when_the_deletion_is_told_is_forgotten(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    chat_will(REFUSE);
    command(s, "E2", "t2", "own 1");
    batch(s);
    wait_without_a_batch(s); /* refused, and that is not recorded yet */
    somebody_deletes(s, "m1");
    settle(s);
    assert_all_is_sent(s);
}

static void an_edit_of_what_is_known_to_be_gone_is_not_kept(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    chat_will(WAS_DELETED);
    command(s, "E2", "t2", "own 1");
    settle(s);
    assert_all_is_sent(s);
}

/* It was below the card, which is gone, and all below it. */
static void a_reply_on_its_way_when_the_deletion_is_told_is_gone_too(void **state)
{
    struct story *s = *state;
    chat_will(ACT);
    chat_will(KEEP_WAITING);
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    somebody_deletes(s, "m1");
    settle(s);
    chat_lets_go();
    settle(s);
    assert_all_is_sent(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM post WHERE message IS NOT NULL", ""), 0);
}

static void a_card_deleted_before_it_is_recorded_comes_again_too(void **state)
{
    struct story *s = *state;
    chat_will(ACT);
    chat_will(LACKS_ITS_ROOT);
    command(s, "E1", "t1", "Add SSO for Acme");
    batch(s);
    wait_without_a_batch(s); /* it is in the chat, and nobody here knows where */
    assert_int_equal(shown("CPRODUCT: "), 1);
    somebody_deletes(s, "m1");
    settle(s);
    assert_int_equal(shown("CPRODUCT: "), 2);
    assert_int_equal(shown("CPRODUCT>m2: "), 1);
    assert_all_is_sent(s);
}

static void a_card_that_an_earlier_try_posted_and_somebody_deleted_comes_again(void **state)
{
    struct story *s = *state;
    chat_will(WAS_DELETED);
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    assert_int_equal(shown("CPRODUCT: "), 1);
    assert_int_equal(shown("CPRODUCT>m1: "), 1);
    assert_all_is_sent(s);
}

static void what_was_said_once_and_deleted_keeps_nobody_waiting(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    int64_t channel = store_find_channel(s->store, "slack", "CPRODUCT");
    int64_t digest = store_add_post(s->store, "digest", 0, 0, channel, 0);
    store_sent(s->store, 0, digest, "m77");
    assert_true(store_commit(s->store));
    somebody_deletes(s, "m77");
    settle(s);
    struct message *question = message_text("A question about it");
    g_autofree char *content = message_to_json(question);
    message_free(question);
    struct outbox_row row = {.kind = OUT_POST,
                             .platform = (char *)"slack",
                             .channel = channel,
                             .thread = digest,
                             .content = content,
                             .made_at = clock_now_ms(),
                             .due_at = clock_now_ms()};
    store_begin(s->store);
    store_enqueue(s->store, &row);
    assert_true(store_commit(s->store));
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    assert_null(strstr(chat.shown->str, "A question about it"));
    assert_int_equal(shown("CPRODUCT>m1: "), 1);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox WHERE parked LIKE '%first post was deleted%'", ""), 1);
}

static void a_post_of_somebody_elses_is_no_business_of_ours(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    somebody_deletes(s, "m99");
    settle(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM post WHERE message IS NULL", ""), 0);
    assert_true(dispatch_idle(s->dispatch));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_thread_whose_first_post_was_deleted_is_begun_again_and_nothing_is_lost),
        STORY(edits_of_a_deleted_card_are_forgotten_once_there_is_another),
        STORY(who_deletes_every_first_post_is_not_posted_to_for_ever),
        STORY(a_deleted_card_comes_again_with_the_next_thing_to_say_below_it),
        STORY(what_waits_to_be_said_below_a_deleted_card_brings_it_at_once),
        STORY(edits_that_were_given_up_are_forgotten_when_the_deletion_is_told),
        STORY(an_edit_on_its_way_when_the_deletion_is_told_is_forgotten),
        STORY(an_edit_of_what_is_known_to_be_gone_is_not_kept),
        STORY(a_reply_on_its_way_when_the_deletion_is_told_is_gone_too),
        STORY(a_card_deleted_before_it_is_recorded_comes_again_too),
        STORY(a_card_that_an_earlier_try_posted_and_somebody_deleted_comes_again),
        STORY(what_was_said_once_and_deleted_keeps_nobody_waiting),
        STORY(a_post_of_somebody_elses_is_no_business_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
