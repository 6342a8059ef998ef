/* report: what a channel came to over a month, a quarter, since a day; as a file for whoever asks. */
#include "bot/base/json.h"
#include "commands/permission.h"
#include "commands/report.h"
#include "commands/say.h"
#include "commands/understand/understand.h"

#include <string.h>

enum { USUAL_DAYS = 30 };

/* ---- which time: from the first day on, before the last ---- */

struct time_span {
    GDate from, before;
};

static const struct unit {
    const char *word;
    int months, days;
} units[] = {{"week", 0, 7}, {"month", 1, 0}, {"quarter", 3, 0}, {"year", 12, 0}};

/* The first day of the week, month, quarter or year that day is in. */
static GDate begin_of(const struct unit *unit, GDate day)
{
    if (unit->days > 0) {
        g_date_subtract_days(&day, (guint)g_date_get_weekday(&day) - G_DATE_MONDAY);
        return day;
    }
    int month = ((int)g_date_get_month(&day) - 1) / unit->months * unit->months + 1;
    g_date_set_dmy(&day, 1, (GDateMonth)month, g_date_get_year(&day));
    return day;
}

static void step(const struct unit *unit, GDate *day, bool back)
{
    if (unit->days > 0)
        back ? g_date_subtract_days(day, (guint)unit->days) : g_date_add_days(day, (guint)unit->days);
    else
        back ? g_date_subtract_months(day, (guint)unit->months) : g_date_add_months(day, (guint)unit->months);
}

/* "last month", "this quarter" */
static bool read_unit(const char *text, const GDate *now, struct time_span *span)
{
    bool last = g_str_has_prefix(text, "last ");
    if (!last && !g_str_has_prefix(text, "this "))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(text + strlen("last "), units[i].word) != 0)
            continue;
        span->from = begin_of(&units[i], *now);
        if (last) {
            span->before = span->from;
            step(&units[i], &span->from, true);
        }
        return true;
    }
    return false;
}

/* Dates mean days to come elsewhere; here the last such day. */
static bool read_since(const char *text, const GDate *now, struct time_span *span)
{
    struct when when;
    GDateWeekday weekday;
    if (weekday_parse(text, &weekday)) {
        span->from = *now;
        g_date_subtract_days(&span->from, (guint)(7 + (int)g_date_get_weekday(now) - (int)weekday) % 7);
        return true;
    }
    if (!when_parse(text, now, &when))
        return false;
    span->from = when.first;
    while (g_date_compare(&span->from, now) > 0)
        g_date_subtract_years(&span->from, 1);
    return true;
}

static bool read_time(const char *text, const GDate *now, struct time_span *span)
{
    int days;
    span->from = span->before = *now;
    g_date_add_days(&span->before, 1);
    if (*text == '\0') {
        g_date_subtract_days(&span->from, USUAL_DAYS);
        return true;
    }
    if (g_str_has_prefix(text, "since "))
        return read_since(text + strlen("since "), now, span);
    if (read_unit(text, now, span))
        return true;
    bool lasts = g_str_has_prefix(text, "last ") && duration_parse(text + strlen("last "), &days) && days > 0;
    if (lasts)
        g_date_subtract_days(&span->from, (guint)days);
    return lasts;
}

/* "this channel", "of this channel", "here": it is the channel where it is typed anyway. */
static char *without_place(const char *rest, bool *placed)
{
    static const char *const places[] = {"of this channel", "this channel", "here"};
    char *text = g_ascii_strdown(rest, -1);
    *placed = false;
    for (gsize i = 0; i < G_N_ELEMENTS(places) && !*placed; i++) {
        gsize length = strlen(places[i]);
        if (g_str_has_prefix(text, places[i]) && (text[length] == ' ' || text[length] == '\0')) {
            memmove(text, text + length, strlen(text + length) + 1);
            *placed = true;
        } else if (strlen(text) > length && g_str_has_suffix(text, places[i]) && text[strlen(text) - length - 1] == ' ') {
            text[strlen(text) - length] = '\0';
            *placed = true;
        }
    }
    return g_strstrip(text);
}

/* ---- the command ---- */

/* Takes order. */
static void order_report(struct context *ctx, cJSON *order)
{
    struct file_text file = {.state = FILE_NOT_ALLOWED};
    const char *command = ctx->settings->command;
    if (file_look(ctx, order))
        report_make(ctx, order, &file);
    if (file.state == FILE_MADE) {
        g_autofree char *above = say(ctx->language, "report.above", NULL);
        file_order(ctx, g_steal_pointer(&order), message_text(above));
        answer_say(ctx, "report.ordered", "file", file.name, NULL);
    } else {
        answer_say(ctx, file.state == FILE_TOO_LARGE ? "report.too.large" : "report.none", "command", command, NULL);
    }
    cJSON_Delete(order);
    file_text_done(&file);
}

/* Whether there is anything of which they may have a report; says why not. */
static bool is_allowed(struct context *ctx)
{
    int64_t refused;
    g_autoptr(GArray) covers = report_covers(ctx, ctx->event->platform, ctx->viewer.place, &refused);
    if (covers->len > 0)
        return true;
    if (refused != 0)
        may_or_say(ctx, refused, MAY_REPORT, NULL);
    else
        answer_say(ctx, "report.nowhere", "command", ctx->settings->command, NULL);
    return false;
}

void verb_report(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    bool placed;
    g_autofree char *text = without_place(rest, &placed);
    GDate now = today(ctx);
    struct time_span span;
    if (placed && ctx->viewer.place == 0) {
        answer_say(ctx, "report.where", "command", ctx->settings->command, NULL);
        return;
    }
    if (!read_time(text, &now, &span)) {
        answer_say(ctx, "report.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
        return;
    }
    if (!is_allowed(ctx))
        return;
    cJSON *order = json_object();
    json_put_str(order, "what", "report");
    json_put_str(order, "platform", ctx->event->platform);
    json_put_int(order, "place", ctx->viewer.place);
    json_put_int(order, "from", calendar_moment(&span.from, 0, ctx->who.zone));
    json_put_int(order, "to", calendar_moment(&span.before, 0, ctx->who.zone));
    order_report(ctx, order);
}
