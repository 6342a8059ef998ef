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

static void form_late(struct store *store, const struct settings *settings, const struct outbox_row *row, int64_t now)
{
    struct context ctx;
    context_init(&ctx, store, settings, NULL, now);
    command_form_late(&ctx, row);
    context_done(&ctx);
}

static void file_refused(struct store *store, const struct settings *settings, const struct outbox_mark *mark, int64_t now)
{
    struct context ctx;
    context_init(&ctx, store, settings, NULL, now);
    command_file_refused(&ctx, mark->about, mark->refusal, mark->why == NULL);
    context_done(&ctx);
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
    if (root.message != NULL)
        store_unplace(store, root.id);
    if (command_can_draw(&root) && !store_will_place(store, root.id))
        store_enqueue(store, &again);
    post_done(&root);
}

/* Was the post, or what it is a reply to, deleted since? */
static bool is_unplaced(struct store *store, int64_t id)
{
    struct post post;
    if (id == 0 || !store_get_post(store, id, &post))
        return false;
    bool unplaced = post.message == NULL;
    post_done(&post);
    return unplaced;
}

static void sent(struct store *store, const struct outbox_mark *mark)
{
    const struct outbox_row *row = mark->about;
    bool gone = row->kind == OUT_POST && is_unplaced(store, row->thread);
    store_sent(store, mark->row, row->post, gone ? NULL : mark->message);
    if ((row->kind == OUT_POST || row->kind == OUT_FILE) && row->person != 0 && mark->channel != NULL)
        store_set_dm(store, row->person, mark->channel);
    if (row->kind == OUT_JOIN)
        store_set_member(store, row->channel, true);
}

void marks_record(struct store *store, const struct settings *settings, const struct outbox_mark *mark, int64_t now)
{
    switch (mark->what) {
    case MARK_SENT:
        sent(store, mark);
        break;
    case MARK_DROPPED:
        store_sent(store, mark->row, 0, NULL);
        if (mark->about->kind == OUT_FORM)
            form_late(store, settings, mark->about, now);
        if (mark->about->kind == OUT_FILE)
            file_refused(store, settings, mark, now);
        break;
    case MARK_PARKED:
        if (mark->about->kind == OUT_UPDATE && is_unplaced(store, mark->about->post)) {
            store_sent(store, mark->row, 0, NULL); /* it went out before anybody knew that there is nothing to edit */
            break;
        }
        store_park(store, mark->row, mark->why != NULL ? mark->why : "unknown");
        undelivered(store, settings, mark, now);
        break;
    case MARK_UPLOADED:
        store_uploaded(store, mark->row, mark->message);
        break;
    case MARK_ROOT_GONE:
        begin_thread_again(store, mark->about, now);
        break;
    }
}
