/* askwhy.conf.example is the operator's manual: each option, its words and its default, and nothing else. */
#include "tests/unit/config/place.h"

#include "bot/base/embed.h"

static const char *example(void)
{
    for (const struct embedded_file *file = config_files; file->name != NULL; file++) {
        if (strcmp(file->name, "askwhy.conf.example") == 0)
            return file->data;
    }
    fail_msg("askwhy.conf.example is not linked in");
    return NULL;
}

static void each_option_is_explained_with_its_default(void **state)
{
    (void)state;
    const char *from = example();
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        const struct option *option = &options[i];
        bool has_default = option->default_text != NULL;
        g_autofree char *setting = g_strdup_printf("\n#%s =%s%s\n", option->name, has_default ? " " : "",
                                                   has_default ? option->default_text : "");
        const char *stands = strstr(from, setting);
        if (stands == NULL)
            fail_msg("in the order of options.def, this is missing:%s", setting);
        g_autofree char *words = g_strndup(from, (gsize)(stands - from) + 1);
        g_autofree char *help = g_strdup_printf("\n# %s\n", option->help);
        if (strstr(words, help) == NULL)
            fail_msg("the words of %s differ from options.def: %s", option->name, option->help);
        if (*option->unit != '\0') {
            g_autofree char *unit = g_strdup_printf("# Unit: %s, %d to %d.", option->unit, option->least, option->most);
            assert_non_null(strstr(words, unit));
        }
        assert_int_equal(strstr(words, "(anew)\n#") == NULL && g_str_has_suffix(words, "(anew)\n"),
                         option->reload == OPTION_ANEW);
        assert_int_equal(strstr(words, "Default: not set.") != NULL, !has_default);
        from = stands + 1 + strcspn(stands + 1, "\n");
    }
}

static void taking_away_the_signs_gives_a_good_file_of_nothing_but_defaults(void **state)
{
    (void)state;
    g_autoptr(GRegex) sign = g_regex_new("^#(?=[A-Z])", G_REGEX_MULTILINE, 0, NULL);
    g_autofree char *text = g_regex_replace_literal(sign, example(), -1, 0, "", 0, NULL);
    load_text("");
    g_autoptr(GString) defaults = g_string_new("");
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        g_string_append_printf(defaults, "%s,", config_string(config, (enum config_option)i));
    load_text(text);
    assert_no_errors();
    g_autoptr(GString) read = g_string_new("");
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        g_string_append_printf(read, "%s,", config_string(config, (enum config_option)i));
    assert_string_equal(read->str, defaults->str);
    assert_true(g_str_has_prefix(config_source(config, CONFIG_ASKWHY_LOG), "askwhy.conf:"));
}

static void the_example_itself_sets_nothing(void **state)
{
    (void)state;
    load_text(example());
    assert_no_errors();
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        assert_string_equal(config_source(config, (enum config_option)i), "default");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_option_is_explained_with_its_default, enter, leave),
        cmocka_unit_test_setup_teardown(taking_away_the_signs_gives_a_good_file_of_nothing_but_defaults, enter, leave),
        cmocka_unit_test_setup_teardown(the_example_itself_sets_nothing, enter, leave),
    };
    return cmocka_run_group_tests_name("askwhy.conf.example", tests, NULL, NULL);
}
