/* Rich text → Slack's mrkdwn: our markup as markup, a person's words as they were typed. */
#include "bot/slack/slack.h"
#include "bot/slack/text.h"

#include "bot/chat/richtext.h"

#include <string.h>

#define INVISIBLE "\xe2\x80\x8b" /* zero-width space */

char *slack_rich_to_plain(const char *rich)
{
    return rich_plain(rich, NULL, NULL);
}

static bool is_word(gunichar c)
{
    return g_unichar_isalnum(c);
}

static gunichar last_sign(const GString *out)
{
    return out->len == 0 ? '\n' : g_utf8_get_char(g_utf8_prev_char(out->str + out->len));
}

static void append_escaped_sign(GString *out, gunichar c)
{
    if (c == '&')
        g_string_append(out, "&amp;");
    else if (c == '<')
        g_string_append(out, "&lt;");
    else if (c == '>')
        g_string_append(out, "&gt;");
    else
        g_string_append_unichar(out, c);
}

/* Slack formats from an opening sign at a word's edge with no space behind it to a closing one with no
 * space before it. An invisible sign at each inner edge keeps the characters as typed; inside a word
 * (snake_case) nothing is needed. */
static void append_formatting_sign(GString *out, gunichar c, gunichar next)
{
    gunichar before = last_sign(out);
    bool inside_word = c != '`' && is_word(before) && is_word(next);
    if (!inside_word && !g_unichar_isspace(before) && before != 0x200b)
        g_string_append(out, INVISIBLE);
    g_string_append_unichar(out, c);
    if (!inside_word && next != 0 && !g_unichar_isspace(next))
        g_string_append(out, INVISIBLE);
}

static bool is_broadcast(const char *text, gsize length)
{
    static const char *const words[] = {"here", "channel", "everyone", "group"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize size = strlen(words[i]);
        if (length >= size && g_ascii_strncasecmp(text, words[i], size) == 0)
            return true;
    }
    return false;
}

static bool at_line_start(const GString *out)
{
    gsize i = out->len;
    while (i > 0 && (out->str[i - 1] == ' ' || out->str[i - 1] == '\t'))
        i--;
    return i == 0 || out->str[i - 1] == '\n';
}

/* A quotation mark that ends an address as " does: \xe2\x80\x98 to \xe2\x80\x9f. */
static bool is_quote(const char *text)
{
    return (guchar)text[0] == 0xe2 && (guchar)text[1] == 0x80 && (guchar)text[2] >= 0x98 && (guchar)text[2] <= 0x9f;
}

/* The size of a web address that begins at text, without the punctuation behind it; 0 for none, and for one that
 * was cut: it would lead elsewhere. */
static gsize url_size(const char *text, gsize length)
{
    gsize scheme = 0;
    if (length > 7 && g_ascii_strncasecmp(text, "http://", 7) == 0)
        scheme = 7;
    else if (length > 8 && g_ascii_strncasecmp(text, "https://", 8) == 0)
        scheme = 8;
    else
        return 0;
    gsize size = scheme;
    while (size < length && strchr(" \t\n<>\"", text[size]) == NULL && !is_quote(text + size))
        size++;
    if (memmem(text, size, "…", strlen("…")) != NULL)
        return 0;
    while (size > scheme && strchr(".,;:!?)]}'*_~`", text[size - 1]) != NULL)
        size--;
    return size > scheme ? size : 0;
}

static void append_url(GString *out, const char *url, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        switch (url[i]) {
        case '|':
            g_string_append(out, "%7C");
            break;
        case '<':
            g_string_append(out, "%3C");
            break;
        case '>':
            g_string_append(out, "%3E");
            break;
        case ' ':
        case '\t':
        case '\n':
            g_string_append(out, "%20");
            break;
        case '&':
            g_string_append(out, "&amp;");
            break;
        default:
            g_string_append_c(out, url[i]);
        }
    }
}

enum { TOKEN_MAX = 2000 }; /* of Slack's 3000 a block: longer ones would be torn apart, and stand as text */

/* "<url>" appended; false, and nothing is, when it is too long. */
static bool append_address(GString *out, const char *url, gsize length)
{
    gsize from = out->len;
    g_string_append_c(out, '<');
    append_url(out, url, length);
    g_string_append_c(out, '>');
    if (slack_length(out->str + from) <= TOKEN_MAX)
        return true;
    g_string_truncate(out, from);
    return false;
}

static bool means_something(char c)
{
    return c == '*' || c == '_' || c == '~' || c == '`' || c == '@' || c == '&' || c == '<' || c == '>';
}

/* How many bytes mean nothing to Slack, and begin no address. */
static gsize plain_run(const char *text, gsize length)
{
    gsize size = 0;
    while (size < length && !means_something(text[size]) && text[size] != 'h' && text[size] != 'H')
        size++;
    return size;
}

/* A person's words. links: web addresses become links, since the text objects are sent verbatim. */
static void append_words(GString *out, const char *text, gsize length, bool links)
{
    const char *end = text + length;
    for (const char *at = text; at < end;) {
        gsize run = plain_run(at, (gsize)(end - at));
        g_string_append_len(out, at, (gssize)run);
        at += run;
        if (at == end)
            break;
        gunichar c = g_utf8_get_char(at);
        const char *next_at = g_utf8_next_char(at);
        gunichar next = next_at < end ? g_utf8_get_char(next_at) : 0;
        gsize url =
            links && (c == 'h' || c == 'H') && !is_word(last_sign(out)) ? url_size(at, (gsize)(end - at)) : 0;
        if (url > 0 && append_address(out, at, url)) {
            at += url;
            continue;
        }
        if (c == '*' || c == '_' || c == '~' || c == '`') {
            append_formatting_sign(out, c, next);
        } else if (c == '@' && is_broadcast(next_at, (gsize)(end - next_at))) {
            g_string_append(out, "@" INVISIBLE);
        } else {
            if (c == '>' && at_line_start(out))
                g_string_append(out, INVISIBLE);
            append_escaped_sign(out, c);
        }
        at = next_at;
    }
}

static void append_code(GString *out, const char *text, gsize length)
{
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        append_escaped_sign(out, c == '`' ? '\'' : c == '\n' ? ' ' : c);
    }
}

/* ---- Spans ---- */

enum { DEPTH_MAX = 8 }; /* deeper formatting is dropped */

struct writer {
    GString *out;
    GArray *spans; /* struct rich_span */
    int depth;
};

static const struct rich_span *span_at(const struct writer *writer, guint i)
{
    return &g_array_index(writer->spans, struct rich_span, i);
}

static bool holds_sign(const struct writer *writer, guint from, guint to, char sign)
{
    for (guint i = from; i < to; i++) {
        const struct rich_span *span = span_at(writer, i);
        if (span->marker == 0 && memchr(span->text, sign, span->length) != NULL)
            return true;
        if (span->label != NULL && memchr(span->label, sign, span->label_length) != NULL)
            return true;
    }
    return false;
}

static void append_person(GString *out, const struct rich_span *span, char sign)
{
    g_autofree char *id = g_strndup(span->text, span->length);
    if (slack_is_id(id)) {
        g_string_append_printf(out, "<%c%s>", sign, id);
    } else {
        g_string_append_c(out, sign);
        append_words(out, id, strlen(id), false);
    }
}

static void append_link(GString *out, const struct rich_span *span)
{
    g_autofree char *url = g_strndup(span->text, span->length);
    bool safe = g_ascii_strncasecmp(url, "http://", 7) == 0 || g_ascii_strncasecmp(url, "https://", 8) == 0 ||
                g_ascii_strncasecmp(url, "mailto:", 7) == 0;
    gsize from = out->len;
    if (safe) {
        g_string_append_c(out, '<');
        append_url(out, url, strlen(url));
        if (span->label_length > 0) {
            g_autofree char *label = g_strndup(span->label, span->label_length);
            g_strdelimit(label, "\n\t", ' ');
            g_string_append_c(out, '|');
            append_words(out, label, strlen(label), false);
        }
        g_string_append_c(out, '>');
        if (slack_length(out->str + from) <= TOKEN_MAX)
            return;
        g_string_truncate(out, from);
    }
    /* Nobody should follow it, or it is too long: words and address stand as text. */
    if (span->label_length > 0)
        append_words(out, span->label, span->label_length, false);
    g_string_append(out, span->label_length > 0 ? " (" : "");
    append_words(out, url, strlen(url), false);
    g_string_append(out, span->label_length > 0 ? ")" : "");
}

static void append_spans(struct writer *writer, guint from, guint to, bool in_code);

/* What a formatted span holds, each of its lines between signs: Slack's formatting ends at a line's end,
 * and does not begin before a space. */
static void append_formatted(struct writer *writer, guint from, guint to, char sign)
{
    struct writer inner = {.out = g_string_new(NULL), .spans = writer->spans, .depth = writer->depth + 1};
    append_spans(&inner, from, to, sign == '`');
    g_auto(GStrv) lines = g_strsplit(inner.out->str, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        char *words = *line + strspn(*line, " \t");
        gsize length = strlen(words);
        while (length > 0 && (words[length - 1] == ' ' || words[length - 1] == '\t'))
            length--;
        g_string_append_len(writer->out, *line, words - *line);
        if (length > 0) {
            if (is_word(last_sign(writer->out)))
                g_string_append(writer->out, INVISIBLE);
            g_string_append_c(writer->out, sign);
            g_string_append_len(writer->out, words, (gssize)length);
            g_string_append_c(writer->out, sign);
        }
        g_string_append(writer->out, words + length);
        if (line[1] != NULL)
            g_string_append_c(writer->out, '\n');
    }
    g_string_free(inner.out, TRUE);
    const struct rich_span *behind = to + 1 < writer->spans->len ? span_at(writer, to + 1) : NULL;
    if (behind != NULL && behind->marker == 0 && is_word(g_utf8_get_char(behind->text)))
        g_string_append(writer->out, INVISIBLE);
}

static void append_spans(struct writer *writer, guint from, guint to, bool in_code)
{
    for (guint i = from; i < to; i++) {
        const struct rich_span *span = span_at(writer, i);
        if (rich_opens(span->marker)) {
            char sign = span->marker == RICH_BOLD ? '*' : span->marker == RICH_ITALIC ? '_' : '`';
            guint end = MIN(rich_closing(writer->spans, i), to);
            /* Formatting gives way to words that hold its own sign. */
            if (in_code || writer->depth >= DEPTH_MAX ||
                (sign != '`' && holds_sign(writer, i + 1, end, sign)))
                continue;
            append_formatted(writer, i + 1, end, sign);
            i = end;
        } else if (span->marker == 0) {
            if (in_code)
                append_code(writer->out, span->text, span->length);
            else
                append_words(writer->out, span->text, span->length, true);
        } else if (span->marker == RICH_PING || span->marker == RICH_PERSON) {
            append_person(writer->out, span, '@');
        } else if (span->marker == RICH_CHANNEL) {
            append_person(writer->out, span, '#');
        } else if (span->marker == RICH_LINK) {
            append_link(writer->out, span);
        } else if (span->marker == RICH_QUOTE) {
            g_string_append(writer->out, "> ");
        }
    }
}

char *slack_rich_to_mrkdwn(const char *rich)
{
    struct writer writer = {.out = g_string_sized_new(strlen(rich)),
                            .spans = g_array_new(FALSE, FALSE, sizeof(struct rich_span))};
    struct rich_span span;
    while (rich_next(&rich, &span))
        g_array_append_val(writer.spans, span);
    append_spans(&writer, 0, writer.spans->len, false);
    g_array_unref(writer.spans);
    return g_string_free(writer.out, FALSE);
}
