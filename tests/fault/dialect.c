#include "tests/fault/dialect.h"

#include <string.h>

const char *dialect_id(const cJSON *message)
{
    const char *id = json_str(message, "id");
    return id != NULL ? id : json_str(message, "ts");
}

const char *dialect_op(const cJSON *message)
{
    const char *op = json_str(message, "metadata.event_payload.op");
    return op != NULL ? op : json_str(message, "props.askwhy_op");
}

bool dialect_is_card(const cJSON *message)
{
    const char *text = json_str0(message, "text");
    return text[strspn(text, "*")] == '#';
}

/* Slack: "own", "own:7"; Mattermost has letters and digits only, and a number behind each: "own3". */
static bool is_of_action(const char *id, const char *action)
{
    gsize length = strlen(action);
    return strncmp(id, action, length) == 0 &&
           (id[length] == ':' || id[length + strspn(id + length, "0123456789")] == '\0');
}

const cJSON *dialect_button(const cJSON *message, const char *action, const char **block_id)
{
    const cJSON *block, *element;
    cJSON_ArrayForEach(block, json_get(message, "blocks"))
    {
        cJSON_ArrayForEach(element, json_get(block, "elements"))
        {
            if (!is_of_action(json_str0(element, "action_id"), action))
                continue;
            *block_id = json_str0(block, "block_id");
            return element;
        }
    }
    return NULL;
}

static void put(bool mattermost, cJSON *values, const char *field, cJSON *entry)
{
    cJSON *block = json_object();
    json_put(block, mattermost ? "value" : field, entry);
    json_put(values, field, block);
}

void dialect_put_text(bool mattermost, cJSON *values, const char *field, const char *text)
{
    cJSON *typed = json_object();
    json_put_str(typed, "type", "plain_text_input");
    json_put_str(typed, "value", text);
    put(mattermost, values, field, typed);
}

void dialect_put_channel(bool mattermost, cJSON *values, const char *field, const char *channel)
{
    cJSON *chosen = json_object();
    json_put_str(chosen, "type", mattermost ? "channels_select" : "conversations_select");
    json_put_str(chosen, mattermost ? "selected_channel" : "selected_conversation", channel);
    put(mattermost, values, field, chosen);
}

bool dialect_is_ask_trouble(const char *text)
{
    return g_str_has_prefix(text, "/ask failed") || g_str_has_prefix(text, "Command with a trigger of 'ask'");
}
