#include "bot/answers.h"

#include "bot/base/clock.h"
#include "bot/base/crash.h"
#include "bot/base/json.h"
#include "commands/say.h"
#include "commands/send.h"

enum { LATE_US = 2500 * 1000 }; /* a platform shows an error after 3 s and looks at no answer that comes later */

/* The private answer as a row: by response_url, to the eyes of one person in a channel, or directly. anew: beside what
 * was answered already, not in its place. */
static void enqueue_answer(struct store *store, const struct event *event, const struct context *ctx,
                           const struct message *message, int64_t reply_channel, bool anew)
{
    g_autofree char *content = message_to_json(message);
    int64_t person = event->user != NULL ? store_find_person(store, event->platform, event->user) : 0;
    int64_t place = ctx->where.id != 0 ? ctx->where.id : reply_channel;
    struct outbox_row row = {.platform = (char *)event->platform,
                             .content = content,
                             .person = person,
                             .made_at = ctx->now,
                             .due_at = ctx->now};
    bool in_place = event->kind == EVENT_BUTTON && event->ephemeral;
    if ((event->kind == EVENT_COMMAND || in_place) && event->response_url != NULL) {
        row.kind = OUT_RESPONSE;
        row.url = event->response_url;
        row.channel = ctx->where.id; /* the buttons of a message may be signed for its channel */
        row.message = in_place && !anew ? event->message : NULL;
    } else if (place != 0 && !ctx->in_direct) {
        row.kind = OUT_EPHEMERAL;
        row.channel = place;
        row.root = event->thread;
    } else {
        row.kind = OUT_POST;
    }
    if (row.kind == OUT_RESPONSE || person != 0)
        store_enqueue(store, &row);
}

static bool travels_in_acknowledgement(const struct arrival *arrival, const struct message *message)
{
    const struct platform *platform = arrival->platform;
    const struct event *event = arrival->event;
    if (!event->accepts_reply || event->replay)
        return false;
    return platform->carries != NULL ? platform->carries(platform, event, message) : event->kind == EVENT_COMMAND;
}

void answers_keep(struct store *store, struct arrival *arrival, struct context *ctx)
{
    arrival->form = g_steal_pointer(&ctx->form);
    if (ctx->n_errors > 0) {
        arrival->errors = g_steal_pointer(&ctx->errors);
        arrival->n_errors = ctx->n_errors;
        ctx->n_errors = 0;
    } else if (ctx->reply != NULL && travels_in_acknowledgement(arrival, ctx->reply)) {
        arrival->answer = g_steal_pointer(&ctx->reply);
    } else if (ctx->reply != NULL && !ctx->nameless) {
        enqueue_answer(store, arrival->event, ctx, ctx->reply, ctx->reply_channel, false);
    }
}

/* What the answer promises. */
static void enqueue_file(struct store *store, const struct context *ctx, const struct reader_job *job)
{
    struct outbox_row row = {.kind = OUT_FILE,
                             .platform = (char *)job->event->platform,
                             .content = job->order,
                             .person = ctx->who.id,
                             .made_at = ctx->now,
                             .due_at = ctx->now};
    if (ctx->who.id != 0)
        store_enqueue(store, &row);
}

void answers_keep_job(struct store *store, const struct settings *settings, const struct reader_job *job)
{
    struct context ctx;
    if (job->reply != NULL && context_init(&ctx, store, settings, job->event, job->now)) {
        if (job->order != NULL)
            enqueue_file(store, &ctx, job);
        enqueue_answer(store, job->event, &ctx, job->reply, job->reply_channel, job->raised != 0);
        context_done(&ctx);
    }
}

struct reader_job *answers_acknowledge(struct arrival *arrival)
{
    const struct event *event = arrival->event;
    if (event->replay || arrival->failed)
        return NULL;
    bool late = event->response_url != NULL && !event->nameless && clock_monotonic_us() - event->came_us > LATE_US;
    struct answer answer = {.message = late ? NULL : arrival->answer, .errors = arrival->errors, .n_errors = arrival->n_errors};
    crash_point("before-ack");
    bool told = arrival->platform->acknowledge(arrival->platform, event, &answer);
    if ((told && !late) || arrival->answer == NULL || event->nameless)
        return NULL;
    /* The socket is gone, the answer was too large for it, or nobody looks at it any more: response_url reaches the
     * person all the same. */
    struct reader_job *job = g_new0(struct reader_job, 1);
    job->event = g_steal_pointer(&arrival->event);
    job->reply = g_steal_pointer(&arrival->answer);
    job->now = clock_now_ms();
    return job;
}

/* A disk may get room, or be lent to us again; what is wrong with the event itself stays wrong. */
static bool may_pass(const GError *why)
{
    return why == NULL || (why->code != STORE_ERROR_BUG && why->code != STORE_ERROR_CORRUPT);
}

void answers_not_recorded(struct arrival *arrival, const GError *why)
{
    enum event_kind kind = arrival->event->kind;
    arrival->to_reader = false;
    arrival->raised = 0;
    g_clear_pointer(&arrival->answer, message_free);
    if (kind == EVENT_COMMAND || (kind == EVENT_BUTTON && arrival->event->accepts_reply)) {
        g_autofree char *text = say("en", "not.recorded", NULL);
        arrival->answer = message_text(text);
    } else if (kind == EVENT_FORM && arrival->event->n_fields > 0) {
        arrival->errors = g_new0(struct form_value, 1);
        arrival->errors[0].name = g_strdup(arrival->event->fields[0].name);
        arrival->errors[0].value = say("en", "not.recorded", NULL);
        arrival->n_errors = 1;
    } else {
        /* Not acknowledged: the platform brings it again when there may be room. What came without an envelope, over a
         * stream of numbered events or out of the past, comes but once. */
        arrival->failed = true;
        arrival->again = (arrival->event->envelope == NULL || arrival->event->replay) && may_pass(why);
    }
}

void answers_forget(struct arrival *arrival)
{
    g_clear_pointer(&arrival->form, form_free);
    g_clear_pointer(&arrival->answer, message_free);
    for (int i = 0; i < arrival->n_errors; i++) {
        g_free(arrival->errors[i].name);
        g_free(arrival->errors[i].value);
    }
    g_clear_pointer(&arrival->errors, g_free);
    arrival->n_errors = 0;
    arrival->failed = arrival->again = arrival->to_reader = false;
    arrival->raised = 0;
}
