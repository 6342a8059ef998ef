/* Rich text → Markdown: our markup as markup, a person's words as they were typed.
 *
 * Three readers must agree on the result: the server, which looks for mentions (app/notification.go,
 * shared/markdown), the web and desktop clients (a fork of marked) and the mobile ones (a fork of commonmark.js).
 * Where a backslash is not taken by all of them, an entity or an invisible sign stands in its place. */
#include "bot/mattermost/text.h"

#include <string.h>

#define INVISIBLE "\xe2\x80\x8b" /* zero-width space: neither a letter nor a space to any of them */

struct writer {
    GString *out;
    GArray *spans; /* struct rich_span */
    const struct mattermost_options *options;
    bool bold, italic; /* within such a span */
    bool after_ping;   /* what comes next must not lengthen the user name */
};

/* ---- What stands before ---- */

static gunichar last_sign(const GString *out)
{
    return out->len == 0 ? '\n' : g_utf8_get_char(g_utf8_prev_char(out->str + out->len));
}

/* Our own mark of a quotation, and nothing behind it yet. */
static bool is_quote_mark(const GString *out)
{
    return out->len >= 2 && strcmp(out->str + out->len - 2, "> ") == 0 && (out->len == 2 || out->str[out->len - 3] == '\n');
}

static bool at_line_start(const GString *out)
{
    return out->len == 0 || out->str[out->len - 1] == '\n' || is_quote_mark(out);
}

/* A line behind a quotation would belong to it but for an empty one between. */
static void begin_line(GString *out)
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

struct words {
    const char *at, *end;
    bool label; /* of a link: nothing in it is one */
    bool last;  /* the text ends with them */
};

static gunichar sign_behind(const struct words *words)
{
    const char *next = g_utf8_next_char(words->at);
    return next < words->end ? g_utf8_get_char(next) : 0;
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

/* The size of a web address that begins here, without the punctuation behind it; 0 for none, and for one that was
 * cut: it would lead elsewhere. */
static gsize url_size(const char *text, const char *end)
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

/* An address between the brackets of a link. */
static void append_target(GString *out, const char *url, gsize length)
{
    int slashes = 0;
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)url[i];
        slashes += c == '/';
        if (c <= ' ' || c == 0x7f || strchr("()<>\"'\\*`[]|{}^", c) != NULL || (c >= 0x80 && slashes > 2))
            g_string_append_printf(out, "%%%02X", c);
        else if (c == '&')
            g_string_append(out, "&amp;");
        else
            g_string_append_c(out, (char)c);
    }
}

static void append_words(struct writer *writer, struct words words);

static void append_link(struct writer *writer, const char *url, gsize size, const char *label, gsize label_size)
{
    GString *out = writer->out;
    /* ![ would show a picture. */
    if (last_sign(out) == '!')
        g_string_append(out, INVISIBLE);
    g_string_append_c(out, '[');
    append_words(writer, (struct words){.at = label, .end = label + label_size, .label = true});
    g_string_append(out, "](");
    if (g_ascii_strncasecmp(url, "www.", 4) == 0)
        g_string_append(out, "http://");
    append_target(out, url, size);
    g_string_append_c(out, ')');
}

/* A web address that begins here: false when there is none. */
static bool take_url(struct writer *writer, struct words *words)
{
    gunichar before = last_sign(writer->out);
    gsize size = g_unichar_isalnum(before) || before == '_' ? 0 : url_size(words->at, words->end);
    if (size == 0)
        return false;
    bool lower = *words->at == 'h' || g_str_has_prefix(words->at, "www.");
    const char *entity = memchr(words->at, '&', size);
    bool bare = lower && is_plain_word(words, words->at, "/.:?=%+,;-_#&!)'\"") &&
                (entity == NULL || memchr(entity, ';', size - (gsize)(entity - words->at)) == NULL);
    if (bare)
        g_string_append_len(writer->out, words->at, (gssize)size);
    else
        append_link(writer, words->at, size, words->at, size);
    words->at += size;
    return true;
}

/* What makes a heading, a list, a line or a quotation of a line, and spaces, which would make code of it. */
static void take_line_start(struct writer *writer, struct words *words)
{
    GString *out = writer->out;
    const char *at = words->at;
    gsize spaces = 0;
    while (at + spaces < words->end && (at[spaces] == ' ' || at[spaces] == '\t'))
        spaces++;
    if (spaces > 0) {
        bool empty = at + spaces == words->end ? words->last : at[spaces] == '\n';
        if (!empty) {
            g_string_append(out, INVISIBLE);
            g_string_append_len(out, at, (gssize)spaces);
        }
        words->at += spaces;
        return;
    }
    gsize digits = 0;
    while (at + digits < words->end && g_ascii_isdigit(at[digits]))
        digits++;
    const char *behind = at + digits + 1;
    bool ends = behind >= words->end || strchr(" \t\n", *behind) != NULL;
    if (digits > 0 && at + digits < words->end && (at[digits] == '.' || at[digits] == ')') && ends) {
        g_string_append_len(out, at, (gssize)digits);
        g_string_append_c(out, '\\');
        g_string_append_c(out, at[digits]);
        words->at += digits + 1;
        return;
    }
    gsize rule = 0;
    while (at + rule < words->end && strchr("=- \t", at[rule]) != NULL)
        rule++;
    bool whole = at + rule == words->end || at[rule] == '\n';
    bool bullet = (*at == '-' || *at == '+') && (at + 1 == words->end || strchr(" \t\n", at[1]) != NULL);
    bool heading = *at == '#' && (at + 1 == words->end || strchr("# \t\n", at[1]) != NULL);
    if (*at == '=' && whole)
        g_string_append(out, "&#61;");
    else if (*at == '>' || bullet || heading || (*at == '-' && whole))
        g_string_append_printf(out, "\\%c", *at);
    else
        return;
    words->at++;
}

static bool is_in_name(gunichar c)
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
    if (next < words->end && *next != '\n' && !g_ascii_ispunct(*next))
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
    switch (c) {
    case '\\':
        take_backslash(out, words);
        break;
    case '_':
        g_string_append(out, in_word && next < 0x80 && g_ascii_isalnum((char)next) ? "_" : "\\_");
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
        g_string_append(out, g_unichar_isalnum(next) ? "\\~" INVISIBLE : "\\~");
        break;
    case '#':
        g_string_append(out, g_unichar_isalpha(next) ? "#" INVISIBLE : "#");
        break;
    case '@':
        /* Within an address of mail it names nobody. */
        g_string_append(out, !in_word && (next == 0 ? !words->last : is_in_name(next)) ? "@" INVISIBLE : "@");
        break;
    case ':':
        g_string_append(out, !words->label && is_scheme(out, words) ? ":" INVISIBLE : ":");
        break;
    case '/':
        g_string_append(out, !words->label && is_domain(out, words) ? INVISIBLE "/" : "/");
        break;
    case '<':
        if (g_unichar_isspace(next) || (next < 0x80 && (g_ascii_isdigit((char)next) || next == '=' || next == '-') &&
                                        !may_close(words)))
            g_string_append_c(out, '<');
        else
            g_string_append(out, "&lt;");
        break;
    case '&':
        g_string_append(out, next == '#' || g_unichar_isalnum(next) ? "&amp;" : "&");
        break;
    case '$':
        /* A formula ends with one that has no letter behind it. */
        g_string_append(out, next < 0x80 && g_ascii_isalnum((char)next) ? "$" : "&#36;");
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

static void append_words(struct writer *writer, struct words words)
{
    const char *from = words.at;
    if (words.at == words.end)
        return;
    if (writer->after_ping && is_in_name(g_utf8_get_char(words.at)))
        g_string_append(writer->out, INVISIBLE);
    writer->after_ping = false;
    while (words.at < words.end) {
        if (*words.at != '\n')
            begin_line(writer->out);
        const char *before = words.at;
        if (*words.at != '\n' && !words.label && at_line_start(writer->out))
            take_line_start(writer, &words);
        if (words.at > before)
            continue;
        bool may_begin = !words.label && strchr("hHwW", *words.at) != NULL;
        if (may_begin && take_url(writer, &words))
            continue;
        take_sign(writer, &words, from);
        words.at = g_utf8_next_char(words.at);
    }
}

/* ---- People and channels ---- */

bool mattermost_is_handle(const char *text)
{
    gsize size = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
    return size > 0 && size <= 64 && text[size] == '\0';
}

static const char *name_of(const struct mattermost_options *options, const char *id)
{
    return options->name != NULL ? options->name(id, options->name_data) : NULL;
}

static const char *handle_of(const struct mattermost_options *options, const char *id)
{
    const char *handle = options->handle != NULL ? options->handle(id, options->name_data) : NULL;
    return handle != NULL && mattermost_is_handle(handle) ? handle : NULL;
}

/* Between letters a _ formats nothing, and a backslash would end the name before it. */
static void append_handle(GString *out, char sign, const char *handle)
{
    gunichar before = last_sign(out);
    if (!g_unichar_isspace(before) && before != '(')
        g_string_append(out, INVISIBLE);
    g_string_append_c(out, sign);
    for (const char *c = handle; *c != '\0'; c++) {
        bool inside = c > handle && g_ascii_isalnum(c[-1]) && g_ascii_isalnum(c[1]);
        g_string_append(out, *c == '_' && !inside ? "\\" : "");
        g_string_append_c(out, *c);
    }
}

/* The sign and a name that notifies nobody. */
static void append_name(struct writer *writer, char sign, const char *name)
{
    g_autofree char *clean = rich_clean(name);
    g_strdelimit(clean, "\n\t", ' ');
    g_string_append_c(writer->out, sign);
    g_string_append(writer->out, INVISIBLE);
    /* Behind the sign no mark of a line stands, but an address may. */
    append_words(writer, (struct words){.at = clean, .end = clean + strlen(clean)});
}

static void append_mention(struct writer *writer, const struct rich_span *span)
{
    g_autofree char *id = g_strndup(span->text, span->length);
    begin_line(writer->out);
    const char *handle = span->marker == RICH_PING ? handle_of(writer->options, id) : NULL;
    if (handle != NULL) {
        append_handle(writer->out, '@', handle);
        writer->after_ping = true;
        return;
    }
    writer->after_ping = false;
    const char *name = name_of(writer->options, id);
    if (span->marker == RICH_CHANNEL && name != NULL && mattermost_is_handle(name)) {
        append_handle(writer->out, '~', name);
        writer->after_ping = true;
    } else {
        append_name(writer, span->marker == RICH_CHANNEL ? '~' : '@', name != NULL ? name : id);
    }
}

/* ---- Spans ---- */

static const struct rich_span *span_at(const struct writer *writer, guint i)
{
    return &g_array_index(writer->spans, struct rich_span, i);
}

static bool opens(char marker)
{
    return marker == RICH_BOLD || marker == RICH_ITALIC || marker == RICH_CODE;
}

/* The index of the RICH_END that closes the span opened at i, or the number of spans. */
static guint closing(const struct writer *writer, guint i)
{
    int depth = 0;
    for (; i < writer->spans->len; i++) {
        char marker = span_at(writer, i)->marker;
        if (opens(marker))
            depth++;
        else if (marker == RICH_END && --depth == 0)
            return i;
    }
    return i;
}

static void append_rich_link(struct writer *writer, const struct rich_span *span)
{
    const char *url = span->text, *label = span->label_length > 0 ? span->label : url;
    gsize size = span->length, label_size = span->label_length > 0 ? span->label_length : size;
    bool safe = url_size(url, url + size) > 0 || (size > 7 && g_ascii_strncasecmp(url, "mailto:", 7) == 0);
    begin_line(writer->out);
    writer->after_ping = false;
    if (safe) {
        append_link(writer, url, size, label, label_size);
        return;
    }
    /* Nobody should follow it: words and address stand as text. */
    append_words(writer, (struct words){.at = label, .end = label + label_size});
    if (label != url) {
        g_string_append(writer->out, " (");
        append_words(writer, (struct words){.at = url, .end = url + size});
        g_string_append_c(writer->out, ')');
    }
}

static void append_code(struct writer *writer, guint from, guint to)
{
    GString *code = g_string_new(NULL);
    for (guint i = from; i < to; i++) {
        const struct rich_span *span = span_at(writer, i);
        g_autofree char *text = g_strndup(span->text != NULL ? span->text : "", span->length);
        if (span->marker == RICH_PING || span->marker == RICH_PERSON || span->marker == RICH_CHANNEL) {
            const char *name = name_of(writer->options, text);
            g_string_append_printf(code, "%c%s", span->marker == RICH_CHANNEL ? '~' : '@', name != NULL ? name : text);
        } else {
            g_string_append(code, text);
        }
    }
    g_autofree char *clean = rich_clean(code->str);
    g_string_free(code, TRUE);
    g_strdelimit(clean, "\n\t", ' ');
    gsize longest = 0;
    for (const char *c = clean; *c != '\0'; c++) {
        gsize run = strspn(c, "`");
        longest = MAX(longest, run);
        c += run > 0 ? run - 1 : 0;
    }
    if (*clean == '\0')
        return;
    begin_line(writer->out);
    writer->after_ping = false;
    /* Backticks side by side would be one fence. */
    if (last_sign(writer->out) == '`')
        g_string_append(writer->out, INVISIBLE);
    g_autofree char *fence = g_strnfill(longest + 1, '`');
    const char *space = longest > 0 ? " " : "";
    g_string_append_printf(writer->out, "%s%s%s%s%s", fence, space, clean, space, fence);
}

static bool is_wordlike(gunichar c)
{
    return !g_unichar_isspace(c) && !g_unichar_ispunct(c);
}

/* Whether sign formats these words between its neighbours for every reader. */
static bool formats(const char *sign, const char *words, gunichar before, gunichar after)
{
    if (strchr(words, *sign) != NULL || *words == '\0')
        return false;
    gunichar first = g_utf8_get_char(words);
    gunichar last = g_utf8_get_char(g_utf8_prev_char(words + strlen(words)));
    if (*sign == '_')
        return !is_wordlike(before) && !is_wordlike(after) && before != '_' && after != '_';
    if (sign[1] == '\0' && (first == '"' || first == '<'))
        return false;
    return !(g_unichar_ispunct(first) && is_wordlike(before)) && !(g_unichar_ispunct(last) && is_wordlike(after)) &&
           after != '*';
}

/* What comes behind span i, as far as formatting asks. */
static gunichar sign_after(const struct writer *writer, guint i)
{
    if (i + 1 >= writer->spans->len)
        return '\n';
    const struct rich_span *span = span_at(writer, i + 1);
    return span->marker == 0 && span->length > 0 ? g_utf8_get_char(span->text) : '@';
}

static void append_spans(struct writer *writer, guint from, guint to);

/* What a formatted span holds, each of its lines between signs. It gives way where they would not be read as such. */
static void append_formatted(struct writer *writer, guint from, guint to, char marker)
{
    static const char *const bold[] = {"**", "__"}, *const italic[] = {"_", "*"};
    const char *const *signs = marker == RICH_BOLD ? bold : italic;
    struct writer inner = *writer;
    inner.out = g_string_new(NULL);
    inner.bold = writer->bold || marker == RICH_BOLD;
    inner.italic = writer->italic || marker == RICH_ITALIC;
    append_spans(&inner, from, to);
    g_auto(GStrv) lines = g_strsplit(inner.out->str, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        gunichar before = last_sign(writer->out), after = line[1] != NULL ? '\n' : sign_after(writer, to);
        g_autofree char *words = g_strstrip(g_strdup(*line));
        gsize lead = strspn(*line, " \t");
        if (*words != '\0')
            begin_line(writer->out);
        g_string_append_len(writer->out, *line, at_line_start(writer->out) ? 0 : (gssize)lead);
        if (lead > 0)
            before = ' ';
        if (before == '*')
            g_string_append(writer->out, INVISIBLE);
        const char *sign = formats(signs[0], words, before, after)   ? signs[0]
                           : formats(signs[1], words, before, after) ? signs[1]
                                                                     : "";
        bool name_ends = line[1] == NULL && inner.after_ping && *sign == '_';
        g_string_append_printf(writer->out, "%s%s%s%s", sign, words, name_ends ? INVISIBLE : "", sign);
        g_string_append(writer->out, *line + MIN(strlen(*line), lead + strlen(words)));
        if (line[1] != NULL)
            g_string_append_c(writer->out, '\n');
    }
    g_string_free(inner.out, TRUE);
    writer->after_ping = inner.after_ping;
}

static void append_spans(struct writer *writer, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        const struct rich_span *span = span_at(writer, i);
        if (span->marker == RICH_CODE) {
            guint end = MIN(closing(writer, i), to);
            append_code(writer, i + 1, end);
            i = end;
        } else if (opens(span->marker)) {
            if (span->marker == RICH_BOLD ? writer->bold : writer->italic)
                continue;
            guint end = MIN(closing(writer, i), to);
            append_formatted(writer, i + 1, end, span->marker);
            i = end;
        } else if (span->marker == 0) {
            append_words(writer, (struct words){.at = span->text, .end = span->text + span->length,
                                                .last = i + 1 == writer->spans->len && !writer->bold &&
                                                        !writer->italic});
        } else if (span->marker == RICH_PING || span->marker == RICH_PERSON || span->marker == RICH_CHANNEL) {
            append_mention(writer, span);
        } else if (span->marker == RICH_LINK) {
            append_rich_link(writer, span);
        } else if (span->marker == RICH_QUOTE && !writer->bold && !writer->italic && at_line_start(writer->out)) {
            g_string_append(writer->out, is_quote_mark(writer->out) ? "" : "> ");
        }
    }
}

char *mattermost_rich_to_markdown(const char *rich, const struct mattermost_options *options)
{
    struct writer writer = {.out = g_string_sized_new(strlen(rich)),
                            .spans = g_array_new(FALSE, FALSE, sizeof(struct rich_span)),
                            .options = options};
    struct rich_span span;
    while (rich_next(&rich, &span))
        g_array_append_val(writer.spans, span);
    append_spans(&writer, 0, writer.spans->len);
    g_array_unref(writer.spans);
    /* Once more: a cut may have left overrides of the writing direction open. */
    g_autofree char *markdown = g_string_free(writer.out, FALSE);
    return rich_clean(markdown);
}
