/* A file on its way: made by the reader, uploaded, noted down, and only then shown to its person.
 *
 * An upload alone is seen by nobody, so it may be repeated. What makes it seen is done with an id that is durable
 * before: whatever instant the process died, the chat can be asked about that very file.
 */
#include "bot/outbox_internal.h"

enum {
    FILES_AT_ONCE = 2, /* in memory */
    ROOM_WAIT_MS = 1000,
};

void file_let_go(struct outbox *outbox, struct item *item)
{
    outbox->files -= item->holds_file;
    item->holds_file = item->reserved = false;
    g_clear_pointer(&item->file, chat_file_free);
    g_clear_pointer(&item->file_id, g_free);
    g_clear_pointer(&item->upload_url, g_free);
}

bool file_is_ready(struct outbox *outbox, struct lane *lane, struct item *item, enum step *step, int64_t *wait_ms)
{
    *wait_ms = -1;
    *step = item->row.message != NULL ? STEP_SEND : item->reserved ? STEP_UPLOAD : STEP_RESERVE;
    if (item->row.message != NULL || item->file != NULL)
        return true;
    if (outbox->files >= FILES_AT_ONCE) {
        *wait_ms = ROOM_WAIT_MS;
        return false;
    }
    item->holds_file = item->under_way = lane->in_flight = true;
    outbox->files++;
    outbox->host.make_file(&item->row, outbox->host.data);
    return false;
}

static struct item *item_of(struct outbox *outbox, int64_t row, struct lane **lane)
{
    *lane = g_hash_table_lookup(outbox->rows, &row);
    for (GList *at = *lane != NULL ? (*lane)->items.head : NULL; at != NULL; at = at->next) {
        if (((struct item *)at->data)->row.id == row)
            return at->data;
    }
    return NULL;
}

void outbox_file_made(struct outbox *outbox, int64_t row, struct chat_file *file, bool later)
{
    struct lane *lane;
    struct item *item = item_of(outbox, row, &lane);
    if (item == NULL || !item->holds_file) {
        chat_file_free(file);
        return;
    }
    item->file = file;
    if (file != NULL) {
        flight_again_in(lane, item, 0);
        return;
    }
    file_let_go(outbox, item);
    if (later)
        flight_again_in(lane, item, flight_backoff(item));
    else
        outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
}

int64_t file_after(struct outbox *outbox, struct item *item, enum step step, struct verdict *verdict)
{
    if (verdict->kind != VERDICT_SENT) {
        file_let_go(outbox, item); /* nobody may be forgotten or leave, and yet be in it when it goes at last */
        return verdict->retry_after_ms > 0 ? verdict->retry_after_ms : flight_backoff(item);
    }
    if (step == STEP_RESERVE) {
        item->reserved = true;
        item->file_id = g_steal_pointer(&verdict->message);
        item->upload_url = g_steal_pointer(&verdict->url);
        return 0;
    }
    char *id = verdict->message != NULL ? g_steal_pointer(&verdict->message) : g_steal_pointer(&item->file_id);
    file_let_go(outbox, item);
    outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_UPLOADED, .message = id});
    return -1;
}

void outbox_uploaded(struct outbox *outbox, int64_t row, const char *file)
{
    struct lane *lane;
    struct item *item = item_of(outbox, row, &lane);
    if (item == NULL)
        return;
    g_free(item->row.message);
    item->row.message = g_strdup(file);
    item->settling = false;
    flight_again_in(lane, item, 0);
}
