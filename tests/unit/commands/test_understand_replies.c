#include "corpus.h"

#include "commands/understand/understand.h"

static const char *const kinds[] = {
    [REPLY_ANSWER] = "answer",        [REPLY_SKIP] = "skip",   [REPLY_LATER] = "later",
    [REPLY_DONT_KNOW] = "don't know", [REPLY_KNOWS] = "knows", [REPLY_TO_SOMEONE] = "to",
    [REPLY_EMPTY] = "empty",          [REPLY_CHAT] = "chat",
};
static const char *const questions[] = {"why", "impact", "evidence", "deadline"};

/* "answer" alone: kept whole under what was asked, and nothing else was seen in it. */
static void append_parts(GString *out, const struct reply *reply, const char *text, enum question_kind asked)
{
    g_autofree char *whole = g_strstrip(g_strdup(text));
    bool alone = true;
    for (int i = 0; i < QUESTION_KINDS; i++)
        alone = alone && (i == (int)asked ? g_strcmp0(reply->parts[i], whole) == 0 : reply->parts[i] == NULL);
    for (int i = 0; !alone && i < QUESTION_KINDS; i++) {
        if (reply->parts[i] == NULL)
            continue;
        g_autofree char *plain = corpus_plain(reply->parts[i]);
        g_string_append_printf(out, " | %s: %s", questions[i], plain);
    }
}

static char *understood(const char *line, const char *expected)
{
    (void)expected;
    GDate today = corpus_today();
    const char *text = strchr(line, '>') + 1;
    text += *text == ' ';
    int asked = 0;
    while (!g_str_has_prefix(line, questions[asked]))
        asked++;
    struct reply reply;
    reply_understand(text, (enum question_kind)asked, "askwhy", &today, &reply);
    GString *out = g_string_new(kinds[reply.kind]);
    if (reply.kind == REPLY_ANSWER)
        append_parts(out, &reply, text, (enum question_kind)asked);
    if (reply.days != 0)
        g_string_append_printf(out, " %d", reply.days);
    if (reply.person != NULL)
        g_string_append_printf(out, " %s", reply.person);
    reply_done(&reply);
    return g_string_free(out, FALSE);
}

static void replies_are_answers_unless_they_clearly_are_not(void **state)
{
    (void)state;
    corpus_check("replies.txt", "", understood, 150);
}

static char *evidence(const char *text, const char *expected)
{
    static const char *const names[] = {"unsaid", "none", "opinion", "one customer", "customers", "measured"};
    (void)expected;
    return g_strdup(names[evidence_understand(text)]);
}

static void evidence_is_weighed(void **state)
{
    (void)state;
    corpus_check("evidence.txt", "", evidence, 60);
}

/* Whatever is asked, the words of an answer are there. */
static void the_question_asked_always_has_its_words(void **state)
{
    (void)state;
    GDate today = corpus_today();
    for (int asked = 0; asked < QUESTION_KINDS; asked++) {
        struct reply reply;
        reply_understand("Acme's admins cannot log in. Impact: -2% churn", (enum question_kind)asked, NULL,
                         &today, &reply);
        assert_int_equal(reply.kind, REPLY_ANSWER);
        assert_non_null(reply.parts[asked]);
        reply_done(&reply);
    }
}

static void a_ping_is_a_mention_like_a_name(void **state)
{
    (void)state;
    GDate today = corpus_today();
    struct reply reply;
    reply_understand("\x11U1\x1e knows", QUESTION_WHY, NULL, &today, &reply);
    assert_int_equal(reply.kind, REPLY_KNOWS);
    assert_string_equal(reply.person, "U1");
    reply_done(&reply);
}

static void a_very_long_reply_is_an_answer(void **state)
{
    (void)state;
    GDate today = corpus_today();
    GString *text = g_string_new(NULL);
    while (text->len < 40000)
        g_string_append(text, "skip later thanks asap ");
    struct reply reply;
    reply_understand(text->str, QUESTION_WHY, NULL, &today, &reply);
    assert_int_equal(reply.kind, REPLY_ANSWER);
    assert_string_equal(reply.parts[QUESTION_WHY], g_strchomp(text->str));
    reply_done(&reply);
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_answers_unless_they_clearly_are_not),
        cmocka_unit_test(evidence_is_weighed),
        cmocka_unit_test(the_question_asked_always_has_its_words),
        cmocka_unit_test(a_ping_is_a_mention_like_a_name),
        cmocka_unit_test(a_very_long_reply_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
