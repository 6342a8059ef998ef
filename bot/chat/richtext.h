/* Rich text: UTF-8 with a few control characters as markup, which no user can type.
 *
 * Everything askwhy says or stores is rich text. People's words pass rich_clean()
 * once at the edge, so a control character in a rich text is always ours; adapters
 * turn the markers into mrkdwn or Markdown and escape all else. Hence user text
 * can never ping, format or break out.
 *
 *   RICH_BOLD … RICH_END        RICH_ITALIC … RICH_END      RICH_CODE … RICH_END
 *   RICH_PING id RICH_END       a person, notified
 *   RICH_PERSON id RICH_END     a person, shown by name, not notified
 *   RICH_CHANNEL id RICH_END    a channel, as a link where the platform has them
 *   RICH_LINK url RICH_SEP label RICH_END
 *   RICH_QUOTE at the start of a line: the line is a quotation
 *
 * Inside a marker no other marker stands, except in bold and italic.
 * id is the platform's id of the person or channel.
 * Thread: any; no state.
 */
#ifndef ASKWHY_RICHTEXT_H
#define ASKWHY_RICHTEXT_H

#include <glib.h>
#include <stdbool.h>

#define RICH_BOLD '\x0e'
#define RICH_ITALIC '\x0f'
#define RICH_CODE '\x10'
#define RICH_PING '\x11'
#define RICH_PERSON '\x12'
#define RICH_CHANNEL '\x13'
#define RICH_LINK '\x14'
#define RICH_QUOTE '\x15'
#define RICH_SEP '\x1f'
#define RICH_END '\x1e'

/* A copy of a person's text fit to be rich text: control characters but newline and tab
 * removed, \r\n made \n, unpaired bidi overrides closed, surrounding white space trimmed. */
char *rich_clean(const char *text);
/* How many bytes at text are printable ASCII, of which nothing needs a second look: most of any text. */
gsize rich_plain_run(const char *text);

/* A person's or channel's marker appended. */
void rich_append_person(GString *out, char marker, const char *id);

/* Walks a rich text: calls text() for plain runs and open()/close()… */
struct rich_span {
    char marker;       /* 0: plain run; RICH_END: the innermost bold, italic or code ends */
    const char *text;  /* plain run, id, url or, of a link, its url */
    gsize length;
    const char *label; /* links only */
    gsize label_length;
};
/* The next span at *at; false at the end. Malformed markers come out as plain runs without control characters. */
bool rich_next(const char **at, struct rich_span *span);

/* A marker in which others may stand: bold, italic, code. */
bool rich_opens(char marker);
/* The index of the RICH_END that closes the span opened at i of spans (struct rich_span), or their number. */
guint rich_closing(const GArray *spans, guint i);

/* Plain text: markers dropped, people as "@" + what name(id) returns (or the id). Free with g_free(). */
typedef const char *rich_name_fn(const char *id, void *data);
char *rich_plain(const char *rich, rich_name_fn *name, void *data);

/* The first max characters (not bytes) of a rich text, cut at a word where possible and closed with "…";
 * markers stay balanced. newlines become spaces when one_line. Free with g_free(). */
char *rich_shorten(const char *rich, glong max, bool one_line);

/* The same words with pings turned into names: what a person typed, shown to others. */
char *rich_unping(const char *rich);

#endif
