/* Lists and search: what is found, ten a page, and never what one may not see. */
#include "tests/unit/commands/asks.h"

#include "commands/views.h"

static void run_list(struct context *ctx, void *data)
{
    verb_list(ctx, 0, data);
}

static void run_search(struct context *ctx, void *data)
{
    verb_search(ctx, 0, data);
}

static void run_page(struct context *ctx, void *data)
{
    list_page(ctx, data);
}

static const char *list(struct story *s, int64_t who, int64_t channel, const char *rest)
{
    act(s, who, channel, EVENT_COMMAND, run_list, (void *)rest, NULL);
    return s->said != NULL ? s->said : "";
}

static const char *search(struct story *s, int64_t who, int64_t channel, const char *rest)
{
    act(s, who, channel, EVENT_COMMAND, run_search, (void *)rest, NULL);
    return s->said != NULL ? s->said : "";
}

static const char *turn_page(struct story *s, int64_t who, int64_t channel, const char *value)
{
    g_autofree char *copy = g_strdup(value != NULL ? value : "(no button)");
    act(s, who, channel, EVENT_BUTTON, run_page, copy, NULL);
    return s->said != NULL ? s->said : "";
}

static void raise_many(struct story *s, int count)
{
    for (int i = 1; i <= count; i++) {
        g_autofree char *title = g_strdup_printf("Wish number %d", i);
        raise_it(s, s->product, s->dana, title);
    }
}

/* ---- Lists ---- */

static void test_a_line_tells_number_state_title_asker_and_what_is_missing(void **state)
{
    struct story *s = *state;
    int64_t sso = raise_it(s, s->product, s->dana, "Add SSO\nfor Acme");
    int64_t dark = raise_it(s, s->product, s->mia, "Dark mode");
    int64_t done = raise_it(s, s->product, s->mia, "Faster login");
    make_clear(s, sso, s->dana, "Acme cannot log in");
    give_why(s, dark, s->mia, "People work at night");
    happen(s, done, s->mia, "ask.withdrawn", NULL, "withdrawn", NULL);
    const char *said = list(s, s->dana, s->product, "all");
    assert_true(s->to_reader);
    assert_says(said, "3 asks");
    assert_says(said, "#1 🟢 clear: Add SSO for Acme, from @Dana · nobody's turn\n");
    assert_says(said, "#2 🟡 waiting: Dark mode, from @Mia. Missing: impact");
    assert_says(said, "withdrawn: Faster login, from @Mia\n"); /* ended: nothing is missing any more */
}

static void test_ten_a_page_and_buttons_turn_them(void **state)
{
    struct story *s = *state;
    raise_many(s, 23);
    assert_says(list(s, s->mia, s->product, ""), "23 asks, page 1 of 3");
    assert_says(s->said, "Wish number 23,");
    assert_says(s->said, "Wish number 14,");
    assert_silent_about(s->said, "Wish number 13,");
    assert_says(s->said, "[Next]");
    assert_silent_about(s->said, "[Back]");
    assert_says(turn_page(s, s->mia, s->product, button_value(s->reply, "page1")), "page 2 of 3");
    assert_says(s->said, "Wish number 13,");
    assert_says(s->said, "[Back][Next]");
    assert_says(turn_page(s, s->mia, s->product, button_value(s->reply, "page1")), "page 3 of 3");
    assert_says(s->said, "Wish number 1,");
    assert_silent_about(s->said, "[Next]");
    assert_says(turn_page(s, s->mia, s->product, button_value(s->reply, "page0")), "page 2 of 3");
    /* And typed. */
    assert_says(list(s, s->mia, s->product, "page 3"), "Wish number 2,");
    assert_says(list(s, s->mia, s->product, "waiting Page 2"), "page 2 of 3");
    assert_says(list(s, s->mia, s->product, "page 4"), "There are only 3 pages.");
}

static void test_a_page_keeps_its_filter(void **state)
{
    struct story *s = *state;
    raise_many(s, 12);
    for (int64_t ask = 1; ask <= 11; ask++)
        start_it(s, ask, s->mia);
    assert_says(list(s, s->mia, s->product, "started by sales"), "11 asks, page 1 of 2");
    assert_says(turn_page(s, s->mia, s->product, button_value(s->reply, "page1")), "page 2 of 2");
    assert_says(s->said, "Wish number 1,");
    assert_silent_about(s->said, "Wish number 12,");
}

static void test_filters(void **state)
{
    struct story *s = *state;
    int64_t sales = new_channel(s, "CSALES", "sales", CHANNEL_PUBLIC);
    int64_t a = raise_it(s, s->product, s->dana, "Apple"), b = raise_it(s, s->product, s->mia, "Banana");
    int64_t c = raise_it(s, sales, s->dana, "Cherry"), d = raise_it(s, sales, s->mia, "Date");
    log_it(s, (struct log_entry){.kind = "ask.owner", .actor = s->mia, .person = s->mia, .ask = a, .channel = s->product});
    start_it(s, b, s->mia);
    decide(s, c, s->mia, "no", "too far", 0);
    (void)d;
    const struct {
        const char *filter, *found, *not_found;
    } cases[] = {
        {"", "Apple Banana Date", "Cherry"},
        {"open", "Apple Banana Date", "Cherry"},
        {"all", "Apple Banana Cherry Date", ""},
        {"mine", "Apple Banana Date", "Cherry"}, /* Mia raised two and owns one */
        {"waiting", "Apple Date", "Banana Cherry"},
        {"Started", "Banana", "Apple Cherry Date"},
        {"declined", "Cherry", "Apple Banana Date"},
        {"by sales", "Apple", "Banana Cherry Date"},
        {"all by SALES", "Apple Cherry", "Banana Date"},
        {"owner me", "Apple", "Banana Cherry Date"},
        {"owner \x12UMIA\x1e waiting", "Apple", "Banana Cherry Date"},
        {"here", "Apple Banana", "Cherry Date"},
        {"my started asks", "Banana", "Apple Cherry Date"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        list(s, s->mia, s->product, cases[i].filter);
        g_auto(GStrv) found = g_strsplit(cases[i].found, " ", -1), not_found = g_strsplit(cases[i].not_found, " ", -1);
        for (int n = 0; found[n] != NULL; n++)
            assert_says(s->said, found[n]);
        for (int n = 0; not_found[n] != NULL; n++)
            assert_silent_about(s->said, not_found[n]);
    }
}

static void make_urgent(struct story *s, int64_t ask, bool on)
{
    cJSON *data = json_object();
    if (on)
        json_put_int(data, "until", s->now + 1000);
    log_it(s, (struct log_entry){.kind = "ask.urgent", .ask = ask, .channel = s->product, .actor = s->dana, .data = data});
}

static void ask_for_why(struct story *s, int64_t ask, int64_t whom)
{
    cJSON *data = json_object();
    json_put_str(data, "kind", "why");
    log_it(s, (struct log_entry){.kind = "question.asked", .ask = ask, .channel = s->product, .person = whom, .data = data});
}

/* Whatever list it is in, each once: whoever asked, owns or is asked. */
static void test_urgent_asks_stand_first_in_every_list(void **state)
{
    struct story *s = *state;
    int64_t first = raise_it(s, s->product, s->dana, "Login is down");
    int64_t foreign = raise_it(s, s->product, s->mia, "Billing is down");
    int64_t last = raise_it(s, s->product, s->dana, "Dark mode");
    make_urgent(s, first, true);
    make_urgent(s, foreign, true);
    ask_for_why(s, first, s->dana);
    ask_for_why(s, last, s->dana);
    struct viewer viewer = {.person = s->dana};
    const struct ask_filter filters[] = {{.person = s->dana}, {.asked = s->dana}, {.asker = s->dana}, {.states = {"all"}, .asker = s->dana}};
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        int64_t total;
        g_autoptr(GArray) lines = store_list(s->store, &viewer, &filters[i], 0, 10, &total);
        assert_int_equal(total, 2);
        assert_int_equal(g_array_index(lines, struct ask_line, 0).number, first);
        assert_int_equal(g_array_index(lines, struct ask_line, 1).number, last);
    }
    make_urgent(s, first, false);
    make_urgent(s, last, true);
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        int64_t total;
        g_autoptr(GArray) lines = store_list(s->store, &viewer, &filters[i], 0, 10, &total);
        assert_int_equal(total, 2);
        assert_int_equal(g_array_index(lines, struct ask_line, 0).number, last);
    }
}

static void test_a_mistake_is_explained(void **state)
{
    struct story *s = *state;
    assert_says(list(s, s->mia, s->product, ""), "No open asks here.");
    raise_it(s, s->product, s->dana, "Apple");
    assert_says(list(s, s->mia, s->product, "shipped"), "No ask like that.");
    assert_says(list(s, s->mia, s->product, "bananas"), "I do not understand “bananas”");
    assert_says(list(s, s->mia, s->product, "by gardeners"), "There are: product, sales, support.");
    assert_says(list(s, s->mia, s->product, "by"), "There are: product, sales, support.");
    assert_says(list(s, s->mia, s->product, "owner"), "/ask list owner @mia");
    assert_says(list(s, s->mia, s->product, "owner \x12UNOBODY\x1e"), "/ask list owner @mia");
}

static void test_a_page_button_made_up_does_no_harm(void **state)
{
    struct story *s = *state;
    raise_many(s, 3);
    static const char *const values[] = {"",           "0",        "-5 list",   "999999999999 list",
                                         "0 listless", "0 drop x", "list",      "0 list by",
                                         "0 list \x12", "0 search ", "7 search x"};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        turn_page(s, s->mia, s->product, values[i]);
        assert_non_null(s->said);
        assert_silent_about(s->said, "[say");
    }
    assert_says(turn_page(s, s->mia, s->product, "-5 list"), "3 asks");
}

static void test_a_private_channel_is_listed_only_at_home(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    int64_t unknown = new_channel(s, "CNEW", "new", CHANNEL_UNKNOWN);
    int64_t direct = new_channel(s, "DMIA", "", CHANNEL_DIRECT);
    raise_it(s, secret, s->dana, "Buy Acme");
    raise_it(s, unknown, s->dana, "Buy Bolt");
    raise_it(s, s->product, s->dana, "Dark mode");
    static const char *const filters[] = {"", "all", "by sales", "waiting"};
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        assert_says(list(s, s->mia, s->product, filters[i]), "1 ask\n");
        assert_silent_about(s->said, "Buy");
        assert_says(list(s, s->mia, direct, filters[i]), "1 ask\n");
        assert_silent_about(s->said, "Buy");
    }
    assert_says(list(s, s->mia, secret, ""), "Buy Acme");
    assert_silent_about(s->said, "Buy Bolt");
    assert_says(list(s, s->dana, s->product, "mine"), "1 ask\n"); /* others look over the shoulder there */
    assert_says(list(s, s->dana, direct, "mine"), "3 asks");
}

/* ---- Search ---- */

static void test_words_are_found_by_how_they_begin(void **state)
{
    struct story *s = *state;
    int64_t sso = raise_it(s, s->product, s->dana, "Single sign-on for Acme");
    raise_it(s, s->product, s->dana, "Dark mode");
    give_why(s, sso, s->dana, "Their auditors insist");
    assert_says(search(s, s->mia, s->product, "sing acm"), "1 ask with “sing acm”");
    assert_true(s->to_reader);
    assert_says(s->said, "#1 🟡 waiting: Single sign-on for Acme");
    assert_says(search(s, s->mia, s->product, "AUDITORS"), "Single sign-on");
    assert_says(search(s, s->mia, s->product, "dark OR single"), "Nothing found for “dark OR single”. Try fewer words");
    assert_says(search(s, s->mia, s->product, "\"*( NEAR mode"), "Nothing found");
    assert_says(search(s, s->mia, s->product, "!?"), "Nothing found");
    assert_says(search(s, s->mia, s->product, ""), "/ask search single sign-on");
    assert_false(s->to_reader);
}

static void test_search_has_pages(void **state)
{
    struct story *s = *state;
    raise_many(s, 11);
    assert_says(search(s, s->mia, s->product, "wish"), "11 asks with “wish”, page 1 of 2");
    assert_says(turn_page(s, s->mia, s->product, button_value(s->reply, "page1")), "page 2 of 2");
    assert_says(s->said, "[Back]");
    assert_says(search(s, s->mia, s->product, "wish page 2"), "page 2 of 2");
    assert_says(search(s, s->mia, s->product, "wish page 9"), "There are only 2 pages.");
}

static void test_a_word_in_very_many_asks_finds_the_newest(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    store_begin(s->store);
    for (int i = 0; i < 4100; i++)
        raise_it(s, s->product, s->dana, i < 5 ? "A wish, a wish, a wish" : "A wish");
    raise_it(s, secret, s->dana, "A secret wish");
    store_want_index(s->store);
    store_commit(s->store);
    const char *said = search(s, s->mia, s->product, "wish");
    assert_says(said, "More than 1000 asks with “wish”, page 1 of 100\n#4100 ");
    assert_says(said, "\n#4091 ");
    assert_says(search(s, s->mia, s->product, "wish page 100"), "\n#3101 ");
    assert_says(search(s, s->mia, s->product, "wish page 101"), "There are only 100 pages.");
    assert_says(search(s, s->mia, s->product, "secret"), "Nothing found");
}

static void test_search_finds_nothing_private(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    raise_it(s, secret, s->dana, "Buy Acme");
    g_autofree char *hidden = g_strdup(search(s, s->mia, s->product, "acme"));
    g_autofree char *absent = g_strdup(search(s, s->mia, s->product, "bolt"));
    GString *alike = g_string_new(absent);
    g_string_replace(alike, "bolt", "acme", 0);
    assert_string_equal(hidden, alike->str); /* hidden and absent sound the same */
    g_string_free(alike, TRUE);
    assert_says(search(s, s->mia, secret, "acme"), "Buy Acme");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_a_line_tells_number_state_title_asker_and_what_is_missing),
        STORY(test_ten_a_page_and_buttons_turn_them),
        STORY(test_a_page_keeps_its_filter),
        STORY(test_filters),
        STORY(test_urgent_asks_stand_first_in_every_list),
        STORY(test_a_mistake_is_explained),
        STORY(test_a_page_button_made_up_does_no_harm),
        STORY(test_a_private_channel_is_listed_only_at_home),
        STORY(test_words_are_found_by_how_they_begin),
        STORY(test_search_has_pages),
        STORY(test_a_word_in_very_many_asks_finds_the_newest),
        STORY(test_search_finds_nothing_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
