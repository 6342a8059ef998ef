/* search: asks whose words begin like the words typed, best first. */
#include "commands/list.h"
#include "commands/say.h"

#include <string.h>

void search_run(struct context *ctx, const char *typed, int page)
{
    if (!ctx->on_reader) {
        store_want_index(ctx->store); /* all that was said is to be found there */
        ctx->to_reader = true;
        return;
    }
    /* As a button brings it back: what ends in white space would be another text. */
    g_autofree char *words = g_strchomp(g_utf8_substring(typed, 0, MIN(g_utf8_strlen(typed, -1), QUERY_MAX)));
    struct ask_filter filter = {0};
    g_autofree char *wanted = filter_take(ctx, words, &filter);
    if (wanted == NULL)
        return;
    int64_t total = 0;
    bool filtered = wanted[strspn(wanted, " ")] == '\0';
    if (filtered && filter.states[0] == NULL)
        filter.states[0] = "all";
    filter.most = STORE_SEARCH_MOST + 1;
    g_autoptr(GArray) lines =
        filtered ? store_list(ctx->store, &ctx->viewer, &filter, page * PAGE_SIZE, PAGE_SIZE, &total)
                 : store_search(ctx->store, &ctx->viewer, wanted, &filter, page * PAGE_SIZE, PAGE_SIZE, &total);
    g_autofree char *shown = show_line(ctx, words, 60);
    if (total == 0) {
        answer_say(ctx, "search.none", "words", shown, "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
        return;
    }
    bool many = total > STORE_SEARCH_MOST;
    total = MIN(total, STORE_SEARCH_MOST);
    int pages = (int)((total + PAGE_SIZE - 1) / PAGE_SIZE);
    if (page >= pages) {
        answer(ctx, say_n(ctx->language, "list.no.page", pages, NULL));
        return;
    }
    g_autofree char *query = g_strconcat("search ", words, NULL);
    g_autofree char *here = g_strdup_printf("%d", page + 1), *of = g_strdup_printf("%d", pages);
    g_autofree char *heading =
        many ? say_n(ctx->language, "search.heading.many", total, "words", shown, "page", here, "pages", of, NULL)
        : pages > 1 ? say_n(ctx->language, "search.heading.page", total, "words", shown, "page", here, "pages", of, NULL)
                  : say_n(ctx->language, "search.heading", total, "words", shown, NULL);
    list_answer(ctx, heading, lines, query, filtered ? NULL : wanted, page, total);
}

void verb_search(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    g_autofree char *words = g_strdup(rest);
    int page = list_take_page(words);
    if (*words == '\0')
        answer_say(ctx, "search.how", "command", ctx->settings->command, NULL);
    else
        search_run(ctx, words, page);
}
