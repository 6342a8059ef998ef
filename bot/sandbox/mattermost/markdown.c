#include "bot/sandbox/mattermost/markdown.h"

#include <stdbool.h>
#include <string.h>

static bool is_word(const char *text, const char *at)
{
    return at >= text && (g_ascii_isalnum(*at) || (signed char)*at < 0);
}

/* The run of one formatting character at `at` that may open: what it marks must close in the same paragraph. */
static const char *find_closing(const char *from, char sign, size_t run)
{
    for (const char *at = from; *at != '\0' && !g_str_has_prefix(at, "\n\n"); at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
            continue;
        }
        size_t found = strspn(at, (const char[]){sign, '\0'});
        if (found == 0)
            continue;
        if (found == run && at > from && !g_ascii_isspace(at[-1]))
            return at;
        at += found - 1;
    }
    return NULL;
}

static void append_inline(GString *out, const char *text, const char *at, const char *end);

/* &amp; and &#36;: clients show the character. How much was taken, 0 when it is none. */
static size_t append_entity(GString *out, const char *at, const char *end)
{
    static const char *const names[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_has_prefix(at, names[i][0])) {
            g_string_append(out, names[i][1]);
            return strlen(names[i][0]);
        }
    }
    if (at[1] != '#')
        return 0;
    bool hexadecimal = at[2] == 'x' || at[2] == 'X';
    char *stop = NULL;
    guint64 code = g_ascii_strtoull(at + (hexadecimal ? 3 : 2), &stop, hexadecimal ? 16 : 10);
    if (stop >= end || *stop != ';' || code == 0 || !g_unichar_validate((gunichar)MIN(code, 0x110000)))
        return 0;
    g_string_append_unichar(out, (gunichar)code);
    return (size_t)(stop - at) + 1;
}

/* `code`, with as many backticks as it began with; how much of it was taken, 0 when it is none. */
static size_t append_code(GString *out, const char *at, const char *end)
{
    size_t run = strspn(at, "`");
    for (const char *close = at + run; close < end; close++) {
        size_t found = strspn(close, "`");
        if (found == 0)
            continue;
        if (found == run) {
            g_string_append_len(out, at + run, close - at - (gssize)run);
            return (size_t)(close - at) + run;
        }
        close += found - 1;
    }
    return 0;
}

/* [label](address) */
static size_t append_link(GString *out, const char *text, const char *at, const char *end)
{
    int depth = 0;
    const char *close = at;
    for (; close < end; close++) {
        if (*close == '\\' && close + 1 < end)
            close++;
        else if (*close == '[')
            depth++;
        else if (*close == ']' && --depth == 0)
            break;
    }
    if (close >= end || close[1] != '(')
        return 0;
    const char *address_end = memchr(close, ')', (size_t)(end - close));
    if (address_end == NULL)
        return 0;
    append_inline(out, text, at + 1, close);
    return (size_t)(address_end - at) + 1;
}

static size_t append_emphasis(GString *out, const char *text, const char *at, const char *end)
{
    char sign = *at;
    size_t run = strspn(at, (const char[]){sign, '\0'});
    if (run > 3 || (sign == '~' && run != 2) || at + run >= end || g_ascii_isspace(at[run]))
        return 0;
    if (sign == '_' && is_word(text, at - 1))
        return 0;
    const char *close = find_closing(at + run, sign, run);
    if (close == NULL || close >= end || (sign == '_' && is_word(text, close + run)))
        return 0;
    append_inline(out, text, at + run, close);
    return (size_t)(close - at) + run;
}

static void append_inline(GString *out, const char *text, const char *at, const char *end)
{
    while (at < end) {
        size_t taken = 0;
        if (*at == '\\' && at + 1 < end && g_ascii_ispunct(at[1])) {
            g_string_append_c(out, at[1]);
            taken = 2;
        } else if (*at == '&') {
            taken = append_entity(out, at, end);
        } else if (*at == '`') {
            taken = append_code(out, at, end);
        } else if (*at == '[') {
            taken = append_link(out, text, at, end);
        } else if (*at == '*' || *at == '_' || *at == '~') {
            taken = append_emphasis(out, text, at, end);
        }
        if (taken == 0) {
            taken = strspn(at, (const char[]){*at, '\0'});
            taken = strchr("*_~`", *at) != NULL && taken <= (size_t)(end - at) ? taken : 1;
            g_string_append_len(out, at, (gssize)taken);
        }
        at += taken;
    }
}

char *markdown_to_plain(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        const char *end = at + strcspn(at, "\n");
        size_t heading = strspn(at, "#");
        if (heading > 0 && heading <= 6 && at[heading] == ' ')
            at += heading + 1;
        append_inline(out, text, at, end);
        if (*end == '\n')
            g_string_append_c(out, '\n');
        at = *end == '\n' ? end + 1 : end;
    }
    return g_string_free(out, FALSE);
}
