#include "bot/chats.h"

#include "bot/base/log.h"
#include "bot/mattermost/mattermost.h"
#include "bot/slack/slack.h"
#include "commands/say.h"

struct chats {
    const struct config *config;
    struct loop *loop;
    struct rest *rest;
    struct store *store;
    struct platform_host host;
    struct listener *listener;
    struct person met;   /* whose name was asked for last */
    struct channel seen; /* which channel's name was */
    GPtrArray *platforms;
};

static void add_slack(struct chats *chats)
{
    const struct config *config = chats->config;
    struct slack_options options = {
        .api_url = config_string(config, CONFIG_SLACK_API_URL),
        .app_token = config_string(config, CONFIG_SLACK_APP_TOKEN),
        .bot_token = config_string(config, CONFIG_SLACK_BOT_TOKEN),
        .sockets = config_int(config, CONFIG_SLACK_SOCKETS),
        .requests_per_minute_posts = config_int(config, CONFIG_SLACK_POSTS_PER_MINUTE),
    };
    g_ptr_array_add(chats->platforms, slack_new(chats->loop, chats->rest, &options, &chats->host));
}

/* ---- Mattermost ---- */

static const struct person *meet(struct chats *chats, const char *user)
{
    person_done(&chats->met);
    int64_t id = store_find_person(chats->store, "mattermost", user);
    return id != 0 && store_get_person(chats->store, id, &chats->met) ? &chats->met : NULL;
}

/* Of a channel's id, its name; a person whose profile was not read yet has none. */
static const char *name_of(const char *id, void *data)
{
    struct chats *chats = data;
    const struct person *person = meet(chats, id);
    if (person != NULL)
        return person->refreshed_at != 0 ? person->name : NULL;
    channel_done(&chats->seen);
    int64_t row = store_find_channel(chats->store, "mattermost", id);
    bool found = row != 0 && store_get_channel(chats->store, row, &chats->seen);
    return found && chats->seen.name[0] != '\0' ? chats->seen.name : NULL;
}

static const char *handle_of(const char *user, void *data)
{
    const struct person *person = meet(data, user);
    return person != NULL ? person->handle : NULL;
}

static char *words_of(enum platform_words what, const char *user, void *data)
{
    const struct person *person = meet(data, user);
    const char *own = person == NULL ? NULL : person->language != NULL ? person->language : person->locale;
    const char *language = say_language(own);
    switch (what) {
    case WORDS_FORM_TOO_OLD:
        return say(language, "form.too.old", NULL);
    case WORDS_FORM_OF_ANOTHER:
        return say(language, "form.of.another", NULL);
    case WORDS_NOT_IN_CHANNEL:
        return say(language, "form.not.in.channel", NULL);
    case WORDS_CHANNEL_NOT_SEEN:
        break;
    }
    return say(language, "form.channel.not.seen", NULL);
}

static bool open_listener(struct chats *chats, GError **error)
{
    struct listener_options options = {
        .address = config_string(chats->config, CONFIG_ASKWHY_LISTEN),
        .certificate = config_string(chats->config, CONFIG_ASKWHY_LISTEN_CERTIFICATE),
        .key = config_string(chats->config, CONFIG_ASKWHY_LISTEN_KEY),
    };
    chats->listener = listener_new(chats->loop, &options, error);
    return chats->listener != NULL;
}

/* Where the server's calls arrive; NULL and *error when only the operator could say it. */
static char *callback_url(const struct chats *chats, GError **error)
{
    g_autofree char *base = config_public_url(chats->config, listener_port(chats->listener));
    if (base == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "ASKWHY_LISTEN = %s does not tell how the Mattermost server reaches it: set ASKWHY_PUBLIC_URL",
                    config_string(chats->config, CONFIG_ASKWHY_LISTEN));
        return NULL;
    }
    return g_strconcat(base, "/mattermost", NULL);
}

static bool add_mattermost(struct chats *chats, GError **error)
{
    if (!open_listener(chats, error))
        return false;
    g_autofree char *key = store_signing_key(chats->store);
    if (key == NULL) {
        const GError *why = store_failed(chats->store);
        g_set_error(error, STORE_ERROR, STORE_ERROR_IO, "%s: no signing key can be kept: %s", store_path(chats->store),
                    why != NULL ? why->message : "no randomness");
        return false;
    }
    log_secret(key);
    g_autofree char *callback = callback_url(chats, error);
    if (callback == NULL)
        return false;
    g_auto(GStrv) tokens = config_list(chats->config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    log_info("listen.ready", "address=%s port=%d callback=%s", config_string(chats->config, CONFIG_ASKWHY_LISTEN),
             listener_port(chats->listener), callback);
    struct mattermost_options options = {
        .url = config_string(chats->config, CONFIG_MATTERMOST_URL),
        .token = config_string(chats->config, CONFIG_MATTERMOST_TOKEN),
        .command_tokens = (const char *const *)tokens,
        .callback_url = callback,
        .signing_key = key,
        .name = name_of,
        .handle = handle_of,
        .words = words_of,
        .name_data = chats,
    };
    g_ptr_array_add(chats->platforms,
                    mattermost_new(chats->loop, chats->rest, chats->listener, &options, &chats->host));
    return true;
}

struct chats *chats_new(const struct config *config, struct loop *loop, struct rest *rest, struct store *store,
                        const struct platform_host *host, GError **error)
{
    struct chats *chats = g_new0(struct chats, 1);
    chats->config = config;
    chats->loop = loop;
    chats->rest = rest;
    chats->store = store;
    chats->host = *host;
    chats->platforms = g_ptr_array_new();
    if (config_has_slack(config))
        add_slack(chats);
    if (config_has_mattermost(config) && !add_mattermost(chats, error)) {
        chats_free(chats);
        return NULL;
    }
    return chats;
}

void chats_free(struct chats *chats)
{
    if (chats == NULL)
        return;
    for (guint i = 0; i < chats->platforms->len; i++) {
        struct platform *platform = g_ptr_array_index(chats->platforms, i);
        platform->free(platform);
    }
    g_ptr_array_free(chats->platforms, TRUE);
    listener_free(chats->listener);
    person_done(&chats->met);
    channel_done(&chats->seen);
    g_free(chats);
}

const GPtrArray *chats_platforms(const struct chats *chats)
{
    return chats->platforms;
}
