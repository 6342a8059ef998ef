/* settings: what may give way when something starts, and what the digest tells of it. */
#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/settings.h"
#include "commands/understand/understand.h"
#include "store/trades.h"

#include <string.h>

enum { REVISIT_MAX = 365 };

char *settings_trade_now(struct context *ctx)
{
    struct trade_setting setting;
    store_trade_setting(ctx->store, ctx->where.id, &setting);
    g_autofree char *whose = say(ctx->language, setting.shared ? "settings.gives.way.channel" : "settings.gives.way.owner", NULL);
    g_autofree char *days = say_n(ctx->language, "settings.revisit.days", setting.revisit_days, NULL);
    g_autofree char *churn = say(ctx->language, !setting.churn        ? "settings.churn.off"
                                                : setting.by_function ? "settings.churn.on"
                                                                      : "settings.churn.alone",
                                 NULL);
    return say(ctx->language, "settings.trade.now", "whose", whose, "days", days, "churn", churn, "command",
               ctx->settings->command, NULL);
}

static bool is_word(const char *text, const char *word)
{
    return g_ascii_strcasecmp(text, word) == 0;
}

/* "on" or "off". */
static bool read_switch(const char *text, bool *on)
{
    *on = is_word(text, "on");
    return *on || is_word(text, "off");
}

static bool read_setting(const char *what, const char *rest, struct trade_setting *setting)
{
    if (is_word(what, "gives-way")) {
        setting->shared = is_word(rest, "channel");
        return setting->shared || is_word(rest, "owner");
    }
    if (is_word(what, "revisit"))
        return duration_parse(rest, &setting->revisit_days) && setting->revisit_days > 0 && setting->revisit_days <= REVISIT_MAX;
    if (g_ascii_strncasecmp(rest, "functions", strlen("functions")) == 0) {
        rest += strlen("functions");
        return read_switch(rest + strspn(rest, " "), &setting->by_function);
    }
    return read_switch(rest, &setting->churn);
}

bool settings_trade(struct context *ctx, const char *what, const char *rest)
{
    static const char *const words[] = {"gives-way", "revisit", "churn", NULL};
    struct trade_setting setting;
    if (!g_strv_contains(words, what))
        return false;
    store_trade_setting(ctx->store, ctx->where.id, &setting);
    if (!read_setting(what, rest, &setting)) {
        answer_say(ctx, "settings.trade.how", "command", ctx->settings->command, NULL);
        return true;
    }
    struct log_entry entry = {.kind = "channel.trades", .channel = ctx->where.id, .data = json_object()};
    json_put_bool(entry.data, "shared", setting.shared);
    json_put_int(entry.data, "revisit", setting.revisit_days);
    json_put_bool(entry.data, "churn", setting.churn);
    json_put_bool(entry.data, "functions", setting.by_function);
    record_entry(ctx, &entry);
    answer(ctx, settings_trade_now(ctx));
    return true;
}
