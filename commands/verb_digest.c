/* digest: look at the weekly digest before the others do, post it now, stop it, set its hour. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/digest.h"
#include "commands/permission.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/understand/understand.h"

#include <string.h>

enum { COVERS_MAX = 20 };

/* ---- Looking and posting ---- */

static char *next_moment(struct context *ctx)
{
    return calendar_show_moment(ctx->where.digest_at, ctx->where.zone, ctx->language);
}

static void preview(struct context *ctx)
{
    if (!ctx->on_reader) {
        ctx->to_reader = true;
        return;
    }
    g_autofree char *moment = next_moment(ctx);
    bool on = ctx->where.digest && ctx->where.digest_at != 0;
    struct digest_text text;
    bool something = digest_draw(ctx, ctx->where.id, ctx->now, false, &text);
    if (!something && on)
        answer_say(ctx, "digest.preview.nothing", "moment", moment, NULL);
    else if (!something)
        answer_say(ctx, "digest.preview.nothing.off", "command", ctx->settings->command, NULL);
    else if (on)
        answer_say(ctx, "digest.preview", "moment", moment, "command", ctx->settings->command, NULL);
    else
        answer_say(ctx, "digest.preview.off", "command", ctx->settings->command, NULL);
    if (text.message != NULL)
        answer_message(ctx, g_steal_pointer(&text.message));
    if (text.rest != NULL)
        answer_message(ctx, g_steal_pointer(&text.rest));
    digest_text_done(&text);
}

static void post_now(struct context *ctx)
{
    if (!ctx->where.member) {
        answer_say(ctx, "digest.invite", NULL);
        return;
    }
    if (digest_post(ctx, &ctx->where, ctx->now, false, 0))
        answer_say(ctx, "digest.now.done", NULL);
    else
        answer_say(ctx, "digest.now.nothing", NULL);
}

/* ---- Settings ---- */

struct digest_setting {
    bool on;
    int day, minutes;
    char *zone;
    cJSON *covers; /* NULL: its own */
};

static void setting_done(struct digest_setting *setting)
{
    g_free(setting->zone);
    cJSON_Delete(setting->covers);
}

static struct digest_setting setting_now(struct context *ctx)
{
    const struct channel *channel = &ctx->where;
    struct digest_setting setting = {.on = true, .day = channel->day, .minutes = channel->minutes};
    setting.zone = g_strdup(channel->zone != NULL ? channel->zone : ctx->who.zone);
    if (channel->covers != NULL)
        setting.covers = json_parse(channel->covers, strlen(channel->covers), NULL);
    return setting;
}

/* Takes what the setting holds. */
static void record_setting(struct context *ctx, struct digest_setting *setting)
{
    cJSON *data = json_object();
    json_put_bool(data, "on", setting->on);
    json_put_int(data, "day", setting->day);
    json_put_int(data, "minutes", setting->minutes);
    json_put_str(data, "zone", setting->zone);
    if (setting->covers != NULL)
        json_put(data, "covers", g_steal_pointer(&setting->covers));
    if (setting->on)
        json_put_int(data, "at",
                     calendar_next_weekly(ctx->now, (GDateWeekday)setting->day, setting->minutes, setting->zone));
    struct log_entry entry = {.kind = "channel.digest", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
    setting_done(setting);
    int64_t id = ctx->where.id;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, id, &ctx->where);
}

/* " for #a, #b", "" when it covers its own channel. */
static char *covers_text(struct context *ctx)
{
    if (ctx->where.covers == NULL)
        return g_strdup("");
    GString *names = g_string_new(NULL);
    g_autoptr(GArray) covers = digest_covers(&ctx->where);
    for (guint i = 0; i < covers->len; i++) {
        struct channel channel;
        if (!store_get_channel(ctx->store, g_array_index(covers, int64_t, i), &channel))
            continue;
        g_string_append(names, names->len > 0 ? ", " : "");
        rich_append_person(names, RICH_CHANNEL, channel.channel);
        channel_done(&channel);
    }
    char *text = say(ctx->language, "digest.covers", "channels", names->str, NULL);
    g_string_free(names, TRUE);
    return text;
}

static void answer_setting(struct context *ctx)
{
    g_autofree char *rhythm = digest_rhythm(&ctx->where, ctx->language);
    g_autofree char *covers = covers_text(ctx);
    g_autofree char *moment = next_moment(ctx);
    answer_say(ctx, ctx->where.member ? "digest.set.done" : "digest.set.invite", "rhythm", rhythm, "covers", covers,
               "moment", moment, NULL);
}

static void switch_on(struct context *ctx)
{
    struct digest_setting setting = setting_now(ctx);
    record_setting(ctx, &setting);
    answer_setting(ctx);
}

static void switch_off(struct context *ctx)
{
    struct digest_setting setting = setting_now(ctx);
    setting.on = false;
    record_setting(ctx, &setting);
    answer_say(ctx, "digest.off", "command", ctx->settings->command, NULL);
}

/* The channel a word names: a mention of one, "#name", "~name" or "here"; 0 when it may not be covered from here.
 * One that is private and one that is not there answer alike. */
static int64_t channel_named(struct context *ctx, const char *word)
{
    const char *platform = ctx->event->platform;
    int64_t id = 0;
    if (g_ascii_strcasecmp(word, "here") == 0) {
        id = ctx->where.id;
    } else if (*word == RICH_CHANNEL) {
        g_autofree char *name = g_strndup(word + 1, strcspn(word + 1, "\x1e"));
        id = store_find_channel(ctx->store, platform, name);
    } else {
        bool marked = *word == '#' || *word == '~';
        const char *workspace = ctx->in_direct ? NULL : ctx->where.workspace;
        id = store_find_channel_named(ctx->store, platform, workspace, word + marked);
    }
    bool allowed = id != 0 && store_may_see_channel(ctx->store, &(struct viewer){.place = ctx->where.id}, id);
    return allowed ? id : 0;
}

static bool add_cover(struct context *ctx, struct digest_setting *setting, bool *first, const char *word)
{
    int64_t id = channel_named(ctx, word);
    if (id == 0) {
        answer_say(ctx, "digest.set.channel", "channel", word, "command", ctx->settings->command, NULL);
        return false;
    }
    if (*first) {
        cJSON_Delete(setting->covers);
        setting->covers = json_array();
        *first = false;
    }
    const cJSON *item;
    cJSON_ArrayForEach(item, setting->covers)
    {
        if (json_int(item, "", 0) == id)
            return true;
    }
    if (cJSON_GetArraySize(setting->covers) >= COVERS_MAX) {
        answer_say(ctx, "digest.set.too.many", NULL);
        return false;
    }
    json_push(setting->covers, cJSON_CreateNumber((double)id));
    return true;
}

static bool is_filler(const char *word)
{
    static const char *const fillers[] = {"at", "on", "every", "each", "for", "and", "in", "to", "zone", "weekly", NULL};
    g_autofree char *folded = g_ascii_strdown(word, -1);
    return *word == '\0' || g_strv_contains(fillers, folded);
}

static bool is_half_of_day(const char *word)
{
    return word != NULL && (g_ascii_strcasecmp(word, "am") == 0 || g_ascii_strcasecmp(word, "pm") == 0);
}

/* One word of "monday 9:00 Europe/Tallinn for #a #b", in any order; false after saying what is wrong. */
static bool read_word(struct context *ctx, struct digest_setting *setting, bool *first_cover, bool after_for,
                      const char *word)
{
    GDateWeekday day;
    int minutes;
    if (*word == RICH_CHANNEL || *word == '#' || *word == '~')
        return add_cover(ctx, setting, first_cover, word);
    if (weekday_parse(word, &day)) {
        setting->day = day;
        return true;
    }
    if (time_of_day_parse(word, &minutes)) {
        setting->minutes = minutes;
        return true;
    }
    char *zone = calendar_zone(word);
    if (zone != NULL) {
        g_free(setting->zone);
        setting->zone = zone;
        return true;
    }
    if (after_for || g_ascii_strcasecmp(word, "here") == 0)
        return add_cover(ctx, setting, first_cover, word);
    g_autofree char *shown = show_line(ctx, word, 40);
    answer_say(ctx, strchr(word, '/') != NULL      ? "digest.set.zone"
                    : g_ascii_isdigit(*word) ? "digest.set.time"
                                             : "digest.set.word",
               "word", shown, "command", ctx->settings->command, NULL);
    return false;
}

static bool read_setting(struct context *ctx, struct digest_setting *setting, const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " ,\n\t", -1);
    bool first_cover = true, after_for = false;
    for (int i = 0; words[i] != NULL; i++) {
        after_for = after_for || g_ascii_strcasecmp(words[i], "for") == 0;
        if (is_filler(words[i]))
            continue;
        bool joined = is_half_of_day(words[i + 1]);
        g_autofree char *word = g_strconcat(words[i], joined ? words[i + 1] : "", NULL);
        if (!read_word(ctx, setting, &first_cover, after_for, word))
            return false;
        i += joined;
    }
    return true;
}

static void set(struct context *ctx, const char *text)
{
    if (*text == '\0') {
        answer_say(ctx, "digest.set.how", "command", ctx->settings->command, NULL);
        return;
    }
    struct digest_setting setting = setting_now(ctx);
    if (read_setting(ctx, &setting, text)) {
        record_setting(ctx, &setting);
        answer_setting(ctx);
    } else {
        setting_done(&setting);
    }
}

/* All but looking at it changes it for the channel. */
static bool is_change(const char *word, bool alone)
{
    static const char *const switches[] = {"now", "off", "stop", "on", NULL};
    GDateWeekday day;
    return (alone && g_strv_contains(switches, word)) || strcmp(word, "set") == 0 || weekday_parse(word, &day);
}

void verb_digest(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    if (ctx->where.id == 0 || ctx->in_direct) {
        answer_say(ctx, "digest.where", "command", ctx->settings->command, NULL);
        return;
    }
    gsize length = strcspn(rest, " \n\t");
    g_autofree char *word = g_ascii_strdown(rest, (gssize)length);
    const char *behind = rest + length + strspn(rest + length, " \n\t");
    bool alone = *behind == '\0';
    GDateWeekday day;
    if (*word == '\0' || (alone && strcmp(word, "preview") == 0))
        preview(ctx);
    else if (is_change(word, alone) && !may_or_say(ctx, ctx->where.id, MAY_DIGEST, NULL))
        return;
    else if (alone && strcmp(word, "now") == 0)
        post_now(ctx);
    else if (alone && (strcmp(word, "off") == 0 || strcmp(word, "stop") == 0))
        switch_off(ctx);
    else if (alone && strcmp(word, "on") == 0)
        switch_on(ctx);
    else if (strcmp(word, "set") == 0)
        set(ctx, behind);
    else if (weekday_parse(word, &day))
        set(ctx, rest);
    else {
        answer_say(ctx, "digest.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
    }
}
