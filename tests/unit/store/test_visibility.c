/* Who may see an ask: by number, in lists and in search alike. */
#include "story.h"

#include "store/digests.h"

#include <sqlite3.h>

enum { DANA = 1, SAM, MIA, ALEX, JUN, GUEST }; /* users U1 … U6 */

struct scene {
    int64_t people[8], home, elsewhere, ask;
};

static struct scene an_ask_in(struct story *s, enum channel_kind kind)
{
    struct scene scene = {0};
    for (int i = DANA; i <= GUEST; i++) {
        g_autofree char *user = g_strdup_printf("U%d", i);
        scene.people[i] = person(s, user);
        store_note_belonging(s->store, scene.people[i], "T1");
    }
    scene.home = place(s, "home", kind);
    scene.elsewhere = place(s, "elsewhere", CHANNEL_PUBLIC);
    scene.ask = raise_ask(s, scene.home, scene.people[DANA], scene.people[SAM], scene.people[MIA], scene.people[ALEX],
                      "Unicorn saddles");
    return scene;
}

static bool sees_number(struct story *s, const struct viewer *viewer, int64_t number)
{
    struct ask ask;
    bool may = store_get_ask(s->store, viewer, number, &ask);
    ask_done(&ask);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    return may;
}

/* The three ways to an ask say the same. */
static bool sees(struct story *s, const struct viewer *viewer, int64_t number)
{
    struct ask ask;
    bool by_number = store_get_ask(s->store, viewer, number, &ask);
    ask_done(&ask);
    int64_t listed, found;
    struct ask_filter filter = {0};
    GArray *list = store_list(s->store, viewer, &filter, 0, 10, &listed);
    GArray *search = store_search(s->store, viewer, "unicorn", NULL, 0, 10, &found);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    assert_int_equal(list->len, listed);
    assert_int_equal(search->len, found);
    g_array_unref(list);
    g_array_unref(search);
    assert_int_equal(listed, by_number);
    assert_int_equal(found, by_number);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    return by_number;
}

struct look {
    int person;
    enum { PRIVATELY, AT_HOME, ELSEWHERE } where;
    bool guest, expected;
};

static void check(struct story *s, const struct scene *scene, const struct look *looks, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        const struct look *look = &looks[i];
        struct viewer viewer = {.person = scene->people[look->person],
                                .place = look->where == AT_HOME     ? scene->home
                                         : look->where == ELSEWHERE ? scene->elsewhere
                                                                    : 0,
                                .guest = look->guest};
        if (sees(s, &viewer, scene->ask) != look->expected)
            fail_msg("look %d: person %d at %d%s should %ssee it", (int)i, look->person, (int)look->where,
                     look->guest ? ", a guest," : "", look->expected ? "" : "not ");
    }
}

static void a_public_ask_is_for_everybody_but_guests(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    const struct look looks[] = {
        {JUN, PRIVATELY, false, true}, {JUN, AT_HOME, false, true}, {JUN, ELSEWHERE, false, true},
        {DANA, PRIVATELY, false, true}, {DANA, ELSEWHERE, false, true},
        {0, AT_HOME, false, true}, {0, ELSEWHERE, false, true}, /* askwhy itself, in a digest */
        {GUEST, PRIVATELY, true, false}, {GUEST, ELSEWHERE, true, false}, {GUEST, AT_HOME, true, true},
        {DANA, PRIVATELY, true, true}, /* a guest's own */
    };
    check(s, &scene, looks, G_N_ELEMENTS(looks));
}

static void assert_private(struct story *s, const struct scene *scene)
{
    const struct look looks[] = {
        {JUN, AT_HOME, false, true}, {GUEST, AT_HOME, true, true}, {0, AT_HOME, false, true},
        {JUN, PRIVATELY, false, false}, {JUN, ELSEWHERE, false, false}, {0, ELSEWHERE, false, false},
        {GUEST, PRIVATELY, true, false}, {GUEST, ELSEWHERE, true, false},
        /* Whose ask it is sees it alone, and never before others. */
        {DANA, PRIVATELY, false, true}, {SAM, PRIVATELY, false, true}, {MIA, PRIVATELY, false, true},
        {ALEX, PRIVATELY, false, true}, {DANA, PRIVATELY, true, true},
        {DANA, ELSEWHERE, false, false}, {ALEX, ELSEWHERE, false, false},
        {0, PRIVATELY, false, false}, /* nobody in particular */
    };
    check(s, scene, looks, G_N_ELEMENTS(looks));
}

static void a_private_ask_shows_nowhere_else(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PRIVATE);
    assert_private(s, &scene);
}

static void a_channel_not_known_yet_counts_as_private(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_UNKNOWN);
    assert_private(s, &scene);
    /* Once it is known to be public, it is. */
    store_set_channel(s->store, scene.home, "home", CHANNEL_PUBLIC, NOON);
    const struct look look = {JUN, ELSEWHERE, false, true};
    check(s, &scene, &look, 1);
}

static void who_left_a_private_channel_sees_nothing_of_it(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PRIVATE);
    store_set_gone(s->store, scene.home, scene.people[DANA], true);
    const struct look gone[] = {
        {DANA, PRIVATELY, false, false}, {DANA, ELSEWHERE, false, false}, {SAM, PRIVATELY, false, true}};
    check(s, &scene, gone, G_N_ELEMENTS(gone));
    store_set_gone(s->store, scene.home, scene.people[DANA], false);
    const struct look back = {DANA, PRIVATELY, false, true};
    check(s, &scene, &back, 1);
}

static void who_left_the_workspace_left_all_its_channels(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PRIVATE);
    store_set_gone_everywhere(s->store, "slack", "another", scene.people[DANA]);
    assert_true(sees(s, &(struct viewer){.person = scene.people[DANA]}, scene.ask));
    store_set_gone_everywhere(s->store, "slack", "T1", scene.people[DANA]);
    assert_false(sees(s, &(struct viewer){.person = scene.people[DANA]}, scene.ask));
    assert_true(sees(s, &(struct viewer){.person = scene.people[SAM]}, scene.ask));
    store_set_member(s->store, scene.home, true);
    store_leave_workspace(s->store, "slack", "T1");
    g_autoptr(GArray) channels = store_member_channels(s->store, "slack");
    assert_int_equal(channels->len, 0);
}

static void a_channel_made_private_takes_its_asks_along(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    store_set_channel(s->store, scene.home, "home", CHANNEL_PRIVATE, NOON);
    assert_private(s, &scene);
}

static void what_is_of_one_chat_shows_in_no_other(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    int64_t rain = store_person(s->store, "mattermost", "T1", "jk7m", NULL);
    int64_t town_square = store_channel(s->store, "mattermost", "T1", "w3kq", "town-square", CHANNEL_PUBLIC);
    store_note_belonging(s->store, rain, "T1"); /* though both call themselves so */
    assert_false(sees(s, &(struct viewer){.person = rain}, scene.ask));
    assert_false(sees(s, &(struct viewer){.person = rain, .place = town_square}, scene.ask));
    assert_false(sees(s, &(struct viewer){.place = town_square}, scene.ask));
    assert_true(sees(s, &(struct viewer){.person = scene.people[JUN]}, scene.ask));
    /* Nor is what somebody types there raised here. */
    store_set_member(s->store, scene.elsewhere, true);
    assert_int_equal(store_usual_channel(s->store, rain), 0);
    assert_int_equal(store_usual_channel(s->store, scene.people[JUN]), scene.elsewhere);
}

/* Two teams of one server: the same chat, the same people perhaps, but not the same members. */
static void what_is_of_one_team_shows_in_no_other(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    int64_t theirs = store_channel(s->store, "slack", "T2", "theirs", "theirs", CHANNEL_PUBLIC);
    int64_t rain = person(s, "U77");
    store_note_belonging(s->store, rain, "T2");
    assert_false(sees(s, &(struct viewer){.person = rain}, scene.ask));
    assert_false(sees(s, &(struct viewer){.person = rain, .place = theirs}, scene.ask));
    assert_false(sees(s, &(struct viewer){.place = theirs}, scene.ask)); /* a digest there */
    assert_false(store_may_see_channel(s->store, &(struct viewer){.place = theirs}, scene.home));
    assert_true(store_may_see_channel(s->store, &(struct viewer){.place = scene.elsewhere}, scene.home));
    /* Whoever is of both, and whose ask it is, sees it by themselves, but not there before others. */
    for (int i = DANA; i <= JUN; i += JUN - DANA) {
        store_note_belonging(s->store, scene.people[i], "T2");
        assert_true(sees(s, &(struct viewer){.person = scene.people[i]}, scene.ask));
        assert_true(sees(s, &(struct viewer){.person = scene.people[i], .place = scene.elsewhere}, scene.ask));
        assert_false(sees(s, &(struct viewer){.person = scene.people[i], .place = theirs}, scene.ask));
    }
    /* The other way round, too; and what is of a team is not raised from the other one. */
    int64_t other = raise_ask(s, theirs, rain, rain, 0, 0, "Unicorn horns");
    assert_true(sees_number(s, &(struct viewer){.person = rain}, other));
    assert_false(sees_number(s, &(struct viewer){.person = scene.people[MIA]}, other));
    store_set_member(s->store, scene.elsewhere, true);
    int64_t kim = person(s, "U78");
    assert_int_equal(store_usual_channel(s->store, kim), 0);
    store_note_belonging(s->store, kim, "T2");
    assert_int_equal(store_usual_channel(s->store, kim), 0);
    store_note_belonging(s->store, kim, "T1");
    assert_int_equal(store_usual_channel(s->store, kim), scene.elsewhere);
}

static void nobody_in_particular_is_of_no_team_until_seen_there(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    int64_t rain = person(s, "U77");
    assert_false(sees(s, &(struct viewer){.person = rain}, scene.ask));
    store_note_belonging(s->store, rain, "T1");
    assert_true(sees(s, &(struct viewer){.person = rain}, scene.ask));
    store_set_gone_everywhere(s->store, "slack", "T1", rain);
    assert_false(sees(s, &(struct viewer){.person = rain}, scene.ask));
    /* Who was named, or is asked, sees that ask. */
    int64_t named = raise_ask(s, scene.home, rain, scene.people[SAM], 0, 0, "Unicorn hay");
    assert_true(sees_number(s, &(struct viewer){.person = rain}, named));
    int64_t asked = person(s, "U78");
    cJSON *data = json_object();
    json_put_str(data, "kind", "why");
    log_it(s, (struct log_entry){
                  .kind = "question.asked", .ask = scene.ask, .channel = scene.home, .person = asked, .data = data});
    assert_true(sees(s, &(struct viewer){.person = asked}, scene.ask));
    assert_false(sees_number(s, &(struct viewer){.person = asked}, named));
}

/* What an older askwhy knew of people stands in the log and in who was heard in private channels. */
static void who_acted_before_teams_were_told_apart_is_known_in_them(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    int64_t deals = place(s, "deals", CHANNEL_PRIVATE);
    store_set_gone(s->store, deals, scene.people[JUN], false);
    store_set_gone(s->store, scene.home, scene.people[SAM], true);
    assert_true(store_commit(s->store));
    store_close(g_steal_pointer(&s->store));
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TABLE belonging; DROP TABLE retention; DROP TABLE erasable; DROP TABLE erasing;"
                                  "DROP INDEX log_words; DROP INDEX log_settings; DROP INDEX post_of_no_ask;"
                                  "DROP INDEX open_question_of_digest;"
                                  "PRAGMA user_version = 3",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    s->store = open_now(s, STORE_WRITE);
    assert_true(store_begin(s->store));
    int64_t another = raise_ask(s, scene.home, scene.people[MIA], scene.people[MIA], 0, 0, "Unicorn hay");
    assert_true(sees_number(s, &(struct viewer){.person = scene.people[JUN]}, another));
    assert_false(sees_number(s, &(struct viewer){.person = scene.people[GUEST]}, another)); /* never seen */
    assert_false(sees_number(s, &(struct viewer){.person = scene.people[SAM]}, another));   /* has left */
}

static void a_channel_is_of_the_team_the_platform_says(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    store_set_workspace(s->store, scene.home, "T2");
    assert_false(sees(s, &(struct viewer){.person = scene.people[JUN]}, scene.ask));
    assert_false(sees(s, &(struct viewer){.person = scene.people[JUN], .place = scene.elsewhere}, scene.ask));
    store_set_workspace(s->store, scene.home, "T1");
    assert_true(sees(s, &(struct viewer){.person = scene.people[JUN]}, scene.ask));
}

static void a_forbidden_number_and_an_unknown_one_answer_alike(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PRIVATE);
    struct viewer jun = {.person = scene.people[JUN], .place = scene.elsewhere};
    struct ask forbidden, unknown;
    memset(&forbidden, 1, sizeof forbidden);
    memset(&unknown, 2, sizeof unknown);
    assert_false(store_get_ask(s->store, &jun, scene.ask, &forbidden));
    assert_false(store_get_ask(s->store, &jun, 4711, &unknown));
    assert_memory_equal(&forbidden, &unknown, sizeof forbidden);
    assert_null(store_failed(s->store));
}

static void what_was_asked_for_is_found_by_the_beginnings_of_its_words(void **state)
{
    struct story *s = *state;
    struct scene scene = an_ask_in(s, CHANNEL_PUBLIC);
    struct viewer jun = {.person = scene.people[JUN]};
    static const struct {
        const char *words;
        int found;
    } searches[] = {
        {"unicorn", 1},    {"UNI sad", 1}, {"saddles of unicorns", 0}, {"", 0}, {"\" OR *", 0}, {"unicorn\"", 1},
        {"title:unicorn", 0}, {"NOT unicorn", 0}, {"(unicorn)", 1}, {"-unicorn", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
        int64_t total;
        GArray *found = store_search(s->store, &jun, searches[i].words, NULL, 0, 10, &total);
        if ((int)total != searches[i].found || store_failed(s->store) != NULL)
            fail_msg("\"%s\" finds %d", searches[i].words, (int)total);
        g_array_unref(found);
    }
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_public_ask_is_for_everybody_but_guests),
        STORY(a_private_ask_shows_nowhere_else),
        STORY(a_channel_not_known_yet_counts_as_private),
        STORY(who_left_a_private_channel_sees_nothing_of_it),
        STORY(who_left_the_workspace_left_all_its_channels),
        STORY(a_channel_made_private_takes_its_asks_along),
        STORY(what_is_of_one_chat_shows_in_no_other),
        STORY(what_is_of_one_team_shows_in_no_other),
        STORY(nobody_in_particular_is_of_no_team_until_seen_there),
        STORY(who_acted_before_teams_were_told_apart_is_known_in_them),
        STORY(a_channel_is_of_the_team_the_platform_says),
        STORY(a_forbidden_number_and_an_unknown_one_answer_alike),
        STORY(what_was_asked_for_is_found_by_the_beginnings_of_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
