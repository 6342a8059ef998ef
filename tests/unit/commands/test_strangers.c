/* People who are named in a private channel without being in it: they get their part, but see nothing of it. */
#include "asks.h"

static const char *said_of(struct story *s, int64_t person, int64_t channel, const char *text)
{
    type_as(s, person, channel, text);
    return s->said;
}

static void a_default_decider_from_outside_sees_nothing(void **state)
{
    struct story *s = *state;
    int64_t deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    type_as(s, s->dana, deals, "settings decider \x12UMIA\x1e");
    type_as(s, s->dana, deals, "Buy Initech");
    int64_t direct = store_channel(s->store, "slack", "T1", "DMIA", NULL, CHANNEL_DIRECT);
    store_set_channel(s->store, direct, "DMIA", CHANNEL_DIRECT, s->now);
    assert_silent_about(said_of(s, s->mia, direct, "show 1"), "Initech");
    assert_silent_about(said_of(s, s->mia, direct, "list"), "Initech");
    /* Once they are there, they see what is theirs. */
    type_as(s, s->mia, deals, "help");
    assert_says(said_of(s, s->mia, direct, "show 1"), "Initech");
}

static void whoever_names_them_is_told_that_they_may_see_nothing(void **state)
{
    struct story *s = *state;
    int64_t deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    type_as(s, s->dana, deals, "Buy Initech");
    const char *const named[] = {"decider 1 \x12UMIA\x1e", "inform 1 \x12UMIA\x1e", "own 1 \x12UMIA\x1e", "settings owner \x12UMIA\x1e",
                                 "Buy Hooli for \x12UMIA\x1e"};
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++)
        assert_says(said_of(s, s->dana, deals, named[i]), "I have not seen @Mia in this private channel");
    /* A part that nobody there can take does not hold the others up. */
    assert_says(said_of(s, s->dana, deals, "decider 1 me"), "You decide about #1 now");
    assert_says(said_of(s, s->dana, deals, "decide 1 yes because it pays"), "#1 is accepted");
    type_as(s, s->mia, deals, "help");
    assert_silent_about(said_of(s, s->dana, deals, "inform 2 \x12UMIA\x1e"), "have not seen");
    assert_silent_about(said_of(s, s->dana, s->product, "Faster exports for \x12UMIA\x1e"), "have not seen");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_default_decider_from_outside_sees_nothing),
        STORY(whoever_names_them_is_told_that_they_may_see_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
