#include "commands/report.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/aims.h"
#include "commands/digest.h"
#include "commands/permission.h"
#include "commands/say.h"

#include <string.h>

enum { REPORT_LINES_MAX = 500, REPORT_WORDS_MAX = 600, STARTED_READ = 3000 };

GArray *report_covers(struct context *ctx, const char *platform, int64_t channel, int64_t *refused)
{
    g_autoptr(GArray) all = channel != 0 ? g_array_new(FALSE, FALSE, sizeof(int64_t)) : store_member_channels(ctx->store, platform);
    GArray *covers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    *refused = 0;
    if (channel != 0)
        g_array_append_val(all, channel);
    for (guint i = 0; i < all->len; i++) {
        int64_t id = g_array_index(all, int64_t, i);
        if (!store_may_see_channel(ctx->store, &ctx->viewer, id))
            continue;
        if (may(ctx, id, MAY_REPORT, NULL))
            g_array_append_val(covers, id);
        else
            *refused = id;
    }
    return covers;
}

/* ---- Markdown ---- */

static void append_escaped(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (strchr("\\`*<[&", text[i]) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, text[i]);
    }
}

static char *name_of(struct context *ctx, const char *platform, const struct rich_span *span)
{
    g_autofree char *id = g_strndup(span->text, span->length);
    char *name = NULL;
    if (span->marker == RICH_CHANNEL) {
        struct channel channel = {0};
        if (store_get_channel(ctx->store, store_find_channel(ctx->store, platform, id), &channel))
            name = g_strconcat("#", channel.name, NULL);
        channel_done(&channel);
    } else {
        name = show_person(ctx, store_find_person(ctx->store, platform, id));
    }
    return name != NULL ? name : g_strdup("");
}

char *report_markdown(struct context *ctx, const char *platform, const char *rich)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GString) open = g_string_new(NULL);
    struct rich_span span;
    while (rich_next(&rich, &span)) {
        if (span.marker == 0) {
            append_escaped(out, span.text, span.length);
        } else if (rich_opens(span.marker)) {
            const char *sign = span.marker == RICH_BOLD ? "**" : span.marker == RICH_ITALIC ? "_" : "`";
            g_string_append(out, sign);
            g_string_append_c(open, span.marker);
        } else if (span.marker == RICH_END && open->len > 0) {
            char last = open->str[open->len - 1];
            g_string_append(out, last == RICH_BOLD ? "**" : last == RICH_ITALIC ? "_" : "`");
            g_string_truncate(open, open->len - 1);
        } else if (span.marker == RICH_LINK) {
            append_escaped(out, span.label_length > 0 ? span.label : span.text,
                           span.label_length > 0 ? span.label_length : span.length);
        } else if (span.marker == RICH_QUOTE) {
            g_string_append(out, "> ");
        } else if (span.marker == RICH_PERSON || span.marker == RICH_PING || span.marker == RICH_CHANNEL) {
            g_autofree char *name = name_of(ctx, platform, &span);
            append_escaped(out, name, strlen(name));
        }
    }
    return g_string_free(out, FALSE);
}

/* ---- what happened in that time ---- */

static bool is_of_time(const char *counter)
{
    return g_str_has_prefix(counter, "to.") || strcmp(counter, "raised") == 0 || g_str_has_prefix(counter, "urgent");
}

/* Of what happens the difference is that of the time; what is counted as it stands is as it stands now. */
static void add_counters(struct drawing *drawing, const struct log_span *span)
{
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, span->channel);
    g_autoptr(cJSON) now = store_tally(drawing->ctx->store, span->channel);
    g_autoptr(cJSON) moved = store_tally_of_span(drawing->ctx->store, span);
    cJSON *tally = json_object();
    const cJSON *counter;
    cJSON_ArrayForEach(counter, now)
    {
        if (!is_of_time(counter->string) && !g_str_has_prefix(counter->string, "started"))
            json_put_int(tally, counter->string, digest_counter(now, counter->string));
    }
    cJSON_ArrayForEach(counter, moved)
        json_put_int(tally, counter->string, digest_counter(moved, counter->string));
    bool more;
    g_autoptr(GArray) started = store_asks_in_span(drawing->ctx->store, span, "ask.started", STARTED_READ, &more);
    int64_t with_why = 0;
    for (guint i = 0; i < started->len; i++) {
        struct ask ask;
        if (!store_get_ask(drawing->ctx->store, &drawing->viewer, g_array_index(started, int64_t, i), &ask))
            continue;
        with_why += ask.why_known == 1 && ask.why_by == ask.asker;
        ask_done(&ask);
    }
    json_put_int(tally, "started", started->len);
    json_put_int(tally, "started_with_why", with_why);
    json_put(drawing->tally, name, tally);
}

static void add_aims(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(drawing, say(drawing->language, "report.aims", NULL));
    for (int metrics = 0; metrics < 2; metrics++) {
        g_autoptr(GArray) aims = store_aims(ctx->store, &drawing->viewer, metrics == 1);
        for (guint i = 0; i < aims->len; i++) {
            const struct aim *aim = &g_array_index(aims, struct aim, i);
            section_add(section, metrics ? aim_metric_line(ctx, aim) : aim_name(ctx, aim));
        }
    }
    section_keep(drawing, section);
}

/* ---- the text ---- */

struct report {
    struct context *ctx;
    const char *platform;
    GString *out;
};

static void put_line(const struct report *report, const char *before, char *rich)
{
    g_autofree char *line = report_markdown(report->ctx, report->platform, rich);
    g_string_append_printf(report->out, "%s%s\n", before, line);
    g_free(rich);
}

static void put_section(const struct report *report, const struct section *section)
{
    struct context *ctx = report->ctx;
    g_string_append_c(report->out, '\n');
    if (section->heading != NULL) {
        g_autofree char *heading = rich_plain(section->heading, NULL, NULL);
        put_line(report, "## ", g_steal_pointer(&heading));
        g_string_append_c(report->out, '\n');
    }
    for (guint i = 0; i < section->lines->len; i++)
        put_line(report, section->heading != NULL ? "- " : "", g_strdup(g_ptr_array_index(section->lines, i)));
    if (section->left_out > 0)
        put_line(report, "- ", say_n(ctx->language, "report.more", section->left_out, NULL));
}

static char *full_day(struct context *ctx, int64_t at)
{
    GDate day = calendar_date(at, ctx->who.zone), long_ago;
    g_date_set_dmy(&long_ago, 1, G_DATE_JANUARY, 1);
    return calendar_show_date(&day, &long_ago, ctx->language);
}

static char *names_of(struct context *ctx, const GArray *covers)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < covers->len; i++) {
        struct channel channel;
        if (!store_get_channel(ctx->store, g_array_index(covers, int64_t, i), &channel))
            continue;
        g_string_append_printf(names, "%s#%s", names->len > 0 ? ", " : "", channel.name);
        channel_done(&channel);
    }
    return g_string_free(names, FALSE);
}

static void put_head(const struct report *report, const GArray *covers, int64_t from, int64_t upto)
{
    struct context *ctx = report->ctx;
    g_autofree char *scope = names_of(ctx, covers), *first = full_day(ctx, from), *last = full_day(ctx, upto - 1);
    g_autofree char *day = full_day(ctx, ctx->now), *who = show_person(ctx, ctx->who.id);
    put_line(report, "# ", say(ctx->language, "report.title", "channels", scope, NULL));
    g_string_append_c(report->out, '\n');
    put_line(report, "", say(ctx->language, "report.time", "from", first, "to", last, NULL));
    g_string_append_c(report->out, '\n');
    put_line(report, "", say(ctx->language, "report.note", "day", day, "person", who, NULL));
}

static void draw(struct drawing *drawing, const GArray *covers, int64_t from, int64_t upto)
{
    struct store *store = drawing->ctx->store;
    int64_t after = store_log_before(store, from), end = store_log_before(store, upto);
    for (guint i = 0; i < covers->len; i++) {
        struct log_span span = {.channel = g_array_index(covers, int64_t, i), .after = after, .upto = end};
        add_counters(drawing, &span);
        g_array_append_val(drawing->spans, span);
        g_array_append_val(drawing->talk, span);
    }
    digest_parts(drawing);
    if (drawing->sections->len > 0)
        add_aims(drawing);
}

void report_make(struct context *ctx, const cJSON *order, struct file_text *file)
{
    const char *platform = json_str0(order, "platform");
    int64_t from = json_int(order, "from", 0), upto = json_int(order, "to", 0), refused;
    g_autoptr(GArray) covers = report_covers(ctx, platform, ctx->viewer.place, &refused);
    file->state = FILE_NOT_ALLOWED;
    if (covers->len == 0)
        return;
    struct drawing drawing = {
        .ctx = ctx,
        .language = ctx->language,
        .zone = ctx->who.zone,
        .viewer = ctx->viewer,
        .channel = covers->len == 1 ? g_array_index(covers, int64_t, 0) : 0,
        .covers_others = covers->len > 1,
        .lines_max = REPORT_LINES_MAX,
        .words_max = REPORT_WORDS_MAX,
        .spans = g_array_new(FALSE, FALSE, sizeof(struct log_span)),
        .talk = g_array_new(FALSE, FALSE, sizeof(struct log_span)),
        .tally = json_object(),
        .before = json_object(),
        .sections = g_ptr_array_new_with_free_func(section_free),
    };
    draw(&drawing, covers, from, upto);
    g_autofree char *scope = covers->len == 1 ? names_of(ctx, covers) : g_strdup("all");
    struct report report = {ctx, platform, file->text = g_string_new(NULL)};
    file->name = file_name(ctx, "report", scope, "md");
    put_head(&report, covers, from, upto);
    for (guint i = 0; i < drawing.sections->len; i++)
        put_section(&report, g_ptr_array_index(drawing.sections, i));
    g_autofree char *waiting = digest_waiting_line(&drawing);
    if (waiting != NULL) {
        g_string_append_c(file->text, '\n');
        put_line(&report, "", g_steal_pointer(&waiting));
    }
    file->state = drawing.sections->len == 0           ? FILE_EMPTY
                  : file->text->len > FILE_MAX_BYTES ? FILE_TOO_LARGE
                                                      : FILE_MADE;
    cJSON_Delete(drawing.tally);
    cJSON_Delete(drawing.before);
    g_array_unref(drawing.spans);
    g_array_unref(drawing.talk);
    g_ptr_array_unref(drawing.sections);
    g_free(drawing.worth_a_minute);
}
