/* Messages and forms fit into Slack's limits whatever they say, and never say more than they should. */
#include "story.h"

#include "bot/slack/text.h"

#define PING "\x11"
#define PERSON "\x12"
#define END "\x1e"
#define BOLD "\x0e"

static char *repeated(const char *text, int times)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < times; i++)
        g_string_append(out, text);
    return g_string_free(out, FALSE);
}

/* Every text object, id, value and count within what docs.slack.dev allows. */
static cJSON *read_back(char *json)
{
    g_autofree char *text = json;
    cJSON *tree = json_parse(text, strlen(text), NULL);
    assert_non_null(tree);
    return tree;
}

static void assert_within_limits(const cJSON *blocks, int max)
{
    assert_true(cJSON_GetArraySize(blocks) <= max);
    const cJSON *block, *element;
    cJSON_ArrayForEach(block, blocks)
    {
        const char *type = json_str(block, "type"), *text = json_str(block, "text.text");
        if (strcmp(type, "section") == 0)
            assert_true(text != NULL && *text != '\0' && slack_length(text) <= 3000);
        if (strcmp(type, "header") == 0)
            assert_true(text != NULL && *text != '\0' && slack_length(text) <= 150);
        const cJSON *elements = json_get(block, "elements");
        assert_true(cJSON_GetArraySize(elements) <= 25);
        cJSON_ArrayForEach(element, elements)
        {
            if (strcmp(type, "context") == 0)
                assert_true(slack_length(json_str(element, "text")) <= 3000);
            if (strcmp(type, "actions") == 0) {
                assert_true(slack_length(json_str(element, "text.text")) <= 75);
                assert_true(slack_length(json_str0(element, "value")) <= 2000);
            }
        }
    }
}

static void test_a_card(void **state)
{
    (void)state;
    struct message *card = message_new("#1 Add SSO");
    message_add(card, PART_HEADING, "#1 Add SSO");
    message_add(card, PART_TEXT, BOLD "Why" END " " PERSON "U1" END " said: a < b");
    message_add(card, PART_DIVIDER, NULL);
    message_add(card, PART_NOTE, "raised today");
    message_add_button(card, "same", "1", "I need this too", BUTTON_PRIMARY);
    message_add_button(card, "drop", "1", "Withdraw", BUTTON_DANGER);
    g_autoptr(cJSON) blocks = read_back(slack_blocks(card));
    g_autofree char *text = json_text(blocks);
    assert_string_equal(
        text,
        "[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"#1 Add SSO\",\"emoji\":true}},"
        "{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"*Why* <@U1> said: a &lt; "
        "b\",\"verbatim\":true}},"
        "{\"type\":\"divider\"},"
        "{\"type\":\"context\",\"elements\":[{\"type\":\"mrkdwn\",\"text\":\"raised "
        "today\",\"verbatim\":true}]},"
        "{\"type\":\"actions\",\"elements\":["
        "{\"type\":\"button\",\"action_id\":\"same\",\"text\":{\"type\":\"plain_text\",\"text\":\"I need "
        "this too\","
        "\"emoji\":true},\"value\":\"1\",\"style\":\"primary\"},"
        "{\"type\":\"button\",\"action_id\":\"drop\",\"text\":{\"type\":\"plain_text\",\"text\":\"Withdraw\","
        "\"emoji\":true},\"value\":\"1\",\"style\":\"danger\"}]}]");
    message_free(card);
}

static void test_a_long_paragraph_becomes_several(void **state)
{
    (void)state;
    g_autofree char *line = repeated("word ", 100), *long_text = repeated("a & b < c\n", 900);
    struct message *message = message_new(line);
    message_add(message, PART_TEXT, long_text);
    message_add(message, PART_NOTE, long_text);
    g_autoptr(cJSON) blocks = read_back(slack_blocks(message));
    assert_within_limits(blocks, 50);
    assert_true(cJSON_GetArraySize(blocks) > 8);
    GString *all = g_string_new(NULL);
    const cJSON *block;
    cJSON_ArrayForEach(block, blocks)
    {
        if (json_str(block, "text.text") != NULL)
            g_string_append_printf(all, "%s\n", json_str(block, "text.text"));
    }
    g_string_replace(all, "&amp;", "&", 0);
    g_string_replace(all, "&lt;", "<", 0);
    assert_string_equal(all->str, long_text); /* nothing lost, nothing torn */
    g_string_free(all, TRUE);
    message_free(message);
}

static void test_too_many_blocks_are_joined_and_at_last_cut_with_a_sign(void **state)
{
    (void)state;
    struct message *many = message_new("many");
    for (int i = 0; i < 80; i++)
        message_add(many, PART_TEXT, "a line");
    g_autoptr(cJSON) joined = read_back(slack_blocks(many));
    assert_within_limits(joined, 50);
    g_autofree char *text = json_text(joined);
    int lines = 0;
    for (const char *at = text; (at = strstr(at, "a line")) != NULL; at++)
        lines++;
    assert_int_equal(lines, 80);
    for (int i = 0; i < 80; i++)
        message_add(many, PART_DIVIDER, NULL);
    g_autoptr(cJSON) cut = read_back(slack_blocks(many));
    assert_int_equal(cJSON_GetArraySize(cut), 50);
    assert_string_equal(json_str(cut, "49.elements.0.text"), "…");
    g_autoptr(cJSON) home = read_back(slack_home(many));
    assert_string_equal(json_str(home, "type"), "home");
    assert_within_limits(json_get(home, "blocks"), 100);
    message_free(many);
}

static void test_buttons_by_the_dozen(void **state)
{
    (void)state;
    g_autofree char *label = repeated("왜?", 60), *value = repeated("v", 3000);
    struct message *message = message_new("x");
    for (int i = 0; i < 60; i++)
        message_add_button(message, "pick", value, label, BUTTON_PLAIN);
    g_autoptr(cJSON) blocks = read_back(slack_blocks(message));
    assert_int_equal(cJSON_GetArraySize(blocks), 3);
    assert_within_limits(blocks, 50);
    /* Ids are unique; what the decoder reads back is the same action. */
    assert_string_equal(json_str(blocks, "0.elements.0.action_id"), "pick");
    assert_string_equal(json_str(blocks, "0.elements.1.action_id"), "pick:2");
    assert_string_equal(json_str(blocks, "2.elements.9.action_id"), "pick:60");
    message_free(message);
}

static void test_a_heading_that_is_no_header_is_bold(void **state)
{
    (void)state;
    g_autofree char *wide = repeated("x", 200);
    struct message *message = message_new("x");
    message_add(message, PART_HEADING, wide);
    message_add(message, PART_HEADING, "for " PING "U1" END);
    message_add(message, PART_HEADING, "");
    message_add(message, PART_TEXT, "");
    g_autoptr(cJSON) blocks = read_back(slack_blocks(message));
    assert_int_equal(cJSON_GetArraySize(blocks), 2);
    g_autofree char *bold = g_strdup_printf("*%s*", wide);
    assert_string_equal(json_str(blocks, "0.text.text"), bold);
    assert_string_equal(json_str(blocks, "1.text.text"), "*for <@U1>*");
    message_free(message);
}

static void test_a_persons_words_stay_words_in_every_place(void **state)
{
    (void)state;
    static const char hostile[] =
        "<!channel> <@U9> &lt;!here&gt; \"]}, {\"type\":\"x\"}` \\u003c!here> @everyone";
    struct message *message = message_new(hostile);
    for (int kind = PART_TEXT; kind <= PART_HEADING; kind++)
        message_add(message, (enum part_kind)kind, hostile);
    message_add_button(message, "go", hostile, hostile, BUTTON_PLAIN);
    g_autoptr(cJSON) blocks = read_back(slack_blocks(message));
    assert_int_equal(cJSON_GetArraySize(blocks), 4);
    const cJSON *block;
    cJSON_ArrayForEach(block, blocks)
    {
        const char *mrkdwn = strcmp(json_str(block, "type"), "section") == 0
                                 ? json_str(block, "text.text")
                                 : json_str(block, "elements.0.text");
        if (mrkdwn != NULL) {
            assert_null(strchr(mrkdwn, '<'));
            assert_null(strstr(mrkdwn, "@everyone"));
        }
    }
    assert_string_equal(json_str(blocks, "3.elements.0.value"), hostile);
    message_free(message);
}

/* ---- Forms ---- */

static struct form *ask_form(void)
{
    struct form *form = form_new("edit", "42", "Edit the ask", "Save", "Cancel");
    form->intro = g_strdup("What should change?");
    struct field *title = form_add(form, FIELD_LINE, "title", "Title", false);
    title->initial = g_strdup("Fix the door");
    title->max = 150;
    struct field *why = form_add(form, FIELD_TEXT, "why", "Why", true);
    why->hint = g_strdup("What does it make possible?");
    form_add(form, FIELD_PERSON, "owner", "Owner", true)->initial = g_strdup("U1");
    form_add(form, FIELD_CHANNEL, "where", "Channel", false);
    form_add(form, FIELD_DATE, "due", "Due", true)->initial = g_strdup("2026-06-30");
    struct field *size = form_add(form, FIELD_CHOICE, "size", "Size", false);
    field_add_option(size, "S", "Small");
    field_add_option(size, "L", "Large");
    size->initial = g_strdup("L");
    return form;
}

static void test_a_form(void **state)
{
    (void)state;
    struct form *form = ask_form();
    g_autoptr(cJSON) view = read_back(slack_modal(form, "0123456789abcdef"));
    assert_string_equal(json_str(view, "type"), "modal");
    assert_string_equal(json_str(view, "callback_id"), "edit");
    assert_string_equal(json_str(view, "private_metadata"), "42");
    assert_string_equal(json_str(view, "external_id"), "0123456789abcdef");
    assert_string_equal(json_str(view, "title.text"), "Edit the ask");
    assert_string_equal(json_str(view, "submit.text"), "Save");
    assert_string_equal(json_str(view, "close.text"), "Cancel");
    assert_true(json_true(view, "notify_on_close"));
    assert_string_equal(json_str(view, "blocks.0.text.text"), "What should change?");
    static const struct {
        const char *name, *type, *initial_path, *initial;
    } fields[] = {
        {"title", "plain_text_input", "element.initial_value", "Fix the door"},
        {"why", "plain_text_input", "element.initial_value", NULL},
        {"owner", "users_select", "element.initial_user", "U1"},
        {"where", "conversations_select", "element.initial_conversation", NULL},
        {"due", "datepicker", "element.initial_date", "2026-06-30"},
        {"size", "radio_buttons", "element.initial_option.value", "L"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const cJSON *block = cJSON_GetArrayItem(json_get(view, "blocks"), (int)i + 1);
        assert_string_equal(json_str(block, "type"), "input");
        assert_string_equal(json_str(block, "block_id"), fields[i].name);
        assert_string_equal(json_str(block, "element.action_id"), fields[i].name);
        assert_string_equal(json_str(block, "element.type"), fields[i].type);
        assert_text(json_str(block, fields[i].initial_path), fields[i].initial);
    }
    assert_int_equal(json_int(view, "blocks.1.element.max_length", 0), 150);
    assert_int_equal(json_int(view, "blocks.2.element.max_length", 0), 3000);
    assert_true(json_true(view, "blocks.2.element.multiline") && json_true(view, "blocks.2.optional"));
    assert_true(json_true(view, "blocks.4.element.default_to_current_conversation"));
    assert_true(json_true(view, "blocks.4.element.filter.exclude_bot_users"));
    form_free(form);
}

static void test_what_does_not_fit_a_form_is_cut_or_left_out(void **state)
{
    (void)state;
    g_autofree char *wide = repeated("왜 ", 4000);
    struct form *form = form_new("f", wide, wide, wide, wide);
    struct field *text = form_add(form, FIELD_TEXT, "t", wide, false);
    text->initial = g_strdup(wide);
    text->hint = g_strdup(wide);
    form_add(form, FIELD_DATE, "d", "D", true)->initial = g_strdup("next week");
    form_add(form, FIELD_CHOICE, "nothing", "N", true);
    struct field *many = form_add(form, FIELD_CHOICE, "many", "M", false);
    for (int i = 0; i < 200; i++) {
        g_autofree char *value = g_strdup_printf("%d", i);
        field_add_option(many, value, wide);
    }
    g_autoptr(cJSON) view = read_back(slack_modal(form, "op"));
    assert_true(slack_length(json_str(view, "title.text")) <= 24);
    assert_true(slack_length(json_str(view, "submit.text")) <= 24);
    assert_null(json_str(view, "private_metadata")); /* half a state would be a wrong one */
    assert_int_equal(cJSON_GetArraySize(json_get(view, "blocks")), 3);
    assert_true(slack_length(json_str(view, "blocks.0.label.text")) <= 2000);
    assert_true(slack_length(json_str(view, "blocks.0.element.initial_value")) <= 3000);
    assert_null(json_str(view, "blocks.1.element.initial_date"));
    assert_string_equal(json_str(view, "blocks.2.element.type"), "static_select");
    assert_int_equal(cJSON_GetArraySize(json_get(view, "blocks.2.element.options")), 100);
    assert_true(slack_length(json_str(view, "blocks.2.element.options.0.text.text")) <= 75);
    form_free(form);
}

/* ---- Acknowledgements ---- */

static char *ack_of(enum event_kind kind, bool accepts, const struct answer *answer, bool *left_out)
{
    struct event event = {.kind = kind, .envelope = (char *)"e1", .accepts_reply = accepts};
    return slack_ack(&event, answer, left_out);
}

static void test_an_acknowledgement_without_an_answer(void **state)
{
    (void)state;
    bool left_out = true;
    g_autofree char *ack = ack_of(EVENT_MESSAGE, false, NULL, &left_out);
    assert_string_equal(ack, "{\"envelope_id\":\"e1\"}");
    assert_false(left_out);
}

static void test_a_private_answer_travels_in_the_acknowledgement(void **state)
{
    (void)state;
    struct message *message = message_text("Raised as #1");
    struct answer answer = {.message = message};
    bool left_out;
    g_autofree char *ack = ack_of(EVENT_COMMAND, true, &answer, &left_out);
    g_autoptr(cJSON) frame = json_parse(ack, strlen(ack), NULL);
    assert_false(left_out);
    assert_string_equal(json_str(frame, "envelope_id"), "e1");
    assert_string_equal(json_str(frame, "payload.response_type"), "ephemeral");
    assert_string_equal(json_str(frame, "payload.text"), "Raised as #1");
    assert_string_equal(json_str(frame, "payload.blocks.0.text.text"), "Raised as #1");
    g_autofree char *refused = ack_of(EVENT_COMMAND, false, &answer, &left_out);
    assert_string_equal(refused, "{\"envelope_id\":\"e1\"}");
    assert_true(left_out);
    g_autofree char *button = ack_of(EVENT_BUTTON, true, &answer, &left_out);
    assert_string_equal(button, "{\"envelope_id\":\"e1\"}");
    message_free(message);
}

static void test_a_forms_errors_stand_at_their_fields(void **state)
{
    (void)state;
    struct form_value errors[] = {{.name = (char *)"title", .value = (char *)"Needs a title"},
                                  {.name = (char *)"due", .value = (char *)"Is past\nlong"}};
    struct answer answer = {.errors = errors, .n_errors = 2};
    bool left_out;
    g_autofree char *ack = ack_of(EVENT_FORM, true, &answer, &left_out);
    assert_string_equal(ack, "{\"envelope_id\":\"e1\",\"payload\":{\"response_action\":\"errors\",\"errors\":"
                             "{\"title\":\"Needs a title\",\"due\":\"Is past long\"}}}");
}

static void test_an_answer_too_large_for_one_frame_is_left_out_and_said_so(void **state)
{
    (void)state;
    bool was_left_out = false;
    for (int size = 5000; size <= 12000; size += 500) {
        g_autofree char *text = repeated("x", size);
        struct message *message = message_new("x");
        message_add(message, PART_TEXT, text);
        message_add(message, PART_TEXT, text);
        struct answer answer = {.message = message};
        bool left_out;
        g_autofree char *ack = ack_of(EVENT_COMMAND, true, &answer, &left_out);
        assert_true(strlen(ack) <= 20479);
        assert_true(left_out || strlen(ack) > (gsize)size * 2);
        assert_true(left_out || !was_left_out);
        was_left_out = left_out;
        message_free(message);
    }
    assert_true(was_left_out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_card),
        cmocka_unit_test(test_a_long_paragraph_becomes_several),
        cmocka_unit_test(test_too_many_blocks_are_joined_and_at_last_cut_with_a_sign),
        cmocka_unit_test(test_buttons_by_the_dozen),
        cmocka_unit_test(test_a_heading_that_is_no_header_is_bold),
        cmocka_unit_test(test_a_persons_words_stay_words_in_every_place),
        cmocka_unit_test(test_a_form),
        cmocka_unit_test(test_what_does_not_fit_a_form_is_cut_or_left_out),
        cmocka_unit_test(test_an_acknowledgement_without_an_answer),
        cmocka_unit_test(test_a_private_answer_travels_in_the_acknowledgement),
        cmocka_unit_test(test_a_forms_errors_stand_at_their_fields),
        cmocka_unit_test(test_an_answer_too_large_for_one_frame_is_left_out_and_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
