#include "bot/marks.h"

/* Its ask's people are told what to do, where there is something. */
static void undelivered(struct store *store, const struct settings *settings, const struct outbox_mark *mark, int64_t now)
{
    struct post post;
    if (mark->about->post == 0 || !store_get_post(store, mark->about->post, &post))
        return;
    struct context ctx;
    context_init(&ctx, store, settings, NULL, now);
    command_undelivered(&ctx, mark->about, &post);
    context_done(&ctx);
    post_done(&post);
}

/* Somebody deleted a thread's first post: it is drawn and sent again, and what was to be said follows it. */
static void begin_thread_again(struct store *store, const struct outbox_row *row, int64_t now)
{
    struct post root;
    if (!store_get_post(store, row->thread, &root))
        return;
    struct outbox_row again = {.kind = OUT_POST,
                               .platform = row->platform,
                               .channel = root.channel,
                               .post = root.id,
                               .made_at = now,
                               .due_at = now};
    if (root.message != NULL) {
        store_unplace(store, root.id);
        store_enqueue(store, &again);
    }
    post_done(&root);
}

void marks_record(struct store *store, const struct settings *settings, const struct outbox_mark *mark, int64_t now)
{
    switch (mark->what) {
    case MARK_SENT:
        store_sent(store, mark->row, mark->about->post, mark->message);
        if (mark->about->kind == OUT_POST && mark->about->person != 0 && mark->channel != NULL)
            store_set_dm(store, mark->about->person, mark->channel);
        if (mark->about->kind == OUT_JOIN)
            store_set_member(store, mark->about->channel, true);
        break;
    case MARK_DROPPED:
        store_sent(store, mark->row, 0, NULL);
        break;
    case MARK_PARKED:
        store_park(store, mark->row, mark->why != NULL ? mark->why : "unknown");
        undelivered(store, settings, mark, now);
        break;
    case MARK_ROOT_GONE:
        begin_thread_again(store, mark->about, now);
        break;
    }
}
