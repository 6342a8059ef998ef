/* A form becomes a dialog that servers from 5.37 on can show. */
#include "bot/mattermost/text.h"
#include "heard.h"
#include "reader.h"

#define KEY "00112233445566778899aabbccddeeff"
#define OP "0123456789abcdef"
#define PING "\x11"

static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "Dana" : NULL;
}

static const struct mattermost_options options = {
    .name = name_of, .callback_url = "http://bot:8600/mattermost", .signing_key = KEY};

static struct form *form_with(enum field_kind kind, const char *label, const char *hint, const char *initial, int max)
{
    struct form *form = form_new("edit", "42", "Edit", "Save", "Cancel");
    struct field *field = form_add(form, kind, "what", label, false);
    field->hint = g_strdup(hint);
    field->initial = g_strdup(initial);
    field->max = max;
    return form;
}

/* Takes form. */
static cJSON *opened(struct form *form)
{
    g_autoptr(cJSON) body = mattermost_dialog(form, "trigger==", DANA, OP, 1000, &options);
    g_autofree char *text = json_text(body);
    form_free(form);
    return json_of(text);
}

static void assert_field(const cJSON *body, const char *type, int max, const char *initial)
{
    const cJSON *element = json_get(body, "dialog.elements.0");
    assert_text(json_str(element, "name"), "what");
    assert_text(json_str(element, "type"), type);
    assert_int_equal(json_int(element, "max_length", 0), max);
    assert_text(json_str(element, "default"), initial);
}

static void test_a_dialog_says_where_it_goes_and_whose_it_is(void **state)
{
    (void)state;
    struct form *form = form_with(FIELD_LINE, "Title", NULL, NULL, 100);
    form->intro = g_strdup("About *this* of " PERSON DANA END);
    g_autoptr(cJSON) body = opened(form);
    assert_text(json_str(body, "trigger_id"), "trigger==");
    assert_text(json_str(body, "url"), "http://bot:8600/mattermost/dialog");
    assert_text(json_str(body, "dialog.title"), "Edit");
    assert_text(json_str(body, "dialog.submit_label"), "Save");
    assert_text(json_str(body, "dialog.introduction_text"), "About \\*this\\* of @" ZW "Dana");
    assert_true(json_true(body, "dialog.notify_on_cancel"));
    assert_false(json_true(body, "dialog.elements.0.optional"));
    struct signed_form back;
    assert_int_equal(sign_check_form(KEY, DANA, json_str(body, "dialog.state"), 1000 + 60 * 60 * 1000, &back), SIGN_GOOD);
    assert_string_equal(back.form, "edit");
    assert_string_equal(back.state, "42");
    assert_string_equal(back.op, OP);
    signed_form_done(&back);
    /* It does not lie open for ever. */
    assert_int_equal(sign_check_form(KEY, DANA, json_str(body, "dialog.state"), 1000 + 48LL * 60 * 60 * 1000, &back),
                     SIGN_EXPIRED);
}

static void test_lines_and_areas(void **state)
{
    (void)state;
    g_autoptr(cJSON) line = opened(form_with(FIELD_LINE, "Title", NULL, "by " PERSON DANA END, 100));
    assert_field(line, "text", 100, "by @Dana");
    g_autoptr(cJSON) untold = opened(form_with(FIELD_LINE, "Title", NULL, NULL, 0));
    assert_field(untold, "text", 150, NULL);
    /* A line of Mattermost holds 150 characters; what may be longer gets an area. */
    g_autoptr(cJSON) longer = opened(form_with(FIELD_LINE, "Title", NULL, NULL, 200));
    assert_field(longer, "textarea", 200, NULL);
    g_autofree char *words = g_strnfill(151, 'x');
    g_autoptr(cJSON) full = opened(form_with(FIELD_LINE, "Title", NULL, words, 0));
    assert_field(full, "textarea", 3000, words);
    g_autoptr(cJSON) lines = opened(form_with(FIELD_LINE, "Title", NULL, "a\nb", 0));
    assert_field(lines, "textarea", 3000, "a\nb");
    g_autoptr(cJSON) area = opened(form_with(FIELD_TEXT, "Why", NULL, "*a*\n@here", 0));
    assert_field(area, "textarea", 3000, "*a*\n@here"); /* no Markdown is read there */
    g_autofree char *much = g_strnfill(4000, 'x');
    g_autoptr(cJSON) cut = opened(form_with(FIELD_TEXT, "Why", NULL, much, 0));
    assert_int_equal(g_utf8_strlen(json_str0(cut, "dialog.elements.0.default"), -1), 3000);
}

static void test_choices(void **state)
{
    (void)state;
    struct form *form = form_with(FIELD_CHOICE, "State", NULL, "b", 0);
    field_add_option(&form->fields[0], "a", "Open *now*");
    field_add_option(&form->fields[0], "b", NULL);
    field_add_option(&form->fields[0], "", "nothing");
    g_autoptr(cJSON) few = opened(form);
    assert_field(few, "radio", 0, "b");
    assert_int_equal(cJSON_GetArraySize(json_get(few, "dialog.elements.0.options")), 2);
    assert_text(json_str(few, "dialog.elements.0.options.0.text"), "Open *now*");
    assert_text(json_str(few, "dialog.elements.0.options.0.value"), "a");
    assert_text(json_str(few, "dialog.elements.0.options.1.text"), "b");
    form = form_with(FIELD_CHOICE, "State", NULL, "gone", 0);
    form->fields[0].optional = true;
    field_add_option(&form->fields[0], "a", "A");
    g_autoptr(cJSON) optional = opened(form);
    assert_field(optional, "select", 0, NULL);
    assert_true(json_true(optional, "dialog.elements.0.optional"));
    form = form_with(FIELD_CHOICE, "State", NULL, NULL, 0);
    g_autoptr(cJSON) none = opened(form);
    assert_int_equal(cJSON_GetArraySize(json_get(none, "dialog.elements")), 0);
}

static void test_people_channels_and_days(void **state)
{
    (void)state;
    g_autoptr(cJSON) person = opened(form_with(FIELD_PERSON, "Owner", NULL, DANA, 0));
    assert_field(person, "select", 0, DANA);
    assert_text(json_str(person, "dialog.elements.0.data_source"), "users");
    g_autoptr(cJSON) channel = opened(form_with(FIELD_CHANNEL, "Where", NULL, "no id", 0));
    assert_field(channel, "select", 0, NULL);
    assert_text(json_str(channel, "dialog.elements.0.data_source"), "channels");
    g_autoptr(cJSON) day = opened(form_with(FIELD_DATE, "Due", NULL, "2026-03-14", 0));
    assert_field(day, "text", 150, "2026-03-14");
    assert_text(json_str(day, "dialog.elements.0.help_text"), "2026-03-14"); /* how one is typed */
    g_autoptr(cJSON) hinted = opened(form_with(FIELD_DATE, "Due", "The last day", NULL, 0));
    assert_text(json_str(hinted, "dialog.elements.0.help_text"), "2026-03-14 – The last day");
}

static void test_words_fit_or_go_on_below(void **state)
{
    (void)state;
    g_autofree char *label = g_strdup("What would change for the customer?");
    g_autofree char *hint = g_strnfill(300, 'h');
    struct form *form = form_with(FIELD_LINE, label, "In a sentence", NULL, 0);
    g_free(form->title);
    form->title = g_strdup("A title that is much too long for it");
    g_autoptr(cJSON) body = opened(form);
    assert_true(g_utf8_strlen(json_str0(body, "dialog.title"), -1) <= 24);
    assert_true(g_utf8_strlen(json_str0(body, "dialog.elements.0.display_name"), -1) <= 24);
    assert_true(g_str_has_suffix(json_str0(body, "dialog.elements.0.display_name"), "…"));
    assert_text(json_str(body, "dialog.elements.0.help_text"), "What would change for the customer? – In a sentence");
    g_autoptr(cJSON) named = opened(form_with(FIELD_TEXT, "Why: what does it make possible, and for whom?", "One line", NULL, 0));
    assert_text(json_str(named, "dialog.elements.0.display_name"), "Why");
    assert_text(json_str(named, "dialog.elements.0.help_text"), "What does it make possible, and for whom? – One line");
    g_autoptr(cJSON) longest = opened(form_with(FIELD_LINE, "Title", hint, NULL, 0));
    assert_int_equal(g_utf8_strlen(json_str0(longest, "dialog.elements.0.help_text"), -1), 150);
    assert_text(json_str(longest, "dialog.elements.0.display_name"), "Title");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_dialog_says_where_it_goes_and_whose_it_is),
        cmocka_unit_test(test_lines_and_areas),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_people_channels_and_days),
        cmocka_unit_test(test_words_fit_or_go_on_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
