/* What happens in a random life (world.h), as a chat brings it: events, and time. */
#ifndef ASKWHY_TEST_DOING_H
#define ASKWHY_TEST_DOING_H

#include "holds.h"

#include "commands/views.h"

static inline void note(struct world *w, const char *format, ...) G_GNUC_PRINTF(2, 3);
static inline void note(struct world *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append(w->told, "  ");
    g_string_append_vprintf(w->told, format, args);
    g_string_append_c(w->told, '\n');
    va_end(args);
}

static inline void look_at_answer(struct world *w, struct context *ctx, const struct event *event, int who, int place)
{
    int where = ctx->where.id == 0 && ctx->reply_channel != 0 ? place_at(w, ctx->reply_channel) : place;
    if (ctx->reply != NULL) {
        g_free(w->said);
        w->said = plain(ctx->reply);
        look_at_message(w, ctx->reply, where, who, "the answer");
    }
    for (int i = 0; i < ctx->n_errors; i++)
        look_at(w, ctx->errors[i].value, where, who, "an error");
    if (ctx->form != NULL)
        look_at_form(w, g_steal_pointer(&ctx->form), who, where);
    (void)event;
}

/* As the reader thread does it. */
static inline void read_it(struct world *w, const struct event *event, int64_t raised, int who, int place)
{
    struct context ctx;
    if (context_init(&ctx, w->reader, &test_settings, event, w->now)) {
        ctx.on_reader = true;
        if (raised != 0)
            ctx.reply = similar_hint(&ctx, raised);
        else
            command_run(&ctx);
        look_at_answer(w, &ctx, event, who, place);
    }
    context_done(&ctx);
    if (store_failed(w->reader) != NULL)
        wrong(w, "reading: %s", store_failed(w->reader)->message);
}

/* One event, in a transaction of its own; takes it. */
static inline void happens(struct world *w, struct event *event, int who, int place)
{
    struct store *store = w->s->store;
    g_clear_pointer(&w->said, g_free);
    w->entries = w->moves = 0;
    g_hash_table_remove_all(w->posted);
    for (int i = 0; i < W_PEOPLE; i++)
        w->known_as[i] = person_now(w, i);
    w->now += 1000;
    g_free(w->given);
    w->given = g_strconcat(event->text != NULL ? event->text : "", " ", event->value, NULL);
    if (!command_concerns(store, event)) {
        event_free(event);
        return;
    }
    event->nameless = command_is_nameless(&test_settings, event);
    if (event->nameless) {
        share_words(w, event->text);
        for (int i = 0; i < event->n_fields; i++)
            share_words(w, event->fields[i].value);
    }
    struct context ctx;
    bool to_reader = false, rejected = false;
    int64_t raised = 0;
    store_begin(store);
    if (context_init(&ctx, store, &test_settings, event, w->now)) {
        command_run(&ctx);
        rejected = event->kind == EVENT_FORM && ctx.n_errors > 0;
        w->entries = rejected ? 0 : follow_log(w);
        to_reader = ctx.to_reader;
        raised = ctx.raised;
        look_at_answer(w, &ctx, event, who, place);
    }
    context_done(&ctx);
    if (rejected) {
        /* The dispatcher undoes what a form did that is sent back. */
        store_rollback(store);
    } else {
        say_all(w, event->nameless ? W_NOBODY : who, place);
        store_want_index(store);
        if (!store_commit(store))
            wrong(w, "%s", store_failed(store) != NULL ? store_failed(store)->message : "not committed");
    }
    if (w->wrong == NULL && (to_reader || raised != 0) && !rejected)
        read_it(w, event, to_reader ? 0 : raised, who, place);
    event_free(event);
}

static inline void time_passes(struct world *w, int64_t ms)
{
    struct store *store = w->s->store;
    w->now += ms;
    for (int i = 0; i < 3000 && w->wrong == NULL; i++) {
        int64_t due = store_next_due(store);
        struct context ctx;
        store_begin(store);
        context_init(&ctx, store, &test_settings, NULL, w->now);
        bool more = command_run_due(&ctx);
        context_done(&ctx);
        follow_log(w);
        say_all(w, W_NOBODY, W_NOWHERE);
        store_commit(store);
        if (more != (due != 0 && due <= w->now))
            wrong(w, more ? "something was due that nothing told of" : "something is due for ever");
        if (!more)
            return;
    }
    wrong(w, "time brings something without end");
}

static inline void type(struct world *w, int who, int place, const char *text)
{
    struct event *event = event_by(w, EVENT_COMMAND, who, place);
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    note(w, "%s in %s: /ask %s", w_users[who], place_name(place), text);
    happens(w, event, who, place);
}

#endif
