/* One row on its way: made concrete, sent or looked for, and what its answer means. */
#include "bot/outbox_internal.h"

#include "bot/base/clock.h"
#include "bot/base/crash.h"
#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 60 * 1000,
    STOPPED_RETRY_MS = 60 * 1000,
    STORE_RETRY_MS = 1000, /* what a row says could not be read */
    /* A message just written may not be readable yet: look twice, so far apart. */
    SEARCH_AGAIN_MS = 5000,
};

struct flight {
    struct outbox *outbox;
    struct lane *lane;
    struct item *item;
    enum step step;
    char *channel, *thread, *message, *user;
    bool member; /* of that channel, as far as is known */
    struct message *content;
    struct form *form;
    struct outgoing out;
};

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static void flight_free(struct flight *flight)
{
    g_free(flight->channel);
    g_free(flight->thread);
    g_free(flight->message);
    g_free(flight->user);
    message_free(flight->content);
    form_free(flight->form);
    g_free(flight);
}

int64_t flight_backoff(struct item *item)
{
    int64_t wait = (int64_t)BACKOFF_FIRST_MS << MIN(item->row.attempts, 6);
    item->row.attempts++;
    wait = MIN(wait, BACKOFF_MAX_MS);
    return wait / 2 + g_random_int_range(0, (gint32)(wait / 2) + 1);
}

void flight_again_in(struct lane *lane, struct item *item, int64_t ms)
{
    item->ready = now_ms() + ms;
    lane->in_flight = item->under_way = false;
    lane_list(lane);
}

/* for_good: no hand can mend it, so it is not kept. */
static void give_up(struct outbox *outbox, struct lane *lane, struct item *item, const char *why, enum refusal refusal,
                    bool for_good)
{
    bool keeps = !for_good && (item->row.kind == OUT_POST || item->row.kind == OUT_UPDATE);
    log_warning("outbox.failed", "row=%" G_GINT64_FORMAT " kind=%d kept=%d why=%s", item->row.id, item->row.kind, keeps,
                why != NULL ? why : "");
    /* Its thread has no root then: what belongs behind it waits for it. */
    if (keeps && item->row.kind == OUT_POST && item->row.post != 0 && item->row.thread == 0)
        lane->stalled = true;
    /* It is written down: what the server said may quote a token. */
    char *told = why != NULL ? log_redact(why) : NULL;
    file_let_go(outbox, item);
    outbox_tell(outbox, item,
                (struct outbox_mark){.what = keeps ? MARK_PARKED : MARK_DROPPED, .refusal = refusal, .why = told});
}

static void root_gone(struct outbox *outbox, struct lane *lane, struct item *item, const char *why)
{
    /* Once: whoever deletes every first post wants no thread. */
    if (item->row.kind == OUT_POST && item->row.thread != 0 && !item->reopened)
        outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_ROOT_GONE});
    else
        give_up(outbox, lane, item, why, REFUSED_OTHERWISE, false);
}

static void after_search(struct flight *flight, struct verdict *verdict)
{
    struct item *item = flight->item;
    if (verdict->kind == VERDICT_SENT) {
        outbox_tell(flight->outbox, item,
             (struct outbox_mark){.what = MARK_SENT, .message = g_steal_pointer(&verdict->message)});
        return;
    }
    if (verdict->kind == VERDICT_MORE) {
        g_free(item->cursor);
        item->cursor = g_steal_pointer(&verdict->cursor);
        flight_again_in(flight->lane, item, 0);
        return;
    }
    g_clear_pointer(&item->cursor, g_free);
    if (verdict->kind == VERDICT_ABSENT) {
        if (--item->searches <= 0) {
            item->step = STEP_SEND;
            if (item->lost)
                g_clear_pointer(&item->row.message, g_free);
            item->lost = false;
        }
        flight_again_in(flight->lane, item, item->searches > 0 ? SEARCH_AGAIN_MS : 0);
    } else if (verdict->kind == VERDICT_FAILED || verdict->kind == VERDICT_GONE) {
        give_up(flight->outbox, flight->lane, item, verdict->why, verdict->refusal, false);
    } else {
        flight_again_in(flight->lane, item, verdict->retry_after_ms > 0 ? verdict->retry_after_ms : flight_backoff(item));
    }
}

/* Of a post and of a file: made once, and found again. */
static bool can_be_found(int kind)
{
    return kind == OUT_POST || kind == OUT_FILE;
}

/* A reservation or an upload, which nobody sees yet. */
static void after_upload(struct flight *flight, struct verdict *verdict)
{
    struct item *item = flight->item;
    if (verdict->kind == VERDICT_FAILED || verdict->kind == VERDICT_GONE) {
        give_up(flight->outbox, flight->lane, item, verdict->why, verdict->refusal, false);
        return;
    }
    int64_t wait = file_after(flight->outbox, item, flight->step, verdict);
    if (wait >= 0)
        flight_again_in(flight->lane, item, wait);
}

/* What was uploaded is not there any more, or it was shown already and goes by another name since: that can be seen. */
static bool search_for_lost(struct flight *flight)
{
    struct item *item = flight->item;
    if (item->row.kind != OUT_FILE || flight->step != STEP_SEND || item->anew)
        return false;
    item->lost = item->anew = true;
    item->step = STEP_SEARCH;
    item->searches = 2;
    flight_again_in(flight->lane, item, SEARCH_AGAIN_MS);
    return true;
}

static void after_send(struct flight *flight, struct verdict *verdict)
{
    struct item *item = flight->item;
    switch (verdict->kind) {
    case VERDICT_SENT:
        if (flight->step == STEP_OPEN_DM) {
            g_free(item->dm);
            item->dm = g_steal_pointer(&verdict->channel);
            flight_again_in(flight->lane, item, 0);
        } else {
            outbox_tell(flight->outbox, item,
                 (struct outbox_mark){.what = MARK_SENT,
                                      .message = g_steal_pointer(&verdict->message),
                                      .channel = g_steal_pointer(&verdict->channel)});
        }
        break;
    case VERDICT_UNKNOWN:
        if (flight->step == STEP_SEND && can_be_found(item->row.kind)) {
            item->step = STEP_SEARCH;
            item->searches = 2;
        }
        if (flight->step == STEP_SEND && !sends_twice_harmlessly(item->row.kind) && !can_be_found(item->row.kind))
            give_up(flight->outbox, flight->lane, item, verdict->why, verdict->refusal, false);
        else
            flight_again_in(flight->lane, item, flight_backoff(item));
        break;
    case VERDICT_STOPPED:
        /* Once a while, not once a row: they all wait for the same hand. */
        if (now_ms() - flight->outbox->stopped_at > STOPPED_RETRY_MS / 2) {
            log_error("outbox.stopped", "why=%s", verdict->why != NULL ? verdict->why : "");
            flight->outbox->stopped_at = now_ms();
        }
        flight_again_in(flight->lane, item, STOPPED_RETRY_MS);
        break;
    case VERDICT_ROOT_GONE:
        root_gone(flight->outbox, flight->lane, item, verdict->why);
        break;
    case VERDICT_GONE:
        if (search_for_lost(flight))
            break;
        give_up(flight->outbox, flight->lane, item, verdict->why, verdict->refusal, true);
        break;
    case VERDICT_FAILED:
        give_up(flight->outbox, flight->lane, item, verdict->why, verdict->refusal, false);
        break;
    case VERDICT_RETRY:
    case VERDICT_ABSENT:
    case VERDICT_MORE:
        flight_again_in(flight->lane, item, verdict->retry_after_ms > 0 ? verdict->retry_after_ms : flight_backoff(item));
        break;
    }
}

static void answered(const struct rest_response *response, void *data)
{
    struct flight *flight = data;
    struct outbox *outbox = flight->outbox;
    const struct codec *codec = outbox_platform(outbox, &flight->item->row)->codec;
    struct verdict verdict = {0};
    crash_point("after-send");
    g_hash_table_remove(outbox->flights, flight);
    if (flight->step == STEP_SEARCH)
        codec->decode_search(codec, &flight->out, response, &verdict);
    else
        codec->decode(codec, &flight->out, response, &verdict);
    if (response->outcome == REST_ANSWERED && response->status == 429)
        pace_hold(outbox->pace, codec, &flight->out, verdict.retry_after_ms, now_ms());
    if (flight->step == STEP_SEARCH)
        after_search(flight, &verdict);
    else if (flight->step == STEP_RESERVE || flight->step == STEP_UPLOAD)
        after_upload(flight, &verdict);
    else
        after_send(flight, &verdict);
    verdict_done(&verdict);
    flight_free(flight);
    outbox->wanted = true; /* the end of this round sends on */
}

/* The first thing to know of a row: where it goes, and as what. */
static void find_place(struct flight *flight)
{
    struct outbox *outbox = flight->outbox;
    const struct outbox_row *row = &flight->item->row;
    struct channel channel;
    if (row->channel != 0 && store_get_channel(outbox->store, row->channel, &channel)) {
        flight->channel = g_strdup(channel.channel);
        flight->member = channel.member;
        channel_done(&channel);
    }
    struct person person;
    if (row->person != 0 && store_get_person(outbox->store, row->person, &person)) {
        flight->user = g_strdup(person.user);
        if ((can_be_found(row->kind) || row->kind == OUT_UPDATE) && flight->channel == NULL) {
            flight->channel = g_strdup(flight->item->dm != NULL ? flight->item->dm : person.dm);
            /* What the row itself waits for, to be looked for perhaps, stays in its item. */
            if (flight->channel == NULL)
                flight->step = STEP_OPEN_DM;
        }
        person_done(&person);
    }
    flight->out.kind = flight->step == STEP_OPEN_DM   ? OUT_OPEN_DM
                       : flight->step == STEP_RESERVE ? OUT_RESERVE
                       : flight->step == STEP_UPLOAD  ? OUT_UPLOAD
                                                      : (enum outgoing_kind)row->kind;
    flight->out.channel = flight->channel;
}

enum concrete {
    CONCRETE,
    WAITS,     /* for what it belongs to: that is parked, and goes first once it may */
    NEEDLESS,  /* an edit of what was deleted */
    ROOTLESS,  /* what it belongs to was deleted */
};

/* The concrete outgoing of a row, or why it cannot be made. */
static enum concrete make_concrete(struct flight *flight)
{
    struct outbox *outbox = flight->outbox;
    const struct outbox_row *row = &flight->item->row;
    flight->thread = g_strdup(row->root);
    flight->message = g_strdup(row->message);
    struct post post;
    if (row->thread != 0 && row->kind != OUT_JOIN && store_get_post(outbox->store, row->thread, &post)) {
        g_free(flight->thread);
        flight->thread = g_strdup(post.message);
        post_done(&post);
        if (flight->thread == NULL && row->kind != OUT_UPDATE)
            return store_will_place(outbox->store, row->thread) ? WAITS : ROOTLESS;
    }
    bool of_post = row->post != 0 && (row->kind == OUT_UPDATE || row->content == NULL);
    if (of_post && store_get_post(outbox->store, row->post, &post)) {
        if (row->kind == OUT_UPDATE)
            flight->message = g_strdup(post.message);
        if (row->content == NULL)
            flight->content = outbox->host.draw(&post, outbox->host.data);
        bool lacks = row->kind == OUT_UPDATE && flight->message == NULL;
        post_done(&post);
        if (lacks)
            return store_will_place(outbox->store, row->post) ? WAITS : NEEDLESS;
    }
    if (row->content != NULL) {
        g_autoptr(cJSON) content = json_parse(row->content, strlen(row->content), NULL);
        if (row->kind == OUT_FORM)
            flight->form = form_from_json(content);
        else if (row->kind == OUT_FILE)
            flight->content = message_from_json(json_get(content, "message"));
        else
            flight->content = message_from_json(content);
    }
    flight->out = (struct outgoing){
        .kind = flight->out.kind,
        .op = row->op,
        .channel = flight->channel,
        .thread = flight->thread,
        .message = flight->message,
        .user = flight->user,
        .url = flight->step == STEP_UPLOAD ? flight->item->upload_url : row->url,
        .trigger = row->trigger,
        .emoji = row->emoji,
        .content = flight->content,
        .form = flight->form,
        .file = flight->item->file,
        .since_ms = row->made_at,
    };
    return CONCRETE;
}

int64_t flight_try(struct outbox *outbox, struct lane *lane)
{
    struct item *item = g_queue_peek_head(&lane->items);
    if (item == NULL || item->settling || lane->in_flight || lane->stalled)
        return -1;
    int64_t now = now_ms();
    if (item->ready > now)
        return item->ready - now;
    struct platform *platform = outbox_platform(outbox, &item->row);
    if (platform == NULL) {
        lane->stalled = true;
        return -1;
    }
    enum step step = item->step;
    if (item->row.kind == OUT_FILE && step == STEP_SEND) {
        int64_t room = -1;
        if (outbox->host.make_file == NULL || !file_is_ready(outbox, lane, item, &step, &room))
            return room;
    }
    struct flight *flight = g_new0(struct flight, 1);
    flight->outbox = outbox;
    flight->lane = lane;
    flight->item = item;
    flight->step = step;
    find_place(flight);
    const struct codec *codec = platform->codec;
    bool paced = flight->step != STEP_SEARCH;
    int64_t wait = paced ? pace_wait(outbox->pace, codec, &flight->out, now) : 0;
    if (wait > 0) {
        item->ready = now + wait; /* nor looked at before, and drawn only when it goes */
        flight_free(flight);
        return wait;
    }
    enum concrete concrete = make_concrete(flight);
    if (store_failed(outbox->store) != NULL) {
        flight_free(flight);
        return STORE_RETRY_MS;
    }
    if (concrete == WAITS || concrete == ROOTLESS) {
        lane->stalled = concrete == WAITS;
        if (concrete == ROOTLESS)
            root_gone(outbox, lane, item, "the thread's first post was deleted");
        flight_free(flight);
        return -1;
    }
    if (concrete == NEEDLESS || (item->row.kind == OUT_JOIN && flight->member)) {
        /* There is nothing to edit; another row has joined meanwhile. */
        outbox_tell(outbox, item, (struct outbox_mark){.what = MARK_DROPPED});
        flight_free(flight);
        return -1;
    }
    if (paced)
        pace_take(outbox->pace, codec, &flight->out, now);
    struct rest_request request = {0};
    bool made = flight->step == STEP_SEARCH
                    ? codec->encode_search(codec, &flight->out, item->cursor, &request)
                    : codec->encode(codec, &flight->out, &request);
    lane->in_flight = item->under_way = true;
    if (!made) {
        if (flight->step == STEP_SEARCH) {
            item->step = STEP_SEND;
            flight_again_in(lane, item, 0);
        } else if (flight->step == STEP_RESERVE) {
            item->reserved = true; /* nothing needs to be */
            flight_again_in(lane, item, 0);
        } else {
            give_up(outbox, lane, item, "there is nothing to send for it on this platform", REFUSED_OTHERWISE, false);
        }
        flight_free(flight);
        rest_request_done(&request);
        return -1;
    }
    g_hash_table_add(outbox->flights, flight);
    log_debug("outbox.send", "row=%" G_GINT64_FORMAT " kind=%d step=%d", item->row.id, item->row.kind, (int)flight->step);
    crash_point("before-send");
    rest_send(outbox->rest, &request, answered, flight);
    rest_request_done(&request);
    return -1;
}

void flight_forget(struct flight *flight)
{
    rest_forget(flight->outbox->rest, flight);
    flight_free(flight);
}
