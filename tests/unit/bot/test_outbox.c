/* The sender: in order, at the platform's pace, and one copy of everything whatever happens. */
#include "bot/outbox_internal.h"
#include "chat.h"

struct story {
    char *dir, *path;
    struct store *store;
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct platform platform;
    GArray *marks; /* struct outbox_mark, not recorded yet */
    bool forgets;  /* marks are not recorded: the process is about to die */
    char *card;    /* what a card shows now */
    int drawn;      /* how often one was drawn */
    int reads_fail; /* once a card was drawn */
    int64_t product, sales, dana;
};

static void take_mark(struct outbox_mark *mark, void *data)
{
    struct story *s = data;
    g_array_append_val(s->marks, *mark);
    loop_wake(s->loop);
}

/* SQLite asks while it works whether it shall go on. */
static int interrupt(void *data)
{
    struct story *s = data;
    return s->reads_fail > 0 && s->reads_fail-- > 0;
}

static struct message *draw(const struct post *post, void *data)
{
    (void)post;
    struct story *s = data;
    s->drawn++;
    if (s->reads_fail > 0)
        sqlite3_progress_handler(s->store->db, 1, interrupt, s);
    return message_text(s->card);
}

static void clear_mark(void *mark)
{
    outbox_mark_done(mark);
}

static void start(struct story *s, bool first)
{
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = s};
    s->marks = g_array_new(FALSE, FALSE, sizeof(struct outbox_mark));
    g_array_set_clear_func(s->marks, clear_mark);
    s->outbox = outbox_new(s->loop, s->rest, s->store, &host);
    outbox_add_platform(s->outbox, &s->platform);
    outbox_load(s->outbox, first);
}

/* The process dies, whatever was under way, and another one begins. */
static void crash_and_start_again(struct story *s)
{
    outbox_free(s->outbox);
    rest_free(s->rest);
    g_array_unref(s->marks);
    s->forgets = false;
    s->rest = rest_new(s->loop, NULL, NULL);
    start(s, true);
}

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    story_ms = 0;
    pace_burst = 1, pace_interval = 0;
    g_autoptr(GError) error = NULL;
    s->dir = g_dir_make_tmp("askwhy-outbox-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->store = store_open(s->path, STORE_WRITE, &error);
    s->loop = loop_new(NULL, &error);
    s->rest = rest_new(s->loop, NULL, &error);
    assert_null(error);
    chat_begins(s->loop);
    s->platform = (struct platform){.name = "slack", .codec = &chat_codec};
    s->card = g_strdup("card");
    store_begin(s->store);
    s->product = store_channel(s->store, "slack", "T1", "product", "product", CHANNEL_PUBLIC);
    s->sales = store_channel(s->store, "slack", "T1", "sales", "sales", CHANNEL_PUBLIC);
    s->dana = store_person(s->store, "slack", "T1", "dana", NULL);
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
    store_close(s->store);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s->card);
    g_free(s);
    return 0;
}

/* ---- What happens ---- */

static void record(struct story *s, const struct outbox_mark *mark)
{
    if (mark->what == MARK_PARKED)
        store_park(s->store, mark->row, mark->why);
    else
        store_sent(s->store, mark->row, mark->what == MARK_SENT ? mark->about->post : 0, mark->message);
    if (mark->what == MARK_SENT && mark->about->kind == OUT_POST && mark->about->person != 0)
        store_set_dm(s->store, mark->about->person, mark->channel);
}

/* What the dispatcher does: marks in one transaction, then the threads go on. */
static void between(void *data)
{
    struct story *s = data;
    if (!s->forgets && s->marks->len > 0) {
        store_begin(s->store);
        for (guint i = 0; i < s->marks->len; i++)
            record(s, &g_array_index(s->marks, struct outbox_mark, i));
        assert_true(store_commit(s->store));
        for (guint i = 0; i < s->marks->len; i++)
            outbox_settled(s->outbox, g_array_index(s->marks, struct outbox_mark, i).row);
        g_array_set_size(s->marks, 0);
    }
    outbox_pump(s->outbox);
    if (rest_active(s->rest) == chat.waiting && (s->forgets || s->marks->len == 0))
        loop_stop(s->loop);
}

/* Until nothing goes any more at this moment. */
static void settle(struct story *s)
{
    outbox_load(s->outbox, false);
    s->outbox->wanted = true; /* the story's clock moves without its timer */
    outbox_pump(s->outbox);
    loop_wake(s->loop);
    loop_run(s->loop, between, s);
}

/* Something new was committed, and that alone makes the sender look. */
static void arrives(struct story *s)
{
    outbox_load(s->outbox, false);
    outbox_pump(s->outbox);
    loop_wake(s->loop);
    loop_run(s->loop, between, s);
}

static void later(struct story *s, int64_t ms)
{
    story_ms += ms;
    settle(s);
}

static int64_t add_row(struct story *s, struct outbox_row row)
{
    row.platform = (char *)"slack";
    row.made_at = row.due_at = clock_now_ms();
    store_begin(s->store);
    int64_t id = store_enqueue(s->store, &row);
    assert_true(store_commit(s->store));
    return id;
}

static char *content(const char *text)
{
    struct message *message = message_text(text);
    char *json = message_to_json(message);
    message_free(message);
    return json;
}

/* A card, drawn when it is sent. Its post. */
static int64_t new_card(struct story *s, int64_t channel)
{
    store_begin(s->store);
    int64_t post = store_add_post(s->store, "card", 1, 0, channel, 0);
    assert_true(store_commit(s->store));
    add_row(s, (struct outbox_row){.kind = OUT_POST, .channel = channel, .post = post});
    return post;
}

static void redraw(struct story *s, int64_t post, const char *now)
{
    g_free(s->card);
    s->card = g_strdup(now);
    struct post about;
    assert_true(store_get_post(s->store, post, &about));
    add_row(s, (struct outbox_row){.kind = OUT_UPDATE, .channel = about.channel, .post = post});
    post_done(&about);
}

static void reply(struct story *s, int64_t channel, int64_t thread, const char *text)
{
    g_autofree char *json = content(text);
    add_row(s, (struct outbox_row){.kind = OUT_POST, .channel = channel, .thread = thread, .content = json});
}

static void say_to(struct story *s, int kind, const char *text)
{
    g_autofree char *json = content(text);
    bool direct = kind == OUT_POST;
    add_row(s, (struct outbox_row){.kind = kind,
                                   .channel = direct ? 0 : s->product,
                                   .person = s->dana,
                                   .content = json});
}

#define assert_shown(...) assert_text(chat.shown, __VA_ARGS__, NULL)
#define assert_heard(...) assert_text(chat.heard, __VA_ARGS__, NULL)

static void assert_text(GString *is, const char *first, ...)
{
    GString *expected = g_string_new(NULL);
    va_list args;
    va_start(args, first);
    for (const char *line = first; line != NULL; line = va_arg(args, const char *))
        g_string_append_printf(expected, "%s\n", line);
    va_end(args);
    assert_string_equal(is->str, expected->str);
    g_string_free(expected, TRUE);
    g_string_truncate(is, 0);
}

static void assert_nothing(GString *is)
{
    assert_string_equal(is->str, "");
}

static void assert_all_sent(struct story *s)
{
    assert_int_equal(outbox_waiting(s->outbox), 0);
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM outbox", ""), 0);
}

/* ---- Stories ---- */

static void where_a_channel_cannot_show_something_to_one_alone_they_get_it_directly(void **state)
{
    struct story *s = *state;
    s->platform.private_by_dm = true;
    say_to(s, OUT_EPHEMERAL, "only you see this");
    chat_will(ACT);             /* the direct channel is opened */
    chat_will(ACT_AND_HANG_UP); /* and unlike a fleeting post this one can be looked for */
    settle(s);
    later(s, 60000);
    assert_heard("open (opened)", "post only you see this", "search only you see this");
    assert_all_sent(s);
}

static void a_thread_is_told_in_order(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    reply(s, s->product, card, "one");
    reply(s, s->product, card, "two");
    settle(s);
    assert_shown("product: card", "product>m1: one", "product>m1: two");
    assert_all_sent(s);
}

static void threads_do_not_wait_for_each_other(void **state)
{
    struct story *s = *state;
    chat_will(KEEP_WAITING);
    int64_t slow = new_card(s, s->product);
    settle(s);
    reply(s, s->product, slow, "behind it");
    int64_t quick = new_card(s, s->sales);
    reply(s, s->sales, quick, "at once");
    settle(s);
    assert_shown("sales: card", "sales>m1: at once");
    chat_lets_go();
    settle(s);
    assert_shown("product: card", "product>m3: behind it");
    assert_all_sent(s);
}

static void many_changes_of_a_card_are_one_edit(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    redraw(s, card, "card, not out yet");
    settle(s);
    assert_shown("product: card, not out yet");
    redraw(s, card, "one");
    redraw(s, card, "two");
    redraw(s, card, "three");
    settle(s);
    assert_shown("product edited: three");
    assert_all_sent(s);
}

static void a_change_during_an_edit_is_shown_by_one_more(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    settle(s);
    g_string_truncate(chat.shown, 0);
    chat_will(KEEP_WAITING);
    redraw(s, card, "one");
    settle(s);
    redraw(s, card, "two");
    redraw(s, card, "three");
    settle(s);
    chat_lets_go();
    settle(s);
    assert_shown("product edited: one", "product edited: three");
    assert_all_sent(s);
}

static void a_lost_answer_is_looked_for_and_found(void **state)
{
    struct story *s = *state;
    chat_will(ACT_AND_HANG_UP);
    int64_t card = new_card(s, s->product);
    reply(s, s->product, card, "then");
    settle(s);
    assert_heard("post card");
    later(s, 60000);
    assert_heard("search card", "post then");
    assert_shown("product: card", "product>m1: then");
    assert_all_sent(s);
}

static void a_lost_request_is_looked_for_twice_and_sent_once_more(void **state)
{
    struct story *s = *state;
    chat_will(HANG_UP);
    new_card(s, s->product);
    settle(s);
    assert_heard("post card");
    later(s, 60000);
    assert_heard("search card"); /* it may not be readable yet */
    later(s, 1000);
    assert_nothing(chat.heard);
    later(s, 60000);
    assert_heard("search card", "post card");
    assert_shown("product: card");
    assert_all_sent(s);
}

static void an_answer_lost_again_and_again_leaves_one_copy(void **state)
{
    struct story *s = *state;
    chat_will(HANG_UP);
    chat_will(HANG_UP);        /* the search */
    chat_will(ACT);            /* absent */
    chat_will(ACT);            /* absent */
    chat_will(ACT_AND_HANG_UP);
    chat_will(HANG_UP);        /* the search */
    new_card(s, s->product);
    for (int i = 0; i < 12; i++)
        later(s, 60000);
    assert_shown("product: card");
    assert_all_sent(s);
}

static void an_edit_whose_answer_was_lost_is_just_made_again(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    settle(s);
    chat_will(ACT_AND_HANG_UP);
    redraw(s, card, "new");
    settle(s);
    later(s, 60000);
    assert_heard("post card", "edit new", "edit new");
    assert_all_sent(s);
}

static void dying_between_sending_and_recording_leaves_one_copy(void **state)
{
    struct story *s = *state;
    s->forgets = true;
    int64_t card = new_card(s, s->product);
    reply(s, s->product, card, "then");
    settle(s);
    assert_shown("product: card");
    crash_and_start_again(s);
    settle(s);
    later(s, 60000);
    later(s, 60000);
    assert_shown("product>m1: then");
    assert_all_sent(s);
}

static void dying_before_sending_leaves_one_copy(void **state)
{
    struct story *s = *state;
    new_card(s, s->product);
    outbox_load(s->outbox, false);
    crash_and_start_again(s);
    settle(s);
    assert_heard("search card");
    later(s, 60000);
    assert_heard("search card", "post card");
    assert_shown("product: card");
    assert_all_sent(s);
}

static void what_cannot_be_looked_for_is_sent_once_at_most(void **state)
{
    struct story *s = *state;
    chat_will(ACT_AND_HANG_UP);
    say_to(s, OUT_EPHEMERAL, "psst");
    settle(s);
    later(s, 60000);
    assert_heard("whisper psst");
    say_to(s, OUT_EPHEMERAL, "was it said before the crash?");
    crash_and_start_again(s);
    settle(s);
    assert_nothing(chat.heard);
    assert_all_sent(s);
}

static void a_refused_card_holds_its_thread_until_askwhy_is_let_in(void **state)
{
    struct story *s = *state;
    chat_will(REFUSE);
    int64_t card = new_card(s, s->product);
    reply(s, s->product, card, "one");
    reply(s, s->product, card, "two");
    new_card(s, s->sales);
    settle(s);
    later(s, 3600 * 1000);
    assert_shown("sales: card");
    g_autoptr(GArray) parked = store_parked(s->store);
    assert_int_equal(parked->len, 1);
    struct parked *it = &g_array_index(parked, struct parked, 0);
    assert_string_equal(it->why, "not_in_channel");
    g_free(it->why);
    g_free(it->channel);

    store_begin(s->store);
    assert_int_equal(store_unpark(s->store, s->product), 1);
    assert_true(store_commit(s->store));
    outbox_reload(s->outbox);
    settle(s);
    later(s, 60000);
    assert_shown("product: card", "product>m2: one", "product>m2: two");
    assert_all_sent(s);
}

static void a_refused_card_holds_its_thread_after_a_restart_too(void **state)
{
    struct story *s = *state;
    chat_will(REFUSE);
    int64_t card = new_card(s, s->product);
    settle(s);
    reply(s, s->product, card, "one");
    crash_and_start_again(s);
    settle(s);
    later(s, 60000);
    assert_nothing(chat.shown);
    store_begin(s->store);
    store_unpark(s->store, s->product);
    assert_true(store_commit(s->store));
    outbox_reload(s->outbox);
    for (int i = 0; i < 4; i++)
        later(s, 60000);
    assert_shown("product: card", "product>m1: one");
    assert_all_sent(s);
}

static void hold(struct story *s, int64_t card, int count)
{
    g_autofree char *json = content("behind it");
    store_begin(s->store);
    for (int i = 0; i < count; i++)
        store_enqueue(s->store, &(struct outbox_row){.kind = OUT_POST, .platform = (char *)"slack", .channel = s->product,
                                                     .thread = card, .content = json});
    assert_true(store_commit(s->store));
}

/* A thread without a root, and more behind it than the sender keeps in memory. The root. */
static int64_t hold_many(struct story *s)
{
    chat_will(REFUSE);
    int64_t card = new_card(s, s->product);
    settle(s);
    hold(s, card, 600);
    arrives(s);
    assert_nothing(chat.shown);
    return card;
}

/* Somebody deleted the thread's first post, its second one was to be sent, and the process died; in the order of rows
 * it stands far behind what waits for it. */
static void a_first_post_sent_again_is_not_held_by_what_waits_for_it(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    int64_t card = store_add_post(s->store, "card", 1, 0, s->product, 0);
    assert_true(store_commit(s->store));
    hold(s, card, 600);
    add_row(s, (struct outbox_row){.kind = OUT_POST, .channel = s->product, .post = card});
    crash_and_start_again(s);
    for (int i = 0; i < 6; i++)
        later(s, 60000);
    if (!g_str_has_prefix(chat.shown->str, "product: card\nproduct>m1: behind it\n"))
        fail_msg("shown: %.200s", chat.shown->str);
}

static void very_much_that_is_held_stops_nobody(void **state)
{
    struct story *s = *state;
    hold_many(s);
    for (int i = 0; i < 3; i++) {
        new_card(s, s->sales);
        arrives(s);
        assert_shown("sales: card");
    }
}

static void what_could_not_be_read_is_read_when_the_sender_looks_again(void **state)
{
    struct story *s = *state;
    int64_t held = hold_many(s);
    new_card(s, s->sales);
    hold(s, held, 300);
    new_card(s, s->sales);
    outbox_load(s->outbox, false);
    s->reads_fail = 1;
    for (int i = 0; i < 2; i++) {
        s->outbox->wanted = true; /* as its timer does */
        outbox_pump(s->outbox);
        assert_null(store_failed(s->store));
    }
    assert_int_equal(s->reads_fail, 0);
    loop_run(s->loop, between, s);
    assert_shown("sales: card", "sales: card");
}

static void what_a_disk_hid_at_the_start_may_have_been_sent_all_the_same(void **state)
{
    struct story *s = *state;
    new_card(s, s->product);
    s->forgets = true;
    settle(s);
    assert_shown("product: card");
    s->reads_fail = 1;
    sqlite3_progress_handler(s->store->db, 1, interrupt, s);
    crash_and_start_again(s);
    assert_non_null(store_failed(s->store));
    store_forget_error(s->store);
    settle(s);
    for (int i = 0; i < 3; i++)
        later(s, 10000);
    assert_nothing(chat.shown);
    assert_all_sent(s);
}

static void what_may_go_again_does_not_stop_what_is_under_way(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    settle(s);
    chat_will(REFUSE);
    reply(s, s->product, card, "one");
    settle(s);
    chat_will(KEEP_WAITING);
    reply(s, s->product, card, "two");
    settle(s);
    store_begin(s->store);
    assert_int_equal(store_unpark(s->store, s->product), 1);
    assert_true(store_commit(s->store));
    outbox_reload(s->outbox);
    chat_lets_go();
    settle(s);
    reply(s, s->product, card, "three");
    settle(s);
    assert_shown("product: card", "product>m1: two", "product>m1: one", "product>m1: three");
    assert_all_sent(s);
}

static void what_may_go_again_goes_though_the_disk_hid_it_first(void **state)
{
    struct story *s = *state;
    chat_will(REFUSE);
    new_card(s, s->product);
    settle(s);
    store_begin(s->store);
    assert_int_equal(store_unpark(s->store, s->product), 1);
    assert_true(store_commit(s->store));
    s->reads_fail = 1;
    sqlite3_progress_handler(s->store->db, 1, interrupt, s);
    outbox_reload(s->outbox);
    assert_non_null(store_failed(s->store));
    store_forget_error(s->store);
    arrives(s);
    assert_shown("product: card");
    assert_all_sent(s);
}

static void a_refused_reply_stops_nobody(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    settle(s);
    chat_will(REFUSE);
    reply(s, s->product, card, "one");
    reply(s, s->product, card, "two");
    settle(s);
    assert_shown("product: card", "product>m1: two");
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM outbox WHERE parked IS NOT NULL", ""), 1);
}

static void a_channel_is_not_joined_again_and_again(void **state)
{
    struct story *s = *state;
    add_row(s, (struct outbox_row){.kind = OUT_JOIN, .channel = s->product});
    settle(s);
    assert_heard("join product");
    store_set_member(s->store, s->product, true);
    add_row(s, (struct outbox_row){.kind = OUT_JOIN, .channel = s->product});
    settle(s);
    assert_nothing(chat.heard);
    assert_all_sent(s);
}

static void a_refused_whisper_is_dropped(void **state)
{
    struct story *s = *state;
    chat_will(REFUSE);
    say_to(s, OUT_EPHEMERAL, "psst");
    settle(s);
    assert_all_sent(s);
}

static void when_told_to_wait_that_method_waits(void **state)
{
    struct story *s = *state;
    int64_t card = new_card(s, s->product);
    settle(s);
    chat_will(LIMIT);
    reply(s, s->product, card, "one");
    settle(s);
    int64_t other = new_card(s, s->sales);
    say_to(s, OUT_EPHEMERAL, "psst");
    settle(s);
    later(s, 6900);
    assert_heard("post card", "post one", "whisper psst");
    later(s, 200);
    assert_heard("post one", "post card");
    assert_int_not_equal(other, 0);
    assert_all_sent(s);
}

static void a_channel_is_posted_to_at_its_pace(void **state)
{
    struct story *s = *state;
    pace_burst = 2, pace_interval = 1000;
    for (int i = 0; i < 4; i++)
        new_card(s, s->product);
    new_card(s, s->sales);
    settle(s);
    assert_shown("product: card", "product: card", "sales: card");
    later(s, 999);
    assert_nothing(chat.shown);
    later(s, 1);
    assert_shown("product: card");
    later(s, 1000);
    assert_shown("product: card");
    assert_all_sent(s);
}

static void what_waits_for_its_turn_is_not_drawn_before(void **state)
{
    struct story *s = *state;
    pace_burst = 1, pace_interval = 1000;
    for (int i = 0; i < 20; i++)
        new_card(s, s->product);
    settle(s);
    for (int i = 1; i < 20; i++)
        later(s, 1000);
    assert_int_equal(s->drawn, 20);
    assert_all_sent(s);
}

static void what_waits_for_the_operator_is_kept(void **state)
{
    struct story *s = *state;
    chat_will(NEEDS_THE_OPERATOR);
    chat_will(NEEDS_THE_OPERATOR);
    new_card(s, s->product);
    settle(s);
    later(s, 30000);
    assert_heard("post card");
    later(s, 31000);
    assert_nothing(chat.shown);
    later(s, 61000);
    assert_shown("product: card");
    assert_all_sent(s);
}

static void a_direct_channel_is_opened_once(void **state)
{
    struct story *s = *state;
    say_to(s, OUT_POST, "hello");
    say_to(s, OUT_POST, "and");
    settle(s);
    assert_shown("dana: (opened)", "Ddana: hello", "Ddana: and");
    assert_all_sent(s);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(where_a_channel_cannot_show_something_to_one_alone_they_get_it_directly),
        STORY(a_thread_is_told_in_order),
        STORY(threads_do_not_wait_for_each_other),
        STORY(many_changes_of_a_card_are_one_edit),
        STORY(a_change_during_an_edit_is_shown_by_one_more),
        STORY(a_lost_answer_is_looked_for_and_found),
        STORY(a_lost_request_is_looked_for_twice_and_sent_once_more),
        STORY(an_answer_lost_again_and_again_leaves_one_copy),
        STORY(an_edit_whose_answer_was_lost_is_just_made_again),
        STORY(dying_between_sending_and_recording_leaves_one_copy),
        STORY(dying_before_sending_leaves_one_copy),
        STORY(what_cannot_be_looked_for_is_sent_once_at_most),
        STORY(a_refused_card_holds_its_thread_until_askwhy_is_let_in),
        STORY(a_refused_card_holds_its_thread_after_a_restart_too),
        STORY(a_first_post_sent_again_is_not_held_by_what_waits_for_it),
        STORY(very_much_that_is_held_stops_nobody),
        STORY(what_could_not_be_read_is_read_when_the_sender_looks_again),
        STORY(what_a_disk_hid_at_the_start_may_have_been_sent_all_the_same),
        STORY(what_may_go_again_does_not_stop_what_is_under_way),
        STORY(what_may_go_again_goes_though_the_disk_hid_it_first),
        STORY(a_refused_reply_stops_nobody),
        STORY(a_refused_whisper_is_dropped),
        STORY(a_channel_is_not_joined_again_and_again),
        STORY(when_told_to_wait_that_method_waits),
        STORY(a_channel_is_posted_to_at_its_pace),
        STORY(what_waits_for_its_turn_is_not_drawn_before),
        STORY(what_waits_for_the_operator_is_kept),
        STORY(a_direct_channel_is_opened_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
