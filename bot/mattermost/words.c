/* A person's words as Markdown that reads as they were typed.
 *
 * Three readers must agree on it: the server, which looks for mentions (app/notification.go, shared/markdown), the web
 * and desktop clients (a fork of marked) and the mobile ones (a fork of commonmark.js). Where a backslash is not taken
 * by all of them, an entity or an invisible sign stands in its place. */
#include "bot/mattermost/markdown.h"

#include <string.h>

/* ---- What stands before ---- */

gunichar writer_last(const GString *out)
{
    return out->len == 0 ? '\n' : g_utf8_get_char(g_utf8_prev_char(out->str + out->len));
}

bool writer_at_quote_mark(const GString *out)
{
    return out->len >= 2 && strcmp(out->str + out->len - 2, "> ") == 0 && (out->len == 2 || out->str[out->len - 3] == '\n');
}

bool writer_at_line_start(const struct writer *writer)
{
    const GString *out = writer->out;
    if (out->len == 0)
        return !writer->mid_line;
    return out->str[out->len - 1] == '\n' || writer_at_quote_mark(out);
}

void writer_begin_line(GString *out)
{
    if (out->len < 2 || out->str[out->len - 1] != '\n' || out->str[out->len - 2] == '\n')
        return;
    const char *line = out->str + out->len - 1;
    while (line > out->str && line[-1] != '\n')
        line--;
    if (*line == '>')
        g_string_append_c(out, '\n');
}

/* ---- A person's words ---- */

static gunichar sign_behind(const struct words *words)
{
    const char *next = g_utf8_next_char(words->at);
    return next < words->end ? g_utf8_get_char(next) : 0;
}

/* The size of the space, tab or newline here; one that does not break is a space to the web client. */
static gsize blank_size(const char *at)
{
    return *at == ' ' || *at == '\t' || *at == '\n' ? 1 : (guchar)at[0] == 0xc2 && (guchar)at[1] == 0xa0 ? 2 : 0;
}

/* Whether a word can stand where clients take it for an address: there nothing is unescaped. */
static bool is_plain_word(const struct words *words, const char *from, const char *signs)
{
    for (; from < words->end && strchr(" \t\n", *from) == NULL; from++) {
        if (!g_ascii_isalnum(*from) && strchr(signs, *from) == NULL)
            return false;
    }
    return from < words->end || words->last;
}

static bool is_quote(const char *text)
{
    return (guchar)text[0] == 0xe2 && (guchar)text[1] == 0x80 && (guchar)text[2] >= 0x98 && (guchar)text[2] <= 0x9f;
}

gsize words_url_size(const char *text, const char *end)
{
    static const char *const begins[] = {"http://", "https://", "www."};
    gsize length = (gsize)(end - text), scheme = 0, size;
    for (gsize i = 0; i < G_N_ELEMENTS(begins); i++) {
        size = strlen(begins[i]);
        if (length > size && g_ascii_strncasecmp(text, begins[i], size) == 0)
            scheme = size;
    }
    if (scheme == 0)
        return 0;
    for (size = scheme; size < length; size++) {
        if ((guchar)text[size] <= ' ' || strchr("<>\"", text[size]) != NULL || is_quote(text + size))
            break;
    }
    if (memmem(text, size, "…", strlen("…")) != NULL)
        return 0;
    while (size > scheme && strchr(".,;:!?)]}'*_~`", text[size - 1]) != NULL)
        size--;
    bool host = size > scheme && ((guchar)text[scheme] >= 0x80 || g_ascii_isalnum(text[scheme]) || text[scheme] == '[');
    return host ? size : 0;
}

static void append_bytes(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        g_string_append_printf(out, "%%%02X", (guint)(guchar)text[i]);
}

/* An address between the brackets of a link. Letters of any script may stand in a host as they are. */
static void append_target(GString *out, const char *url, gsize length)
{
    int slashes = 0;
    for (const char *at = url, *next; at < url + length; at = next) {
        next = g_utf8_next_char(at);
        gunichar c = g_utf8_get_char(at);
        slashes += c == '/';
        bool host = slashes < 3 && g_unichar_isalnum(c);
        if (c >= 0x7f ? !host : c <= ' ' || strchr("()<>\"'\\*`[]|{}^$", (int)c) != NULL)
            append_bytes(out, at, (gsize)(next - at));
        else if (c == '&')
            g_string_append(out, "&amp;");
        else
            g_string_append_unichar(out, c);
    }
}

void words_append_link(struct writer *writer, const char *url, gsize size, const char *label, gsize label_size)
{
    GString *out = writer->out;
    /* ![ would show a picture, and \\[ nothing of a link. */
    if (writer_last(out) == '!' || writer_last(out) == '\\')
        g_string_append(out, INVISIBLE);
    g_string_append_c(out, '[');
    words_append(writer, (struct words){.at = label, .end = label + label_size, .label = true});
    g_string_append(out, "](");
    if (g_ascii_strncasecmp(url, "www.", 4) == 0)
        g_string_append(out, "http://");
    append_target(out, url, size);
    g_string_append_c(out, ')');
}

/* Whether clients find the address by themselves, and where it ends: nothing in it is unescaped there. */
static bool is_plain_address(const struct words *words, gsize size)
{
    for (gsize i = 0; i < size; i++) {
        if (!g_ascii_isalnum(words->at[i]) && strchr("/.:?=%+,;-_#&", words->at[i]) == NULL)
            return false;
    }
    const char *behind = words->at + size;
    while (behind < words->end && strchr(".,;:!?)'\"", *behind) != NULL)
        behind++;
    return behind == words->end ? words->last : blank_size(behind) > 0;
}

/* A web address that begins here: false when there is none. */
static bool take_url(struct writer *writer, struct words *words)
{
    gunichar before = writer_last(writer->out);
    bool in_word = before < 0x80 && g_ascii_isalnum((char)before); /* as clients see it */
    gsize size = in_word ? 0 : words_url_size(words->at, words->end);
    if (size == 0)
        return false;
    bool lower = before != '_' && (*words->at == 'h' || g_str_has_prefix(words->at, "www."));
    const char *entity = memchr(words->at, '&', size);
    bool bare = lower && is_plain_address(words, size) &&
                (entity == NULL || memchr(entity, ';', size + 1 - (gsize)(entity - words->at)) == NULL);
    if (bare)
        g_string_append_len(writer->out, words->at, (gssize)size);
    else
        words_append_link(writer, words->at, size, words->at, size);
    words->at += size;
    return true;
}

/* Spaces at a line's beginning, which would make code of it; in an empty line nobody sees them. */
static void take_indent(GString *out, struct words *words, const char *behind)
{
    bool empty = behind == words->end ? words->last : *behind == '\n';
    if (!empty) {
        g_string_append(out, INVISIBLE);
        g_string_append_len(out, words->at, behind - words->at);
    }
    words->at = behind;
}

/* "1." and "1)" begin lists. */
static bool take_number(GString *out, struct words *words)
{
    const char *at = words->at;
    while (at < words->end && g_ascii_isdigit(*at))
        at++;
    if (at == words->at || at == words->end || (*at != '.' && *at != ')') ||
        (at + 1 < words->end && blank_size(at + 1) == 0))
        return false;
    g_string_append_len(out, words->at, at - words->at);
    g_string_append_printf(out, "\\%c", *at);
    words->at = at + 1;
    return true;
}

/* What makes a heading, a list, a rule or a quotation of a line. */
static void take_line_start(struct writer *writer, struct words *words)
{
    const char *at = words->at, *behind = at;
    while (behind < words->end && *behind != '\n' && blank_size(behind) > 0)
        behind += blank_size(behind);
    if (behind > at) {
        take_indent(writer->out, words, behind);
        return;
    }
    if (take_number(writer->out, words))
        return;
    while (behind < words->end && *behind != '\n' && (*behind == '=' || *behind == '-' || blank_size(behind) > 0))
        behind += MAX(blank_size(behind), 1);
    bool whole = behind == words->end || *behind == '\n';
    bool alone = at + 1 == words->end || blank_size(at + 1) > 0;
    bool bullet = (*at == '-' || *at == '+') && alone, heading = *at == '#' && (alone || at[1] == '#');
    if (*at == '=' && whole)
        g_string_append(writer->out, "&#61;");
    else if (*at == '>' || bullet || heading || (*at == '-' && whole))
        g_string_append_printf(writer->out, "\\%c", *at);
    else
        return;
    words->at++;
}

bool words_is_in_name(gunichar c)
{
    return g_unichar_isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '@';
}

/* "note:x" is an address to clients, with whatever follows up to a space. */
static bool is_scheme(const GString *out, const struct words *words)
{
    gunichar next = sign_behind(words);
    bool letter = false;
    for (gsize i = out->len; i > 0 && (g_ascii_isalnum(out->str[i - 1]) || strchr("+.-", out->str[i - 1]) != NULL); i--)
        letter = letter || g_ascii_isalpha(out->str[i - 1]);
    return letter && (g_unichar_isalnum(next) || next == '/' || next == '%') &&
           !is_plain_word(words, words->at + 1, ".,/-");
}

/* So is "www.x", and "www2.x". */
static bool is_www(const GString *out, const struct words *words)
{
    gsize i = out->len;
    while (i > 0 && out->len - i < 3 && g_ascii_isdigit(out->str[i - 1]))
        i--;
    return i >= 3 && strncmp(out->str + i - 3, "www", 3) == 0 && !is_plain_word(words, words->at + 1, ".,/-");
}

/* So is "example.com/x". */
static bool is_domain(const GString *out, const struct words *words)
{
    gsize letters = 0, i = out->len;
    while (i > 0 && letters < 5 && ((guchar)out->str[i - 1] >= 0x80 || g_ascii_isalpha(out->str[i - 1]))) {
        i = (gsize)(g_utf8_prev_char(out->str + i) - out->str);
        letters++;
    }
    return letters >= 2 && letters <= 4 && i > 0 && out->str[i - 1] == '.' &&
           !is_plain_word(words, words->at + 1, ".,/-");
}

enum { TAG_MAX = 500 };

/* Whether a tag may end in the word: then it begins one. */
static bool may_close(const struct words *words)
{
    const char *at = words->at;
    while (at < words->end && at - words->at < TAG_MAX && strchr("> \t\n", *at) == NULL)
        at++;
    return at < words->end && (*at == '>' || at - words->at == TAG_MAX);
}

static void take_backslash(GString *out, const struct words *words)
{
    const char *next = words->at + 1;
    if (next < words->end && (g_ascii_isalnum(*next) || *next == ' '))
        g_string_append_c(out, '\\'); /* escapes nothing; two would stay two in the web client */
    else
        g_string_append(out, next == words->end && !words->last ? "\\\\" INVISIBLE : "\\\\");
}

/* Clients see names, tags, mentions where a sign comes before a letter. */
static void take_sign(struct writer *writer, const struct words *words, const char *from)
{
    GString *out = writer->out;
    gunichar c = g_utf8_get_char(words->at), next = sign_behind(words);
    gunichar before = words->at > from ? (guchar)words->at[-1] : ' ';
    bool in_word = before < 0x80 && g_ascii_isalnum((char)before);
    bool open = next == 0 && !words->last; /* who knows what comes behind */
    switch (c) {
    case '\\':
        take_backslash(out, words);
        break;
    case '_':
        g_string_append(out, in_word && next < 0x80 && g_ascii_isalnum((char)next) &&
                                     (words->label || words_url_size(words->at + 1, words->end) == 0)
                                 ? "_"
                                 : "\\_");
        break;
    case '[':
        g_string_append(out, words->label ? "&#91;" : "\\[");
        break;
    case ']':
        g_string_append(out, words->label ? "&#93;" : "\\]");
        break;
    case '*':
    case '`':
    case '|':
        g_string_append_printf(out, "\\%c", (char)c);
        break;
    case '~':
        g_string_append(out, words_is_in_name(next) || open ? "\\~" INVISIBLE : "\\~");
        break;
    case '#':
        g_string_append(out, g_unichar_isalpha(next) || open ? "#" INVISIBLE : "#");
        break;
    case '@':
        /* Within an address of mail it names nobody. */
        g_string_append(out, !in_word && (open || words_is_in_name(next)) ? "@" INVISIBLE : "@");
        break;
    case ':':
        g_string_append(out, !words->label && is_scheme(out, words) ? ":" INVISIBLE : ":");
        break;
    case '.':
        g_string_append(out, !words->label && is_www(out, words) ? INVISIBLE "." : ".");
        break;
    case '/':
        g_string_append(out, !words->label && is_domain(out, words) ? INVISIBLE "/" : "/");
        break;
    case '<':
        if (next == ' ' || next == '\n' || next == '\t' ||
            (next < 0x80 && (g_ascii_isdigit((char)next) || next == '=' || next == '-') && !may_close(words)))
            g_string_append_c(out, '<');
        else
            g_string_append(out, "&lt;");
        break;
    case '&':
        g_string_append(out, next == '#' || g_unichar_isalnum(next) ? "&amp;" : "&");
        break;
    case '$':
        /* An amount; a formula ends with one that has nothing of a word behind it. */
        g_string_append(out, next < 0x80 && g_ascii_isdigit((char)next) ? "$" : "&#36;");
        break;
    case 0x2424:
        g_string_append(out, "&#9252;"); /* a line's end to the web client */
        break;
    default:
        if (c == '\n' ? words->label : c == '\t')
            g_string_append_c(out, ' ');
        else if (c >= ' ' || c == '\n')
            g_string_append_unichar(out, c);
    }
}

/* Letters, digits and the blanks behind them, in which nothing begins: an address has its h or w first. */
static gsize plain_run(const struct words *words)
{
    const char *at = words->at;
    while (at < words->end && (g_ascii_isalnum(*at) || (*at == ' ' && at > words->at)) && strchr("hHwW", *at) == NULL)
        at++;
    return (gsize)(at - words->at);
}

void words_append(struct writer *writer, struct words words)
{
    const char *from = words.at;
    if (words.at == words.end)
        return;
    if (writer->after_ping && words_is_in_name(g_utf8_get_char(words.at)))
        g_string_append(writer->out, INVISIBLE);
    writer->after_ping = false;
    while (words.at < words.end) {
        if (*words.at != '\n')
            writer_begin_line(writer->out);
        const char *before = words.at;
        if (*words.at != '\n' && !words.label && writer_at_line_start(writer))
            take_line_start(writer, &words);
        if (words.at > before)
            continue;
        gsize run = plain_run(&words);
        if (run > 0) {
            g_string_append_len(writer->out, words.at, (gssize)run);
            words.at += run;
            continue;
        }
        bool may_begin = !words.label && strchr("hHwW", *words.at) != NULL;
        if (may_begin && take_url(writer, &words))
            continue;
        take_sign(writer, &words, from);
        words.at = g_utf8_next_char(words.at);
    }
}
