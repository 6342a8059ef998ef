/* Each text the decoder reads is one that hostile words are put into: tests/unit/bot/test_injection.c goes through every
 * text of the frames of this folder, so a field that is read and stands in no frame would never be tried. */
#include "story.h"

/* Answers of users.info and conversations.info, which that test makes itself. */
static const char *const looked_up[] = {
    "id", "name", "ok", "user", "channel", "tz", "locale", "team_id", "deleted", "is_bot", "is_restricted", "is_stranger",
    "is_ultra_restricted", "is_channel", "is_group", "is_im", "is_mpim", "is_private", NULL,
};
/* Never text: one number of a greeting. */
static const char *const numbers[] = {"approximate_connection_time", NULL};

static void collect_names(const cJSON *json, GHashTable *names)
{
    const cJSON *child;
    cJSON_ArrayForEach(child, json)
    {
        if (child->string != NULL)
            g_hash_table_add(names, g_strdup(child->string));
        collect_names(child, names);
    }
}

static GHashTable *names_in_frames(void)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GDir *dir = g_dir_open(TESTS_DIR "/unit/slack/frames", 0, NULL);
    assert_non_null(dir);
    for (const char *file; (file = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *name = g_strndup(file, strlen(file) - strlen(".json"));
        g_autofree char *text = read_frame(name);
        g_autoptr(cJSON) json = cJSON_Parse(text);
        assert_non_null(json);
        collect_names(json, names);
    }
    g_dir_close(dir);
    return names;
}

/* The last name in the path that a call reads; NULL when its first literal is none. */
static char *field_read(const char *call)
{
    gsize size = strcspn(call, ";\n");
    const char *quote = memchr(call, '"', size);
    if (quote == NULL || memchr(call, ')', (gsize)(quote - call)) != NULL)
        return NULL;
    g_autofree char *path = g_strndup(quote + 1, strcspn(quote + 1, "\""));
    char *dot = strrchr(path, '.');
    if (dot != NULL && g_ascii_isdigit(dot[1])) { /* "actions.0" */
        *dot = '\0';
        dot = strrchr(path, '.');
    }
    return g_strdup(dot != NULL ? dot + 1 : path);
}

static void test_every_field_that_is_read_stands_in_a_frame(void **state)
{
    (void)state;
    static const char *const sources[] = {"decode.c", "decode_event.c", "decode_interactive.c"};
    static const char *const reads[] = {"reader_need_", "reader_want_", "json_str(", "json_str0(", "json_get("};
    g_autoptr(GHashTable) known = names_in_frames();
    int fields = 0;
    for (gsize s = 0; s < G_N_ELEMENTS(sources); s++) {
        g_autofree char *path = g_strconcat(TESTS_DIR "/../bot/slack/", sources[s], NULL), *text = NULL;
        assert_true(g_file_get_contents(path, &text, NULL, NULL));
        for (gsize r = 0; r < G_N_ELEMENTS(reads); r++) {
            for (const char *at = text; (at = strstr(at, reads[r])) != NULL; at++) {
                g_autofree char *field = field_read(at);
                if (field == NULL)
                    continue;
                fields++;
                if (!g_hash_table_contains(known, field) && !g_strv_contains(looked_up, field) &&
                    !g_strv_contains(numbers, field))
                    fail_msg("%s reads \"%s\", which is in no frame: add it to one, so that it is tried", sources[s], field);
            }
        }
    }
    assert_true(fields > 60);
}

static void test_half_characters_are_no_text_and_their_frame_is_acknowledged(void **state)
{
    (void)state;
    static const char *const halves[] = {"\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud83dx", "\xed\xa0\x80", "\xc0\xbc", "\xf5\x80\x80\x80", "\xff"};
    for (gsize i = 0; i < G_N_ELEMENTS(halves); i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"envelope_id\":\"e1\",\"type\":\"slash_commands\",\"payload\":{\"channel_id\":\"C1\",\"user_id\":\"U1\",\"trigger_id\":\"1\","
            "\"command\":\"/ask\",\"text\":\"<!chan%snel>\"}}", halves[i]);
        struct slack_frame frame;
        slack_decode(text, strlen(text), &self, &frame);
        assert_int_equal(frame.kind, SLACK_UNUSABLE);
        assert_null(frame.event);
        assert_text(frame.envelope, "e1");
        slack_frame_done(&frame);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field_that_is_read_stands_in_a_frame),
        cmocka_unit_test(test_half_characters_are_no_text_and_their_frame_is_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
