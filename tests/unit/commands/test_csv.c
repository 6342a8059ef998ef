/* Tables that spreadsheets open without harm, and those they write. */
#include "commands/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect_written(const char *cell, const char *written)
{
    GString *out = g_string_new(NULL);
    csv_put(out, cell);
    csv_put(out, "x");
    csv_end_line(out);
    g_autofree char *expected = g_strconcat(written, ",x\r\n", NULL);
    assert_string_equal(out->str, expected);
    /* And comes back as it was. */
    struct csv csv;
    const char *why;
    csv_begin(&csv, out->str);
    g_autoptr(GPtrArray) cells = csv_next(&csv, &why);
    assert_non_null(cells);
    assert_string_equal(g_ptr_array_index(cells, 0), cell);
    assert_null(csv_next(&csv, &why));
    assert_null(why);
    g_string_free(out, TRUE);
}

static void cells_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    expect_written("plain", "plain");
    expect_written("", "\"\"");
    expect_written("a, b", "\"a, b\"");
    expect_written("say \"why\"", "\"say \"\"why\"\"\"");
    expect_written("two\nlines", "\"two\nlines\"");
    expect_written("고객; õ", "\"고객; õ\"");
}

static void no_cell_is_a_formula(void **state)
{
    (void)state;
    expect_written("=HYPERLINK(\"https://x\")", "\"'=HYPERLINK(\"\"https://x\"\")\"");
    expect_written("+1 from me", "\"'+1 from me\"");
    expect_written("-5% churn", "\"'-5% churn\"");
    expect_written("@dana knows", "\"'@dana knows\"");
    expect_written(" \n=1+1", "\"' \n=1+1\"");
    expect_written("\tcmd", "\"'\tcmd\"");
    expect_written("'tis", "'tis");
}

static void expect_read(const char *text, int line, const char *const *cells)
{
    struct csv csv;
    const char *why;
    csv_begin(&csv, text);
    g_autoptr(GPtrArray) first = csv_next(&csv, &why);
    g_autoptr(GPtrArray) second = csv_next(&csv, &why);
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(csv.line, line);
    assert_int_equal(second->len, g_strv_length((char **)cells));
    for (guint i = 0; i < second->len; i++)
        assert_string_equal(g_ptr_array_index(second, i), cells[i]);
}

static void what_spreadsheets_write_is_read(void **state)
{
    (void)state;
    expect_read("\xef\xbb\xbftitle,why\r\nSSO,\"they\r\nleave\"\r\n", 2, (const char *[]){"SSO", "they\r\nleave", NULL});
    expect_read("title;why\nSSO;\"a;b\"", 2, (const char *[]){"SSO", "a;b", NULL});
    expect_read("title,why\n\n,\nSSO,\n", 4, (const char *[]){"SSO", "", NULL});
    expect_read("\"a\nb\",c\nSSO,x\n", 3, (const char *[]){"SSO", "x", NULL});
}

static void expect_broken(const char *text, const char *expected)
{
    struct csv csv;
    const char *why;
    csv_begin(&csv, text);
    assert_null(csv_next(&csv, &why));
    assert_string_equal(why, expected);
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    expect_broken("\"never closed, \n\n", "a quoted cell never ends");
    expect_broken("\"a\"b,c\n", "something stands behind a cell's closing quote");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_where_they_must_be),
        cmocka_unit_test(no_cell_is_a_formula),
        cmocka_unit_test(what_spreadsheets_write_is_read),
        cmocka_unit_test(what_is_no_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
