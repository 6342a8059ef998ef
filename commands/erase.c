#include "commands/erase.h"

#include "commands/say.h"
#include "commands/send.h"
#include "store/forget.h"

#include <string.h>

void erase_post(struct context *ctx, int64_t id, const char *entry)
{
    struct post post;
    if (!store_get_post(ctx->store, id, &post))
        return;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, post.channel, &ctx->where);
    struct person whose = {0};
    bool direct = strcmp(post.purpose, DIRECT_PURPOSE) == 0 && store_get_person(ctx->store, post.subject, &whose);
    const char *language = !direct ? ctx->where.language : whose.language != NULL ? whose.language : whose.locale;
    g_autofree char *text = say(say_language(language), entry, NULL);
    g_autofree char *platform = direct ? store_platform_of(ctx->store, post.subject) : NULL;
    if (platform != NULL)
        ctx->where.platform = g_ref_string_new(platform);
    person_done(&whose);
    struct message *message = message_text(text);
    g_autofree char *content = message_to_json(message);
    bool waits = store_replace_content(ctx->store, id, content);
    if (strcmp(post.purpose, "card") == 0)
        send_redraw(ctx, id);
    else if (waits || post.message != NULL)
        send_edit(ctx, id, g_steal_pointer(&message));
    message_free(message);
    post_done(&post);
}
