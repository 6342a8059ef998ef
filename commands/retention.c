/* How long a channel keeps words: set by who may, after saying what would go at once, and kept from then on. */
#include "commands/erase.h"

#include "bot/base/json.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "commands/understand/understand.h"
#include "store/retention.h"

#include <string.h>

char *settings_retention_now(struct context *ctx)
{
    int days = store_retention(ctx->store, ctx->where.id);
    return days == 0 ? say(ctx->language, "settings.retention.off", "command", ctx->settings->command, NULL)
                     : say_n(ctx->language, "settings.retention.on", days, "command", ctx->settings->command, NULL);
}

static void set(struct context *ctx, int days)
{
    struct log_entry entry = {.kind = "channel.retention", .channel = ctx->where.id};
    if (days != 0) {
        entry.data = json_object();
        json_put_int(entry.data, "days", days);
    }
    record_entry(ctx, &entry);
    if (days == 0)
        answer_say(ctx, "settings.retention.stopped", NULL);
    else
        answer(ctx, say_n(ctx->language, "settings.retention.done", days, "command", ctx->settings->command, NULL));
}

/* What would go, and whether that is meant. */
static void make_sure(struct context *ctx, int days)
{
    int64_t asks = store_count_erasable(ctx->store, ctx->where.id, days, ctx->now);
    g_autofree char *count = say_n(ctx->language, "settings.retention.asks", asks, NULL);
    g_autofree char *says =
        say_n(ctx->language, "settings.retention.sure", days, "asks", count, "command", ctx->settings->command, NULL);
    g_autofree char *value = g_strdup_printf("%d", days);
    g_autofree char *label = say(ctx->language, "settings.retention.button", NULL);
    struct message *message = message_text(says);
    message_add_button(message, "retention", value, label, BUTTON_DANGER);
    answer_message(ctx, message);
}

/* "365 days", "1 year", "off", with "yes" behind it when it is meant. False: none of these. */
static bool read_days(const char *rest, int *days, bool *meant)
{
    g_autofree char *text = g_strchomp(g_strdup(rest));
    *meant = g_str_has_suffix(text, " yes");
    if (*meant) {
        text[strlen(text) - strlen(" yes")] = '\0';
        g_strchomp(text);
    }
    *days = 0;
    if (g_ascii_strcasecmp(text, "off") == 0 || g_ascii_strcasecmp(text, "never") == 0)
        return true;
    return duration_parse(text, days) && *days >= RETENTION_DAYS_MIN && *days <= RETENTION_DAYS_MAX;
}

bool settings_retention(struct context *ctx, const char *what, const char *rest)
{
    int days = 0, now = store_retention(ctx->store, ctx->where.id);
    bool meant = false;
    if (strcmp(what, "retention") != 0)
        return false;
    if (*rest == '\0')
        answer(ctx, settings_retention_now(ctx));
    else if (!read_days(rest, &days, &meant))
        answer_say(ctx, "settings.retention.how", "command", ctx->settings->command, NULL);
    else if (meant || days == 0 || (now != 0 && days >= now))
        set(ctx, days);
    else
        make_sure(ctx, days);
    return true;
}

/* value: the days that were asked about. */
void retention_button(struct context *ctx, const char *value)
{
    int64_t days = g_ascii_strtoll(value, NULL, 10);
    if (ctx->where.id == 0 || ctx->in_direct || days < RETENTION_DAYS_MIN || days > RETENTION_DAYS_MAX)
        answer_say(ctx, "button.stale", NULL);
    else if (may_or_say(ctx, ctx->where.id, MAY_SETTINGS, NULL))
        set(ctx, (int)days);
}

/* ---- when it is time ---- */

bool retention_due(struct context *ctx)
{
    struct erased erased;
    bool any = store_erase_step(ctx->store, ctx->now, &erased);
    struct log_entry entry = {.channel = erased.channel};
    if (erased.ask != 0) {
        entry.kind = "ask.erased";
        entry.ask = erased.ask;
    } else if (erased.digest != 0) {
        entry.kind = "digest.erased";
        entry.data = json_object();
        json_put_int(entry.data, "digest", erased.digest);
    }
    if (entry.kind != NULL)
        record_entry(ctx, &entry);
    for (guint i = 0; i < erased.posts->len; i++)
        erase_post(ctx, g_array_index(erased.posts, int64_t, i), "retention.post");
    erased_done(&erased);
    return any;
}
