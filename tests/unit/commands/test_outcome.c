/* What came of what was shipped: who is asked and who may tell it, how it compares with what was expected, and that
 * nobody is ranked by it. */
#include "tests/unit/commands/asks.h"

#include "bot/chat/platform.h"
#include "store/outcomes.h"

/* ---- Steps ---- */

static void type_about(struct story *s, int64_t person, int64_t channel, int64_t ask, const char *verb, const char *rest)
{
    g_autofree char *text = g_strdup_printf("%s %" G_GINT64_FORMAT " %s", verb, ask, rest);
    type_as(s, person, channel, text);
}

/* An ask of that person's which mia ships; nobody else has a part in it. */
static int64_t ship_one(struct story *s, int64_t channel, int64_t asker, const char *impact)
{
    int64_t number = raise_it(s, channel, asker, "An ask");
    happen(s, number, s->mia, "ask.owner", NULL, NULL, NULL);
    store_add_post(s->store, "card", number, 0, channel, 0);
    type_about(s, asker, channel, number, "impact", impact);
    type_about(s, s->mia, channel, number, "start", "nothing gives way");
    type_about(s, s->mia, channel, number, "ship", "");
    return number;
}

static void tell(struct story *s, int64_t asker, const char *impact, const char *came)
{
    int64_t number = ship_one(s, s->product, asker, impact);
    type_about(s, s->mia, s->product, number, "outcome", came);
    assert_says(s->said, "is checked");
    s->now += HOUR_MS;
}

static const char *preview(struct story *s)
{
    type_as(s, s->mia, s->product, "digest");
    return s->said;
}

static void time_brings(struct story *s, int64_t now)
{
    struct context ctx;
    bool more = true;
    s->now = now;
    for (int i = 0; i < 50 && more; i++) {
        assert_true(store_begin(s->store));
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        more = command_run_due(&ctx);
        context_done(&ctx);
        assert_true(store_commit(s->store));
    }
    assert_false(more);
}

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

/* ---- Expected beside actual figures ---- */

static void five_outcomes_of_three_people_give_a_median(void **state)
{
    struct story *s = *state;
    int64_t jun = new_person(s, "UJUN", "Jun", "sales"), sam = new_person(s, "USAM", "Sam", "sales");
    tell(s, s->dana, "churn down 4%", "partly, down 1%");
    tell(s, s->dana, "churn down 4%", "partly, down 2%");
    tell(s, jun, "churn down 4%", "as expected, down 6%");
    tell(s, sam, "sign-ups up 100", "as expected, up 100");
    assert_silent_about(preview(s), "of the expected figure");
    type_as(s, s->mia, s->product, "settings calibration on");
    assert_says(s->said, "from 5 outcomes of at least 3 people up");
    assert_silent_about(preview(s), "of the expected figure"); /* four */
    tell(s, sam, "churn down 4%", "partly, down 3%");
    assert_says(preview(s), "sales: 75% of the expected figure was reached (the median of 5 outcomes)");
    static const char *const names[] = {"Dana: ", "Jun: ", "Sam: ", "product: "};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        assert_silent_about(preview(s), names[i]);
    /* Of an even number: between the two in the middle. */
    tell(s, jun, "churn down 4%", "partly, down 2.6%");
    assert_says(preview(s), "sales: 70% of the expected figure was reached (the median of 6 outcomes)");
    type_as(s, s->mia, s->product, "settings calibration off");
    assert_silent_about(preview(s), "of the expected figure");
}

static void two_people_are_compared_with_nobody(void **state)
{
    struct story *s = *state;
    int64_t jun = new_person(s, "UJUN", "Jun", "sales"), sam = new_person(s, "USAM", "Sam", "support");
    type_as(s, s->mia, s->product, "settings calibration on");
    for (int i = 0; i < 6; i++)
        tell(s, i % 2 == 0 ? s->dana : jun, "churn down 4%", "partly, down 1%");
    tell(s, sam, "churn down 4%", "partly, down 1%");
    assert_says(preview(s), "Outcomes, beside what was expected");
    assert_silent_about(preview(s), "of the expected figure");
    /* Without a figure on both sides there is nothing to compare. */
    int64_t eli = new_person(s, "UELI", "Eli", "sales");
    tell(s, eli, "happier customers", "as expected");
    tell(s, eli, "churn down 4%", "not known");
    assert_silent_about(preview(s), "of the expected figure");
    tell(s, eli, "churn down 4%", "partly, down 2%");
    assert_says(preview(s), "sales: 25% of the expected figure was reached (the median of 7 outcomes)");
    assert_silent_about(preview(s), "support: ");
}

static void settings_tell_whether_figures_are_compared(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "settings");
    assert_says(s->said, "does not compare expected with actual figures");
    type_as(s, s->mia, s->product, "settings calibration on");
    type_as(s, s->mia, s->product, "settings");
    assert_says(s->said, "compares expected with actual figures, by function");
}

/* "to 3%" counts from where the number stood. */
static void a_level_is_measured_from_the_baseline(void **state)
{
    struct story *s = *state;
    type_as(s, s->mia, s->product, "metric add churn unit % baseline 5 target 3");
    int64_t number = ship_one(s, s->product, s->dana, "churn to 3%");
    type_about(s, s->mia, s->product, number, "outcome", "partly, to 4%");
    struct outcome outcome;
    assert_true(store_get_outcome(s->store, number, &outcome));
    assert_true(outcome.measured);
    assert_int_equal((int)(100 * outcome.ratio + 0.5), 50);
    outcome_done(&outcome);
}

/* ---- Whose number it was ---- */

static void whoever_owns_the_number_is_asked_when_the_ask_has_no_owner(void **state)
{
    struct story *s = *state;
    int64_t eli = new_person(s, "UELI", "Eli", "product");
    type_as(s, s->mia, s->product, "metric add churn owner \x12UELI\x1e");
    int64_t number = raise_it(s, s->product, s->dana, "Fix the login");
    store_add_post(s->store, "card", number, 0, s->product, 0);
    type_about(s, s->dana, s->product, number, "impact", "churn down 2%");
    happen(s, number, s->mia, "ask.started", NULL, "started", NULL);
    type_about(s, s->dana, s->product, number, "ship", "");
    g_free(told_in(s, s->product));
    time_brings(s, s->now + 92 * DAY_MS);
    g_autofree char *asked = told_in(s, s->product);
    assert_says(asked, "UELI #1 was shipped");
    assert_silent_about(asked, "may tell it, too");
    type_about(s, s->dana, s->product, number, "outcome", "as expected");
    assert_says(s->said, "The outcome of #1 is for @Eli to tell.");
    type_about(s, eli, s->product, number, "outcome", "partly");
    assert_says(s->said, "#1 is checked");
}

static void who_is_not_in_a_private_channel_is_not_asked_there(void **state)
{
    struct story *s = *state;
    int64_t eli = new_person(s, "UELI", "Eli", "product"), deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    type_as(s, s->mia, s->product, "metric add churn owner \x12UELI\x1e");
    store_set_gone(s->store, deals, s->mia, false);
    int64_t number = ship_one(s, deals, s->dana, "churn down 2%");
    g_free(told_in(s, deals));
    time_brings(s, s->now + 92 * DAY_MS);
    g_autofree char *asked = told_in(s, deals);
    assert_says(asked, "UMIA #1 was shipped");
    assert_silent_about(asked, "Eli");
    type_about(s, eli, s->product, number, "outcome", "as expected");
    assert_says(s->said, "There is no ask #1 that you can see here.");
    /* Once there, they may tell it. */
    type_about(s, eli, deals, number, "outcome", "as expected");
    assert_says(s->said, "#1 is checked");
}

/* ---- whom it is told ---- */

static void a_crowd_is_counted_behind_the_first_eight(void **state)
{
    struct story *s = *state;
    int64_t number = raise_it(s, s->product, s->dana, "An ask");
    store_add_post(s->store, "card", number, 0, s->product, 0);
    for (int i = 0; i < 10; i++) {
        g_autofree char *user = g_strdup_printf("UVOICE%d", i), *name = g_strdup_printf("Voice %d", i);
        happen(s, number, new_person(s, user, name, NULL), "ask.voice", NULL, NULL, NULL);
    }
    type_about(s, s->mia, s->product, number, "decide", "no because it is too much");
    g_autofree char *told = told_in(s, s->product);
    assert_says(told, "UVOICE6 and 3 more: ⛔");
    assert_silent_about(told, "UVOICE7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)
        STORY(five_outcomes_of_three_people_give_a_median),
        STORY(two_people_are_compared_with_nobody),
        STORY(settings_tell_whether_figures_are_compared),
        STORY(a_level_is_measured_from_the_baseline),
        STORY(whoever_owns_the_number_is_asked_when_the_ask_has_no_owner),
        STORY(who_is_not_in_a_private_channel_is_not_asked_there),
        STORY(a_crowd_is_counted_behind_the_first_eight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
