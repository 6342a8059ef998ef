#include "bot/base/json_write.h"

#include <string.h>

/* What JSON's short escapes stand for, and the sign behind the backslash. */
static char short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return '\0';
    }
}

static void append_quoted(GString *json, const char *text)
{
    g_string_append_c(json, '"');
    for (const char *from = text, *at = text;; at++) {
        guchar c = (guchar)*at;
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        g_string_append_len(json, from, at - from);
        if (c == '\0')
            break;
        char escape = short_escape(*at);
        g_string_append_c(json, '\\');
        if (escape != '\0') {
            g_string_append_c(json, escape);
        } else {
            g_string_append(json, c < 0x10 ? "u000" : "u001");
            g_string_append_c(json, "0123456789abcdef"[c & 15]);
        }
        from = at + 1;
    }
    g_string_append_c(json, '"');
}

/* Whatever stands before a value, and is no comma's place, ends in an opening bracket. */
static void begin_value(GString *json, const char *name)
{
    char last = json->len > 0 ? json->str[json->len - 1] : '[';
    if (last != '{' && last != '[')
        g_string_append_c(json, ',');
    if (name != NULL) {
        append_quoted(json, name);
        g_string_append_c(json, ':');
    }
}

void json_write_open(GString *json, const char *name, char bracket)
{
    begin_value(json, name);
    g_string_append_c(json, bracket);
}

void json_write_close(GString *json, char bracket)
{
    g_string_append_c(json, bracket);
}

void json_write_str(GString *json, const char *name, const char *text)
{
    if (text == NULL)
        return;
    begin_value(json, name);
    append_quoted(json, text);
}

void json_write_int(GString *json, const char *name, int64_t number)
{
    char digits[24], *at = digits + sizeof digits;
    guint64 rest = number < 0 ? -(guint64)number : (guint64)number;
    begin_value(json, name);
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--at = '-';
    g_string_append_len(json, at, digits + sizeof digits - at);
}

void json_write_bool(GString *json, const char *name, bool yes)
{
    json_write_raw(json, name, yes ? "true" : "false");
}

void json_write_raw(GString *json, const char *name, const char *value)
{
    begin_value(json, name);
    g_string_append(json, value);
}
