/* Invited to a channel: askwhy introduces itself once, and its digest is on from that day. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/digest.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/views.h"

enum { DIGEST_MINUTES = 9 * 60 };

static void set_defaults(struct context *ctx)
{
    cJSON *data = json_object();
    json_put_int(data, "owner", ctx->who.id);
    json_put_int(data, "decider", ctx->who.id);
    struct log_entry entry = {.kind = "channel.defaults", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
}

static void set_digest(struct context *ctx)
{
    const char *zone = ctx->who.zone;
    cJSON *data = json_object();
    json_put_bool(data, "on", true);
    json_put_int(data, "day", G_DATE_MONDAY);
    json_put_int(data, "minutes", DIGEST_MINUTES);
    json_put_str(data, "zone", zone);
    json_put_int(data, "at", calendar_next_weekly(ctx->now, G_DATE_MONDAY, DIGEST_MINUTES, zone));
    struct log_entry entry = {.kind = "channel.digest", .channel = ctx->where.id, .data = data};
    record_entry(ctx, &entry);
}

static void present(struct context *ctx)
{
    struct log_entry entry = {.kind = "channel.introduced", .channel = ctx->where.id};
    record_entry(ctx, &entry);
    /* Somebody may have set its hour, or stopped it, before askwhy was let in. */
    if (ctx->where.zone == NULL)
        set_digest(ctx);
    int64_t id = ctx->where.id;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, id, &ctx->where);
    const char *language = say_language(ctx->where.language);
    g_autofree char *owner = show_person(ctx, ctx->where.owner);
    g_autofree char *rhythm = digest_rhythm(&ctx->where, language);
    g_autofree char *text = say(language, ctx->where.digest ? "introduce" : "introduce.no.digest", "person", owner,
                                "rhythm", rhythm, "command", ctx->settings->command, NULL);
    send_post(ctx, ctx->where.id, 0, "note", 0, message_text(text));
}

void introduce(struct context *ctx)
{
    store_set_member(ctx->store, ctx->where.id, true);
    store_unpark(ctx->store, ctx->where.id);
    /* Reading after a gap begins here, even when the bot dies before it has read anything else. */
    const char *begins = event_cursor(ctx->event);
    if (begins != NULL && *ctx->where.newest == '\0')
        store_set_newest(ctx->store, ctx->where.id, begins);
    /* Joined by itself to post a card: nobody invited it, so it does not make a speech. */
    if (ctx->who.id == 0 || ctx->where.introduced)
        return;
    if (ctx->where.owner == 0)
        set_defaults(ctx);
    /* The digest's hour needs the inviter's zone: without it, wait for their profile. */
    if (ctx->who.refreshed_at != 0)
        present(ctx);
}

/* A profile has come: channels this person invited askwhy to may have waited for it. */
void introduce_pending(struct context *ctx, int64_t person)
{
    int64_t channel;
    while ((channel = store_pending_introduction(ctx->store, person)) != 0) {
        person_done(&ctx->who);
        channel_done(&ctx->where);
        if (!store_get_person(ctx->store, person, &ctx->who) || !store_get_channel(ctx->store, channel, &ctx->where))
            return;
        present(ctx);
    }
}
