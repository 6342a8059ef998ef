/* Where a search found something. */
#include "bot/chat/richtext.h"
#include "commands/list.h"

#include <string.h>

enum { READ_MAX = 4000, BEFORE_MAX = 30 };

static bool is_space(const char *at)
{
    return g_unichar_isspace(g_utf8_get_char(at));
}

static const char *word_start(const char *text, const char *at)
{
    while (at > text && !is_space(g_utf8_prev_char(at)))
        at = g_utf8_prev_char(at);
    return at;
}

static const char *word_end(const char *at)
{
    while (*at != '\0' && !is_space(at))
        at = g_utf8_next_char(at);
    return at;
}

/* So far before what was found that one sees how the sentence runs. */
static const char *begin_at(const char *text, const char *found)
{
    const char *at = word_start(text, found);
    while (at > text) {
        const char *before = word_start(text, g_utf8_prev_char(at));
        if (g_utf8_pointer_to_offset(before, found) > BEFORE_MAX)
            break;
        at = before;
    }
    return at;
}

char *excerpt(struct context *ctx, const char *words, const char *typed, glong max)
{
    g_autofree char *named = show_line(ctx, words, READ_MAX);
    g_autofree char *plain = rich_plain(named, NULL, NULL);
    g_autoptr(GArray) ranges = store_find_terms(plain, typed);
    if (ranges->len == 0)
        return NULL;
    const char *from = begin_at(plain, plain + g_array_index(ranges, struct term_range, 0).start), *at = from;
    GString *out = g_string_new(from > plain ? "…" : "");
    for (guint i = 0; i < ranges->len; i++) {
        const struct term_range *range = &g_array_index(ranges, struct term_range, i);
        const char *start = word_start(plain, plain + range->start), *end = word_end(plain + range->end);
        if (start < at)
            continue; /* in a word that is bold already */
        g_string_append_len(out, at, start - at);
        g_string_append_printf(out, "%c%.*s%c", RICH_BOLD, (int)(end - start), start, RICH_END);
        at = end;
    }
    g_string_append(out, at);
    char *shown = rich_shorten(out->str, max, true);
    g_string_free(out, TRUE);
    return shown;
}
