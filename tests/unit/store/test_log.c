/* The log: what an entry changes, parts and whole transactions that fail, words that are erased. */
#include "story.h"

#include "store/sql.h"

#include <signal.h>
#include <sys/resource.h>

static struct ask loaded(struct story *s, int64_t number)
{
    struct ask ask;
    assert_true(store_load_ask(s->store, number, &ask));
    return ask;
}

static int64_t ask_of_dana(struct story *s, const char *title)
{
    return raise_ask(s, place(s, "product", CHANNEL_PUBLIC), person(s, "UDANA"), person(s, "UDANA"), 0, 0, title);
}

static int64_t say_why(struct story *s, int64_t ask, const char *why)
{
    struct log_entry entry = {.at = NOON,
                              .kind = "ask.why",
                              .actor = person(s, "UDANA"),
                              .person = person(s, "UDANA"),
                              .ask = ask,
                              .channel = place(s, "product", CHANNEL_PUBLIC),
                              .words = why,
                              .data = json_object()};
    json_put_int(entry.data, "known", 1);
    assert_int_not_equal(store_append(s->store, &entry), 0);
    return entry.words_id;
}

static void an_entry_moves_the_ask(void **state)
{
    struct story *s = *state;
    int64_t number = ask_of_dana(s, "SSO for Acme");
    struct ask ask = loaded(s, number);
    assert_string_equal(ask.title, "SSO for Acme");
    assert_string_equal(ask.state, "waiting");
    assert_null(ask.why);
    ask_done(&ask);

    say_why(s, number, "They leave otherwise");
    log_it(s, (struct log_entry){.at = NOON + 5, .kind = "ask.clear", .ask = number, .state = "clear"});
    ask = loaded(s, number);
    assert_string_equal(ask.why, "They leave otherwise");
    assert_int_equal(ask.why_known, 1);
    assert_string_equal(ask.state, "clear");
    assert_int_equal(ask.state_at, NOON + 5);
    ask_done(&ask);
}

static void words_erased_leave_the_log_whole(void **state)
{
    struct story *s = *state;
    int64_t number = ask_of_dana(s, "SSO for Acme");
    int64_t words = say_why(s, number, "Their secretary told me in confidence");
    int64_t entries = sql_number(s->store, "SELECT count(*) FROM log", "");

    store_erase_words(s->store, words, NOON + 10);
    cJSON *data = json_object();
    json_put_int(data, "words", words);
    log_it(s, (struct log_entry){.at = NOON + 10, .kind = "words.erased", .ask = number, .data = data});

    struct ask ask = loaded(s, number);
    assert_string_equal(ask.why, ""); /* it was said, what was said is gone */
    ask_done(&ask);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM log", ""), entries + 1);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM log WHERE words = ?1", "i", words), 1);
    struct viewer dana = {.person = person(s, "UDANA")};
    int64_t total;
    GArray *found = store_search(s->store, &dana, "secretary", NULL, 0, 10, &total);
    assert_int_equal(total, 0);
    g_array_unref(found);
    commit(s);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(error);
    assert_null(differences);
}

static void a_part_that_is_undone_takes_nothing_else_along(void **state)
{
    struct story *s = *state;
    assert_true(store_part_begin(s->store));
    int64_t kept = ask_of_dana(s, "Kept");
    assert_true(store_part_end(s->store));
    assert_true(store_part_begin(s->store));
    int64_t undone = ask_of_dana(s, "Undone");
    store_part_undo(s->store);
    commit(s);
    struct ask ask = loaded(s, kept);
    ask_done(&ask);
    assert_false(store_load_ask(s->store, undone, &ask));
}

static void the_first_error_sticks_and_everything_after_it_does_nothing(void **state)
{
    struct story *s = *state;
    sql_run(s->store, "INSERT INTO log (at, kind) VALUES (NULL, 'x')", "");
    assert_non_null(store_failed(s->store));
    struct ask ask;
    assert_false(store_load_ask(s->store, 1, &ask));
    assert_int_equal(store_person(s->store, "slack", "T1", "UNEW", NULL), 0);
    assert_false(store_commit(s->store));
    store_rollback(s->store);
    assert_null(store_failed(s->store));
    assert_true(store_begin(s->store));
    assert_int_equal(store_find_person(s->store, "slack", "UNEW"), 0);
}

/* Fills the database until an ask cannot be raised; the number that failed. */
static int64_t raise_until_it_fails(struct story *s)
{
    g_autofree char *long_text = g_strnfill(3000, 'w');
    for (int i = 0; i < 2000; i++) {
        struct log_entry entry = {.at = NOON,
                                  .kind = "ask.raised",
                                  .actor = 1,
                                  .person = 1,
                                  .ask = store_next_number(s->store),
                                  .channel = 1,
                                  .words = long_text,
                                  .state = "waiting"};
        if (store_append(s->store, &entry) == 0 || !store_commit(s->store))
            return entry.ask;
        assert_true(store_begin(s->store));
    }
    fail_msg("the disk never got full");
    return 0;
}

static void assert_recovers(struct story *s, int64_t failed)
{
    assert_true(store_begin(s->store));
    struct ask ask;
    assert_false(store_load_ask(s->store, failed, &ask));
    assert_int_equal(store_next_number(s->store), failed);
    ask_of_dana(s, "There is room again");
    commit(s);
    assert_null(store_integrity(s->store));
}

static void a_full_disk_loses_only_what_was_not_committed(void **state)
{
    struct story *s = *state;
    ask_of_dana(s, "Before");
    commit(s);
    int64_t pages = sql_number(s->store, "PRAGMA page_count", "");
    g_autofree char *limit = g_strdup_printf("PRAGMA max_page_count = %d", (int)pages + 10);
    sqlite3_exec(s->store->db, limit, NULL, NULL, NULL);
    int64_t failed = raise_until_it_fails(s);
    assert_true(g_error_matches(store_failed(s->store), STORE_ERROR, STORE_ERROR_FULL));
    assert_non_null(strstr(store_failed(s->store)->message, s->path));
    store_rollback(s->store);
    sqlite3_exec(s->store->db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL);
    assert_recovers(s, failed);
}

static void a_file_that_cannot_grow_loses_only_what_was_not_committed(void **state)
{
    struct story *s = *state;
    ask_of_dana(s, "Before");
    commit(s);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, tight;
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 2 * 1024 * 1024;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    int64_t failed = raise_until_it_fails(s);
    setrlimit(RLIMIT_FSIZE, &before);
    enum store_error kind = (enum store_error)store_failed(s->store)->code;
    assert_true(kind == STORE_ERROR_IO || kind == STORE_ERROR_FULL);
    store_rollback(s->store);
    assert_recovers(s, failed);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_entry_moves_the_ask),
        STORY(words_erased_leave_the_log_whole),
        STORY(a_part_that_is_undone_takes_nothing_else_along),
        STORY(the_first_error_sticks_and_everything_after_it_does_nothing),
        STORY(a_full_disk_loses_only_what_was_not_committed),
        STORY(a_file_that_cannot_grow_loses_only_what_was_not_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
