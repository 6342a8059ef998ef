/* What is gone is gone from the file, too: answers' addresses once they are used, words once they are erased. */
#include "story.h"

#include "store/sql.h"

static void close_it(struct story *s)
{
    commit(s);
    store_close(g_steal_pointer(&s->store)); /* the last to close writes the log back */
}

static bool stands_in_files(const struct story *s, const char *words)
{
    g_autoptr(GDir) dir = g_dir_open(s->dir, 0, NULL);
    bool found = false;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = beside(s, name), *text = NULL;
        gsize size;
        assert_true(g_file_get_contents(path, &text, &size, NULL));
        found = found || memmem(text, size, words, strlen(words)) != NULL;
    }
    return found;
}

static void an_answers_address_is_overwritten_once_it_was_used(void **state)
{
    struct story *s = *state;
    struct outbox_row row = {.kind = 3, .platform = (char *)"slack", .url = (char *)"https://hooks.slack.example/hx-one-secret",
                             .content = (char *)"{}", .due_at = NOON, .made_at = NOON};
    store_enqueue(s->store, &row);
    close_it(s);
    assert_true(stands_in_files(s, "hx-one-secret"));
    s->store = open_now(s, STORE_WRITE);
    assert_true(store_begin(s->store));
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    assert_int_equal(rows->len, 1);
    struct outbox_row *sent = &g_array_index(rows, struct outbox_row, 0);
    store_sent(s->store, sent->id, 0, NULL);
    outbox_row_done(sent);
    close_it(s);
    assert_false(stands_in_files(s, "hx-one-secret"));
}

/* As whoever answered takes the answer back. */
static void take_back_why(struct story *s, int64_t number)
{
    store_erase_answer(s->store, number, "why", NOON);
    cJSON *data = json_object();
    json_put_str(data, "kind", "why");
    log_it(s, (struct log_entry){.kind = "ask.unanswered", .ask = number, .data = data});
    assert_true(store_commit(s->store));
}

static void erased_words_are_overwritten(void **state)
{
    struct story *s = *state;
    int64_t channel = place(s, "product", CHANNEL_PUBLIC), dana = person(s, "UDANA");
    int64_t number = raise_ask(s, channel, dana, dana, 0, 0, "Dark mode");
    log_it(s, (struct log_entry){.kind = "ask.why", .actor = dana, .person = dana, .ask = number, .channel = channel,
                                 .words = "Tell nobody of hxmerger, please", .words_author = dana});
    store_want_index(s->store);
    close_it(s);
    assert_true(stands_in_files(s, "nobody of hxmerger"));
    s->store = open_now(s, STORE_WRITE);
    assert_true(store_begin(s->store));
    take_back_why(s, number);
    store_close(g_steal_pointer(&s->store));
    assert_false(stands_in_files(s, "nobody of hxmerger"));
}

/* The index of the search keeps single words, in parts that are merged now and then. The ask where Dana said one. */
static int64_t say_a_word_among_many(struct story *s)
{
    int64_t channel = place(s, "product", CHANNEL_PUBLIC), dana = person(s, "UDANA");
    int64_t number = 0;
    for (int i = 0; i < 300; i++) {
        int64_t raised = raise_ask(s, channel, dana, dana, 0, 0, "Dark mode for everybody who works at night");
        if (i == 150) {
            number = raised;
            log_it(s, (struct log_entry){.kind = "ask.why", .actor = dana, .person = dana, .ask = number, .channel = channel,
                                         .words = "Qzhxmerger", .words_author = dana});
        }
        if (i % 20 == 0) {
            store_want_index(s->store);
            commit(s);
        }
    }
    store_want_index(s->store);
    assert_true(store_commit(s->store));
    assert_false(store_rest(s->store)); /* nothing was erased */
    assert_true(store_begin(s->store));
    return number;
}

static void rest_and_close(struct story *s)
{
    for (int rests = 0; store_rest(s->store); rests++)
        assert_true(rests < 1000);
    store_close(g_steal_pointer(&s->store));
}

static void erased_words_go_from_the_index_when_there_is_rest(void **state)
{
    struct story *s = *state;
    take_back_why(s, say_a_word_among_many(s));
    rest_and_close(s);
    assert_false(stands_in_files(s, "zhxmerger"));
}

static void words_that_were_edited_go_from_the_index_too(void **state)
{
    struct story *s = *state;
    int64_t number = say_a_word_among_many(s), dana = person(s, "UDANA");
    store_erase_words(s->store, sql_number(s->store, "SELECT why FROM ask WHERE number = ?1", "i", number), NOON);
    log_it(s, (struct log_entry){.kind = "ask.why", .actor = dana, .person = dana, .ask = number, .words = "Never mind",
                                 .words_author = dana});
    assert_true(store_commit(s->store));
    assert_int_equal(store_unindexed(s->store), 0); /* not to be found a moment longer */
    rest_and_close(s);
    assert_false(stands_in_files(s, "zhxmerger"));
}

static void erased_words_go_from_the_index_though_askwhy_ended_before_there_was_rest(void **state)
{
    struct story *s = *state;
    take_back_why(s, say_a_word_among_many(s));
    store_close(g_steal_pointer(&s->store));
    s->store = open_now(s, STORE_WRITE);
    rest_and_close(s);
    assert_false(stands_in_files(s, "zhxmerger"));
    s->store = open_now(s, STORE_WRITE);
    assert_false(store_rest(s->store)); /* nothing is left to do */
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_answers_address_is_overwritten_once_it_was_used),
        STORY(erased_words_are_overwritten),
        STORY(erased_words_go_from_the_index_when_there_is_rest),
        STORY(words_that_were_edited_go_from_the_index_too),
        STORY(erased_words_go_from_the_index_though_askwhy_ended_before_there_was_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
