/* All that the log holds, taken to another database and back. */
#include "story.h"

#include "store/export.h"

static bool keep(const char *line, gsize length, void *data)
{
    g_string_append_len(data, line, (gssize)length);
    return true;
}

static char *exported(struct store *store, int64_t since)
{
    GString *text = g_string_new(NULL);
    if (store_in_transaction(store))
        assert_true(store_commit(store));
    if (!store_export(store, since, NOON, keep, text))
        fail_msg("%s", store_failed(store)->message);
    return g_string_free(text, FALSE);
}

/* Some asks with what people said, an answer that was erased, a private channel and somebody who left it. */
static void live(struct story *s)
{
    int64_t dana = person(s, "UDANA"), mia = person(s, "UMIA");
    int64_t product = place(s, "C1", CHANNEL_PUBLIC), board = place(s, "G1", CHANNEL_PRIVATE);
    int64_t sso = raise_ask(s, product, dana, mia, mia, 0, "Add \"SSO\" for Acme\nby June 고객");
    log_it(s, (struct log_entry){.kind = "ask.why", .ask = sso, .actor = dana, .person = dana, .words = "They leave else"});
    log_it(s, (struct log_entry){.kind = "ask.clear", .ask = sso, .state = "clear"});
    int64_t secret = raise_ask(s, board, mia, mia, 0, 0, "Buy Acme");
    struct log_entry evidence = {.kind = "ask.evidence", .ask = secret, .actor = mia, .person = mia, .words = "Tell nobody", .at = NOON + 5};
    assert_true(store_append(s->store, &evidence) != 0);
    store_erase_words(s->store, evidence.words_id, NOON + 6);
    store_set_gone(s->store, board, dana, true);
}

static int take_in(struct store *store, const char *text, char **why)
{
    struct store_import import = {0};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    *why = NULL;
    int line = 0;
    for (; lines[line] != NULL && *lines[line] != '\0'; line++) {
        const char *broken;
        g_autoptr(cJSON) value = json_parse(lines[line], strlen(lines[line]), &broken);
        assert_non_null(value);
        if (!store_import_line(store, &import, value, why))
            return line + 1;
    }
    return 0;
}

static void what_was_exported_is_the_same_in_another_database(void **state)
{
    struct story *s = *state;
    live(s);
    g_autofree char *text = exported(s->store, 0), *path = beside(s, "other.db"), *why = NULL;
    assert_null(strstr(text, "Tell nobody"));
    g_autoptr(GError) error = NULL;
    struct store *other = store_open(path, STORE_WRITE, &error);
    assert_non_null(other);
    assert_true(store_is_fresh(other));
    assert_true(store_begin(other));
    assert_int_equal(take_in(other, text, &why), 0);
    assert_false(store_is_fresh(other));
    assert_true(store_commit(other));
    g_autofree char *again = exported(other, 0);
    assert_string_equal(again, text);
    char *differences = store_check_rebuild(other, &error);
    assert_null(error);
    assert_null(differences);
    struct ask ask;
    assert_true(store_load_ask(other, 1, &ask));
    assert_string_equal(ask.title, "Add \"SSO\" for Acme\nby June 고객");
    assert_string_equal(ask.why, "They leave else");
    assert_string_equal(ask.state, "clear");
    ask_done(&ask);
    /* Who left sees no more there than here. */
    struct viewer dana = {.person = store_find_person(other, "slack", "UDANA")};
    assert_false(store_get_ask(other, &dana, 2, &ask));
    store_close(other);
}

static void a_part_is_for_reading_only(void **state)
{
    struct story *s = *state;
    live(s);
    g_autofree char *all = exported(s->store, 0), *text = exported(s->store, NOON + 1), *why = NULL;
    assert_non_null(strstr(all, "ask.raised"));
    assert_null(strstr(text, "ask.raised"));
    assert_non_null(strstr(text, "ask.evidence"));
    assert_true(store_begin(s->store));
    assert_int_equal(take_in(s->store, text, &why), 1);
    assert_string_equal(why, "it is a part only, exported with --since; export all of it");
}

#define HEAD "{\"format\":\"askwhy\",\"version\":1}\n"
#define EVENT(rest) "{\"type\":\"event\",\"id\":1,\"at\":1," rest "}\n"

static void a_file_that_was_tampered_with_is_refused_where_it_is_wrong(void **state)
{
    struct story *s = *state;
    static const struct {
        const char *text;
        int line;
    } files[] = {
        {"{\"format\":\"other\"}\n", 1},
        {"{\"format\":\"askwhy\",\"version\":2}\n", 1},
        {HEAD "{\"type\":\"spaceship\"}\n", 2},
        {HEAD "{\"type\":\"person\",\"id\":-1,\"platform\":\"slack\",\"user\":\"U\"}\n", 2},
        {HEAD "{\"type\":\"person\",\"id\":1,\"platform\":\"slack\"}\n", 2},
        {HEAD "{\"type\":\"channel\",\"id\":1,\"platform\":\"slack\",\"channel\":\"C\",\"kind\":9}\n", 2},
        {HEAD EVENT("\"kind\":\"ask.exploded\",\"ask\":1"), 2},
        {HEAD EVENT("\"kind\":\"ask.why\",\"ask\":1"), 2},
        {HEAD EVENT("\"kind\":\"ask.raised\",\"ask\":1,\"channel\":1,\"person\":1,\"actor\":1,\"state\":\"gone mad\""), 2},
        {HEAD EVENT("\"kind\":\"ask.raised\",\"ask\":1,\"data\":[]"), 2},
        {HEAD EVENT("\"kind\":\"ask.clear\",\"words\":{\"text\":\"x\"}"), 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *why = NULL;
        int line = take_in(s->store, files[i].text, &why);
        if (line != files[i].line || why == NULL)
            fail_msg("file %d: line %d, %s", (int)i, line, why);
        store_rollback(s->store);
        assert_true(store_begin(s->store));
    }
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_was_exported_is_the_same_in_another_database),
        STORY(a_part_is_for_reading_only),
        STORY(a_file_that_was_tampered_with_is_refused_where_it_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
