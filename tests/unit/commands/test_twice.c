/* The same pressed, typed or sent in once more, because nothing answered the first time: one effect, and it says what is
 * true now. */
#include "asks.h"

#include "store/details.h"
#include "store/sql.h"
#include "store/voices.h"

/* ---- Steps ---- */

static void press_it(struct event *event, void *data)
{
    const char *const *pressed = data;
    event->action = g_strdup(pressed[0]);
    event->value = g_strdup(pressed[1]);
}

static void press(struct story *s, int64_t person, const char *action, const char *value)
{
    const char *pressed[] = {action, value};
    act(s, person, s->product, EVENT_BUTTON, run_it, pressed, press_it);
}

/* A form's name, its state, and fields' names and values, closed by NULL. */
static void fill_it(struct event *event, void *data)
{
    const char *const *sent = data;
    event->form = g_strdup(sent[0]);
    event->state = g_strdup(sent[1]);
    for (int i = 2; sent[i] != NULL; i += 2)
        event_add_field(event, sent[i], sent[i + 1]);
}

static void send_in(struct story *s, int64_t person, const char **sent)
{
    act(s, person, 0, EVENT_FORM, run_it, sent, fill_it);
}

static int64_t entries(struct story *s)
{
    return sql_number(s->store, "SELECT count(*) FROM log", "");
}

static int64_t posts(struct story *s)
{
    return sql_number(s->store, "SELECT count(*) FROM post", "");
}

/* What happens with the second time: nothing more in the log, nothing more said to others. */
struct before {
    int64_t entries, posts;
};

static struct before now(struct story *s)
{
    return (struct before){entries(s), posts(s)};
}

static void assert_nothing_more(struct story *s, struct before before, const char *says)
{
    assert_int_equal(entries(s), before.entries);
    assert_int_equal(posts(s), before.posts);
    assert_says(s->said, says);
}

/* Owned by mia, asked for by dana. */
static void begin(struct story *s)
{
    type_as(s, s->dana, s->product, "Add SSO");
    type_as(s, s->mia, s->product, "own 1");
}

/* ---- ---- */

static void a_why_is_confirmed_once(void **state)
{
    struct story *s = *state;
    begin(s);
    type_as(s, s->mia, s->product, "why 1 because their IT forbids passwords");
    type_as(s, s->dana, s->product, "why 1");
    g_autofree char *old = g_strdup(button_value(s->reply, "whyyes"));
    assert_non_null(old);
    /* Another why since: the old button confirms nothing. */
    s->now += HOUR_MS;
    type_as(s, s->mia, s->product, "why 1 because auditors ask");
    type_as(s, s->dana, s->product, "why 1");
    g_autofree char *value = g_strdup(button_value(s->reply, "whyyes"));
    struct before before = now(s);
    press(s, s->dana, "whyyes", old);
    assert_nothing_more(s, before, "auditors ask");
    press(s, s->dana, "whyyes", "1");
    assert_nothing_more(s, before, "has changed since");
    press(s, s->dana, "whyyes", "");
    assert_nothing_more(s, before, "There is no ask #0");
    press(s, s->dana, "whyyes", value);
    before = now(s);
    press(s, s->dana, "whyyes", value);
    assert_nothing_more(s, before, "what @Mia said is the why of #1");
    type_as(s, s->dana, s->product, "why 1 yes");
    assert_nothing_more(s, before, "what @Mia said is the why of #1");
}

static void a_dissent_is_taken_back_once(void **state)
{
    struct story *s = *state;
    begin(s);
    type_as(s, s->mia, s->product, "decide 1 yes because it pays");
    type_as(s, s->dana, s->product, "dissent 1 because it is late");
    g_autofree char *value = g_strdup(button_value(s->reply, "dissentback"));
    press(s, s->dana, "dissentback", value);
    struct before before = now(s);
    press(s, s->dana, "dissentback", value);
    assert_nothing_more(s, before, "Nothing of yours stands against #1");
    press(s, s->mia, "dissentback", value);
    assert_nothing_more(s, before, "Nothing of yours stands against #1");
    /* The log keeps what was said; the ask does not. */
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_int_equal(store_count_dissents(s->store, &ask), 0);
    ask_done(&ask);
    assert_int_equal(sql_number(s->store,
                                "SELECT count(*) FROM log l JOIN words w ON w.id = l.words WHERE kind = 'ask.dissent'"
                                " AND w.text = 'it is late'",
                                ""),
                     1);
}

static void an_ask_is_set_aside_once(void **state)
{
    struct story *s = *state;
    begin(s);
    type_as(s, s->mia, s->product, "start 1");
    g_autofree char *at = g_strdup_printf("1:%" G_GINT64_FORMAT, s->product);
    const char *sent[] = {"pause", at, "until", "2026-12-24", "why", "the audit goes first", NULL};
    send_in(s, s->mia, sent);
    struct before before = now(s);
    send_in(s, s->mia, sent);
    assert_nothing_more(s, before, "#1 is paused. I'll ask about it again on 24 Dec.");
    type_as(s, s->mia, s->product, "pause 1 until 24 December because the audit goes first");
    assert_nothing_more(s, before, "#1 is paused. I'll ask about it again on 24 Dec.");
    /* Another cause or date is news. */
    type_as(s, s->mia, s->product, "pause 1 until 24 December because of the holidays");
    assert_int_equal(entries(s), before.entries + 1);
    const char *later[] = {"pause", at, "until", "2027-01-24", "why", "", NULL};
    send_in(s, s->mia, later);
    assert_int_equal(entries(s), before.entries + 2);
}

static void an_ask_is_merged_once(void **state)
{
    struct story *s = *state;
    begin(s);
    type_as(s, s->mia, s->product, "Single sign-on");
    g_autofree char *at = g_strdup_printf("2:%" G_GINT64_FORMAT, s->product);
    const char *sent[] = {"merge", at, "into", "#1", "why", "the same", NULL};
    send_in(s, s->mia, sent);
    struct before before = now(s);
    send_in(s, s->mia, sent);
    assert_int_equal(s->errors, 1);
    assert_int_equal(entries(s), before.entries);
    press(s, s->mia, "mergeinto", "2");
    assert_nothing_more(s, before, "#2 is 🔗 merged already.");
    press(s, s->mia, "setaside", "2");
    assert_nothing_more(s, before, "#2 has become part of #1 Add SSO");
    /* A why for it counts once, too. */
    type_as(s, s->mia, s->product, "why 2 because Globex waits");
    before = now(s);
    type_as(s, s->mia, s->product, "why 2 because Globex waits");
    assert_nothing_more(s, before, "Noted: you need #1 too.");
}

static void a_voice_for_somebody_counts_once(void **state)
{
    struct story *s = *state;
    int64_t jun = new_person(s, "UJUN", "Jun", "support");
    begin(s);
    type_as(s, s->mia, s->product, "voice 1 for \x12UJUN\x1e because support resets passwords");
    struct before before = now(s);
    type_as(s, s->mia, s->product, "voice 1 because support resets passwords for \x12UJUN\x1e");
    assert_nothing_more(s, before, "@Jun needs #1 too");
    type_as(s, s->mia, s->product, "voice 1 for \x12UJUN\x1e");
    assert_nothing_more(s, before, "@Jun is counted as needing #1 too already.");
    type_as(s, jun, s->product, "voice 1 because we reset passwords all day");
    assert_true(store_has_own_voice(s->store, 1, jun));
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_int_equal(ask.voices, 1);
    ask_done(&ask);
}

static void an_urgent_ask_is_raised_once(void **state)
{
    struct story *s = *state;
    begin(s);
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":The login is down", s->product);
    press(s, s->dana, "urgentin", value);
    assert_says(s->said, "is urgent now");
    struct before before = now(s);
    press(s, s->dana, "urgentin", value);
    assert_nothing_more(s, before, "Already #2. Raise it once more?");
}

static void a_goal_and_a_metric_are_added_once(void **state)
{
    struct story *s = *state;
    g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, s->product);
    const char *goal[] = {"goal", at, "goal", "Keep customers", NULL},
               *metric[] = {"metric", at, "metric", "churn", "unit", "%", "target", "3", NULL};
    send_in(s, s->mia, goal);
    send_in(s, s->mia, metric);
    struct before before = now(s);
    send_in(s, s->mia, goal);
    assert_int_equal(s->errors, 1);
    send_in(s, s->mia, metric);
    assert_int_equal(s->errors, 1);
    assert_int_equal(entries(s), before.entries);
    /* A form of a place that is not there, or not theirs. */
    int64_t deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    g_autofree char *closed = g_strdup_printf("%" G_GINT64_FORMAT, deals);
    const char *there[] = {"goal", closed, "goal", "Buy Initech", NULL}, *nowhere[] = {"goal", "", "goal", "Buy Initech", NULL};
    send_in(s, s->mia, there);
    assert_int_equal(s->errors, 1);
    send_in(s, s->mia, nowhere);
    assert_int_equal(s->errors, 1);
    assert_int_equal(entries(s), before.entries);
}

static void clear_is_said_once(void **state)
{
    struct story *s = *state;
    begin(s);
    type_as(s, s->mia, s->product, "clear 1 because we spoke");
    struct before before = now(s);
    type_as(s, s->mia, s->product, "clear 1 because we spoke");
    assert_nothing_more(s, before, "#1 is 🟢 clear already.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)
        STORY(a_why_is_confirmed_once),
        STORY(a_dissent_is_taken_back_once),
        STORY(an_ask_is_set_aside_once),
        STORY(an_ask_is_merged_once),
        STORY(a_voice_for_somebody_counts_once),
        STORY(an_urgent_ask_is_raised_once),
        STORY(a_goal_and_a_metric_are_added_once),
        STORY(clear_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
