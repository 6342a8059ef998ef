/* What a digest says: each part is a heading and lines, and only there if it has something to say. */
#include "commands/digest.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/say.h"

#include <string.h>

enum { TITLE_MAX = 80, ENTRIES_READ = 3000 };

void section_free(gpointer data)
{
    struct section *section = data;
    g_free(section->heading);
    g_ptr_array_unref(section->lines);
    g_free(section);
}

void section_add(struct section *section, char *line)
{
    if (section->lines->len < section->most) {
        g_ptr_array_add(section->lines, line);
    } else {
        section->left_out++;
        g_free(line);
    }
}

struct section *section_new(const struct drawing *drawing, char *heading)
{
    struct section *section = g_new0(struct section, 1);
    section->heading = heading;
    section->most = drawing->lines_max;
    section->lines = g_ptr_array_new_with_free_func(g_free);
    return section;
}

void section_keep(struct drawing *drawing, struct section *section)
{
    if (section->lines->len > 0)
        g_ptr_array_add(drawing->sections, section);
    else
        section_free(section);
}

/* ---- Counters ---- */

int64_t digest_counter(const cJSON *counters, const char *name)
{
    /* Names hold dots, which are steps of a path elsewhere. */
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(counters, name);
    return value != NULL ? json_int(value, "", 0) : 0;
}

static int64_t sum_of(const cJSON *tally, const char *name)
{
    int64_t sum = 0;
    const cJSON *counters;
    cJSON_ArrayForEach(counters, tally)
        sum += digest_counter(counters, name);
    return sum;
}

static int64_t moved(const struct drawing *drawing, const char *name)
{
    return MAX(0, sum_of(drawing->tally, name) - sum_of(drawing->before, name));
}

/* ---- Lines ---- */

static char *where_of(struct drawing *drawing, int64_t channel)
{
    struct channel where;
    if (!drawing->covers_others || !store_get_channel(drawing->ctx->store, channel, &where))
        return g_strdup("");
    GString *text = g_string_new(" (");
    rich_append_person(text, RICH_CHANNEL, where.channel);
    g_string_append_c(text, ')');
    channel_done(&where);
    return g_string_free(text, FALSE);
}

char *digest_day(struct drawing *drawing, int64_t at)
{
    GDate day = calendar_date(at, drawing->zone), now = calendar_date(drawing->ctx->now, drawing->zone);
    return calendar_show_date(&day, &now, drawing->language);
}

static char *title_of(struct drawing *drawing, const struct ask *ask)
{
    char *title = show_line(drawing->ctx, ask->title, TITLE_MAX);
    if (*title != '\0')
        return title;
    g_free(title);
    return say(drawing->language, "erased", NULL);
}

char *digest_ask_name(struct drawing *drawing, const struct ask *ask)
{
    note_quoted(drawing->ctx, ask->asker);
    note_quoted(drawing->ctx, ask->why_by);
    g_autofree char *number = show_number(ask->number);
    g_autofree char *where = where_of(drawing, ask->channel);
    g_autofree char *title = title_of(drawing, ask);
    return say(drawing->language, "digest.ask", "ask", number, "where", where, "title", title, NULL);
}

static char *new_line(struct drawing *drawing, const struct ask *ask)
{
    g_autofree char *name = digest_ask_name(drawing, ask);
    g_autofree char *why = show_line(drawing->ctx, ask->why, drawing->words_max);
    if (ask->why_known == 2)
        return say(drawing->language, "digest.new.unknown", "ask", name, NULL);
    if (ask->why_known == 0 || *why == '\0')
        return g_steal_pointer(&name);
    return say(drawing->language, "digest.new.why", "ask", name, "why", why, NULL);
}

static char *decided_line(struct drawing *drawing, const struct ask *ask)
{
    const char *language = drawing->language;
    g_autofree char *name = digest_ask_name(drawing, ask);
    g_autofree char *until =
        ask->later_until != 0 ? digest_day(drawing, ask->later_until) : g_strdup("");
    g_autofree char *decision = NULL;
    if (g_strcmp0(ask->decision, "yes") == 0)
        decision = say(language, "digest.decided.yes", "ask", name, NULL);
    else if (g_strcmp0(ask->decision, "no") == 0)
        decision = say(language, "digest.decided.no", "ask", name, NULL);
    else if (*until != '\0')
        decision = say(language, "digest.decided.until", "ask", name, "day", until, NULL);
    else
        decision = say(language, "digest.decided.later", "ask", name, NULL);
    note_quoted(drawing->ctx, ask->decided_by);
    g_autofree char *reason = show_line(drawing->ctx, ask->decision_words, drawing->words_max);
    if (*reason == '\0')
        return g_steal_pointer(&decision);
    return say(language, "digest.decided.because", "decision", decision, "reason", reason, NULL);
}

static char *started_line(struct drawing *drawing, const struct ask *ask)
{
    g_autofree char *name = digest_ask_name(drawing, ask);
    if (ask->why_known != 0)
        return g_steal_pointer(&name);
    if (drawing->worth_a_minute == NULL)
        drawing->worth_a_minute = say(drawing->language, "digest.worth.why", "ask", name, NULL);
    return say(drawing->language, "digest.started.no.why", "ask", name, NULL);
}

static char *shipped_line(struct drawing *drawing, const struct ask *ask)
{
    return digest_ask_name(drawing, ask);
}

/* How often it happened in that channel, as its counters say. */
static int64_t times_of(struct drawing *drawing, int64_t channel, const char *kind)
{
    static const char *const counters[][2] = {{"ask.raised", "raised"},      {"ask.started", "to.started"},
                                              {"ask.shipped", "to.shipped"},  {"ask.decided", "to.accepted"},
                                              {"ask.decided", "to.declined"}, {"ask.decided", "to.later"}};
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, channel);
    const cJSON *now = cJSON_GetObjectItemCaseSensitive(drawing->tally, name);
    const cJSON *before = cJSON_GetObjectItemCaseSensitive(drawing->before, name);
    int64_t times = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(counters); i++) {
        if (strcmp(counters[i][0], kind) == 0)
            times += digest_counter(now, counters[i][1]) - digest_counter(before, counters[i][1]);
    }
    return times;
}

/* One line for each ask this happened to; heading is taken. */
static void add_asks(struct drawing *drawing, const char *kind, char *heading,
                     char *(*line_of)(struct drawing *drawing, const struct ask *ask))
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(drawing, heading);
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        bool more;
        g_autoptr(GArray) numbers = store_asks_in_span(ctx->store, span, kind, ENTRIES_READ, &more);
        for (guint n = 0; n < numbers->len; n++) {
            struct ask ask;
            if (section->lines->len >= section->most) {
                section->left_out++;
            } else if (store_get_ask(ctx->store, &drawing->viewer, g_array_index(numbers, int64_t, n), &ask)) {
                section_add(section, line_of(drawing, &ask));
                ask_done(&ask);
            }
        }
        /* Of years in one digest, the rest is only counted. */
        if (more)
            section->left_out += MAX(0, times_of(drawing, span->channel, kind) - (int64_t)numbers->len);
    }
    section_keep(drawing, section);
}

/* ---- Parts ---- */

/* 1: one line of counts. */
static void append_count(GString *line, char *text, int64_t n)
{
    if (n > 0)
        g_string_append_printf(line, "%s%s", line->len > 0 ? ", " : "", text);
    g_free(text);
}

static int64_t coverage(const cJSON *tally, bool *known)
{
    int64_t started = sum_of(tally, "started");
    *known = started > 0;
    return started > 0 ? (100 * sum_of(tally, "started_with_why") + started / 2) / started : 0;
}

static void add_counts(struct drawing *drawing)
{
    const char *language = drawing->language;
    int64_t in = moved(drawing, "raised"), clear = moved(drawing, "to.clear"), started = moved(drawing, "to.started") - moved(drawing, "resumed"),
            shipped = moved(drawing, "to.shipped"), aside = moved(drawing, "to.paused");
    GString *line = g_string_new(NULL);
    append_count(line, say_n(language, "digest.count.in", in, NULL), in);
    append_count(line, say_n(language, "digest.count.clear", clear, NULL), clear);
    append_count(line, say_n(language, "digest.count.started", started, NULL), started);
    append_count(line, say_n(language, "digest.count.shipped", shipped, NULL), shipped);
    append_count(line, say_n(language, "digest.count.aside", aside, NULL), aside);
    if (line->len > 0) {
        bool known, was_known;
        g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, coverage(drawing->tally, &known));
        g_autofree char *was = g_strdup_printf("%" G_GINT64_FORMAT, coverage(drawing->last.tally, &was_known));
        g_autofree char *share = was_known ? say(language, "digest.coverage.and.last", "percent", now, "last", was, NULL)
                                           : say(language, "digest.coverage", "percent", now, NULL);
        struct section *section = section_new(drawing, NULL);
        section_add(section, known ? say(language, "digest.counts.coverage", "counts", line->str, "coverage", share, NULL)
                                : say(language, "digest.counts", "counts", line->str, NULL));
        section_keep(drawing, section);
    }
    g_string_free(line, TRUE);
}

/* Those that skipped the queue, and what they owed. */
static void add_urgent(struct drawing *drawing)
{
    int64_t urgent = moved(drawing, "urgent"), late = moved(drawing, "urgent_late");
    if (urgent + late == 0)
        return;
    g_autofree char *hours = g_strdup_printf("%d", drawing->ctx->settings->urgent_hours);
    g_autofree char *owed = late > 0 ? say_n(drawing->language, "digest.urgent.late", late, "hours", hours, NULL) : NULL;
    g_autofree char *line = say_n(drawing->language, "digest.urgent", urgent, NULL);
    struct section *section = section_new(drawing, NULL);
    section_add(section, owed != NULL ? say(drawing->language, "digest.urgent.both", "urgent", line, "late", owed, NULL)
                                   : say(drawing->language, "digest.urgent.only", "urgent", line, NULL));
    section_keep(drawing, section);
}

/* 2: answers to what was asked about the last ones. */
static void add_answers(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(drawing, say(drawing->language, "digest.answers", NULL));
    for (guint i = 0; i < drawing->talk->len; i++) {
        const struct log_span *span = &g_array_index(drawing->talk, struct log_span, i);
        g_autoptr(GArray) answers = store_answers_in_span(ctx->store, &drawing->viewer, span, (int)drawing->lines_max);
        for (guint a = 0; a < answers->len; a++) {
            const struct open_question *question = &g_array_index(answers, struct open_question, a);
            note_quoted(ctx, question->person);
            note_quoted(ctx, question->answered_by);
            g_autofree char *asked = show_line(ctx, question->words, drawing->words_max);
            g_autofree char *answer = show_line(ctx, question->answer, drawing->words_max);
            section_add(section, say(drawing->language, "digest.answer", "question", asked, "answer", answer, NULL));
        }
    }
    section_keep(drawing, section);
}

/* 3: new asks, and how many wait. */
static void add_new(struct drawing *drawing)
{
    add_asks(drawing, "ask.raised", say(drawing->language, "digest.new", NULL), new_line);
}

/* 8: open questions, oldest first. */
static gint by_age(gconstpointer a, gconstpointer b)
{
    const struct open_question *left = a, *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static void add_questions(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(drawing, say(drawing->language, "digest.questions", NULL));
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct open_question));
    g_array_set_clear_func(all, (GDestroyNotify)open_question_done);
    for (guint i = 0; i < drawing->talk->len; i++) {
        int64_t channel = g_array_index(drawing->talk, struct log_span, i).channel;
        g_autoptr(GArray) waiting = store_waiting_questions(ctx->store, &drawing->viewer, channel, (int)drawing->lines_max);
        g_array_set_clear_func(waiting, NULL); /* they move over */
        g_array_append_vals(all, waiting->data, waiting->len);
    }
    g_array_sort(all, by_age);
    for (guint i = 0; i < all->len; i++) {
        const struct open_question *question = &g_array_index(all, struct open_question, i);
        note_quoted(ctx, question->person);
        g_autofree char *words = show_line(ctx, question->words, drawing->words_max);
        g_autofree char *day = digest_day(drawing, question->at);
        g_autofree char *where = where_of(drawing, question->channel);
        g_autofree char *number = question->ask != 0 ? show_number(question->ask) : NULL;
        g_autofree char *about = number != NULL ? g_strdup_printf(" %s%s", number, where) : g_strdup(where);
        if (i == 0) {
            g_free(drawing->worth_a_minute);
            drawing->worth_a_minute = say(drawing->language, "digest.worth.question", "question", words, NULL);
        }
        if (strcmp(question->kind, "disagreement") == 0)
            section_add(section, say(drawing->language, "digest.disagreement.line", "day", day, "about", about, "words",
                                  words, NULL));
        else
            section_add(section,
                     say(drawing->language, "digest.question.line", "day", day, "about", about, "words", words, NULL));
    }
    section_keep(drawing, section);
}

/* 2, too. */
char *digest_replies_line(struct drawing *drawing)
{
    const struct digest_row *last = &drawing->last;
    const char *language = drawing->language;
    if (!drawing->has_last)
        return NULL;
    GString *counts = g_string_new(NULL);
    append_count(counts, say_n(language, "digest.replies.seen", last->seen, NULL), last->seen);
    append_count(counts, say_n(language, "digest.replies.questions", last->questions, NULL), last->questions);
    append_count(counts, say_n(language, "digest.replies.disagreements", last->disagreements, NULL),
                 last->disagreements);
    char *line = NULL;
    if (counts->len > 0)
        line = say(language, "digest.replies", "counts", counts->str, NULL);
    else if (drawing->worth_a_minute != NULL)
        line = say(language, "digest.nobody", "worth", drawing->worth_a_minute, NULL);
    g_string_free(counts, TRUE);
    return line;
}

char *digest_waiting_line(struct drawing *drawing)
{
    int64_t waiting = sum_of(drawing->tally, "in.waiting");
    return waiting > 0 ? say_n(drawing->language, "digest.waiting", waiting, NULL) : NULL;
}


void digest_parts(struct drawing *drawing)
{
    add_counts(drawing);
    add_urgent(drawing);
    add_answers(drawing);
    add_new(drawing);
    add_asks(drawing, "ask.decided", say(drawing->language, "digest.decided", NULL), decided_line);
    add_asks(drawing, "ask.started", say(drawing->language, "digest.started", NULL), started_line);
    add_asks(drawing, "ask.shipped", say(drawing->language, "digest.shipped", NULL), shipped_line);
    digest_trades(drawing);
    digest_outcomes(drawing);
    digest_origins(drawing);
    add_questions(drawing);
}
