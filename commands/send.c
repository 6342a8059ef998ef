#include "commands/send.h"

#include "commands/roles.h"
#include "commands/say.h"
#include "commands/views.h"
#include "store/forget.h"

#include <string.h>

static const char *platform_of(struct context *ctx)
{
    return ctx->event != NULL ? ctx->event->platform : ctx->where.platform;
}

/* Fills in what every row has and enqueues it. content is JSON, and taken. */
static void enqueue(struct context *ctx, struct outbox_row *row, char *content)
{
    struct person to = {0};
    if (row->person != 0)
        store_get_person(ctx->store, row->person, &to);
    bool nobody = to.forgotten;
    person_done(&to);
    if (nobody) {
        g_free(content);
        return;
    }
    row->content = content;
    row->platform = (char *)platform_of(ctx);
    row->made_at = ctx->now;
    if (row->due_at == 0)
        row->due_at = ctx->now;
    store_enqueue(ctx->store, row);
    g_free(content);
}

/* Whoever was named for this post. */
static void note_quotations(struct context *ctx, int64_t post)
{
    for (guint i = 0; ctx->quoted != NULL && i < ctx->quoted->len; i++)
        store_note_quoted(ctx->store, post, g_array_index(ctx->quoted, int64_t, i));
    g_clear_pointer(&ctx->quoted, g_array_unref);
}

static char *content_of(struct message *message)
{
    char *json = message_to_json(message);
    message_free(message);
    return json;
}

int64_t send_post(struct context *ctx, int64_t channel, int64_t thread, const char *purpose, int64_t ask,
                  struct message *message)
{
    int64_t post = store_add_post(ctx->store, purpose, ask, 0, channel, thread);
    struct outbox_row row = {.kind = OUT_POST, .channel = channel, .post = post, .thread = thread};
    enqueue(ctx, &row, content_of(message));
    note_quotations(ctx, post);
    return post;
}

int64_t send_to_thread(struct context *ctx, const struct ask *ask, const char *purpose, struct message *message)
{
    int64_t card = store_post_of_ask(ctx->store, ask->number, "card");
    if (card == 0) {
        /* It came out of a file, and nothing was said of it yet. */
        card = store_add_post(ctx->store, "card", ask->number, 0, ask->channel, 0);
        send_drawn(ctx, ask->channel, card);
    }
    inform_add(ctx, ask->number, message);
    return send_post(ctx, ask->channel, card, purpose, ask->number, message);
}

void send_drawn(struct context *ctx, int64_t channel, int64_t post)
{
    struct outbox_row row = {.kind = OUT_POST, .channel = channel, .post = post};
    enqueue(ctx, &row, NULL);
}

void send_redraw(struct context *ctx, int64_t post)
{
    struct post found;
    if (post == 0 || !store_get_post(ctx->store, post, &found))
        return;
    struct outbox_row row = {.kind = OUT_UPDATE, .channel = found.channel, .post = post};
    enqueue(ctx, &row, NULL);
    post_done(&found);
}

void send_card_redraw(struct context *ctx, int64_t ask)
{
    send_redraw(ctx, store_post_of_ask(ctx->store, ask, "card"));
}

void send_edit(struct context *ctx, int64_t post, struct message *message)
{
    struct post found;
    if (post == 0 || !store_get_post(ctx->store, post, &found)) {
        message_free(message);
        return;
    }
    bool direct = strcmp(found.purpose, DIRECT_PURPOSE) == 0;
    struct outbox_row row = {.kind = OUT_UPDATE,
                             .channel = found.channel,
                             .person = direct ? found.subject : 0,
                             .post = post,
                             .thread = found.thread};
    enqueue(ctx, &row, content_of(message));
    note_quotations(ctx, post);
    post_done(&found);
}

void send_direct(struct context *ctx, int64_t person, int64_t ask, struct message *message)
{
    int64_t post = store_add_post(ctx->store, DIRECT_PURPOSE, ask, person, 0, 0);
    struct outbox_row row = {.kind = OUT_POST, .person = person, .post = post};
    enqueue(ctx, &row, content_of(message));
    note_quotations(ctx, post);
}

void send_ephemeral(struct context *ctx, int64_t person, int64_t channel, const char *root, struct message *message)
{
    struct outbox_row row = {.kind = OUT_EPHEMERAL, .person = person, .channel = channel, .root = (char *)root};
    enqueue(ctx, &row, content_of(message));
}

void send_reaction(struct context *ctx, int64_t channel, const char *message, const char *emoji)
{
    struct outbox_row row = {
        .kind = OUT_REACTION, .channel = channel, .message = (char *)message, .emoji = (char *)emoji};
    enqueue(ctx, &row, NULL);
}

bool can_open_form(const struct context *ctx)
{
    return ctx->event != NULL && ctx->event->trigger != NULL && !ctx->event->replay;
}

void send_form(struct context *ctx, struct form *form)
{
    if (!can_open_form(ctx)) {
        answer_say(ctx, "form.impossible", "instead", form->instead, NULL);
    } else if (ctx->nameless) {
        form_free(ctx->form);
        ctx->form = g_steal_pointer(&form);
    } else {
        struct outbox_row row = {.kind = OUT_FORM, .trigger = ctx->event->trigger, .person = ctx->who.id};
        enqueue(ctx, &row, form_to_json(form));
    }
    form_free(form);
}

void send_home(struct context *ctx, int64_t person)
{
    struct message *home = home_draw(ctx, person);
    struct outbox_row row = {.kind = OUT_HOME, .person = person};
    enqueue(ctx, &row, content_of(home));
}

void send_join(struct context *ctx, int64_t channel, int64_t post)
{
    struct outbox_row row = {.kind = OUT_JOIN, .channel = channel, .thread = post};
    enqueue(ctx, &row, NULL);
}
