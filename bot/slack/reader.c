/* Reading payloads whose types nobody promises. */
#include "bot/slack/decode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"

#include <string.h>

static const cJSON *present(const struct reader *reader, const char *path)
{
    const cJSON *value = json_get(reader->json, path);
    return cJSON_IsNull(value) ? NULL : value;
}

static const char *string_at(struct reader *reader, const char *path, bool needed)
{
    const cJSON *value = present(reader, path);
    if (cJSON_IsString(value))
        return value->valuestring;
    if ((value != NULL || needed) && reader->bad == NULL)
        reader->bad = path;
    return NULL;
}

static char *id_at(struct reader *reader, const char *path, bool needed)
{
    const char *text = string_at(reader, path, needed);
    if (text == NULL || (*text == '\0' && !needed))
        return NULL;
    if (slack_is_id(text))
        return g_strdup(text);
    if (reader->bad == NULL)
        reader->bad = path;
    return NULL;
}

char *reader_need_id(struct reader *reader, const char *path)
{
    return id_at(reader, path, true);
}

char *reader_want_id(struct reader *reader, const char *path)
{
    return id_at(reader, path, false);
}

static char *cut(char *text, glong max)
{
    if (g_utf8_strlen(text, -1) > max)
        *g_utf8_offset_to_pointer(text, max) = '\0';
    return text;
}

char *reader_want_line(struct reader *reader, const char *path, glong max)
{
    const char *text = string_at(reader, path, false);
    /* One line: a name with a second one would speak in askwhy's voice there. */
    return text != NULL ? g_strdelimit(cut(rich_clean(text), max), "\n\t", ' ') : NULL;
}

char *reader_want_raw(struct reader *reader, const char *path, gsize max)
{
    const char *text = string_at(reader, path, false);
    if (text != NULL && strlen(text) > max) {
        if (reader->bad == NULL)
            reader->bad = path;
        return NULL;
    }
    return g_strdup(text);
}

/* At most SLACK_TEXT_MAX characters, never ending within a marker. */
static char *bounded_text(const char *mrkdwn)
{
    char *rich = slack_text_to_rich(mrkdwn);
    if (g_utf8_strlen(rich, -1) <= SLACK_TEXT_MAX)
        return rich;
    cut(rich, SLACK_TEXT_MAX);
    char *open = NULL;
    for (char *c = rich; *c != '\0'; c++) {
        if (*c == RICH_END)
            open = NULL;
        else if (*c == RICH_PERSON || *c == RICH_CHANNEL || *c == RICH_LINK)
            open = c;
    }
    if (open != NULL)
        *open = '\0';
    return rich;
}

char *reader_want_text(struct reader *reader, const char *path)
{
    const char *text = string_at(reader, path, false);
    return bounded_text(text != NULL ? text : "");
}

int64_t slack_ts_ms(const char *ts)
{
    if (ts == NULL)
        return 0;
    gsize whole = strspn(ts, "0123456789");
    if (whole == 0 || whole > 11 || (ts[whole] != '\0' && ts[whole] != '.'))
        return 0;
    int64_t ms = g_ascii_strtoll(ts, NULL, 10) * 1000;
    if (ts[whole] == '.') {
        int64_t unit = 100;
        for (const char *c = ts + whole + 1; g_ascii_isdigit(*c) && unit > 0; c++, unit /= 10)
            ms += (*c - '0') * unit;
    }
    return ms;
}

void slack_take_channel(struct reader *reader, struct event *event, const char *id_path,
                        const char *name_path)
{
    event->channel = reader_want_id(reader, id_path);
    g_autofree char *name = reader_want_line(reader, name_path, SLACK_NAME_MAX);
    if (event->channel != NULL && event->channel[0] == 'D')
        event->channel_kind = CHANNEL_DIRECT;
    /* In place of a name Slack tells what kind of channel it is when it is not a public one. */
    if (g_strcmp0(name, "directmessage") == 0)
        event->channel_kind = CHANNEL_DIRECT;
    else if (g_strcmp0(name, "privategroup") == 0 || (name != NULL && g_str_has_prefix(name, "mpdm-")))
        event->channel_kind = CHANNEL_PRIVATE;
    else if (name != NULL && *name != '\0')
        event->channel_name = g_steal_pointer(&name);
}
