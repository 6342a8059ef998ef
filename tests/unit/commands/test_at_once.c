/* Two people at the same ask at once: it ends in one clear state, and each of them is told. */
#include "asks.h"

#include "commands/states.h"
#include "store/merged.h"
#include "store/sql.h"
#include "store/trades.h"
#include "store/voices.h"

static const char *state_of(struct story *s, int64_t number)
{
    static char state[16];
    struct ask ask;
    assert_true(store_load_ask(s->store, number, &ask));
    g_strlcpy(state, ask.state, sizeof state);
    ask_done(&ask);
    return state;
}

static void type_about(struct story *s, int64_t person, const char *format, int64_t ask)
{
    GString *text = g_string_new(format);
    g_autofree char *number = show_number(ask);
    g_string_replace(text, "#", number, 0);
    type_as(s, person, s->product, text->str);
    g_string_free(text, TRUE);
}

/* The newest post in a thread of the channel. */
static char *last_said(struct story *s)
{
    GPtrArray *posts = take_posts(s, s->product, true);
    char *text = posts->len > 0 ? plain(g_ptr_array_index(posts, posts->len - 1)) : g_strdup("");
    g_ptr_array_unref(posts);
    return text;
}

/* The same with its markup. */
static char *last_post(struct story *s)
{
    GPtrArray *posts = take_posts(s, s->product, true);
    char *text = posts->len > 0 ? message_to_json(g_ptr_array_index(posts, posts->len - 1)) : g_strdup("");
    g_ptr_array_unref(posts);
    return text;
}

static void press_it(struct event *event, void *data)
{
    char **pressed = data;
    event->action = g_strdup(pressed[0]);
    event->value = g_strdup(pressed[1]);
}

static void press(struct story *s, int64_t person, const char *action, int64_t ask)
{
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, ask);
    const char *pressed[] = {action, value};
    act(s, person, s->product, EVENT_BUTTON, run_it, pressed, press_it);
}

static void fill_why(struct event *event, void *data)
{
    event->form = g_strdup("why");
    event->state = g_strdup(data);
    event->fields = g_new0(struct form_value, 1);
    event->fields[0] = (struct form_value){.name = g_strdup("why"), .value = g_strdup("Globex waits for it")};
    event->n_fields = 1;
}

/* Nobody is named to decide, so both may. */
static void two_decide_at_once(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "decide # yes because banks need it", 1);
    assert_string_equal(state_of(s, 1), "accepted");
    type_about(s, s->dana, "decide # yes", 1);
    assert_says(s->said, "accepted already");
    type_about(s, s->dana, "decide # no because it can wait", 1);
    assert_string_equal(state_of(s, 1), "declined");
    g_autofree char *told = last_said(s);
    assert_says(told, "UMIA"); /* who said yes hears the no */
    assert_says(told, "it can wait");
}

static void two_say_whether_to_go_on(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "start #", 1);
    type_about(s, s->mia, "pause # for 1 week because of the audit", 1);
    assert_string_equal(state_of(s, 1), "paused");
    press(s, s->mia, "shelve", 1);
    assert_string_equal(state_of(s, 1), "shelved");
    press(s, s->mia, "resume", 1);
    assert_string_equal(state_of(s, 1), "shelved");
    assert_says(s->said, "shelved");
    press(s, s->mia, "pausemore", 1);
    assert_string_equal(state_of(s, 1), "shelved");
    press(s, s->mia, "shelve", 1);
    assert_says(s->said, "shelved already");
}

static void a_form_is_sent_after_the_ask_was_merged(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_as(s, s->mia, s->product, "Single sign-on for Globex");
    type_about(s, s->mia, "merge # into 1", 2);
    assert_string_equal(state_of(s, 2), "merged");
    g_autofree char *opened = g_strdup_printf("2:%" G_GINT64_FORMAT, s->product);
    act(s, s->mia, 0, EVENT_FORM, run_it, opened, fill_why);
    assert_says(s->said, "has become part of");
    g_autofree char *kept = store_voice_words(s->store, 1, s->mia);
    assert_string_equal(kept, "Globex waits for it");
    struct ask ask;
    assert_true(store_load_ask(s->store, 2, &ask));
    assert_null(ask.why);
    ask_done(&ask);
    assert_int_equal(store_merged_target(s->store, 2), 1);
}

static void a_form_is_sent_after_the_ask_was_withdrawn(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->dana, "withdraw #", 1);
    g_autofree char *opened = g_strdup_printf("1:%" G_GINT64_FORMAT, s->product);
    act(s, s->mia, 0, EVENT_FORM, run_it, opened, fill_why);
    assert_says(s->said, "withdrawn");
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_null(ask.why);
    ask_done(&ask);
}

/* ---- forms and buttons that come late ---- */

struct sent {
    const char *form, *state;
    const char *fields[4][2];
};

static void fill(struct event *event, void *data)
{
    const struct sent *sent = data;
    event->form = g_strdup(sent->form);
    event->state = g_strdup(sent->state);
    for (gsize i = 0; i < G_N_ELEMENTS(sent->fields) && sent->fields[i][0] != NULL; i++)
        event_add_field(event, sent->fields[i][0], sent->fields[i][1]);
}

/* The form of that name about ask, opened in the channel before. */
static void send_in(struct story *s, int64_t person, const char *form, int64_t ask, const char *field, const char *value,
                    const char *other_field, const char *other_value)
{
    g_autofree char *opened = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, ask, s->product);
    struct sent sent = {.form = form, .state = opened, .fields = {{field, value}, {other_field, other_value}}};
    act(s, person, 0, EVENT_FORM, run_it, &sent, fill);
}

static void press_value(struct story *s, int64_t person, const char *action, const char *value)
{
    const char *pressed[] = {action, value};
    act(s, person, s->product, EVENT_BUTTON, run_it, pressed, press_it);
}

static int entries(struct story *s, const char *kind)
{
    return (int)sql_number(s->store, "SELECT count(*) FROM log WHERE kind = ?1", "t", kind);
}

static void it_is_withdrawn_while_it_is_started(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->dana, "withdraw # because Globex left", 1);
    type_about(s, s->mia, "start #", 1);
    assert_string_equal(state_of(s, 1), "withdrawn");
    assert_says(s->said, "withdrawn");
    type_as(s, s->dana, s->product, "Add SAML");
    type_about(s, s->mia, "start #", 2);
    type_about(s, s->dana, "withdraw # because Globex left", 2);
    assert_string_equal(state_of(s, 2), "withdrawn");
    g_autofree char *told = last_said(s);
    assert_says(told, "UMIA"); /* who works on it hears it at once */
    type_about(s, s->mia, "ship #", 2);
    assert_string_equal(state_of(s, 2), "withdrawn");
    assert_says(s->said, "withdrawn");
}

static void what_shall_give_way_is_shipped_before_the_answer(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "Add SSO");
    type_about(s, s->mia, "start #", 1);
    type_as(s, s->dana, s->product, "Add SAML");
    type_about(s, s->mia, "start #", 2);
    assert_string_equal(state_of(s, 2), "waiting");
    assert_says(s->said, "What gives way");
    type_about(s, s->mia, "ship #", 1);
    press_value(s, s->mia, "start1", "2 instead of 1");
    assert_string_equal(state_of(s, 1), "shipped");
    assert_string_equal(state_of(s, 2), "waiting");
    assert_says(s->said, "shipped");
    send_in(s, s->mia, "start", 2, "what", "instead1", "why", "Globex signs");
    assert_string_equal(state_of(s, 1), "shipped");
    assert_string_equal(state_of(s, 2), "waiting");
    press_value(s, s->mia, "start2", "2 after 1");
    assert_int_equal(store_behind(s->store, 2), 0);
    assert_says(s->said, "shipped");
    press_value(s, s->mia, "start3", "2 nothing gives way");
    assert_string_equal(state_of(s, 2), "started");
    press_value(s, s->mia, "start3", "2 nothing gives way");
    assert_says(s->said, "started already");
    assert_int_equal(entries(s, "ask.started"), 2);
}

/* The two owners trade against each other in the same second: one of them is first. */
static void two_trade_against_each_other(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "Add SSO");
    type_as(s, s->mia, s->product, "Add SAML");
    type_about(s, s->mia, "start #", 1);
    press_value(s, s->mia, "start1", "2 instead of 1");
    press_value(s, s->mia, "start1", "2 instead of 1");
    assert_string_equal(state_of(s, 1), "paused");
    assert_string_equal(state_of(s, 2), "started");
    assert_int_equal(entries(s, "ask.paused"), 1);
    assert_says(s->said, "started already");
}

static void the_outcome_is_told_twice(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "start #", 1);
    type_about(s, s->mia, "ship #", 1);
    send_in(s, s->mia, "outcome", 1, "outcome", "partly", "actual", "3%");
    assert_string_equal(state_of(s, 1), "checked");
    forget_answer(s);
    g_autofree char *first = last_said(s);
    assert_says(first, "partly");
    /* The same form once more, and the question's button. */
    send_in(s, s->mia, "outcome", 1, "outcome", "partly", "actual", "3%");
    g_autofree char *again = last_said(s);
    assert_string_equal(again, "");
    assert_int_equal(entries(s, "ask.outcome"), 1);
    send_in(s, s->mia, "outcome", 1, "outcome", "below", "actual", "1%");
    g_autofree char *corrected = last_said(s);
    assert_says(corrected, "corrects");
    press_value(s, s->mia, "outcomelater", "1");
    assert_says(s->said, "checked");
}

static void the_need_is_worded_anew_while_it_is_confirmed(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "own #", 1);
    type_about(s, s->mia, "need # Buyers sign in with what they have", 1);
    GPtrArray *posts = take_posts(s, s->product, true);
    g_autofree char *old = g_strdup(button_value(g_ptr_array_index(posts, posts->len - 1), "needyes"));
    g_ptr_array_unref(posts);
    assert_non_null(old);
    type_about(s, s->mia, "need # Administrators lock people out at once", 1);
    press_value(s, s->dana, "needyes", old);
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_int_equal(ask.need_confirmed, 0); /* nobody confirmed these words */
    ask_done(&ask);
    assert_says(s->said, "lock people out");
    type_about(s, s->dana, "withdraw #", 1);
    type_about(s, s->dana, "need # yes", 1);
    assert_says(s->said, "withdrawn");
    send_in(s, s->mia, "need", 1, "need", "Something else", NULL, NULL);
    assert_says(s->complaint, "withdrawn"); /* the form stays open, nothing typed is lost */
    assert_int_equal(entries(s, "ask.need"), 2);
}

static void the_goal_is_gone_when_it_is_chosen(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_as(s, s->mia, s->product, "goal add Keep enterprise customers");
    type_as(s, s->mia, s->product, "goal end enterprise");
    type_about(s, s->dana, "goal # enterprise", 1);
    assert_int_equal(entries(s, "ask.goal"), 0);
    assert_says(s->said, "enterprise");
    type_as(s, s->mia, s->product, "goal end enterprise");
    assert_int_equal(entries(s, "aim.ended"), 1);
}

static void a_decision_form_is_sent_after_another_decision(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "decide # no because it can wait", 1);
    send_in(s, s->dana, "decide", 1, "decision", "yes", "reason", "Globex waits");
    assert_string_equal(state_of(s, 1), "declined");
    assert_says(s->complaint, "declined");
    type_about(s, s->mia, "reopen # because Globex signed", 1);
    type_about(s, s->mia, "start #", 1);
    send_in(s, s->dana, "decide", 1, "decision", "no", "reason", "it can wait");
    assert_string_equal(state_of(s, 1), "started");
    assert_says(s->complaint, "started");
    assert_int_equal(entries(s, "ask.decided"), 1);
}

static void work_goes_on_or_ends_before_the_pause_is_answered(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "start #", 1);
    type_about(s, s->mia, "pause # for 1 week because of the audit", 1);
    type_about(s, s->mia, "resume #", 1);
    type_about(s, s->mia, "ship #", 1);
    static const char *const late[] = {"pausemore", "resume", "shelve"};
    for (gsize i = 0; i < G_N_ELEMENTS(late); i++) {
        press(s, s->mia, late[i], 1);
        assert_string_equal(state_of(s, 1), "shipped");
        assert_says(s->said, "shipped");
    }
    type_about(s, s->mia, "pause # for 1 week because of the audit", 1);
    assert_string_equal(state_of(s, 1), "shipped");
    assert_says(s->said, "shipped");
}

static void a_question_is_answered_after_its_ask_has_ended(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_about(s, s->mia, "question # Which banks need it?", 1);
    GPtrArray *posts = take_posts(s, s->product, true);
    g_autofree char *value = NULL;
    for (guint i = 0; i < posts->len && value == NULL; i++)
        value = g_strdup(button_value(g_ptr_array_index(posts, i), "answerput"));
    g_ptr_array_unref(posts);
    assert_non_null(value);
    type_about(s, s->dana, "withdraw #", 1);
    type_about(s, s->dana, "answer # The two largest", 1);
    assert_int_equal(entries(s, "put.answered"), 1); /* it is an answer all the same */
    type_about(s, s->dana, "answer # The two largest", 1);
    assert_int_equal(entries(s, "put.answered"), 1);
    press_value(s, s->dana, "answerput", value);
    assert_int_equal(entries(s, "put.answered"), 1);
}

static void two_merge_into_each_other(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    type_as(s, s->mia, s->product, "Single sign-on for Globex");
    type_about(s, s->dana, "merge # into 2", 1);
    type_about(s, s->mia, "merge # into 1", 2);
    assert_string_equal(state_of(s, 1), "merged");
    assert_string_equal(state_of(s, 2), "waiting");
    assert_says(s->said, "#2");
}

static void two_take_it_at_once(void **state)
{
    struct story *s = *state;
    type_as(s, s->dana, s->product, "Add SSO");
    int64_t jun = new_person(s, "UJUN", "Jun", "product");
    press(s, s->mia, "own", 1);
    press(s, jun, "own", 1);
    struct ask ask;
    assert_true(store_load_ask(s->store, 1, &ask));
    assert_true(ask.owner == jun);
    ask_done(&ask);
    g_autofree char *told = last_post(s);
    assert_says(told, "\\u0011UMIA"); /* from whom it was taken */
    assert_silent_about(told, "\\u0011UJUN");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(two_decide_at_once),
        STORY(two_say_whether_to_go_on),
        STORY(a_form_is_sent_after_the_ask_was_merged),
        STORY(a_form_is_sent_after_the_ask_was_withdrawn),
        STORY(it_is_withdrawn_while_it_is_started),
        STORY(what_shall_give_way_is_shipped_before_the_answer),
        STORY(two_trade_against_each_other),
        STORY(the_outcome_is_told_twice),
        STORY(the_need_is_worded_anew_while_it_is_confirmed),
        STORY(the_goal_is_gone_when_it_is_chosen),
        STORY(a_decision_form_is_sent_after_another_decision),
        STORY(work_goes_on_or_ends_before_the_pause_is_answered),
        STORY(a_question_is_answered_after_its_ask_has_ended),
        STORY(two_merge_into_each_other),
        STORY(two_take_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
