/* Two people at the same ask at once: it ends in one clear state, and each of them is told. */
#include "asks.h"

#include "commands/states.h"
#include "store/merged.h"
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

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(two_decide_at_once),
        STORY(two_say_whether_to_go_on),
        STORY(a_form_is_sent_after_the_ask_was_merged),
        STORY(a_form_is_sent_after_the_ask_was_withdrawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
