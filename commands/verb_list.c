/* list: asks by whose they are, how far they are and where they come from. */
#include "bot/chat/richtext.h"
#include "commands/list.h"
#include "commands/say.h"

#include <stdio.h>
#include <string.h>

enum { LINE_TITLE_MAX = 80, PARAGRAPH_MAX = 2500 };

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

char *list_line(struct context *ctx, const struct ask_line *line)
{
    g_autofree char *number = show_number(line->number);
    g_autofree char *state = show_state(ctx->language, line->state);
    g_autofree char *title = show_line(ctx, line->title, LINE_TITLE_MAX);
    if (*title == '\0') {
        g_free(title);
        title = say(ctx->language, "erased", NULL);
    }
    g_autofree char *asker = show_person(ctx, line->asker);
    g_autofree char *missing = missing_of(ctx, line);
    return say(ctx->language, "list.line", "ask", number, "state", state, "title", title, "asker", asker, "missing",
               missing, NULL);
}

static void add_page_button(struct context *ctx, struct message *message, const char *query, int page, bool forward)
{
    /* Buttons of one row need names of their own; the digit is not read. */
    g_autofree char *value = g_strdup_printf("%d %s", page, query);
    g_autofree char *label = say(ctx->language, forward ? "list.next" : "list.back", NULL);
    message_add_button(message, forward ? "page1" : "page0", value, label, BUTTON_PLAIN);
}

void list_answer(struct context *ctx, const char *heading, GArray *lines, const char *query, int page, int64_t total)
{
    struct message *message = message_new(heading);
    message_add(message, PART_HEADING, heading);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        g_autofree char *line = list_line(ctx, &g_array_index(lines, struct ask_line, i));
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

/* value: "2 list mine", as add_page_button() wrote it, or anything from outside. */
void list_page(struct context *ctx, const char *value)
{
    int page = (int)CLAMP(g_ascii_strtoll(value, NULL, 10), 0, PAGE_LAST);
    const char *query = value + strcspn(value, " ");
    query += strspn(query, " ");
    if (g_str_has_prefix(query, "search "))
        search_run(ctx, query + strlen("search "), page);
    else if (strcmp(query, "list") == 0 || g_str_has_prefix(query, "list "))
        list_run(ctx, query + strlen("list") + (query[strlen("list")] == ' '), page);
    else
        answer_say(ctx, "button.stale", NULL);
}

/* ---- Filters ---- */

static const struct {
    const char *word;
    const char *states[8];
} state_words[] = {
    {"open", {NULL}},
    {"waiting", {"waiting"}},
    {"clear", {"clear"}},
    {"accepted", {"accepted"}},
    {"declined", {"declined"}},
    {"later", {"later"}},
    {"started", {"started"}},
    {"shipped", {"shipped"}},
    {"withdrawn", {"withdrawn"}},
    {"done", {"shipped"}},
    {"all", {"waiting", "clear", "accepted", "later", "started", "shipped", "declined", "withdrawn"}},
};

static bool take_state(struct ask_filter *filter, const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(state_words); i++) {
        if (g_ascii_strcasecmp(state_words[i].word, word) == 0) {
            memcpy(filter->states, state_words[i].states, sizeof filter->states);
            return true;
        }
    }
    return false;
}

static const char *function_named(struct context *ctx, const char *word)
{
    for (char **function = ctx->settings->functions; function != NULL && *function != NULL; function++) {
        if (g_ascii_strcasecmp(*function, word) == 0)
            return *function;
    }
    return NULL;
}

/* A mention or "me"; 0 when it is nobody we know. */
static int64_t person_called(struct context *ctx, const char *word)
{
    if (g_ascii_strcasecmp(word, "me") == 0)
        return ctx->who.id;
    if (*word != RICH_PERSON && *word != RICH_PING)
        return 0;
    g_autofree char *user = g_strndup(word + 1, strcspn(word + 1, "\x1e"));
    return store_find_person(ctx->store, ctx->event->platform, user);
}

/* False after saying what is wrong. */
static bool read_filter(struct context *ctx, const char *text, struct ask_filter *filter)
{
    const char *command = ctx->settings->command;
    g_auto(GStrv) words = g_strsplit_set(text, " \n\t", -1);
    for (int i = 0; words[i] != NULL; i++) {
        const char *word = words[i], *next = words[i + 1] != NULL ? words[i + 1] : "";
        g_autofree char *shown = show_line(ctx, *next != '\0' ? next : word, 40);
        if (*word == '\0' || take_state(filter, word) || g_ascii_strcasecmp(word, "asks") == 0)
            continue;
        if (g_ascii_strcasecmp(word, "mine") == 0 || g_ascii_strcasecmp(word, "my") == 0) {
            filter->person = ctx->who.id;
        } else if (g_ascii_strcasecmp(word, "here") == 0) {
            filter->channel = ctx->in_direct ? 0 : ctx->where.id;
        } else if (g_ascii_strcasecmp(word, "by") == 0) {
            filter->function = function_named(ctx, next);
            if (filter->function == NULL) {
                g_autofree char *known = g_strjoinv(", ", ctx->settings->functions);
                answer_say(ctx, "list.no.function", "word", shown, "functions", known, NULL);
                return false;
            }
            i++;
        } else if (g_ascii_strcasecmp(word, "owner") == 0) {
            filter->owner = person_called(ctx, next);
            if (filter->owner == 0) {
                answer_say(ctx, "list.no.owner", "command", command, NULL);
                return false;
            }
            i++;
        } else {
            g_autofree char *unknown = show_line(ctx, word, 40);
            answer_say(ctx, "list.how", "word", unknown, "command", command, NULL);
            ctx->not_understood = true;
            return false;
        }
    }
    return true;
}

void list_run(struct context *ctx, const char *text, int page)
{
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    g_autofree char *filter_text = g_strchomp(g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), QUERY_MAX)));
    struct ask_filter filter = {0};
    if (!read_filter(ctx, filter_text, &filter))
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
        g_autofree char *last = g_strdup_printf("%d", pages);
        answer_say(ctx, "list.no.page", "pages", last, NULL);
        return;
    }
    g_autofree char *query = g_strconcat("list", *filter_text != '\0' ? " " : "", filter_text, NULL);
    g_autofree char *here = g_strdup_printf("%d", page + 1), *of = g_strdup_printf("%d", pages);
    g_autofree char *heading = pages > 1 ? say_n(ctx->language, "list.heading.page", total, "page", here, "pages", of, NULL)
                                         : say_n(ctx->language, "list.heading", total, NULL);
    list_answer(ctx, heading, lines, query, page, total);
}

void verb_list(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    g_autofree char *filter = g_strdup(rest);
    int page = list_take_page(filter);
    list_run(ctx, filter, page);
}
