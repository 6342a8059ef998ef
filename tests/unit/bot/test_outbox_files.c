/* Files through the sender: made when they are wanted, let go when they cannot be sent, shown once whatever happens. */
#include "bot/outbox_internal.h"
#include "chat.h"

struct story {
    char *dir, *path;
    struct store *store;
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct platform platform;
    GArray *marks;
    GArray *wanted; /* rows whose file is to be made */
    bool forgets;   /* marks are not recorded: the process is about to die */
    int made;
    int64_t dana, mia;
    enum refusal refused;
    int dropped;
};

static void take_mark(struct outbox_mark *mark, void *data)
{
    struct story *s = data;
    g_array_append_val(s->marks, *mark);
    loop_wake(s->loop);
}

static void make_file(const struct outbox_row *row, void *data)
{
    struct story *s = data;
    g_array_append_val(s->wanted, row->id);
}

static void clear_mark(void *mark)
{
    outbox_mark_done(mark);
}

static void start(struct story *s, bool first)
{
    struct outbox_host host = {.mark = take_mark, .make_file = make_file, .data = s};
    s->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    s->wanted = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_set_clear_func(s->marks, clear_mark);
    s->outbox = outbox_new(s->loop, s->rest, s->store, &host);
    outbox_add_platform(s->outbox, &s->platform);
    outbox_load(s->outbox, first);
}

static void crash_and_start_again(struct story *s)
{
    outbox_free(s->outbox);
    rest_free(s->rest);
    g_array_unref(s->marks);
    g_array_unref(s->wanted);
    s->forgets = false;
    s->rest = rest_new(s->loop, NULL, NULL);
    start(s, true);
}

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    story_ms = 0;
    pace_burst = 1, pace_interval = 0;
    s->dir = g_dir_make_tmp("askwhy-files-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->store = store_open(s->path, STORE_WRITE, NULL);
    s->loop = loop_new(NULL, NULL);
    s->rest = rest_new(s->loop, NULL, NULL);
    chat_begins(s->loop);
    s->platform = (struct platform){.name = "slack", .codec = &chat_codec};
    store_begin(s->store);
    s->dana = store_person(s->store, "slack", "T1", "dana", NULL);
    s->mia = store_person(s->store, "slack", "T1", "mia", NULL);
    store_set_dm(s->store, s->dana, "Ddana");
    assert_true(store_commit(s->store));
    start(s, false);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct story *s = *state;
    outbox_free(s->outbox);
    rest_free(s->rest);
    chat_ends();
    loop_free(s->loop);
    g_array_unref(s->marks);
    g_array_unref(s->wanted);
    store_close(s->store);
    static const char *const files[] = {"", "-wal", "-shm", ".lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strconcat(s->path, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s);
    return 0;
}

/* ---- What happens ---- */

static void record(struct story *s, const struct outbox_mark *mark)
{
    if (mark->what == MARK_UPLOADED) {
        store_uploaded(s->store, mark->row, mark->message);
        return;
    }
    assert_true(mark->what == MARK_SENT || mark->what == MARK_DROPPED);
    s->dropped += mark->what == MARK_DROPPED;
    s->refused = mark->refusal;
    store_sent(s->store, mark->row, 0, NULL);
}

static void make_wanted(struct story *s)
{
    for (guint i = 0; i < s->wanted->len; i++) {
        struct chat_file *file = g_new0(struct chat_file, 1);
        file->name = g_strdup("asks.csv");
        file->data = g_strdup_printf("number %d", ++s->made);
        file->size = strlen(file->data);
        outbox_file_made(s->outbox, g_array_index(s->wanted, int64_t, i), file, false);
    }
    g_array_set_size(s->wanted, 0);
}

static void between(void *data)
{
    struct story *s = data;
    make_wanted(s);
    if (!s->forgets && s->marks->len > 0) {
        store_begin(s->store);
        for (guint i = 0; i < s->marks->len; i++)
            record(s, &g_array_index(s->marks, struct outbox_mark, i));
        assert_true(store_commit(s->store));
        for (guint i = 0; i < s->marks->len; i++) {
            const struct outbox_mark *mark = &g_array_index(s->marks, struct outbox_mark, i);
            if (mark->what == MARK_UPLOADED)
                outbox_uploaded(s->outbox, mark->row, mark->message);
            else
                outbox_settled(s->outbox, mark->row);
        }
        g_array_set_size(s->marks, 0);
    }
    outbox_load(s->outbox, false);
    outbox_pump(s->outbox);
    bool busy = (s->marks->len > 0 && !s->forgets) || s->wanted->len > 0 ||
                rest_active(s->rest) != chat.waiting;
    if (!busy)
        loop_stop(s->loop);
}

static void settle(struct story *s)
{
    outbox_load(s->outbox, false);
    s->outbox->wanted = true; /* the story's clock moves without its timer */
    outbox_pump(s->outbox);
    loop_wake(s->loop);
    loop_run(s->loop, between, s);
}

static void later(struct story *s, int64_t ms)
{
    story_ms += ms;
    settle(s);
}

static void order(struct story *s, int64_t person)
{
    struct outbox_row row = {.kind = OUT_FILE,
                             .platform = (char *)"slack",
                             .person = person,
                             .content = (char *)"{\"order\":{\"what\":\"export\"},\"message\":{\"fallback\":\"Your export\","
                                                "\"parts\":[]}}",
                             .made_at = clock_now_ms(),
                             .due_at = clock_now_ms()};
    store_begin(s->store);
    store_enqueue(s->store, &row);
    assert_true(store_commit(s->store));
}

static void assert_heard(const char *expected)
{
    assert_string_equal(chat.heard->str, expected);
    g_string_truncate(chat.heard, 0);
}

static void assert_shown_once(struct story *s)
{
    assert_string_equal(chat.shown->str, "Ddana: Your export\n");
    assert_int_equal(outbox_waiting(s->outbox), 0);
    assert_int_equal(s->outbox->files, 0);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM outbox", ""), 0);
}

/* ---- Stories ---- */

static void test_a_file_goes_step_by_step(void **state)
{
    struct story *s = *state;
    order(s, s->dana);
    settle(s);
    assert_heard("reserve Your export\nupload Your export\nshow Your export\n");
    assert_shown_once(s);
    assert_int_equal(s->made, 1);
}

static void test_the_direct_channel_is_opened_for_it(void **state)
{
    struct story *s = *state;
    order(s, s->mia);
    settle(s);
    assert_heard("open (opened)\nreserve Your export\nupload Your export\nshow Your export\n");
    assert_int_equal(outbox_waiting(s->outbox), 0);
}

static void test_what_failed_before_it_was_shown_is_made_anew(void **state)
{
    struct story *s = *state;
    chat_will(LIMIT); /* the reservation */
    order(s, s->dana);
    settle(s);
    assert_int_equal(s->outbox->files, 0); /* nobody's words rest in memory meanwhile */
    later(s, 7000);
    assert_heard("reserve Your export\nreserve Your export\nupload Your export\nshow Your export\n");
    assert_shown_once(s);
    assert_int_equal(s->made, 2);
}

static void test_an_upload_of_unknown_fate_is_made_again(void **state)
{
    struct story *s = *state;
    chat_will(ACT);
    chat_will(ACT_AND_HANG_UP);
    order(s, s->dana);
    settle(s);
    later(s, 60000);
    assert_heard("reserve Your export\nupload Your export\nreserve Your export\nupload Your export\nshow Your export\n");
    assert_shown_once(s);
}

static void test_one_that_was_shown_and_nobody_heard_of_it_is_found(void **state)
{
    struct story *s = *state;
    chat_will(ACT), chat_will(ACT), chat_will(ACT_AND_HANG_UP);
    order(s, s->dana);
    settle(s);
    later(s, 60000);
    assert_heard("reserve Your export\nupload Your export\nshow Your export\nfind Your export\n");
    assert_shown_once(s);
}

static void test_one_that_was_not_shown_is_shown_once_that_is_sure(void **state)
{
    struct story *s = *state;
    chat_will(ACT), chat_will(ACT), chat_will(HANG_UP);
    order(s, s->dana);
    settle(s);
    later(s, 60000);
    later(s, 60000);
    later(s, 60000);
    assert_heard("reserve Your export\nupload Your export\nshow Your export\nfind Your export\nfind Your export\nshow Your export\n");
    assert_shown_once(s);
    assert_int_equal(s->made, 1);
}

/* Before the upload was noted down, after it, and after it was shown. */
static void test_killed_at_any_step_it_is_shown_once(void **state)
{
    struct story *s = *state;
    for (int step = 0; step < 4; step++) {
        g_string_truncate(chat.shown, 0);
        for (int i = 0; i < step; i++)
            chat_will(ACT);
        chat_will(step == 3 ? ACT : KEEP_WAITING);
        s->forgets = step == 3;
        order(s, s->dana);
        settle(s);
        crash_and_start_again(s);
        g_queue_clear(&chat.orders);
        settle(s);
        later(s, 60000);
        later(s, 60000);
        later(s, 60000);
        assert_shown_once(s);
    }
}

static void test_killed_once_it_was_shown_it_is_found(void **state)
{
    struct story *s = *state;
    chat_will(ACT), chat_will(ACT), chat_will(ACT_AND_HANG_UP);
    order(s, s->dana);
    settle(s);
    g_string_truncate(chat.heard, 0);
    crash_and_start_again(s);
    settle(s);
    later(s, 60000);
    assert_heard("find Your export\n");
    assert_shown_once(s);
    assert_int_equal(s->made, 1);
}

static void test_an_upload_the_chat_lost_is_looked_for_and_made_anew(void **state)
{
    struct story *s = *state;
    chat_will(ACT), chat_will(ACT), chat_will(WAS_DELETED);
    order(s, s->dana);
    settle(s);
    later(s, 60000);
    later(s, 60000);
    later(s, 60000);
    assert_heard("reserve Your export\nupload Your export\nshow Your export\nfind Your export\nfind Your export\n"
                 "reserve Your export\nupload Your export\nshow Your export\n");
    assert_shown_once(s);
    assert_int_equal(s->made, 2);
}

static void test_what_is_refused_for_good_is_dropped(void **state)
{
    struct story *s = *state;
    chat_will(REFUSE);
    order(s, s->dana);
    settle(s);
    assert_int_equal(s->dropped, 1);
    assert_int_equal(s->outbox->files, 0);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM outbox", ""), 0); /* nothing is parked for years */
}

static void test_nothing_to_send_ends_it(void **state)
{
    struct story *s = *state;
    order(s, s->dana);
    outbox_load(s->outbox, false);
    outbox_pump(s->outbox);
    assert_int_equal(s->wanted->len, 1);
    outbox_file_made(s->outbox, g_array_index(s->wanted, int64_t, 0), NULL, false);
    g_array_set_size(s->wanted, 0);
    settle(s);
    assert_heard("");
    assert_int_equal(s->dropped, 1);
    assert_int_equal(s->outbox->files, 0);
}

static void test_few_are_in_memory_at_once(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    int64_t people[5];
    for (int i = 0; i < 5; i++) {
        g_autofree char *user = g_strdup_printf("p%d", i), *dm = g_strdup_printf("Dp%d", i);
        people[i] = store_person(s->store, "slack", "T1", user, NULL);
        store_set_dm(s->store, people[i], dm);
    }
    assert_true(store_commit(s->store));
    for (int i = 0; i < 5; i++)
        order(s, people[i]);
    outbox_load(s->outbox, false);
    outbox_pump(s->outbox);
    assert_int_equal(s->wanted->len, 2);
    for (int i = 0; i < 5; i++)
        later(s, 1000);
    assert_int_equal(outbox_waiting(s->outbox), 0);
    assert_int_equal(s->made, 5);
    assert_int_equal(s->outbox->files, 0);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_a_file_goes_step_by_step),
        STORY(test_the_direct_channel_is_opened_for_it),
        STORY(test_what_failed_before_it_was_shown_is_made_anew),
        STORY(test_an_upload_of_unknown_fate_is_made_again),
        STORY(test_one_that_was_shown_and_nobody_heard_of_it_is_found),
        STORY(test_one_that_was_not_shown_is_shown_once_that_is_sure),
        STORY(test_killed_at_any_step_it_is_shown_once),
        STORY(test_killed_once_it_was_shown_it_is_found),
        STORY(test_an_upload_the_chat_lost_is_looked_for_and_made_anew),
        STORY(test_what_is_refused_for_good_is_dropped),
        STORY(test_nothing_to_send_ends_it),
        STORY(test_few_are_in_memory_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
