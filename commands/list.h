/* Lists of asks, ten a page, with buttons to turn the pages: shared by list and search. */
#ifndef ASKWHY_LIST_H
#define ASKWHY_LIST_H

#include "commands/views.h"

enum { PAGE_SIZE = 10, PAGE_LAST = 100000, QUERY_MAX = 300 };

/* "#42 🟡 waiting: Add SSO for Acme, from @Dana. Missing: why, impact" */
char *list_line(struct context *ctx, const struct ask_line *line);
/* The page as the private answer. query: what the page buttons run again, "list mine" or "search sso". */
void list_answer(struct context *ctx, const char *heading, GArray *lines, const char *query, int page, int64_t total);
/* Takes "page 3" off the end of a text; 0 for the first page. */
int list_take_page(char *text);
void list_run(struct context *ctx, const char *filter, int page);
void search_run(struct context *ctx, const char *words, int page);

#endif
