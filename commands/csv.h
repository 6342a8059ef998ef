/* CSV as RFC 4180 has it, safe to open in a spreadsheet.
 *
 * Written: commas, CRLF, quotes where needed; a cell that a spreadsheet would take for a formula (= + - @, also behind
 * white space) begins with an apostrophe, which reading takes off again.
 * Read: what spreadsheets write: a byte order mark, LF or CRLF, commas or semicolons.
 * Thread: any; no state.
 */
#ifndef ASKWHY_CSV_H
#define ASKWHY_CSV_H

#include <glib.h>
#include <stdbool.h>

/* One cell, with the comma before it unless it is the line's first. NULL is an empty one. */
void csv_put(GString *out, const char *cell);
void csv_end_line(GString *out);

struct csv {
    const char *at; /* NUL-terminated UTF-8 */
    char separator;
    int line; /* of the record just read, from 1 */
    int next_line;
};
/* text must outlive it. Separator: the commoner of comma and semicolon in the first line. */
void csv_begin(struct csv *csv, const char *text);
/* The next record's cells, of char *; NULL at the end, or with *why (a constant) when the text is no CSV. Records of
 * nothing but empty cells are skipped. */
GPtrArray *csv_next(struct csv *csv, const char **why);

#endif
