/* The sandbox accepts what Slack documents as valid Block Kit, and nothing more. */
#include "bot/sandbox/blocks.h"
#include "bot/sandbox/slack/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static cJSON *text_object(const char *type, size_t length)
{
    cJSON *text = json_object();
    g_autofree char *filler = g_strnfill(length, 'x');
    json_put_str(text, "type", type);
    json_put_str(text, "text", filler);
    return text;
}

static cJSON *block_of(const char *type)
{
    cJSON *block = json_object();
    json_put_str(block, "type", type);
    return block;
}

static cJSON *section(size_t length)
{
    cJSON *block = block_of("section");
    json_put(block, "text", text_object("mrkdwn", length));
    return block;
}

static cJSON *button(const char *action, size_t label)
{
    cJSON *element = block_of("button");
    json_put_str(element, "action_id", action);
    json_put(element, "text", text_object("plain_text", label));
    return element;
}

static cJSON *actions(cJSON *first, cJSON *second)
{
    cJSON *block = block_of("actions"), *elements = json_array();
    json_push(elements, first);
    if (second != NULL)
        json_push(elements, second);
    json_put(block, "elements", elements);
    return block;
}

/* Takes block; how many of it make the message. */
static bool is_accepted(cJSON *block, int times, enum surface surface, const char *complaint)
{
    g_autoptr(cJSON) blocks = json_array();
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < times; i++)
        json_push(blocks, cJSON_Duplicate(block, true));
    cJSON_Delete(block);
    bool accepted = blocks_check(blocks, surface, errors);
    assert_int_equal(accepted, errors->len == 0);
    if (complaint != NULL && !accepted)
        assert_non_null(strstr(g_ptr_array_index(errors, 0), complaint));
    return accepted;
}

static void test_texts_end_at_their_documented_lengths(void **state)
{
    (void)state;
    assert_true(is_accepted(section(3000), 1, SURFACE_MESSAGE, NULL));
    assert_false(is_accepted(section(3001), 1, SURFACE_MESSAGE, "less than 3001 characters [json-pointer:/blocks/0/text/text]"));
    assert_false(is_accepted(section(0), 1, SURFACE_MESSAGE, "more than 0 characters"));
    assert_true(is_accepted(actions(button("a", 75), NULL), 1, SURFACE_MESSAGE, NULL));
    assert_false(is_accepted(actions(button("a", 76), NULL), 1, SURFACE_MESSAGE, "/blocks/0/elements/0/text/text"));
    cJSON *header = block_of("header");
    json_put(header, "text", text_object("mrkdwn", 10));
    assert_false(is_accepted(header, 1, SURFACE_MESSAGE, "plain_text"));
}

static void test_a_message_holds_fifty_blocks_a_form_a_hundred(void **state)
{
    (void)state;
    assert_true(is_accepted(section(1), 50, SURFACE_MESSAGE, NULL));
    assert_false(is_accepted(section(1), 51, SURFACE_MESSAGE, "no more than 50 items"));
    assert_true(is_accepted(section(1), 100, SURFACE_MODAL, NULL));
    assert_false(is_accepted(section(1), 101, SURFACE_HOME, "no more than 100 items"));
}

static void test_ids_are_unique_where_slack_wants_them_so(void **state)
{
    (void)state;
    assert_true(is_accepted(actions(button("a", 1), button("b", 1)), 2, SURFACE_MESSAGE, NULL));
    assert_false(is_accepted(actions(button("a", 1), button("a", 1)), 1, SURFACE_MESSAGE, "already exists in this block"));
    cJSON *named = section(1);
    json_put_str(named, "block_id", "same");
    assert_false(is_accepted(named, 2, SURFACE_MESSAGE, "already exists"));
}

static void test_what_slack_does_not_know_is_refused(void **state)
{
    (void)state;
    assert_false(is_accepted(block_of("card"), 1, SURFACE_MESSAGE, "unsupported type: card"));
    assert_false(is_accepted(block_of(""), 1, SURFACE_MESSAGE, "unsupported type"));
    assert_false(is_accepted(cJSON_CreateNumber(1), 1, SURFACE_MESSAGE, NULL));
    assert_false(is_accepted(block_of("section"), 1, SURFACE_MESSAGE, "missing required field: text"));
    assert_false(is_accepted(block_of("actions"), 1, SURFACE_MESSAGE, "between 1 and 25"));
    assert_false(is_accepted(actions(block_of("image"), NULL), 1, SURFACE_MESSAGE, "unsupported type: image"));
}

static cJSON *form(size_t title, bool with_submit)
{
    cJSON *view = block_of("modal"), *blocks = json_array(), *input = block_of("input");
    cJSON *element = block_of("plain_text_input");
    json_put_str(element, "action_id", "a");
    json_put(input, "label", text_object("plain_text", 5));
    json_put(input, "element", element);
    json_push(blocks, input);
    json_put(view, "title", text_object("plain_text", title));
    json_put(view, "blocks", blocks);
    if (with_submit)
        json_put(view, "submit", text_object("plain_text", 4));
    return view;
}

static bool is_form(cJSON *view)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    bool accepted = view_check(view, errors);
    cJSON_Delete(view);
    return accepted;
}

static void test_a_form_needs_a_short_title_and_a_way_to_send_it(void **state)
{
    (void)state;
    assert_true(is_form(form(24, true)));
    assert_false(is_form(form(25, true)));
    assert_false(is_form(form(24, false)));
    cJSON *heavy = form(24, true);
    g_autofree char *filler = g_strnfill(3001, 'm');
    json_put_str(heavy, "private_metadata", filler);
    assert_false(is_form(heavy));
}

static void test_blocks_get_the_ids_they_lack(void **state)
{
    (void)state;
    g_autoptr(cJSON) blocks = json_array();
    cJSON *unnamed = button("a", 1);
    cJSON_DeleteItemFromObject(unnamed, "action_id");
    json_push(blocks, actions(unnamed, button("mine", 1)));
    blocks_complete(blocks);
    const char *block_id = json_str(blocks, "0.block_id"), *action_id = json_str(blocks, "0.elements.0.action_id");
    assert_non_null(block_id);
    assert_non_null(action_id);
    const cJSON *block = NULL;
    assert_ptr_equal(blocks_find(blocks, block_id, "mine", &block), json_get(blocks, "0.elements.1"));
    assert_ptr_equal(block, json_get(blocks, "0"));
    assert_null(blocks_find(blocks, block_id, "other", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_end_at_their_documented_lengths),
        cmocka_unit_test(test_a_message_holds_fifty_blocks_a_form_a_hundred),
        cmocka_unit_test(test_ids_are_unique_where_slack_wants_them_so),
        cmocka_unit_test(test_what_slack_does_not_know_is_refused),
        cmocka_unit_test(test_a_form_needs_a_short_title_and_a_way_to_send_it),
        cmocka_unit_test(test_blocks_get_the_ids_they_lack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
