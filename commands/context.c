#include "commands/command.h"

#include "commands/say.h"

static int64_t person_of(struct store *store, const struct event *event, const char *user)
{
    return store_person(store, event->platform, event->workspace, user, event->user_name);
}

/* Reads and makes nothing: neither a person nor, in a direct channel, a place is known afterwards that was not before. */
static void look_without_trace(struct context *ctx, const struct event *event)
{
    struct person who = {0};
    int64_t person = event->user != NULL ? store_find_person(ctx->store, event->platform, event->user) : 0;
    /* A stranger may be a guest. */
    bool known = person != 0 && store_get_person(ctx->store, person, &who), guest = !known || who.guest;
    if (known) {
        ctx->language = say_language(who.language != NULL ? who.language : who.locale);
        person_done(&who);
    }
    bool elsewhere = event->channel != NULL && *event->channel != '\0' && event->channel_kind != CHANNEL_DIRECT;
    if (elsewhere) {
        int64_t id = store_channel(ctx->store, event->platform, event->workspace, event->channel, event->channel_name,
                                   event->channel_kind);
        store_get_channel(ctx->store, id, &ctx->where);
    }
    ctx->in_direct = ctx->where.kind == CHANNEL_DIRECT;
    ctx->viewer = (struct viewer){.person = person,
                                  .place = ctx->in_direct ? 0 : ctx->where.id,
                                  .guest = guest};
}

bool context_init(struct context *ctx, struct store *store, const struct settings *settings,
                  const struct event *event, int64_t now)
{
    *ctx = (struct context){.store = store, .settings = settings, .event = event, .now = now, .language = "en"};
    if (event == NULL)
        return true;
    ctx->nameless = event->nameless;
    if (ctx->nameless) {
        look_without_trace(ctx, event);
        return store_failed(store) == NULL;
    }
    if (event->user != NULL && *event->user != '\0')
        store_get_person(store, person_of(store, event, event->user), &ctx->who);
    if (event->channel != NULL && *event->channel != '\0') {
        int64_t id = store_channel(store, event->platform, event->workspace, event->channel, event->channel_name,
                                   event->channel_kind);
        store_get_channel(store, id, &ctx->where);
        if (ctx->where.kind == CHANNEL_UNKNOWN && event->channel_kind != CHANNEL_UNKNOWN) {
            store_set_channel(store, id, event->channel_name, event->channel_kind, 0);
            ctx->where.kind = event->channel_kind;
        }
    }
    ctx->in_direct = ctx->where.kind == CHANNEL_DIRECT;
    if (ctx->in_direct && ctx->who.id != 0 && g_strcmp0(ctx->who.dm, ctx->where.channel) != 0 &&
        event->kind == EVENT_MESSAGE)
        store_set_dm(store, ctx->who.id, ctx->where.channel);
    ctx->viewer = (struct viewer){.person = ctx->who.id,
                                  .place = ctx->in_direct ? 0 : ctx->where.id,
                                  .guest = ctx->who.guest};
    if (ctx->who.id != 0)
        ctx->language = ctx->who.language != NULL ? say_language(ctx->who.language) : say_language(ctx->who.locale);
    return store_failed(store) == NULL;
}

void context_done(struct context *ctx)
{
    person_done(&ctx->who);
    channel_done(&ctx->where);
    message_free(ctx->reply);
    form_free(ctx->form);
    g_free(ctx->group);
    g_free(ctx->told);
    g_free(ctx->file_order);
    if (ctx->quoted != NULL)
        g_array_unref(ctx->quoted);
    for (int i = 0; i < ctx->n_errors; i++) {
        g_free(ctx->errors[i].name);
        g_free(ctx->errors[i].value);
    }
    g_free(ctx->errors);
    *ctx = (struct context){0};
}
