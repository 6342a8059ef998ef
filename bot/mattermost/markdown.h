/* Rich text → Markdown, in two halves: markdown.c walks the spans, words.c writes what stands in them. Pure. */
#ifndef ASKWHY_MATTERMOST_MARKDOWN_H
#define ASKWHY_MATTERMOST_MARKDOWN_H

#include "bot/mattermost/text.h"

#define INVISIBLE "\xe2\x80\x8b" /* zero-width space: neither a letter nor a space to any reader */

struct writer {
    GString *out;
    GArray *spans; /* struct rich_span */
    const struct mattermost_options *options;
    bool bold, italic; /* within such a span … */
    bool mid_line;     /* … that does not begin its line */
    bool after_ping;   /* what comes next must not lengthen the user name */
};

struct words {
    const char *at, *end;
    bool label; /* of a link: nothing in it is one */
    bool last;  /* the text ends with them */
};

/* A person's words, so that they read as typed and notify nobody. */
void words_append(struct writer *writer, struct words words);
/* What may belong to a user name for the server. */
bool words_is_in_name(gunichar c);
/* A link; address of any kind, label as words. */
void words_append_link(struct writer *writer, const char *url, gsize size, const char *label, gsize label_size);
/* The size of a web address that begins here, without the punctuation behind it; 0 for none, and for one that was
 * cut: it would lead elsewhere. */
gsize words_url_size(const char *text, const char *end);

/* The last character written; a newline before the first. */
gunichar writer_last(const GString *out);
/* Nothing stands in the line yet, or the mark of a quotation alone. */
bool writer_at_line_start(const struct writer *writer);
bool writer_at_quote_mark(const GString *out);
/* To be called before anything but a newline or such a mark: a line behind a quotation would belong to it but for an
 * empty one between. */
void writer_begin_line(GString *out);

#endif
