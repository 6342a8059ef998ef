/* Goals and metrics by name, and the metric an ask moves. */
#include "commands/aims.h"

#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <math.h>
#include <string.h>

enum { OPPOSED_SHOWN = 3 };

/* ---- names ---- */

/* Small letters, blanks for all that is neither letter nor digit, one before and one behind: names compare by words. */
static char *worded(const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    GString *out = g_string_new(" ");
    for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c) || c == '%')
            g_string_append_unichar(out, c);
        else if (out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    if (out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
    return g_string_free(out, FALSE);
}

/* 3 the same, 2 begins so, 1 has it in it, 0 neither. */
static int likeness(const char *name, const char *wanted)
{
    if (strcmp(name, wanted) == 0)
        return 3;
    g_autofree char *open = g_strndup(wanted, strlen(wanted) - 1); /* the last word may go on */
    return g_str_has_prefix(name, open) ? 2 : strstr(name, open) != NULL;
}

bool aim_find(struct context *ctx, const struct viewer *viewer, bool metric, const char *text, struct aim *aim,
              bool *several)
{
    *several = false;
    *aim = (struct aim){0};
    g_autofree char *wanted = worded(text);
    if (strlen(wanted) < 2)
        return false;
    g_autoptr(GArray) aims = store_aims(ctx->store, viewer, metric);
    int best = 0;
    struct aim *found = NULL;
    for (guint i = 0; i < aims->len; i++) {
        struct aim *one = &g_array_index(aims, struct aim, i);
        g_autofree char *name = worded(one->name);
        int like = strlen(name) < 2 ? 0 : likeness(name, wanted);
        if (like == 0 || like < best)
            continue;
        /* Of two that are called the same, the one of this place. */
        *several = like == best && (like < 3 || one->channel == found->channel);
        if (like > best)
            found = one;
        best = like;
    }
    if (found == NULL || *several)
        return false;
    *aim = *found;
    found->name = found->unit = NULL; /* they moved over */
    return true;
}

bool aim_need(struct context *ctx, const struct viewer *viewer, bool metric, const char *text, struct aim *aim)
{
    bool several;
    if (aim_find(ctx, viewer, metric, text, aim, &several))
        return true;
    g_autofree char *word = show_line(ctx, text, 60);
    answer_say(ctx, several ? metric ? "metric.several" : "goal.several" : metric ? "metric.none" : "goal.none", "word", word,
               "command", ctx->settings->command, NULL);
    ctx->not_understood = true;
    return false;
}

bool aim_is_mine(struct context *ctx, const struct aim *aim)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, aim->channel, &channel);
    int64_t owner = channel.owner, decider = channel.decider, me = ctx->who.id;
    channel_done(&channel);
    if (aim->owner == me || owner == me || decider == me || (aim->owner == 0 && owner == 0 && decider == 0))
        return true;
    g_autofree char *whom = show_person(ctx, aim->owner != 0 ? aim->owner : owner != 0 ? owner : decider);
    g_autofree char *name = aim_name(ctx, aim);
    answer_say(ctx, "aim.not.yours", "name", name, "person", whom, NULL);
    return false;
}

struct viewer aim_place(const struct context *ctx, const struct ask *ask)
{
    return (struct viewer){.person = ctx->who.id, .place = ask->channel, .guest = ctx->who.guest};
}

bool aim_may_link(struct context *ctx, const struct ask *ask)
{
    if (has_role(ctx, ask, BY_ASKER | BY_RAISER | BY_OWNER | BY_DECIDER))
        return true;
    g_autofree char *id = show_number(ask->number);
    g_autofree char *owner = show_person(ctx, ask->owner);
    answer_say(ctx, "not.owner", "ask", id, "person", owner, "command", ctx->settings->command, NULL);
    return false;
}

/* Followed still, and known where the ask lives. */
static bool metric_of(struct context *ctx, const struct ask *ask, struct aim *metric)
{
    int64_t id = store_ask_aim(ctx->store, ask->number).metric;
    if (id == 0 || !store_get_aim(ctx->store, &(struct viewer){.place = ask->channel}, id, metric))
        return false;
    if (metric->ended_at == 0)
        return true;
    aim_done(metric);
    return false;
}

int64_t aim_metric_owner(struct context *ctx, const struct ask *ask, char **name)
{
    struct aim metric;
    if (name != NULL)
        *name = NULL;
    if (!metric_of(ctx, ask, &metric))
        return 0;
    int64_t owner = metric.owner;
    bool may = owner != 0 && !is_nobody_to_ask(ctx, owner) &&
               (may_be_told(ctx, ask->number, owner) || store_is_here(ctx->store, ask->channel, owner));
    if (may && name != NULL)
        *name = aim_name(ctx, &metric);
    aim_done(&metric);
    return may ? owner : 0;
}

double aim_metric_baseline(struct context *ctx, const struct ask *ask)
{
    struct aim metric;
    if (!metric_of(ctx, ask, &metric))
        return NAN;
    double baseline = metric.baseline;
    aim_done(&metric);
    return baseline;
}

/* ---- showing ---- */

char *aim_name(struct context *ctx, const struct aim *aim)
{
    char *name = show_line(ctx, aim->name, 120);
    note_quoted(ctx, aim->named_by);
    if (*name != '\0')
        return name;
    g_free(name);
    return say(ctx->language, "erased", NULL);
}

char *aim_figure(double figure, const char *unit)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(digits, sizeof digits, "%.10g", figure);
    return unit != NULL ? g_strdup_printf("%s %s", digits, unit) : g_strdup(digits);
}

static void add_figure(struct context *ctx, GString *line, const char *entry, double figure, const char *unit)
{
    if (isnan(figure))
        return;
    g_autofree char *shown = aim_figure(figure, unit);
    g_autofree char *text = say(ctx->language, entry, "figure", shown, NULL);
    g_string_append_printf(line, "%s%s", line->len > 0 ? ", " : "", text);
}

char *aim_metric_line(struct context *ctx, const struct aim *aim)
{
    g_autofree char *name = aim_name(ctx, aim);
    g_autofree char *unit = aim->unit != NULL ? show_line(ctx, aim->unit, 20) : NULL;
    GString *figures = g_string_new(NULL);
    add_figure(ctx, figures, "metric.now", aim->value, unit);
    add_figure(ctx, figures, "metric.baseline", aim->baseline, unit);
    add_figure(ctx, figures, "metric.target", aim->target, unit);
    if (aim->owner != 0) {
        g_autofree char *owner = show_person(ctx, aim->owner);
        g_autofree char *owns = say(ctx->language, "card.owner", "person", owner, NULL);
        g_string_append_printf(figures, "%s%s", figures->len > 0 ? ", " : "", owns);
    }
    char *line = figures->len > 0 ? say(ctx->language, "metric.line", "name", name, "figures", figures->str, NULL)
                                  : say(ctx->language, "metric.line.bare", "name", name, NULL);
    g_string_free(figures, TRUE);
    return line;
}

static char *metric_and_direction(struct context *ctx, const struct aim *metric, const char *direction)
{
    g_autofree char *name = aim_name(ctx, metric);
    const char *entry = g_strcmp0(direction, "up") == 0     ? "aim.moves.up"
                        : g_strcmp0(direction, "down") == 0 ? "aim.moves.down"
                                                            : "aim.moves";
    return say(ctx->language, entry, "name", name, NULL);
}

char *aim_line(struct context *ctx, const struct ask *ask, const struct viewer *viewer, const char *language)
{
    struct ask_aim of = store_ask_aim(ctx->store, ask->number);
    struct aim goal = {0}, metric = {0};
    const char *mine = ctx->language;
    ctx->language = language;
    GString *line = g_string_new(NULL);
    if (of.goal != 0 && store_get_aim(ctx->store, viewer, of.goal, &goal)) {
        g_autofree char *name = aim_name(ctx, &goal);
        g_autofree char *text = say(language, goal.ended_at != 0 ? "aim.serves.ended" : "aim.serves", "name", name, NULL);
        g_string_append(line, text);
    }
    if (of.metric != 0 && store_get_aim(ctx->store, viewer, of.metric, &metric)) {
        g_autofree char *text = metric_and_direction(ctx, &metric, of.direction);
        g_string_append_printf(line, "%s%s", line->len > 0 ? " · " : "", text);
    }
    ctx->language = mine;
    aim_done(&goal);
    aim_done(&metric);
    return g_string_free(line, line->len == 0);
}

/* ---- the metric an ask moves ---- */

/* "#12 A talking logo, #17 …": NULL when none of them may be seen by this viewer. */
static char *opposed_names(struct context *ctx, const struct viewer *viewer, const struct ask *ask, int64_t metric,
                           const char *direction)
{
    g_autoptr(GArray) others = store_opposed(ctx->store, viewer, ask->number, metric, direction, OPPOSED_SHOWN);
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < others->len; i++) {
        struct ask other;
        if (!store_get_ask(ctx->store, viewer, g_array_index(others, int64_t, i), &other))
            continue;
        g_autofree char *title = show_line(ctx, other.title, 80);
        note_quoted_ask(ctx, &other);
        g_string_append_printf(names, "%s#%" G_GINT64_FORMAT " %s", names->len > 0 ? ", " : "", other.number, title);
        ask_done(&other);
    }
    return g_string_free(names, names->len == 0);
}

/* In the thread what may be seen there, and privately what who acts may see. */
static void point_out_opposed(struct context *ctx, const struct ask *ask, const struct aim *metric, const char *direction,
                              const char *channel_language)
{
    struct viewer place = {.place = ask->channel};
    const struct viewer *const viewers[] = {&place, &ctx->viewer};
    for (gsize i = 0; i < G_N_ELEMENTS(viewers); i++) {
        g_autofree char *others = opposed_names(ctx, viewers[i], ask, metric->id, direction);
        if (others == NULL)
            continue;
        g_autofree char *id = show_number(ask->number);
        g_autofree char *name = aim_name(ctx, metric);
        bool up = strcmp(direction, "up") == 0;
        char *text = say(i == 0 ? channel_language : ctx->language, up ? "aim.opposed.up" : "aim.opposed.down", "ask", id, "name",
                         name, "others", others, NULL);
        if (i == 0) {
            send_to_thread(ctx, ask, "note", message_text(text));
            g_free(text);
        } else {
            answer(ctx, text);
        }
    }
}

void aim_tell_metric(struct context *ctx, const struct ask *ask, const struct aim *metric, const char *direction,
                     bool by_words)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    const char *mine = ctx->language, *language = say_language(channel.language);
    ctx->language = language;
    g_autofree char *moves = metric_and_direction(ctx, metric, direction);
    g_autofree char *line = aim_metric_line(ctx, metric);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *who = show_person(ctx, ctx->who.id);
    ctx->language = mine;
    g_autofree char *text = by_words ? say(language, "aim.heard", "ask", id, "moves", moves, "metric", line, "command",
                                           ctx->settings->command, NULL)
                                     : say(language, "aim.told.metric", "person", who, "ask", id, "moves", moves, "metric",
                                           line, NULL);
    send_to_thread(ctx, ask, "note", message_text(text));
    point_out_opposed(ctx, ask, metric, direction, language);
    channel_done(&channel);
}

/* Where the impact shall move that metric: "to 3 %" by where it stands. */
static const char *direction_of(const struct ask *ask, const struct aim *metric)
{
    g_autoptr(cJSON) data = ask->impact_data != NULL ? json_parse(ask->impact_data, strlen(ask->impact_data), NULL) : NULL;
    const char *direction = json_str0(data, "direction");
    double now = isnan(metric->value) ? metric->baseline : metric->value, to = json_number(data, "low", NAN);
    if (strcmp(direction, "to") == 0)
        return to > now ? "up" : to < now ? "down" : NULL;
    return strcmp(direction, "up") == 0 ? "up" : strcmp(direction, "down") == 0 ? "down" : NULL;
}

/* The metric with the longest name that stands in the words. */
static bool named_in(struct context *ctx, const struct ask *ask, struct aim *metric)
{
    struct viewer place = {.place = ask->channel};
    g_autofree char *words = worded(ask->impact);
    g_autoptr(GArray) all = store_aims(ctx->store, &place, true);
    struct aim *longest = NULL;
    gsize length = 1;
    for (guint i = 0; i < all->len; i++) {
        struct aim *one = &g_array_index(all, struct aim, i);
        g_autofree char *name = worded(one->name);
        if (strlen(name) > MAX(length, 2) && strstr(words, name) != NULL) {
            longest = one;
            length = strlen(name);
        }
    }
    if (longest == NULL)
        return false;
    *metric = *longest;
    longest->name = longest->unit = NULL;
    return true;
}

void aim_hear_impact(struct context *ctx, const struct ask *ask)
{
    struct ask_aim before = store_ask_aim(ctx->store, ask->number);
    struct aim metric = {0};
    if (before.metric != 0 && !before.by_words)
        return; /* somebody said which one */
    bool named = ask->impact_known == 1 && ask->impact != NULL && named_in(ctx, ask, &metric);
    const char *direction = named ? direction_of(ask, &metric) : NULL;
    if (metric.id != before.metric || g_strcmp0(direction, before.direction) != 0) {
        cJSON *data = json_object();
        if (named) {
            json_put_int(data, "metric", metric.id);
            json_put_str(data, "direction", direction);
            json_put_bool(data, "by_words", true);
        }
        record(ctx, "ask.metric", ask, data);
        if (named)
            aim_tell_metric(ctx, ask, &metric, direction, true);
    }
    aim_done(&metric);
}
