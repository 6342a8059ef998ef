/* Rich text → Markdown: our markup as markup. A person's words: words.c. */
#include "bot/mattermost/markdown.h"

#include <string.h>

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
    if (words_is_in_name(writer_last(out)))
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
    words_append(writer, (struct words){.at = clean, .end = clean + strlen(clean)});
}

static void append_mention(struct writer *writer, const struct rich_span *span)
{
    g_autofree char *id = g_strndup(span->text, span->length);
    writer_begin_line(writer->out);
    if (writer->after_ping)
        g_string_append(writer->out, INVISIBLE);
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

static void append_rich_link(struct writer *writer, const struct rich_span *span)
{
    const char *url = span->text, *label = span->label_length > 0 ? span->label : url;
    gsize size = span->length, label_size = span->label_length > 0 ? span->label_length : size;
    bool safe = words_url_size(url, url + size) > 0 || (size > 7 && g_ascii_strncasecmp(url, "mailto:", 7) == 0);
    writer_begin_line(writer->out);
    writer->after_ping = false;
    if (safe) {
        words_append_link(writer, url, size, label, label_size);
        return;
    }
    /* Nobody should follow it: words and address stand as text. */
    words_append(writer, (struct words){.at = label, .end = label + label_size});
    if (label != url) {
        g_string_append(writer->out, " (");
        words_append(writer, (struct words){.at = url, .end = url + size});
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
    /* The picture of a newline is one to the web client; here nothing can be put in its place but its like. */
    for (char *c = clean; (c = strstr(c, "\xe2\x90\xa4")) != NULL;)
        c[2] = '\x8a';
    gsize longest = 0;
    for (const char *c = clean; *c != '\0'; c++) {
        gsize run = strspn(c, "`");
        longest = MAX(longest, run);
        c += run > 0 ? run - 1 : 0;
    }
    if (*clean == '\0')
        return;
    writer_begin_line(writer->out);
    writer->after_ping = false;
    /* Backticks side by side would be one fence. */
    if (writer_last(writer->out) == '`')
        g_string_append(writer->out, INVISIBLE);
    g_autofree char *fence = g_strnfill(longest + 1, '`');
    const char *space = longest > 0 ? " " : "";
    g_string_append_printf(writer->out, "%s%s%s%s%s", fence, space, clean, space, fence);
}

static bool is_wordlike(gunichar c)
{
    return !g_unichar_isspace(c) && !g_unichar_ispunct(c);
}

/* Whether sign formats these words between their neighbours for every reader. */
static bool formats(const char *sign, const char *words, gunichar before, gunichar after)
{
    if (strchr(words, *sign) != NULL || *words == '\0' || strcmp(words, INVISIBLE) == 0)
        return false;
    gunichar first = g_utf8_get_char(words);
    gunichar last = g_utf8_get_char(g_utf8_prev_char(words + strlen(words)));
    if (g_unichar_isspace(first) || g_unichar_isspace(last))
        return false;
    /* To the web client a backslash or a backtick behind it is like a letter, and so is all that is not ASCII. */
    bool escaped = after < 0x80 ? strchr("\\`*_[]|~", (int)after) != NULL : !g_unichar_isspace(after);
    if (*sign == '_')
        return !is_wordlike(before) && before != '_' && (after == RICH_END || (!is_wordlike(after) && !escaped));
    if (after == RICH_END || (sign[1] == '\0' && (first == '"' || first == '<')))
        return false;
    bool joined = is_wordlike(before) || before == '*'; /* what keeps two of the sign apart is like a word */
    return !(g_unichar_ispunct(first) && joined) && !(g_unichar_ispunct(last) && is_wordlike(after));
}

/* What comes behind span i, as far as formatting asks: where that is open, what asks most. */
static gunichar sign_after(const struct writer *writer, guint i)
{
    if (i + 1 >= writer->spans->len)
        return '\n';
    const struct rich_span *span = span_at(writer, i + 1);
    switch (span->marker) {
    case 0:
        return span->length > 0 ? g_utf8_get_char(span->text) : 'x';
    case RICH_END:
        return RICH_END;
    case RICH_PERSON:
    case RICH_CHANNEL:
        return '@';
    case RICH_LINK:
        return '[';
    case RICH_CODE:
        return '`';
    default: /* a _ before it would hide a user name */
        return 'x';
    }
}

static void append_spans(struct writer *writer, guint from, guint to);

static void append_formatted_line(struct writer *writer, const char *line, const char *const *signs, gunichar after,
                                  bool name_ends)
{
    GString *out = writer->out;
    g_autofree char *words = g_strstrip(g_strdup(line));
    gsize lead = strspn(line, " \t"), length = strlen(words);
    if (length == 0) {
        g_string_append(out, writer_at_line_start(writer) ? "" : line);
        return;
    }
    writer_begin_line(out);
    g_string_append_len(out, line, writer_at_line_start(writer) ? 0 : (gssize)lead);
    if (writer->after_ping && lead == 0)
        g_string_append(out, INVISIBLE);
    gunichar before = writer_last(out);
    gunichar behind = line[lead + length] != '\0' ? ' ' : after;
    const char *sign = formats(signs[0], words, before, behind)   ? signs[0]
                       : formats(signs[1], words, before, behind) ? signs[1]
                                                                  : "";
    bool apart = *sign == '\0' ? words_is_in_name(before) || (before == '`' && *words == '`') : *sign == '*' && before == '*';
    g_string_append_printf(out, "%s%s%s%s%s", apart ? INVISIBLE : "", sign, words,
                           name_ends && *sign == '_' ? INVISIBLE : "", sign);
    g_string_append(out, line + lead + length);
    writer->after_ping = false;
}

/* What a formatted span holds, each of its lines between signs. It gives way where they would not be read as such. */
static void append_formatted(struct writer *writer, guint from, guint to, char marker)
{
    static const char *const bold[] = {"**", "__"}, *const italic[] = {"_", "*"};
    const char *const *signs = marker == RICH_BOLD ? bold : italic;
    struct writer inner = *writer;
    inner.out = g_string_new(NULL);
    inner.bold = writer->bold || marker == RICH_BOLD;
    inner.italic = writer->italic || marker == RICH_ITALIC;
    inner.mid_line = !writer_at_line_start(writer);
    inner.after_ping = false;
    append_spans(&inner, from, to);
    g_auto(GStrv) lines = g_strsplit(inner.out->str, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        append_formatted_line(writer, *line, signs, line[1] != NULL ? '\n' : sign_after(writer, to), inner.after_ping);
        if (line[1] != NULL)
            g_string_append_c(writer->out, '\n');
    }
    if (inner.out->len > 0)
        writer->after_ping = inner.after_ping;
    g_string_free(inner.out, TRUE);
}

static void append_spans(struct writer *writer, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        const struct rich_span *span = span_at(writer, i);
        if (span->marker == RICH_CODE) {
            guint end = MIN(rich_closing(writer->spans, i), to);
            append_code(writer, i + 1, end);
            i = end;
        } else if (rich_opens(span->marker)) {
            if (span->marker == RICH_BOLD ? writer->bold : writer->italic)
                continue;
            guint end = MIN(rich_closing(writer->spans, i), to);
            append_formatted(writer, i + 1, end, span->marker);
            i = end;
        } else if (span->marker == 0) {
            words_append(writer, (struct words){.at = span->text, .end = span->text + span->length,
                                                .last = i + 1 == writer->spans->len && !writer->bold &&
                                                        !writer->italic});
        } else if (span->marker == RICH_PING || span->marker == RICH_PERSON || span->marker == RICH_CHANNEL) {
            append_mention(writer, span);
        } else if (span->marker == RICH_LINK) {
            append_rich_link(writer, span);
        } else if (span->marker == RICH_QUOTE && !writer->bold && !writer->italic && writer_at_line_start(writer)) {
            g_string_append(writer->out, writer_at_quote_mark(writer->out) ? "" : "> ");
        }
    }
}

char *mattermost_rich_to_markdown(const char *rich, const struct mattermost_options *options)
{
    g_autofree char *tidy = mattermost_tidy(rich);
    struct writer writer = {.out = g_string_sized_new(strlen(tidy)),
                            .spans = g_array_new(FALSE, FALSE, sizeof(struct rich_span)),
                            .options = options};
    struct rich_span span;
    for (const char *at = tidy; rich_next(&at, &span);)
        g_array_append_val(writer.spans, span);
    append_spans(&writer, 0, writer.spans->len);
    g_array_unref(writer.spans);
    /* A quotation of nothing would show its mark. */
    while (writer.out->len > 0 && (writer_at_quote_mark(writer.out) || writer_last(writer.out) == '\n'))
        g_string_truncate(writer.out, writer.out->len - (writer_last(writer.out) == '\n' ? 1 : 2));
    return g_strstrip(g_string_free(writer.out, FALSE));
}
