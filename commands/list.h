/* Lists of asks, ten a page, with buttons to turn the pages: shared by list and search. */
#ifndef ASKWHY_LIST_H
#define ASKWHY_LIST_H

#include "commands/views.h"

enum { PAGE_SIZE = 10, PAGE_LAST = 100000, QUERY_MAX = 300 };

/* "#42 🟡 waiting: Add SSO for Acme, from @Dana. Missing: why, impact". found: words that a search found, shown in bold
 * where they stand; NULL-able. */
char *list_line(struct context *ctx, const struct ask_line *line, const char *found);
/* The page as the private answer. query: what the page buttons run again, "list mine" or "search sso". */
void list_answer(struct context *ctx, const char *heading, GArray *lines, const char *query, const char *found,
                 int page, int64_t total);
/* Takes "page 3" off the end of a text; 0 for the first page. */
int list_take_page(char *text);
/* filter.c: false or NULL after saying what is wrong. */
bool filter_read(struct context *ctx, const char *text, struct ask_filter *filter);
/* Takes "is:started", "by:sales", "from:@dana", "owner:me", "in:here" out of a text; the rest, free with g_free(). */
char *filter_take(struct context *ctx, const char *text, struct ask_filter *filter);
/* excerpt.c: at most max characters of somebody's words around what begins like the words typed, which stands in bold;
 * NULL when nothing of it stands there. Free with g_free(). */
char *excerpt(struct context *ctx, const char *words, const char *typed, glong max);
void list_run(struct context *ctx, const char *filter, int page);
void search_run(struct context *ctx, const char *words, int page);

#endif
