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
    g_autofree char *text = say(say_language(ctx->where.language), entry, NULL);
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
