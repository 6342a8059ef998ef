/* Asks as a table for other tools. */
#include "bot/chat/richtext.h"
#include "commands/csv.h"
#include "commands/views.h"

#include <string.h>

enum { WORDS_MAX = 40000 };

/* The columns that an import reads have the same names there (import.c). */
static const char *const columns[] = {
    "number", "title",  "state",    "channel", "asker",    "function", "raiser",  "owner",   "decider", "raised", "why",
    "impact", "evidence", "need",   "decision", "reason",  "decided",  "started", "shipped", "outcome", "voices", "link",
};

void export_csv_head(GString *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        csv_put(out, columns[i]);
    csv_end_line(out);
}

static void put_words(struct context *ctx, GString *out, const char *words)
{
    g_autofree char *shown = show_words(ctx, words, WORDS_MAX);
    g_autofree char *plain = rich_plain(shown, NULL, NULL);
    csv_put(out, plain);
}

static void put_moment(GString *out, int64_t at)
{
    g_autoptr(GDateTime) moment = at != 0 ? g_date_time_new_from_unix_utc(at / 1000) : NULL;
    g_autofree char *text = moment != NULL ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    csv_put(out, text);
}

static void put_person(struct context *ctx, GString *out, int64_t id)
{
    struct person person = {0};
    store_get_person(ctx->store, id, &person);
    csv_put(out, person.name);
    person_done(&person);
}

static void put_function(struct context *ctx, GString *out, int64_t id)
{
    struct person person = {0};
    store_get_person(ctx->store, id, &person);
    csv_put(out, person.function);
    person_done(&person);
}

void export_csv_ask(struct context *ctx, const struct ask *ask, GString *out)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, ask->number);
    g_autofree char *voices = g_strdup_printf("%d", ask->voices);
    /* Names in texts are those of the ask's own chat. */
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask->channel, &ctx->where);
    csv_put(out, number);
    put_words(ctx, out, ask->title);
    csv_put(out, ask->state);
    csv_put(out, ctx->where.name);
    put_person(ctx, out, ask->asker);
    put_function(ctx, out, ask->asker);
    put_person(ctx, out, ask->raiser);
    put_person(ctx, out, ask->owner);
    put_person(ctx, out, ask->decider);
    put_moment(out, ask->raised_at);
    put_words(ctx, out, ask->why);
    put_words(ctx, out, ask->impact);
    put_words(ctx, out, ask->evidence);
    put_words(ctx, out, ask->need);
    csv_put(out, ask->decision);
    put_words(ctx, out, ask->decision_words);
    put_moment(out, ask->decided_at);
    put_moment(out, ask->started_at);
    put_moment(out, ask->shipped_at);
    csv_put(out, ask->outcome);
    csv_put(out, voices);
    csv_put(out, ask->permalink);
    csv_end_line(out);
}
