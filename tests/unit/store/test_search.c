/* The index for searching follows the log a little behind, and loses nothing on the way. */
#include "tests/unit/store/story.h"

#include "store/copies.h"

static int found_by(struct story *s, struct store *store, const char *words)
{
    struct viewer dana = {.person = person(s, "UDANA")};
    int64_t total;
    GArray *found = store_search(store, &dana, words, NULL, 0, 10, &total);
    int count = (int)found->len;
    g_array_unref(found);
    assert_int_equal(count, total);
    return count;
}

static int found_by_reader(struct story *s, const char *words)
{
    struct store *reader = open_now(s, STORE_READ);
    int count = found_by(s, reader, words);
    store_close(reader);
    return count;
}

static int64_t ask_of_dana(struct story *s, const char *title)
{
    int64_t dana = person(s, "UDANA");
    return raise_ask(s, place(s, "C1", CHANNEL_PUBLIC), dana, dana, 0, 0, title);
}

static void say_why(struct story *s, int64_t number, const char *words)
{
    log_it(s, (struct log_entry){.kind = "ask.why", .ask = number, .person = person(s, "UDANA"), .words = words});
}

static void an_ask_is_found_once_the_index_was_wanted(void **state)
{
    struct story *s = *state;
    int64_t number = ask_of_dana(s, "SSO for Acme");
    say_why(s, number, "Their auditors insist");
    commit(s);
    assert_int_equal(store_unindexed(s->store), 1);
    assert_int_equal(found_by_reader(s, "auditors"), 0);
    store_want_index(s->store);
    commit(s);
    assert_int_equal(store_unindexed(s->store), 0);
    assert_int_equal(found_by_reader(s, "acme audit"), 1);
    /* What is said later takes the place of what was. */
    say_why(s, number, "Their lawyers insist");
    store_want_index(s->store);
    commit(s);
    assert_int_equal(found_by_reader(s, "auditors"), 0);
    assert_int_equal(found_by_reader(s, "lawyers"), 1);
}

static void the_writer_itself_finds_everything_at_once(void **state)
{
    struct story *s = *state;
    ask_of_dana(s, "SSO for Acme");
    assert_int_equal(found_by(s, s->store, "acme"), 1);
    ask_of_dana(s, "Acme wants pink");
    assert_int_equal(found_by(s, s->store, "acme"), 2);
    commit(s);
    assert_int_equal(found_by(s, s->store, "acme"), 2);
}

static void what_a_killed_askwhy_had_not_indexed_is_indexed_by_the_next(void **state)
{
    struct story *s = *state;
    ask_of_dana(s, "SSO for Acme");
    commit(s);
    store_rollback(s->store);
    store_close(s->store);
    s->store = open_now(s, STORE_WRITE);
    assert_int_equal(store_unindexed(s->store), 1);
    assert_true(store_begin(s->store));
    store_want_index(s->store);
    commit(s);
    assert_int_equal(found_by_reader(s, "acme"), 1);
}

static void what_was_rolled_back_is_indexed_later_all_the_same(void **state)
{
    struct story *s = *state;
    int64_t number = ask_of_dana(s, "SSO for Acme");
    commit(s);
    found_by(s, s->store, "acme"); /* written, in a transaction that is undone */
    store_rollback(s->store);
    assert_true(store_begin(s->store));
    assert_int_equal(store_unindexed(s->store), 1);
    say_why(s, number, "Their auditors insist");
    store_want_index(s->store);
    commit(s);
    assert_int_equal(found_by_reader(s, "acme"), 1);
    assert_int_equal(found_by_reader(s, "auditors"), 1);
}

static void what_is_erased_is_found_no_more_from_its_own_commit_on(void **state)
{
    struct story *s = *state;
    int64_t number = ask_of_dana(s, "SSO for Acme");
    say_why(s, number, "Their secretary told me in confidence");
    store_want_index(s->store);
    commit(s);
    assert_int_equal(found_by_reader(s, "secretary"), 1);
    store_erase_answer(s->store, number, "why", NOON);
    cJSON *data = json_object();
    json_put_str(data, "kind", "why");
    log_it(s, (struct log_entry){.kind = "ask.unanswered", .ask = number, .data = data});
    commit(s);
    assert_int_equal(found_by_reader(s, "secretary"), 0);
}

static void an_index_that_is_behind_is_no_difference_to_the_log(void **state)
{
    struct story *s = *state;
    ask_of_dana(s, "SSO for Acme");
    store_want_index(s->store);
    commit(s);
    say_why(s, ask_of_dana(s, "Export"), "Finance needs it");
    commit(s);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(error);
    assert_null(differences);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(an_ask_is_found_once_the_index_was_wanted),
        STORY(the_writer_itself_finds_everything_at_once),
        STORY(what_a_killed_askwhy_had_not_indexed_is_indexed_by_the_next),
        STORY(what_was_rolled_back_is_indexed_later_all_the_same),
        STORY(what_is_erased_is_found_no_more_from_its_own_commit_on),
        STORY(an_index_that_is_behind_is_no_difference_to_the_log),
    };
    return cmocka_run_group_tests(stories, NULL, NULL);
}
