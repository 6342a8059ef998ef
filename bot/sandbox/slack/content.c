#include "bot/sandbox/slack/content.h"

#include "bot/sandbox/blocks.h"
#include "bot/sandbox/slack/limits.h"
#include "bot/sandbox/slack/text.h"

#include <string.h>

cJSON *content_json(const cJSON *args, const char *name, bool *bad)
{
    const cJSON *value = json_get(args, name);
    if (value == NULL || cJSON_IsNull(value))
        return NULL;
    if (!cJSON_IsString(value))
        return cJSON_Duplicate(value, true);
    if (value->valuestring[0] == '\0')
        return NULL;
    cJSON *parsed = json_parse(value->valuestring, strlen(value->valuestring), NULL);
    *bad = *bad || parsed == NULL;
    return parsed;
}

/* Values are texts, numbers, truths, or one level of objects and arrays of these. */
static bool is_flat(const cJSON *value, int depth)
{
    if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
        return !cJSON_IsNull(value);
    if (depth == 0)
        return false;
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        if (!is_flat(child, depth - 1))
            return false;
    }
    return true;
}

static const char *check_metadata(const cJSON *metadata)
{
    if (!cJSON_IsObject(metadata))
        return "invalid_metadata_format";
    if (metadata->child == NULL)
        return NULL;
    const cJSON *payload = json_get(metadata, "event_payload");
    if (json_str0(metadata, "event_type")[0] == '\0' || !cJSON_IsObject(payload))
        return "invalid_metadata_format";
    for (const cJSON *value = payload->child; value != NULL; value = value->next) {
        if (!is_flat(value, 2))
            return "invalid_metadata_schema";
    }
    g_autofree char *text = json_text(metadata);
    return strlen(text) > 16 * 1024 ? "metadata_too_large" : NULL;
}

const char *content_read(const cJSON *args, glong max_text, struct content *content, GPtrArray *errors)
{
    *content = (struct content){0};
    const char *text = json_str(args, "text");
    glong length = text != NULL ? g_utf8_strlen(text, -1) : 0;
    if (length > max_text && max_text != TEXT_TRUNCATED)
        return "msg_too_long";
    g_autofree char *cut = text != NULL ? g_utf8_substring(text, 0, MIN(length, max_text)) : NULL;
    content->text = text_link_addresses(cut != NULL ? cut : "");
    bool bad = false;
    content->has_blocks = json_get(args, "blocks") != NULL;
    content->blocks = content_json(args, "blocks", &bad);
    if (bad || (content->blocks != NULL && !cJSON_IsArray(content->blocks)))
        return "invalid_blocks_format";
    if (content->blocks != NULL && content->blocks->child == NULL) {
        cJSON_Delete(content->blocks);
        content->blocks = NULL;
    }
    if (content->blocks != NULL) {
        if (!blocks_check(content->blocks, SURFACE_MESSAGE, errors))
            return "invalid_blocks";
        blocks_complete(content->blocks);
    }
    content->has_metadata = json_get(args, "metadata") != NULL;
    content->metadata = content_json(args, "metadata", &bad);
    if (bad)
        return "invalid_metadata_format";
    const char *error = content->metadata != NULL ? check_metadata(content->metadata) : NULL;
    if (error != NULL)
        return error;
    if (content->metadata != NULL && content->metadata->child == NULL) {
        cJSON_Delete(content->metadata);
        content->metadata = NULL;
    }
    bool attachments = json_get(args, "attachments") != NULL;
    return content->text[0] == '\0' && content->blocks == NULL && !attachments ? "no_text" : NULL;
}

void content_done(struct content *content)
{
    g_free(content->text);
    cJSON_Delete(content->blocks);
    cJSON_Delete(content->metadata);
    *content = (struct content){0};
}

void content_write(struct post *post, struct content *content)
{
    post_write(post, content->text, content->blocks);
    content->blocks = NULL;
    if (content->has_metadata) {
        cJSON_Delete(post->metadata);
        post->metadata = content->metadata;
        content->metadata = NULL;
    }
}
