/* The log: one line an entry, and never a secret in it. */
#include "bot/base/log.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What act() wrote on standard error. */
static char *log_of(void (*act)(void))
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    dup2(kept, STDERR_FILENO);
    close(kept);
    char buffer[65536];
    rewind(file);
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return g_strndup(buffer, length);
}

static void assert_redacted(const char *text, const char *expected)
{
    g_autofree char *clean = log_redact(text);
    assert_string_equal(clean, expected);
}

static void test_secrets_are_redacted_wherever_they_stand(void **state)
{
    (void)state;
    assert_redacted("token=xoxb-1234567", "token=xoxb-1234567");
    log_secret("xoxb-1234567");
    assert_redacted("token=xoxb-1234567", "token=[redacted]");
    assert_redacted("xoxb-1234567xoxb-1234567, https://x/?t=xoxb-1234567&", "[redacted][redacted], https://x/?t=[redacted]&");
    assert_redacted("xoxb-123456", "xoxb-123456");
    assert_redacted("", "");
}

static void test_a_secret_that_begins_another_leaves_nothing_of_it(void **state)
{
    (void)state;
    log_secret("short-secret");
    log_secret("short-secret-with-more");
    log_secret("short-secret-with-more-still");
    assert_redacted("a short-secret-with-more b short-secret c", "a [redacted] b [redacted] c");
    assert_redacted("short-secret-with-more-still", "[redacted]");
}

static void test_what_is_too_short_to_be_a_secret_is_ignored(void **state)
{
    (void)state;
    log_secret("");
    log_secret(NULL);
    log_secret("the");
    assert_redacted("the theme", "the theme");
}

static void say_things(void)
{
    log_set_level(LOG_INFO);
    log_debug("too.quiet", "a=%d", 1);
    log_info("plain", "%s", "");
    log_warning("forged", "text=%s", "one\n2026-01-01T00:00:00.000Z error fake\r\x1b[2J\x7f\xc2\x9b" "2Jküsimus");
}

static void test_an_entry_is_one_line_and_moves_no_terminal(void **state)
{
    (void)state;
    g_autofree char *log = log_of(say_things);
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    assert_int_equal(g_strv_length(lines), 3); /* two entries and what is behind the last line end */
    assert_true(g_str_has_suffix(lines[0], "Z info plain"));
    assert_true(g_str_has_suffix(lines[1], " warning forged text=one 2026-01-01T00:00:00.000Z error fake  [2J   2Jküsimus"));
    assert_string_equal(lines[2], "");
    assert_int_equal(strspn(lines[0], "0123456789-T:.Z"), strlen("2026-01-01T00:00:00.000Z"));
}

static void spill_secrets(void)
{
    log_secret("line one\nline two");
    log_error("spilt", "key=%s other=%s", "line one\nline two", "xoxb-spilt-token");
}

static void test_secrets_of_several_lines_are_redacted_in_entries(void **state)
{
    (void)state;
    log_secret("xoxb-spilt-token");
    g_autofree char *log = log_of(spill_secrets);
    assert_non_null(strstr(log, "error spilt key=[redacted] other=[redacted]\n"));
}

static void say_much(void)
{
    g_autofree char *much = g_strnfill(50000, 'x');
    log_info("long", "text=%s", much);
}

static void test_a_long_entry_is_written_whole(void **state)
{
    (void)state;
    g_autofree char *log = log_of(say_much);
    assert_true(strlen(log) > 50000);
    assert_true(g_str_has_suffix(log, "xxx\n"));
}

static void test_levels_have_names(void **state)
{
    (void)state;
    enum log_level level = LOG_INFO;
    assert_true(log_level_parse("debug", &level));
    assert_int_equal(level, LOG_DEBUG);
    assert_true(log_level_parse("error", &level));
    assert_int_equal(level, LOG_ERROR);
    assert_false(log_level_parse("Error", &level));
    assert_false(log_level_parse("", &level));
    assert_false(log_level_parse(NULL, &level));
    assert_int_equal(level, LOG_ERROR);
}

static gpointer register_secrets(gpointer data)
{
    for (int i = 0; i < 50; i++) {
        g_autofree char *secret = g_strdup_printf("thread-%d-secret-%d", GPOINTER_TO_INT(data), i);
        log_secret(secret);
        g_autofree char *clean = log_redact(secret);
        assert_string_equal(clean, "[redacted]");
    }
    return NULL;
}

static void test_threads_may_register_and_redact(void **state)
{
    (void)state;
    GThread *threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = g_thread_new("secrets", register_secrets, GINT_TO_POINTER(i));
    for (int i = 0; i < 3; i++)
        g_thread_join(threads[i]);
    assert_redacted("thread-2-secret-49", "[redacted]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_are_redacted_wherever_they_stand),
        cmocka_unit_test(test_a_secret_that_begins_another_leaves_nothing_of_it),
        cmocka_unit_test(test_what_is_too_short_to_be_a_secret_is_ignored),
        cmocka_unit_test(test_an_entry_is_one_line_and_moves_no_terminal),
        cmocka_unit_test(test_secrets_of_several_lines_are_redacted_in_entries),
        cmocka_unit_test(test_a_long_entry_is_written_whole),
        cmocka_unit_test(test_levels_have_names),
        cmocka_unit_test(test_threads_may_register_and_redact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
