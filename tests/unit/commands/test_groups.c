/* Groups of the chat that stand for functions: who works as what, and that one's own word comes first. */
#include "asks.h"
#include "store/groups.h"

struct news {
    const char *sought, *group, *name, *members;
};

static void fill_group(struct event *event, void *data)
{
    const struct news *news = data;
    g_clear_pointer(&event->user, g_free);
    event->sought = g_strdup(news->sought);
    event->group = g_strdup(news->group);
    event->group_name = g_strdup(news->name);
    event->text = news->group == NULL ? g_strdup("it is broken") : NULL;
    event->members = news->members != NULL ? g_strsplit(news->members, " ", -1) : NULL;
}

static void told(struct story *s, const char *sought, const char *group, const char *members)
{
    struct news news = {sought, group, "crew", members};
    act(s, s->mia, 0, EVENT_GROUP, run_it, &news, fill_group);
}

static void fill_profile(struct event *event, void *data)
{
    event->profile.name = g_strdup("Jun Park");
    event->profile.groups = g_strsplit(data, " ", -1);
}

static const char *works_as(struct story *s, int64_t person)
{
    static char function[40];
    struct person who;
    assert_true(store_get_person(s->store, person, &who));
    g_strlcpy(function, who.function != NULL ? who.function : "nothing", sizeof function);
    person_done(&who);
    return function;
}

static int64_t stranger(struct story *s, const char *user)
{
    return new_person(s, user, user, NULL);
}

static void administers(struct story *s, int64_t person)
{
    struct profile profile = {.name = (char *)"Mia Tamm", .admin = true};
    store_set_profile(s->store, person, &profile, s->now);
}

static void check_log(struct story *s)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(s->store, &error);
    assert_null(error);
    assert_null(differences);
}

/* What somebody told, an administrator told of them, or a group: the nearest word counts. */
static void ones_own_word_comes_before_any_group(void **state)
{
    struct story *s = *state;
    int64_t jun = stranger(s, "U0JUN"), eli = stranger(s, "U0ELI");
    administers(s, s->mia);
    type_as(s, s->mia, s->product, "settings function support from @crew");
    assert_string_equal(works_as(s, jun), "nothing"); /* not before the chat has told */
    told(s, "crew", "S1", "U0JUN U0ELI UDANA U0NOBODYWEMET");
    assert_string_equal(works_as(s, jun), "support");
    assert_string_equal(works_as(s, s->dana), "sales");
    assert_int_equal(store_find_person(s->store, "slack", "U0NOBODYWEMET"), 0);
    type_as(s, jun, s->product, "me product");
    assert_string_equal(works_as(s, jun), "product");
    told(s, "S1", "S1", "U0JUN");
    assert_string_equal(works_as(s, jun), "product");
    assert_string_equal(works_as(s, eli), "nothing");
    check_log(s);
}

static void of_several_groups_the_first_that_was_set_counts(void **state)
{
    struct story *s = *state;
    int64_t jun = stranger(s, "U0JUN");
    administers(s, s->mia);
    type_as(s, s->mia, s->product, "settings function support from @crew");
    told(s, "crew", "S1", "U0JUN");
    type_as(s, s->mia, s->product, "settings function sales from @others");
    told(s, "others", "S2", "U0JUN");
    assert_string_equal(works_as(s, jun), "support");
    told(s, "S1", "S1", "");
    assert_string_equal(works_as(s, jun), "sales");
    told(s, "S2", "", NULL); /* there is no such group any more */
    assert_string_equal(works_as(s, jun), "nothing");
    check_log(s);
}

static void what_cannot_be_read_changes_nothing(void **state)
{
    struct story *s = *state;
    int64_t jun = stranger(s, "U0JUN");
    administers(s, s->mia);
    type_as(s, s->mia, s->product, "settings function support from @crew");
    told(s, "crew", NULL, NULL);
    struct group_function group;
    assert_false(store_find_group(s->store, "slack", "crew", &group));
    type_as(s, s->mia, s->product, "settings function support from @crew");
    told(s, "crew", "S1", "U0JUN");
    told(s, "S1", NULL, NULL); /* what was known stays */
    assert_string_equal(works_as(s, jun), "support");
    type_as(s, s->mia, s->product, "settings function off from @crew");
    assert_string_equal(works_as(s, jun), "nothing");
    check_log(s);
}

static void a_profile_that_tells_groups_tells_all_of_them(void **state)
{
    struct story *s = *state;
    int64_t jun = stranger(s, "U0JUN");
    administers(s, s->mia);
    type_as(s, s->mia, s->product, "settings function support from staff");
    told(s, "staff", "staff", NULL);
    act(s, jun, 0, EVENT_PERSON, run_it, (void *)"everybody staff", fill_profile);
    assert_string_equal(works_as(s, jun), "support");
    act(s, jun, 0, EVENT_PERSON, run_it, (void *)"everybody", fill_profile);
    assert_string_equal(works_as(s, jun), "nothing");
}

static void asked_for_twice_under_two_names_it_is_one_group(void **state)
{
    struct story *s = *state;
    int64_t jun = stranger(s, "U0JUN");
    administers(s, s->mia);
    type_as(s, s->mia, s->product, "settings function support from @crew");
    type_as(s, s->mia, s->product, "settings function sales from S1");
    told(s, "crew", "S1", "U0JUN");
    told(s, "S1", "S1", "U0JUN");
    g_autoptr(GArray) groups = store_groups(s->store, "slack");
    assert_int_equal(groups->len, 1);
    assert_string_not_equal(works_as(s, jun), "nothing");
    check_log(s);
}

static void names_are_names(void **state)
{
    struct story *s = *state;
    administers(s, s->mia);
    static const char *const wrong[] = {"settings function support from @the crew", "settings function support from <!here>",
                                        "settings function support from", "settings function support from @"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        type_as(s, s->mia, s->product, wrong[i]);
        assert_says(s->said, "Try /ask settings function");
    }
    g_autoptr(GArray) groups = store_groups(s->store, "slack");
    assert_int_equal(groups->len, 0);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, story_begin, story_end)
    const struct CMUnitTest tests[] = {
        STORY(ones_own_word_comes_before_any_group),
        STORY(of_several_groups_the_first_that_was_set_counts),
        STORY(what_cannot_be_read_changes_nothing),
        STORY(a_profile_that_tells_groups_tells_all_of_them),
        STORY(asked_for_twice_under_two_names_it_is_one_group),
        STORY(names_are_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
