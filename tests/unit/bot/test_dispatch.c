/* The batch: on disk first, then the acknowledgement; once, however often it comes; and a disk that fails. */
#include "dispatching.h"

static void the_answer_comes_when_it_is_on_disk(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    assert_false(told(s, "E1")); /* nothing before the batch */
    batch(s);
    assert_told(s, "E1 (1 on disk) Raised as #1");
    settle(s);
    assert_shown_once("Add SSO for Acme");
}

static void a_batch_is_on_disk_as_a_whole_before_anybody_is_told(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    command(s, "E2", "t2", "Dark mode");
    command(s, "E3", "t3", "Invoices in PDF");
    batch(s);
    assert_told(s, "E1 (3 on disk)");
    assert_told(s, "E3 (3 on disk) Raised as #3");
}

static void what_comes_twice_has_one_effect_and_two_acknowledgements(void **state)
{
    struct story *s = *state;
    mention(s, "E1", "Ev1", "Add SSO for Acme");
    mention(s, "E2", "Ev1", "Add SSO for Acme"); /* in the same batch */
    batch(s);
    mention(s, "E3", "Ev1", "Add SSO for Acme"); /* and later */
    settle(s);
    assert_told(s, "E1 ");
    assert_told(s, "E2 ");
    assert_told(s, "E3 ");
    assert_int_equal(asks(s), 1);
    assert_shown_once("#1 Add SSO for Acme");
}

/* What Dana is shown of her asks where nobody else looks. */
static bool dana_sees(struct story *s, int64_t number)
{
    struct viewer dana = {.person = store_find_person(s->eye, "slack", "UDANA")};
    struct ask ask;
    bool sees = store_get_ask(s->eye, &dana, number, &ask);
    if (sees)
        ask_done(&ask);
    return sees;
}

static void sam_makes_dana_the_owner(struct story *s)
{
    struct event *event = new_event(EVENT_COMMAND, "E9", "t9");
    g_free(event->user);
    event->user = g_strdup("USAM");
    event->channel_kind = CHANNEL_UNKNOWN;
    event->command = g_strdup("/ask");
    event->text = g_strdup("own 1 \x12UDANA\x1e");
    event->accepts_reply = true;
    dispatch_event(s->dispatch, &s->platform, event);
    batch(s);
    assert_told(s, "E9 (1 on disk) @Dana owns #1");
}

static void channel_becomes_private(struct story *s)
{
    struct event *event = new_event(EVENT_CHANNEL, "E8", NULL);
    event->channel_kind = CHANNEL_PRIVATE;
    dispatch_event(s->dispatch, &s->platform, event);
    batch(s);
}

/* Named there by somebody else: who was never heard there may not be in it. */
static void who_raised_by_form_in_a_private_channel_is_in_it(void **state)
{
    struct story *s = *state;
    channel_becomes_private(s);
    form(s, "E1", "V1", "Buy Acme");
    batch(s);
    assert_true(dana_sees(s, 1));
    sam_makes_dana_the_owner(s);
    assert_true(dana_sees(s, 1));
}

static void who_raised_in_a_channel_before_it_was_private_is_in_it(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Buy Acme");
    batch(s);
    channel_becomes_private(s);
    sam_makes_dana_the_owner(s);
    assert_true(dana_sees(s, 1));
}

/* Keys of what was handled are kept for a while, not for good: a day with much in each batch is caught up with. */
static void keys_of_a_busy_day_go_when_they_are_old(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    for (int i = 0; i < 5000; i++) {
        g_autofree char *key = g_strdup_printf("busy-%d", i);
        store_inbox_add(s->store, key, NOON);
    }
    assert_true(store_commit(s->store));
    story_ms += ARRIVALS_KEYS_KEPT_MS + 1000;
    for (int i = 0; i < 100; i++) {
        g_autofree char *key = g_strdup_printf("Ev%d", i);
        mention(s, key, key, "help");
        batch(s);
    }
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM inbox WHERE key LIKE 'busy-%'", ""), 0);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM inbox WHERE key LIKE 'Ev%'", ""), 100);
}

static void a_form_sent_back_may_come_again_an_accepted_one_may_not(void **state)
{
    struct story *s = *state;
    form(s, "E1", "V1", NULL);
    batch(s);
    assert_int_equal(asks(s), 0);
    assert_false(told(s, "E1 (0 on disk) -")); /* with what is wrong */
    form(s, "E2", "V1", "Add SSO for Acme");
    batch(s);
    assert_told(s, "E2 (1 on disk) -");
    form(s, "E3", "V1", "Add SSO for Acme");
    batch(s);
    assert_told(s, "E3 (1 on disk) -");
    assert_int_equal(asks(s), 1);
}

static void a_full_disk_is_told_and_survived(void **state)
{
    struct story *s = *state;
    disk_gets_full(s);
    command(s, "E1", "t1", "Add SSO for Acme");
    form(s, "E2", "V1", "Dark mode");
    mention(s, "E3", "Ev3", "Invoices in PDF");
    batch(s);
    batch(s);
    assert_told(s, "E1 (0 on disk) Nothing was recorded");
    assert_told(s, "E2 (0 on disk) Nothing was recorded");
    assert_false(told(s, "E3")); /* the platform will bring it again */

    disk_has_room_again(s);
    mention(s, "E4", "Ev3", "Invoices in PDF");
    form(s, "E5", "V1", "Dark mode");
    settle(s);
    assert_told(s, "E4 (2 on disk)");
    assert_told(s, "E5 (2 on disk) -");
    assert_shown_once("#1 Invoices in PDF");
    assert_null(store_failed(s->store));
}

static void an_event_that_fails_harms_no_other_of_its_batch(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    sqlite3_exec(s->store->db,
                 "CREATE TRIGGER trouble BEFORE INSERT ON words WHEN new.text = 'Dark mode'"
                 " BEGIN SELECT raise(ABORT, 'trouble'); END",
                 NULL, NULL, NULL);
    assert_true(store_commit(s->store));
    command(s, "E1", "t1", "Add SSO for Acme");
    command(s, "E2", "t2", "Dark mode");
    form(s, "E3", "V1", "Dark mode");
    form(s, "E4", "V2", "Invoices in PDF");
    batch(s);
    batch(s);
    assert_told(s, "E1 (2 on disk) Raised as #1");
    assert_told(s, "E2 (2 on disk) Nothing was recorded");
    assert_told(s, "E3 (2 on disk) Nothing was recorded");
    assert_told(s, "E4 (2 on disk) -");
    settle(s);
    assert_shown_once("#1 Add SSO for Acme");
    assert_shown_once("#2 Invoices in PDF");
    assert_int_equal(asks(s), 2);
    assert_true(dispatch_idle(s->dispatch));
}

static void what_was_sent_while_the_disk_was_full_is_not_sent_twice(void **state)
{
    struct story *s = *state;
    chat_will(KEEP_WAITING);
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    disk_gets_full(s);
    chat_lets_go();
    command(s, "E2", "t2", "Dark mode");
    /* The post arrives, and cannot be recorded. */
    wait_without_a_batch(s);
    for (int i = 0; i < 3; i++)
        batch(s);
    assert_told(s, "E2 (1 on disk) Nothing was recorded");
    disk_has_room_again(s);
    settle(s);
    assert_shown_once("#1 Add SSO for Acme");
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox", ""), 0);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM post WHERE purpose = 'card' AND message IS NOT NULL", ""), 1);
}

static void an_answer_that_takes_long_comes_behind_the_acknowledgement(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    command(s, "E2", "t2", "search acme");
    settle(s);
    assert_told(s, "E2 (1 on disk) -");
    assert_non_null(strstr(chat.heard->str, "respond"));
}

static void an_answer_that_took_long_waits_for_room_on_the_disk(void **state)
{
    struct story *s = *state;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    command(s, "E2", "t2", "search acme");
    batch(s);
    disk_gets_full(s);
    wait_without_a_batch(s);
    batch(s);
    batch(s);
    disk_has_room_again(s);
    settle(s);
    assert_non_null(strstr(chat.heard->str, "respond"));
}

static void when_the_socket_is_gone_the_answer_takes_another_way(void **state)
{
    struct story *s = *state;
    s->socket_is_gone = true;
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    assert_non_null(strstr(chat.heard->str, "respond Raised as #1"));
    assert_int_equal(asks(s), 1);
}

static void what_was_read_back_after_a_gap_is_acknowledged_to_nobody(void **state)
{
    struct story *s = *state;
    struct event *event = new_event(EVENT_MENTION, "E1", "Ev1");
    event->message = g_strdup("1.1");
    event->text = g_strdup("Add SSO for Acme");
    event->replay = true;
    event->at_ms = clock_now_ms();
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
    assert_string_equal(s->told->str, "");
    assert_int_equal(asks(s), 1);
}

static bool always(const struct platform *platform)
{
    (void)platform;
    return true;
}

static void write_directly(struct story *s, const char *ts)
{
    struct event *event = new_event(EVENT_MESSAGE, ts, ts);
    g_free(event->channel);
    event->channel = g_strdup("D0DANA");
    event->channel_kind = CHANNEL_DIRECT;
    event->message = g_strdup(ts);
    event->text = g_strdup("help");
    dispatch_event(s->dispatch, &s->platform, event);
    batch(s);
}

static void reading_a_direct_channel_begins_with_the_first_message_that_was_heard_there(void **state)
{
    struct story *s = *state;
    s->platform.catching_up = always; /* older ones may still come: no later one may be remembered */
    write_directly(s, "1763700000.000100");
    write_directly(s, "1763700001.000100");
    int64_t kept = sql_number(
        s->eye, "SELECT count(*) FROM channel WHERE channel = 'D0DANA' AND newest = '1763700000.000100'", "");
    assert_int_equal(kept, 1);
}

static const char *stream_position;

static char *position_now(const struct platform *platform)
{
    (void)platform;
    return g_strdup(stream_position);
}

static void assert_position(struct story *s, const char *expected)
{
    g_autofree char *kept = store_position(s->eye, "slack");
    assert_string_equal(kept != NULL ? kept : "", expected);
}

static void a_new_process_goes_on_behind_what_this_one_has_recorded(void **state)
{
    struct story *s = *state;
    s->platform.position = position_now;
    stream_position = "c1 7";
    command(s, "E1", "t1", "Add SSO for Acme");
    assert_position(s, "");
    batch(s);
    assert_position(s, "c1 7");
    /* Somebody nobody knows yet: what they said is not recorded while their name is asked for. */
    stream_position = "c1 8";
    struct event *event = new_event(EVENT_MENTION, "E2", "m2");
    g_free(event->user);
    event->user = g_strdup("USTRANGER");
    event->text = g_strdup("Dark mode");
    event->message = g_strdup("1.2");
    dispatch_event(s->dispatch, &s->platform, event);
    stream_position = "c1 9";
    command(s, "E3", "t3", "A wiki");
    batch(s);
    assert_position(s, "c1 7");
    /* Nor while the past is being read again. */
    struct event *profile = new_event(EVENT_PERSON, NULL, NULL);
    g_free(profile->user);
    profile->user = g_strdup("USTRANGER");
    profile->profile.name = g_strdup("Kim");
    dispatch_event(s->dispatch, &s->platform, profile);
    s->platform.catching_up = always;
    batch(s);
    assert_position(s, "c1 7");
    s->platform.catching_up = NULL;
    command(s, "E4", "t4", "Export to PDF");
    settle(s);
    assert_position(s, "c1 9");
}

static void chatter(struct story *s, int posts)
{
    for (int i = 0; i < posts; i++) {
        struct event *event = new_event(EVENT_MESSAGE, "E", NULL);
        event->message = g_strdup_printf("9.%d", i);
        event->text = g_strdup("good morning");
        dispatch_event(s->dispatch, &s->platform, event);
    }
    batch(s);
}

/* A WebSocket that numbers its events, and what is read back after a gap, bring nothing a second time. */
static void what_nobody_brings_again_waits_for_room_on_the_disk(void **state)
{
    struct story *s = *state;
    s->platform.position = position_now;
    stream_position = "c1 7";
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    disk_gets_full(s);
    stream_position = "c1 8";
    mention(s, NULL, "post:m2", "Invoices in PDF");
    batch(s);
    batch(s);
    stream_position = "c1 9";
    mention(s, NULL, "post:m3", "Dark mode");
    batch(s);
    disk_has_room_again(s);
    assert_int_equal(asks(s), 1);
    assert_position(s, "c1 7");
    command(s, "E4", "t4", "Offer a CSV export");
    settle(s);
    assert_int_equal(asks(s), 4);
    assert_shown_once("#2 Invoices in PDF");
    assert_shown_once("#3 Dark mode");
    assert_shown_once("#4 Offer a CSV export");
    assert_position(s, "c1 9");
}

static void what_never_can_be_recorded_is_not_tried_for_ever(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    sqlite3_exec(s->store->db,
                 "CREATE TRIGGER trouble BEFORE INSERT ON words WHEN new.text = 'Dark mode'"
                 " BEGIN SELECT raise(ABORT, 'trouble'); END",
                 NULL, NULL, NULL);
    assert_true(store_commit(s->store));
    mention(s, NULL, "post:m1", "Dark mode");
    batch(s);
    settle(s);
    assert_int_equal(asks(s), 0);
    assert_true(dispatch_idle(s->dispatch));
}

static void talk_that_concerns_nobody_moves_the_position_now_and_then_and_at_the_end(void **state)
{
    struct story *s = *state;
    settle(s);
    s->platform.position = position_now;
    stream_position = "c1 11";
    chatter(s, 10);
    assert_position(s, ""); /* not worth a write to the disk */
    stream_position = "c1 71";
    chatter(s, 60);
    assert_position(s, "c1 71");
    stream_position = "c1 75";
    chatter(s, 4);
    assert_position(s, "c1 71");
    dispatch_last_batch(s->dispatch);
    batch(s);
    assert_position(s, "c1 75");
}

static bool only_short(const struct platform *platform, const struct event *event, const struct message *message)
{
    (void)platform;
    return event->kind == EVENT_BUTTON && message->n_parts <= 1;
}

static void what_an_acknowledgement_can_carry_is_the_platforms_to_say(void **state)
{
    struct story *s = *state;
    s->platform.carries = only_short;
    struct event *event = new_event(EVENT_BUTTON, "E1", "t1");
    event->action = g_strdup("no such button");
    event->value = g_strdup("99");
    event->message = g_strdup("1.1");
    event->accepts_reply = true;
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
    assert_non_null(strstr(s->told->str, "E1 (0 on disk) That button belongs"));
    assert_string_equal(chat.shown->str, "");
    /* A command's answer goes its own way then. */
    command(s, "E2", "t2", "help");
    settle(s);
    assert_non_null(strstr(s->told->str, "E2 (0 on disk) -"));
    assert_non_null(strstr(chat.heard->str, "respond "));
}

static void who_cannot_log_in_any_more_is_not_asked(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    struct profile closed = {.name = (char *)"Sam", .deleted = true};
    store_set_profile(s->store, store_find_person(s->store, "slack", "USAM"), &closed, clock_now_ms());
    assert_true(store_commit(s->store));
    command(s, "E1", "t1", "Add SSO for Acme for \x12USAM\x1e");
    settle(s);
    assert_int_equal(asks(s), 1);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM question q JOIN person p ON p.id = q.person"
                                        " WHERE p.user = 'UDANA'", ""), 1);
    assert_null(strstr(chat.heard->str, "USAM"));
}

static void a_moment_that_fails_harms_nothing_else(void **state)
{
    struct story *s = *state;
    /* A later-date of an ask in a state that cannot return, and a trigger that makes recording it fail. */
    command(s, "E1", "t1", "Add SSO for Acme");
    settle(s);
    store_begin(s->store);
    sql_run(s->store, "UPDATE ask SET state = 'later', later_until = ?1 WHERE number = 1", "i", clock_now_ms() + 1000);
    sqlite3_exec(s->store->db,
                 "CREATE TRIGGER trouble BEFORE INSERT ON log WHEN new.kind = 'ask.returned'"
                 " BEGIN SELECT raise(ABORT, 'trouble'); END",
                 NULL, NULL, NULL);
    assert_true(store_commit(s->store));
    story_ms += 2000;
    dispatch_clock_moved(s->dispatch);
    command(s, "E2", "t2", "Dark mode");
    batch(s);
    assert_told(s, "E2 (2 on disk) Raised as #2");
    /* And what was said is recorded as said; nothing spins. */
    settle(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM post WHERE ask = 2 AND purpose = 'card' AND message IS NOT NULL", ""), 1);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM outbox", ""), 0);
    assert_true(dispatch_idle(s->dispatch));

    store_begin(s->store);
    sqlite3_exec(s->store->db, "DROP TRIGGER trouble", NULL, NULL, NULL);
    assert_true(store_commit(s->store));
    story_ms += 3600 * 1000;
    batch(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM ask WHERE number = 1 AND state = 'clear'", ""), 1);
}

/* Its inviter's profile was asked for by a process that died before it came. */
static void profile_comes(struct story *s, const char *user, const char *name)
{
    struct event *event = event_new(EVENT_PERSON, "slack");
    event->user = g_strdup(user);
    event->envelope = g_strdup("E1");
    event->profile = (struct profile){.name = g_strdup(name), .zone = g_strdup("Europe/Tallinn")};
    dispatch_event(s->dispatch, &s->platform, event);
}

static void an_introduction_that_waits_for_a_profile_is_not_forgotten(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    int64_t mia = store_person(s->store, "slack", "T1", "UMIA", NULL);
    int64_t deals = store_channel(s->store, "slack", "T1", "CDEALS", "deals", CHANNEL_PRIVATE);
    store_set_member(s->store, deals, true);
    cJSON *data = json_object();
    json_put_int(data, "owner", mia);
    struct log_entry entry = {.at = clock_now_ms(), .kind = "channel.defaults", .channel = deals, .data = data};
    store_append(s->store, &entry);
    assert_true(store_commit(s->store));
    dispatch_begin(s->dispatch);
    assert_string_equal(s->looked_up->str, "UMIA ");

    profile_comes(s, "UMIA", "Mia");
    batch(s);
    assert_int_equal(sql_number(s->eye, "SELECT introduced FROM channel_setting WHERE channel = ?1", "i", deals), 1);
    g_string_truncate(s->looked_up, 0);
    dispatch_begin(s->dispatch);
    assert_string_equal(s->looked_up->str, "");
}

/* Told twice: by a post that says who did it, and by the list of channels, which does not. The second of them alone on
 * disk would be the end of the first: reading after a crash begins there. */
static void who_invited_is_recorded_no_later_than_that_somebody_did(void **state)
{
    struct story *s = *state;
    struct event *invited = new_event(EVENT_INVITED, NULL, "post:p1");
    g_free(invited->user);
    invited->user = g_strdup("UMIA"); /* not known yet */
    struct event *member = new_event(EVENT_INVITED, NULL, NULL);
    g_clear_pointer(&member->user, g_free);
    struct event *const events[] = {invited, member};
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_free(events[i]->channel);
        events[i]->channel = g_strdup("CDEALS");
        events[i]->cursor = g_strdup("0000000000007");
        dispatch_event(s->dispatch, &s->platform, events[i]);
    }
    batch(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM channel WHERE channel = 'CDEALS' AND member = 1", ""), 0);
    profile_comes(s, "UMIA", "Mia");
    batch(s);
    assert_int_equal(sql_number(s->eye, "SELECT count(*) FROM channel_setting t JOIN channel c ON c.id = t.channel"
                                        " WHERE c.channel = 'CDEALS' AND t.introduced = 1", ""), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_answer_comes_when_it_is_on_disk),
        STORY(a_batch_is_on_disk_as_a_whole_before_anybody_is_told),
        STORY(what_comes_twice_has_one_effect_and_two_acknowledgements),
        STORY(who_raised_by_form_in_a_private_channel_is_in_it),
        STORY(who_raised_in_a_channel_before_it_was_private_is_in_it),
        STORY(keys_of_a_busy_day_go_when_they_are_old),
        STORY(a_form_sent_back_may_come_again_an_accepted_one_may_not),
        STORY(a_full_disk_is_told_and_survived),
        STORY(an_event_that_fails_harms_no_other_of_its_batch),
        STORY(what_was_sent_while_the_disk_was_full_is_not_sent_twice),
        STORY(an_answer_that_takes_long_comes_behind_the_acknowledgement),
        STORY(an_answer_that_took_long_waits_for_room_on_the_disk),
        STORY(when_the_socket_is_gone_the_answer_takes_another_way),
        STORY(what_was_read_back_after_a_gap_is_acknowledged_to_nobody),
        STORY(reading_a_direct_channel_begins_with_the_first_message_that_was_heard_there),
        STORY(a_new_process_goes_on_behind_what_this_one_has_recorded),
        STORY(what_nobody_brings_again_waits_for_room_on_the_disk),
        STORY(what_never_can_be_recorded_is_not_tried_for_ever),
        STORY(talk_that_concerns_nobody_moves_the_position_now_and_then_and_at_the_end),
        STORY(what_an_acknowledgement_can_carry_is_the_platforms_to_say),
        STORY(who_cannot_log_in_any_more_is_not_asked),
        STORY(a_moment_that_fails_harms_nothing_else),
        STORY(an_introduction_that_waits_for_a_profile_is_not_forgotten),
        STORY(who_invited_is_recorded_no_later_than_that_somebody_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
