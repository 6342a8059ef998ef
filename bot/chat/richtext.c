#include "bot/chat/richtext.h"

#include <string.h>

/* Deeper ones do nothing (Unicode's max_depth), and would make a long text slow to read. */
enum { BIDI_DEPTH = 125 };

static bool is_bidi_opener(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e && c != 0x202c) || (c >= 0x2066 && c <= 0x2068);
}

/* An embedding (PDF closes it, written e) or an isolate (PDI, written i) that stands open. */
static void close_bidi(GString *out, GString *open, gsize down_to)
{
    while (open->len > down_to) {
        g_string_append_unichar(out, open->str[open->len - 1] == 'i' ? 0x2069 : 0x202c);
        g_string_truncate(open, open->len - 1);
    }
}

/* Takes a closing character: one that closes nothing of this text is dropped. */
static void take_bidi_closer(GString *out, GString *open, gunichar closer)
{
    if (closer == 0x202c) {
        if (open->len > 0 && open->str[open->len - 1] == 'e')
            close_bidi(out, open, open->len - 1);
        return;
    }
    /* An isolate ends with all that was opened in it. */
    const char *isolate = strrchr(open->str, 'i');
    if (isolate != NULL)
        close_bidi(out, open, (gsize)(isolate - open->str));
}

gsize rich_plain_run(const char *text)
{
    const char *at = text;
    while (*at >= ' ' && *at < 0x7f)
        at++;
    return (gsize)(at - text);
}

char *rich_clean(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    GString *open = g_string_new(NULL);
    for (const char *at = text, *next;; at = next) {
        gsize run = rich_plain_run(at);
        g_string_append_len(out, at, (gssize)run);
        at += run;
        if (*at == '\0')
            break;
        next = g_utf8_next_char(at);
        gunichar c = g_utf8_get_char(at);
        if (c == 0x2069 || c == 0x202c) {
            take_bidi_closer(out, open, c);
            continue;
        }
        if ((c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0))
            continue;
        if (c == '\n') {
            close_bidi(out, open, 0);
        } else if (is_bidi_opener(c)) {
            if (open->len == BIDI_DEPTH)
                continue;
            g_string_append_c(open, c >= 0x2066 ? 'i' : 'e');
        }
        g_string_append_unichar(out, c);
    }
    close_bidi(out, open, 0);
    g_string_free(open, TRUE);
    return g_strstrip(g_string_free(out, FALSE));
}

void rich_append_person(GString *out, char marker, const char *id)
{
    g_string_append_c(out, marker);
    for (; *id != '\0'; id++) {
        /* An id comes from outside: no marker may hide in it. */
        if ((unsigned char)*id >= ' ')
            g_string_append_c(out, *id);
    }
    g_string_append_c(out, RICH_END);
}

static bool is_marker(char c)
{
    return (c >= RICH_BOLD && c <= RICH_QUOTE) || c == RICH_SEP || c == RICH_END;
}

bool rich_next(const char **at, struct rich_span *span)
{
    *span = (struct rich_span){0};
    while (**at == RICH_SEP)
        (*at)++;
    if (**at == '\0')
        return false;
    char c = **at;
    if (!is_marker(c)) {
        span->text = *at;
        while (**at != '\0' && !is_marker(**at))
            (*at)++;
        span->length = (gsize)(*at - span->text);
        return true;
    }
    (*at)++;
    span->marker = c;
    if (c != RICH_PING && c != RICH_PERSON && c != RICH_CHANNEL && c != RICH_LINK)
        return true;
    span->text = *at;
    while (**at != '\0' && !is_marker(**at))
        (*at)++;
    span->length = (gsize)(*at - span->text);
    if (c == RICH_LINK && **at == RICH_SEP) {
        span->label = ++*at;
        while (**at != '\0' && !is_marker(**at))
            (*at)++;
        span->label_length = (gsize)(*at - span->label);
    }
    if (**at == RICH_END)
        (*at)++;
    else
        span->marker = 0; /* never closed: show it as plain text */
    return true;
}

char *rich_plain(const char *rich, rich_name_fn *name, void *data)
{
    GString *out = g_string_new(NULL);
    struct rich_span span;
    while (rich_next(&rich, &span)) {
        if (span.marker == 0) {
            g_string_append_len(out, span.text, (gssize)span.length);
        } else if (span.marker == RICH_PING || span.marker == RICH_PERSON) {
            g_autofree char *id = g_strndup(span.text, span.length);
            const char *shown = name != NULL ? name(id, data) : NULL;
            g_string_append_printf(out, "@%s", shown != NULL ? shown : id);
        } else if (span.marker == RICH_CHANNEL) {
            g_autofree char *id = g_strndup(span.text, span.length);
            const char *shown = name != NULL ? name(id, data) : NULL;
            g_string_append_printf(out, "#%s", shown != NULL ? shown : id);
        } else if (span.marker == RICH_LINK) {
            const char *text = span.label_length > 0 ? span.label : span.text;
            g_string_append_len(out, text, (gssize)(span.label_length > 0 ? span.label_length : span.length));
        } else if (span.marker == RICH_QUOTE) {
            g_string_append(out, "> ");
        }
    }
    return g_string_free(out, FALSE);
}

bool rich_opens(char marker)
{
    return marker == RICH_BOLD || marker == RICH_ITALIC || marker == RICH_CODE;
}

guint rich_closing(const GArray *spans, guint i)
{
    int depth = 0;
    for (; i < spans->len; i++) {
        char marker = g_array_index(spans, struct rich_span, i).marker;
        if (rich_opens(marker))
            depth++;
        else if (marker == RICH_END && --depth == 0)
            return i;
    }
    return i;
}

/* How many characters a person, channel or link is taken to show: names are not known here. */
static glong shown_length(const struct rich_span *span)
{
    if (span->label_length > 0)
        return g_utf8_strlen(span->label, (gssize)span->label_length);
    return span->marker == RICH_LINK ? g_utf8_strlen(span->text, (gssize)span->length) : 12;
}

static bool is_shown(const struct rich_span *span)
{
    return span->marker == RICH_PING || span->marker == RICH_PERSON || span->marker == RICH_CHANNEL ||
           span->marker == RICH_LINK;
}

static bool is_longer(const char *rich, glong max)
{
    struct rich_span span;
    glong used = 0;
    while (used <= max && rich_next(&rich, &span)) {
        if (span.marker == 0)
            used += g_utf8_strlen(span.text, (gssize)span.length);
        else if (is_shown(&span))
            used += shown_length(&span);
    }
    return used > max;
}

/* How many bytes of a run to keep for at most room characters: whole words where one ends near. */
static gsize cut_run(const struct rich_span *run, glong room)
{
    const char *end = g_utf8_offset_to_pointer(run->text, room), *word = end;
    while (word > run->text && end - word < 24 && *word != ' ' && *word != '\n')
        word = g_utf8_prev_char(word);
    if (word > run->text && (*word == ' ' || *word == '\n'))
        end = word;
    return (gsize)(end - run->text);
}

char *rich_shorten(const char *rich, glong max, bool one_line)
{
    GString *out = g_string_new(NULL);
    bool longer = is_longer(rich, max), cut = false;
    glong room = MAX(longer ? max - 1 : max, 0); /* "…" takes one */
    glong open = 0;
    struct rich_span span;
    const char *at = rich;
    for (const char *before = rich; !cut && rich_next(&at, &span); before = at) {
        if (span.marker == 0) {
            glong characters = g_utf8_strlen(span.text, (gssize)span.length);
            cut = characters > room;
            g_string_append_len(out, span.text, (gssize)(cut ? cut_run(&span, room) : span.length));
            room -= characters;
        } else if (is_shown(&span)) {
            cut = shown_length(&span) > room;
            if (!cut)
                g_string_append_len(out, before, at - before);
            room -= shown_length(&span);
        } else if (rich_opens(span.marker)) {
            g_string_append_c(out, span.marker);
            open++;
        } else if (span.marker == RICH_QUOTE ? !one_line : open > 0) {
            g_string_append_c(out, span.marker);
            open -= span.marker == RICH_END;
        }
    }
    if (longer)
        g_string_append(out, "…");
    for (; open > 0; open--)
        g_string_append_c(out, RICH_END);
    for (char *c = out->str; one_line && *c != '\0'; c++) {
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    }
    return g_string_free(out, FALSE);
}

char *rich_unping(const char *rich)
{
    char *copy = g_strdup(rich);
    for (char *c = copy; *c != '\0'; c++) {
        if (*c == RICH_PING)
            *c = RICH_PERSON;
    }
    return copy;
}
