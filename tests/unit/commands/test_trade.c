/* What gives way when an ask is started: what is offered, recorded and told, and to whom not. */
#include "tests/unit/commands/asks.h"

#include "commands/command.h"
#include "store/sql.h"
#include "store/trades.h"

/* ---- Steps ---- */

struct pressed {
    const char *action, *value;
};

static void fill_press(struct event *event, void *data)
{
    const struct pressed *pressed = data;
    event->action = g_strdup(pressed->action);
    event->value = g_strdup(pressed->value);
}

static void press(struct story *s, int64_t who, int64_t channel, const char *action, const char *value)
{
    struct pressed pressed = {action, value};
    act(s, who, channel, EVENT_BUTTON, run_it, &pressed, fill_press);
}

struct filled {
    const char *state, *what, *too, *why, *until, *third;
};

static void fill_form(struct event *event, void *data)
{
    const struct filled *filled = data;
    event->form = g_strdup("start");
    event->state = g_strdup(filled->state);
    event_add_field(event, "what", filled->what);
    event_add_field(event, "too", filled->too);
    event_add_field(event, "third", filled->third != NULL ? filled->third : "");
    event_add_field(event, "why", filled->why);
    event_add_field(event, "until", filled->until);
}

static void submit(struct story *s, int64_t who, struct filled filled)
{
    act(s, who, 0, EVENT_FORM, run_it, &filled, fill_form);
}

/* Owned by mia. */
static int64_t mias(struct story *s, int64_t channel, const char *title)
{
    int64_t number = raise_it(s, channel, s->dana, title);
    happen(s, number, s->mia, "ask.owner", NULL, NULL, NULL);
    store_add_post(s->store, "card", number, 0, channel, 0);
    return number;
}

static int64_t started(struct story *s, int64_t channel, const char *title)
{
    int64_t number = mias(s, channel, title);
    start_it(s, number, s->mia);
    return number;
}

/* All that was told in threads of a channel since last looked. */
static char *told_in(struct story *s, int64_t channel)
{
    g_autoptr(GPtrArray) posts = take_posts(s, channel, true);
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < posts->len; i++) {
        g_autofree char *text = plain(g_ptr_array_index(posts, i));
        g_string_append(all, text);
    }
    return g_string_free(all, FALSE);
}

static void assert_state(struct story *s, int64_t number, const char *state)
{
    struct ask ask;
    assert_true(store_load_ask(s->store, number, &ask));
    assert_string_equal(ask.state, state);
    ask_done(&ask);
}

static int64_t trades(struct story *s)
{
    return sql_number(s->store, "SELECT count(*) FROM trade_off", "");
}

/* ---- Choosing ---- */

static void a_button_pressed_twice_says_what_is_true_now(void **state)
{
    struct story *s = *state;
    int64_t old = started(s, s->product, "Export"), new = mias(s, s->product, "SSO");
    assert_int_equal(old, 1);
    assert_int_equal(new, 2);
    type_as(s, s->mia, s->product, "start 2 because Acme & Co sign");
    assert_says(s->said, "What gives way when #2 starts?");
    assert_string_equal(button_value(s->reply, "start1"), "2 instead of 1 because Acme & Co sign");
    assert_string_equal(button_value(s->reply, "start2"), "2 after 1 because Acme & Co sign");
    assert_string_equal(button_value(s->reply, "start3"), "2 nothing gives way because Acme & Co sign");
    assert_state(s, 2, "waiting");
    g_autofree char *value = g_strdup(button_value(s->reply, "start1"));
    press(s, s->mia, s->product, "start1", value);
    assert_says(s->said, "#2 is started.");
    press(s, s->mia, s->product, "start1", value);
    assert_says(s->said, "#2 is 🔨 started already.");
    press(s, s->mia, s->product, "start2", "2 after 1");
    assert_says(s->said, "#2 is 🔨 started already.");
    assert_int_equal(trades(s), 1);
    assert_state(s, 1, "paused");
    /* Somebody else presses what is not for them. */
    mias(s, s->product, "PDF");
    press(s, s->dana, s->product, "start1", "3 instead of 2");
    assert_says(s->said, "@Mia owns #3.");
    press(s, s->mia, s->product, "start1", "");
    assert_says(s->said, "There is no ask #0");
    assert_int_equal(trades(s), 1);
}

static void two_who_start_at_once_end_in_one_state(void **state)
{
    struct story *s = *state;
    started(s, s->product, "Export");
    mias(s, s->product, "SSO");
    mias(s, s->product, "PDF");
    type_as(s, s->mia, s->product, "start 2 instead of 1");
    type_as(s, s->mia, s->product, "start 3 instead of 1 because a customer waits");
    assert_says(s->said, "#1 is ⏸ paused already.");
    assert_says(s->said, "#2 SSO");
    assert_string_equal(button_value(s->reply, "start1"), "3 instead of 2 because a customer waits");
    assert_state(s, 3, "waiting");
    assert_int_equal(trades(s), 1);
}

static void several_give_way_by_a_form(void **state)
{
    struct story *s = *state;
    for (int i = 1; i <= 3; i++)
        started(s, s->product, "Work");
    mias(s, s->product, "SSO");
    type_as(s, s->mia, s->product, "start 4 because Acme signs");
    assert_says(s->said, "#3 Work");
    assert_says(s->said, "[Choose what gives way]");
    assert_null(button_value(s->reply, "start2"));
    g_autofree char *value = g_strdup(button_value(s->reply, "givesway"));
    press(s, s->mia, s->product, "givesway", value);
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    g_autofree char *form = NULL;
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        if (row->kind == OUT_FORM)
            form = g_strdup(row->content);
        outbox_row_done(row);
    }
    assert_says(form, "Acme signs");
    assert_says(form, "Pauses #3 Work");
    assert_says(form, "After #1 Work");
    assert_says(form, "Nothing, we have room");

    g_autofree char *at = g_strdup_printf("4:%d", (int)s->product);
    submit(s, s->mia, (struct filled){at, "", "", "", "", ""});
    assert_int_equal(s->errors, 1);
    submit(s, s->mia, (struct filled){at, "after 1", "instead of 2", "", "", ""});
    assert_int_equal(s->errors, 1);
    submit(s, s->mia, (struct filled){at, "instead of 1", "", "", "2026-11-01", ""});
    assert_int_equal(s->errors, 1);
    assert_state(s, 4, "waiting");
    submit(s, s->mia, (struct filled){at, "instead of 1", "instead of 3", "Acme signs", "2026-12-24", ""});
    assert_int_equal(s->errors, 0);
    assert_says(s->said, "#4 is started.");
    assert_says(s->said, "#1 is paused, its thread is told. Its owner is asked about it again on 24 Dec.");
    assert_says(s->said, "#3 is paused");
    assert_state(s, 2, "started");
    assert_int_equal(trades(s), 2);
    g_autofree char *told = told_in(s, s->product);
    assert_says(told, "@Mia set #3 aside, #4 SSO takes its place: Acme signs");
    /* Submitted again. */
    submit(s, s->mia, (struct filled){at, "instead of 2", "", "", "", ""});
    assert_says(s->said, "#4 is 🔨 started already.");
    assert_int_equal(trades(s), 2);
}

static void three_give_way_by_a_form(void **state)
{
    struct story *s = *state;
    for (int i = 1; i <= 3; i++)
        started(s, s->product, "Work");
    mias(s, s->product, "SSO");
    g_autofree char *at = g_strdup_printf("4:%d", (int)s->product);
    submit(s, s->mia, (struct filled){at, "instead of 1", "", "Acme signs", "", "instead of 1"});
    assert_says(s->said, "#4 is started.");
    assert_int_equal(trades(s), 1); /* the same one twice */
    mias(s, s->product, "PDF");
    type_as(s, s->mia, s->product, "resume 1");
    g_autofree char *next = g_strdup_printf("5:%d", (int)s->product);
    submit(s, s->mia, (struct filled){next, "instead of 1", "instead of 2", "Acme signs", "", "instead of 3"});
    assert_says(s->said, "#5 is started.");
    for (int64_t ask = 1; ask <= 3; ask++)
        assert_state(s, ask, "paused");
    assert_int_equal(trades(s), 4);
}

/* Told once, and a private one not by its name. */
static void what_took_a_place_and_went_on_is_told_once(void **state)
{
    struct story *s = *state;
    started(s, s->product, "Export");
    mias(s, s->product, "SSO");
    type_as(s, s->mia, s->product, "start 2 instead of 1");
    g_free(told_in(s, s->product));
    type_as(s, s->mia, s->product, "pause 2 for 1 week because of the audit");
    g_autofree char *first = told_in(s, s->product);
    assert_says(first, "#1 was set aside for it: go on with #1?");
    type_as(s, s->mia, s->product, "resume 2");
    type_as(s, s->mia, s->product, "ship 2");
    g_autofree char *second = told_in(s, s->product);
    assert_silent_about(second, "was set aside for it");
    /* Set aside anew, it is told anew. */
    type_as(s, s->mia, s->product, "resume 1");
    mias(s, s->product, "PDF");
    type_as(s, s->mia, s->product, "start 3 instead of 1");
    g_free(told_in(s, s->product));
    type_as(s, s->mia, s->product, "ship 3");
    g_autofree char *third = told_in(s, s->product);
    assert_says(third, "#1 was set aside for it");
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(differences);
}

static void a_long_reason_is_not_cut(void **state)
{
    struct story *s = *state;
    started(s, s->product, "Export");
    mias(s, s->product, "SSO");
    g_autofree char *why = g_strnfill(1800, 'y'), *text = g_strconcat("start 2 because ", why, NULL);
    type_as(s, s->mia, s->product, text);
    assert_says(s->said, "What gives way when #2 starts?");
    assert_null(button_value(s->reply, "start1"));
    assert_says(s->said, "/ask start #2 instead of #1 because …");
    g_autofree char *all = g_strconcat("start 2 instead of 1 because ", why, NULL);
    type_as(s, s->mia, s->product, all);
    g_autofree char *told = told_in(s, s->product);
    assert_says(told, why);
}

/* ---- Whose ---- */

static void only_ones_own_work_gives_way_unless_the_channel_agreed(void **state)
{
    struct story *s = *state;
    int64_t sam = new_person(s, "USAM", "Sam", "support");
    started(s, s->product, "Export");
    happen(s, 1, sam, "ask.decider", NULL, NULL, NULL);
    int64_t number = raise_it(s, s->product, s->dana, "SSO");
    happen(s, number, s->dana, "ask.owner", NULL, NULL, NULL);
    /* Dana has nothing started: nothing is asked; somebody else's is not hers to set aside. */
    type_as(s, s->dana, s->product, "start 2 instead of 1");
    assert_says(s->said, "@Mia owns #1.");
    assert_state(s, 2, "waiting");
    type_as(s, s->mia, s->product, "settings gives-way channel");
    assert_says(s->said, "whatever is started in this channel");
    type_as(s, s->dana, s->product, "start 2");
    assert_says(s->said, "#1 Export (less than a day of work, owner @Mia)");
    type_as(s, s->dana, s->product, "start 2 instead of 1");
    assert_state(s, 1, "paused");
    assert_state(s, 2, "started");
    type_as(s, s->mia, s->product, "settings gives-way everybody");
    assert_says(s->said, "settings gives-way channel");
    type_as(s, s->mia, s->product, "settings gives-way owner");
    assert_says(s->said, "whatever else its owner has started");
}

static void the_day_of_asking_again_is_the_channels(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "settings revisit 4 weeks");
    assert_says(s->said, "asked about again after 28 days");
    started(s, s->product, "Export");
    mias(s, s->product, "SSO");
    type_as(s, s->mia, s->product, "start 2 instead of 1");
    assert_says(s->said, "14 Dec");
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_int_equal(ask.revisit_at, moment("2026-12-14T09:00:00+02:00"));
    ask_done(&ask);
}

/* ---- Private ---- */

static void what_is_private_is_not_named_elsewhere(void **state)
{
    struct story *s = *state;
    int64_t deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    started(s, deals, "Secret discount");
    mias(s, s->product, "SSO");
    mias(s, deals, "Quiet merger");
    /* In the public channel the private work is not offered, and cannot be named. */
    type_as(s, s->mia, s->product, "start 2 instead of 1");
    assert_says(s->said, "There is no ask #1 that you can see here.");
    assert_silent_about(s->said, "Secret");
    assert_state(s, 2, "waiting");
    /* Privately it is. */
    type_as(s, s->mia, 0, "start 2");
    assert_says(s->said, "#1 Secret discount");
    type_as(s, s->mia, 0, "start 2 instead of 1 because Acme signs");
    assert_says(s->said, "#2 is started.");
    g_autofree char *public = told_in(s, s->product);
    assert_says(public, "@Mia started #2 in place of a private ask: Acme signs");
    assert_silent_about(public, "Secret");
    assert_silent_about(public, "#1");
    g_autofree char *private = told_in(s, deals);
    assert_says(private, "set #1 aside, #2 SSO takes its place: Acme signs");

    /* The other way round: neither the ask nor the reason given for it. */
    type_as(s, s->mia, deals, "start 3 instead of 2 because Globex buys us");
    assert_says(s->said, "#3 is started.");
    g_autofree char *then = told_in(s, s->product);
    assert_says(then, "@Mia set #2 aside: a private ask takes its place.");
    assert_silent_about(then, "Globex");
    assert_silent_about(then, "merger");
    assert_silent_about(then, "#3");
    g_autofree char *there = told_in(s, deals);
    assert_says(there, "@Mia started #3 in place of #2 SSO: Globex buys us");
    int64_t sam = new_person(s, "USAM", "Sam", "support");
    type_as(s, sam, s->product, "show 2");
    assert_says(s->said, "In place of a private ask");
    assert_says(s->said, "Gave way to a private ask on 16 Nov");
    assert_silent_about(s->said, "Globex");
    type_as(s, s->mia, deals, "show 2");
    assert_says(s->said, "Gave way to #3");

    /* Behind a private one. */
    mias(s, s->product, "PDF");
    type_as(s, s->mia, 0, "start 4 after 3");
    type_as(s, s->mia, deals, "ship 3");
    g_autofree char *last = told_in(s, s->product);
    assert_says(last, "@Mia starts #4 after a private ask.");
    assert_says(last, "a private ask is 🚀 shipped now, and #4 was to start after it");
    assert_silent_about(last, "merger");
}

/* ---- The ledger ---- */

static void days_of_work_leave_out_pauses_and_weekends(void **state)
{
    struct story *s = *state;
    int64_t number = started(s, s->product, "Export"); /* a Monday */
    s->now += 4 * DAY_MS;
    assert_int_equal(store_days_of_work(s->store, number, s->now), 4);
    happen(s, number, s->mia, "ask.paused", "a fire", "paused", NULL);
    s->now += 10 * DAY_MS;
    assert_int_equal(store_days_of_work(s->store, number, s->now), 4);
    happen(s, number, s->mia, "ask.started", NULL, "started", NULL); /* a Monday */
    s->now += 9 * DAY_MS;                                           /* until Wednesday of the week after */
    assert_int_equal(store_days_of_work(s->store, number, s->now), 11);
    g_autoptr(GArray) rows = store_trades_of(s->store, number);
    assert_int_equal(rows->len, 1);
    const struct trade *trade = &g_array_index(rows, struct trade, 0);
    assert_int_equal(trade->days, 4);
    assert_int_equal(trade->instead, 0);
    assert_string_equal(trade->words, "a fire");
    assert_string_equal(trade->ended, "started");
    type_as(s, s->dana, s->product, "show 1");
    assert_says(s->said, "Set aside on 20 Nov: 4 days of work. Because a fire\n🔨 started since 30 Nov.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_button_pressed_twice_says_what_is_true_now, story_begin, story_end),
        cmocka_unit_test_setup_teardown(two_who_start_at_once_end_in_one_state, story_begin, story_end),
        cmocka_unit_test_setup_teardown(several_give_way_by_a_form, story_begin, story_end),
        cmocka_unit_test_setup_teardown(three_give_way_by_a_form, story_begin, story_end),
        cmocka_unit_test_setup_teardown(what_took_a_place_and_went_on_is_told_once, story_begin, story_end),
        cmocka_unit_test_setup_teardown(a_long_reason_is_not_cut, story_begin, story_end),
        cmocka_unit_test_setup_teardown(only_ones_own_work_gives_way_unless_the_channel_agreed, story_begin, story_end),
        cmocka_unit_test_setup_teardown(the_day_of_asking_again_is_the_channels, story_begin, story_end),
        cmocka_unit_test_setup_teardown(what_is_private_is_not_named_elsewhere, story_begin, story_end),
        cmocka_unit_test_setup_teardown(days_of_work_leave_out_pauses_and_weekends, story_begin, story_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
