/* Messages and forms are built, kept as JSON and come back the same. */
#include "bot/base/json.h"
#include "bot/chat/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Through the text the outbox stores. */
static struct message *message_kept(const struct message *message)
{
    g_autofree char *text = message_to_json(message);
    g_autoptr(cJSON) read = json_parse(text, strlen(text), NULL);
    assert_non_null(read);
    return message_from_json(read);
}

static struct form *form_kept(const struct form *form)
{
    g_autofree char *text = form_to_json(form);
    g_autoptr(cJSON) read = json_parse(text, strlen(text), NULL);
    assert_non_null(read);
    return form_from_json(read);
}

static struct message *message_read(const char *text)
{
    g_autoptr(cJSON) read = json_parse(text, strlen(text), NULL);
    assert_non_null(read);
    return message_from_json(read);
}

static void test_a_text_is_its_own_fallback(void **state)
{
    (void)state;
    struct message *message = message_text("why?");
    assert_string_equal(message->fallback, "why?");
    assert_int_equal(message->n_parts, 1);
    assert_int_equal(message->parts[0].kind, PART_TEXT);
    assert_string_equal(message->parts[0].text, "why?");
    assert_true(message->quiet_links);
    message_free(message);
}

static void test_buttons_side_by_side_share_a_row(void **state)
{
    (void)state;
    struct message *message = message_new("ask 1");
    message_add(message, PART_TEXT, "first");
    message_add_button(message, "skip", "1", "Skip", BUTTON_PLAIN);
    message_add_button(message, "later", "1", "Later", BUTTON_PLAIN);
    message_add(message, PART_DIVIDER, NULL);
    message_add_button(message, "drop", "1", "Drop", BUTTON_DANGER);
    assert_int_equal(message->n_parts, 4);
    assert_int_equal(message->parts[1].kind, PART_BUTTONS);
    assert_int_equal(message->parts[1].n_buttons, 2);
    assert_string_equal(message->parts[1].buttons[1].action, "later");
    assert_int_equal(message->parts[3].n_buttons, 1);
    message_free(message);
}

static void test_a_message_survives_being_kept(void **state)
{
    (void)state;
    struct message *message = message_new("Ask \"1\" küsimus\n질문");
    message->quiet_links = false;
    message_add(message, PART_HEADING, "\x0e" "bold\x1e");
    message_add(message, PART_NOTE, "");
    message_add(message, PART_DIVIDER, NULL);
    message_add_button(message, "skip", NULL, "Skip", BUTTON_PRIMARY);
    message_add_button(message, "drop", "17", "Drop", BUTTON_DANGER);
    message_add(message, PART_BUTTONS, NULL); /* a second row right below */
    message_add_button(message, "home", "h", "Home", BUTTON_PLAIN);
    struct message *kept = message_kept(message);
    assert_string_equal(kept->fallback, message->fallback);
    assert_false(kept->quiet_links);
    assert_int_equal(kept->n_parts, 5);
    for (int i = 0; i < kept->n_parts; i++) {
        const struct part *was = &message->parts[i], *is = &kept->parts[i];
        assert_int_equal(is->kind, was->kind);
        assert_int_equal(g_strcmp0(is->text, was->text), 0);
        assert_int_equal(is->n_buttons, was->n_buttons);
        for (int b = 0; b < is->n_buttons; b++) {
            assert_string_equal(is->buttons[b].action, was->buttons[b].action);
            assert_int_equal(g_strcmp0(is->buttons[b].value, was->buttons[b].value), 0);
            assert_string_equal(is->buttons[b].label, was->buttons[b].label);
            assert_int_equal(is->buttons[b].style, was->buttons[b].style);
        }
    }
    message_free(kept);
    message_free(message);
}

static void test_json_that_is_no_message_does_no_harm(void **state)
{
    (void)state;
    assert_null(message_from_json(NULL));
    assert_null(message_read("[]"));
    assert_null(message_read("\"text\""));
    const char *const odd[] = {
        "{}",
        "{\"fallback\": 1, \"parts\": {\"a\": 1, \"b\": \"x\"}}",
        "{\"parts\": [null, 7, [], {\"kind\": \"text\", \"text\": {}, \"buttons\": {\"a\": 1}}]}",
        "{\"parts\": \"none\", \"quiet_links\": \"no\"}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
        struct message *message = message_read(odd[i]);
        assert_non_null(message);
        assert_string_equal(message->fallback, "");
        assert_true(message->quiet_links);
        struct message *kept = message_kept(message);
        assert_int_equal(kept->n_parts, message->n_parts);
        message_free(kept);
        message_free(message);
    }
}

static void test_unknown_kinds_become_plain_ones(void **state)
{
    (void)state;
    struct message *message = message_read("{\"parts\": [{\"kind\": 99, \"text\": \"a\"}, {\"kind\": -1},"
                                           "{\"kind\": 3, \"buttons\": [{\"action\": \"x\", \"style\": 1e9}]}]}");
    assert_int_equal(message->parts[0].kind, PART_TEXT);
    assert_int_equal(message->parts[1].kind, PART_TEXT);
    assert_int_equal(message->parts[2].buttons[0].style, BUTTON_PLAIN);
    assert_string_equal(message->parts[2].buttons[0].label, "");
    message_free(message);
}

static void test_a_form_survives_being_kept(void **state)
{
    (void)state;
    struct form *form = form_new("answer", "ask=17", "Why?", "Save", "Cancel");
    form->intro = g_strdup("For *everyone*");
    form->instead = g_strdup("/why 1");
    struct field *text = form_add(form, FIELD_TEXT, "why", "Reason", false);
    text->hint = g_strdup("in a sentence");
    text->initial = g_strdup("because");
    text->max = 3000;
    struct field *choice = form_add(form, FIELD_CHOICE, "evidence", "Evidence", true);
    field_add_option(choice, "none", "None");
    field_add_option(choice, "measured", "Measured");
    form_add(form, FIELD_DATE, "by", "Deadline", true);
    struct form *kept = form_kept(form);
    assert_string_equal(kept->id, "answer");
    assert_string_equal(kept->state, "ask=17");
    assert_string_equal(kept->title, "Why?");
    assert_string_equal(kept->submit, "Save");
    assert_string_equal(kept->cancel, "Cancel");
    assert_string_equal(kept->intro, "For *everyone*");
    assert_string_equal(kept->instead, "/why 1");
    assert_int_equal(kept->n_fields, 3);
    assert_int_equal(kept->fields[0].kind, FIELD_TEXT);
    assert_string_equal(kept->fields[0].hint, "in a sentence");
    assert_string_equal(kept->fields[0].initial, "because");
    assert_int_equal(kept->fields[0].max, 3000);
    assert_false(kept->fields[0].optional);
    assert_int_equal(kept->fields[1].n_options, 2);
    assert_string_equal(kept->fields[1].options[1].value, "measured");
    assert_string_equal(kept->fields[1].options[1].label, "Measured");
    assert_true(kept->fields[1].optional);
    assert_int_equal(kept->fields[2].kind, FIELD_DATE);
    assert_null(kept->fields[2].hint);
    assert_null(kept->fields[2].initial);
    form_free(kept);
    form_free(form);
}

static void test_json_that_is_no_form_does_no_harm(void **state)
{
    (void)state;
    assert_null(form_from_json(NULL));
    const char text[] = "{\"id\": 7, \"fields\": [1, {\"kind\": 77, \"max\": -5, \"options\": [2, {}]}, {\"max\": 1e15}]}";
    g_autoptr(cJSON) json = json_parse(text, strlen(text), NULL);
    struct form *form = form_from_json(json);
    assert_null(form->id);
    assert_int_equal(form->n_fields, 3);
    assert_int_equal(form->fields[1].kind, FIELD_LINE);
    assert_int_equal(form->fields[1].max, 0);
    assert_int_equal(form->fields[1].n_options, 2);
    assert_string_equal(form->fields[1].options[0].value, "");
    assert_int_equal(form->fields[2].max, G_MAXINT);
    struct form *kept = form_kept(form);
    assert_int_equal(kept->n_fields, 3);
    form_free(kept);
    form_free(form);
}

static void test_nothing_is_freed_safely(void **state)
{
    (void)state;
    message_free(NULL);
    form_free(NULL);
    form_free(form_new(NULL, NULL, NULL, NULL, NULL));
    message_free(message_new(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_its_own_fallback),
        cmocka_unit_test(test_buttons_side_by_side_share_a_row),
        cmocka_unit_test(test_a_message_survives_being_kept),
        cmocka_unit_test(test_json_that_is_no_message_does_no_harm),
        cmocka_unit_test(test_unknown_kinds_become_plain_ones),
        cmocka_unit_test(test_a_form_survives_being_kept),
        cmocka_unit_test(test_json_that_is_no_form_does_no_harm),
        cmocka_unit_test(test_nothing_is_freed_safely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
