/* What only shows when options are looked at together. */
#include "config/config.h"
#include "config/options.h"

#include <string.h>
#include <sys/stat.h>

static void complain(GPtrArray *list, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void complain(GPtrArray *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(list, g_strdup_vprintf(format, args));
    va_end(args);
}

static bool is_set(const struct config *config, enum config_option option)
{
    return config_string(config, option) != NULL;
}

/* The host that plain http goes to over a network; NULL when it does not. Free with g_free(). */
static char *plain_host(const struct config *config, const char *url)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    if (uri == NULL || strcmp(g_uri_get_scheme(uri), "http") != 0 || option_is_loopback(g_uri_get_host(uri)) ||
        config_bool(config, CONFIG_ASKWHY_ALLOW_PLAIN))
        return NULL;
    return g_strdup(g_uri_get_host(uri));
}

static void check_plain(const struct config *config, enum config_option option, GPtrArray *errors)
{
    g_autofree char *host = plain_host(config, config_string(config, option));
    if (host != NULL)
        complain(errors,
                 "%s: %s is plain http to %s, where everybody between could read the tokens: use https://, or set "
                 "ASKWHY_ALLOW_PLAIN = yes if you mean it",
                 config_source(config, option), options[option].name, host);
}

char *config_accept(const struct config *config, enum config_option option, const char *text, char **why)
{
    g_autofree char *value = option_accept(option, text, why);
    g_autofree char *host = option == CONFIG_MATTERMOST_URL && value != NULL ? plain_host(config, value) : NULL;
    if (host == NULL)
        return g_steal_pointer(&value);
    *why = g_strdup_printf("is plain http to %s, where everybody between could read the tokens: use https://, or set "
                           "ASKWHY_ALLOW_PLAIN = yes if you mean it", host);
    return NULL;
}

static void check_listener(const struct config *config, GPtrArray *errors, GPtrArray *warnings)
{
    bool certificate = is_set(config, CONFIG_ASKWHY_LISTEN_CERTIFICATE), key = is_set(config, CONFIG_ASKWHY_LISTEN_KEY);
    if (certificate != key)
        complain(errors, "%s: %s is set without %s: TLS needs both",
                 config_source(config, certificate ? CONFIG_ASKWHY_LISTEN_CERTIFICATE : CONFIG_ASKWHY_LISTEN_KEY),
                 certificate ? "ASKWHY_LISTEN_CERTIFICATE" : "ASKWHY_LISTEN_KEY",
                 certificate ? "ASKWHY_LISTEN_KEY" : "ASKWHY_LISTEN_CERTIFICATE");
    struct stat file;
    const char *path = config_string(config, CONFIG_ASKWHY_LISTEN_KEY);
    if (key && stat(path, &file) == 0 && S_ISREG(file.st_mode) && (file.st_mode & (S_IROTH | S_IWOTH)) != 0)
        complain(warnings, "%s: everybody on this machine can read %s: run chmod 600 %s",
                 config_source(config, CONFIG_ASKWHY_LISTEN_KEY), path, path);
    g_autofree char *host = plain_host(config, config_string(config, CONFIG_ASKWHY_PUBLIC_URL));
    if (host != NULL)
        complain(warnings,
                 "%s: ASKWHY_PUBLIC_URL is plain http to %s: everybody between it and the Mattermost server could read "
                 "what people type and the commands' tokens; use https://, or set ASKWHY_ALLOW_PLAIN = yes if that "
                 "network is yours alone",
                 config_source(config, CONFIG_ASKWHY_PUBLIC_URL), host);
}

void config_check_together(const struct config *config, GPtrArray *errors, GPtrArray *warnings)
{
    check_plain(config, CONFIG_SLACK_API_URL, errors);
    check_plain(config, CONFIG_MATTERMOST_URL, errors);
    check_listener(config, errors, warnings);
    const char *command = config_string(config, CONFIG_ASKWHY_COMMAND);
    if (command != NULL && g_strcmp0(command, config_string(config, CONFIG_ASKWHY_WHY_COMMAND)) == 0)
        complain(errors, "%s: ASKWHY_COMMAND and ASKWHY_WHY_COMMAND are both %s: name one of them otherwise",
                 config_source(config, CONFIG_ASKWHY_COMMAND), command);
}

/* ---- A chat to connect to ---- */

bool config_has_slack(const struct config *config)
{
    return is_set(config, CONFIG_SLACK_APP_TOKEN) && is_set(config, CONFIG_SLACK_BOT_TOKEN);
}

bool config_has_mattermost(const struct config *config)
{
    return is_set(config, CONFIG_MATTERMOST_URL) && is_set(config, CONFIG_MATTERMOST_TOKEN);
}

static bool require_slack(const struct config *config, GPtrArray *errors)
{
    bool app = is_set(config, CONFIG_SLACK_APP_TOKEN), bot = is_set(config, CONFIG_SLACK_BOT_TOKEN);
    if (bot && !app)
        complain(errors, "SLACK_BOT_TOKEN is set, SLACK_APP_TOKEN is not: make one under Basic Information → App-Level "
                         "Tokens, with the scope connections:write");
    else if (app && !bot)
        complain(errors, "SLACK_APP_TOKEN is set, SLACK_BOT_TOKEN is not: it stands under OAuth & Permissions once the "
                         "app is installed");
    return app || bot;
}

static bool require_mattermost(const struct config *config, GPtrArray *errors)
{
    bool url = is_set(config, CONFIG_MATTERMOST_URL), token = is_set(config, CONFIG_MATTERMOST_TOKEN);
    bool commands = is_set(config, CONFIG_MATTERMOST_COMMAND_TOKENS);
    if (url && !token)
        complain(errors, "MATTERMOST_URL is set, MATTERMOST_TOKEN is not: `askwhy setup mattermost` makes the bot account "
                         "and writes its token");
    else if (token && !url)
        complain(errors, "MATTERMOST_TOKEN is set, MATTERMOST_URL is not: say which server it is for, like "
                         "https://chat.example.com");
    else if (commands && !url)
        complain(errors, "MATTERMOST_COMMAND_TOKENS is set, MATTERMOST_URL and MATTERMOST_TOKEN are not: `askwhy setup "
                         "mattermost` writes all three");
    return url || token || commands;
}

void config_require_chat(const struct config *config, GPtrArray *errors)
{
    bool slack = require_slack(config, errors);
    bool mattermost = require_mattermost(config, errors);
    if (!slack && !mattermost)
        complain(errors, "no chat to connect to: set SLACK_APP_TOKEN and SLACK_BOT_TOKEN (`askwhy setup slack` says "
                         "where they come from), or MATTERMOST_URL and MATTERMOST_TOKEN (`askwhy setup mattermost` makes "
                         "them), or try `askwhy demo`");
}

char *config_public_url(const struct config *config, int port)
{
    const char *url = config_string(config, CONFIG_ASKWHY_PUBLIC_URL);
    const char *listen = config_string(config, CONFIG_ASKWHY_LISTEN);
    g_autofree char *host = NULL;
    int own_port;
    if (url != NULL)
        return g_strdup(url);
    if (listen == NULL || !option_parse_listen(listen, &host, &own_port) || host == NULL || *host == '\0' ||
        strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0)
        return NULL;
    if (port == 0)
        port = own_port;
    if (port == 0)
        return NULL;
    const char *scheme = is_set(config, CONFIG_ASKWHY_LISTEN_CERTIFICATE) ? "https" : "http";
    bool six = strchr(host, ':') != NULL;
    return g_strdup_printf("%s://%s%s%s:%d", scheme, six ? "[" : "", host, six ? "]" : "", port);
}
