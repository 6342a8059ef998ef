/* Part 5 of the digest: what gave way to what, the work set aside, how much the started list changed and who asked for it. */
#include "tests/unit/commands/asks.h"

#include "commands/views.h"

static char *digest_at(struct story *s, int64_t channel, const char *rfc3339)
{
    s->now = moment(rfc3339);
    struct context ctx;
    assert_true(store_begin(s->store));
    assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
    digest_due(&ctx, channel);
    assert_true(store_commit(s->store));
    context_done(&ctx);
    g_autoptr(GPtrArray) posts = take_posts(s, channel, false);
    return posts->len > 0 ? plain(g_ptr_array_index(posts, posts->len - 1)) : g_strdup("");
}

static int64_t started(struct story *s, int64_t channel, int64_t asker, const char *title)
{
    int64_t number = raise_it(s, channel, asker, title);
    happen(s, number, s->mia, "ask.owner", NULL, NULL, NULL);
    start_it(s, number, s->mia);
    return number;
}

/* asker's new ask takes the place of old. */
static int64_t displace(struct story *s, int64_t channel, int64_t asker, const char *title, int64_t old)
{
    int64_t number = raise_it(s, channel, asker, title);
    happen(s, number, s->mia, "ask.owner", NULL, NULL, NULL);
    g_autofree char *text = g_strdup_printf("start %d instead of %d because a customer waits", (int)number, (int)old);
    type_as(s, s->mia, channel, text);
    return number;
}

static void what_gave_way_is_told_once(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    started(s, s->product, s->dana, "Export");
    s->now = moment("2026-11-19T10:00:00+02:00");
    displace(s, s->product, s->dana, "SSO", 1);
    g_autofree char *digest = digest_at(s, s->product, "2026-11-23T09:00:00+02:00");
    assert_says(digest, "1 set aside");
    assert_says(digest, "What gave way (3 days of work set aside)\n"
                        "• #1 Export gave way to #2 SSO: 3 days of work. Because a customer waits");
    /* One person's two asks say nothing of anybody's steadiness. */
    assert_silent_about(digest, "Churn");
    started(s, s->product, s->dana, "Other");
    g_autofree char *next = digest_at(s, s->product, "2026-11-30T09:00:00+02:00");
    assert_says(next, "Started");
    assert_silent_about(next, "gave way");
}

static void what_is_taken_up_again_was_started_once(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    started(s, s->product, s->dana, "Export");
    type_as(s, s->mia, s->product, "pause 1 until 1 March because of the audit");
    type_as(s, s->mia, s->product, "resume 1");
    g_autofree char *digest = digest_at(s, s->product, "2026-11-23T09:00:00+02:00");
    assert_says(digest, "1 ask in, 1 started, 1 set aside.");
}

static void a_private_ask_is_not_named(void **state)
{
    struct story *s = *state;
    int64_t deals = new_channel(s, "GDEALS", "deals", CHANNEL_PRIVATE);
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    set_digest(s, deals, "Europe/Tallinn", NULL);
    started(s, s->product, s->dana, "Export");
    int64_t secret = raise_it(s, deals, s->dana, "Secret discount");
    happen(s, secret, s->mia, "ask.owner", NULL, NULL, NULL);
    type_as(s, s->mia, deals, "start 2 instead of 1 because Globex buys us");
    g_autofree char *digest = digest_at(s, s->product, "2026-11-23T09:00:00+02:00");
    assert_says(digest, "#1 Export gave way to a private ask: less than a day of work\n");
    assert_silent_about(digest, "Secret");
    assert_silent_about(digest, "Globex");
    /* What was set aside belongs to its own channel. */
    g_autofree char *theirs = digest_at(s, deals, "2026-11-23T09:00:00+02:00");
    assert_silent_about(theirs, "gave way");
}

static void churn_is_the_share_of_the_started_list_that_changed(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    for (int i = 1; i <= 6; i++)
        started(s, s->product, s->dana, "Work");
    g_autofree char *first = digest_at(s, s->product, "2026-11-23T09:00:00+02:00");
    assert_silent_about(first, "Churn");
    /* Two give way to one, one is taken back, one ships, one starts in its turn. */
    int64_t jumped = raise_it(s, s->product, s->dana, "SSO");
    happen(s, jumped, s->mia, "ask.owner", NULL, NULL, NULL);
    type_as(s, s->mia, s->product, "start 7 instead of 1 and 2");
    happen(s, 3, s->dana, "ask.withdrawn", NULL, "withdrawn", NULL);
    type_as(s, s->mia, s->product, "ship 4");
    int64_t other = raise_it(s, s->product, s->dana, "PDF");
    happen(s, other, s->mia, "ask.owner", NULL, NULL, NULL);
    type_as(s, s->mia, s->product, "start 8 nothing gives way");
    /* Set aside and taken up again within the week: it is where it was. */
    happen(s, 5, s->mia, "ask.paused", NULL, "paused", NULL);
    happen(s, 5, s->mia, "ask.started", NULL, "started", NULL);
    g_autofree char *digest = digest_at(s, s->product, "2026-11-30T09:00:00+02:00");
    assert_says(digest, "Churn 57%: 3 of the 6 asks that were started left the list before they were shipped, 1 came in out of turn.");
    assert_silent_about(digest, "asked for by");
    /* A quiet week has no churn. */
    started(s, s->product, s->dana, "Work");
    g_autofree char *quiet = digest_at(s, s->product, "2026-12-07T09:00:00+02:00");
    assert_says(quiet, "1 started");
    assert_silent_about(quiet, "Churn");
}

static void churn_can_be_switched_off(void **state)
{
    struct story *s = *state;
    int64_t leaders = new_channel(s, "CLEAD", "leaders", CHANNEL_PUBLIC);
    int64_t covers[] = {s->product, 0};
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    set_digest(s, leaders, "Europe/Tallinn", covers);
    for (int i = 1; i <= 6; i++)
        started(s, s->product, s->dana, "Work");
    g_free(digest_at(s, s->product, "2026-11-23T09:00:00+02:00"));
    g_free(digest_at(s, leaders, "2026-11-23T09:00:00+02:00"));
    displace(s, s->product, s->dana, "SSO", 1);
    type_as(s, s->mia, s->product, "digest");
    assert_says(s->said, "Churn 29%");
    type_as(s, s->mia, s->product, "settings churn off");
    assert_says(s->said, "nothing of how much the started work changed");
    type_as(s, s->mia, s->product, "digest");
    assert_says(s->said, "gave way");
    assert_silent_about(s->said, "Churn");
    /* Nor elsewhere, where these asks are told of. */
    g_autofree char *above = digest_at(s, leaders, "2026-11-30T09:00:00+02:00");
    assert_says(above, "gave way");
    assert_silent_about(above, "Churn");
}

static void functions_are_named_only_where_nobody_is_meant(void **state)
{
    struct story *s = *state;
    int64_t ceo = new_person(s, "UCEO", "Alex", "exec"), jun = new_person(s, "UJUN", "Jun", "sales");
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    for (int i = 1; i <= 6; i++)
        started(s, s->product, s->mia, "Work");
    g_free(digest_at(s, s->product, "2026-11-23T09:00:00+02:00"));
    displace(s, s->product, s->dana, "One", 1);
    displace(s, s->product, jun, "Two", 2);
    displace(s, s->product, s->dana, "Three", 3);
    displace(s, s->product, ceo, "Four", 4);
    type_as(s, s->mia, s->product, "digest");
    assert_says(s->said, "Churn");
    assert_silent_about(s->said, "asked for by"); /* four are too few */
    displace(s, s->product, ceo, "Five", 5);
    type_as(s, s->mia, s->product, "digest");
    /* One person alone speaks for exec. */
    assert_says(s->said, "What took their place was asked for by sales (3), others (2).");
    assert_silent_about(s->said, "exec");
    type_as(s, s->mia, s->product, "settings churn functions off");
    assert_says(s->said, "how much the started work changed, not who asked for it");
    type_as(s, s->mia, s->product, "digest");
    assert_says(s->said, "Churn");
    assert_silent_about(s->said, "asked for by");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_gave_way_is_told_once, story_begin, story_end),
        cmocka_unit_test_setup_teardown(what_is_taken_up_again_was_started_once, story_begin, story_end),
        cmocka_unit_test_setup_teardown(a_private_ask_is_not_named, story_begin, story_end),
        cmocka_unit_test_setup_teardown(churn_is_the_share_of_the_started_list_that_changed, story_begin, story_end),
        cmocka_unit_test_setup_teardown(churn_can_be_switched_off, story_begin, story_end),
        cmocka_unit_test_setup_teardown(functions_are_named_only_where_nobody_is_meant, story_begin, story_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
