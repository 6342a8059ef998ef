/* Asks out of a table: a list kept until now in a spreadsheet, or an export of another askwhy's. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/clarify.h"
#include "commands/record.h"
#include "commands/views.h"

#include <stdio.h>

enum { TITLE_MAX = 40000 };

static int column_of(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *here = g_strstrip(g_strdup(g_ptr_array_index(names, i)));
        if (g_ascii_strcasecmp(here, name) == 0)
            return (int)i;
    }
    return -1;
}

bool import_csv_names(const GPtrArray *names, char **why)
{
    if (column_of(names, "title") >= 0)
        return true;
    *why = g_strdup("the first line must name the columns: title, and what there is of asker, why, impact, evidence, raised");
    return false;
}

/* Cleaned as all that people write; free with g_free(), "" when there is none. */
static char *cell(const GPtrArray *names, const GPtrArray *cells, const char *name)
{
    int column = column_of(names, name);
    return rich_clean(column >= 0 && (guint)column < cells->len ? g_ptr_array_index(cells, column) : "");
}

static bool find_asker(struct context *ctx, const char *called, int64_t by, int64_t *asker, char **why)
{
    *asker = by;
    if (*called == '\0' && by != 0)
        return true;
    const char *name = *called == '@' ? called + 1 : called;
    *asker = *name != '\0' ? store_find_person_called(ctx->store, ctx->where.platform, name) : 0;
    if (*asker > 0)
        return true;
    *why = *name == '\0'    ? g_strdup("no asker; name one in the column \"asker\", or for all of them with --by")
           : *asker < 0 ? g_strdup_printf("several people are called %s; use the chat's id of the one that is meant", name)
                        : g_strdup_printf("askwhy knows nobody called %s; use the chat's name or id of somebody who has written where askwhy is", name);
    return false;
}

static bool find_moment(const char *text, int64_t now, int64_t *at)
{
    GDate day;
    *at = now;
    if (*text == '\0' || calendar_parse_rfc3339(text, at))
        return *at <= now;
    g_date_clear(&day, 1);
    unsigned year, month, date;
    if (sscanf(text, "%4u-%2u-%2u", &year, &month, &date) != 3 ||
        !g_date_valid_dmy((GDateDay)date, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_set_dmy(&day, (GDateDay)date, (GDateMonth)month, (GDateYear)year);
    *at = calendar_moment(&day, 12 * 60, "UTC");
    return *at <= now;
}

static void record_ask(struct context *ctx, const char *title, int64_t asker, int64_t at, const char *const *answers)
{
    int64_t now = ctx->now, number = store_next_number(ctx->store);
    cJSON *data = json_object();
    if (ctx->where.owner != 0)
        json_put_int(data, "owner", ctx->where.owner);
    if (ctx->where.decider != 0)
        json_put_int(data, "decider", ctx->where.decider);
    person_done(&ctx->who);
    store_get_person(ctx->store, asker, &ctx->who);
    ctx->now = at;
    struct log_entry entry = {
        .kind = "ask.raised",
        .ask = number,
        .channel = ctx->where.id,
        .person = asker,
        .words = title,
        .words_author = asker,
        .state = "waiting",
        .data = data,
    };
    record_entry(ctx, &entry);
    struct ask ask;
    if (store_load_ask(ctx->store, number, &ask)) {
        for (int kind = 0; kind < QUESTION_KINDS; kind++) {
            if (answers[kind] != NULL && *answers[kind] != '\0')
                clarify_answer(ctx, &ask, (enum question_kind)kind, answers[kind], NULL);
        }
        ask_done(&ask);
    }
    ctx->now = now;
}

bool import_csv_ask(struct context *ctx, const GPtrArray *names, const GPtrArray *cells, int64_t by, char **why)
{
    /* Of the columns that export.c writes, those that people can know. */
    g_autofree char *title = cell(names, cells, "title"), *called = cell(names, cells, "asker");
    g_autofree char *reason = cell(names, cells, "why"), *impact = cell(names, cells, "impact");
    g_autofree char *evidence = cell(names, cells, "evidence"), *raised = cell(names, cells, "raised");
    int64_t asker, at;
    *why = NULL;
    if (*title == '\0')
        *why = g_strdup("no title");
    else if (g_utf8_strlen(title, -1) > TITLE_MAX)
        *why = g_strdup_printf("its title is longer than %d characters", TITLE_MAX);
    else if (!find_moment(raised, ctx->now, &at))
        *why = g_strdup_printf("raised: %s is no day like 2026-03-01, or in the future", raised);
    else if (find_asker(ctx, called, by, &asker, why))
        record_ask(ctx, title, asker, at, (const char *[]){reason, impact, evidence, NULL});
    return *why == NULL;
}
