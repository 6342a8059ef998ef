/* The server, its administrator, and the settings askwhy depends on. */
#include "bot/mattermost/setup_internal.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

static bool look_at_admin(struct setup *setup)
{
    g_auto(reply) me = setup_call(&setup->admin, "GET", NULL, "users/me");
    if (me.status == 401) {
        setup_tell(setup, SETUP_WRONG,
                   "administrator's token: not accepted (HTTP 401); copy it once more, or make a new one under Profile → "
                   "Security → Personal Access Tokens");
    } else if (!me.good) {
        setup_tell(setup, SETUP_WRONG, "administrator's token: the server %s", me.why);
    } else if (json_true(me.body, "is_bot")) {
        setup_tell(setup, SETUP_WRONG, "administrator's token: it is that of the bot @%s; setup needs a system "
                                       "administrator's own", json_str0(me.body, "username"));
    } else if (strstr(json_str0(me.body, "roles"), "system_admin") == NULL) {
        setup_tell(setup, SETUP_WRONG, "administrator's token: @%s is not a system administrator",
                   json_str0(me.body, "username"));
    } else if (setup_id(me.body, "id") != NULL) {
        setup->admin_id = g_strdup(setup_id(me.body, "id"));
        setup_tell(setup, SETUP_OK, "administrator: @%s", json_str0(me.body, "username"));
    }
    return setup->admin_id != NULL;
}

static bool look_at_version(struct setup *setup)
{
    struct caller nobody = setup->admin;
    nobody.token = NULL;
    g_auto(reply) config = setup_call(&nobody, "GET", NULL, "config/client?format=old");
    const char *version = json_str0(config.body, "Version");
    if (!config.good || *version == '\0') {
        setup_tell(setup, SETUP_WRONG, "server %s: %s", setup->options->url,
                   config.why != NULL ? config.why : "does not answer as Mattermost does: is this its address?");
        return false;
    }
    setup_tell(setup, SETUP_OK, "server %s: Mattermost %s", setup->options->url, version);
    return true;
}

/* ---- Settings ---- */

static bool in_range(const char *range, int family, const unsigned char *address)
{
    g_auto(GStrv) parts = g_strsplit(range, "/", 2);
    unsigned char network[sizeof(struct in6_addr)];
    gint64 bits;
    if (parts[0] == NULL || parts[1] == NULL || inet_pton(family, parts[0], network) != 1 ||
        !g_ascii_string_to_signed(parts[1], 10, 0, family == AF_INET ? 32 : 128, &bits, NULL))
        return false;
    for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((network[i / 8] & mask) != (address[i / 8] & mask))
            return false;
    }
    return true;
}

/* The server refuses to call these unless they are allowed (httpservice: reservedIPRanges). */
static bool is_reserved(int family, const unsigned char *address)
{
    static const char *const four[] = {"0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                                       "192.168.0.0/16", NULL};
    static const char *const six[] = {"::/128", "::1/128", "fc00::/7", "fe80::/10", NULL};
    for (const char *const *range = family == AF_INET ? four : six; *range != NULL; range++) {
        if (in_range(*range, family, address))
            return true;
    }
    return false;
}

bool setup_host_allowed(const char *allowed, const char *host, const char *address)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    int family = address != NULL && strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
    if (address == NULL || inet_pton(family, address, bytes) != 1 || !is_reserved(family, bytes))
        return true;
    g_auto(GStrv) entries = g_strsplit_set(allowed, " ,", -1);
    for (char **entry = entries; *entry != NULL; entry++) {
        if (strcmp(*entry, host) == 0 || in_range(*entry, family, bytes))
            return true;
    }
    return false;
}

/* As seen from here; NULL when it has none. Free with g_free(). Blocks, as there is nothing else to do. */
static char *address_of(const char *host)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char address[INET6_ADDRSTRLEN] = "";
    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return NULL;
    getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    address[strcspn(address, "%")] = '\0';
    return g_strdup(address);
}

static void look_at_allowed(struct setup *setup, const char *allowed)
{
    const char *url = setup->options->callback_url;
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    if (host == NULL)
        return;
    g_autofree char *address = address_of(host);
    /* Under a name the server may see another address. */
    bool sure = setup->options->commands && (g_hostname_is_ip_address(host) || strcmp(host, "localhost") == 0);
    if (!setup_host_allowed(allowed, host, address))
        setup_tell(setup, sure ? SETUP_WRONG : SETUP_NOTE,
                   "setting AllowedUntrustedInternalConnections: the server will not call %s, an internal address, so "
                   "commands and buttons would do nothing; a system administrator adds %s to System Console → Environment → "
                   "Developer → Allow untrusted internal connections to (it is \"%s\")", host, host, allowed);
}

static void look_at_settings(struct setup *setup)
{
    g_auto(reply) config = setup_call(&setup->admin, "GET", NULL, "config");
    if (!config.good) {
        setup_tell(setup, SETUP_NOTE, "settings: not looked at, the server %s", config.why);
        return;
    }
    int wrong = setup->wrong;
    setup->site_url = g_strdup(json_str0(config.body, "ServiceSettings.SiteURL"));
    if (*setup->site_url == '\0')
        setup_tell(setup, SETUP_WRONG, "setting SiteURL: is empty, so links lead nowhere and newer servers refuse "
                                       "slash-commands; set it to the server's address under System Console → "
                                       "Environment → Web Server → Site URL");
    if (setup->options->commands && !json_true(config.body, "ServiceSettings.EnableCommands"))
        setup_tell(setup, SETUP_WRONG, "setting EnableCommands: is off; set System Console → Integrations → Integration "
                                       "Management → Enable Custom Slash Commands to true, or use --no-commands");
    look_at_allowed(setup, json_str0(config.body, "ServiceSettings.AllowedUntrustedInternalConnections"));
    if (json_true(config.body, "ServiceSettings.DisableBotsWhenOwnerIsDeactivated"))
        setup_tell(setup, SETUP_NOTE, "setting DisableBotsWhenOwnerIsDeactivated: is on: should the administrator who owns "
                                      "the bot account leave, the bot stops until setup is run again");
    if (setup->wrong == wrong)
        setup_tell(setup, SETUP_OK, "settings: as askwhy needs them");
}

bool setup_look_at_server(struct setup *setup)
{
    if (!look_at_version(setup) || !look_at_admin(setup))
        return false;
    look_at_settings(setup);
    return true;
}
