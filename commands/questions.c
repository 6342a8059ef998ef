/* Which questions a channel asks, and in which words. */
#include "commands/clarify.h"

#include "bot/base/json.h"
#include "commands/say.h"

#include <string.h>

static cJSON *settings_of(const struct channel *channel)
{
    return channel->questions != NULL ? json_parse(channel->questions, strlen(channel->questions), NULL) : NULL;
}

bool question_is_asked(const struct channel *channel, const char *kind)
{
    g_autoptr(cJSON) settings = settings_of(channel);
    const cJSON *asked = json_get(settings, "ask"), *one;
    if (!cJSON_IsArray(asked))
        return true;
    cJSON_ArrayForEach(one, asked)
    {
        if (g_strcmp0(one->valuestring, kind) == 0)
            return true;
    }
    return false;
}

char *question_text(const struct channel *channel, const char *language, const char *kind)
{
    g_autoptr(cJSON) settings = settings_of(channel);
    const char *own = json_str(json_get(settings, "words"), kind);
    if (own != NULL)
        return g_strdup(own);
    g_autofree char *entry = g_strconcat("question.", kind, NULL);
    return say(language, entry, NULL);
}

const char *ask_words(const struct ask *ask, enum question_kind kind)
{
    const char *const words[QUESTION_KINDS] = {ask->why, ask->impact, ask->evidence, ask->deadline_note};
    return words[kind];
}

bool ask_is_clear(struct context *ctx, const struct ask *ask)
{
    struct channel channel = {0};
    store_get_channel(ctx->store, ask->channel, &channel);
    bool clear = (ask->why_known != 0 || !question_is_asked(&channel, "why")) &&
                 (ask->impact_known != 0 || !question_is_asked(&channel, "impact"));
    channel_done(&channel);
    return clear;
}
