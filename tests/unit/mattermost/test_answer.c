/* What is said back to a command, a pressed button or a submitted form: always JSON, never a change of a post. */
#include "desk.h"

static cJSON *answer_of(enum event_kind kind, const struct answer *answer)
{
    struct event *event = event_new(kind, "mattermost");
    event->channel = g_strdup(CHANNEL);
    g_autofree char *body = mattermost_answer(event, answer, &options);
    event_free(event);
    return json_of(body);
}

static struct message *a_message(bool buttons)
{
    struct message *message = message_new("saved");
    message_add(message, PART_TEXT, "Saved by \x12" DANA "\x1e.");
    message_add(message, PART_NOTE, "small *print*");
    if (buttons)
        message_add_button(message, "why", "12", "Why?", BUTTON_PRIMARY);
    return message;
}

static void test_nothing_to_say_is_an_answer_too(void **state)
{
    (void)state;
    static const enum event_kind kinds[] = {EVENT_COMMAND, EVENT_BUTTON, EVENT_FORM, EVENT_FORM_CLOSED};
    static const struct answer nothing = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(cJSON) none = answer_of(kinds[i], NULL);
        g_autoptr(cJSON) empty = answer_of(kinds[i], &nothing);
        assert_true(cJSON_Compare(none, empty, true));
        assert_int_equal(cJSON_GetArraySize(none), kinds[i] == EVENT_COMMAND ? 1 : 0);
        assert_text(json_str(none, "response_type"), kinds[i] == EVENT_COMMAND ? "ephemeral" : NULL);
    }
}

static void test_a_command_is_answered_privately_with_buttons_that_come_back(void **state)
{
    struct message *message = a_message(true);
    struct answer answer = {.message = message};
    g_autoptr(cJSON) body = answer_of(EVENT_COMMAND, &answer);
    assert_text(json_str(body, "response_type"), "ephemeral");
    assert_non_null(strstr(json_str0(body, "text"), "Dana Reyes"));
    assert_true(json_true(body, "skip_slack_parsing"));
    assert_null(json_get(body, "props"));
    const cJSON *action = json_get(body, "attachments.0.actions.0");
    assert_text(json_str(action, "name"), "Why?");
    g_autofree char *context = json_text(json_get(action, "integration.context"));
    g_autofree char *changes = g_strdup_printf("{\"context\":%s}", context);
    g_autofree char *press = a_press("other", "1", changes);
    const struct event *event = believe(*state, CALLBACK_ACTION, press);
    assert_text(event->action, "why");
    assert_text(event->value, "12");
    message_free(message);
}

static void test_a_pressed_button_is_answered_beside_it(void **state)
{
    (void)state;
    struct message *message = a_message(false);
    struct answer answer = {.message = message};
    g_autoptr(cJSON) body = answer_of(EVENT_BUTTON, &answer);
    assert_non_null(strstr(json_str0(body, "ephemeral_text"), "Dana Reyes"));
    assert_non_null(strstr(json_str0(body, "ephemeral_text"), "\n\n"));
    assert_true(json_true(body, "skip_slack_parsing"));
    assert_null(json_get(body, "update"));
    assert_null(json_get(body, "attachments"));
    message_free(message);
}

static void test_what_is_wrong_with_a_form_stands_below_its_fields(void **state)
{
    (void)state;
    struct form_value errors[] = {{.name = (char *)"title",
                                   .value = (char *)"Say it in \x0e"
                                                    "words\x1e"},
                                  {.name = (char *)"title", .value = (char *)"again"},
                                  {.name = (char *)"when", .value = NULL}};
    struct answer answer = {.errors = errors, .n_errors = 3};
    g_autoptr(cJSON) body = answer_of(EVENT_FORM, &answer);
    assert_text(json_str(body, "errors.title"), "Say it in words");
    assert_text(json_str(body, "errors.when"), "?");
    assert_int_equal(cJSON_GetArraySize(json_get(body, "errors")), 2);
    assert_int_equal(cJSON_GetArraySize(body), 1);
}

static void test_what_an_answer_carries(void **state)
{
    (void)state;
    struct event *command = event_new(EVENT_COMMAND, "mattermost"), *button = event_new(EVENT_BUTTON, "mattermost"),
                 *form = event_new(EVENT_FORM, "mattermost"), *mention = event_new(EVENT_MENTION, "mattermost");
    g_autofree char *words = g_strnfill(50000, 'a');
    struct message *plain = a_message(false), *pressable = a_message(true), *huge = message_text(words);
    assert_true(mattermost_carries(command, plain) && mattermost_carries(command, pressable));
    assert_true(mattermost_carries(button, plain));
    assert_false(mattermost_carries(button, pressable));
    assert_false(mattermost_carries(command, huge) || mattermost_carries(button, huge));
    assert_false(mattermost_carries(form, plain) || mattermost_carries(mention, plain));
    event_free(command);
    event_free(button);
    event_free(form);
    event_free(mention);
    message_free(plain);
    message_free(pressable);
    message_free(huge);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_nothing_to_say_is_an_answer_too),
        story(test_a_command_is_answered_privately_with_buttons_that_come_back),
        story(test_a_pressed_button_is_answered_beside_it),
        story(test_what_is_wrong_with_a_form_stands_below_its_fields),
        story(test_what_an_answer_carries),
    };
    return cmocka_run_group_tests_name("mattermost_answer", tests, NULL, NULL);
}
