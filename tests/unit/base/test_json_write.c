/* JSON written piece by piece: one value, its commas where they belong, every text as it was. */
#include "bot/base/json.h"
#include "bot/base/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_commas_come_by_themselves(void **state)
{
    (void)state;
    g_autoptr(GString) json = g_string_new(NULL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "who", "Dana");
    json_write_str(json, "nobody", NULL);
    json_write_open(json, "empty", '[');
    json_write_close(json, ']');
    json_write_open(json, "lists", '[');
    json_write_open(json, NULL, '[');
    json_write_int(json, NULL, -3);
    json_write_int(json, NULL, G_MAXINT64);
    json_write_close(json, ']');
    json_write_open(json, NULL, '{');
    json_write_close(json, '}');
    json_write_bool(json, NULL, true);
    json_write_close(json, ']');
    json_write_raw(json, "half", "0.5");
    json_write_bool(json, "last", false);
    json_write_close(json, '}');
    assert_string_equal(json->str, "{\"who\":\"Dana\",\"empty\":[],\"lists\":[[-3,9223372036854775807],{},true],\"half\":0.5,\"last\":false}");
}

static void test_a_text_that_ends_like_a_bracket_is_followed_by_a_comma(void **state)
{
    (void)state;
    g_autoptr(GString) json = g_string_new(NULL);
    json_write_open(json, NULL, '[');
    json_write_str(json, NULL, "{");
    json_write_str(json, NULL, "[");
    json_write_str(json, NULL, "");
    json_write_close(json, ']');
    assert_string_equal(json->str, "[\"{\",\"[\",\"\"]");
}

static void test_every_sign_comes_back(void **state)
{
    (void)state;
    GString *all = g_string_new(NULL);
    for (gunichar c = 1; c < 0x300; c++)
        g_string_append_unichar(all, c);
    g_string_append(all, "→ 😀 \u2028 \\\\ \"\"");
    g_autoptr(GString) json = g_string_new(NULL);
    json_write_open(json, NULL, '{');
    json_write_str(json, all->str, all->str);
    json_write_close(json, '}');
    for (const char *c = json->str; *c != '\0'; c++)
        assert_true((guchar)*c >= ' ');
    g_autoptr(cJSON) read = json_parse(json->str, json->len, NULL);
    assert_non_null(read);
    assert_string_equal(read->child->string, all->str);
    assert_string_equal(read->child->valuestring, all->str);
    g_string_free(all, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_come_by_themselves),
        cmocka_unit_test(test_a_text_that_ends_like_a_bracket_is_followed_by_a_comma),
        cmocka_unit_test(test_every_sign_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
