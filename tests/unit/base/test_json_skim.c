/* Values found in a JSON object of which most is passed over. */
#include "bot/base/json.h"
#include "bot/base/json_skim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool finds(const char *text, const char *path, struct json_want *want)
{
    *want = (struct json_want){.path = path};
    g_autofree char *copy = g_memdup2(text, strlen(text)); /* nothing behind it */
    bool found = json_skim(copy, strlen(text), want, 1);
    if (found)
        want->at = text + (want->at - copy);
    return found;
}

static void assert_value(const char *text, const char *path, const char *value)
{
    struct json_want want;
    if (!finds(text, path, &want))
        fail_msg("no %s in %s", path, text);
    assert_int_equal(want.size, strlen(value));
    assert_memory_equal(want.at, value, want.size);
}

static void test_values_of_all_kinds_are_found_as_they_are_written(void **state)
{
    (void)state;
    static const char text[] = " { \"s\" : \"a\\\"b\" , \"n\":-1.5e3,\"t\":true,\"z\":null,\n\"o\":{\"x\":[1,\"}\"]},"
                               "\"l\":[{\"y\":\"]\"}, 2 ], \"last\":\"\" }";
    assert_value(text, "s", "a\\\"b");
    assert_value(text, "n", "-1.5e3");
    assert_value(text, "t", "true");
    assert_value(text, "z", "null");
    assert_value(text, "o", "{\"x\":[1,\"}\"]}");
    assert_value(text, "o.x", "[1,\"}\"]");
    assert_value(text, "l", "[{\"y\":\"]\"}, 2 ]");
    assert_value(text, "last", "");
}

static void test_nothing_within_a_text_is_a_name(void **state)
{
    (void)state;
    struct json_want want;
    static const char text[] = "{\"message\":\"\\\"id\\\":\\\"evil\\\"\",\"props\":{\"id\":\"inner\"},\"list\":[{\"id\":\"third\"}],"
                               "\"id\":\"right\",\"id\":\"late\"}";
    assert_value(text, "id", "right");
    assert_value(text, "props.id", "inner");
    assert_false(finds("{\"a.b\":1,\"a\":\"b\"}", "a.b", &want));
    assert_false(finds("{\"message\":\"id\",\"ide\":1,\"i\":2}", "id", &want));
    assert_false(finds("{\"\\u0069d\":1}", "id", &want));
}

/* No byte may end a name before its end, nor have the path read behind its own. */
static void test_a_name_with_nothing_in_it_is_another_name(void **state)
{
    (void)state;
    static const char text[] = "{\"seq\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\":3}";
    g_autofree char *path = g_strdup("seq");
    struct json_want want = {.path = path};
    assert_false(json_skim(text, sizeof text - 1, &want, 1));
}

static void test_what_is_no_object_has_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",        "[]",         "null",          "{",         "{\"id",     "{\"id\"",
                                        "{\"id\":", "{\"id\":\"", "{\"id\":\"x",   "{\"id\":\"\\", "{\"id\" 1}", "{id:1}",
                                        "{\"a\":}", "{\"a\":1 \"id\":2}", "{\"a\":[,\"id\":2}", "{\"a\":{]", "{}", "x{\"id\":1}"};
    struct json_want want;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (finds(texts[i], "id", &want))
            fail_msg("found in %s", texts[i]);
    }
}

static void test_it_stops_where_all_is_found(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":\"x\",\"seq\":12,\"rest\":{{{";
    struct json_want wants[] = {{.path = "seq"}, {.path = "id"}};
    assert_true(json_skim(text, strlen(text), wants, 2));
    assert_int_equal(json_want_int(&wants[0]), 12);
    g_autofree char *id = json_want_text(&wants[1]);
    assert_string_equal(id, "x");
    struct json_want more[] = {{.path = "seq"}, {.path = "other"}};
    assert_false(json_skim(text, strlen(text), more, 2));
}

static void test_texts_and_numbers_are_what_they_seem(void **state)
{
    (void)state;
    struct json_want want;
    static const char text[] = "{\"a\":\"1\",\"b\":\"x\\ny\",\"c\":1.5,\"d\":-1,\"e\":1234567890123456,\"f\":0}";
    static const char *const no_number[] = {"a", "c", "d", "e"};
    for (gsize i = 0; i < G_N_ELEMENTS(no_number); i++) {
        assert_true(finds(text, no_number[i], &want));
        assert_true(json_want_int(&want) == -1);
    }
    assert_true(finds(text, "b", &want));
    assert_null(json_want_text(&want));
    assert_true(finds(text, "f", &want));
    assert_null(json_want_text(&want));
    assert_true(json_want_int(&want) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_of_all_kinds_are_found_as_they_are_written),
        cmocka_unit_test(test_nothing_within_a_text_is_a_name),
        cmocka_unit_test(test_a_name_with_nothing_in_it_is_another_name),
        cmocka_unit_test(test_what_is_no_object_has_nothing),
        cmocka_unit_test(test_it_stops_where_all_is_found),
        cmocka_unit_test(test_texts_and_numbers_are_what_they_seem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
