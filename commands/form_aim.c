/* Forms for a new goal and a new metric. */
#include "commands/aims.h"

#include "commands/say.h"
#include "commands/send.h"
#include "store/digests.h"

#include <math.h>
#include <string.h>

enum { GOAL_MAX = 200, METRIC_MAX = 80, FIGURE_MAX = 60, UNIT_MAX = 20 };

static bool is_here(const struct context *ctx)
{
    return ctx->where.id != 0 && !ctx->in_direct;
}

static void add_line(struct context *ctx, struct form *form, const char *name, bool optional, int max)
{
    g_autofree char *entry = g_strconcat("form.aim.", name, NULL);
    g_autofree char *label = say(ctx->language, entry, NULL);
    form_add(form, FIELD_LINE, name, label, optional)->max = max;
}

void aim_open_form(struct context *ctx, bool metric)
{
    if (!is_here(ctx)) {
        answer_say(ctx, "goal.where", "command", ctx->settings->command, NULL);
        return;
    }
    g_autofree char *title = say(ctx->language, metric ? "form.metric.title" : "form.goal.title", NULL);
    g_autofree char *submit = say(ctx->language, "form.aim.submit", NULL);
    g_autofree char *cancel = say(ctx->language, "form.cancel", NULL);
    /* What is sent in comes from nowhere: the channel goes along. */
    g_autofree char *state = g_strdup_printf("%" G_GINT64_FORMAT, ctx->where.id);
    struct form *form = form_new(metric ? "metric" : "goal", state, title, submit, cancel);
    form->instead = say(ctx->language, metric ? "form.instead.metric" : "form.instead.goal", "command", ctx->settings->command,
                        NULL);
    add_line(ctx, form, metric ? "metric" : "goal", false, metric ? METRIC_MAX : GOAL_MAX);
    if (metric) {
        add_line(ctx, form, "unit", true, UNIT_MAX);
        add_line(ctx, form, "baseline", true, FIGURE_MAX);
        add_line(ctx, form, "target", true, FIGURE_MAX);
        g_autofree char *owner = say(ctx->language, "form.aim.owner", NULL);
        form_add(form, FIELD_PERSON, "owner", owner, true);
    }
    send_form(ctx, form);
}

void aim_add_button(struct context *ctx, bool metric)
{
    if (!is_here(ctx) || ctx->reply == NULL)
        return;
    g_autofree char *label = say(ctx->language, metric ? "button.metric.add" : "button.goal.add", NULL);
    message_add_button(ctx->reply, metric ? "metricadd" : "goaladd", "", label, BUTTON_PLAIN);
}

void goal_form_button(struct context *ctx, const char *value)
{
    (void)value;
    aim_open_form(ctx, false);
}

void metric_form_button(struct context *ctx, const char *value)
{
    (void)value;
    aim_open_form(ctx, true);
}

/* ---- sent in ---- */

/* Goes to the channel the form was opened in, where who sends it still may be. */
static bool go_back(struct context *ctx)
{
    const char *state = ctx->event->state != NULL ? ctx->event->state : "";
    struct channel where = {0};
    bool there = store_get_channel(ctx->store, g_ascii_strtoll(state, NULL, 10), &where) && where.kind != CHANNEL_DIRECT &&
                 (where.kind == CHANNEL_PUBLIC
                      ? store_may_see_channel(ctx->store,
                                              &(struct viewer){.person = ctx->who.id, .guest = ctx->who.guest}, where.id)
                      : store_is_here(ctx->store, where.id, ctx->who.id));
    if (!there) {
        channel_done(&where);
        answer_say(ctx, "form.not.in.channel", NULL);
        return false;
    }
    channel_done(&ctx->where);
    ctx->where = where;
    ctx->reply_channel = where.id;
    return true;
}

static char *typed(const struct context *ctx, const char *name)
{
    const char *value = event_field(ctx->event, name);
    return g_strstrip(g_strdup(value != NULL ? value : ""));
}

void goal_form(struct context *ctx)
{
    g_autofree char *name = typed(ctx, "goal");
    if (!go_back(ctx))
        answer_becomes_error(ctx, "goal");
    else if (*name == '\0')
        answer_field_error(ctx, "goal", say(ctx->language, "form.aim.empty", NULL));
    else if (!goal_make(ctx, name))
        answer_becomes_error(ctx, "goal");
}

static double figure_in(struct context *ctx, const char *field, char **unit)
{
    g_autofree char *text = typed(ctx, field);
    double figure = NAN;
    if (*text != '\0' && !metric_read_figure(text, &figure, unit)) {
        answer_field_error(ctx, field, say(ctx->language, "form.aim.figure", NULL));
        return NAN;
    }
    return figure;
}

static int64_t owner_in(struct context *ctx)
{
    const char *user = event_field(ctx->event, "owner");
    if (user == NULL || *user == '\0')
        return 0;
    int64_t owner = store_person(ctx->store, ctx->event->platform, ctx->event->workspace, user, NULL);
    if (!is_nobody_to_ask(ctx, owner))
        return owner;
    answer_field_error(ctx, "owner", say(ctx->language, "form.aim.nobody", NULL));
    return 0;
}

void metric_form(struct context *ctx)
{
    g_autofree char *name = typed(ctx, "metric"), *unit_typed = typed(ctx, "unit");
    if (!go_back(ctx)) {
        answer_becomes_error(ctx, "metric");
        return;
    }
    char *unit = *unit_typed != '\0' ? show_line(ctx, unit_typed, UNIT_MAX) : NULL;
    struct aim said = {.name = name, .value = NAN};
    said.baseline = figure_in(ctx, "baseline", &unit);
    said.target = figure_in(ctx, "target", &unit);
    said.owner = owner_in(ctx);
    said.unit = unit;
    if (*name == '\0')
        answer_field_error(ctx, "metric", say(ctx->language, "form.aim.empty", NULL));
    if (ctx->n_errors == 0 && !metric_make(ctx, &said))
        answer_becomes_error(ctx, "metric");
    g_free(unit);
}
