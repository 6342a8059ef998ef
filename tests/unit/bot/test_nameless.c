/* Whoever asks without a name is nowhere: not in a table, not in the bytes of the database, its log or its index. */
#include "disk.h"

#include "commands/nameless.h"
#include "commands/question.h"

#define ASKER "U0WHISPER"
static const char QUESTION[] = "Who promised this to Globex?";

/* ---- Bytes ---- */

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

/* From here on, what is written stands in the log beside the database, and nothing else does. */
static void empty_log(struct story *s)
{
    assert_int_equal(sqlite3_wal_checkpoint_v2(s->store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL), SQLITE_OK);
}

/* ---- Events of one who would rather not be known ---- */

static struct event *whisper(enum event_kind kind, const char *envelope)
{
    struct event *event = new_event(kind, envelope);
    g_free(event->user);
    event->user = g_strdup(ASKER);
    event->user_name = g_strdup("wendy.whisper");
    event->trigger = g_strdup_printf("8912.%s.of", ASKER); /* as Mattermost makes them */
    g_free(event->keys[0]);
    event->keys[0] = g_strconcat("trig:", event->trigger, envelope, NULL);
    event->response_url = g_strdup("http://127.0.0.1/respond/" ASKER);
    event->accepts_reply = true;
    return event;
}

static void whispers(struct story *s, const char *envelope, const char *text)
{
    struct event *event = whisper(EVENT_COMMAND, envelope);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
}

static void whispers_by_form(struct story *s, const char *envelope, const char *words)
{
    struct event *event = whisper(EVENT_FORM, envelope);
    g_clear_pointer(&event->channel, g_free);
    event->form = g_strdup("question");
    event->state = g_strdup_printf("1:%d", (int)store_find_channel(s->store, "slack", "CPRODUCT"));
    event->view = g_strdup("V" ASKER);
    event_add_field(event, "words", words);
    event_add_field(event, "name", QUESTION_NAMELESS);
    dispatch_event(s->dispatch, &s->platform, event);
    settle(s);
}

static const char *told(struct story *s, const char *envelope)
{
    const char *words = g_hash_table_lookup(s->told, envelope);
    return words != NULL ? words : "(nothing)";
}

static void assert_told(struct story *s, const char *envelope, const char *words)
{
    if (strstr(told(s, envelope), words) == NULL)
        fail_msg("%s was told \"%s\", not \"%s\"", envelope, told(s, envelope), words);
}

static void assert_nobody(struct story *s)
{
    static const char *const traces[] = {ASKER, "wendy", "Wendy", "respond/", "8912."};
    for (gsize i = 0; i < G_N_ELEMENTS(traces); i++) {
        if (stands_anywhere(s, traces[i]))
            fail_msg("\"%s\" stands in the database's files", traces[i]);
    }
    assert_int_equal(store_find_person(s->store, "slack", ASKER), 0);
}

static void hours_pass(struct story *s, int hours)
{
    story_ms += INT64_C(3600) * 1000 * hours;
    dispatch_clock_moved(s->dispatch);
    settle(s);
}

static struct story *with_an_ask(void)
{
    nameless_forget_counts();
    struct story *s = story_begins("nameless");
    command(s, "E1", "Add SSO for Acme");
    settle(s);
    return s;
}

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

/* ---- Stories ---- */

static void a_stranger_leaves_no_byte(void **state)
{
    (void)state;
    struct story *s = with_an_ask();
    g_autofree char *text = g_strconcat("question 1 anonymously ", QUESTION, NULL);
    whispers(s, "W1", text);
    assert_told(s, "W1", "without your name. askwhy keeps no name; your chat's operator, or a small channel, may still be able to tell.");
    assert_nobody(s);
    whispers_by_form(s, "W2", "And what if we do not?");
    assert_told(s, "W2", "-");
    whispers(s, "W3", "question 1"); /* opens the form */
    whispers(s, "W4", "question 77 anonymously And this one?");
    assert_told(s, "W4", "There is no ask #77 that you can see here.");
    assert_nobody(s);
    assert_true(stands_anywhere(s, QUESTION)); /* the search finds what is there */
    assert_null(strstr(chat.shown->str, QUESTION));
    hours_pass(s, 1);
    assert_non_null(strstr(chat.shown->str, QUESTION));
    assert_non_null(strstr(chat.shown->str, "And what if we do not?"));
    assert_nobody(s);
    over(s);
}

static void who_is_known_is_not_written_once_more(void **state)
{
    (void)state;
    struct story *s = with_an_ask();
    assert_true(store_begin(s->store));
    know(s, ASKER, "Wendy");
    int64_t wendy = store_find_person(s->store, "slack", ASKER);
    assert_true(store_commit(s->store));
    empty_log(s);
    assert_true(stands_in(s->path, "", ASKER));
    story_ms += INT64_C(2) * 24 * 3600 * 1000; /* her profile would be looked up again */
    g_autofree char *text = g_strconcat("question 1 without my name: ", QUESTION, NULL);
    whispers(s, "W1", text);
    whispers_by_form(s, "W2", "And what if we do not?");
    whispers(s, "W3", "question 1");
    assert_true(stands_in(s->path, "-wal", QUESTION));
    assert_false(stands_in(s->path, "-wal", ASKER));
    assert_false(stands_in(s->path, "-wal", "Wendy"));
    hours_pass(s, 1);
    assert_false(stands_in(s->path, "-wal", ASKER));
    static const char *const nobody[] = {
        "SELECT count(*) FROM log WHERE actor = ?1 OR person = ?1", "SELECT count(*) FROM words WHERE author = ?1",
        "SELECT count(*) FROM outbox WHERE person = ?1",             "SELECT count(*) FROM presence WHERE person = ?1",
        "SELECT count(*) FROM open_question WHERE person = ?1",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(nobody); i++)
        assert_int_equal(sql_number(s->store, nobody[i], "i", wendy), 0);
    over(s);
}

static void only_the_day_is_known(void **state)
{
    (void)state;
    struct story *s = with_an_ask();
    whispers(s, "W1", "question 1 anonymously One?");
    whispers(s, "W2", "question 1 anonymously Two?");
    hours_pass(s, 1);
    int64_t day = INT64_C(24) * 3600 * 1000;
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM log WHERE kind = 'put.nameless'", ""), 2);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM log WHERE kind = 'put.nameless' AND at % ?1 = 0", "i", day), 2);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM open_question WHERE at % ?1 = 0", "i", day), 2);
    over(s);
}

/* Of those of one hour, which came first cannot be told. */
static void their_order_is_drawn_by_lot(void **state)
{
    (void)state;
    int first = 0, times = 40;
    for (int i = 0; i < times; i++) {
        struct story *s = with_an_ask();
        whispers(s, "W1", "question 1 anonymously One?");
        whispers(s, "W2", "question 1 anonymously Two?");
        hours_pass(s, 1);
        const char *one = strstr(chat.shown->str, "One?"), *two = strstr(chat.shown->str, "Two?");
        assert_true(one != NULL && two != NULL);
        first += one < two;
        stop(s);
        story_ends(s);
    }
    assert_in_range(first, 1, times - 1); /* else once in a million million runs */
}

static void three_a_day_and_the_same_one_counts_once(void **state)
{
    (void)state;
    struct story *s = with_an_ask();
    whispers(s, "W1", "question 1 anonymously One?");
    whispers(s, "W2", "question 1 anonymously One?");
    assert_told(s, "W2", "waits or stands there already");
    whispers(s, "W3", "question 1 anonymously Two?");
    whispers(s, "W4", "question 1 anonymously Three?");
    whispers(s, "W5", "question 1 anonymously Four?");
    assert_told(s, "W5", "Nothing was kept: 3 questions a day");
    whispers_by_form(s, "W6", "Five?");
    assert_told(s, "W6", "Nothing was kept");
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM nameless", ""), 3);
    story_ms += INT64_C(24) * 3600 * 1000;
    whispers(s, "W7", "question 1 anonymously Six?");
    assert_told(s, "W7", "at the next full hour");
    over(s);
}

static void where_the_chat_shows_who_wrote_it_is_refused(void **state)
{
    (void)state;
    struct story *s = with_an_ask();
    mention(s, "E2", "question 1 anonymously Who pays?");
    settle(s);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM nameless", ""), 0);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM open_question", ""), 0);
    assert_non_null(strstr(chat.shown->str, "Nothing was taken"));
    assert_false(stands_anywhere(s, "Who pays?"));
    whispers(s, "W1", "qestion 1 anonymously Who pays?");
    assert_told(s, "W1", "Did you mean");
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM ask", ""), 1);
    over(s);
}

/* ---- What is typed ---- */

static void what_is_typed_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool nameless;
        int ask;
        const char *words;
    } cases[] = {
        {"question 42 anonymously What about X?", true, 42, "What about X?"},
        {"question #42 Anonymously: What about X?", true, 42, "What about X?"},
        {"question anonymously 42 What about X?", true, 42, "What about X?"},
        {"question 42 without my name: What about X?", true, 42, "What about X?"},
        {"question 42 without a name What about X?", true, 42, "What about X?"},
        {"question 42 anonymous: What about X?", true, 42, "What about X?"},
        {"question 42 anonymosly What about X?", true, 42, "What about X?"},
        {"question 42 What about X? (anonymously)", true, 42, "What about X?"},
        {"question 42 What about X, without my name.", true, 42, "What about X"},
        {"question anonymously What about X?", true, 0, "What about X?"},
        /* In doubt without a name, and no word is lost. */
        {"question 42 anonymous users cannot log in, can they?", true, 42, "anonymous users cannot log in, can they?"},
        {"question 42 What about anonymous users?", false, 42, "What about anonymous users?"},
        {"question 42 Why without a password?", false, 42, "Why without a password?"},
        {"question What about X?", false, 0, "What about X?"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct question_text text;
        if (!question_understand(cases[i].typed, &text))
            fail_msg("%s: no question", cases[i].typed);
        if (text.nameless != cases[i].nameless || text.ask != cases[i].ask || strcmp(text.words, cases[i].words) != 0)
            fail_msg("%s: %d %d \"%s\"", cases[i].typed, text.nameless, (int)text.ask, text.words);
        question_text_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_leaves_no_byte),
        cmocka_unit_test(who_is_known_is_not_written_once_more),
        cmocka_unit_test(only_the_day_is_known),
        cmocka_unit_test(their_order_is_drawn_by_lot),
        cmocka_unit_test(three_a_day_and_the_same_one_counts_once),
        cmocka_unit_test(where_the_chat_shows_who_wrote_it_is_refused),
        cmocka_unit_test(what_is_typed_is_understood),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
