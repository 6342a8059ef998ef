/* What texts are found by, in whatever script they are written. */
#include "tests/unit/store/story.h"

static void expect_terms(const char *text, const char *expected)
{
    g_autoptr(GPtrArray) terms = store_terms(text);
    g_ptr_array_add(terms, NULL);
    g_autofree char *joined = g_strjoinv(" ", (char **)terms->pdata);
    g_ptr_array_set_size(terms, (gint)terms->len - 1);
    assert_string_equal(joined, expected);
}

static void words_are_folded_and_each_counts_once(void **state)
{
    (void)state;
    expect_terms("SSO for Acme, sso FOR ACME!", "sso for acme");
    expect_terms("Õppida žürii äärde", "oppida zurii aarde");
    expect_terms("naïve na\u0131ve nai\u0308ve", "naive na\u0131ve"); /* one letter, or with its accent behind it */
    expect_terms("GPT-4o v2.1", "gpt 4o v2 1");
    expect_terms("Ёлка ПРИВЕТ Ωμέγα", "елка привет ωμεγα");
    expect_terms("ﬁne Ｗｉｄｅ", "fine wide");
    expect_terms(" ,.- ", "");
}

static void hangul_and_ideographs_are_cut_into_pairs(void **state)
{
    (void)state;
    expect_terms("로그인", "로그 그인");
    expect_terms("SSO로그인을 원해", "sso 로그 그인 인을 원해");
    expect_terms("값", "값");
    expect_terms("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"); /* as some systems write it: letter by letter */
    expect_terms("検索できる", "検索 索で でき きる");
}

static void ids_of_people_are_no_terms(void **state)
{
    (void)state;
    expect_terms("Ask \x12UDANA\x1e about \x14https://acme.example\x1fthe contract\x1e", "ask about https acme example the contract");
}

static void bytes_that_are_no_text_only_part_words(void **state)
{
    (void)state;
    expect_terms("so\xff\xfe" "me\xc3", "so me");
    expect_terms("\x12UDANA", "udana"); /* never closed: words after all */
    g_autofree char *long_word = g_strnfill(5000, 'x');
    g_autoptr(GPtrArray) terms = store_terms(long_word);
    assert_int_equal(terms->len, 1);
    assert_int_equal(strlen(g_ptr_array_index(terms, 0)), 64);
}

static int found(struct story *s, const char *words)
{
    struct viewer dana = {.person = person(s, "UDANA")};
    int64_t total;
    g_autoptr(GArray) lines = store_search(s->store, &dana, words, NULL, 0, 10, &total);
    assert_null(store_failed(s->store));
    return (int)lines->len;
}

static void korean_is_found_by_part_of_a_word_and_estonian_without_its_accents(void **state)
{
    struct story *s = *state;
    int64_t dana = person(s, "UDANA"), channel = place(s, "C1", CHANNEL_PUBLIC);
    raise_ask(s, channel, dana, dana, 0, 0, "고객 로그인을 더 빠르게");
    raise_ask(s, channel, dana, dana, 0, 0, "Võimalda töötajatel sisse logida");
    assert_int_equal(found(s, "로그인"), 1);
    assert_int_equal(found(s, "그인"), 1);
    assert_int_equal(found(s, "로그인이"), 0);
    assert_int_equal(found(s, "로"), 1);
    assert_int_equal(found(s, "을"), 1);
    assert_int_equal(found(s, "객로"), 0); /* not across words */
    assert_int_equal(found(s, "tootajatel"), 1);
    assert_int_equal(found(s, "TÖÖTAJA"), 1);
    assert_int_equal(found(s, "voim log"), 1);
}

static void similar_expect(struct story *s, const char *title, int expected)
{
    struct viewer here = {.place = place(s, "C1", CHANNEL_PUBLIC)};
    g_autoptr(GPtrArray) terms = store_terms(title);
    double weights[STORE_TERMS_MOST];
    g_autoptr(GArray) lines = store_similar(s->store, &here, terms, weights, 0);
    assert_null(store_failed(s->store));
    if ((int)lines->len != expected)
        fail_msg("%d asks are like \"%s\"", (int)lines->len, title);
}

static void asks_that_share_terms_are_candidates_where_they_may_be_seen(void **state)
{
    struct story *s = *state;
    int64_t dana = person(s, "UDANA"), product = place(s, "C1", CHANNEL_PUBLIC), board = place(s, "G1", CHANNEL_PRIVATE);
    int64_t first = raise_ask(s, product, dana, dana, 0, 0, "Single sign-on for Acme");
    raise_ask(s, board, dana, dana, 0, 0, "Acme buys us");
    raise_ask(s, product, dana, dana, 0, 0, "Dark mode");
    int64_t total;
    struct viewer anybody = {.person = dana};
    g_array_unref(store_search(s->store, &anybody, "x", NULL, 0, 1, &total)); /* the writer indexes before it looks */
    similar_expect(s, "Acme wants sign-on", 1);
    similar_expect(s, "Make it dark", 1);
    similar_expect(s, "Nothing of the kind", 0);
    log_it(s, (struct log_entry){.kind = "ask.withdrawn", .ask = first, .state = "withdrawn"});
    similar_expect(s, "Acme wants sign-on", 0);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, story_begin_open, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded_and_each_counts_once),
        cmocka_unit_test(hangul_and_ideographs_are_cut_into_pairs),
        cmocka_unit_test(ids_of_people_are_no_terms),
        cmocka_unit_test(bytes_that_are_no_text_only_part_words),
        STORY(korean_is_found_by_part_of_a_word_and_estonian_without_its_accents),
        STORY(asks_that_share_terms_are_candidates_where_they_may_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
