#include "bot/net/proxy.h"

#include "bot/base/log.h"

#include <string.h>

static bool is_loopback(const char *host)
{
    return g_ascii_strcasecmp(host, "localhost") == 0 || g_str_has_prefix(host, "127.") || strcmp(host, "::1") == 0;
}

/* "example.com" and ".example.com" both mean it and all below it. */
static bool covers(const char *entry, const char *host)
{
    if (strcmp(entry, "*") == 0)
        return true;
    if (*entry == '.')
        entry++;
    gsize length = strlen(entry), whole = strlen(host);
    if (length == 0 || length > whole || g_ascii_strcasecmp(host + whole - length, entry) != 0)
        return false;
    return length == whole || host[whole - length - 1] == '.';
}

static const char *setting(const char *lower, const char *upper)
{
    const char *value = g_getenv(lower);
    if (value == NULL && upper != NULL)
        value = g_getenv(upper);
    return value != NULL && *value != '\0' ? value : NULL;
}

static bool excepted(const char *host)
{
    const char *list = setting("no_proxy", "NO_PROXY");
    if (list == NULL)
        return false;
    g_auto(GStrv) entries = g_strsplit_set(list, ", ", -1);
    for (char **entry = entries; *entry != NULL; entry++) {
        if (covers(*entry, host))
            return true;
    }
    return false;
}

bool proxy_for(bool tls, const char *host, struct proxy *proxy)
{
    *proxy = (struct proxy){0};
    /* HTTP_PROXY in capitals can be a web server's header in disguise: nobody reads it. */
    const char *value = tls ? setting("https_proxy", "HTTPS_PROXY") : setting("http_proxy", NULL);
    if (value == NULL)
        value = setting("all_proxy", "ALL_PROXY");
    if (value == NULL || is_loopback(host) || excepted(host))
        return false;
    g_autofree char *url = strstr(value, "://") != NULL ? g_strdup(value) : g_strconcat("http://", value, NULL);
    g_autofree char *scheme = NULL;
    if (!g_uri_split(url, G_URI_FLAGS_NONE, &scheme, &proxy->user, &proxy->host, &proxy->port, NULL, NULL, NULL, NULL) ||
        strcmp(scheme, "http") != 0 || proxy->host == NULL || *proxy->host == '\0') {
        log_warning("proxy.unusable", "note=\"only an http:// proxy can be used for WebSockets: connecting directly\"");
        proxy_done(proxy);
        return false;
    }
    if (proxy->port <= 0)
        proxy->port = 1080; /* libcurl's choice */
    return true;
}

void proxy_done(struct proxy *proxy)
{
    g_free(proxy->user);
    g_free(proxy->host);
    *proxy = (struct proxy){0};
}
