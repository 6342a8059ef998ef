/* Buttons and dialogs are believed when they bring back what askwhy signed; what is wrong with the others is said by
 * name, and nothing of them is done. */
#include "desk.h"

/* ---- Buttons ---- */

static void test_a_pressed_button(void **state)
{
    struct desk *desk = *state;
    g_autofree char *body = a_press("why", "12", "{}");
    const struct event *event = believe(desk, CALLBACK_ACTION, body);
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_text(event->action, "why");
    assert_text(event->value, "12");
    assert_text(event->message, POST);
    assert_text(event->channel, CHANNEL);
    assert_text(event->channel_name, "product-asks");
    assert_text(event->user, DANA);
    assert_text(event->user_name, "dana");
    assert_text(event->workspace, TEAM);
    assert_text(event->trigger, TRIGGER);
    assert_true(g_str_has_prefix(event->keys[0], "trigger:"));
    assert_text(event->response_url, NULL);
    assert_false(event->ephemeral);
    assert_text(names_find(desk->names, "dana"), DANA);
}

static void test_a_button_in_a_direct_channel_and_one_without_a_value(void **state)
{
    g_autofree char *body =
        a_press("help", NULL, "{\"team_id\":\"\",\"team_domain\":\"\",\"channel_name\":\"" DANA "__" ASKWHY "\"}");
    const struct event *event = believe(*state, CALLBACK_ACTION, body);
    assert_text(event->value, NULL);
    assert_text(event->workspace, NULL);
    assert_int_equal(event->channel_kind, CHANNEL_DIRECT);
}

static void test_a_choice_in_a_menu_is_the_value(void **state)
{
    g_autoptr(cJSON) context = signed_button(KEY, CHANNEL, "sort", "12");
    json_put_str(context, "selected_option",
                 "by \x12"
                 "age ");
    g_autoptr(cJSON) changes = json_object();
    json_put_str(changes, "type", "select");
    json_put(changes, "context", cJSON_Duplicate(context, true));
    g_autofree char *text = json_text(changes);
    g_autofree char *menu = a_press("sort", "12", text);
    assert_text(believe(*state, CALLBACK_ACTION, menu)->value, "by age");
    json_put_str(changes, "x", "y");
    cJSON_ReplaceItemInObjectCaseSensitive(changes, "type", cJSON_CreateString("button"));
    g_autofree char *as_button = json_text(changes);
    g_autofree char *button = a_press("sort", "12", as_button);
    assert_text(believe(*state, CALLBACK_ACTION, button)->value, "12");
}

static void test_a_button_that_is_not_ours_is_refused(void **state)
{
    struct desk *desk = *state;
    static const char why[] = "a button that is not askwhy's, altered, or of another channel";
    static const char *const changes[] = {
        "{\"context\":true}",
        "{\"context\":{}}",
        "{\"context\":7}",
        "{\"context\":{\"item\":1,\"sig\":\"abc\"}}",
        "{\"context\":{\"a\":\"why\",\"v\":\"12\",\"s\":\"\"}}",
        "{\"channel_id\":\"" ROOT "\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *body = a_press("why", "12", changes[i]);
        refuse(desk, CALLBACK_ACTION, body, 403, why);
    }
    g_autofree char *text = a_press("why", "12", "{}");
    g_autoptr(cJSON) other = json_of(text);
    cJSON *context = cJSON_GetObjectItemCaseSensitive(other, "context");
    cJSON_ReplaceItemInObjectCaseSensitive(context, "v", cJSON_CreateString("13"));
    g_autofree char *altered = json_text(other);
    refuse(desk, CALLBACK_ACTION, altered, 403, why);
    assert_null(names_find(desk->names, "dana"));
}

static void test_a_press_that_lacks_something_is_refused_by_its_name(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"user_id\":true}", "user_id"},
        {"{\"user_id\":7}", "user_id"},
        {"{\"user_name\":{}}", "user_name"},
        {"{\"channel_id\":\"\"}", "channel_id"},
        {"{\"channel_name\":1}", "channel_name"},
        {"{\"team_id\":\"x\"}", "team_id"},
        {"{\"post_id\":true}", "post_id"},
        {"{\"post_id\":\"../x\"}", "post_id"},
        {"{\"trigger_id\":true}", "trigger_id"},
        {"{\"trigger_id\":\"a b\"}", "trigger_id"},
        {"{\"type\":[]}", "type"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = a_press("why", "12", cases[i].change);
        g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        refuse(desk, CALLBACK_ACTION, body, 400, why);
    }
    refuse(desk, CALLBACK_ACTION, "", 400, "not JSON, or nested too deep");
    refuse(desk, CALLBACK_ACTION, "[]", 400, "not a JSON object");
    refuse(desk, CALLBACK_ACTION, "{} x", 400, "bytes behind the JSON value");
    refuse(desk, CALLBACK_ACTION, "{\"user_id\":\"\xff\"}", 400, "not valid UTF-8");
}

/* ---- Dialogs ---- */

static char *signed_state(const char *user, int64_t expires_ms)
{
    struct form *form = form_new("reason", "12 card", "Why", "Save", "Cancel");
    form_add(form, FIELD_TEXT, "body", "Why", false);
    form_add(form, FIELD_CHANNEL, "place", "Where", true);
    form_add(form, FIELD_PERSON, "asker", "Who", true);
    char *state = sign_form(KEY, user, form, "00000000000000ab", expires_ms);
    form_free(form);
    return state;
}

static char *a_submission(const char *state, const char *changes)
{
    g_autoptr(cJSON) body =
        json_of("{\"type\":\"dialog_submission\",\"callback_id\":\"reason\",\"user_id\":\"" DANA "\","
                "\"channel_id\":\"" CHANNEL "\",\"team_id\":\"" TEAM "\",\"cancelled\":false,"
                "\"submission\":{\"body\":\" Acme\\u0011 churns \",\"empty\":\"\",\"kind\":null,\"num\":7,"
                "\"big\":12.5,\"asker\":\"" ELI "\",\"urgent\":true,\"late\":false}}");
    json_put(body, "state", cJSON_CreateString(state));
    change(body, changes);
    return json_text(body);
}

static void test_a_submitted_form(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *body = a_submission(ours, "{}");
    const struct event *event = believe(*state, CALLBACK_DIALOG, body);
    assert_int_equal(event->kind, EVENT_FORM);
    assert_text(event->form, "reason");
    assert_text(event->state, "12 card");
    assert_text(event->view, "00000000000000ab");
    assert_text(event->user, DANA);
    assert_text(event->workspace, TEAM);
    assert_text(event->channel, NULL);
    assert_text(event->keys[0], NULL);
    assert_text(event_field(event, "body"), "Acme churns");
    assert_text(event_field(event, "empty"), NULL);
    assert_text(event_field(event, "kind"), NULL);
    assert_text(event_field(event, "num"), "7");
    assert_text(event_field(event, "big"), "12.5");
    assert_text(event_field(event, "asker"), ELI);
    assert_text(event_field(event, "urgent"), "true");
    assert_text(event_field(event, "late"), "false");
    assert_int_equal(event->n_fields, 8);
}

static void test_a_form_that_was_closed(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const char *const shapes[] = {"{\"submission\":null}", "{\"submission\":{}}", "{\"submission\":true}",
                                         "{}"};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *submitted = a_submission(ours, shapes[i]);
        g_autoptr(cJSON) json = json_of(submitted);
        cJSON_ReplaceItemInObjectCaseSensitive(json, "cancelled", cJSON_CreateTrue());
        g_autofree char *body = json_text(json);
        const struct event *event = believe(*state, CALLBACK_DIALOG, body);
        assert_int_equal(event->kind, EVENT_FORM_CLOSED);
        assert_text(event->form, "reason");
        assert_text(event->keys[0], "closed:00000000000000ab");
        assert_int_equal(event->n_fields, 0);
    }
}

static void test_a_form_with_nothing_in_it(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *body = a_submission(ours, "{\"submission\":null}");
    assert_int_equal(believe(*state, CALLBACK_DIALOG, body)->n_fields, 0);
}

static void test_who_sees_a_form_too_late_or_by_anothers_hand_is_told(void **state)
{
    struct desk *desk = *state;
    g_autofree char *old = signed_state(DANA, NOW), *late = a_submission(old, "{}");
    refuse(desk, CALLBACK_DIALOG, late, 200, "a form that was open for too long");
    g_autoptr(cJSON) answer = json_of(desk->verdict.answer);
    assert_text(json_str(answer, "error"), "too old, " DANA);
    g_autofree char *elis = signed_state(ELI, NOW + 1), *taken = a_submission(elis, "{}");
    refuse(desk, CALLBACK_DIALOG, taken, 200, "a form that was opened for somebody else");
    g_autoptr(cJSON) other = json_of(desk->verdict.answer);
    assert_text(json_str(other, "error"), "of another, " DANA);
}

static void test_a_form_that_is_not_ours_is_refused(void **state)
{
    struct desk *desk = *state;
    static const char why[] = "a form that is not askwhy's, or altered";
    g_autofree char *ours = signed_state(DANA, NOW + 1), *altered = g_strdup(ours);
    altered[strlen(altered) - 3] ^= 1;
    const char *const states[] = {"", "op=1", altered, "........................"};
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autofree char *body = a_submission(states[i], "{}");
        refuse(desk, CALLBACK_DIALOG, body, 403, why);
    }
    g_autofree char *none = a_submission(ours, "{\"state\":null}");
    refuse(desk, CALLBACK_DIALOG, none, 403, why);
}

static void test_a_submission_that_is_none_is_refused(void **state)
{
    struct desk *desk = *state;
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const struct {
        const char *change, *bad;
    } cases[] = {
        {"{\"user_id\":true}", "user_id"},
        {"{\"team_id\":7}", "team_id"},
        {"{\"state\":7}", "state"},
        {"{\"submission\":[]}", "submission"},
        {"{\"submission\":\"x\"}", "submission"},
        {"{\"submission\":{\"a\":{\"b\":[1,2]}}}", "submission"},
        {"{\"submission\":{\"a\":[\"b\"]}}", "submission"},
        {"{\"submission\":{\"a b\":\"c\"}}", "submission"},
        {"{\"submission\":{\"\":\"c\"}}", "submission"},
        {"{\"submission\":{\"a.b\":\"c\"}}", "submission"},
        {"{\"submission\":{\"a\":\"c\",\"a\":\"d\"}}", "submission"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = a_submission(ours, cases[i].change);
        g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", cases[i].bad);
        refuse(desk, CALLBACK_DIALOG, body, 400, why);
    }
    g_autoptr(GString) many = g_string_new("{\"submission\":{\"f\":1");
    for (int i = 0; i < 100; i++)
        g_string_append_printf(many, ",\"f%d\":1", i);
    g_string_append(many, "}}");
    g_autofree char *body = a_submission(ours, many->str);
    refuse(desk, CALLBACK_DIALOG, body, 400, "\"submission\" is missing or of a wrong type");
}

/* Clients send what they like; the server passes it on. */
static void test_people_and_channels_chosen_in_a_form_are_ids(void **state)
{
    struct desk *desk = *state;
    g_autofree char *ours = signed_state(DANA, NOW + 1);
    static const char *const good[] = {"{\"submission\":{\"asker\":\"" ELI "\",\"place\":\"" CHANNEL "\"}}",
                                       "{\"submission\":{\"asker\":null,\"place\":\"\"}}",
                                       "{\"submission\":{\"body\":\"../users/me\"}}"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *body = a_submission(ours, good[i]);
        believe(desk, CALLBACK_DIALOG, body);
    }
    static const char *const bad[] = {"{\"submission\":{\"asker\":\"../users/me\"}}",
                                      "{\"submission\":{\"place\":\"asks\"}}", "{\"submission\":{\"place\":7}}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *body = a_submission(ours, bad[i]);
        refuse(desk, CALLBACK_DIALOG, body, 400, "\"submission\" is missing or of a wrong type");
    }
}

static void test_what_is_typed_into_a_form_is_bounded(void **state)
{
    g_autofree char *ours = signed_state(DANA, NOW + 1), *words = g_strnfill(10000, 'a');
    g_autofree char *submission = g_strdup_printf("{\"submission\":{\"body\":\"%s\"}}", words);
    g_autofree char *body = a_submission(ours, submission);
    assert_int_equal(strlen(event_field(believe(*state, CALLBACK_DIALOG, body), "body")), 3000);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(test_a_pressed_button),
        story(test_a_button_in_a_direct_channel_and_one_without_a_value),
        story(test_a_choice_in_a_menu_is_the_value),
        story(test_a_button_that_is_not_ours_is_refused),
        story(test_a_press_that_lacks_something_is_refused_by_its_name),
        story(test_a_submitted_form),
        story(test_a_form_that_was_closed),
        story(test_a_form_with_nothing_in_it),
        story(test_who_sees_a_form_too_late_or_by_anothers_hand_is_told),
        story(test_a_form_that_is_not_ours_is_refused),
        story(test_a_submission_that_is_none_is_refused),
        story(test_people_and_channels_chosen_in_a_form_are_ids),
        story(test_what_is_typed_into_a_form_is_bounded),
    };
    return cmocka_run_group_tests_name("mattermost_callback", tests, NULL, NULL);
}
