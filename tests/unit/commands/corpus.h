/* Corpora of what is understood: lines of "what is written => what is understood" in
 * tests/unit/commands/corpus.
 *
 * Lines are grouped by [section] (none: ""); "# " begins a comment. In the lines \n is a new line, \t a tab,
 * \s a space; <@id> a mention, <url|label> a link, **x** bold. All lines that fail are printed together.
 */
#ifndef ASKWHY_TEST_CORPUS_H
#define ASKWHY_TEST_CORPUS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bot/chat/richtext.h"

/* Says what is understood of a text, in the notation of that corpus. expected: for notations that may leave
 * things out. */
typedef char *corpus_fn(const char *text, const char *expected);

static inline GDate corpus_today(void)
{
    GDate today;
    g_date_clear(&today, 1);
    g_date_set_dmy(&today, 18, G_DATE_NOVEMBER, 2026);
    return today;
}

static inline void corpus_replace(GString *text, const char *find, const char *replacement)
{
    g_string_replace(text, find, replacement, 0);
}

/* A corpus line's text as rich text. */
static inline char *corpus_rich(const char *line)
{
    GString *out = g_string_new(NULL);
    bool bold = false;
    for (const char *at = line; *at != '\0'; at++) {
        const char *close = *at == '<' ? strchr(at, '>') : NULL;
        const char *bar = close != NULL ? memchr(at, '|', (size_t)(close - at)) : NULL;
        if (close != NULL && at[1] == '@') {
            g_autofree char *id = g_strndup(at + 2, (gsize)(close - at - 2));
            rich_append_person(out, RICH_PERSON, id);
            at = close;
        } else if (bar != NULL) {
            g_string_append_c(out, RICH_LINK);
            g_string_append_len(out, at + 1, bar - at - 1);
            g_string_append_c(out, RICH_SEP);
            g_string_append_len(out, bar + 1, close - bar - 1);
            g_string_append_c(out, RICH_END);
            at = close;
        } else if (g_str_has_prefix(at, "**")) {
            g_string_append_c(out, bold ? RICH_END : RICH_BOLD);
            bold = !bold;
            at++;
        } else if (*at == '\\' && (at[1] == 'n' || at[1] == 't' || at[1] == 's')) {
            at++;
            g_string_append_c(out, *at == 'n' ? '\n' : *at == 't' ? '\t' : ' ');
        } else {
            g_string_append_c(out, *at);
        }
    }
    return g_string_free(out, FALSE);
}

/* The other way round. */
static inline char *corpus_plain(const char *rich)
{
    GString *out = g_string_new(NULL);
    struct rich_span span;
    while (rich_next(&rich, &span)) {
        if (span.marker == 0)
            g_string_append_len(out, span.text, (gssize)span.length);
        else if (span.marker == RICH_PERSON || span.marker == RICH_PING)
            g_string_append_printf(out, "<@%.*s>", (int)span.length, span.text);
        else if (span.marker == RICH_LINK)
            g_string_append_printf(out, "<%.*s|%.*s>", (int)span.length, span.text, (int)span.label_length,
                                   span.label);
        else
            g_string_append(out, "**");
    }
    corpus_replace(out, "\n", "\\n");
    return g_string_free(out, FALSE);
}

static inline bool corpus_line_holds(const char *line, corpus_fn *understand)
{
    const char *arrow = g_strrstr(line, "=>");
    g_autofree char *input = g_strndup(line, (gsize)(arrow - line));
    g_autofree char *expected = g_strstrip(g_strdup(arrow + 2));
    g_autofree char *text = corpus_rich(g_strstrip(input));
    g_autofree char *actual = understand(text, expected);
    if (strcmp(expected, g_strstrip(actual)) == 0)
        return true;
    fprintf(stderr, "  %s\n      understood: %s\n", line, actual);
    return false;
}

/* How many lines of a section there are, and how many are understood otherwise; -1 when the file cannot be
 * read. */
static inline int corpus_try(const char *path, const char *section, corpus_fn *understand, int *failed)
{
    g_autofree char *contents = NULL;
    int tried = 0;
    bool here = *section == '\0';
    if (!g_file_get_contents(path, &contents, NULL, NULL))
        return -1;
    g_auto(GStrv) lines = g_strsplit(contents, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];
        gsize length = strlen(section);
        if (line[0] == '[')
            here = strncmp(line + 1, section, length) == 0 && line[1 + length] == ']';
        if (!here || strstr(line, "=>") == NULL || g_str_has_prefix(line, "# "))
            continue;
        tried++;
        *failed += !corpus_line_holds(line, understand);
    }
    return tried;
}

/* Tries every line of a section ("": the whole file); at least this many must be there. */
static inline void corpus_check(const char *file, const char *section, corpus_fn *understand, int least)
{
    int failed = 0;
    char *path = g_build_filename(TESTS_DIR, "unit", "commands", "corpus", file, NULL);
    int tried = corpus_try(path, section, understand, &failed);
    g_free(path);
    if (failed > 0)
        fail_msg("%d of %d lines of %s are understood otherwise", failed, tried, file);
    assert_true(tried >= least);
}

#endif
