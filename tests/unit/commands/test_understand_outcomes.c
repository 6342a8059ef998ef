#include "corpus.h"

#include "commands/understand/understand.h"

static char *understood(const char *text, const char *expected)
{
    static const char *const kinds[] = {"unsaid", "as expected", "partly", "below", "unknown"};
    static const char *const directions[] = {"", "up ", "down ", "to "};
    (void)expected;
    GDate today = corpus_today();
    const char *rest;
    enum outcome_kind kind = outcome_understand(text, &rest);
    struct actual actual;
    actual_parse(rest, &today, &actual);
    GString *out = g_string_new(kinds[kind]);
    g_string_append_printf(out, " | %s | ", *rest != '\0' ? rest : "-");
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (actual.understood)
        g_string_append_printf(out, "%s%s %s", directions[actual.direction],
                               g_ascii_formatd(digits, sizeof digits, "%.10g", actual.figure),
                               actual.unit != NULL ? actual.unit : "");
    else
        g_string_append_c(out, '-');
    actual_done(&actual);
    return g_string_free(out, FALSE);
}

static void outcomes_are_understood_as_people_tell_them(void **state)
{
    (void)state;
    corpus_check("outcomes.txt", "", understood, 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_understood_as_people_tell_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
