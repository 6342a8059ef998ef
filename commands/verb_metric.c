/* metric: the numbers of a channel, what they are, and which asks move them. */
#include "commands/aims.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"

#include <math.h>
#include <string.h>

enum { NAME_MAX_CHARS = 80, UNIT_MAX_CHARS = 20, VALUES_SHOWN = 5 };

/* What is typed of a metric: "churn unit % baseline 4 target 3 owner @eli", "churn is 3.4". */
struct typed {
    char *name, *unit;
    double baseline, target, value;
    int64_t owner;
    bool any;    /* more than the name */
    char *wrong; /* a word that should have been a number or a person */
};

static void typed_done(struct typed *typed)
{
    g_free(typed->name);
    g_free(typed->unit);
    g_free(typed->wrong);
}

bool metric_read_figure(const char *text, double *figure, char **unit)
{
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, 1, G_DATE_JANUARY, 2000);
    struct actual actual;
    actual_parse(text, &day, &actual);
    bool understood = actual.understood;
    if (understood)
        *figure = actual.direction == IMPACT_DOWN ? -actual.figure : actual.figure;
    if (understood && *unit == NULL)
        *unit = g_steal_pointer(&actual.unit);
    actual_done(&actual);
    return understood;
}

static bool is_keyword(const char *word)
{
    static const char *const keywords[] = {"unit", "baseline", "target", "owner", "is", "=", NULL};
    g_autofree char *small = g_ascii_strdown(word, -1);
    return g_strv_contains(keywords, small);
}

static void take_value(struct context *ctx, struct typed *typed, const char *keyword, const char *text)
{
    bool good = true;
    typed->any = true;
    if (g_ascii_strcasecmp(keyword, "unit") == 0) {
        good = *text != '\0' && g_utf8_strlen(text, -1) <= UNIT_MAX_CHARS;
        g_free(typed->unit);
        typed->unit = good ? show_line(ctx, text, UNIT_MAX_CHARS) : NULL;
    } else if (g_ascii_strcasecmp(keyword, "owner") == 0) {
        typed->owner = g_ascii_strcasecmp(text, "me") == 0 ? ctx->who.id : person_named(ctx, text);
        good = typed->owner != 0 && !is_nobody_to_ask(ctx, typed->owner);
    } else {
        double *figure = g_ascii_strcasecmp(keyword, "baseline") == 0 ? &typed->baseline
                         : g_ascii_strcasecmp(keyword, "target") == 0 ? &typed->target
                                                                      : &typed->value;
        good = metric_read_figure(text, figure, &typed->unit);
    }
    if (!good && typed->wrong == NULL)
        typed->wrong = g_strconcat(keyword, *text != '\0' ? " " : "", text, NULL);
}

static struct typed read_typed(struct context *ctx, const char *text)
{
    struct typed typed = {.baseline = NAN, .target = NAN, .value = NAN};
    g_auto(GStrv) words = g_strsplit_set(text, " \n\t", -1);
    GString *part = g_string_new(NULL);
    const char *keyword = NULL;
    for (int i = 0;; i++) {
        const char *word = words[i];
        if (word == NULL || is_keyword(word)) {
            if (keyword == NULL)
                typed.name = g_strdup(part->str);
            else
                take_value(ctx, &typed, keyword, part->str);
            g_string_truncate(part, 0);
            keyword = word;
            if (word == NULL)
                break;
        } else if (*word == RICH_PERSON || *word == RICH_PING) {
            if (keyword != NULL && g_ascii_strcasecmp(keyword, "owner") == 0)
                g_string_append(part, word);
            else
                take_value(ctx, &typed, "owner", word);
        } else if (*word != '\0') {
            g_string_append_printf(part, "%s%s", part->len > 0 ? " " : "", word);
        }
    }
    g_string_free(part, TRUE);
    return typed;
}

/* True after saying what could not be read. */
static bool is_wrong(struct context *ctx, const struct typed *typed)
{
    if (typed->wrong == NULL)
        return false;
    static const char owner[] = "owner ";
    bool person = g_str_has_prefix(typed->wrong, owner);
    g_autofree char *word = show_line(ctx, typed->wrong + (person ? strlen(owner) : 0), 60);
    g_autofree char *name = show_line(ctx, typed->name, NAME_MAX_CHARS);
    answer_say(ctx, person ? "metric.nobody" : "metric.wrong", "word", word, "name", name, "command", ctx->settings->command, NULL);
    return true;
}

/* ---- what is there ---- */

static void list(struct context *ctx)
{
    g_autoptr(GArray) metrics = store_aims(ctx->store, &ctx->viewer, true);
    if (metrics->len == 0) {
        answer_say(ctx, ctx->where.id == 0 || ctx->in_direct ? "metric.list.none" : "metric.list.empty", "command",
                   ctx->settings->command, NULL);
        aim_add_button(ctx, true);
        return;
    }
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < metrics->len && lines->len < 6000; i++) {
        g_autofree char *line = aim_metric_line(ctx, &g_array_index(metrics, struct aim, i));
        g_string_append_printf(lines, "\n• %s", line);
    }
    answer_say(ctx, "metric.list", "lines", lines->str + 1, "command", ctx->settings->command, NULL);
    g_string_free(lines, TRUE);
    aim_add_button(ctx, true);
}

static void show(struct context *ctx, const struct aim *metric)
{
    g_autofree char *line = aim_metric_line(ctx, metric);
    g_autoptr(GArray) values = store_metric_values(ctx->store, metric->id, VALUES_SHOWN);
    GString *told = g_string_new(line);
    for (guint i = 0; i < values->len; i++) {
        const struct metric_value *value = &g_array_index(values, struct metric_value, i);
        g_autofree char *day = show_day(ctx, value->at, ctx->language);
        g_autofree char *figure = aim_figure(value->value, metric->unit);
        g_autofree char *text = say(ctx->language, "metric.value.line", "date", day, "figure", figure, NULL);
        g_string_append_printf(told, "\n%s", text);
    }
    answer(ctx, g_string_free(told, FALSE));
}

/* ---- what changes ---- */

static void put_figure(cJSON *data, const char *name, double figure)
{
    if (!isnan(figure))
        json_put(data, name, cJSON_CreateNumber(figure));
}

/* Who is given a number to own is told, where they may be in its channel. */
static void tell_owner(struct context *ctx, int64_t channel_id, int64_t owner, const char *name)
{
    struct channel channel;
    struct person person;
    if (owner == 0 || owner == ctx->who.id || !store_get_channel(ctx->store, channel_id, &channel))
        return;
    note_named(ctx, channel_id, owner);
    bool may = channel.kind == CHANNEL_PUBLIC || store_is_here(ctx->store, channel_id, owner);
    if (may && store_get_person(ctx->store, owner, &person)) {
        g_autofree char *who = show_person(ctx, ctx->who.id);
        g_autofree char *shown = show_line(ctx, name, NAME_MAX_CHARS);
        g_autofree char *text = say(say_language(person.language != NULL ? person.language : person.locale), "metric.yours",
                                    "person", who, "name", shown, "command", ctx->settings->command, NULL);
        send_direct(ctx, owner, 0, message_text(text));
        person_done(&person);
    }
    channel_done(&channel);
}

static void set_value(struct context *ctx, int64_t metric, int64_t channel, double value)
{
    struct log_entry entry = {.kind = "metric.value", .channel = channel, .data = json_object()};
    json_put_int(entry.data, "aim", metric);
    put_figure(entry.data, "value", value);
    record_entry(ctx, &entry);
}

bool metric_make(struct context *ctx, const struct aim *said)
{
    struct viewer here = {.place = ctx->where.id};
    struct aim same = {0}, made;
    bool several = false;
    if (said->name == NULL || *said->name == '\0') {
        answer_say(ctx, "metric.how", "command", ctx->settings->command, NULL);
        return false;
    }
    if (g_utf8_strlen(said->name, -1) > NAME_MAX_CHARS) {
        answer(ctx, say_n(ctx->language, "aim.long", NAME_MAX_CHARS, NULL));
        return false;
    }
    bool there = aim_find(ctx, &here, true, said->name, &same, &several) && g_ascii_strcasecmp(same.name, said->name) == 0;
    if (there) {
        g_autofree char *line = aim_metric_line(ctx, &same);
        g_autofree char *name = aim_name(ctx, &same);
        answer_say(ctx, "metric.there", "metric", line, "name", name, "command", ctx->settings->command, NULL);
    }
    aim_done(&same);
    if (there)
        return false;
    cJSON *data = data_of("kind", "metric");
    json_put_str(data, "unit", said->unit);
    put_figure(data, "baseline", said->baseline);
    put_figure(data, "target", said->target);
    struct log_entry entry = {
        .kind = "aim.added", .channel = ctx->where.id, .person = said->owner, .words = said->name, .data = data};
    int64_t id = record_entry(ctx, &entry);
    if (!isnan(said->value))
        set_value(ctx, id, ctx->where.id, said->value);
    tell_owner(ctx, ctx->where.id, said->owner, said->name);
    if (store_get_aim(ctx->store, &here, id, &made)) {
        g_autofree char *line = aim_metric_line(ctx, &made);
        g_autofree char *name = aim_name(ctx, &made);
        answer_say(ctx, "metric.added", "metric", line, "name", name, "command", ctx->settings->command, NULL);
        aim_done(&made);
    }
    return true;
}

static void add(struct context *ctx, const char *text)
{
    if (ctx->where.id == 0 || ctx->in_direct) {
        answer_say(ctx, "goal.where", "command", ctx->settings->command, NULL);
        return;
    }
    if (*text == '\0' && can_open_form(ctx)) {
        aim_open_form(ctx, true);
        return;
    }
    struct typed typed = read_typed(ctx, text);
    if (!is_wrong(ctx, &typed))
        metric_make(ctx, &(struct aim){.name = typed.name,
                                       .unit = typed.unit,
                                       .baseline = typed.baseline,
                                       .target = typed.target,
                                       .value = typed.value,
                                       .owner = typed.owner});
    typed_done(&typed);
}

static void change(struct context *ctx, const struct aim *metric, const struct typed *typed)
{
    if (is_wrong(ctx, typed) || !aim_is_mine(ctx, metric))
        return;
    if (typed->owner != 0 || !isnan(typed->baseline) || !isnan(typed->target) || (typed->unit != NULL && isnan(typed->value))) {
        cJSON *data = json_object();
        json_put_int(data, "aim", metric->id);
        json_put_str(data, "unit", typed->unit != NULL ? typed->unit : metric->unit);
        put_figure(data, "baseline", isnan(typed->baseline) ? metric->baseline : typed->baseline);
        put_figure(data, "target", isnan(typed->target) ? metric->target : typed->target);
        struct log_entry entry = {.kind = "metric.changed",
                                  .channel = metric->channel,
                                  .person = typed->owner != 0 ? typed->owner : metric->owner,
                                  .data = data};
        record_entry(ctx, &entry);
        if (typed->owner != metric->owner)
            tell_owner(ctx, metric->channel, typed->owner, metric->name);
    }
    if (!isnan(typed->value))
        set_value(ctx, metric->id, metric->channel, typed->value);
    struct aim now;
    if (store_get_aim(ctx->store, &ctx->viewer, metric->id, &now)) {
        g_autofree char *line = aim_metric_line(ctx, &now);
        answer_say(ctx, "metric.changed", "metric", line, NULL);
        aim_done(&now);
    }
}

static void end(struct context *ctx, const char *name)
{
    struct aim metric;
    if (!aim_need(ctx, &ctx->viewer, true, name, &metric))
        return;
    if (aim_is_mine(ctx, &metric)) {
        struct log_entry entry = {.kind = "aim.ended", .channel = metric.channel, .data = json_object()};
        json_put_int(entry.data, "aim", metric.id);
        record_entry(ctx, &entry);
        g_autofree char *shown = aim_name(ctx, &metric);
        answer_say(ctx, "metric.ended", "name", shown, NULL);
    }
    aim_done(&metric);
}

/* ---- which asks move it ---- */

/* Takes "up", "down" off the end of a text. */
static const char *take_direction(char *text)
{
    g_strchomp(text);
    char *last = strrchr(text, ' ');
    if (last == NULL)
        return NULL;
    const char *direction = g_ascii_strcasecmp(last + 1, "up") == 0     ? "up"
                            : g_ascii_strcasecmp(last + 1, "down") == 0 ? "down"
                                                                        : NULL;
    if (direction != NULL)
        *last = '\0';
    return direction;
}

static void record_metric(struct context *ctx, const struct ask *ask, const struct aim *metric, const char *direction)
{
    cJSON *data = json_object();
    if (metric->id != 0)
        json_put_int(data, "metric", metric->id);
    json_put_str(data, "direction", direction);
    record(ctx, "ask.metric", ask, data);
    send_card_redraw(ctx, ask->number);
}

/* "churn sideways", where churn is known: says that the last word is none. */
static bool is_no_direction(struct context *ctx, const struct viewer *place, const char *id, const char *text)
{
    struct aim metric = {0};
    bool several = false;
    bool whole = aim_find(ctx, place, true, text, &metric, &several);
    aim_done(&metric);
    const char *last = strrchr(text, ' ');
    if (whole || several || last == NULL)
        return false;
    g_autofree char *name = g_strndup(text, (gsize)(last - text));
    bool known = aim_find(ctx, place, true, name, &metric, &several);
    if (known) {
        g_autofree char *word = show_line(ctx, last + 1, 40);
        g_autofree char *shown = aim_name(ctx, &metric);
        answer_say(ctx, "metric.direction", "word", word, "ask", id, "name", shown, "command", ctx->settings->command, NULL);
    }
    aim_done(&metric);
    return known;
}

/* metric 42 churn down; metric 42 none. */
static void link_ask(struct context *ctx, int64_t number, const char *rest)
{
    struct ask ask;
    if (!need_ask(ctx, number, &ask))
        return;
    g_autofree char *name = g_strdup(rest), *id = show_number(number);
    const char *direction = take_direction(name);
    bool none = g_ascii_strcasecmp(name, "none") == 0;
    struct aim metric = {0};
    struct viewer place = aim_place(ctx, &ask);
    if (*name == '\0') {
        answer_say(ctx, "metric.which", "ask", id, "command", ctx->settings->command, NULL);
    } else if (direction == NULL && !none && is_no_direction(ctx, &place, id, name)) {
        /* Said. */
    } else if (aim_may_link(ctx, &ask) && (none || aim_need(ctx, &place, true, name, &metric))) {
        struct ask_aim before = store_ask_aim(ctx->store, number);
        bool same = before.metric == metric.id && g_strcmp0(before.direction, direction) == 0;
        g_autofree char *shown = none ? NULL : aim_name(ctx, &metric);
        answer_say(ctx, none ? "metric.done.none" : "metric.done", "ask", id, "name", shown, NULL);
        if (!same)
            record_metric(ctx, &ask, &metric, direction);
        if (!same && !none)
            aim_tell_metric(ctx, &ask, &metric, direction, false);
    }
    aim_done(&metric);
    ask_done(&ask);
}

static void show_or_change(struct context *ctx, const char *rest)
{
    struct typed typed = read_typed(ctx, rest);
    struct aim metric;
    if (aim_need(ctx, &ctx->viewer, true, typed.name, &metric)) {
        if (typed.any)
            change(ctx, &metric, &typed);
        else
            show(ctx, &metric);
        aim_done(&metric);
    } else {
        ctx->not_understood = true;
    }
    typed_done(&typed);
}

void verb_metric(struct context *ctx, int64_t ask, const char *rest)
{
    gsize length = strcspn(rest, " \n\t");
    g_autofree char *word = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length + strspn(rest + length, " \n\t");
    int64_t number = words_ask_number(&rest);
    if (*word == '\0' || (*behind == '\0' && strcmp(word, "list") == 0))
        list(ctx);
    else if (strcmp(word, "add") == 0)
        add(ctx, behind);
    else if (strcmp(word, "end") == 0)
        end(ctx, behind);
    else if (number != 0)
        link_ask(ctx, number, rest);
    else if (ask != 0)
        link_ask(ctx, ask, rest);
    else
        show_or_change(ctx, rest);
}
