#include "bot/chats.h"

#include "bot/base/log.h"
#include "bot/mattermost/mattermost.h"
#include "bot/slack/slack.h"

#include <string.h>

struct chats {
    const struct config *config;
    struct loop *loop;
    struct rest *rest;
    struct store *store;
    struct platform_host host;
    struct listener *listener;
    struct person met; /* whose name was asked for last */
    GPtrArray *platforms;
};

static bool has(const struct chats *chats, enum config_option option)
{
    return config_string(chats->config, option) != NULL;
}

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

static const char *name_of(const char *user, void *data)
{
    const struct person *person = meet(data, user);
    return person != NULL && person->refreshed_at != 0 ? person->name : NULL;
}

static const char *handle_of(const char *user, void *data)
{
    const struct person *person = meet(data, user);
    return person != NULL ? person->handle : NULL;
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

/* The address as it was configured, with the port that was found for port 0. */
static char *listening_at(const struct chats *chats)
{
    const char *address = config_string(chats->config, CONFIG_ASKWHY_LISTEN);
    const char *colon = strrchr(address, ':');
    if (g_str_has_prefix(address, "unix:") || colon == NULL)
        return g_strdup(address);
    g_autofree char *host = colon == address ? g_strdup("127.0.0.1") : g_strndup(address, (gsize)(colon - address));
    return g_strdup_printf("%s:%d", host, listener_port(chats->listener));
}

static char *callback_url(const struct chats *chats, const char *address)
{
    const char *told = config_string(chats->config, CONFIG_ASKWHY_PUBLIC_URL);
    bool tls = has(chats, CONFIG_ASKWHY_LISTEN_CERTIFICATE);
    g_autofree char *base = told != NULL ? g_strdup(told) : g_strconcat(tls ? "https://" : "http://", address, NULL);
    if (g_str_has_suffix(base, "/"))
        base[strlen(base) - 1] = '\0';
    return g_strconcat(base, "/mattermost", NULL);
}

static char **command_tokens(const struct chats *chats)
{
    const char *told = config_string(chats->config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    char **tokens = g_strsplit_set(told != NULL ? told : "", ", ", -1);
    int kept = 0;
    for (int i = 0; tokens[i] != NULL; i++) {
        if (*tokens[i] == '\0') {
            g_free(tokens[i]);
            continue;
        }
        log_secret(tokens[i]);
        tokens[kept++] = tokens[i];
    }
    tokens[kept] = NULL;
    return tokens;
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
    g_autofree char *address = listening_at(chats);
    g_autofree char *callback = callback_url(chats, address);
    g_auto(GStrv) tokens = command_tokens(chats);
    log_info("listen.ready", "address=%s callback=%s", address, callback);
    struct mattermost_options options = {
        .url = config_string(chats->config, CONFIG_MATTERMOST_URL),
        .token = config_string(chats->config, CONFIG_MATTERMOST_TOKEN),
        .command_tokens = (const char *const *)tokens,
        .callback_url = callback,
        .signing_key = key,
        .name = name_of,
        .handle = handle_of,
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
    if (has(chats, CONFIG_SLACK_BOT_TOKEN))
        add_slack(chats);
    if (has(chats, CONFIG_MATTERMOST_URL) && !add_mattermost(chats, error)) {
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
    g_free(chats);
}

const GPtrArray *chats_platforms(const struct chats *chats)
{
    return chats->platforms;
}
