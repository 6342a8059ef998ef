#include "corpus.h"

#include "commands/understand/understand.h"

static char *understood(const char *text, const char *expected)
{
    (void)expected;
    static const char *const names[] = {
        [START_UNSAID] = "unsaid", [START_INSTEAD] = "instead of", [START_AFTER] = "after", [START_ROOM] = "room",
        [START_UNCLEAR] = "unclear",
    };
    GDate today = corpus_today();
    struct start start;
    start_understand(text, &today, &start);
    GString *out = g_string_new(names[start.gives]);
    bool counts = start.gives == START_INSTEAD || start.gives == START_AFTER;
    for (int i = 0; counts && i < start.n_asks; i++)
        g_string_append_printf(out, " %" G_GINT64_FORMAT, start.asks[i]);
    if (start.has_until)
        g_string_append_printf(out, " until %04d-%02d-%02d", g_date_get_year(&start.until),
                               (int)g_date_get_month(&start.until), g_date_get_day(&start.until));
    g_autofree char *reason = corpus_plain(start.reason);
    if (*reason != '\0')
        g_string_append_printf(out, ": %s", reason);
    start_done(&start);
    return g_string_free(out, FALSE);
}

static void what_gives_way_is_understood(void **state)
{
    (void)state;
    corpus_check("starts.txt", "", understood, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_gives_way_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
