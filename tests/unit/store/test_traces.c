/* What is gone is gone from the file, too: answers' addresses once they are used, words once they are erased. */
#include "story.h"

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
    store_erase_answer(s->store, number, "why", NOON);
    log_it(s, (struct log_entry){.kind = "words.erased", .actor = dana, .ask = number});
    store_want_index(s->store);
    close_it(s);
    assert_false(stands_in_files(s, "nobody of hxmerger"));
}

/* The index of the search keeps single words, in parts that are merged now and then. */
static void erased_words_go_from_the_index_when_there_is_rest(void **state)
{
    struct story *s = *state;
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
    store_erase_answer(s->store, number, "why", NOON);
    log_it(s, (struct log_entry){.kind = "words.erased", .actor = dana, .ask = number});
    store_want_index(s->store);
    assert_true(store_commit(s->store));
    for (int rests = 0; store_rest(s->store); rests++)
        assert_true(rests < 1000);
    store_close(g_steal_pointer(&s->store));
    assert_false(stands_in_files(s, "zhxmerger"));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_answers_address_is_overwritten_once_it_was_used),
        STORY(erased_words_are_overwritten),
        STORY(erased_words_go_from_the_index_when_there_is_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
