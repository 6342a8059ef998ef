/* A message becomes a post: its words, and attachments for its buttons. */
#include "heard.h"
#include "reader.h"

#include "bot/base/json_write.h"

#define KEY "00112233445566778899aabbccddeeff"
#define OP "0123456789abcdef"
#define PING "\x11"

static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "Dana" : NULL;
}

static const char *handle_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "dana" : NULL;
}

static const struct mattermost_options options = {
    .name = name_of, .handle = handle_of, .callback_url = "http://bot:8600/mattermost", .signing_key = KEY};

static cJSON *post_of(const struct message *message, int max)
{
    g_autoptr(GString) body = g_string_new("{");
    mattermost_write_post(body, message, CHANNEL, OP, max, &options);
    json_write_close(body, '}');
    return json_of(body->str);
}

/* The characters the server counts of props: as Go writes JSON, with what it fills in. */
static glong props_size(const cJSON *post)
{
    const cJSON *props = json_get(post, "props");
    g_autofree char *text = json_text(props);
    glong size = g_utf8_strlen(text, -1) + 205 * cJSON_GetArraySize(json_get(props, "attachments"));
    for (const char *c = text; *c != '\0'; c++)
        size += *c == '<' || *c == '>' || *c == '&' ? 5 : 0;
    return size;
}

static struct message *card(void)
{
    struct message *message = message_new("Ask 7 of " PERSON DANA END);
    message_add(message, PART_HEADING, "#7 Why *SSO*?");
    message_add(message, PART_TEXT, "Raised by " PERSON DANA END);
    message_add_button(message, "voice", "7", "+1", BUTTON_PRIMARY);
    message_add_button(message, "drop_it", "7", "Drop", BUTTON_DANGER);
    message_add(message, PART_DIVIDER, NULL);
    message_add(message, PART_NOTE, "No answer for 5 days");
    message_add_button(message, "voice", "8", "See " PING DANA END, BUTTON_PLAIN);
    message_add(message, PART_TEXT, "The end");
    return message;
}

static void test_words_before_the_first_buttons_are_the_post(void **state)
{
    (void)state;
    struct message *message = card();
    g_autoptr(cJSON) post = post_of(message, 16383);
    assert_text(json_str(post, "message"), "__#7 Why \\*SSO\\*?__\n\nRaised by @" ZW "Dana");
    assert_text(json_str(post, "props." MATTERMOST_MARK), OP);
    assert_text(json_str(post, "props.from_bot"), "true");
    const cJSON *attachments = json_get(post, "props.attachments");
    assert_int_equal(cJSON_GetArraySize(attachments), 3);
    assert_text(json_str(attachments, "0.text"), "");
    assert_text(json_str(attachments, "0.fallback"), "Ask 7 of @Dana");
    assert_int_equal(cJSON_GetArraySize(json_get(attachments, "0.actions")), 2);
    assert_text(json_str(attachments, "1.text"), "---\n\n_No answer for 5 days_");
    assert_int_equal(cJSON_GetArraySize(json_get(attachments, "1.actions")), 1);
    assert_text(json_str(attachments, "2.text"), "The end");
    assert_null(json_get(attachments, "2.actions"));
    message_free(message);
}

static void test_buttons_say_what_they_do_and_who_made_them(void **state)
{
    (void)state;
    struct message *message = card();
    g_autoptr(cJSON) post = post_of(message, 16383);
    const cJSON *actions = json_get(post, "props.attachments.0.actions"), *other = json_get(post, "props.attachments.1.actions");
    static const char *const styles[] = {"primary", "danger"};
    const char *action, *value;
    for (int i = 0; i < 2; i++) {
        const cJSON *button = cJSON_GetArrayItem(actions, i);
        const char *id = json_str0(button, "id");
        for (const char *c = id; *c != '\0'; c++)
            assert_true(g_ascii_isalnum(*c));
        assert_text(json_str(button, "type"), "button");
        assert_text(json_str(button, "style"), styles[i]);
        assert_text(json_str(button, "integration.url"), "http://bot:8600/mattermost/action");
        assert_true(sign_check_button(KEY, CHANNEL, json_get(button, "integration.context"), &action, &value));
        assert_text(action, i == 0 ? "voice" : "drop_it");
        assert_text(value, "7");
    }
    assert_text(json_str(actions, "0.name"), "+1");
    assert_text(json_str(other, "0.name"), "See @Dana");
    assert_text(json_str(other, "0.style"), "default");
    /* The server finds the pressed one by its id. */
    assert_string_not_equal(json_str0(actions, "0.id"), json_str0(other, "0.id"));
    message_free(message);
}

static void test_a_buttons_value_notifies_nobody_when_it_comes_back(void **state)
{
    (void)state;
    struct message *message = message_text("x");
    message_add_button(message, "name", "7 " PING DANA END, "Ask", BUTTON_PLAIN);
    g_autoptr(cJSON) post = post_of(message, 16383);
    const char *action, *value;
    assert_true(sign_check_button(KEY, CHANNEL, json_get(post, "props.attachments.0.actions.0.integration.context"), &action,
                                  &value));
    assert_text(value, "7 " PERSON DANA END);
    message_free(message);
}

static void test_a_post_is_never_without_words(void **state)
{
    (void)state;
    struct message *message = message_new("Ask 7");
    message_add_button(message, "voice", "7", "+1", BUTTON_PLAIN);
    g_autoptr(cJSON) post = post_of(message, 16383);
    assert_text(json_str(post, "message"), "Ask 7");
    message_free(message);
    message = message_new("");
    g_autoptr(cJSON) empty = post_of(message, 16383);
    assert_text(json_str(empty, "message"), "…");
    /* The list is there even so: a card loses its last buttons by it. */
    assert_true(cJSON_IsArray(json_get(empty, "props.attachments")));
    message_free(message);
}

static void test_without_a_mark_there_is_none(void **state)
{
    (void)state;
    struct message *message = message_text("private");
    g_autoptr(GString) text = g_string_new("{");
    mattermost_write_post(text, message, NULL, NULL, 16383, &options);
    json_write_close(text, '}');
    g_autoptr(cJSON) body = json_of(text->str);
    assert_text(json_str(body, "message"), "private");
    assert_null(json_get(body, "props." MATTERMOST_MARK));
    message_free(message);
}

static void test_long_words_are_cut_at_a_word(void **state)
{
    (void)state;
    struct message *message = message_new("f");
    message_add(message, PART_TEXT, "first paragraph");
    message_add(message, PART_TEXT, "second paragraph is a little longer than there is room for it, so that it has to be cut");
    message_add(message, PART_TEXT, "third");
    g_autoptr(cJSON) post = post_of(message, 70);
    const char *text = json_str0(post, "message");
    assert_true(g_utf8_strlen(text, -1) <= 70);
    assert_true(g_str_has_prefix(text, "first paragraph\n\nsecond paragraph is a little longer than"));
    assert_true(g_str_has_suffix(text, "…"));
    assert_null(strstr(text, "third"));
    g_autoptr(cJSON) whole = post_of(message, 16383);
    assert_true(g_str_has_suffix(json_str0(whole, "message"), "third"));
    message_free(message);
}

static struct message *long_list(int entries, const char *text)
{
    struct message *message = message_text("A list");
    for (int i = 0; i < entries; i++) {
        g_autofree char *value = g_strdup_printf("%d", i);
        message_add(message, PART_TEXT, text);
        message_add_button(message, "voice", value, "+1 for this", BUTTON_PLAIN);
    }
    return message;
}

static void test_an_old_server_takes_it_all_the_same(void **state)
{
    (void)state;
    g_autofree char *words = g_strnfill(1500, 'x'), *signs = g_strnfill(1500, '<'), *hangul = g_strdup("한 \" \n \\");
    const char *const texts[] = {words, signs, hangul};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct message *message = long_list(9, texts[i]);
        g_autoptr(cJSON) post = post_of(message, 16383);
        assert_true(props_size(post) <= 8000);
        const cJSON *attachment, *attachments = json_get(post, "props.attachments");
        assert_int_equal(cJSON_GetArraySize(attachments), 9);
        cJSON_ArrayForEach(attachment, attachments)
        {
            assert_int_equal(cJSON_GetArraySize(json_get(attachment, "actions")), 1);
            if (attachment == attachments->child)
                continue; /* its words are the post's */
            if (i < 2)
                assert_true(g_str_has_suffix(json_str0(attachment, "text"), "…"));
            assert_true(strlen(json_str0(attachment, "text")) > 0);
        }
        message_free(message);
    }
}

static void test_buttons_are_never_given_up(void **state)
{
    (void)state;
    /* More of them than an old server takes: a newer one will. */
    struct message *message = long_list(60, "some words");
    g_autoptr(cJSON) post = post_of(message, 16383);
    const cJSON *attachment, *attachments = json_get(post, "props.attachments");
    assert_int_equal(cJSON_GetArraySize(attachments), 60);
    cJSON_ArrayForEach(attachment, attachments)
    {
        assert_int_equal(cJSON_GetArraySize(json_get(attachment, "actions")), 1);
        assert_text(json_str(attachment, "text"), attachment == attachments->child ? "" : "some words");
    }
    message_free(message);
}

static void test_a_heading_and_small_print_with_signs_of_theirs(void **state)
{
    (void)state;
    struct message *message = message_new("f");
    message_add(message, PART_HEADING, "For " PING DANA END ": # C#\n- x");
    message_add(message, PART_NOTE, "a_b *c* @here");
    message_add(message, PART_TEXT, "---");
    message_add(message, PART_DIVIDER, NULL);
    g_autoptr(cJSON) post = post_of(message, 16383);
    const char *text = json_str0(post, "message");
    assert_true(g_str_has_suffix(text, "\n\n\\---\n\n---"));
    g_autofree char *words = g_strndup(text, strlen(text) - 3); /* all but the divider, which is ours */
    struct reading reading = read_markdown(words);
    g_autofree char *names = notified(&reading);
    assert_null(reading.broken);
    assert_string_equal(reading.text->str, "For @dana: # C#\n- x\n\na_b *c* @here\n\n---\n\n");
    assert_string_equal(names, "@dana");
    reading_done(&reading);
    message_free(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_before_the_first_buttons_are_the_post),
        cmocka_unit_test(test_buttons_say_what_they_do_and_who_made_them),
        cmocka_unit_test(test_a_buttons_value_notifies_nobody_when_it_comes_back),
        cmocka_unit_test(test_a_post_is_never_without_words),
        cmocka_unit_test(test_without_a_mark_there_is_none),
        cmocka_unit_test(test_long_words_are_cut_at_a_word),
        cmocka_unit_test(test_an_old_server_takes_it_all_the_same),
        cmocka_unit_test(test_buttons_are_never_given_up),
        cmocka_unit_test(test_a_heading_and_small_print_with_signs_of_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
