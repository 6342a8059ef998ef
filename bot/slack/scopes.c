/* What the bot token must be allowed (docs.slack.dev, "Permission scopes"). */
#include "bot/slack/slack.h"

#include <string.h>

/* The same list as in config/slack-manifest.yaml; a test compares them. */
static const char *const scopes[] = {
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
    NULL,
};

const char *const *slack_scopes(void)
{
    return scopes;
}

static bool is_granted(char **granted, const char *scope)
{
    for (; *granted != NULL; granted++) {
        if (strcmp(g_strstrip(*granted), scope) == 0)
            return true;
    }
    return false;
}

/* Without them askwhy does all but what an administrator may set up with them. */
static bool is_optional(const char *scope)
{
    return strcmp(scope, "usergroups:read") == 0;
}

static char *missing_of(const char *granted, bool optional)
{
    g_auto(GStrv) list = g_strsplit(granted, ",", -1);
    GString *missing = g_string_new(NULL);
    for (gsize i = 0; scopes[i] != NULL; i++) {
        if (is_optional(scopes[i]) == optional && !is_granted(list, scopes[i]))
            g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", scopes[i]);
    }
    if (missing->len > 0)
        return g_string_free(missing, FALSE);
    g_string_free(missing, TRUE);
    return NULL;
}

char *slack_scopes_missing(const char *granted)
{
    return missing_of(granted, false);
}

char *slack_scopes_optional_missing(const char *granted)
{
    return missing_of(granted, true);
}
