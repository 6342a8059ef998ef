/* Who asked to be forgotten is: their name and words go from the tables, the search, the chat and the file's bytes. */
#include "disk.h"

#include "store/forget.h"

static bool stands_in(const char *path, const char *suffix, const char *text)
{
    g_autofree char *file = g_strconcat(path, suffix, NULL), *bytes = NULL;
    gsize size = 0;
    return g_file_get_contents(file, &bytes, &size, NULL) && memmem(bytes, size, text, strlen(text)) != NULL;
}

static bool stands_anywhere(struct story *s, const char *text)
{
    return stands_in(s->path, "", text) || stands_in(s->path, "-wal", text) || stands_in(s->path, "-shm", text);
}

static const char *told(struct story *s, const char *envelope)
{
    const char *words = g_hash_table_lookup(s->told, envelope);
    return words != NULL ? words : "(nothing)";
}

static void by(struct story *s, const char *user, const char *envelope, const char *text)
{
    struct event *event = new_event(EVENT_COMMAND, envelope);
    g_free(event->user);
    event->user = g_strdup(user);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    event->response_url = g_strdup("http://127.0.0.1/respond");
    event->accepts_reply = true;
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
}

static void presses_forget(struct story *s, const char *user, const char *envelope, int64_t person)
{
    struct event *event = new_event(EVENT_BUTTON, envelope);
    g_free(event->user);
    event->user = g_strdup(user);
    event->action = g_strdup("forget");
    event->value = g_strdup_printf("%d", (int)person);
    event->response_url = g_strdup("http://127.0.0.1/respond");
    event->ephemeral = true;
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
}

/* There is rest at last, while askwhy and its reader stay open. */
static void rest_a_while(struct story *s)
{
    for (int rests = 0; store_rest(s->store); rests++)
        assert_true(rests < 1000);
}

static int64_t number_of(struct story *s, const char *query)
{
    return sql_number(s->store, query, "");
}

/* Dana raises, explains and decides; Mia works with her, and names her. */
static struct story *a_week(void)
{
    struct story *s = story_begins("forget");
    assert_true(store_begin(s->store));
    struct profile dana = {.name = (char *)"Dana Qxname", .handle = (char *)"qxhandle", .zone = (char *)"Europe/Tallinn"};
    store_set_profile(s->store, store_find_person(s->store, "slack", "UDANA"), &dana, clock_now_ms());
    know(s, "UMIA", "Mia");
    assert_true(store_commit(s->store));
    by(s, "UDANA", "D1", "Add SSO for Qxtitle");
    by(s, "UDANA", "D2", "why 1 because Qxwhy forbids passwords");
    by(s, "UDANA", "D3", "impact 1 Qxmetric up 5% by June");
    by(s, "UMIA", "M1", "Dark mode for the night shift");
    by(s, "UMIA", "M2", "why 2 because \x12" "UDANA\x1e said so, says Mia");
    by(s, "UDANA", "D4", "voice 2 because Qxvoice needs it");
    by(s, "UDANA", "D5", "question 2 Has Qxquestion been asked?");
    by(s, "UDANA", "D6", "decide 1 yes because Qxreason");
    by(s, "UDANA", "D7", "start 1");
    return s;
}

static const char *const words[] = {"Qxtitle", "Qxwhy", "Qxmetric", "Qxvoice", "Qxquestion", "Qxreason", "Qxname", "qxhandle",
                                    "qxtitle", "qxwhy", "qxmetric"};

static void over(struct story *s)
{
    stop(s);
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, STORE_WRITE, &error);
    assert_non_null(store);
    g_autofree char *differences = store_check_rebuild(store, &error);
    if (differences != NULL)
        fail_msg("%s", differences);
    store_close(store);
    story_ends(s);
}

static void no_byte_of_them_is_left(void **state)
{
    (void)state;
    struct story *s = a_week();
    rest_a_while(s);
    for (gsize i = 0; i < 8; i++) {
        if (!stands_anywhere(s, words[i]))
            fail_msg("\"%s\" was never there", words[i]);
    }
    int64_t started = number_of(s, "SELECT sum(value) FROM tally WHERE name = 'started_with_why'");
    int64_t entries = number_of(s, "SELECT count(*) FROM log");
    by(s, "UDANA", "F1", "forget me");
    assert_non_null(strstr(told(s, "F1"), "cannot be undone"));
    assert_true(stands_anywhere(s, "Qxwhy")); /* asked first */
    presses_forget(s, "UDANA", "F2", store_find_person(s->store, "slack", "UDANA"));
    rest_a_while(s);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (stands_anywhere(s, words[i]))
            fail_msg("\"%s\" still stands in the database's files", words[i]);
    }
    if (stands_anywhere(s, "UDANA"))
        fail_msg("the id of the platform still stands in the database's files");
    /* What happened stays, and other people's words do. */
    assert_int_equal(number_of(s, "SELECT sum(value) FROM tally WHERE name = 'started_with_why'"), started);
    assert_int_equal(number_of(s, "SELECT count(*) FROM log"), entries + 1);
    assert_true(stands_anywhere(s, "says Mia"));
    over(s);
}

static void what_was_posted_is_rewritten(void **state)
{
    (void)state;
    struct story *s = a_week();
    g_string_truncate(chat.shown, 0);
    presses_forget(s, "UDANA", "F2", store_find_person(s->store, "slack", "UDANA"));
    const char *shown = chat.shown->str;
    assert_non_null(strstr(shown, "edited: #1 (words erased)"));
    assert_non_null(strstr(shown, "somebody who asked to be forgotten"));
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strstr(shown, words[i]) != NULL)
            fail_msg("\"%s\" is posted once more:\n%s", words[i], shown);
    }
    /* Every post that names or quotes them, each once: none is left over. */
    assert_int_equal(number_of(s, "SELECT count(*) FROM quoted q JOIN person p ON p.id = q.person WHERE p.forgotten = 1"), 0);
    assert_int_equal(number_of(s, "SELECT count(*) FROM forgetting"), 0);
    over(s);
}

static void who_comes_back_is_somebody_new(void **state)
{
    (void)state;
    struct story *s = a_week();
    int64_t before = store_find_person(s->store, "slack", "UDANA");
    presses_forget(s, "UDANA", "F2", before);
    assert_int_equal(store_find_person(s->store, "slack", "UDANA"), 0);
    by(s, "UDANA", "D9", "Offline maps");
    int64_t now = store_find_person(s->store, "slack", "UDANA");
    assert_true(now != 0 && now != before);
    by(s, "UDANA", "D10", "withdraw 1");
    assert_non_null(strstr(told(s, "D10"), "somebody (forgotten)"));
    presses_forget(s, "UDANA", "F3", before);
    assert_int_equal(number_of(s, "SELECT count(*) FROM log WHERE kind = 'person.forgotten'"), 1);
    over(s);
}

static void only_an_administrator_has_others_forgotten(void **state)
{
    (void)state;
    struct story *s = a_week();
    int64_t dana = store_find_person(s->store, "slack", "UDANA");
    by(s, "UMIA", "F1", "forget \x12" "UDANA\x1e");
    assert_non_null(strstr(told(s, "F1"), "Only an administrator"));
    presses_forget(s, "UMIA", "F2", dana);
    assert_int_equal(store_find_person(s->store, "slack", "UDANA"), dana);
    static char *administrators[] = {(char *)"UMIA", NULL};
    s->settings.administrators = administrators;
    by(s, "UMIA", "F3", "forget \x12" "UDANA\x1e");
    assert_non_null(strstr(told(s, "F3"), "Dana Qxname"));
    presses_forget(s, "UMIA", "F4", dana);
    assert_int_equal(store_find_person(s->store, "slack", "UDANA"), 0);
    over(s);
}

/* A long life is erased a little at a time, and goes on after a restart. */
static void it_goes_on_after_a_restart(void **state)
{
    (void)state;
    struct story *s = a_week();
    assert_true(store_begin(s->store));
    int64_t dana = store_find_person(s->store, "slack", "UDANA"), channel = store_find_channel(s->store, "slack", "CPRODUCT");
    for (int i = 0; i < 1500; i++) {
        struct log_entry entry = {.at = clock_now_ms(), .kind = "ask.why", .actor = dana, .person = dana, .ask = 1,
                                  .channel = channel, .words = "Qxwhy again"};
        store_append(s->store, &entry);
    }
    store_forget_person(s->store, dana, clock_now_ms());
    assert_true(store_commit(s->store));
    story_stops(s);
    assert_true(story_starts(s));
    dispatch_clock_moved(s->dispatch);
    settle(s);
    rest_a_while(s);
    assert_int_equal(number_of(s, "SELECT count(*) FROM words WHERE text LIKE 'Qx%'"), 0);
    assert_false(stands_anywhere(s, "Qxwhy"));
    over(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_of_them_is_left),
        cmocka_unit_test(what_was_posted_is_rewritten),
        cmocka_unit_test(who_comes_back_is_somebody_new),
        cmocka_unit_test(only_an_administrator_has_others_forgotten),
        cmocka_unit_test(it_goes_on_after_a_restart),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
