/* 5: what gave way to what, the work set aside with it, and how much the started list changed. */
#include "commands/digest.h"

#include "commands/say.h"
#include "commands/trade.h"

#include <string.h>

/* Small numbers would tell of people. */
enum { TRADES_READ = 200, CHURN_LEAST = 5, CAUSES_LEAST = 5, ASKERS_LEAST = 3 };

static char *trade_line(struct drawing *drawing, const struct trade *trade, const struct ask *ask)
{
    struct context *ctx = drawing->ctx;
    const char *language = drawing->language;
    g_autofree char *name = digest_ask_name(drawing, ask);
    g_autofree char *days = trade_days(language, trade->days);
    struct ask other = {0};
    bool named = trade->instead != 0 && store_get_ask(ctx->store, &drawing->viewer, trade->instead, &other);
    g_autofree char *by = named ? digest_ask_name(drawing, &other) : say(language, "trade.private", NULL);
    g_autofree char *line = trade->instead != 0 ? say(language, "digest.gave.way", "ask", name, "other", by, "days", days, NULL)
                                                : say(language, "digest.set.aside", "ask", name, "days", days, NULL);
    g_autofree char *reason = trade->words != NULL && (named || trade->instead == 0) ? show_line(ctx, trade->words, drawing->words_max)
                                                                                     : g_strdup("");
    ask_done(&other);
    return *reason != '\0' ? say(language, "digest.gave.way.because", "line", line, "reason", reason, NULL)
                           : g_steal_pointer(&line);
}

static void add_trades(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    int64_t days = 0;
    for (guint i = 0; i < drawing->spans->len; i++) {
        int64_t trades;
        days += store_trades_days(ctx->store, &g_array_index(drawing->spans, struct log_span, i), &trades);
    }
    struct section *section = section_new(drawing, days > 0 ? say_n(drawing->language, "digest.trades.days", days, NULL)
                                                   : say(drawing->language, "digest.trades", NULL));
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        g_autoptr(GArray) trades = store_trades_in_span(ctx->store, span, TRADES_READ);
        int64_t all;
        store_trades_days(ctx->store, span, &all);
        for (guint t = 0; t < trades->len; t++) {
            const struct trade *trade = &g_array_index(trades, struct trade, t);
            struct ask ask;
            if (section->lines->len >= section->most) {
                section->left_out++;
            } else if (store_get_ask(ctx->store, &drawing->viewer, trade->ask, &ask)) {
                section_add(section, trade_line(drawing, trade, &ask));
                ask_done(&ask);
            }
        }
        section->left_out += all - (int64_t)trades->len;
    }
    section_keep(drawing, section);
}

/* What was put behind another ask, and still waits. */
static void add_queued(struct drawing *drawing)
{
    struct context *ctx = drawing->ctx;
    struct section *section = section_new(drawing, say(drawing->language, "digest.queued", NULL));
    for (guint i = 0; i < drawing->spans->len; i++) {
        g_autoptr(GArray) all = store_queued_in_span(ctx->store, &g_array_index(drawing->spans, struct log_span, i), TRADES_READ);
        for (guint n = 0; n < all->len; n++) {
            const struct queued *queued = &g_array_index(all, struct queued, n);
            struct ask ask, other = {0};
            if (!store_get_ask(ctx->store, &drawing->viewer, queued->ask, &ask))
                continue;
            bool named = store_get_ask(ctx->store, &drawing->viewer, queued->behind, &other);
            g_autofree char *name = digest_ask_name(drawing, &ask);
            g_autofree char *behind = named ? digest_ask_name(drawing, &other) : say(drawing->language, "trade.private", NULL);
            g_autofree char *line = say(drawing->language, "digest.queued.line", "ask", name, "other", behind, NULL);
            g_autofree char *reason = named ? show_line(ctx, queued->words, drawing->words_max) : g_strdup("");
            section_add(section, *reason != '\0' ? say(drawing->language, "digest.gave.way.because", "line", line, "reason",
                                                      reason, NULL)
                                                : g_steal_pointer(&line));
            ask_done(&ask);
            ask_done(&other);
        }
    }
    section_keep(drawing, section);
}

/* What a channel has agreed on holds wherever its asks are told of; the digest's own channel's choice, too. */
static bool is_wanted(struct drawing *drawing, int64_t channel, bool functions)
{
    const int64_t channels[] = {drawing->channel, channel};
    for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
        struct trade_setting setting;
        store_trade_setting(drawing->ctx->store, channels[i], &setting);
        if (!setting.churn || (functions && !setting.by_function))
            return false;
    }
    return true;
}

static char *churn_line(struct drawing *drawing)
{
    struct churn all = {0};
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        struct churn churn;
        if (!is_wanted(drawing, span->channel, false))
            continue;
        store_churn(drawing->ctx->store, span, &churn);
        all.list += churn.list;
        all.left += churn.left;
        all.jumped += churn.jumped;
    }
    int64_t list = all.list + all.jumped, changed = all.left + all.jumped;
    if (all.list < CHURN_LEAST || changed == 0)
        return NULL;
    g_autofree char *percent = g_strdup_printf("%" G_GINT64_FORMAT, (100 * changed + list / 2) / list);
    g_autofree char *started = g_strdup_printf("%" G_GINT64_FORMAT, all.list);
    g_autofree char *left = say_n(drawing->language, "digest.churn.left", all.left, "all", started, NULL);
    g_autofree char *jumped = say_n(drawing->language, "digest.churn.jumped", all.jumped, NULL);
    return say(drawing->language, "digest.churn", "percent", percent, "left", left, "jumped", jumped, NULL);
}

/* ---- By function ---- */

struct share {
    const char *function;
    int64_t trades;
    int askers;
};

static gint by_trades(gconstpointer a, gconstpointer b)
{
    const struct share *left = a, *right = b;
    if (left->trades != right->trades)
        return left->trades < right->trades ? 1 : -1;
    return strcmp(left->function, right->function);
}

static struct share *share_of(GArray *shares, const char *function)
{
    for (guint i = 0; i < shares->len; i++) {
        struct share *share = &g_array_index(shares, struct share, i);
        if (strcmp(share->function, function) == 0)
            return share;
    }
    struct share share = {.function = function};
    g_array_append_val(shares, share);
    return &g_array_index(shares, struct share, shares->len - 1);
}

/* Each asker once, of all the channels that are covered. */
static GArray *causes_of(struct drawing *drawing)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct cause));
    g_array_set_clear_func(all, (GDestroyNotify)cause_done);
    for (guint i = 0; i < drawing->spans->len; i++) {
        const struct log_span *span = &g_array_index(drawing->spans, struct log_span, i);
        if (!is_wanted(drawing, span->channel, true))
            continue;
        g_autoptr(GArray) causes = store_trade_causes(drawing->ctx->store, &drawing->viewer, span);
        for (guint c = 0; c < causes->len; c++) {
            struct cause *cause = &g_array_index(causes, struct cause, c);
            guint at = 0;
            while (at < all->len && g_array_index(all, struct cause, at).asker != cause->asker)
                at++;
            if (at < all->len) {
                g_array_index(all, struct cause, at).trades += cause->trades;
            } else {
                struct cause moved = *cause;
                *cause = (struct cause){0};
                g_array_append_val(all, moved);
            }
        }
    }
    return all;
}

/* A function that one person alone speaks for is not named: it would be that person. */
static char *functions_line(struct drawing *drawing)
{
    g_autoptr(GArray) causes = causes_of(drawing);
    g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(struct share));
    int64_t trades = 0, others = 0;
    for (guint i = 0; i < causes->len; i++) {
        const struct cause *cause = &g_array_index(causes, struct cause, i);
        trades += cause->trades;
        if (cause->function == NULL) {
            others += cause->trades;
            continue;
        }
        struct share *share = share_of(shares, cause->function);
        share->trades += cause->trades;
        share->askers++;
    }
    if (trades < CAUSES_LEAST || causes->len < ASKERS_LEAST)
        return NULL;
    g_array_sort(shares, by_trades);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < shares->len; i++) {
        const struct share *share = &g_array_index(shares, struct share, i);
        if (share->askers > 1)
            g_string_append_printf(text, "%s%s (%" G_GINT64_FORMAT ")", text->len > 0 ? ", " : "", share->function, share->trades);
        else
            others += share->trades;
    }
    char *line = NULL;
    if (text->len > 0) {
        g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, others);
        g_autofree char *rest = others > 0 ? say(drawing->language, "digest.churn.others", "count", n, NULL) : g_strdup("");
        line = say(drawing->language, "digest.churn.functions", "functions", text->str, "others", rest, NULL);
    }
    g_string_free(text, TRUE);
    return line;
}

void digest_trades(struct drawing *drawing)
{
    add_trades(drawing);
    add_queued(drawing);
    struct section *section = section_new(drawing, say(drawing->language, "digest.churn.heading", NULL));
    g_autofree char *churn = churn_line(drawing), *functions = functions_line(drawing);
    if (churn != NULL)
        section_add(section, g_steal_pointer(&churn));
    if (functions != NULL)
        section_add(section, g_steal_pointer(&functions));
    section_keep(drawing, section);
}
