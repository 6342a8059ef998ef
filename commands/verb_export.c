/* export: the asks a person may see, as a file for them alone. */
#include "bot/base/json.h"
#include "commands/file.h"
#include "commands/list.h"
#include "commands/say.h"
#include "commands/views.h"

#include <string.h>

/* ---- the filter: by numbers, so that no name or word waits to be sent ---- */

static cJSON *filter_to_json(const struct ask_filter *filter)
{
    cJSON *json = json_object(), *states = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(filter->states) && filter->states[i] != NULL; i++)
        json_push_str(states, filter->states[i]);
    json_put(json, "states", states);
    json_put_int(json, "person", filter->person);
    json_put_int(json, "owner", filter->owner);
    json_put_int(json, "channel", filter->channel);
    json_put_int(json, "goal", filter->goal);
    json_put_str(json, "function", filter->function);
    return json;
}

/* Its texts stay the order's. */
static void filter_from_json(const cJSON *json, struct ask_filter *filter)
{
    const cJSON *state;
    gsize n = 0;
    *filter = (struct ask_filter){.person = json_int(json, "person", 0),
                                  .owner = json_int(json, "owner", 0),
                                  .channel = json_int(json, "channel", 0),
                                  .goal = json_int(json, "goal", 0),
                                  .function = json_str(json, "function")};
    cJSON_ArrayForEach(state, json_get(json, "states"))
    {
        if (cJSON_IsString(state) && n < G_N_ELEMENTS(filter->states))
            filter->states[n++] = state->valuestring;
    }
}

/* "mine started by sales product-asks" */
static char *scope_of(struct context *ctx, const struct ask_filter *filter)
{
    GString *scope = g_string_new(filter->person != 0 ? "mine " : "");
    struct channel channel = {0};
    bool open = filter->states[1] != NULL;
    if (filter->states[0] != NULL)
        g_string_append_printf(scope, "%s ", open ? "open" : filter->states[0]);
    if (filter->function != NULL)
        g_string_append_printf(scope, "by %s ", filter->function);
    if (filter->owner != 0)
        g_string_append(scope, filter->owner == ctx->who.id ? "owner me " : "owner ");
    if (filter->goal != 0)
        g_string_append(scope, "goal ");
    if (filter->channel != 0 && store_get_channel(ctx->store, filter->channel, &channel))
        g_string_append(scope, channel.name);
    channel_done(&channel);
    if (scope->len == 0)
        g_string_append(scope, "all");
    return g_string_free(scope, FALSE);
}

/* ---- the file ---- */

/* JSON that any program reads as a whole, with an ask a line. */
static void put_ask(struct context *ctx, const struct ask *ask, bool json, bool first, GString *out)
{
    if (!json) {
        export_csv_ask(ctx, ask, out);
        return;
    }
    GString *line = g_string_new(NULL);
    export_json_ask(ctx, ask, line);
    g_string_append_printf(out, "%s%s", first ? "\n" : ",\n", line->str);
    g_string_free(line, TRUE);
}

static void put_head(struct context *ctx, bool json, GString *out)
{
    if (!json) {
        export_csv_head(out);
        return;
    }
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(ctx->now / 1000);
    g_autofree char *moment = g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
    g_string_append_printf(out, "{\"format\":\"askwhy-asks\",\"version\":1,\"at\":\"%s\",\"asks\":[", moment);
}

void export_make(struct context *ctx, const cJSON *order, struct file_text *file)
{
    struct ask_filter filter;
    bool json = strcmp(json_str0(order, "format"), "json") == 0;
    filter_from_json(json_get(order, "filter"), &filter);
    g_autofree char *scope = scope_of(ctx, &filter);
    *file = (struct file_text){.text = g_string_new(NULL), .name = file_name(ctx, "asks", scope, json ? "json" : "csv")};
    g_autoptr(GArray) numbers = store_list_numbers(ctx->store, &ctx->viewer, &filter, FILE_MAX_ASKS);
    put_head(ctx, json, file->text);
    for (guint i = 0; i < numbers->len && file->text->len <= FILE_MAX_BYTES; i++) {
        struct ask ask;
        if (!store_get_ask(ctx->store, &ctx->viewer, g_array_index(numbers, int64_t, i), &ask))
            continue;
        put_ask(ctx, &ask, json, file->count == 0, file->text);
        file->count++;
        ask_done(&ask);
    }
    if (json)
        g_string_append(file->text, "\n]}\n");
    bool large = numbers->len >= FILE_MAX_ASKS || file->text->len > FILE_MAX_BYTES;
    file->state = large ? FILE_TOO_LARGE : file->count == 0 ? FILE_EMPTY : FILE_MADE;
}

/* ---- the command ---- */

/* Takes order. */
static void order_export(struct context *ctx, cJSON *order)
{
    struct file_text file = {.state = FILE_NOT_ALLOWED};
    const char *command = ctx->settings->command;
    if (file_look(ctx, order))
        export_make(ctx, order, &file);
    if (file.state == FILE_MADE) {
        g_autofree char *above = say(ctx->language, "export.above", NULL);
        file_order(ctx, g_steal_pointer(&order), message_text(above));
        answer(ctx, say_n(ctx->language, "export.ordered", file.count, "file", file.name, NULL));
    } else {
        answer_say(ctx, file.state == FILE_TOO_LARGE ? "export.too.large" : "export.none", "command", command, NULL);
    }
    cJSON_Delete(order);
    file_text_done(&file);
}

void verb_export(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    gsize length = strcspn(rest, " \n\t");
    g_autofree char *format = g_ascii_strdown(rest, (gssize)length);
    struct ask_filter filter = {0};
    if (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0) {
        answer_say(ctx, "export.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = *format != '\0';
        return;
    }
    if (!filter_read(ctx, rest + length, &filter))
        return;
    cJSON *order = json_object();
    json_put_str(order, "what", "export");
    json_put_str(order, "format", format);
    json_put_int(order, "place", ctx->viewer.place);
    json_put(order, "filter", filter_to_json(&filter));
    order_export(ctx, order);
}
