/* JSON from outside is read exactly or refused. */
#include "bot/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static cJSON *parse(const char *text)
{
    const char *why = NULL;
    cJSON *tree = json_parse(text, strlen(text), &why);
    if (tree == NULL)
        fail_msg("refused (%s): %s", why, text);
    return tree;
}

static void assert_refused(const char *data, size_t size, const char *reason)
{
    const char *why = NULL;
    g_autoptr(cJSON) tree = json_parse(data, size, &why);
    assert_null(tree);
    assert_string_equal(why, reason);
    assert_null(json_parse(data, size, NULL));
}

static void test_a_frame_is_read_by_paths(void **state)
{
    (void)state;
    g_autoptr(cJSON) frame = parse("{\"payload\": {\"event\": {\"ts\": \"1.2\", \"n\": 7, \"ok\": true},"
                                   " \"users\": [\"U1\", {\"id\": \"U2\"}]}} \n");
    assert_string_equal(json_str(frame, "payload.event.ts"), "1.2");
    assert_string_equal(json_str(frame, "payload.users.0"), "U1");
    assert_string_equal(json_str(frame, "payload.users.1.id"), "U2");
    assert_int_equal(json_int(frame, "payload.event.n", -1), 7);
    assert_true(json_true(frame, "payload.event.ok"));
    assert_ptr_equal(json_get(frame, ""), frame);
}

static void test_what_is_absent_or_of_another_type_is_told_apart_by_nobody(void **state)
{
    (void)state;
    g_autoptr(cJSON) frame = parse("{\"a\": 1, \"s\": \"x\", \"null\": null, \"list\": [], \"o\": {\"b\": \"1\"}}");
    const char *const absent[] = {"a", "null", "list", "o", "nope", "s.x", "a.b", "list.0", "o.b.c", "nope.nope"};
    for (guint i = 0; i < G_N_ELEMENTS(absent); i++) {
        assert_null(json_str(frame, absent[i]));
        assert_string_equal(json_str0(frame, absent[i]), "");
        assert_false(json_true(frame, absent[i]));
    }
    assert_int_equal(json_int(frame, "s", -1), -1);
    assert_int_equal(json_int(frame, "o.b", -1), -1);
    assert_int_equal(json_int(NULL, "o.b", -1), -1);
    assert_null(json_get(NULL, "a"));
}

static void test_names_are_matched_whole_and_by_case(void **state)
{
    (void)state;
    g_autoptr(cJSON) object = parse("{\"User\": \"1\", \"user_id\": \"2\", \"us\": \"3\", \"user\": \"4\"}");
    assert_string_equal(json_str(object, "user"), "4");
    assert_string_equal(json_str(object, "us"), "3");
    assert_null(json_str(object, "USER"));
    assert_null(json_str(object, "use"));
}

static void test_an_array_is_indexed_by_digits_only(void **state)
{
    (void)state;
    g_autoptr(cJSON) array = parse("[{\"id\": \"first\"}, {\"id\": \"second\"}]");
    assert_string_equal(json_str(array, "1.id"), "second");
    assert_null(json_get(array, "id"));
    assert_null(json_get(array, "event.id"));
    assert_null(json_get(array, "2"));
    assert_null(json_get(array, "-1"));
    assert_null(json_get(array, "0x1"));
    assert_null(json_get(array, "99999999999999999999"));
    assert_null(json_get(array, ".id"));
}

static void test_numbers_are_exact_or_not_taken(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t number;
    } cases[] = {
        {"1764000000123", 1764000000123},  {"-1764000000123", -1764000000123},
        {"9007199254740992", INT64_C(1) << 53}, {"0", 0}, {"-0", 0}, {"1e3", 1000},
        {"9007199254740994", -1}, {"1.5", -1}, {"1e999", -1}, {"-1e999", -1}, {"1e300", -1}, {"\"7\"", -1},
        {"true", -1}, {"null", -1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"n\": %s}", cases[i].text);
        g_autoptr(cJSON) object = parse(text);
        assert_int_equal(json_int(object, "n", -1), cases[i].number);
    }
}

static void test_hidden_ends_of_text_are_refused(void **state)
{
    (void)state;
    assert_refused("{\"a\": \"x\\u0000y\"}", 17, "contains \\u0000");
    assert_refused("\"\\\\\\u0000\"", 10, "contains \\u0000");
    assert_refused("\"a\0b\"", 5, "not valid UTF-8");
    /* A backslash itself escaped, then ordinary letters. */
    g_autoptr(cJSON) harmless = parse("\"\\\\u0000\"");
    assert_string_equal(json_str(harmless, ""), "\\u0000");
    g_autoptr(cJSON) other = parse("\"\\u0001\\u00e4\"");
    assert_string_equal(json_str(other, ""), "\x01\xc3\xa4");
}

static void test_what_is_not_one_json_value_is_refused(void **state)
{
    (void)state;
    const char *const broken[] = {"", " ", "{", "{\"a\"}", "[1,", "\"open", "nul", "\"\\ud800\"", "\"\\u12\"", "\\"};
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++)
        assert_refused(broken[i], strlen(broken[i]), "not JSON, or nested too deep");
    assert_refused("{} {}", 5, "bytes behind the JSON value");
    assert_refused("1,", 2, "bytes behind the JSON value");
    assert_refused("\"\xc3\"", 3, "not valid UTF-8");
    assert_refused("\"\xed\xa0\x80\"", 5, "not valid UTF-8");
}

static void test_only_the_bytes_given_are_read(void **state)
{
    (void)state;
    g_autoptr(cJSON) tree = json_parse("[1]garbage", 3, NULL);
    assert_non_null(tree);
    char *exact = g_memdup2("[12", 3); /* no room behind: sanitizers watch */
    assert_null(json_parse(exact, 3, NULL));
    g_free(exact);
    char *escape = g_memdup2("\"\\u00", 5);
    assert_null(json_parse(escape, 5, NULL));
    g_free(escape);
}

static void test_nesting_has_an_end(void **state)
{
    (void)state;
    g_autofree char *deep = g_strnfill(100000, '[');
    assert_refused(deep, 100000, "not JSON, or nested too deep");
}

static void test_what_is_written_reads_the_same(void **state)
{
    (void)state;
    g_autoptr(cJSON) object = json_object();
    json_put_str(object, "text", "\"quoted\" \n \x0e küsimus 질문");
    json_put_str(object, "nothing", NULL);
    json_put_int(object, "ms", 1764000000123);
    json_put_int(object, "most", INT64_C(1) << 53);
    json_put_int(object, "us", -1764000000123457);
    json_put_bool(object, "yes", true);
    json_put_bool(object, "no", false);
    cJSON *list = json_array();
    json_push_str(list, "one");
    json_push(list, json_object());
    json_put(object, "list", list);
    g_autofree char *text = json_text(object);
    assert_null(strchr(text, '\n'));
    g_autoptr(cJSON) again = parse(text);
    assert_string_equal(json_str(again, "text"), "\"quoted\" \n \x0e küsimus 질문");
    assert_string_equal(json_str(again, "list.0"), "one");
    assert_null(json_get(again, "nothing"));
    assert_int_equal(json_int(again, "ms", 0), 1764000000123);
    assert_int_equal(json_int(again, "most", 0), INT64_C(1) << 53);
    assert_int_equal(json_int(again, "us", 0), -1764000000123457);
    assert_true(json_true(again, "yes"));
    assert_false(json_true(again, "no"));
}

/* What stands in older databases was printed by cJSON, and is compared with what is printed now. */
static void test_what_is_read_is_written_as_cjson_would(void **state)
{
    (void)state;
    g_autoptr(cJSON) tree = parse("{\"a\":0.1,\"b\":[-1.5,12345678901234567890,1e-7,3,1e300,1764000000123,0.3],"
                                  "\"c\":{\"\\n\":null,\"d\":[[],{}],\"\":\"\\u00e4\\ud83d\\ude00/\\\\\\u0001\"},\"t\":true,\"f\":false}");
    g_autofree char *text = json_text(tree);
    char *theirs = cJSON_PrintUnformatted(tree);
    assert_string_equal(text, theirs);
    cJSON_free(theirs);
    g_autofree char *nothing = json_text(NULL);
    assert_null(nothing);
    /* cJSON shortens this one, and what is read again is another number then. */
    g_autoptr(cJSON) sum = parse("[0.30000000000000004]");
    g_autofree char *exact = json_text(sum);
    assert_string_equal(exact, "[0.30000000000000004]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_written_as_cjson_would),
        cmocka_unit_test(test_a_frame_is_read_by_paths),
        cmocka_unit_test(test_what_is_absent_or_of_another_type_is_told_apart_by_nobody),
        cmocka_unit_test(test_names_are_matched_whole_and_by_case),
        cmocka_unit_test(test_an_array_is_indexed_by_digits_only),
        cmocka_unit_test(test_numbers_are_exact_or_not_taken),
        cmocka_unit_test(test_hidden_ends_of_text_are_refused),
        cmocka_unit_test(test_what_is_not_one_json_value_is_refused),
        cmocka_unit_test(test_only_the_bytes_given_are_read),
        cmocka_unit_test(test_nesting_has_an_end),
        cmocka_unit_test(test_what_is_written_reads_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
