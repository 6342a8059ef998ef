/* A button's context as the server sends it back: its own text of the same values. */
#ifndef SIGNED_H
#define SIGNED_H

#include "bot/base/json.h"
#include "bot/mattermost/mattermost.h"

G_GNUC_UNUSED static cJSON *signed_button(const char *key, const char *channel, const char *action, const char *value)
{
    g_autoptr(GString) json = g_string_new("{");
    struct signer *signer = signer_new(key);
    sign_button(signer, channel, action, value, json);
    signer_free(signer);
    g_string_append_c(json, '}');
    g_autoptr(cJSON) post = json_parse(json->str, json->len, NULL);
    return cJSON_DetachItemFromObjectCaseSensitive(post, "context");
}

#endif
