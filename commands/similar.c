/* Open asks much like one just raised: pointed out to who raised it, privately. */
#include "commands/say.h"
#include "commands/understand/understand.h"
#include "commands/views.h"

enum { SHOWN = 3, TERMS_MOST = 24, TITLE_SHOWN = 100 };

/* Where at least this share of what two titles say is said in both, they are called alike. */
static const double alike_enough = 0.5;

struct like {
    guint line;
    double share;
};

static GPtrArray *telling_terms(const char *title)
{
    GPtrArray *terms = store_terms(title);
    for (guint i = terms->len; i-- > 0;) {
        if (words_is_filler(g_ptr_array_index(terms, i)))
            g_ptr_array_remove_index(terms, i);
    }
    g_ptr_array_set_size(terms, (gint)MIN(terms->len, TERMS_MOST));
    return terms;
}

/* Of what the new title says, weighed, how much the other says too; and how much of the other that is. The harmonic
 * mean of both: a long title that happens to hold a short one is not alike. */
static double share_of(const GPtrArray *terms, const double *weights, const char *other_title)
{
    g_autoptr(GPtrArray) other = telling_terms(other_title);
    double all = 0, shared = 0;
    guint both = 0;
    for (guint i = 0; i < terms->len; i++) {
        all += weights[i];
        if (g_ptr_array_find_with_equal_func(other, g_ptr_array_index(terms, i), g_str_equal, NULL)) {
            shared += weights[i];
            both++;
        }
    }
    if (both == 0)
        return 0;
    double of_new = shared / all, of_other = (double)both / other->len;
    return 2 * of_new * of_other / (of_new + of_other);
}

static gint likest_first(gconstpointer a, gconstpointer b)
{
    double one = ((const struct like *)a)->share, other = ((const struct like *)b)->share;
    return one > other ? -1 : one < other;
}

static GArray *find_alike(struct context *ctx, const struct ask *ask, GArray **lines)
{
    g_autoptr(GPtrArray) terms = telling_terms(ask->title);
    g_autofree double *weights = g_new0(double, terms->len + 1);
    GArray *alike = g_array_new(FALSE, FALSE, sizeof(struct like));
    *lines = store_similar(ctx->store, &ctx->viewer, terms, weights, ask->number);
    for (guint i = 0; i < (*lines)->len; i++) {
        struct like like = {i, share_of(terms, weights, g_array_index(*lines, struct ask_line, i).title)};
        if (like.share >= alike_enough)
            g_array_append_val(alike, like);
    }
    g_array_sort(alike, likest_first);
    g_array_set_size(alike, MIN(alike->len, SHOWN));
    return alike;
}

static char *line_of(struct context *ctx, const struct ask_line *line)
{
    g_autofree char *number = show_number(line->number);
    g_autofree char *state = show_state(ctx->language, line->state);
    g_autofree char *title = show_line(ctx, line->title, TITLE_SHOWN);
    g_autofree char *asker = show_person(ctx, line->asker);
    return say(ctx->language, "similar.line", "ask", number, "state", state, "title", title, "asker", asker, NULL);
}

struct message *similar_hint(struct context *ctx, int64_t number)
{
    struct ask ask;
    struct message *hint = NULL;
    if (!store_load_ask(ctx->store, number, &ask))
        return NULL;
    ctx->reply_channel = ask.channel;
    if (!ctx->in_direct)
        ctx->viewer.place = ask.channel; /* where the hint will stand */
    GArray *lines;
    g_autoptr(GArray) alike = find_alike(ctx, &ask, &lines);
    if (alike->len > 0 && store_state_is_open(ask.state)) {
        g_autofree char *id = show_number(number);
        g_autofree char *text = say(ctx->language, "similar.heading", "ask", id, NULL);
        hint = message_text(text);
        for (guint i = 0; i < alike->len; i++) {
            const struct ask_line *line = &g_array_index(lines, struct ask_line, g_array_index(alike, struct like, i).line);
            g_autofree char *shown = line_of(ctx, line);
            message_add(hint, PART_TEXT, shown);
        }
        g_autofree char *how = say(ctx->language, "similar.how", "ask", id, NULL);
        message_add(hint, PART_NOTE, how);
        for (guint i = 0; i < alike->len; i++) {
            int64_t other = g_array_index(lines, struct ask_line, g_array_index(alike, struct like, i).line).number;
            g_autofree char *shown = show_number(other);
            g_autofree char *label = say(ctx->language, "button.similar", "ask", shown, NULL);
            g_autofree char *action = g_strdup_printf("similar%u", i);
            g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, number, other);
            message_add_button(hint, action, value, label, BUTTON_PLAIN);
        }
        g_autofree char *keep = say(ctx->language, "button.keep.both", NULL);
        message_add_button(hint, "keep", "", keep, BUTTON_PLAIN);
    }
    g_array_unref(lines);
    ask_done(&ask);
    return hint;
}
