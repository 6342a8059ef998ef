/* What a digest says: each part is a heading and lines, and only there if it has something to say. */
#include "commands/digest.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/say.h"
#include "store/digests.h"

#include <string.h>

enum {
    LINES_MAX = 60, /* of a part, in the post and its thread together */
    TITLE_MAX = 80,
    WORDS_MAX = 120,
};

#define WEEK_MS ((int64_t)7 * 24 * 3600 * 1000)

struct section {
    char *heading; /* NULL: lines alone */
    GPtrArray *lines;
    int64_t left_out; /* lines beyond LINES_MAX */
};

struct drawing {
    struct context *ctx;
    const char *language;
    const char *zone; /* of the channel */
    struct viewer viewer;
    int64_t channel;
    bool covers_others;
    bool has_last;
    struct digest_row last;
    GArray *spans;  /* struct log_span, of the channels that may be shown */
    cJSON *tally;   /* channel's id → counters now */
    cJSON *before;  /* the same when the last digest saw them */
    GPtrArray *sections;
    char *worth_a_minute;
};

static void section_free(gpointer data)
{
    struct section *section = data;
    g_free(section->heading);
    g_ptr_array_unref(section->lines);
    g_free(section);
}

static void add_line(struct section *section, char *line)
{
    if (section->lines->len < LINES_MAX) {
        g_ptr_array_add(section->lines, line);
    } else {
        section->left_out++;
        g_free(line);
    }
}

/* heading is taken. */
static struct section *section_new(char *heading)
{
    struct section *section = g_new0(struct section, 1);
    section->heading = heading;
    section->lines = g_ptr_array_new_with_free_func(g_free);
    return section;
}

static void keep_section(struct drawing *drawing, struct section *section)
{
    if (section->lines->len > 0)
        g_ptr_array_add(drawing->sections, section);
    else
        section_free(section);
}

/* ---- Counters ---- */

static int64_t counter_of(const cJSON *counters, const char *name)
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
        sum += counter_of(counters, name);
    return sum;
}

static int64_t moved(const struct drawing *drawing, const char *name)
{
    return MAX(0, sum_of(drawing->tally, name) - sum_of(drawing->before, name));
}

/* Counters as they were before the span: for a channel the last digest did not look at. */
static cJSON *counters_before(struct store *store, const cJSON *now, const struct log_span *span)
{
    g_autoptr(cJSON) since = store_tally_of_span(store, span);
    cJSON *before = json_object();
    const cJSON *counter;
    cJSON_ArrayForEach(counter, now)
        json_put_int(before, counter->string, counter_of(now, counter->string) - counter_of(since, counter->string));
    return before;
}

static void add_channel(struct drawing *drawing, int64_t channel, int64_t upto)
{
    struct store *store = drawing->ctx->store;
    if (!store_may_see_channel(store, &drawing->viewer, channel))
        return;
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, channel);
    if (cJSON_HasObjectItem(drawing->tally, name))
        return;
    struct log_span span = {.channel = channel, .upto = upto};
    cJSON *now = store_tally(store, channel);
    const cJSON *seen = drawing->has_last ? cJSON_GetObjectItemCaseSensitive(drawing->last.tally, name) : NULL;
    if (seen != NULL) {
        span.after = drawing->last.upto;
        json_put(drawing->before, name, cJSON_Duplicate(seen, true));
    } else if (channel == drawing->channel && !drawing->has_last) {
        json_put(drawing->before, name, json_object());
    } else {
        span.after = store_log_before(store, channel, drawing->ctx->now - WEEK_MS);
        json_put(drawing->before, name, counters_before(store, now, &span));
    }
    json_put(drawing->tally, name, now);
    g_array_append_val(drawing->spans, span);
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

/* A day of the channel's own zone, whoever looks. */
static char *day_of(struct drawing *drawing, int64_t at)
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

/* "#42 (#sales) Add SSO for Acme" */
static char *name_of(struct drawing *drawing, const struct ask *ask)
{
    g_autofree char *number = show_number(ask->number);
    g_autofree char *where = where_of(drawing, ask->channel);
    g_autofree char *title = title_of(drawing, ask);
    return say(drawing->language, "digest.ask", "ask", number, "where", where, "title", title, NULL);
}

static char *new_line(struct drawing *drawing, const struct ask *ask)
{
    g_autofree char *name = name_of(drawing, ask);
    g_autofree char *why = show_line(drawing->ctx, ask->why, WORDS_MAX);
    if (ask->why_known == 2)
        return say(drawing->language, "digest.new.unknown", "ask", name, NULL);
    if (ask->why_known == 0 || *why == '\0')
        return g_steal_pointer(&name);
    return say(drawing->language, "digest.new.why", "ask", name, "why", why, NULL);
}

static char *decided_line(struct drawing *drawing, const struct ask *ask)
{
    const char *language = drawing->language;
    g_autofree char *name = name_of(drawing, ask);
    g_autofree char *until =
        ask->later_until != 0 ? day_of(drawing, ask->later_until) : g_strdup("");
    g_autofree char *decision = NULL;
    if (g_strcmp0(ask->decision, "yes") == 0)
        decision = say(language, "digest.decided.yes", "ask", name, NULL);
    else if (g_strcmp0(ask->decision, "no") == 0)
        decision = say(language, "digest.decided.no", "ask", name, NULL);
    else if (*until != '\0')
        decision = say(language, "digest.decided.until", "ask", name, "day", until, NULL);
    else
        decision = say(language, "digest.decided.later", "ask", name, NULL);
    g_autofree char *reason = show_line(drawing->ctx, ask->decision_words, WORDS_MAX);
    if (*reason == '\0')
        return g_steal_pointer(&decision);
    return say(language, "digest.decided.because", "decision", decision, "reason", reason, NULL);
}

static char *started_line(struct drawing *drawing, const struct ask *ask)
{
    g_autofree char *name = name_of(drawing, ask);
    if (ask->why_known != 0)
        return g_steal_pointer(&name);
    if (drawing->worth_a_minute == NULL)
        drawing->worth_a_minute = say(drawing->language, "digest.worth.why", "ask", name, NULL);
    return say(drawing->language, "digest.started.no.why", "ask", name, NULL);
}

static char *shipped_line(struct drawing *drawing, const struct ask *ask)
{
    return name_of(drawing, ask);
}

/* One line for each ask this happened to; heading is taken. */
static void add_asks(struct drawing *drawing, const char *kind, char *heading,
                     char *(*line_of)(struct drawing *drawing, const struct ask *ask))
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(heading);
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        g_autoptr(GArray) numbers = store_asks_in_span(ctx->store, &drawing->viewer, span, kind);
        for (guint n = 0; n < numbers->len; n++) {
            struct ask ask;
            if (section->lines->len >= LINES_MAX) {
                section->left_out++;
            } else if (store_get_ask(ctx->store, &drawing->viewer, g_array_index(numbers, int64_t, n), &ask)) {
                add_line(section, line_of(drawing, &ask));
                ask_done(&ask);
            }
        }
    }
    keep_section(drawing, section);
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
    int64_t in = moved(drawing, "raised"), clear = moved(drawing, "to.clear"), started = moved(drawing, "to.started"),
            shipped = moved(drawing, "to.shipped"), aside = moved(drawing, "to.later") + moved(drawing, "to.paused");
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
        g_autofree char *share =
            !known ? g_strdup("")
            : was_known && drawing->has_last
                ? say(language, "digest.coverage.and.last", "percent", now, "last", was, NULL)
                : say(language, "digest.coverage", "percent", now, NULL);
        struct section *section = section_new(NULL);
        add_line(section, say(language, "digest.counts", "counts", line->str, "coverage", share, NULL));
        keep_section(drawing, section);
    }
    g_string_free(line, TRUE);
}

/* 2: answers to what was asked about the last ones. */
static void add_answers(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(say(drawing->language, "digest.answers", NULL));
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        g_autoptr(GArray) answers = store_answers_in_span(ctx->store, &drawing->viewer, span, LINES_MAX);
        for (guint a = 0; a < answers->len; a++) {
            const struct open_question *question = &g_array_index(answers, struct open_question, a);
            g_autofree char *asked = show_line(ctx, question->words, WORDS_MAX);
            g_autofree char *answer = show_line(ctx, question->answer, WORDS_MAX);
            add_line(section, say(drawing->language, "digest.answer", "question", asked, "answer", answer, NULL));
        }
    }
    keep_section(drawing, section);
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
    struct section *section = section_new(say(drawing->language, "digest.questions", NULL));
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct open_question));
    g_array_set_clear_func(all, (GDestroyNotify)open_question_done);
    for (guint i = 0; i < drawing->spans->len; i++) {
        int64_t channel = g_array_index(drawing->spans, struct log_span, i).channel;
        g_autoptr(GArray) waiting = store_waiting_questions(ctx->store, &drawing->viewer, channel, LINES_MAX);
        g_array_set_clear_func(waiting, NULL); /* they move over */
        g_array_append_vals(all, waiting->data, waiting->len);
    }
    g_array_sort(all, by_age);
    for (guint i = 0; i < all->len; i++) {
        const struct open_question *question = &g_array_index(all, struct open_question, i);
        g_autofree char *words = show_line(ctx, question->words, WORDS_MAX);
        g_autofree char *day = day_of(drawing, question->at);
        g_autofree char *where = where_of(drawing, question->channel);
        g_autofree char *number = question->ask != 0 ? show_number(question->ask) : NULL;
        g_autofree char *about = number != NULL ? g_strdup_printf(" %s%s", number, where) : g_strdup(where);
        if (i == 0) {
            g_free(drawing->worth_a_minute);
            drawing->worth_a_minute = say(drawing->language, "digest.worth.question", "question", words, NULL);
        }
        if (strcmp(question->kind, "disagreement") == 0)
            add_line(section, say(drawing->language, "digest.disagreement.line", "day", day, "about", about, "words",
                                  words, NULL));
        else
            add_line(section,
                     say(drawing->language, "digest.question.line", "day", day, "about", about, "words", words, NULL));
    }
    keep_section(drawing, section);
}

/* 2: who replied to the last one; said only beside something else. */
static char *replies_line(struct drawing *drawing)
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

/* How many asks still wait; names stay in their threads. */
static char *waiting_line(struct drawing *drawing)
{
    int64_t waiting = sum_of(drawing->tally, "in.waiting");
    return waiting > 0 ? say_n(drawing->language, "digest.waiting", waiting, NULL) : NULL;
}

/* ---- From parts to posts ---- */

static char *section_text(const struct section *section, guint from, guint to, char *more)
{
    GString *text = g_string_new(section->heading);
    for (guint i = from; i < to && i < section->lines->len; i++)
        g_string_append_printf(text, "%s%s%s", text->len > 0 ? "\n" : "", section->heading != NULL ? "• " : "",
                               (const char *)g_ptr_array_index(section->lines, i));
    if (more != NULL)
        g_string_append_printf(text, "\n%s", more);
    g_free(more);
    return g_string_free(text, FALSE);
}

/* The part as it stands in the main post with at most this many lines. */
static char *main_text(struct drawing *drawing, const struct section *section, guint lines)
{
    guint all = section->lines->len;
    int64_t more = all > lines ? (int64_t)(all - lines) + section->left_out : section->left_out;
    return section_text(section, 0, lines,
                        more == 0      ? NULL
                        : all > lines ? say_n(drawing->language, "digest.more.in.thread", more, NULL)
                                      : say_n(drawing->language, "digest.more.in.list", more, "command",
                                              drawing->ctx->settings->command, NULL));
}

/* As many lines of each part as fit together. */
static guint lines_that_fit(struct drawing *drawing, glong room)
{
    for (guint lines = LINES_MAX; lines > 1; lines--) {
        glong used = 0;
        for (guint i = 0; i < drawing->sections->len; i++) {
            g_autofree char *text = main_text(drawing, g_ptr_array_index(drawing->sections, i), lines);
            used += g_utf8_strlen(text, -1) + 1;
        }
        if (used <= room)
            return lines;
    }
    return 1;
}

static struct message *rest_of(struct drawing *drawing, guint lines)
{
    struct message *rest = NULL;
    glong used = 0;
    for (guint i = 0; i < drawing->sections->len; i++) {
        const struct section *section = g_ptr_array_index(drawing->sections, i);
        for (guint from = lines; from < section->lines->len;) {
            /* A few lines a paragraph: chats limit those, too. */
            guint to = MIN(from + 8, section->lines->len);
            bool last = to == section->lines->len;
            int64_t more = last ? section->left_out : 0;
            glong room = DIGEST_REST_MAX - used;
            g_autofree char *text = section_text(section, from, to, NULL);
            bool fits = g_utf8_strlen(text, -1) <= room - 100;
            if (!fits)
                more = (int64_t)(section->lines->len - from) + section->left_out;
            g_autofree char *note = more == 0 ? NULL
                                              : say_n(drawing->language, "digest.more.in.list", more, "command",
                                                      drawing->ctx->settings->command, NULL);
            if (rest == NULL) {
                g_autofree char *heading = say(drawing->language, "digest.rest", NULL);
                rest = message_new(heading);
                message_add(rest, PART_HEADING, heading);
            }
            if (fits)
                message_add(rest, PART_TEXT, text);
            if (note != NULL)
                message_add(rest, PART_NOTE, note);
            used += fits ? g_utf8_strlen(text, -1) : 0;
            from = fits ? to : section->lines->len;
        }
    }
    return rest;
}

static glong add_counted(struct message *message, enum part_kind kind, const char *text)
{
    if (text == NULL)
        return 0;
    message_add(message, kind, text);
    return g_utf8_strlen(text, -1) + 1;
}

static char *heading_of(struct drawing *drawing)
{
    if (!drawing->has_last)
        return say(drawing->language, "digest.heading", NULL);
    g_autofree char *day = day_of(drawing, drawing->last.at);
    return say(drawing->language, "digest.heading.since", "day", day, NULL);
}

static void put_together(struct drawing *drawing, const struct channel *channel, int64_t due_at, bool late,
                         struct digest_text *text)
{
    const char *language = drawing->language, *command = drawing->ctx->settings->command;
    g_autofree char *heading = heading_of(drawing);
    struct section *first = g_ptr_array_index(drawing->sections, 0);
    g_autofree char *fallback =
        first->heading == NULL ? g_strdup_printf("%s\n%s", heading, (char *)g_ptr_array_index(first->lines, 0))
                               : g_strdup(heading);
    struct message *message = message_new(fallback);
    glong used = add_counted(message, PART_HEADING, heading);
    if (!drawing->has_last) {
        g_autofree char *rhythm = digest_rhythm(channel, language);
        g_autofree char *first_line = say(language, "digest.first", "rhythm", rhythm, "command", command, NULL);
        used += add_counted(message, PART_NOTE, first_line);
    }
    if (late) {
        g_autofree char *moment = calendar_show_moment(due_at, channel->zone, language);
        g_autofree char *note = say(language, "digest.late", "moment", moment, NULL);
        used += add_counted(message, PART_NOTE, note);
    }
    g_autofree char *replies = replies_line(drawing);
    g_autofree char *waiting = waiting_line(drawing);
    used += (replies != NULL ? g_utf8_strlen(replies, -1) + 1 : 0) + (waiting != NULL ? g_utf8_strlen(waiting, -1) + 1 : 0);
    guint lines = lines_that_fit(drawing, DIGEST_MAX - used);
    bool counted = first->heading == NULL;
    if (!counted)
        add_counted(message, PART_TEXT, replies);
    for (guint i = 0; i < drawing->sections->len; i++) {
        g_autofree char *part = main_text(drawing, g_ptr_array_index(drawing->sections, i), lines);
        message_add(message, PART_TEXT, part);
        if (counted && i == 0)
            add_counted(message, PART_TEXT, replies);
    }
    add_counted(message, PART_NOTE, waiting);
    text->message = message;
    text->rest = rest_of(drawing, lines);
}

bool digest_draw(struct context *ctx, int64_t channel_id, int64_t due_at, bool late, struct digest_text *text)
{
    *text = (struct digest_text){0};
    struct channel channel;
    if (!store_get_channel(ctx->store, channel_id, &channel))
        return false;
    struct drawing drawing = {
        .ctx = ctx,
        .language = say_language(channel.language),
        .zone = channel.zone,
        .viewer = {.place = channel_id, .guest = ctx->on_reader && ctx->who.guest},
        .channel = channel_id,
        .spans = g_array_new(FALSE, FALSE, sizeof(struct log_span)),
        .tally = json_object(),
        .before = json_object(),
        .sections = g_ptr_array_new_with_free_func(section_free),
    };
    drawing.has_last = store_last_digest(ctx->store, channel_id, &drawing.last);
    text->upto = store_log_end(ctx->store);
    g_autoptr(GArray) covers = digest_covers(&channel);
    for (guint i = 0; i < covers->len; i++) {
        int64_t covered = g_array_index(covers, int64_t, i);
        drawing.covers_others = drawing.covers_others || covered != channel_id;
        add_channel(&drawing, covered, text->upto);
    }
    add_counts(&drawing);
    add_answers(&drawing);
    add_new(&drawing);
    add_asks(&drawing, "ask.decided", say(drawing.language, "digest.decided", NULL), decided_line);
    add_asks(&drawing, "ask.started", say(drawing.language, "digest.started", NULL), started_line);
    add_asks(&drawing, "ask.shipped", say(drawing.language, "digest.shipped", NULL), shipped_line);
    add_questions(&drawing);
    bool something = drawing.sections->len > 0;
    if (something) {
        put_together(&drawing, &channel, due_at, late, text);
        text->tally = g_steal_pointer(&drawing.tally);
    }
    cJSON_Delete(drawing.tally);
    cJSON_Delete(drawing.before);
    g_array_unref(drawing.spans);
    g_ptr_array_unref(drawing.sections);
    g_free(drawing.worth_a_minute);
    digest_row_done(&drawing.last);
    channel_done(&channel);
    return something;
}

void digest_text_done(struct digest_text *text)
{
    message_free(text->message);
    message_free(text->rest);
    cJSON_Delete(text->tally);
    *text = (struct digest_text){0};
}
