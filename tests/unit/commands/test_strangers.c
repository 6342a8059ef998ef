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

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_default_decider_from_outside_sees_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
