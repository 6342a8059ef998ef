/* What is meant by what somebody typed. */
#include "corpus.h"

#include "commands/meant.h"
#include "commands/understand/understand.h"

static char *shown(const char *word, const struct meant *meant)
{
    GString *out = g_string_new(word);
    g_string_append_printf(out, "%s%s", *word != '\0' ? " " : "", meant->verb->name);
    if (meant->ask != 0 && (*word == '\0' || (meant->verb->flags & VERB_ASK)))
        g_string_append_printf(out, " %" G_GINT64_FORMAT, meant->ask);
    g_autofree char *rest = corpus_plain(meant->rest);
    if (*word != '\0' && *rest != '\0')
        g_string_append_printf(out, " | %s", rest);
    return g_string_free(out, FALSE);
}

static char *understood_as(const char *typed, unsigned how, int64_t thread)
{
    GDate today = corpus_today();
    struct meant meant;
    char *out = NULL;
    g_autofree char *text = words_normalise(typed);
    meant_understand(text, how, thread, &today, &meant);
    if (meant.kind == MEANT_COMMAND || meant.kind == MEANT_LOOKING) {
        out = shown(meant.kind == MEANT_COMMAND ? "does" : "shows", &meant);
    } else if (meant.kind == MEANT_EITHER) {
        g_autofree char *what = shown("", &meant);
        out = g_strconcat(what, ", or an ask", NULL);
    } else if (meant.kind == MEANT_USAGE) {
        out = g_strconcat("usage of ", meant.verb->name, NULL);
    } else if (meant.kind == MEANT_NEARLY) {
        out = g_strconcat("nearly ", meant.instead, NULL);
    } else if (meant.kind == MEANT_TALK) {
        out = g_strdup(meant.greets ? "hello" : "talk");
    } else if (meant.kind == MEANT_DOUBTFUL && meant.ask != 0) {
        out = g_strdup_printf("doubtful %" G_GINT64_FORMAT, meant.ask);
    } else {
        out = g_strdup(meant.kind == MEANT_DOUBTFUL ? "doubtful" : "ask");
        if (meant.kind == MEANT_ASK)
            assert_string_equal(meant.rest, text);
    }
    meant_done(&meant);
    return out;
}

static char *typed(const char *text, const char *expected)
{
    (void)expected;
    return understood_as(text, 0, 0);
}

static char *to_it(const char *text, const char *expected)
{
    (void)expected;
    return understood_as(text, TYPED_TO_IT, 0);
}

static char *in_thread(const char *text, const char *expected)
{
    (void)expected;
    return understood_as(text, TYPED_TO_IT, 7);
}

static void what_is_plainly_a_command_is_done_and_what_may_be_a_sentence_is_not(void **state)
{
    (void)state;
    corpus_check("meant.txt", "command", typed, 80);
}

static void what_shows_is_done_and_an_ask_offered(void **state)
{
    (void)state;
    corpus_check("meant.txt", "looking", typed, 10);
}

static void an_ask_keeps_its_words(void **state)
{
    (void)state;
    corpus_check("meant.txt", "ask", typed, 20);
}

static void not_all_that_is_typed_is_an_ask(void **state)
{
    (void)state;
    corpus_check("meant.txt", "none", typed, 25);
    corpus_check("meant.txt", "to it", to_it, 6);
    corpus_check("meant.txt", "thread", in_thread, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_plainly_a_command_is_done_and_what_may_be_a_sentence_is_not),
        cmocka_unit_test(what_shows_is_done_and_an_ask_offered),
        cmocka_unit_test(an_ask_keeps_its_words),
        cmocka_unit_test(not_all_that_is_typed_is_an_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
