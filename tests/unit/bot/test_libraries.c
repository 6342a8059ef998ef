/* Which versions of the libraries are told of, and which not: nobody is warned of what their distribution has mended. */
#include "bot/libraries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static enum library_verdict judge(enum library library, const char *version, const char *says)
{
    unsigned number[3] = {0};
    g_auto(GStrv) parts = g_strsplit(version, ".", 3);
    for (int i = 0; i < 3 && parts[i] != NULL; i++)
        number[i] = (unsigned)g_ascii_strtoull(parts[i], NULL, 10);
    g_autofree char *why = NULL;
    enum library_verdict verdict = library_judge(library, number, &why);
    if (verdict == LIBRARY_FINE)
        assert_null(why);
    else if (says != NULL && strstr(why, says) == NULL)
        fail_msg("expected \"%s\" in: %s", says, why);
    return verdict;
}

static void what_distributions_keep_up_is_fine(void **state)
{
    (void)state;
    static const struct {
        enum library library;
        const char *versions[8];
    } kept[] = {
        /* Debian 12 and 13, Ubuntu 24.04, openSUSE, and later. */
        {LIBRARY_CURL, {"7.88.1", "8.5.0", "8.14.1", "8.0.1", "8.20.0", "9.0.0"}},
        {LIBRARY_WEBSOCKETS, {"4.1.6", "4.3.3", "4.3.5", "4.5.2"}},
        {LIBRARY_SQLITE, {"3.40.1", "3.45.1", "3.46.1", "3.53.4"}},
        {LIBRARY_CJSON, {"1.7.15", "1.7.17", "1.7.18"}},
        {LIBRARY_GLIB, {"2.74.6", "2.80.0", "2.84.4"}},
        {LIBRARY_OPENSSL, {"3.0.2", "3.0.13", "3.0.17", "3.5.1", "4.0.0"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        for (gsize v = 0; v < G_N_ELEMENTS(kept[i].versions) && kept[i].versions[v] != NULL; v++)
            assert_int_equal(judge(kept[i].library, kept[i].versions[v], NULL), LIBRARY_FINE);
    }
}

static void a_flaw_that_matters_is_told_with_what_to_do(void **state)
{
    (void)state;
    assert_int_equal(judge(LIBRARY_CURL, "8.11.1", "libcurl 8.11.1 has a flaw that matters here (CVE-2025-0665: "), LIBRARY_FLAWED);
    assert_int_equal(judge(LIBRARY_CURL, "8.11.1", "update it to 8.12.0 or newer"), LIBRARY_FLAWED);
    assert_int_equal(judge(LIBRARY_CURL, "8.11.0", NULL), LIBRARY_FINE);
    assert_int_equal(judge(LIBRARY_CURL, "8.12.0", NULL), LIBRARY_FINE);
    assert_int_equal(judge(LIBRARY_CURL, "8.0.0", "CVE-2023-38545"), LIBRARY_FLAWED);
    assert_int_equal(judge(LIBRARY_CURL, "8.3.0", "CVE-2023-38545"), LIBRARY_FLAWED);
    assert_int_equal(judge(LIBRARY_CURL, "8.4.0", NULL), LIBRARY_FINE);
    assert_int_equal(judge(LIBRARY_OPENSSL, "3.0.6", "OpenSSL 3.0.6 has a flaw"), LIBRARY_FLAWED);
    assert_int_equal(judge(LIBRARY_OPENSSL, "3.0.7", NULL), LIBRARY_FINE);
}

static void what_is_older_than_was_ever_tested_does_not_run(void **state)
{
    (void)state;
    assert_int_equal(judge(LIBRARY_CURL, "7.88.0", "libcurl 7.88.0 is too old to run with: askwhy needs 7.88.1"), LIBRARY_TOO_OLD);
    assert_int_equal(judge(LIBRARY_WEBSOCKETS, "4.0.20", "update the package"), LIBRARY_TOO_OLD);
    assert_int_equal(judge(LIBRARY_SQLITE, "3.37.2", NULL), LIBRARY_TOO_OLD);
    assert_int_equal(judge(LIBRARY_CJSON, "1.7.14", NULL), LIBRARY_TOO_OLD);
    assert_int_equal(judge(LIBRARY_GLIB, "2.66.8", NULL), LIBRARY_TOO_OLD);
    assert_int_equal(judge(LIBRARY_OPENSSL, "1.1.1", NULL), LIBRARY_TOO_OLD);
}

static void the_versions_are_those_that_are_loaded(void **state)
{
    (void)state;
    g_autofree char *all = libraries_text(), *why = NULL;
    for (enum library library = 0; library < LIBRARIES; library++) {
        struct library_version version = library_version(library);
        g_autofree char *named = g_strdup_printf("%s %u.%u.%u", library_name(library), version.number[0], version.number[1],
                                                 version.number[2]);
        assert_true(version.number[0] > 0);
        if (strstr(all, named) == NULL)
            fail_msg("expected \"%s\" in: %s", named, all);
        library_version_done(&version);
    }
    assert_true(libraries_check(&why)); /* else these tests would not run */
    assert_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_distributions_keep_up_is_fine),
        cmocka_unit_test(a_flaw_that_matters_is_told_with_what_to_do),
        cmocka_unit_test(what_is_older_than_was_ever_tested_does_not_run),
        cmocka_unit_test(the_versions_are_those_that_are_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
