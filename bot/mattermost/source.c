/* Reading payloads whose types nobody promises. */
#include "bot/mattermost/decode.h"

#include "bot/chat/richtext.h"
#include "bot/mattermost/text.h"

#include <string.h>

#define MS_MAX INT64_C(9999999999999)

void source_complain(struct source *source, const char *path)
{
    if (source->bad == NULL)
        source->bad = path;
}

static const char *string_at(struct source *source, const char *path, bool needed)
{
    const cJSON *value = json_get(source->json, path);
    if (cJSON_IsString(value))
        return value->valuestring;
    if (needed || (value != NULL && !cJSON_IsNull(value)))
        source_complain(source, path);
    return NULL;
}

static char *id_at(struct source *source, const char *path, bool needed)
{
    const char *text = string_at(source, path, needed);
    if (text == NULL || (*text == '\0' && !needed))
        return NULL;
    if (mattermost_is_id(text))
        return g_strdup(text);
    source_complain(source, path);
    return NULL;
}

char *source_need_id(struct source *source, const char *path)
{
    return id_at(source, path, true);
}

char *source_want_id(struct source *source, const char *path)
{
    return id_at(source, path, false);
}

char *mattermost_cut(const char *text, glong max)
{
    return g_utf8_strlen(text, -1) > max ? g_utf8_substring(text, 0, max) : g_strdup(text);
}

char *source_want_line(struct source *source, const char *path, glong max)
{
    const char *text = string_at(source, path, false);
    if (text == NULL)
        return NULL;
    g_autofree char *clean = rich_clean(text);
    /* One line: a name with a second one would speak in askwhy's voice there. */
    g_strdelimit(clean, "\n\t", ' ');
    return *clean != '\0' ? mattermost_cut(clean, max) : NULL;
}

const char *source_want_string(struct source *source, const char *path)
{
    const char *text = string_at(source, path, false);
    return text != NULL ? text : "";
}

int64_t source_want_ms(struct source *source, const char *path)
{
    const cJSON *value = json_get(source->json, path);
    if (value == NULL || cJSON_IsNull(value))
        return 0;
    int64_t ms = json_int(source->json, path, -1);
    if (ms < 0 || ms > MS_MAX) {
        source_complain(source, path);
        return 0;
    }
    return ms;
}

char *mattermost_moment(int64_t ms)
{
    return g_strdup_printf("%013" G_GINT64_FORMAT, ms);
}

void mattermost_learn_handle(struct names *names, const char *user, const char *handle)
{
    if (handle != NULL && *handle == '@')
        handle++;
    if (user == NULL || handle == NULL || !mattermost_is_handle(handle))
        return;
    g_autofree char *lower = g_ascii_strdown(handle, -1);
    if (g_strcmp0(names_handle(names, user), lower) != 0)
        names_learn(names, user, lower, NULL);
}

static bool is_direct_name(const char *name)
{
    if (strlen(name) != 54 || strncmp(name + 26, "__", 2) != 0)
        return false;
    g_autofree char *first = g_strndup(name, 26);
    return mattermost_is_id(first) && mattermost_is_id(name + 28);
}

static bool is_group_name(const char *name)
{
    gsize digits = strspn(name, "0123456789abcdef");
    return digits == 40 && name[digits] == '\0';
}

char *mattermost_channel_name(const char *name, const char *shown, enum channel_kind *kind)
{
    if (name != NULL && *kind == CHANNEL_UNKNOWN && is_direct_name(name))
        *kind = CHANNEL_DIRECT;
    if (name == NULL || *kind == CHANNEL_DIRECT)
        return NULL;
    if (is_group_name(name)) {
        if (*kind == CHANNEL_UNKNOWN)
            *kind = CHANNEL_PRIVATE;
        return g_strdup(shown);
    }
    return g_strdup(name);
}
