#include "commands/order.h"

#include "store/revisions.h"

#include <string.h>

/* Of a post: it was said, then edited (the edit's own revision), then deleted. */
static char *revision_of_post(const struct event *event)
{
    if (event->kind == EVENT_DELETED)
        return g_strdup("2");
    return event->kind == EVENT_EDITED ? g_strconcat("1", event->revision, NULL) : g_strdup("0");
}

static char *revision_of_time(int64_t at_ms)
{
    return g_strdup_printf("%015" G_GINT64_FORMAT, at_ms);
}

static char *subject_of_person(const struct context *ctx)
{
    return g_strdup_printf("member:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, ctx->where.id, ctx->who.id);
}

/* What an event is the newest news of, and how new; false when order does not matter to it. */
static bool news_of(const struct context *ctx, char **subject, char **revision)
{
    const struct event *event = ctx->event;
    switch (event->kind) {
    case EVENT_MESSAGE:
    case EVENT_MENTION:
        /* Elsewhere than in threads neither edits nor deletions mean anything. */
        if (event->thread == NULL || event->message == NULL)
            return false;
        G_GNUC_FALLTHROUGH;
    case EVENT_EDITED:
    case EVENT_DELETED:
        *subject = g_strdup_printf("post:%" G_GINT64_FORMAT ":%s", ctx->where.id, event->message);
        *revision = revision_of_post(event);
        return true;
    case EVENT_JOINED:
    case EVENT_LEFT:
    case EVENT_INVITED:
    case EVENT_REMOVED: {
        if (event->at_ms == 0)
            return false;
        bool we = event->kind == EVENT_INVITED || event->kind == EVENT_REMOVED;
        *subject = we ? g_strdup_printf("we:%" G_GINT64_FORMAT, ctx->where.id) : subject_of_person(ctx);
        *revision = revision_of_time(event->at_ms);
        return true;
    }
    default:
        return false;
    }
}

bool order_is_outdated(struct context *ctx)
{
    g_autofree char *subject = NULL, *revision = NULL;
    if (ctx->on_reader || !news_of(ctx, &subject, &revision))
        return false;
    if (store_has_newer(ctx->store, subject, revision))
        return true;
    ctx->unheard = !store_has_newer(ctx->store, subject, "");
    store_note_revision(ctx->store, subject, revision, ctx->now);
    return false;
}

bool order_has_left_since(struct context *ctx)
{
    if (ctx->event->at_ms == 0)
        return false;
    g_autofree char *subject = subject_of_person(ctx), *revision = revision_of_time(ctx->event->at_ms);
    return store_has_newer(ctx->store, subject, revision);
}
