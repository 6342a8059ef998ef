/* settings: which function a group of the chat stands for, by an administrator. */
#include "bot/base/json.h"
#include "commands/groups.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "commands/views.h"
#include "store/groups.h"

#include <string.h>

enum { GROUPS_MOST = 50, PEOPLE_REDRAWN = 20 };

char *settings_groups_now(struct context *ctx)
{
    g_autoptr(GArray) groups = store_groups(ctx->store, ctx->event->platform);
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < groups->len; i++) {
        const struct group_function *group = &g_array_index(groups, struct group_function, i);
        g_autofree char *name = g_strconcat("@", group->name, NULL);
        g_autofree char *line = say(ctx->language, "settings.group.line", "group", name, "function", group->function, NULL);
        g_string_append_printf(lines, "\n%s", line);
    }
    char *text = groups->len == 0 ? NULL
                                  : say(ctx->language, "settings.group.now", "lines", lines->str, "command",
                                        ctx->settings->command, NULL);
    g_string_free(lines, TRUE);
    return text;
}

static void record_group(struct context *ctx, const char *called, const char *name, const char *function)
{
    cJSON *data = data_of("platform", ctx->event->platform);
    json_put_str(data, "called", called);
    if (function != NULL) {
        json_put_str(data, "name", name);
        json_put_str(data, "function", function);
    }
    struct log_entry entry = {.kind = "group.function", .channel = ctx->where.id, .person = ctx->who.id, .data = data};
    record_entry(ctx, &entry);
}

static void redraw_members(struct context *ctx, const char *called)
{
    g_autoptr(GArray) people = store_members(ctx->store, ctx->event->platform, called, PEOPLE_REDRAWN);
    for (guint i = 0; i < people->len; i++)
        me_redraw_cards(ctx, g_array_index(people, int64_t, i));
}

static void set_group(struct context *ctx, const char *function, const char *name)
{
    struct group_function was;
    bool found = store_find_group(ctx->store, ctx->event->platform, name, &was);
    g_autoptr(GArray) all = store_groups(ctx->store, ctx->event->platform);
    g_autofree char *shown = g_strconcat("@", found ? was.name : name, NULL);
    if (!found && all->len >= GROUPS_MOST) {
        answer_say(ctx, "settings.group.enough", NULL);
        return;
    }
    record_group(ctx, found ? was.called : name, found ? was.name : name, function);
    if (found && was.known) {
        redraw_members(ctx, was.called);
        int64_t count = store_count_members(ctx->store, ctx->event->platform, was.called);
        answer(ctx, say_n(ctx->language, "settings.group.done", count, "group", shown, "function", function, NULL));
    } else {
        answer_say(ctx, "settings.group.asked", "group", shown, "function", function, NULL);
        ctx->group = g_strdup(name);
    }
    group_function_done(&was);
}

static void end_group(struct context *ctx, const char *name)
{
    struct group_function was;
    g_autofree char *shown = g_strconcat("@", name, NULL);
    if (!store_find_group(ctx->store, ctx->event->platform, name, &was)) {
        answer_say(ctx, "settings.group.not", "group", shown, NULL);
        return;
    }
    record_group(ctx, was.called, NULL, NULL);
    redraw_members(ctx, was.called);
    answer_say(ctx, "settings.group.off", "group", shown, NULL);
    group_function_done(&was);
}

/* "engineering from @engineers"; false when it is not said so. */
static bool split(const char *rest, char **function, const char **group)
{
    gsize length = strcspn(rest, " ");
    const char *behind = rest + length + strspn(rest + length, " ");
    if (length == 0 || g_ascii_strncasecmp(behind, "from ", strlen("from ")) != 0)
        return false;
    *function = g_ascii_strdown(rest, (gssize)length);
    *group = behind + strlen("from ");
    return true;
}

bool settings_groups(struct context *ctx, const char *rest)
{
    g_autofree char *word = NULL, *name = NULL, *function = NULL;
    const char *group = NULL;
    if (*rest == '\0') {
        char *now = settings_groups_now(ctx);
        if (now != NULL)
            answer(ctx, now);
        return now != NULL;
    }
    if (!split(rest, &word, &group))
        return false;
    bool off = strcmp(word, "off") == 0;
    function = off ? NULL : g_strdup(me_function_known(ctx, word));
    name = groups_read_name(group);
    if (!is_administrator(ctx)) {
        answer_say(ctx, ctx->who.refreshed_at == 0 ? "not.permitted.yet" : "settings.group.not.yours", NULL);
    } else if (name == NULL) {
        answer_say(ctx, "settings.group.how", "command", ctx->settings->command, NULL);
    } else if (off) {
        end_group(ctx, name);
    } else if (function == NULL) {
        g_autofree char *shown = show_line(ctx, word, 40);
        g_autofree char *offered = g_strjoinv(", ", ctx->settings->functions);
        answer_say(ctx, "settings.function.unknown", "word", shown, "functions", offered, NULL);
    } else {
        set_group(ctx, function, name);
    }
    return true;
}
