/* Asks as a table, or as objects, for other tools. */
#include "bot/base/json_write.h"
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

/* One ask, as a line of a table or as an object. */
struct record {
    struct context *ctx;
    GString *out;
    bool json;
};

static void put_text(const struct record *record, const char *name, const char *text)
{
    if (record->json)
        json_write_str(record->out, name, text);
    else
        csv_put(record->out, text);
}

static void put_number(const struct record *record, const char *name, int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    if (record->json)
        json_write_int(record->out, name, number);
    else
        csv_put(record->out, text);
}

static void put_words(const struct record *record, const char *name, const char *words)
{
    g_autofree char *shown = show_words(record->ctx, words, WORDS_MAX);
    g_autofree char *plain = rich_plain(shown, NULL, NULL);
    put_text(record, name, record->json && words == NULL ? NULL : plain);
}

static void put_moment(const struct record *record, const char *name, int64_t at)
{
    g_autoptr(GDateTime) moment = at != 0 ? g_date_time_new_from_unix_utc(at / 1000) : NULL;
    g_autofree char *text = moment != NULL ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    put_text(record, name, text);
}

static void put_person(const struct record *record, const char *name, const char *function_name, int64_t id)
{
    struct person person = {0};
    store_get_person(record->ctx->store, id, &person);
    put_text(record, name, person.name);
    if (function_name != NULL)
        put_text(record, function_name, person.function);
    person_done(&person);
}

/* In the order of columns. */
static void put_ask(const struct record *record, const struct ask *ask)
{
    struct context *ctx = record->ctx;
    /* Names in texts are those of the ask's own chat. */
    channel_done(&ctx->where);
    store_get_channel(ctx->store, ask->channel, &ctx->where);
    put_number(record, "number", ask->number);
    put_words(record, "title", ask->title);
    put_text(record, "state", ask->state);
    put_text(record, "channel", ctx->where.name);
    put_person(record, "asker", "function", ask->asker);
    put_person(record, "raiser", NULL, ask->raiser);
    put_person(record, "owner", NULL, ask->owner);
    put_person(record, "decider", NULL, ask->decider);
    put_moment(record, "raised", ask->raised_at);
    put_words(record, "why", ask->why);
    put_words(record, "impact", ask->impact);
    put_words(record, "evidence", ask->evidence);
    put_words(record, "need", ask->need);
    put_text(record, "decision", ask->decision);
    put_words(record, "reason", ask->decision_words);
    put_moment(record, "decided", ask->decided_at);
    put_moment(record, "started", ask->started_at);
    put_moment(record, "shipped", ask->shipped_at);
    put_text(record, "outcome", ask->outcome);
    put_number(record, "voices", ask->voices);
    put_text(record, "link", ask->permalink);
}

void export_csv_ask(struct context *ctx, const struct ask *ask, GString *out)
{
    put_ask(&(struct record){ctx, out, false}, ask);
    csv_end_line(out);
}

void export_json_ask(struct context *ctx, const struct ask *ask, GString *out)
{
    json_write_open(out, NULL, '{');
    put_ask(&(struct record){ctx, out, true}, ask);
    json_write_close(out, '}');
}
