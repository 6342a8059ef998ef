#include "corpus.h"

#include "commands/understand/understand.h"

static char *split(const char *text, unsigned wanted)
{
    static const char *const names[SAID_PARTS] = {"options", "reopen", "fixed", "open", "smallest", "cost", "talk"};
    struct said said;
    said_split(text, wanted, &said);
    GString *out = g_string_new(NULL);
    g_autofree char *lead = corpus_plain(said.lead);
    g_string_append(out, lead);
    for (int i = 0; i < SAID_PARTS; i++) {
        if (said.parts[i] == NULL)
            continue;
        g_autofree char *words = corpus_plain(said.parts[i]);
        g_string_append_printf(out, "%s| %s: %s", out->len > 0 ? " " : "", names[i], words);
    }
    said_done(&said);
    return g_string_free(out, FALSE);
}

static char *decided(const char *text, const char *expected)
{
    (void)expected;
    return split(text, 1u << SAID_OPTIONS | 1u << SAID_REOPEN);
}

static char *needed(const char *text, const char *expected)
{
    (void)expected;
    return split(text, 1u << SAID_FIXED | 1u << SAID_OPEN | 1u << SAID_SMALLEST | 1u << SAID_COST);
}

static char *talked(const char *text, const char *expected)
{
    (void)expected;
    g_autofree char *whom = said_talk(text);
    return whom != NULL ? corpus_plain(whom) : g_strdup("-");
}

static char *dissented(const char *text, const char *expected)
{
    (void)expected;
    bool commits;
    g_autofree char *words = said_dissent(text, &commits);
    g_autofree char *reason = words != NULL ? corpus_plain(words) : g_strdup("-");
    return g_strconcat(reason, commits ? " | commits" : "", NULL);
}

static char *worked(const char *text, const char *expected)
{
    (void)expected;
    struct effort effort;
    const char *rest;
    if (!effort_parse(text, &effort, &rest))
        return g_strdup("-");
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%d", (int)effort.low);
    if (effort.high != effort.low)
        g_string_append_printf(out, "-%d", (int)effort.high);
    if (*rest != '\0')
        g_string_append_printf(out, " | %s", rest);
    return g_string_free(out, FALSE);
}

static void decisions_come_with_options_and_what_would_reopen_them(void **state)
{
    (void)state;
    corpus_check("said.txt", "decide", decided, 12);
}

static void needs_come_with_what_is_fixed_and_open(void **state)
{
    (void)state;
    corpus_check("said.txt", "need", needed, 6);
}

static void whom_to_talk_to_is_heard(void **state)
{
    (void)state;
    corpus_check("said.txt", "talk", talked, 12);
}

static void dissent_and_commitment_are_told_apart(void **state)
{
    (void)state;
    corpus_check("said.txt", "dissent", dissented, 9);
}

static void work_is_read_in_hours(void **state)
{
    (void)state;
    corpus_check("said.txt", "effort", worked, 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_come_with_options_and_what_would_reopen_them),
        cmocka_unit_test(needs_come_with_what_is_fixed_and_open),
        cmocka_unit_test(whom_to_talk_to_is_heard),
        cmocka_unit_test(dissent_and_commitment_are_told_apart),
        cmocka_unit_test(work_is_read_in_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
