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

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_thread_whose_first_post_was_deleted_is_begun_again_and_nothing_is_lost),
        STORY(edits_of_a_deleted_card_are_forgotten_once_there_is_another),
        STORY(who_deletes_every_first_post_is_not_posted_to_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
