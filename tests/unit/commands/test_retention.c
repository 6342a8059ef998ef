/* A channel keeps words for some days after an ask ended: what then is erased, what is kept, and that it is only begun once. */
#include "tests/unit/commands/asks.h"

#include "bot/chat/platform.h"
#include "commands/erase.h"
#include "store/retention.h"
#include "store/sql.h"

static int64_t count(struct story *s, const char *query)
{
    return sql_number(s->store, query, "");
}

/* What is due now, all of it; how many steps that took. */
static int let_time_work(struct story *s)
{
    int steps = 0;
    for (bool more = true; more; steps += more) {
        struct context ctx;
        assert_true(store_begin(s->store));
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        more = retention_due(&ctx);
        context_done(&ctx);
        if (store_failed(s->store) != NULL)
            fail_msg("%s", store_failed(s->store)->message);
        assert_true(store_commit(s->store));
    }
    return steps;
}

static void keep_for(struct story *s, int64_t channel, int days)
{
    cJSON *data = json_object();
    json_put_int(data, "days", days);
    log_it(s, (struct log_entry){.kind = "channel.retention", .actor = s->mia, .channel = channel, .data = data});
}

static int64_t raised_and_declined(struct story *s, const char *title)
{
    int64_t ask = raise_it(s, s->product, s->dana, title);
    give_why(s, ask, s->dana, "Lawyers like paper");
    give_why(s, ask, s->dana, "Lawyers like paper, still");
    decide(s, ask, s->mia, "no", "nobody else does", 0);
    return ask;
}

static void assert_rebuilds(struct story *s)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    if (differences != NULL || error != NULL)
        fail_msg("%s%s", differences != NULL ? differences : "", error != NULL ? error->message : "");
}

static bool has_words(struct story *s, int64_t ask)
{
    return sql_number(s->store, "SELECT count(*) FROM log l JOIN words w ON w.id = l.words WHERE l.ask = ?1 AND w.text IS NOT NULL", "i", ask) > 0;
}

static void test_what_ended_long_ago_is_erased_on_its_day(void **state)
{
    struct story *s = *state;
    int64_t old = raised_and_declined(s, "Fax machine");
    int64_t open = raise_it(s, s->product, s->dana, "Dark mode");
    s->now += 20 * DAY_MS;
    int64_t young = raised_and_declined(s, "Carrier pigeons");
    int64_t declined = count(s, "SELECT sum(value) FROM tally WHERE name = 'to.declined'");
    keep_for(s, s->product, 30);
    assert_int_equal(store_next_due(s->store), s->now + 10 * DAY_MS);
    assert_int_equal(let_time_work(s), 0);
    s->now += 10 * DAY_MS - 1;
    assert_int_equal(let_time_work(s), 0);
    s->now += 1;
    assert_true(let_time_work(s) > 0);
    assert_false(has_words(s, old));
    assert_true(has_words(s, young));
    assert_true(has_words(s, open));
    assert_int_equal(store_next_due(s->store), s->now + 20 * DAY_MS);
    s->now += 20 * DAY_MS;
    let_time_work(s);
    assert_false(has_words(s, young));
    assert_true(has_words(s, open));
    assert_int_equal(count(s, "SELECT sum(value) FROM tally WHERE name = 'to.declined'"), declined);
    assert_int_equal(count(s, "SELECT count(*) FROM log WHERE kind = 'ask.erased'"), 2);
    assert_int_equal(store_next_due(s->store), 0);
    assert_rebuilds(s);
}

static char *words_of(struct story *s, int64_t words)
{
    return sql_text(s->store, "SELECT text FROM words WHERE id = ?1", "i", words);
}

static void test_what_was_moved_into_an_open_ask_stays_there(void **state)
{
    struct story *s = *state;
    int64_t into = raise_it(s, s->product, s->mia, "Paperless office");
    int64_t ask = raise_it(s, s->product, s->dana, "Fax machine");
    give_why(s, ask, s->dana, "Lawyers like paper");
    g_autofree char *merge = g_strdup_printf("merge %d into %d because it is the same", (int)ask, (int)into);
    type_as(s, s->dana, s->product, merge);
    assert_says(s->said, "is part of");
    int64_t why = sql_number(s->store, "SELECT words FROM voice WHERE ask = ?1 AND person = ?2", "ii", into, s->dana);
    int64_t title = sql_number(s->store, "SELECT title FROM ask WHERE number = ?1", "i", ask);
    keep_for(s, s->product, 30);
    s->now += 31 * DAY_MS;
    let_time_work(s);
    g_autofree char *kept = words_of(s, why), *gone = words_of(s, title);
    assert_string_equal(kept, "Lawyers like paper");
    assert_null(gone);
    /* With the other one, when that has ended. */
    happen(s, into, s->mia, "ask.withdrawn", NULL, "withdrawn", NULL);
    s->now += 31 * DAY_MS;
    let_time_work(s);
    g_autofree char *then = words_of(s, why);
    assert_null(then);
    assert_rebuilds(s);
}

static void test_what_is_taken_up_again_is_kept_and_what_is_said_afterwards_has_its_own_days(void **state)
{
    struct story *s = *state;
    int64_t again = raised_and_declined(s, "Fax machine"), over = raised_and_declined(s, "Carrier pigeons");
    keep_for(s, s->product, 30);
    s->now += 29 * DAY_MS;
    happen(s, again, s->dana, "ask.reopened", "They moved", "clear", NULL);
    s->now += 2 * DAY_MS;
    let_time_work(s);
    assert_true(has_words(s, again));
    assert_false(has_words(s, over));
    happen(s, over, s->mia, "ask.voice", "We miss them", NULL, NULL);
    s->now += 29 * DAY_MS;
    let_time_work(s);
    assert_true(has_words(s, over));
    s->now += DAY_MS;
    let_time_work(s);
    assert_false(has_words(s, over));
    assert_rebuilds(s);
}

static void test_what_somebody_is_still_asked_about_is_kept(void **state)
{
    struct story *s = *state;
    int64_t ask = raise_it(s, s->product, s->dana, "Fax machine");
    cJSON *data = json_object();
    json_put_int(data, "outcome_due", s->now + 90 * DAY_MS);
    happen(s, ask, s->mia, "ask.shipped", NULL, "shipped", data);
    keep_for(s, s->product, 30);
    s->now += 60 * DAY_MS;
    assert_int_equal(let_time_work(s), 0);
    data = json_object();
    json_put_str(data, "outcome", "partly");
    json_put_str(data, "unit", "faxes");
    happen(s, ask, s->mia, "ask.outcome", "Some send faxes", "checked", data);
    s->now += 30 * DAY_MS;
    let_time_work(s);
    assert_false(has_words(s, ask));
    assert_int_equal(count(s, "SELECT count(*) FROM log WHERE data LIKE '%faxes%'"), 0);
    assert_int_equal(count(s, "SELECT count(*) FROM ask WHERE outcome = 'partly'"), 1);
    assert_rebuilds(s);
}

static void test_other_channels_keep_their_words(void **state)
{
    struct story *s = *state;
    int64_t there = new_channel(s, "CSALES", "sales", CHANNEL_PUBLIC), ask = raised_and_declined(s, "Fax machine");
    keep_for(s, there, 30);
    s->now += 300 * DAY_MS;
    assert_int_equal(let_time_work(s), 0);
    assert_true(has_words(s, ask));
}

/* Sent and in the chat under that id. */
static int64_t posted(struct story *s, const char *purpose, int64_t ask, int64_t thread, const char *message)
{
    assert_true(store_begin(s->store));
    int64_t post = store_add_post(s->store, purpose, ask, 0, s->product, thread);
    store_sent(s->store, 0, post, message);
    assert_true(store_commit(s->store));
    return post;
}

static int edits_waiting(struct story *s)
{
    return (int)sql_number(s->store, "SELECT count(*) FROM outbox WHERE kind = ?1", "d", (int)OUT_UPDATE);
}

static void test_posts_follow_a_few_at_a_time_and_after_a_restart(void **state)
{
    struct story *s = *state;
    int64_t ask = raised_and_declined(s, "Fax machine"), card = posted(s, "card", ask, 0, "100.0");
    for (int i = 1; i <= 11; i++) {
        g_autofree char *id = g_strdup_printf("100.%d", i);
        posted(s, "note", ask, card, id);
    }
    keep_for(s, s->product, 30);
    s->now += 31 * DAY_MS;
    let_time_work(s);
    assert_false(has_words(s, ask));
    assert_int_equal(edits_waiting(s), 5);
    posted(s, "note", ask, card, "200.1"); /* what is said from now on is not what was erased */
    reopen(s);
    s->now += 10000;
    let_time_work(s);
    assert_int_equal(edits_waiting(s), 10);
    s->now += 10000;
    let_time_work(s);
    assert_int_equal(edits_waiting(s), 12);
    s->now += DAY_MS;
    assert_int_equal(let_time_work(s), 0);
    assert_int_equal(count(s, "SELECT count(*) FROM erasing"), 0);
    assert_int_equal(count(s, "SELECT count(*) FROM log WHERE kind = 'ask.erased'"), 1);
}

static void test_a_question_without_words_waits_no_longer(void **state)
{
    struct story *s = *state;
    int64_t ask = raised_and_declined(s, "Fax machine");
    g_autofree char *question = g_strdup_printf("question %d Which lawyers?", (int)ask);
    type_as(s, s->mia, s->product, question);
    type_as(s, s->mia, s->product, "list questions");
    assert_says(s->said, "Which lawyers?");
    keep_for(s, s->product, 30);
    s->now += 31 * DAY_MS;
    let_time_work(s);
    type_as(s, s->mia, s->product, "list questions");
    g_autofree char *number = g_strdup_printf("#%d", (int)ask);
    assert_silent_about(s->said, number);
}

static void test_digests_and_what_was_asked_about_them(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Fax machine");
    type_as(s, s->mia, s->product, "digest now");
    type_as(s, s->dana, s->product, "question What about Korea?");
    type_as(s, s->mia, s->product, "answer Next year");
    int64_t words = count(s, "SELECT count(*) FROM words WHERE text IN ('What about Korea?', 'Next year')");
    assert_int_equal(words, 2);
    g_autofree char *tally = sql_text(s->store, "SELECT tally FROM digest", "");
    keep_for(s, s->product, 30);
    s->now += 31 * DAY_MS;
    let_time_work(s);
    assert_int_equal(count(s, "SELECT count(*) FROM words WHERE text IN ('What about Korea?', 'Next year')"), 0);
    assert_int_equal(count(s, "SELECT count(*) FROM words WHERE text = 'Fax machine'"), 1); /* open */
    assert_int_equal(count(s, "SELECT count(*) FROM outbox WHERE content LIKE '%Fax machine%' OR content LIKE '%Korea%'"), 0);
    g_autofree char *now = sql_text(s->store, "SELECT tally FROM digest", "");
    assert_string_equal(now, tally);
    assert_rebuilds(s);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_what_ended_long_ago_is_erased_on_its_day),
        STORY(test_what_was_moved_into_an_open_ask_stays_there),
        STORY(test_what_is_taken_up_again_is_kept_and_what_is_said_afterwards_has_its_own_days),
        STORY(test_what_somebody_is_still_asked_about_is_kept),
        STORY(test_other_channels_keep_their_words),
        STORY(test_posts_follow_a_few_at_a_time_and_after_a_restart),
        STORY(test_a_question_without_words_waits_no_longer),
        STORY(test_digests_and_what_was_asked_about_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
