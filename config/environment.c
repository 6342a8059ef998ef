#include "config/environment.h"

#include "bot/base/log.h"
#include "config/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *taken[CONFIG_OPTIONS];
static char *admin_token;

/* "http://user:password@proxy": what stands before the @. */
static void hide_proxy(const char *name)
{
    const char *value = g_getenv(name);
    const char *at = value != NULL ? strrchr(value, '@') : NULL;
    if (at == NULL)
        return;
    const char *scheme = strstr(value, "://");
    const char *user = scheme != NULL && scheme < at ? scheme + 3 : value;
    const char *colon = memchr(user, ':', (gsize)(at - user));
    g_autofree char *both = g_strndup(user, (gsize)(at - user));
    g_autofree char *password = colon != NULL ? g_strndup(colon + 1, (gsize)(at - colon - 1)) : NULL;
    g_autofree char *bare = password != NULL ? g_uri_unescape_string(password, NULL) : NULL;
    log_secret(both);
    log_secret(password);
    log_secret(bare);
}

/* No option: nothing but setting up needs it, but whoever has it in the environment starts other commands with it too. */
static void take_admin_token(void)
{
    char *value = getenv("MATTERMOST_ADMIN_TOKEN");
    if (value == NULL || *value == '\0')
        return;
    log_secret(value);
    g_free(admin_token);
    admin_token = g_strdup(value);
    explicit_bzero(value, strlen(value));
}

char *environment_admin_token(void)
{
    take_admin_token();
    return g_steal_pointer(&admin_token);
}

void environment_take(void)
{
    take_admin_token();
    static const char *const proxies[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (gsize i = 0; i < G_N_ELEMENTS(proxies); i++)
        hide_proxy(proxies[i]);
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        char *value = strchr(*entry, '=');
        g_autofree char *name = value != NULL ? g_strndup(*entry, (gsize)(value - *entry)) : NULL;
        bool secret_file = false;
        int option = name != NULL ? option_find(name, &secret_file) : -1;
        if (option < 0 || secret_file || options[option].type != OPTION_SECRET || *++value == '\0')
            continue;
        option_hide(value);
        if (taken[option] != NULL)
            explicit_bzero(taken[option], strlen(taken[option]));
        g_free(taken[option]);
        taken[option] = g_strdup(value);
        explicit_bzero(value, strlen(value));
    }
}

const char *environment_value(const char *name)
{
    const char *value = g_getenv(name);
    bool secret_file = false;
    int option = value != NULL && *value == '\0' ? option_find(name, &secret_file) : -1;
    return option >= 0 && !secret_file && taken[option] != NULL ? taken[option] : value;
}
