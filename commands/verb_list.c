/* list: asks by whose they are, how far they are and where they come from. */
#include "bot/chat/richtext.h"
#include "commands/list.h"
#include "commands/question.h"
#include "commands/say.h"
#include "commands/trade.h"
#include "commands/views.h"

#include <stdio.h>
#include <string.h>

enum { LINE_TITLE_MAX = 80, EXCERPT_MAX = 120, PARAGRAPH_MAX = 2500 };

/* ---- Pages, for search too ---- */

static char *missing_of(struct context *ctx, const struct ask_line *line)
{
    static const char *const open[] = {"waiting", "clear", "accepted", "later", "started", NULL};
    /* What a channel does not ask for is not missing: a clear ask lacks nothing. */
    bool waits = strcmp(line->state, "clear") != 0;
    bool why = waits && line->why_known == 0, impact = waits && line->impact_known == 0;
    if (!g_strv_contains(open, line->state) || (!why && !impact))
        return g_strdup("");
    return say(ctx->language, why && impact ? "list.missing.both" : why ? "list.missing.why" : "list.missing.impact",
               NULL);
}

static char *title_of(struct context *ctx, const struct ask_line *line, const char *found)
{
    g_autofree char *title = found != NULL ? excerpt(ctx, line->title, found, LINE_TITLE_MAX) : NULL;
    if (title == NULL)
        title = show_line(ctx, line->title, LINE_TITLE_MAX);
    return *title != '\0' ? g_steal_pointer(&title) : say(ctx->language, "erased", NULL);
}

/* What was found in the ask's other words, when its title does not hold it. */
static char *found_in(struct context *ctx, const struct ask_line *line, const char *found)
{
    struct ask ask;
    g_autofree char *in_title = excerpt(ctx, line->title, found, LINE_TITLE_MAX);
    if (in_title != NULL || !store_load_ask(ctx->store, line->number, &ask))
        return NULL;
    const char *const words[] = {ask.why, ask.need, ask.impact, ask.evidence};
    static const char *const entries[] = {"card.why", "card.need", "card.impact", "card.evidence"};
    char *text = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(words) && text == NULL; i++) {
        g_autofree char *part = words[i] != NULL ? excerpt(ctx, words[i], found, EXCERPT_MAX) : NULL;
        if (part != NULL)
            text = say(ctx->language, entries[i], "words", part, NULL);
    }
    ask_done(&ask);
    return text;
}

/* Behind which other ask it will start. */
static char *behind_of(struct context *ctx, const struct ask_line *line)
{
    int64_t behind = store_behind(ctx->store, line->number);
    if (behind == 0)
        return g_strdup("");
    g_autofree char *name = trade_short_name(ctx, behind, &ctx->viewer);
    g_autofree char *text = say(ctx->language, "list.behind", "other", name, NULL);
    return g_strconcat(" · ", text, NULL);
}

char *list_line(struct context *ctx, const struct ask_line *line, const char *found)
{
    g_autofree char *number = show_number(line->number);
    g_autofree char *plain = show_state(ctx->language, line->state);
    g_autofree char *state =
        line->urgent ? say(ctx->language, "card.urgent", "state", plain, NULL) : g_steal_pointer(&plain);
    g_autofree char *title = title_of(ctx, line, found);
    g_autofree char *asker = show_person(ctx, line->asker);
    g_autofree char *missing = missing_of(ctx, line);
    g_autofree char *turn =
        show_turn(ctx, line->state, line->turn, line->turn_since, line->outcome_due, line->round_trips);
    g_autofree char *behind = behind_of(ctx, line);
    g_autofree char *text = say(ctx->language, "list.line", "ask", number, "state", state, "title", title, "asker", asker,
                                "missing", missing, "turn", turn, "behind", behind, NULL);
    g_autofree char *more = found != NULL ? found_in(ctx, line, found) : NULL;
    return more != NULL ? g_strdup_printf("%s\n%c%s", text, RICH_QUOTE, more) : g_steal_pointer(&text);
}

static void add_page_button(struct context *ctx, struct message *message, const char *query, int page, bool forward)
{
    /* Buttons of one row need names of their own; the digit is not read. */
    g_autofree char *value = g_strdup_printf("%d@%" G_GINT64_FORMAT " %s", page, ctx->viewer.place, query);
    g_autofree char *label = say(ctx->language, forward ? "list.next" : "list.back", NULL);
    message_add_button(message, forward ? "page1" : "page0", value, label, BUTTON_PLAIN);
}

void list_answer(struct context *ctx, const char *heading, GArray *lines, const char *query, const char *found,
                 int page, int64_t total)
{
    struct message *message = message_new(heading);
    message_add(message, PART_HEADING, heading);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        g_autofree char *line = list_line(ctx, &g_array_index(lines, struct ask_line, i), found);
        if (text->len > 0 && g_utf8_strlen(text->str, -1) + g_utf8_strlen(line, -1) > PARAGRAPH_MAX) {
            message_add(message, PART_TEXT, text->str);
            g_string_truncate(text, 0);
        }
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
    message_add(message, PART_TEXT, text->str);
    g_string_free(text, TRUE);
    if (page > 0)
        add_page_button(ctx, message, query, page - 1, false);
    if ((int64_t)(page + 1) * PAGE_SIZE < total)
        add_page_button(ctx, message, query, page + 1, true);
    answer_message(ctx, message);
}

int list_take_page(char *text)
{
    g_strchomp(text);
    char *last = strrchr(text, ' ');
    char *word = last != NULL ? last + 1 : text;
    if (*word == '\0' || strspn(word, "0123456789") != strlen(word) || strlen(word) > 6 || last == NULL)
        return 0;
    *last = '\0';
    char *before = strrchr(text, ' ');
    before = before != NULL ? before + 1 : text;
    if (g_ascii_strcasecmp(before, "page") != 0) {
        *last = ' ';
        return 0;
    }
    int page = (int)g_ascii_strtoll(word, NULL, 10);
    *before = '\0';
    g_strchomp(text);
    return CLAMP(page, 1, PAGE_LAST) - 1;
}

/* value: "2@17 list mine", as add_page_button() wrote it (17: the channel where it was begun, 0 privately), or anything
 * from outside. */
void list_page(struct context *ctx, const char *value)
{
    char *behind = NULL;
    int page = (int)CLAMP(g_ascii_strtoll(value, &behind, 10), 0, PAGE_LAST);
    if (*behind == '@')
        look_from(ctx, g_ascii_strtoll(behind + 1, NULL, 10));
    const char *query = value + strcspn(value, " ");
    query += strspn(query, " ");
    if (g_str_has_prefix(query, "search "))
        search_run(ctx, query + strlen("search "), page);
    else if (strcmp(query, "list") == 0 || g_str_has_prefix(query, "list "))
        list_run(ctx, query + strlen("list") + (query[strlen("list")] == ' '), page);
    else
        answer_say(ctx, "button.stale", NULL);
}

void list_run(struct context *ctx, const char *text, int page)
{
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    g_autofree char *filter_text = g_strchomp(g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), QUERY_MAX)));
    struct ask_filter filter = {0};
    if (!filter_read(ctx, filter_text, &filter))
        return;
    int64_t total = 0;
    g_autoptr(GArray) lines =
        store_list(ctx->store, &ctx->viewer, &filter, page * PAGE_SIZE, PAGE_SIZE, &total);
    if (total == 0) {
        answer_say(ctx, strcmp(filter_text, "all") == 0 ? "list.nothing" : *filter_text != '\0' ? "list.none" : "list.empty", "command", ctx->settings->command, NULL);
        return;
    }
    int pages = (int)((total + PAGE_SIZE - 1) / PAGE_SIZE);
    if (page >= pages) {
        answer(ctx, say_n(ctx->language, "list.no.page", pages, NULL));
        return;
    }
    g_autofree char *query = g_strconcat("list", *filter_text != '\0' ? " " : "", filter_text, NULL);
    g_autofree char *here = g_strdup_printf("%d", page + 1), *of = g_strdup_printf("%d", pages);
    g_autofree char *heading = pages > 1 ? say_n(ctx->language, "list.heading.page", total, "page", here, "pages", of, NULL)
                                         : say_n(ctx->language, "list.heading", total, NULL);
    list_answer(ctx, heading, lines, query, NULL, page, total);
}

void verb_list(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    g_autofree char *filter = g_strdup(rest);
    int page = list_take_page(filter);
    if (g_ascii_strcasecmp(filter, "questions") == 0) {
        question_list(ctx);
        return;
    }
    list_run(ctx, filter, page);
}
