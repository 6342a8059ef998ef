/* settings: who may do what in this channel. */
#include "bot/base/json.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"

#include <string.h>

char *settings_permission_now(struct context *ctx)
{
    GString *lines = g_string_new(NULL);
    for (int what = 0; what < PERMISSIONS; what++) {
        unsigned settled = permission_settled(ctx, ctx->where.id, (enum permission)what);
        unsigned to = settled != 0 ? settled : permission_default((enum permission)what);
        g_autofree char *who = permission_show(ctx, 0, NULL, what == MAY_SETTINGS ? to | TO_ADMINS : to);
        g_autofree char *line = say(ctx->language, settled != 0 ? "settings.permission.line" : "settings.permission.line.default",
                                    "what", permission_names[what], "who", who, NULL);
        g_string_append_printf(lines, "\n%s", line);
    }
    char *text = say(ctx->language, "settings.permission.now", "lines", lines->str, "command", ctx->settings->command, NULL);
    g_string_free(lines, TRUE);
    return text;
}

static void set(struct context *ctx, enum permission what, unsigned to)
{
    cJSON *data = data_of("what", permission_names[what]);
    if (to != 0) {
        g_autofree char *words = permission_write(to);
        json_put_str(data, "to", words);
    }
    struct log_entry entry = {.kind = "channel.permission", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
    answer(ctx, settings_permission_now(ctx));
}

bool settings_permission(struct context *ctx, const char *what, const char *rest)
{
    if (strcmp(what, "permission") != 0 && strcmp(what, "permissions") != 0)
        return false;
    gsize length = strcspn(rest, " ,:");
    g_autofree char *name = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length + strspn(rest + length, " ,:");
    int permission = 0;
    while (permission < PERMISSIONS && strcmp(permission_names[permission], name) != 0)
        permission++;
    bool back = g_ascii_strcasecmp(behind, "default") == 0;
    unsigned to = back ? 0 : permission_read(behind);
    if (*rest == '\0') {
        answer(ctx, settings_permission_now(ctx));
    } else if (permission == PERMISSIONS || (to == 0 && !back)) {
        answer_say(ctx, "settings.permission.how", "command", ctx->settings->command, NULL);
    } else if (permission == MAY_SETTINGS &&
               !may_if(ctx, ctx->where.id, MAY_SETTINGS, NULL, back ? permission_default(MAY_SETTINGS) : to)) {
        answer_say(ctx, "settings.permission.yourself", NULL);
    } else {
        set(ctx, (enum permission)permission, to);
    }
    return true;
}
