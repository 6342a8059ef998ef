/* Texts of a catalogue are filled in, and no value can become markup. */
#include "commands/say.h"

#include "bot/base/log.h"
#include "bot/chat/richtext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_OF(name, text) {name, text, sizeof(text) - 1}

static const char english[] = "# What the tests say.\n"
                              "\n"
                              "hello = Hello {name}, welcome to {channel}.\n"
                              "plain=No blanks needed around the sign = it is only the first\n"
                              "bold = *Asked by {name}* and _{n} more_, see `/ask {what}`.\n"
                              "nested = *all of _this_ matters*\n"
                              "edges = 2*3*4 snake_case_name {a}_{b} * alone * *open _also `open\n"
                              "code = `*not bold* {value}`\n"
                              "escapes = \\*stars\\* \\_lines\\_ \\`ticks\\` \\{braces\\} back\\\\slash \\> \\#\n"
                              "lines = first\\nsecond\\n> quoted {text}\\n\\> not > quoted\n"
                              "quote = > at once\n"
                              "broken_over = *bold\\nnot*\n"
                              "korean = 안*녕* *안녕*\n"
                              "asks.one = {n} ask from {name}\n"
                              "asks.other = {n} asks from {name}\n"
                              "flat = {n} of them\n"
                              "empty =\n";
static const char estonian[] = "hello = Tere, {name}!\n"
                               "asks.one = {n} küsimus\n"
                               "asks.other = {n} küsimust\n";
static const char korean[] = "asks.other = 질문 {n}개\n";

static const struct embedded_file files[] = {
    FILE_OF("et.catalogue", estonian),
    FILE_OF("en.catalogue", english),
    FILE_OF("ko.catalogue", korean),
    {0},
};

static int read_catalogues(void **state)
{
    (void)state;
    char *why = NULL;
    bool good = say_init_from(files, &why);
    if (!good)
        print_error("%s\n", why);
    g_free(why);
    return good ? 0 : -1;
}

static int forget_catalogues(void **state)
{
    (void)state;
    say_done();
    return 0;
}

/* Markers made readable: <b>…</> and so on. */
static char *visible(char *rich)
{
    static const char *const shown[32] = {
        [RICH_BOLD] = "<b>", [RICH_ITALIC] = "<i>", [RICH_CODE] = "<c>", [RICH_PING] = "<ping>",
        [RICH_END] = "</>",  [RICH_QUOTE] = "<q>",
    };
    GString *out = g_string_new(NULL);
    for (const char *c = rich; *c != '\0'; c++) {
        const char *marker = (unsigned char)*c < 32 ? shown[(unsigned char)*c] : NULL;
        if (marker != NULL)
            g_string_append(out, marker);
        else
            g_string_append_c(out, *c);
    }
    g_free(rich);
    return g_string_free(out, FALSE);
}

static void assert_said(char *said, const char *expected)
{
    g_autofree char *text = visible(said);
    if (strcmp(text, expected) != 0)
        fail_msg("expected \"%s\", got \"%s\"", expected, text);
}

/* ---- Filling in ---- */

static void test_values_take_their_places(void **state)
{
    (void)state;
    assert_said(say("en", "hello", "name", "Mari", "channel", "#sales", NULL), "Hello Mari, welcome to #sales.");
    assert_said(say("en", "hello", "channel", "#sales", "name", "Mari", NULL), "Hello Mari, welcome to #sales.");
    assert_said(say("en", "hello", "name", NULL, "channel", "", NULL), "Hello , welcome to .");
    assert_said(say("en", "plain", NULL), "No blanks needed around the sign = it is only the first");
    assert_said(say("en", "empty", NULL), "");
}

static void test_values_are_never_markup(void **state)
{
    (void)state;
    assert_said(say("en", "hello", "name", "*Mari* {channel} \\n `x`", "channel", "_#a_", NULL),
                "Hello *Mari* {channel} \\n `x`, welcome to _#a_.");
    char ping[] = {RICH_PING, 'U', '1', RICH_END, 0};
    assert_said(say("en", "hello", "name", ping, "channel", "#a", NULL), "Hello <ping>U1</>, welcome to #a.");
}

static void test_no_marker_stands_in_code(void **state)
{
    (void)state;
    char ping[] = {RICH_BOLD, RICH_PING, 'U', '1', RICH_END, RICH_END, 0};
    assert_said(say("en", "code", "value", ping, NULL), "<c>*not bold* @U1</>");
}

static void test_signs_at_word_edges_become_markers(void **state)
{
    (void)state;
    assert_said(say("en", "bold", "name", "Mari", "n", "3", "what", "why #4", NULL),
                "<b>Asked by Mari</> and <i>3 more</>, see <c>/ask why #4</>.");
    assert_said(say("en", "nested", NULL), "<b>all of <i>this</> matters</>");
    assert_said(say("en", "korean", NULL), "안*녕* <b>안녕</>");
}

static void test_signs_elsewhere_stay_themselves(void **state)
{
    (void)state;
    assert_said(say("en", "edges", "a", "1", "b", "2", NULL),
                "2*3*4 snake_case_name 1_2 * alone * *open _also `open");
    assert_said(say("en", "escapes", NULL), "*stars* _lines_ `ticks` {braces} back\\slash > #");
    assert_said(say("en", "broken_over", NULL), "*bold\nnot*");
}

static void test_lines_can_be_quotations(void **state)
{
    (void)state;
    assert_said(say("en", "lines", "text", "why", NULL), "first\nsecond\n<q>quoted why\n> not > quoted");
    assert_said(say("en", "quote", NULL), "<q>at once");
}

/* ---- Counting ---- */

static void test_english_and_estonian_tell_one_from_many(void **state)
{
    (void)state;
    assert_said(say_n("en", "asks", 1, "name", "Mari", NULL), "1 ask from Mari");
    assert_said(say_n("en", "asks", 0, "name", "Mari", NULL), "0 asks from Mari");
    assert_said(say_n("en", "asks", 2, "name", "Mari", NULL), "2 asks from Mari");
    assert_said(say_n("en", "asks", -1, "name", "Mari", NULL), "-1 asks from Mari");
    assert_said(say_n("en", "asks", INT64_MAX, "name", "Mari", NULL), "9223372036854775807 asks from Mari");
    assert_said(say_n("et", "asks", 1, NULL), "1 küsimus");
    assert_said(say_n("et", "asks", 21, NULL), "21 küsimust");
}

static void test_korean_has_one_form(void **state)
{
    (void)state;
    assert_said(say_n("ko", "asks", 1, NULL), "질문 1개");
    assert_said(say_n("ko", "asks", 5, NULL), "질문 5개");
}

static void test_an_entry_without_forms_can_be_counted(void **state)
{
    (void)state;
    assert_said(say_n("en", "flat", 1, NULL), "1 of them");
    assert_said(say_n("en", "flat", 7, "n", "seven", NULL), "seven of them");
}

/* ---- Languages ---- */

static void test_a_language_falls_back_to_english(void **state)
{
    (void)state;
    assert_said(say("et", "hello", "name", "Mari", "channel", "x", NULL), "Tere, Mari!");
    assert_said(say("et", "quote", NULL), "<q>at once");
    assert_said(say("fr", "quote", NULL), "<q>at once");
    assert_said(say(NULL, "quote", NULL), "<q>at once");
}

static void test_locales_find_their_language(void **state)
{
    (void)state;
    const char *const pairs[][2] = {{"en-GB", "en"}, {"et", "et"},     {"ET_ee.UTF-8", "et"}, {"ko-KR", "ko"},
                                    {"fr-FR", "en"}, {"", "en"},       {"e", "en"},           {"eta", "en"},
                                    {"-", "en"},     {"k\xff", "en"}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        assert_string_equal(say_language(pairs[i][0]), pairs[i][1]);
    assert_string_equal(say_language(NULL), "en");
    const char *const *languages = say_languages();
    assert_string_equal(languages[0], "en");
    assert_true(g_strv_contains(languages, "et") && g_strv_contains(languages, "ko"));
    assert_int_equal(g_strv_length((char **)languages), 3);
}

/* ---- Mistakes ---- */

/* What act() wrote on standard error. */
static char *log_of(void (*act)(void))
{
    FILE *file = tmpfile();
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    dup2(kept, STDERR_FILENO);
    close(kept);
    char buffer[4096];
    rewind(file);
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return g_strndup(buffer, length);
}

static int lines_with(const char *log, const char *what)
{
    int count = 0;
    for (const char *at = log; (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

static void say_wrongly(void)
{
    for (int i = 0; i < 3; i++) {
        assert_said(say("en", "no.such", NULL), "[no.such]");
        assert_said(say("en", "asks", NULL), "[asks]");
        assert_said(say("en", "hello", "name", "Mari", NULL), "Hello Mari, welcome to {channel}.");
    }
}

static void test_a_mistake_is_shown_and_logged_once(void **state)
{
    (void)state;
    g_autofree char *log = log_of(say_wrongly);
    assert_int_equal(lines_with(log, "say.unknown"), 2);
    assert_int_equal(lines_with(log, "entry=no.such"), 1);
    assert_int_equal(lines_with(log, "entry=hello placeholder=channel"), 1);
}

static void test_malformed_catalogues_are_refused_with_their_line(void **state)
{
    (void)state;
    const struct {
        const char *text, *why;
    } broken[] = {
        {"a = b\nno sign here\n", "en.catalogue:2: no \"=\""},
        {"a = b\n\na = c\n", "en.catalogue:3: name given twice"},
        {"A b = c\n", "en.catalogue:1: malformed name"},
        {"= c\n", "en.catalogue:1: malformed name"},
        {"a = {b\n", "en.catalogue:1: malformed placeholder"},
        {"a = {}\n", "en.catalogue:1: malformed placeholder"},
        {"a = {b c}\n", "en.catalogue:1: malformed placeholder"},
        {"a = b}\n", "en.catalogue:1: a } that closes nothing"},
        {"a = *b {*\n", "en.catalogue:1: malformed placeholder"},
        {"a = b\\", "en.catalogue:1: unknown escape"},
        {"a = \\t\n", "en.catalogue:1: unknown escape"},
        {"a = b\x0e c\n", "en.catalogue:1: control character"},
        {"a = \xff\n", "en.catalogue: not valid UTF-8"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        const struct embedded_file wrong[] = {{"en.catalogue", broken[i].text, strlen(broken[i].text)}, {0}};
        g_autofree char *why = NULL;
        assert_false(say_init_from(wrong, &why));
        assert_string_equal(why, broken[i].why);
        assert_false(say_init_from(wrong, NULL));
    }
    const struct embedded_file no_english[] = {FILE_OF("et.catalogue", estonian), {0}};
    assert_false(say_init_from(no_english, NULL));
    assert_string_equal(say_languages()[0], "en");
}

static void test_the_catalogues_of_the_program_are_well_formed(void **state)
{
    (void)state;
    g_autofree char *why = NULL;
    if (!say_init(&why))
        fail_msg("%s", why);
    assert_string_equal(say_language("en-US"), "en");
}

/* A "*" that finds no other would reach people as it stands. */
static void test_no_sign_is_left_over_in_the_programs_texts(void **state)
{
    (void)state;
    assert_true(say_init(NULL));
    log_set_level(LOG_ERROR); /* no values are given here */
    int left_over = 0;
    for (const struct embedded_file *file = language_files; file->name != NULL; file++) {
        g_autofree char *language = g_strndup(file->name, strcspn(file->name, "."));
        g_auto(GStrv) lines = g_strsplit(file->data, "\n", -1);
        for (int i = 0; lines[i] != NULL; i++) {
            char *equals = strchr(lines[i], '=');
            if (lines[i][0] == '#' || equals == NULL || strstr(equals, "\\*") != NULL || strstr(equals, "\\`") != NULL)
                continue;
            g_autofree char *name = g_strchomp(g_strndup(lines[i], (gsize)(equals - lines[i])));
            g_autofree char *text = say(language, name, NULL);
            if (strpbrk(text, "*`") != NULL) {
                print_error("%s:%d: %s\n", file->name, i + 1, text);
                left_over++;
            }
        }
    }
    log_set_level(LOG_INFO);
    assert_int_equal(left_over, 0);
}

int main(void)
{
#define story(test) cmocka_unit_test_setup_teardown(test, read_catalogues, forget_catalogues)
    const struct CMUnitTest tests[] = {
        story(test_values_take_their_places),
        story(test_values_are_never_markup),
        story(test_no_marker_stands_in_code),
        story(test_signs_at_word_edges_become_markers),
        story(test_signs_elsewhere_stay_themselves),
        story(test_lines_can_be_quotations),
        story(test_english_and_estonian_tell_one_from_many),
        story(test_korean_has_one_form),
        story(test_an_entry_without_forms_can_be_counted),
        story(test_a_language_falls_back_to_english),
        story(test_locales_find_their_language),
        story(test_a_mistake_is_shown_and_logged_once),
        story(test_malformed_catalogues_are_refused_with_their_line),
        story(test_the_catalogues_of_the_program_are_well_formed),
        story(test_no_sign_is_left_over_in_the_programs_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
