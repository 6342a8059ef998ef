/* What askwhy gives away comes back as it was, from whom and where it was given, or is refused. */
#include "heard.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_KEY "10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_CHANNEL "8gd3m1po43gnieiw1m6ceow39w"

static const char *action, *value;

static void test_a_button_comes_back(void **state)
{
    (void)state;
    g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "voice", "7:" PERSON DANA END);
    assert_true(sign_check_button(KEY, CHANNEL, context, &action, &value));
    assert_string_equal(action, "voice");
    assert_string_equal(value, "7:" PERSON DANA END);
    g_autoptr(cJSON) bare = signed_button(KEY, CHANNEL, "list", NULL);
    assert_true(sign_check_button(KEY, CHANNEL, bare, &action, &value));
    assert_null(value);
    /* Short: an old server has room for few. */
    g_autofree char *text = json_text(bare);
    assert_true(strlen(text) < 60);
}

static void test_an_altered_button_is_refused(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "{\"a\":\"drop\"}", "{\"v\":\"8\"}", "{\"v\":true}", "{\"a\":true}", "{\"s\":true}", "{\"s\":\"\"}",
        "{\"s\":7}", "{\"v\":7}", "{\"a\":\"voice7\",\"v\":\"\"}", "{\"a\":\"\",\"v\":\"voice7\"}",
        "{\"s\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", "{\"s\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "voice", "7");
        change(context, changes[i]);
        if (sign_check_button(KEY, CHANNEL, context, &action, &value))
            fail_msg("taken with %s", changes[i]);
        assert_null(action);
        assert_null(value);
    }
    g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "voice", "7");
    assert_false(sign_check_button(KEY, OTHER_CHANNEL, context, &action, &value));
    assert_false(sign_check_button(KEY, NULL, context, &action, &value));
    assert_false(sign_check_button(OTHER_KEY, CHANNEL, context, &action, &value));
    assert_false(sign_check_button(KEY, CHANNEL, NULL, &action, &value));
    /* What the server itself adds, a menu's choice, changes nothing. */
    change(context, "{\"selected_option\":\"x\"}");
    assert_true(sign_check_button(KEY, CHANNEL, context, &action, &value));
}

static void test_every_bit_of_a_signature_counts(void **state)
{
    (void)state;
    g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "voice", "7");
    g_autofree char *right = g_strdup(json_str(context, "s"));
    for (gsize i = 0; i < strlen(right); i++) {
        g_autofree char *wrong = g_strdup(right);
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        g_autofree char *changed = g_strdup_printf("{\"s\":\"%s\"}", wrong);
        g_autoptr(cJSON) copy = cJSON_Duplicate(context, true);
        change(copy, changed);
        assert_false(sign_check_button(KEY, CHANNEL, copy, &action, &value));
    }
}

static struct form *edit_form(void)
{
    return form_new("edit", "42 \"why\" 한글", "Edit", "Save", "Cancel");
}

static void test_a_form_comes_back(void **state)
{
    (void)state;
    struct form *form = edit_form();
    g_autofree char *text = sign_form(KEY, DANA, form, "0123456789abcdef", 2000);
    struct signed_form back;
    assert_int_equal(sign_check_form(KEY, DANA, text, 1999, &back), SIGN_GOOD);
    assert_string_equal(back.form, "edit");
    assert_string_equal(back.state, "42 \"why\" 한글");
    assert_string_equal(back.op, "0123456789abcdef");
    signed_form_done(&back);
    assert_null(back.form);
    g_free(form->state);
    form->state = NULL;
    g_autofree char *bare = sign_form(KEY, DANA, form, "0123456789abcdef", 2000);
    assert_int_equal(sign_check_form(KEY, DANA, bare, 0, &back), SIGN_GOOD);
    assert_null(back.state);
    signed_form_done(&back);
    form_free(form);
}

static void test_a_form_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    struct form *form = edit_form();
    g_autofree char *text = sign_form(KEY, DANA, form, "0123456789abcdef", 2000);
    struct signed_form back;
    assert_int_equal(sign_check_form(KEY, DANA, text, 2000, &back), SIGN_EXPIRED);
    assert_int_equal(sign_check_form(KEY, ELI, text, 1000, &back), SIGN_OF_ANOTHER);
    assert_int_equal(sign_check_form(KEY, NULL, text, 1000, &back), SIGN_OF_ANOTHER);
    assert_int_equal(sign_check_form(OTHER_KEY, DANA, text, 1000, &back), SIGN_FORGED);
    assert_null(back.form);
    for (gsize i = 0; i < strlen(text); i++) {
        g_autofree char *wrong = g_strdup(text);
        wrong[i] = wrong[i] == '1' ? '2' : '1';
        assert_int_equal(sign_check_form(KEY, DANA, wrong, 1000, &back), SIGN_FORGED);
    }
    g_autofree char *longer = g_strconcat(text, " ", NULL);
    assert_int_equal(sign_check_form(KEY, DANA, longer, 1000, &back), SIGN_FORGED);
    g_autofree char *huge = g_strnfill(1 << 20, 'A');
    static const char *const nonsense[] = {"", "x", "{}", ".", "AAAAAAAAAAAAAAAAAAAAAA.", "AAAAAAAAAAAAAAAAAAAAAA.{}"};
    for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++)
        assert_int_equal(sign_check_form(KEY, DANA, nonsense[i], 1000, &back), SIGN_FORGED);
    assert_int_equal(sign_check_form(KEY, DANA, huge, 1000, &back), SIGN_FORGED);
    assert_int_equal(sign_check_form(KEY, DANA, NULL, 1000, &back), SIGN_FORGED);
    form_free(form);
}

static void test_one_purpose_does_not_serve_another(void **state)
{
    (void)state;
    /* The signature of a button whose words are a form's. */
    static const char said[] = "{\"f\":\"edit\",\"u\":\"" DANA "\",\"o\":\"0123456789abcdef\",\"e\":2000}";
    struct signed_form back;
    static const char *const channels[] = {"", "form", CHANNEL};
    for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
        g_autoptr(cJSON) context = signed_button(KEY, channels[i], said, NULL);
        g_autofree char *text = g_strconcat(json_str(context, "s"), ".", said, NULL);
        assert_int_equal(sign_check_form(KEY, DANA, text, 1000, &back), SIGN_FORGED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_button_comes_back),
        cmocka_unit_test(test_an_altered_button_is_refused),
        cmocka_unit_test(test_every_bit_of_a_signature_counts),
        cmocka_unit_test(test_a_form_comes_back),
        cmocka_unit_test(test_a_form_says_what_is_wrong_with_it),
        cmocka_unit_test(test_one_purpose_does_not_serve_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
