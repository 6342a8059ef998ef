/* A digest made to fit: as much of each part as one post holds, the rest for its thread. */
#include "commands/digest.h"

#include "bot/base/json.h"
#include "commands/say.h"

#define WEEK_MS ((int64_t)7 * 24 * 3600 * 1000)

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

/* What stands below the part when only so many of its lines do; NULL when all are there. */
static char *more_note(struct drawing *drawing, const struct section *section, guint lines)
{
    guint all = section->lines->len;
    int64_t more = all > lines ? (int64_t)(all - lines) + section->left_out : section->left_out;
    return more == 0     ? NULL
           : all > lines ? say_n(drawing->language, "digest.more.in.thread", more, NULL)
                         : say_n(drawing->language, "digest.more.in.list", more, "command",
                                 drawing->ctx->settings->command, NULL);
}

/* The part as it stands in the main post with at most this many lines. */
static char *main_text(struct drawing *drawing, const struct section *section, guint lines)
{
    return section_text(section, 0, lines, more_note(drawing, section, lines));
}

/* How long that is for each number of lines, without the note: lines are counted once. */
static glong *lengths_of(const struct section *section)
{
    glong *lengths = g_new(glong, DIGEST_LINES_MAX + 1);
    lengths[0] = section->heading != NULL ? g_utf8_strlen(section->heading, -1) : 0;
    for (guint i = 0; i < DIGEST_LINES_MAX; i++) {
        glong separators = section->heading != NULL ? 3 : i > 0;
        lengths[i + 1] = lengths[i];
        if (i < section->lines->len)
            lengths[i + 1] += separators + g_utf8_strlen(g_ptr_array_index(section->lines, i), -1);
    }
    return lengths;
}

/* As many lines of each part as fit together. */
static guint lines_that_fit(struct drawing *drawing, glong room)
{
    g_autoptr(GPtrArray) lengths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < drawing->sections->len; i++)
        g_ptr_array_add(lengths, lengths_of(g_ptr_array_index(drawing->sections, i)));
    for (guint lines = DIGEST_LINES_MAX; lines > 1; lines--) {
        glong used = 0;
        for (guint i = 0; i < drawing->sections->len && used <= room; i++) {
            g_autofree char *note = more_note(drawing, g_ptr_array_index(drawing->sections, i), lines);
            used += ((const glong *)g_ptr_array_index(lengths, i))[lines] + 1 + (note != NULL ? g_utf8_strlen(note, -1) + 1 : 0);
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
    g_autofree char *day = digest_day(drawing, drawing->last.at);
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
    if (!drawing->has_last && channel->digest) {
        g_autofree char *rhythm = digest_rhythm(channel, language);
        g_autofree char *first_line = say(language, "digest.first", "rhythm", rhythm, "command", command, NULL);
        used += add_counted(message, PART_NOTE, first_line);
    }
    if (late) {
        g_autofree char *moment = calendar_show_moment(due_at, channel->zone, language);
        g_autofree char *note = say(language, "digest.late", "moment", moment, NULL);
        used += add_counted(message, PART_NOTE, note);
    }
    g_autofree char *replies = digest_replies_line(drawing);
    g_autofree char *waiting = digest_waiting_line(drawing);
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

/* ---- What it covers ---- */

/* Counters as they were before the span: for a channel the last digest did not look at. */
static cJSON *counters_before(struct store *store, const cJSON *now, const struct log_span *span)
{
    g_autoptr(cJSON) since = store_tally_of_span(store, span);
    cJSON *before = json_object();
    const cJSON *counter;
    cJSON_ArrayForEach(counter, now)
        json_put_int(before, counter->string, digest_counter(now, counter->string) - digest_counter(since, counter->string));
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
        span.after = store_log_before(store, drawing->ctx->now - WEEK_MS);
        json_put(drawing->before, name, counters_before(store, now, &span));
    }
    json_put(drawing->tally, name, now);
    g_array_append_val(drawing->spans, span);
}

/* People talk about a digest where it stands, whatever it covers. */
static void add_talk(struct drawing *drawing, int64_t upto)
{
    bool own = false;
    for (guint i = 0; i < drawing->spans->len; i++) {
        struct log_span span = g_array_index(drawing->spans, struct log_span, i);
        own = own || span.channel == drawing->channel;
        g_array_append_val(drawing->talk, span);
    }
    struct log_span here = {
        .channel = drawing->channel, .after = drawing->has_last ? drawing->last.upto : 0, .upto = upto};
    if (!own)
        g_array_append_val(drawing->talk, here);
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
        .lines_max = DIGEST_LINES_MAX,
        .words_max = DIGEST_WORDS_MAX,
        .spans = g_array_new(FALSE, FALSE, sizeof(struct log_span)),
        .talk = g_array_new(FALSE, FALSE, sizeof(struct log_span)),
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
    add_talk(&drawing, text->upto);
    digest_parts(&drawing);
    bool something = drawing.sections->len > 0;
    if (something) {
        put_together(&drawing, &channel, due_at, late, text);
        text->tally = g_steal_pointer(&drawing.tally);
    }
    cJSON_Delete(drawing.tally);
    cJSON_Delete(drawing.before);
    g_array_unref(drawing.spans);
    g_array_unref(drawing.talk);
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
