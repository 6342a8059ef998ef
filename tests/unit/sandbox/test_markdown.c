/* Mattermost's notation as a person reads it, and its dialogs as the page's forms. */
#include "bot/sandbox/mattermost/attach.h"
#include "bot/sandbox/mattermost/dialog.h"
#include "bot/sandbox/mattermost/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_a_person_reads_no_formatting_characters(void **state)
{
    (void)state;
    static const char *const read[][2] = {
        {"**bold** and _slant_ and ~~gone~~", "bold and slant and gone"},
        {"***both*** `code *not bold*`", "both code *not bold*"},
        {"[label](https://example.com/a_b) [a\\]b](x)", "label a]b"},
        {"\\*no\\* \\_no\\_ 1 \\< 2", "*no* _no_ 1 < 2"},
        {"snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"},
        {"# Heading\n> quoted", "Heading\n> quoted"},
        {"R&amp;D &lt;fast&gt; &#36;5 &#x2603; &nothing;", "R&D <fast> $5 \u2603 &nothing;"},
        {"&#0; &#1114112; &#99999999999999999999;", "&#0; &#1114112; &#99999999999999999999;"},
        {"**open and `open and [open", "**open and `open and [open"},
        {"", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(read); i++) {
        g_autofree char *plain = markdown_to_plain(read[i][0]);
        assert_string_equal(plain, read[i][1]);
    }
}

static cJSON *json(const char *text)
{
    cJSON *value = json_parse(text, strlen(text), NULL);
    assert_non_null(value);
    return value;
}

static void test_a_dialog_becomes_a_form_and_its_values_a_submission(void **state)
{
    (void)state;
    g_autoptr(cJSON) body = json(
        "{\"trigger_id\":\"t\",\"url\":\"http://bot/\",\"dialog\":{\"callback_id\":\"c\",\"title\":\"Why?\",\"state\":\"s\",\"elements\":["
        "{\"display_name\":\"Why\",\"name\":\"why\",\"type\":\"textarea\"},"
        "{\"display_name\":\"How many\",\"name\":\"n\",\"type\":\"text\",\"subtype\":\"number\",\"optional\":true},"
        "{\"display_name\":\"Part\",\"name\":\"fn\",\"type\":\"select\",\"default\":\"b\",\"options\":[{\"text\":\"A\",\"value\":\"a\"},"
        "{\"text\":\"B\",\"value\":\"b\"}]},"
        "{\"display_name\":\"Who\",\"name\":\"who\",\"type\":\"select\",\"data_source\":\"users\",\"optional\":true},"
        "{\"display_name\":\"Soon\",\"name\":\"soon\",\"type\":\"bool\"}]}}");
    const char *why = NULL;
    g_autoptr(cJSON) view = dialog_view(body, &why);
    assert_non_null(view);
    assert_string_equal(json_str0(view, "blocks.0.label.text"), "Why");
    assert_int_equal(json_int(view, "blocks.0.element.max_length", 0), 3000);
    assert_int_equal(json_int(view, "blocks.1.element.max_length", 0), 150);
    assert_string_equal(json_str0(view, "blocks.2.element.initial_option.value"), "b");
    g_autoptr(cJSON) values = json(
        "{\"why\":{\"value\":{\"type\":\"plain_text_input\",\"value\":\"because\"}},"
        "\"n\":{\"value\":{\"type\":\"number_input\",\"value\":\"7\"}},"
        "\"fn\":{\"value\":{\"type\":\"static_select\",\"selected_option\":{\"value\":\"a\"}}},"
        "\"who\":{\"value\":{\"type\":\"users_select\",\"selected_user\":null}},"
        "\"soon\":{\"value\":{\"type\":\"checkboxes\",\"selected_options\":[]}}}");
    g_autoptr(cJSON) submission = dialog_submission(view, values);
    g_autofree char *text = json_text(submission);
    assert_string_equal(text, "{\"why\":\"because\",\"n\":7,\"fn\":\"a\",\"who\":null,\"soon\":false}");
}

static void test_what_no_client_could_show_is_no_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"dialog\":{\"title\":\"\"}}",
        "{\"dialog\":{\"title\":\"A title of twenty-five char\"}}",
        "{\"dialog\":{\"title\":\"T\",\"elements\":[{\"display_name\":\"D\",\"name\":\"d\",\"type\":\"hologram\"}]}}",
        "{\"dialog\":{\"title\":\"T\",\"elements\":[{\"display_name\":\"A label of twenty-five ch\",\"name\":\"d\",\"type\":\"text\"}]}}",
        "{\"dialog\":{\"title\":\"T\",\"elements\":[{\"display_name\":\"D\",\"name\":\"\",\"type\":\"text\"}]}}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(cJSON) body = json(wrong[i]);
        const char *why = NULL;
        assert_null(dialog_view(body, &why));
        assert_non_null(why);
    }
}

static void test_an_attachment_is_shown_and_counted_as_the_server_keeps_it(void **state)
{
    (void)state;
    g_autoptr(cJSON) given = json("{\"attachments\":[{\"text\":\"a<b\",\"actions\":[{\"type\":\"button\",\"name\":\"Go\",\"style\":\"good\"}]}]}");
    g_autoptr(cJSON) props = attach_complete(given);
    const char *id = json_str0(props, "attachments.0.actions.0.id");
    assert_int_equal(strlen(id), 26); /* one without an id is given one */
    assert_ptr_equal(attach_find(props, id), json_get(props, "attachments.0.actions.0"));
    g_autofree char *text = json_text(props);
    assert_int_equal(attach_length(props), g_utf8_strlen(text, -1) + 5); /* "<" stands there as \u003c */
    g_autoptr(cJSON) blocks = attach_blocks("**words**", props);
    assert_string_equal(json_str0(blocks, "0.text.text"), "**words**");
    assert_null(json_get(blocks, "0.attachment"));
    assert_int_equal(json_int(blocks, "1.attachment", 0), 1);
    assert_string_equal(json_str0(blocks, "2.elements.0.style"), "primary");
    g_autoptr(cJSON) none = json("{\"attachments\":[]}");
    assert_null(attach_blocks("words", none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_person_reads_no_formatting_characters),
        cmocka_unit_test(test_a_dialog_becomes_a_form_and_its_values_a_submission),
        cmocka_unit_test(test_what_no_client_could_show_is_no_form),
        cmocka_unit_test(test_an_attachment_is_shown_and_counted_as_the_server_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
